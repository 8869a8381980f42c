"""Strips: a question or a notice above the article, which waits for an answer and never takes the focus."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from annotator.ui.icons import GRID
from annotator.ui.style import restyle
from annotator.ui.theme import theme_hub
from annotator.ui.widgets.button import Button, Kind
from annotator.ui.widgets.lines import Sign, make_label

Tone = Literal["question", "warn", "good", "bad"]

MOST_BUTTONS = 3
_ICONS: dict[Tone, str] = {"question": "help", "warn": "warning", "good": "check", "bad": "warning"}
_COLORS: dict[Tone, str] = {"question": "accent", "warn": "warn", "good": "good", "bad": "bad"}


class Strip(QFrame):
    """An icon, a text that may wrap, and up to three buttons; narrow, the buttons go under the text."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, tone: Tone = "question", icon_name: str = ""
    ) -> None:
        super().__init__(parent)
        self._tone: Tone = tone
        self._icon_name = icon_name
        self._is_stacked = False
        self._sign = Sign(_ICONS[tone])
        self._text = make_label("", wrap=True)
        self._buttons: list[Button] = []
        self._button_row = QWidget()
        row = QHBoxLayout(self._button_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addStretch(1)
        self._grid = QGridLayout(self)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._sign, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self._text, 0, 1)
        self._grid.addWidget(self._button_row, 0, 2, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.set_message(text, tone=tone, icon_name=icon_name)
        theme_hub().changed.connect(self._on_look_changed)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Its buttons, in reading order."""
        return tuple(self._buttons)

    def set_message(self, text: str, *, tone: Tone | None = None, icon_name: str | None = None) -> None:
        """Say something else; without a tone or an icon those it had stay."""
        self._tone = tone or self._tone
        self._icon_name = self._icon_name if icon_name is None else icon_name
        self._sign.set_icon_name(self._icon_name or _ICONS[self._tone], role=_COLORS[self._tone])
        self._text.setText(text)
        self.setAccessibleName(text)
        if self.property("strip") != self._tone:
            self.setProperty("strip", self._tone)
            restyle(self)
        self._on_look_changed()

    def add_button(self, text: str, *, kind: Kind = "quiet", key: str = "") -> Button:
        """Add a button at the end and return it, for its `clicked`.

        Raises:
            ValueError: three are enough for anybody.
        """
        if len(self._buttons) == MOST_BUTTONS:
            raise ValueError("A strip has three buttons at most.")
        button = Button(text, kind=kind, key=key)
        self._buttons.append(button)
        row = self._button_row.layout()
        if row is not None:
            row.addWidget(button)
        self._arrange()
        return button

    def remove_buttons(self) -> None:
        """Take all buttons away."""
        for button in self._buttons:
            button.setParent(None)
            button.deleteLater()
        self._buttons.clear()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the buttons beside the text, or under it where they would take more than half the width."""
        hub = theme_hub()
        # A quiet button brings room of its own.
        self._grid.setContentsMargins(hub.px(10), hub.px(3), hub.px(4 if self._buttons else 12), hub.px(3))
        self._button_row.setVisible(bool(self._buttons))
        wanted = sum(button.sizeHint().width() + 4 for button in self._buttons)
        text_width = self._text.fontMetrics().horizontalAdvance(self._text.text())
        room = self.width() - wanted - hub.px(48)
        is_stacked = bool(self._buttons) and text_width > room and wanted > self.width() * 0.45
        if is_stacked == self._is_stacked:
            return
        self._is_stacked = is_stacked
        self._grid.removeWidget(self._button_row)
        if is_stacked:
            self._grid.addWidget(self._button_row, 1, 1, 1, 2)
        else:
            self._grid.addWidget(self._button_row, 0, 2, Qt.AlignmentFlag.AlignTop)

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        line = hub.px(28)
        self._grid.setHorizontalSpacing(hub.px(8))
        self._grid.setVerticalSpacing(hub.px(2))
        # The first line of the text, the icon and the buttons share one middle.
        above = max(0, (line - self._text.fontMetrics().height()) // 2)
        self._text.setContentsMargins(0, above, 0, above)
        self._sign.setFixedSize(hub.px(GRID), line)
        self._arrange()
