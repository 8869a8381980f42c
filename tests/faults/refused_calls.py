"""Refuses each single call by which an act reaches the disk, in a process whose calls are watched (`run_watched`).

    python -m tests.faults.refused_calls PROJECT log|rollback

A full disk refuses the next write and all after it; one that is failing may refuse a single write, or to sync.

With a rollback journal an act is in the file once the journal is gone. Where only the sync of the folder after that is
refused, the act is told not to be saved, for it may come undone when power goes; but it is there, whole.
"""

from __future__ import annotations

import errno
import itertools
import sys
from collections.abc import Callable
from pathlib import Path

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.model.errors import ProjectError
from annotator.model.schema import EntityType
from annotator.store import project as store
from annotator.store.batches import drop_pending
from annotator.store.file_systems import FileSystem
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, a_record, bring
from tests.faults.ledger import Ledger
from tests.faults.states import state_of
from tests.faults.watching import REFUSE_NEW_FILES, REFUSE_SYNCS, REFUSE_WRITES, Watch

FAULTS: dict[str, tuple[int, int, int]] = {
    "a full disk": (REFUSE_WRITES | REFUSE_NEW_FILES, errno.ENOSPC, -1),
    "a write that fails": (REFUSE_WRITES, errno.EIO, 1),
    "writes that fail": (REFUSE_WRITES, errno.EIO, -1),
    "a sync that fails": (REFUSE_SYNCS, errno.EIO, 1),
    "syncs that fail": (REFUSE_SYNCS, errno.EIO, -1),
}
"""What is refused, with which error, how often (-1: for ever)."""
MOST_PLACES = 5
"""How many calls of one act are refused for each fault, spread over all of them."""


def _acts(session: Session, key: int) -> dict[str, Callable[[], object]]:
    """Give acts that can be done over and over, each changing something."""
    number = itertools.count()

    def undo_or_redo() -> object:
        return session.redo(key) or session.undo(key)

    def add_or_delete_type() -> object:
        if session.schema.entity("EVENT") is None:
            return session.do(commands.AddType(EntityType(name="EVENT", color="teal")))
        return session.do(commands.DeleteType(kind=Kind.SPAN, name="EVENT"))

    return {
        "note": lambda: session.do(
            commands.SetNote(kind=None, key=key, note=f"{next(number)} " + "x" * 3000)
        ),
        "undo": undo_or_redo,
        "type": add_or_delete_type,
        "import": lambda: bring(session, a_record(f"Comet {next(number)} passed.", source=f"{next(number)}")),
    }


def main(path: str, how: str) -> None:
    """Refuse every call of every act; say how many were refused, how many not, and how many were there all the same."""
    store.file_system_of = lambda folder: FileSystem("x", trusted=how == "log")  # type: ignore[attr-defined]  # noqa: ARG005
    session = a_project(Path(path).parent, name=Path(path).stem)
    session.project.connection.execute("PRAGMA wal_autocheckpoint = 10")
    key = a_document(session, "[Ada](PERSON) met [Bob](PERSON) in [Paris](GPE).")
    ledger, watch = Ledger(session), Watch()
    refused = done = there = 0
    for (name, act), (fault, (kinds, error, times)) in itertools.product(
        _acts(session, key).items(), FAULTS.items()
    ):
        watch.count(kinds)
        act()
        calls = watch.calls
        watch.allow()
        ledger.state = state_of(session.project)
        for place in sorted({(calls - 1) * step // (MOST_PLACES - 1) for step in range(MOST_PLACES)}):
            watch.refuse(kinds, error=error, after=place, times=times)
            told = _told(act)
            watch.allow()
            where = f"{name}, {fault} at call {place} of {calls}: {told or 'done'}"
            if told is None:
                done += 1
                ledger.state = state_of(session.project)
            else:
                refused += 1
                assert "NOT saved; all before it are." in told, where
                drop_pending(session.project)  # as the next opening does with what an import left
                if how == "rollback" and kinds == REFUSE_SYNCS and state_of(session.project) != ledger.state:
                    there += 1
                    ledger.state = state_of(session.project)
            try:
                ledger.agree()
                ledger.done(act)
            except (AssertionError, ProjectError) as wrong:
                raise AssertionError(f"{where}: {wrong}") from wrong
    session.close()
    ledger.opened_again().close()
    print(refused, done, there)


def _told(act: Callable[[], object]) -> str | None:
    """Act, and give what was said where it was refused."""
    try:
        act()
    except ProjectError as error:
        return str(error)
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
