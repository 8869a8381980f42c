"""The history of a project: every act, who did it and when, and two ways back: this one alone, or all since then."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QWidget

from annotator.editing.commands import Undo
from annotator.model.change import Step, StepKind
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.tables import VALUE, PlainTable, cell
from annotator.ui.dialogs.words import counted, day_words
from annotator.ui.widgets import EmptyState, SearchField
from annotator.workflows.session import Session

PAGE = 200


class HistoryDialog(DialogFrame):
    """`undo_wanted(Undo)` asks for it; what stands in the way is the window's to say. The list follows the project."""

    undo_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            "History", parent, subtitle="Undo is a step of its own: nothing is ever lost.", scrolls=False
        )
        self._session = session
        self._steps: list[Step] = []
        self._has_more = True
        self.filter = SearchField("Filter", name="Filter the history")
        self.filter.textChanged.connect(lambda _text: self._show())
        self._model = QStandardItemModel(0, 4, self)
        self.table = PlainTable("Steps, newest first", row_height=32)
        self.table.setProperty("keeps_choice", True)
        self.table.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.empty = EmptyState(
            "clock", "Nothing was done yet", "Every act is listed here, and can be taken back."
        )
        self.body.addWidget(self.filter)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.empty, 1)
        self.one_button = self.add_button("Undo this one")
        self.all_button = self.add_button("Undo up to here")
        self.close_button = self.add_button("Close", kind="primary")
        self.one_button.clicked.connect(lambda: self._undo(everything_since=False))
        self.all_button.clicked.connect(lambda: self._undo(everything_since=True))
        self.close_button.clicked.connect(self.accept)
        self._stop_listening = session.listen(lambda _changes: self._read())
        self.finished.connect(lambda _result: self._stop_listening())
        self._read()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        count = max(PAGE, len(self._steps))
        self._steps = self._session.history(count)
        self._has_more = len(self._steps) == count
        self._show()

    def _on_scrolled(self, value: int) -> None:
        """Read further back when the end is near."""
        bar = self.table.verticalScrollBar()
        if self._has_more and self._steps and value >= bar.maximum() - 40 and bar.maximum() > 0:
            more = self._session.history(PAGE, before=self._steps[-1].key)
            self._has_more = len(more) == PAGE
            self._steps += more
            self._show()
            bar.setValue(value)

    def _show(self) -> None:
        chosen = self._chosen()
        words = self.filter.text().casefold().split()
        self._model.clear()
        self._model.setHorizontalHeaderLabels(["Step", "Documents", "When", "Who"])
        shown = [
            each
            for each in self._steps
            if all(word in f"{each.name} {each.annotator}".casefold() for word in words)
        ]
        for step in shown:
            token = "faint" if step.undone or step.kind is not StepKind.ACT else "ink"
            icon = {StepKind.ACT: "state_done:faint", StepKind.UNDO: "undo:dim", StepKind.REDO: "redo:dim"}[
                step.kind
            ]
            name = f"{step.name} (undone)" if step.undone else step.name
            self._model.appendRow(
                [
                    cell(
                        name,
                        icon="undo:faint" if step.undone else icon,
                        token=token,
                        value=step.key,
                        tip=name,
                    ),
                    cell(f"{step.documents:,}" if step.documents else "–", token="dim", right=True),
                    cell(day_words(step.at), token="dim"),
                    cell(step.annotator, token="dim"),
                ]
            )
        self.table.show_model(self._model, widths=(0, 90, 130, 110))
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_buttons())
        stands = next((number for number, each in enumerate(shown) if _stands(each)), 0)
        row = next((number for number, each in enumerate(shown) if chosen and each.key == chosen.key), stands)
        if shown:
            self.table.selectRow(row)
        self.table.setVisible(bool(self._steps))
        self.filter.setVisible(bool(self._steps))
        self.empty.setVisible(not self._steps)
        self._show_buttons()

    def _chosen(self) -> Step | None:
        index: QModelIndex = self.table.currentIndex()
        key = index.siblingAtColumn(0).data(VALUE) if index.isValid() else None
        return next((each for each in self._steps if each.key == key), None)

    def _since(self, step: Step) -> list[int]:
        """List the acts from the newest back to this one that stand."""
        return [each.key for each in self._steps if each.key >= step.key and _stands(each)]

    def _show_buttons(self) -> None:
        step = self._chosen()
        can = step is not None and _stands(step) and not self._session.read_only
        self.one_button.setEnabled(can)
        since = self._since(step) if step is not None and not self._session.read_only else []
        self.all_button.setEnabled(bool(since))
        self.all_button.setText(f"Undo up to here ({len(since):,})" if since else "Undo up to here")
        more = "" if not self._has_more else " and more"
        self.set_note(f"{counted(len(self._steps), 'step')}{more}" if self._steps else "")

    def _undo(self, *, everything_since: bool) -> None:
        step = self._chosen()
        if step is None:
            return
        keys = self._since(step) if everything_since else [step.key]
        if keys:
            self.undo_wanted.emit(Undo(steps=tuple(keys), with_later=everything_since))


def _stands(step: Step) -> bool:
    return step.kind is StepKind.ACT and not step.undone
