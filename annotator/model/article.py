"""All annotations of one document at one moment: what was decided, and what is left to decide.

Pure: it says which candidates are still undecided, given the decisions. Candidates that share a character are
readings of one thing to decide; the best is drawn.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from annotator.model.annotation import (
    Fragments,
    Reason,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
    overlaps,
)
from annotator.model.candidate import Candidate, RelationCandidate


@dataclass(frozen=True, slots=True)
class Readings:
    """One span to decide: candidates that share characters, best first."""

    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        """Give the reading that is drawn."""
        return self.candidates[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationToDecide:
    """One relation to decide; each end is an accepted span, or the candidate that would be accepted with it."""

    candidate: RelationCandidate
    head: Span | Candidate
    child: Span | Candidate


@dataclass(frozen=True, slots=True)
class Annotations:
    """Decisions and open candidates of one document, each in reading order."""

    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    undecided: tuple[Readings, ...] = ()
    undecided_relations: tuple[RelationToDecide, ...] = ()
    _lookups: list[tuple[Lookup, int]] = field(init=False, repr=False, compare=False, default_factory=list)
    _rejected: list[int] = field(init=False, repr=False, compare=False, default_factory=list)

    def knowing(self, lookup: Lookup, rejected: int | None) -> Annotations:
        """Take over how its rows are found, and how many rejections count, where that is known; gives itself."""
        self._lookups[:] = [(lookup, lookup.version)]
        if rejected is not None:
            self._rejected[:] = [rejected]
        return self

    @property
    def lookup(self) -> Lookup:
        """Give how its rows are found by what they say."""
        for lookup, version in self._lookups:
            if lookup.version == version:
                return lookup
        self._lookups[:] = [(Lookup(self.spans, self.rejections, self.undecided), 0)]
        return self._lookups[0][0]

    def span(self, key: int) -> Span | None:
        """Give the accepted span of a row key, or None."""
        return self.lookup.spans.get(key)

    def rejections_of(self, what: SpanKey | RelationKey) -> Sequence[Rejection]:
        """Give the rejections of this very thing; mostly none or one."""
        return self.lookup.rejections.get(what, ())

    def accepted(self, what: SpanKey) -> Span | None:
        """Give the accepted span of this place and label, the last one where there are several."""
        return accepted_as(what, self.spans)

    def group_of(self, what: SpanKey) -> Readings | None:
        """Give the readings of which a candidate is one; None where it is not left to decide."""
        return self.lookup.groups.get(what)

    def asks(self, what: SpanKey | RelationKey) -> bool:
        """Tell whether a candidate is left to decide."""
        if isinstance(what, RelationKey):
            return any(each.candidate.what == what for each in self.undecided_relations)
        return self.group_of(what) is not None

    @property
    def left(self) -> int:
        """Count what is left to decide, spans and relations."""
        return len(self.undecided) + len(self.undecided_relations)

    @property
    def rejected(self) -> int:
        """Count what was rejected, as a person counts.

        Readings of one thing, which share characters, are one; what a fix put in place of something is none.
        """
        if self._rejected:
            return self._rejected[0]
        places = []
        count = 0
        for rejection in self.rejections:
            if rejection.reason in {Reason.WRONG_LABEL, Reason.WRONG_EXTENT}:
                continue
            if isinstance(rejection.what, SpanKey):
                places.append((rejection.what.fragments[0].start, rejection.what.fragments[-1].end))
            else:
                count += 1
        end = -1
        for start, stop in sorted(places):
            count += start >= end
            end = max(end, stop)
        self._rejected.append(count)
        return count

    @property
    def decided(self) -> int:
        """Count what was decided, spans and relations, accepted and rejected."""
        return len(self.spans) + len(self.relations) + self.rejected


class Lookup:
    """Finds the rows of an article by what they say; what is asked for is made once.

    `FollowedArticle` keeps it true from act to act, and counts with `version` what it was true of.
    """

    def __init__(
        self, spans: Sequence[Span], rejections: Sequence[Rejection], undecided: Sequence[Readings]
    ) -> None:
        self._spans, self._rejections, self._undecided = spans, rejections, undecided
        self.version = 0

    @cached_property
    def spans(self) -> dict[int, Span]:
        """Give the accepted spans by row key."""
        return {span.key: span for span in self._spans}

    @cached_property
    def rejections(self) -> dict[SpanKey | RelationKey, list[Rejection]]:
        """Give the rejections by what was rejected."""
        found: dict[SpanKey | RelationKey, list[Rejection]] = {}
        for each in self._rejections:
            found.setdefault(each.what, []).append(each)
        return found

    @cached_property
    def groups(self) -> dict[SpanKey, Readings]:
        """Give the readings of each undecided candidate."""
        return {each.what: group for group in self._undecided for each in group.candidates}

    @cached_property
    def best(self) -> dict[str, dict[SpanKey, Candidate]]:
        """Give the best readings by label, and by what they say."""
        found: dict[str, dict[SpanKey, Candidate]] = {}
        for group in self._undecided:
            found.setdefault(group.best.label, {})[group.best.what] = group.best
        return found


def annotations_of(
    *,
    spans: Iterable[Span],
    relations: Iterable[Relation],
    rejections: Iterable[Rejection],
    candidates: Sequence[Candidate],
    relation_candidates: Sequence[RelationCandidate],
) -> Annotations:
    """Put decisions and candidates of one document together and leave out what is decided already.

    A candidate is decided when it was rejected, or when an accepted span shares a character with it.
    One that is not shown by itself is a reading of one that is, or nothing.
    A relation candidate is decided when it was accepted or rejected, and gone when an end is rejected; an end
    whose extent was fixed is the fixed span.
    """
    spans = tuple(sorted(spans, key=lambda span: (span.fragments, span.key)))
    relations = tuple(relations)
    rejections = tuple(rejections)
    rejected = {rejection.what for rejection in rejections}
    taken = _Stretches(span.fragments for span in spans)
    open_candidates = [
        each for each in candidates if each.what not in rejected and not taken.meet(each.fragments)
    ]
    undecided = readings_of(open_candidates)
    asked = [each for readings in undecided for each in readings.candidates]
    return Annotations(
        spans,
        relations,
        rejections,
        undecided,
        tuple(_relations_to_decide(spans, relations, rejections, asked, relation_candidates)),
    )


def _relations_to_decide(
    spans: Sequence[Span],
    relations: Sequence[Relation],
    rejections: Sequence[Rejection],
    open_candidates: Sequence[Candidate],
    relation_candidates: Sequence[RelationCandidate],
) -> Iterable[RelationToDecide]:
    if not relation_candidates:
        return []
    accepted = {span.identity: span for span in spans}
    proposed = {each.what: each for each in open_candidates}
    joined = {(relation.head, relation.child, relation.label) for relation in relations}
    rejected = {rejection.what for rejection in rejections}
    gone = {rejection.what for rejection in rejections if rejection.reason is not Reason.WRONG_EXTENT}
    found: dict[tuple[object, object, str], RelationToDecide] = {}
    for each in relation_candidates:
        ends = []
        for end in (each.what.head, each.what.child):
            span: Span | Candidate | None = accepted.get(end) or proposed.get(end)
            if span is None and end not in gone:
                span = moved_span(end, spans)
            ends.append(span)
        head, child = ends
        if head is None or child is None or head is child:
            continue
        if (
            each.what in rejected
            or RelationKey(identity_of(head), identity_of(child), each.label) in rejected
        ):
            continue
        keys = [end.key if isinstance(end, Span) else None for end in (head, child)]
        if (keys[0], keys[1], each.label) in joined or (keys[1], keys[0], each.label) in joined:
            continue
        identity = (identity_of(head), identity_of(child), each.label)
        if identity not in found or found[identity].candidate.score < each.score:
            found[identity] = RelationToDecide(candidate=each, head=head, child=child)
    return sorted(found.values(), key=reading_place)


def identity_of(end: Span | Candidate) -> SpanKey:
    """Give fragments and label of an end."""
    return end.identity if isinstance(end, Span) else end.what


def moved_span(end: SpanKey, spans: Iterable[Span]) -> Span | None:
    """Find the accepted span that a candidate became when only its extent was fixed; the first in reading order."""
    return next(
        (span for span in spans if span.label == end.label and overlaps(span.fragments, end.fragments)), None
    )


def accepted_as(what: SpanKey, spans: Sequence[Span]) -> Span | None:
    """Find the span of a place and label among spans in reading order; the last one where there are several."""
    found = None
    for index in range(bisect_left(spans, what.fragments, key=_fragments), len(spans)):
        if spans[index].fragments != what.fragments:
            break
        if spans[index].label == what.label:
            found = spans[index]
    return found


def reading_place(item: RelationToDecide) -> tuple[int, int, int, str]:
    """Give the place of a relation in reading order: right after its later end."""
    starts = sorted((item.head.fragments[0].start, item.child.fragments[0].start), reverse=True)
    return starts[0], 1, starts[1], item.candidate.label


def readings_of(candidates: Sequence[Candidate]) -> tuple[Readings, ...]:
    """Group candidates that share characters with a better one that is shown; each group is one thing to decide."""
    ordered = sorted(candidates, key=_rank)
    by_start = sorted(ordered, key=lambda each: each.fragments[0].start)
    starts = [each.fragments[0].start for each in by_start]
    longest = max((each.fragments[-1].end - each.fragments[0].start for each in ordered), default=0)
    used: set[SpanKey] = set()
    groups = []
    for leader in ordered:
        if leader.what in used:
            continue
        if not leader.is_shown:
            break
        first = bisect_left(starts, leader.fragments[0].start - longest)
        last = bisect_left(starts, leader.fragments[-1].end)
        others = [
            each
            for each in by_start[first:last]
            if each.what not in used and each is not leader and overlaps(each.fragments, leader.fragments)
        ]
        used.add(leader.what)
        used.update(each.what for each in others)
        others.sort(key=lambda each: (not each.is_shown, -each.score, each.what))
        groups.append(Readings((leader, *others)))
    return tuple(sorted(groups, key=lambda group: group.best.what))


def _rank(candidate: Candidate) -> tuple[bool, float, int, SpanKey]:
    return not candidate.is_shown, -candidate.score, -_length(candidate.fragments), candidate.what


def _fragments(span: Span) -> Fragments:
    return span.fragments


def _length(fragments: Fragments) -> int:
    return sum(end - start for start, end in fragments)


class _Stretches:
    """The union of many stretches of text, asked whether another one meets it."""

    def __init__(self, many: Iterable[Fragments]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(fragment for fragments in many for fragment in fragments):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def meet(self, fragments: Fragments) -> bool:
        """Tell whether any of the fragments shares a character with the union."""
        for start, end in fragments:
            index = bisect_right(self._ends, start)
            if index < len(self._starts) and self._starts[index] < end:
                return True
        return False
