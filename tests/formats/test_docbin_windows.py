"""Windows of some sentences: the text again, no span cut, and every pair counted as rel_component would."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import DocBin

from annotator.formats.base import WriteContext, is_accepted
from annotator.formats.docbin import FORMAT, DocBinOptions
from annotator.formats.docbin_windows import Pairs, pair_count, pairs_among, windows_of
from annotator.model.annotation import Fragment
from annotator.model.record import Record, RecordRelation, RecordSpan
from tests.formats.samples import SCHEMA, a_record, a_span, records, words_in

TEXT = "Ada met Bob . Bob left Rome . Cleo of Oslo stayed . The end ."
SENTENCES = (0, 4, 8, 13)


def a_text(*spans: RecordSpan, relations: tuple[RecordRelation, ...] = ()) -> Record:
    tokens = dataclasses.replace(words_in(TEXT), sentences=SENTENCES)
    return a_record(TEXT, *spans, tokens=tokens, relations=relations, id="one")


def surfaces(record: Record) -> list[str]:
    return [record.text[span.fragments[0].start : span.fragments[-1].end] for span in record.spans]


def test_windows_of_some_sentences_are_the_text_again() -> None:
    record = a_text(a_span(TEXT, "Ada"), a_span(TEXT, "Oslo", "GPE"))
    one = windows_of(record, 1)
    assert [each.text for each in one] == [
        "Ada met Bob . ",
        "Bob left Rome . ",
        "Cleo of Oslo stayed . ",
        "The end .",
    ]
    assert [surfaces(each) for each in one] == [["Ada"], [], ["Oslo"], []]
    assert [each.source for each in one] == ["a.txt#1", "a.txt#2", "a.txt#3", "a.txt#4"]
    assert [len(each.text) for each in windows_of(record, 3)] == [52, 9]
    assert windows_of(record, 5) == [record]
    assert windows_of(record, 0) == [record]


def test_no_span_is_cut_but_a_rejected_one_does_not_count() -> None:
    across = a_span(TEXT, "Rome . Cleo", "GPE")
    assert [each.text[:5] for each in windows_of(a_text(across), 1)] == ["Ada m", "Bob l", "The e"]
    wrong = dataclasses.replace(across, rejected=True)
    assert len(windows_of(a_text(wrong), 1)) == 4
    split = RecordSpan(fragments=(Fragment(0, 3), Fragment(30, 34)), label="X")
    assert [each.text[:5] for each in windows_of(a_text(split), 1)] == ["Ada m", "The e"]


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(records(), st.integers(1, 3))
def test_any_document_comes_apart_without_a_loss_of_text_or_spans(record: Record, size: int) -> None:
    windows = windows_of(record, size)
    assert "".join(each.text for each in windows) == record.text
    kept = [span for span in record.spans if not span.rejected]
    words = [surfaces(dataclasses.replace(record, spans=(span,)))[0] for span in kept]
    assert sorted(words) == sorted(
        word
        for each in windows
        for word in surfaces(dataclasses.replace(each, spans=tuple(s for s in each.spans if not s.rejected)))
    )
    assert record.tokens is not None
    assert sum(len(each.tokens) for each in windows if each.tokens is not None) == len(record.tokens)
    for each in windows:
        for relation in each.relations:
            assert max(relation.head, relation.child) < len(each.spans)


def test_relations_between_windows_are_declared_lost_and_counted(tmp_path: Path) -> None:
    spans = (
        a_span(TEXT, "Ada"),
        a_span(TEXT, "Bob"),
        a_span(TEXT, "Rome", "GPE"),
        a_span(TEXT, "Oslo", "GPE"),
    )
    relations = (
        RecordRelation(head=0, child=1, label="KNOWS"),
        RecordRelation(head=1, child=2, label="IN"),
        RecordRelation(head=2, child=3, label="IN"),
    )
    record = a_text(*spans, relations=relations)
    options = DocBinOptions(windows="1")
    assert FORMAT.losses is not None
    assert FORMAT.write is not None
    lost = {each.kind: each.count for each in FORMAT.losses([record], options, None, SCHEMA)}
    assert lost == {"windows": 1, "apart": 2}
    context = WriteContext(schema=SCHEMA, options=options)
    FORMAT.write(tmp_path / "x.spacy", [record], context)
    assert (context.written.documents, context.written.spans, context.written.relations) == (1, 4, 1)
    (line,) = context.told
    assert line.startswith("For rel_component: 4 windows with 2 pairs of entities at most 100 tokens apart")
    docs = list(DocBin().from_disk(tmp_path / "x.spacy").get_docs(spacy.blank("en").vocab))
    assert "".join(doc.text for doc in docs) == TEXT
    assert [[ent.text for ent in doc.ents] for doc in docs] == [["Ada", "Bob"], ["Rome"], ["Oslo"], []]
    if not docs[0].has_extension("rel"):
        docs[0].set_extension("rel", default={})
    assert docs[0]._.rel[0, 2] == {"KNOWS": 1.0, "IN": 0.0}
    assert docs[1]._.rel == {(2, 2): {"KNOWS": 0.0, "IN": 0.0}}


@pytest.mark.parametrize("rejected", [True, False])
def test_rejected_spans_are_written_where_they_are_asked_for(tmp_path: Path, rejected: bool) -> None:  # noqa: FBT001
    record = a_record(TEXT, a_span(TEXT, "Ada"), a_span(TEXT, "Rome", rejected=True))
    assert FORMAT.write is not None
    context = WriteContext(schema=SCHEMA, options=DocBinOptions(rejected=rejected))
    FORMAT.write(tmp_path / "x.spacy", [record], context)
    (doc,) = DocBin().from_disk(tmp_path / "x.spacy").get_docs(spacy.blank("en").vocab)
    assert [span.text for span in doc.spans.get("incorrect", ())] == (["Rome"] if rejected else [])


@given(st.lists(st.integers(0, 400), max_size=30, unique=True))
def test_pairs_are_those_that_rel_component_would_make(starts: list[int]) -> None:
    expected = sum(one != other and abs(one - other) <= 100 for one in starts for other in starts)
    assert pairs_among(sorted(starts)) == expected


def test_pairs_are_told_with_the_far_ones() -> None:
    pairs = Pairs()
    assert pairs.told("window") == ""
    pairs.add(pair_count([0, 5, 200], [(0, 5), (0, 200)]))
    pairs.add(pair_count([3], []))
    assert pairs.told("window") == (
        "2 windows with 2 pairs of entities at most 100 tokens apart (2 in the middle one, 2 at most); "
        "2 pairs related, in 1 window; 1 of them lie further apart."
    )


def test_accepted_relations_are_all_in_windows_or_apart() -> None:
    spans = tuple(a_span(TEXT, word) for word in ("Ada", "Bob", "Rome", "Oslo"))
    relations = tuple(RecordRelation(head=0, child=other, label="IN") for other in (1, 2, 3))
    record = a_text(*spans, relations=relations)
    windows = windows_of(record, 2)
    assert sum(is_accepted(each) for window in windows for each in window.relations) == 2


def test_what_a_window_loses_is_named_where_it_is_in_the_document() -> None:
    assert FORMAT.losses is not None
    cut = dataclasses.replace(a_span(TEXT, "Oslo"), fragments=(Fragment(39, 41),))
    record = a_text(a_span(TEXT, "Ada"), cut)
    losses = FORMAT.losses([record], DocBinOptions(windows="1"), None, SCHEMA)
    (example,) = next(each.examples for each in losses if each.kind == "misaligned")
    assert (example.document, example.id, example.places) == ("a.txt", "one", (cut.fragments,))
