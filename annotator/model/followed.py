"""The annotations of one document, followed from act to act: what an act did not touch is not looked at again.

Pure. `annotations_of` says what stands in a document; this gives the very same from what it was before and the rows
that were changed, at a cost that hangs on the act and hardly on the document. Candidates are those of the beginning,
and what a person asked for since.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

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
from annotator.model.article import (
    Annotations,
    Lookup,
    Readings,
    RelationToDecide,
    accepted_as,
    identity_of,
    reading_place,
    readings_of,
)
from annotator.model.candidate import Asked, Candidate, Proposal, RelationCandidate
from annotator.model.change import Change
from annotator.model.differences import EditedRow

Stretch = tuple[int, int]
"""First code point of something and the end of its last, what lies between its fragments included."""
_Keyed = TypeVar("_Keyed", Relation, Rejection)
_Identity = tuple[SpanKey, SpanKey, str]
_Resolved = tuple[_Identity, Span | Candidate, Span | Candidate]


class FollowedArticle:
    """What stands in a document, and what it takes to follow changes of its rows.

    Args:
        found: what `annotations_of` made of these very candidates.
        candidates, relation_candidates: everything proposed, decided or not, as given there.
    """

    def __init__(
        self,
        found: Annotations,
        candidates: Sequence[Candidate],
        relation_candidates: Sequence[RelationCandidate],
    ) -> None:
        self.annotations = found
        self._candidates = candidates
        self._relation_candidates = relation_candidates
        self._lookup: Lookup | None = None
        self._rows: _Rows | None = None
        self._open: _OpenCandidates | None = None
        self._relations: _OpenRelations | None = None

    def follow(self, changes: Iterable[Change]) -> Annotations:
        """Take over what an act made of spans, relations, rejections and what was asked for; gives what stands now.

        Raises:
            LookupError: the act changed what does not stand here; nothing can be said of the article any more.
        """
        lookup, rows = self._lookup, self._rows
        if lookup is None or rows is None:  # only what is worked on pays for this
            lookup = self._lookup = self.annotations.lookup
            rows = self._rows = _Rows(self.annotations, lookup)
            self._open = _OpenCandidates(self._candidates, self.annotations, lookup)
            self._relations = _OpenRelations(self._relation_candidates, rows, self._open, self.annotations)
        assert self._open is not None, "all three are made together"
        assert self._relations is not None, "all three are made together"
        lookup.version += 1
        changes = list(changes)
        touched = rows.change(changes)
        for change in changes:
            if isinstance(change.before, Asked):
                touched.add(self._open.withdraw(change.before.proposal))
            if isinstance(change.after, Asked):
                touched.add(self._open.propose(change.after.proposal))
        if not touched:
            return self.annotations.knowing(lookup, None)
        touched |= self._open.decide(touched, rows)
        self._relations.decide(touched, rows, self._open)
        before, rejections = self.annotations, rows.rejections.given()
        self.annotations = Annotations(
            rows.spans.given(),
            rows.relations.given(),
            rejections,
            self._open.groups.given(),
            self._relations.shown.given(),
        ).knowing(lookup, before.rejected if rejections is before.rejections else None)
        return self.annotations


class _Rows:
    """The decisions: spans in reading order, relations and rejections by row key."""

    def __init__(self, found: Annotations, lookup: Lookup) -> None:
        self.spans = EditedRow(found.spans)
        self.relations = EditedRow(found.relations)
        self.rejections = EditedRow(found.rejections)
        self.by_key, self._rejected = lookup.spans, lookup.rejections
        self.joined = Counter((each.head, each.child, each.label) for each in found.relations)
        self._longest = max((span.end - span.start for span in found.spans), default=0)

    def change(self, changes: Iterable[Change]) -> set[Stretch]:
        """Put rows in place; give where something may be decided otherwise than before."""
        ends: set[int] = set()
        spans: dict[int, list[Span]] = {}
        touched: set[Stretch] = set()
        for change in changes:
            for row, is_new in ((change.before, False), (change.after, True)):
                if isinstance(row, Span):
                    self._put_span(row, is_new=is_new)
                    spans.setdefault(row.key, []).append(row)
                    touched.add((row.start, row.end))
                elif isinstance(row, Relation):
                    _put_by_key(self.relations, row, is_new=is_new)
                    self.joined[row.head, row.child, row.label] += 1 if is_new else -1
                    ends |= {row.head, row.child}
                elif isinstance(row, Rejection):
                    self._put_rejection(row, is_new=is_new)
                    what = row.what
                    keys = [what] if isinstance(what, SpanKey) else [what.head, what.child]
                    touched.update(_stretch(key.fragments) for key in keys)
        for key in ends:
            known = [self.by_key[key]] if key in self.by_key else spans.get(key, [])
            touched.update((span.start, span.end) for span in known)
        return touched

    def meeting(self, stretch: Stretch) -> Iterator[Span]:
        """Give the spans, in reading order, whose stretch shares a character with another."""
        start, end = stretch
        spans = self.spans.values
        for index in range(bisect_left(spans, start - self._longest, key=_start), len(spans)):
            if spans[index].start >= end:
                return
            if spans[index].end > start:
                yield spans[index]

    def is_rejected(self, what: SpanKey | RelationKey) -> bool:
        """Tell whether something was rejected for whatever reason."""
        return what in self._rejected

    def is_gone(self, what: SpanKey) -> bool:
        """Tell whether an end was rejected, and not only fixed to another extent."""
        return any(each.reason is not Reason.WRONG_EXTENT for each in self._rejected.get(what, ()))

    def accepted(self, what: SpanKey) -> Span | None:
        """Give the span that has this place and label, the last one where there are several."""
        return accepted_as(what, self.spans.values)

    def moved(self, what: SpanKey) -> Span | None:
        """Give the span that a candidate became when only its extent was fixed; the first in reading order."""
        found = self.meeting(_stretch(what.fragments))
        return next(
            (each for each in found if each.label == what.label and overlaps(each.fragments, what.fragments)),
            None,
        )

    def _put_span(self, span: Span, *, is_new: bool) -> None:
        if is_new:
            self.spans.insert(bisect_right(self.spans.values, _order(span), key=_order), span)
            self.by_key[span.key] = span
            self._longest = max(self._longest, span.end - span.start)
        else:
            before = self.by_key.pop(span.key)
            self.spans.pop(bisect_left(self.spans.values, _order(before), key=_order))

    def _put_rejection(self, rejection: Rejection, *, is_new: bool) -> None:
        _put_by_key(self.rejections, rejection, is_new=is_new)
        what = rejection.what
        left = [each for each in self._rejected.pop(what, ()) if each.key != rejection.key]
        if is_new or left:
            self._rejected[what] = [*left, rejection] if is_new else left


class _OpenCandidates:
    """The candidates of spans that are undecided, in groups of readings.

    Candidates whose stretches meet, directly or by others, are a patch; what is decided in one says nothing of another.
    """

    def __init__(self, candidates: Sequence[Candidate], found: Annotations, lookup: Lookup) -> None:
        self.groups = EditedRow(found.undecided)
        self._groups_of, self._best = lookup.groups, lookup.best
        self._patches: list[list[Candidate]] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        for each in sorted(candidates, key=lambda each: each.fragments[0].start):
            start, end = _stretch(each.fragments)
            if self._ends and start < self._ends[-1]:
                self._patches[-1].append(each)
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._patches.append([each])
                self._starts.append(start)
                self._ends.append(end)

    def propose(self, proposal: Proposal) -> Stretch:
        """Take in one more proposal, which `decide` has to look at; give where."""
        what = _span_key(proposal)
        start, end = _stretch(what.fragments)
        patches = self._meeting((start, end))
        members = [each for patch in patches for each in self._patches[patch]]
        known = next((each for each in members if each.what == what), None)
        if known is not None:
            members.remove(known)
        proposals = () if known is None else known.proposals
        better = sum(each.score >= proposal.score for each in proposals)
        made = known or Candidate(what=what, proposals=())
        members.append(replace(made, proposals=(*proposals[:better], proposal, *proposals[better:])))
        first, last = patches.start, max(patches.start, patches.stop)
        bounds = [(start, end), *zip(self._starts[first:last], self._ends[first:last], strict=True)]
        self._patches[first:last] = [members]
        self._starts[first:last] = [min(one for one, _ in bounds)]
        self._ends[first:last] = [max(other for _, other in bounds)]
        return start, end

    def withdraw(self, proposal: Proposal) -> Stretch:
        """Take out a proposal; give where.

        Raises:
            LookupError: it does not stand here.
        """
        what = _span_key(proposal)
        stretch = _stretch(what.fragments)
        for patch in self._meeting(stretch):
            for number, each in enumerate(self._patches[patch]):
                if each.what == what and proposal in each.proposals:
                    left = tuple(other for other in each.proposals if other != proposal)
                    self._patches[patch][number : number + 1] = (
                        [replace(each, proposals=left)] if left else []
                    )
                    self._groups_of.pop(what, None)
                    return stretch
        raise LookupError(what)

    def _meeting(self, stretch: Stretch) -> range:
        """Give the patches that share a character with a stretch."""
        return range(bisect_right(self._ends, stretch[0]), bisect_left(self._starts, stretch[1]))

    def of_key(self, what: SpanKey) -> Candidate | None:
        """Give the undecided candidate of this place and label."""
        group = self._groups_of.get(what)
        return None if group is None else next(each for each in group.candidates if each.what == what)

    def decide(self, touched: Iterable[Stretch], rows: _Rows) -> set[Stretch]:
        """Decide anew what meets some stretches; give the stretches of what was looked at."""
        patches = {patch for stretch in touched for patch in self._meeting(stretch)}
        for patch in patches:
            self._decide(patch, rows)
        return {(self._starts[patch], self._ends[patch]) for patch in patches}

    def _decide(self, patch: int, rows: _Rows) -> None:
        stretch = self._starts[patch], self._ends[patch]
        spans = [span.fragments for span in rows.meeting(stretch)]
        is_open = [
            each
            for each in self._patches[patch]
            if not rows.is_rejected(each.what)
            and not any(overlaps(fragments, each.fragments) for fragments in spans)
        ]
        for each in self._patches[patch]:
            self._groups_of.pop(each.what, None)
        groups = readings_of(is_open)
        first = bisect_left(self.groups.values, stretch[0], key=_group_start)
        last = first
        while last < len(self.groups.values) and _group_start(self.groups.values[last]) < stretch[1]:
            last += 1
        before = {group.candidates: group for group in self.groups.values[first:last]}
        for group in before.values():
            del self._best[group.best.label][group.best.what]
        for group in groups:
            self._best.setdefault(group.best.label, {})[group.best.what] = group.best
        groups = tuple(before.get(group.candidates, group) for group in groups)
        self._groups_of.update((each.what, group) for group in groups for each in group.candidates)
        self.groups.replace(first, last, groups)


class _OpenRelations:
    """The candidates of relations that are undecided, each once, however many proposals come to the same."""

    def __init__(
        self,
        candidates: Sequence[RelationCandidate],
        rows: _Rows,
        is_open: _OpenCandidates,
        found: Annotations,
    ) -> None:
        self.shown = EditedRow(found.undecided_relations)
        self._order: list[tuple[object, int]] = []
        self._places: dict[_Identity, tuple[object, int]] = {}
        self._candidates = candidates
        self._resolved: list[_Resolved | None] = [_resolve(each, rows, is_open) for each in candidates]
        self._alike: dict[_Identity, list[int]] = {}
        for number, resolved in enumerate(self._resolved):
            if resolved is not None:
                self._alike.setdefault(resolved[0], []).append(number)
        for each in found.undecided_relations:
            identity = identity_of(each.head), identity_of(each.child), each.candidate.label
            place = reading_place(each), self._alike[identity][0]
            self._places[identity] = place
            self._order.append(place)
        self._ends = sorted(
            (*_stretch(end.fragments), number)
            for number, each in enumerate(candidates)
            for end in (each.what.head, each.what.child)
        )
        self._longest = max((end - start for start, end, _ in self._ends), default=0)

    def decide(self, touched: Iterable[Stretch], rows: _Rows, is_open: _OpenCandidates) -> None:
        """Decide anew the candidates that have an end in some stretches."""
        identities: dict[_Identity, None] = {}
        for number in {number for stretch in touched for number in self._ending_in(stretch)}:
            before = self._resolved[number]
            after = self._resolved[number] = _resolve(self._candidates[number], rows, is_open)
            if before is not None:
                self._alike[before[0]].remove(number)
                identities[before[0]] = None
            if after is not None:
                insort(self._alike.setdefault(after[0], []), number)
                identities[after[0]] = None
        for identity in identities:
            self._show(identity)

    def _ending_in(self, stretch: Stretch) -> Iterator[int]:
        for index in range(bisect_left(self._ends, (stretch[0] - self._longest,)), len(self._ends)):
            start, end, number = self._ends[index]
            if start > stretch[1]:
                return
            if end >= stretch[0]:
                yield number

    def _show(self, identity: _Identity) -> None:
        """Put the best of the candidates that come to the same in its place, if any is left."""
        old: RelationToDecide | None = None
        place = self._places.pop(identity, None)
        if place is not None:
            index = bisect_left(self._order, place)
            old = self.shown.pop(index)
            del self._order[index]
        numbers = self._alike[identity]
        if not numbers:
            del self._alike[identity]
            return
        best = max(numbers, key=lambda number: (self._candidates[number].score, -number))
        resolved = self._resolved[best]
        assert resolved is not None, "it was resolved to this identity"
        made = RelationToDecide(candidate=self._candidates[best], head=resolved[1], child=resolved[2])
        place = reading_place(made), numbers[0]
        index = bisect_left(self._order, place)
        self._order.insert(index, place)
        self.shown.insert(index, old if old == made and old is not None else made)
        self._places[identity] = place


def _resolve(candidate: RelationCandidate, rows: _Rows, is_open: _OpenCandidates) -> _Resolved | None:
    """Find what a relation candidate would join now; None where it is decided or an end is gone."""
    what = candidate.what
    head, child = (_end(each, rows, is_open) for each in (what.head, what.child))
    if head is None or child is None or head is child or rows.is_rejected(what):
        return None
    identity = identity_of(head), identity_of(child), candidate.label
    if rows.is_rejected(RelationKey(*identity)):
        return None
    keys = [end.key if isinstance(end, Span) else 0 for end in (head, child)]
    if all(keys) and any(rows.joined[one, other, candidate.label] for one, other in (keys, keys[::-1])):
        return None
    return identity, head, child


def _end(what: SpanKey, rows: _Rows, is_open: _OpenCandidates) -> Span | Candidate | None:
    found = rows.accepted(what) or is_open.of_key(what)
    return found if found is not None or rows.is_gone(what) else rows.moved(what)


def _span_key(proposal: Proposal) -> SpanKey:
    assert isinstance(proposal.what, SpanKey), "only spans are asked for"
    return proposal.what


def _put_by_key(rows: EditedRow[_Keyed], row: _Keyed, *, is_new: bool) -> None:
    index = bisect_left(rows.values, row.key, key=_key)
    if is_new:
        rows.insert(index, row)
    elif rows.values[index].key == row.key:
        rows.pop(index)
    else:
        raise KeyError(row.key)


def _stretch(fragments: Fragments) -> Stretch:
    return fragments[0].start, fragments[-1].end


def _key(row: Relation | Rejection) -> int:
    return row.key


def _start(span: Span) -> int:
    return span.fragments[0].start


def _order(span: Span) -> tuple[Fragments, int]:
    return span.fragments, span.key


def _group_start(group: Readings) -> int:
    return group.candidates[0].fragments[0].start
