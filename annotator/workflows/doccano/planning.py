"""Says what a sync would do. Nothing is written, here or there.

The server is asked for one export; a document is asked for by itself only where it matters who made what in it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from annotator.model.wording import counted
from annotator.store.links import count_rejected
from annotator.sync.deciding import Pair, conflicts_of, counts_of, decider, others_of, targets
from annotator.sync.doing import Errand, Where
from annotator.sync.mapping import There
from annotator.sync.merging import Side, merge
from annotator.sync.plan import Choices, Conflict, Counts, Deed, DocumentChange, Options, SyncPlan, Thing, Way
from annotator.sync.remote import ADMIN, IN_FLIGHT, Remote, RemoteProject, ServerError
from annotator.workflows.doccano.facts import Facts, goes_there, maker_of, new_counts, title_there
from annotator.workflows.doccano.gone_types import look_for_gone_types
from annotator.workflows.doccano.reading import Comparison
from annotator.workflows.reporting import Remembering, Report, silent
from annotator.workflows.session import Session

ASKED_SINGLY = 1_000
"""Most documents that are asked for one by one to know who made what comes from them, unless all shall be."""
_UNTOLD = {
    "metadata": "only administrators of the project may change them on the server",
    "categories": "this project of the server has none",
}
"""Why the server cannot be told a value."""
_A_CALL = 0.012
"""Seconds that a call takes at least, however many are on their way: the server writes one after the other."""
_A_DOCUMENT = 0.002
"""Seconds that a document of an upload takes."""


def plan_sync(
    session: Session,
    remote: Remote,
    project: RemoteProject,
    options: Options | None = None,
    report: Report = silent,
) -> SyncPlan:
    """Say what a sync would do.

    Raises:
        ServerError: the server cannot be reached, or refuses. UserError: the project holds no spans.
        Cancelled: the person stopped.
    """
    options = options or Options()
    report = Remembering(report, "Asking the server")
    with remote.stopping(report.again):
        comparison = Comparison(session, remote, project, options, report)
        facts = comparison.find()
        _ask_for_makers(remote, comparison.project, facts, report, all_of_them=options.makers)
        return _Telling(remote, comparison.project, facts).plan(count_rejected(session.project))


# ---------------------------------------------------------------------- who made what


def _ask_for_makers(
    remote: Remote, project: RemoteProject, facts: Facts, report: Report, *, all_of_them: bool
) -> None:
    """Ask singly for documents in which it matters who made what: in shared projects of several members."""
    members = remote.members(project.id)
    role = next((each.role for each in members if each.user == remote.account.user), "")
    # Whoever is no administrator is told of no other member than themselves.
    if not project.is_shared or (len(members) == 1 and role == ADMIN):
        return
    asked = [index for index, pair in enumerate(facts.pairs) if _takes_or_conflicts(pair)]
    coming = [
        index
        for index, pair in enumerate(facts.pairs)
        if index not in asked and any(cluster.there for cluster in pair.merge.clusters)
    ]
    new = [there for there in facts.new_there if there.content.spans]
    if (count := len(coming) + len(new)) <= ASKED_SINGLY or all_of_them:
        asked += coming
        _ask_for_new(remote, project, facts, new, report)
    else:
        facts.told.append(
            f"{count:,} documents come, more than the {ASKED_SINGLY:,} of which the server is asked who made what, "
            f"unless you choose so: their annotations come as made by {maker_of(facts)}."
        )
    where = Where(remote=remote, project=project, labels=facts.labels, unit=facts.unit)
    calls = [partial(where.read, facts.pairs[index].there.document.id) for index in asked]
    for position, there in remote.together(calls, report, "Asking who made what"):
        if isinstance(there, There):
            index = asked[position]
            facts.pairs[index] = _renewed(facts.pairs[index], there, project)


def _renewed(pair: Pair, there: There, project: RemoteProject) -> Pair:
    """Give a pair with the server's side as it is now."""
    found = pair.merge
    if there.content != pair.there.content:
        found = merge(pair.base, pair.here.content, there.content, allows_overlap=project.allows_overlap)
    return replace(pair, there=there, merge=found)


def _ask_for_new(
    remote: Remote, project: RemoteProject, facts: Facts, new: list[There], report: Report
) -> None:
    calls = [partial(remote.spans, project.id, there.document.id) for there in new]
    for position, found in remote.together(calls, report, "Asking who made what"):
        if not isinstance(found, ServerError):
            facts.makers[new[position].document.id] = found


def _takes_or_conflicts(pair: Pair) -> bool:
    gone = pair.there.content.items - pair.here.content.items
    return any(
        each.is_conflict or (each.side is Side.MINE and each.items & gone) for each in pair.merge.clusters
    )


# ---------------------------------------------------------------------- telling


class _Telling:
    """Turns what was found into a plan."""

    def __init__(self, remote: Remote, project: RemoteProject, facts: Facts) -> None:
        self._remote = remote
        self._project = project
        self._facts = facts
        self._counts: Counter[tuple[Way, Deed, Thing]] = Counter()
        self._calls = 0
        self._untold: list[str] = []

    def plan(self, rejected: int) -> SyncPlan:
        """Give the plan; so many rejections stay here."""
        facts = self._facts
        self._count_types()
        gone_types = tuple(look_for_gone_types(facts))
        documents = [*self._changed(), *self._gone(), *self._new()]
        if facts.pairs or facts.new_here or facts.links.documents:
            facts.stays.say("rejected", rejected, f"Stays here: what was rejected ({rejected:,}).")
        for name, why in _UNTOLD.items():
            count = self._untold.count(name)
            facts.stays.say(name, count, f"Stays here: {name} of {counted(count, 'document')}: {why}.")
        return SyncPlan(
            project=self._project,
            counts={key: count for key, count in self._counts.items() if count},
            documents=documents,
            conflicts=facts.conflicts,
            stays=facts.stays.result(),
            others=[each for pair in facts.pairs for each in others_of(pair)],
            missing_here=sum(not (each.changed or facts.is_apart(each)) for each in facts.gone_here),
            missing_there=sum(not (each.changed or facts.is_apart(each)) for each in facts.gone_there),
            gone_types=gone_types,
            uploads=len(facts.new_here),
            calls=self._calls,
            seconds=self._calls * self._a_call() + len(facts.new_here) * _A_DOCUMENT,
            problems=facts.problems,
            told=facts.told,
            inside=facts,
        )

    def _a_call(self) -> float:
        """Measure how long a call takes, several being on their way."""
        began = time.perf_counter()
        self._remote.count(self._project.id)
        return max((time.perf_counter() - began) / IN_FLIGHT, _A_CALL)

    def _conflict(self, thing: Thing, title: str, *, mine: str, theirs: str, document: str = "") -> Conflict:
        conflict = Conflict(
            number=len(self._facts.conflicts) + 1,
            thing=thing,
            document=document,
            title=title,
            mine=mine,
            theirs=theirs,
        )
        self._facts.conflicts.append(conflict)
        return conflict

    def _count_types(self) -> None:
        """Count the types that are made or changed."""
        for state in self._facts.states:
            local, remote = state.local, state.remote
            if state.differs and local is not None and remote is not None:
                mine = _type_words(local.name, local.color, local.shortcut)
                theirs = _type_words(remote.name, remote.background, remote.key)
                self._conflict(Thing.TYPE, state.common, mine=mine, theirs=theirs)
            elif uses := self._facts.disputed.get((state.kind, state.common)):
                mine = "used once" if uses == 1 else f"used {uses:,} times"
                self._conflict(Thing.TYPE, state.common, mine=mine, theirs="deleted")
            elif state.is_new_there:
                self._counts[Way.HERE, Deed.ADD, Thing.TYPE] += 1
            elif state.is_new_here and goes_there(state, self._project, self._facts.lacks):
                self._counts[Way.THERE, Deed.ADD, Thing.TYPE] += 1
                self._calls += 1
            else:
                self._counts[Way.HERE, Deed.CHANGE, Thing.TYPE] += bool(state.changes(here=False))
                is_sent = bool(state.changes(here=True))
                self._counts[Way.THERE, Deed.CHANGE, Thing.TYPE] += is_sent
                self._calls += is_sent

    def _changed(self) -> Iterator[DocumentChange]:
        for pair in self._facts.pairs:
            decide = decider(pair, Choices())
            found = counts_of(pair, decide)
            conflicts = conflicts_of(pair, first=len(self._facts.conflicts) + 1)
            self._facts.conflicts += conflicts
            self._counts += found
            target = targets(pair, decide)[1]
            if target != pair.there.content:
                self._calls += Errand(now=pair.there, target=target).calls
            self._untold += [
                each.name for each in pair.merge.differences if each.name in pair.untold and each.here
            ]
            if found or conflicts:
                yield _change(pair.identity, pair.there.document.id, pair.title, found, conflicts)

    def _gone(self) -> Iterator[DocumentChange]:
        """Tell documents that were deleted on one side and changed on the other."""
        for gone in (*self._facts.gone_there, *self._facts.gone_here):
            if gone.changed:
                mine, theirs = ("changed", "deleted") if gone.there is None else ("deleted", "changed")
                told = self._conflict(
                    Thing.DOCUMENT, gone.title, mine=mine, theirs=theirs, document=gone.link.local
                )
                yield _change(gone.link.local, gone.number, gone.title, {}, [told])

    def _new(self) -> Iterator[DocumentChange]:
        for here in self._facts.new_here:
            content = here.content.without(self._facts.disputed)
            found = new_counts(Way.THERE, content, untold=self._facts.untold)
            self._counts += found
            values = here.content.values
            self._calls += 3 * values.confirmed + bool(values.note)
            self._untold += ["categories"] * (bool(values.categories) and "categories" in self._facts.untold)
            yield _change(here.document.id, 0, here.document.title, found)
        for there in self._facts.new_there:
            found = new_counts(Way.HERE, there.content)
            self._counts += found
            yield _change("", there.document.id, title_there(there), found)


def _change(
    document: str, remote: int, title: str, counts: Counts, conflicts: list[Conflict] | None = None
) -> DocumentChange:
    return DocumentChange(
        document=document, remote=remote, title=title, counts=dict(counts), conflicts=conflicts or ()
    )


def _type_words(name: str, color: str, key: str) -> str:
    return f"{name}, {color}, key {key or 'none'}"
