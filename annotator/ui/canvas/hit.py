"""Finds what lies at a place of the window, and where something lies in it. Trusts drawn boxes only.

Tags come before words, words before lines between them; of nested spans the innermost comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, QRect, QRectF

from annotator.ui.canvas.figures import Connector, Drawing, SpanFigure
from annotator.ui.canvas.items import End
from annotator.ui.canvas.overlay import handle_places, ring_boxes

if TYPE_CHECKING:
    from annotator.ui.canvas.scene import Scene
    from annotator.ui.canvas.scroller import Scroller

_REACH = 4.0
"""How near a line has to be."""
_HANDLE_REACH = 12.0
_FOOT_REACH = 9.0
_QUOTED = 70


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies at a place; `target` is the far span that a chip names."""

    id: str
    kind: Literal["span", "relation"]
    part: Literal["tag", "words", "line", "chip"]
    target: str = ""


class HitTester:
    """Answers for one article in one window; `left` is where its text begins."""

    def __init__(self, scene: Scene, scroller: Scroller, *, left: int) -> None:
        self.scene = scene
        self.scroller = scroller
        self.left = left

    def block_at(self, y: float) -> tuple[Drawing, int] | None:
        """Give the block at a height of the window with its top; the nearest one above or below all."""
        last: tuple[Drawing, int] | None = None
        for drawing, top in self.scroller.visible():
            last = drawing, top
            if y < top + drawing.height:
                break
        return last

    def at(self, point: QPointF) -> Hit | None:
        """Give what lies at a place."""
        found = self.block_at(point.y())
        if found is None:
            return None
        drawing, top = found
        place = QPointF(point.x() - self.left, point.y() - top)
        hit = self._tag_at(drawing, place) or self._connector_at(drawing, place)
        if hit is not None:
            return hit
        spans = self.spans_at(point)
        if spans:
            return Hit(spans[0], "span", "words")
        return self._rail_at(QPointF(place.x(), point.y()))

    def spans_at(self, point: QPointF) -> list[str]:
        """List the spans whose tag or words lie at a place, innermost first."""
        found = self.block_at(point.y())
        if found is None:
            return []
        drawing, top = found
        place = QPointF(point.x() - self.left, point.y() - top)
        metrics = self.scene.style.metrics
        names = []
        for figure in drawing.spans:  # they come shortest first
            for piece in figure.pieces:
                high, low = drawing.lines[piece.line].highlight(metrics.ascent, metrics.descent)
                reach = low + metrics.underline + piece.row * metrics.row_pitch
                if piece.left - 1 <= place.x() <= piece.right + 1 and high <= place.y() <= reach:
                    names.append(figure.item.id)
                    break
        return names

    def handle_at(self, point: QPointF, span: str) -> Literal["left", "right"] | None:
        """Tell which handle of a selected span lies at a place: the nearer one within reach."""
        best: tuple[float, Literal["left", "right"]] | None = None
        for drawing, top in self.scroller.visible():
            figure = drawing.by_id.get(span)
            if figure is None:
                continue
            for side, center in handle_places(drawing, figure, self.scene.style.metrics).items():
                away = QPointF(self.left, top) + center - point
                # Words keep their own place: the handle reaches down and sideways, little upwards.
                if away.y() > 5:
                    continue
                distance = (away.x() ** 2 + away.y() ** 2) ** 0.5
                if distance <= _HANDLE_REACH and (best is None or distance < best[0]):
                    best = distance, "left" if side == "left" else "right"
        return best[1] if best is not None else None

    def foot_at(self, point: QPointF) -> tuple[str, End, QPointF] | None:
        """Give the relation whose end lies at a place: id, end, and the window place of its other foot."""
        found = self.block_at(point.y())
        if found is None:
            return None
        drawing, top = found
        origin = QPointF(self.left, top)
        nearest: tuple[float, str, End, QPointF] | None = None
        for connector in drawing.connectors:
            if connector.kind == "chip":
                continue
            for foot in connector.feet:
                place = QPointF(foot.x, foot.y - 4) + origin
                away = abs(place.x() - point.x())
                if away > 6 or abs(place.y() - point.y()) > _FOOT_REACH:
                    continue
                if nearest is None or away < nearest[0]:
                    other = next((each for each in connector.feet if each is not foot), None)
                    start = QPointF(other.x, other.y) if other is not None else connector.turn
                    nearest = away, connector.relation.id, foot.end, start + origin
        return nearest[1:] if nearest is not None else None

    def offset_at(self, point: QPointF) -> int | None:
        """Give the code point at which the grapheme at a place begins; None beside the text."""
        found = self.block_at(point.y())
        if found is None:
            return None
        drawing, top = found
        x, y = point.x() - self.left, point.y() - top
        if not 0 <= y < drawing.height:
            return None
        index = drawing.line_at(y)
        boxes = drawing.text.graphemes(index)
        if not boxes or not boxes[0][0] - 3 <= x <= max(box[1] for box in boxes) + 3:
            return None
        return drawing.text.offset_at(index, x)

    def nearest_offset(self, point: QPointF) -> int:
        """Give the code point at which the grapheme nearest to a place begins."""
        found = self.block_at(point.y())
        if found is None:
            return 0
        drawing, top = found
        return drawing.text.offset_at(drawing.line_at(point.y() - top), point.x() - self.left)

    def nearest_border(self, point: QPointF) -> int:
        """Give the grapheme border nearest to a place."""
        found = self.block_at(point.y())
        if found is None:
            return 0
        drawing, top = found
        return drawing.text.border_at(drawing.line_at(point.y() - top), point.x() - self.left)

    def tooltip_at(self, point: QPointF) -> str:
        """Give what hovering at a place says; a chip also quotes the words around its far partner."""
        hit = self.at(point)
        if hit is None:
            return ""
        index = self.scene.index
        item = index.spans.get(hit.id) or index.relations.get(hit.id)
        words = item.tooltip if item is not None else ""
        far = index.spans.get(hit.target)
        if far is not None:
            before = self.scene.text[max(0, far.start - _QUOTED) : far.start].split("\n")[-1]
            after = self.scene.text[far.end : far.end + _QUOTED].split("\n")[0]
            words += f"\n… {before}{self.scene.words_of(far)}{after} …"
        return words.strip("\n")

    def rect_of(self, item: str) -> QRect:
        """Give where a span or relation lies in the window (its first line); empty if it is not drawn."""
        index = self.scene.index
        relation = index.relations.get(item)
        span = index.spans.get(relation.head if relation is not None else item)
        if span is None:
            return QRect()
        block = index.home(span)
        drawing = self.scene.drawing(block)
        origin = QPointF(self.left, self.scroller.top_of(block))
        if relation is not None:
            boxes = [each.box.translated(origin) for each in drawing.connectors if each.relation.id == item]
            boxes = [box for box in boxes if box.width() > 0]
            if boxes:
                return boxes[0].toAlignedRect()
        figure = drawing.by_id.get(span.id)
        return self._figure_rect(drawing, figure).translated(origin).toAlignedRect() if figure else QRect()

    def line_rect(self, offset: int) -> QRect:
        """Give where the line that holds a code point lies in the window."""
        block = self.scene.blocks.at(offset)
        drawing = self.scene.drawing(block)
        box = drawing.lines[drawing.text.line_of(offset)]
        top = self.scroller.top_of(block)
        return QRect(self.left, top + box.top, self.scene.measure, box.bottom - box.top)

    def _figure_rect(self, drawing: Drawing, figure: SpanFigure) -> QRectF:
        boxes = ring_boxes(drawing, figure, self.scene.style.metrics)
        first = next((box for box, piece in zip(boxes, figure.pieces, strict=True) if piece.begins), None)
        rect = first if first is not None else boxes[0] if boxes else QRectF()
        return rect.united(figure.tag.box) if figure.tag is not None else rect

    def _tag_at(self, drawing: Drawing, place: QPointF) -> Hit | None:
        for figure in reversed(drawing.spans):
            if figure.tag is not None and figure.tag.box.contains(place):
                return Hit(figure.item.id, "span", "tag")
        return None

    def _connector_at(self, drawing: Drawing, place: QPointF) -> Hit | None:
        for connector in drawing.connectors:
            if connector.words and connector.box.adjusted(-2, 0, 2, 0).contains(place):
                if connector.kind == "chip":
                    target = connector.relation.other(connector.feet[0].span)
                    return Hit(connector.relation.id, "relation", "chip", target)
                return Hit(connector.relation.id, "relation", "line")
        for connector in drawing.connectors:
            if self._is_on(connector, place):
                return Hit(connector.relation.id, "relation", "line")
        return None

    def _is_on(self, connector: Connector, place: QPointF) -> bool:
        xs = [foot.x for foot in connector.feet]
        if connector.kind in ("rail", "wrap"):
            xs.append(connector.turn.x())
        elif connector.kind == "chip":
            xs.append(connector.box.left())
        if abs(place.y() - connector.run_y) <= _REACH and min(xs) - 2 <= place.x() <= max(xs) + 2:
            return True
        return any(
            abs(place.x() - foot.x) <= _REACH and connector.run_y - 2 <= place.y() <= foot.y
            for foot in connector.feet
        )

    def _rail_at(self, place: QPointF) -> Hit | None:
        """Find an upright part in a margin; the place is counted from the text's left, the window's top."""
        if 0 <= place.x() <= self.scene.measure:
            return None
        seen = list(self.scroller.visible())
        if not seen:
            return None
        for key, upper, lower in self.scene.lanes.crossing(
            (seen[0][0].block, 0), (seen[-1][0].block, 1 << 30)
        ):
            turns = [
                QPointF(each.turn.x(), each.turn.y() + self.scroller.top_of(block))
                for block in {upper[0], lower[0]}
                for each in self.scene.drawing(block).connectors
                if each.relation.id == key and each.kind == "rail"
            ]
            ys = [turn.y() for turn in turns]
            if turns and abs(turns[0].x() - place.x()) <= _REACH and min(ys) <= place.y() <= max(ys):
                return Hit(key, "relation", "line")
        return None
