"""Paints what lies on top of everything: the ring and its handles, rings and letters of partners, the rubber arc."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from annotator.ui.canvas.figures import Drawing, SpanFigure
from annotator.ui.canvas.state import ViewState
from annotator.ui.canvas.style import Metrics

if TYPE_CHECKING:
    from annotator.ui.canvas.scene import Scene

RING = 1.625
OUTSIDE = 1.25
"""The ring runs this far outside the words."""
HANDLE = 3.375


class OverlayPainter:
    """Paints marks above the page for one paint event; the painter's origin is the text's left edge."""

    def __init__(self, painter: QPainter, scene: Scene, state: ViewState) -> None:
        self.painter = painter
        self.scene = scene
        self.state = state
        self.style = scene.style
        self.color = scene.style.color

    def paint(self, seen: list[tuple[Drawing, int]]) -> None:
        """Paint all marks on the blocks on screen."""
        state = self.state
        for drawing, top in seen:
            if state.preview is not None:
                self._paint_preview(drawing, top)
            elif state.selection.kind == "span":
                figure = drawing.by_id.get(state.selection.id)
                if figure is not None:
                    self._paint_selected(drawing, figure, top)
            for span in state.hints:
                figure = drawing.by_id.get(span)
                if figure is not None:
                    for box in ring_boxes(drawing, figure, self.style.metrics):
                        self._paint_ring(box.translated(0, top))
        self._paint_letters(seen)
        if state.rubber is not None:
            self._paint_rubber()

    def _paint_selected(self, drawing: Drawing, figure: SpanFigure, top: int) -> None:
        for box in ring_boxes(drawing, figure, self.style.metrics):
            self._paint_ring(box.translated(0, top))
        if not self.state.is_hinting:
            for handle in handle_places(drawing, figure, self.style.metrics).values():
                self._paint_handle(handle + QPointF(0, top))

    def _paint_preview(self, drawing: Drawing, top: int) -> None:
        preview = self.state.preview
        if preview is None:
            return
        metrics = self.style.metrics
        first, last = preview[1][0].start, preview[1][-1].end
        for start, end in preview[1]:
            for index, piece in enumerate(pieces := drawing.text.pieces(start, end)):
                high, low = drawing.lines[piece.line].highlight(metrics.ascent, metrics.descent)
                box = ring_box(piece.left, piece.right, high, low + metrics.underline).translated(0, top)
                self._paint_ring(box)
                if start == first and index == 0 and drawing.text.start <= first:
                    self._paint_handle(box.bottomLeft())
                if end == last and index == len(pieces) - 1 and last <= drawing.text.end:
                    self._paint_handle(box.bottomRight())

    def _paint_ring(self, box: QRectF) -> None:
        self.painter.setPen(QPen(self.color["accent"], RING))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(box, 3, 3)

    def _paint_handle(self, center: QPointF) -> None:
        radius = HANDLE * self.style.metrics.scale
        self.painter.setPen(QPen(self.color["page"], 1))
        self.painter.setBrush(self.color["accent"])
        self.painter.drawEllipse(center, radius, radius)

    def _paint_letters(self, seen: list[tuple[Drawing, int]]) -> None:
        """Draw caps with letters left of the tags of partners, or above words; none covers another."""
        if not self.state.hints and not self.state.word_hints:
            return
        taken: list[QRectF] = []
        for drawing, top in seen:
            tags = {
                span: figure.tag.box.translated(0, top)
                for span in self.state.hints
                if (figure := drawing.by_id.get(span)) is not None and figure.tag is not None
            }
            for span, box in tags.items():
                # Left of the tag; over its own left part where it would hide another partner's tag.
                room = box.adjusted(-1.2 * box.height() - 1, 0, -box.width(), 0)
                free = not any(room.intersects(other) for each, other in tags.items() if each != span)
                x = box.left() - 1 if free else box.left() + 1.1 * box.height()
                self._paint_cap(self.state.hints[span], x, box.center().y(), taken=taken, ends_at=True)
            for (start, end), letters in self.state.word_hints.items():
                if drawing.text.start <= start < drawing.text.end:
                    self._paint_word_cap(drawing, top, letters, start=start, end=end, taken=taken)

    def _paint_word_cap(
        self, drawing: Drawing, top: int, letters: str, *, start: int, end: int, taken: list[QRectF]
    ) -> None:
        pieces = drawing.text.pieces(start, end)
        if not pieces:
            return
        metrics = self.style.metrics
        line = drawing.lines[pieces[0].line]
        y = line.baseline - metrics.ascent - metrics.tag_height / 2 + 2 + top
        self._paint_cap(letters, pieces[0].left, y, taken=taken, ends_at=False)

    def _paint_cap(self, letters: str, x: float, y: float, *, taken: list[QRectF], ends_at: bool) -> None:
        painter, metrics = self.painter, self.style.metrics
        fonts = QFontMetricsF(self.style.hint_font)
        height = round(15 * metrics.scale)
        width = max(height, fonts.horizontalAdvance(letters) + 7 * metrics.scale)
        box = QRectF(x - width if ends_at else x, y - height / 2, width, height)
        while any(box.intersects(other) for other in taken):
            box.translate(0, -height * 0.55)
        taken.append(box)
        painter.setPen(QPen(self.color["page"], 1))
        painter.setBrush(self.color["accent"])
        painter.drawRoundedRect(box.adjusted(-0.5, -0.5, 0.5, 0.5), 3.5, 3.5)
        painter.setFont(self.style.hint_font)
        painter.setPen(self.color["on_accent"])
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters)

    def _paint_rubber(self) -> None:
        rubber = self.state.rubber
        if rubber is None:
            return
        pen = QPen(self.color["accent"], 1.8 * self.style.metrics.scale)
        pen.setDashPattern([3, 2])
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath(rubber.start)
        lift = min(60.0, abs(rubber.end.x() - rubber.start.x()) / 3 + 14)
        high = min(rubber.start.y(), rubber.end.y()) - lift
        path.cubicTo(QPointF(rubber.start.x(), high), QPointF(rubber.end.x(), high), rubber.end)
        self.painter.drawPath(path)
        self.painter.setBrush(self.color["accent"])
        self.painter.drawEllipse(rubber.end, 3, 3)


def ring_box(left: float, right: float, top: float, bottom: float) -> QRectF:
    """Give the box of a ring around a stretch of a line."""
    out = OUTSIDE
    return QRectF(left - out, top - out + 0.5, right - left + 2 * out, bottom - top + 2 * out - 1)


def ring_boxes(drawing: Drawing, figure: SpanFigure, metrics: Metrics) -> list[QRectF]:
    """Give the boxes of the ring around a span, from the block's top."""
    boxes = []
    for piece in figure.pieces:
        line = drawing.lines[piece.line]
        top, bottom = line.highlight(metrics.ascent, metrics.descent)
        bottom_of_row = bottom + metrics.underline + piece.row * metrics.row_pitch
        boxes.append(ring_box(piece.left, piece.right, top, bottom_of_row))
    return boxes


def handle_places(drawing: Drawing, figure: SpanFigure, metrics: Metrics) -> dict[str, QPointF]:
    """Give the centres of the two handles (`left` at the begin, `right` at the end) that lie in a block."""
    places = {}
    for piece, box in zip(figure.pieces, ring_boxes(drawing, figure, metrics), strict=True):
        if piece.begins:
            x = box.left() if figure.begin_x <= (piece.left + piece.right) / 2 else box.right()
            places["left"] = QPointF(x, box.bottom())
        if piece.ends:
            x = box.left() if figure.end_x < (piece.left + piece.right) / 2 else box.right()
            places["right"] = QPointF(x, box.bottom())
    return places
