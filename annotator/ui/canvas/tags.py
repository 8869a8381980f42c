"""Paints the tags of spans: filled, hollow, struck, with the signs of their states."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from annotator.ui.canvas.figures import SpanFigure, Tag
from annotator.ui.canvas.items import SpanItem
from annotator.ui.canvas.strokes import dashed
from annotator.ui.canvas.style import Style, sixteenths

CORNER = 3.0


class TagPainter:
    """Paints tags for one paint event; `emphasised` spans get a deeper tint."""

    def __init__(self, painter: QPainter, style: Style, emphasised: set[str]) -> None:
        self.painter = painter
        self.style = style
        self.color = style.color
        self.emphasised = emphasised
        self._drop = sixteenths((style.metrics.tag_height + QFontMetricsF(style.tag_font).capHeight()) / 2)
        self._struck = QFont(style.tag_font)
        self._struck.setStrikeOut(True)

    def paint(self, figures: Iterable[tuple[SpanFigure, float]]) -> None:
        """Paint the tags of some spans, each with its opacity."""
        painter = self.painter
        painter.setFont(self.style.tag_font)
        for figure, strength in figures:
            if figure.tag is not None:
                painter.setOpacity(strength)
                self._paint_tag(figure.item, figure.tag)
        painter.setOpacity(1.0)

    def _paint_tag(self, item: SpanItem, tag: Tag) -> None:
        painter, style = self.painter, self.style
        inks = style.inks(item.color)
        box = tag.box
        at = QPointF(box.left() + style.metrics.tag_pad, box.top() + self._drop)
        if item.state == "rejected":
            painter.setFont(self._struck)
            painter.setPen(self.color["faint"])
            painter.drawText(at, tag.words)
            painter.setFont(style.tag_font)
            return
        strong = item.id in self.emphasised
        filled = item.state == "accepted" and not style.is_high_contrast
        if filled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.deeper(item.color) if strong else inks.tint)
            painter.drawRoundedRect(box, CORNER, CORNER)
        else:
            self._paint_hollow(item, box, strong=strong)
        painter.setPen(inks.word)
        painter.drawText(at, tag.words)
        if item.flagged:
            self._paint_flag(box)

    def _paint_hollow(self, item: SpanItem, box: QRectF, *, strong: bool) -> None:
        painter, style = self.painter, self.style
        inks = style.inks(item.color)
        inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
        pen = QPen(inks.line if style.is_high_contrast else style.blend(inks.word, 0.8), 1)
        if item.readings > 1:  # a second sheet peeps out behind the tag
            painter.setPen(QPen(pen.color(), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner.translated(2, -2), CORNER, CORNER)
        painter.setPen(pen)
        deeper = self.color["press"] if style.is_high_contrast else inks.tint
        painter.setBrush(deeper if strong else self.color["page"])
        if item.state == "candidate" and style.is_high_contrast:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(inner, CORNER, CORNER)
            border = QPainterPath()
            border.addRoundedRect(inner, CORNER, CORNER)
            painter.fillPath(dashed(border, width=1.2, pattern=(2.0, 2.0)), pen.color())
        else:
            painter.drawRoundedRect(inner, CORNER, CORNER)

    def _paint_flag(self, box: QRectF) -> None:
        scale = self.style.metrics.scale
        x, y = box.right() - 9 * scale, box.top() + 3 * scale
        painter = self.painter
        painter.setPen(QPen(self.color["bad"], 1.1 * scale))
        painter.drawLine(QPointF(x, y), QPointF(x, y + 7 * scale))
        painter.setBrush(self.color["bad"])
        painter.drawPolygon(
            QPolygonF([QPointF(x, y), QPointF(x + 5 * scale, y + 2 * scale), QPointF(x, y + 4 * scale)])
        )
