"""A clean copy: nothing in its bytes of who worked, where files lay, what was rejected or removed; the rest whole."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing import commands
from annotator.model.annotation import SpanKey
from annotator.model.document import State
from annotator.model.errors import Cancelled
from annotator.model.record import Record
from annotator.store import copying
from annotator.store.scrubbing import is_place, json_without_places, place_remover, renamer, without_paths
from annotator.workflows.checking import check_project
from annotator.workflows.copying import CopyError, copy_project, free_name
from annotator.workflows.projects import open_project
from annotator.workflows.session import DocumentFilter, Session, SuggestSettings
from tests.builders import SCHEMA, a_project, bring, place, plain_tokens, propose

FIRST = "Ada met Bob in Paris and left for Rome with Charles."
SECOND = "Grace went to London."
REMOVED = "Zanzibar treaty signed in secrecy."
UNDONE = "Xanthippe spoke of it."
FOLDER = "/home/mara/secret-desk"


def brought(session: Session, text: str, source: str) -> int:
    """Import a text with metadata that say where it lay."""
    record = Record(
        text=text,
        source=source,
        tokens=plain_tokens(text),
        metadata={
            "source": source,
            "publisher": "The Daily Example",
            "url": "https://example.org/news/1",
            "files": [f"{FOLDER}/scan.pdf", "page 1"],
            "path": "drawer seven",
            "nested": {"windows": "C:\\Users\\Mara\\x", "kept": "and/or"},
        },
    )
    made = bring(session, record).first_document
    assert made is not None
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a project two people worked on, with everything a clean copy must not tell."""
    session = a_project(tmp_path)
    first = brought(session, FIRST, f"{FOLDER}/first.txt")
    second = brought(session, SECOND, "second-wind.txt")
    removed = brought(session, REMOVED, f"{FOLDER}/removed.txt")
    names = [SpanKey(place(FIRST, words), "PERSON") for words in ("Ada", "Bob", "Charles")]
    pipeline = f"{FOLDER}/models/my-ner"
    propose(session, first, names, suggester=pipeline)
    propose(session, second, [SpanKey(place(SECOND, "Grace"), "PERSON")], suggester="my-ner")
    session.set_suggest_settings(SuggestSettings(pipeline=pipeline, mapping={"PER": "PERSON"}))
    session.set_setting("view", {"document": first})
    session.do(commands.AcceptSpan(document=first, candidate=names[0]))
    session.call_annotator("Benedikt Quux")
    session.do(commands.RejectSpan(first, (names[1],)))
    session.do(commands.AddSpan(first, place(FIRST, "Paris"), "GPE"))
    session.do(
        commands.SetNote(kind=None, key=first, note=f"Ask Benedikt Quux about Paris, see {FOLDER}/x.txt")
    )
    session.do(commands.AddSpan(second, place(SECOND, "London"), "GPE"))
    session.do(commands.SetState(documents=(second,), state=State.SKIPPED, reason="not news"))
    session.do(
        commands.AddType(SCHEMA.relations[0].__class__(name="OLDNAME", heads=("PERSON",), children=("GPE",)))
    )
    session.do(commands.RemoveDocuments((removed,)))
    brought(session, UNDONE, f"{FOLDER}/undone.txt")
    session.undo(None)
    session.close()
    return session.path


def copied(path: Path, *, clean: bool = True) -> Path:
    return copy_project(path, path.with_name("copy"), clean=clean)


def test_the_bytes_of_a_clean_copy_tell_nothing(path: Path) -> None:
    content = copied(path).read_bytes()
    secrets = [
        *(
            "Mara",
            "Benedikt",
            "Quux",
            "secret-desk",
            "/home",
            "first.txt",
            "second-wind",
            "removed.txt",
            "undone",
        ),
        *(
            "my-ner",
            "models",
            "scan.pdf",
            "drawer seven",
            "C:\\",
            "Users",
            "Zanzibar",
            "Xanthippe",
            "secrecy",
        ),
        *("Rejected Bob", "Accepted Ada"),
    ]
    original = path.read_bytes()
    for secret in secrets:
        for written in (secret.encode(), secret.lower().encode(), secret.encode("utf-16-le")):
            assert written not in content, secret
    # The search would find them where they are.
    assert all(secret.encode() in original for secret in secrets[:4])


def test_a_clean_copy_keeps_what_was_annotated(path: Path) -> None:
    copy = copied(path)
    assert check_project(copy).is_clean
    session = open_project(copy, annotator="Stranger")
    first, second = session.document_keys()
    annotations = session.annotations(first)
    labels = {
        (session.text(first)[s.fragments[0].start : s.fragments[0].end], s.label) for s in annotations.spans
    }
    assert labels == {("Ada", "PERSON"), ("Paris", "GPE")}
    assert {span.provenance.annotator for span in annotations.spans} == {"annotator-1", "annotator-2"}
    # What was rejected is proposed no more; what nobody decided still is.
    assert [session.text(first)[r.candidates[0].fragments[0].start :][:7] for r in annotations.undecided] == [
        "Charles"
    ]
    assert session.row(first).undecided == 1
    assert session.document(first).note == "Ask annotator-2 about Paris, see (path)"
    assert session.document(second).state is State.SKIPPED
    assert session.annotations(second).undecided == ()
    assert dict(session.document(first).metadata) == {
        "publisher": "The Daily Example",
        "url": "https://example.org/news/1",
        "files": ["page 1"],
        "nested": {"kept": "and/or"},
    }
    assert session.suggest_settings() == SuggestSettings(mapping={"PER": "PERSON"})
    assert session.name == "test"
    assert session.history() == []
    assert session.undoable(None) is None
    assert session.counts().all == 2
    session.do(commands.AcceptMany())
    assert session.undo(None) is not None
    session.close()


def test_the_same_person_has_one_name_in_the_whole_copy_and_ids_stay(path: Path) -> None:
    copy = copied(path)
    before, after = sqlite3.connect(path), sqlite3.connect(copy)
    ask = "SELECT id, annotator FROM span ORDER BY key"
    pairs = {
        (old[1], new[1], old[0] == new[0])
        for old, new in zip(before.execute(ask), after.execute(ask), strict=True)
    }
    assert pairs == {("Mara", "annotator-1", True), ("Benedikt Quux", "annotator-2", True)}
    ask = "SELECT value FROM setting WHERE name = 'id'"
    assert before.execute(ask).fetchone() != after.execute(ask).fetchone()
    assert after.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert after.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    before.close()
    after.close()


@pytest.mark.parametrize("clean", [False, True], ids=["whole", "clean"])
def test_the_search_finds_every_document_of_a_copy(path: Path, *, clean: bool) -> None:
    session = open_project(copied(path, clean=clean), annotator="Stranger")
    first, second = session.document_keys()
    assert session.document_keys(DocumentFilter(text="charles")) == [first]
    assert session.document_keys(DocumentFilter(text="london")) == [second]
    assert session.document_keys(DocumentFilter(text="zanzibar")) == []
    connection = session.project.connection
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    session.close()


def test_a_whole_copy_is_equal_also_while_the_project_is_open(path: Path) -> None:
    session = open_project(path, annotator="Mara")
    session.set_setting("x", 1)
    copy = copied(path, clean=False)
    session.close()
    before, after = sqlite3.connect(path), sqlite3.connect(copy)
    tables = [row[0] for row in before.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        ask = f'SELECT * FROM "{table}"'
        if table != "search":
            assert before.execute(ask).fetchall() == after.execute(ask).fetchall(), table
    before.close()
    after.close()


def test_a_copy_that_cannot_be_made_is_refused_and_leaves_nothing(path: Path, tmp_path: Path) -> None:
    def stop(_done: int, _total: int, _text: str) -> None:
        raise Cancelled

    for clean in (False, True):
        with pytest.raises(CopyError, match="exists already"):
            copy_project(path, path, clean=clean)
        with pytest.raises(CopyError, match="There is no folder"):
            copy_project(path, tmp_path / "no" / "copy.annot", clean=clean)
        with pytest.raises(Cancelled):
            copy_project(path, tmp_path / "copy.annot", clean=clean, report=stop)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_the_room_of_a_copy_that_was_killed_is_cleared_away(path: Path) -> None:
    old, young = path.with_name(".clean-old"), path.with_name(".clean-young")
    for each in (old, young):
        each.mkdir()
        (each / "whole.annot").touch()
    os.utime(old, (1, 1))
    copied(path)
    assert not old.exists()
    assert young.exists()


def test_a_free_name_is_found_beside_a_project(path: Path) -> None:
    assert free_name(path).name == "test copy.annot"
    free_name(path).touch()
    assert free_name(path).name == "test copy 2.annot"


def test_of_every_column_it_is_said_what_becomes_of_it(path: Path) -> None:
    """A new table or column has to be named in `copying.py` before it can be copied for strangers."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    said: dict[str, set[str]] = {}
    for table_of_columns in (copying.KEPT, copying.JSON, copying.NOTES, copying.PROVENANCE, copying.REPLACED):
        for table, columns in table_of_columns.items():
            said.setdefault(table, set()).update(columns.split())
    unsaid = []
    for table in sorted(copying._tables(connection) - copying.EMPTIED):
        for column, kind in copying._columns(connection, table):
            is_version = column == copying.VERSION and kind == "INTEGER"
            if column != copying.ANNOTATORS and not is_version and column not in said.get(table, set()):
                unsaid.append(f"{table}.{column}")
    connection.close()
    assert unsaid == []


@pytest.mark.parametrize(
    "value",
    [
        *(
            "/home/mara/a.txt",
            "~/texts",
            "C:\\Texts\\a",
            "\\\\server\\share\\a",
            "file:///a",
            "../a",
            "./a.txt",
        ),
        *("texts/2024/a.jsonl", "a.txt", "Scan-12.PDF", "D:/x"),
    ],
)
def test_paths_and_file_names_are_known(value: str) -> None:
    assert is_place(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "and/or",
        "2024/11/25",
        "https://example.org/a.html",
        "The Daily Example",
        "text/plain",
        "a. txt",
        "U.S.",
    ],
)
def test_what_is_no_path_stays(value: str) -> None:
    assert not is_place(value)


def test_paths_within_words_go_and_addresses_stay() -> None:
    remove = place_remover(["/data/models/my-ner", ""])
    assert remove("my-ner says PERSON") == "pipeline says PERSON"
    assert remove("/data/models/my-ner says PERSON, see /tmp/x.log") == "pipeline says PERSON, see pipeline"
    assert remove("see https://example.org/a and 1/2") == "see https://example.org/a and 1/2"
    assert remove("") == ""
    assert remove(None) is None


def test_paths_in_notes_go_and_all_else_stays() -> None:
    assert without_paths("See /home/mara/a.pdf, C:\\x and ~/b.") == "See (path), (path) and (path)"
    for kept in ("and/or", "1/2", "https://example.org/a/b", "he /she", "", None):
        assert without_paths(kept) == kept


def test_names_are_changed_as_whole_words() -> None:
    rename = renamer({"Mara": "annotator-1", "Mara Quux": "annotator-2", "Al": "annotator-3"})
    assert rename("Mara Quux, Mara, Maras, Al") == "annotator-2, annotator-1, Maras, Al"
    assert renamer({"Al": "x"})("Al") == "Al"
    assert rename("") == ""


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


_PLACES = st.sampled_from(["/home/x/a", "~/x", "C:\\x", "\\\\s\\x", "file:///x", "a/b.txt", "b.jsonl", "./x"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | _PLACES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(_VALUES)
def test_no_path_is_left_in_any_json(value: Any) -> None:
    written = json_without_places(json.dumps(value))
    assert written is not None
    left = list(_strings(json.loads(written)))
    assert not any(map(is_place, left))
    assert json_without_places(written) == written


def test_json_that_is_none_is_emptied() -> None:
    assert json_without_places("{not json") == "{}"
    assert json_without_places("") == ""
    assert json.loads(json_without_places('{"a": ["/x", 1, {"file": "b"}]}') or "") == {"a": [1, {}]}
