"""Fields: a search field with icon and key cap, and a field with its label above and what is wrong below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from annotator.ui.icons import GRID, icon, paint_icon
from annotator.ui.style import set_look, set_wrong
from annotator.ui.theme import theme_hub
from annotator.ui.widgets.keycap import key_cap_size, key_words, paint_key_cap
from annotator.ui.widgets.lines import make_label


class SearchField(QLineEdit):
    """A field to search or filter with.

    While it is empty the key that leads to it stands at its end; with a text in it, a cross that empties it, as Esc
    does. Esc in the empty field is left to whoever is around it.
    """

    def __init__(
        self,
        placeholder: str = "",
        parent: QWidget | None = None,
        *,
        key: str = "",
        icon_name: str = "search",
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._key = key_words(key)
        self._icon_name = icon_name
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self._clear = QToolButton(self)
        self._clear.setIcon(icon("close", role="dim"))
        self._clear.setToolTip(self.tr("Empty the field   Esc"))
        self._clear.setAccessibleName(self.tr("Empty the field"))
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.setStyleSheet("padding: 0; border-radius: 4px;")
        self._clear.clicked.connect(self.clear)
        self.textChanged.connect(self._on_text_changed)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from a shortcut of the window while there is a text to empty."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.text():
            self.clear()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        hub = theme_hub()
        painter = QPainter(self)
        size = hub.px(GRID)
        top = (self.height() - size) // 2
        sign = QRect(self._mirrored(hub.px(10), size), top, size, size)
        paint_icon(painter, self._icon_name, sign, hub.theme.dim if self.isEnabled() else hub.theme.off)
        if self._shows_key():
            cap = key_cap_size(self._key)
            left = self._mirrored(self.width() - hub.px(6) - cap.width(), cap.width())
            where = QRect(left, (self.height() - cap.height()) // 2, cap.width(), cap.height())
            paint_key_cap(painter, where, self._key, hub.theme, tone="plain" if self.isEnabled() else "off")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._on_look_changed()

    def _shows_key(self) -> bool:
        return bool(self._key) and not self.text()

    def _mirrored(self, left: int, width: int) -> int:
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return self.width() - left - width if is_mirrored else left

    def _place(self) -> None:
        side = theme_hub().px(20)
        left = self._mirrored(self.width() - theme_hub().px(5) - side, side)
        self._clear.setGeometry(left, (self.height() - side) // 2, side, side)

    def _on_text_changed(self) -> None:
        hub = theme_hub()
        end = key_cap_size(self._key).width() if self._shows_key() else hub.px(20) if self.text() else 0
        margins = (hub.px(24), 0, end, 0)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            margins = (end, 0, hub.px(24), 0)
        self.setTextMargins(*margins)
        self._clear.setVisible(bool(self.text()))
        self.update()

    def _on_look_changed(self) -> None:
        side = theme_hub().px(GRID)
        self._clear.setIconSize(QSize(side, side))
        self._on_text_changed()
        self._place()
        self.updateGeometry()


class FormField(QWidget):
    """A label, the editor under it, and under that one line: what is wrong, else the hint."""

    def __init__(self, label: str, editor: QWidget, parent: QWidget | None = None, *, hint: str = "") -> None:
        super().__init__(parent)
        self._editor = editor
        self._hint = hint
        self._label = make_label(label, "label")
        self._label.setBuddy(editor)
        self._line = make_label("", "hint", wrap=True)
        if not editor.accessibleName():
            editor.setAccessibleName(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self._label, editor, self._line):
            column.addWidget(part)
        # Beside a taller neighbour the editor stays under its label.
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.set_fault("")

    @property
    def editor(self) -> QWidget:
        """The widget that is filled in."""
        return self._editor

    @property
    def fault(self) -> str:
        """What is wrong with the content; empty if nothing is."""
        return self._line.text() if self._editor.property("wrong") == "true" else ""

    def set_fault(self, sentence: str) -> None:
        """Say what is wrong and mark the editor; an empty sentence takes both away."""
        set_wrong(self._editor, bool(sentence))
        set_look(self._line, "bad" if sentence else "hint")
        self._line.setText(sentence or self._hint)
        self._line.setVisible(bool(sentence or self._hint))
        self._editor.setAccessibleDescription(sentence or self._hint)
