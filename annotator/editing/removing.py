"""Removal for good: the one act without undo. It takes documents out of the file, and their words out of the journal.

What is decided elsewhere stays and can still be undone: steps that only touched removed documents go, steps that
touched others as well lose the changes of the removed ones, and their names the words of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from annotator.editing.history import name_of_entry
from annotator.model.errors import RuleError
from annotator.model.wording import counted
from annotator.store import removing
from annotator.store.forgetting import Names
from annotator.store.project import Project

CHUNK = 50
"""Documents that are taken out at once."""
_COUNT = r"\d[\d,]* (?:spans?|relations?|documents?|decisions?|places?|types?|candidates?)"
_PLAIN = re.compile(
    rf"Accept {_COUNT}(?: and {_COUNT})?(?: in {_COUNT})?|Remove {_COUNT}(?: and {_COUNT})?|Make {_COUNT} .+"
    rf"|(?:Skipped|To do again|In progress|Done): {_COUNT}|Put {_COUNT} into \w+|(?:Leave out|Take in) {_COUNT}"
    rf"|Import(?:: {_COUNT})?"
)
"""Names of acts over many documents that hold no words of a text."""
_VERBS = {
    "Accept": "Accept candidates",
    "Import": "Import",
    "Paste": "Import",
    "Propose": "Propose the same words",
    "Reject": "Reject candidates",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What came of it.

    Args:
        documents: how many went. swept: no shred of them is left in the file; without it, the next opening sees to it.
    """

    documents: int
    swept: bool


def name_of_act(name: str, is_schema: bool) -> str:  # noqa: FBT001 - as `Names` asks for it
    """Give a name of an act over several documents, or of types, without words of a text."""
    if is_schema or _PLAIN.fullmatch(name):
        return name
    return _VERBS.get(name.split(" ", 1)[0].rstrip(":"), "An act on several documents")


def name_of_batch(documents: int) -> str:
    """Name an import by what is left of it."""
    return f"Import: {counted(documents, 'document')}" if documents else "Import"


_NAMES = Names(act=name_of_act, entry=name_of_entry, batch=name_of_batch)


def begin_removal(project: Project, keys: Sequence[int]) -> None:
    """Let nobody see these documents any more: from here on their removal is finished, at the next opening at last.

    Raises:
        RuleError: none is named. ProjectError: the disk has no room to write the file anew.
    """
    if not keys:
        raise RuleError("No document is chosen.", "Choose one first.")
    check_room(project)
    removing.hide(project, keys)


def check_room(project: Project) -> None:
    """Refuse to begin where the file could not be written anew.

    Raises:
        RuleError: there is too little room; it says how much is needed.
    """
    room = removing.room_for(project)
    if room.free < room.needed:
        raise RuleError(
            f"Removing for good writes the file anew and needs {_megabytes(room.needed)} free on the disk; "
            f"{_megabytes(room.free)} are.",
            "Free some room, then do it again.",
        )


def _megabytes(count: int) -> str:
    return f"{max(1, round(count / 1_000_000)):,} MB"


def finish_removal(
    project: Project,
    *,
    at: float,
    annotator: str,
    report: Callable[[int, int, str], None],
    is_stopped: Callable[[], bool] = lambda: False,
) -> Removed:
    """Do what is left of removals that began, here or in a sitting that ended; nothing if none did.

    Raises:
        Cancelled: `report` said so; what is left is done at the next opening. ProjectError: the disk refused.
    """
    waiting = removing.pending(project)
    if not waiting:
        return Removed(documents=0, swept=True)
    total = waiting.get("count", 0)
    if total:
        _take_out(project, total, report)
        name = f"Removed for good: {counted(total, 'document')}"
        removing.conclude(project, _NAMES, name=name, at=at, annotator=annotator)
    report(total, total + 1, "Writing the file anew")
    swept = removing.sweep(project, is_stopped=is_stopped)
    return Removed(documents=total, swept=swept)


def _take_out(project: Project, total: int, report: Callable[[int, int, str], None]) -> None:
    keys = removing.waiting_documents(project)
    for first in range(0, len(keys), CHUNK):
        done = total - len(keys) + first
        report(done, total + 1, f"Removing for good, {done:,} of {total:,}")
        removing.take_out(project, keys[first : first + CHUNK], _NAMES)
