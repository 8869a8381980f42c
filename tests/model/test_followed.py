"""An article that is followed from act to act is the one that is read anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotation import (
    Provenance,
    Reason,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
    fragments_of,
)
from annotator.model.article import Annotations, Lookup, annotations_of
from annotator.model.candidate import Asked, Candidate, Proposal, RelationCandidate
from annotator.model.change import Change, Row
from annotator.model.differences import differing
from annotator.model.followed import FollowedArticle

WHO = Provenance(annotator="Mara", at=0.0)
R = TypeVar("R", Span, Relation, Rejection)
LABELS = st.sampled_from(["PERSON", "GPE"])
TYPES = st.sampled_from(["MET", "VISITED"])


SHOWN_FROM = 0.4
"""Between the scores: what is below it is a reading of what it overlaps, or nothing."""


@st.composite
def span_keys(draw: st.DrawFn) -> SpanKey:
    pairs = []
    at = draw(st.integers(0, 24))
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        end = at + draw(st.integers(1, 5))
        pairs.append((at, end))
        at = end + draw(st.integers(1, 4))
    return SpanKey(fragments_of(*pairs), draw(LABELS))


def _candidate(what: SpanKey, score: float) -> Candidate:
    proposals = (Proposal(what=what, suggester="test", score=score),)
    return Candidate(what=what, proposals=proposals, shown_from=SHOWN_FROM)


@st.composite
def proposed(draw: st.DrawFn) -> tuple[list[Candidate], list[RelationCandidate]]:
    keys = draw(st.lists(span_keys(), max_size=8, unique=True))
    scores = st.sampled_from([0.3, 0.5, 0.8])
    pairs = (
        st.builds(RelationKey, *(st.one_of(st.sampled_from(keys), span_keys()),) * 2, TYPES) if keys else None
    )
    relations = [] if pairs is None else draw(st.lists(pairs, max_size=8, unique=True))
    return [_candidate(key, draw(scores)) for key in keys], [
        RelationCandidate(what=what, proposals=(Proposal(what=what, suggester="test", score=draw(scores)),))
        for what in relations
    ]


class Document:
    """Rows of one document as the file holds them, changed at random."""

    def __init__(self, candidates: list[Candidate], relations: list[RelationCandidate]) -> None:
        self.candidates, self.relation_candidates = candidates, relations
        self.rows: dict[int, Row] = {}
        self.last = 0

    def of(self, kind: type[R]) -> list[R]:
        return [row for _, row in sorted(self.rows.items()) if isinstance(row, kind)]

    def change(self, before: Row | None, after: Row | None) -> Change:
        row = after if after is not None else before
        assert row is not None
        if after is None:
            del self.rows[row.key]
        else:
            self.rows[row.key] = after
        return Change(before, after)

    def act(self, data: st.DataObject) -> list[Change]:
        """Do one to three things in one act."""
        return [each for _ in range(data.draw(st.integers(1, 3))) for each in self._one(data)]

    def _one(self, data: st.DataObject) -> list[Change]:
        known = [each.what for each in self.candidates]
        place = st.one_of(st.sampled_from(known), span_keys()) if known else span_keys()
        act = data.draw(
            st.sampled_from(["add", "add", "ask", "reject", "join", "refuse", "move", "note", "remove"])
        )
        if act == "ask":
            return self._asked(data.draw(place))
        return self._decided(act, place, data)

    def _decided(self, act: str, place: st.SearchStrategy[SpanKey], data: st.DataObject) -> list[Change]:
        match act:
            case "add":
                what = data.draw(place)
                return [self.change(None, self._new(Span, fragments=what.fragments, label=what.label))]
            case "reject":
                reason = data.draw(st.sampled_from(list(Reason)))
                return [self.change(None, self._new(Rejection, what=data.draw(place), reason=reason))]
            case "refuse":
                proposals = [each.what for each in self.relation_candidates]
                pairs = st.builds(RelationKey, place, place, TYPES)
                what_joined = data.draw(st.one_of(st.sampled_from(proposals), pairs) if proposals else pairs)
                return [self.change(None, self._new(Rejection, what=what_joined, reason=Reason.WRONG))]
            case "join" if len(self.of(Span)) > 1:
                head, child = data.draw(st.permutations(self.of(Span)))[:2]
                made = self._new(Relation, head=head.key, child=child.key, label=data.draw(TYPES))
                return [self.change(None, made)]
            case "move" if self.of(Span):
                span, what = data.draw(st.sampled_from(self.of(Span))), data.draw(span_keys())
                return [self.change(span, replace(span, fragments=what.fragments, label=what.label))]
            case "note" if self.of(Relation):
                relation = data.draw(st.sampled_from(self.of(Relation)))
                return [self.change(relation, replace(relation, note="see", label=data.draw(TYPES)))]
            case "remove" if self.rows:
                return self._removed(data.draw(st.sampled_from(list(self.rows.values()))))
        return []

    def _asked(self, what: SpanKey) -> list[Change]:
        if any(each.what == what for each in self.rows.values() if isinstance(each, Asked)):
            return []
        self.last += 1
        asked = Asked(key=self.last, document=1, what=what, reason=f"{self.last}", annotator="Mara", at=0.0)
        return [self.change(None, asked)]

    def _removed(self, row: Row) -> list[Change]:
        hanging = [each for each in self.of(Relation) if row.key in (each.head, each.child)]
        return [self.change(each, None) for each in (*hanging, row)]

    def _new(self, kind: type[R], **what: Any) -> R:
        self.last += 1
        return kind(key=self.last, id="", document=1, layer=1, provenance=WHO, **what)


@given(proposed(), st.data())
def test_what_is_followed_is_what_is_read_anew(
    made: tuple[list[Candidate], list[RelationCandidate]], data: st.DataObject
) -> None:
    document = Document(*made)
    followed: FollowedArticle | None = None
    undoing: list[list[Change]] = []
    for _ in range(data.draw(st.integers(1, 6))):
        wants_undo = data.draw(st.booleans())
        if undoing and wants_undo:
            changes = [document.change(each.after, each.before) for each in reversed(undoing.pop())]
        else:
            before = dict(document.rows)
            changes = document.act(data)
            if followed is None:
                followed = _read(document, before)
            undoing.append(changes)
        assert followed is not None
        kept = followed.annotations
        assert followed.follow(changes) == _read(document, document.rows).annotations
        for found in (kept, followed.annotations):
            assert _looked_up(found.lookup) == _looked_up(_anew(found))
        assert kept is followed.annotations or _differ_as_told(kept, followed.annotations)


def _anew(found: Annotations) -> Lookup:
    return Lookup(found.spans, found.rejections, found.undecided)


def _looked_up(lookup: Lookup) -> tuple[object, ...]:
    rejections = {what: {each.key for each in found} for what, found in lookup.rejections.items()}
    best = {label: found for label, found in lookup.best.items() if found}
    return lookup.spans, rejections, lookup.groups, best


def _differ_as_told(before: Annotations, now: Annotations) -> bool:
    """Compare what was told of each row with what only one of the two holds."""
    for name in ("spans", "relations", "rejections", "undecided", "undecided_relations"):
        old, new = getattr(before, name), getattr(now, name)
        told = [{id(each) for each in part} for part in differing(old, new)]
        ids = {id(each) for each in old}, {id(each) for each in new}
        if told != [ids[0] - ids[1], ids[1] - ids[0]]:
            return False
    return True


def _read(document: Document, rows: dict[int, Row]) -> FollowedArticle:
    ordered = [row for _, row in sorted(rows.items())]
    asked = [row.proposal for row in ordered if isinstance(row, Asked)]
    candidates = _with_asked(document.candidates, asked)
    found = annotations_of(
        spans=[row for row in ordered if isinstance(row, Span)],
        relations=[row for row in ordered if isinstance(row, Relation)],
        rejections=[row for row in ordered if isinstance(row, Rejection)],
        candidates=candidates,
        relation_candidates=document.relation_candidates,
    )
    return FollowedArticle(found, candidates, document.relation_candidates)


def _with_asked(candidates: list[Candidate], asked: list[Proposal]) -> list[Candidate]:
    """Put what a person asked for to what was proposed, as it is done where both are read from a file."""
    made = [proposal for each in candidates for proposal in each.proposals]
    proposals: dict[SpanKey, list[Proposal]] = {}
    for each in sorted(made + asked, key=lambda each: -each.score):
        assert isinstance(each.what, SpanKey)
        proposals.setdefault(each.what, []).append(each)
    return [
        Candidate(what=what, proposals=tuple(found), shown_from=SHOWN_FROM)
        for what, found in proposals.items()
    ]
