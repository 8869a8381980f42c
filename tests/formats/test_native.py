"""Our own lines: what is checked on the way in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.native import FORMAT
from annotator.model.record import Problem, Record
from tests.formats.samples import a_record, lines, read_all, refused, write_all

TEXT = "Ada met Bob."
SPANS = [{"fragments": [[0, 3]], "label": "P"}, {"fragments": [[8, 11]], "label": "P"}]


def read_line(folder: Path, **fields: Any) -> tuple[Record, list[Problem]]:
    (record,), problems = read_all(
        FORMAT, lines(folder / "a.annot.jsonl", {"annotator": 1, "text": TEXT, **fields})
    )
    return record, problems


def test_a_line_begins_with_its_version_and_says_only_what_is_there(tmp_path: Path) -> None:
    target = tmp_path / "a.annot.jsonl"
    write_all(FORMAT, target, [a_record(TEXT, tokens=None, state=None, title="")])
    assert json.loads(target.read_text(encoding="utf-8")) == {"annotator": 1, "source": "a.txt", "text": TEXT}
    assert target.read_text(encoding="utf-8").startswith('{"annotator":1,')


def test_a_line_without_a_source_is_named_by_its_place(tmp_path: Path) -> None:
    assert read_line(tmp_path)[0].source == "a.annot.jsonl:1"


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (2, "made by a newer version"),
        (True, "is not of version 1"),
        ("1", "is not of version 1"),
        (None, "is not of"),
    ],
)
def test_other_versions_are_refused(tmp_path: Path, version: object, words: str) -> None:
    path = lines(
        tmp_path / "a.annot.jsonl", {"annotator": version, "text": TEXT}, {"annotator": 1, "text": "Good."}
    )
    back, problems = read_all(FORMAT, path)
    assert [record.text for record in back] == ["Good."]
    ((line, message),) = refused(problems)
    assert line == 1
    assert words in message


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("spans", [{"fragments": [[0, 99]], "label": "P"}], "Span 1 was left out: A span from 0 to 99"),
        ("spans", [{"fragments": [[0, 3.0]], "label": "P"}], "its fragments are no list of [start, end]"),
        ("spans", [{"fragments": [], "label": "P"}], "its fragments are no list"),
        ("spans", [{"fragments": [[0, 3]]}], "it has no label"),
        ("spans", [7], "it is a number, not an object"),
        ("spans", {}, '"spans" is an object, not a list'),
        ("relations", [{"head": 0, "child": 1, "label": "R"}], "is no span of this record"),
        ("relations", [7], "it is a number, not an object"),
    ],
)
def test_what_cannot_be_is_left_out_and_told(tmp_path: Path, field: str, value: object, words: str) -> None:
    record, problems = read_line(tmp_path, **{field: value})
    assert (record.spans, record.relations) == ((), ())
    ((line, message),) = refused(problems)
    assert line == 1
    assert words in message


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "finished"},
        {"part": 3},
        {"title": 5},
        {"metadata": []},
        {"surprise": 1},
        {"tokens": {"starts": [0], "ends": [3]}},
        {"tokens": {"starts": [0, 4], "ends": [3, 99], "sentences": []}},
        {"tokens": {"starts": [0, 4, 8, 11], "ends": [3, 7, 11, 12], "sentences": [1]}},
        {"tokens": {"starts": [0, 2, 8, 11], "ends": [3, 7, 11, 12], "sentences": []}},
        {"tokens": "oops"},
        {"spans": [{**SPANS[0], "score": "high"}]},
        {"spans": [{**SPANS[0], "how": "guessed"}]},
        {"spans": [SPANS[0], SPANS[0]]},
        {"spans": SPANS, "relations": [{"head": 0, "child": 1, "label": "R"}] * 2},
    ],
)
def test_what_is_not_understood_is_dropped_and_told_but_the_document_stays(
    tmp_path: Path, fields: dict[str, Any]
) -> None:
    record, problems = read_line(tmp_path, **fields)
    assert record.text == TEXT
    assert [problem.refused for problem in problems] == [False]


def test_a_relation_is_lost_with_its_end_and_both_are_told(tmp_path: Path) -> None:
    spans = [{"fragments": [[0, 99]], "label": "P"}, *SPANS]
    relations = [{"head": 0, "child": 1, "label": "R"}, {"head": 1, "child": 2, "label": "R"}]
    record, problems = read_line(tmp_path, spans=spans, relations=relations)
    assert [(each.head, each.child) for each in record.relations] == [(0, 1)]
    assert len(refused(problems)) == 2
