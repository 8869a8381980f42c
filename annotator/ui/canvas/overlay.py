"""Paints what lies on top of everything: the ring and its handles, rings and letters of partners, the rubber arc."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from annotator.model.annotation import Fragment, Fragments
from annotator.ui.canvas.figures import Drawing, SpanFigure
from annotator.ui.canvas.layout import Piece, TextBlock
from annotator.ui.canvas.state import ViewState
from annotator.ui.canvas.style import Metrics

if TYPE_CHECKING:
    from annotator.ui.canvas.scene import Scene

RING = 1.625
BESIDE, OUTSIDE = 0.75, 1.25
"""The ring runs this far beside the words, where a blank is narrow, and this far above and below them."""
HANDLE = 3.375


class Handle(NamedTuple):
    """A handle at the begin (`left`) or end (`right`) of a fragment, by its number; pixels from the block's corner."""

    fragment: int
    side: Literal["left", "right"]
    center: QPointF


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
            ringed = [figure for span in state.hints if (figure := drawing.by_id.get(span)) is not None]
            boxes = [box for figure in ringed for box in ring_boxes(drawing, figure, self.style.metrics)]
            self._paint_rings(drawing, boxes, top)
            if state.flash > 0 and state.flashed_place:
                self._paint_flash(drawing, top)
            if state.cursor is not None and drawing.text.start <= state.cursor.start < drawing.text.end:
                self._paint_cursor(drawing, top, state.cursor)
        self._paint_letters(seen)
        if state.rubber is not None:
            self._paint_rubber()

    def _paint_selected(self, drawing: Drawing, figure: SpanFigure, top: int) -> None:
        self._paint_rings(drawing, ring_boxes(drawing, figure, self.style.metrics), top)
        if not self.state.is_hinting:
            for handle in span_handles(drawing, figure, self.style.metrics):
                self._paint_handle(handle.center + QPointF(0, top))

    def _paint_preview(self, drawing: Drawing, top: int) -> None:
        preview = self.state.preview
        if preview is None:
            return
        metrics, boxes = self.style.metrics, list[QRectF]()
        for start, end in preview[1]:
            for piece in drawing.text.pieces(start, end):
                high, low = drawing.lines[piece.line].highlight(metrics.ascent, metrics.descent)
                boxes.append(ring_box(piece.left, piece.right, high, low + metrics.underline))
        self._paint_rings(drawing, boxes, top)
        for handle in _handles(drawing, preview[1], boxes):
            self._paint_handle(handle.center + QPointF(0, top))

    def _paint_rings(self, drawing: Drawing, boxes: list[QRectF], top: int) -> None:
        """Draw rings, and the letters that they run over once more on top: a full stop must not vanish."""
        if not boxes:
            return
        painter, half = self.painter, RING / 2
        painter.save()
        painter.translate(0, top)
        painter.setPen(QPen(self.color["accent"], RING))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rings = QPainterPath()
        for box in boxes:
            painter.drawRoundedRect(box, 3, 3)
            rings.addRect(box.adjusted(-half, -half, half, half))
            rings.addRect(box.adjusted(half, half, -half, -half))
        painter.setClipPath(rings, Qt.ClipOperation.IntersectClip)
        painter.setPen(self.color["ink"])
        drawing.text.draw(painter, [], rings.boundingRect())
        painter.restore()

    def _paint_flash(self, drawing: Drawing, top: int) -> None:
        """Lay a veil of accent over a place that flashes."""
        metrics, color = self.style.metrics, QColor(self.color["accent"])
        color.setAlphaF(0.35 * self.state.flash)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(color)
        for start, end in self.state.flashed_place:
            for piece in drawing.text.pieces(start, end):
                high, low = drawing.lines[piece.line].highlight(metrics.ascent, metrics.descent)
                box = QRectF(piece.left - 1, high, piece.right - piece.left + 2, low - high)
                self.painter.drawRoundedRect(box.translated(0, top), 3, 3)

    def _paint_cursor(self, drawing: Drawing, top: int, place: Fragment) -> None:
        """Draw a thin grey frame around the word the keyboard stands on; a selection has a ring in accent."""
        metrics = self.style.metrics
        self.painter.setPen(QPen(self.color["dim"], max(1.0, metrics.scale)))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for piece in drawing.text.pieces(*place):
            high, low = drawing.lines[piece.line].highlight(metrics.ascent, metrics.descent)
            self.painter.drawRoundedRect(
                ring_box(piece.left, piece.right, high, low).translated(0, top), 2, 2
            )

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
                if not self.state.hints[span]:
                    continue
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
        if rubber.start.y() >= 0:  # the arc bends within the window
            high = max(high, 2.0)
        path.cubicTo(QPointF(rubber.start.x(), high), QPointF(rubber.end.x(), high), rubber.end)
        self.painter.drawPath(path)
        self.painter.setBrush(self.color["accent"])
        self.painter.drawEllipse(rubber.end, 3, 3)


def ring_box(left: float, right: float, top: float, bottom: float) -> QRectF:
    """Give the box of a ring around a stretch of a line."""
    high = top - OUTSIDE + 0.5
    return QRectF(left - BESIDE, high, right - left + 2 * BESIDE, bottom + OUTSIDE - 0.5 - high)


def ring_boxes(drawing: Drawing, figure: SpanFigure, metrics: Metrics) -> list[QRectF]:
    """Give the boxes of the ring around a span, from the block's top."""
    boxes = []
    for piece in figure.pieces:
        line = drawing.lines[piece.line]
        top, bottom = line.highlight(metrics.ascent, metrics.descent)
        bottom_of_row = bottom + metrics.underline + piece.row * metrics.row_pitch
        boxes.append(ring_box(piece.left, piece.right, top, bottom_of_row))
    return boxes


def span_handles(drawing: Drawing, figure: SpanFigure, metrics: Metrics) -> list[Handle]:
    """Give the handles of a span that lie in a block: two at every fragment."""
    return _handles(drawing, figure.item.fragments, ring_boxes(drawing, figure, metrics))


def _handles(drawing: Drawing, fragments: Fragments, boxes: list[QRectF]) -> list[Handle]:
    """Set handles at the ends of fragments; `boxes` are the rings around their pieces, in the same order."""
    found: list[Handle] = []
    text, left = drawing.text, iter(boxes)
    for index, (start, end) in enumerate(fragments):
        pieces = [(piece, next(left)) for piece in text.pieces(start, end)]
        if not pieces:
            continue
        if start >= text.start:
            found.append(Handle(index, "left", _corner(text, pieces, start, begins=True)))
        if end <= text.end:
            found.append(Handle(index, "right", _corner(text, pieces, end - 1, begins=False)))
    return found


def _corner(text: TextBlock, pieces: list[tuple[Piece, QRectF]], offset: int, *, begins: bool) -> QPointF:
    """Give the lower corner of the ring at which a fragment begins or ends, by where its outermost letter lies."""
    piece, box = pieces[0 if begins else -1]
    at_left = begins
    letter = text.pieces(offset, offset + 1) if text.is_bidi else []
    if letter:
        middle = (letter[0].left + letter[0].right) / 2
        on_line = [each for each in pieces if each[0].line == letter[0].line] or pieces
        piece, box = min(on_line, key=lambda each: max(each[0].left - middle, middle - each[0].right))
        lefts, rights = letter[0].left - piece.left, piece.right - letter[0].right
        at_left = lefts < rights if abs(lefts - rights) > 0.5 else begins != text.is_right_to_left
    return box.bottomLeft() if at_left else box.bottomRight()
