"""The lists of types on the page of the schema: drag or Alt+arrows put them in another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
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

from annotator.model.annotation import Kind
from annotator.model.schema import EntityType, Type
from annotator.ui import fonts
from annotator.ui.dialogs.tables import AnyIndex
from annotator.ui.icons import paint_icon
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import (
    IconButton,
    chip_size,
    key_cap_size,
    key_words,
    make_label,
    paint_chip,
    paint_focus_ring,
    paint_key_cap,
    paint_row,
)
from annotator.ui.widgets.painting import paint_words

_TYPE = int(Qt.ItemDataRole.UserRole)
_USED = _TYPE + 1
_ROWS = {Kind.SPAN: 36, Kind.RELATION: 30}
_GRIP, _KEY = 30, 80


class TypeSection(QWidget):
    """A head with a button to add one, column heads, and the list; `chosen(Type)`, `add_wanted`, `order_wanted`."""

    chosen = Signal(object)
    add_wanted = Signal()
    order_wanted = Signal(object)
    left = Signal(int)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        is_span = kind is Kind.SPAN
        name = "Entity types" if is_span else "Relation types"
        self.add_button = IconButton("plus", "New entity type" if is_span else "New relation type")
        self.add_button.clicked.connect(self.add_wanted)
        self.list = TypeList(kind, name)
        self.list.chosen.connect(self.chosen)
        self.list.order_wanted.connect(self.order_wanted)
        self.list.left.connect(self.left)
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 10, 4)
        head.addWidget(make_label(name, "head"), 1)
        head.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(_Heads("Type" if is_span else "Relation"))
        column.addWidget(self.list)


class TypeList(QListWidget):
    """The types of one kind, in their order."""

    chosen = Signal(object)
    order_wanted = Signal(object)
    left = Signal(int)

    def __init__(self, kind: Kind, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.setAccessibleName(name)
        self.setAccessibleDescription("Alt with the arrows puts a type in another place.")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setItemDelegate(_Rows(kind, self))
        self.currentItemChanged.connect(self._on_changed)
        theme_hub().changed.connect(self._fit)

    def show_types(self, types: Sequence[Type], used: Mapping[str, int]) -> None:
        """Show these; the current one stays current."""
        current = self.current()
        self.blockSignals(True)
        self.clear()
        for each in types:
            item = QListWidgetItem(each.shown or each.name, self)
            item.setData(_TYPE, each)
            item.setData(_USED, used.get(each.name, 0))
            item.setData(
                Qt.ItemDataRole.AccessibleDescriptionRole,
                f"key {each.shortcut}, used {used.get(each.name, 0):,}",
            )
            if current is not None and each.key == current.key:
                self.setCurrentItem(item)
        self.blockSignals(False)
        self._fit()

    def current(self) -> Type | None:
        """Give the type that is current."""
        chosen = self.selectedItems()
        return chosen[0].data(_TYPE) if chosen else None

    def choose(self, key: int) -> bool:
        """Make the type of a row key current without telling; tell whether it is there."""
        self.blockSignals(True)
        found = next((row for row in range(self.count()) if self.item(row).data(_TYPE).key == key), None)
        if found is None:
            self.setCurrentRow(-1)
            self.clearSelection()
        else:
            self.setCurrentRow(found)
        self.blockSignals(False)
        self.viewport().update()
        return found is not None

    def names(self) -> tuple[str, ...]:
        """Give the names in the order in which they stand."""
        return tuple(self.item(row).data(_TYPE).name for row in range(self.count()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.currentRow()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if key not in steps:
            super().keyPressEvent(event)
            return
        other = row + steps[Qt.Key(key)]
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if 0 <= other < self.count() and self.dragEnabled():
                self.insertItem(other, self.takeItem(row))
                self.setCurrentRow(other)
                self.order_wanted.emit(self.names())
        elif 0 <= other < self.count():
            self.setCurrentRow(other)
        else:
            self.left.emit(steps[Qt.Key(key)])

    def dropEvent(self, event: QDropEvent) -> None:
        before = self.names()
        super().dropEvent(event)
        if self.names() != before:
            self.order_wanted.emit(self.names())

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(200), theme_hub().px(_ROWS[self.kind]) * self.count() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _on_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_TYPE))

    def _fit(self) -> None:
        self.doItemsLayout()
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()


class _Heads(QWidget):
    """The heads of the columns, where the rows have them."""

    def __init__(self, first: str) -> None:
        super().__init__()
        self._first = first
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_hub().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(160), theme_hub().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        hub = theme_hub()
        painter = QPainter(self)
        places = _places(self.rect())
        for where, text, align in zip(
            places,
            (self._first, "Key", "Used"),
            (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight),
            strict=True,
        ):
            paint_words(painter, where, text, font=fonts.sans(11, 600), color=hub.theme.dim, align=align)
        painter.fillRect(QRect(hub.px(14), self.height() - 1, self.width() - hub.px(24), 1), hub.theme.line)


class _Rows(QStyledItemDelegate):
    """Draws a type: grip, chip or name, key, how often it is used."""

    def __init__(self, kind: Kind, parent: QListWidget) -> None:
        super().__init__(parent)
        self._kind = kind

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        each: Type = index.data(_TYPE)
        area: QRect = option.rect
        row = area.adjusted(hub.px(12), 1, -hub.px(8), -1)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        paint_row(painter, row, theme, chosen=is_chosen, hovered=hovered)
        if is_chosen and option.state & QStyle.StateFlag.State_HasFocus:
            paint_focus_ring(painter, row, theme)
        side = hub.px(14)
        grip = QRect(row.left() + hub.px(10), row.top() + (row.height() - side) // 2, side, side)
        paint_icon(painter, "grip", grip, theme.dim if hovered or is_chosen else theme.off)
        name, key, used = _places(area)
        if isinstance(each, EntityType):
            size = chip_size(each.shown or each.name)
            width = min(size.width(), name.width())
            chip = QRect(name.left(), area.top() + (area.height() - size.height()) // 2, width, size.height())
            paint_chip(painter, chip, each.shown or each.name, each.color, theme)
        else:
            paint_words(painter, name, each.shown or each.name, font=fonts.sans(12), color=theme.ink)
        if each.shortcut:
            words = key_words(each.shortcut)
            cap = key_cap_size(words)
            place = QRect(
                key.left(), area.top() + (area.height() - cap.height()) // 2, cap.width(), cap.height()
            )
            paint_key_cap(painter, place, words, theme)
        count = f"{index.data(_USED):,}"
        align = Qt.AlignmentFlag.AlignRight
        paint_words(painter, used, count, font=fonts.sans(13), color=theme.ink, align=align)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(theme_hub().px(160), theme_hub().px(_ROWS[self._kind]))


def _places(area: QRect) -> tuple[QRect, QRect, QRect]:
    """Give the places of name, key and count in a row."""
    hub = theme_hub()
    right = area.right() - hub.px(20)
    used = QRect(right - hub.px(44), area.top(), hub.px(44), area.height())
    key = QRect(area.right() - hub.px(_KEY + 24), area.top(), hub.px(56), area.height())
    left = area.left() + hub.px(12 + _GRIP)
    name = QRect(left, area.top(), max(0, key.left() - left - hub.px(6)), area.height())
    return name, key, used
