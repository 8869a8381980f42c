"""Ids, items and the order of deciding: every thing has one id, every id finds its thing again."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotation import (
    Fragments,
    Origin,
    Provenance,
    Reason,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
    fragments_of,
)
from annotator.model.article import Annotations, Readings, RelationToDecide, annotations_of
from annotator.model.candidate import DOUBTFUL, Candidate, Proposal, RelationCandidate
from annotator.model.document import Tokens
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.ui.models.article_items import (
    Value,
    chosen_reading,
    id_of,
    is_illegal,
    relation_ends,
    relation_items,
    relations_at,
    span_items,
    value_of,
)
from annotator.ui.models.article_words import quoted
from annotator.ui.models.item_memory import ItemMemory
from annotator.ui.selection import Things

WORDS = 30
TEXT = "words " * WORDS
TOKENS = Tokens(tuple(range(0, 6 * WORDS, 6)), tuple(range(5, 6 * WORDS, 6)), (0,))
SCHEMA = Schema(
    (
        EntityType(name="PERSON", color="blue"),
        EntityType(name="ROLE", color="slate", shown="Role"),
        EntityType(name="A:B", color="teal"),
    ),
    (
        RelationType(name="HOLDS_ROLE", heads=("PERSON",), children=("ROLE",)),
        RelationType(name="MET", symmetric=True, shown="met with"),
    ),
)
MARA = Provenance(annotator="Mara", at=1_741_855_920.0)

labels = st.sampled_from(["PERSON", "ROLE", "A:B"])
scores = st.floats(0, 1)


@st.composite
def fragments(draw: st.DrawFn) -> Fragments:
    start = draw(st.integers(0, WORDS - 4)) * 6
    end = start + draw(st.integers(1, 3)) * 6 - 1
    pairs = [(start, end)]
    if draw(st.booleans()):
        pairs.append((end + 2, end + 4))
    return fragments_of(*pairs)


keys = st.builds(SpanKey, fragments(), labels)


def proposal(what: SpanKey | RelationKey, score: float, reason: str = "") -> Proposal:
    return Proposal(what=what, suggester="rule", score=score, reason=reason)


def a_span(key: int, what: SpanKey, **options: object) -> Span:
    given_options = {"provenance": MARA, **options}
    return Span(key=key, id=f"id{key}", document=1, layer=1, fragments=what.fragments, label=what.label,
                **given_options)  # type: ignore[arg-type]  # fmt: skip


def a_relation(key: int, *, head: int, child: int, label: str = "HOLDS_ROLE") -> Relation:
    return Relation(
        key=key, id=f"r{key}", document=1, layer=1, head=head, child=child, label=label, provenance=MARA
    )


def a_rejection(key: int, what: SpanKey | RelationKey) -> Rejection:
    return Rejection(
        key=key, id=f"x{key}", document=1, layer=1, what=what, reason=Reason.WRONG, provenance=MARA
    )


def a_candidate(what: SpanKey, score: float = 0.9, reason: str = "") -> Candidate:
    return Candidate(what=what, proposals=(proposal(what, score, reason),))


def a_relation_candidate(head: SpanKey, child: SpanKey, label: str = "HOLDS_ROLE") -> RelationCandidate:
    what = RelationKey(head, child, label)
    return RelationCandidate(what=what, proposals=(proposal(what, 0.74),))


def key(start: int, end: int, label: str = "PERSON") -> SpanKey:
    """Give the key of the words `start` to `end` (exclusive)."""
    return SpanKey(fragments_of((start * 6, end * 6 - 1)), label)


@st.composite
def articles(draw: st.DrawFn) -> Annotations:
    spans = [a_span(number, what) for number, what in enumerate(draw(st.lists(keys, max_size=6)), 1)]
    candidates = [a_candidate(what, draw(scores)) for what in draw(st.lists(keys, max_size=12, unique=True))]
    ends = [*(span.identity for span in spans), *(each.what for each in candidates)]
    relations = []
    if len(spans) > 1:
        pairs = draw(st.lists(st.tuples(*[st.integers(1, len(spans))] * 2), max_size=4))
        relations = [
            a_relation(n, head=a, child=b, label=draw(st.sampled_from(["HOLDS_ROLE", "MET", "GONE"])))
            for n, (a, b) in enumerate(pairs, 1)
            if a != b
        ]
    proposed = []
    if ends:
        for head, child in draw(st.lists(st.tuples(*[st.sampled_from(ends)] * 2), max_size=8, unique=True)):
            proposed.append(a_relation_candidate(head, child, draw(st.sampled_from(["HOLDS_ROLE", "X:Y"]))))
    rejected = draw(st.lists(keys, max_size=3, unique=True))
    rejections = [a_rejection(number, what) for number, what in enumerate(rejected, 1)]
    return annotations_of(
        spans=spans,
        relations=relations,
        rejections=rejections,
        candidates=candidates,
        relation_candidates=proposed,
    )


def things_in(annotations: Annotations) -> list[Value]:
    return [
        *annotations.spans, *annotations.relations, *annotations.rejections, *annotations.undecided,
        *annotations.undecided_relations,
    ]  # fmt: skip


def by_id(annotations: Annotations) -> dict[str, Value]:
    return {id_of(thing): thing for thing in things_in(annotations)}


@given(articles())
def test_every_thing_has_an_id_of_its_own_that_finds_it(annotations: Annotations) -> None:
    found = by_id(annotations)
    assert len(found) == len(things_in(annotations))
    for item_id, thing in found.items():
        assert id_of(thing) == item_id
        assert value_of(annotations, item_id) == thing


@given(articles())
def test_items_are_those_things_in_reading_order(annotations: Annotations) -> None:
    spans = span_items(annotations, SCHEMA, TOKENS, TEXT)
    relations = relation_items(annotations, SCHEMA, TOKENS, TEXT)
    found = by_id(annotations)
    assert {item.id for item in spans} | {item.id for item in relations} <= found.keys()
    assert len(spans) == len(annotations.spans) + len(annotations.undecided) + len(annotations.rejections)
    assert all(one.fragments <= other.fragments for one, other in pairwise(spans))
    drawn = {item.id for item in spans}
    assert all(item.head in drawn and item.child in drawn and item.head != item.child for item in relations)


@given(articles())
def test_the_order_of_deciding_holds_everything_once_and_relations_after_their_ends(
    annotations: Annotations,
) -> None:
    order = Things(annotations).undecided
    assert len(set(order)) == len(order)
    found = by_id(annotations)
    drawn = {
        item.id: item
        for item in relation_items(annotations, SCHEMA, TOKENS, TEXT)
        if item.state == "candidate"
    }
    expected = {id_of(readings) for readings in annotations.undecided} | drawn.keys()
    assert set(order) == expected
    starts = {item.id: item.start for item in span_items(annotations, SCHEMA, TOKENS, TEXT)}

    def start(item_id: str) -> int:
        value = found[item_id]
        if isinstance(value, RelationToDecide):
            return max(starts[drawn[item_id].head], starts[drawn[item_id].child])
        return starts[item_id]

    assert [start(item_id) for item_id in order] == sorted(start(item_id) for item_id in order)
    for item_id, relation in drawn.items():
        for end in (relation.head, relation.child):
            assert end not in order or order.index(end) < order.index(item_id)


@given(articles())
def test_a_thing_keeps_its_id_when_another_reading_is_shown(annotations: Annotations) -> None:
    chosen = {id_of(readings): len(readings.candidates) - 1 for readings in annotations.undecided}
    items = {item.id: item for item in span_items(annotations, SCHEMA, TOKENS, TEXT, chosen)}
    for readings in annotations.undecided:
        item = items[id_of(readings)]
        last = readings.candidates[-1]
        assert (item.fragments, item.label, item.readings) == (
            last.fragments,
            last.label,
            len(readings.candidates),
        )
        assert item.doubtful == (last.score < DOUBTFUL)


@given(articles(), st.integers(0, 3))
def test_a_memory_changes_nothing_but_the_time(annotations: Annotations, reading: int) -> None:
    memory = ItemMemory()
    for step in (0, 0, reading):
        chosen = {id_of(each): step for each in annotations.undecided}
        remembered = span_items(annotations, SCHEMA, TOKENS, TEXT, chosen, memory=memory)
        assert remembered == span_items(annotations, SCHEMA, TOKENS, TEXT, chosen)


def test_a_memory_makes_only_what_changed_anew() -> None:
    memory = ItemMemory()
    spans = [a_span(number, key(number, number + 1)) for number in range(1, 4)]
    before = span_items(Annotations(tuple(spans)), SCHEMA, TOKENS, TEXT, memory=memory)
    spans[1] = a_span(2, key(2, 3, "ROLE"), version=7)
    after = span_items(Annotations(tuple(spans)), SCHEMA, TOKENS, TEXT, memory=memory)
    assert [one is other for one, other in zip(before, after, strict=True)] == [True, False, True]
    assert after[1].label == "ROLE"


def test_a_memory_forgets_at_another_schema() -> None:
    memory = ItemMemory()
    annotations = Annotations((a_span(1, key(1, 2)),))
    span_items(annotations, SCHEMA, TOKENS, TEXT, memory=memory)
    other = Schema((EntityType(name="PERSON", shown="Who", color="pink"),))
    item = span_items(annotations, other, TOKENS, TEXT, memory=memory)[0]
    assert (item.shown, item.color) == ("Who", "pink")


def test_an_accepted_span_is_told_with_label_words_place_and_who() -> None:
    span = a_span(12, key(1, 3, "ROLE"), note="see the guide", flagged=True)
    item = span_items(Annotations((span,)), SCHEMA, TOKENS, TEXT)[0]
    assert (item.id, item.shown, item.color, item.state) == ("s12", "Role", "slate", "accepted")
    assert (item.noted, item.flagged, item.learnable) == (True, True, True)
    first, second, third = item.tooltip.splitlines()
    assert first == "Role (ROLE)  “words words”  6–17"
    assert second.startswith("added by Mara, 2025-03-1")
    assert third == "Note: see the guide"


def test_a_candidate_is_told_with_suggester_score_and_reason() -> None:
    best, other = a_candidate(key(1, 3, "ROLE"), 0.71, "stands before a name"), a_candidate(key(1, 2), 0.62)
    item = span_items(Annotations(undecided=(Readings((best, other)),)), SCHEMA, TOKENS, TEXT)[0]
    assert item.id == "c:6-17:ROLE"
    assert item.tooltip.splitlines()[1:] == [
        "candidate: rule .71",
        "stands before a name",
        "other readings: PERSON .62",
    ]


def test_a_span_off_the_token_borders_cannot_be_learned() -> None:
    span = a_span(1, SpanKey(fragments_of((1, 5)), "PERSON"))
    item = span_items(Annotations((span,)), SCHEMA, TOKENS, TEXT)[0]
    assert not item.learnable
    assert "spaCy cannot learn" in item.tooltip


def test_a_relation_hanging_on_another_reading_is_drawn_at_the_one_tag_there_is() -> None:
    person, role, name = key(1, 3), key(2, 3, "ROLE"), key(5, 6)
    annotations = annotations_of(
        spans=[],
        relations=[],
        rejections=[],
        candidates=[a_candidate(person, 0.9), a_candidate(role, 0.5), a_candidate(name, 0.9)],
        relation_candidates=[a_relation_candidate(name, role), a_relation_candidate(person, role)],
    )
    items = relation_items(annotations, SCHEMA, TOKENS, TEXT)
    assert [(item.head, item.child) for item in items] == [("c:30-35:PERSON", "c:6-17:PERSON")]
    assert Things(annotations).undecided == ("c:6-17:PERSON", "c:30-35:PERSON", items[0].id)
    relation = annotations.undecided_relations[-1]
    assert relation_ends(annotations, relation) == (items[0].head, items[0].child)


def test_relations_at_a_span_are_found_from_both_ends() -> None:
    spans = (a_span(1, key(1, 2)), a_span(2, key(3, 4, "ROLE")), a_span(3, key(5, 6)))
    relations = (a_relation(1, head=1, child=2), a_relation(2, head=3, child=1, label="MET"))
    annotations = Annotations(spans, relations)
    assert [id_of(each) for each in relations_at(annotations, "s1")] == ["r1", "r2"]
    assert [id_of(each) for each in relations_at(annotations, "s2")] == ["r1"]


@pytest.mark.parametrize(
    ("label", "illegal", "shown", "symmetric"),
    [
        ("HOLDS_ROLE", False, "holds role", False),
        ("MET", False, "met with", True),
        ("GONE_TYPE", True, "gone type", False),
    ],
)
def test_a_relation_says_whether_it_fits_the_schema(
    label: str, *, illegal: bool, shown: str, symmetric: bool
) -> None:
    spans = (a_span(1, key(1, 2)), a_span(2, key(3, 4, "ROLE")))
    relation = a_relation(1, head=1, child=2, label=label)
    annotations = Annotations(spans, (relation,))
    item = relation_items(annotations, SCHEMA, TOKENS, TEXT)[0]
    assert (item.illegal, item.shown, item.symmetric) == (illegal, shown, symmetric)
    assert is_illegal(relation, annotations, SCHEMA) is illegal
    assert ("does not fit the schema" in item.tooltip) is illegal


def test_a_rejected_relation_hangs_on_what_is_left_of_its_ends() -> None:
    spans = (a_span(1, key(1, 2)),)
    gone, there = key(7, 8, "ROLE"), key(3, 4, "ROLE")
    rejections = (
        a_rejection(1, RelationKey(spans[0].identity, gone, "HOLDS_ROLE")),
        a_rejection(2, RelationKey(spans[0].identity, there, "HOLDS_ROLE")),
        a_rejection(3, there),
    )
    items = relation_items(Annotations(spans, (), rejections), SCHEMA, TOKENS, TEXT)
    assert [(item.id, item.head, item.child, item.state) for item in items] == [
        ("x2", "s1", "x3", "rejected")
    ]


@pytest.mark.parametrize("index", [0, 1, 2, 5])
def test_readings_are_stepped_through_in_a_round(index: int) -> None:
    readings = Readings(tuple(a_candidate(key(1, 2 + number)) for number in range(3)))
    assert chosen_reading(readings, {id_of(readings): index}) is readings.candidates[index % 3]


@given(st.text(min_size=1, max_size=400), st.integers(8, 120))
def test_a_quotation_is_one_line_of_bounded_length(text: str, limit: int) -> None:
    words = quoted(text, fragments_of((0, len(text))), limit=limit)
    assert len(words) <= limit
    assert words == " ".join(words.split())


def test_an_unknown_id_stands_for_nothing() -> None:
    annotations = Annotations((a_span(1, key(1, 2)),))
    unknown: list[Value | None] = [value_of(annotations, each) for each in ("", "s2", "sx", "c:0-1:X", "r1")]
    assert unknown == [None] * 5


@pytest.mark.parametrize(
    ("origin", "verb"),
    [(Origin.CANDIDATE, "accepted"), (Origin.FIXED, "accepted and changed"), (Origin.IMPORTED, "imported")],
)
def test_how_a_span_came_about_is_told(origin: Origin, verb: str) -> None:
    provenance = Provenance(annotator="", at=0.0, origin=origin, suggesters=("sm", "rule"), score=0.5)
    item = span_items(Annotations((a_span(1, key(1, 2), provenance=provenance),)), SCHEMA, TOKENS, TEXT)[0]
    assert item.tooltip.splitlines()[1].startswith(f"{verb}, ")
    assert item.tooltip.splitlines()[2] == "proposed by sm, rule .50"
