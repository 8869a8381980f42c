"""Fields beside each other, and under each other where they have no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from annotator.ui.theme import theme_hub


class RowOfFields(QWidget):
    """A row that folds: `narrowest` is the least width of one field, in pixels at 100 %."""

    def __init__(
        self,
        fields: Sequence[QWidget],
        parent: QWidget | None = None,
        *,
        narrowest: int = 170,
        stretches: Sequence[int] = (),
    ) -> None:
        super().__init__(parent)
        self._fields = tuple(fields)
        self._narrowest = narrowest
        self._stretches = tuple(stretches) or (1,) * len(self._fields)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        theme_hub().changed.connect(self._fold)
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        hub = theme_hub()
        self._grid.setHorizontalSpacing(hub.px(12))
        self._grid.setVerticalSpacing(hub.px(8))
        room = max(1, (self.width() + hub.px(12)) // (hub.px(self._narrowest) + hub.px(12)))
        columns = min(len(self._fields), room) if self.width() > 200 else len(self._fields)
        if columns == self._columns:
            return
        self._columns = columns
        for number, field in enumerate(self._fields):
            self._grid.removeWidget(field)
            self._grid.addWidget(field, number // columns, number % columns, Qt.AlignmentFlag.AlignTop)
        for column in range(len(self._fields)):
            self._grid.setColumnStretch(column, self._stretches[column] if column < columns else 0)
