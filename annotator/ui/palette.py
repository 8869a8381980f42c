"""The palette: go to or do anything. It floats over the window and is gone after `Enter` or `Esc`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QWidget

from annotator.ui.messages import IconLabel
from annotator.ui.palette_entries import Entry
from annotator.ui.rows import Floating, Row, Rows
from annotator.ui.style import set_look
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Hairline, KeyCap
from annotator.ui.widgets.lines import make_label

_WIDTH, _TOP, _ROWS_HEIGHT = 720, 88, 440


class Palette(QWidget):
    """A veil over the window with the palette in it; `closed()` tells that it is gone."""

    closed = Signal()

    def __init__(self, parent: QWidget, search: Callable[[str], list[Entry]]) -> None:
        super().__init__(parent)
        self._owner = parent
        self._search = search
        self._entries: list[Entry | None] = []
        self.setAccessibleName("Go to or do anything")
        self._card = Floating(self, margin=0)
        self._build()
        parent.installEventFilter(self)
        self.hide()

    def _build(self) -> None:
        top = QWidget(self._card)
        row = QHBoxLayout(top)
        row.setContentsMargins(20, 8, 16, 8)
        row.setSpacing(12)
        self.field = QLineEdit(top)
        self.field.setFrame(False)
        self.field.setAccessibleName("Go to or do anything")
        self.field.setPlaceholderText("Go to or do anything")
        self.field.setStyleSheet("border: none; background: transparent; font-size: 16px; padding: 0;")
        self.field.textChanged.connect(self._on_text_changed)
        self.field.installEventFilter(self)
        row.addWidget(IconLabel("search", "dim", top))
        row.addWidget(self.field, 1)
        for sign, words in ((">", "actions"), ("@", "labels"), ("#", "documents"), (":", "paragraph")):
            label = make_label(f"{sign}  {words}", parent=top)
            set_look(label, "hint")
            row.addWidget(label)
        self.rows = Rows(row_height=36)
        self.rows.chosen.connect(self._take)
        self._scroll = QScrollArea(self._card)
        self._scroll.setWidget(self.rows)
        self._scroll.setWidgetResizable(True)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setStyleSheet("background: transparent;")
        self._none = make_label("Nothing answers to these words.", parent=self._card)
        set_look(self._none, "dim")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        body = self._body = QWidget(self._card)
        inside = QHBoxLayout(body)
        inside.setContentsMargins(8, 8, 8, 8)
        inside.addWidget(self._scroll)
        inside.addWidget(self._none)
        foot = QWidget(self._card)
        keys = QHBoxLayout(foot)
        keys.setContentsMargins(16, 8, 16, 8)
        keys.setSpacing(5)
        for caps, words in ((("↑", "↓"), "choose"), (("Enter",), "do it")):
            for cap in caps:
                keys.addWidget(KeyCap(cap, foot))
            label = make_label(words, parent=foot)
            set_look(label, "dim")
            keys.addWidget(label)
            keys.addSpacing(10)
        keys.addStretch(1)
        keys.addWidget(KeyCap("Esc", foot))
        for widget in (top, Hairline(self._card), body, Hairline(self._card), foot):
            self._card.column.addWidget(widget)
        self._card.show()

    def open(self, typed: str = "") -> None:
        """Show it over the whole window, with something typed already."""
        self.setGeometry(self._owner.rect())
        self.field.setText(typed)
        self._on_text_changed(typed)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Close it without doing anything."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _on_text_changed(self, typed: str) -> None:
        entries = self._search(typed)
        rows: list[Row] = []
        self._entries = []
        section = ""
        for entry in entries:
            if entry.section != section:
                section = entry.section
                rows.append(Row(text=section, is_head=True))
                self._entries.append(None)
            rows.append(
                Row(
                    text=entry.text,
                    matched=entry.matched,
                    icon=entry.icon,
                    indented=not entry.chip,
                    chip=entry.chip,
                    note=entry.why_not or entry.note,
                    cap=entry.keys,
                    disabled=bool(entry.why_not),
                )
            )
            self._entries.append(entry)
        self.rows.set_rows(tuple(rows))
        self._scroll.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._scroll.verticalScrollBar().setValue(0)
        self._place()

    def _place(self) -> None:
        hub = theme_hub()
        width = min(hub.px(_WIDTH), self.width() - 48) + 2 * Floating.SHADOW
        room = self.height() - hub.px(_TOP) - hub.px(130)
        wanted = self.rows.sizeHint().height() if self.rows.rows else hub.px(80)
        height = max(hub.px(60), min(wanted, hub.px(_ROWS_HEIGHT), room))
        self._body.setFixedHeight((height if self.rows.rows else hub.px(60)) + 16)
        self._card.setFixedWidth(width)
        self._card.adjustSize()
        self._card.move((self.width() - width) // 2, hub.px(_TOP) - Floating.SHADOW)

    def _take(self, index: int) -> None:
        entry = self._entries[index] if 0 <= index < len(self._entries) else None
        if entry is None:
            return
        self.leave()
        entry.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._owner and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._owner.rect())
            self._place()
        elif watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Escape:
                self.leave()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._take(self.rows.current)
            case Qt.Key.Key_Down | Qt.Key.Key_Tab:
                self._move(1)
            case Qt.Key.Key_Up | Qt.Key.Key_Backtab:
                self._move(-1)
            case Qt.Key.Key_PageDown:
                self._move(6)
            case Qt.Key.Key_PageUp:
                self._move(-6)
            case _:
                return False
        return True

    def _move(self, by: int) -> None:
        self.rows.move(by)
        if self.rows.current >= 0:
            rect = self.rows.rect_of(self.rows.current)
            self._scroll.ensureVisible(0, rect.center().y(), 0, rect.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.leave()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's signature
        """Keep the focus in the field while it is open."""
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 110 if theme_hub().theme.is_dark else 51))
        painter.end()
