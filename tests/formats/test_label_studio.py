"""Label Studio's JSON: tasks with annotations, predictions, completions, and JSON_MIN."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.formats import detect
from annotator.formats.label_studio import FORMAT, LabelStudioOptions
from annotator.formats.offset_units import OffsetOptions, Unit
from annotator.model.document import State
from annotator.model.record import Problem, Record, RecordRelation
from tests.formats.samples import SHARED, a_record, a_span, read_all, refused, write_all

TEXT = "Anna Smith visited New York City with Bob."
FIRE = "👩🏽\u200d🚒 firemen drive firetrucks"


def region(start: int, end: int, *labels: str, identity: str = "a", **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": list(labels), **more}
    return {"id": identity, "type": "labels", "from_name": "l", "to_name": "text", "value": value}


def relation(head: str, child: str, **more: Any) -> dict[str, Any]:
    return {"type": "relation", "from_id": head, "to_id": child, "direction": "right", **more}


def task(*regions: dict[str, Any], text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"id": 1, "data": {"text": text}, "annotations": [{"id": 7, "result": list(regions)}], **more}


def read(tmp_path: Path, *tasks: object) -> tuple[list[Record], list[Problem]]:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(list(tasks), indent=1), encoding="utf-8")
    assert detect(path) is FORMAT
    return read_all(FORMAT, path)


def words(record: Record) -> list[tuple[str, str]]:
    return [
        (record.text[each.fragments[0].start : each.fragments[0].end], each.label) for each in record.spans
    ]


def test_an_annotation_is_a_finished_document(tmp_path: Path) -> None:
    (record,), problems = read(tmp_path, task(region(0, 10, "PERSON", text="Anna Smith")))
    assert (words(record), record.state, problems) == ([("Anna Smith", "PERSON")], State.DONE, [])


def test_several_labels_of_a_region_are_several_spans_and_relations_start_at_the_first(
    tmp_path: Path,
) -> None:
    (record,), _ = read(
        tmp_path,
        task(
            region(19, 27, "GPE", "CITY", identity="b"),
            region(0, 10, "PERSON"),
            relation("a", "b", labels=["VISITED", "LIKES"]),
        ),
    )
    assert words(record) == [("New York", "GPE"), ("New York", "CITY"), ("Anna Smith", "PERSON")]
    assert [(each.head, each.child, each.label) for each in record.relations] == [
        (2, 0, "VISITED"),
        (2, 0, "LIKES"),
    ]


@pytest.mark.parametrize(
    ("direction", "ends"), [("right", [(0, 1)]), ("left", [(1, 0)]), ("bi", [(0, 1), (1, 0)])]
)
def test_direction_says_which_end_is_the_head(
    tmp_path: Path, direction: str, ends: list[tuple[int, int]]
) -> None:
    (record,), _ = read(
        tmp_path,
        task(
            region(0, 4, "PERSON"),
            region(38, 41, "PERSON", identity="b"),
            {**relation("a", "b", labels=["KNOWS"]), "direction": direction},
        ),
    )
    assert [(each.head, each.child) for each in record.relations] == ends


def test_of_several_annotations_one_is_read_and_it_is_said_which(tmp_path: Path) -> None:
    answers = [
        {"id": 2, "was_cancelled": True, "result": []},
        {"id": 3, "updated_at": "2024-02-01", "result": [region(0, 4, "LATE")]},
        {"id": 4, "updated_at": "2024-01-01", "result": [region(0, 4, "EARLY")]},
    ]
    (record,), problems = read(tmp_path, {"id": 5, "data": {"text": TEXT}, "annotations": answers})
    assert words(record) == [("Anna", "LATE")]
    assert "has 3 annotations; number 3 was read, as it is the newest" in problems[0].message
    path = tmp_path / "b.json"
    write_all(FORMAT, path, [record])
    (back,) = json.loads(path.read_text(encoding="utf-8"))
    assert [each["id"] for each in back["annotations"][1:]] == [2, 4]
    answers[2]["ground_truth"] = True
    assert words(read(tmp_path, {"data": {"text": TEXT}, "annotations": answers})[0][0]) == [
        ("Anna", "EARLY")
    ]


def test_cancelled_is_skipped_and_predictions_are_candidates(tmp_path: Path) -> None:
    prediction = {"model_version": "m1", "score": 0.7, "result": [region(0, 4, "PERSON")]}
    cancelled = {"data": {"text": TEXT}, "annotations": [{"was_cancelled": True, "result": []}]}
    records, _ = read(
        tmp_path, cancelled, {"data": {"text": TEXT}, "annotations": [], "predictions": [prediction]}
    )
    assert (records[0].state, records[0].reason) == (State.SKIPPED, "cancelled")
    assert records[1].state is None
    assert [(each.suggester, each.score) for each in records[1].spans] == [("m1", 0.7)]


def test_older_completions_bare_tasks_and_json_min(tmp_path: Path) -> None:
    old = {"data": {"text": TEXT}, "completions": [{"result": [region(0, 4, "PERSON")]}]}
    small = {"id": 3, "text": TEXT, "label": [{"start": 0, "end": 4, "text": "Anna", "labels": ["PERSON"]}]}
    records, problems = read(tmp_path, old, small, {"text": "Bare."})
    assert [words(record) for record in records] == [[("Anna", "PERSON")], [("Anna", "PERSON")], []]
    assert [record.state for record in records] == [State.DONE, State.DONE, None]
    assert problems == []


def test_what_is_no_labelled_text_is_kept_and_told(tmp_path: Path) -> None:
    chosen = {"id": "c", "type": "choices", "value": {"choices": ["positive"]}}
    (record,), problems = read(tmp_path, task(chosen))
    assert "1 region of type choices is no labelled text" in problems[0].message
    path = tmp_path / "b.json"
    write_all(FORMAT, path, [record])
    assert json.loads(path.read_text(encoding="utf-8"))[0]["annotations"][0]["result"] == [chosen]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"text": None}, "has no text"),
        ({"text": "https://example.org/doc.txt"}, "only says where its text is"),
        ({"html": "<p>Anna</p>"}, "is HTML"),
    ],
)
def test_tasks_without_a_text_are_told_by_their_id(tmp_path: Path, data: dict[str, Any], why: str) -> None:
    records, problems = read(tmp_path, {"id": 9, "data": data, "annotations": []})
    assert records == []
    assert problems[0].record == "9"
    assert why in problems[0].message


def test_left_out_regions_leave_the_document_open(tmp_path: Path) -> None:
    (record,), problems = read(
        tmp_path, task(region(0, 4, "PERSON", text="Bob"), region(19, 27), relation("a", "zz", labels=["X"]))
    )
    assert record.state is State.IN_PROGRESS
    assert len(refused(problems)) == 3


@pytest.mark.parametrize("unit", [Unit.CODE_POINTS, Unit.UTF16])
def test_the_words_show_what_offsets_count(tmp_path: Path, unit: Unit) -> None:
    path = tmp_path / "a.json"
    write_all(
        FORMAT, path, [a_record(FIRE, a_span(FIRE, "firetrucks"))], LabelStudioOptions(offsets=unit.value)
    )
    (record,), problems = read_all(FORMAT, path)
    assert words(record) == [("firetrucks", "PERSON")]
    assert [problem.message.split(";")[0] for problem in problems] == (
        [] if unit is Unit.CODE_POINTS else ["a.json counts in UTF-16 units"]
    )
    assert read_all(FORMAT, path, OffsetOptions(offsets=unit.value))[0] == [record]


def test_candidates_are_written_where_nobody_decided(tmp_path: Path) -> None:
    open_one = a_record(TEXT, a_span(TEXT, "Anna", suggester="m1", score=0.5), state=State.TODO)
    decided = a_record(
        TEXT,
        a_span(TEXT, "Anna", suggester="m1", score=0.5),
        a_span(TEXT, "Bob"),
        a_span(TEXT, "York"),
        relations=(
            RecordRelation(head=1, child=2, label="IN"),
            RecordRelation(head=1, child=2, label="NEAR"),
        ),
        state=State.IN_PROGRESS,
    )
    path = tmp_path / "a.json"
    write_all(FORMAT, path, [open_one, decided])
    first, second = json.loads(path.read_text(encoding="utf-8"))
    assert first["predictions"][0]["model_version"] == "m1"
    assert first["annotations"] == second["predictions"] == []
    (answer,) = second["annotations"]
    assert [each["labels"] for each in answer["result"] if each["type"] == "relation"] == [["IN", "NEAR"]]
    assert FORMAT.losses is not None
    losses = {loss.kind: loss.count for loss in FORMAT.losses([open_one, decided], LabelStudioOptions())}
    assert losses["undecided"] == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data is not here")
def test_odd_tasks(tmp_path: Path) -> None:
    del tmp_path
    records, problems = read_all(FORMAT, SHARED / "nasty" / "labelstudio" / "mixed.json")
    assert len(records) == 6
    assert {problem.record for problem in problems if problem.refused} == {"1", "3", "4", "6"}
    records, problems = read_all(FORMAT, SHARED / "nasty" / "labelstudio" / "truncated.json")
    assert records == []
    assert refused(problems)
