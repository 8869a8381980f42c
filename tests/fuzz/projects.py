"""Breaks a sound project file at random, byte by byte or cell by cell, and uses what comes of it as a person would."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from annotator.editing import commands
from annotator.model.annotation import Fragment
from annotator.model.document import State
from annotator.model.errors import UserError
from annotator.workflows.checking import check_project
from annotator.workflows.exporting import ExportOptions, export
from annotator.workflows.projects import open_project
from annotator.workflows.session import DocumentFilter, Session

PATIENCE = 20
"""Seconds after which one case counts as hanging, on a machine that does much else."""
VALUES: tuple[Any, ...] = (
    None, 0, 1, -1, 7, 1 << 40, (1 << 63) - 1, -(1 << 63), 0.5, 1e308, float("inf"), -1e300,
    "", " ", "0", "x", "\0", "a\nb", "\u202egnp", "<b>&amp;</b>", "%s", "PERSON", "done", "published", "undo", "act",
    "0-1", "0-999999999", "5-2", "0-1,0-1", "--", "1-", "9" * 400, "0-1," * 200 + "0-1", "x" * 100_000,
    "{}", "[]", "[", "null", "1", '{"hex":3}', '{"hex":"zz"}', '{"a":{"b":1}}', '[["x"]]', "[" * 5000, "[1,2,99999]",
    b"", b"\x00", b"B", b"Q", b"B\x01", b"I\xff\xff\xff\xff", b"\xff\xfe", b"x" * 50_000,
)  # fmt: skip
"""What a cell may come to hold."""


class Hangs(Exception):
    """A case took longer than anybody waits."""


def break_cells(path: Path, chance: random.Random) -> str:
    """Put strange values into some cells of a project; gives what was done."""
    done = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("chance", 0, chance.random)
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            )
        ]
        for _ in range(chance.choice((1, 1, 2, 5))):
            table = chance.choice(tables)
            column = chance.choice([row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')])
            value = chance.choice(VALUES)
            some = "" if chance.random() < 0.5 else " WHERE chance() < 0.3"
            cast = "CAST(? AS TEXT)" if isinstance(value, bytes) and chance.random() < 0.5 else "?"
            statement = f'UPDATE OR IGNORE "{table}" SET "{column}" = {cast}{some}'
            with suppress(sqlite3.Error):
                connection.execute(statement, (value,))
                done.append(f"{statement} ← {str(value)[:30]!r}")
            if chance.random() < 0.2:
                gone = chance.choice(tables)
                with suppress(sqlite3.Error):
                    connection.execute(f'DELETE FROM "{gone}" WHERE chance() < 0.5')
                    done.append(f"DELETE FROM {gone}")
    return "; ".join(done)


def break_bytes(path: Path, chance: random.Random) -> str:
    """Change, cut or repeat bytes of a project file; gives what was done."""
    content = bytearray(path.read_bytes())
    done = []
    for _ in range(chance.choice((1, 1, 3, 20))):
        # Half of the time in the head of a page, where its structure stands.
        page = chance.randrange(len(content) // 4096) * 4096
        place = page + (chance.randrange(100) if chance.random() < 0.5 else chance.randrange(4096))
        kind = chance.choice(("set", "set", "run", "copy", "cut"))
        if kind == "set":
            content[place] = chance.randrange(256)
        elif kind == "run":
            content[place : place + 8] = bytes([chance.choice((0, 255))]) * 8
        elif kind == "copy":
            other = chance.randrange(len(content) // 4096) * 4096
            content[page : page + 4096] = content[other : other + 4096]
        elif chance.random() < 0.1:
            del content[max(place, 4096) :]
        done.append(f"{kind} {place}")
    path.write_bytes(content)
    return "; ".join(done)


BREAKERS: dict[str, Callable[[Path, random.Random], str]] = {"cells": break_cells, "bytes": break_bytes}


def run_case(sound: Path, breaker: str, seed: int) -> str:
    """Break a copy of a project and use it; gives what was done to it.

    Raises:
        Hangs: it took too long. Anything but a `UserError`: the program would have ended.
    """
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.annot"
        shutil.copy(sound, path)
        done = BREAKERS[breaker](path, chance)
        try:
            with _in_time():
                use(path)
        except Exception as error:
            error.add_note(f"{breaker} {seed}: {done}")
            raise
    return done


def use(path: Path) -> None:
    """Open a project and do with it what a person does; whatever cannot be done is refused with words."""
    with suppress(UserError):
        check_project(path)
    for read_only in (True, False):
        with suppress(UserError):
            session = open_project(path, annotator="Eve", read_only=read_only)
            try:
                for act in _acts(session, path.parent):
                    with suppress(UserError):
                        act()
            finally:
                session.close()


def _acts(session: Session, folder: Path) -> Iterator[Callable[[], object]]:
    """Give what a window does with a project, one after the other."""
    yield session.counts
    yield session.usage
    yield lambda: (session.name, session.language, session.schema, session.suggest_settings())
    yield lambda: [each.name for each in session.history(1000)]
    yield session.without_candidates
    yield lambda: session.documents(DocumentFilter(text="Lake", label="PERSON"))
    keys: list[int] = []
    yield lambda: keys.extend(session.document_keys()[:5])
    for key in keys:
        yield lambda key=key: session.row(key)  # type: ignore[misc]
        yield lambda key=key: (session.document(key), session.text(key))  # type: ignore[misc]
        yield lambda key=key: session.tokens(key)  # type: ignore[misc]
        yield lambda key=key: session.annotations(key)  # type: ignore[misc]
        yield lambda key=key: (session.undoable(key), session.redoable(key))  # type: ignore[misc]
    wanted = ExportOptions(format="jsonl", documents="all")
    yield lambda: export(session, folder / "out.jsonl", wanted)
    if session.read_only:
        return
    for key in keys:
        yield lambda key=key: session.do(commands.AddSpan(key, (Fragment(0, 3),), "PERSON"))  # type: ignore[misc]
        yield lambda key=key: session.do(commands.SetState(documents=(key,), state=State.TODO))  # type: ignore[misc]
        yield lambda key=key: session.undo(key, with_later=True)  # type: ignore[misc]
    yield lambda: session.do(commands.AcceptMany(done=True))
    for _ in range(4):
        yield lambda: session.undo(None)
        yield lambda: session.redo(None)


@contextmanager
def _in_time() -> Iterator[None]:
    """Raise `Hangs` where a case takes longer than anybody waits; where the system cannot, wait."""
    if sys.platform == "win32":
        yield
        return

    def ring(*_: object) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
