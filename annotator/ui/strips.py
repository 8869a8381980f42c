"""The strips above the article: questions that wait for an answer, and states that last. None takes the focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.style import set_look
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Chip, ElidedLabel, Kind, Strip, Tone
from annotator.ui.widgets.lines import make_label

DISMISSIBLE = frozenset(
    {"problem", "undo", "remove", "suggest", "backup", "export", "training", "order", "alike", "doccano"}
)
"""Names of strips that `Esc` takes down: not answering them changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A button of a strip: its words, what it does, the key that does the same."""

    text: str
    run: Callable[[], object]
    key: str = ""
    kind: Kind = "quiet"


def make_strip(text: str, *answers: Answer, tone: Tone = "question", icon_name: str = "") -> Strip:
    """Make a strip with its answers."""
    strip = Strip(text, tone=tone, icon_name=icon_name)
    for answer in answers:
        button = strip.add_button(answer.text, kind=answer.kind, key=answer.key)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False, run=answer.run: run())
    return strip


class Strips(QWidget):
    """The strips in their order; each has a name, and the same name replaces."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._by_name: dict[str, QWidget] = {}
        self.hide()

    def show_strip(self, name: str, strip: QWidget) -> None:
        """Show a strip below the others, or in the place of the one of the same name."""
        old = self._by_name.get(name)
        at = self._column.indexOf(old) if old is not None else self._column.count()
        self._drop(name)
        strip.setParent(self)
        self._by_name[name] = strip
        self._column.insertWidget(at, strip)
        strip.show()
        self.show()
        self.changed.emit()

    def take_down(self, name: str) -> None:
        """Take a strip down, if it is there."""
        if name in self._by_name:
            self._drop(name)
            self.setVisible(bool(self._by_name))
            self.changed.emit()

    def dismiss(self) -> bool:
        """Take down the newest strip that may go unanswered; tell whether there was one."""
        name = next((name for name in reversed(self._by_name) if name in DISMISSIBLE), None)
        if name is not None:
            self.take_down(name)
        return name is not None

    def clear(self) -> None:
        """Take all strips down."""
        for name in tuple(self._by_name):
            self.take_down(name)

    def get(self, name: str) -> QWidget | None:
        """Give the strip of a name, or None."""
        return self._by_name.get(name)

    def words(self) -> dict[str, str]:
        """Give what stands in the strips by their names, with the answers there are."""
        found: dict[str, str] = {}
        for name, strip in self._by_name.items():
            if isinstance(strip, Strip):
                answers = ", ".join(button.text() for button in strip.buttons)
                found[name] = f"{strip.text} {answers}".strip()
            else:
                found[name] = strip.accessibleDescription()
        return found

    def first_button(self) -> QWidget | None:
        """Give what `F6` puts the focus on, or None where nothing is asked."""
        for strip in self._by_name.values():
            if isinstance(strip, Strip) and strip.buttons:
                return strip.buttons[0]
        return None

    def _drop(self, name: str) -> None:
        strip = self._by_name.pop(name, None)
        if strip is not None:
            self._column.removeWidget(strip)
            strip.hide()
            strip.deleteLater()


class RelationStrip(QWidget):
    """Names the span a relation begins at, what to type, and how many partners there are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Relation")
        row = QHBoxLayout(self)
        row.setContentsMargins(44, 4, 16, 4)
        row.setSpacing(8)
        self._before = make_label(parent=self)
        self._chip = Chip("", "slate", self)
        self._words = ElidedLabel("", None, self)
        self._words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._after = ElidedLabel("", None, self)
        self._after.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._count = make_label(parent=self)
        for label in (self._before, self._after, self._count):
            label.setTextFormat(Qt.TextFormat.PlainText)
            set_look(label, "dim")
        for widget in (self._before, self._chip, self._words, self._after, self._count):
            row.addWidget(widget)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def show_start(
        self, *, before: str, label: str, color: str, is_candidate: bool, words: str, after: str, count: str
    ) -> None:
        """Say where it begins and what to do."""
        self._before.setText(before)
        self._chip.set_label(label, color, form="hollow" if is_candidate else "filled")
        self._words.setText(words)
        self._after.setText(after)
        self._count.setText(count)
        self.setAccessibleDescription(f"{before} {label} {words}. {after} {count}")
        metrics = QFontMetrics(fonts.serif(16))
        self._words.setMaximumWidth(min(theme_hub().px(260), metrics.horizontalAdvance(words) + 4))

    def _on_look_changed(self) -> None:
        self.setFixedHeight(theme_hub().px(40))
        self._words.setFont(fonts.serif(16))
        self._words.setStyleSheet(f"font-family: '{fonts.SERIF}'; font-size: {theme_hub().px(16)}px;")
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        hub = theme_hub()
        painter = QPainter(self)
        painter.fillRect(self.rect(), hub.theme.wash)
        sign = self.rect().adjusted(20, 0, 0, 0)
        sign.setWidth(hub.px(16))
        paint_icon(painter, "relation", sign, hub.theme.accent)
        painter.end()
