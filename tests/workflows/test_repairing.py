"""Damaged projects come back as far as their pages do, and what does not is named."""

from __future__ import annotations

import contextlib
import random
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from annotator.editing.commands import AddPatternLists, AddSpan, NewPatternList
from annotator.model.change import StepKind
from annotator.model.document import Tokens, title_of
from annotator.model.errors import Cancelled, LockedError, ProjectError
from annotator.model.patterns import phrase
from annotator.workflows.checking import check_project
from annotator.workflows.patterns import listed
from annotator.workflows.projects import open_project
from annotator.workflows.repairing import RepairReport, repair_project
from tests.builders import a_document, a_project, place
from tests.workflows import damage
from tests.workflows.conftest import PlainMachine

SEEDS = {"small": 6, "many": 2, "long": 3, "packed": 3}
"""How many files are made of each project for every sort of damage: 112 in all."""


def repaired(path: Path, target: Path) -> RepairReport:
    """Repair a project with tokens made by a few lines."""
    return repair_project(path, target, annotator="Mara", machine=PlainMachine())


@pytest.mark.slow
@pytest.mark.parametrize("make", damage.PROJECTS, ids=lambda make: make.__name__)
def test_documents_on_intact_pages_come_back_and_others_are_named(
    tmp_path: Path, make: damage.Make, record_property: Any
) -> None:
    with damage.the_same_every_time():
        path = make(tmp_path)
    content = path.read_bytes()
    page_size = int.from_bytes(content[16:18], "big")
    documents = damage.documents_of(path)
    pages = damage.pages_of_documents(path)
    expected = whole = files = 0
    short: list[str] = []
    for name, data in damaged_files(content, path.stem, page_size):
        damaged, target = tmp_path / f"{name}.annot", tmp_path / "new.annot"
        damaged.write_bytes(data)
        intact = damage.intact_documents(content, data, pages, page_size=page_size)
        try:
            report = repaired(damaged, target)
        except ProjectError:
            assert not intact, f"{name}: something could have been done"
            found = {}
        else:
            found = damage.documents_of(target)
            assert report.documents == len(found)
            assert_named(name, report, documents, found)
            target.unlink()
        assert damaged.read_bytes() == data, "the damaged file is only read"
        same = {key for key in intact if found.get(key) == documents[key]}
        files, expected, whole = files + 1, expected + len(intact), whole + len(same)
        if len(same) < len(intact):
            short.append(f"{name}: {len(same)} of {len(intact)}")
        damaged.unlink()
    record_property("came back", f"{whole} of {expected} documents on intact pages, from {files} files")
    print(f"\n{whole} of {expected} documents on intact pages came back whole from {files} files", *short)
    assert files == SEEDS[path.stem] * len(damage.DAMAGES)
    assert whole >= 0.95 * expected, short


def test_a_hundred_files_are_damaged() -> None:
    assert len(damage.DAMAGES) * sum(SEEDS.values()) >= 100


def damaged_files(content: bytes, stem: str, page_size: int) -> Iterator[tuple[str, bytes]]:
    """Yield a name and the bytes of a file, for every sort of damage and seed."""
    for kind in damage.DAMAGES:
        for seed in range(SEEDS[stem]):
            name = f"{stem}-{kind.__name__}-{seed}"
            data = bytearray(content)
            kind(data, random.Random(name), page_size)
            yield name, bytes(data)


def assert_named(
    name: str,
    report: RepairReport,
    before: dict[int, tuple[Any, ...]],
    after: dict[int, tuple[Any, ...]],
) -> None:
    """Look that every document that is gone, or lacks text, tokens or decisions, is named by title or key."""
    assert not [each.message for each in report.problems if each.record.startswith("Rule ")], name
    titles = {each.record for each in report.problems}
    keys = set()
    for each in report.problems:
        if found := re.fullmatch(r"Documents? (\d+)(?: to (\d+))?", each.record):
            keys |= set(range(int(found[1]), int(found[2] or found[1]) + 1))
    uncounted = "Counts" in titles
    for key, (description, text, tokens, *decisions) in before.items():
        # Where the renaming is lost, by the title before it.
        is_named = key in keys or not titles.isdisjoint({description[0], title_of(text)})
        if key not in after:
            assert is_named, f"{name}: document {key} is gone and not named"
            continue
        now = after[key]
        is_named = is_named or now[0][0] in titles
        if now[1] != text or len(now[2][0]) != len(tokens[0]):
            assert is_named, f"{name}: document {key} is not as it was and not named"
        fewer = any(len(now[3 + number]) < len(each) for number, each in enumerate(decisions))
        assert not fewer or is_named or uncounted, f"{name}: document {key} lost decisions and is not named"


def test_a_sound_project_comes_back_as_it_was_with_undo(tmp_path: Path) -> None:
    path = damage.small_with_journal(tmp_path)
    report = repaired(path, tmp_path / "new")
    assert report.whole
    assert report.path == tmp_path / "new.annot"
    assert not report.problems
    assert damage.documents_of(report.path) == damage.documents_of(path)
    old, new = (open_project(each, annotator="Mara") for each in (path, report.path))
    try:
        assert new.history() == old.history()
        assert (new.name, new.schema) == (old.name, old.schema)
        for _ in range(30):
            assert old.undo(None, with_later=True) is not None
            assert new.undo(None, with_later=True) is not None
        assert damage.documents_in(new) == damage.documents_in(old)
    finally:
        old.close()
        new.close()


def test_a_damaged_index_costs_nothing(tmp_path: Path) -> None:
    path = damage.small_with_journal(tmp_path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'span_by_type'"
        ).fetchone()[0]
    data = bytearray(path.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = bytes(4096)
    damaged = tmp_path / "damaged.annot"
    damaged.write_bytes(data)
    report = repaired(damaged, tmp_path / "new.annot")
    assert report.whole, report.problems
    assert damage.documents_of(report.path) == damage.documents_of(path)
    session = open_project(report.path, annotator="Mara")
    assert session.undo(None) is not None
    session.close()


def test_what_a_killed_window_left_in_the_log_comes_back(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    first = a_document(session, "[Ada](PERSON) met Bob.")
    session.project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    second = a_document(session, "[Cleo](PERSON) met Dan.")
    session.do(AddSpan(second, place("Cleo met Dan.", "Dan"), "PERSON"))
    killed = tmp_path / "killed.annot"
    for ending in ("", "-wal"):
        shutil.copyfile(f"{session.path}{ending}", f"{killed}{ending}")
    session.close()
    log = killed.with_name("killed.annot-wal")
    written = log.read_bytes()
    report = repaired(killed, tmp_path / "new.annot")
    assert report.whole
    assert len(damage.documents_of(report.path)[second][3]) == 1
    assert log.read_bytes() == written
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        *("killed.annot", "killed.annot-wal", "new.annot", "test.annot"),
    ]
    # The same where the file itself is damaged, so that SQLite cannot read it.
    data = bytearray(killed.read_bytes())
    data[:100] = bytes(100)
    killed.write_bytes(data)
    report = repaired(killed, tmp_path / "again.annot")
    assert set(damage.documents_of(report.path)) == {first, second}
    # And where the log is damaged: as far as it is good.
    log.write_bytes(written[: len(written) // 2] + b"?" * 50 + written[len(written) // 2 + 50 :])
    report = repaired(killed, tmp_path / "half.annot")
    assert first in damage.documents_of(report.path)
    assert not report.whole
    assert any("-wal: damaged" in remark for remark in report.remarks)


def test_a_text_whose_end_is_gone_comes_back_to_there(tmp_path: Path) -> None:
    path = damage.one_of_a_megabyte(tmp_path)
    documents = damage.documents_of(path)
    pages = damage.pages_of_documents(path)
    key = max(pages, key=lambda each: len(pages[each]))
    data = bytearray(path.read_bytes())
    missing = sorted(pages[key])[len(pages[key]) // 2]
    place_of_it = data.index(data[(missing - 1) * 4096 + 4 : missing * 4096])
    before = next(
        number for number in pages[key] if data[(number - 1) * 4096 :][:4] == missing.to_bytes(4, "big")
    )
    data[(before - 1) * 4096 : (before - 1) * 4096 + 4] = b"\xff\xff\xff\xff"
    assert place_of_it
    damaged = tmp_path / "damaged.annot"
    damaged.write_bytes(data)
    report = repaired(damaged, tmp_path / "new.annot")
    found = damage.documents_of(report.path)
    text, left = documents[key][1], found[key][1]
    assert 100_000 < len(left) < len(text)
    assert text.startswith(left)
    assert any(
        f"Only the first {len(left):,} of {len(text):,} characters" in p.message for p in report.problems
    )
    assert not report.whole
    assert found[key][3] == documents[key][3], "its spans lie at the beginning"


def test_lost_tokens_are_made_again_and_lost_types_are_named(tmp_path: Path) -> None:
    path = damage.three_hundred(tmp_path)
    documents = damage.documents_of(path)
    data = bytearray(path.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for table in ("tokenization", "type", "change"):
            for (number,) in connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,)):
                data[(number - 1) * 4096 : number * 4096] = bytes(4096)
    damaged = tmp_path / "damaged.annot"
    damaged.write_bytes(data)
    report = repaired(damaged, tmp_path / "new.annot")
    found = damage.documents_of(report.path)
    assert len(found) == 300
    for key, (_, text, tokens, spans, *_) in documents.items():
        assert found[key][1] == text
        assert found[key][2][:2] == tokens[:2]
        assert [each[:2] for each in found[key][3]] == [each[:2] for each in spans]
        assert {each[2][:10] for each in found[key][3]} == {"RECOVERED_"}
    losses = {loss.kind: loss.count for loss in report.losses}
    assert losses["type"] == 2
    assert sum("Its tokens were lost" in each.message for each in report.problems) == 300


def test_types_and_decisions_come_back_from_the_journal(tmp_path: Path) -> None:
    path = damage.small_with_journal(tmp_path)
    data = bytearray(path.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for table in ("type", "span", "relation"):
            for (number,) in connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,)):
                data[(number - 1) * 4096 : number * 4096] = bytes(4096)
    damaged = tmp_path / "damaged.annot"
    damaged.write_bytes(data)
    report = repaired(damaged, tmp_path / "new.annot")
    assert damage.documents_of(report.path) == damage.documents_of(path)
    assert not report.losses


def with_patterns(folder: Path) -> Path:
    """Make a project with a pattern list of two blocks."""
    session = a_project(folder, name="patterns")
    a_document(session, "[Ada](PERSON) left.")
    words = tuple(phrase(f"Town {number}") for number in range(1_500))
    session.do(
        AddPatternLists((NewPatternList(name="Towns", label="GPE", patterns=words, ignore_case=True),))
    )
    session.close()
    return session.path


def without_tables(path: Path, *tables: str) -> Path:
    """Wipe the pages of some tables."""
    data = bytearray(path.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for table in tables:
            for (number,) in connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,)):
                data[(number - 1) * 4096 : number * 4096] = bytes(4096)
    damaged = path.with_name("damaged.annot")
    damaged.write_bytes(data)
    return damaged


def lists_in(path: Path) -> list[tuple[str, str, bool, int]]:
    """Give name, label, switch and size of the pattern lists of a project."""
    session = open_project(path, annotator="Mara", read_only=True)
    try:
        found = listed(session)
        return [(each.list.name, each.list.label, each.list.enabled, each.patterns) for each in found]
    finally:
        session.close()


def test_pattern_lists_come_back_from_the_journal(tmp_path: Path) -> None:
    damaged = without_tables(with_patterns(tmp_path), "pattern_list", "pattern_block")
    report = repaired(damaged, tmp_path / "new.annot")
    assert lists_in(report.path) == [("Towns", "GPE", True, 1_500)]
    assert not report.losses


def test_patterns_whose_list_is_lost_get_one_that_is_off(tmp_path: Path) -> None:
    damaged = without_tables(with_patterns(tmp_path), "pattern_list", "change")
    report = repaired(damaged, tmp_path / "new.annot")
    assert lists_in(report.path) == [("Recovered patterns 1", "PERSON", False, 1_500)]
    told = [each.message for each in report.problems if each.record == "Recovered patterns 1"]
    assert told == ["Its name and label are lost; it is switched off, and has the first label."]
    assert check_project(report.path).breaches == ()


def test_undo_ends_where_the_journal_is_not_whole(tmp_path: Path) -> None:
    path = damage.small_with_journal(tmp_path)
    data = bytearray(path.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection:
        pages = [
            row[0]
            for row in connection.execute(
                "SELECT pageno FROM dbstat WHERE name = 'change' AND pagetype = 'leaf'"
            )
        ]
    number = sorted(pages)[len(pages) // 3]
    data[(number - 1) * 4096 : number * 4096] = bytes(4096)
    damaged = tmp_path / "damaged.annot"
    damaged.write_bytes(data)
    report = repaired(damaged, tmp_path / "new.annot")
    assert damage.documents_of(report.path) == damage.documents_of(path)
    assert [each.record for each in report.problems] == ["History"]
    session = open_project(report.path, annotator="Mara")
    try:
        steps = session.history(1000)
        assert steps[0].name.startswith("Repaired from damaged.annot: “")
        past = {step.key for step in steps if step.kind is StepKind.PAST}
        assert len(past) > 5
        undone = 0
        while session.undo(None, with_later=True) is not None:
            undone += 1
        assert undone > 5, "what came after is whole"
        kinds = {step.kind for step in session.history(1000) if step.key in past}
        assert kinds == {StepKind.PAST}
    finally:
        session.close()
    again = repaired(report.path, tmp_path / "again.annot")
    assert again.whole, "a repaired project is a whole one"


def test_an_entry_that_cannot_be_read_ends_undo_and_is_no_breach_afterwards(tmp_path: Path) -> None:
    path = damage.small_with_journal(tmp_path)
    written = path.read_bytes()
    place_of_id = written.index(b'{"hex":"') + len(b'{"hex":"')
    data = bytearray(written)
    data[place_of_id] ^= 0x40  # a digit becomes a letter that no hexadecimal number has
    damaged = tmp_path / "damaged.annot"
    damaged.write_bytes(data)
    report = repaired(damaged, tmp_path / "new.annot")
    assert damage.documents_of(report.path) == damage.documents_of(path)
    assert [each.record for each in report.problems] == ["History"]
    assert check_project(report.path).is_clean


def test_a_project_of_the_first_version_comes_back_in_the_newest(tmp_path: Path) -> None:
    old = Path(__file__).parents[1] / "data" / "1001.annot"
    data = bytearray(old.read_bytes())
    data[:100] = bytes(100)
    damaged = tmp_path / "damaged.annot"
    damaged.write_bytes(data)
    opened = tmp_path / "opened.annot"
    shutil.copyfile(old, opened)
    open_project(opened, annotator="Mara").close()
    report = repaired(damaged, tmp_path / "new.annot")
    assert damage.documents_of(report.path) == damage.documents_of(opened)


def test_what_annotator_did_not_make_stays_behind(tmp_path: Path) -> None:
    path = damage.three_hundred(tmp_path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE spy (words TEXT)")
        connection.execute(
            "CREATE TRIGGER listens AFTER INSERT ON span BEGIN INSERT INTO spy VALUES (NEW.note); END"
        )
    with pytest.raises(ProjectError, match=r"annotator repair"):
        open_project(path, annotator="Mara")
    report = repaired(path, tmp_path / "new.annot")
    assert report.documents == 300
    session = open_project(report.path, annotator="Mara")
    assert session.project.value("SELECT count(*) FROM sqlite_master WHERE name IN ('spy', 'listens')") == 0
    session.close()


def test_nothing_is_done_where_nothing_can_be(tmp_path: Path) -> None:
    noise, empty, target = tmp_path / "noise.annot", tmp_path / "empty.annot", tmp_path / "new.annot"
    noise.write_bytes(random.Random(1).randbytes(100_000))
    empty.write_bytes(b"")
    other = tmp_path / "other.annot"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE content (text TEXT)")
    for path in (noise, empty, other, tmp_path / "absent.annot", tmp_path):
        with pytest.raises(ProjectError):
            repaired(path, target)
        assert not target.exists()
    sound = damage.three_hundred(tmp_path)
    with pytest.raises(ProjectError, match="exists already"):
        repaired(sound, sound)
    session = open_project(sound, annotator="Mara")
    with pytest.raises(LockedError):
        repaired(sound, target)
    session.close()

    def stop(_done: int, _total: int, _text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        repair_project(sound, target, annotator="Mara", machine=PlainMachine(), report=stop)
    assert not [each for each in tmp_path.iterdir() if each.name.startswith((".", "new"))]


def test_the_copy_gets_a_free_name_beside_the_project(tmp_path: Path) -> None:
    path = damage.three_hundred(tmp_path)
    first = repair_project(path, annotator="Mara", machine=PlainMachine())
    second = repair_project(path, annotator="Mara", machine=PlainMachine())
    assert [first.path.name, second.path.name] == ["many repaired.annot", "many repaired 2.annot"]


@pytest.mark.parametrize("seed", range(12))
def test_any_damage_ends_in_a_sound_project_or_a_message(tmp_path: Path, seed: int) -> None:
    path = damage.small_with_journal(tmp_path)
    whole = path.read_bytes()
    chance = random.Random(seed)
    for number in range(3):
        data = bytearray(whole)
        length = chance.choice([1, 1, 8, 200, 4000])
        for _ in range(chance.randrange(1, 200)):
            start = chance.randrange(len(data))
            data[start : start + length] = chance.randbytes(len(data[start : start + length]))
        damaged, target = tmp_path / "damaged.annot", tmp_path / f"new {number}.annot"
        damaged.write_bytes(data)
        try:
            report = repaired(damaged, target)
        except ProjectError:
            assert not target.exists()
        else:
            found = check_project(report.path)
            assert found.is_clean, found.breaches


def test_without_a_tokenizer_lost_tokens_are_cut_by_a_plain_rule(tmp_path: Path) -> None:
    class Broken(PlainMachine):
        def tokenize(self, items: Sequence[tuple[str, str]]) -> list[Tokens]:
            raise ImportError(f"{len(items)} texts and no rules")

    path = damage.three_hundred(tmp_path)
    data = bytearray(path.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection:
        pages = connection.execute("SELECT pageno FROM dbstat WHERE name = 'tokenization'").fetchall()
    for (number,) in pages[1:3]:
        data[(number - 1) * 4096 : number * 4096] = bytes(4096)
    damaged = tmp_path / "damaged.annot"
    damaged.write_bytes(data)
    report = repair_project(damaged, tmp_path / "new.annot", annotator="Mara", machine=Broken())
    assert report.documents == 300
    assert "cut at blanks and signs" in report.problems[0].message
    found, before = damage.documents_of(report.path), damage.documents_of(path)
    assert all(found[key][2][:2] == before[key][2][:2] for key in before)
    assert {each[2][3] for each in found.values()} == {"source", "plain"}
