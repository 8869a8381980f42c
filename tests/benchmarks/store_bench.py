"""Times an import and single durable acts beside the same rows written by bare SQLite, in one run.

Run by hand: `python -m tests.benchmarks.store_bench [documents]`. Nothing is asserted: disks differ, ratios travel
better. The bare writer has the same settings (WAL, `synchronous=FULL`) and the same batches, but checks nothing,
journals nothing and keeps no index of words.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from annotator.editing import commands
from annotator.model.annotation import Fragment
from annotator.model.packing import pack_tokens
from annotator.model.record import Record, RecordSpan
from annotator.workflows.importing import CHUNK
from annotator.workflows.session import DocumentFilter, Session
from tests.builders import a_project, bring, plain_tokens

WORDS = [
    *("the", "of", "and", "talks", "Moscow", "Leavitt", "region", "president"),
    *("agreement", "said", "on", "Friday", "harbour", "tunnel"),
]
LENGTH = 400
"""Words of one generated text."""
SPANS = 20
"""Spans of one generated text."""
ACTS = 300
"""Single acts that are timed."""


def made_records(count: int) -> list[Record]:
    """Make texts with spans, the same at every run."""
    chance = random.Random(1)
    return [_record(chance, number) for number in range(count)]


def _record(chance: random.Random, number: int) -> Record:
    text = f"Article {number}. " + " ".join(chance.choices(WORDS, k=LENGTH))
    tokens = plain_tokens(text)
    chosen = sorted(chance.sample(range(len(tokens)), SPANS))
    spans = [
        RecordSpan(fragments=(Fragment(tokens.starts[index], tokens.ends[index]),), label="PERSON")
        for index in chosen
    ]
    return Record(text=text, source=f"{number}.txt", language="en", tokens=tokens, spans=tuple(spans))


def bare_import(path: Path, records: list[Record]) -> float:
    """Write texts, tokens and spans with bare SQLite and give the seconds."""
    connection = _bare(path)
    began = time.perf_counter()
    for first in range(0, len(records), CHUNK):
        connection.execute("BEGIN IMMEDIATE")
        for key, record in enumerate(records[first : first + CHUNK], start=first):
            assert record.tokens is not None
            connection.execute(
                "INSERT INTO document VALUES (?, ?, ?)", (key, record.text, pack_tokens(record.tokens))
            )
            connection.executemany(
                "INSERT INTO span (document, start, end) VALUES (?, ?, ?)",
                [(key, *span.fragments[0]) for span in record.spans],
            )
        connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def bare_acts(path: Path) -> list[float]:
    """Write one row in one durable transaction, many times, and give the seconds of each."""
    connection = _bare(path)
    taken = []
    for number in range(ACTS):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO span (document, start, end) VALUES (1, ?, ?)", (number, number + 1))
        connection.execute("COMMIT")
        taken.append(time.perf_counter() - began)
    connection.close()
    return taken


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS document (key INTEGER PRIMARY KEY, text TEXT, tokens BLOB)"
    )
    connection.execute(
        "CREATE TABLE IF NOT EXISTS span (key INTEGER PRIMARY KEY, document INTEGER, start INTEGER, end INTEGER)"
    )
    return connection


def our_acts(session: Session) -> list[float]:
    """Label one word after another, each durable when it returns, and give the seconds of each."""
    document = session.document_keys()[0]
    tokens = session.tokens(document)
    taken = []
    for index in range(ACTS):
        fragments = (Fragment(tokens.starts[index], tokens.ends[index]),)
        began = time.perf_counter()
        session.do(commands.AddSpan(document, fragments, "GPE"))
        taken.append(time.perf_counter() - began)
    return taken


def lines(count: int) -> Iterator[str]:
    """Measure, and give one line for each figure: ours, the bare one, and their ratio."""
    records = made_records(count)
    with tempfile.TemporaryDirectory() as folder:
        session = a_project(Path(folder))
        began = time.perf_counter()
        bring(session, *records)
        ours, bare = time.perf_counter() - began, bare_import(Path(folder, "bare.db"), records)
        yield (
            f"import of {count:,} documents with {SPANS} spans: {ours:.2f} s "
            f"({count / ours:,.0f} a second), bare {bare:.2f} s, ratio {ours / bare:.1f}"
        )
        mine, theirs = our_acts(session), bare_acts(Path(folder, "bare.db"))
        yield _compared("one durable act", mine, theirs)
        began = time.perf_counter()
        found = len(session.document_keys(DocumentFilter(text="harbour tun")))
        yield f"search of two words: {(time.perf_counter() - began) * 1000:.1f} ms, {found:,} documents"
        began = time.perf_counter()
        session.documents(limit=100)
        yield f"first page of the list: {(time.perf_counter() - began) * 1000:.1f} ms"
        began = time.perf_counter()
        session.close()
        yield f"closing: {(time.perf_counter() - began) * 1000:.0f} ms"


def _compared(what: str, ours: list[float], bare: list[float]) -> str:
    shown = [
        f"{statistics.median(taken) * 1000:.2f}/{sorted(taken)[int(len(taken) * 0.95)] * 1000:.2f} ms"
        for taken in (ours, bare)
    ]
    ratio = statistics.median(ours) / statistics.median(bare)
    return f"{what} (p50/p95): {shown[0]}, bare {shown[1]}, ratio {ratio:.1f}"


def main(count: int = 2000) -> None:
    """Print every figure."""
    for line in lines(count):
        print(line)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
