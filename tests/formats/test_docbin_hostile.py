"""DocBins that are damaged or were made to harm: words instead of a crash, and never a full memory."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span
from srsly import msgpack

from annotator.formats.docbin import FORMAT
from annotator.model.record import Record
from tests.formats.samples import a_record, a_span, read_all, refused, write_all

TEXT = "Ada Lovelace met Bob"

DEEP: list[Any] = []
for _ in range(400):
    DEEP = [DEEP]


def good(folder: Path) -> bytes:
    target = folder / "good.spacy"
    write_all(FORMAT, target, [a_record(TEXT, a_span(TEXT, "Bob")), a_record("Bob left")])
    return target.read_bytes()


def read_bytes(folder: Path, content: bytes) -> tuple[list[Record], list[str]]:
    path = folder / "bad.spacy"
    path.write_bytes(content)
    back, problems = read_all(FORMAT, path)
    return back, [message for _, message in refused(problems)]


def changed(content: bytes, **fields: Any) -> bytes:
    message = msgpack.unpackb(zlib.decompress(content), raw=False)
    message.update(
        {name: value(message[name]) if callable(value) else value for name, value in fields.items()}
    )
    return zlib.compress(msgpack.packb(message, use_bin_type=True))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda _: b"", "is empty"),
        (lambda _: b"\x00\x01\x02 random bytes", "is not a spaCy DocBin"),
        (lambda content: content[: len(content) // 2], "is cut off: its end is missing"),
        (lambda content: content[:40] + b"\xff" * 30 + content[70:], "is damaged"),
        (lambda _: zlib.compress(b"just text"), "is not a spaCy DocBin"),
        (lambda _: zlib.compress(b"\x00" * 300), "is not a spaCy DocBin"),
        (lambda _: zlib.compress(b"\x81\xa1a"), "is damaged: it cannot be unpacked"),
        (lambda _: zlib.compress(msgpack.packb({"a": 1})), "is not a spaCy DocBin"),
        (lambda _: zlib.compress(b"\x81\xc4\x02nd\xc3"), "is not a spaCy DocBin"),
        (lambda _: zlib.compress(b"\x82\xc4\x02nd\xc3\xc4\x04type\xa2(("), "is not a spaCy DocBin"),
        (lambda content: changed(content, attrs=[1, 2]), "what its columns are"),
        (lambda content: changed(content, strings=[1, None]), "its words are no words"),
        (lambda content: changed(content, tokens=b"abc"), "its tokens are no numbers"),
        (lambda content: changed(content, tokens="text"), "its tokens are no numbers"),
        (lambda content: changed(content, lengths=struct.pack("<2i", 1, 10**9)), "another number of tokens"),
        (lambda content: changed(content, lengths=struct.pack("<2i", -4, 10)), "another number of tokens"),
        (lambda content: changed(content, spaces=b"\x01"), "another number of spaces"),
    ],
)
def test_a_bad_file_is_refused_in_words(tmp_path: Path, spoil: Callable[[bytes], bytes], words: str) -> None:
    back, problems = read_bytes(tmp_path, spoil(good(tmp_path)))
    assert back == []
    (message,) = problems
    assert message.startswith("bad.spacy ")
    assert words in message


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"strings": lambda strings: [each for each in strings if each != "Lovelace"]},
            "words that the file does not",
        ),
        ({"span_groups": lambda groups: [b"\xc1", *groups[1:]]}, "cannot be unpacked"),
        ({"span_groups": lambda groups: [b"\x05", *groups[1:]]}, "span groups are damaged"),
        (
            {"span_groups": lambda groups: [msgpack.packb({b"x": ["sc"]}), *groups[1:]]},
            "span groups are damaged",
        ),
    ],
)
def test_a_bad_document_is_refused_and_the_next_is_read(
    tmp_path: Path, fields: dict[str, Callable[[Any], Any]], words: str
) -> None:
    back, problems = read_bytes(tmp_path, changed(good(tmp_path), **fields))
    assert [record.text for record in back] == ["Bob left"]
    assert words in problems[0]
    assert problems[0].startswith("Document 1 was left out")


def test_spans_outside_the_document_do_no_harm(tmp_path: Path) -> None:
    doc = Doc(spacy.blank("en").vocab, words=["Ada", "left"])
    doc.spans["sc"] = [Span(doc, 0, 1, label="P")]
    path = tmp_path / "group.spacy"
    DocBin(docs=[doc]).to_disk(path)
    place = struct.pack(">ll", 0, 1)
    spoiled = changed(
        path.read_bytes(),
        span_groups=lambda groups: [groups[0].replace(place, struct.pack(">ll", 0, 10**9), 1)],
    )
    back, problems = read_bytes(tmp_path, spoiled)
    assert back == []
    assert "a span from token 0 to 1000000000 is not in its 2 tokens" in problems[0]


def test_data_of_ours_that_cannot_be_unpacked_are_told(tmp_path: Path) -> None:
    spoiled = changed(good(tmp_path), user_data=lambda entries: [b"\xc1", *entries[1:]])
    path = tmp_path / "bad.spacy"
    path.write_bytes(spoiled)
    back, problems = read_all(FORMAT, path)
    assert [record.text for record in back] == [TEXT, "Bob left"]
    assert [problem.refused for problem in problems] == [False]
    assert "What is stored with document 1" in problems[0].message


@pytest.mark.parametrize(
    "data",
    [
        {"version": 1},
        {"version": 1, "layers": {"ents": 1, "sc": 1}, "spans": "oops"},
        {"version": 1, "json": "{broken"},
        {"version": 2},
        {"version": 1, "deep": DEEP},
        "oops",
        [1, 2],
        None,
    ],
)
def test_our_own_data_are_not_trusted(tmp_path: Path, data: object) -> None:
    packed = msgpack.packb({"annotator": data}, use_bin_type=True)
    back, _ = read_bytes(tmp_path, changed(good(tmp_path), user_data=lambda entries: [packed, *entries[1:]]))
    assert [span.label for span in back[0].spans] == ["PERSON"]


@pytest.mark.parametrize(
    "content",
    [
        zlib.compress(b"\x00" * 100_000_000),
        zlib.compress(b"\x81\xa4attr\xc6\x7f\xff\xff\xff" + b"\x00" * 100_000_000),
    ],
)
def test_a_bomb_does_not_fill_the_memory(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.formats.unpacking.ALWAYS", 8_000_000)
    assert len(content) < 120_000
    tracemalloc.start()
    try:
        back, problems = read_bytes(tmp_path, content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert back == []
    assert len(problems) == 1
    assert peak < 60_000_000


def test_the_limit_names_its_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.formats.unpacking.ALWAYS", 2_000_000)
    _, (message,) = read_bytes(
        tmp_path, zlib.compress(b"\x81\xa4attr\xc6\x7f\xff\xff\xff" + b"\x00" * 9_000_000)
    )
    assert "unpacks to more than 2 MB from 8," in message


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_of_a_good_file_is_survived(tmp_path: Path, data: st.DataObject) -> None:
    plain = bytearray(zlib.decompress(good(tmp_path)))
    for _ in range(data.draw(st.integers(1, 4))):
        plain[data.draw(st.integers(0, len(plain) - 1))] = data.draw(st.integers(0, 255))
    back, _ = read_bytes(tmp_path, zlib.compress(bytes(plain)))
    assert all(
        0 <= start < end <= len(record.text)
        for record in back
        for span in record.spans
        for start, end in span.fragments
    )


def test_no_collector_is_switched_off_by_a_bad_file(tmp_path: Path) -> None:
    import gc

    read_bytes(tmp_path, zlib.compress(b"\x81\xa1a"))
    assert gc.isenabled()
