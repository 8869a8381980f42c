"""Many kills over a few projects, each used on after every kill, and a table of what came of it.

    python -m tests.stress.campaign --kills 300 --seed 1

A seed gives the same projects, acts and moments; what the clock decides is as near as the machine allows. A breach
names the seed and the kill, and keeps the folder of its project.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from annotator.workflows.importing import import_documents
from annotator.workflows.projects import open_project
from annotator.workflows.suggesting import suggest
from tests.builders import a_project
from tests.stress import migrations, syncing
from tests.stress.desk import ANNOTATOR
from tests.stress.driver import Killed, Moment, choose, preload, run
from tests.stress.judging import judge, take_back
from tests.stress.model import Model
from tests.stress.state import Reader, State
from tests.stress.texts import PlainMachine, write_tasks

A_PROJECT = 50
"""Kills over one project, before all that was done to it is undone and the next one is begun."""
MIGRATIONS = 0.1
"""Share of kills that old projects get while they are opened."""
SYNCS = 0.2
"""Share of kills while a project is brought into step with a server."""


@dataclass(slots=True)
class Result:
    """What came of a campaign; `talk` lets it say from time to time how far it is."""

    talk: bool = False
    projects: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    inside: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    means: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    verified: int = 0
    survived: int = 0
    breaches: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def killed(self) -> int:
        """Count the kills."""
        return sum(self.kills.values())

    def count(self, killed: Killed) -> None:
        """Count one kill under each kind of act that was on its way."""
        name = killed.during
        self.kills[name] += 1
        self.inside[name] += killed.inside
        self.means[killed.moment.means] += 1
        if killed.inside:
            self.places[killed.place.name.lower() if killed.place else "a call outside"] += 1


def main(arguments: list[str] | None = None) -> int:
    """Run a campaign and print its table; 1 where anything was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=320)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--fault", default="", help="make the program worse, to see that it is noticed")
    asked = parser.parse_args(arguments)
    result = campaign(kills=asked.kills, seed=asked.seed, fault=asked.fault, talk=True)
    print(table(result, seed=asked.seed))
    return 1 if result.breaches else 0


def campaign(*, kills: int, seed: str, fault: str = "", talk: bool = False) -> Result:
    """Kill so many victims, and judge what each of them left; with a fault, until it is noticed."""
    result = Result(talk=talk)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="stress-"))
    for_migrations = 0 if fault else round(kills * MIGRATIONS)
    for_syncs = 0 if fault else round(kills * SYNCS)
    others = kills - for_migrations - for_syncs
    while result.killed < others and not (fault and result.breaches):
        wanted = min(A_PROJECT, others - result.killed)
        place = folder / f"project-{result.projects}"
        use(place, seed=f"{seed}/{result.projects}", result=result, kills=wanted, more=("--fault", fault))
    with at_home(folder / "migrations" / "home"):
        migrations.kill(folder / "migrations", kills=for_migrations, seed=seed, result=result)
    with at_home(folder / "syncing" / "home"):
        syncing.kill(folder / "syncing", kills=for_syncs, seed=seed, result=result)
    result.seconds = time.monotonic() - began
    if not result.breaches:
        shutil.rmtree(folder)
    return result


def use(
    folder: Path,
    *,
    seed: str,
    result: Result,
    kills: int,
    more: tuple[str, ...] = (),
    moments: Callable[[Random], Moment] | None = None,
) -> None:
    """Make a project, kill so many victims over it, and take back all that they did.

    Args:
        more: arguments for the victims. moments: chooses when to kill.
    """
    result.projects += 1
    with at_home(folder / "home"):
        _Run(folder, seed=seed, result=result, more=more, moments=moments).kill(kills)


@contextlib.contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Let settings and backups of this process and of its victims lie in a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    before = os.environ.get("ANNOTATOR_SETTINGS")
    os.environ["ANNOTATOR_SETTINGS"] = str(folder)
    try:
        yield
    finally:
        del os.environ["ANNOTATOR_SETTINGS"]
        if before is not None:
            os.environ["ANNOTATOR_SETTINGS"] = before


class _Run:
    """The kills over one project."""

    def __init__(
        self,
        folder: Path,
        *,
        seed: str,
        result: Result,
        more: tuple[str, ...],
        moments: Callable[[Random], Moment] | None,
    ) -> None:
        self._rng = Random(seed)
        self._seed = seed
        self._result = result
        self._more = more
        self._library = library = preload(folder.parent)
        self._choose = moments or (lambda rng: choose(rng, preloaded=library is not None))
        self._path, self._start, self._first, self._model = begin(folder / "work", self._rng)

    def kill(self, kills: int) -> None:
        """Kill so many times, or to the first breach; then take everything back."""
        number = died = 0
        while died < kills:
            number += 1
            killed = run(
                self._path,
                self._choose(self._rng),
                seed=f"{self._seed}/{number}",
                first=self._first,
                hear=self._model.hear,
                library=self._library,
                more=self._more,
            )
            killed.kinds = tuple(act.kind for act in self._model.begun.values())
            killed.breaches += judge(self._path, self._model)
            self._note(killed, number)
            if killed.breaches:
                return
            died += killed.by_kill
        self._result.breaches += [
            f"seed {self._seed}, at the end: {line}"
            for line in take_back(self._path, self._model, start=self._start, first=self._first)
        ]

    def _note(self, killed: Killed, number: int) -> None:
        result = self._result
        result.verified += 1
        if killed.by_kill:
            result.count(killed)
        else:
            result.survived += 1
        result.acknowledged += self._model.acknowledged
        self._model.acknowledged = 0
        moment = killed.moment
        how = f"kill {number} {moment.means} (after {moment.after:.3f} s, number {moment.number})"
        named = [f"seed {self._seed}, {how}, in {self._path.parent}: {line}" for line in killed.breaches]
        result.breaches += named
        if result.talk and named:
            print("\n".join(named), flush=True)
        if result.talk and (killed.breaches or result.killed % 25 == 0):
            print(f"  {result.killed} kills, {len(result.breaches)} breaches", flush=True)


def begin(folder: Path, rng: Random) -> tuple[Path, State, int, Model]:
    """Make a project with some articles and candidates; gives its path, its rows, its last step, and its model."""
    folder.mkdir()
    session = a_project(folder, name="work")
    session.machine = PlainMachine()
    source = folder / "first.jsonl"
    write_tasks(source, rng, 12, name="first")
    import_documents(session, [source])
    source.unlink()
    suggest(session)
    session.close()
    session = open_project(session.path, annotator=ANNOTATOR)
    reader = Reader(session.project.connection)
    state = reader.read()
    session.close()
    kept = {name: dict(rows) for name, rows in state.items()}
    return session.path, state, max(state["step"]), Model(kept, reader.shapes)


def table(result: Result, *, seed: str) -> str:
    """Give the result as it is printed."""
    total, inside = result.killed, sum(result.inside.values())
    lines = [f"{'killed during':<28}{'kills':>7}{'inside a write':>16}"]
    lines += [f"{name:<28}{count:>7}{result.inside[name]:>16}" for name, count in result.kills.most_common()]
    lines += [f"{'all':<28}{total:>7}{inside:>16}", ""]
    lines.append("killed: " + ", ".join(f"{count} {name}" for name, count in result.means.most_common()))
    lines.append("inside: " + ", ".join(f"{count} {name}" for name, count in result.places.most_common()))
    lines.append(
        f"{result.acknowledged:,} acts acknowledged, {result.verified} looks at what was left ({result.survived} of "
        f"victims that came to their end), {result.projects} projects taken back to their start, "
        f"{len(result.breaches)} breaches, {result.seconds:.0f} s"
    )
    if total and inside * 2 < total:
        lines.append("Fewer than half of the kills were inside a write.")
    if result.breaches:
        lines += ["", *result.breaches, "", f"Again: make stress SEED={seed} KILLS={total}"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
