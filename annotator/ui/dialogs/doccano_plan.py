"""What a sync would do, before it does anything: the third page of the doccano dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.doccano_conflicts import ConflictsTable
from annotator.ui.dialogs.doccano_counts import CountsTable, figure, total, way_words
from annotator.ui.dialogs.loss_lines import LossLines
from annotator.ui.dialogs.parts import IconLine, clear_layout, give_key
from annotator.ui.dialogs.tables import CellDelegate, Choice, PlainTable, cell, choice_cell
from annotator.ui.dialogs.words import listed, seconds_words
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, CheckCard
from annotator.workflows.doccano import Choices, Deed, DocumentChange, SyncPlan, Thing, Way

_ROWS = 8
_TOLD = 20
"""Places of the server that are no places of their texts, listed at most."""
_SYNC, _LEAVE = "sync", "leave"
_WANTED = (Choice(_SYNC, "Sync"), Choice(_LEAVE, "Leave as it is"))


class PlanPage(QWidget):
    """Counts, conflicts, what stays here, what would be deleted, and the documents one by one.

    Signals: `chosen()`; `example_wanted(Loss, int)`; `grown()` when something was opened that takes room.
    """

    chosen = Signal()
    example_wanted = Signal(object, int)
    grown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: SyncPlan | None = None
        self._skipped: set[str] = set()
        self._figures = QHBoxLayout()
        self._figures.setSpacing(34)
        self.counts = CountsTable()
        self.conflicts = ConflictsTable()
        self.conflicts.chosen.connect(self.chosen)
        self.others_card = CheckCard("", " ")
        self.missing_here_card = CheckCard("", " ")
        self.missing_there_card = CheckCard("", " ")
        self.types_card = CheckCard("", " ")
        self.losses = LossLines()
        self.losses.example_wanted.connect(self.example_wanted)
        self._problems = QVBoxLayout()
        self._problems.setSpacing(8)
        self.documents_button = Button("", kind="link")
        self.documents_button.clicked.connect(self._turn_documents)
        give_key(self.documents_button, "Alt+D", "Show or hide what changes in each document")
        self.documents = PlainTable("Documents", row_height=32)
        self.documents.hide()
        delegate = self.documents.itemDelegate()
        assert isinstance(delegate, CellDelegate), "the table draws its own cells"
        delegate.chosen.connect(self._on_document_chosen)
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme_hub().px(12))
        column.addLayout(self._figures)
        for each in (self.counts, self.conflicts, *self._cards, self.losses):
            column.addWidget(each)
        column.addLayout(self._problems)
        row = QHBoxLayout()
        row.addWidget(self.documents_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.documents)
        column.addStretch(1)
        for card in self._cards:
            card.toggled.connect(self.chosen)
        theme_hub().changed.connect(self._fit_documents)

    @property
    def _cards(self) -> tuple[CheckCard, ...]:
        return self.others_card, self.missing_here_card, self.missing_there_card, self.types_card

    # ------------------------------------------------------------------ what is chosen

    def choices(self, *, only: Way | None = None) -> Choices:
        """Give what was chosen; `only` leaves what goes the other way."""
        choices = Choices(
            skipped=frozenset(self._skipped),
            delete_others=self.others_card.isChecked(),
            delete_missing_here=self.missing_here_card.isChecked(),
            delete_missing_there=self.missing_there_card.isChecked(),
            delete_types=self.types_card.isChecked(),
            only=only,
        )
        return self.conflicts.taken(choices)

    @property
    def does_something(self) -> bool:
        """Tell whether anything is done by what is chosen."""
        plan = self._plan
        if plan is None:
            return False
        kept = [each for each in plan.documents if _id_of(each) not in self._skipped]
        changes = any(sum(each.counts.values()) for each in kept)
        types = sum(plan.counts.values()) > sum(sum(each.counts.values()) for each in plan.documents)
        return bool(
            changes
            or types
            or self.conflicts.left < len(plan.conflicts)
            or any(card.isChecked() for card in self._cards)
        )

    @property
    def note(self) -> str:
        """Say what a sync takes, or that nothing is chosen."""
        if self._plan is not None and self.does_something:
            return _estimate_words(self._plan)
        return "Only conflicts are left." if self.conflicts.left else "Nothing is chosen."

    @property
    def comes_here(self) -> bool:
        """Tell whether anything comes from the server."""
        return self._plan is not None and total(self._plan.counts, Way.HERE) > 0

    def take_focus(self) -> None:
        """Put the focus where something is to be chosen."""
        chosen = [each for each in (self.conflicts.kind_box, *self._cards) if each.isVisible()]
        for each in chosen[:1]:
            each.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------ showing

    def show_plan(self, plan: SyncPlan) -> None:
        """Show another plan; nothing is chosen."""
        self._plan = plan
        self._skipped.clear()
        self._show_figures(plan)
        self.counts.show_counts(plan.counts, here="Comes here", there="Goes to the server")
        self.conflicts.show_conflicts(plan.conflicts)
        self._show_cards(plan)
        self.losses.show_losses(plan.stays)
        clear_layout(self._problems)
        if deleted := _deleted_words(plan):
            self._problems.addWidget(IconLine("warning", "warn", deleted))
        for words in plan.told:
            self._problems.addWidget(IconLine("info", "dim", words))
        for problem in plan.problems[:_TOLD]:
            self._problems.addWidget(IconLine("warning", "warn", problem.message))
        if len(plan.problems) > _TOLD:
            rest = counted(len(plan.problems) - _TOLD, "more place", "more places")
            self._problems.addWidget(IconLine("warning", "warn", f"{rest} of the server cannot be read."))
        self._show_documents(plan.documents)

    def _show_figures(self, plan: SyncPlan) -> None:
        clear_layout(self._figures)
        for number, words, token in (
            (total(plan.counts, Way.HERE), "come here", "ink"),
            (total(plan.counts, Way.THERE), "go to the server", "ink"),
            (len(plan.conflicts), "conflict" if len(plan.conflicts) == 1 else "conflicts", "warn"),
        ):
            if number or token != "warn":
                self._figures.addLayout(figure(number, words, token=token))
        self._figures.addStretch(1)

    def _show_cards(self, plan: SyncPlan) -> None:
        for card in self._cards:
            card.setChecked(False)
        whose = listed(sorted({each.whose or "somebody else" for each in plan.others}))
        words = "; ".join(f"“{each.words}” {each.label}, {each.title}" for each in plan.others[:3])
        more = f", and {len(plan.others) - 3:,} more" if len(plan.others) > 3 else ""
        self.others_card.set_words(
            f"Also delete {counted(len(plan.others), 'annotation')} of others there ({whose})",
            f"{words}{more}. Without this they stay, and come back here.",
        )
        self.others_card.setVisible(bool(plan.others))
        count = counted(plan.missing_here, "document")
        self.missing_here_card.set_words(
            f"Also delete {count} on the server that {'is' if plan.missing_here == 1 else 'are'} gone here",
            "Without this it stays there, and is not brought in again."
            if plan.missing_here == 1
            else "Without this they stay there, and are not brought in again.",
        )
        self.missing_here_card.setVisible(plan.missing_here > 0)
        count = counted(plan.missing_there, "document")
        self.missing_there_card.set_words(
            f"Also leave out {count} here that {'is' if plan.missing_there == 1 else 'are'} gone on the server",
            "Without this it stays here, and is linked no longer."
            if plan.missing_there == 1
            else "Without this they stay here, and are linked no longer.",
        )
        self.missing_there_card.setVisible(plan.missing_there > 0)
        self.types_card.set_words(
            f"Also delete {counted(len(plan.gone_types), 'label')} deleted on the other side",
            f"{_gone_words(plan)}. Nothing uses {'it' if len(plan.gone_types) == 1 else 'them'} any more.",
        )
        self.types_card.setVisible(bool(plan.gone_types))

    # ------------------------------------------------------------------ documents

    def _show_documents(self, documents: Sequence[DocumentChange]) -> None:
        model = QStandardItemModel(0, 4, self)
        model.setHorizontalHeaderLabels(["Document", "Comes here", "Goes to the server", ""])
        for each in documents:
            model.appendRow(_cells(each))
        self.documents.show_model(model, widths=(0, 170, 170, 120))
        self.documents_button.setVisible(bool(documents))
        self.documents.hide()
        self._say_documents()
        self._fit_documents()

    def _turn_documents(self) -> None:
        self.documents.setVisible(self.documents.isHidden())
        self._say_documents()
        self.grown.emit()

    def _say_documents(self) -> None:
        count = counted(self.documents.model().rowCount(), "document")
        self.documents_button.setText(
            f"Show the {count}" if self.documents.isHidden() else "Hide the documents"
        )

    def _on_document_chosen(self, index: QPersistentModelIndex, value: object) -> None:
        assert self._plan is not None, "documents are those of a plan"
        document = _id_of(self._plan.documents[index.row()])
        (self._skipped.add if value == _LEAVE else self._skipped.discard)(document)
        self.chosen.emit()

    def _fit_documents(self) -> None:
        row = theme_hub().px(32)
        head = self.documents.horizontalHeader().sizeHint().height()
        rows = max(1, min(self.documents.model().rowCount(), _ROWS))
        self.documents.setFixedHeight(head + row * rows + 2)


def _gone_words(plan: SyncPlan) -> str:
    """Name the label types that can be deleted, by the side on which they still are."""
    told = []
    for way, where in ((Way.HERE, "Here"), (Way.THERE, "On the server")):
        names = [each.name for each in plan.gone_types if each.way is way]
        if names:
            told.append(f"{where}: {listed(names)}")
    return ". ".join(told)


def _deleted_words(plan: SyncPlan) -> str:
    """Say what would be deleted on the server, which undo here does not bring back; empty for nothing."""
    counts = {
        key: count
        for key, count in plan.counts.items()
        if key[:2] == (Way.THERE, Deed.DELETE) and key[2] is not Thing.STATE
    }
    gone = way_words(counts, Way.THERE)
    return f"Deleted on the server, since gone here: {gone}. No undo brings that back." if counts else ""


def _estimate_words(plan: SyncPlan) -> str:
    """Say how long a sync takes and what it asks of the server, what may be cut last; empty where nobody knows."""
    told = [f"{counted(plan.uploads, 'document')} by upload"] if plan.uploads else []
    told += [counted(plan.calls, "single call")] if plan.calls else []
    return f"About {seconds_words(max(1.0, plan.seconds))}: {', '.join(told)}" if told else ""


def _id_of(change: DocumentChange) -> str:
    return change.document or f"remote:{change.remote}"


def _cells(change: DocumentChange) -> list[QStandardItem]:
    ways = [way_words(change.counts, way) for way in (Way.HERE, Way.THERE)]
    shown = [
        cell("–" if words == "nothing" else words, token="dim" if words == "nothing" else "", tip=words)
        for words in ways
    ]
    icon = "warning:warn" if change.conflicts else ""
    return [
        cell(change.title, icon=icon, tip=change.title),
        *shown,
        choice_cell(_WANTED, _SYNC, name=f"What becomes of {change.title}"),
    ]
