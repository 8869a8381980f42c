"""CoNLL-U: words within words, blanks, comments, spans in MISC, and what comes back to a treebank."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats import detect
from annotator.formats.conll_reading import TokenLinesOptions
from annotator.formats.conllu import FORMAT, ConlluOptions
from annotator.formats.conllu_rows import words_of
from annotator.model.annotation import fragments_of
from annotator.model.document import State, Tokens
from annotator.model.record import Problem, Record
from tests.formats.samples import a_record, a_span, held, read_all, records, refused, write_all

TREE = """\
# newdoc id = n1
# newpar id = n1-p1
# sent_id = n1-s1
# text = Vámonos al “mar”, Ana.
1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\tCheck=Yes
1\tVamos\tir\tVERB\t_\tMood=Imp\t0\troot\t_\t_
2\tnos\tnosotros\tPRON\t_\t_\t1\tobj\t1:obj|2.1:x\t_
2.1\tgo\tgo\tVERB\t_\t_\t_\t_\t1:x\t_
3-4\tal\t_\t_\t_\t_\t_\t_\t_\t_
3\ta\ta\tADP\t_\t_\t6\tcase\t_\tNER=O
4\tel\tel\tDET\t_\t_\t6\tdet\t_\tNER=B-LOC
5\t“\t“\tPUNCT\t_\t_\t6\tpunct\t_\tNER=I-LOC|SpaceAfter=No
6\tmar\tmar\tNOUN\t_\t_\t1\tobl\t_\tNER=I-LOC|SpaceAfter=No
7\t”\t”\tPUNCT\t_\t_\t6\tpunct\t_\tSpaceAfter=No
8\t,\t,\tPUNCT\t_\t_\t9\tpunct\t_\t_
9\tAna\tAna\tPROPN\t_\t_\t1\tvocative\t_\tNER=B-PER|SpaceAfter=No
10\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\tSpacesAfter=\\n\\n

# sent_id = n1-s2
1\tSí\tsí\tINTJ\t_\t_\t0\troot\t_\t_

# newdoc id = n2
# text = Otra vez.
1\tOtra\totra\tDET\t_\t_\t2\tdet\t_\t_
2\tvez\tvez\tNOUN\t_\t_\t0\troot\t_\t_
3\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_

"""


def read(
    tmp_path: Path, content: str, *, name: str = "a.txt", documents: str = "auto"
) -> tuple[list[Record], list[Problem]]:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    assert detect(path) is FORMAT
    return read_all(FORMAT, path, TokenLinesOptions(documents=documents))


def words(record: Record) -> list[tuple[str, str]]:
    return [
        ("…".join(record.text[start:end] for start, end in span.fragments), span.label)
        for span in record.spans
    ]


def row(number: int, form: str, misc: str = "_") -> str:
    return "\t".join([str(number), form, *["_"] * 7, misc]) + "\n"


def test_words_within_words_and_empty_nodes_are_no_text(tmp_path: Path) -> None:
    (first, second), problems = read(tmp_path, TREE)
    assert problems == []
    assert first.text == "Vámonos al “mar”, Ana.\n\nSí"
    assert words(first) == [("al “mar", "LOC"), ("Ana", "PER")]
    assert first.tokens is not None
    assert list(first.tokens.sentences) == [0, 8]
    assert (first.state, second.state) == (State.DONE, None)
    assert (first.source, second.source) == ("a.txt:1", "a.txt:2")
    # Nothing says where blanks are, but the sentence's own text does.
    assert second.text == "Otra vez."


def test_a_treebank_comes_back_with_new_spans(tmp_path: Path) -> None:
    (first, second), _ = read(tmp_path, TREE)
    more = dataclasses.replace(first, spans=(a_span(first.text, "Sí", "X"),))
    path = tmp_path / "out.conllu"
    write_all(FORMAT, path, [more, second], ConlluOptions(assume_done=True))
    old = [line.split("\t") for line in TREE.splitlines()]
    new = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    new = [cells for cells in new if not cells[0].startswith("# annotator")]
    assert [cells[:9] for cells in new] == [cells[:9] for cells in old]
    assert next(cells[9] for cells in new if len(cells) == 10) == "Check=Yes|NE=O"
    assert sum("NE=B-X" in cells[-1] for cells in new) == 1
    assert not any("NER=" in cells[-1] for cells in new)
    (again, _), problems = read_all(FORMAT, path)
    assert (again.text, words(again), problems) == (first.text, [("Sí", "X")], [])
    assert again.attributes == first.attributes


def test_a_tree_whose_words_are_others_now_is_told_and_left_out(tmp_path: Path) -> None:
    (first, _), _ = read(tmp_path, TREE)
    other = dataclasses.replace(first, tokens=Tokens([0, 3], [3, 7]))
    assert FORMAT.losses is not None
    assert {loss.kind for loss in FORMAT.losses([other], ConlluOptions())} >= {"attributes"}
    torn: dict[str, Any] = {"conllu": {"sentences": [[["# x\n1\ty"], [["1", "a\tb", *["_"] * 8]]]]}}
    broken = dataclasses.replace(first, attributes=torn)
    write_all(FORMAT, tmp_path / "out.conllu", [broken, other])
    assert [each.text for each in read_all(FORMAT, tmp_path / "out.conllu")[0]] == [first.text] * 2


def test_blanks_come_back_to_the_letter(tmp_path: Path) -> None:
    text = " \n Anna\u00a0left ,\t\tShe | came\\s back .\r\n\r\nNew York City\u2028 "
    tokens = Tokens(
        [3, 8, 13, 16, 20, 22, 29, 34, 39, 48], [7, 12, 14, 19, 21, 28, 33, 35, 47, 52], [0, 8], "source"
    )
    record = a_record(text, a_span(text, "New York"), tokens=tokens)
    write_all(FORMAT, tmp_path / "a.conllu", [record])
    (back,), problems = read_all(FORMAT, tmp_path / "a.conllu")
    assert (back.text, words(back), problems) == (text, [("New York", "PERSON")], [])
    assert back.tokens is not None
    assert (back.tokens.starts, back.tokens.ends) == (tokens.starts, tokens.ends)
    assert list(back.tokens.sentences) == [0, 8]
    written = (tmp_path / "a.conllu").read_text(encoding="utf-8")
    assert "\tNew York\t" in written
    assert written.count("# newpar") == 2


def test_the_text_of_a_sentence_goes_before_missing_blanks(tmp_path: Path) -> None:
    content = "# text = Don't go\n" + row(1, "Do") + row(2, "n't") + row(3, "go")
    (record,), problems = read(tmp_path, content)
    assert (record.text, problems) == ("Don't go", [])
    (record,), problems = read(tmp_path, content.replace("Don't go", "Something else"))
    assert record.text == "Do n't go"
    assert [(each.line, each.refused) for each in problems] == [(2, False)]
    (record,), problems = read(tmp_path, content + "\n# newpar\n" + row(1, "Now", "SpacesAfter=abc"))
    assert record.text == "Don't go\n\nNow"


def test_each_sentence_can_be_a_document(tmp_path: Path) -> None:
    found, _ = read(tmp_path, TREE, documents="sentences")
    assert [each.text for each in found] == ["Vámonos al “mar”, Ana.\n\n", "Sí", "Otra vez."]


@pytest.mark.parametrize(
    ("comment", "values", "expected"),
    [
        # As in corpora of coreference: nested, a mention of one word, two pieces, the same entity twice.
        (
            "# global.Entity = eid-etype-head-other",
            ["(e1-person-1(e2-place-1)", "e1)", "(e3[1/2]-group-1)", "", "(e3[2/2]-group-1)(e1-person-1)"],
            [("a b", "person"), ("a", "place"), ("c…e", "group"), ("e", "person")],
        ),
        # As older ones have it, which name the type first.
        ("# x = y", ["(person-1", "(place-2-giv-coref)", "person-1)", "(event-3)", ""], None),
        # As this program writes it: crossing, labels with signs that mean something.
        (
            "# global.Entity = eid-etype",
            ["(e1-creative-work", "(e2-a%28b%29%7C", "e1)", "e2)", "(e3-Rolle 2)"],
            [("a b c", "creative-work"), ("b c d", "a(b)|"), ("e", "Rolle 2")],
        ),
    ],
)
def test_brackets_of_entities(
    tmp_path: Path, comment: str, values: list[str], expected: list[tuple[str, str]] | None
) -> None:
    rows = [
        row(number, "abcde"[number - 1], f"Entity={value}" if value else "_")
        for number, value in enumerate(values, start=1)
    ]
    (record,), problems = read(tmp_path, f"{comment}\n{''.join(rows)}")
    expected = expected or [("a b c", "person"), ("b", "place"), ("d", "event")]
    assert sorted(words(record)) == sorted(expected)
    assert refused(problems) == []


def test_broken_brackets_and_tags_are_told(tmp_path: Path) -> None:
    values = ["Entity=(e1-PER", "Entity=e7)", "NE=B-", "Entity=(e2[1/2]-ORG)", "NE=I-LOC"]
    content = "".join(row(number, f"w{number}", value) for number, value in enumerate(values, start=1))
    (record,), problems = read(tmp_path, content)
    assert (record.text, words(record)) == ("w1 w2 w3 w4 w5", [("w5", "LOC")])
    assert [line for line, _ in refused(problems)] == [3, 2, 1, 4]
    assert record.state is State.IN_PROGRESS


def test_odd_rows_are_told_and_words_kept(tmp_path: Path) -> None:
    content = row(1, "Anna", "NER=B-PER") * 9 + "2\tleft\tleave\n" + "no row\n" + "x" * 70 + "\t1\n"
    (record,), problems = read(tmp_path, content, name="a.conllu")
    assert record.text == "Anna " * 9 + "left"
    assert [(each.line, each.refused) for each in problems] == [(10, False), (11, True), (12, True)]


def test_overlaps_go_into_brackets_and_out_of_tags(tmp_path: Path) -> None:
    text = "New York City is big ."
    split = dataclasses.replace(a_span(text, "New"), fragments=fragments_of((0, 3), (9, 13)))
    record = a_record(text, a_span(text, "New York City"), a_span(text, "York City", "GPE"), split)
    assert FORMAT.losses is not None
    kinds = {loss.kind: loss.count for loss in FORMAT.losses([record], ConlluOptions())}
    assert (kinds["overlaps"], kinds["discontinuous"]) == (1, 1)
    options = ConlluOptions(spans="Entity")
    assert not {"overlaps", "discontinuous"} & {loss.kind for loss in FORMAT.losses([record], options)}
    write_all(FORMAT, tmp_path / "a.conllu", [record], options)
    (back,), _ = read_all(FORMAT, tmp_path / "a.conllu")
    assert sorted(words(back)) == sorted(words(record))


@pytest.mark.parametrize("spans", ["NER", "Entity"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(found=st.lists(records(), max_size=3))
def test_any_records_come_back(spans: str, tmp_path: Path, found: list[Record]) -> None:
    options = ConlluOptions(spans=spans)
    found = [dataclasses.replace(each, state=State.DONE) for each in found]
    write_all(FORMAT, tmp_path / "a.conllu", found, options)
    back, _ = read_all(FORMAT, tmp_path / "a.conllu")
    assert [held(FORMAT, each, options) for each in back] == [held(FORMAT, each, options) for each in found]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(found=st.lists(records(), min_size=1, max_size=3))
def test_another_reader_sees_the_same_words_and_spans(tmp_path: Path, found: list[Record]) -> None:
    """The library `conllu` reads what is written: as many rows, forms, and tags; texts without their blanks."""
    conllu = pytest.importorskip("conllu")
    path = tmp_path / "a.conllu"
    found = [dataclasses.replace(each, state=State.DONE) for each in found]
    write_all(FORMAT, path, found)
    ours, _ = read_all(FORMAT, path)
    theirs = conllu.parse(path.read_text(encoding="utf-8"))
    assert sum("newdoc" in each.metadata for each in theirs) == len(found)
    assert sum(map(len, theirs)) == sum(len(each.tokens) for each in ours if each.tokens is not None)
    assert "".join("".join(token["form"].split()) for sentence in theirs for token in sentence) == "".join(
        "".join(each.text.split()) for each in ours
    )
    tags = [token["misc"]["NE"] for sentence in theirs for token in sentence]
    assert sum(tag.startswith("B-") for tag in tags) == sum(len(each.spans) for each in ours)


def test_spacy_reads_text_and_entities(tmp_path: Path) -> None:
    from spacy.training import converters

    convert: Any = vars(converters)["conllu_to_docs"]
    text = "Anna Smith left (Paris) ."
    tokens = Tokens([0, 5, 11, 16, 17, 22, 24], [4, 10, 15, 17, 22, 23, 25])
    record = a_record(text, a_span(text, "Anna Smith", "PER"), a_span(text, "Paris", "LOC"), tokens=tokens)
    write_all(FORMAT, tmp_path / "a.conllu", [record])
    (doc,) = convert((tmp_path / "a.conllu").read_text(encoding="utf-8"), n_sents=1, no_print=True)
    assert [(entity.text, entity.label_) for entity in doc.ents] == [("Anna Smith", "PER"), ("Paris", "LOC")]
    assert doc.text.strip() == text


def test_ranges_in_one_another_cover_what_follows_them() -> None:
    """However many there are, each row is looked at for one range alone."""

    class Row(list[str]):
        looked = 0

        def __getitem__(self, at: Any) -> Any:
            Row.looked += 1
            return super().__getitem__(at)

    blank = ["_"] * 8
    rows = [Row([f"{number}-{number + 1}", "word", *blank]) for number in range(1, 3_000)]
    rows += [Row([str(number), "word", *blank]) for number in range(2_999, 3_003)]
    words = list(words_of(rows))
    assert [each.rows for each in words[-3:]] == [(2_998, 2_999, 3_000), (3_001,), (3_002,)]
    assert len(words) == 3_001
    assert Row.looked < 10 * len(rows)
