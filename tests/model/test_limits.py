"""Every limit, at it and one past it, where things come in: schema files, commands, files of other programs."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import BinaryIO

import pytest

from annotator.editing import commands
from annotator.formats.jsonl import NotJsonError, parse_line
from annotator.formats.unpacking import ALWAYS, TooLargeError, most_unpacked, unpacked_chunks
from annotator.model import limits
from annotator.model.annotation import Fragment
from annotator.model.errors import FormatError, RuleError, UserError
from annotator.model.rules import checked_fragments
from annotator.model.schema import EntityType, RelationType, Schema, check_words, parse_schema
from annotator.workflows.importing import import_documents
from tests.builders import a_document, a_project

LABEL = "x" * limits.LABEL_LIMIT


def test_the_limits_are_those_that_were_promised() -> None:
    assert limits.TEXT_LIMIT == 50_000_000
    assert limits.LABEL_LIMIT == 100
    assert limits.FRAGMENT_LIMIT == 50
    assert limits.JSON_DEPTH == 64
    assert limits.UNPACKED_RATIO == 20
    assert limits.UNPACKED_SIZE == 2_000_000_000


def test_a_label_in_a_schema_file() -> None:
    assert parse_schema(f'[[entity]]\nname = "{LABEL}"\n').entities[0].name == LABEL
    with pytest.raises(FormatError, match="100 characters; this one has 101"):
        parse_schema(f'[[entity]]\nname = "{LABEL}x"\n')


def test_a_label_in_a_command(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    session.do(commands.AddType(EntityType(name=LABEL)))
    with pytest.raises(RuleError, match="100 characters"):
        session.do(commands.AddType(RelationType(name=LABEL + "x")))
    session.close()


@pytest.mark.parametrize("more", ["", "x"])
def test_a_label_in_a_file(tmp_path: Path, more: str) -> None:
    session = a_project(tmp_path)
    source = tmp_path / "a.jsonl"
    span = {"start": 0, "end": 3, "label": LABEL + more}
    source.write_text(json.dumps({"text": "Ada met Bob.", "spans": [span]}) + "\n", encoding="utf-8")
    report = import_documents(session, [source])
    assert (report.spans, report.refused) == ((0, 1) if more else (1, 0))
    session.close()


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        (EntityType(name="A", shown="x" * limits.SHOWN_LIMIT), EntityType(name="A", shown="x" * 101)),
        (EntityType(name="A", summary="x" * 1_000), EntityType(name="A", summary="x" * 1_001)),
        (EntityType(name="A", guideline="x" * 100_000), EntityType(name="A", guideline="x" * 100_001)),
        (EntityType(name="A", shown="مریم"), EntityType(name="A", shown="a\nb")),
        (EntityType(name="مریم\u200cها"), EntityType(name="\u202egnp")),
    ],
)
def test_the_words_of_a_type(within: EntityType, beyond: EntityType) -> None:
    check_words(within)
    with pytest.raises(RuleError):
        check_words(beyond)


def test_the_number_of_types() -> None:
    tables = "".join(f'[[entity]]\nname = "T{number}"\n' for number in range(limits.TYPE_LIMIT))
    assert len(parse_schema(tables).entities) == limits.TYPE_LIMIT
    with pytest.raises(FormatError, match="There may be 1,000 entity types; these are 1,001"):
        parse_schema(tables + '[[entity]]\nname = "more"\n')


def test_the_number_of_types_in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.model.schema.TYPE_LIMIT", 5)
    session = a_project(tmp_path)  # it has three of each kind
    session.do(commands.ExtendSchema(Schema((EntityType(name="A"), EntityType(name="B")))))
    with pytest.raises(RuleError, match="There may be 5 entity types; these are 6"):
        session.do(commands.AddType(EntityType(name="C")))
    source = tmp_path / "a.jsonl"
    spans = [{"start": 0, "end": 3, "label": "NEW"}]
    source.write_text(json.dumps({"text": "Ada met Bob.", "spans": spans}) + "\n", encoding="utf-8")
    with pytest.raises(UserError, match="There may be 5 types"):
        import_documents(session, [source])
    assert session.counts().all == 0
    session.close()


@pytest.mark.parametrize("nested", ["[" * 50_000, "a = " + "[" * 50_000, "a = " + "9" * 5_000])
def test_a_schema_file_that_goes_too_deep(nested: str) -> None:
    with pytest.raises(FormatError):
        parse_schema(nested)


def test_a_schema_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.model.schema.SCHEMA_SIZE", 10)
    assert parse_schema("a = 1\n# 10") == Schema()
    with pytest.raises(FormatError, match="larger than any schema"):
        parse_schema("a = 1\n# 101")


def test_fragments(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    document = a_document(session, "a " * 60)
    pairs = [(2 * each, 2 * each + 1) for each in range(limits.FRAGMENT_LIMIT + 1)]
    assert len(checked_fragments("a " * 60, pairs[:-1])) == limits.FRAGMENT_LIMIT
    session.do(commands.AddSpan(document, tuple(Fragment(*pair) for pair in pairs[:-1]), "PERSON"))
    with pytest.raises(RuleError, match="1 to 50 fragments"):
        session.do(commands.AddSpan(document, tuple(Fragment(*pair) for pair in pairs), "ROLE"))
    session.close()


def test_the_depth_of_json() -> None:
    depth = limits.JSON_DEPTH
    assert parse_line("[" * depth + "]" * depth)
    for nested in (depth + 1, 100_000):
        with pytest.raises(NotJsonError, match="nested deeper than 64 levels"):
            parse_line("[" * nested + "]" * nested)


def test_json_that_goes_too_deep_is_named_with_its_line(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    source = tmp_path / "a.jsonl"
    deep = "[" * 100_000 + "]" * 100_000
    source.write_text(f'{{"text": "One."}}\n{{"text": "Two.", "meta": {deep}}}\n', encoding="utf-8")
    report = import_documents(session, [source])
    assert report.documents == 1
    assert [(each.line, "nested deeper than 64 levels" in each.message) for each in report.problems] == [
        (2, True)
    ]
    session.close()


def test_how_much_a_file_may_unpack_to() -> None:
    assert most_unpacked(10) == ALWAYS
    assert most_unpacked(10_000_000) == 200_000_000
    assert most_unpacked(1_000_000_000) == 2_000_000_000


def unpacked(file: BinaryIO) -> int:
    chunks = unpacked_chunks(file, zlib.decompressobj(), cut_off=EOFError)
    return sum(map(len, chunks))


def test_a_packed_file_at_its_limit_and_past_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.formats.unpacking.ALWAYS", 0)
    path = tmp_path / "packed"
    content = os.urandom(3_000_000)
    path.write_bytes(zlib.compress(content))
    with path.open("rb") as file:
        assert unpacked(file) == 3_000_000
    packed = zlib.compress(b"x" * 3_000_000)
    path.write_bytes(packed)
    with path.open("rb") as file, pytest.raises(TooLargeError, match="unpacks to more than 0 MB"):
        unpacked(file)
    monkeypatch.setattr("annotator.formats.unpacking.ALWAYS", 3_000_000)
    with path.open("rb") as file:
        assert unpacked(file) == 3_000_000
    path.write_bytes(packed[:-5])
    with path.open("rb") as file, pytest.raises(EOFError):
        unpacked(file)
