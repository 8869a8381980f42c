"""Plans for documents as a whole: states, flags, notes, titles, parts, removal, tokens, imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from annotator.editing.commands import (
    ExcludeDocuments,
    PublishBatch,
    RemoveDocuments,
    RenameDocument,
    Retokenize,
    SetFlag,
    SetNote,
    SetPart,
    SetState,
)
from annotator.editing.planning import Plan, Planner, Planning, chosen, shortened
from annotator.editing.plans_schema import find_type, kind_of, stored_type
from annotator.model.annotation import Kind, Relation, Span
from annotator.model.change import BatchState, Tokenization
from annotator.model.document import Document, State, Tokens
from annotator.model.errors import RuleError, StaleError
from annotator.model.rules import is_learnable
from annotator.model.wording import counted
from annotator.store.documents import tokens_of
from annotator.store.rows import batch_of
from annotator.store.tables import TOKENIZATION


def _named(planner: Planner, keys: Sequence[int]) -> str:
    return shortened(planner.document(keys[0]).title) if len(keys) == 1 else counted(len(keys), "document")


def _set_state(planner: Planner, command: SetState) -> Plan:
    keys = chosen(command.documents)
    name = _named(planner, keys)
    word = {
        State.SKIPPED: "Skipped",
        State.TODO: "To do again",
        State.IN_PROGRESS: "In progress",
        State.DONE: "Done",
    }
    plan = Plan(f"{word[command.state]}: {name}", f"{word[command.state]}: {name}.")
    for key in keys:
        document = planner.document(key)
        if command.state is State.DONE and planner.annotations(key).left:
            raise RuleError(f"{document.title} has undecided candidates.", "Decide them first.")
        reason = command.reason.strip() if command.state is State.SKIPPED else ""
        plan.replace(document, replace(document, state=command.state, reason=reason))
    return plan


def _row(planner: Planner, kind: Kind | None, key: int) -> Document | Span | Relation:
    if kind is None:
        return planner.document(key)
    return planner.span(key) if kind is Kind.SPAN else planner.relation(key)


def _what(planner: Planner, row: Document | Span | Relation) -> str:
    if isinstance(row, Document):
        return shortened(row.title)
    return planner.words(row.document, row.fragments) if isinstance(row, Span) else row.label


def _set_flag(planner: Planner, command: SetFlag) -> Plan:
    row = _row(planner, command.kind, command.key)
    what = _what(planner, row)
    plan = (
        Plan(f"Flag {what}", f"Flagged {what}.")
        if command.flagged
        else Plan(f"Unflag {what}", f"No flag: {what}.")
    )
    plan.replace(row, replace(row, flagged=command.flagged))
    return plan


def _set_note(planner: Planner, command: SetNote) -> Plan:
    row = _row(planner, command.kind, command.key)
    what = _what(planner, row)
    note = command.note.strip()
    plan = (
        Plan(f"Note on {what}", f"Note kept on {what}.")
        if note
        else Plan(f"No note on {what}", f"Note removed: {what}.")
    )
    plan.replace(row, replace(row, note=note))
    return plan


def _rename(planner: Planner, command: RenameDocument) -> Plan:
    document = planner.document(command.document)
    title = " ".join(command.title.split())
    if not title:
        raise RuleError("A document needs a title.")
    plan = Plan(f"Rename to {title}", f"Renamed to {title}.")
    plan.replace(document, replace(document, title=title))
    return plan


def _set_part(planner: Planner, command: SetPart) -> Plan:
    keys = chosen(command.documents)
    name = _named(planner, keys)
    plan = Plan(f"Put {name} into {command.part}", f"{name}: {command.part}.")
    for key in keys:
        plan.replace(planner.document(key), replace(planner.document(key), part=command.part))
    return plan


def _exclude(planner: Planner, command: ExcludeDocuments) -> Plan:
    keys = chosen(command.documents)
    name = _named(planner, keys)
    plan = Plan(f"Leave out {name}", f"Left out of exports: {name}.")
    if not command.excluded:
        plan = Plan(f"Take in {name}", f"In exports again: {name}.")
    for key in keys:
        plan.replace(planner.document(key), replace(planner.document(key), excluded=command.excluded))
    return plan


def _remove(planner: Planner, command: RemoveDocuments) -> Plan:
    keys = chosen(command.documents)
    name = _named(planner, keys)
    plan = Plan(f"Remove {name}", f"Removed {name} from the project.")
    for key in keys:
        plan.replace(planner.document(key), replace(planner.document(key), removed=True))
    return plan


def _retokenize(planner: Planner, command: Retokenize) -> Plan:
    document = planner.document(command.document)
    rows = planner.project.rows("SELECT * FROM tokenization WHERE key = ?", (command.document,))
    before: Tokenization = TOKENIZATION.from_columns(rows[0], planner.project.types)
    tokens = Tokens(list(command.starts), list(command.ends), list(command.sentences), command.tokenizer)
    plan = Plan(f"New tokens for {document.title}")
    plan.replace(document, replace(document, language=command.language))
    plan.replace(before, replace(before, tokens=tokens))
    old = tokens_of(planner.project, command.document)
    off = sum(
        is_learnable(old, span.fragments) and not is_learnable(tokens, span.fragments)
        for span in planner.annotations(command.document).spans
    )
    plan.message = f"New tokens. {counted(off, 'span')} left token borders." if off else "New tokens."
    return plan


def _publish(planner: Planner, command: PublishBatch) -> Plan:
    rows = planner.project.rows("SELECT * FROM batch WHERE key = ?", (command.batch,))
    if not rows:
        raise StaleError("This import is gone.", "Import the files again.")
    batch = batch_of(rows[0])
    plan = Plan(command.name, f"{command.name}.", everywhere=True)
    for key in command.types:
        hidden = stored_type(planner, key)
        if find_type(planner, kind_of(hidden), hidden.name) is not None:
            raise StaleError(f"{hidden.name} was added to the schema meanwhile.", "Import the files again.")
        plan.replace(hidden, replace(hidden, hidden=False))
    # Undone, it is hidden and not pending: what is pending at the next opening is taken for a killed import.
    plan.replace(replace(batch, state=BatchState.HIDDEN), replace(batch, state=BatchState.PUBLISHED))
    for key in command.replaced:
        plan.replace(planner.document(key), replace(planner.document(key), removed=True))
    return plan


PLANS: dict[type, Planning] = {
    SetState: _set_state,
    SetFlag: _set_flag,
    SetNote: _set_note,
    RenameDocument: _rename,
    SetPart: _set_part,
    ExcludeDocuments: _exclude,
    RemoveDocuments: _remove,
    Retokenize: _retokenize,
    PublishBatch: _publish,
}
