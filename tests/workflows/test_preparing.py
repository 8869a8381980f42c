"""What is settled before texts come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.errors import UserError
from annotator.model.schema import EntityType, Schema
from annotator.workflows.importing import ImportOptions
from annotator.workflows.looking import look
from annotator.workflows.preparing import (
    first_texts,
    is_readable,
    languages_in,
    pipeline_in,
    readable_endings,
    readable_formats,
    role_label,
)
from annotator.workflows.problems import is_of_wrong_encoding


def test_every_source_is_heard_in_turn_and_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(3):
        (many / f"{number}.txt").write_text(f"Text {number}.", encoding="utf-8")
    one = tmp_path / "one.jsonl"
    one.write_text('{"text": "From a line."}\nnot JSON\n', encoding="utf-8")
    sources = [
        (many, ImportOptions(language="de")),
        (one, ImportOptions()),
        (tmp_path / "gone", ImportOptions()),
    ]
    assert first_texts(sources, limit=3) == [("Text 0.", "de"), ("From a line.", ""), ("Text 1.", "de")]
    assert len(first_texts(sources, limit=9)) == 4


def test_a_wrong_encoding_is_told_from_other_faults(tmp_path: Path) -> None:
    text, line, other = tmp_path / "a.txt", tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    text.write_bytes("café".encode("cp1252"))
    line.write_bytes('{"text": "café"}\n'.encode("cp1252"))
    other.write_text("{broken\n", encoding="utf-8")
    assert is_of_wrong_encoding(look(text).problems)
    assert is_of_wrong_encoding(look(line).problems)
    assert not is_of_wrong_encoding(look(other).problems)
    assert not is_of_wrong_encoding(look(text, ImportOptions(encoding="cp1252")).problems)


def test_formats_that_can_only_be_written_are_not_offered() -> None:
    assert {"text", "prodigy", "docbin"} <= {each.name for each in readable_formats()}


def test_languages_of_texts_are_counted() -> None:
    english = (
        "The minister said that the talks would go on for another day, and that it was not the end of it."
    )
    german = "Der Minister sagte, dass die Gespräche noch einen Tag dauern und dass es nicht das Ende ist."
    assert languages_in([english, german, german, "1 2 3"]) == {"en": 1, "de": 2}


def test_a_folder_without_a_pipeline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no spaCy pipeline"):
        pipeline_in(tmp_path)


def test_the_label_for_offices_is_found_by_its_name() -> None:
    assert role_label(Schema((EntityType(name="Position"), EntityType(name="PERSON")))) == "Position"
    assert role_label(Schema((EntityType(name="PERSON"),))) == ""


@pytest.mark.parametrize("name", ["a.jsonl", "A.CONLL", "b.zip", "c.tar.gz", "d.TGZ", "e.conll.gz", "f.tar"])
def test_formats_and_archives_are_known_by_name(tmp_path: Path, name: str) -> None:
    assert is_readable(tmp_path / name)


def test_other_names_tell_nothing_and_folders_may_hold_anything(tmp_path: Path) -> None:
    assert not is_readable(tmp_path / "a.png")
    assert not is_readable(tmp_path / "README")
    assert is_readable(tmp_path)
    assert {".zip", ".jsonl"} <= set(readable_endings())
