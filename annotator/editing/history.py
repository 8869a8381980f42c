"""Undo and redo over the journal: which step is next, what stands in its way, and putting rows back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.editing.planning import touch_patterns
from annotator.model.change import Batch, Change, Step, StepKind
from annotator.model.errors import StaleError, UserError
from annotator.model.schema import EntityType, RelationType
from annotator.model.wording import counted
from annotator.store import articles, journal, past
from annotator.store.faults import ConflictError
from annotator.store.project import Project


class UndoRefusedError(UserError):
    """Later steps stand on what would be undone; `later` names them, newest first."""

    def __init__(self, step: Step, later: Sequence[Step]) -> None:
        names = ", ".join(f"“{each.name}”" for each in later[:3]) + (" …" if len(later) > 3 else "")
        super().__init__(
            f"“{step.name}” cannot be undone alone: {names} came later.",
            f"Undo {counted(len(later), 'later step')} with it.",
        )
        self.step = step
        self.later = tuple(later)


@dataclass(frozen=True, slots=True)
class Reverted:
    """What an undo or redo wrote."""

    step: Step
    changes: tuple[Change, ...]
    documents: frozenset[int]


def undo(project: Project, steps: Sequence[int], *, with_later: bool, at: float, annotator: str) -> Reverted:
    """Undo acts as one step.

    Raises:
        UndoRefusedError: later acts stand in the way, and `with_later` is not set.
        StaleError: one is undone already.
    """
    targets = sorted(steps, reverse=True)
    for key in targets:
        found = past.step(project, key)
        if found is not None and found.kind is StepKind.REMOVAL:
            raise StaleError("What was removed for good cannot be brought back.")
        if found is not None and found.kind is StepKind.PAST:
            raise StaleError("This was before undo ended, when the project was repaired.")
        if found is None or found.kind is not StepKind.ACT or found.undone:
            raise StaleError("This step is undone already.")
    if with_later:
        targets = _with_later(project, targets)
    first = past.step(project, targets[-1])
    assert first is not None, "the journal holds the steps it names"
    try:
        return _revert(project, targets, first, kind=StepKind.UNDO, at=at, annotator=annotator)
    except ConflictError as error:
        later = _in_the_way(project, targets)
        if not later and isinstance(error, _UndecidedError):  # by the machine alone: no act is to blame
            return _revert(
                project, targets, first, kind=StepKind.UNDO, at=at, annotator=annotator, check=False
            )
        if not later:
            raise StaleError(f"“{first.name}” cannot be undone: what it made is used elsewhere.") from error
        raise UndoRefusedError(first, later) from error


def along_with(project: Project, steps: Sequence[int]) -> list[Step]:
    """Name the later acts that undoing some acts would take along, newest first; none where they can go alone."""
    targets = sorted(steps, reverse=True)
    return [] if _would_fit(project, targets) else _in_the_way(project, targets)


def _with_later(project: Project, targets: list[int]) -> list[int]:
    """Add what stands in the way until nothing does: rows first, whole documents only where rows do not do."""
    wanted = set(targets)
    while True:
        added = {each for key in wanted for each in _standing_on(project, key)} - wanted
        if not added:
            break
        wanted |= added
    ordered = sorted(wanted, reverse=True)
    if _would_fit(project, ordered):
        return ordered
    for key in list(wanted):
        wanted.update(past.later_on_same_documents(project, key))
        wanted.update(each for each in _on_batch(project, key))
    return sorted(wanted, reverse=True)


def _standing_on(project: Project, key: int) -> list[int]:
    return past.later_on_same_rows(project, key) + past.later_references(project, key)


class _TrialOver(Exception):
    """Ends a trial so that its transaction is rolled back."""


def _would_fit(project: Project, targets: Sequence[int]) -> bool:
    try:
        with project.writing() as connection:
            left = past.undecided_in_done(project, targets)
            changes: list[Change] = []
            for key in targets:
                _check_alone(project, key, targets)
                changes += journal.revert(project, key)
            journal.refresh_tallies(project, journal.counted_anew(changes))
            _check_done(project, targets, left)
            hanging = connection.execute(
                "SELECT 1 FROM relation WHERE NOT EXISTS (SELECT 1 FROM span WHERE span.key = relation.head) "
                "OR NOT EXISTS (SELECT 1 FROM span WHERE span.key = relation.child)"
            ).fetchone()
            raise _TrialOver(hanging is None)
    except _TrialOver as over:
        return bool(over.args[0])
    except ConflictError:
        return False


def _in_the_way(project: Project, targets: Sequence[int]) -> list[Step]:
    extended = [key for key in _with_later(project, list(targets)) if key not in targets]
    return [step for key in extended if (step := past.step(project, key)) is not None]


def _check_alone(project: Project, key: int, targets: Sequence[int]) -> None:
    """Refuse to take away what later acts name: a span, a type, or an import whose documents carry decisions."""
    if any(each not in targets for each in _on_batch(project, key)):
        raise ConflictError("documents of this import carry later decisions")
    if any(each not in targets for each in past.later_references(project, key)):
        raise ConflictError("later acts name what it made")


class _UndecidedError(ConflictError):
    """Something would be undecided in a document that is done."""


def _check_done(project: Project, steps: Sequence[int], before: Mapping[int, int]) -> None:
    """Refuse to leave something undecided in a document that is done; the counts are those of now."""
    if _undecided_again(project, steps, before):
        raise _UndecidedError


def _undecided_again(project: Project, steps: Sequence[int], before: Mapping[int, int]) -> list[int]:
    """List the done documents in which more is undecided than it was."""
    left = past.undecided_in_done(project, steps)
    return [key for key, count in left.items() if count > before.get(key, 0)]


def _on_batch(project: Project, key: int) -> list[int]:
    """List standing acts on documents of the batch that an act published."""
    rows = project.rows("SELECT row FROM change WHERE step = ? AND \"table\" = 'batch'", (key,))
    return [step for row in rows for step in past.acts_on_batch(project, row[0], after=key)]


def redo(project: Project, entry: int, *, at: float, annotator: str) -> Reverted:
    """Take an undo back.

    Raises:
        StaleError: what it undid was changed since.
    """
    found = past.step(project, entry)
    if found is None or found.kind is not StepKind.UNDO:
        raise StaleError("There is nothing to redo.")
    targets = sorted(found.targets)
    first = past.step(project, targets[0]) if targets else None
    if first is None:
        raise StaleError("The journal does not know what was undone there.", "See: annotator check PROJECT.")
    try:
        return _revert(project, targets, first, kind=StepKind.REDO, at=at, annotator=annotator)
    except ConflictError as error:
        raise StaleError(f"“{first.name}” cannot be redone: something changed since.") from error


def name_of_entry(kind: StepKind, first: str, acts: int) -> str:
    """Name an undo or redo after the first of its acts."""
    more = f" and {counted(acts - 1, 'later step')}" if acts > 1 else ""
    return f"{'Redo' if kind is StepKind.REDO else 'Undo'}: {first}{more}"


def _revert(
    project: Project,
    targets: Sequence[int],
    first: Step,
    *,
    kind: StepKind,
    at: float,
    annotator: str,
    check: bool = True,
) -> Reverted:
    forward = kind is StepKind.REDO
    changes: list[Change] = []
    with project.writing():
        held = articles.held(project)
        left = past.undecided_in_done(project, targets)
        name = name_of_entry(kind, first.name, len(targets))
        step = journal.open_step(project, name=name, kind=kind, at=at, annotator=annotator, targets=targets)
        for key in targets:
            if not forward:
                _check_alone(project, key, targets)
            changes += journal.revert(project, key, forward=forward)
        held = held.after(project, changes)
        touched = past.documents_of(project, targets)
        journal.refresh_tallies(project, journal.counted_anew(changes))
        held = held.or_read(project)
        if check and not forward:
            _check_done(project, targets, left)
        # What the machine proposed since is nobody's act. Nothing is undecided in a done document, so it goes.
        again = _undecided_again(project, targets, left)
        articles.forget_undecided(project, again)
        types = any(isinstance(change.row, EntityType | RelationType) for change in changes)
        batch = any(isinstance(change.row, Batch) for change in changes)
        everywhere = types or batch or touch_patterns(changes)
        step = journal.close_step(project, step, touched, everywhere=everywhere)
        if not again:
            held.keep(project)
    return Reverted(step, tuple(changes), frozenset(touched))
