"""Puts a backup in the place of a project; what is there now is kept first, as a backup of its own."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from pathlib import Path

from annotator.store.backups import make_backup, why_not_open
from annotator.store.connections import connect, fold_in, log_of
from annotator.store.project import lock_project
from annotator.store.whole_copies import CopyError, Step, copy_whole, no_step, refused

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def put_back(path: Path, backup: Path, *, annotator: str, folder: Path, step: Step = no_step) -> Path | None:
    """Let a backup be the project from now on; gives where the project as it was is kept, None if there was none.

    The project may be damaged or gone. Either the old or the new one is at its place at every moment.

    Args:
        folder: where the project as it is now goes to.

    Raises:
        LockedError: somebody writes in it. Cancelled: `step` said so.
        CopyError: the backup is none, somebody reads the project, or a disk refuses.
    """
    if fault := why_not_open(backup):
        raise CopyError(f"{fault} Nothing was put back.", "Choose another backup.")
    lock = lock_project(path, annotator=annotator)
    try:
        kept = _keep(path, folder, step) if path.exists() else None
        if log_of(path).exists():
            raise CopyError(
                f"Another window still reads {path.name}, so nothing was put back.", "Close it there first."
            )
        copy_whole(backup, path, step=step)
    finally:
        lock.release()
    return kept


def _keep(path: Path, folder: Path, step: Step) -> Path:
    """Keep a project as it is, sign by sign where it is too damaged to be read."""
    try:
        fold_in(connect(path, read_only=False), path)
        return make_backup(path, folder, reason="before putting back", step=step).path
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            raise refused(error, path, folder / path.name) from error
    except CopyError as error:
        if not error.is_damage:
            raise
    stamp = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
    kept = folder / f"{path.stem} {stamp} damaged.annot"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, kept)
        log = log_of(path)
        if log.exists():
            # It belongs to the damaged file; beside another one it would be taken for that one's.
            shutil.copy2(log, log_of(kept))
            log.unlink()
        with contextlib.suppress(OSError):
            path.with_name(path.name + "-shm").unlink()
    except OSError as error:
        raise refused(error, path, kept) from error
    return kept
