"""Removing documents for good: what goes, which backups still hold it, and the act itself, which nothing undoes."""

from __future__ import annotations

import contextlib
import glob
import time
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.editing.removing import begin_removal, finish_removal
from annotator.model.change import ChangeSet
from annotator.model.errors import Cancelled, RuleError
from annotator.store import documents as stored
from annotator.store import removing
from annotator.store.removing import Going
from annotator.workflows.backups import Backup, backups_holding, may_hold, remove_backups
from annotator.workflows.learning import forget_learnt
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session

__all__ = [
    "Going",
    "Removal",
    "RemovalReport",
    "documents_named",
    "plan_removal",
    "remove_for_good",
    "taken_out",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What a removal for good would take, to be shown before it is asked for.

    Args:
        documents: row keys. titles: theirs, the first few. going: what goes with them.
        backups: those of this project that hold one of them, or may, because they cannot be read; newest first.
        needed: free bytes on the disk that it takes. free: those there are.
    """

    documents: tuple[int, ...]
    titles: tuple[str, ...]
    going: Going
    backups: tuple[Backup, ...]
    needed: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalReport:
    """What was removed.

    Args:
        swept: no shred is left in the file; without it the next opening sees to it.
        backups: that were deleted. kept: that could not be.
    """

    documents: int
    swept: bool
    backups: tuple[Backup, ...] = ()
    kept: tuple[Backup, ...] = ()


TITLES = 5
"""Titles that are named."""


def documents_named(session: Session, names: Sequence[str]) -> list[int]:
    """Give the documents of these ids or sources, those removed before as well.

    Raises:
        RuleError: nothing here is called so.
    """
    keys: list[int] = []
    for name in names:
        found = removing.named(session.project, name)
        if not found:
            raise RuleError(
                f"No document here has the id or the source {name}.", "Look in its “About this document”."
            )
        keys += found
    return list(dict.fromkeys(keys))


def taken_out(session: Session) -> list[int]:
    """List the documents that were removed before, or whose import was undone: still in the file, seen by nobody."""
    return removing.out_of_sight(session.project)


def plan_removal(session: Session, documents: Sequence[int]) -> Removal:
    """Say what a removal of some documents would take; it opens the backups, so off the main thread.

    Raises:
        StaleError: one of them is gone.
    """
    known = [stored.document(session.project, key, hidden=True) for key in dict.fromkeys(documents)]
    room = removing.room_for(session.project)
    return Removal(
        documents=tuple(each.key for each in known),
        titles=tuple(each.title for each in known[:TITLES]),
        going=removing.going_with(session.project, [each.key for each in known]),
        backups=_holding(session, [each.id for each in known]),
        needed=room.needed,
        free=room.free,
    )


def _holding(session: Session, ids: Sequence[str]) -> tuple[Backup, ...]:
    """Give the backups that hold one of these documents, those that older versions put beside the project as well."""
    beside = []
    for path in sorted(session.path.parent.glob(f"{glob.escape(session.path.name)}.backup-*")):
        with contextlib.suppress(OSError):
            found = path.stat()
            beside.append(
                Backup(
                    path=path,
                    at=found.st_mtime,
                    size=found.st_size,
                    name=session.path.stem,
                    reason="before update",
                )
            )
    return (*backups_holding(session.path, ids), *(each for each in beside if may_hold(each, ids)))


def remove_for_good(
    session: Session,
    documents: Sequence[int],
    report: Report = silent,
    *,
    backups: Sequence[Backup] = (),
) -> RemovalReport:
    """Take documents out of the project file and out of what was learnt, and delete these backups.

    Raises:
        RuleError: none is named, or the disk has too little room; nothing was done.
        Cancelled: `report` said so; what began is finished at the next opening.
    """

    def is_stopped() -> bool:
        try:
            report(len(documents), len(documents) + 1, "Writing the file anew")
        except Cancelled:
            return True
        return False

    begin_removal(session.project, documents)
    session.tell(ChangeSet(documents=frozenset(documents), everywhere=True))
    done = finish_removal(
        session.project,
        at=time.time(),
        annotator=session.annotator,
        report=report,
        is_stopped=is_stopped,
    )
    forget_learnt(session)
    kept = remove_backups(backups)
    session.tell(ChangeSet(everywhere=True, schema=True))
    return RemovalReport(
        documents=done.documents,
        swept=done.swept,
        backups=tuple(each for each in backups if each not in kept),
        kept=tuple(kept),
    )
