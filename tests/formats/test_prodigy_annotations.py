"""Spans of which nothing is to be said are read the quick way; it gives what the careful way would have given."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.formats import ReadOptions
from annotator.formats.collecting import Collector
from annotator.formats.prodigy_annotations import TaskReading
from annotator.formats.prodigy_reading import read
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("tasks")


def both_ways(folder: Any, task: object) -> list[tuple[list[Record], list[Problem]]]:
    """Read a task as it is read, and with every span looked at with care."""
    path = lines(folder / "tasks.jsonl", task)
    found = []
    for careful in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if careful:
                patch.setattr(TaskReading, "_add_plain_span", lambda *_: False)
                patch.setattr(Collector, "_is_plain", lambda *_: False)
            problems: list[Problem] = []
            found.append((list(read(path, ReadOptions(), problems.append)), problems))
    return found


@settings(max_examples=300, deadline=None)
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
def test_the_quick_way_gives_what_the_careful_way_gives(folder: Any, task: dict[str, Any]) -> None:
    quick, careful = both_ways(folder, task)
    assert quick == careful


def test_most_spans_go_the_quick_way(folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TaskReading, "_span", lambda *_: pytest.fail("this one is plain"))
    spans = [
        {"start": 0, "end": 3, "label": "PERSON"},
        {"start": 11, "end": 15, "label": "GPE", "token_start": 3, "token_end": 3, "text": "Łódź"},
    ]
    path = lines(folder / "tasks.jsonl", {"text": "Ada was in Łódź.", "spans": spans})
    (record,) = read(path, ReadOptions(), lambda problem: pytest.fail(problem.message))
    assert [(*span.fragments[0], span.label) for span in record.spans] == [(0, 3, "PERSON"), (11, 15, "GPE")]
