"""What every format of the registry promises, held over all of them."""

from __future__ import annotations

import dataclasses
import errno
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats import FORMATS, Format, WriteContext, detect
from annotator.formats.base import is_accepted
from annotator.model.annotation import fragments_of
from annotator.model.document import State, Tokens
from annotator.model.errors import Cancelled, FormatError
from annotator.model.record import Record, RecordRelation
from tests.formats.samples import (
    SCHEMA,
    a_record,
    a_span,
    comparable,
    read_all,
    records,
    refused,
    words_in,
    write_all,
)

WRITERS = [each for each in FORMATS if each.write is not None]
READERS = [each for each in FORMATS if each.read is not None]
every_writer = pytest.mark.parametrize("found", WRITERS, ids=lambda each: each.name)
every_reader = pytest.mark.parametrize("found", READERS, ids=lambda each: each.name)

TEXT = "👩🏽\u200d🚀 Anna met محمد علي in 東京.\r\nΖoë — e\u0301te\u0301  👨\u200d👩\u200d👧 left.\u2028End"


def full_record() -> Record:
    """Make a record with a bit of everything that every format should bring back."""
    spans = (
        a_span(TEXT, "Anna", id="a", annotator="Ada", at=12.5, note="sure?"),
        a_span(TEXT, "محمد علي", id="b", flagged=True),
        a_span(TEXT, "👨\u200d👩\u200d👧", "GROUP"),
        a_span(TEXT, "e\u0301te\u0301", "SEASON", rejected=True),
    )
    relations = (RecordRelation(head=1, child=0, label="KNOWS", id="r"),)
    return a_record(TEXT, *spans, relations=relations, metadata={"date": "2024-05-01", "tags": ["x", 1]})


@every_writer
def test_what_was_written_is_read_back(found: Format, tmp_path: Path) -> None:
    target = tmp_path / f"out{found.suffixes[0]}"
    context = write_all(found, target, [full_record()])
    back, problems = read_all(found, target)
    assert [comparable(each) for each in back] == [comparable(full_record())]
    assert problems == []
    assert dataclasses.astuple(context.written) == (1, 3, 1)


@every_writer
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(given_records=st.lists(records(), max_size=4))
def test_any_records_come_back_as_they_were(
    found: Format, tmp_path: Path, given_records: list[Record]
) -> None:
    target = tmp_path / f"out{found.suffixes[0]}"
    # Other layouts leave documents out that are not done; their own tests say which.
    options = found.options(layout="ents") if found.name == "docbin" else None
    write_all(found, target, given_records, options)
    back, problems = read_all(found, target)
    assert [comparable(each) for each in back] == [comparable(each) for each in given_records]
    assert refused(problems) in ([], [(0, f"{target.name} holds no documents.")])


@every_writer
def test_offsets_count_code_points_before_and_after(found: Format, tmp_path: Path) -> None:
    target = tmp_path / f"out{found.suffixes[0]}"
    write_all(found, target, [full_record()])
    (back,), _ = read_all(found, target)
    assert [back.text[span.fragments[0].start : span.fragments[0].end] for span in back.spans] == [
        "Anna",
        "محمد علي",
        "👨\u200d👩\u200d👧",
        "e\u0301te\u0301",
    ]


@every_writer
def test_a_document_without_any_span_is_kept(found: Format, tmp_path: Path) -> None:
    target = tmp_path / f"out{found.suffixes[0]}"
    record = a_record("Nothing here.")
    write_all(found, target, [record])
    assert [comparable(each) for each in read_all(found, target)[0]] == [comparable(record)]


@every_writer
def test_no_documents_make_a_file_that_says_so(found: Format, tmp_path: Path) -> None:
    target = tmp_path / f"out{found.suffixes[0]}"
    context = write_all(found, target, [])
    assert context.written.documents == 0
    assert refused(read_all(found, target)[1]) == [(0, f"{target.name} holds no documents.")]


@every_writer
def test_a_record_without_tokens_can_be_written(found: Format, tmp_path: Path) -> None:
    target = tmp_path / f"out{found.suffixes[0]}"
    record = a_record("Anna left.", a_span("Anna left.", "Anna"), tokens=None)
    write_all(found, target, [record])
    (back,), _ = read_all(found, target)
    assert back.spans == record.spans


@every_writer
@pytest.mark.parametrize("existing", [None, b"the older file"])
def test_stopping_half_way_leaves_nothing_behind(
    found: Format, tmp_path: Path, existing: bytes | None
) -> None:
    target = tmp_path / f"out{found.suffixes[0]}"
    if existing is not None:
        target.write_bytes(existing)

    def stopped() -> Iterator[Record]:
        yield full_record()
        raise Cancelled

    with pytest.raises(Cancelled):
        write_all(found, target, stopped())
    assert sorted(path.name for path in tmp_path.iterdir()) == ([] if existing is None else [target.name])
    assert existing is None or target.read_bytes() == existing


@every_writer
def test_a_folder_that_is_not_there_is_named(found: Format, tmp_path: Path) -> None:
    target = tmp_path / "missing" / f"out{found.suffixes[0]}"
    with pytest.raises(FormatError, match="its folder does not exist") as caught:
        write_all(found, target, [full_record()])
    assert str(target) in caught.value.what
    assert caught.value.todo


@every_writer
def test_a_full_disk_is_told_and_keeps_the_old_file(
    found: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / f"out{found.suffixes[0]}"
    write_all(found, target, [full_record()])
    before = target.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FormatError, match="the disk is full"):
        write_all(found, target, [a_record("Another.")])
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@every_writer
def test_a_broken_character_is_refused_in_words(found: Format, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"a\.txt holds half a surrogate pair"):
        write_all(found, tmp_path / f"out{found.suffixes[0]}", [a_record("broken \ud83d end")])
    assert list(tmp_path.iterdir()) == []


@every_reader
def test_a_missing_file_is_named(found: Format, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="does not exist"):
        read_all(found, tmp_path / "nowhere")


@every_reader
def test_a_folder_is_no_file(found: Format, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="is a folder"):
        read_all(found, tmp_path)


@every_reader
@pytest.mark.parametrize("content", [b"", b"\xfd\xfe\x00garbage\xed\xa0\x80", bytes(range(256)) * 4])
def test_garbage_is_reported_and_never_raised(found: Format, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / f"garbage{found.suffixes[0]}"
    path.write_bytes(content)
    back, problems = read_all(found, path)
    assert back == []
    assert refused(problems)
    assert all(problem.file == str(path) for problem in problems)


@every_reader
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(found: Format, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / f"any{found.suffixes[0]}"
    path.write_bytes(content)
    back, problems = read_all(found, path)
    assert all(record.text.strip() for record in back)
    assert back or problems


@every_writer
def test_written_files_are_recognized_whatever_their_name(found: Format, tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    write_all(found, target, [full_record()])
    assert detect(target) is found


@every_writer
def test_options_can_be_drawn(found: Format) -> None:
    for each in dataclasses.fields(found.options):
        assert each.metadata["title"]
        assert each.metadata["help"].endswith(".")
        choices = each.metadata.get("choices")
        assert choices is None or each.default in choices


@every_reader
def test_read_options_can_be_drawn(found: Format) -> None:
    shown = [each for each in dataclasses.fields(found.read_options) if "title" in each.metadata]
    assert {"language", "encoding"} <= {each.name for each in shown}


@every_writer
def test_losses_are_declared_before_anything_is_written(found: Format, tmp_path: Path) -> None:
    record = full_record()
    plain = a_record("Anna left.", a_span("Anna left.", "Anna"))
    if found.losses is None:
        return
    assert found.losses([plain], found.options()) == []
    split = dataclasses.replace(
        record,
        spans=(dataclasses.replace(record.spans[0], fragments=fragments_of((2, 4), (6, 8))),),
        relations=(),
    )
    (loss,) = found.losses([split], found.options())
    assert (loss.kind, loss.count) == ("discontinuous", 1)
    assert len(loss.examples) == 1
    assert "a.txt" in loss.examples[0]


@every_writer
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(given_records=st.lists(records(), min_size=1, max_size=3))
def test_what_is_not_declared_lost_is_there_for_others(
    found: Format, tmp_path: Path, given_records: list[Record]
) -> None:
    """Accepted spans of finished documents: those another program sees and those declared lost are all of them."""
    done = [dataclasses.replace(record, state=State.DONE) for record in given_records]
    losses = (
        {}
        if found.losses is None
        else {loss.kind: loss.count for loss in found.losses(done, found.options(), None, SCHEMA)}
    )
    context = write_all(found, tmp_path / f"out{found.suffixes[0]}", done)
    decided = [[span for span in record.spans if not span.rejected] for record in done]
    candidates = sum(not is_accepted(span) for spans in decided for span in spans)
    lost = _lost_spans(found, losses, done)
    assert context.written.spans + lost == sum(map(len, decided)) - candidates
    related = sum(is_accepted(relation) for record in done for relation in record.relations)
    lost_relations = related - context.written.relations
    assert losses.get("relations", 0) >= lost_relations >= 0
    assert (lost_relations == 0) or losses["relations"]


def _lost_spans(found: Format, losses: dict[str, int], done: list[Record]) -> int:
    if found.name == "prodigy":  # rejected spans and candidates of several fragments are lost too
        return sum(len(span.fragments) > 1 and is_accepted(span) for record in done for span in record.spans)
    return sum(losses.get(kind, 0) for kind in ("misaligned", "discontinuous"))


def test_names_and_suffixes_are_unique() -> None:
    assert len({each.name for each in FORMATS}) == len(FORMATS)
    suffixes = [suffix for each in FORMATS for suffix in each.suffixes]
    assert len(set(suffixes)) == len(suffixes)


@every_writer
def test_examples_of_a_loss_are_few(found: Format) -> None:
    if found.losses is None:
        return
    text = "a b c"
    split = [
        a_record(
            text,
            dataclasses.replace(a_span(text, "a"), fragments=fragments_of((0, 1), (4, 5))),
            source=f"{number}.txt",
        )
        for number in range(30)
    ]
    (loss,) = found.losses(split, found.options())
    assert (loss.count, len(loss.examples)) == (30, 20)
    assert loss.message.startswith("30 spans")


@every_writer
def test_records_are_taken_one_by_one(found: Format, tmp_path: Path) -> None:
    """A writer must not ask for a record before it has dealt with the one before."""
    taken: list[int] = []

    def stream() -> Iterator[Record]:
        for number in range(3):
            taken.append(number)
            yield a_record(f"Text number {number}.")

    write_all(found, tmp_path / f"out{found.suffixes[0]}", stream())
    assert taken == [0, 1, 2]


@every_writer
def test_a_tokenizer_is_asked_only_for_records_without_tokens(found: Format, tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []

    def tokenize(text: str, language: str) -> Tokens:
        asked.append((text, language))
        return words_in(text)

    context = WriteContext(schema=SCHEMA, options=found.options(), tokenize=tokenize)
    assert found.write is not None
    bare = a_record("Bare text.", tokens=None, language="de")
    found.write(tmp_path / f"out{found.suffixes[0]}", [full_record(), bare], context)
    assert asked in ([], [("Bare text.", "de")])


def test_no_format_brings_slow_libraries_along() -> None:
    import subprocess
    import sys

    program = (
        "import sys, annotator.formats; print([m for m in ('spacy', 'numpy', 'srsly') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@every_writer
def test_a_second_reading_is_the_same(found: Format, tmp_path: Path) -> None:
    """Writing what was read gives a file that reads the same: nothing creeps in over many rounds."""
    first, second = tmp_path / f"1{found.suffixes[0]}", tmp_path / f"2{found.suffixes[0]}"
    write_all(found, first, [full_record()])
    write_all(found, second, read_all(found, first)[0])
    assert first.read_bytes() == second.read_bytes()


def test_json_metadata_survives_every_format(tmp_path: Path) -> None:
    metadata: dict[str, Any] = {
        "long": 10**30,
        "deep": [[{"a": [None, True, 0.5]}]],
        "": "empty key",
        "nd": True,
        "text": "\u2028\u0085",
    }
    record = a_record("Some text.", metadata=metadata, attributes={"brat": {"n": -(2**70)}})
    for found in WRITERS:
        target = tmp_path / f"out{found.suffixes[0]}"
        write_all(found, target, [record])
        (back,), _ = read_all(found, target)
        assert json.dumps(back.metadata) == json.dumps(metadata), found.name
        assert back.attributes == record.attributes, found.name


def test_deep_fields_of_others_survive_every_format(tmp_path: Path) -> None:
    deep: Any = "bottom"
    for _ in range(62):
        deep = [deep]
    record = a_record("Some text.", attributes={"prodigy": {"custom": deep}}, metadata={"long": 10**30})
    for found in WRITERS:
        target = tmp_path / f"out{found.suffixes[0]}"
        write_all(found, target, [record])
        assert read_all(found, target)[0][0].attributes == record.attributes, found.name
