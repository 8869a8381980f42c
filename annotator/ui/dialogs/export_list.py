"""The list of formats in the export dialog: name and a line of what it holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.ui import fonts
from annotator.ui.dialogs.tables import AnyIndex
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import paint_focus_ring, paint_row
from annotator.ui.widgets.painting import paint_words
from annotator.workflows.exporting import FormatInfo

_LINES = {
    "docbin": "{suffix} · trains as it is",
    "prodigy": "{suffix} · text, tokens, spans, relations",
    "native": "{suffix} · back into annotator",
}
_LINE = int(Qt.ItemDataRole.UserRole) + 1
_ROW = 48


class FormatList(QListWidget):
    """Formats under each other; `chosen(str)` gives the name of the one that is current."""

    chosen = Signal(str)

    def __init__(self, formats: Sequence[FormatInfo], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Format")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(self))
        for each in formats:
            item = QListWidgetItem(_short(each.title), self)
            item.setData(Qt.ItemDataRole.UserRole, each.name)
            item.setData(_LINE, _LINES.get(each.name, "{suffix}").format(suffix=each.suffix))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, item.data(_LINE))
        self.currentItemChanged.connect(self._on_changed)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def choose(self, name: str) -> None:
        """Make a format the current one."""
        for row in range(self.count()):
            if self.item(row).data(Qt.ItemDataRole.UserRole) == name:
                self.setCurrentRow(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter belongs to the dialog.
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
            return
        super().keyPressEvent(event)

    def _on_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.viewport().update()

    def _on_look_changed(self) -> None:
        self.setFixedWidth(theme_hub().px(196))
        self.doItemsLayout()


class _Rows(QStyledItemDelegate):
    """Draws a format."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        row: QRect = option.rect.adjusted(hub.px(10), 1, -hub.px(10), -1)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        paint_row(painter, row, theme, chosen=is_chosen, hovered=hovered)
        if is_chosen and option.state & QStyle.StateFlag.State_HasFocus:
            paint_focus_ring(painter, row, theme)
        area = row.adjusted(hub.px(12), 0, -hub.px(8), 0)
        middle = row.center().y()
        upper = QRect(area.left(), middle - hub.px(18), area.width(), hub.px(18))
        lower = QRect(area.left(), middle + hub.px(1), area.width(), hub.px(16))
        name = fonts.sans(13, 600 if is_chosen else 500)
        paint_words(painter, upper, str(index.data()), font=name, color=theme.ink)
        paint_words(painter, lower, str(index.data(_LINE)), font=fonts.sans(11), color=theme.dim)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(theme_hub().px(176), theme_hub().px(_ROW))


def _short(title: str) -> str:
    """Leave out what a title says in brackets: the line below it has the room."""
    return title.split(" (", maxsplit=1)[0]
