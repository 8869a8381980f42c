"""How often patterns were right: their hits in the documents worked on last, against what was decided there.

A hit is right where a span of its place and label is accepted, wrong where that was rejected, or where a document is
done without it. Only what a person decided one by one counts, and what stands in a document that somebody finished and
decided something in; what was accepted in bulk elsewhere, or came with an import, tells nothing. Each document is
looked at again only after an act on it.
"""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from annotator.model.annotation import Fragments, How, Rejection, Span, SpanKey
from annotator.model.document import State
from annotator.model.errors import Cancelled, StaleError, UserError
from annotator.model.patterns import PatternList
from annotator.store import articles
from annotator.store import patterns as stored
from annotator.suggest.base import GivenPatterns
from annotator.suggest.phrases import Hit
from annotator.workflows.machine import Machine, machine_of
from annotator.workflows.session import Session
from annotator.workflows.texts_given import plain_text_of

LOOKED_AT = 300
"""Documents that a record is taken from."""
_AT_ONCE = 50

Marks = tuple[tuple[int, bool], ...]
"""Numbers of patterns, one for each decided hit, each with whether it was right."""


@dataclass(frozen=True, slots=True)
class Record:
    """How a list did: hits that were right and hits that were decided, of all its patterns and of each by number."""

    right: int = 0
    decided: int = 0
    patterns: Mapping[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """What was found out for one state of a list: marks by document, each with the state of that document."""

    marks: dict[int, tuple[tuple[int, int], Marks]] = field(default_factory=dict)
    failed: bool = False


_KNOWN: weakref.WeakKeyDictionary[Machine, dict[str, tuple[object, _Known]]] = weakref.WeakKeyDictionary()
"""By what does the work, and list; what is known of an older state of a list is forgotten."""


def given(session: Session, each: PatternList) -> GivenPatterns:
    """Give a list as it is handed to who looks for it."""
    blocks = stored.packed_blocks(session.project, each.key)
    return GivenPatterns(
        id=each.id, name=each.name, label=each.label, ignore_case=each.ignore_case, blocks=blocks
    )


def recorded_lists(session: Session, pipeline: str = "") -> tuple[GivenPatterns, ...]:
    """Give all lists that are switched on, with their records.

    Args:
        pipeline: gives parts of speech and the like to the patterns that ask for them.
    """
    lists = [given(session, each) for each in stored.pattern_lists(session.project) if each.enabled]
    return tuple(_with_record(each, record_of(session, each, pipeline)) for each in lists if each.blocks)


def _with_record(each: GivenPatterns, record: Record) -> GivenPatterns:
    return replace(each, record=(record.right, record.decided), records=record.patterns)


def record_of(session: Session, each: GivenPatterns, pipeline: str = "") -> Record:
    """Give the record of a list over the documents that were worked on last; a list that cannot be run has none."""
    known = _known(machine_of(session), each)
    if known.failed:
        return Record()
    everywhere = stored.newest_everywhere(session.project)
    states = {key: (step, everywhere) for key, step in stored.decided_last(session.project, LOOKED_AT)}
    stale = [key for key, state in states.items() if key not in known.marks or known.marks[key][0] != state]
    try:
        for first in range(0, len(stale), _AT_ONCE):
            some = stale[first : first + _AT_ONCE]
            for key, marks in _marked(session, some, each, pipeline).items():
                known.marks[key] = (states[key], marks)
    except Cancelled:
        raise
    except UserError:  # who looks for candidates with it is told why
        known.failed = True
        return Record()
    for gone in known.marks.keys() - states.keys():
        del known.marks[gone]
    return _counted(marks for _, marks in known.marks.values())


def _known(machine: Machine, each: GivenPatterns) -> _Known:
    state = (each.blocks, each.label, each.ignore_case)
    lists = _KNOWN.setdefault(machine, {})
    if each.id not in lists or lists[each.id][0] != state:
        lists[each.id] = (state, _Known())
    return lists[each.id][1]


def _counted(marks: Iterable[Marks]) -> Record:
    right: Counter[int] = Counter()
    decided: Counter[int] = Counter()
    for some in marks:
        for number, is_right in some:
            decided[number] += 1
            right[number] += is_right
    patterns = {number: (right[number], count) for number, count in decided.items()}
    return Record(right.total(), decided.total(), patterns)


def _marked(session: Session, keys: Sequence[int], each: GivenPatterns, pipeline: str) -> dict[int, Marks]:
    texts = []
    for key in keys:
        try:
            texts.append(plain_text_of(session, key))
        except StaleError:  # removed meanwhile
            continue
    found = machine_of(session).find_patterns(texts, each, pipeline)
    return {
        text.document: _judged(session, text.document, hits, each.label) if hits else ()
        for text, hits in zip(texts, found, strict=True)
    }


def _judged(session: Session, document: int, hits: Sequence[Hit], label: str) -> Marks:
    """Say which hits of a document were right, as far as that was decided."""
    spans = articles.spans_of(session.project, document)
    rejections = articles.rejections_of(session.project, document)
    hows = {each.provenance.how for each in spans} | {each.provenance.how for each in rejections}
    is_done = session.document(document).state is State.DONE and How.SINGLE in hows
    right = _places(spans, label, {How.SINGLE, How.BULK} if is_done else {How.SINGLE})
    wrong = _rejected(rejections, label)
    accepted = _places(spans, label, set(How))
    marks = []
    for start, end, number in outermost(hits):
        place = start, end
        if place in right:
            marks.append((number, True))
        elif place in wrong or (is_done and place not in accepted):
            marks.append((number, False))
    return tuple(marks)


def _places(spans: Iterable[Span], label: str, hows: set[How]) -> set[tuple[int, int]]:
    """Give the places of spans of a label that were accepted in one of these ways."""
    return {
        _place(each.fragments)
        for each in spans
        if each.label == label and each.provenance.how in hows and len(each.fragments) == 1
    }


def _rejected(rejections: Iterable[Rejection], label: str) -> set[tuple[int, int]]:
    return {
        _place(each.what.fragments)
        for each in rejections
        if isinstance(each.what, SpanKey) and each.what.label == label and each.provenance.how is How.SINGLE
    }


def _place(fragments: Fragments) -> tuple[int, int]:
    return fragments[0].start, fragments[-1].end


def outermost(hits: Iterable[Hit]) -> list[Hit]:
    """Leave out what lies within another hit of the same list: that is never proposed; of equal places all stay."""
    kept: list[Hit] = []
    reach, opened = -1, -1
    for each in sorted(hits, key=lambda each: (each.start, -each.end, each.number)):
        if each.end > reach or (each.start, each.end) == (opened, reach):
            kept.append(each)
            reach, opened = max(reach, each.end), each.start
    return kept
