"""Looks at backups and at projects that were made of them: each is whole, or it is not there."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from annotator.workflows.backups import backup_root
from tests.stress.model import Model
from tests.stress.state import Reader, State, copied, difference, told


def damage(connection: sqlite3.Connection) -> list[str]:
    """Give what SQLite finds wrong with a database."""
    whole = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    return [f"integrity_check: {line}" for line in whole if line != "ok"] + [
        f"foreign_key_check: {tuple(row)}" for row in loose
    ]


def judge_backups(model: Model) -> list[str]:
    """Compare every backup that was not looked at yet with what it must hold; the model still is as it was said.

    A backup of which nobody was told holds what was there when its making began; it changes nothing itself.
    """
    found = []
    there = {str(path) for path in backup_root().rglob("*.annot")}
    found += [
        f"backup {Path(name).name} was made, and is gone" for name in model.backups if name not in there
    ]
    unseen = there - model.seen
    strangers = unseen - model.backups.keys()
    if strangers and not any(act.kind in ("backup", "put back") for act in model.begun.values()):
        found.append(f"backups are there that nobody made: {sorted(strangers)}")
    for name in sorted(unseen):
        state, breaches = look(Path(name))
        found += [f"backup {Path(name).name}: {line}" for line in breaches]
        wanted = model.backups.setdefault(name, copied(model.state))
        if state is not None and (changed := difference(wanted, state)):
            found.append(f"backup {Path(name).name} holds something else: {told(changed)}")
        model.seen.add(name)
    return found + _judge_copied(model)


def look(path: Path) -> tuple[State | None, list[str]]:
    """Read a copy without changing it."""
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        with contextlib.closing(connection):
            return Reader(connection).read(), damage(connection)
    except sqlite3.Error as error:
        return None, [f"SQLite cannot read it: {error}"]


def _judge_copied(model: Model) -> list[str]:
    begun = {
        act.expected["copied"]: act.expected["backup"]
        for act in model.begun.values()
        if "copied" in act.expected
    }
    found = []
    for name, backup in (begun | model.copied).items():
        path = Path(name)
        if not path.exists():
            if name in model.copied:
                found.append(f"{path.name} was made of a backup, and is gone")
            continue
        state, breaches = look(path)
        found += [f"{path.name}, made of a backup: {line}" for line in breaches]
        if state is not None and (changed := difference(model.backups[backup], state)):
            found.append(f"{path.name} is not what it was made of: {told(changed)}")
        path.unlink()
    model.copied.clear()
    return found
