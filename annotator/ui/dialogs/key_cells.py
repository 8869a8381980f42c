"""Cells that show a key as a cap."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QTableView

from annotator.ui import fonts
from annotator.ui.dialogs.tables import AnyIndex, CellDelegate
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import key_cap_size, key_words, paint_key_cap
from annotator.ui.widgets.painting import paint_words

HEAD = int(Qt.ItemDataRole.UserRole) + 30
"""Role: words that head a group of rows; a cell that has them shows them instead of keys."""


class KeyCells(CellDelegate):
    """Draws the text of a cell as a key cap; several keys stand in several caps, two blanks between them."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._view = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one cell."""
        hub = theme_hub()
        row: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, hub.theme.wash if self._view.hasFocus() else hub.theme.hover)
            if index.column() == 0:
                painter.fillRect(QRect(row.left(), row.top() + 4, 3, row.height() - 8), hub.theme.accent)
        painter.fillRect(QRect(row.left(), row.bottom(), row.width(), 1), hub.theme.line)
        head = index.data(HEAD)
        if head:
            place = row.adjusted(hub.px(8), hub.px(4), 0, 0)
            paint_words(painter, place, str(head), font=fonts.sans(12, 600), color=hub.theme.dim)
            return
        left = row.left() + hub.px(8)
        for key in str(index.data() or "").split("  "):
            words = key_words(key)
            if not words:
                continue
            size = key_cap_size(words)
            place = QRect(left, row.top() + (row.height() - size.height()) // 2, size.width(), size.height())
            paint_key_cap(painter, place, words, hub.theme)
            left += size.width() + hub.px(6)
