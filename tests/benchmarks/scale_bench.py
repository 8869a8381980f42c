"""Measures a project of many documents: import beside its parts, memory, size, opening, list, search, acts.

Run by hand: `python -m tests.benchmarks.scale_bench [documents] [plain|prose]`. Nothing is asserted: machines differ,
ratios travel better. The parts are what an import cannot do without, each run alone on the same texts in the same run:
reading JSON, cutting tokens with offsets, writing the very rows, indexing the very words.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from annotator.editing import commands
from annotator.model.annotation import Fragment
from annotator.model.document import State
from annotator.store.migrate import migrate
from annotator.store.search import searchable
from annotator.ui.app import SWITCH
from annotator.workflows.importing import CHUNK, LARGE, import_documents
from annotator.workflows.machine import start_worker
from annotator.workflows.projects import load_schema, new_project, open_project
from annotator.workflows.session import DocumentFilter, Session
from tests.benchmarks.corpora import write_jsonl

WITH_PARTS = 200_000
"""Documents up to which the parts are run too; of more, they say the same and take as long as the import."""
ACTS = 300
"""Single acts that are timed."""
AT_ONCE = CHUNK * LARGE
"""Documents that are written in one transaction, as an import does beside which nobody works."""
TABLES = ("document", "content", "tokenization", "layer", "span", "relation", "tally")
"""Tables that an import fills, in the order in which rows need each other; the index of words is a part of its own."""


def measure(count: int, kind: str) -> Iterator[str]:
    """Measure a corpus, and give one line for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, path = Path(folder, f"{kind}.jsonl"), Path(folder, f"{kind}.annot")
        size = write_jsonl(corpus, count, kind=kind)
        yield f"{kind}: {count:,} documents, {size / 1e6:,.0f} MB of JSONL"
        done = _in_a_process("import", corpus, path)
        if count <= WITH_PARTS:
            yield _beside_parts(done["seconds"], dict(_parts(corpus, path, Path(folder))))
        else:
            yield f"  import: {done['seconds']:.1f} s"
        told = f"{done['memory']:,} MB, its worker process {done['worker']:,} MB"
        yield f"  peak memory of the import: {told}"
        on_disk = path.stat().st_size
        yield f"  on disk: {on_disk / 1e6:,.0f} MB, {on_disk / size:.2f} times the JSONL"
        yield from _opened(path, count, kind)


def _beside_parts(seconds: float, parts: dict[str, float]) -> str:
    told = ", ".join(f"{name} {taken:.1f}" for name, taken in parts.items())
    total = sum(parts.values())
    return f"  import: {seconds:.1f} s; parts alone {total:.1f} s ({told}); ratio {seconds / total:.2f}"


def _opened(path: Path, count: int, kind: str) -> Iterator[str]:
    first = _in_a_process("open", path)
    yield f"  open to first article: {first['open']:.0f} ms, peak memory {first['memory']:,} MB"
    window = _in_a_process("window", path)
    yield f"  the same in the window, painted: {window['open']:.0f} ms, peak memory {window['memory']:,} MB"
    session = open_project(path, annotator="Mara")
    try:
        yield from _listed(session, count)
        yield from _acted(session, path)
        yield _during_an_import(session, path.parent, kind)
        began = time.perf_counter()
    finally:
        session.close()
    yield f"  closing: {(time.perf_counter() - began) * 1000:.0f} ms"


# --------------------------------------------------------------------------- parts


def _parts(corpus: Path, project: Path, folder: Path) -> Iterator[tuple[str, float]]:
    lines = corpus.read_text(encoding="utf-8").splitlines()
    began = time.perf_counter()
    texts = [json.loads(line)["text"] for line in lines]
    yield "JSON", time.perf_counter() - began
    del lines
    yield "tokens", _cut(texts)
    del texts
    rows, words = _written(project, folder / "bare.db", folder / "words.db")
    yield "rows", rows
    yield "words", words


def _cut(texts: list[str]) -> float:
    import spacy

    tokenizer = spacy.blank("en").tokenizer
    began = time.perf_counter()
    for text in texts:
        [(token.idx, token.idx + len(token)) for token in tokenizer(text)]
    return time.perf_counter() - began


def _written(project: Path, bare: Path, index: Path) -> tuple[float, float]:
    """Write the rows and the words of a project again, as many at once as an import does, and give the seconds."""
    rows = words = 0.0
    with (
        closing(sqlite3.connect(project)) as source,
        closing(sqlite3.connect(bare, isolation_level=None)) as target,
        closing(sqlite3.connect(index, isolation_level=None)) as found,
    ):
        migrate(target, start=0)
        target.execute("DROP TABLE search")
        target.execute("PRAGMA foreign_keys = ON")
        found.execute("CREATE VIRTUAL TABLE search USING fts5 (words, content = '', tokenize = 'unicode61')")
        for connection in (target, found):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        for table in ("batch", "type"):
            _copy(target, table, source.execute(f"SELECT * FROM {table}").fetchall())
        last = source.execute("SELECT max(key) FROM document").fetchone()[0]
        for first in range(1, last + 1, AT_ONCE):
            some = [(table, _of(source, table, first)) for table in TABLES]
            began = time.perf_counter()
            target.execute("BEGIN IMMEDIATE")
            for table, found_rows in some:
                _copy(target, table, found_rows)
            target.execute("COMMIT")
            rows += time.perf_counter() - began
            texts = source.execute(
                "SELECT key, text, title FROM document JOIN content ON document = key WHERE key >= ? AND key < ?",
                (first, first + AT_ONCE),
            )
            told = [(key, searchable(text, title)) for key, text, title in texts]
            began = time.perf_counter()
            found.execute("BEGIN IMMEDIATE")
            found.executemany("INSERT INTO search (rowid, words) VALUES (?, ?)", told)
            found.execute("COMMIT")
            words += time.perf_counter() - began
    return rows, words


def _of(source: sqlite3.Connection, table: str, first: int) -> list[Any]:
    column = "key" if table in ("document", "tokenization") else "document"
    return source.execute(
        f"SELECT * FROM {table} WHERE {column} >= ? AND {column} < ?", (first, first + AT_ONCE)
    ).fetchall()


def _copy(target: sqlite3.Connection, table: str, rows: list[Any]) -> None:
    if rows:
        target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


# --------------------------------------------------------------------------- one process each


def _in_a_process(what: str, *paths: Path) -> dict[str, Any]:
    """Do something in a process of its own, whose memory is that of nothing else, and give what it says."""
    command = [sys.executable, "-m", "tests.benchmarks.scale_bench", f"--{what}", *map(str, paths)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"} if what == "window" else dict(os.environ)
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def _memory(process: int | str = "self") -> int:
    """Give the peak of resident memory in MB."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def _import_alone(corpus: Path, path: Path) -> dict[str, Any]:
    session = new_project(path, name="bench", schema=load_schema("news"), language="en", annotator="Mara")
    worker: Any = start_worker(session)
    began = time.perf_counter()
    import_documents(session, [corpus])
    seconds = time.perf_counter() - began
    told = {"seconds": seconds, "memory": _memory(), "worker": _memory(worker.process_id)}
    session.close()
    return told


def _open_alone(path: Path) -> dict[str, Any]:
    began = time.perf_counter()
    session = open_project(path, annotator="Mara")
    session.counts()
    row = session.documents(limit=50)[0]
    for ask in (session.text, session.tokens, session.annotations):
        ask(row.key)
    taken = time.perf_counter() - began
    told = {"open": taken * 1000, "memory": _memory()}
    session.close()
    return told


def _window_alone(path: Path) -> dict[str, Any]:
    from PySide6.QtCore import QObject

    from annotator.ui import opening
    from annotator.ui.app import make_application
    from annotator.ui.window import MainWindow

    application = make_application()
    window = MainWindow(annotator="Mara")
    window.show()
    application.processEvents()
    # The worker process begins beside it; what it costs is not part of what is seen.
    setattr(opening, "start_worker", lambda _session: None)  # noqa: B010 - for this process alone
    setattr(window.work, "suggest_missing", lambda: None)  # noqa: B010
    began = time.perf_counter()
    window.open_project(path)
    view: QObject = window.centre.view
    assert view is not None
    window.repaint()
    application.processEvents()
    taken = time.perf_counter() - began
    told = {"open": taken * 1000, "memory": _memory()}
    window.close()
    return told


# --------------------------------------------------------------------------- an open project


def _listed(session: Session, count: int) -> Iterator[str]:
    last = session.last_key()
    chance = random.Random(3)
    places = [chance.randrange(last) for _ in range(50)]
    yield _told("page of the list", [_timed(partial(session.documents, after=at, limit=50)) for at in places])
    few = session.document_keys()[-20:]
    session.do(commands.SetState(documents=tuple(few), state=State.SKIPPED, reason="for the bench"))
    session.do(commands.SetFlag(kind=None, key=few[-1], flagged=True))
    filters = {
        "state, many": DocumentFilter(state=State.IN_PROGRESS),
        "state, few at the end": DocumentFilter(state=State.SKIPPED),
        "flagged": DocumentFilter(flagged=True),
        "label": DocumentFilter(label="PERSON"),
        "label and state": DocumentFilter(label="PERSON", state=State.SKIPPED),
    }
    for name, wanted in filters.items():
        taken = [_timed(partial(session.documents, wanted, limit=50)) for _ in range(10)]
        yield _told(f"first page by {name}", taken)
    words = {
        "a frequent word": "the",
        "a name": "Bogotá",
        "two words": "Kestrel Bank",
        "a beginning": "Jak",
        "no hit": "xylophonists",
    }
    for name, typed in words.items():
        wanted = DocumentFilter(text=typed)
        taken = [_timed(partial(session.documents, wanted, limit=50)) for _ in range(10)]
        yield _told(f"search, {name}", taken)
    yield _told("counts by state", [_timed(session.counts) for _ in range(20)])
    began = time.perf_counter()
    found = len(session.document_keys(DocumentFilter(text="Kestrel")))
    yield f"  all documents with one word: {(time.perf_counter() - began) * 1000:.0f} ms, {found:,} of {count:,}"


def _acted(session: Session, path: Path) -> Iterator[str]:
    chance = random.Random(5)
    keys = [chance.randrange(1, session.last_key()) for _ in range(ACTS)]
    written, undone = [], []
    for key in keys:
        tokens = session.tokens(key)
        fragments = (Fragment(tokens.starts[0], tokens.ends[1]),)
        written.append(_timed(partial(session.do, commands.AddSpan(key, fragments, "EVENT"))))
        undone.append(_timed(partial(session.undo, key)))
    bare = _bare_acts(path.with_name("acts.db"))
    yield _told("one span written durably", written, bare)
    yield _told("and undone", undone, bare)


def _bare_acts(path: Path) -> list[float]:
    """Write one row in one durable transaction, many times, and give the seconds of each."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE span (key INTEGER PRIMARY KEY, start INTEGER)")

        def act() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO span (start) VALUES (1)")
            connection.execute("COMMIT")

        return [_timed(act) for _ in range(ACTS)]


def _during_an_import(session: Session, folder: Path, kind: str) -> str:
    """Label one word after another while a second corpus comes in, as a person in the window would."""
    more = folder / "more.jsonl"
    write_jsonl(more, 20_000, kind=kind, seed=99)
    start_worker(session)
    sys.setswitchinterval(SWITCH)
    over = threading.Event()

    def bring() -> None:
        clone = session.clone()
        try:
            import_documents(clone, [more])
        finally:
            clone.close()
            over.set()

    thread = threading.Thread(target=bring)
    thread.start()
    time.sleep(1.0)
    taken = []
    for key in range(1, 100_000):
        tokens = session.tokens(key % 5_000 + 1)
        fragments = (Fragment(tokens.starts[0], tokens.ends[1]),)
        taken.append(_timed(partial(session.do, commands.AddSpan(key % 5_000 + 1, fragments, "EVENT"))))
        time.sleep(0.05)
        session.undo(key % 5_000 + 1)
        if over.is_set() or key == 4_999:
            break
    thread.join()
    sys.setswitchinterval(0.005)
    session.deliver()
    return _told(f"one span while {20_000:,} documents come in ({len(taken)} acts)", taken)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _told(what: str, taken: list[float], bare: list[float] | None = None) -> str:
    def shown(values: list[float]) -> str:
        return (
            f"{statistics.median(values) * 1000:.2f}/{sorted(values)[int(len(values) * 0.95)] * 1000:.2f} ms"
        )

    beside = ""
    if bare is not None:
        ratio = statistics.median(taken) / statistics.median(bare)
        beside = f", bare SQLite {shown(bare)}, ratio {ratio:.1f}"
    return f"  {what} (p50/p95): {shown(taken)}{beside}"


def main(arguments: list[str]) -> None:
    """Print every figure; with a wish of `_in_a_process`, do that and print what came of it as JSON."""
    alone: dict[str, Callable[..., dict[str, Any]]] = {
        "--import": _import_alone,
        "--open": _open_alone,
        "--window": _window_alone,
    }
    if arguments and arguments[0] in alone:
        print(json.dumps(alone[arguments[0]](*map(Path, arguments[1:]))))
        return
    count = int(arguments[0]) if arguments else 100_000
    for kind in arguments[1:] or ["plain", "prose"]:
        for line in measure(count, kind):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
