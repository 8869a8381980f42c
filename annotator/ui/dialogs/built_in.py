"""The page of suggesters for one that comes with the program: what it does, what can be chosen of it, how it did."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from annotator.ui.dialogs.record_panel import RecordPanel
from annotator.ui.style import set_surface
from annotator.ui.widgets import EmptyState, Hairline
from annotator.workflows.suggester_list import SuggesterInfo
from annotator.workflows.suggester_records import SuggesterRecord


class BuiltIn(QWidget):
    """Signals: `switched(kind, on)` what a person switched; `mapping_wanted()`."""

    switched = Signal(str, bool)
    mapping_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = ""
        self.about = EmptyState("wand", "")
        self.record = RecordPanel()
        set_surface(self.record, "panel")
        self.record.switched.connect(lambda is_on: self.switched.emit(self._kind, is_on))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.about, 1)
        row.addWidget(Hairline(orientation=Qt.Orientation.Vertical))
        row.addWidget(self.record)

    def show_suggester(self, each: SuggesterInfo, record: SuggesterRecord, *, writable: bool) -> None:
        """Show one of them, and its record."""
        self._kind = each.kind
        self.record.show_record(record, is_on=each.is_on, writable=writable)
        self.about.set_words("wand", each.title, each.about)
        self.about.remove_buttons()
        if each.option:
            button = self.about.add_button(each.option)
            button.clicked.connect(lambda: self.switched.emit(each.option_kind, True))
            button.setEnabled(writable)
        if each.has_mapping:
            button = self.about.add_button("Pipeline and its labels …", key="Ctrl+Shift+L")
            button.clicked.connect(self.mapping_wanted)
            button.setEnabled(writable)
