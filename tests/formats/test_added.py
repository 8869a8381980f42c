"""Formats that other packages add: found, named where they are broken, and no harm to all others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.formats import FORMATS, ReadOptions, WriteContext
from annotator.formats.added import Registry
from annotator.model.errors import Cancelled, FormatError
from tests.formats.samples import a_record
from tests.house.source import ROOT

MODULE = """
from annotator.formats.base import Format, source_of
from annotator.formats.whole_files import write_safely
from annotator.model.record import Record


def sniff(head, path):
    if b"boom" in head:
        raise RuntimeError("boom")
    return 0.99 if head.startswith(b"WORDS!") else 0.0


def read(path, options, report):
    text = path.read_text(encoding="utf-8")
    if "fault" in text:
        raise ZeroDivisionError("at work")
    yield Record(text=text.removeprefix("WORDS!"), source=source_of(path, options))


def write(path, records, context):
    def into(part):
        part.write_text("WORDS!" + " ".join(record.text for record in records), encoding="utf-8")
    write_safely(path, into, lambda part: None)


words = Format(name="words", title="Words", suffixes=(".words",), sniff=sniff, read=read, write=write)
again = Format(name="native", title="Mine", suffixes=(".mine",), sniff=sniff, read=read)
nothing = Format(name="nothing", title="Nothing", suffixes=(".nothing",), sniff=sniff)
bare = Format(name="bare", title="Bare", suffixes=(), sniff=sniff, read=read)
odd = Format(name="Odd Name", title="Odd", suffixes=(".odd",), sniff=sniff, read=read)
other = "no format"
"""
NAMES = ("words", "again", "nothing", "bare", "odd", "other", "missing")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Lay a package that adds formats, as an installer lays one."""
    place = tmp_path / "installed"
    facts = place / "more_formats-1.0.dist-info"
    facts.mkdir(parents=True)
    (place / "more_formats.py").write_text(MODULE, encoding="utf-8")
    (place / "broken_format.py").write_text("raise ValueError('no such luck.')", encoding="utf-8")
    (facts / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: more-formats\nVersion: 1.0\n", encoding="utf-8"
    )
    lines = [f"{name} = more_formats:{name}" for name in NAMES]
    lines += ["broken = broken_format:words", "gone = not_there_at_all:words"]
    (facts / "entry_points.txt").write_text("[annotator.formats]\n" + "\n".join(lines), encoding="utf-8")
    return place


@pytest.fixture
def registry(place: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    known = tuple(FORMATS)
    monkeypatch.syspath_prepend(str(place))
    for name in ("more_formats", "broken_format"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return Registry(known)


def test_a_format_of_another_package_is_one_of_all(registry: Registry) -> None:
    assert [each.name for each in registry[len(FORMATS) :]] == ["words"]
    assert (len(registry), registry[-1].title) == (len(FORMATS) + 1, "Words")


def test_broken_ones_are_named_with_their_package_and_skipped(registry: Registry) -> None:
    told = {line.split(" ")[2]: line for line in registry.skipped}
    assert set(told) == {"again", "nothing", "bare", "odd", "other", "missing", "broken", "gone"}
    assert all("more-formats is not used: " in line for line in told.values())
    assert told["broken"].endswith("it cannot be loaded (ValueError: no such luck).")
    assert "there is a format named native already" in told["again"]
    assert "is no Format" in told["other"]
    assert "neither be read nor written" in told["nothing"]


def test_faults_at_work_name_the_package(registry: Registry, tmp_path: Path) -> None:
    found = registry[-1]
    path = tmp_path / "a.words"
    assert found.sniff(b"boom", path) == 0.0
    assert found.sniff(b"WORDS!", path) == 0.99
    path.write_text("WORDS!fault", encoding="utf-8")
    assert found.read is not None
    assert found.write is not None
    with pytest.raises(
        FormatError, match=r"words of the package more-formats failed in reading: ZeroDivision"
    ):
        list(found.read(path, ReadOptions(), lambda _problem: None))

    def stopped() -> list[object]:
        raise Cancelled

    with pytest.raises(Cancelled):
        found.write(path, (stopped() for _ in "x"), WriteContext())  # type: ignore[misc]
    with pytest.raises(FormatError, match="failed in writing: AttributeError"):
        found.write(path, [None], WriteContext())  # type: ignore[list-item]
    found.write(path, [a_record("Ada.")], WriteContext())
    assert path.read_text(encoding="utf-8") == "WORDS!Ada."


def test_the_program_lists_and_uses_it(place: Path, tmp_path: Path) -> None:
    source = tmp_path / "a.dat"
    source.write_text("WORDS!Ada left.", encoding="utf-8")
    script = f"import sys; sys.path.insert(0, {str(place)!r}); from annotator.__main__ import main; main()"

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", script, *words], cwd=ROOT, capture_output=True, text=True, check=True
        )

    told = run("formats")
    assert "words: Words (.words); read and written." in told.stdout
    assert told.stderr.count("is not used: ") == 8
    run("convert", str(source), str(tmp_path / "b.annot.jsonl"), "--assume-done")
    assert json.loads((tmp_path / "b.annot.jsonl").read_bytes())["text"] == "Ada left."
