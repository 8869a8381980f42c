"""Empty states: what is not there yet, why, and the one next act."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.ui.theme import theme_hub
from annotator.ui.widgets.button import Button, Kind
from annotator.ui.widgets.lines import Sign, make_label

_SIGN = 24
_MEASURE = 440


class EmptyState(QWidget):
    """An icon, a head, a sentence or two and buttons, in the middle of the room there is."""

    def __init__(
        self,
        icon_name: str,
        head: str,
        text: str = "",
        parent: QWidget | None = None,
        *,
        measure: int = _MEASURE,
    ) -> None:
        super().__init__(parent)
        self._measure = measure
        self._sign = Sign(icon_name, size=_SIGN)
        self._head = make_label(head, "head", wrap=True)
        self._text = make_label(text, "second", wrap=True)
        self._buttons: list[Button] = []
        for label in (self._head, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(0)
        column.addStretch(2)
        column.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for label, space in ((self._head, 6), (self._text, 12)):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(label, 1000)
            row.addStretch(1)
            column.addLayout(row)
            column.addSpacing(space)
        column.addLayout(self._row)
        column.addStretch(3)
        self.set_words(icon_name, head, text)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Its buttons, in reading order."""
        return tuple(self._buttons)

    def set_words(self, icon_name: str, head: str, text: str = "") -> None:
        """Say something else."""
        self._sign.set_icon_name(icon_name)
        self._head.setText(head)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(head)
        self.setAccessibleDescription(text)

    def add_button(self, text: str, *, kind: Kind = "plain", key: str = "") -> Button:
        """Add a button at the end and return it, for its `clicked`."""
        button = Button(text, kind=kind, key=key)
        self._buttons.append(button)
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def remove_buttons(self) -> None:
        """Take all buttons away."""
        for button in self._buttons:
            button.setParent(None)
            button.deleteLater()
        self._buttons.clear()

    def _on_look_changed(self) -> None:
        for label in (self._head, self._text):
            label.setMaximumWidth(theme_hub().px(self._measure))
