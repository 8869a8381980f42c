"""A line of our own is read the quick way only where careful reading would make the same of it and say nothing."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats.native import FORMAT, _line
from annotator.formats.native_quick import record_in
from annotator.model.record import Problem, Record
from tests.formats.samples import a_record, a_span, read_all, records

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 7, 1.0, 1.5, 2**70, "", " X", "X\n", "done", "single", "odd", "x" * 200),
    *([], {}, [[0, 1]], [[0, 1], [2, 3]], [[0, 1, 2]], {"a": None}, ["X"], [0], [1, 0]),
)


@st.composite
def odd_lines(draw: st.DrawFn) -> Any:
    """Draw a line as we write it, in which some values at any depth are others, or gone, or further ones stand."""
    line: Any = json.loads(json.dumps(_line(draw(records()))))
    for _ in range(draw(st.integers(0, 2))):
        place: Any = line
        while True:
            keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and place[key] and draw(st.integers(0, 3)):
                place = place[key]
                continue
            what = draw(st.sampled_from(("other", "other", "gone", "more", "twice")))
            if what == "gone":
                del place[key]
            elif what == "other":
                place[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
            elif isinstance(place, list):
                place.append(
                    copy.deepcopy(place[key])
                    if what == "twice"
                    else copy.deepcopy(draw(st.sampled_from(ODD)))
                )
            else:
                place["further"] = copy.deepcopy(draw(st.sampled_from(ODD)))
            break
    return line


def both_ways(path: Path, line: Any) -> list[tuple[list[Record], list[Problem]]]:
    path.write_text(f"{json.dumps(line)}\n", encoding="utf-8")
    quick = read_all(FORMAT, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("annotator.formats.native.record_in", lambda _line: None)
        return [quick, read_all(FORMAT, path)]


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(line=odd_lines())
def test_any_line_is_read_as_with_care(tmp_path: Path, line: Any) -> None:
    quick, careful = both_ways(tmp_path / "a.annot.jsonl", line)
    assert quick == careful
    assert repr(quick) == repr(careful)


def test_what_we_write_is_read_the_quick_way() -> None:
    text = "Ada met Bob."
    record = a_record(
        text,
        a_span(text, "Ada", id="s1", annotator="Ada", at=12.5, note="sure?"),
        a_span(text, "Bob"),
        metadata={"a": [1.5, None]},
    )
    assert record_in(json.dumps(_line(record)).encode()) == record
