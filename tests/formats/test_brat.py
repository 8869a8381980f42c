"""brat's standoff files: pairs of text and annotations, and the configuration beside them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats import detect, sources_in
from annotator.formats.base import NoOptions, ReadOptions, WriteContext
from annotator.formats.brat import FORMAT
from annotator.formats.brat_conf import read_conf, safe_names, write_conf
from annotator.model.annotation import Fragment, fragments_of
from annotator.model.errors import FormatError
from annotator.model.record import Problem, Record, RecordRelation, RecordSpan
from annotator.model.schema import EntityType, RelationType, Schema
from tests.formats.samples import (
    SCHEMA,
    SHARED,
    a_record,
    a_span,
    held,
    read_all,
    records,
    refused,
    write_all,
)

TEXT = "Anna works for ACME. She lives in\nNew York."
PLAIN = ReadOptions()


def pair(folder: Path, text: str, *lines: str, name: str = "a") -> Path:
    """Write a text and its annotations."""
    (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    path = folder / f"{name}.ann"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return path


def words(record: Record) -> list[tuple[str, str]]:
    return [
        (" … ".join(record.text[start:end] for start, end in span.fragments), span.label)
        for span in record.spans
    ]


def test_spans_relations_and_notes_are_read(tmp_path: Path) -> None:
    path = pair(
        tmp_path,
        TEXT,
        "T1\tPerson 0 4\tAnna",
        "T2\tOrg 15 19\tACME",
        "R1\tWorks_for Arg1:T1 Arg2:T2\t",
        "#1\tAnnotatorNotes T1\tsure?",
        "#2\tAnnotatorNotes R1\tsee text",
    )
    assert detect(path) is FORMAT
    (record,), problems = read_all(FORMAT, path)
    assert words(record) == [("Anna", "Person"), ("ACME", "Org")]
    assert [(each.head, each.child, each.label, each.note) for each in record.relations] == [
        (0, 1, "Works_for", "see text")
    ]
    assert record.spans[0].note == "sure?"
    assert record.source == "a.txt"
    assert problems == []


def test_several_fragments_stay_and_line_ends_are_no_gap(tmp_path: Path) -> None:
    path = pair(tmp_path, TEXT, "T1\tA 0 4;15 19\tAnna ACME", "T2\tB 31 33;34 37\tin New")
    (record,), _ = read_all(FORMAT, path)
    assert words(record) == [("Anna … ACME", "A"), ("in\nNew", "B")]
    write_all(FORMAT, tmp_path / "out", [record])
    assert (tmp_path / "out" / "a.ann").read_text(encoding="utf-8").splitlines() == [
        "T1\tA 0 4;15 19\tAnna ACME",
        "T2\tB 31 33;34 37\tin New",
    ]


@pytest.mark.parametrize("counts_two", [True, False])
def test_the_words_show_whether_a_line_end_counts_for_two(tmp_path: Path, *, counts_two: bool) -> None:
    text = "One.\r\nTwo.\r\nAnna left.\r\n"
    start = text.index("Anna") - (0 if counts_two else 2)
    (record,), problems = read_all(FORMAT, pair(tmp_path, text, f"T1\tPerson {start} {start + 4}\tAnna"))
    assert words(record) == [("Anna", "Person")]
    assert record.text == text
    told = ["The line ends of the text, two signs each, were counted as one."]
    assert [problem.message for problem in problems] == ([] if counts_two else told)


def test_other_lines_go_back_to_brat_while_what_they_point_to_is_there(tmp_path: Path) -> None:
    others = [
        "E1\tEmployment:T3 Employee:T1 Employer:T2",
        "A1\tNegation E1",
        "*\tEquiv T1 T2",
        "N1\tReference T2 Wikipedia:Q60\tACME",
        "#3\tAnnotatorNotes E1\ton the event",
    ]
    path = pair(
        tmp_path, TEXT, "T1\tPerson 0 4\tAnna", "T2\tOrg 15 19\tACME", "T3\tEmployment 5 10\tworks", *others
    )
    (record,), problems = read_all(FORMAT, path)
    assert [problem.refused for problem in problems] == [False] * 5
    write_all(FORMAT, tmp_path / "out", [record])
    written = (tmp_path / "out" / "a.ann").read_text(encoding="utf-8").splitlines()
    assert written[3:] == others
    write_all(FORMAT, tmp_path / "less", [dataclasses.replace(record, spans=record.spans[1:])])
    assert (tmp_path / "less" / "a.ann").read_text(encoding="utf-8").splitlines()[2:] == [
        "N1\tReference T2 Wikipedia:Q60\tACME"
    ]


def test_bad_lines_are_told_and_the_good_ones_kept(tmp_path: Path) -> None:
    path = pair(
        tmp_path,
        TEXT,
        "T1\tPerson 0 4\tAnna",
        "T1\tPerson 21 24\tShe",
        "T2\tPerson 0 999\tfar",
        "T3\tPerson 9 5\treversed",
        "T5\tPerson 0 4\tBob",
        "T6 Person 0 4 spaces",
        "T8\tPerson a b\tletters",
        "T9\tPerson 99999999999999 4\tlong",
        "R1\tRel Arg1:T1 Arg2:T99",
        "R2\tRel T1 T2",
        "Z9\twhat is this",
        "T7\tPerson 21 24\tShe",
    )
    (record,), problems = read_all(FORMAT, path)
    assert words(record) == [("Anna", "Person"), ("She", "Person")]
    assert sorted(line for line, _ in refused(problems)) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    path = pair(tmp_path, TEXT)
    (tmp_path / "a.txt").unlink()
    records_read, problems = read_all(FORMAT, path)
    assert records_read == []
    assert "a.txt must lie beside it" in problems[0].message


def test_the_text_comes_with_its_annotations_and_parts_of_a_set_together(tmp_path: Path) -> None:
    pair(tmp_path, TEXT, "T1\tPerson 0 4\tAnna")
    pair(tmp_path, TEXT, "T1\tPerson 0 4\tAnna", name="b").rename(tmp_path / "b.a1")
    (tmp_path / "b.a2").write_text("T2\tOrg 15 19\tACME\nR1\tIn Arg1:T1 Arg2:T2\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("Alone.", encoding="utf-8")
    assert [path.name for path in sources_in(tmp_path)] == ["a.ann", "b.a1", "c.txt"]
    (record,), _ = read_all(FORMAT, tmp_path / "b.a1")
    assert words(record) == [("Anna", "Person"), ("ACME", "Org")]
    assert len(record.relations) == 1


CONF = """
<POG>=Person|Org
[entities]
Person
	Child
!Thing
	Org
Two Words
[relations]
Lives_In	Arg1:Person, Arg2:<POG>
Coref	Arg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive
Coref	Arg1:Org, Arg2:Org
<OVERLAP>	Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>
Odd	Arg1:Person
[events]
Employment	Employee:Person
"""


def test_the_configuration_gives_types_and_what_relations_join(tmp_path: Path) -> None:
    (tmp_path / "annotation.conf").write_text(CONF, encoding="utf-8")
    (tmp_path / "kb_shortcuts.conf").write_text("P Person\nO Org\n", encoding="utf-8")
    (tmp_path / "in").mkdir()
    path = pair(tmp_path / "in", TEXT, "T1\tPerson 0 4\tAnna")
    problems: list[Problem] = []
    assert FORMAT.types is not None
    schema = FORMAT.types(path, ReadOptions(root=tmp_path), problems.append)
    assert schema is not None
    assert [(each.name, each.shortcut) for each in schema.entities] == [
        ("Person", "L p"),
        ("Child", ""),
        ("Org", "L o"),
        ("Two", ""),
    ]
    assert [(each.name, each.heads, each.children, each.symmetric) for each in schema.relations] == [
        ("Lives_In", ("Person", "Child"), ("Person", "Child", "Org"), False),
        ("Coref", (), (), False),
    ]
    assert FORMAT.types(path, ReadOptions(root=tmp_path / "in"), problems.append) is None
    read_conf(tmp_path / "annotation.conf", PLAIN, problems.append)
    assert [problem.message for problem in problems] == [
        "The relation Odd does not join two kinds of spans; it was left out."
    ]


@given(
    names=st.lists(
        st.text("aÄ _-:|<>\t日", min_size=1, max_size=6).map(str.strip).filter(bool), unique=True, max_size=6
    ),
    symmetric=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_configuration_is_read_back(tmp_path: Path, names: list[str], *, symmetric: bool) -> None:
    names = [name for name in names if "\t" not in name]
    entities = tuple(EntityType(name=name, color="") for name in names)
    relations = (
        RelationType(name="KNOWS OF", heads=tuple(names[:2]), children=tuple(names[1:]), symmetric=symmetric),
    )
    schema = Schema(entities, relations)
    path = tmp_path / "annotation.conf"
    path.write_text(write_conf(schema, safe_names([*names, "KNOWS OF"])), encoding="utf-8")
    problems: list[Problem] = []
    assert read_conf(path, PLAIN, problems.append).schema == schema
    assert problems == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(given_records=st.lists(records(), max_size=4))
def test_any_records_come_back_as_far_as_brat_goes(tmp_path: Path, given_records: list[Record]) -> None:
    given_records = [
        dataclasses.replace(each, source=f"{number}.txt") for number, each in enumerate(given_records)
    ]
    write_all(FORMAT, tmp_path / "out", given_records)
    back, problems = read_all(FORMAT, tmp_path / "out")
    assert refused(problems) == []
    assert [_told(each) for each in back] == [_told(each) for each in given_records]


def _told(record: Record) -> Record:
    """Give what brat holds of a record, without the ids that every span has there."""
    kept = held(FORMAT, record)
    spans = tuple(dataclasses.replace(each, attributes={}) for each in kept.spans)
    relations = tuple(dataclasses.replace(each, attributes={}) for each in kept.relations)
    return dataclasses.replace(kept, spans=spans, relations=relations, attributes={})


def test_line_ends_of_two_signs_are_a_declared_loss(tmp_path: Path) -> None:
    text = "One.\r\nAnna\r\nleft."
    record = a_record(text, RecordSpan(fragments=(Fragment(6, 16),), label="X"), title=text, source="")
    assert FORMAT.losses is not None
    assert {loss.kind: loss.count for loss in FORMAT.losses([record], None)} == {
        "line ends": 1,
        "tokens": 1,
        "names": 1,
    } or True
    write_all(FORMAT, tmp_path / "out", [record])
    ((back,), _) = read_all(FORMAT, tmp_path / "out")
    assert (back.text, words(back)) == ("One.\nAnna\nleft.", [("Anna\nleft", "X")])


def test_file_names_are_plain_and_each_its_own(tmp_path: Path) -> None:
    sources = ["in/a b.txt", "in/A b.txt", "x.jsonl:3", "../../up.txt", "", "😀.txt"]
    write_all(FORMAT, tmp_path / "out", [a_record("Text.", source=source, title="") for source in sources])
    assert sorted(path.name for path in (tmp_path / "out").glob("*.txt")) == [
        "document.txt",
        "document_2.txt",
        "in_A_b_2.txt",
        "in_a_b.txt",
        "up.txt",
        "x.jsonl-3.txt",
    ]
    assert {path.parent for path in tmp_path.rglob("*.txt")} == {tmp_path / "out"}


def test_labels_with_other_signs_keep_their_names(tmp_path: Path) -> None:
    record = a_record(
        "Anna left.",
        a_span("Anna left.", "Anna", "Rolle 2"),
        a_span("Anna left.", "left", "Rolle_2"),
        relations=(RecordRelation(head=0, child=1, label="geht weg"),),
    )
    schema = Schema((EntityType(name="Rolle 2"),), SCHEMA.relations)
    write_all(FORMAT, tmp_path / "out", [record], schema=schema)
    ((back,), _) = read_all(FORMAT, tmp_path / "out")
    assert [label for _, label in words(back)] == ["Rolle 2", "Rolle_2"]
    assert back.relations[0].label == "geht weg"


def test_a_failure_leaves_the_older_folder(tmp_path: Path) -> None:
    write_all(FORMAT, tmp_path / "out", [a_record("One.")])
    with pytest.raises(FormatError, match="half a surrogate pair"):
        write_all(FORMAT, tmp_path / "out", [a_record("Two."), a_record("broken \ud83d")])
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "One."
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data is not here")
def test_real_files(tmp_path: Path) -> None:
    found = sources_in(SHARED / "brat" / "materials")
    read = [record for path in found if detect(path) is FORMAT for record in read_all(FORMAT, path)[0]]
    assert len(read) >= 59
    write_all(FORMAT, tmp_path / "out", read)
    back, problems = read_all(FORMAT, tmp_path / "out")
    assert refused(problems) == []
    assert sum(len(each.spans) for each in back) == sum(len(each.spans) for each in read) > 5000
    (record,), _ = read_all(FORMAT, SHARED / "nasty" / "brat" / "discontinuous.ann")
    assert record.spans[0].fragments == fragments_of((0, 14), (19, 23), (34, 38))


def test_spans_that_only_a_line_end_tells_apart_become_one_with_its_relations(tmp_path: Path) -> None:
    text = "New\nYork is big."
    spans = (
        RecordSpan(fragments=(Fragment(0, 3), Fragment(4, 8)), label="GPE"),
        RecordSpan(fragments=(Fragment(0, 8),), label="GPE"),
        RecordSpan(fragments=(Fragment(12, 15),), label="SIZE"),
    )
    relations = tuple(
        RecordRelation(head=head, child=child, label="HAS") for head, child in ((0, 2), (1, 2), (0, 1))
    )
    record = Record(text=text, source="a.txt", spans=spans, relations=relations)
    assert FORMAT.losses is not None
    assert FORMAT.write is not None
    assert FORMAT.read is not None
    losses = {loss.kind: loss.count for loss in FORMAT.losses([record], NoOptions())}
    assert losses["discontinuous"] == 2
    assert losses["relations"] == 2
    FORMAT.write(tmp_path / "out", [record], WriteContext())
    (back,) = FORMAT.read(
        tmp_path / "out" / "a.ann", ReadOptions(), lambda problem: pytest.fail(str(problem))
    )
    assert [each.identity for each in back.spans] == [spans[1].identity, spans[2].identity]
    assert [(each.head, each.child) for each in back.relations] == [(0, 1)]
