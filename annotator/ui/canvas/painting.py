"""Paints the page: blocks with tints, text, underlines, stems, arcs and tags, in this order.

What runs across blocks is in `arcs.py`, what lies on top (ring, handles, letters) in `overlay.py`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QPainter,
    QPen,
    QPolygonF,
    QRegion,
    QTextCharFormat,
    QTextLayout,
)

from annotator.ui.canvas.arcs import ArcPainter
from annotator.ui.canvas.figures import Drawing, SpanFigure
from annotator.ui.canvas.items import SpanItem
from annotator.ui.canvas.overlay import OverlayPainter
from annotator.ui.canvas.state import DIMMED_FIGURE, DIMMED_TEXT, ViewState
from annotator.ui.canvas.strokes import level_dashes
from annotator.ui.canvas.tags import TagPainter

if TYPE_CHECKING:
    from annotator.ui.canvas.scene import Scene
    from annotator.ui.canvas.scroller import Scroller

_CORNER = 3.0
_OVER = 4
"""Pixels by which what is drawn of a block may reach over its edge."""
NUMBER_AT = 70
"""Paragraph numbers stand this far left of the text."""


class PagePainter:
    """Paints what is on screen of a scene; made for one paint event."""

    def __init__(
        self, painter: QPainter, scene: Scene, scroller: Scroller, state: ViewState, *, left: int
    ) -> None:
        self.painter = painter
        self.scene = scene
        self.scroller = scroller
        self.state = state
        self.left = left
        self.style = scene.style
        self.color = scene.style.color
        self.emphasised = state.emphasised_spans(scene.index)
        self.tags = TagPainter(painter, scene.style, self.emphasised)

    def paint(self, region: QRegion) -> None:
        """Paint everything inside a region of the window."""
        painter, clip = self.painter, region.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(clip, self.color["page"])
        arcs = ArcPainter(painter, self.scene, self.state)
        seen: list[tuple[Drawing, int]] = list(self.scroller.visible())
        for drawing, top in seen:
            box = QRect(clip.left(), top - _OVER, clip.width(), drawing.height + 2 * _OVER)
            if not region.intersects(box):
                continue
            painter.save()
            painter.translate(self.left, top)
            self._paint_block(drawing, arcs, clip.translated(-self.left, -top))
            painter.restore()
        if self.state.plain:
            return
        painter.save()
        painter.translate(self.left, 0)
        arcs.paint_rails(seen)
        OverlayPainter(painter, self.scene, self.state).paint(seen)
        painter.restore()

    def _paint_block(self, drawing: Drawing, arcs: ArcPainter, clip: QRect) -> None:
        block = drawing.block
        number = self.scene.blocks.numbers[block]
        if number and self.scene.blocks.opens[block]:
            self._paint_number(drawing, number)
        if self.state.plain:
            self._paint_text(drawing, clip)
            return
        self._paint_tints(drawing)
        self._paint_marks(drawing)
        self._paint_text_selection(drawing)
        self._paint_text(drawing, clip)
        self._paint_underlines(drawing)
        self._paint_stems(drawing)
        arcs.paint_block(drawing)
        self.tags.paint((figure, self._strength(figure.item)) for figure in drawing.spans)

    def _strength(self, item: SpanItem) -> float:
        state = self.state
        if state.is_hinting and item.id not in state.hints and item.id != state.hint_source:
            return DIMMED_FIGURE
        return 0.5 if state.word_hints else 1.0

    def _paint_number(self, drawing: Drawing, number: int) -> None:
        painter = self.painter
        painter.setFont(self.style.number_font)
        painter.setPen(self.color["faint"])
        x = max(-float(self.left) + 6, -float(NUMBER_AT))
        painter.drawText(QPointF(x, drawing.lines[0].baseline - 1), str(number))

    def _paint_tints(self, drawing: Drawing) -> None:
        painter, metrics, style = self.painter, self.style.metrics, self.style
        painter.setPen(Qt.PenStyle.NoPen)
        preview = self.state.preview[0] if self.state.preview is not None else ""
        before: QColor | None = None
        for figure in reversed(drawing.spans):
            item = figure.item
            fill = self._fill(item)
            if fill is None or item.id == preview:
                continue
            strength = self._strength(item)
            color = fill if strength == 1.0 else style.blend(fill, strength)
            if color is not before:
                painter.setBrush(color)
                before = color
            for piece in figure.pieces:
                top, bottom = drawing.lines[piece.line].highlight(metrics.ascent, metrics.descent)
                box = QRectF(piece.left - 1, top, piece.right - piece.left + 2, bottom - top)
                painter.drawRoundedRect(box, _CORNER, _CORNER)
        if self.state.preview is not None:
            self._paint_preview(drawing)

    def _fill(self, item: SpanItem) -> QColor | None:
        """Give what lies behind a span's words; nothing behind a candidate's."""
        style = self.style
        if item.id == self.state.flashed and self.state.flash > 0:
            return style.blend(self.color["accent"], 0.35 * self.state.flash)
        strong = item.id in self.emphasised
        if style.is_high_contrast:
            return self.color["press"] if strong else None
        inks = style.inks(item.color)
        if strong:
            return style.deeper(item.color)
        return inks.tint if item.state == "accepted" else None

    def _paint_preview(self, drawing: Drawing) -> None:
        preview = self.state.preview
        item = self.scene.index.spans.get(preview[0]) if preview is not None else None
        if preview is None or item is None:
            return
        metrics = self.style.metrics
        fill = self.color["press"] if self.style.is_high_contrast else self.style.deeper(item.color)
        self.painter.setBrush(fill)
        for start, end in preview[1]:
            for piece in drawing.text.pieces(start, end):
                top, bottom = drawing.lines[piece.line].highlight(metrics.ascent, metrics.descent)
                self.painter.drawRect(QRectF(piece.left - 1, top, piece.right - piece.left + 2, bottom - top))

    def _paint_marks(self, drawing: Drawing) -> None:
        if not self.state.marks:
            return
        painter, metrics = self.painter, self.style.metrics
        text = drawing.text
        usual, strong = self.color["warn_wash"], self.style.blend(self.color["warn"], 0.34)
        for index in self.state.marks_in(text.start, text.end):
            start, end = self.state.marks[index]
            is_current = index == self.state.current_mark
            painter.setBrush(strong if is_current else usual)
            painter.setPen(QPen(self.color["warn"], 1.8 if is_current else 0.8))
            for piece in drawing.text.pieces(start, end):
                top, bottom = drawing.lines[piece.line].highlight(metrics.ascent, metrics.descent)
                box = QRectF(piece.left - 0.5, top + 0.5, piece.right - piece.left + 1, bottom - top - 1)
                painter.drawRoundedRect(box, 2, 2)

    def _paint_text_selection(self, drawing: Drawing) -> None:
        if self.state.selection.kind != "text":
            return
        painter, metrics = self.painter, self.style.metrics
        share = 0.34 if self.style.is_high_contrast else 0.22
        painter.setPen(Qt.PenStyle.NoPen)
        for start, end in self.state.selection.fragments:
            if end <= drawing.text.start or start >= drawing.text.end:
                continue
            for piece in drawing.text.pieces(start, end):
                top, bottom = drawing.lines[piece.line].highlight(metrics.ascent, metrics.descent)
                width = piece.right - piece.left
                painter.setBrush(self.style.blend(self.color["accent"], share))
                painter.drawRect(QRectF(piece.left, top, width, bottom - top + 1))
                painter.setBrush(self.color["accent"])
                painter.drawRect(QRectF(piece.left, bottom, width, 1.6))

    def _paint_text(self, drawing: Drawing, clip: QRect) -> None:
        ink = self.color["ink"]
        state = self.state
        dim = state.is_hinting or bool(state.word_hints)
        ranges: list[QTextLayout.FormatRange] = []
        if not state.plain:
            for figure in drawing.spans:
                item = figure.item
                if item.state == "rejected" and not dim:
                    ranges += self._ranges(drawing, item, self.color["faint"])
                elif state.is_hinting and (item.id in state.hints or item.id == state.hint_source):
                    ranges += self._ranges(drawing, item, ink)
        self.painter.setPen(self.style.blend(ink, DIMMED_TEXT) if dim else ink)
        drawing.text.draw(self.painter, ranges, QRectF(clip))

    def _ranges(self, drawing: Drawing, item: SpanItem, color: QColor) -> list[QTextLayout.FormatRange]:
        found = []
        for start, end in item.fragments:
            first, length = drawing.text.units(start, end)
            if length <= 0:
                continue
            each = QTextLayout.FormatRange()
            each.start, each.length = first, length
            its = QTextCharFormat()
            its.setForeground(QBrush(color))
            each.format = its
            found.append(each)
        return found

    def _paint_underlines(self, drawing: Drawing) -> None:
        painter, style, metrics = self.painter, self.style, self.style.metrics
        preview = self.state.preview[0] if self.state.preview is not None else ""
        for figure in drawing.spans:
            item = figure.item
            if item.id == preview:
                continue
            strength = self._strength(item)
            line = style.inks(item.color).line
            color = line if strength == 1.0 else style.blend(line, strength)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.color["faint"] if item.state == "rejected" else color)
            for piece in figure.pieces:
                baseline = drawing.lines[piece.line].baseline
                y: float = baseline + metrics.descent + piece.row * metrics.row_pitch
                if item.state == "candidate":
                    if not piece.dashes:
                        piece.dashes = level_dashes(piece.left, piece.right, y, width=metrics.dashes)
                    painter.drawRects(piece.dashes)
                    continue
                thick = metrics.underline
                if item.state == "rejected":
                    y, thick = baseline - round(0.27 * metrics.size), metrics.scale
                painter.drawRect(QRectF(piece.left, y, piece.right - piece.left, thick))
            if figure.joins:
                self._paint_joins(drawing, figure, color)
            if not item.learnable:
                self._paint_zigzags(drawing, item, strength)

    def _paint_joins(self, drawing: Drawing, figure: SpanFigure, color: QColor) -> None:
        metrics = self.style.metrics
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(color)
        for line, left, right, row in figure.joins:
            y = drawing.lines[line].baseline + metrics.descent + row * metrics.row_pitch
            dots = level_dashes(left + 1, right - 1, y, width=1.5 * metrics.scale, pattern=(1.5, 2.25))
            self.painter.drawRects(dots)

    def _paint_zigzags(self, drawing: Drawing, item: SpanItem, strength: float) -> None:
        """Draw a zigzag at each edge of a fragment that cuts a token."""
        tokens, metrics = self.scene.tokens, self.style.metrics
        color = self.color["bad"]
        self.painter.setPen(
            QPen(color if strength == 1.0 else self.style.blend(color, strength), 1.3 * metrics.scale)
        )
        step = 2.2 * metrics.scale
        text = drawing.text
        bad = [(start, True) for start, _ in item.fragments if not _is_among(tokens.starts, start)]
        bad += [(end - 1, False) for _, end in item.fragments if not _is_among(tokens.ends, end)]
        for offset, begins in bad or [(item.end - 1, False)]:
            edge = text.edge(offset, begins=begins) if text.start <= offset < text.end else None
            if edge is None:
                continue
            line, x = edge
            top, bottom = drawing.lines[line].highlight(metrics.ascent, metrics.descent)
            points, y, side = [], float(top), 1
            while y <= bottom:
                points.append(QPointF(x + side * step / 2, y))
                y += step
                side = -side
            self.painter.drawPolyline(QPolygonF(points))

    def _paint_stems(self, drawing: Drawing) -> None:
        painter, metrics = self.painter, self.style.metrics
        for figure in drawing.spans:
            tag = figure.tag
            if tag is None or tag.row == 0:
                continue
            color = self.style.inks(figure.item.color).line
            painter.setPen(QPen(self.style.blend(color, 0.85 * self._strength(figure.item)), metrics.scale))
            bottom = drawing.lines[tag.line].baseline - metrics.ascent
            painter.drawLine(QPointF(tag.anchor, tag.box.bottom() - 1), QPointF(tag.anchor, bottom))


def _is_among(borders: Sequence[int], offset: int) -> bool:
    index = bisect_left(borders, offset)
    return index < len(borders) and borders[index] == offset
