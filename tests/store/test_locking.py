"""Who may write: one process at a time, and inside it the window before long work."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.store import holders, locking
from annotator.store.holders import Holder, held_words, left_words, life_of, myself, read_holder
from annotator.store.locking import FileLock, Turn

BOTH = pytest.mark.parametrize("trusted", [True, False], ids=["local", "network"])
PROCESSES = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when a process began")


def somebody(**values: object) -> Holder:
    """Describe a holder on another machine."""
    far = replace(myself("Mara"), host="desk-4", place="another boot", process=312)
    return replace(far, **values)  # type: ignore[arg-type]


def left(path: Path, holder: Holder, *, seconds: float = 0.0) -> None:
    """Leave a side file as of some seconds ago."""
    path.write_bytes(holder.written())
    then = time.time() - seconds
    os.utime(path, (then, then))


@BOTH
def test_one_holder_at_a_time_who_is_named(tmp_path: Path, *, trusted: bool) -> None:
    first = FileLock(tmp_path / "p.lock", trusted=trusted)
    second = FileLock(tmp_path / "p.lock", trusted=trusted)
    assert first.acquire(annotator="Mara") == "taken"
    assert first.is_held()
    assert second.acquire(annotator="Ben") == "held"
    assert second.acquire(annotator="Ben", take_over=True) == "held"
    assert not second.is_held()
    holder = second.holder()
    assert holder is not None
    assert (holder.annotator, holder.process, holder.host) == ("Mara", os.getpid(), socket.gethostname())
    assert held_words(holder, "p.annot").startswith(
        f"Mara on {socket.gethostname()} (process {os.getpid()}) has p.annot"
    )
    first.release()
    first.release()
    assert second.holder() is None
    assert second.acquire(annotator="Ben") == "taken"
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_a_side_file_that_nobody_holds_is_taken(tmp_path: Path) -> None:
    (tmp_path / "p.lock").write_text("left by a killed process")
    lock = FileLock(tmp_path / "p.lock")
    assert lock.holder() is None
    assert lock.acquire(annotator="Mara") == "taken"
    lock.release()


@PROCESSES
def test_on_a_local_disk_a_dead_process_of_this_machine_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "p.lock"
    left(path, replace(myself("Mara"), process=_ended_process(), started="1"))
    lock = FileLock(path)
    assert lock.acquire(annotator="Ben") == "taken"
    assert lock.left_by is not None
    assert lock.left_by.annotator == "Mara"
    lock.release()


@PROCESSES
def test_on_a_network_a_dead_process_of_this_machine_is_taken_over_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "p.lock"
    dead = replace(myself("Mara"), process=_ended_process(), started="1")
    left(path, dead)
    lock = FileLock(path, trusted=False)
    assert lock.acquire(annotator="Ben") == "left"
    assert "That process has ended." in left_words(lock.holder(), "p.annot", folder=tmp_path)
    assert lock.acquire(annotator="Ben", take_over=True) == "taken"
    assert lock.left_by == replace(dead, beaten=lock.left_by.beaten if lock.left_by else 0.0)
    lock.release()
    assert list(tmp_path.iterdir()) == []


@PROCESSES
def test_another_process_of_the_same_number_is_not_the_holder(tmp_path: Path) -> None:
    mine = myself("Mara")
    assert life_of(mine, folder=tmp_path) == "alive"
    assert life_of(replace(mine, started="1"), folder=tmp_path) == "dead"


@BOTH
def test_a_holder_on_another_machine_lives_as_long_as_it_gives_signs(
    tmp_path: Path, *, trusted: bool
) -> None:
    path = tmp_path / "p.lock"
    left(path, somebody(), seconds=holders.SILENT_AFTER / 2)
    lock = FileLock(path, trusted=trusted)
    assert lock.acquire(annotator="Ben", take_over=True) == "held"
    left(path, somebody(), seconds=3 * 3600)
    assert lock.acquire(annotator="Ben") == "left"
    words = left_words(lock.holder(), "p.annot", folder=tmp_path)
    assert words.startswith("Mara on desk-4 (process 312) opened p.annot on ")
    assert words.endswith("There has been no sign of life for 3 hours.")
    assert lock.acquire(annotator="Ben", take_over=True) == "taken"
    assert lock.left_by is not None
    assert lock.left_by.host == "desk-4"
    lock.release()


def test_a_side_file_that_is_being_written_is_respected_until_it_is_old(tmp_path: Path) -> None:
    path = tmp_path / "p.lock"
    path.touch()
    lock = FileLock(path, trusted=False)
    assert lock.acquire(annotator="Ben", take_over=True) == "held"
    os.utime(path, (1, 1))
    assert lock.acquire(annotator="Ben") == "left"
    assert lock.acquire(annotator="Ben", take_over=True) == "taken"
    lock.release()


def test_while_somebody_takes_over_nobody_else_does(tmp_path: Path) -> None:
    path, door = tmp_path / "p.lock", tmp_path / "p.lock.taking"
    left(path, somebody(), seconds=3600)
    door.touch()
    lock = FileLock(path, trusted=False)
    assert lock.acquire(annotator="Ben", take_over=True) == "held"
    os.utime(door, (1, 1))
    assert lock.acquire(annotator="Ben", take_over=True) == "taken"
    lock.release()
    assert list(tmp_path.iterdir()) == []


@BOTH
def test_whoever_slept_while_the_lock_was_taken_over_notices(tmp_path: Path, *, trusted: bool) -> None:
    path = tmp_path / "p.lock"
    sleeper = FileLock(path, trusted=trusted)
    assert sleeper.acquire(annotator="Mara") == "taken"
    path.unlink()
    left(path, somebody(annotator="Ben"))
    assert not sleeper.is_held()
    sleeper.release()
    found = read_holder(path)
    assert found is not None
    assert found.annotator == "Ben"


@BOTH
def test_a_side_file_that_was_only_removed_is_made_anew(tmp_path: Path, *, trusted: bool) -> None:
    path = tmp_path / "p.lock"
    lock = FileLock(path, trusted=trusted)
    assert lock.acquire(annotator="Mara") == "taken"
    path.unlink()
    assert lock.is_held()
    assert FileLock(path, trusted=trusted).acquire(annotator="Ben") == "held"
    lock.release()
    assert list(tmp_path.iterdir()) == []


@BOTH
def test_a_holder_gives_signs_of_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, trusted: bool
) -> None:
    monkeypatch.setattr(locking, "BEAT", 0.01)
    path = tmp_path / "p.lock"
    lock = FileLock(path, trusted=trusted)
    assert lock.acquire(annotator="Mara") == "taken"
    os.utime(path, (1, 1))
    while path.stat().st_mtime < 2:
        time.sleep(0.01)
    lock.release()


@pytest.mark.skipif(sys.platform == "win32", reason="flock is POSIX")
def test_a_disk_without_locks_is_treated_like_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: object, _how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    first, second = FileLock(tmp_path / "p.lock"), FileLock(tmp_path / "p.lock")
    assert first.acquire(annotator="Mara") == "taken"
    assert not first.trusted
    assert second.acquire(annotator="Ben") == "held"
    first.release()


def _ended_process() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_the_window_is_served_before_long_work_that_asked_first() -> None:
    turn, served = Turn(), []

    def ask(name: str, *, urgent: bool) -> threading.Thread:
        def work() -> None:
            with turn.take(urgent=urgent):
                served.append(name)

        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.05)
        return thread

    with turn.take(urgent=False):
        threads = [ask("long", urgent=False), ask("longer", urgent=False), ask("window", urgent=True)]
    for thread in threads:
        thread.join()
    assert served[0] == "window"
    assert len(served) == 3


@BOTH
def test_on_a_full_disk_no_lock_is_taken_and_nothing_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, trusted: bool
) -> None:
    monkeypatch.setattr(Holder, "written", lambda _self: _no_room())
    with pytest.raises(OSError, match="No space left"):
        FileLock(tmp_path / "p.lock", trusted=trusted).acquire(annotator="Mara")
    assert list(tmp_path.iterdir()) == []


def _no_room() -> bytes:
    raise OSError(errno.ENOSPC, "No space left on device")
