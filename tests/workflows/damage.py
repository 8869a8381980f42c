"""Projects to be damaged, ways to damage them, and which documents of an intact file lie on which pages."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from annotator.editing.commands import (
    AcceptMany,
    AddRelation,
    AddSpan,
    RejectSpan,
    RemoveSpans,
    RenameDocument,
    SetFlag,
    SetNote,
    SetState,
    Undo,
)
from annotator.editing.editor import Editor
from annotator.model import identity
from annotator.model.document import State
from annotator.store.repair.pages import Pages, children_of, opened
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, a_record, bring, marked, place

_NAMES = ("Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gül", "Hana")
_PLACES = ("Rome", "Oslo", "Kyōto", "Łódź", "Accra")
_LINE = "the talks went on for hours and nobody knew how they would end before night fell over town"
_WORDS = _LINE.split(" ")


def an_article(chance: random.Random, *, number: int, words: int) -> str:
    """Write an article with marked spans."""
    first, second = chance.sample(_NAMES, 2)
    begin = f"Report {number}. [{first}](PERSON) met [{second}](PERSON) in [{chance.choice(_PLACES)}](GPE). "
    return begin + " ".join(chance.choice(_WORDS) for _ in range(words)) + "."


def small_with_journal(folder: Path) -> Path:
    """Make a project of 40 documents with acts of every sort, some undone."""
    chance = random.Random(1)
    session = a_project(folder, name="small")
    for number in range(40):
        written = an_article(chance, number=number, words=chance.randrange(20, 400))
        key = a_document(session, written, source=f"{number}.txt")
        text, spans = marked(written)
        session.do(AddSpan(key, place(text, "Report"), "ROLE"))
        if number % 3 == 0:
            session.do(RejectSpan(key, (spans[2],)))
            session.do(AddRelation(document=key, head=spans[0], child=spans[1], label="MET"))
        if number % 5 == 0:
            session.do(RenameDocument(key, f"Renamed {number}"))
            session.do(SetFlag(kind=None, key=key, flagged=True))
            session.do(SetNote(kind=None, key=key, note="Look again"))
        if number % 7 == 0:
            found = session.annotations(key).spans
            done = session.do(RemoveSpans((found[0].key,)))
            if number % 2 == 0 and done.step is not None:
                session.do(Undo(steps=(done.step.key,)))
    session.do(AcceptMany(minimum=0.0, documents=tuple(session.document_keys()[:10]), done=True))
    session.do(
        SetState(documents=tuple(session.document_keys()[10:13]), state=State.SKIPPED, reason="Off topic")
    )
    session.close()
    return session.path


def three_hundred(folder: Path) -> Path:
    """Make a project of 300 imported documents."""
    chance = random.Random(2)
    session = a_project(folder, name="many")
    records = [
        a_record(an_article(chance, number=number, words=chance.randrange(50, 500)), source=f"{number}.txt")
        for number in range(300)
    ]
    bring(session, *records)
    session.close()
    return session.path


def one_of_a_megabyte(folder: Path) -> Path:
    """Make a project of 40 documents, one of them of a megabyte."""
    chance = random.Random(3)
    session = a_project(folder, name="long")
    for number in range(40):
        words = 200_000 if number == 20 else chance.randrange(20, 2000)
        bring(session, a_record(an_article(chance, number=number, words=words), source=f"{number}.txt"))
    session.close()
    return session.path


def with_other_pages(folder: Path) -> Path:
    """Make a project of 120 documents with pages of 1024 bytes, some of them free, in another order than new ones."""
    chance = random.Random(4)
    session = a_project(folder, name="packed")
    for _ in range(3):
        records = [
            a_record(an_article(chance, number=chance.randrange(10**6), words=chance.randrange(20, 300)))
            for number in range(40)
        ]
        bring(session, *records, on_duplicate="keep")
    session.do(SetState(documents=tuple(session.document_keys()[:50]), state=State.DONE))
    session.close()
    with contextlib.closing(sqlite3.connect(session.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("VACUUM")
        connection.execute("CREATE TABLE room (words TEXT)")
        connection.executemany("INSERT INTO room VALUES (?)", [("x" * 900,)] * 200)
        connection.execute("DROP TABLE room")
    return session.path


@contextlib.contextmanager
def the_same_every_time() -> Iterator[None]:
    """Let ids and moments be the same in every run, so that a file made within is damaged alike everywhere."""
    chance = random.Random(5)
    now = 1_700_000_000
    given = Editor.__init__.__kwdefaults__
    assert given is not None, "an editor may be given its clock"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "os", SimpleNamespace(urandom=chance.randbytes))
        patch.setattr(time, "time", lambda: float(now))
        patch.setattr(time, "time_ns", lambda: now * 1_000_000_000)
        patch.setitem(given, "clock", time.time)
        yield


Make = Callable[[Path], Path]
"""Makes a project in a folder."""
PROJECTS: tuple[Make, ...] = (
    small_with_journal,
    three_hundred,
    one_of_a_megabyte,
    with_other_pages,
)


def documents_in(session: Session) -> dict[int, tuple[Any, ...]]:
    """Give all that makes each document what it is: its description, text, tokens and decisions."""
    found = {}
    for key in session.document_keys():
        document = session.document(key)
        tokens = session.tokens(key)
        stands = session.annotations(key)
        found[key] = (
            (document.title, document.state, document.source, document.hash, document.note, document.flagged),
            session.text(key),
            (tuple(tokens.starts), tuple(tokens.ends), tuple(tokens.sentences), tokens.tokenizer),
            sorted((each.id, each.fragments, each.label) for each in stands.spans),
            sorted((each.id, each.head, each.child, each.label) for each in stands.relations),
            sorted((each.id, each.what, each.reason) for each in stands.rejections),
        )
    return found


def documents_of(path: Path) -> dict[int, tuple[Any, ...]]:
    """Open a project for reading and give its documents."""
    session = open_project(path, annotator="Mara", read_only=True)
    try:
        return documents_in(session)
    finally:
        session.close()


def pages_of_documents(path: Path) -> dict[int, set[int]]:
    """Give the pages on which a document of an intact file lies: its rows in every table, long ones to their end."""
    tables = {"document": "key", "content": "document", "tokenization": "key", "layer": "document"}
    tables |= dict.fromkeys(("span", "relation", "rejection"), "document")
    found: dict[int, set[int]] = defaultdict(set)
    with contextlib.closing(sqlite3.connect(path)) as connection, opened(path) as (pages, _):
        for table, column in tables.items():
            owner = dict(connection.execute(f"SELECT rowid, {column} FROM {table}"))
            root = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
            ).fetchone()[0]
            met = {root}
            for rowid, rows_pages in _pages_of_rows(pages, root, met):
                found[owner[rowid]] |= rows_pages
                met |= rows_pages
            said = connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,))
            assert met == {row[0] for row in said}, f"all pages of {table} are known"
    return found


def _pages_of_rows(pages: Pages, root: int, met: set[int]) -> list[tuple[int, set[int]]]:
    found = []
    waiting = [root]
    while waiting:
        number = waiting.pop()
        met.add(number)
        page = pages.page(number)
        assert page is not None
        assert page.sound
        waiting += [child for _, child in children_of(page)]
        if page.right:
            continue
        for cell in page.cells:
            own = {number}
            left, after = cell.size - len(cell.local), cell.overflow
            while left > 0:
                own.add(after)
                data = pages.data(after)
                assert data is not None
                after, left = int.from_bytes(data[:4], "big"), left - (pages.usable - 4)
            found.append((cell.rowid, own))
    return found


def intact_documents(whole: bytes, damaged: bytes, pages: dict[int, set[int]], *, page_size: int) -> set[int]:
    """Give the documents none of whose pages differ."""

    def is_same(number: int) -> bool:
        place = slice((number - 1) * page_size, number * page_size)
        return whole[place] == damaged[place]

    return {key for key, own in pages.items() if all(map(is_same, own))}


Damage = Callable[[bytearray, random.Random, int], None]
"""Changes the bytes of a file with pages of a size."""


def cut(data: bytearray, chance: random.Random, _page_size: int) -> None:
    """Cut the file anywhere in its last four fifths."""
    del data[chance.randrange(len(data) // 5, len(data)) :]


def zero_a_run(data: bytearray, chance: random.Random, page_size: int) -> None:
    """Put zeros over up to a fifth of the pages, in one run."""
    count = len(data) // page_size
    length = chance.randrange(1, max(2, count // 5)) * page_size
    start = chance.randrange(count) * page_size
    data[start : start + length] = bytes(len(data[start : start + length]))


def overwrite_pages(data: bytearray, chance: random.Random, page_size: int) -> None:
    """Put noise over some pages, wherever they are."""
    count = len(data) // page_size
    for _ in range(chance.randrange(1, max(2, count // 12))):
        start = chance.randrange(count) * page_size
        data[start : start + page_size] = chance.randbytes(page_size)


def overwrite_bytes(data: bytearray, chance: random.Random, _page_size: int) -> None:
    """Put noise over short stretches."""
    for _ in range(chance.randrange(1, 30)):
        start = chance.randrange(len(data) - 64)
        length = chance.randrange(1, 64)
        data[start : start + length] = chance.randbytes(length)


def flip_bits(data: bytearray, chance: random.Random, _page_size: int) -> None:
    """Turn single bits round."""
    for _ in range(chance.randrange(1, 60)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def lose_the_first_page(data: bytearray, chance: random.Random, page_size: int) -> None:
    """Put zeros or noise over the first page."""
    data[:page_size] = bytes(page_size) if chance.random() < 0.5 else chance.randbytes(page_size)


def lose_the_list_of_tables(data: bytearray, chance: random.Random, page_size: int) -> None:
    """Put noise over every page that says where tables are, and over the head of the file."""
    for start in range(0, len(data) - page_size, page_size):
        if b"CREATE TABLE" in data[start : start + page_size] or start == 0:
            data[start : start + page_size] = chance.randbytes(page_size)


def damage_the_free_list(data: bytearray, chance: random.Random, page_size: int) -> None:
    """Let the list of free pages begin at a page that is in use, and put noise over one more."""
    count = len(data) // page_size
    data[32:36] = chance.randrange(2, count).to_bytes(4, "big")
    data[36:40] = chance.randrange(1, count).to_bytes(4, "big")
    start = chance.randrange(1, count) * page_size
    data[start : start + 512] = chance.randbytes(512)


DAMAGES: tuple[Damage, ...] = (
    cut,
    zero_a_run,
    overwrite_pages,
    overwrite_bytes,
    flip_bits,
    lose_the_first_page,
    lose_the_list_of_tables,
    damage_the_free_list,
)
