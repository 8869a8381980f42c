"""Chooses how many candidates are shown: a slider of a few steps, with what it means in words under it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from annotator.ui.theme import theme_hub
from annotator.ui.widgets import make_label
from annotator.workflows.showing import SHOWN_FROM


class HowMany(QWidget):
    """The slider; `chosen(float)` the least score that is to be shown, 0 to 1."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(SHOWN_FROM) - 1)
        self.slider.setPageStep(1)
        self.slider.setAccessibleName("Candidates shown, from fewer to more")
        self.slider.setToolTip("Fewer or more candidates  (Ctrl+Alt+←, Ctrl+Alt+→)")
        self.slider.valueChanged.connect(self._on_moved)
        self._told = make_label("", "dim", wrap=True)
        ends = QHBoxLayout()
        ends.addWidget(make_label("fewer", "dim"))
        ends.addWidget(self.slider, 1)
        ends.addWidget(make_label("more", "dim"))
        self._column = QVBoxLayout(self)
        self._column.addWidget(make_label("Candidates shown", "head"))
        self._column.addLayout(ends)
        self._column.addWidget(self._told)
        theme_hub().changed.connect(self._space)
        self._space()
        self.show_least(SHOWN_FROM[0])

    @property
    def words(self) -> str:
        """What is said under the slider."""
        return self._told.text()

    def show_least(self, least: float) -> None:
        """Show what is chosen, without telling."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(min(range(len(SHOWN_FROM)), key=lambda at: abs(SHOWN_FROM[at] - least)))
        self._tell()

    def set_writable(self, writable: bool) -> None:  # noqa: FBT001 - a setter of one flag, as Qt's own
        """Let it be changed, or only be looked at."""
        self.slider.setEnabled(writable)

    def _on_moved(self) -> None:
        self._tell()
        self.chosen.emit(SHOWN_FROM[self.slider.value()])

    def _tell(self) -> None:
        least = SHOWN_FROM[self.slider.value()]
        words = f"Scored .{round(least * 100):02d} or more. What is scored lower is kept, not shown."
        self._told.setText(words)
        self.slider.setAccessibleDescription(words)

    def _space(self) -> None:
        px = theme_hub().px
        self._column.setContentsMargins(px(14), px(8), px(14), px(4))
        self._column.setSpacing(px(4))
