"""Decides what of a record goes where in a spaCy document, without spaCy: entities, groups, gaps, relations.

The rules, in short: a document that is not done has no negatives; what `doc.ents` cannot hold leaves its tokens
*missing*, never outside; of overlapping spans the one of most tokens stays, of equals the first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from annotator.formats.base import is_accepted, is_candidate, is_finished
from annotator.formats.loss_counting import LossCounter
from annotator.formats.spelling import Spelling
from annotator.model.document import State
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.rules import Placed, without_overlaps
from annotator.model.schema import Schema

ENTS, SPANS, BOTH, AUTO = "ents", "spans", "both", "auto"
PAIRS_LIMIT = 250_000
"""Most pairs of ends in `doc._.rel` of one document; beyond it only near pairs are marked as unrelated."""
NEAR = 100
"""Most tokens between the starts of two ends that count as near."""
(
    MISALIGNED,
    DISCONTINUOUS,
    OVERLAPS,
    RELATIONS,
    ZEROS,
    UNDECIDED,
    SKIPPED,
    UNFINISHED,
) = ("misaligned", "discontinuous", "overlaps", "relations", "zeros", "undecided", "skipped", "unfinished")
WINDOWS, APART = "windows", "apart"
_ASIDE = 'kept in user_data["annotator"] alone'
_MESSAGES = {
    WINDOWS: ("document", "{what} cut into windows, each a document of its own when the file is read back."),
    APART: ("relation", "{what} between sentences that no window holds together: left out."),
    UNFINISHED: (
        "document",
        "{what} not done: left out, since whatever has no span would count as a negative.",
    ),
    MISALIGNED: ("span", f"{{what}} off token borders: no spaCy model can learn such; {_ASIDE}."),
    DISCONTINUOUS: ("span", f"{{what}} of several fragments: spaCy has none such; {_ASIDE}."),
    OVERLAPS: ("span", "{what} in overlap with a longer or earlier one: not in doc.ents."),
    RELATIONS: (
        "relation",
        f"{{what}} with an end that doc._.rel cannot name by its first token: {_ASIDE}.",
    ),
    ZEROS: (
        "document",
        "{what} with so many entities that only pairs near each other are marked as unrelated.",
    ),
    UNDECIDED: ("candidate", f"{{what}} nobody has decided: {_ASIDE}."),
    SKIPPED: ("span", f"{{what}} of skipped documents: {_ASIDE}."),
}


@dataclass(slots=True, kw_only=True)
class Plan:
    """What one spaCy document holds.

    Args:
        record, spelling: what it is made of.
        is_complete: whatever has no span is outside; otherwise nothing is known of it.
        entities: for `doc.ents`, apart from each other. missing: runs of tokens of which nothing is known.
        spans: for `doc.spans["sc"]`, None where the layout has no such group.
        incorrect: rejected ones. relations: for `doc._.rel`.
        positives: accepted relations that `relations` holds.
    """

    record: Record
    spelling: Spelling
    is_complete: bool
    entities: list[Placed] = field(default_factory=list)
    missing: list[tuple[int, int]] = field(default_factory=list)
    spans: list[Placed] | None = None
    incorrect: list[Placed] = field(default_factory=list)
    relations: dict[tuple[int, int], dict[str, float]] = field(default_factory=dict)
    positives: int = 0
    overlaps: bool = False

    @property
    def visible(self) -> int:
        """Count the accepted spans that spaCy sees."""
        return len(self.spans) if self.spans is not None else len(self.entities)


def loss_counter(layout: str) -> LossCounter:
    """Give a counter for what a layout loses."""
    messages = dict(_MESSAGES)
    if layout == SPANS:
        del messages[OVERLAPS]
    elif layout == BOTH:
        messages[OVERLAPS] = (
            "span",
            '{what} in overlap with a longer or earlier one: in doc.spans["sc"] but not in doc.ents.',
        )
    else:
        messages[OVERLAPS] = (
            "span",
            f"{{what}} in overlap with a longer or earlier one: not in doc.ents; {_ASIDE}.",
        )
    return LossCounter(messages)


def is_left_out(state: State | None, *, layout: str, unfinished: bool, assume_done: bool) -> bool:
    """Tell whether a layout has no place for a document, as it would count as a negative where nothing is known."""
    if layout == ENTS or is_finished(state, assume_done=assume_done):
        return False
    return not unfinished or state is State.SKIPPED


def plan(
    record: Record,
    spelling: Spelling,
    *,
    layout: str,
    schema: Schema,
    assume_done: bool,
    counter: LossCounter,
    zeros: bool = True,
) -> Plan:
    """Decide what goes where, and count what is lost; without `zeros`, unrelated pairs are not written out."""
    made = Plan(
        record=record, spelling=spelling, is_complete=is_finished(record.state, assume_done=assume_done)
    )
    placed: list[Placed] = []
    lost: list[int] = []
    for index, span in enumerate(record.spans):
        kind = _why_not(span, spelling)
        place = spelling.place(span.fragments)
        if span.rejected:
            if place is not None:
                made.incorrect.append((*place, index))
        elif kind or place is None or record.state is State.SKIPPED:
            counter.add(kind or SKIPPED, record, span)
            lost.append(index)
        else:
            placed.append((*place, index))
    kept, dropped = without_overlaps(placed)
    made.overlaps = bool(dropped)
    if layout != SPANS:
        made.entities = kept
        for _, _, index in dropped:
            counter.add(OVERLAPS, record, record.spans[index])
        unknown = [*lost, *(index for _, _, index in dropped)]
        made.missing = _missing(made, [record.spans[index] for index in unknown])
    if layout != ENTS:
        made.spans = placed
    _plan_relations(made, placed if layout == SPANS else kept, schema, counter, zeros=zeros)
    return made


def _why_not(span: RecordSpan, spelling: Spelling) -> str:
    if is_candidate(span):
        return UNDECIDED
    if len(span.fragments) > 1:
        return DISCONTINUOUS
    return MISALIGNED if spelling.place(span.fragments) is None else ""


def _missing(made: Plan, unknown: Iterable[RecordSpan]) -> list[tuple[int, int]]:
    """Give the runs of tokens in a finished document of which `doc.ents` says nothing."""
    if not made.is_complete:
        return []
    tokens = {token for span in unknown for token in made.spelling.touched(span.fragments)}
    for first, last, _ in made.entities:
        tokens.difference_update(range(first, last))
    runs: list[tuple[int, int]] = []
    for token in sorted(tokens):
        if runs and runs[-1][1] == token:
            runs[-1] = (runs[-1][0], token + 1)
        else:
            runs.append((token, token + 1))
    return runs


def _plan_relations(
    made: Plan, ends: Sequence[Placed], schema: Schema, counter: LossCounter, *, zeros: bool
) -> None:
    record = made.record
    starts = Counter(first for first, _, _ in ends)
    firsts = {index: first for first, _, index in ends if starts[first] == 1}
    labels = dict.fromkeys(each.name for each in schema.relations)
    labels.update(dict.fromkeys(each.label for each in record.relations if is_accepted(each)))
    if made.is_complete and labels:
        if len(starts) ** 2 > PAIRS_LIMIT:
            counter.add(ZEROS, record)
        if zeros:
            _add_zeros(made, sorted(starts), list(labels))
    for relation in record.relations:
        head, child = firsts.get(relation.head), firsts.get(relation.child)
        symmetric = (each := schema.relation(relation.label)) is not None and each.symmetric
        if is_accepted(relation) and head is not None and child is not None:
            made.positives += 1
            for pair in [(head, child), (child, head)] if symmetric else [(head, child)]:
                made.relations[pair] = {**made.relations.get(pair, {}), relation.label: 1.0}
        elif not relation.rejected:
            counter.add(RELATIONS if is_accepted(relation) else UNDECIDED, record, relation)
            _forget(made, relation, symmetric=symmetric)


def _add_zeros(made: Plan, starts: list[int], labels: list[str]) -> None:
    """Mark every ordered pair as unrelated, an end with itself too; what is related is set afterwards."""
    window = _window(starts) if len(starts) ** 2 > PAIRS_LIMIT else len(made.spelling.starts)
    zeros = dict.fromkeys(
        labels, 0.0
    )  # one for all pairs: what changes a pair makes it a dictionary of its own
    for start in starts:
        near = starts[bisect_left(starts, start - window) : bisect_right(starts, start + window)]
        made.relations.update(dict.fromkeys([(start, other) for other in near], zeros))


def _window(starts: Sequence[int]) -> int:
    """Give the largest distance in tokens, of 100 and its halves, within which there are few enough pairs."""
    window = NEAR
    while (
        window
        and sum(
            bisect_right(starts, start + window) - bisect_left(starts, start - window) for start in starts
        )
        > PAIRS_LIMIT
    ):
        window //= 2
    return window


def _forget(made: Plan, relation: RecordRelation, *, symmetric: bool) -> None:
    """Take back the zero of a pair that shares its first tokens with a relation which cannot be told."""
    spans = made.record.spans
    head = made.spelling.touched(spans[relation.head].fragments)
    child = made.spelling.touched(spans[relation.child].fragments)
    pairs = [(head[0], child[0]), (child[0], head[0])] if symmetric else [(head[0], child[0])]
    for pair in pairs:
        labels = made.relations.get(pair, {})
        if labels.get(relation.label) == 0.0:
            made.relations[pair] = {
                label: value for label, value in labels.items() if label != relation.label
            }
