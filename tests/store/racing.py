"""Processes that race for a lock: run by `test_racing.py`, each in a process of its own.

Whoever takes the lock makes a file that must not be there yet, and removes it before giving the lock back: two holders
at once would meet there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from annotator.store.locking import FileLock


def race(folder: Path, *, rounds: int, trusted: bool, take_over: bool) -> None:
    """Ask for the lock once in each round that is begun from outside; print what came of it."""
    for line in sys.stdin:
        number = int(line)
        if number >= rounds:
            return
        side_file = folder / (f"{number}.lock" if take_over else "p.lock")
        lock = FileLock(side_file, trusted=trusted)
        if lock.acquire(annotator="racer", take_over=take_over) != "taken":
            print("lost", flush=True)
            continue
        inside = folder / f"inside-{number if take_over else 0}"
        try:
            os.close(os.open(inside, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            print("BOTH", flush=True)
        else:
            still = lock.is_held()
            print("won" if still else "UNSURE", flush=True)
        # Held until everybody has answered: the next line says so.
        sys.stdin.readline()
        inside.unlink(missing_ok=True)
        lock.release()
        print("released", flush=True)


if __name__ == "__main__":
    race(
        Path(sys.argv[1]),
        rounds=int(sys.argv[2]),
        trusted=sys.argv[3] == "system",
        take_over=sys.argv[4] == "take_over",
    )
