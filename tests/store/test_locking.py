"""Who may write: one process at a time, and inside it the window before long work."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from annotator.store.locking import FileLock, Turn


def test_one_holder_at_a_time_who_is_named(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "p.lock"), FileLock(tmp_path / "p.lock")
    assert first.acquire(annotator="Mara")
    assert not second.acquire(annotator="Ben")
    assert second.holder()["annotator"] == "Mara"
    first.release()
    first.release()
    assert second.holder() == {}
    assert second.acquire(annotator="Ben")
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_a_side_file_that_nobody_holds_is_taken(tmp_path: Path) -> None:
    (tmp_path / "p.lock").write_text("left by a killed process")
    lock = FileLock(tmp_path / "p.lock")
    assert lock.holder() == {}
    assert lock.acquire(annotator="Mara")
    lock.release()


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
