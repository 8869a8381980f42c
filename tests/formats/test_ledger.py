"""What a file would not give back is found before it takes the place of another."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator.formats import Format, doccano, label_studio, native, prodigy
from annotator.formats.ledger import Ledger, Proof
from annotator.model.annotation import Fragment, fragments_of
from annotator.model.document import State, Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Problem, Record, RecordRelation, RecordSpan
from tests.formats.samples import LABELS, a_record, a_span, texts, write_all

BY_LINE = (native.FORMAT, prodigy.FORMAT, doccano.FORMAT, label_studio.FORMAT)
every_format = pytest.mark.parametrize("found", BY_LINE, ids=lambda each: each.name)


def test_the_ledger_notices_every_kind_of_change() -> None:
    text = "Ada met Bob."
    record = a_record(text, a_span(text, "Ada"), a_span(text, "Bob"))
    related = a_record(
        text, *record.spans, relations=(RecordRelation(head=0, child=1, label="MET"),), title="other"
    )
    for wrong in (
        [],
        [record],
        [record, record],
        [related, related],
        [related, a_record(text, *record.spans[:1])],
        [related, a_record(text + " ", *record.spans)],
        [related, a_record(text, record.spans[0], a_span(text, "Bob", rejected=True))],
        [related, record, record],
    ):
        ledger = Ledger()
        ledger.enter(related)
        ledger.enter(record)
        with pytest.raises(FormatError, match=r"out\.x was written but could not be read back"):
            ledger.compare(wrong, "out.x", [])
    ledger.compare([related, record], "out.x", [])


def test_a_refusal_while_reading_back_is_told() -> None:
    ledger = Ledger()
    record = a_record("Ada.")
    ledger.enter(record)
    ledger.compare([record], "x", [Problem(file="x", message="mended", refused=False)])
    with pytest.raises(FormatError, match="span 3 is lost"):
        ledger.compare([record], "x", [Problem(file="x", message="span 3 is lost.")])


_ODD: tuple[dict[Any, Any], ...] = (
    {"n": math.nan},
    {"n": 10**30},
    {"n": -math.inf},
    {"day": dt.date(2026, 1, 2)},
    {"raw": b"x"},
    {"some": {1, 2}},
    {1: "x"},
    {"\ud800": "x"},
    {"x": "\ud800"},
)


@st.composite
def odd_records(draw: st.DrawFn) -> Record:
    """Draw records of which little is said, with spans, labels and tokens that no reader may take as they are."""
    text, whole = draw(texts())
    spans = []
    for _ in range(draw(st.integers(0, 3))):
        places = []
        for _ in range(draw(st.sampled_from((1, 1, 1, 2)))):
            start = draw(st.integers(0, len(text) - 1))
            places.append((start, draw(st.integers(start + 1, len(text)))))
        label = draw(st.sampled_from((*LABELS, *LABELS, " X", "", "a\nb", "x" * 101)))
        facts: dict[str, Any] = draw(
            st.sampled_from(
                ({}, {}, {"rejected": True}, {"note": "so"}, {"score": 0.5}, {"at": math.nan}, {"at": 1.5})
            )
        )
        spans.append(RecordSpan(fragments=fragments_of(*places), label=label, **facts))
    starts = [*whole.starts[:-1], draw(st.integers(0, whole.ends[-1] - 1))]
    tokens = draw(st.sampled_from((whole, whole, None, Tokens(starts, whole.ends))))
    state = draw(st.sampled_from((None, *State)))
    metadata: dict[str, Any] = draw(st.sampled_from(({}, {"partial": True}, {"title": "x"}, {"n": 1}, *_ODD)))
    return Record(text=text, spans=tuple(spans), tokens=tokens, state=state, metadata=metadata)


def outcome(found: Format, path: Path, record: Record) -> bytes | str:
    try:
        write_all(found, path, [record])
    except FormatError as error:
        return error.what
    return path.read_bytes()


@every_format
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=odd_records())
@example(record=Record(text=" \n"))
@example(record=Record(text="ab cd", spans=(RecordSpan(fragments=(Fragment(2, 5),), label="X"),)))
@example(record=Record(text="e\u0301", spans=(RecordSpan(fragments=(Fragment(0, 1),), label="X"),)))
@example(record=Record(text="ab", tokens=Tokens([0], [1])))
def test_a_record_that_is_not_read_back_would_have_come_back(
    found: Format, tmp_path: Path, record: Record
) -> None:
    path = tmp_path / f"out{found.suffixes[0]}"
    quick = outcome(found, path, record)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("annotator.formats.ledger._is_plain", lambda *_, **__: False)
        assert outcome(found, path, record) == quick


@every_format
@pytest.mark.parametrize(
    ("record", "why"),
    [
        (a_record(" \n", tokens=None), "holds no text"),
        (a_record("Ada.", a_span("Ada.", "Ada", " X")), "it came back changed"),
        (a_record("Ada.", a_span("Ada.", "Ada", "a\nb")), "was left out: its label"),
        (a_record("e\u0301", RecordSpan(fragments=(Fragment(0, 1),), label="X")), "cut a character in two"),
    ],
    ids=["no text", "blank in label", "line end in label", "half a character"],
)
def test_what_would_not_come_back_is_not_written(
    found: Format, tmp_path: Path, record: Record, why: str
) -> None:
    path = tmp_path / f"out{found.suffixes[0]}"
    with pytest.raises(FormatError, match=rf"could not be read back: document 2 \(a\.txt\): .*{why}"):
        write_all(found, path, [a_record("Good."), record])
    assert list(tmp_path.iterdir()) == []


@every_format
def test_fields_nested_deeper_than_is_read_are_refused(found: Format, tmp_path: Path) -> None:
    deep: Any = "bottom"
    for _ in range(90):
        deep = [deep]
    path = tmp_path / f"out{found.suffixes[0]}"
    with pytest.raises(FormatError, match=r"a\.txt holds fields that are nested deeper than \d+ levels"):
        write_all(found, path, [a_record("Ada.", metadata={"deep": deep})])


def test_a_proof_minds_the_rest_only_if_asked() -> None:
    record = a_record("Ada.", metadata={"a": 1}, attributes={"other": {"b": 2}})
    back = dataclasses.replace(record, metadata={"a": 2})
    assert Proof("out.x", lambda *_: back).line({"text": "Ada."}, record) == b'{"text":"Ada."}\n'
    with pytest.raises(FormatError, match=r"document 1 \(a\.txt\): it came back changed"):
        Proof("out.x", lambda *_: back, whole=True).line({"text": "Ada."}, record)


def test_a_tuple_comes_back_as_a_list_and_is_no_change(tmp_path: Path) -> None:
    record = a_record("Ada.", metadata={"a": (1, 2)}, attributes={"other": {"b": ()}})
    write_all(native.FORMAT, tmp_path / "out.annot.jsonl", [record])
