"""Label types that one side deleted since the last sync: which they are, and deleting them on the other.

A server deletes with a type all that has it, whoever made it: so a type goes there last, and only if nothing has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial

from annotator.editing.commands import DeleteType
from annotator.model.annotation import Kind
from annotator.model.errors import RuleError
from annotator.model.record import Problem
from annotator.model.wording import counted
from annotator.sync.deciding import decider, targets
from annotator.sync.labels import State
from annotator.sync.merging import Side
from annotator.sync.plan import Choices, Deed, GoneType, Thing, Way
from annotator.sync.remote import RefusedError, RemoteDocument, RemoteType, TypeKind
from annotator.workflows.doccano.facts import Facts
from annotator.workflows.doccano.ledger import Ledger
from annotator.workflows.doccano.room import room
from annotator.workflows.doccano.telling import problem

_NAMED = 20
"""Most documents that are asked for to name who uses a type."""
Used = Counter[tuple[Kind, str]]


def disputed(
    states: Iterable[State],
    lacks: Collection[tuple[Kind, str]],
    usage: Mapping[tuple[Kind, str], tuple[int, int]],
) -> dict[tuple[Kind, str], int]:
    """Give the types that the server deleted and that are used here, with how often; those it shall lack are none."""
    return {
        (state.kind, state.common): usage[state.kind, state.local.name][0]
        for state in states
        if state.is_gone_there
        and state.local is not None
        and (state.kind, state.local.name) in usage
        and (state.kind, state.common) not in lacks
    }


def look_for_gone_types(facts: Facts) -> Iterator[GoneType]:
    """Yield the types that can be deleted; of those that are still used on the server it is told that they stay."""
    used = _used_there(facts)
    for state in facts.states:
        name = state.kind, state.common
        if state.is_gone_here and used[name]:
            count = "once" if used[name] == 1 else f"{used[name]:,} times"
            facts.told.append(
                f"{state.common} was deleted here; the server uses it {count}, so it stays there."
            )
        elif state.is_gone_here:
            yield GoneType(way=Way.THERE, kind=state.kind, name=state.common)
        elif state.is_gone_there and name not in facts.disputed and name not in facts.lacks:
            yield GoneType(way=Way.HERE, kind=state.kind, name=state.common)


def _used_there(facts: Facts) -> Used:
    """Count what has a type on the server after the sync, as far as it has to do with this account."""
    contents = [targets(pair, decider(pair, Choices()))[1] for pair in facts.pairs]
    contents += [there.content for there in facts.new_there]
    contents += [gone.there.content for gone in facts.gone_here if gone.there is not None]
    return Counter(
        (kind, item.label)
        for content in contents
        for kind, items in ((Kind.SPAN, content.spans), (Kind.RELATION, content.relations))
        for item in items
    )


def delete_gone_types(ledger: Ledger, types: Iterable[GoneType]) -> None:
    """Delete types on the other side, as was chosen.

    Raises:
        ServerError: the server cannot be reached.
    """
    states = {(state.kind, state.common): state for state in ledger.facts.states}
    chosen = [states[each.kind, each.name] for each in types if ledger.choices.delete_types]
    if ledger.goes(Way.THERE):
        _delete_there(
            ledger, [each.remote for each in chosen if each.is_gone_here and each.remote is not None]
        )
    if ledger.goes(Way.HERE):
        side = ledger.choices.side_of(Thing.TYPE)
        taken = [states[name] for name in ledger.facts.disputed if side is Side.THEIRS]
        for state in (*chosen, *taken):
            if state.is_gone_there:
                _delete_here(ledger, state, unused_only=state in chosen)


def _delete_here(ledger: Ledger, state: State, *, unused_only: bool) -> None:
    assert state.local is not None, "it is gone on the server alone"
    name = state.local.name
    if unused_only and (state.kind, name) in ledger.session.usage():
        return
    try:
        step = ledger.session.do(DeleteType(kind=state.kind, name=name)).step
    except RuleError as error:
        ledger.problems.append(Problem(file=ledger.project.name, message=f"{name}: {error}"))
        return
    if step is not None:
        ledger.steps.append(step.key)
    ledger.done[Way.HERE, Deed.DELETE, Thing.TYPE] += 1


def _delete_there(ledger: Ledger, types: list[RemoteType]) -> None:
    if not types:
        return
    with room() as folder:
        exported = ledger.remote.export(ledger.project.id, folder, ledger.report)
        users = _users_of(types, ledger.remote.documents(ledger.project, exported))
    for each in types:
        if documents := users[each.id]:
            names = _names(ledger, each, documents)
            by = f" (by {names})" if names else ""
            used = counted(len(documents), "document has", "documents have")
            ledger.problems.append(
                problem(
                    ledger.project.name,
                    0,
                    f"{each.name} was not deleted there: {used} it still{by}.",
                )
            )
            continue
        try:
            ledger.remote.delete_type(ledger.project.id, each)
        except RefusedError as error:
            ledger.problems.append(problem(ledger.project.name, 0, f"{each.name}: {error.what}"))
            continue
        ledger.done[Way.THERE, Deed.DELETE, Thing.TYPE] += 1


def _has(document: RemoteDocument, kind: RemoteType) -> bool:
    things = document.spans if kind.kind is TypeKind.SPAN else document.relations
    return any(each.label == kind.name for each in things)


def _users_of(
    types: Iterable[RemoteType], documents: Iterable[RemoteDocument]
) -> dict[int, list[RemoteDocument]]:
    """Give for each type the documents of all members that use it."""
    found: dict[int, list[RemoteDocument]] = {each.id: [] for each in types}
    for document in documents:
        for each in types:
            if _has(document, each):
                found[each.id].append(document)
    return found


def _names(ledger: Ledger, kind: RemoteType, documents: list[RemoteDocument]) -> str:
    """Name who uses a type: the members whose work it is, in shared projects those who made some of it."""
    if not ledger.project.is_shared:
        return ", ".join(sorted({each.owner for each in documents}))
    calls = [partial(ledger.remote.document, ledger.project, each.id) for each in documents[:_NAMED]]
    makers = {
        thing.user
        for _, found in ledger.remote.together(calls, ledger.report, "Asking who made what")
        if isinstance(found, RemoteDocument)
        for thing in (found.spans if kind.kind is TypeKind.SPAN else found.relations)
        if thing.label == kind.name
    }
    return ", ".join(sorted(ledger.facts.users.get(user, f"user {user}") for user in makers))
