"""What a format holds of a record, and what it says it loses."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.base import is_accepted
from annotator.formats.holding import (
    ALL_DOCUMENT,
    ALL_ITEM,
    Holding,
    Keeper,
    losses_by,
    without_overlaps,
)
from annotator.model.annotation import Fragment, Fragments, How, fragments_of
from annotator.model.document import State
from annotator.model.record import Record, RecordRelation
from tests.formats.samples import a_record, a_span, records

EVERYTHING = Holding(
    document=ALL_DOCUMENT,
    item=ALL_ITEM,
    discontinuous=True,
    blank_edges=True,
    relations=True,
    rejected=True,
    candidates=True,
)
TEXT = "Ada Byron met Bob Byron."


def kept(record: Record, holding: Holding) -> tuple[Record | None, dict[str, int]]:
    keeper = Keeper(holding)
    return keeper.keep(record), {loss.kind: loss.count for loss in keeper.result()}


@given(record=records())
def test_a_format_that_holds_everything_loses_nothing(record: Record) -> None:
    assert kept(record, EVERYTHING) == (record, {})


@given(record=records())
def test_every_span_and_relation_is_kept_or_counted(record: Record) -> None:
    holding = Holding(overlaps=False, off_tokens=False, blank_edges=True)
    short, lost = kept(record, holding)
    assert short is not None
    gone = sum(lost.get(kind, 0) for kind in ("discontinuous", "overlaps", "misaligned"))
    gone += lost.get("rejected", 0) + lost.get("undecided", 0) + lost.get("relations", 0)
    assert len(short.spans) + gone == len(record.spans) + len(record.relations)
    assert all(map(is_accepted, short.spans))
    assert not short.relations


@given(record=records())
def test_keeping_twice_is_keeping_once(record: Record) -> None:
    holding = Holding(overlaps=False, relations=True, document=frozenset({"note"}), item=frozenset({"id"}))
    once, _ = kept(record, holding)
    assert once is not None
    assert kept(once, holding) == (once, {})


def test_relations_follow_their_spans_and_go_with_them() -> None:
    spans = (a_span(TEXT, "Ada", rejected=True), a_span(TEXT, "Byron"), a_span(TEXT, "Bob"))
    relations = (
        RecordRelation(head=2, child=1, label="KNOWS"),
        RecordRelation(head=0, child=2, label="KNOWS"),
    )
    short, lost = kept(a_record(TEXT, *spans, relations=relations), Holding(relations=True))
    assert short is not None
    assert [(each.head, each.child) for each in short.relations] == [(1, 0)]
    assert lost["relations"] == 1


def test_what_is_not_done_is_left_out_where_it_would_be_a_negative() -> None:
    record = a_record(TEXT, state=State.IN_PROGRESS)
    assert kept(record, Holding(unfinished=False))[0] is None
    silent = dataclasses.replace(record, state=None)
    assert kept(silent, Holding(unfinished=False))[0] is None
    assert Keeper(Holding(unfinished=False), assume_done=True).keep(silent) is not None


def test_a_decision_never_becomes_a_candidate_nor_a_candidate_a_decision() -> None:
    decided = a_span(TEXT, "Ada", annotator="Mara", how=How.SINGLE, score=0.7)
    proposed = a_span(TEXT, "Bob", suggester="patterns", score=0.0)
    short, lost = kept(a_record(TEXT, decided, proposed), Holding(candidates=True, item=frozenset({"score"})))
    assert short is not None
    assert [is_accepted(span) for span in short.spans] == [True, False]
    assert (short.spans[0].score, short.spans[1].score) == (None, 0.0)
    assert lost["details"] == 1


def test_a_title_that_the_text_begins_with_is_no_loss() -> None:
    plain = Record(text="Ada left.", title="Ada left.", state=State.DONE)
    assert kept(plain, Holding())[1] == {}
    assert kept(dataclasses.replace(plain, title="Other"), Holding())[1] == {"names": 1}


def told(record: Record, holding: Holding) -> dict[str, str]:
    keeper = Keeper(holding)
    keeper.keep(record)
    return {loss.kind: loss.message for loss in keeper.result()}


def test_it_is_said_what_documents_and_what_spans_lose() -> None:
    fields = {"prodigy": {"_input_hash": 1, "_task_hash": 2}, "brat": {"lines": []}}
    span = a_span(
        TEXT, "Ada", id="7", annotator="Mara", how=How.SINGLE, at=1.0, attributes={"spacy": {"kb_id": "Q7"}}
    )
    record = dataclasses.replace(
        a_record(TEXT, span, attributes=fields, metadata={"author": "Eve", "id": 3}),
        title="Other",
        language="en",
    )
    assert told(record, Holding(own="brat")) == {
        "tokens": "The tokens that 1 document brought along are not in the file.",
        "names": "Left out of 1 document: language, source, title.",
        "metadata": "Metadata left out of 1 document: author, id.",
        "attributes": "Fields of other programs left out of 1 document: prodigy._input_hash, "
        "prodigy._task_hash.",
        "item_attributes": "Fields of other programs left out of 1 span or relation: spacy.kb_id.",
        "details": "Left out of 1 span or relation: id, who decided, how it was decided, when.",
    }
    everything = dataclasses.replace(EVERYTHING, reserved=frozenset({"id"}))
    assert told(record, everything) == {"metadata": "Metadata left out of 1 document: id."}


def test_of_many_names_the_first_are_said_and_none_of_them_commands_a_terminal() -> None:
    names = {f"f{number:02}\x1b[2J": 1 for number in range(11)}
    message = told(a_record(TEXT, attributes={"other": names}), Holding())["attributes"]
    assert message.endswith(r"other.f06\u001b[2J, other.f07\u001b[2J and 3 more.")
    assert "\x1b" not in message


def test_a_format_can_say_its_losses_better() -> None:
    losses = losses_by(
        lambda _options, _schema: Keeper(Holding(), {"notes": ("note", "{what} brat has no room for.")})
    )
    (loss,) = losses([Record(text=TEXT, note="look", title=TEXT)], None)
    assert (loss.message, [str(each) for each in loss.examples]) == ("1 note brat has no room for.", [TEXT])


@pytest.mark.parametrize(
    ("spans", "chosen"),
    [
        ([((0, 5),), ((2, 9),)], [1]),
        ([((0, 5),), ((5, 9),)], [0, 1]),
        ([((0, 3),), ((0, 3),)], [0]),
        ([((0, 1), (8, 9)), ((2, 7),), ((3, 4),)], [0, 1]),
    ],
)
def test_the_longest_wins_and_then_the_first(
    spans: list[tuple[tuple[int, int], ...]], chosen: list[int]
) -> None:
    assert without_overlaps([fragments_of(*pairs) for pairs in spans]) == chosen


@given(
    pairs=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=30),
)
def test_chosen_spans_lie_apart_and_all_others_meet_one(pairs: list[tuple[int, int]]) -> None:
    spans: list[Fragments] = [(Fragment(start, start + length),) for start, length in pairs]
    chosen = without_overlaps(spans)
    taken = [{*range(*spans[index][0])} for index in chosen]
    assert sum(map(len, taken)) == len(set().union(*taken)) if taken else not spans
    others = [index for index in range(len(spans)) if index not in chosen]
    assert all(any(own & {*range(*spans[index][0])} for own in taken) for index in others)


def test_blanks_at_the_ends_of_spans_go_and_what_is_the_same_then_is_one() -> None:
    text = "Ada  met Bob."
    spans = (
        a_span(text, "Ada"),
        a_span(text, "Ada ", id="2"),
        a_span(text, "  "),
        a_span(text, " Bob", rejected=True),
        a_span(text, "Bob"),
    )
    joins = ((0, 1, "IN"), (1, 4, "IN"), (0, 4, "IN"), (2, 4, "IN"), (4, 1, "KNOWS"))
    relations = tuple(RecordRelation(head=head, child=child, label=label) for head, child, label in joins)
    record = a_record(text, *spans, relations=relations)
    short, lost = kept(record, dataclasses.replace(EVERYTHING, blank_edges=False))
    assert short is not None
    words = [(text[span.fragments[0].start : span.fragments[0].end], span.rejected) for span in short.spans]
    assert words == [("Ada", False), ("Bob", True), ("Bob", False)]
    assert [(each.head, each.child, each.label) for each in short.relations] == [
        (0, 2, "IN"),
        (2, 0, "KNOWS"),
    ]
    assert lost == {"edges": 3, "relations": 3}
