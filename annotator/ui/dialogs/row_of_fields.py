"""Fields beside each other, and under each other where they have no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from annotator.ui.theme import theme_hub


class RowOfFields(QWidget):
    """A row that folds: `narrowest` is the least width of one field, in pixels at 100 %. Hidden ones take no room."""

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
        self._folded: tuple[int, tuple[QWidget, ...]] = (0, ())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        theme_hub().changed.connect(self._fold)
        for field in self._fields:
            field.setParent(self)
            field.installEventFilter(self)
        self._fold()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fold anew where a field was shown or hidden."""
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self._fold()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        hub = theme_hub()
        self._grid.setHorizontalSpacing(hub.px(12))
        self._grid.setVerticalSpacing(hub.px(8))
        room = max(1, (self.width() + hub.px(12)) // (hub.px(self._narrowest) + hub.px(12)))
        shown = tuple(field for field in self._fields if not _is_put_away(field))
        columns = max(1, min(len(shown), room) if self.width() > 200 else len(shown))
        if (columns, shown) == self._folded:
            return
        self._folded = (columns, shown)
        for number, field in enumerate(shown):
            self._grid.removeWidget(field)
            self._grid.addWidget(field, number // columns, number % columns, Qt.AlignmentFlag.AlignTop)
        for column in range(len(self._fields)):
            self._grid.setColumnStretch(column, self._stretches[column] if column < columns else 0)


def _is_put_away(field: QWidget) -> bool:
    """Tell whether somebody hid a field; one that was never shown is hidden as well, but not put away."""
    return field.isHidden() and field.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
