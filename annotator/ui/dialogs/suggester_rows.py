"""Lists of suggesters with a switch in each row: a click on the box, or Space, switches one on or off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.ui import fonts
from annotator.ui.dialogs.tables import AnyIndex
from annotator.ui.icons import paint_icon
from annotator.ui.plain import plain_tip
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import (
    ChipForm,
    IconButton,
    chip_size,
    make_label,
    paint_chip,
    paint_focus_ring,
    paint_frame,
    paint_row,
)
from annotator.ui.widgets.painting import paint_words

_ROW = int(Qt.ItemDataRole.UserRole)
_HEIGHT, _BOX = 46, 16
_LEFT = 12


@dataclass(frozen=True, slots=True)
class SuggesterRow:
    """A row: what it is about, what it says in two lines, its label with colour where it has one, and its switch."""

    id: str
    title: str
    detail: str
    is_on: bool
    label: str = ""
    color: str = ""


class SuggesterSection(QWidget):
    """A head, with a button where one can be added, and the list."""

    def __init__(self, name: str, parent: QWidget | None = None, *, add: str = "") -> None:
        super().__init__(parent)
        self.list = SwitchList(name)
        self.add_button = IconButton("plus", add or name)
        self.add_button.setVisible(bool(add))
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 10, 4)
        head.addWidget(make_label(name, "head"), 1)
        if add:
            head.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list)


class SwitchList(QListWidget):
    """Rows of suggesters; `chosen(id)`, `switched(id, on)`, `remove_wanted(id)`, `left(by)` at its ends."""

    chosen = Signal(str)
    switched = Signal(str, bool)
    remove_wanted = Signal(str)
    left = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_writable = True
        self.setAccessibleName(name)
        self.setAccessibleDescription("Space switches one on or off.")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setItemDelegate(_Rows(self))
        self.currentItemChanged.connect(self._on_changed)
        theme_hub().changed.connect(self._fit)

    def show_rows(self, rows: Sequence[SuggesterRow]) -> None:
        """Show these; the current one stays current."""
        current = self.current
        self.blockSignals(True)
        if [each.id for each in rows] != self._ids():
            self.clear()
            for _ in rows:
                self.addItem(QListWidgetItem())
        for number, each in enumerate(rows):
            _fill(self.item(number), each)
        self.blockSignals(False)
        self.choose(current)
        self._fit()

    @property
    def rows(self) -> tuple[SuggesterRow, ...]:
        """Give what is shown."""
        return tuple(self.item(number).data(_ROW) for number in range(self.count()))

    @property
    def current(self) -> str:
        """Give the id of the current row, empty without one."""
        chosen = self.selectedItems()
        return chosen[0].data(_ROW).id if chosen else ""

    def choose(self, identity: str) -> bool:
        """Make a row current without telling; tell whether it is there."""
        ids = self._ids()
        self.blockSignals(True)
        if identity in ids:
            self.setCurrentRow(ids.index(identity))
        else:
            self.setCurrentRow(-1)
            self.clearSelection()
        self.blockSignals(False)
        self.viewport().update()
        return identity in ids

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.currentRow()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if key in steps and not 0 <= row + steps[Qt.Key(key)] < self.count():
            self.left.emit(steps[Qt.Key(key)])
        elif key == Qt.Key.Key_Space and row >= 0:
            self._switch(row)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and row >= 0 and self.is_writable:
            self.remove_wanted.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        reach = theme_hub().px(_LEFT + 2 * _BOX)
        if row >= 0 and event.position().x() < reach and event.button() == Qt.MouseButton.LeftButton:
            self._switch(row)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let the focus alone choose nothing, unless Tab brought it to where nothing was chosen."""
        current = self.current
        self.blockSignals(True)
        super().focusInEvent(event)
        self.blockSignals(False)
        by_tab = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        if not current and by_tab and self.count():
            self._on_changed(self.item(0))
        elif not current:
            self.choose("")

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(200), theme_hub().px(_HEIGHT) * self.count() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _ids(self) -> list[str]:
        return [self.item(number).data(_ROW).id for number in range(self.count())]

    def _switch(self, number: int) -> None:
        row: SuggesterRow = self.item(number).data(_ROW)
        if self.is_writable:
            self.switched.emit(row.id, not row.is_on)

    def _on_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_ROW).id)

    def _fit(self) -> None:
        self.doItemsLayout()
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()


def _fill(item: QListWidgetItem, row: SuggesterRow) -> None:
    item.setText(row.title)
    item.setData(_ROW, row)
    words = ", ".join(filter(None, ("on" if row.is_on else "off", row.label, row.detail)))
    item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, words)
    item.setToolTip(plain_tip(f"{row.title}: {words}"))


class _Rows(QStyledItemDelegate):
    """Draws a row: the box, the title, and under it the label and what more is known."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        each: SuggesterRow = index.data(_ROW)
        area: QRect = option.rect
        row = area.adjusted(hub.px(8), 1, -hub.px(8), -1)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        paint_row(painter, row, theme, chosen=is_chosen, hovered=hovered)
        if is_chosen and option.state & QStyle.StateFlag.State_HasFocus:
            paint_focus_ring(painter, row, theme)
        side = hub.px(_BOX)
        line = row.height() // 2
        box = QRect(row.left() + hub.px(_LEFT), row.top() + hub.px(6), side, side)
        fill, border = (theme.accent, theme.accent) if each.is_on else (theme.raised, theme.control)
        paint_frame(painter, box, fill=fill, border=border, radius=4)
        if each.is_on:
            paint_icon(painter, "check", box.adjusted(2, 2, -2, -2), theme.on_accent)
        left = box.right() + hub.px(10)
        first = QRect(left, row.top() + hub.px(2), row.right() - left - hub.px(8), line)
        color = theme.ink if each.is_on else theme.dim
        paint_words(painter, first, each.title, font=fonts.sans(13, 500), color=color)
        second = QRect(left, first.bottom() - hub.px(1), first.width(), line - hub.px(3))
        if each.label:
            size = chip_size(each.label, "small")
            width = min(size.width(), second.width() // 2)
            top = second.top() + (second.height() - size.height()) // 2
            chip = QRect(left, top, width, size.height())
            form: ChipForm = "filled" if each.is_on else "hollow"
            paint_chip(painter, chip, each.label, each.color, theme, form=form, size="small")
            second.setLeft(left + width + hub.px(6))
        paint_words(painter, second, each.detail, font=fonts.sans(12), color=theme.dim)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(theme_hub().px(160), theme_hub().px(_HEIGHT))
