"""Tables of the dialogs: plain ones, and a column in which each row has a choice.

A choice is painted as the field it becomes when it is clicked or Space is pressed, so that thousands of rows need
no widgets. What a table holds is the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.plain import plain_tip
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import chip_size, paint_chip, paint_focus_ring, paint_frame
from annotator.ui.widgets.painting import paint_words

CHIP = int(Qt.ItemDataRole.UserRole) + 1
"""Role: colour name of the chip that the text of an item is shown in; None for plain words."""
CHOICES = int(Qt.ItemDataRole.UserRole) + 2
"""Role: the `Choice`s of an item."""
VALUE = int(Qt.ItemDataRole.UserRole) + 3
"""Role: the value that was chosen, or what a row is about."""
TOKEN = int(Qt.ItemDataRole.UserRole) + 4
"""Role: token of the colour in which the words of an item stand."""
ICON = int(Qt.ItemDataRole.UserRole) + 5
"""Role: name of the icon before the words, with its token after a colon: `warning:warn`."""
FACE = int(Qt.ItemDataRole.UserRole) + 6
"""Role: `serif`, `mono` or `strong` for words in another font."""

AnyIndex = QModelIndex | QPersistentModelIndex
_PADDING = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a cell may take: value, words, and colour name where the words are a label."""

    value: object
    words: str
    color: str | None = None


def cell(
    words: str,
    *,
    icon: str = "",
    token: str = "",
    face: str = "",
    chip: str | None = None,
    right: bool = False,
    value: object = None,
    tip: str = "",
) -> QStandardItem:
    """Make an item of a plain table."""
    item = QStandardItem(words)
    item.setEditable(False)
    for role, what in ((ICON, icon), (TOKEN, token), (FACE, face), (CHIP, chip), (VALUE, value)):
        if what not in ("", None):
            item.setData(what, role)
    if right:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if tip:
        item.setToolTip(plain_tip(tip))
    return item


def choice_cell(choices: Sequence[Choice], value: object, *, name: str) -> QStandardItem:
    """Make an item in which one of several values is chosen; `name` says to screen readers what is chosen."""
    item = QStandardItem()
    item.setData(list(choices), CHOICES)
    item.setData(name, int(Qt.ItemDataRole.AccessibleDescriptionRole))
    show_choice(item, value)
    return item


def show_choice(item: QStandardItem, value: object) -> None:
    """Show another value in a cell of choices; one that is not offered shows nothing."""
    choices: list[Choice] = item.data(CHOICES)
    found = next((each for each in choices if each.value == value), Choice(value, ""))
    item.setText(found.words)
    item.setData(found.color, CHIP)
    item.setData(value, VALUE)


class PlainTable(QTableView):
    """A table of hairlines whose rows are chosen as a whole; empty places take no focus, Tab leaves it."""

    remove_wanted = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None, *, row_height: int = 34) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self._widths: tuple[int, ...] = ()
        # A table has a model from the beginning, so that nobody need ask.
        self.setModel(QStandardItemModel(self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(CellDelegate(self))
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def show_model(self, model: QAbstractItemModel, *, widths: Sequence[int]) -> None:
        """Show a model; widths in pixels at 100 %, 0 for a column that takes what is left."""
        self._widths = tuple(widths)
        self.setModel(model)
        self._on_look_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and index.isValid() and self._open_choice(index.row()):
            return
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and index.isValid():
            self.remove_wanted.emit(index.row())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        model = self.model()
        if model.rowCount() and not self.currentIndex().isValid():
            self.setCurrentIndex(model.index(0, 0))

    def height_of_rows(self) -> int:
        """Give the height at which no row needs scrolling, in pixels."""
        rows = self.model().rowCount()
        head = self.horizontalHeader()
        above = 0 if head.isHidden() else head.sizeHint().height()
        return above + rows * theme_hub().px(self._row_height) + 2

    def _open_choice(self, row: int) -> bool:
        model = self.model()
        for column in range(model.columnCount()):
            index = model.index(row, column)
            if index.data(CHOICES):
                self.edit(index)
                return True
        return False

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        self.verticalHeader().setDefaultSectionSize(hub.px(self._row_height))
        header = self.horizontalHeader()
        for column, width in enumerate(self._widths):
            if width:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(column, hub.px(width))
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.viewport().update()


class CellDelegate(QStyledItemDelegate):
    """Draws a cell: an icon and words, a chip, or a choice; and opens the choice."""

    chosen = Signal(object, object)

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one cell."""
        hub, theme = theme_hub(), theme_hub().theme
        row: QRect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        has_focus = self._table.hasFocus()
        if is_selected:
            painter.fillRect(row, theme.wash if has_focus or self._is_listing() else theme.hover)
            if index.column() == 0:
                painter.fillRect(QRect(row.left(), row.top() + 4, 3, row.height() - 8), theme.accent)
        painter.fillRect(QRect(row.left(), row.bottom(), row.width(), 1), theme.line)
        area = row.adjusted(hub.px(_PADDING), 0, -hub.px(_PADDING), -1)
        if index.data(CHOICES):
            self._paint_choice(
                painter, area.adjusted(-hub.px(4), 3, hub.px(4), -3), index, is_selected and has_focus
            )
            return
        self._paint_words(painter, area, index)

    def _is_listing(self) -> bool:
        return bool(self._table.property("keeps_choice"))

    def _paint_words(self, painter: QPainter, area: QRect, index: AnyIndex) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        text = str(index.data() or "")
        is_on = self._table.isEnabled()
        color = theme.color(index.data(TOKEN) or "ink") if is_on else theme.off_word
        name = index.data(ICON)
        if name:
            icon, _, token = name.partition(":")
            side = hub.px(16)
            place = QRect(area.left(), area.top() + (area.height() - side) // 2, side, side)
            paint_icon(painter, icon, place, theme.color(token or "dim") if is_on else theme.off)
            area = area.adjusted(side + hub.px(8), 0, 0, 0)
        chip = index.data(CHIP)
        if chip:
            _paint_chip_at(painter, area, text, chip)
            return
        face = index.data(FACE)
        font = {
            "serif": fonts.serif(14),
            "mono": fonts.mono(12),
            "strong": fonts.sans(13, 600),
        }.get(face or "", fonts.sans(13))
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
        is_right = alignment is not None and bool(int(alignment) & int(Qt.AlignmentFlag.AlignRight))
        align = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        paint_words(painter, area, text, font=font, color=color, align=align)

    def _paint_choice(self, painter: QPainter, area: QRect, index: AnyIndex, has_focus: bool) -> None:  # noqa: FBT001
        hub, theme = theme_hub(), theme_hub().theme
        is_on = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        height = min(area.height(), hub.px(26))
        field = QRect(area.left(), area.top() + (area.height() - height) // 2, area.width(), height)
        paint_frame(
            painter, field, fill=theme.raised if is_on else theme.panel, border=theme.control, radius=6
        )
        if has_focus:
            paint_focus_ring(painter, field, theme)
        side = hub.px(14)
        arrow = QRect(field.right() - side - hub.px(6), field.top() + (height - side) // 2, side, side)
        paint_icon(painter, "chevron_down", arrow, theme.dim if is_on else theme.off)
        inner = field.adjusted(hub.px(8), 0, -side - hub.px(10), 0)
        text, chip = str(index.data() or ""), index.data(CHIP)
        if chip:
            _paint_chip_at(painter, inner, text, chip)
        else:
            color = theme.ink if is_on else theme.off_word
            paint_words(painter, inner, text, font=fonts.sans(12), color=color)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        choices: list[Choice] | None = index.data(CHOICES)
        if not choices:
            return super().createEditor(parent, option, index)
        box = ChoiceBox(choices, parent)
        box.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) or ""))
        box.choose(index.data(VALUE))
        box.activated.connect(lambda _index: self._take(box))
        QTimer.singleShot(0, box, box.showPopup)
        return box

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        if isinstance(editor, ChoiceBox):
            editor.choose(index.data(VALUE))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        if not isinstance(editor, ChoiceBox):
            return
        found = editor.choice
        if found is None or found.value == index.data(VALUE):
            return
        model.setData(index, found.words)
        model.setData(index, found.color, CHIP)
        model.setData(index, found.value, VALUE)
        self.chosen.emit(QPersistentModelIndex(index), found.value)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        editor.setGeometry(option.rect.adjusted(4, 2, -4, -3))

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        is_click = event.type() == QEvent.Type.MouseButtonRelease
        if is_click and index.data(CHOICES) and index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self._table.edit(index)
            return True
        return super().editorEvent(event, model, option, index)

    def _take(self, box: ChoiceBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)
        self._table.setFocus()


class ChoiceBox(QComboBox):
    """A field of `Choice`s; labels stand in it as chips."""

    def __init__(self, choices: Sequence[Choice] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: list[Choice] = []
        self.setMaxVisibleItems(14)
        self.view().setItemDelegate(_ChipItems(self))
        self.offer(choices)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer other values; what was chosen stays chosen if it is still there."""
        before = self.value
        self.blockSignals(True)
        self.clear()
        self._choices = list(choices)
        for each in choices:
            self.addItem(each.words)
            self.setItemData(self.count() - 1, each.color, CHIP)
        self.choose(before)
        self.blockSignals(False)

    @property
    def choice(self) -> Choice | None:
        """What is chosen."""
        index = self.currentIndex()
        return self._choices[index] if 0 <= index < len(self._choices) else None

    @property
    def value(self) -> object:
        """The value that is chosen; None for none."""
        found = self.choice
        return found.value if found is not None else None

    def choose(self, value: object) -> None:
        """Choose a value; one that is not offered chooses the first."""
        places = [number for number, each in enumerate(self._choices) if each.value == value]
        self.setCurrentIndex(places[0] if places else min(0, len(self._choices) - 1))


class _ChipItems(QStyledItemDelegate):
    """Draws the open list of a `ChoiceBox`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        chip = index.data(CHIP)
        if not chip:
            super().paint(painter, option, index)
            return
        theme = theme_hub().theme
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(option.rect, theme.wash)
        area: QRect = option.rect
        _paint_chip_at(painter, area.adjusted(theme_hub().px(8), 0, 0, 0), str(index.data()), chip)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), theme_hub().px(28))


def _paint_chip_at(painter: QPainter, area: QRect, text: str, color: str) -> None:
    size = chip_size(text)
    width = min(size.width(), area.width())
    place = QRect(area.left(), area.top() + (area.height() - size.height()) // 2, width, size.height())
    paint_chip(painter, place, text, color, theme_hub().theme)
