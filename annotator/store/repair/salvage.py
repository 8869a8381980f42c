"""Repairs a project file into a new one: `salvage` reads and mends, `finish` indexes, counts and closes.

Between the two, whoever can cut texts into tokens makes those again that `missing_tokens` lists.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotator.model.document import State, Tokens
from annotator.model.errors import NewerError, ProjectError
from annotator.model.packing import pack_numbers, pack_tokens
from annotator.model.wording import counted
from annotator.store.articles import refresh_tally
from annotator.store.batches import drop_pending
from annotator.store.documents import VISIBLE
from annotator.store.faults import told
from annotator.store.locking import Turn
from annotator.store.migrate import APPLICATION_ID, MAJOR
from annotator.store.project import Project
from annotator.store.repair import undo_end
from annotator.store.repair.gathering import TALLY, Gathered, Report, gather
from annotator.store.repair.mending import Mender
from annotator.store.repair.pages import Pages, opened
from annotator.store.repair.report import KINDS, Salvage
from annotator.store.repair.sources import PageSource, Source, sound_source
from annotator.store.search import add_to_index, searchable
from annotator.store.tables import TABLES

_TEXTS_AT_ONCE = 50


class Repair:
    """A new file in the making.

    Args:
        project: the new file, open for writing; nobody else knows it. outcome: what came back and what did not.
    """

    def __init__(self, project: Project, outcome: Salvage, gathered: Gathered, mender: Mender) -> None:
        self.project = project
        self.outcome = outcome
        self._gathered = gathered
        self._touched = mender.touched
        self._doubtful = mender.doubtful

    def missing_tokens(self) -> Iterator[list[tuple[int, str, str]]]:
        """Yield documents without tokens, some at a time: key, text, language."""
        keys = [
            row[0]
            for row in self.project.rows(
                "SELECT key FROM document WHERE key NOT IN (SELECT key FROM tokenization) ORDER BY key"
            )
        ]
        for first in range(0, len(keys), _TEXTS_AT_ONCE):
            some = keys[first : first + _TEXTS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            rows = self.project.rows(
                "SELECT document.key, text, language FROM document JOIN content ON content.document = document.key "
                f"WHERE document.key IN ({marks}) ORDER BY document.key",
                some,
            )
            yield [tuple(row) for row in rows]

    def set_tokens(self, document: int, tokens: Tokens, *, how: str = "") -> None:
        """Keep tokens that were made again, and tell of it; `how` says what was special about it."""
        with self.project.writing() as connection:
            connection.execute(
                "INSERT INTO tokenization (key, tokens, sentences, tokenizer, version) VALUES (?, ?, ?, ?, 0)",
                (document, pack_tokens(tokens), pack_numbers(tokens.sentences), tokens.tokenizer),
            )
        title = self.project.value("SELECT title FROM document WHERE key = ?", (document,))
        why = f"Its tokens were lost and are made again from the text{how}."
        self.outcome.lose("tokens", title, why, document=document, mended=True)

    def finish(self, report: Report, *, source: str, annotator: str) -> None:
        """Index, count, compare with what the damaged file counted, end undo where it must, and check everything.

        Raises:
            ProjectError: the new file is not sound after all.
        """
        project = self.project
        with project.writing():
            self._index(report)
            self._count(report)
            self._tell_what_cannot_be_told()
            project.forget_types()
            undo_end.end_undo(project, self._gathered, self._doubtful, self.outcome)
            _drop_hanging(project.connection)
        drop_pending(project)
        with project.writing() as connection:
            _set_used_keys(connection, self._gathered)
            self._count_back()
            if not self.outcome.whole:
                undo_end.add_entry(connection, name=_entry_name(self.outcome, source), annotator=annotator)
            connection.execute(f"DROP TABLE temp.{TALLY}")
        problems = project.rows("PRAGMA integrity_check(1)")[0][0], project.rows("PRAGMA foreign_key_check")
        if problems != ("ok", []):
            raise ProjectError(f"The repaired file is not sound: {problems[0]}.", "Report this, please.")

    def _index(self, report: Report) -> None:
        rows = self.project.connection.execute(
            "SELECT document.key, text, title FROM document JOIN content ON content.document = document.key"
        )
        for number, (key, text, title) in enumerate(rows):
            if number % 100 == 0:
                report(number, 0, "Indexing words")
            add_to_index(self.project, document=key, words=searchable(text, title))

    def _count(self, report: Report) -> None:
        """Count what stands in each document; one that holds less than it did and was done is in progress again."""
        project = self.project
        keys = [row[0] for row in project.rows("SELECT key FROM document ORDER BY key")]
        for number, key in enumerate(keys):
            if number % 100 == 0:
                report(number, len(keys), "Counting")
            refresh_tally(project, key)
        fewer = project.rows(
            "SELECT tally.document, document.title, old.spans - tally.spans, old.relations - tally.relations, "
            f"old.rejected - tally.rejected FROM temp.{TALLY} AS old "
            "JOIN tally ON tally.document = old.document JOIN document ON document.key = old.document "
            "WHERE old.spans > tally.spans OR old.relations > tally.relations OR old.rejected > tally.rejected"
        )
        named = {(lost.document, lost.kind) for lost in self.outcome.lost}
        for document, title, *counts in fewer:
            self._touched.add(document)
            for kind, count in zip(("span", "relation", "rejection"), counts, strict=True):
                if count > 0 and (document, kind) not in named:
                    why = f"{counted(count, kind)} could not be read."
                    self.outcome.lose(kind, title, why, count=count, document=document)
        undecided = project.rows(
            "SELECT key FROM document WHERE state = ? AND key IN (SELECT document FROM tally WHERE undecided > 0)",
            (State.DONE.value,),
        )
        for document in self._touched | {row[0] for row in undecided}:
            changed = project.connection.execute(
                "UPDATE document SET state = ? WHERE key = ? AND state = ?",
                (State.IN_PROGRESS.value, document, State.DONE.value),
            )
            if changed.rowcount:
                self._doubtful.add(("document", document))

    def _tell_what_cannot_be_told(self) -> None:
        """Say where decisions may be missing and nothing is left that counts them."""
        for kind in ("span", "relation", "rejection"):
            if self._gathered.is_sound(kind):
                continue
            uncounted = self.project.value(
                f"SELECT count(*) FROM document WHERE key NOT IN (SELECT document FROM temp.{TALLY})"
            )
            if uncounted:
                why = f"Some may be missing in {uncounted:,} documents whose counts are lost too."
                self.outcome.lose(kind, "Counts", why, mended=True)

    def _count_back(self) -> None:
        tables = {"text": "content", "tokens": "tokenization"}
        for kind in KINDS:
            self.outcome.back[kind] = self.project.value(f"SELECT count(*) FROM {tables.get(kind, kind)}")
        self.outcome.back["document"] = self.project.value(f"SELECT count(*) FROM document WHERE {VISIBLE}")


def _entry_name(outcome: Salvage, source: str) -> str:
    end = f": {outcome.undo_ends}" if outcome.undo_ends else ""
    return f"Repaired from {source}{end}"


@contextlib.contextmanager
def salvage(source: Path, made: Path, report: Report) -> Iterator[Repair]:
    """Read what is left of a project file and write it into a new file, which is gone again unless the block ends well.

    The damaged file and what stands beside it are only read.

    Raises:
        ProjectError: nothing can be read. NewerError: made by a newer program.
    """
    outcome = Salvage()
    try:
        with _source(source, outcome) as found:
            connection = sqlite3.connect(made, isolation_level=None)
            try:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("PRAGMA synchronous = OFF")
                gathered = gather(found, connection, report)
                project = Project(made, connection, read_only=False, turn=Turn())
                mender = _mend(project, gathered, outcome, report)
            except BaseException:
                connection.close()
                raise
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            yield Repair(project, outcome, gathered, mender)
        finally:
            connection.close()
    except sqlite3.Error as error:
        made.unlink(missing_ok=True)
        raise told(error, made) from error
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _mend(project: Project, gathered: Gathered, outcome: Salvage, report: Report) -> Mender:
    with project.writing() as connection:
        if not connection.execute("SELECT 1 FROM content LIMIT 1").fetchone() and not all(
            met.sound for met in gathered.met.values()
        ):
            raise ProjectError("Nothing can be read any more: no text is left.", "Look for a backup.")
        undo_end.restore_rows(connection, gathered)
        mender = Mender(connection, gathered, outcome, report)
        mender.run()
        _drop_hanging(connection, but=undo_end.JOURNAL)
    project.forget_types()
    return mender


@contextlib.contextmanager
def _source(path: Path, outcome: Salvage) -> Iterator[Source]:
    """Give the best way to read a file."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="annotator-")))
        sound = stack.enter_context(sound_source(path, folder))
        if sound is not None:
            outcome.remarks.append(f"{path.name} is sound: SQLite reads all of it.")
            yield sound
            return
        try:
            pages, remarks = stack.enter_context(opened(path))
        except OSError as error:
            raise told(error, path) from error
        _refuse_others(path, pages)
        outcome.remarks += remarks
        outcome.told += len(remarks)
        yield PageSource(pages)


def _refuse_others(path: Path, pages: Pages) -> None:
    """Refuse what is no project of ours, as far as that can still be told.

    Raises:
        ProjectError: empty, or another program's database. NewerError: made by a newer program.
    """
    head = pages.head
    if not pages.count:
        raise ProjectError(f"{path.name} is empty.", "Look for a backup.")
    if head.sound and head.application == APPLICATION_ID and MAJOR < head.version // 1000 < 100:
        raise NewerError(f"{path.name} was made by a newer annotator.", "Repair it with that one.")


def _drop_hanging(connection: sqlite3.Connection, *, but: Sequence[str] = ()) -> None:
    """Drop rows whose foreign keys lead nowhere, until there are none; those of some tables are left alone."""
    for _ in range(10):
        found = connection.execute("PRAGMA foreign_key_check").fetchall()
        hanging = {(table, rowid) for table, rowid, _, _ in found if table not in but}
        if not hanging:
            return
        for table, rowid in hanging:
            if rowid is not None:
                connection.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))
                continue
            for column in ("entry", "target") if table == "reversal" else ("step",):
                connection.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT key FROM step)")


def _set_used_keys(connection: sqlite3.Connection, gathered: Gathered) -> None:
    """Never give a key again that was given in the damaged file, as far as anything names it."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counted = [
        row[0]
        for row in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        if row[0] in names
    ]
    for name in counted:
        used = [gathered.used_keys.get(name, 0)]
        used.append(connection.execute(f"SELECT coalesce(max(key), 0) FROM {name}").fetchone()[0])
        used.append(
            connection.execute(
                'SELECT coalesce(max(row), 0) FROM change WHERE "table" = ?', (name,)
            ).fetchone()[0]
        )
        if name == "step":
            versions = (f"SELECT coalesce(max(version), 0) FROM {each}" for each in TABLES)
            used += [connection.execute(each).fetchone()[0] for each in versions]
        there = connection.execute("SELECT 1 FROM sqlite_sequence WHERE name = ?", (name,)).fetchone()
        if there:
            connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (max(used), name))
        else:
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, max(used)))
