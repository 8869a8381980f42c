"""Safe writing, and small helpers."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.formats import whole_files
from annotator.formats.base import (
    ReadOptions,
    Reporter,
    is_accepted,
    is_candidate,
    shown,
    source_of,
)
from annotator.formats.whole_files import (
    Sink,
    write_compared,
    write_folder_compared,
    write_folder_safely,
    write_safely,
)
from annotator.model.annotation import How, fragments_of
from annotator.model.errors import FormatError
from annotator.model.record import Problem, RecordSpan
from annotator.model.wording import counted


def fine(path: Path) -> None:
    assert path.exists()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    write_safely(target, lambda path: _fill(path, b"new"), fine)
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["out.txt"]


def test_a_check_that_fails_keeps_the_older_file(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_bytes(b"old")

    def check(path: Path) -> None:
        assert path.read_bytes() == b"new"
        raise FormatError("It came back changed.")

    with pytest.raises(FormatError, match="came back changed"):
        write_safely(target, lambda path: _fill(path, b"new"), check)
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["out.txt"]


def test_other_bytes_on_the_disk_than_were_meant_replace_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.x"
    write_compared(target, lambda file: file.write(b"older"))

    def spoil(path: Path) -> None:
        path.write_bytes(path.read_bytes().replace(b"newer", b"never"))

    monkeypatch.setattr(whole_files, "_flush", spoil)
    with pytest.raises(FormatError, match=r"out\.x was written but could not be read back: the disk gave"):
        write_compared(target, lambda file: file.write(b"x" * 3_000_000 + b"newer"))
    assert target.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, MemoryError])
def test_whatever_is_raised_leaves_nothing_behind(tmp_path: Path, error: type[BaseException]) -> None:
    def write(path: Path) -> None:
        path.write_bytes(b"half")
        raise error

    with pytest.raises(error):
        write_safely(tmp_path / "out.txt", write, fine)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EACCES, "no right to write"),
        (errno.EROFS, "read only"),
        (errno.ENAMETOOLONG, "the name is too long"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_refusals_of_the_system_become_sentences(tmp_path: Path, code: int, words: str) -> None:
    def write(_path: Path) -> None:
        raise OSError(code, os.strerror(code))

    with pytest.raises(FormatError) as caught:
        write_safely(tmp_path / "out.txt", write, fine)
    assert words in caught.value.what
    assert caught.value.what.startswith(str(tmp_path / "out.txt"))
    assert caught.value.todo
    assert names(tmp_path) == []


def test_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="is a folder"):
        write_safely(tmp_path, lambda path: _fill(path, b""), fine)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_protected_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_bytes(b"old")
    target.chmod(0o444)
    with pytest.raises(FormatError, match="write-protected"):
        write_safely(target, lambda path: _fill(path, b"new"), fine)


def test_rights_of_the_older_file_are_kept_and_new_ones_are_usual(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    write_safely(target, lambda path: _fill(path, b"1"), fine)
    plain = tmp_path / "plain"
    plain.touch()
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    target.chmod(0o640)
    write_safely(target, lambda path: _fill(path, b"2"), fine)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_goes_on_pointing_to_its_file(tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_bytes(b"old")
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    write_safely(link, lambda path: _fill(path, b"new"), fine)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_very_long_name_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 250 + ".txt")
    write_safely(target, lambda path: _fill(path, b"1"), fine)
    assert target.exists()


def test_what_a_killed_program_left_goes_with_the_next_writing_of_the_same_file(tmp_path: Path) -> None:
    target = tmp_path / "a[1].jsonl"
    old, young, other = (tmp_path / name for name in _LEFT)
    for left in (old, young, other):
        left.write_bytes(b"half")
    for left in (old, other):
        os.utime(left, (0, 0))
    write_safely(target, lambda path: _fill(path, b"whole"), fine)
    assert {each.name for each in tmp_path.iterdir()} == {target.name, young.name, other.name}


_LEFT = (".a[1].jsonl.0123456789ab.part", ".a[1].jsonl.ffffffffffff.part", ".a1.jsonl.0123456789ab.part")


def test_candidates_are_those_that_nobody_decided() -> None:
    where = fragments_of((0, 1))
    assert is_candidate(RecordSpan(fragments=where, label="A", score=0.5))
    assert is_candidate(RecordSpan(fragments=where, label="A", suggester="model"))
    assert not is_candidate(RecordSpan(fragments=where, label="A"))
    assert not is_candidate(RecordSpan(fragments=where, label="A", score=0.5, rejected=True))
    decided = RecordSpan(fragments=where, label="A", score=0.5, suggester="model", how=How.SINGLE)
    assert not is_candidate(decided)
    assert is_accepted(decided)
    assert is_accepted(RecordSpan(fragments=where, label="A", score=0.5, annotator="Ada"))


def test_sources_are_named_relative_to_the_import(tmp_path: Path) -> None:
    path = tmp_path / "a b" / "😀.txt"
    assert source_of(path, ReadOptions(root=tmp_path)) == "a b/😀.txt"
    assert source_of(path, ReadOptions()) == "😀.txt"
    assert source_of(path, ReadOptions(root=tmp_path / "elsewhere")) == "😀.txt"
    assert source_of(path, ReadOptions(root=path)) == "😀.txt"


def test_names_that_are_no_text_are_spelled_out() -> None:
    assert shown(Path(os.fsdecode(b"caf\xe9.txt"))) == "caf\\xe9.txt"


def test_reports_carry_their_place() -> None:
    problems: list[Problem] = []
    reporter = Reporter("a.jsonl", problems.append)
    reporter.at(line=3, record="x").refused("No.")
    reporter.repaired("Mended.")
    assert problems == [
        Problem(file="a.jsonl", line=3, record="x", message="No.", refused=True),
        Problem(file="a.jsonl", message="Mended.", refused=False),
    ]


def test_numbers_have_their_nouns() -> None:
    assert [counted(1, "span"), counted(0, "span"), counted(1200, "entry", "entries")] == [
        "1 span",
        "0 spans",
        "1,200 entries",
    ]


def _fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files there")
def test_only_ordinary_files_are_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FormatError, match="is not an ordinary file"):
        write_safely(tmp_path / "pipe", lambda path: _fill(path, b""), fine)


def a_folder(path: Path, **files: str) -> None:
    path.mkdir(exist_ok=True)
    for name, content in files.items():
        (path / f"{name}.ann").write_text(content, encoding="utf-8")


def written_folder(target: Path, **files: str) -> None:
    write_folder_safely(target, lambda path: a_folder(path, **files), lambda _: None, endings=(".ann",))


def test_a_folder_appears_whole_and_replaces_one_of_its_kind(tmp_path: Path) -> None:
    target = tmp_path / "out"
    written_folder(target, a="1", b="2")
    written_folder(target, a="3")
    assert {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()} == {"a.ann": "3"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_of_a_folder_that_came_back_with_other_bytes_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"

    def write(opened: Callable[[str], Sink]) -> None:
        for name in ("a.txt", "b.txt"):
            with opened(name) as file:
                file.write(name.encode())

    write_folder_compared(target, write, endings=(".txt",))
    assert [path.read_text() for path in sorted(target.iterdir())] == ["a.txt", "b.txt"]
    monkeypatch.setattr(whole_files, "_flush", lambda folder: (folder / "b.txt").write_text("c.txt"))
    with pytest.raises(FormatError, match=r"b\.txt was written but could not be read back"):
        write_folder_compared(target, write, endings=(".txt",))
    assert [path.read_text() for path in sorted(target.iterdir())] == ["a.txt", "b.txt"]
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_with_other_files_stays(tmp_path: Path) -> None:
    target = tmp_path / "out"
    a_folder(target, a="1")
    (target / "mine.docx").touch()
    with pytest.raises(FormatError, match=r"holds other things, such as mine\.docx"):
        written_folder(target, a="2")
    (tmp_path / "file").touch()
    with pytest.raises(FormatError, match="is a file; this format writes a folder"):
        written_folder(tmp_path / "file", a="2")
    assert (target / "a.ann").read_text(encoding="utf-8") == "1"


@pytest.mark.parametrize("when", ["writing", "checking", "placing"])
def test_a_folder_that_fails_leaves_the_older_one(
    tmp_path: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    written_folder(target, a="1")

    def fail(_path: Path) -> None:
        raise FormatError("It is wrong.")

    def write(path: Path) -> None:
        a_folder(path, a="2")
        if when == "writing":
            raise OSError(errno.ENOSPC, "No space left on device")

    plain = Path.replace

    def refuse(self: Path, other: Path) -> Path:
        if when == "placing" and self.name.endswith(".part"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return plain(self, other)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(FormatError):
        write_folder_safely(target, write, fail if when == "checking" else lambda _: None, endings=(".ann",))
    assert {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()} == {"a.ann": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
