"""Parts that the panels share: rows to click, the act at the head of a section, sections, notes, the entered line.

Each follows the theme and the text size by itself and can be reached by keyboard.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.ui import fonts
from annotator.ui.style import Look
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import (
    ElidedLabel,
    key_cap_size,
    key_words,
    make_label,
    paint_focus_ring,
    paint_frame,
    paint_key_cap,
)
from annotator.ui.widgets.painting import RADIUS_CONTROL, paint_words

MARGIN = 16
"""Space beside what stands in the right panel, at 100 %."""
ROW_MARGIN = 10
"""The same for rows, which have room inside for their hover tone."""
MOST_LINES = 10
"""A note higher than this scrolls."""
_LONGEST_RUN = 18
"""Code points without a blank after which a word may be broken."""


def wrapped_label(look: Look | None = None) -> QLabel:
    """Make a label that wraps and never asks for more width than there is."""
    label = make_label("", look, wrap=True)
    label.setMinimumWidth(1)
    return label


def breakable(words: str) -> str:
    """Let words too long for a line (addresses, hashes) be broken, by a blank that takes no room."""
    return re.sub(rf"(\S{{{_LONGEST_RUN}}})(?=\S)", "\\1\u200b", words)


class RowButton(QAbstractButton):
    """A row to click: hover tone, ring when the keyboard is on it; what stands in it, a subclass paints."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._ring_shows = False
        theme_hub().changed.connect(self._on_look_changed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_ground(painter)
        self._paint_row(painter)
        if self.hasFocus() and self._ring_shows:
            paint_focus_ring(painter, self.rect(), theme_hub().theme)

    def _paint_ground(self, painter: QPainter) -> None:
        """Paint what lies under the row."""
        theme = theme_hub().theme
        if self.isEnabled() and (self.isDown() or self.underMouse()):
            fill = theme.press if self.isDown() else theme.hover
            paint_frame(painter, self.rect(), fill=fill, border=None, radius=RADIUS_CONTROL)

    def _paint_row(self, painter: QPainter) -> None:
        """Paint what stands in the row."""
        raise NotImplementedError

    def mirrored(self, rect: QRect) -> QRect:
        """Give the place of a part, which is another where windows are read from right to left."""
        if self.layoutDirection() != Qt.LayoutDirection.RightToLeft:
            return rect
        return QRect(self.width() - rect.right() - 1, rect.top(), rect.width(), rect.height())

    @property
    def start(self) -> Qt.AlignmentFlag:
        """Give the side at which words begin."""
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft

    @property
    def finish(self) -> Qt.AlignmentFlag:
        """Give the side at which figures stand."""
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return Qt.AlignmentFlag.AlignLeft if is_mirrored else Qt.AlignmentFlag.AlignRight

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Coming back to the window shows the ring only where it was before.
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            self._ring_shows = False
        elif event.reason() not in {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}:
            self._ring_shows = True
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._ring_shows = True
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.isEnabled():
            self.click()
            return
        super().keyPressEvent(event)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class HintButton(RowButton):
    """The act of a section, at the end of its head: quiet words and a key cap; a click does it as well."""

    def __init__(self, text: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key_words(key)
        self.set_words(text)
        self.setAccessibleDescription(self.tr("Key {keys}").format(keys=self._key))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_words(self, text: str) -> None:
        """Say something else."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        px = theme_hub().px
        cap = key_cap_size(self._key)
        words = QFontMetrics(fonts.sans(11)).horizontalAdvance(self.text())
        return QSize(words + px(8) + cap.width() + 2 * px(4) + 2, max(px(24), cap.height() + px(4)))

    def _paint_row(self, painter: QPainter) -> None:
        theme, px = theme_hub().theme, theme_hub().px
        size = key_cap_size(self._key)
        area = self.rect().adjusted(px(4), 0, -px(4), 0)
        cap = QRect(
            area.right() - size.width() + 1, (self.height() - size.height()) // 2, size.width(), size.height()
        )
        words = QRect(area.left(), 0, cap.left() - px(8) - area.left(), self.height())
        paint_key_cap(
            painter, self.mirrored(cap), self._key, theme, tone="plain" if self.isEnabled() else "off"
        )
        color = theme.dim if self.isEnabled() else theme.off_word
        font = fonts.sans(11)
        paint_words(painter, self.mirrored(words), self.text(), font=font, color=color, align=self.finish)


class Section(QWidget):
    """A head with an act at its end, and what stands under it in `body`."""

    acted = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, key: str = "", margin: int = MARGIN, goes_on: bool = False
    ) -> None:
        """Make a section whose body stands `margin` from the sides; `goes_on` belongs to the one above."""
        super().__init__(parent)
        self._margin, self._goes_on = margin, goes_on
        self.title = ElidedLabel("", "section")
        self.act = HintButton("", key) if key else None
        self._head = QHBoxLayout()
        self._head.addWidget(self.title, 1)
        if self.act is not None:
            self._head.addWidget(self.act)
            self.act.clicked.connect(self.acted)
        self.body = QVBoxLayout()
        self._whole = QVBoxLayout(self)
        self._whole.addLayout(self._head)
        self._whole.addLayout(self.body)
        self._lay_out()
        theme_hub().changed.connect(self._lay_out)

    def set_head(self, title: str, act: str = "") -> None:
        """Name the section and its act."""
        self.title.setText(title)
        if self.act is not None and act:
            self.act.set_words(act)
            self.act.setAccessibleName(f"{title}, {act}")

    def set_act(self, *, shown: bool, possible: bool = True) -> None:
        """Show or hide the act, and let it be done or not."""
        if self.act is not None:
            self.act.setVisible(shown)
            self.act.setEnabled(possible)

    def _lay_out(self) -> None:
        px = theme_hub().px
        # The cap at the end has room of its own, so that its frame ends where the body does.
        self._head.setContentsMargins(px(MARGIN), 0, px(MARGIN - 4), 0)
        self._head.setSpacing(px(8))
        self.body.setContentsMargins(px(self._margin), px(2), px(self._margin), 0)
        self.body.setSpacing(px(4))
        self._whole.setContentsMargins(0, 0 if self._goes_on else px(8), 0, px(10))
        self._whole.setSpacing(px(2))


class NoteField(QPlainTextEdit):
    """A field for a note: as high as its words, taken over when it is left or by Ctrl+Enter; Esc gives it up.

    Signals: `note_changed(str)` when other words are taken over, `closed()` after Ctrl+Enter or Esc.
    """

    note_changed = Signal(str)
    closed = Signal()

    def __init__(self, placeholder: str, parent: QWidget | None = None, *, lines: int = 2) -> None:
        super().__init__(parent)
        self._note = ""
        self._lines = lines
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        theme_hub().changed.connect(self._fit)
        self._fit()

    def set_note(self, note: str) -> None:
        """Show a note, unless the same one is being changed right now."""
        if note == self._note and self.hasFocus():
            return
        self._note = note
        if self.toPlainText() != note:
            self.setPlainText(note)

    def take_over(self) -> None:
        """Say that the note is now what stands there, if it is another than before."""
        note = self.toPlainText().strip()
        if note != self._note and not self.isReadOnly():
            self._note = note
            self.note_changed.emit(note)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that end a note from the window while one is written."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _closes(event):
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.take_over()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _closes(event):
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Escape:
            self.setPlainText(self._note)
        else:
            self.take_over()
        self.closed.emit()

    def _fit(self) -> None:
        # A plain text document measures its size in lines.
        wanted = max(self._lines, round(self.document().documentLayout().documentSize().height()))
        lines = min(wanted, MOST_LINES)
        # Rounding must not bring a scroll bar beside a note that is all there.
        policy = (
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if wanted > lines else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setVerticalScrollBarPolicy(policy)
        line = QFontMetrics(self.font()).lineSpacing()
        height = lines * line + 2 * theme_hub().px(6) + round(2 * self.document().documentMargin())
        if height != self.height():
            self.setFixedHeight(height)


def _closes(event: QKeyEvent) -> bool:
    """Tell whether a key ends the writing of a note: Esc or Ctrl+Enter."""
    if event.key() == Qt.Key.Key_Escape:
        return True
    is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


class EnteredLine(QWidget):
    """A 2 px accent line at the top of a panel that was entered by keyboard; gone when the focus leaves it."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self._panel = panel
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        panel.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication), "a widget needs an application"
        app.focusChanged.connect(self._on_focus_changed)

    def enter(self) -> None:
        """Show the line until the focus leaves the panel."""
        self._fit()
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme_hub().theme.accent)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def _fit(self) -> None:
        self.setGeometry(0, 0, self._panel.width(), 2)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or (new is not self._panel and not self._panel.isAncestorOf(new)):
            self.hide()
