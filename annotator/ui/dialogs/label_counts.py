"""Labels with their counts, each as the chip it has or will have; they fold into as many lines as they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.model.schema import Schema, next_color
from annotator.model.wording import counted
from annotator.ui import fonts
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import chip_size, paint_chip
from annotator.ui.widgets.painting import paint_words

_SHOWN = 12
_GAP, _BETWEEN, _LINE = 5, 14, 24
"""Pixels at 100 % between chip and count, between two labels, and from line to line."""


class LabelCounts(QWidget):
    """The commonest labels, and how many more there are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[tuple[str, str, str], ...] = ()
        self._more = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_hub().changed.connect(self._fold)
        self.hide()

    @property
    def text(self) -> str:
        """Give what it says, as a screen reader has it."""
        return self.accessibleName()

    def show_counts(self, counts: Mapping[str, int], colors: Mapping[str, str]) -> None:
        """Show labels with their counts in the colours of these names."""
        common = sorted(counts.items(), key=lambda each: -each[1])
        self._labels = tuple((label, f"{count:,}", colors[label]) for label, count in common[:_SHOWN])
        left = len(common) - len(self._labels)
        self._more = f"{counted(left, 'label')} more" if left else ""
        told = [f"{label} {count}" for label, count, _ in self._labels]
        self.setAccessibleName(", ".join([*told, *([self._more] if self._more else [])]))
        self.setVisible(bool(common))
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def paintEvent(self, event: QPaintEvent) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        painter = QPainter(self)
        for place, (label, count, color) in zip(self._places(), self._labels, strict=False):
            chip = chip_size(label)
            width = min(chip.width(), place.width())
            top = place.top() + (place.height() - chip.height()) // 2
            paint_chip(painter, QRect(place.left(), top, width, chip.height()), label, color, theme)
            words = place.adjusted(width + hub.px(_GAP), 0, 0, 0)
            paint_words(painter, words, count, font=fonts.sans(12), color=theme.dim)
        if self._more:
            place = list(self._places())[-1]
            paint_words(painter, place, self._more, font=fonts.sans(12), color=theme.dim)

    def _places(self) -> Iterator[QRect]:
        """Give where each label stands with its count, and at last what more there is."""
        hub, metrics = theme_hub(), QFontMetrics(fonts.sans(12))
        corner, height = QPoint(0, 0), hub.px(_LINE)
        for label, count in [*((label, count) for label, count, _ in self._labels), ("", self._more)]:
            width = metrics.horizontalAdvance(count) + 2
            width += chip_size(label).width() + hub.px(_GAP) if label else 0
            if corner.x() and corner.x() + width > self.width():
                corner = QPoint(0, corner.y() + height)
            if label or count:
                yield QRect(corner, QSize(min(width, self.width()), height))
            corner = QPoint(corner.x() + width + hub.px(_BETWEEN), corner.y())

    def _fold(self) -> None:
        bottom = max((place.bottom() + 1 for place in self._places()), default=0)
        self.setFixedHeight(bottom)
        self.update()


def colors_for(labels: Iterable[str], schema: Schema) -> dict[str, str]:
    """Give each label the colour of its type, and one that is new the colour that its type would get."""
    taken: list[str] = [each.color for each in schema.entities]
    colors: dict[str, str] = {}
    for label in dict.fromkeys(labels):
        known = schema.entity(label)
        colors[label] = known.color if known is not None else next_color(taken)
        if known is None:
            taken.append(colors[label])
    return colors
