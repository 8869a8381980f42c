"""Tagged tokens: schemes, columns, layers, separators, and what is lost on the way there."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats import detect
from annotator.formats.conll import FORMAT, ConllOptions
from annotator.formats.conll_reading import TokenLinesOptions
from annotator.formats.conll_tags import SCHEMES, TokenSpan, spans_of, tags_of
from annotator.formats.holding import without_overlaps
from annotator.model.annotation import Fragment
from annotator.model.document import State, Tokens
from annotator.model.record import Problem, Record
from tests.formats.samples import SHARED, a_record, a_span, read_all, refused, write_all


def read(tmp_path: Path, content: str, name: str = "a.txt") -> tuple[list[Record], list[Problem]]:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    assert detect(path) is FORMAT
    return read_all(FORMAT, path)


def words(record: Record) -> list[tuple[str, str]]:
    return [
        (record.text[each.fragments[0].start : each.fragments[0].end], each.label) for each in record.spans
    ]


IOB1 = (
    "-DOCSTART- -X- -X- O\n\nAnna NNP I-NP I-PER\nSmith NNP I-NP I-PER\nBob NNP I-NP B-PER\nsaw VBD I-VP O\n"
)


def test_the_chunks_of_conll_2003_are_no_entities(tmp_path: Path) -> None:
    (record,), problems = read(tmp_path, IOB1 + "Paris NNP I-NP I-LOC\nLyon NNP I-NP I-ORG\n\n")
    assert words(record) == [("Anna Smith", "PER"), ("Bob", "PER"), ("Paris", "LOC"), ("Lyon", "ORG")]
    assert (record.text, record.state, problems) == ("Anna Smith Bob saw Paris Lyon", State.DONE, [])
    assert record.tokens is not None
    assert record.tokens.tokenizer == "source"


def test_documents_sentences_and_blank_lines(tmp_path: Path) -> None:
    content = "-DOCSTART-\tO\n\nAnna\tB-PER\n\t\nleft\tO\n\n\n\n-DOCSTART-\tO\n\nBob\tB-PER\n"
    first, second = read(tmp_path, content)[0]
    assert (first.text, second.text) == ("Anna\nleft", "Bob")
    assert first.tokens is not None
    assert first.tokens.sentences == [0, 1]
    path = tmp_path / "a.txt"
    apart, _ = read_all(FORMAT, path, TokenLinesOptions(documents="sentences"))
    assert [record.text for record in apart] == ["Anna", "left", "Bob"]
    assert [record.source for record in apart] == ["a.txt:1", "a.txt:2", "a.txt:3"]


def test_tokens_that_look_like_comments_are_tokens(tmp_path: Path) -> None:
    (record,), _ = read(tmp_path, "# text = Anna left\n#\tO\n#MH17\tB-MISC\n# \tO\nAnna\tB-PER\n")
    assert record.text == "# #MH17 # Anna"
    assert words(record) == [("#MH17", "MISC"), ("Anna", "PER")]


def test_further_columns_of_tags_are_layers(tmp_path: Path) -> None:
    content = "New B-GPE\nYork I-GPE B-LOC\nCity I-GPE I-LOC B-X\nis O\n"
    (record,), problems = read(tmp_path, content)
    assert words(record) == [("New York City", "GPE"), ("York City", "LOC"), ("City", "X")]
    assert [problem.message for problem in problems] == ["3 layers of tags were read."]


def test_odd_tags_are_told_and_no_token_is_lost(tmp_path: Path) -> None:
    tags = ["I-PER", "I-ORG", "O", "E-LOC", "I-LOC", "B-", "PER", "X-PER", "I", "", "B-PER"]
    content = "".join(f"w{number}\t{tag}\n" for number, tag in enumerate(tags))
    (record,), problems = read(tmp_path, content, "a.conll")
    assert record.text == " ".join(f"w{number}" for number in range(len(tags)))
    assert [label for _, label in words(record)] == ["PER", "ORG", "LOC", "LOC", "PER", "PER"]
    assert [line for line, _ in refused(problems)] == [6, 8, 9]
    assert record.state is State.IN_PROGRESS


def test_labels_are_cut_at_the_first_hyphen(tmp_path: Path) -> None:
    (record,), _ = read(tmp_path, "Moby\tB-creative-work\nDick\tI-creative-work\nx\tB-A_B.C/D\n")
    assert words(record) == [("Moby Dick", "creative-work"), ("x", "A_B.C/D")]


@st.composite
def token_spans(draw: st.DrawFn) -> tuple[int, list[TokenSpan]]:
    count = draw(st.integers(1, 12))
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(1, 4)), max_size=6))
    spans = [(Fragment(start, min(count, start + length)),) for start, length in pairs]
    apart = sorted(without_overlaps(spans), key=lambda index: spans[index][0].start)
    labels = [draw(st.sampled_from(("PER", "creative-work"))) for _ in apart]
    return count, [(*spans[index][0], label) for index, label in zip(apart, labels, strict=True)]


@pytest.mark.parametrize("scheme", SCHEMES)
@given(case=token_spans())
def test_every_scheme_is_read_back(scheme: str, case: tuple[int, list[TokenSpan]]) -> None:
    count, spans = case
    assert spans_of(list(tags_of(count, spans, scheme))) == (spans, {})


def test_schemes_are_as_others_know_them() -> None:
    spans = [(0, 1, "A"), (1, 3, "A"), (4, 7, "B")]
    assert " ".join(tags_of(8, spans, "IOB1")) == "I-A B-A I-A O I-B I-B I-B O"
    assert " ".join(tags_of(8, spans, "IOB2")) == "B-A B-A I-A O B-B I-B I-B O"
    assert " ".join(tags_of(8, spans, "BIOES")) == "S-A B-A E-A O B-B I-B E-B O"
    assert " ".join(tags_of(8, spans, "BILUO")) == "U-A B-A L-A O B-B I-B L-B O"


@pytest.mark.parametrize("columns", ["2", "4"])
@pytest.mark.parametrize("separator", ["tab", "blank"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_layout_is_read_back(tmp_path: Path, columns: str, separator: str, scheme: str) -> None:
    text = "Anna  left\nNew York ."
    tokens = Tokens([0, 6, 11, 15, 20], [4, 10, 14, 19, 21], [0, 2])
    record = a_record(text, a_span(text, "Anna"), a_span(text, "New York", "Rolle 2"), tokens=tokens)
    options = ConllOptions(scheme=scheme, columns=columns, separator=separator)
    write_all(FORMAT, tmp_path / "a.conll", [record, record], options)
    back, problems = read_all(FORMAT, tmp_path / "a.conll")
    assert problems == []
    assert [each.text for each in back] == ["Anna left\nNew York ."] * 2
    assert words(back[0]) == [
        ("Anna", "PERSON"),
        ("New York", "Rolle 2" if separator == "tab" else "Rolle_2"),
    ]
    assert back[0].tokens is not None
    assert back[0].tokens.sentences == [0, 2]


@pytest.mark.parametrize("name", ["a.txt", "a", "a.dat"])
@pytest.mark.parametrize("separator", ["\t", " "])
@pytest.mark.parametrize("before", [[], ["NNP"], ["NNP", "I-NP"], ["lemma", "NNP", "I-NP"]])
@pytest.mark.parametrize(
    "tags",
    [
        "I-PER I-PER B-PER O I-LOC",
        "B-PER I-PER B-PER O B-LOC",
        "B-PER L-PER U-PER O U-LOC",
        "B-PER E-PER S-PER O S-LOC",
    ],
)
def test_two_to_five_columns_of_any_scheme_are_known_by_content(
    tmp_path: Path, name: str, separator: str, before: list[str], tags: str
) -> None:
    rows = zip(["Anna", "Smith", "Bob", "visited", "Paris"], tags.split(), strict=True)
    content = "".join(separator.join([word, *before, tag]) + "\n" for word, tag in rows)
    (record,), problems = read(tmp_path, content, name)
    assert words(record) == [("Anna Smith", "PER"), ("Bob", "PER"), ("Paris", "LOC")]
    assert problems == []


def test_a_text_without_end_is_cut_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.formats.conll_reading.TEXT_LIMIT", 10)
    content = "Anna\tB-PER\nSmith\tI-PER\nleft\tO\n\n-DOCSTART-\tO\n\nBob\tB-PER\n"
    (first, second), problems = read(tmp_path, content)
    assert (first.text, first.state, second.text) == ("Anna", State.IN_PROGRESS, "Bob")
    assert [line for line, _ in refused(problems)] == [2]


def test_losses_are_named(tmp_path: Path) -> None:
    text = "Anna  left New York."
    record = a_record(
        text,
        a_span(text, "Anna"),
        a_span(text, "nna"),
        a_span(text, "Anna  left"),
        title=text,
        source="",
    )
    assert FORMAT.losses is not None
    losses = {loss.kind: loss.count for loss in FORMAT.losses([record], ConllOptions())}
    assert losses == {"misaligned": 1, "overlaps": 1, "blanks": 1}
    assert words(read_back(tmp_path, record)) == [("Anna left", "PERSON")]
    silent = dataclasses.replace(record, state=None)
    assert {loss.kind for loss in FORMAT.losses([silent], ConllOptions())} == {"unfinished"}
    assert "unfinished" not in {loss.kind for loss in FORMAT.losses([silent], ConllOptions(assume_done=True))}


def test_the_word_that_begins_documents_is_written_as_another(tmp_path: Path) -> None:
    text = "Files begin with -DOCSTART- or\n-DOCSTART-x , he said ."
    record = a_record(text, a_span(text, "-DOCSTART-"))
    assert FORMAT.losses is not None
    assert [loss.kind for loss in FORMAT.losses([record], ConllOptions())][-1] == "starts"
    back = read_back(tmp_path, record)
    assert back.text.split() == [
        "Files",
        "begin",
        "with",
        "_DOCSTART_",
        "or",
        "-DOCSTART-x",
        ",",
        "he",
        "said",
        ".",
    ]
    assert words(back) == [("_DOCSTART_", "PERSON")]


def read_back(tmp_path: Path, record: Record) -> Record:
    write_all(FORMAT, tmp_path / "a.conll", [record])
    (back,), _ = read_all(FORMAT, tmp_path / "a.conll")
    return back


def test_spacy_reads_what_is_written(tmp_path: Path) -> None:
    from spacy.training import converters

    convert: Any = vars(converters)["conll_ner_to_docs"]
    text = "Anna Smith left Paris ."
    record = a_record(text, a_span(text, "Anna Smith", "PER"), a_span(text, "Paris", "LOC"))
    options = ConllOptions(columns="4", separator="blank")
    write_all(FORMAT, tmp_path / "a.conll", [record], options)
    (doc,) = convert((tmp_path / "a.conll").read_text(encoding="utf-8"), n_sents=0, no_print=True)
    assert [(entity.text, entity.label_) for entity in doc.ents] == [("Anna Smith", "PER"), ("Paris", "LOC")]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data is not here")
@pytest.mark.parametrize(
    ("name", "documents", "sentences", "tokens", "entities"),
    [
        ("conll/wnut17_dev.conll", 1, 1009, 15733, 836),
        ("conll/sec_FIN3.txt", 3, 303, 13246, 318),
        ("rtl/arabic_wojood_sample_val.txt", 1, 158, 2743, 470),
    ],
)
def test_real_files_have_the_counts_they_should(
    name: str, documents: int, sentences: int, tokens: int, entities: int
) -> None:
    found, problems = read_all(FORMAT, SHARED / name)
    assert detect(SHARED / name) is FORMAT
    cut = [record.tokens for record in found if record.tokens is not None]
    assert len(found) == documents
    assert sum(len(each.sentences) for each in cut) == sentences
    assert sum(map(len, cut)) == tokens
    assert sum(len(record.spans) for record in found) == entities
    assert refused(problems) == []
