"""Kills while an old project is brought to the newest shape.

It is then as it was, or wholly of a newer version, and the next opening goes on from there.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from annotator.store.migrate import latest
from annotator.workflows.backups import backup_root
from annotator.workflows.checking import check
from annotator.workflows.projects import open_project
from tests.data.describing import decided, settled
from tests.data.make_old_project import HERE
from tests.stress.board import Place
from tests.stress.copies import damage, look
from tests.stress.desk import ANNOTATOR
from tests.stress.driver import Killed, Means, Moment, preload, run
from tests.stress.explaining import unexplained
from tests.stress.state import State, difference, told

if TYPE_CHECKING:
    from tests.stress.campaign import Result

PARTS_OF_A_FILE = ("", "-wal", "-journal")
SURVIVED_IN_A_ROW = 20
"""Victims in a row that come to their end before the moments that are chosen are thought to be too late."""


def kill(folder: Path, *, kills: int, seed: str, result: Result) -> None:
    """Kill so many times while projects of older versions are opened, each until it is whole and new."""
    rng = Random(f"{seed}/migrations")
    library = preload(folder)
    olds = [path for path in sorted(HERE.glob("*.annot")) if int(path.stem) < latest()]
    died = survived = number = 0
    while olds and died < kills and survived < SURVIVED_IN_A_ROW:
        number += 1
        with contextlib.ExitStack() as later:
            later.callback(shutil.rmtree, backup_root(), ignore_errors=True)
            run_of = _Opening(folder / f"old-{number}", rng.choice(olds))
            while not run_of.is_new and died < kills:
                killed = run_of.kill(_moment(rng, preloaded=library is not None), library=library)
                result.verified += 1
                result.breaches += [f"seed {seed}, migration {number}: {line}" for line in killed.breaches]
                died += killed.by_kill
                survived = 0 if killed.by_kill else survived + 1
                if killed.by_kill:
                    result.count(killed)
                else:
                    result.survived += 1


def _moment(rng: Random, *, preloaded: bool) -> Moment:
    means = rng.choices(
        [Means.BOARD, Means.OPERATION, Means.CALL, Means.TORN], (2, 3, 4 * preloaded, 4 * preloaded)
    )[0]
    if means is Means.BOARD:
        places = rng.choice([{Place.MIGRATION}, {Place.BACKUP}, {Place.CHECKPOINT}])
        return Moment(means=means, early=True, places=frozenset(places))
    highest = 60 if means is Means.OPERATION else 150
    return Moment(means=means, number=rng.randint(1, highest))


def version_in(path: Path) -> int:
    """Give the version of the format of a file that nobody has open."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


class _Opening:
    """The opening of one old project, as often as it takes."""

    def __init__(self, folder: Path, old: Path) -> None:
        (folder / "work").mkdir(parents=True)
        self._path = folder / "work" / "work.annot"
        shutil.copy(old, self._path)
        self._holds: dict[str, Any] = json.loads(old.with_suffix(".json").read_text(encoding="utf-8"))
        self._version = int(old.stem)
        state, _ = look(old)
        assert state is not None, "a project that is kept can be read"
        self._old: State = state
        self.is_new = False

    def kill(self, moment: Moment, *, library: Path | None) -> Killed:
        """Open it in a victim that is killed, and judge what is left."""
        more = ("--acts", "0")
        killed = run(
            self._path, moment, seed="0", first=1 << 60, hear=lambda _: [], library=library, more=more
        )
        killed.kinds = ("migration",)
        killed.breaches += self._judge()
        return killed

    def _judge(self) -> list[str]:
        version, found = self._look_untouched()
        self.is_new = version == latest()
        found += self._judge_backups(version)
        if self.is_new:
            found += self._judge_new()
        return found

    def _judge_backups(self, version: int) -> list[str]:
        """Look at the copies made before each opening: the first is of the old project, later ones of steps between."""
        found = []
        versions = set()
        for backup in backup_root().rglob("*.annot"):
            state, breaches = look(backup)
            found += [f"backup {backup.name}: {line}" for line in breaches]
            versions.add(of := version_in(backup))
            if not self._version <= of < latest():
                found.append(f"backup {backup.name} is of version {of}")
            if of == self._version and state is not None and (changed := difference(self._old, state)):
                found.append(f"backup {backup.name} is not the old project: {told(changed)}")
        if version > self._version and self._version not in versions:
            found.append("it is new, and no backup of the old one was made")
        return found

    def _look_untouched(self) -> tuple[int, list[str]]:
        """Look at a copy of what was left: its version, and what is wrong with it; as it was where it is old."""
        folder = self._path.parent.parent / "copy"
        folder.mkdir(exist_ok=True)
        copy = folder / "work.annot"
        for part in PARTS_OF_A_FILE:
            copy.with_name(copy.name + part).unlink(missing_ok=True)
            each = self._path.with_name(self._path.name + part)
            if each.exists():
                shutil.copy(each, copy.with_name(copy.name + part))
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            version: int = connection.execute("PRAGMA user_version").fetchone()[0]
            found = damage(connection)
        state, more = look(copy) if version == self._version else (None, [])
        found += more
        if state is not None and (changed := difference(self._old, state)):
            found.append(f"it is of the old version, and not as it was: {told(changed)}")
        if not self._version <= version <= latest():
            found.append(f"it is of version {version}, which there is not")
        return version, found

    def _judge_new(self) -> list[str]:
        session = open_project(self._path, annotator=ANNOTATOR)
        try:
            found = [str(breach.message) for breach in check(session.project).breaches]
            found += unexplained(session.project)
            if decided(session) != self._holds["decided"]:
                found.append("it is new, and does not hold what was decided in the old one")
            beside = settled(session)
            found += [
                f"it is new, and {name} is not as it was"
                for name in beside
                if beside[name] != self._holds[name]
            ]
        finally:
            session.close()
        left = [each.name for each in self._path.parent.iterdir() if each != self._path]
        return found + [f"{name} is left beside the closed project" for name in left]
