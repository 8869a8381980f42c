"""Hugging Face datasets: rows of tokens and tags, labels beside them, sentences, and what others read of them."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats import detect, sources_in
from annotator.formats import format_named as named
from annotator.formats.conll_tags import spans_of
from annotator.formats.huggingface import FORMAT, HuggingFaceOptions
from annotator.model.document import State, Tokens
from annotator.model.errors import Cancelled, FormatError
from annotator.model.record import Record, RecordRelation
from annotator.model.schema import EntityType, RelationType, Schema
from tests.formats.samples import (
    SCHEMA,
    a_record,
    a_span,
    held,
    is_here,
    lines,
    read_all,
    records,
    refused,
    write_all,
)

TEXT = "Ada  met Bob.\nEve left 👍 Rome."
with_pyarrow = pytest.mark.skipif(not is_here(named("parquet")), reason="pyarrow is not installed")
containers = pytest.mark.parametrize("container", ["jsonl", pytest.param("parquet", marks=with_pyarrow)])


def sample(**more: Any) -> Record:
    """Make a record of two sentences; one relation crosses their border, one span overlaps, one is off tokens."""
    tokens = Tokens([0, 5, 9, 12, 14, 18, 23, 25, 29], [3, 8, 12, 13, 17, 22, 24, 29, 30], [0, 4])
    spans = (
        a_span(TEXT, "Ada", "PER"),
        a_span(TEXT, "Bob", "PER"),
        a_span(TEXT, "Rome", "LOC"),
        a_span(TEXT, "met Bob", "EVENT"),
        a_span(TEXT, "ef", "ODD"),
        a_span(TEXT, "Bob.\nEve", "ACROSS"),
    )
    relations = (RecordRelation(head=0, child=1, label="MET"), RecordRelation(head=0, child=2, label="FAR"))
    return a_record(TEXT, *spans, relations=relations, tokens=tokens, id="doc", **more)


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """Read the rows as others do."""
    if (folder / "annotated.jsonl").exists():
        return [
            json.loads(line)
            for line in (folder / "annotated.jsonl").read_text(encoding="utf-8").split("\n")
            if line
        ]
    frame = pd.read_parquet(folder / "annotated.parquet")
    return json.loads(frame.to_json(orient="records"))  # type: ignore[no-any-return]


def back_from(folder: Path) -> list[Record]:
    found = []
    for path in sources_in(folder):
        records_read, problems = read_all(detect(path), path)
        assert refused(problems) == []
        found += records_read
    return found


@containers
def test_whole_documents(tmp_path: Path, container: str) -> None:
    context = write_all(FORMAT, tmp_path / "set", [sample()], HuggingFaceOptions(container=container))
    (row,) = rows_of(tmp_path / "set")
    assert list(row) == ["id", "tokens", "ner_tags", "text", "spans", "relations"]
    assert row["id"] == "doc"
    assert row["tokens"] == ["Ada", "met", "Bob", ".", "Eve", "left", "👍", "Rome", "."]
    assert row["ner_tags"] == ["B-PER", "O", "B-ACROSS", "I-ACROSS", "I-ACROSS", "O", "O", "B-LOC", "O"]
    assert [TEXT[each["start"] : each["end"]] for each in row["spans"]] == [
        *("Ada", "Bob", "Rome", "met Bob", "ef", "Bob.\nEve"),
    ]
    assert [(each["head"], each["child"], each["label"]) for each in row["relations"]] == [
        *((0, 1, "MET"), (0, 2, "FAR")),
    ]
    assert dataclasses.astuple(context.written) == (1, 6, 2)
    assert [held(FORMAT, each) for each in back_from(tmp_path / "set")] == [held(FORMAT, sample())]


@containers
def test_sentences(tmp_path: Path, container: str) -> None:
    options = HuggingFaceOptions(container=container, rows="sentences")
    context = write_all(FORMAT, tmp_path / "set", [sample()], options)
    first, second = rows_of(tmp_path / "set")
    assert (first["id"], first["text"], second["id"], second["text"]) == (
        *("doc-1", "Ada  met Bob."),
        *("doc-2", "Eve left 👍 Rome."),
    )
    for row in (first, second):
        assert len(row["tokens"]) == len(row["ner_tags"])
    assert [second["text"][each["start"] : each["end"]] for each in second["spans"]] == ["Rome", "ef"]
    assert [(each["head"], each["child"]) for each in first["relations"]] == [(0, 1)]
    assert dataclasses.astuple(context.written) == (1, 5, 1)
    assert FORMAT.losses is not None
    losses = {each.kind: each.count for each in FORMAT.losses([sample()], options)}
    assert (losses["across"], losses["untagged"]) == (2, 2)


def test_the_labels_of_the_schema_stand_beside_the_rows(tmp_path: Path) -> None:
    schema = Schema(
        entities=(EntityType(name="PER"), EntityType(name="WORK")), relations=(RelationType(name="MET"),)
    )
    record = a_record("Ada left.", a_span("Ada left.", "Ada", "X"))
    write_all(FORMAT, tmp_path / "set", [record], schema=schema)
    assert json.loads((tmp_path / "set" / "labels.json").read_text(encoding="utf-8")) == {
        "ner_tags": ["O", "B-PER", "I-PER", "B-WORK", "I-WORK", "B-X", "I-X"],
        "spans": ["PER", "WORK", "X"],
        "relations": ["MET"],
    }


def test_open_documents_are_no_negatives(tmp_path: Path) -> None:
    given = [sample(state=State.IN_PROGRESS), sample(state=None)]
    assert write_all(FORMAT, tmp_path / "set", given).written.documents == 0
    assert FORMAT.losses is not None
    assert {each.kind: each.count for each in FORMAT.losses(given, FORMAT.options())} == {"unfinished": 2}
    all_done = HuggingFaceOptions(assume_done=True)
    assert write_all(FORMAT, tmp_path / "set", given, all_done).written.documents == 1


@containers
def test_stopping_leaves_nothing_and_somebody_elses_folder_stays(tmp_path: Path, container: str) -> None:
    def stopped() -> Any:
        yield sample()
        raise Cancelled

    options = HuggingFaceOptions(container=container)
    with pytest.raises(Cancelled):
        write_all(FORMAT, tmp_path / "set", stopped(), options)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "data.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(FormatError, match="holds other things"):
        write_all(FORMAT, tmp_path / "mine", [sample()], options)
    with pytest.raises(FormatError, match="half a surrogate pair"):
        write_all(FORMAT, tmp_path / "set", [a_record("broken \ud83d end")], options)
    write_all(FORMAT, tmp_path / "set", [sample()], options)
    write_all(FORMAT, tmp_path / "set", [sample(), a_record("More.")], options)
    assert len(rows_of(tmp_path / "set")) == 2


@containers
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(given_records=st.lists(records(), max_size=3))
def test_any_records_come_back(tmp_path: Path, container: str, given_records: list[Record]) -> None:
    done = [dataclasses.replace(each, state=State.DONE) for each in given_records]
    options = HuggingFaceOptions(container=container)
    write_all(FORMAT, tmp_path / "set", done, options)
    reader = named("parquet") if container == "parquet" else FORMAT
    back, _ = read_all(reader, tmp_path / "set" / f"annotated.{container}")
    assert [held(FORMAT, each) for each in back] == [held(FORMAT, each) for each in done]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(record=records())
def test_tags_and_spans_say_the_same_in_sentences(tmp_path: Path, record: Record) -> None:
    """Each tagged stretch is a span of the row, and what no tag shows was declared."""
    record = dataclasses.replace(record, state=State.DONE)
    options = HuggingFaceOptions(rows="sentences")
    context = write_all(FORMAT, tmp_path / "set", [record], options)
    tagged = 0
    for row in rows_of(tmp_path / "set"):
        at, places = 0, []
        for token in row["tokens"]:
            at = row["text"].index(token, at)
            places.append((at, at + len(token)))
            at += len(token)
        spans, odd = spans_of(row["ner_tags"])
        found = {(places[first][0], places[last - 1][1], label) for first, last, label in spans}
        assert found <= {(each["start"], each["end"], each["label"]) for each in row["spans"]}
        assert odd == {}
        tagged += len(spans)
    assert FORMAT.losses is not None
    losses = {each.kind: each.count for each in FORMAT.losses([record], options, None, SCHEMA)}
    assert tagged + losses.get("untagged", 0) == context.written.spans


def test_rows_of_others_are_read(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "train.jsonl",
        {
            "id": "0",
            "tokens": ["EU", "rejects", "German", "call"],
            "ner_tags": [3, 0, 7, 0],
            "pos_tags": [1, 2, 3, 4],
        },
        {"id": "1", "tokens": ["Peter", "", "Blackburn"], "ner_tags": [1, 0, 2]},
        {"id": "2", "tokens": ["No", "tags"], "ner_tags": [0]},
        ["no", "object"],
        {"id": "3", "tokens": ["Odd", "number"], "ner_tags": [0, 99]},
        "broken",
    )
    names = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]
    (tmp_path / "labels.json").write_text(json.dumps(names), encoding="utf-8")
    assert detect(path) is FORMAT
    found, problems = read_all(FORMAT, path)
    assert [(each.text, [span.label for span in each.spans]) for each in found] == [
        ("EU rejects German call", ["ORG", "MISC"]),
        ("Peter Blackburn", ["PER"]),
        ("No tags", []),
        ("Odd number", []),
    ]
    assert found[0].metadata == {"id": "0", "pos_tags": [1, 2, 3, 4]}
    assert [line for line, _ in refused(problems)] == [3, 4, 5, 6]


def test_without_pyarrow_the_wheel_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(FormatError, match="the wheel pyarrow is missing"):
        write_all(FORMAT, tmp_path / "set", [sample()], HuggingFaceOptions(container="parquet"))
    assert list(tmp_path.iterdir()) == []
    assert write_all(FORMAT, tmp_path / "set", [sample()]).written.documents == 1


def test_options_can_be_drawn() -> None:
    for each in dataclasses.fields(HuggingFaceOptions):
        assert each.metadata["title"]
        assert each.metadata["help"].endswith(".")
