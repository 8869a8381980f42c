"""Changes documents that both sides have: first here, some in a step, then on the server, and reads back what became.

Before the first call it is written what a document of the server is about to become; afterwards, what both sides have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from annotator.editing.commands import TakeOver
from annotator.model.annotation import Kind
from annotator.model.errors import RuleError, StaleError
from annotator.model.wording import counted
from annotator.store.batches import chunks
from annotator.store.links import Link, decided_in, keep_links
from annotator.sync.content import Base, Content, Place
from annotator.sync.deciding import Pair, counts_of, targets
from annotator.sync.doing import Done, Errand, bring, heal
from annotator.sync.mapping import There, mark_of
from annotator.sync.merging import Change, Cluster, Deciding, Side, after_interruption, begun, next_base
from annotator.sync.plan import Deed, Thing, Way
from annotator.sync.remote import RefusedError
from annotator.sync.words import items_words, value_words
from annotator.workflows.doccano.arriving import needs_types, taken_over
from annotator.workflows.doccano.ledger import Ledger
from annotator.workflows.doccano.sending import Reading
from annotator.workflows.doccano.telling import problem

AT_ONCE = 100
"""Documents that are changed here in one step, and whose rows are written in one turn."""
FEW = 10
"""Most documents that are read back one by one where states and comments alone were changed: lists tell those."""
SINGLY = 100
"""Most documents that are read back one by one; more are read from an export."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is done to a document: what decides over its changes, and what both sides become."""

    pair: Pair
    decide: Deciding
    here: Content
    there: Content

    @property
    def goes_there(self) -> bool:
        """Tell whether anything is done on the server."""
        return self.there != self.pair.there.content or bool(self.pair.there.doubled)


def work_of(ledger: Ledger, pair: Pair, decide: Deciding) -> Work:
    """Say what is done to a document; what the other side has no type for is left."""

    def able(each: Change) -> Side:
        side = decide(each)
        if not isinstance(each, Cluster):
            return side
        if side is Side.MINE and _lacks_there(ledger, each, pair.here.content):
            return Side.LEAVE
        if side is Side.THEIRS:
            coming = Content().having(each.items & pair.there.content.items)
            return Side.LEAVE if needs_types(coming, ledger.labels, ledger.known) else side
        return side

    return Work(pair, able, *targets(pair, able))


def _lacks_there(ledger: Ledger, cluster: Cluster, here: Content) -> bool:
    return any(
        ledger.labels.there(Kind.SPAN if isinstance(item, Place) else Kind.RELATION, item.label) is None
        for item in cluster.items & here.items
    )


# ---------------------------------------------------------------------- here


def change_here(ledger: Ledger, work: Sequence[Work]) -> list[Work]:
    """Take over what comes from there; gives those documents that were not changed here meanwhile."""
    kept: list[Work] = []
    for some in chunks(work, AT_ONCE):
        ledger.report(len(kept), len(work), f"Bringing in, {len(kept):,} of {len(work):,}")
        keys = [each.pair.here.document.key for each in some]
        marks = {
            now.document.key: mark_of(now.document, now.spans, now.relations)
            for now in decided_in(ledger.session.project, keys)
        }
        fresh = [each for each in some if marks.get(each.pair.here.document.key) == each.pair.here.mark]
        stale = [each for each in some if marks.get(each.pair.here.document.key) != each.pair.here.mark]
        for each in stale:
            _tell(ledger, each, "It was changed here meanwhile; sync again.")
        kept += _take_over(ledger, fresh)
    return kept


def _take_over(ledger: Ledger, work: list[Work]) -> list[Work]:
    """Change some documents here in one step, with their rows; gives those for which that went well."""
    changing = [each for each in work if each.here != each.pair.here.content]
    rows = [begun_row(ledger, each) for each in work]
    write = partial(keep_links, ledger.session.project, rows)
    try:
        if changing:
            taken = tuple(
                taken_over(each.pair, each.here, ledger.labels, by=ledger.facts.users) for each in changing
            )
            name = f"{ledger.name}: {counted(len(taken), 'document')}"
            ledger.do(TakeOver(name=name, documents=taken, by=ledger.by), write)
        else:
            write()
    except (RuleError, StaleError) as error:
        if len(work) > 1:
            return [done for each in work for done in _take_over(ledger, [each])]
        _tell(ledger, work[0], str(error))
        return []
    for each in work:
        ledger.done += _one_way(each, Way.HERE)
    return work


def begun_row(ledger: Ledger, work: Work) -> Link:
    """Give the row of a document before its calls, or where there are none its last one."""
    pair = work.pair
    base = _ended(work, pair.there)
    if work.goes_there:
        here, there = pair.here.content, pair.there.content
        base = begun(pair.base, here, there, found=pair.merge, decide=work.decide, target=work.there)
    return ledger.row(pair.there.document.id, pair.identity, pair.here.document.hash, base)


def _ended(work: Work, now: There) -> Base:
    pair = work.pair
    before = None if pair.base is None else after_interruption(pair.base, pair.there.content)
    return next_base(before, work.here, now.content, found=pair.merge, decide=work.decide)


def _one_way(work: Work, way: Way) -> Counter[tuple[Way, Deed, Thing]]:
    found = counts_of(work.pair, work.decide)
    return Counter({key: count for key, count in found.items() if key[0] is way})


def _tell(ledger: Ledger, work: Work, message: str) -> None:
    ledger.tell(work.pair.there.document.id, f"{work.pair.title}: {message}")


# ---------------------------------------------------------------------- there


def send(ledger: Ledger, work: Sequence[Work]) -> None:
    """Do the calls, read back, and keep what both sides have then.

    Raises:
        ServerError: the server cannot be reached; what was begun is written down.
    """
    if not work:
        return
    others = ledger.choices.delete_others
    errands = [
        Errand(
            now=each.pair.there,
            target=each.there,
            others=others,
            metadata=each.pair.here.document.metadata,
        )
        for each in work
    ]
    calls = [partial(bring, ledger.where, errand) for errand in errands]
    refused: dict[int, list[str]] = {}
    for position, outcome in ledger.remote.together(calls, ledger.report, "Sending"):
        if isinstance(outcome, Done):
            refused[position] = outcome.refused
        elif isinstance(outcome, RefusedError):
            refused[position] = [outcome.what]
    rows: list[Link] = []
    try:
        for position, now, mended in _read_back(ledger, errands):
            _tell_of(ledger, work[position], errands[position], now, refused.get(position, ()))
            if mended:
                title = work[position].pair.title
                ledger.healed.append(f"{title}: {counted(mended, 'thing')} put right after reading back.")
            rows.append(_last_row(ledger, work[position], now))
            if len(rows) >= AT_ONCE:
                ledger.keep(rows)
                rows.clear()
    finally:
        ledger.keep(rows)


def _last_row(ledger: Ledger, work: Work, now: There) -> Link:
    pair = work.pair
    ledger.done += _one_way(work, Way.THERE)
    return ledger.row(now.document.id, pair.identity, pair.here.document.hash, _ended(work, now))


def _read_back(ledger: Ledger, errands: Sequence[Errand]) -> Iterator[tuple[int, There, int]]:
    """Give each document as it is now, mended where that was needed, with how much was."""
    left = dict.fromkeys(range(len(errands)))
    reading = Reading(ledger.remote, ledger.where, ledger.facts.member, ledger.report)
    many: Iterable[There] = ()
    if len(errands) > FEW and not any(map(_is_in_no_list, errands)):
        many = reading.with_values(each.now for each in errands)
    elif len(errands) > SINGLY:
        many = reading.documents()
    if len(errands) > FEW:
        at = {errand.now.document.id: position for position, errand in enumerate(errands)}
        for there in many:
            position = at.get(there.document.id)
            if position is not None and errands[position].is_done(there):
                del left[position]
                yield position, there, 0
    positions = list(left)
    calls = [partial(heal, ledger.where, errands[position]) for position in positions]
    for index, outcome in ledger.remote.together(calls, ledger.report, "Reading back"):
        if isinstance(outcome, tuple):
            yield positions[index], *outcome
        elif isinstance(outcome, RefusedError):
            ledger.tell(errands[positions[index]].now.document.id, outcome.what)


def _is_in_no_list(errand: Errand) -> bool:
    """Tell whether what an errand does is told by no list of states or comments."""
    return bool(errand.adds or errand.takes or errand.changes_metadata or errand.categories is not None)


def _tell_of(ledger: Ledger, work: Work, errand: Errand, now: There, refused: Sequence[str]) -> None:
    """Tell what of an errand did not come to pass."""
    why = f" ({'; '.join(refused)})" if refused else ""
    for what in _differing(work.pair.here.text, errand, now):
        message = f"{work.pair.title}: {what}{why}"
        ledger.differences.append(problem(ledger.project.name, now.document.id, message))


def _differing(text: str, errand: Errand, now: There) -> Iterator[str]:
    for item in sorted(errand.adds - now.content.items, key=repr):
        yield f"{items_words(text, [item])} here, but could not be made there."
    for item in sorted(errand.takes & now.content.items, key=repr):
        yield f"{items_words(text, [item])} there still."
    if errand.confirmed is not None and now.content.values.confirmed is not errand.confirmed:
        yield "its state could not be set."
    if errand.note is not None and now.content.values.note != errand.note:
        yield "comments of others stay beside the note."
    if errand.categories is not None and now.content.values.categories != errand.categories:
        yield f"its categories are {value_words('categories', now.content.values.categories)} there."
    if errand.changes_metadata and now.content.values.metadata != errand.target.values.metadata:
        yield "its metadata are others there."
