"""doccano's JSONL of all its versions, and its files of label types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.formats import detect, doccano, format_named
from annotator.formats.base import ReadOptions
from annotator.formats.doccano import DoccanoOptions
from annotator.formats.offset_units import OffsetOptions, Unit
from annotator.model.document import State
from annotator.model.errors import FormatError
from annotator.model.record import Problem, Record, RecordRelation
from annotator.model.schema import EntityType, RelationType, Schema
from tests.formats.samples import SHARED, a_record, a_span, lines, read_all, refused, write_all

FORMAT, TYPES = doccano.FORMAT, format_named("doccano-types")
TEXT = "Anna Smith visited New York City with Bob."
FIRE = "👨🏻\u200d🚒 firemen drive firetrucks"


def words(record: Record) -> list[tuple[str, str]]:
    return [
        (record.text[each.fragments[0].start : each.fragments[0].end], each.label) for each in record.spans
    ]


def read(tmp_path: Path, *items: object) -> tuple[list[Record], list[Problem]]:
    path = lines(tmp_path / "a.jsonl", *items)
    assert detect(path) is FORMAT
    return read_all(FORMAT, path)


@pytest.mark.parametrize("text", ["text", "data", "column_data"])
@pytest.mark.parametrize("label", ["label", "labels", "entities", "annotations", "column_label"])
def test_every_name_that_fields_had_is_read(tmp_path: Path, text: str, label: str) -> None:
    (record,), problems = read(tmp_path, {text: TEXT, label: [[0, 4, "PERSON"], [19, 32, "GPE"]]})
    assert words(record) == [("Anna", "PERSON"), ("New York City", "GPE")]
    assert problems == []
    assert record.state is None


def test_relations_go_by_the_ids_of_entities(tmp_path: Path) -> None:
    entities = [
        {"id": 10, "label": "PERSON", "start_offset": 0, "end_offset": 10},
        {"id": 11, "label": "GPE", "start_offset": 19, "end_offset": 32},
    ]
    relations = [
        {"id": 1, "from_id": 10, "to_id": 11, "type": "VISITED"},
        {"id": 2, "from_id": 10, "to_id": 99, "type": "VISITED"},
        {"from_id": 10, "to_id": 11},
    ]
    (record,), problems = read(
        tmp_path,
        {
            "id": 5,
            "text": TEXT,
            "entities": entities,
            "relations": relations,
            "Comments": [{"id": 1, "comment": "Sure?"}],
        },
    )
    assert record.relations == (RecordRelation(head=0, child=1, label="VISITED"),)
    assert record.note == "Sure?"
    assert [problem.record for problem in problems] == ["5", "5"]
    assert "its to_id 99 is no entity of this record" in problems[0].message


def test_other_fields_are_metadata_and_the_id_goes_back(tmp_path: Path) -> None:
    (record,), _ = read(tmp_path, {"id": 7, "text": TEXT, "label": [], "meta": {"a": 1}, "author": "Ada"})
    assert record.metadata == {"a": 1, "author": "Ada"}
    write_all(FORMAT, tmp_path / "b.jsonl", [record])
    line = json.loads((tmp_path / "b.jsonl").read_text(encoding="utf-8"))
    assert (line["id"], line["a"], line["author"]) == (7, 1, "Ada")


def test_numbers_for_labels_and_categories_are_told(tmp_path: Path) -> None:
    (first, second), problems = read(
        tmp_path,
        {"text": TEXT, "annotations": [{"label": 1, "start_offset": 0, "end_offset": 4}]},
        {"text": TEXT, "label": ["news"]},
    )
    assert not first.spans
    assert not second.spans
    assert "its label is the number 1 of another file" in problems[0].message
    assert "names categories of the whole text" in problems[1].message
    write_all(FORMAT, tmp_path / "b.jsonl", [second], DoccanoOptions(relations="yes"))
    assert json.loads((tmp_path / "b.jsonl").read_text(encoding="utf-8"))["label"] == ["news"]


@pytest.mark.parametrize(
    ("start", "end", "unit"), [(19, 29, "code"), (22, 32, "UTF-16"), (16, 26, "graphemes")]
)
def test_what_offsets_count_is_found_out(tmp_path: Path, start: int, end: int, unit: str) -> None:
    # "firetrucks" alone could be met by chance; firemen makes sure.
    first = FIRE.index("firemen") + start - FIRE.index("firetrucks")
    (record,), problems = read(
        tmp_path, {"text": FIRE, "label": [[start, end, "VEHICLE"], [first, first + 7, "PERSON"]]}
    )
    assert words(record) == [("firetrucks", "VEHICLE"), ("firemen", "PERSON")]
    assert unit == "code" or unit in problems[0].message


@pytest.mark.parametrize("unit", Unit)
def test_offsets_are_written_as_asked(tmp_path: Path, unit: Unit) -> None:
    record = a_record(FIRE, a_span(FIRE, "firetrucks"))
    path = tmp_path / "a.jsonl"
    write_all(FORMAT, path, [record], DoccanoOptions(offsets=unit.value, relations="no"))
    places = {Unit.CODE_POINTS: [19, 29], Unit.UTF16: [22, 32], Unit.GRAPHEMES: [16, 26]}
    line = json.loads(path.read_text(encoding="utf-8"))
    assert line["label"] == [[*places[unit], "PERSON"]]
    assert words(read_all(FORMAT, path, OffsetOptions(offsets=unit.value))[0][0]) == [
        ("firetrucks", "PERSON")
    ]


def test_relations_make_the_other_layout(tmp_path: Path) -> None:
    record = a_record(
        TEXT,
        a_span(TEXT, "Anna Smith"),
        a_span(TEXT, "Bob"),
        relations=(RecordRelation(head=1, child=0, label="KNOWS"),),
        note="Look again.",
    )
    path = tmp_path / "a.jsonl"
    write_all(FORMAT, path, [record, record])
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ids = [each["id"] for line in found for each in line["entities"]]
    assert len(set(ids)) == 4
    assert [found[0]["relations"][0][name] for name in ("from_id", "to_id", "type")] == [
        ids[1],
        ids[0],
        "KNOWS",
    ]
    assert found[0]["Comments"] == [{"id": 1, "comment": "Look again."}]


def test_losses_name_what_doccano_has_no_place_for() -> None:
    assert FORMAT.losses is not None
    record = a_record(
        TEXT,
        a_span(TEXT, "Anna", rejected=True),
        a_span(TEXT, "Bob", score=0.5),
        a_span(TEXT, "York", note="?", annotator="Ada"),
        state=State.IN_PROGRESS,
        metadata={"text": "other", "author": "Ada"},
        relations=(RecordRelation(head=2, child=1, label="KNOWS"),),
    )
    losses = {loss.kind: loss.count for loss in FORMAT.losses([record], DoccanoOptions(), None, Schema())}
    assert losses == {
        "relations": 0 + 1,
        "rejected": 1,
        "undecided": 1,
        "states": 1,
        "notes": 1,
        "metadata": 1,
        "tokens": 1,
        "details": 1,
    }


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data is not here")
def test_historical_schemas(tmp_path: Path) -> None:
    records, problems = read_all(FORMAT, SHARED / "nasty" / "doccano" / "mixed_schemas.jsonl")
    assert [record.attributes["doccano"]["id"] for record in records] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [len(record.spans) for record in records] == [2, 1, 1, 0, 2, 0, 0, 0]
    assert [problem.record for problem in problems if problem.refused] == ["4"]


def test_label_types_give_colours_and_keys(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    told = [
        {"text": "PERSON", "prefix_key": None, "suffix_key": "p", "background_color": "#FF0000"},
        {"text": "GPE", "prefix_key": "shift", "suffix_key": "2", "background_color": "red"},
        {"text": "ORG", "prefix_key": "ctrl", "suffix_key": "o"},
        {"text": "LOC", "prefix_key": None, "suffix_key": "P"},
        {"text": ""},
        {"text": "ORG"},
        17,
    ]
    path.write_text(json.dumps(told, indent=1), encoding="utf-8")
    assert detect(path) is TYPES
    problems: list[Problem] = []
    assert TYPES.types is not None
    schema = TYPES.types(path, ReadOptions(), problems.append)
    assert schema == Schema(
        (
            EntityType(name="PERSON", color="#ff0000", shortcut="L p"),
            EntityType(name="GPE", color="", shortcut="Shift+2"),
            EntityType(name="ORG", color=""),
            EntityType(name="LOC", color=""),
        )
    )
    assert len(refused(problems)) == 3
    assert [problem.message for problem in problems if not problem.refused] == [
        "The key p of PERSON became L p.",
        "The key ctrl o of ORG is used for something else here; it has none now.",
        "The key P of LOC became L p.",
        "The key of LOC is another type's; it has none now.",
    ]
    assert read_all(TYPES, path) == ([], [])


def test_label_types_are_written_with_colours_and_keys(tmp_path: Path) -> None:
    path, other = tmp_path / "mine.types.json", tmp_path / "mine.relations.types.json"
    schema = Schema(
        (
            EntityType(name="PERSON", shortcut="1", color="olive", guideline="No pronouns."),
            EntityType(name="日本", shortcut="Shift+2", color="#ffff00"),
            EntityType(name="LOC", shortcut="L l", color="blue"),
        ),
        (RelationType(name="IN", color="slate", heads=("PERSON",)),),
    )
    assert TYPES.write_types is not None
    assert TYPES.types is not None
    losses = TYPES.write_types(path, schema)
    assert {loss.kind: loss.examples[0].document for loss in losses} == {"types": "IN", "guideline": "PERSON"}
    back = TYPES.types(path, ReadOptions(), lambda _problem: None)
    assert back is not None
    assert [(each.name, each.shortcut, each.color) for each in back.entities] == [
        (each.name, each.shortcut, each.color) for each in schema.entities
    ]
    assert json.loads(path.read_bytes())[1] == {
        "text": "日本",
        "prefix_key": "shift",
        "suffix_key": "2",
        "background_color": "#ffff00",
        "text_color": "#000000",
    }
    assert detect(path) is TYPES
    TYPES.write_types(other, schema)
    assert TYPES.types(other, ReadOptions(), lambda _problem: None) == Schema(
        (), (RelationType(name="IN", color="slate"),)
    )
    assert read_all(TYPES, other) == ([], [])


def test_no_types_make_no_file_of_types(tmp_path: Path) -> None:
    assert TYPES.write_types is not None
    assert TYPES.write_types(tmp_path / "a.types.json", Schema()) == ()
    assert json.loads((tmp_path / "a.types.json").read_bytes()) == []
    with pytest.raises(FormatError, match="its folder does not exist"):
        TYPES.write_types(tmp_path / "gone" / "a.types.json", Schema())
