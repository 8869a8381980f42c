"""The Spans and Relations tabs: everything in the document as a table to sort, filter and act from.

They are also the full way through the document for those who cannot see the article.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.models.article_words import score_words
from annotator.ui.models.item_tables import ROW_ROLE, ItemRow, ItemTable
from annotator.ui.theme import Theme, theme_hub
from annotator.ui.widgets import ChipForm, EmptyState, SearchField, chip_size, make_label, paint_chip
from annotator.ui.widgets.painting import paint_focus_ring, paint_words

Index = QModelIndex | QPersistentModelIndex

_ROW = 30
_FORMS: dict[str, ChipForm] = {"accepted": "filled", "candidate": "hollow", "rejected": "struck"}
_STATE_ICONS = {"accepted": "check", "candidate": "state_todo", "rejected": "cross"}
TYPE_DELAY = 150
"""Milliseconds from a typed sign to a filtered table."""


class ItemDelegate(QStyledItemDelegate):
    """Paints the cells: a label as a chip, words in serif, a state as an icon with its score."""

    def __init__(self, view: ItemView, columns: Sequence[str]) -> None:
        super().__init__(view)
        self._view = view
        self._columns = tuple(columns)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme_hub().px(40), theme_hub().px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell as its column is."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, ItemRow):
            return
        theme, px = theme_hub().theme, theme_hub().px
        rect = QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.wash)
        elif index.row() == self._view.hovered:
            painter.fillRect(rect, theme.hover)
        area = rect.adjusted(px(8), 0, -px(4), 0)
        is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        words = row.cells[index.column()]
        match self._columns[index.column()]:
            case "chip":
                self._paint_chip(painter, area, row, words, theme, is_mirrored=is_mirrored)
            case "type":
                color = theme.warn if row.problem else theme.ink
                paint_words(painter, area, words, font=fonts.sans(11, 600), color=color, align=side)
            case "serif":
                font = fonts.serif(13)
                font.setStrikeOut(row.state == "rejected")
                color = theme.faint if row.state == "rejected" else theme.ink
                paint_words(painter, area, words, font=font, color=color, align=side)
            case "state":
                self._paint_state(painter, area, row, theme, is_mirrored=is_mirrored)
            case _:
                end = Qt.AlignmentFlag.AlignLeft if is_mirrored else Qt.AlignmentFlag.AlignRight
                paint_words(painter, area, words, font=fonts.sans(11), color=theme.dim, align=end)
        painter.restore()

    def _paint_chip(
        self, painter: QPainter, area: QRect, row: ItemRow, words: str, theme: Theme, *, is_mirrored: bool
    ) -> None:
        size = chip_size(words, "small")
        width = min(size.width(), area.width())
        left = area.right() - width + 1 if is_mirrored else area.left()
        chip = QRect(left, area.top() + (area.height() - size.height()) // 2, width, size.height())
        paint_chip(painter, chip, words, row.color, theme, form=_FORMS[row.state], size="small")

    def _paint_state(
        self, painter: QPainter, area: QRect, row: ItemRow, theme: Theme, *, is_mirrored: bool
    ) -> None:
        px = theme_hub().px
        signs = [("warning", theme.warn)] if row.problem else []
        signs.append((_STATE_ICONS[row.state], theme.dim))
        signs += [("flag", theme.bad)] if row.flagged else []
        signs += [("note", theme.dim)] if row.noted else []
        left = area.right() - px(13) if is_mirrored else area.left()
        for name, color in signs:
            top = area.top() + (area.height() - px(13)) // 2
            paint_icon(painter, name, QRect(left, top, px(13), px(13)), color)
            left += -px(16) if is_mirrored else px(16)
        if row.state == "candidate" and row.score is not None and len(signs) < 3:
            font = fonts.sans(11)
            width = QFontMetrics(font).horizontalAdvance(score_words(row.score)) + 2
            place = QRect(left - width + px(13) if is_mirrored else left, area.top(), width, area.height())
            paint_words(painter, place, score_words(row.score), font=font, color=theme.dim)


class ItemView(QTableView):
    """The table.

    Signals: `chosen(str)` item id, by click or Enter; `accept_wanted(str)`, `reject_wanted(str)` by A and X.
    """

    chosen = Signal(str)
    accept_wanted = Signal(str)
    reject_wanted = Signal(str)
    left_upwards = Signal()

    def __init__(self, model: ItemTable, columns: Sequence[str], stretched: Sequence[int]) -> None:
        super().__init__()
        self._items = model
        self._columns = tuple(columns)
        self.hovered = -1
        self.setModel(model)
        self.setItemDelegate(ItemDelegate(self, columns))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(20)
        head.setSectionsClickable(True)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        # The third click on a head brings the reading order back.
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorShown(True)
        head.sortIndicatorChanged.connect(self._on_sorted)
        for column in range(model.columnCount()):
            is_wide = column in stretched
            head.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if is_wide else QHeaderView.ResizeMode.Fixed
            )
        self.clicked.connect(self._on_chosen)
        self.entered.connect(self._on_entered)
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()

    def set_current_item(self, item_id: str) -> None:
        """Mark a row as the one that is selected in the article; an unknown id marks none."""
        place = self._items.place(item_id) if item_id else None
        if place is None:
            self.clearSelection()
            return
        if self.currentIndex().row() != place or not self.selectionModel().isRowSelected(place):
            self.setCurrentIndex(self._items.index(place, 0))
        self.scrollTo(self._items.index(place, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            row = self.visualRect(index)
            ring = QRect(0, row.top(), self.viewport().width(), row.height())
            painter = QPainter(self.viewport())
            paint_focus_ring(painter, ring, theme_hub().theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._items.row(self.currentIndex().row())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if row is None or not plain:
            super().keyPressEvent(event)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.chosen.emit(row.id)
        elif event.key() == Qt.Key.Key_A:
            self.accept_wanted.emit(row.id)
        elif event.key() in {Qt.Key.Key_X, Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.reject_wanted.emit(row.id)
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() == 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Search nothing: letters are acts here, and words are for the filter."""

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered = -1
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._items.rowCount():
            self.setCurrentIndex(self._items.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()  # the ring goes round the whole row

    def _on_chosen(self, index: Index) -> None:
        row = self._items.row(index.row())
        if row is not None:
            self.chosen.emit(row.id)

    def _on_sorted(self, column: int, order: Qt.SortOrder) -> None:
        row = self._items.row(self.currentIndex().row())
        self._items.sort(column, order)
        self.set_current_item(row.id if row is not None else "")

    def _on_entered(self, index: Index) -> None:
        self.hovered = index.row()
        self.viewport().update()

    def _lay_out(self) -> None:
        px = theme_hub().px
        widths = {"chip": 78, "type": 98, "state": 58, "number": 34}
        self.verticalHeader().setDefaultSectionSize(px(_ROW))
        for column, kind in enumerate(self._columns):
            if kind in widths:
                self.setColumnWidth(column, px(widths[kind]))
        self.viewport().update()


class TablePage(QWidget):
    """A table with its filter above and its count below.

    Signals: `item_chosen(str)` item id; `accept_wanted(str)`, `reject_wanted(str)` item id.
    """

    item_chosen = Signal(str)
    accept_wanted = Signal(str)
    reject_wanted = Signal(str)

    def __init__(
        self,
        model: ItemTable,
        columns: Sequence[str],
        *,
        name: str,
        stretched: Sequence[int],
        empty: EmptyState,
    ) -> None:
        super().__init__()
        self.model = model
        model.setParent(self)
        self._current = ""
        self.field = SearchField(
            self.tr("Filter"), icon_name="filter", name=self.tr("Filter {name}").format(name=name)
        )
        self.field.setToolTip(self.tr("Words, labels, states: candidate, rejected, flagged, does not fit …"))
        self.view = ItemView(model, columns, stretched)
        self.view.setAccessibleName(name)
        self._told = make_label("", "hint")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(empty)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._field_box = QVBoxLayout()
        self._field_box.addWidget(self.field)
        self._column.addLayout(self._field_box)
        self._table_box = QVBoxLayout()
        self._table_box.addWidget(self._pages)
        self._column.addLayout(self._table_box, 1)
        self._told_box = QVBoxLayout()
        self._told_box.addWidget(self._told)
        self._column.addLayout(self._told_box)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPE_DELAY)
        self._timer.timeout.connect(self._apply_filter)
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_entered)
        self.view.chosen.connect(self.item_chosen)
        self.view.accept_wanted.connect(self.accept_wanted)
        self.view.reject_wanted.connect(self.reject_wanted)
        self.view.left_upwards.connect(lambda: self.field.setFocus(Qt.FocusReason.TabFocusReason))
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()

    def set_rows(self, rows: Sequence[ItemRow], current: str) -> None:
        """Show other rows; `current` is the item that is selected in the article."""
        self._current = current
        self.model.set_rows(rows)
        self._show()

    def set_current(self, item_id: str) -> None:
        """Mark what is selected in the article."""
        self._current = item_id
        self.view.set_current_item(item_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.field.hasFocus() and self.model.rowCount():
            self.view.setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)

    def _on_typed(self) -> None:
        self._timer.start()

    def _apply_filter(self) -> None:
        self._timer.stop()
        self.model.set_words(self.field.text())
        self._show()

    def _on_entered(self) -> None:
        self._apply_filter()
        first = self.model.row(0)
        if first is not None:
            self.item_chosen.emit(first.id)

    def _show(self) -> None:
        total, shown = self.model.total, self.model.rowCount()
        self._pages.setCurrentIndex(0 if total else 1)
        self.field.setEnabled(total > 0)
        words = self.tr("{shown} of {total}").format(shown=f"{shown:,}", total=f"{total:,}")
        self._told.setText(words if shown != total else f"{total:,}")
        self._told.setVisible(total > 0)
        self.view.set_current_item(self._current)

    def _lay_out(self) -> None:
        px = theme_hub().px
        self._field_box.setContentsMargins(px(12), px(10), px(12), px(6))
        self._table_box.setContentsMargins(px(6), 0, px(2), 0)
        self._told_box.setContentsMargins(px(14), px(4), px(16), px(6))
