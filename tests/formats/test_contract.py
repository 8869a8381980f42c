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
from annotator.formats.base import everything, is_accepted
from annotator.formats.holding import _GROUPS, _says_something
from annotator.model.annotation import fragments_of
from annotator.model.document import State, Tokens
from annotator.model.errors import Cancelled, FormatError
from annotator.model.record import Record, RecordRelation, RecordSpan
from tests.formats.samples import (
    SCHEMA,
    a_record,
    a_span,
    held,
    is_here,
    read_all,
    read_back,
    records,
    refused,
    words_in,
    write_all,
)

WRITERS = [each for each in FORMATS if each.write is not None and each.read is not None and is_here(each)]
FILES = [each for each in WRITERS if not each.folder_of]
"""Those that write a file; of a folder, fewer things can be asked."""
READERS = [each for each in FORMATS if each.read is not None and is_here(each)]
every_writer = pytest.mark.parametrize("found", WRITERS, ids=lambda each: each.name)
every_writer_of_spans = pytest.mark.parametrize(
    "found", [each for each in WRITERS if each.name != "text"], ids=lambda each: each.name
)
every_file = pytest.mark.parametrize("found", FILES, ids=lambda each: each.name)
every_reader = pytest.mark.parametrize("found", READERS, ids=lambda each: each.name)

TEXT = "👩🏽\u200d🚀 Anna met محمد علي in 東京.\r\nΖoë — e\u0301te\u0301  👨\u200d👩\u200d👧 left.\u2028End"


def place(found: Format, tmp_path: Path, name: str = "out") -> Path:
    """Give where a format writes: a file with its suffix, or a folder."""
    return tmp_path / (name if found.folder_of else f"{name}{found.suffixes[0]}")


def finished(found: Format, records: list[Record], options: object = None) -> list[Record]:
    """Give records as a format has a place for them: some take none that are not done."""
    options = options or found.options()
    return [
        each
        if found.keeps(each, options, SCHEMA) is not None
        else dataclasses.replace(each, state=State.DONE)
        for each in records
    ]


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
    target = place(found, tmp_path)
    context = write_all(found, target, [full_record()])
    back, problems = read_back(found, target)
    assert [held(found, each) for each in back] == [held(found, full_record())]
    assert refused(problems) == []
    kept = held(found, full_record())
    spans, relations = sum(map(is_accepted, kept.spans)), sum(map(is_accepted, kept.relations))
    assert dataclasses.astuple(context.written) == (1, spans, relations)


@every_writer
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(given_records=st.lists(records(), max_size=4))
def test_any_records_come_back_as_they_were(
    found: Format, tmp_path: Path, given_records: list[Record]
) -> None:
    target = place(found, tmp_path)
    # Other layouts leave documents out that are not done; their own tests say which.
    options = found.options(layout="ents") if found.name == "docbin" else None
    given_records = finished(found, given_records, options)
    write_all(found, target, given_records, options)
    back, problems = read_back(found, target, options)
    there, expected = ([held(found, each, options) for each in some] for some in (back, given_records))
    if found.folder_of:  # its files are read by their names
        there, expected = sorted(there, key=repr), sorted(expected, key=repr)
    assert there == expected
    empty = [message for _, message in refused(problems)]
    assert not empty or (not given_records and all("holds no documents" in each for each in empty))


@every_writer_of_spans
def test_offsets_count_code_points_before_and_after(found: Format, tmp_path: Path) -> None:
    target = place(found, tmp_path)
    write_all(found, target, [full_record()])
    (back,), _ = read_back(found, target)
    words = [back.text[span.fragments[0].start : span.fragments[0].end] for span in back.spans]
    assert words[:3] == ["Anna", "محمد علي", "👨\u200d👩\u200d👧"]


@every_writer
def test_a_document_without_any_span_is_kept(found: Format, tmp_path: Path) -> None:
    target = place(found, tmp_path)
    record = a_record("Nothing here.")
    write_all(found, target, [record])
    assert [held(found, each) for each in read_all(found, target)[0]] == [held(found, record)]


@every_file
def test_no_documents_make_a_file_that_says_so(found: Format, tmp_path: Path) -> None:
    target = place(found, tmp_path)
    context = write_all(found, target, [])
    assert context.written.documents == 0
    assert refused(read_all(found, target)[1]) == [(0, f"{target.name} holds no documents.")]


@every_writer
def test_a_record_without_tokens_can_be_written(found: Format, tmp_path: Path) -> None:
    target = place(found, tmp_path)
    record = a_record("Anna left.", a_span("Anna left.", "Anna"), tokens=None)
    write_all(found, target, [record])
    (back,), _ = read_all(found, target)
    assert held(found, back).spans == held(found, record).spans


@every_file
@pytest.mark.parametrize("existing", [None, b"the older file"])
def test_stopping_half_way_leaves_nothing_behind(
    found: Format, tmp_path: Path, existing: bytes | None
) -> None:
    target = place(found, tmp_path)
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
def test_stopping_half_way_leaves_nothing_behind_of_a_folder_either(found: Format, tmp_path: Path) -> None:
    def stopped() -> Iterator[Record]:
        yield full_record()
        raise Cancelled

    with pytest.raises(Cancelled):
        write_all(found, place(found, tmp_path), stopped())
    assert list(tmp_path.iterdir()) == []


@every_writer
def test_a_folder_that_is_not_there_is_named(found: Format, tmp_path: Path) -> None:
    target = place(found, tmp_path / "missing")
    with pytest.raises(FormatError, match="its folder does not exist") as caught:
        write_all(found, target, [full_record()])
    assert str(target) in caught.value.what
    assert caught.value.todo


@every_file
def test_a_full_disk_is_told_and_keeps_the_old_file(
    found: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = place(found, tmp_path)
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
        write_all(found, place(found, tmp_path), [a_record("broken \ud83d end")])
    assert list(tmp_path.iterdir()) == []


@every_reader
def test_a_missing_file_is_named(found: Format, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="does not exist"):
        read_all(found, tmp_path / "nowhere")


@every_reader
def test_a_folder_is_no_file(found: Format, tmp_path: Path) -> None:
    assert found.read is not None
    with pytest.raises(FormatError, match="is a folder"):
        list(found.read(tmp_path, found.read_options(), lambda _problem: None))


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


@every_file
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


@every_writer_of_spans
def test_losses_are_declared_before_anything_is_written(found: Format, tmp_path: Path) -> None:
    record = full_record()
    text = "Anna left."
    made = dataclasses.replace(words_in(text), tokenizer="rules 1")
    plain = a_record(text, a_span(text, "Anna"), title=text, source="", tokens=made)
    if found.losses is None:
        return
    assert found.losses([plain], found.options()) == []
    split = dataclasses.replace(
        record,
        spans=(dataclasses.replace(record.spans[0], fragments=fragments_of((2, 4), (6, 8))),),
        relations=(),
    )
    losses = {loss.kind: loss for loss in found.losses([split], found.options())}
    if [each.fragments for each in held(found, split).spans[:1]] == [split.spans[0].fragments]:
        assert "discontinuous" not in losses or found.name in ("prodigy", "docbin")
        return
    assert losses["discontinuous"].count == 1
    (example,) = losses["discontinuous"].examples
    assert (example.document, example.places) == ("a.txt", (split.spans[0].fragments,))


@every_writer
def test_documents_that_stay_out_are_told_by_their_state_and_counted(found: Format, tmp_path: Path) -> None:
    states = (State.DONE, State.DONE, State.TODO, State.IN_PROGRESS, State.SKIPPED, None)
    some = [
        a_record(
            f"Anna left {number}.", a_span(f"Anna left {number}.", "Anna"), source=str(number), state=state
        )
        for number, state in enumerate(states)
    ]
    options = found.options()
    if "layout" in {each.name for each in dataclasses.fields(found.options)}:
        options = found.options(layout="both")
    losses = [] if found.losses is None else found.losses(some, options, None, SCHEMA)
    out = [record for record in some if found.leaves_out(record.state, options)]
    assert sum(loss.count for loss in losses if loss.kind == "unfinished") == len(out)
    context = WriteContext(schema=SCHEMA, options=options)
    assert found.write is not None
    found.write(place(found, tmp_path), some, context)
    assert context.written.documents == len(some) - len(out)


@every_writer
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
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
    context = write_all(found, place(found, tmp_path), done)
    decided = [[span for span in record.spans if not span.rejected] for record in done]
    candidates = sum(not is_accepted(span) for spans in decided for span in spans)
    lost = _lost_spans(found, losses, done)
    assert context.written.spans + lost == sum(map(len, decided)) - candidates
    related = sum(is_accepted(relation) for record in done for relation in record.relations)
    lost_relations = related - context.written.relations
    assert losses.get("relations", 0) >= lost_relations >= 0
    assert (lost_relations == 0) or losses["relations"]


@every_writer
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(record=records())
def test_declared_losses_are_the_only_ones(found: Format, record: Record) -> None:
    """Whatever differs between a record and what a file holds of it is among the losses, counted."""
    options = found.options()
    (record,) = finished(found, [record], options)
    kept = found.keeps(record, options, SCHEMA)
    assert kept is not None
    losses = (
        {}
        if found.losses is None
        else {loss.kind: loss.count for loss in found.losses([record], options, None, SCHEMA)}
    )
    lost = [each for each in record.spans if each.identity not in {one.identity for one in kept.spans}]
    of_spans = ("spans", "edges", "rejected", "undecided", "discontinuous", "overlaps", "misaligned")
    if kept.text == record.text:
        assert len(lost) <= sum(losses.get(kind, 0) for kind in (*of_spans, "labels"))
    else:
        assert set(losses) & {"blanks", "line ends", "starts"}
    assert len(record.spans) - len(kept.spans) <= sum(losses.get(kind, 0) for kind in of_spans)
    gone = len(record.relations) - len(kept.relations)
    assert gone <= sum(losses.get(kind, 0) for kind in ("relations", "rejected", "undecided"))
    for name, kind in _GROUPS.items():
        if name == "tokens":  # those of a text cut anew are no others than were made here
            continue
        if getattr(kept, name) != getattr(record, name) and _says_something(record, name):
            assert losses.get(kind, 0) >= 1, name
    pairs: list[tuple[RecordSpan | RecordRelation, RecordSpan | RecordRelation]] = []
    if len(record.spans) == len(kept.spans):
        pairs += zip(record.spans, kept.spans, strict=True)
    if not gone:
        pairs += zip(record.relations, kept.relations, strict=True)
    for one, other in pairs:
        for name in ("note", "flagged"):
            if getattr(one, name) != getattr(other, name):
                assert set(losses) & {"notes", "note line ends"}, name
        for name in ("id", "score", "suggester", "annotator", "how", "at"):
            assert getattr(one, name) == getattr(other, name) or "details" in losses, name
        assert one.attributes == other.attributes or "item_attributes" in losses
    # What a file holds, it holds: going there once more takes nothing away.
    held_once = dataclasses.replace(kept, state=record.state)
    assert held(found, held_once, options) == held(found, record, options)


def _lost_spans(found: Format, losses: dict[str, int], done: list[Record]) -> int:
    if found.keeps is not everything:
        kept = [found.keeps(record, found.options(), SCHEMA) for record in done]
        lost = sum(
            sum(map(is_accepted, record.spans)) - sum(map(is_accepted, each.spans if each else ()))
            for record, each in zip(done, kept, strict=True)
        )
        declared = (
            "spans",
            "edges",
            "misaligned",
            "discontinuous",
            "overlaps",
            "unfinished",
            "rejected",
            "undecided",
        )
        assert lost <= sum(losses.get(kind, 0) for kind in declared)
        return lost
    if found.name == "prodigy":  # rejected spans and candidates of several fragments are lost too
        return sum(len(span.fragments) > 1 and is_accepted(span) for record in done for span in record.spans)
    return sum(losses.get(kind, 0) for kind in ("misaligned", "discontinuous"))


def test_names_and_suffixes_are_unique() -> None:
    assert len({each.name for each in FORMATS}) == len(FORMATS)
    suffixes = [suffix for each in FORMATS for suffix in each.suffixes]
    assert len(set(suffixes)) == len(suffixes)


@every_writer_of_spans
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
    losses = {loss.kind: loss for loss in found.losses(split, found.options())}
    if "discontinuous" not in losses:
        assert len(held(found, split[0]).spans) == 1
        return
    loss = losses["discontinuous"]
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

    write_all(found, place(found, tmp_path), stream())
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
    found.write(place(found, tmp_path), [full_record(), bare], context)
    assert asked in ([], [("Bare text.", "de")])


def test_no_format_brings_slow_libraries_along() -> None:
    import subprocess
    import sys

    program = (
        "import sys, annotator.formats as _; "
        "print([m for m in ('spacy', 'numpy', 'pandas', 'srsly', 'resiliparse') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@every_file
def test_a_second_reading_is_the_same(found: Format, tmp_path: Path) -> None:
    """Writing what was read gives a file that reads the same: nothing creeps in over many rounds."""
    first, second = place(found, tmp_path, "1"), place(found, tmp_path, "2")
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
        target = place(found, tmp_path, found.name)
        write_all(found, target, [record])
        (back,), _ = read_all(found, target)
        kept = held(found, record)
        assert json.dumps(held(found, back).metadata) == json.dumps(kept.metadata), found.name
        assert held(found, back).attributes == kept.attributes, found.name


def test_deep_fields_of_others_survive_every_format(tmp_path: Path) -> None:
    deep: Any = "bottom"
    for _ in range(62):
        deep = [deep]
    record = a_record("Some text.", attributes={"prodigy": {"custom": deep}}, metadata={"long": 10**30})
    for found in WRITERS:
        target = place(found, tmp_path, found.name)
        write_all(found, target, [record])
        (back,), _ = read_all(found, target)
        assert held(found, back).attributes == held(found, record).attributes, found.name
