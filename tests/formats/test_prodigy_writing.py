"""Writing Prodigy's tasks: the shape of their fields, what goes under our own key, and what is told as lost."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats.base import is_accepted, is_candidate
from annotator.formats.loss_counting import LossCounter
from annotator.formats.prodigy import FORMAT, ProdigyOptions
from annotator.formats.prodigy_task import MESSAGES, Task
from annotator.model.annotation import fragments_of
from annotator.model.document import State, Tokens
from annotator.model.record import Record, RecordRelation, RecordSpan
from tests.formats.samples import a_record, a_span, comparable, lines, read_all, words_in, write_all
from tests.formats.samples import records as random_records

TEXT = "Ada Lovelace wrote to Mary."
PAIR = (a_span(TEXT, "Ada Lovelace", id="x1"), a_span(TEXT, "Mary."))
RELATED = (RecordRelation(head=0, child=1, label="WROTE_TO"),)
GUESS = {"start": 0, "end": 1, "label": "X", "source": "m", "score": 0.5}
JUDGED = {"start": 0, "end": 1, "label": "X", "score": 0.1, "rank": 0, "answer": "reject"}


def written(folder: Path, *records: Record, options: ProdigyOptions | None = None) -> list[dict[str, Any]]:
    target = folder / "out.jsonl"
    write_all(FORMAT, target, records, options)
    return [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n")[:-1]]


def round_trip(folder: Path, *tasks: object) -> list[dict[str, Any]]:
    records, _ = read_all(FORMAT, lines(folder / "in.jsonl", *tasks))
    return written(folder, *records, options=ProdigyOptions(details=False))


def test_a_task_has_prodigys_shape(tmp_path: Path) -> None:
    (task,) = written(tmp_path, a_record(TEXT, *PAIR, relations=RELATED))
    first = {"start": 0, "end": 12, "token_start": 0, "token_end": 1, "label": "PERSON"}
    second = {"start": 22, "end": 27, "token_start": 4, "token_end": 4, "label": "PERSON"}
    assert task["text"] == TEXT
    assert task["meta"] == {"title": "A title", "source": "a.txt"}
    assert task["spans"] == [{**first, "type": "span", "id": "x1"}, {**second, "type": "span"}]
    assert task["relations"] == [
        {"head": 1, "child": 4, "head_span": first, "child_span": second, "label": "WROTE_TO"}
    ]
    assert task["tokens"][1] == {"text": "Lovelace", "start": 4, "end": 12, "id": 1, "ws": True}
    assert (task["answer"], task["_view_id"]) == ("accept", "relations")
    assert list(task)[-1] == "_view_id"


@pytest.mark.parametrize(
    "text", ["  a  b ", "a\n\nb\r\nc", "a\u00a0b \u2028 c", "a \n b", "\tx", "👩🏽\u200d🚀  e\u0301"]
)
def test_tokens_rebuild_the_text(tmp_path: Path, text: str) -> None:
    (task,) = written(tmp_path, a_record(text))
    assert "".join(token["text"] + (" " if token["ws"] else "") for token in task["tokens"]) == text
    assert [token["id"] for token in task["tokens"]] == list(range(len(task["tokens"])))
    assert all(text[token["start"] : token["end"]] == token["text"] for token in task["tokens"])


def test_spans_count_in_the_tokens_that_are_written(tmp_path: Path) -> None:
    text = "\n\nAda   met Bob"
    (task,) = written(tmp_path, a_record(text, a_span(text, "met")))
    (span,) = task["spans"]
    assert [task["tokens"][span[end]]["text"] for end in ("token_start", "token_end")] == ["met", "met"]


@pytest.mark.parametrize(
    ("records", "view"),
    [
        ([a_record(TEXT, a_span(TEXT, "Ada"))], "ner_manual"),
        (
            [a_record(TEXT), a_record(TEXT, a_span(TEXT, "Ada Lovelace"), a_span(TEXT, "Lovelace", "X"))],
            "spans_manual",
        ),
        (
            [
                a_record(TEXT, *PAIR, relations=RELATED),
                a_record(TEXT, a_span(TEXT, "Ada"), a_span(TEXT, "Ada", "X")),
            ],
            "relations",
        ),
    ],
)
def test_one_view_for_the_whole_file(tmp_path: Path, records: list[Record], view: str) -> None:
    assert {task["_view_id"] for task in written(tmp_path, *records)} == {view}


@pytest.mark.parametrize(
    ("state", "reason", "answer", "partial"),
    [
        (State.DONE, "", "accept", None),
        (State.SKIPPED, "too long", "ignore", None),
        (State.SKIPPED, "rejected", "reject", None),
        (State.IN_PROGRESS, "", None, True),
        (State.TODO, "", None, None),
        (None, "", None, None),
    ],
)
def test_states_become_answers(
    tmp_path: Path,
    state: State | None,
    reason: str,
    answer: str | None,
    partial: bool | None,  # noqa: FBT001
) -> None:
    record = a_record(TEXT, a_span(TEXT, "Ada"), state=state, reason=reason)
    (task,) = written(tmp_path, record)
    assert task.get("answer") == answer
    assert task["meta"].get("partial") is partial
    (back,), _ = read_all(FORMAT, tmp_path / "out.jsonl")
    assert comparable(back) == comparable(record)


def test_only_what_does_not_go_without_saying_is_answered(tmp_path: Path) -> None:
    accepted, rejected = a_span(TEXT, "Ada"), a_span(TEXT, "wrote", rejected=True)
    proposed = a_span(TEXT, "Mary.", suggester="model", score=0.5)
    spans = (accepted, rejected, proposed)

    def answers(**more: Any) -> list[str | None]:
        (task,) = written(tmp_path, a_record(TEXT, *spans, **more))
        return [span.get("answer") for span in task["spans"]]

    assert answers(state=State.DONE) == [None, "reject", "ignore"]
    assert answers(state=State.IN_PROGRESS) == [None, "reject", None]
    assert answers(state=State.SKIPPED) == ["accept", "reject", None]
    assert answers(state=State.SKIPPED, reason="rejected") == ["accept", None, "ignore"]
    (task,) = written(tmp_path, a_record(TEXT, *spans, state=State.IN_PROGRESS))
    assert (task["spans"][2]["source"], task["spans"][2]["score"]) == ("model", 0.5)


def test_what_prodigy_cannot_hold_is_whole_under_our_own_key(tmp_path: Path) -> None:
    split = RecordSpan(fragments=fragments_of((0, 3), (13, 18)), label="PERSON", id="d", note="split")
    relations = (RecordRelation(head=1, child=0, label="R"), RecordRelation(head=0, child=1, label="R"))
    record = a_record(TEXT, split, a_span(TEXT, "Mary."), relations=relations)
    (task,) = written(tmp_path, record)
    assert [span["start"] for span in task["spans"]] == [22]
    assert task["relations"] == []
    (own,) = task["annotator"]["spans"]
    assert own == {"fragments": [[0, 3], [13, 18]], "label": "PERSON", "id": "d", "note": "split", "index": 0}
    losses = {loss.kind: loss.count for loss in FORMAT.losses([record], ProdigyOptions())}  # type: ignore[misc]
    assert losses == {"discontinuous": 1, "relations": 2}


def test_spans_off_token_borders_have_no_token_numbers(tmp_path: Path) -> None:
    record = a_record(TEXT, a_span(TEXT, "ove"))
    (task,) = written(tmp_path, record)
    assert task["spans"] == [{"start": 5, "end": 8, "label": "PERSON"}]
    assert FORMAT.losses is not None
    (loss,) = FORMAT.losses([record], ProdigyOptions())
    assert (loss.kind, loss.count) == ("off borders", 1)
    assert [(each.label, each.words) for each in loss.examples] == [("PERSON", "ove")]


def test_blanks_that_were_meant_stay(tmp_path: Path) -> None:
    record = a_record(TEXT, a_span(TEXT, " wrote "))
    written(tmp_path, record)
    (back,), problems = read_all(FORMAT, tmp_path / "out.jsonl")
    assert back.spans == record.spans
    assert problems == []


def test_details_can_be_left_out_and_are_told(tmp_path: Path) -> None:
    span = a_span(TEXT, "Ada", id="x", annotator="Ada", at=3.0, note="hm", flagged=True)
    record = a_record(TEXT, span, id="doc", note="n", part=None, flagged=True)
    options = ProdigyOptions(details=False)
    (task,) = written(tmp_path, record, options=options)
    assert "annotator" not in task
    assert set(task["spans"][0]) == {"start", "end", "token_start", "token_end", "label"}
    assert FORMAT.losses is not None
    (loss,) = FORMAT.losses([record], options)
    assert (loss.kind, loss.count) == ("details", 1)
    (back,), _ = read_all(FORMAT, tmp_path / "out.jsonl")
    assert [(each.fragments, each.label) for each in back.spans] == [(span.fragments, span.label)]


@pytest.mark.parametrize(
    "task",
    [
        {
            "text": "a",
            "custom": {"a": [1, {"b": None}]},
            "html": "<b>x</b>",
            "priority": 0.3,
            "_task_hash": -7,
        },
        {"text": "a", "label": "TOP", "options": [{"id": "a"}], "accept": ["a"], "answer": "accept"},
        {"text": "a", "answer": None},
        {"text": "a", "answer": "maybe"},
        {"text": "a", "answer": "accept", "spans": [], "_is_binary": True},
        {"text": "a b", "answer": "accept", "_view_id": "ner", "spans": [JUDGED]},
        {"text": "a b", "answer": "reject", "spans": [GUESS]},
        {"text": "a b", "answer": "ignore", "spans": [{"start": 0, "end": 1, "label": "X", "score": 0.5}]},
        {"text": "a b", "spans": [GUESS]},
        {"text": "a", "_view_id": "review", "versions": [{"spans": []}], "sessions": ["x"]},
        {"text": "a", "meta": {"source": "s", "title": "t", "language": "en", "x": [1]}, "spans": []},
    ],
)
def test_foreign_tasks_come_out_as_they_went_in(tmp_path: Path, task: dict[str, Any]) -> None:
    (back,) = round_trip(tmp_path, task)
    meta = dict(back.get("meta", {}))
    if "source" not in task.get("meta", {}):
        assert meta.pop("source") == "in.jsonl:1"
    back["meta"] = meta
    expected = {"spans": [], "meta": {}, "_view_id": "ner_manual", **task}
    if "spans" not in task and "answer" in task and task["answer"] == "accept":
        del expected["spans"]
    assert back == expected


def test_relations_and_token_fields_come_out_as_they_went_in(tmp_path: Path) -> None:
    tokens = [
        {"text": "Ada", "start": 0, "end": 3, "id": 0, "ws": True, "disabled": True},
        {"text": "Bob", "start": 4, "end": 7, "id": 1, "ws": False},
    ]
    ends = [
        {"start": 0, "end": 3, "token_start": 0, "token_end": 0, "label": "P"},
        {"start": 4, "end": 7, "token_start": 1, "token_end": 1, "label": "P"},
    ]
    relation = {
        "head": 0,
        "child": 1,
        "head_span": ends[0],
        "child_span": ends[1],
        "label": "R",
        "color": "#fff",
    }
    task = {
        "text": "Ada Bob",
        "meta": {"source": "x"},
        "tokens": tokens,
        "spans": [{**end, "type": "span"} for end in ends],
        "relations": [relation],
        "answer": "accept",
        "_view_id": "relations",
    }
    assert round_trip(tmp_path, task) == [task]


def test_fields_of_tokens_are_dropped_when_the_text_is_cut_anew(tmp_path: Path) -> None:
    record = a_record("Ada Bob", attributes={"prodigy": {"tokens": {"0": {"disabled": True}}}})
    (task,) = written(tmp_path, record)
    assert task["tokens"][0]["disabled"] is True
    other = dataclasses.replace(record, tokens=Tokens([0], [7], [0], "other 1"))
    (task,) = written(tmp_path, other)
    assert "disabled" not in task["tokens"][0]


def test_a_finished_document_is_no_yes_or_no_question_any_more(tmp_path: Path) -> None:
    record = a_record(TEXT, attributes={"prodigy": {"_is_binary": True, "_view_id": "ner"}})
    (task,) = written(tmp_path, record)
    assert (task["answer"], task["_is_binary"], task["_view_id"]) == ("accept", False, "ner_manual")


def test_an_answer_given_in_prodigy_outweighs_the_state_we_wrote(tmp_path: Path) -> None:
    (task,) = written(tmp_path, a_record(TEXT, a_span(TEXT, "Ada")))
    path = lines(tmp_path / "back.jsonl", {**task, "answer": "reject"})
    (back,), _ = read_all(FORMAT, path)
    assert back.state is State.SKIPPED
    assert back.spans[0].rejected


def test_other_line_ends_are_written_as_escapes(tmp_path: Path) -> None:
    written(tmp_path, a_record("a\u2028b\x85c\x1cd"))
    content = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert len(content.splitlines()) == 1


def test_writing_is_not_much_slower_than_json_itself(tmp_path: Path) -> None:
    """Reading back included, against dumping and loading tasks that are ready made."""
    if sys.gettrace() is not None:
        pytest.skip("times mean nothing while every line is watched")
    text = " ".join(f"word{number}" for number in range(300))
    tokens = words_in(text)
    records = [a_record(text, tokens=tokens, source=f"{number}") for number in range(100)]
    ratios = []
    for _ in range(3):
        began = time.perf_counter()
        tasks = written(tmp_path, *records)
        middle = time.perf_counter()
        for task in tasks:
            json.loads(json.dumps(task))
        ratios.append((middle - began) / (time.perf_counter() - middle))
    print(f"Prodigy, written and read back: {min(ratios):.1f} times as long as JSON alone")
    assert min(ratios) < 10


def test_tokens_that_are_blanks_come_back_when_they_were_ours(tmp_path: Path) -> None:
    record = a_record("a  b", tokens=Tokens([0, 2, 3], [1, 3, 4], [], "rules 1"))
    written(tmp_path, record)
    (back,), _ = read_all(FORMAT, tmp_path / "out.jsonl")
    assert comparable(back) == comparable(record)


def test_without_details_the_places_of_split_spans_stay(tmp_path: Path) -> None:
    split = RecordSpan(fragments=fragments_of((0, 3), (13, 18)), label="PERSON", id="d", annotator="Ada")
    relations = (RecordRelation(head=0, child=1, label="R", annotator="Ada"),)
    record = a_record(TEXT, split, a_span(TEXT, "Mary."), relations=relations)
    (task,) = written(tmp_path, record, options=ProdigyOptions(details=False))
    assert "Ada" not in json.dumps(task["annotator"])
    (back,), _ = read_all(FORMAT, tmp_path / "out.jsonl")
    assert [span.identity for span in back.spans] == [span.identity for span in record.spans]
    assert [(each.head, each.child) for each in back.relations] == [(0, 1)]


def test_relations_under_our_key_need_their_ends(tmp_path: Path) -> None:
    split = RecordSpan(fragments=fragments_of((0, 3), (13, 18)), label="PERSON")
    record = a_record(
        TEXT, split, a_span(TEXT, "Mary."), relations=(RecordRelation(head=0, child=1, label="R"),)
    )
    (task,) = written(tmp_path, record)
    del task["spans"][0]
    (back,), problems = read_all(FORMAT, lines(tmp_path / "less.jsonl", task))
    assert back.relations == ()
    assert "its child is no span of this record" in problems[0].message


@settings(max_examples=50)
@given(record=random_records(), details=st.booleans())
def test_losses_are_counted_without_making_the_whole_task(record: Record, *, details: bool) -> None:
    counters = [LossCounter(MESSAGES) for _ in range(2)]
    Task(record, None, counters[0], details=details).count()
    Task(record, None, counters[1], details=details).fields()
    assert counters[0].result() == counters[1].result()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(given_records=st.lists(random_records(), max_size=3))
def test_without_details_decisions_stay_what_they_are(tmp_path: Path, given_records: list[Record]) -> None:
    written(tmp_path, *given_records, options=ProdigyOptions(details=False))
    back, _ = read_all(FORMAT, tmp_path / "out.jsonl")
    for before, after in zip(given_records, back, strict=True):
        assert [span.identity for span in after.spans] == [span.identity for span in before.spans]
        for kind in (is_accepted, is_candidate):
            assert list(map(kind, after.spans)) == list(map(kind, before.spans))
            assert list(map(kind, after.relations)) == list(map(kind, before.relations))
