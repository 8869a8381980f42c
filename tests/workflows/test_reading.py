"""Sources of every kind are read alike, and what cannot be read is told by the name people know."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from annotator.model.errors import FormatError
from annotator.model.record import Problem
from annotator.workflows.reading import Reading, records_in


def read(*sources: Path, reading: Reading | None = None) -> tuple[list[tuple[str, str]], list[Problem]]:
    problems: list[Problem] = []
    records = [
        (record.source, found.name)
        for record, found in records_in(sources, reading or Reading(), problems.append)
    ]
    return records, problems


def test_a_file_a_folder_and_an_archive_in_one_go(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("One.", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "Two."}\n', encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("in/d.txt", "Three.")
        archive.writestr("e.jsonl", '{"text": "Four."}\n{broken\n')
    records, problems = read(tmp_path / "folder", tmp_path / "b.jsonl", tmp_path / "c.zip")
    assert records == [
        ("a.txt", "text"),
        ("b.jsonl:1", "prodigy"),
        ("c.zip/e.jsonl:1", "prodigy"),
        ("c.zip/in/d.txt", "text"),
    ]
    (problem,) = problems
    assert (problem.file, problem.line) == (str(tmp_path / "c.zip" / "e.jsonl"), 2)


def test_one_source_that_is_not_there_is_the_end_and_one_of_several_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.", encoding="utf-8")
    with pytest.raises(FormatError, match="is not there"):
        read(tmp_path / "gone.txt")
    records, problems = read(tmp_path / "gone.txt", tmp_path / "a.txt")
    assert records == [("a.txt", "text")]
    assert "is not there" in problems[0].message


def test_options_that_a_format_does_not_know_are_not_told_to_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Zoë".encode("cp1252"))
    reading = Reading(encoding="cp1252", details={"no_such_option": 1})
    assert read(tmp_path / "a.txt", reading=reading)[0] == [("a.txt", "text")]
