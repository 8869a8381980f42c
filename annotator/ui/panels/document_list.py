"""The list of documents: a view whose rows a delegate paints, and the keys it knows.

A row says its state by an icon, its title, and how far it is. The open document has a wash and a bar; the list's
own cursor, moved by the arrows, has a ring. Which documents stand here is the model's matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from annotator.model.document import State
from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.models.documents import ROW_ROLE, DocumentsModel
from annotator.ui.theme import Theme, theme_hub
from annotator.workflows.session import DocumentRow

Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 48
SIDE = 8
_ICON_LEFT = 19
_ICON = 14
_TITLE_LEFT = 42
_BAR = 3

_STATE_ICONS = {
    State.TODO: "state_todo",
    State.IN_PROGRESS: "state_open",
    State.DONE: "state_done",
    State.SKIPPED: "state_skipped",
}


class RowAreas(NamedTuple):
    """Where the parts of a row lie, and the fonts of its two lines."""

    icon: QRect
    title: QRect
    told: QRect
    title_font: QFont
    told_font: QFont


def state_sign(row: DocumentRow, theme: Theme) -> tuple[str, QColor]:
    """Give the icon of a document and its colour; a flag goes first, the words tell the state as well."""
    if row.flagged:
        return "flag", theme.bad
    colors = {
        State.TODO: theme.dim,
        State.IN_PROGRESS: theme.accent,
        State.DONE: theme.good if theme.is_dark else theme.ink,
        State.SKIPPED: theme.faint,
    }
    return _STATE_ICONS[row.state], colors[row.state]


def row_areas(rect: QRect, direction: Qt.LayoutDirection) -> RowAreas:
    """Lay out one row in a rectangle."""
    px = theme_hub().px
    icon = QRect(rect.left() + px(_ICON_LEFT), rect.top() + px(10), px(_ICON), px(_ICON))
    left = rect.left() + px(_TITLE_LEFT)
    width = max(1, rect.right() - px(10) - left)
    title = QRect(left, rect.top() + px(5), width, px(20))
    told = QRect(left, rect.top() + px(25), width, px(17))
    icon, title, told = (QStyle.visualRect(direction, rect, each) for each in (icon, title, told))
    return RowAreas(icon, title, told, fonts.sans(13, 500), fonts.sans(11))


class DocumentDelegate(QStyledItemDelegate):
    """Paints one row; every row is as high as the others."""

    def __init__(self, view: DocumentList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme_hub().px(100), theme_hub().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, icon, title and how far the document is."""
        row = index.data(ROW_ROLE)
        if row is None:
            return
        theme = theme_hub().theme
        is_open = row.key == self._view.open_key
        areas = row_areas(option.rect, option.direction)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, theme, is_open=is_open)
        name, color = state_sign(row, theme)
        paint_icon(painter, name, areas.icon, color)
        is_quiet = row.state is State.SKIPPED or row.excluded
        painter.setFont(areas.title_font)
        painter.setPen(theme.dim if is_quiet and not is_open else theme.ink)
        _draw_line(painter, areas.title, row.title, option.direction)
        painter.setFont(areas.told_font)
        painter.setPen(theme.dim)
        _draw_line(painter, areas.told, self._view.documents.words(row), option.direction)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, theme: Theme, *, is_open: bool
    ) -> None:
        # Beside a scroll bar the row needs no margin of its own.
        end = 1 if self._view.verticalScrollBar().isVisible() else SIDE
        row = QStyle.visualRect(option.direction, option.rect, option.rect.adjusted(SIDE, 1, -end, -1))
        area = QRectF(row)
        is_under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        has_cursor = bool(option.state & QStyle.StateFlag.State_HasFocus) and self._view.hasFocus()
        painter.setPen(Qt.PenStyle.NoPen)
        if is_open or is_under:
            painter.setBrush(theme.wash if is_open else theme.hover)
            painter.drawRoundedRect(area, 4, 4)
        if is_open:
            height = theme_hub().px(28)
            bar = QRect(option.rect.left() + SIDE, 0, _BAR, height)
            bar.moveTop(option.rect.top() + (option.rect.height() - height) // 2)
            painter.setBrush(theme.accent)
            painter.drawRoundedRect(QStyle.visualRect(option.direction, option.rect, bar), 1.5, 1.5)
        if has_cursor:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Say the whole title, and how far the document is, where the row is too narrow for its words."""
        row = index.data(ROW_ROLE)
        is_short = row is not None and not row.skipped_by_suggester
        if row is None or (is_short and not is_cut(option.rect, row.title, self._view.documents.words(row))):
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPos(), index.data(Qt.ItemDataRole.ToolTipRole), view)
        return True


def is_cut(rect: QRect, title: str, told: str) -> bool:
    """Tell whether a row of this size is too narrow for its two lines."""
    areas = row_areas(rect, Qt.LayoutDirection.LeftToRight)
    return (
        QFontMetrics(areas.title_font).horizontalAdvance(title) > areas.title.width()
        or QFontMetrics(areas.told_font).horizontalAdvance(told) > areas.told.width()
    )


def _draw_line(painter: QPainter, area: QRect, words: str, direction: Qt.LayoutDirection) -> None:
    side = (
        Qt.AlignmentFlag.AlignRight
        if direction == Qt.LayoutDirection.RightToLeft
        else Qt.AlignmentFlag.AlignLeft
    )
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


class DocumentList(QTableView):
    """The list itself: a table of one column, whose rows are all as high, so that a million need no layout.

    Signals: `document_chosen(int)` row key, by click or Enter; `menu_wanted(int, QPoint)` row key and place on the
    screen; `typed(str)` signs that belong into the filter; `left_upwards()` the cursor wants out at the top.
    """

    document_chosen = Signal(int)
    menu_wanted = Signal(int, QPoint)
    typed = Signal(str)
    left_upwards = Signal()

    def __init__(self, model: DocumentsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.documents = model
        self.open_key: int | None = None
        self.setModel(model)
        self.setItemDelegate(DocumentDelegate(self))
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(1)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._set_row_height()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("Documents")
        self.clicked.connect(self._on_chosen)
        theme_hub().changed.connect(self._on_theme_changed)

    def set_open(self, key: int | None, *, reveal: bool) -> None:
        """Mark the open document, put the cursor on it, and bring it into view if `reveal`."""
        self.open_key = key
        place = self.documents.place(key) if key is not None else None
        if place is not None:
            index = self.documents.index(place)
            self.setCurrentIndex(index)
            if reveal:
                self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self.viewport().update()

    @contextmanager
    def staying(self, stays: bool) -> Iterator[None]:  # noqa: FBT001 - a switch of two states
        """Let other rows come without being scrolled, if it `stays`."""
        bar = self.verticalScrollBar()
        at = bar.value()
        self.setAutoScroll(not stays)
        try:
            yield
        finally:
            if stays:
                bar.setValue(at)
            self.setAutoScroll(True)

    def choose_first(self) -> None:
        """Open the first document of the list."""
        if self.documents.rowCount():
            self._on_chosen(self.documents.index(0))

    def _on_chosen(self, index: Index) -> None:
        key = self.documents.key(index.row())
        if key is not None:
            self.document_chosen.emit(key)

    def _on_theme_changed(self) -> None:
        self._set_row_height()
        self.viewport().update()

    def _set_row_height(self) -> None:
        height = theme_hub().px(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    def moveCursor(
        self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        # In a table these two go along the row.
        if cursorAction == QAbstractItemView.CursorAction.MoveHome:
            return self.documents.index(0)
        if cursorAction == QAbstractItemView.CursorAction.MoveEnd:
            return self.documents.index(self.documents.rowCount() - 1)
        return super().moveCursor(cursorAction, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
            if self.currentIndex().isValid():
                self._on_chosen(self.currentIndex())
        elif event.key() == Qt.Key.Key_Up and plain and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        elif plain and event.text() and event.text().isprintable() and not event.text().isspace():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.visualRect(index).center()
        else:
            place = event.pos()
            index = self.indexAt(place)
        key = self.documents.key(index.row()) if index.isValid() else None
        if key is not None:
            self.menu_wanted.emit(key, self.viewport().mapToGlobal(place))
