"""The history of a project: every act, who did it and when, and the ways back and forth.

One step alone, with the later ones that stand on it (named beforehand), or all since then; and again what was undone.
The journal may be long: it is read in pages by key, and looked through by words or by document where it lies.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QWidget

from annotator.editing.commands import Redo, Undo
from annotator.model.change import Step, StepKind
from annotator.model.errors import UserError
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.tables import VALUE, Choice, ChoiceBox, PlainTable, cell
from annotator.ui.dialogs.words import ENGLISH, day_words
from annotator.ui.widgets import EmptyState, SearchField, Strip
from annotator.workflows.session import Session

PAGE = 200
"""Steps read at once."""
_AGAIN = 2000
"""Most steps that are read again after a change; who scrolled further back begins anew there."""
_ICONS = {
    StepKind.ACT: "state_done:faint",
    StepKind.UNDO: "undo:dim",
    StepKind.REDO: "redo:dim",
    StepKind.REMOVAL: "trash:dim",
    StepKind.PAST: "lock:faint",
}
_NAMED = 3


class HistoryDialog(DialogFrame):
    """`undo_wanted(Undo)` and `redo_wanted(Redo)` ask for it. The list follows the project.

    Args:
        document: row key of the document that the list can be narrowed to, None if none is open.
    """

    undo_wanted = Signal(object)
    redo_wanted = Signal(object)

    def __init__(self, session: Session, document: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            "History", parent, subtitle="Undo is a step of its own, and can be undone.", scrolls=False
        )
        self._session = session
        self._steps: list[Step] = []
        self._has_more = True
        self.filter = SearchField("Filter", name="Filter the history")
        self.scope_box = ChoiceBox((Choice(None, "All documents"), Choice(document, "This document")))
        self.scope_box.setAccessibleName("Of which documents")
        self.scope_box.setVisible(document is not None)
        self._model = QStandardItemModel(0, 4, self)
        self._model.setHorizontalHeaderLabels(["Step", "Documents", "When", "Who"])
        self.table = PlainTable("Steps, newest first", row_height=32)
        self.table.setProperty("keeps_choice", True)
        self.table.show_model(self._model, widths=(0, 90, 130, 110))
        self.empty = EmptyState(
            "clock", "Nothing was done yet", "Every act is listed here, and can be taken back."
        )
        self.nothing = EmptyState("search", "No step like this", "Look for other words, or in all documents.")
        self.question = Strip("", tone="warn")
        self.question.hide()
        self._arrange()
        self._connect()
        self._read()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.filter, 1)
        row.addWidget(self.scope_box)
        self.body.addLayout(row)
        for widget in (self.table, self.empty, self.nothing):
            self.body.addWidget(widget, 1)
        self.body.addWidget(self.question)
        self.redo_button = self.add_button("Redo")
        self.one_button = self.add_button("Undo this one")
        self.all_button = self.add_button("Undo up to here")
        self.close_button = self.add_button("Close", kind="primary")

    def _connect(self) -> None:
        # Typing on waits a moment: looking through a long journal takes a tenth of a second.
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(120)
        self._typing.timeout.connect(self._read)
        self.filter.textChanged.connect(lambda _text: self._typing.start())
        self.scope_box.currentIndexChanged.connect(lambda _index: self._read())
        self.table.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_buttons())
        self.redo_button.clicked.connect(self._redo)
        self.one_button.clicked.connect(self._undo_one)
        self.all_button.clicked.connect(self._undo_all)
        self.close_button.clicked.connect(self.accept)
        stop = self._session.listen(lambda _changes: self._read_again())
        self.finished.connect(lambda _result: stop())
        self.finished.connect(lambda _result: self._typing.stop())

    # ------------------------------------------------------------------ the list

    def _page(self, limit: int, *, before: int | None = None) -> list[Step]:
        document = self.scope_box.value
        return self._session.history(
            limit,
            before=before,
            words=self.filter.text(),
            document=document if isinstance(document, int) else None,
        )

    def _read(self) -> None:
        self._fill(PAGE)

    def _read_again(self) -> None:
        self._fill(min(_AGAIN, max(PAGE, len(self._steps))))

    def _fill(self, count: int) -> None:
        chosen = self._chosen()
        place = self.table.verticalScrollBar().value()
        self._steps = self._page(count)
        self._has_more = len(self._steps) == count
        self._model.removeRows(0, self._model.rowCount())
        self._append(self._steps)
        stands = next((number for number, each in enumerate(self._steps) if _stands(each)), 0)
        rows = (number for number, each in enumerate(self._steps) if chosen and each.key == chosen.key)
        if self._steps:
            self.table.selectRow(next(rows, stands))
            self.table.verticalScrollBar().setValue(place)
        has_any = bool(self._steps) or self._session.count_steps() > 0
        self.table.setVisible(bool(self._steps))
        self.filter.setVisible(has_any)
        self.empty.setVisible(not has_any)
        self.nothing.setVisible(has_any and not self._steps)
        self._show_buttons()

    def _append(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._model.appendRow(_cells(step))

    def _on_scrolled(self, value: int) -> None:
        """Read further back when the end is near."""
        bar = self.table.verticalScrollBar()
        if self._has_more and self._steps and bar.maximum() > 0 and value >= bar.maximum() - bar.pageStep():
            more = self._page(PAGE, before=self._steps[-1].key)
            self._has_more = len(more) == PAGE
            self._steps += more
            self._append(more)
            self._show_note()

    def _chosen(self) -> Step | None:
        index: QModelIndex = self.table.currentIndex()
        key = index.siblingAtColumn(0).data(VALUE) if index.isValid() else None
        return next((each for each in self._steps if each.key == key), None)

    # ------------------------------------------------------------------ back and forth

    def _show_buttons(self) -> None:
        self._take_question_down()
        step = self._chosen()
        can = step is not None and not self._session.read_only
        self.one_button.setEnabled(can and step is not None and _stands(step))
        self.redo_button.setEnabled(can and self._redoable(step) is not None)
        since = self._session.count_standing_since(step.key) if can and step is not None else 0
        self.all_button.setEnabled(bool(since))
        self.all_button.setText(f"Undo up to here ({since:,})" if since else "Undo up to here")
        self._show_note()

    def _show_note(self) -> None:
        step = self._chosen()
        if step is not None and step.kind is StepKind.REMOVAL:
            self.set_note("Nothing brings this back.", token="warn")
            return
        if step is not None and step.kind is StepKind.PAST:
            self.set_note("Undo ended after this, when the project was repaired.", token="warn")
            return
        total = self._session.count_steps()
        is_narrowed = bool(self.filter.text().strip()) or self.scope_box.value is not None
        if not is_narrowed:
            self.set_note(counted(total, "step") if total else "")
            return
        more = " and more" if self._has_more else ""
        self.set_note(f"{len(self._steps):,}{more} of {counted(total, 'step')}")

    def _redoable(self, step: Step | None) -> Step | None:
        """Give the undo that redoing a step would take back: it itself, or the one that undid it."""
        if step is None or step.redoable:
            return step
        return self._session.undo_of(step.key) if step.undone else None

    def _redo(self) -> None:
        entry = self._redoable(self._chosen())
        if entry is not None:
            self.redo_wanted.emit(Redo(entry.key))

    def _undo_all(self) -> None:
        step = self._chosen()
        if step is not None:
            steps = tuple(self._session.standing_since(step.key))
            self.undo_wanted.emit(Undo(steps=steps, with_later=True))

    def _undo_one(self) -> None:
        """Undo the chosen step; where later ones stand on it, name them first."""
        step = self._chosen()
        if step is None:
            return
        try:
            along = self._session.goes_along((step.key,))
        except UserError as error:
            self.set_fault(error)
            return
        if not along:
            self.undo_wanted.emit(Undo(steps=(step.key,)))
            return
        self._take_question_down()
        names = ", ".join(f"“{each.name}”" for each in along[:_NAMED])
        names += f" and {len(along) - _NAMED:,} more" if len(along) > _NAMED else ""
        them = "it" if len(along) == 1 else "them"
        self.question.set_message(f"Later steps stand on this one and go with it: {names}.")
        yes = self.question.add_button(f"Undo with {them} ({len(along) + 1:,})")
        no = self.question.add_button("Keep")
        yes.clicked.connect(lambda: self.undo_wanted.emit(Undo(steps=(step.key,), with_later=True)))
        no.clicked.connect(self._take_question_down)
        self.question.show()
        yes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_question_down(self) -> None:
        self.question.hide()
        self.question.remove_buttons()


def _cells(step: Step) -> list[QStandardItem]:
    token = "faint" if step.undone or step.kind is not StepKind.ACT else "ink"
    icon = "undo:faint" if step.undone else _ICONS[step.kind]
    name = f"{step.name} (undone)" if step.undone else step.name
    moment = QDateTime.fromSecsSinceEpoch(int(step.at))
    when = ENGLISH.toString(moment, "dddd, d MMMM yyyy, HH:mm:ss")
    return [
        cell(name, icon=icon, token=token, value=step.key, tip=name),
        cell(f"{step.documents:,}" if step.documents else "–", token="dim", right=True),
        cell(day_words(step.at), token="dim", tip=when),
        cell(step.annotator, token="dim"),
    ]


def _stands(step: Step) -> bool:
    return step.kind is StepKind.ACT and not step.undone
