"""What spaCy could not learn of a project, found before it is exported, and mended as one step where one wishes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing.commands import AddRelation, AddSpan, FinishDocument
from annotator.model.annotation import Fragment, SpanKey
from annotator.model.errors import Cancelled, StaleError, UserError
from annotator.workflows.exporting import ExportOptions, plan_export
from annotator.workflows.preflight import Flaw, Mend, can_check, mend, pairs_by_window, preflight
from annotator.workflows.session import Session
from tests.builders import a_document, a_project

TEXT = "Ada Lovelace  met Bob in New York. Bob left."
PLAIN = ExportOptions()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project with a document that has a bit of everything wrong."""
    session = a_project(tmp_path)
    document = a_document(session, TEXT)
    for start, end, label in (
        (0, 13, "PERSON"),  # blanks at its end
        (0, 12, "PERSON"),
        (4, 12, "ROLE"),  # inside the one before
        (12, 14, "GPE"),  # blanks
        (26, 33, "GPE"),  # off tokens
        (18, 21, "PERSON"),
    ):
        session.do(AddSpan(document, (Fragment(start, end),), label))
    session.do(FinishDocument(document=document))
    yield session
    session.close()


def told(session: Session, options: ExportOptions = PLAIN) -> dict[str, int]:
    return {flaw.value: count for flaw, count in preflight(session, options).counts.items()}


def key_at(session: Session, start: int, end: int) -> int:
    (document,) = session.document_keys()
    return next(
        each.key for each in session.annotations(document).spans if (each.start, each.end) == (start, end)
    )


def test_every_flaw_is_counted_and_has_a_place(session: Session) -> None:
    found = preflight(session, PLAIN)
    assert (found.documents, found.spans, found.layout, found.tokenizer) == (
        1,
        6,
        "both",
        "the project",
    )
    assert dict(found.counts) == {
        Flaw.EMPTY: 1,
        Flaw.EDGES: 1,
        Flaw.MISALIGNED: 1,
        Flaw.DUPLICATE: 1,
    }
    assert dict(found.mendable) == {Mend.TRIM: 1, Mend.EXTEND: 1, Mend.SHRINK: 1, Mend.DROP: 2}
    off = next(spot for spot in found.spots if spot.flaw is Flaw.MISALIGNED)
    assert (off.span, off.start, off.words, off.label) == (key_at(session, 26, 33), 26, "ew York", "GPE")
    assert off.told == "Off token borders. The tokens there: “New York”."


def test_overlaps_count_where_the_layout_has_no_room_for_them(session: Session) -> None:
    assert "overlapping" not in told(session)
    ents = ExportOptions(layout="ents")
    assert told(session, ents)["overlapping"] == 1
    spot = next(each for each in preflight(session, ents).spots if each.flaw is Flaw.OVERLAPPING)
    assert spot.told == "Gives way to PERSON “Ada Lovelace”, with which it shares words."


def test_long_spans_count_where_a_span_categorizer_is_trained(session: Session) -> None:
    (document,) = session.document_keys()
    session.do(AddSpan(document, (Fragment(0, 43),), "GPE"))
    options = ExportOptions(layout="spans", details={"longest": "8"})
    assert told(session, options)["too long"] == 1
    assert "too long" not in told(session, ExportOptions(layout="ents", details={"longest": "8"}))
    assert "too long" not in told(session, ExportOptions(layout="spans", details={"longest": "any"}))


def test_what_is_misaligned_is_what_the_export_says_it_loses(session: Session) -> None:
    mend(session, PLAIN, Mend.DROP)
    plan = plan_export(session, None, ExportOptions(layout="ents"))
    assert {loss.kind: loss.count for loss in plan.losses}["misaligned"] == told(session)["off token borders"]


@pytest.mark.parametrize(
    ("how", "name", "gone"),
    [
        (Mend.TRIM, "Trim blanks off 1 span", {"blank edges", "duplicate"}),
        (Mend.EXTEND, "Extend 1 span to token borders", {"off token borders"}),
        (Mend.SHRINK, "Shrink 1 span to token borders", {"off token borders"}),
        (Mend.DROP, "Drop 2 spans that are empty or there twice", {"empty", "duplicate", "blank edges"}),
    ],
)
def test_mending_is_one_step_with_a_name_and_is_undone_as_one(
    session: Session, how: Mend, name: str, gone: set[str]
) -> None:
    before, steps = told(session), session.count_steps()
    changes = mend(session, PLAIN, how)
    assert changes.step is not None
    assert changes.step.name == name
    assert session.count_steps() == steps + 1
    assert set(told(session)) == set(before) - gone
    session.undo(None)
    assert told(session) == before


def test_the_safe_fix_of_each_is_one_step_for_all(session: Session) -> None:
    found = preflight(session, PLAIN)
    assert [(each.words, each.flaw.value, each.fix) for each in found.spots] == [
        ("Ada Lovelace", "blank edges", Mend.DROP),
        ("Ada Lovelace", "duplicate", Mend.DROP),
        ("blanks", "empty", Mend.DROP),
        ("ew York", "off token borders", Mend.EXTEND),
    ]
    assert found.fixable == 3
    steps = session.count_steps()
    changes = mend(session, PLAIN, None)
    assert changes.step is not None
    assert changes.step.name == "Fix 3 spans"
    assert session.count_steps() == steps + 1
    assert told(session) == {}
    session.undo(None)
    assert told(session) == {"blank edges": 1, "empty": 1, "off token borders": 1, "duplicate": 1}


def test_a_span_with_two_flaws_gets_one_fix_that_takes_both_away(session: Session) -> None:
    document = a_document(session, "A big newYork here.")
    session.do(AddSpan(document, (Fragment(9, 14),), "GPE"))
    session.do(FinishDocument(document=document))
    found = preflight(session, PLAIN)
    (key,) = {each.span for each in found.spots if each.document == document}
    mine = [each for each in found.spots if each.span == key]
    assert [(each.flaw, each.fix) for each in mine] == [
        (Flaw.EDGES, Mend.EXTEND),
        (Flaw.MISALIGNED, Mend.EXTEND),
    ]
    mend(session, PLAIN, None, only={key})
    (span,) = session.annotations(document).spans
    assert (span.start, span.end) == (6, 13)


def test_one_finding_alone_can_be_mended(session: Session) -> None:
    blank = key_at(session, 12, 14)
    mend(session, PLAIN, Mend.DROP, only={blank})
    assert told(session) == {"blank edges": 1, "off token borders": 1, "duplicate": 1}
    with pytest.raises(StaleError):
        mend(session, PLAIN, Mend.DROP, only={blank})


def test_a_duplicate_hands_its_relations_over(session: Session) -> None:
    (document,) = session.document_keys()
    double, bob, ada = key_at(session, 0, 13), key_at(session, 18, 21), key_at(session, 0, 12)
    session.do(AddRelation(document=document, head=double, child=bob, label="MET"))
    mend(session, PLAIN, Mend.DROP)
    assert [(each.head, each.child) for each in session.annotations(document).relations] == [(ada, bob)]


def test_a_document_that_is_not_exported_is_not_checked(session: Session) -> None:
    other = a_document(session, "Zoe went.")
    session.do(AddSpan(other, (Fragment(0, 4),), "PERSON"))
    assert preflight(session, PLAIN).documents == 1
    found = preflight(session, ExportOptions(documents="all"))
    assert (found.documents, found.counts[Flaw.EDGES]) == (2, 2)


def test_another_tokenizer_has_other_borders(session: Session) -> None:
    (document,) = session.document_keys()
    session.do(AddSpan(document, (Fragment(33, 34),), "GPE"))
    # Our own tokens have the full stop apart, German rules keep it with a number alone.
    found = preflight(session, ExportOptions(details={"tokenizer": "en"}))
    assert found.tokenizer == "spaCy's rules for English"
    assert found.counts[Flaw.MISALIGNED] == 1
    with pytest.raises(UserError, match="neither a language nor a pipeline"):
        preflight(session, ExportOptions(details={"tokenizer": "no_such"}))


def test_only_what_spacy_trains_on_is_checked_and_a_check_can_be_stopped(session: Session) -> None:
    assert can_check(PLAIN)
    assert can_check(ExportOptions(format="spacy_folder"))
    assert not can_check(ExportOptions(format="prodigy"))

    def stop(_done: int, _total: int, _text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        preflight(session, PLAIN, stop)


def test_pairs_are_counted_for_every_size_of_window(session: Session) -> None:
    assert pairs_by_window(session, PLAIN) == []
    (document,) = session.document_keys()
    session.do(AddSpan(document, (Fragment(35, 38),), "PERSON"))
    ada, bob = key_at(session, 0, 12), key_at(session, 35, 38)
    session.do(AddRelation(document=document, head=ada, child=bob, label="MET"))
    lines = pairs_by_window(session, ExportOptions(details={"tokenizer": "en"}))
    assert [line.split(":")[0] for line in lines] == [
        "whole documents",
        "2 sentences",
        "3 sentences",
        "5 sentences",
    ]
    assert "2 pairs related" in lines[0]
    assert all("in none" not in line for line in lines)


def test_spans_say_where_they_are(session: Session) -> None:
    (document,) = session.document_keys()
    for spot in preflight(session, PLAIN).spots:
        found = next(each for each in session.annotations(document).spans if each.key == spot.span)
        assert (found.start, found.label, spot.document) == (spot.start, spot.label, document)
        assert found.identity == SpanKey(found.fragments, spot.label)
