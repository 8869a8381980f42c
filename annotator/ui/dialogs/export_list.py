"""The list of formats in the export dialog: name and a line of what it holds, and a field that finds one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QFrame,
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
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import SearchField, make_label, paint_focus_ring, paint_row
from annotator.ui.widgets.painting import paint_words
from annotator.workflows.exporting import FormatInfo

_LINES = {
    "docbin": "{suffix} · trains as it is",
    "spacy_folder": "a folder, ready to train",
    "prodigy": "{suffix} · text, tokens, spans, relations",
    "native": "{suffix} · back into annotator",
    "brat": "a folder of .txt and .ann",
    "text": "a folder of .txt, or one",
}
_LINE = int(Qt.ItemDataRole.UserRole) + 1
_WIDTH, _ROW, _NAME, _SIDE, _END, _BAR = 208, 48, 18, 12, 8, 8
"""Pixels at 100 %: of the list, of a row and its name, before and behind the words, and of the scroll bar."""
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class FormatList(QListWidget):
    """Formats under each other; `chosen(str)` gives the name of the one that is current."""

    chosen = Signal(str)

    def __init__(self, formats: Sequence[FormatInfo], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Format")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(self))
        for each in formats:
            item = QListWidgetItem(_short(each.title), self)
            item.setData(Qt.ItemDataRole.UserRole, each.name)
            item.setData(_LINE, _LINES.get(each.name, "{suffix}").format(suffix=each.suffix) or "a folder")
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, item.data(_LINE))
        self.currentItemChanged.connect(self._on_changed)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def choose(self, name: str) -> None:
        """Make a format the current one."""
        for row in range(self.count()):
            if self.item(row).data(Qt.ItemDataRole.UserRole) == name:
                self.setCurrentRow(row)

    def narrow(self, text: str) -> bool:
        """Show the formats of which title, name or ending hold all words; tell whether there are any."""
        words = text.casefold().split()
        shown = []
        for row in range(self.count()):
            item = self.item(row)
            told = f"{item.text()} {item.data(Qt.ItemDataRole.UserRole)} {item.data(_LINE)}".casefold()
            fits = all(word in told for word in words)
            item.setHidden(not fits)
            shown += [row] if fits else []
        if shown and self.currentRow() not in shown:
            self.setCurrentRow(shown[0])
        return bool(shown)

    def step(self, by: int) -> None:
        """Choose the next format that is shown, or the one before."""
        shown = [row for row in range(self.count()) if not self.item(row).isHidden()]
        if self.currentRow() in shown:
            at = shown.index(self.currentRow()) + by
            self.setCurrentRow(shown[max(0, min(at, len(shown) - 1))])

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
        self.doItemsLayout()


class FormatChooser(QWidget):
    """The list with a field that narrows it: what fits first is chosen where the chosen one does not fit."""

    def __init__(self, formats: Sequence[FormatInfo], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = FormatList(formats)
        self.field = SearchField("Find a format", key="Ctrl+F", name="Find a format")
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        shortcut = QShortcut(QKeySequence.StandardKey.Find, self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(lambda: self.field.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self._nothing = make_label("No format is called so.", "dim", wrap=True)
        self._nothing.hide()
        self._row = QVBoxLayout()
        self._row.addWidget(self.field)
        self._row.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._row)
        column.addWidget(self.list, 1)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows of the field step through the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in steps:
                self.list.step(steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, text: str) -> None:
        self._nothing.setVisible(not self.list.narrow(text))

    def _on_look_changed(self) -> None:
        self.setFixedWidth(theme_hub().px(_WIDTH))
        side = theme_hub().px(10)
        self._row.setContentsMargins(side, 0, side, 0)


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
        area = row.adjusted(hub.px(_SIDE), 0, -hub.px(_END), 0)
        words = _line_rect(str(index.data(_LINE)), area.width())
        top = row.top() + (row.height() - hub.px(_NAME) - words.height()) // 2
        upper = QRect(area.left(), top, area.width(), hub.px(_NAME))
        name = fonts.sans(13, 600 if is_chosen else 500)
        paint_words(painter, upper, str(index.data()), font=name, color=theme.ink)
        painter.setFont(fonts.sans(11))
        painter.setPen(theme.dim)
        lower = QRect(area.left(), upper.bottom() + 1, area.width(), words.height())
        painter.drawText(lower, _WRAPPED, str(index.data(_LINE)))

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        hub = theme_hub()
        width = hub.px(_WIDTH) - 2 * hub.px(10) - hub.px(_SIDE) - hub.px(_END) - hub.px(_BAR)
        height = hub.px(_NAME) + _line_rect(str(index.data(_LINE)), width).height() + hub.px(14)
        return QSize(hub.px(176), max(hub.px(_ROW), height))


def _line_rect(line: str, width: int) -> QRect:
    """Give the room that the line below a name takes: it is folded, never cut."""
    return QFontMetrics(fonts.sans(11)).boundingRect(QRect(0, 0, width, 1 << 12), _WRAPPED, line)


def _short(title: str) -> str:
    """Leave out what a title says in brackets: the line below it has the room."""
    return title.split(" (", maxsplit=1)[0]
