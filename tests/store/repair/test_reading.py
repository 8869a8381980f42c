"""The file format read without SQLite: the same rows as SQLite gives, and an end to whatever bytes come."""

from __future__ import annotations

import contextlib
import errno
import io
import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from annotator.store.repair.pages import Pages, opened, read_head
from annotator.store.repair.records import (
    KINDS,
    BrokenError,
    Page,
    Record,
    decode,
    local_size,
    parse_page,
    varint,
)
from annotator.store.repair.shapes import Column, Shape
from annotator.store.repair.side_files import Overlay
from annotator.store.repair.trees import Walk, strays, walk

THING = Shape(
    name="thing",
    columns=(
        Column(name="key", type="INTEGER", nullable=True),
        Column(name="words", type="TEXT", nullable=False),
        Column(name="data", type="BLOB", nullable=True),
        Column(name="share", type="REAL", nullable=True),
    ),
    key=0,
    keyless=False,
    root=2,
)
PAIR = Shape(
    name="pair",
    columns=(
        Column(name="one", type="TEXT", nullable=False),
        Column(name="two", type="INTEGER", nullable=False),
    ),
    key=None,
    keyless=True,
    root=3,
)


def a_database(
    path: Path, *, rows: int = 400, page_size: int = 1024, wal: bool = False
) -> sqlite3.Connection:
    """Make a database with a table of long and short rows and one that lies in its key's tree, and leave it open."""
    chance = random.Random(rows)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size = {page_size}")
    connection.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
    connection.execute(
        "CREATE TABLE thing (key INTEGER PRIMARY KEY, words TEXT NOT NULL, data BLOB, share REAL)"
    )
    connection.execute("CREATE TABLE pair (one TEXT, two INTEGER, PRIMARY KEY (one, two)) WITHOUT ROWID")
    connection.execute("BEGIN")
    for number in range(rows):
        words = "wörter " * chance.choice([0, 1, 20, 200, 2000])
        data = None if number % 3 else chance.randbytes(chance.choice([0, 10, 900, 5000]))
        share = chance.choice([None, 0.25, -1e9, 3.0, 2.0**60])
        key = number * chance.choice([1, 1000]) + number
        connection.execute("INSERT OR REPLACE INTO thing VALUES (?, ?, ?, ?)", (key, words, data, share))
        two = chance.choice([0, 1, -1, 127, 40_000, -(2**40), 2**62])
        connection.execute("INSERT OR REPLACE INTO pair VALUES (?, ?)", (f"{number} {words[:300]}", two))
    connection.execute("COMMIT")
    return connection


def read(pages: Pages, shape: Shape) -> tuple[dict[Any, tuple[Any, ...]], Walk]:
    """Give the rows of a table by key, or by all they hold."""
    met = Walk()
    rows: dict[Any, tuple[Any, ...]] = {}
    for found in walk(pages, shape, shape.root, met):
        values = tuple(found.record.values)
        rows[values if shape.keyless else found.key] = values[1:] if not shape.keyless else values
    return rows, met


@pytest.mark.parametrize("page_size", [512, 1024, 4096, 65536])
def test_every_row_is_read_as_sqlite_reads_it(tmp_path: Path, page_size: int) -> None:
    path = tmp_path / "a.db"
    with (
        contextlib.closing(a_database(path, page_size=page_size)) as connection,
        opened(path) as (pages, remarks),
    ):
        things = {key: tuple(rest) for key, *rest in connection.execute("SELECT * FROM thing")}
        pairs = {tuple(row) for row in connection.execute("SELECT * FROM pair")}
        assert (pages.page_size, pages.head.sound, remarks) == (page_size, True, [])
        found, met = read(pages, THING)
        assert met.sound
        assert found == things
        found, met = read(pages, PAIR)
        assert met.sound
        assert set(found) == pairs


@pytest.mark.parametrize("page_size", [512, 4096, 32768])
def test_the_size_of_pages_is_found_without_the_first_page(tmp_path: Path, page_size: int) -> None:
    path = tmp_path / "a.db"
    a_database(path, page_size=page_size).close()
    data = bytearray(path.read_bytes())
    data[:page_size] = random.Random(1).randbytes(page_size)
    path.write_bytes(data)
    with opened(path) as (pages, _):
        assert pages.page_size == page_size
        assert not pages.head.sound
        assert len(read(pages, THING)[0]) > 300


def test_rows_of_pages_that_nothing_leads_to_are_found_by_their_looks(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with contextlib.closing(a_database(path)) as connection:
        count = connection.execute("SELECT count(*) FROM thing").fetchone()[0]
    data = bytearray(path.read_bytes())
    data[1024:2048] = bytes(1024)  # the root of the table
    path.write_bytes(data)
    with opened(path) as (pages, _):
        found, met = read(pages, THING)
        assert not found
        assert not met.sound
        rows = {row.key for _, row in strays(pages, [THING], set(), {"thing": met})}
        assert len(rows) == count


def test_the_log_beside_a_file_counts_up_to_its_last_good_commit(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    with contextlib.closing(a_database(path, wal=True, rows=50)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(40):
            connection.execute("INSERT INTO thing VALUES (?, ?, NULL, NULL)", (10**6 + number, "new " * 300))
        log = path.with_name("a.db-wal").read_bytes()
        main = path.read_bytes()
    chance = random.Random(3)
    seen = set()
    for kind in range(30):
        data = bytearray(log)
        if kind % 3 == 0:
            del data[chance.randrange(len(data)) :]
        elif kind % 3 == 1:
            data[chance.randrange(32, len(data))] ^= 1 << chance.randrange(8)
        elif kind > 2:
            start = chance.randrange(32, len(data))
            data[start : start + 100] = bytes(100)
        ours, theirs = copy.with_name("ours.db"), copy.with_name("theirs.db")
        for each in (ours, theirs):
            each.write_bytes(main)
            each.with_name(each.name + "-wal").write_bytes(data)
            each.with_name(each.name + "-shm").unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(theirs)) as connection:
            expected = {key: tuple(rest) for key, *rest in connection.execute("SELECT * FROM thing")}
        with opened(ours) as (pages, _):
            found, met = read(pages, THING)
        assert met.sound
        assert found == expected
        seen.add(len(expected))
    assert len(seen) > 5, "the log was cut at many places"


def test_a_log_with_a_damaged_head_is_left_alone_and_told_of(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = a_database(path, wal=True, rows=20)
    copy = tmp_path / "copy.db"
    shutil.copyfile(path, copy)
    log = bytearray(path.with_name("a.db-wal").read_bytes())
    connection.close()
    log[4] ^= 255
    copy.with_name("copy.db-wal").write_bytes(log)
    with opened(copy) as (_, remarks):
        assert len(remarks) == 1
        assert "head is damaged" in remarks[0]


def test_an_act_that_was_cut_off_is_taken_back_by_the_journal_beside_the_file(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    with contextlib.closing(a_database(path, rows=300)) as connection:
        expected = {key: tuple(rest) for key, *rest in connection.execute("SELECT * FROM thing")}
        connection.execute("PRAGMA cache_size = 2")
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE thing SET words = 'gone'")
        connection.execute("UPDATE thing SET share = 7")
        for ending in ("", "-journal"):
            shutil.copyfile(f"{path}{ending}", f"{copy}{ending}")
        connection.execute("ROLLBACK")
    with opened(copy) as (pages, _):
        found, met = read(pages, THING)
    assert met.sound
    assert found == expected


def test_places_that_the_disk_cannot_read_any_more_cost_what_lies_there(tmp_path: Path) -> None:
    class Disk(io.BytesIO):
        """Refuses to read from the first page, and from every tenth."""

        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() // 1024 % 10 == 0:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(size)

    path = tmp_path / "a.db"
    with contextlib.closing(a_database(path)) as connection:
        count = connection.execute("SELECT count(*) FROM thing").fetchone()[0]
    data = path.read_bytes()
    disk = Disk(data)
    head = read_head(disk, len(data))
    assert (head.page_size, head.sound) == (1024, False)
    pages = Pages(disk, size=len(data), head=head, overlay=Overlay())
    found, met = read(pages, THING)
    keys = {row.key for _, row in strays(pages, [THING], met.pages, {"thing": met})} | set(found)
    assert not met.sound
    assert 0.3 * count < len(keys) < count


# ---------------------------------------------------------------------- whatever bytes come


@hypothesis.given(st.binary(max_size=12), st.integers(0, 12))
def test_a_number_ends_or_is_refused(data: bytes, at: int) -> None:
    with contextlib.suppress(BrokenError):
        value, end = varint(data, at)
        assert at < end <= min(len(data), at + 9)
        assert -(2**63) <= value < 2**63


@hypothesis.given(data=st.binary(max_size=300), whole=st.booleans())
def test_a_record_of_any_bytes_is_read_or_refused(*, data: bytes, whole: bool) -> None:
    with contextlib.suppress(BrokenError):
        record = decode(data, whole=whole)
        assert len(record.values) <= record.width <= len(data)


@hypothesis.given(
    kind=st.sampled_from([*KINDS, 0, 255]),
    rest=st.binary(max_size=511),
    usable=st.sampled_from([512, 480]),
    first=st.booleans(),
)
def test_a_page_of_any_bytes_is_read_or_is_none(*, kind: int, rest: bytes, usable: int, first: bool) -> None:
    data = (bytes(100) * first + bytes([kind]) + rest)[:512].ljust(512, b"\0")
    page = parse_page(data, first=first, usable=usable)
    if kind not in KINDS:
        assert page is None
    else:
        assert isinstance(page, Page)
        assert all(0 <= cell.start < cell.end <= usable for cell in page.cells)


@hypothesis.given(
    size=st.integers(0, 2**40), usable=st.sampled_from([480, 512, 1024, 4096, 65536]), table=st.booleans()
)
def test_as_much_of_a_record_lies_on_its_page_as_the_format_says(
    *, size: int, usable: int, table: bool
) -> None:
    local = local_size(size, usable=usable, table=table)
    assert 0 <= local <= size
    assert local <= (usable - 35 if table else (usable - 12) * 64 // 255 - 23)
    assert local == size or (size - local) % (usable - 4) == 0 or local == (usable - 12) * 32 // 255 - 23


@hypothesis.given(chance=st.randoms(use_true_random=False), changes=st.integers(1, 400))
@hypothesis.settings(max_examples=60)
def test_a_file_with_any_bytes_changed_is_walked_to_an_end(
    chance: random.Random, changes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "walked.db"
    whole = path.with_name("whole.db")
    if not whole.exists():
        a_database(whole, rows=60, page_size=512).close()
    data = bytearray(whole.read_bytes())
    for _ in range(changes):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)
    with opened(path) as (pages, _):
        count = 0
        mets = {}
        for shape in (THING, PAIR):
            met = mets[shape.name] = Walk()
            count += sum(1 for _ in walk(pages, shape, shape.root, met))
        count += sum(1 for _ in strays(pages, [THING, PAIR], set(), mets))
        pages.free()
        assert count <= 4 * len(data)


def test_a_row_that_goes_round_in_circles_comes_to_an_end(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute(
            "CREATE TABLE thing (key INTEGER PRIMARY KEY, words TEXT NOT NULL, data BLOB, share REAL)"
        )
        connection.execute("INSERT INTO thing VALUES (1, ?, NULL, NULL)", ("x" * 20_000,))
    data = bytearray(path.read_bytes())
    data[1024:1028] = (3).to_bytes(4, "big")  # the third page goes on at the third page
    path.write_bytes(data)
    with opened(path) as (pages, _):
        found, _ = read(pages, THING)
    assert len(found) <= 1


def test_columns_that_were_added_later_may_be_lacking() -> None:
    grown = Shape(
        name="thing",
        columns=(
            *THING.columns,
            Column(name="more", type="INTEGER", nullable=False, default=0, optional=True),
        ),
        key=0,
        keyless=False,
        root=2,
    )
    assert grown.fits(Record([None, "words", None, 0.5], (), 4))
    assert grown.fits(Record([None, "words", None, 0.5, 1], (), 5))
    assert not grown.fits(Record([None, "words", None], (), 3))
    assert not THING.fits(Record([None, "words", None, 0.5, 1], (), 5))
