"""What the files of a format have room for; what they have none for is left out, counted and told beforehand.

A writer hands every record to `Keeper.keep` and writes what comes back. So what is written, what is declared lost,
and what reading back is compared with are one and the same.
"""

from __future__ import annotations

import dataclasses
import functools
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

from annotator.formats.base import Losses, Tokenize, is_bare, is_candidate, is_finished, option, options_as
from annotator.formats.loss_counting import LossCounter
from annotator.formats.reshaping import without_blank_edges
from annotator.model.annotation import Fragment, Fragments
from annotator.model.document import State, Tokens, title_of
from annotator.model.record import Loss, Record, RecordRelation, RecordSpan
from annotator.model.rules import is_learnable
from annotator.model.schema import Schema

UNFINISHED, DISCONTINUOUS, OVERLAPS, MISALIGNED = "unfinished", "discontinuous", "overlaps", "misaligned"
EDGES = "edges"
SPANS, RELATIONS, REJECTED, UNDECIDED = "spans", "relations", "rejected", "undecided"
STATES, NAMES, NOTES, METADATA, TOKENS, DETAILS = "states", "names", "notes", "metadata", "tokens", "details"
ATTRIBUTES, ITEM_ATTRIBUTES = "attributes", "item_attributes"
_OF_DOCUMENTS, _OF_ITEMS = "document", "span or relation/spans or relations"
Messages = Mapping[str, tuple[str, str]]
"""For each kind of loss its noun and a sentence with `{what}`, as `LossCounter` takes them."""
MESSAGES: Messages = {
    UNFINISHED: (
        "document",
        "{what} not done: left out, since words without a label would count as negatives.",
    ),
    DISCONTINUOUS: ("span", "{what} of several fragments: this format has none such; left out."),
    EDGES: ("span", "{what} with blanks at an end: written without them; of blanks alone, left out."),
    OVERLAPS: ("span", "{what} in overlap with a longer or earlier one: left out."),
    MISALIGNED: ("span", "{what} off token borders: this format knows whole tokens alone; left out."),
    SPANS: ("span", "{what}: this format holds no spans; left out."),
    RELATIONS: ("relation", "{what} that this format has no place for, or whose end was left out."),
    REJECTED: ("rejection", "{what}: this format knows nothing of what is wrong; left out."),
    UNDECIDED: ("candidate", "{what} nobody has decided: left out."),
    STATES: (_OF_DOCUMENTS, "Left out of {what}{names}."),
    NAMES: (_OF_DOCUMENTS, "Left out of {what}{names}."),
    NOTES: ("note or flag/notes or flags", "{what} left out."),
    METADATA: (_OF_DOCUMENTS, "Metadata left out of {what}{names}."),
    ATTRIBUTES: (_OF_DOCUMENTS, "Fields of other programs left out of {what}{names}."),
    TOKENS: (_OF_DOCUMENTS, "The tokens that {what} brought along are not in the file."),
    ITEM_ATTRIBUTES: (_OF_ITEMS, "Fields of other programs left out of {what}{names}."),
    DETAILS: (_OF_ITEMS, "Left out of {what}{names}."),
}
_GROUPS = {
    "state": STATES,
    "reason": STATES,
    "part": STATES,
    "id": NAMES,
    "source": NAMES,
    "title": NAMES,
    "language": NAMES,
    "note": NOTES,
    "flagged": NOTES,
    "metadata": METADATA,
    "attributes": ATTRIBUTES,
    "tokens": TOKENS,
}
_ITEM_GROUPS = {"note": NOTES, "flagged": NOTES, "attributes": ITEM_ATTRIBUTES}
_TOLD = {"annotator": "who decided", "how": "how it was decided", "at": "when"}
"""What fields of spans and relations are called where their names do not say it."""
_ITEM_FIELDS = ("id", "score", "suggester", "annotator", "how", "at", "flagged", "note", "attributes")
ALL_DOCUMENT = frozenset(_GROUPS)
ALL_ITEM = frozenset(_ITEM_FIELDS)
"""Every field of a record, and of a span or relation, that a format may hold or not."""
_Item = TypeVar("_Item", RecordSpan, RecordRelation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a format's files can say beside the text; what is False or not named has no place in them.

    Args:
        document: fields of a record that come back as they were. item: those of spans and relations.
        spans: any at all. overlaps: spans that share characters. discontinuous: spans of several fragments.
        off_tokens: spans whose ends are no token borders. blank_edges: spans that begin or end with a blank, which most
            readers take off.
        relations, rejected, candidates: any of these.
        unfinished: documents that are not done; where False they are left out, as their bare words would be
            taken for negatives.
        own: name under which a format keeps its own further fields in `attributes`; those come back, others' do not.
        reserved: names of metadata that have no place, since they mean something else in a file.
    """

    document: frozenset[str] = frozenset()
    item: frozenset[str] = frozenset()
    spans: bool = True
    overlaps: bool = True
    discontinuous: bool = False
    off_tokens: bool = True
    blank_edges: bool = False
    relations: bool = False
    rejected: bool = False
    candidates: bool = False
    unfinished: bool = True
    own: str = ""
    reserved: frozenset[str] = frozenset()


class Keeper:
    """Reduces records to what a format holds, and counts what goes.

    Args:
        messages: sentences that say a loss of this format better, or losses of its own, counted with `lose`.
        assume_done: a record that says nothing of its state is finished.
    """

    def __init__(
        self, holding: Holding, messages: Messages | None = None, *, assume_done: bool = False
    ) -> None:
        self._holding = holding
        self._nothing = {name: _NOTHING_SAID[name] for name in sorted(ALL_DOCUMENT - holding.document)}
        self._unheld = tuple(name for name in self._nothing if name not in ("attributes", "metadata"))
        self._takes_any = holding.spans and holding.overlaps and holding.off_tokens
        self._unheld_items = ALL_ITEM - holding.item
        self._counter = LossCounter({**MESSAGES, **(messages or {})})
        self._assume_done = assume_done

    def keep(self, record: Record) -> Record | None:
        """Give what a file holds of a record; None where it has no place for the record at all."""
        holding = self._holding
        if not holding.unfinished and not is_finished(record.state, assume_done=self._assume_done):
            self.lose(UNFINISHED, record)
            return None
        if holding.spans and not holding.blank_edges:
            record = without_blank_edges(
                record, partial(self.lose, EDGES, record), partial(self.lose, RELATIONS, record)
            )
        if self._takes_any and not record.relations and all(map(_is_plain, record.spans)):  # as most
            return dataclasses.replace(record, **self._emptied(record))
        kept = self._kept_spans(record)
        spans = [record.spans[index] for index in kept]
        spans = [span if is_bare(span) else self._stripped(span, record) for span in spans]
        relations = self._kept_relations(record, kept) if record.relations else ()
        return dataclasses.replace(record, spans=tuple(spans), relations=relations, **self._emptied(record))

    def holds_candidates(self, record: Record) -> bool:  # noqa: ARG002 - formats look at it
        """Tell whether the candidates of a record have a place."""
        return self._holding.candidates

    def lose(
        self,
        kind: str,
        record: Record,
        item: RecordSpan | RecordRelation | None = None,
        names: Iterable[str] = (),
    ) -> None:
        """Count a loss that only the format itself can see: of a span or relation, or of the record itself.

        `names` says what of it is lost.
        """
        self._counter.add(kind, record, item, names)

    def result(self) -> list[Loss]:
        """Give what was lost so far, by kind."""
        return self._counter.result()

    def _kept_spans(self, record: Record) -> list[int]:
        """Give the places of the spans that stay, in their order."""
        kept = [index for index, span in enumerate(record.spans) if self._keeps_span(span, record)]
        if self._holding.overlaps:
            return kept
        apart = set(without_overlaps([record.spans[index].fragments for index in kept]))
        for place, index in enumerate(kept):
            if place not in apart:
                self.lose(OVERLAPS, record, record.spans[index])
        return [index for place, index in enumerate(kept) if place in apart]

    def _keeps_span(self, span: RecordSpan, record: Record) -> bool:
        holding = self._holding
        kind = ""
        if span.rejected and not holding.rejected:
            kind = REJECTED
        elif is_candidate(span) and not self.holds_candidates(record):
            kind = UNDECIDED
        elif not holding.spans:
            kind = SPANS
        elif len(span.fragments) > 1 and not holding.discontinuous:
            kind = DISCONTINUOUS
        elif not holding.off_tokens and not _is_aligned(record.tokens, span.fragments):
            kind = MISALIGNED
        if kind:
            self.lose(kind, record, span)
        return not kind

    def _kept_relations(self, record: Record, kept: list[int]) -> tuple[RecordRelation, ...]:
        places = {old: new for new, old in enumerate(kept)}
        return tuple(
            dataclasses.replace(
                self._stripped(each, record), head=places[each.head], child=places[each.child]
            )
            for each in record.relations
            if self._keeps_relation(each, record, places)
        )

    def _keeps_relation(self, relation: RecordRelation, record: Record, places: Mapping[int, int]) -> bool:
        holding = self._holding
        if relation.rejected and not holding.rejected:
            kind = REJECTED
        elif is_candidate(relation) and not self.holds_candidates(record):
            kind = UNDECIDED
        elif holding.relations and relation.head in places and relation.child in places:
            return True
        else:
            kind = RELATIONS
        self.lose(kind, record, relation)
        return False

    def _emptied(self, record: Record) -> dict[str, Any]:
        """Give the fields that are not held, or not wholly, as they are held, and count in which something was said."""
        held = dict(self._nothing)
        lost: dict[str, list[str]] = {}
        for name in self._unheld:
            if _says_something(record, name):
                lost.setdefault(_GROUPS[name], []).append(name)
        if record.attributes and "attributes" in held:
            held["attributes"] = self._own(record.attributes)
            if len(held["attributes"]) < len(record.attributes):
                lost[ATTRIBUTES] = self._names_of_others(record.attributes)
        gone = [each for each in record.metadata if "metadata" in held or each in self._holding.reserved]
        if gone:
            held["metadata"] = {each: value for each, value in record.metadata.items() if each not in gone}
            lost[METADATA] = gone
        for kind, what in sorted(lost.items()):
            self.lose(kind, record, names=what)
        return held

    def _names_of_others(self, attributes: Mapping[str, Any]) -> list[str]:
        """Name the fields of other formats that go: `prodigy._input_hash`."""
        others = {name: each for name, each in attributes.items() if name not in self._own(attributes)}
        return [
            f"{name}.{inner}" if inner else name
            for name, each in others.items()
            for inner in (each if isinstance(each, dict) and each else ("",))
        ]

    def _own(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        own = self._holding.own
        found = attributes.get(own)
        return {own: found} if isinstance(found, dict) and found else {}

    def _stripped(self, item: _Item, record: Record) -> _Item:
        names = self._unheld_items
        if is_candidate(item):
            names -= {"score", "suggester"}  # without both it would be a decision
        elif names & {"annotator", "how"}:
            names |= {"score", "suggester"}  # with one of them it would be a candidate
        gone = {name: _NOTHING_DECIDED[name] for name in names if not _is_empty(getattr(item, name))}
        if "attributes" in gone and (own := self._own(item.attributes)):
            gone["attributes"] = own
            if len(own) == len(item.attributes):
                del gone["attributes"]
        if not gone:
            return item
        for kind, what in _lost_with(tuple(gone)):
            names_lost = self._names_of_others(item.attributes) if kind == ITEM_ATTRIBUTES else what
            self.lose(kind, record, item, names_lost)
        return dataclasses.replace(item, **gone)


@functools.cache
def _lost_with(names: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the kinds of losses that go with fields of a span or relation, and what each consists of."""
    kinds: dict[str, list[str]] = {}
    for name in sorted(names, key=_ITEM_FIELDS.index):
        kinds.setdefault(_ITEM_GROUPS.get(name, DETAILS), []).append(_TOLD.get(name, name))
    return tuple((kind, tuple(told)) for kind, told in sorted(kinds.items()))


def losses_by(keeper: Callable[[object, Schema | None], Keeper]) -> Losses:
    """Make a format's `losses` of what its keeper counts; `keeper` makes one for options and schema of an export."""

    def losses(
        records: Iterable[Record],
        options: object,
        tokenize: Tokenize | None = None,
        schema: Schema | None = None,
    ) -> list[Loss]:
        counting = keeper(options, schema)
        for record in records:
            counting.keep(with_tokens(record, tokenize))
        return counting.result()

    return losses


def keeps_by(
    keeper: Callable[[object, Schema | None], Keeper],
) -> Callable[[Record, object, Schema], Record | None]:
    """Make a format's `keeps` of its keeper, made as for `losses_by`."""
    return lambda record, options, schema: keeper(options, schema).keep(record)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedOptions:
    """How a format is written that holds finished documents alone."""

    assume_done: bool = option(
        default=False,
        title="Take all as done",
        about="Write documents too of which nobody said that they are done.",
    )


def leaves_unfinished(state: State | None, options: object) -> bool:
    """Tell whether a format that holds finished documents alone leaves one out."""
    return not is_finished(state, assume_done=options_as(FinishedOptions, options).assume_done)


def with_tokens(record: Record, tokenize: Tokenize | None) -> Record:
    """Give a record with tokens, where there is a way to make them."""
    if record.tokens is not None or tokenize is None:
        return record
    return dataclasses.replace(record, tokens=tokenize(record.text, record.language))


def without_overlaps(spans: Sequence[Fragments]) -> list[int]:
    """Choose spans that share no character: the longest first, of equal ones the earlier; give their places, rising."""

    def size(index: int) -> tuple[int, int, int]:
        fragments = spans[index]
        return -sum(end - start for start, end in fragments), fragments[0].start, index

    if all(len(each) == 1 for each in spans) and all(
        before[0].end <= after[0].start for before, after in pairwise(spans)
    ):
        return list(range(len(spans)))  # as nearly always
    taken: list[Fragment] = []
    chosen: list[int] = []
    for index in sorted(range(len(spans)), key=size):
        if not any(_meets(taken, start, end) for start, end in spans[index]):
            for fragment in spans[index]:
                insort(taken, fragment)
            chosen.append(index)
    return sorted(chosen)


def _meets(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether a stretch shares a character with one of these, which rise and lie apart."""
    after = bisect_left(taken, (end, 0))  # the first that begins at the end or behind it
    return after > 0 and taken[after - 1][1] > start


def _is_aligned(tokens: Tokens | None, fragments: Fragments) -> bool:
    return tokens is not None and is_learnable(tokens, fragments)


def _says_something(record: Record, name: str) -> bool:
    value = getattr(record, name)
    if value is None or value is False or value == "":  # as most
        return False
    if name == "title":
        return bool(value != title_of(record.text))
    if name == "tokens":
        return bool(value.tokenizer == "source")
    if name == "state":
        return value is not State.DONE
    return not _is_empty(value)


def _is_plain(span: RecordSpan) -> bool:
    """Tell whether a span is an accepted one of one piece of which no more is said, as most."""
    return len(span.fragments) == 1 and not span.rejected and is_bare(span)


def _is_empty(value: object) -> bool:
    return value is None or value is False or (not value and isinstance(value, Sized))


_NOTHING_SAID: dict[str, Any] = {
    each.name: each.default if each.default is not dataclasses.MISSING else {}
    for each in dataclasses.fields(Record)
    if each.name in _GROUPS
}
_NOTHING_DECIDED: dict[str, Any] = {
    each.name: each.default if each.default is not dataclasses.MISSING else {}
    for each in dataclasses.fields(RecordSpan)
    if each.name in _ITEM_FIELDS
}
