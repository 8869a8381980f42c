"""Two small pictures of how a suggester did: a line over the documents, and how far its scores can be believed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import fonts
from annotator.ui.plain import plain_tip
from annotator.ui.theme import theme_hub
from annotator.ui.widgets.painting import paint_words
from annotator.workflows.suggester_records import Share, SuggesterRecord

FEWEST = 3
"""Decisions from which on a score is drawn: fewer say nothing."""
_LEFT, _FOOT, _TOP = 40, 22, 8
_DOT, _LARGEST = 3.0, 6.0


class Chart(QWidget):
    """A square of shares, 0 to 100 %, with points in it; what it shows is its accessible description."""

    def __init__(self, name: str, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_hub().changed.connect(self._on_look_changed)

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(240), theme_hub().px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        raise NotImplementedError

    def _tell(self, words: str) -> None:
        self.setAccessibleDescription(words)
        self.setToolTip(plain_tip(words))
        self.update()

    @property
    def _area(self) -> QRectF:
        px = theme_hub().px
        return QRectF(
            px(_LEFT),
            px(_TOP),
            max(1, self.width() - px(_LEFT) - px(_TOP)),
            max(1, self.height() - px(_TOP) - px(_FOOT)),
        )

    def _at(self, x: float, share: float) -> QPointF:
        area = self._area
        return QPointF(area.left() + x * area.width(), area.bottom() - share * area.height())

    def _paint_frame(self, painter: QPainter) -> None:
        theme, px, area = theme_hub().theme, theme_hub().px, self._area
        for share in (0.0, 0.5, 1.0):
            level = round(self._at(0, share).y()) + 0.5
            painter.setPen(QPen(theme.control if share == 0 else theme.line, 1))
            painter.drawLine(QPointF(area.left(), level), QPointF(area.right(), level))
            place = QRectF(0, level - px(8), area.left() - px(6), px(16))
            right = Qt.AlignmentFlag.AlignRight
            paint_words(painter, place, f"{share:.0%}", font=fonts.sans(11), color=theme.dim, align=right)

    def _paint_below(self, painter: QPainter, first: str, last: str) -> None:
        theme, px, area = theme_hub().theme, theme_hub().px, self._area
        place = QRectF(area.left(), area.bottom() + px(4), area.width(), px(16))
        font = fonts.sans(11)
        paint_words(painter, place, first, font=font, color=theme.dim)
        paint_words(painter, place, last, font=font, color=theme.dim, align=Qt.AlignmentFlag.AlignRight)

    def _paint_points(
        self, painter: QPainter, points: Sequence[tuple[QPointF, float]], color: QColor
    ) -> None:
        """Draw points, each with its radius, and a line through them."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(
            QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.drawPolyline([point for point, _ in points])
        painter.setPen(QPen(theme_hub().theme.panel, 1.5))
        painter.setBrush(color)
        for point, radius in points:
            painter.drawEllipse(point, radius, radius)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class OverTime(Chart):
    """The share that was right, over the documents in the order in which they were decided in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Right over the documents", 112, parent)
        self._record = SuggesterRecord()

    def show_record(self, record: SuggesterRecord) -> None:
        """Show how a suggester did."""
        self._record = record
        told = []
        for number, each in enumerate(record.over_time):
            if each.decided:
                first, last = (
                    number * record.at_once + 1,
                    min((number + 1) * record.at_once, record.documents),
                )
                where = f"document {first:,}" if first == last else f"documents {first:,} to {last:,}"
                told.append(f"{where}: {each.share:.0%}, {each.right:,} of {each.decided:,}")
        self._tell("; ".join(told))

    def _paint(self, painter: QPainter) -> None:
        record, dot = self._record, theme_hub().px(_DOT)
        count = len(record.over_time)
        points = [
            (self._at((number + 0.5) / count, each.share), float(dot))
            for number, each in enumerate(record.over_time)
            if each.decided
        ]
        self._paint_points(painter, points, theme_hub().theme.accent)
        self._paint_below(painter, "first document", f"{record.documents:,}" if record.documents > 1 else "")


class ByScore(Chart):
    """What share was right of candidates of a score; on the diagonal, scores can be taken at their word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Right by score", 168, parent)
        self._points: list[Share] = []

    def show_record(self, record: SuggesterRecord) -> None:
        """Show how a suggester did."""
        self._points = [each for each in record.by_score if each.decided >= FEWEST]
        told = [
            f"scored {each.score:.0%}: {each.share:.0%} right of {each.decided:,}" for each in self._points
        ]
        self._tell("; ".join(told))

    @property
    def has_points(self) -> bool:
        """Tell whether enough was decided for any point."""
        return bool(self._points)

    def _paint(self, painter: QPainter) -> None:
        theme, px = theme_hub().theme, theme_hub().px
        painter.setPen(QPen(theme.edge, 1, Qt.PenStyle.DashLine))
        painter.drawLine(self._at(0, 0), self._at(1, 1))
        most = max((each.decided for each in self._points), default=1)
        points = [
            (
                self._at(each.score, each.share),
                px(_DOT) + (px(_LARGEST) - px(_DOT)) * (each.decided / most) ** 0.5,
            )
            for each in self._points
        ]
        self._paint_points(painter, points, theme.accent)
        self._paint_below(painter, "scored 0", "1")
