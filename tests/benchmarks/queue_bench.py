"""Measures orders of many documents, and what is alike in them: `python -m tests.benchmarks.queue_bench [documents]`.

Nothing is asserted. An order is made by a question of its own in SQLite; beside it stands what it takes to list as many
documents in file order, which no order can do without.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

from annotator.editing.commands import AcceptMany
from annotator.model.annotation import Kind
from annotator.model.document import State
from annotator.store.articles import refresh_tally
from annotator.ui.models.documents import DocumentsModel
from annotator.workflows.alike import find_alike
from annotator.workflows.importing import import_documents
from annotator.workflows.machine import start_worker
from annotator.workflows.projects import load_schema, new_project
from annotator.workflows.queueing import Order, following, narrowed, ranked, ranking_of
from annotator.workflows.session import DocumentFilter, Session
from tests.benchmarks.corpora import write_jsonl

T = TypeVar("T")

RUNS = 5
"""Times that each question is asked; the quickest counts."""
_ALIKE = ("PERSON", "Ada Abbott")


def measure(count: int) -> Iterator[str]:
    """Measure a project of so many documents, all to do and with eight candidates each."""
    with tempfile.TemporaryDirectory() as folder, closing(_project(Path(folder), count)) as session:
        yield f"{count:,} documents with candidates"
        taken, _ = _quickest(session.document_keys)
        yield f"  all row keys in file order: {taken * 1000:.0f} ms"
        for order in Order:
            yield _ordered(session, order, taken)
        yield from _followed(session)
        yield from _alike(session)


def _ordered(session: Session, order: Order, bare: float) -> str:
    taken, keys = _quickest(partial(ranked, session, order))
    whole, ranking = _quickest(partial(narrowed, session, keys, DocumentFilter()))
    some, few = _quickest(partial(narrowed, session, keys, DocumentFilter(text="Kestrel")))
    shown, _ = _quickest(partial(DocumentsModel().take, ranking))
    return (
        f"  order {order.value}: made in {taken * 1000:.0f} ms ({taken / bare:.1f} times the keys alone), "
        f"all listed {whole * 1000:.0f} ms, {len(few.keys):,} of a word {some * 1000:.0f} ms; "
        f"taken by the list in {shown * 1000:.2f} ms"
    )


def _followed(session: Session) -> Iterator[str]:
    keys = session.document_keys()
    ranking = ranking_of(keys)
    near, _ = _quickest(partial(following, session, ranking, keys[5], unfinished=True))
    with session.project.writing() as connection:
        connection.execute("UPDATE document SET state = ? WHERE key < ?", (State.SKIPPED.value, keys[-1]))
    far, _ = _quickest(partial(following, session, ranking, keys[0], unfinished=True))
    with session.project.writing() as connection:
        connection.execute("UPDATE document SET state = ?", (State.TODO.value,))
    yield f"  next unfinished: {near * 1000:.2f} ms; behind {len(keys) - 2:,} finished ones {far * 1000:.0f} ms"


def _alike(session: Session) -> Iterator[str]:
    label, words = _ALIKE
    taken, found = _quickest(partial(find_alike, session, label, words))
    command = AcceptMany(documents=found.documents, label=label, words=words, kinds=(Kind.SPAN,))
    accepted, _ = _quickest(partial(session.do, command), runs=1)
    undone, _ = _quickest(partial(session.undo, None), runs=1)
    yield (
        f"  alike: {found.count:,} candidates in {len(found.documents):,} documents found in {taken * 1000:.0f} ms, "
        f"accepted in {accepted * 1000:.0f} ms, undone in {undone * 1000:.0f} ms"
    )


def _project(folder: Path, count: int) -> Session:
    """Make a project whose documents are to do, what was labelled in them proposed with scores by chance."""
    corpus = folder / "corpus.jsonl"
    write_jsonl(corpus, count, kind="plain")
    session = new_project(
        folder / "queue.annot", name="bench", schema=load_schema("news"), language="en", annotator="Mara"
    )
    start_worker(session)
    import_documents(session, [corpus])
    chance = random.Random(3)
    with session.project.writing() as connection:
        connection.create_function("by_chance", 0, lambda: 0.3 + 0.7 * chance.random())
        connection.execute(
            "INSERT INTO candidate (document, type, head, suggester, score, reason) "
            "SELECT document, type, fragments, 'bench', by_chance(), '' FROM span ORDER BY document"
        )
        connection.execute("DELETE FROM span")
        connection.execute("UPDATE document SET state = ?", (State.TODO.value,))
        for key in session.document_keys():
            refresh_tally(session.project, key)
    return session


def _quickest(ask: Callable[[], T], *, runs: int = RUNS) -> tuple[float, T]:
    """Ask some times, and give the seconds of the quickest and the last answer."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        found = ask()
        taken.append(time.perf_counter() - began)
    return min(taken), found


def main(arguments: list[str]) -> None:
    """Print every figure."""
    for line in measure(int(arguments[0]) if arguments else 100_000):
        print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
