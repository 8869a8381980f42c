"""What is undecided in a document that is followed: candidates of spans in groups, and of relations between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from annotator.model.annotation import RelationKey, Span, SpanKey, overlaps
from annotator.model.article import (
    Annotations,
    Lookup,
    Readings,
    RelationToDecide,
    identity_of,
    reading_place,
    readings_of,
)
from annotator.model.candidate import Candidate, Proposal, RelationCandidate
from annotator.model.differences import EditedRow
from annotator.model.followed_rows import Rows, Stretch, stretch_of

_Identity = tuple[SpanKey, SpanKey, str]
_Resolved = tuple[_Identity, Span | Candidate, Span | Candidate]


class OpenCandidates:
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
            start, end = stretch_of(each.fragments)
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
        start, end = stretch_of(what.fragments)
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
        stretch = stretch_of(what.fragments)
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

    def decide(self, touched: Iterable[Stretch], rows: Rows) -> set[Stretch]:
        """Decide anew what meets some stretches; give the stretches of what was looked at."""
        patches = {patch for stretch in touched for patch in self._meeting(stretch)}
        for patch in patches:
            self._decide(patch, rows)
        return {(self._starts[patch], self._ends[patch]) for patch in patches}

    def _decide(self, patch: int, rows: Rows) -> None:
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


class OpenRelations:
    """The candidates of relations that are undecided, each once, however many proposals come to the same."""

    def __init__(
        self,
        candidates: Sequence[RelationCandidate],
        rows: Rows,
        is_open: OpenCandidates,
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
            (*stretch_of(end.fragments), number)
            for number, each in enumerate(candidates)
            for end in (each.what.head, each.what.child)
        )
        self._longest = max((end - start for start, end, _ in self._ends), default=0)

    def decide(self, touched: Iterable[Stretch], rows: Rows, is_open: OpenCandidates) -> None:
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


def _resolve(candidate: RelationCandidate, rows: Rows, is_open: OpenCandidates) -> _Resolved | None:
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


def _end(what: SpanKey, rows: Rows, is_open: OpenCandidates) -> Span | Candidate | None:
    found = rows.accepted(what) or is_open.of_key(what)
    return found if found is not None or rows.is_gone(what) else rows.moved(what)


def _span_key(proposal: Proposal) -> SpanKey:
    assert isinstance(proposal.what, SpanKey), "only spans are asked for"
    return proposal.what


def _group_start(group: Readings) -> int:
    return group.candidates[0].fragments[0].start
