"""Lays out relations in one block: which become arcs, rails or chips, where they touch, how they run.

Only the structure of the document decides, never the place scrolled to, so that results can be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from annotator.ui.canvas.figures import Connector, Foot, LineBox, SpanFigure, Tag
from annotator.ui.canvas.lanes import Lane
from annotator.ui.canvas.style import Metrics, Style

_EDGE = 4.0
"""Nearest a stem comes to the edge of its tag."""
_APART = 6.0
"""How far apart stems of one tag stand."""


def place_feet(connectors: Sequence[Connector], tags: dict[str, Tag]) -> None:
    """Spread the feet over each tag so that stems of one tag cross nothing of each other."""
    centers = {span: (tag.left + tag.right) / 2 for span, tag in tags.items()}
    by_tag: dict[str, list[tuple[tuple[int, float], Foot]]] = {}
    for connector in connectors:
        for foot in connector.feet:
            if not foot.hangs:
                by_tag.setdefault(foot.span, []).append((_order(connector, foot, centers), foot))
    for span, feet in by_tag.items():
        tag = tags[span]
        feet.sort(key=lambda each: each[0])
        room = max(0.0, tag.width - 2 * _EDGE)
        gap = min(_APART, room / (len(feet) - 1)) if len(feet) > 1 else 0.0
        first = centers[span] - gap * (len(feet) - 1) / 2
        for index, (_, foot) in enumerate(feet):
            foot.x = first + index * gap


def _order(connector: Connector, foot: Foot, centers: dict[str, float]) -> tuple[int, float]:
    """Give where on its tag a foot belongs, from left to right.

    What goes left comes first: from the lowest runs to the highest, that is arcs near to far, rails that go down
    from the text outwards, rails that go up from outside inwards, bows far to near. What goes right is its mirror.
    """
    if connector.kind == "rail":
        layer, within = (2, float(connector.lane)) if connector.goes_down else (3, -float(connector.lane))
        side = connector.side
    elif connector.kind == "bow":
        low, high = connector.room
        reach = max(low - centers[foot.span], min(0.0, high - centers[foot.span]))
        layer, within, side = 4, -abs(reach), -1 if reach < 0 else 1
    else:
        reach = _reach(connector, foot, centers)
        layer, within, side = 1, abs(reach), -1 if reach < 0 else 1
    return (layer, within) if side < 0 else (10 - layer, -within)


def _reach(connector: Connector, foot: Foot, centers: dict[str, float]) -> float:
    """Tell how far an arc, a wrap or a chip goes from a foot: negative to the left."""
    if connector.kind == "wrap":
        return connector.side * 5_000.0
    if connector.kind == "chip":
        return 40.0
    other = next(each for each in connector.feet if each is not foot)
    return (centers[other.span] - centers[foot.span]) or (1.0 if foot is connector.feet[0] else -1.0)


def hang_feet(connectors: Sequence[Connector], tags: dict[str, Tag]) -> None:
    """Place the upper feet of bows under their words, as straight above their lower ones as can be."""
    by_room: dict[tuple[str, float, float], list[tuple[float, Foot]]] = {}
    for connector in connectors:
        if connector.kind == "bow":
            low, high = connector.room
            upper, lower = sorted(connector.feet, key=lambda foot: not foot.hangs)
            by_room.setdefault((upper.span, low + _EDGE, high - _EDGE), []).append((lower.x, upper))
    for (_, low, high), feet in by_room.items():
        # In the order of their lower ends no two of them cross.
        feet.sort(key=lambda each: each[0])
        gap = min(_APART, (high - low) / (len(feet) - 1)) if len(feet) > 1 else 0.0
        for index, (wanted, foot) in enumerate(feet):
            least = feet[index - 1][1].x + gap if index else low
            foot.x = max(least, min(wanted, high - gap * (len(feet) - 1 - index)))
    for connector in connectors:
        if connector.kind == "bow":
            _straighten(connector, connectors, tags)


def _straighten(connector: Connector, connectors: Sequence[Connector], tags: dict[str, Tag]) -> None:
    """Move the lower foot of a bow below its upper one where that is near and on the same tag."""
    upper, lower = sorted(connector.feet, key=lambda foot: not foot.hangs)
    tag = tags[lower.span]
    if not tag.left + _EDGE <= upper.x <= tag.right - _EDGE:
        return
    way = sorted((lower.x, upper.x))
    others = (
        foot.x for each in connectors for foot in each.feet if foot.span == lower.span and foot is not lower
    )
    if not any(way[0] - _APART < x < way[1] + _APART for x in others):
        lower.x = upper.x


def avoid_higher_tags(
    connectors: Sequence[Connector], figures: dict[str, SpanFigure], tags_of_line: Sequence[Tag]
) -> None:
    """Move feet that a higher tag covers to a free part of their own tag or words; else start above it."""
    if not any(tag.row for tag in tags_of_line):
        return
    for connector in connectors:
        for foot in connector.feet:
            tag = figures[foot.span].tag
            if tag is None or foot.hangs:
                continue
            above = [other for other in tags_of_line if other.row > tag.row]
            if not _covered(foot.x, above):
                continue
            free = _nearest_free(foot.x, tag.left + _EDGE, tag.right - _EDGE, above)
            if free is not None:
                foot.x = free
                continue
            others = [other for other in tags_of_line if other is not tag]
            piece = next(piece for piece in figures[foot.span].pieces if piece.begins)
            free = _nearest_free(foot.x, piece.left + 2, piece.right - 2, [*others, tag])
            if free is not None:
                foot.x, foot.y = free, -1.0
            else:
                foot.y = float(
                    max(other.row for other in above if other.left - 2 <= foot.x <= other.right + 2) + 1
                )


def part_feet(connectors: Sequence[Connector]) -> None:
    """Part the feet of arcs that came to stand on each other, as between spans of the same words."""
    for connector in connectors:
        if connector.kind == "arc":
            left, right = sorted(connector.feet, key=lambda foot: foot.x)
            if right.x - left.x < _APART:
                middle = (left.x + right.x) / 2
                left.x, right.x = middle - _APART, middle + _APART


def _covered(x: float, tags: Sequence[Tag]) -> bool:
    return any(tag.left - 2 <= x <= tag.left + tag.width + 2 for tag in tags)


def _nearest_free(x: float, low: float, high: float, tags: Sequence[Tag]) -> float | None:
    places = [x, low, high, *(tag.left - 3 for tag in tags), *(tag.right + 3 for tag in tags)]
    free = [place for place in places if low <= place <= high and not _covered(place, tags)]
    return min(free, key=lambda place: abs(place - x)) if free else None


def measure_runs(connectors: Sequence[Connector], style: Style, *, measure: int) -> None:
    """Set the stretch that each connector's level is kept free for, and where its words stand."""
    corner = style.metrics.corner
    for connector in connectors:
        width = style.arc_words_width(connector.words) if connector.words else 0.0
        xs = [foot.x for foot in connector.feet]
        low, high = min(xs), max(xs)
        if connector.kind == "chip":
            width += 2 * corner + 4
            connector.words_left = high + 10
            if connector.words_left + width > measure + 40:
                connector.words_left = low - 10 - width
            connector.left = min(low, connector.words_left)
            connector.right = max(high, connector.words_left + width)
            continue
        if connector.kind == "rail":
            lane = Lane(connector.side, connector.lane)
            connector.turn = QPointF(style.metrics.lane_x(lane, measure=measure), 0.0)
            low, high = min(low, connector.turn.x()), max(high, connector.turn.x())
        elif connector.kind == "wrap":
            out = style.metrics.wrap + 4.0
            low, high = (-out, high) if connector.side < 0 else (low, measure + out)
        inner_low, inner_high = max(low, -corner), min(high, measure + corner)
        connector.left, connector.right = low, high
        if not connector.words:
            continue
        if inner_high - inner_low >= width + 2 * corner + 6:
            connector.words_left = (inner_low + inner_high - width) / 2
        elif connector.kind in ("rail", "wrap"):
            connector.words_left = xs[0] + 6 if connector.side < 0 else xs[0] - 6 - width
        else:
            connector.words_left = _beside(connector, connectors, low, high, width=width, measure=measure)
        connector.left = min(low, connector.words_left)
        connector.right = max(high, connector.words_left + width)


def _beside(
    connector: Connector,
    all_of_line: Sequence[Connector],
    low: float,
    high: float,
    *,
    width: float,
    measure: int,
) -> float:
    """Choose the side of a short arc for its words: the right one, unless there is no room or a stem is in the way."""
    stems = [foot.x for other in all_of_line if other is not connector for foot in other.feet]
    right, left = high + 6, low - 6 - width
    if right + width > measure + 40:
        return left
    right_is_free = not any(right - 3 < x < right + width + 3 for x in stems)
    left_is_free = left >= -20 and not any(left - 3 < x < left + width + 3 for x in stems)
    return left if left_is_free and not right_is_free else right


def shift_words(connectors: Sequence[Connector], style: Style) -> None:
    """Move words along their run off the stems that pass through them."""
    for connector in connectors:
        if connector.kind == "chip" or not connector.words or len(connectors) == 1:
            continue
        low, high = connector.stretch()
        width = style.arc_words_width(connector.words)
        if not low <= connector.words_left <= high - width:
            continue
        stems = sorted(x for x in _passing(connector, connectors) if low < x < high)
        if not any(connector.words_left - 3 < x < connector.words_left + width + 3 for x in stems):
            continue
        borders = [low + style.metrics.corner - 2, *stems, high - style.metrics.corner + 2]
        gaps = [(left + 3, right - 3) for left, right in pairwise(borders) if right - left >= width + 6]
        if gaps:
            wanted = connector.words_left
            connector.words_left = min(
                (max(left, min(wanted, right - width)) for left, right in gaps), key=lambda x: abs(x - wanted)
            )


def _passing(connector: Connector, connectors: Sequence[Connector]) -> list[float]:
    """List where other connectors pass through the level of one."""
    found = []
    for other in connectors:
        if other.level > connector.level:
            found += other.falls()
        elif other.level < connector.level:
            found += other.rises()
    return found


def draw_connector(
    connector: Connector,
    lines: Sequence[LineBox],
    figures: dict[str, SpanFigure],
    style: Style,
    *,
    measure: int,
) -> None:
    """Set heights, path and boxes of a connector whose level, feet and line are known."""
    metrics, line = style.metrics, lines[connector.line]
    tags_top = line.baseline - metrics.ascent - line.tag_rows * metrics.tag_pitch
    connector.run_y = (
        tags_top - metrics.first_level - connector.level * metrics.level_pitch + 0.5 + metrics.scale
    )
    for foot in connector.feet:
        foot.y = _foot_y(foot, figures[foot.span], lines, metrics)
        foot.x = round(foot.x - 0.5) + 0.5
    width = style.arc_words_width(connector.words) if connector.words else 0.0
    height = metrics.level_pitch
    connector.box = QRectF(connector.words_left, connector.run_y - height / 2, width, height)
    if connector.kind == "arc":
        _draw_arc(connector, metrics)
    elif connector.kind == "bow":
        _draw_bow(connector, metrics)
    elif connector.kind == "rail":
        _draw_rail(connector, metrics)
    elif connector.kind == "wrap":
        _draw_wrap(connector, metrics, measure)
    else:
        _draw_chip(connector, metrics, width)


def _foot_y(foot: Foot, figure: SpanFigure, lines: Sequence[LineBox], metrics: Metrics) -> float:
    tag = figure.tag
    if tag is None:  # feet stand on spans that begin here, and those have tags
        return 0.0
    line = lines[tag.line]
    if foot.hangs:  # under the line that is drawn under its words
        row = next(piece.row for piece in figure.pieces if piece.line == tag.line)
        return line.baseline + metrics.descent + row * metrics.row_pitch + metrics.underline
    if foot.y < 0:  # at the words themselves
        return float(line.baseline - metrics.ascent)
    if foot.y > 0:  # on top of the tags that cover its own
        return line.baseline - metrics.ascent - foot.y * metrics.tag_pitch
    return tag.box.top()


def _tip(connector: Connector, foot: Foot, metrics: Metrics) -> float:
    """Give where the line ends before a foot, leaving room for its head."""
    away = metrics.arrow if foot.end == "child" else 1.0
    if connector.relation.symmetric:
        away = 2.375 * metrics.scale
    return foot.y + away if foot.hangs else foot.y - away


def _draw_arc(connector: Connector, metrics: Metrics) -> None:
    first, second = sorted(connector.feet, key=lambda foot: foot.x)
    corner = min(metrics.corner, (second.x - first.x) / 2)
    y = connector.run_y
    path = QPainterPath(QPointF(first.x, _tip(connector, first, metrics)))
    path.lineTo(first.x, y + corner)
    path.quadTo(first.x, y, first.x + corner, y)
    path.lineTo(second.x - corner, y)
    path.quadTo(second.x, y, second.x, y + corner)
    path.lineTo(second.x, _tip(connector, second, metrics))
    connector.path = path


def _draw_bow(connector: Connector, metrics: Metrics) -> None:
    upper, lower = sorted(connector.feet, key=lambda foot: not foot.hangs)
    y, top = connector.run_y, _tip(connector, upper, metrics)
    path = QPainterPath(QPointF(upper.x, top))
    if abs(lower.x - upper.x) > 1:
        corner = min(metrics.corner, abs(lower.x - upper.x) / 2, max(1.0, y - top))
        side = 1 if lower.x > upper.x else -1
        path.lineTo(upper.x, y - corner)
        path.quadTo(upper.x, y, upper.x + side * corner, y)
        path.lineTo(lower.x - side * corner, y)
        path.quadTo(lower.x, y, lower.x, y + corner)
    path.lineTo(lower.x, _tip(connector, lower, metrics))
    connector.path = path


def _draw_rail(connector: Connector, metrics: Metrics) -> None:
    foot = connector.feet[0]
    x = connector.turn.x()
    corner = min(metrics.corner, abs(x - foot.x) / 2)
    y, side = connector.run_y, connector.side
    path = QPainterPath(QPointF(foot.x, _tip(connector, foot, metrics)))
    path.lineTo(foot.x, y + corner)
    path.quadTo(foot.x, y, foot.x + side * corner, y)
    path.lineTo(x - side * corner, y)
    turn = QPointF(x, y + corner if connector.goes_down else y - corner)
    path.quadTo(QPointF(x, y), turn)
    connector.path = path
    connector.turn = turn


def _draw_wrap(connector: Connector, metrics: Metrics, measure: int) -> None:
    """Run out of the line, or in from its begin, to a small angle that points from head to child, or a bar."""
    foot = connector.feet[0]
    out = metrics.wrap
    side, y = connector.side, connector.run_y
    x = -out + 0.5 if side < 0 else measure + out + 0.5
    corner = min(metrics.corner, abs(x - foot.x) / 2)
    path = QPainterPath(QPointF(foot.x, _tip(connector, foot, metrics)))
    path.lineTo(foot.x, y + corner)
    path.quadTo(foot.x, y, foot.x + side * corner, y)
    path.lineTo(x, y)
    size = 3 * metrics.scale
    lean = 0.0 if connector.relation.symmetric else (side if foot.end == "head" else -side) * size / 2
    connector.sign = [QPointF(x - lean, y - size), QPointF(x + lean, y), QPointF(x - lean, y + size)]
    connector.path = path
    connector.turn = QPointF(x, y)


def _draw_chip(connector: Connector, metrics: Metrics, width: float) -> None:
    foot = connector.feet[0]
    full = width + 2 * metrics.corner + 4
    height = metrics.level_pitch - 1
    connector.box = QRectF(round(connector.words_left), connector.run_y - height / 2, full, height)
    corner = min(metrics.corner, 5.0)
    y = connector.run_y
    side = 1 if connector.words_left > foot.x else -1
    path = QPainterPath(QPointF(foot.x, _tip(connector, foot, metrics)))
    path.lineTo(foot.x, y + corner)
    path.quadTo(foot.x, y, foot.x + side * corner, y)
    path.lineTo(connector.box.left() if side > 0 else connector.box.right(), y)
    connector.path = path
