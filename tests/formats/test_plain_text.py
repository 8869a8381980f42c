"""Writing plain text: a folder with a file for each document, or one file of lines or paragraphs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats import sources_in
from annotator.formats.plain_text import FILE, FORMAT, LINE, PARAGRAPH, TextOptions, TextWriteOptions
from annotator.model.errors import Cancelled, FormatError
from annotator.model.record import Record, RecordRelation
from tests.formats.samples import SCHEMA, a_record, a_span, read_all, records, refused, write_all

one_file = pytest.mark.parametrize("one_each", [LINE, PARAGRAPH])


def written(folder: Path, some: list[Record], one_each: str = FILE) -> tuple[Path, dict[str, int]]:
    """Write records, and give where and the losses that were declared."""
    options = TextWriteOptions(one_each=one_each)
    target = folder / ("out" if one_each == FILE else "out.txt")
    write_all(FORMAT, target, some, options)
    assert FORMAT.losses is not None
    return target, {each.kind: each.count for each in FORMAT.losses(some, options)}


def read_texts(path: Path, one_each: str) -> list[str]:
    back, problems = read_all(FORMAT, path, TextOptions(one_each=one_each))
    assert not refused(problems)
    return [each.text for each in back]


def test_a_folder_holds_a_file_for_each_document(tmp_path: Path) -> None:
    some = [
        a_record(text, source=source) for text, source in (("One\r\n", "in/a.txt"), (" Two", "A.jsonl:1"))
    ]
    target, losses = written(tmp_path, some)
    assert {each.name: each.read_bytes() for each in target.iterdir()} == {
        "in_a.txt": b"One\r\n",
        "A.jsonl-1.txt": b" Two",
    }
    assert losses == {"names": 2, "tokens": 2}


def test_all_but_the_text_is_declared_lost(tmp_path: Path) -> None:
    text = "Ada met Bob."
    spans = (a_span(text, "Ada"), a_span(text, "Bob"), a_span(text, "met", rejected=True))
    record = a_record(text, *spans, relations=(RecordRelation(head=0, child=1, label="IN"),), note="x")
    _, losses = written(tmp_path, [record])
    assert losses == {"spans": 2, "relations": 1, "rejected": 1, "names": 1, "notes": 1, "tokens": 1}
    bare = Record(text=text, title=text)
    assert written(tmp_path, [bare])[1] == {}


@pytest.mark.parametrize(
    ("one_each", "content", "back"),
    [
        (LINE, "One two three four\nfive\n", ["One two three four", "five"]),
        (PARAGRAPH, "One\ntwo\nthree\nfour\n\nfive\n\n", ["One\ntwo\nthree\nfour", "five"]),
    ],
)
def test_what_a_line_or_paragraph_cannot_hold_is_declared(
    tmp_path: Path, one_each: str, content: str, back: list[str]
) -> None:
    some = [Record(text="One\r\ntwo \n\n three\u2028four\n"), Record(text="five"), Record(text=" \u00a0\n")]
    target, losses = written(tmp_path, some, one_each)
    assert target.read_text(encoding="utf-8") == content
    assert read_texts(target, one_each) == back
    assert losses == {"line ends": 1, "empty": 1}


@one_file
def test_texts_that_fit_lose_nothing(tmp_path: Path, one_each: str) -> None:
    some = [Record(text=text) for text in ("One", "Two\u00a0", "three  four")]
    target, losses = written(tmp_path, some, one_each)
    assert read_texts(target, one_each) == [each.text for each in some]
    assert losses == {}


@pytest.mark.parametrize("one_each", [FILE, LINE, PARAGRAPH])
def test_a_first_mark_is_of_the_text(tmp_path: Path, one_each: str) -> None:
    some = [Record(text="\ufeffAda", source="a"), Record(text="\ufeffBob", source="b")]
    target, _ = written(tmp_path, some, one_each)
    assert read_texts(target, one_each) == ["\ufeffAda", "\ufeffBob"]


@pytest.mark.parametrize("one_each", [FILE, LINE, PARAGRAPH])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(given_records=st.lists(records(), max_size=4), more=st.lists(st.text(max_size=20)))
def test_any_texts_come_back_as_they_were_declared(
    tmp_path: Path, one_each: str, given_records: list[Record], more: list[str]
) -> None:
    given_records += [Record(text=text) for text in more]
    target, losses = written(tmp_path, given_records, one_each)
    options = TextWriteOptions(one_each=one_each)
    kept = [FORMAT.keeps(each, options, SCHEMA) for each in given_records]
    texts = [each.text for each in kept if each is not None]
    assert losses.get("empty", 0) == len(given_records) - len(texts)
    changed = [
        one.text for one, other in zip(given_records, kept, strict=True) if other and one.text != other.text
    ]
    assert losses.get("line ends", 0) == len(changed)
    if not texts:
        return
    back = read_texts(target, one_each)
    assert back == texts if one_each != FILE else sorted(back) == sorted(texts)


@one_file
def test_stopping_half_way_leaves_the_older_file(tmp_path: Path, one_each: str) -> None:
    target, _ = written(tmp_path, [Record(text="older")], one_each)

    def stopped() -> Iterator[Record]:
        yield Record(text="newer")
        raise Cancelled

    with pytest.raises(Cancelled):
        write_all(FORMAT, target, stopped(), TextWriteOptions(one_each=one_each))
    assert [each.name for each in tmp_path.iterdir()] == ["out.txt"]
    assert read_texts(target, one_each) == ["older"]


def test_a_folder_with_other_things_is_not_replaced(tmp_path: Path) -> None:
    target, _ = written(tmp_path, [Record(text="older", source="a")])
    written(tmp_path, [Record(text="newer", source="b")])
    assert [each.name for each in target.iterdir()] == ["b.txt"]
    (target / "mine.doc").touch()
    with pytest.raises(FormatError, match=r"holds other things, such as mine\.doc"):
        written(tmp_path, [Record(text="newest")])


def test_the_place_of_a_folder_does_not_end_like_a_file(tmp_path: Path) -> None:
    target = tmp_path / "news.txt"
    assert FORMAT.place_with(TextWriteOptions(), target) == tmp_path / "news"
    assert FORMAT.place_with(TextWriteOptions(one_each=LINE), target) == target


def test_tokens_are_made_for_nobody(tmp_path: Path) -> None:
    record = dataclasses.replace(a_record("Ada"), tokens=None)
    target, _ = written(tmp_path, [record])
    assert [each.name for each in sources_in(target)] == ["a.txt"]
