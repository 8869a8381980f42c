"""What is left to decide: readings of one thing, what acceptance covers, and relations that hang on their ends."""

from __future__ import annotations

from collections.abc import Sequence

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
    overlaps,
)
from annotator.model.article import Annotations, Readings, annotations_of
from annotator.model.candidate import Candidate, Proposal, RelationCandidate

WHO = Provenance(annotator="Mara", at=0.0)


def key(start: int, end: int, label: str = "PERSON") -> SpanKey:
    return SpanKey(fragments_of((start, end)), label)


def span(number: int, what: SpanKey) -> Span:
    return Span(
        key=number,
        id=str(number),
        document=1,
        layer=1,
        fragments=what.fragments,
        label=what.label,
        provenance=WHO,
    )


def relation(number: int, head: int, child: int, label: str = "MET") -> Relation:
    return Relation(
        key=number, id=str(number), document=1, layer=1, head=head, child=child, label=label, provenance=WHO
    )


def rejection(number: int, what: SpanKey | RelationKey, reason: Reason = Reason.WRONG) -> Rejection:
    return Rejection(
        key=number, id=str(number), document=1, layer=1, what=what, reason=reason, provenance=WHO
    )


def candidate(what: SpanKey, score: float = 0.5) -> Candidate:
    return Candidate(what=what, proposals=(Proposal(what=what, suggester="test", score=score),))


def proposed(head: SpanKey, child: SpanKey, label: str = "MET", score: float = 0.5) -> RelationCandidate:
    what = RelationKey(head, child, label)
    return RelationCandidate(what=what, proposals=(Proposal(what=what, suggester="test", score=score),))


def left(
    *,
    spans: Sequence[Span] = (),
    relations: Sequence[Relation] = (),
    rejections: Sequence[Rejection] = (),
    candidates: Sequence[Candidate] = (),
    relation_candidates: Sequence[RelationCandidate] = (),
) -> Annotations:
    return annotations_of(
        spans=spans,
        relations=relations,
        rejections=rejections,
        candidates=candidates,
        relation_candidates=relation_candidates,
    )


ADA, BOB, EVE = key(0, 3), key(10, 13), key(20, 23)


def test_candidates_that_share_characters_are_readings_of_one_thing_best_first() -> None:
    long, short, label = key(0, 8), key(4, 8), key(4, 8, "ORG")
    found = left(
        candidates=[candidate(short, 0.7), candidate(long, 0.9), candidate(label, 0.8), candidate(BOB)]
    )
    assert [[each.what for each in group.candidates] for group in found.undecided] == [
        [long, label, short],
        [BOB],
    ]
    assert found.undecided[0].best.score == 0.9
    assert found.left == 2


def test_what_is_not_shown_by_itself_is_a_reading_of_what_is_or_nothing() -> None:
    low = Candidate(
        what=key(2, 8), proposals=(Proposal(what=key(2, 8), suggester="test", score=0.2),), shown_from=0.25
    )
    best = candidate(key(0, 4), 0.5)
    assert left(candidates=[low]).undecided == ()
    assert left(candidates=[low, best]).undecided == (Readings((best, low)),)
    assert left(candidates=[low, best], rejections=[rejection(1, best.what)]).undecided == ()


def test_what_is_always_shown_is_drawn_before_what_is_not_shown_by_itself() -> None:
    low = Candidate(
        what=key(2, 8), proposals=(Proposal(what=key(2, 8), suggester="test", score=0.2),), shown_from=0.25
    )
    of_file = Candidate(
        what=key(0, 4), proposals=(Proposal(what=key(0, 4), suggester="file", score=0.1),), shown_from=0.25
    )
    assert left(candidates=[low, of_file]).undecided == (Readings((of_file, low)),)


def test_of_equal_scores_the_longer_reading_is_drawn() -> None:
    found = left(candidates=[candidate(key(4, 8), 0.7), candidate(key(0, 8), 0.7)])
    assert found.undecided[0].best.what == key(0, 8)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 30), st.integers(1, 6), st.sampled_from("AB"), st.sampled_from([0.3, 0.6, 0.9])
        ),
        max_size=12,
    ),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=4),
)
def test_readings_part_the_open_candidates(
    drawn: list[tuple[int, int, str, float]], accepted: list[tuple[int, int]]
) -> None:
    candidates = {
        key(start, start + length, label): candidate(key(start, start + length, label), score)
        for start, length, label, score in drawn
    }
    spans = [
        span(number, key(start, start + length)) for number, (start, length) in enumerate(accepted, start=1)
    ]
    found = left(spans=spans, candidates=list(candidates.values()))
    groups = [[each.what for each in group.candidates] for group in found.undecided]
    free = {
        what for what in candidates if not any(overlaps(what.fragments, each.fragments) for each in spans)
    }
    assert sorted(what for group in groups for what in group) == sorted(free)
    for group in groups:
        assert all(overlaps(group[0].fragments, other.fragments) for other in group[1:])
        assert all(candidates[group[0]].score >= candidates[other].score for other in group[1:])
    best = [group[0] for group in groups]
    assert best == sorted(best)
    assert not any(
        overlaps(one.fragments, other.fragments) for one in best for other in best if one is not other
    )


def test_what_was_rejected_or_lies_under_an_accepted_span_is_decided() -> None:
    found = left(
        spans=[span(1, key(2, 5, "ORG"))],
        rejections=[rejection(1, BOB)],
        candidates=[candidate(ADA), candidate(BOB), candidate(key(10, 13, "ORG")), candidate(key(5, 9))],
    )
    assert [group.best.what for group in found.undecided] == [key(5, 9), key(10, 13, "ORG")]


def test_a_span_in_pieces_covers_only_its_pieces() -> None:
    pieces = Span(
        key=1,
        id="1",
        document=1,
        layer=1,
        fragments=fragments_of((0, 3), (20, 23)),
        label="X",
        provenance=WHO,
    )
    found = left(spans=[pieces], candidates=[candidate(ADA), candidate(BOB), candidate(EVE)])
    assert [group.best.what for group in found.undecided] == [BOB]


def test_a_relation_hangs_on_accepted_spans_or_candidates() -> None:
    found = left(spans=[span(1, ADA)], candidates=[candidate(BOB)], relation_candidates=[proposed(ADA, BOB)])
    (one,) = found.undecided_relations
    assert isinstance(one.head, Span)
    assert isinstance(one.child, Candidate)
    assert found.left == 2


def test_a_relation_is_gone_with_a_rejected_end_or_one_that_nobody_proposes() -> None:
    candidates = [candidate(ADA), candidate(BOB)]
    asked = [proposed(ADA, BOB), proposed(ADA, EVE)]
    assert len(left(candidates=candidates, relation_candidates=asked).undecided_relations) == 1
    found = left(candidates=candidates, relation_candidates=asked, rejections=[rejection(1, BOB)])
    assert found.undecided_relations == ()


def test_a_relation_was_decided_by_acceptance_or_rejection() -> None:
    ends = [span(1, ADA), span(2, BOB)]
    asked = [proposed(ADA, BOB)]
    assert left(spans=ends, relation_candidates=asked).left == 1
    assert left(spans=ends, relation_candidates=asked, relations=[relation(1, 1, 2)]).left == 0
    refused = [rejection(1, RelationKey(ADA, BOB, "MET"))]
    assert left(spans=ends, relation_candidates=asked, rejections=refused).left == 0
    assert left(spans=ends, relation_candidates=asked, relations=[relation(1, 1, 2, "KNOWS")]).left == 1


def test_a_relation_follows_an_end_whose_extent_was_fixed() -> None:
    fixed = [span(1, key(0, 5)), span(2, BOB)]
    wrong = [rejection(1, ADA, Reason.WRONG_EXTENT)]
    found = left(spans=fixed, rejections=wrong, relation_candidates=[proposed(ADA, BOB)])
    assert [(each.head, each.child) for each in found.undecided_relations] == [(fixed[0], fixed[1])]


def test_a_relation_does_not_follow_an_end_whose_label_was_fixed_or_that_was_rejected() -> None:
    relabelled = [span(1, key(0, 3, "ORG")), span(2, BOB)]
    wrong = [rejection(1, ADA, Reason.WRONG_LABEL)]
    found = left(spans=relabelled, rejections=wrong, relation_candidates=[proposed(ADA, BOB)])
    assert found.undecided_relations == ()
    other = [span(1, key(2, 5)), span(2, BOB)]
    found = left(spans=other, rejections=[rejection(1, ADA)], relation_candidates=[proposed(ADA, BOB)])
    assert found.undecided_relations == ()


def test_a_relation_rejected_between_the_fixed_ends_stays_rejected() -> None:
    fixed = [span(1, key(0, 5)), span(2, BOB)]
    said = [
        rejection(1, ADA, Reason.WRONG_EXTENT),
        rejection(2, RelationKey(key(0, 5), BOB, "MET")),
    ]
    found = left(spans=fixed, rejections=said, relation_candidates=[proposed(ADA, BOB)])
    assert found.undecided_relations == ()


def test_two_relations_that_became_one_are_asked_once_with_the_better_score() -> None:
    fixed = [span(1, key(0, 5)), span(2, BOB)]
    found = left(
        spans=fixed,
        relation_candidates=[proposed(ADA, BOB, score=0.4), proposed(key(0, 4), BOB, score=0.6)],
    )
    assert [each.candidate.score for each in found.undecided_relations] == [0.6]


def test_relations_stand_in_reading_order_after_their_later_end() -> None:
    spans = [span(1, ADA), span(2, BOB), span(3, EVE)]
    found = left(
        spans=spans, relation_candidates=[proposed(EVE, BOB), proposed(ADA, EVE), proposed(BOB, ADA)]
    )
    assert [(each.candidate.what.head, each.candidate.what.child) for each in found.undecided_relations] == [
        (BOB, ADA),
        (ADA, EVE),
        (EVE, BOB),
    ]


def test_counts_and_look_up() -> None:
    found = left(
        spans=[span(2, BOB), span(1, ADA)], relations=[relation(1, 1, 2)], rejections=[rejection(1, EVE)]
    )
    assert [each.key for each in found.spans] == [1, 2]
    assert found.decided == 4
    assert found.span(2) == span(2, BOB)
    assert found.span(3) is None
