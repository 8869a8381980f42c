"""DocBin as spaCy itself sees it: layouts, gaps, groups, relations, and what is told as lost."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example

from annotator.formats.base import WriteContext, is_accepted
from annotator.formats.docbin import FORMAT, DocBinOptions, layout_of
from annotator.model.annotation import fragments_of
from annotator.model.document import State
from annotator.model.errors import FormatError
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.rules import without_overlaps
from annotator.model.schema import RelationType, Schema
from tests.formats.samples import SCHEMA, a_record, a_span, comparable, read_all, records, refused, write_all

TEXT = "New York City hosts the York Fair in May ."
CITY = a_span(TEXT, "New York City", "GPE", id="c")
YORK = a_span(TEXT, "York City", "ORG", id="y")
FAIR = a_span(TEXT, "York Fair", "EVENT", id="f")
MAY = a_span(TEXT, "May", "DATE", id="m")
VOCAB = spacy.blank("en").vocab

if not Doc.has_extension("rel"):
    Doc.set_extension("rel", default={})


def docs_in(path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(VOCAB))


def written(folder: Path, *given_records: Record, schema: Schema = SCHEMA, **options: Any) -> list[Doc]:
    """Write records and read them with spaCy."""
    target = folder / "out.spacy"
    write_all(FORMAT, target, given_records, DocBinOptions(**options), schema)
    return docs_in(target)


def losses(*given_records: Record, **options: Any) -> dict[str, int]:
    assert FORMAT.losses is not None
    found = FORMAT.losses(given_records, DocBinOptions(**options), None, SCHEMA)
    return {loss.kind: loss.count for loss in found}


def told(spans: Iterable[Span]) -> list[tuple[str, str, str]]:
    return [(span.text, span.label_, span.id_) for span in spans]


def codes(doc: Doc) -> str:
    """Give one letter a token: B, I, O, or - where nothing is known."""
    return "".join(token.ent_iob_ or "-" for token in doc)


# Layouts ------------------------------------------------------------------------------------------


def test_without_overlaps_there_are_entities_alone(tmp_path: Path) -> None:
    (doc,) = written(tmp_path, a_record(TEXT, CITY, MAY))
    assert told(doc.ents) == [("New York City", "GPE", "c"), ("May", "DATE", "m")]
    assert codes(doc) == "BIIOOOOOBO"
    assert dict(doc.spans) == {}


def test_overlaps_anywhere_put_the_group_everywhere(tmp_path: Path) -> None:
    plain, empty = a_record(TEXT, FAIR), a_record("Nothing here .")
    found = written(tmp_path, plain, a_record(TEXT, YORK, CITY, MAY), empty)
    assert [list(doc.spans) for doc in found] == [["sc"], ["sc"], ["sc"]]
    assert told(found[0].spans["sc"]) == told(found[0].ents) == [("York Fair", "EVENT", "f")]
    assert told(found[1].ents) == [("New York City", "GPE", "c"), ("May", "DATE", "m")]
    assert {name for name, _, _ in told(found[1].spans["sc"])} == {"York City", "New York City", "May"}
    assert told(found[2].spans["sc"]) == []
    assert losses(plain, a_record(TEXT, YORK, CITY, MAY)) == {"overlaps": 1}


def test_the_layout_ents_drops_overlaps_and_says_nothing_of_their_tokens(tmp_path: Path) -> None:
    # "York Fair" is dropped for being second: "York" and "Fair" get no O, which would be a negative.
    fair_in_may = a_span(TEXT, "Fair in May", "X")
    (doc,) = written(tmp_path, a_record(TEXT, FAIR, fair_in_may), layout="ents")
    assert told(doc.ents)[0][0] == "Fair in May"
    assert codes(doc) == "OOOOO-BIIO"
    assert dict(doc.spans) == {}
    assert losses(a_record(TEXT, FAIR, fair_in_may), layout="ents") == {"overlaps": 1}


def test_the_layout_spans_leaves_entities_untouched(tmp_path: Path) -> None:
    (doc,) = written(tmp_path, a_record(TEXT, CITY, YORK), layout="spans")
    assert codes(doc) == "-" * len(doc)
    assert not doc.has_annotation("ENT_IOB")
    assert told(doc.spans["sc"]) == [("New York City", "GPE", "c"), ("York City", "ORG", "y")]
    assert losses(a_record(TEXT, CITY, YORK), layout="spans") == {}


def test_longest_stays_then_first() -> None:
    kept, dropped = without_overlaps([(4, 6, 0), (0, 2, 1), (1, 4, 2), (0, 2, 3), (5, 7, 4)])
    assert kept == [(1, 4, 2), (4, 6, 0)]
    assert [index for _, _, index in dropped] == [1, 3, 4]


def test_a_layout_for_several_files_is_chosen_over_all() -> None:
    assert layout_of([a_record(TEXT, FAIR)], DocBinOptions()) == "ents"
    assert layout_of([a_record(TEXT, FAIR), a_record(TEXT, CITY, YORK)], DocBinOptions()) == "both"
    unfinished = a_record(TEXT, CITY, YORK, state=State.IN_PROGRESS)
    assert layout_of([a_record(TEXT, FAIR), unfinished], DocBinOptions()) == "ents"
    assert layout_of([unfinished], DocBinOptions(unfinished=True)) == "both"
    assert layout_of([], DocBinOptions(layout="spans")) == "spans"


def test_an_unknown_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"no layout 'wide'.*auto, ents, spans, both"):
        written(tmp_path, a_record(TEXT), layout="wide")


# What is not known is never a negative ------------------------------------------------------------


@pytest.mark.parametrize("state", [State.TODO, State.IN_PROGRESS, None])
def test_a_document_not_done_has_no_negatives(tmp_path: Path, state: State | None) -> None:
    (doc,) = written(tmp_path, a_record(TEXT, CITY, state=state))
    assert codes(doc) == "BII-------"
    assert "O" not in Example(doc, doc).get_aligned_ner()


def test_a_skipped_document_has_neither(tmp_path: Path) -> None:
    record = a_record(TEXT, CITY, a_span(TEXT, "May", rejected=True), state=State.SKIPPED)
    (doc,) = written(tmp_path, record)
    assert codes(doc) == "-" * len(doc)
    assert told(doc.spans["incorrect"]) == [("May", "PERSON", "s2")]
    assert losses(record) == {"skipped": 1}


def test_documents_not_done_are_left_out_where_gaps_are_negatives(tmp_path: Path) -> None:
    done, begun = a_record(TEXT, CITY, YORK), a_record(TEXT, FAIR, state=State.IN_PROGRESS)
    skipped = a_record(TEXT, FAIR, state=State.SKIPPED)
    for layout in ("auto", "spans", "both"):
        assert len(written(tmp_path, begun, done, skipped, begun, layout=layout)) == 1
        assert losses(begun, done, skipped, begun, layout=layout)["unfinished"] == 3
    found = written(tmp_path, begun, done, skipped, layout="spans", unfinished=True)
    assert [told(doc.spans["sc"])[0][0] for doc in found] == ["York Fair", "New York City"]


def test_nothing_left_to_write_is_an_error_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="of 2 documents none is done") as caught:
        written(tmp_path, *[a_record(TEXT, CITY, state=None)] * 2, layout="spans")
    assert "ents" in caught.value.todo
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_does_not_say_can_be_taken_as_done(tmp_path: Path) -> None:
    (doc,) = written(tmp_path, a_record(TEXT, CITY, YORK, state=None), assume_done=True)
    assert codes(doc) == "BIIOOOOOOO"
    assert len(doc.spans["sc"]) == 2


def test_spans_that_spacy_cannot_hold_leave_a_gap_not_a_negative(tmp_path: Path) -> None:
    inside = a_span(TEXT, "osts")
    split = RecordSpan(fragments=fragments_of((0, 3), (28, 32)), label="X")
    proposed = a_span(TEXT, "May", suggester="model", score=0.4)
    record = a_record(TEXT, inside, split, proposed)
    (doc,) = written(tmp_path, record)
    assert [(token.text, token.ent_iob_) for token in doc if not token.ent_iob_] == [
        ("New", ""),
        ("hosts", ""),
        ("Fair", ""),
        ("May", ""),
    ]
    assert losses(record) == {"misaligned": 1, "discontinuous": 1, "undecided": 1}


def test_rejected_spans_are_their_own_group(tmp_path: Path) -> None:
    (doc,) = written(tmp_path, a_record(TEXT, MAY, a_span(TEXT, "York Fair", "GPE", rejected=True, id="r")))
    assert told(doc.spans["incorrect"]) == [("York Fair", "GPE", "r")]
    assert codes(doc) == "OOOOOOOOBO"


# Text and tokens ----------------------------------------------------------------------------------


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    given_records=st.lists(records(), min_size=1, max_size=3),
    layout=st.sampled_from(("ents", "spans", "both")),
)
def test_spacy_reads_what_spacy_itself_would_have_written(
    tmp_path: Path, given_records: list[Record], layout: str
) -> None:
    """Our packing against documents built and packed by spaCy, on whatever records there are."""
    done = [dataclasses.replace(record, state=State.DONE) for record in given_records]
    target = tmp_path / "out.spacy"
    write_all(FORMAT, target, done, DocBinOptions(layout="both"))
    for record, doc in zip(done, docs_in(target), strict=True):
        assert doc.text == record.text
        accepted = {
            (*span.fragments[0], span.label)
            for span in record.spans
            if is_accepted(span) and len(span.fragments) == 1
        }
        seen = [
            (span.start_char, span.end_char, span.label_) for span in (*doc.ents, *doc.spans.get("sc", ()))
        ]
        assert set(seen) <= accepted
        aligned = {each for each in accepted if doc.char_span(each[0], each[1]) is not None}
        assert layout == "ents" or {each for each in seen if layout != "ents"} == aligned
        own = DocBin(attrs=["ENT_IOB", "ENT_TYPE", "ENT_ID", "ENT_KB_ID"], store_user_data=True, docs=[doc])
        (again,) = own.get_docs(VOCAB)
        assert told(again.ents) == told(doc.ents)
        assert codes(again) == codes(doc)
        assert again.user_data == doc.user_data


def test_spacys_own_file_of_the_same_documents_is_read_alike(tmp_path: Path) -> None:
    """Write, load with spaCy, save with spaCy, and read again: the very record."""
    record = a_record(
        TEXT, CITY, YORK, MAY, relations=(RecordRelation(head=0, child=2, label="IN"),), note="n"
    )
    found = written(tmp_path, record)
    DocBin(store_user_data=True, docs=found).to_disk(tmp_path / "spacy.spacy")
    (back,), problems = read_all(FORMAT, tmp_path / "spacy.spacy")
    assert problems == []
    assert comparable(back) == comparable(record)


def test_changes_of_another_program_are_taken_and_told(tmp_path: Path) -> None:
    (doc,) = written(tmp_path, a_record(TEXT, CITY, MAY))
    doc.ents = [Span(doc, 4, 6, label="EVENT")]
    DocBin(store_user_data=True, docs=[doc]).to_disk(tmp_path / "changed.spacy")
    (back,), problems = read_all(FORMAT, tmp_path / "changed.spacy")
    assert [(span.label, span.fragments) for span in back.spans] == [("EVENT", ((20, 28),))]
    assert "Another program has changed the spans" in problems[0].message


def test_numbers_too_long_for_msgpack_are_kept(tmp_path: Path) -> None:
    record = a_record(TEXT, CITY, metadata={"n": [2**64, -(2**63) - 1]})
    (doc,) = written(tmp_path, record)
    assert doc.user_data["annotator"]["source"] == "a.txt"
    (back,), _ = read_all(FORMAT, tmp_path / "out.spacy")
    assert back.metadata == record.metadata
    assert back.spans == record.spans


# Relations ----------------------------------------------------------------------------------------

RELATION = Schema(relations=(RelationType(name="IN"), RelationType(name="NEAR", symmetric=True)))


def related(
    *relations: RecordRelation, spans: Sequence[RecordSpan] = (CITY, FAIR, MAY), **more: Any
) -> Record:
    return a_record(TEXT, *spans, relations=relations, **more)


def test_every_ordered_pair_has_every_label(tmp_path: Path) -> None:
    record = related(
        RecordRelation(head=1, child=0, label="IN"), RecordRelation(head=1, child=2, label="NEAR")
    )
    (doc,) = written(tmp_path, record, schema=RELATION)
    starts = [0, 5, 8]
    assert set(doc._.rel) == {(head, child) for head in starts for child in starts}
    assert all(set(labels) == {"IN", "NEAR"} for labels in doc._.rel.values())
    ones = {
        (pair, label) for pair, labels in doc._.rel.items() for label, value in labels.items() if value == 1.0
    }
    assert ones == {((5, 0), "IN"), ((5, 8), "NEAR"), ((8, 5), "NEAR")}
    assert all(isinstance(value, float) for labels in doc._.rel.values() for value in labels.values())
    assert doc.user_data["annotator"]["relations"] == (("f", "c", "IN"), ("f", "m", "NEAR"))


def test_a_document_not_done_has_no_zeros(tmp_path: Path) -> None:
    record = related(RecordRelation(head=1, child=0, label="IN"), state=State.IN_PROGRESS)
    (doc,) = written(tmp_path, record, schema=RELATION)
    assert doc._.rel == {(5, 0): {"IN": 1.0}}


def test_rejected_and_undecided_relations_are_no_positives(tmp_path: Path) -> None:
    record = related(
        RecordRelation(head=1, child=0, label="IN", rejected=True),
        RecordRelation(head=2, child=0, label="IN", suggester="model", score=0.5),
    )
    (doc,) = written(tmp_path, record, schema=RELATION)
    assert doc._.rel[5, 0] == {"IN": 0.0, "NEAR": 0.0}
    assert doc._.rel[8, 0] == {"NEAR": 0.0}, "nothing is said of what nobody decided"
    assert doc.user_data["annotator"]["relations"] == ()
    assert losses(record) == {"undecided": 1}


def test_a_relation_of_a_dropped_end_is_told_and_not_denied(tmp_path: Path) -> None:
    new = a_span(TEXT, "New", "X", id="n")
    record = related(
        RecordRelation(head=1, child=2, label="IN"),
        RecordRelation(head=0, child=2, label="NEAR"),
        spans=(CITY, new, MAY),
    )
    (doc,) = written(tmp_path, record, schema=RELATION)
    assert doc._.rel[0, 8] == {"NEAR": 1.0}, "the first token is shared with the end that was dropped"
    assert ("n", "m", "IN") in doc.user_data["annotator"]["relations"]
    assert losses(record) == {"overlaps": 1, "relations": 1}
    context = WriteContext(schema=RELATION)
    assert FORMAT.write is not None
    FORMAT.write(tmp_path / "x.spacy", [record], context)
    assert dataclasses.astuple(context.written) == (1, 3, 1)


def test_in_the_layout_spans_a_shared_first_token_names_nobody(tmp_path: Path) -> None:
    new = a_span(TEXT, "New", "X", id="n")
    record = related(RecordRelation(head=0, child=2, label="IN"), spans=(CITY, new, MAY))
    (doc,) = written(tmp_path, record, schema=RELATION, layout="spans")
    assert doc._.rel[0, 8] == {"NEAR": 0.0}
    assert losses(record, layout="spans") == {"relations": 1}


def test_many_entities_get_zeros_near_each_other_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.formats.docbin_plan.PAIRS_LIMIT", 100)
    text = " ".join(f"w{number}" for number in range(60))
    spans = [a_span(text, f"w{number}", "X") for number in range(10, 60)]
    record = a_record(text, *spans, relations=(RecordRelation(head=0, child=49, label="IN"),))
    (doc,) = written(tmp_path, record, schema=RELATION)
    assert (10, 11) not in doc._.rel
    assert {pair for pair in doc._.rel if pair[0] == pair[1]} == {(start, start) for start in range(10, 60)}
    assert doc._.rel[10, 59] == {"IN": 1.0}
    assert losses(record) == {"zeros": 1}


# Files of others ----------------------------------------------------------------------------------


def foreign(folder: Path, *docs: Doc, **options: Any) -> tuple[list[Record], list[str], list[str]]:
    """Save documents with spaCy and read them; give the records, what was refused and what was mended."""
    path = folder / "foreign.spacy"
    DocBin(store_user_data=True, docs=docs, **options).to_disk(path)
    back, problems = read_all(FORMAT, path)
    return back, [message for _, message in refused(problems)], [p.message for p in problems if not p.refused]


def a_doc(*words: str) -> Doc:
    return Doc(VOCAB, words=list(words or ("Ada", "Lovelace", "met", "Bob")))


def test_entities_groups_and_relations_of_others_are_read(tmp_path: Path) -> None:
    doc = a_doc()
    doc.ents = [Span(doc, 0, 2, label="PERSON", span_id="x"), Span(doc, 3, 4, label="PERSON", kb_id="Q1")]
    doc.spans["sc"] = [Span(doc, 0, 2, label="PERSON"), Span(doc, 1, 2, label="LAST")]
    doc.spans["mine"] = [Span(doc, 2, 3, label="VERB")]
    doc.spans["incorrect"] = [Span(doc, 2, 4, label="X")]
    doc._.rel = {(0, 3): {"MET": 1.0, "HIT": 0.0}, (2, 3): {"MET": 1.0}, (3, 0): {"MET": 0.0}}
    doc.cats = {"LETTER": 0.5}
    doc.user_data["other"] = 1
    (record,), problems, notes = foreign(tmp_path, doc)
    assert [(span.label, span.id, span.rejected) for span in record.spans] == [
        ("PERSON", "x", False),
        ("PERSON", "", False),
        ("LAST", "", False),
        ("VERB", "", False),
        ("X", "", True),
    ]
    assert [(each.head, each.child, each.label) for each in record.relations] == [
        (0, 1, "MET"),
        (3, 1, "MET"),
    ]
    assert (record.state, record.source) == (State.DONE, "foreign.spacy:1")
    assert problems == []
    assert notes == [
        'foreign.spacy: the spans of the group "mine" were read like those of "sc".',
        "foreign.spacy: what another program stored under 'other' was not read.",
    ]
    (again,) = written(tmp_path, record)
    assert again.cats == {"LETTER": 0.5}
    assert [span.kb_id_ for span in again.ents] == ["", "", "Q1"][-len(again.ents) :]


def test_missing_tokens_say_that_a_document_is_not_done(tmp_path: Path) -> None:
    untouched, partial, empty, grouped = a_doc(), a_doc(), a_doc(), a_doc()
    partial.set_ents([Span(partial, 0, 1, label="X")], default="missing")
    empty.ents = []
    grouped.spans["sc"] = []
    back, _, _ = foreign(tmp_path, untouched, partial, empty, grouped)
    assert [record.state for record in back] == [None, None, State.DONE, State.DONE]


def test_sentences_and_blanks_of_others(tmp_path: Path) -> None:
    doc = Doc(
        VOCAB,
        words=["\n", "Ada", "left", ".", "\n\n", "Bob", "came"],
        spaces=[False, True, False, False, False, True, False],
        sent_starts=[True, False, False, False, True, False, False],
    )
    doc.ents = [Span(doc, 0, 2, label="PERSON")]
    (record,), _, notes = foreign(tmp_path, doc)
    assert record.text == doc.text == "\nAda left.\n\nBob came"
    assert record.tokens is not None
    starts, ends = record.tokens.starts, record.tokens.ends
    assert [record.text[start:end] for start, end in zip(starts, ends, strict=True)] == [
        "Ada",
        "left",
        ".",
        "Bob",
        "came",
    ]
    assert list(record.tokens.sentences) == [0, 3]
    assert record.spans[0].fragments == ((1, 4),)
    assert "had blanks at its ends" in notes[0]


def test_older_files_with_few_columns_are_read(tmp_path: Path) -> None:
    doc = a_doc()
    doc.ents = [Span(doc, 3, 4, label="PERSON")]
    (record,), problems, _ = foreign(tmp_path, doc, attrs=["ENT_IOB", "ENT_TYPE"])
    assert [span.label for span in record.spans] == ["PERSON"]
    (record,), problems, _ = foreign(tmp_path, doc, attrs=["TAG"])
    assert (record.spans, record.state, problems) == ((), None, [])


def test_documents_whose_spaces_are_unknown_are_read_as_spacy_does(tmp_path: Path) -> None:
    doc = Doc(VOCAB, words=["Ada", "left", "."])
    (record,), _, _ = foreign(tmp_path, doc)
    assert record.text == doc.text


def test_a_blank_document_among_others_is_named(tmp_path: Path) -> None:
    back, problems, _ = foreign(tmp_path, a_doc(), a_doc(" "), a_doc("Bob"))
    assert [record.source for record in back] == ["foreign.spacy:1", "foreign.spacy:3"]
    assert problems == ["This record holds no text; it was left out."]


def test_a_model_can_be_trained_on_what_was_written(tmp_path: Path) -> None:
    """No more than that spaCy takes the files without a complaint."""
    many = [a_record(TEXT, CITY, MAY), a_record(TEXT, FAIR, state=State.IN_PROGRESS), a_record("Nothing .")]
    found = written(tmp_path, *many)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        examples = [Example(nlp.make_doc(doc.text), doc) for doc in found]
        optimizer = nlp.initialize(lambda: examples)
        losses_of: dict[str, float] = {}
        nlp.update(examples, sgd=optimizer, losses=losses_of)
    assert losses_of["ner"] > 0


@pytest.mark.parametrize("language", ["", "de", "ja", "qq"])
def test_texts_without_tokens_are_cut_by_their_language_or_by_any(tmp_path: Path, language: str) -> None:
    (doc,) = written(
        tmp_path, a_record("Ada met Bob.", a_span("Ada met Bob.", "Bob"), tokens=None, language=language)
    )
    assert [token.text for token in doc] == ["Ada", "met", "Bob", "."]
    assert told(doc.ents) == [("Bob", "PERSON", "s1")]


def test_a_file_that_would_never_be_read_again_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.formats.docbin_packing.UNPACKED_SIZE", 3_000_000)
    with pytest.raises(FormatError, match=r"at most 3 MB are read; these documents take 4 MB"):
        written(tmp_path, *[a_record("Ada met Bob . " * 7_000)] * 4)
    assert list(tmp_path.iterdir()) == []


def test_memory_stays_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all documents together their words alone are held."""
    import tracemalloc

    monkeypatch.setattr("annotator.formats.shelf._IN_MEMORY", 10_000)
    for module in ("unpacking", "docbin_container", "whole_files"):
        monkeypatch.setattr(f"annotator.formats.{module}.{'_' * (module == 'whole_files')}CHUNK", 10_000)

    def most(count: int) -> int:
        path = tmp_path / f"{count}.spacy"
        text = f"{TEXT} " * 20
        given_records = (a_record(text, CITY, MAY) for _ in range(count))
        tracemalloc.start()
        write_all(FORMAT, path, given_records, DocBinOptions(layout="both"))
        assert FORMAT.read is not None
        assert sum(1 for _ in FORMAT.read(path, FORMAT.read_options(), lambda _problem: None)) == count
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(10)
    assert most(240) < 1.3 * most(80)
