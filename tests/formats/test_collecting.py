"""Spans of which nothing is to be said are read the quick way; it gives what the careful way would have given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.formats import Format, doccano, native, prodigy
from annotator.formats.collecting import Collector
from annotator.model.record import Problem, Record
from tests.formats.samples import GAPS, LABELS, WORDS, lines

OTHERS: tuple[Any, ...] = (None, True, False, 1.0, "3", [], {})
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), min_size=1, max_size=6).map(
    lambda pieces: "".join(word + gap for word, gap in pieces)
)


@st.composite
def tasks(draw: st.DrawFn) -> dict[str, Any]:
    """Make tasks whose spans are good, or wrong in every way; some stand there twice, some have more to say."""
    text = draw(TEXTS)
    offsets = st.integers(0, len(text)) | st.integers(-2, len(text) + 2) | st.sampled_from(OTHERS)
    labels = st.sampled_from(LABELS) | st.sampled_from((" X", "Y ", "", "a\nb", "x" * 500, None, 3, True))

    @st.composite
    def items(draw: st.DrawFn) -> Any:
        item: dict[str, Any] = {"start": draw(offsets), "end": draw(offsets), "label": draw(labels)}
        start, end = item["start"], item["end"]
        whole = type(start) is int and type(end) is int
        right = text[start:end] if whole else "no"
        more = {
            "text": st.sampled_from((right, f" {right}\n", right.lower(), "else", None, 5)),
            "token_start": st.integers(0, 3),
            "token_end": st.integers(0, 3) | st.sampled_from(OTHERS),
            "answer": st.sampled_from(("accept", "reject", "ignore", "perhaps", None)),
            "id": st.sampled_from(("s1", 7)),
            "source": st.just("model"),
            "score": st.sampled_from((0.5, 7, True)),
            "color": st.just("red"),
            "annotator": st.sampled_from(({"exact": True}, {"note": "so"}, 3)),
            "note": st.sampled_from(("so", 3, None)),
            "how": st.sampled_from(("bulk", "odd", 3, None, [])),
            "at": st.sampled_from((1.5, 2, True, "now")),
            "flagged": st.sampled_from((True, False, 1)),
            "rejected": st.sampled_from((True, "yes")),
            "attributes": st.sampled_from(({"brat": {"a": 1}}, [])),
        }
        for name in draw(st.sets(st.sampled_from(sorted(more)), max_size=2)):
            item[name] = draw(more[name])
        for name in draw(st.sets(st.sampled_from(("start", "end", "label")), max_size=1)):
            if draw(st.integers(0, 5)) == 0:
                del item[name]
        return item

    spans: list[Any] = draw(st.lists(items() | st.sampled_from((None, 3, "span")), max_size=6))
    spans += [each for each in spans if draw(st.booleans())]
    task = {"text": text, "spans": spans}
    task |= draw(st.sampled_from(({}, {"answer": "accept"}, {"answer": "reject"}, {"answer": "ignore"})))
    if draw(st.booleans()):
        ends = st.integers(0, 3)
        relation = st.fixed_dictionaries({"head": ends, "child": ends, "label": st.just("R")})
        task["relations"] = draw(st.lists(relation, max_size=3))
    return task


def as_native(task: dict[str, Any]) -> dict[str, Any]:
    spans = [_with_fragments(each) if isinstance(each, dict) else each for each in task["spans"]]
    return {"annotator": 1, "text": task["text"], "spans": spans, "relations": task.get("relations")}


def _with_fragments(item: dict[str, Any]) -> dict[str, Any]:
    more = {name: each for name, each in item.items() if name not in ("start", "end")}
    return more | {"fragments": [[item[name] for name in ("start", "end") if name in item]]}


def as_labels(task: dict[str, Any]) -> dict[str, Any]:
    """Give a line of doccano: its spans are lists of three, but for a few."""
    spans = [list(each.values())[:3] if isinstance(each, dict) else each for each in task["spans"]]
    return {"text": task["text"], "label": spans, "relations": task.get("relations")}


def as_entities(task: dict[str, Any]) -> dict[str, Any]:
    relations = [
        {"from_id": each["head"], "to_id": each["child"], "type": each["label"]}
        for each in task.get("relations", ())
    ]
    return {"text": task["text"], "entities": task["spans"], "relations": relations}


def as_task(task: dict[str, Any]) -> dict[str, Any]:
    return task


WAYS: dict[str, tuple[Format, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "prodigy": (prodigy.FORMAT, as_task),
    "native": (native.FORMAT, as_native),
    "labels": (doccano.FORMAT, as_labels),
    "entities": (doccano.FORMAT, as_entities),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("tasks")


def both_ways(folder: Any, way: str, task: dict[str, Any]) -> list[tuple[list[Record], list[Problem]]]:
    """Read a task as it is read, and with every span looked at with care."""
    form, written = WAYS[way]
    assert form.read is not None
    path = lines(folder / "tasks.jsonl", written(task))
    found = []
    for careful in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if careful:
                patch.setattr(Collector, "take_plain", lambda *_: False)
                patch.setattr(Collector, "_is_whole", lambda *_: False)
                patch.setattr("annotator.formats.native.record_in", lambda _line: None)
            problems: list[Problem] = []
            found.append((list(form.read(path, form.read_options(), problems.append)), problems))
    return found


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=80, deadline=None)
@given(task=tasks())
@example(task={"text": "Ada wrote", "spans": [{"start": False, "end": True, "label": "X"}]})
@example(task={"text": "a\r\nb", "spans": [{"start": 0, "end": 2, "label": "X"}]})
@example(task={"text": "a\r\nb", "spans": [{"start": 2, "end": 4, "label": "X"}]})
@example(task={"text": "e\u0301a", "spans": [{"start": 0, "end": 1, "label": "X"}]})
@example(
    task={
        "text": "ab ",
        "spans": [{"start": 0, "end": 3, "label": "X"}, {"start": 0, "end": 2, "label": "X"}],
    }
)
@example(
    task={
        "text": "ab",
        "spans": [
            {"start": 0, "end": 1, "label": "X", "id": 0},
            {"start": 1, "end": 2, "label": "Y", "id": 1},
        ],
        "relations": [{"head": 0, "child": 1, "label": "R"}],
    }
)
@example(task={"text": "ab", "spans": ["odd", {"start": 0, "end": 1, "label": "X"}]})
def test_the_quick_way_gives_what_the_careful_way_gives(folder: Any, way: str, task: dict[str, Any]) -> None:
    quick, careful = both_ways(folder, way, task)
    assert quick == careful


@pytest.mark.parametrize("way", WAYS)
def test_most_spans_go_the_quick_way(folder: Any, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Collector, "add_span", lambda *_: pytest.fail("this one is plain"))
    form, written = WAYS[way]
    assert form.read is not None
    spans = [
        {"start": 0, "end": 3, "label": "PERSON"},
        {"start": 11, "end": 15, "label": "GPE", "token_start": 3, "token_end": 3, "text": "Łódź"},
    ]
    path = lines(folder / "tasks.jsonl", written({"text": "Ada was in Łódź.", "spans": spans}))
    (record,) = form.read(path, form.read_options(), lambda problem: pytest.fail(problem.message))
    assert [(*span.fragments[0], span.label) for span in record.spans] == [(0, 3, "PERSON"), (11, 15, "GPE")]
