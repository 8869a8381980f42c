"""Opens what a killed victim left and looks whether all is there that was said, and nothing half done beside it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.model.document import content_hash
from annotator.model.errors import ProjectError
from annotator.store.journal import read_columns
from annotator.workflows.checking import check
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.stress.copies import damage, judge_backups
from tests.stress.desk import ANNOTATOR, Begun
from tests.stress.explaining import unexplained
from tests.stress.files import judge_files
from tests.stress.gone import half_removed
from tests.stress.model import Model
from tests.stress.state import APPENDED, JOURNALLED, Difference, Reader, State, bring_up, difference, told
from tests.stress.texts import SUGGESTER, proposals

PARTS_OF_A_FILE = ("", "-wal", "-journal")
ONE_STEP = frozenset({"decision", "types", "patterns", "undo", "redo", "import", "same words"})
"""Kinds of acts that make one entry in the journal."""
FINISHED_LATER = frozenset({"removal", "showing"})
"""Kinds of acts that the next opening finishes."""


def judge(path: Path, model: Model) -> list[str]:
    """Give one line for everything that is not as it must be; the model is brought up to what was found."""
    before, breaches = _look_untouched(path)
    try:
        session = open_project(path, annotator=ANNOTATOR)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
        return [*breaches, f"it does not open: {error!r}"]
    try:
        reader = Reader(session.project.connection)
        state = reader.read()
        model.shapes = reader.shapes
        finishes = any(act.kind in FINISHED_LATER for act in model.begun.values())
        if before is not None and not finishes and (changed := difference(before, state)):
            breaches.append(f"opening changed {told(changed)}")
        breaches += _Comparison(model, state, session).breaches()
        breaches += unexplained(session.project)
        breaches += _held_together(session, state)
        breaches += [str(breach.message) for breach in check(session.project).breaches]
        breaches += judge_backups(model)
        model.state = state
    finally:
        session.close()
    breaches += judge_files(path, model)
    breaches += _look_at_file(path)
    model.begun.clear()
    return breaches


def _look_untouched(path: Path) -> tuple[State | None, list[str]]:
    """Look at copies of what was left, before the program touched it: as SQLite sees it, and as a reader does."""
    with tempfile.TemporaryDirectory() as folder:
        found = _look_as_reader(_copied(path, Path(folder) / "read"))
        copy = _copied(path, Path(folder) / "raw")
        try:
            with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                return Reader(connection).read(), found + damage(connection)
        except sqlite3.Error as error:
            return None, [*found, f"SQLite cannot read what was left: {error}"]


def _copied(path: Path, folder: Path) -> Path:
    folder.mkdir()
    for part in PARTS_OF_A_FILE:
        each = path.with_name(path.name + part)
        if each.exists():
            shutil.copy(each, folder / each.name)
    return folder / path.name


def _look_as_reader(path: Path) -> list[str]:
    """Open what was left for reading: nothing of an import that was not published may be seen."""
    try:
        session = open_project(path, annotator=ANNOTATOR, read_only=True)
    except ProjectError as error:
        # A transaction of a file without a write-ahead log can be taken back only by writing; then it says so.
        return [] if "-journal" in error.what else [f"it does not open for reading: {error}"]
    try:
        batches = session.project.rows("SELECT key FROM batch WHERE state = 'published'")
        published = {row[0] for row in batches}
        keys = session.document_keys()
        seen = {session.document(key).batch for key in keys} - published
        found = [f"documents of imports {sorted(seen)} can be seen, which were not published"] if seen else []
        if session.counts().all != len(keys):
            found.append(f"{len(keys)} documents can be seen, and {session.counts().all} are counted")
        return found
    finally:
        session.close()


def _look_at_file(path: Path) -> list[str]:
    """Look at the closed project: whole, and alone."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        found = damage(connection)
    left = [each.name for each in path.parent.iterdir() if each.name.startswith(path.name)]
    beside = [name for name in left if name != path.name and ".backup" not in name]
    return found + [f"{name} is left beside the closed project" for name in beside]


class _Comparison:
    """What is there against what was said, and what was only begun."""

    def __init__(self, model: Model, state: State, session: Session) -> None:
        self._model = model
        self._state = state
        self._session = session
        self._begun = list(model.begun.values())
        self._predicted: State = {name: dict(rows) for name, rows in model.state.items()}
        self._touched: set[int] = set()
        self._everywhere = False
        self._found: list[str] = []

    def breaches(self) -> list[str]:
        """Give what differs and may not."""
        changed = difference(self._model.state, self._state)
        if not changed:
            return []
        for act in self._begun:
            if act.kind == "put back" and not difference(
                self._model.backups[act.expected["backup"]], self._state
            ):
                return []
            if act.kind == "removal":
                return half_removed(self._model, self._state, changed, set(act.expected["documents"]))
        if not self._begun:
            return [f"nothing was begun, and this is not as it was said to be: {told(changed)}"]
        steps = sorted(self._state["step"].keys() - self._model.state["step"].keys())
        allowed = sum(act.kind in ONE_STEP for act in self._begun)
        if len(steps) > allowed:
            self._found.append(
                f"{len(steps)} steps are there that nobody was told of; begun were {self._names()}"
            )
        for step in steps:
            self._take_step(step)
        if steps:
            self._take_what_is_live()
        self._take_documents()
        self._take_rest(difference(self._predicted, self._state))
        return self._found

    def _names(self) -> str:
        return ", ".join(f"{act.kind} {act.words}" for act in self._begun)

    def _take_step(self, step: int) -> None:
        """Follow a step that nobody was told of: each of its changes must begin where the rows were."""
        shape = self._model.shapes["step"]
        row = shape.named(self._state["step"][step])
        self._everywhere |= bool(row["everywhere"])
        forward = row["kind"] != "undo"
        targets = sorted(key[0] for key in self._state["reversal"] if key[1] == step) or [step]
        for target in targets if forward else reversed(targets):
            keys = sorted(key for key in self._state["change"] if key[0] == target)
            if not keys:
                self._found.append(f"step {step} is there without what it did")
            for key in keys if forward else reversed(keys):
                self._take_change(
                    step, self._model.shapes["change"].named(self._state["change"][key]), forward
                )
        for name in APPENDED:
            column = {"step": "key", "change": "step", "reversal": "entry", "step_document": "step"}[name]
            place = self._model.shapes[name].columns.index(column)
            rows = {key: each for key, each in self._state[name].items() if each[place] == step}
            self._predicted[name].update(rows)
            if name == "step_document":
                document = self._model.shapes[name].columns.index("document")
                self._touched |= {each[document] for each in rows.values()}

    def _take_what_is_live(self) -> None:
        """Accept that a new step changed what can be undone and redone; `unexplained` looks whether rightly."""
        live = self._model.shapes["step"].place("live")
        for key, row in self._predicted["step"].items():
            now = self._state["step"].get(key)
            if now is not None and live is not None:
                self._predicted["step"][key] = (*row[:live], now[live], *row[live + 1 :])

    def _take_change(self, step: int, change: dict[str, Any], forward: bool) -> None:  # noqa: FBT001
        name, key = change["table"], change["row"]
        sides = read_columns(change["before"]), read_columns(change["after"])
        old, new = sides if forward else (sides[1], sides[0])
        shape = self._model.shapes[name]
        have = self._predicted[name].get(key)
        if have is None:
            arrived = old is not None and old["version"] == 0 and name in ("batch", "type")
            if old is not None and not arrived:
                self._found.append(f"step {step} changes {name} {key}, which was not there")
        elif old is None or any(
            value != shape.named(have).get(column, value) for column, value in old.items()
        ):
            self._found.append(f"step {step} begins with another {name} {key} than was there")
        if new is None:
            self._predicted[name].pop(key, None)
        else:
            there = self._state[name].get(key)
            named = {} if there is None else shape.named(there)
            self._predicted[name][key] = tuple(new.get(column, named.get(column)) for column in shape.columns)

    def _take_documents(self) -> None:
        """Accept the documents of an import that was published whole."""
        new = self._state["document"].keys() - self._predicted["document"].keys()
        imports = [act for act in self._begun if act.kind == "import"]
        if not new or not imports:
            return
        place = self._model.shapes["content"].columns.index("text")
        hashes = sorted(content_hash(self._state["content"][key][place]) for key in new)
        expected = imports[0].expected["hashes"]
        whole = set(hashes) <= set(expected) if imports[0].expected.get("replaced") else hashes == expected
        if not whole:
            self._found.append(
                f"half of an import can be seen: {len(hashes)} of {len(expected)} documents ({imports[0].words})"
            )
        self._touched |= new
        self._predicted["document"].update({key: self._state["document"][key] for key in new})
        for name in ("tokenization", "span", "relation", "rejection"):
            shape = self._model.shapes[name]
            document = shape.place("document")
            document = shape.key[0] if document is None else document
            for key, row in self._state[name].items():
                if row[document] in new and key not in self._predicted[name]:
                    self._predicted[name][key] = row

    def _take_rest(self, changed: Difference) -> None:
        """Look at what no step explains: it must be of the machine's, or a setting that was being kept."""
        wrong = {name: rows for name, rows in changed.items() if name in JOURNALLED or name in APPENDED}
        if wrong:
            self._found.append(f"half done, or lost: {told(wrong)}; begun were {self._names()}")
        for run in [act for act in self._begun if act.kind == "candidates"]:
            self._found += self._half_chunks(run, changed)
            self._touched |= set(run.expected["documents"])
        for choice in [act for act in self._begun if act.kind == "showing"]:
            self._touched |= set(choice.expected["documents"])
        for name, rows in changed.items():
            if name in wrong:
                continue
            if name == "setting":
                self._take_settings(rows)
                continue
            shape = self._model.shapes[name]
            document = shape.place("document")
            if document is None or self._everywhere:
                continue
            both = [row or self._model.state[name][key] for key, row in rows.items()]
            strange = {row[document] for row in both} - self._touched
            if strange:
                self._found.append(f"{name} of documents {sorted(strange)[:5]} changed, which nobody touched")

    def _take_settings(self, rows: dict[Any, Any]) -> None:
        begun = [act.expected for act in self._begun if act.kind in {"setting", "showing"}]
        names = {each["name"] for each in begun}
        if set(rows) - names:
            self._found.append(f"settings {sorted(set(rows) - names)} changed, which nobody set")
        for each in begun:
            if each["name"] in rows and self._session.setting(each["name"]) != each["value"]:
                self._found.append(f"setting {each['name']} is half kept")

    def _half_chunks(self, run: Begun, changed: Difference) -> list[str]:
        """Candidates come for a chunk of documents at once, or for none of it."""
        met = set(changed.get("suggested", ()))
        documents, size = run.expected["documents"], run.expected["chunk"]
        shape = self._model.shapes["document"]
        found = []
        for start in range(0, len(documents), size):
            chunk = [
                key
                for key in documents[start : start + size]
                if shape.named(self._state["document"][key])["state"] in ("to do", "in progress")
            ]
            there = met & set(chunk)
            if there and there != set(chunk):
                found.append(f"candidates came for {len(there)} of {len(chunk)} documents of a chunk")
            found += [line for key in sorted(there) if (line := self._half_candidates(key))]
        return found

    def _half_candidates(self, document: int) -> str:
        """Compare the candidates of a document with what was proposed for it."""
        known = self._session.project.types
        wanted = set()
        for each in proposals(self._session.text(document)):
            with contextlib.suppress(KeyError):
                from annotator.store.rows import what_columns

                wanted.add(tuple(what_columns(each.what, known).values()))
        shape = self._model.shapes["candidate"]
        rows = [shape.named(row) for row in self._state["candidate"].values()]
        have = {
            tuple(row[name] for name in ("type", "head", "head_type", "child", "child_type"))
            for row in rows
            if row["document"] == document and row["suggester"] == SUGGESTER
        }
        return "" if have == wanted else f"document {document} has {len(have)} of {len(wanted)} candidates"


def _held_together(session: Session, state: State) -> list[str]:
    """Look at what must agree whatever happened: every document whole, every count right, the index complete."""
    project = session.project
    documents = set(state["document"])
    found = [
        f"{name} has other documents than there are: {sorted(set(state[name]) ^ documents)[:5]}"
        for name in ("content", "tokenization", "tally")
        if set(state[name]) != documents
    ]
    layers = {row[0] for row in project.rows("SELECT document FROM layer")}
    if layers != documents:
        found.append(f"layers of other documents than there are: {sorted(layers ^ documents)[:5]}")
    indexed = {row[0] for row in project.rows("SELECT id FROM search_docsize")}
    if indexed != documents:
        found.append(f"other documents can be searched than there are: {sorted(indexed ^ documents)[:5]}")
    kept = sorted(tuple(row) for row in project.rows(_KEPT_COUNTS))
    if kept != (real := sorted(tuple(row) for row in project.rows(_REAL_COUNTS))):
        found.append(f"documents are counted {kept}, and are {real}")
    if project.rows("SELECT 1 FROM batch WHERE state = 'pending'"):
        found.append("a batch of a killed import is still there")
    for name, last in project.rows("SELECT name, seq FROM sqlite_sequence"):
        if (highest := project.value(f"SELECT max(key) FROM {name}")) is not None and highest > last:
            found.append(f"{name} could use the key {highest} twice")
    found += _wrong_tallies(session)
    return found


_KEPT_COUNTS = "SELECT batch, state, flagged, documents FROM document_count WHERE documents <> 0"
_REAL_COUNTS = (
    "SELECT batch, state, flagged, count(*) FROM document WHERE NOT removed GROUP BY batch, state, flagged"
)


def _wrong_tallies(session: Session) -> list[str]:
    found = []
    for key in session.document_keys():
        row, annotations = session.row(key), session.annotations(key)
        counted = len(annotations.spans), len(annotations.relations), annotations.rejected, annotations.left
        if (row.spans, row.relations, row.rejected, row.undecided) != counted:
            found.append(f"document {key} is counted wrong")
    return found


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Session]:
    """Open a project for a look, and close it."""
    session = open_project(path, annotator=ANNOTATOR)
    try:
        yield session
    finally:
        session.close()


def take_back(path: Path, model: Model, *, start: State, first: int) -> list[str]:
    """Undo all that was done since a step, look whether the rows are those of then, and redo all of it."""
    with opened(path) as session:
        count = 0
        while (step := session.undoable(None)) is not None and step.key > first:
            session.undo(None)
            count += 1
        found = _unlike_start(Reader(session.project.connection), start)
        for _ in range(count):
            if session.redo(None) is None:
                found.append("not all that was undone can be redone")
                break
        now = Reader(session.project.connection).read()
    end = {name: rows for name, rows in difference(model.state, now).items() if name in JOURNALLED}
    if end:
        found.append(f"undoing and redoing {count} acts changed {told(end)}")
    bring_up(model.state, difference(model.state, now))
    return found


def _unlike_start(reader: Reader, start: State) -> list[str]:
    """Compare with the rows of the beginning; what imports brought since is hidden."""
    found = []
    now = reader.read()
    batches = reader.shapes["batch"]
    shown = {key for key, row in now["batch"].items() if batches.named(row)["state"] == "published"} - start[
        "batch"
    ].keys()
    if shown:
        found.append(f"all is undone, and the imports {sorted(shown)} are still shown")
    for name in JOURNALLED:
        same = {key: row for key, row in now[name].items() if key in start[name]}
        if other := difference({name: start[name]}, {name: same}):
            found.append(f"all is undone, and this is not as at the start: {told(other)}")
    shape = reader.shapes["document"].columns.index("batch")
    arrived = {key for key, row in now["document"].items() if row[shape] not in start["batch"]}
    for name in ("span", "relation", "rejection"):
        place = reader.shapes[name].columns.index("document")
        more = {key for key, row in now[name].items() if key not in start[name] and row[place] not in arrived}
        if more:
            found.append(f"all is undone, and {name} {sorted(more)[:5]} are still there")
    return found
