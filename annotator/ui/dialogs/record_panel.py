"""The right side of the page of suggesters, for one that comes with the program: how it did so far, and its switch."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.record_charts import ByScore, OverTime
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, make_label
from annotator.workflows.suggester_records import SuggesterRecord

NOTHING = "Nothing that it proposed was decided yet. This shows how often it is right as soon as you accept or reject."


class RecordPanel(QWidget):
    """`switched(on)` when a person switches the suggester that is shown."""

    switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("So far")
        self._is_on = True
        self._right = make_label("", "second", wrap=True)
        self._over = make_label("Over the documents", "strong", wrap=True)
        self.over_time = OverTime()
        self._believed = make_label("Right by score", "strong", wrap=True)
        self.by_score = ByScore()
        self._told = make_label("", "dim", wrap=True)
        self.switch_button = Button("", kind="plain")
        self.switch_button.clicked.connect(lambda: self.switched.emit(not self._is_on))
        self._column = QVBoxLayout(self)
        self._column.addWidget(make_label("So far", "head"))
        self._column.addWidget(self._right)
        self._column.addWidget(self.switch_button, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._over, self.over_time, self._believed, self.by_score, self._told):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        theme_hub().changed.connect(self._space)
        self._space()

    @property
    def words(self) -> str:
        """What it says."""
        labels = (self._right, self._told)
        return " ".join(each.text() for each in labels if not each.isHidden())

    def show_record(self, record: SuggesterRecord, *, is_on: bool, writable: bool) -> None:
        """Show how a suggester did, and whether it is on."""
        self._is_on = is_on
        self.switch_button.setText("Switch it off" if is_on else "Switch it on")
        self.switch_button.setEnabled(writable)
        right = NOTHING
        if record.decided:
            share = record.right / record.decided
            documents = counted(record.spread, "document")
            right = (
                f"Right so far: {record.right:,} of {record.decided:,} shown, {share:.0%}, in {documents}."
            )
        self._right.setText(right)
        self.over_time.show_record(record)
        self.by_score.show_record(record)
        has_line, has_scores = bool(record.decided), self.by_score.has_points
        for label, is_shown in (
            (self._over, has_line),
            (self._believed, has_scores),
            (self._told, has_scores),
        ):
            label.setVisible(is_shown)
        self.over_time.setVisible(has_line)
        self.by_score.setVisible(has_scores)
        self._told.setText(
            "On the dashed line candidates are right as often as their score says, above it more often. "
            "The larger a dot, the more was decided."
        )

    def _space(self) -> None:
        px = theme_hub().px
        self._column.setContentsMargins(px(16), px(12), px(16), px(8))
        self._column.setSpacing(px(8))
