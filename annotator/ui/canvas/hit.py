"""Finds what lies at a place of the window, and where something lies in it. Trusts drawn boxes only.

Tags come before words, words before lines between them; of nested spans the innermost comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, QRect, QRectF

from annotator.ui.canvas.figures import Connector, Drawing, SpanFigure
from annotator.ui.canvas.items import End
from annotator.ui.canvas.overlay import Handle, ring_boxes, span_handles
from annotator.ui.canvas.rails import uprights

if TYPE_CHECKING:
    from annotator.ui.canvas.scene import Scene
    from annotator.ui.canvas.scroller import Scroller

_REACH = 4.0
"""How near a line has to be."""
_HANDLE_REACH = 12.0
"""Half the side of the square in which a handle is taken, in pixels at 100 %."""
_TIP = "Drag: by words. With Alt, or Ctrl and Shift: by characters."
_FOOT_REACH = 9.0
_BEYOND = 40.0
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

    def handle_at(self, point: QPointF, span: str) -> Handle | None:
        """Tell which handle of a selected span is taken at a place: the nearest one within reach.

        Where another span's tag or a chip lies there, the nearer of the two has the place.
        """
        metrics = self.scene.style.metrics
        reach = _HANDLE_REACH * max(1.0, metrics.scale)
        best: tuple[float, Handle] | None = None
        for drawing, top in self.scroller.visible():
            figure = drawing.by_id.get(span)
            for handle in span_handles(drawing, figure, metrics) if figure is not None else ():
                away = QPointF(self.left, top) + handle.center - point
                distance = (away.x() ** 2 + away.y() ** 2) ** 0.5
                if max(abs(away.x()), abs(away.y())) <= reach and (best is None or distance < best[0]):
                    best = distance, handle
        if best is None or self._is_nearer_to_a_tag(point, best[0]):
            return None
        return best[1]

    def _is_nearer_to_a_tag(self, point: QPointF, distance: float) -> bool:
        found = self.block_at(point.y())
        if found is None:
            return False
        drawing, top = found
        place = QPointF(point.x() - self.left, point.y() - top)
        boxes = [figure.tag.box for figure in drawing.spans if figure.tag is not None]
        boxes += [each.box for each in drawing.connectors if each.kind == "chip"]
        return any(box.contains(place) and abs(box.center().y() - place.y()) < distance for box in boxes)

    def end_at(self, point: QPointF) -> tuple[str, End] | None:
        """Give the relation and the end that can be dragged at a place: at a foot, or at the chip of the far end."""
        found = self.block_at(point.y())
        if found is None:
            return None
        drawing, top = found
        origin = QPointF(self.left, top)
        nearest: tuple[float, str, End] | None = None
        for connector in drawing.connectors:
            for foot in connector.feet:
                place = QPointF(foot.x, foot.y + (4 if foot.hangs else -4)) + origin
                away = abs(place.x() - point.x())
                if away > 6 or abs(place.y() - point.y()) > _FOOT_REACH:
                    continue
                if nearest is None or away < nearest[0]:
                    nearest = away, connector.relation.id, foot.end
        if nearest is not None:
            return nearest[1:]
        for connector in drawing.connectors:
            if connector.kind == "chip" and connector.box.contains(point - origin):
                return connector.relation.id, "child" if connector.feet[0].end == "head" else "head"
        return None

    def foot_place(self, relation: str, end: End) -> QPointF:
        """Give where a relation touches one of its spans, from the text's left and the window's top.

        A span that is not on screen lies beyond the window's edge, at its own distance from the text's left.
        """
        item = self.scene.index.relations[relation]
        span = self.scene.index.spans[item.head if end == "head" else item.child]
        block = self.scene.index.home(span)
        for drawing, top in self.scroller.visible():
            if drawing.block != block:
                continue
            for connector in drawing.connectors:
                foot = connector.foot(end)
                if connector.relation.id == relation and foot is not None and not foot.hangs:
                    return QPointF(foot.x, top + foot.y)
            return self.span_place(span.id)
        return self.span_place(span.id)

    def span_place(self, span: str) -> QPointF:
        """Give where an arc from a span begins: its tag's upper edge, or a place beyond the window's edge."""
        item = self.scene.index.spans[span]
        block = self.scene.index.home(item)
        for drawing, top in self.scroller.visible():
            figure = drawing.by_id.get(span)
            if drawing.block == block and figure is not None:
                box = figure.tag.box if figure.tag is not None else self._figure_rect(drawing, figure)
                return QPointF(box.center().x(), top + box.top())
        pieces = self.scene.text_block(block).pieces(item.start, item.end)
        y = -_BEYOND if block <= self.scroller.block else self.scroller.height + _BEYOND
        return QPointF(pieces[0].left if pieces else 0.0, y)

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

    def tooltip_at(self, point: QPointF, *, selected: str = "") -> str:
        """Give what hovering at a place says; a chip also quotes the words around its far partner."""
        if selected and self.handle_at(point, selected) is not None:
            return _TIP
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
        low, high = connector.stretch()
        if connector.kind == "chip":
            low, high = min(low, connector.box.left()), max(high, connector.box.right())
        if abs(place.y() - connector.run_y) <= _REACH and low - 2 <= place.x() <= high + 2:
            return True
        for foot in connector.feet:
            top, bottom = sorted((connector.run_y, foot.y))
            if abs(place.x() - foot.x) <= _REACH and top - 2 <= place.y() <= bottom:
                return True
        return False

    def _rail_at(self, place: QPointF) -> Hit | None:
        """Find an upright part in a margin; the place is counted from the text's left, the window's top."""
        if 0 <= place.x() <= self.scene.measure:
            return None
        for upright in uprights(self.scene, list(self.scroller.visible())):
            is_beside = any(top <= place.y() <= bottom for top, bottom in upright.parts)
            if is_beside and abs(upright.x - place.x()) <= _REACH:
                return Hit(upright.relation, "relation", "line")
        return None
