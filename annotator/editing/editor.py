"""Carries out commands: plan, one transaction with its journal entry, and only then word to the listeners."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from annotator.editing import (
    history,
    plans_asked,
    plans_documents,
    plans_many,
    plans_mending,
    plans_patterns,
    plans_relations,
    plans_schema,
    plans_spans,
    plans_taking,
)
from annotator.editing.commands import Command, Redo, Undo
from annotator.editing.planning import Plan, Planner, Planning, touch_patterns
from annotator.model.candidate import Proposal
from annotator.model.change import Batch, Change, ChangeSet, Step, StepKind
from annotator.model.document import State
from annotator.model.errors import NotSavedError, ProjectError, RuleError
from annotator.model.schema import EntityType, RelationType
from annotator.store import articles, journal, past
from annotator.store import documents as stored
from annotator.store.faults import ConflictError
from annotator.store.project import Project

PLANS: dict[type, Planning] = {
    **plans_spans.PLANS,
    **plans_relations.PLANS,
    **plans_many.PLANS,
    **plans_mending.PLANS,
    **plans_asked.PLANS,
    **plans_documents.PLANS,
    **plans_schema.PLANS,
    **plans_patterns.PLANS,
    **plans_taking.PLANS,
}
"""How each command is planned."""

LISTED_CHANGES = 2000
"""Larger acts tell listeners to read again instead of listing every row."""

Listener = Callable[[ChangeSet], None]


class Editor:
    """The one door for writing decisions into a project.

    Args:
        annotator: name under which decisions are kept. clock: seconds since 1970.
    """

    def __init__(self, project: Project, *, annotator: str, clock: Callable[[], float] = time.time) -> None:
        self.project = project
        self.annotator = annotator
        self._clock = clock
        self._listeners: list[Listener] = []

    def do(
        self,
        command: Command | Undo | Redo,
        *,
        initiator: object = None,
        along: Callable[[], None] | None = None,
    ) -> ChangeSet:
        """Carry out a command, durably, and tell the listeners; `along` writes what belongs to it in the same turn.

        Raises:
            RuleError: a rule forbids it. StaleError: what it names is gone.
            UndoRefusedError: later steps stand in the way. ProjectError: it could not be written.
        """
        done = self._revert(command) if isinstance(command, Undo | Redo) else self._act(command, along)
        done = replace(done, initiator=initiator)
        self.tell(done)
        return done

    def undo(
        self, document: int | None = None, *, with_later: bool = False, initiator: object = None
    ) -> ChangeSet | None:
        """Undo the newest standing act that touches a document; None if there is none."""
        step = past.newest_standing(self.project, document)
        return (
            None
            if step is None
            else self.do(Undo(steps=(step.key,), with_later=with_later), initiator=initiator)
        )

    def redo(self, document: int | None = None, *, initiator: object = None) -> ChangeSet | None:
        """Take back the newest undo that touches a document and that no act followed; None if there is none."""
        step = past.newest_redoable(self.project, document)
        return None if step is None else self.do(Redo(step.key), initiator=initiator)

    def undoable(self, document: int | None = None) -> Step | None:
        """Give the act that `undo` would undo."""
        return past.newest_standing(self.project, document)

    def redoable(self, document: int | None = None) -> Step | None:
        """Give the undo that `redo` would take back."""
        return past.newest_redoable(self.project, document)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a function after every commit; gives the function that ends it."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def tell(self, changes: ChangeSet) -> None:
        """Tell every listener what was committed."""
        for listener in tuple(self._listeners):
            listener(changes)

    def _act(self, command: Command, along: Callable[[], None] | None) -> ChangeSet:
        planning = PLANS[type(command)]
        plan: Plan | None = None
        try:
            with self.project.writing():
                now = self._clock()
                planner = Planner(self.project, annotator=self.annotator, at=now)
                plan = planning(planner, command)
                if along is not None:
                    along()
                if not plan.changes:
                    return ChangeSet(message=plan.message)
                return self._write(plan, now, articles.held(self.project))  # a plan reads, and writes nothing
        except ConflictError as error:
            raise RuleError(
                "This would leave something without its other half.", "Undo later steps first."
            ) from error
        except NotSavedError as error:
            raise error.about("" if plan is None else plan.name) from error

    def _write(self, plan: Plan, now: float, held: articles.Held) -> ChangeSet:
        step = journal.open_step(
            self.project, name=plan.name, kind=StepKind.ACT, at=now, annotator=self.annotator
        )
        proposals: dict[int, list[Proposal]] = defaultdict(list)
        for document, proposal in plan.proposals:
            proposals[document].append(proposal)
        for document, proposed in proposals.items():
            articles.add_candidates(self.project, document, proposed)
        changes = journal.apply(self.project, step, plan.changes)
        held = held.after(self.project, changes, besides=proposals)
        touched = (journal.document_of_row(change.row) for change in changes)
        documents = {key for key in touched if key is not None}
        journal.refresh_tallies(self.project, journal.counted_anew(changes) | (documents & set(proposals)))
        held = held.or_read(self.project)
        if plan.closed:
            articles.forget_undecided(self.project, plan.closed)
        changes += journal.apply(self.project, step, self._unfinished(documents))
        schema = any(isinstance(change.row, EntityType | RelationType) for change in changes)
        batch = any(isinstance(change.row, Batch) for change in changes)
        everywhere = schema or batch or touch_patterns(changes)
        step = journal.close_step(self.project, step, documents, everywhere=everywhere)
        if not plan.closed:
            held.keep(self.project)
        return _change_set(step, changes, documents, message=plan.message, everywhere=plan.everywhere)

    def _unfinished(self, documents: Iterable[int]) -> list[Change]:
        """Give the changes that take done documents back to in progress where something became undecided again."""
        rows = [
            stored.document(self.project, key, hidden=True)
            for key in past.done_but_undecided(self.project, documents)
        ]
        return [Change(row, replace(row, state=State.IN_PROGRESS)) for row in rows]

    def _revert(self, command: Undo | Redo) -> ChangeSet:
        now = self._clock()
        try:
            if isinstance(command, Undo):
                done = history.undo(
                    self.project,
                    command.steps,
                    with_later=command.with_later,
                    at=now,
                    annotator=self.annotator,
                )
            else:
                done = history.redo(self.project, command.entry, at=now, annotator=self.annotator)
        except NotSavedError as error:
            raise error.about(self._name_of(command)) from error
        return _told(done)

    def _name_of(self, command: Undo | Redo) -> str:
        """Give what an undo or redo would be called, as far as the journal can be read."""
        verb, key = ("Undo", command.steps[-1]) if isinstance(command, Undo) else ("Redo", command.entry)
        with contextlib.suppress(ProjectError):
            step = past.step(self.project, key)
            return verb if step is None else f"{verb}: {step.name.removeprefix('Undo: ')}"
        return verb


def _told(done: history.Reverted) -> ChangeSet:
    """Give what listeners hear of an undo or redo."""
    verb, _, name = done.step.name.partition(": ")
    message = f"{'Undone' if verb == 'Undo' else 'Redone'}: {name}."
    if done.step.documents > 1 and not name.endswith(" documents"):
        message += f" {done.step.documents:,} documents."
    whole = any(isinstance(change.row, Batch) for change in done.changes)
    return _change_set(done.step, list(done.changes), set(done.documents), message=message, everywhere=whole)


def _change_set(
    step: Step, changes: list[Change], documents: set[int], *, message: str, everywhere: bool
) -> ChangeSet:
    schema = any(isinstance(change.row, EntityType | RelationType) for change in changes)
    listed = len(changes) <= LISTED_CHANGES
    return ChangeSet(
        step=step,
        changes=tuple(changes) if listed else (),
        documents=frozenset(documents),
        everywhere=everywhere or schema or not listed,
        schema=schema,
        patterns=touch_patterns(changes),
        message=message,
    )
