"""What must hold: everything that a victim said is done, and what it had only begun when it died."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.model.document import content_hash
from tests.stress.desk import Begun, Done, Made
from tests.stress.state import Shape, State, bring_up, copied, told


@dataclass(slots=True)
class Model:
    """What a project and the files beside it must hold, told by its victims.

    Args:
        state: every row. files: SHA-256 of every file that was written beside the project, empty for none.
        made: projects made beside it, by path. copied: projects made of backups, by path.
        backups: what each of them holds. seen: those that were looked at.
        begun: acts of the living or last victim that did not return.
    """

    state: State
    shapes: dict[str, Shape]
    files: dict[str, str] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    copied: dict[str, str] = field(default_factory=dict)
    backups: dict[str, State] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    begun: dict[int, Begun] = field(default_factory=dict)
    acknowledged: int = 0

    def hear(self, message: Begun | Done) -> list[str]:
        """Take a message of a victim; gives what is wrong with it."""
        if isinstance(message, Done):
            return self.end(message)
        self.begin(message)
        return []

    def begin(self, act: Begun) -> None:
        """Take word of an act that is about to happen."""
        self.begun[act.number] = act
        for name in (*act.expected.get("files", ()), *filter(None, [act.expected.get("manifest")])):
            self.files.setdefault(name, "")

    def end(self, done: Done) -> list[str]:
        """Take word of an act that returned; gives what in it is not as it should be."""
        act = self.begun.pop(done.number)
        alone = not self.begun
        self.acknowledged += 1
        if "backup" in done.told and not done.refused:
            # Putting back keeps what was there before, so that is taken before the difference is.
            self.backups[done.told["backup"]] = copied(self.state)
        bring_up(self.state, done.changed)
        self.files.update(done.files)
        if "made" in act.expected:
            self.made[act.expected["made"].path] = act.expected["made"]
        if "copied" in act.expected:
            self.copied[act.expected["copied"]] = act.expected["backup"]
        name = f"{act.kind} {act.words}".strip()
        found = []
        if done.refused:
            if done.changed and alone:
                found.append(f"{name} was refused and changed {told(done.changed)}")
            return found
        if done.step is not None and done.step not in self.state["step"]:
            found.append(f"{name} is said to be step {done.step}, which is not there")
        if alone:
            found += self._as_told(name, done)
            found += self._brought(name, act, done)
        return found

    def _brought(self, name: str, act: Begun, done: Done) -> list[str]:
        """Look whether the texts of an import are there."""
        if act.kind != "import":
            return []
        place = self.shapes["content"].columns.index("text")
        there = {content_hash(row[place]) for row in self.state["content"].values()}
        missing = len(set(act.expected["hashes"]) - there)
        wanted = len(act.expected["hashes"]) - done.told["documents"]
        if missing > wanted:
            return [f"{name} says {done.told['documents']} documents, and {missing} of its texts are missing"]
        return []

    def _as_told(self, name: str, done: Done) -> list[str]:
        """Compare what listeners were told of rows with the rows."""
        found = []
        for table, key, version in done.rows:
            row = self.state[table].get(key)
            place = self.shapes[table].place("version")
            assert place is not None, "journalled rows have a version"
            has = None if row is None else row[place]
            if has != version:
                found.append(f"{name} told {table} {key} version {version}; it has {has}")
        return found
