"""The list of documents: true from the start, loaded as it is looked at, refreshed row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from annotator.editing.commands import AcceptSpan, FinishDocument, RemoveDocuments
from annotator.model.change import Change, ChangeSet
from annotator.model.document import State
from annotator.ui.models.documents import KEPT, PAGE, ROW_ROLE, DocumentsModel, row_words
from annotator.workflows.session import DocumentFilter, DocumentRow, Session
from tests.builders import a_document as bring_document
from tests.builders import a_project, marked
from tests.ui.panels.articles import Listing, a_document, a_row


def model_of(rows: list[DocumentRow]) -> tuple[DocumentsModel, Listing]:
    listing = Listing(rows)
    model = DocumentsModel()
    model.set_session(cast("Session", listing))
    return model, listing


@pytest.fixture(autouse=True)
def _application(qapp: object) -> None:
    """Have an application, as every model needs one."""


def test_it_is_a_sound_qt_model() -> None:
    model, listing = model_of([a_row(number) for number in range(1, 120)])
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.rowCount() == 119
    assert [model.data(model.index(place)) for place in (0, 60, 118)] == [
        "Document 1",
        "Document 61",
        "Document 119",
    ]
    listing.rows = listing.rows[5:]
    model.refresh(None)
    assert model.data(model.index(0)) == "Document 6"


def test_a_hundred_thousand_documents_are_scrolled_without_loading_them() -> None:
    model, listing = model_of([a_row(number) for number in range(1, 100_001)])
    assert 0 < model.rowCount() < 100_000
    spy = QSignalSpy(model.rowsInserted)
    model.finish()
    assert model.is_whole
    assert model.rowCount() == 100_000
    assert 1 <= spy.count() <= 12, "whoever watches counts the rows anew each time"
    assert listing.asked == 0
    for place in (0, 50_000, 99_999, 7):
        assert model.data(model.index(place), ROW_ROLE).key == place + 1
    assert listing.asked <= 3
    assert model.loaded() <= 3 * PAGE


def test_old_pages_are_let_go() -> None:
    model, _ = model_of([a_row(number) for number in range(1, 6_001)])
    model.finish()
    for place in range(0, 6_000, PAGE):
        model.row(place)
    assert model.loaded() <= KEPT + PAGE
    row = model.row(0)
    assert row is not None
    assert row.key == 1


def test_a_decision_asks_for_one_row_only() -> None:
    model, listing = model_of([a_row(number) for number in range(1, 41)])
    model.row(0)
    spy = QSignalSpy(model.dataChanged)
    reset = QSignalSpy(model.modelReset)
    listing.rows[4] = a_row(5, "Document 5", state=State.IN_PROGRESS, undecided=3, spans=1)
    model.refresh(ChangeSet(documents=frozenset({5, 77})))
    assert (spy.count(), reset.count()) == (1, 0)
    row = model.row(4)
    assert row is not None
    assert row_words(row) == "3 left of 4"


def test_a_finished_document_keeps_its_place_under_the_filter() -> None:
    model, listing = model_of([a_row(number) for number in range(1, 4)])
    model.set_filter(DocumentFilter(state=State.TODO))
    listing.rows[1] = a_row(2, "Document 2", state=State.DONE)
    model.refresh(ChangeSet(documents=frozenset({2})))
    row = model.row(1)
    assert row is not None
    assert row.state is State.DONE


@pytest.mark.parametrize(
    "changes",
    [
        None,
        ChangeSet(everywhere=True),
        ChangeSet(changes=(Change(None, a_document(key=4)),), documents=frozenset({4})),
        ChangeSet(changes=(Change(a_document(), a_document(removed=True)),), documents=frozenset({1})),
        ChangeSet(changes=(Change(a_document(), a_document(title="New")),), documents=frozenset({1})),
    ],
)
def test_what_comes_or_goes_reads_the_list_again(changes: ChangeSet | None) -> None:
    model, listing = model_of([a_row(number) for number in range(1, 4)])
    listing.rows.append(a_row(4))
    model.refresh(changes)
    assert model.rowCount() == 4


def test_a_row_says_itself_to_those_who_do_not_see_it() -> None:
    model, _ = model_of([a_row(1, "Talks", state=State.DONE, spans=64, relations=1)])
    said = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Talks, done, 64 spans · 1 relation"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"undecided": 63}, "63 candidates"),
        ({"undecided": 1}, "1 candidate"),
        (
            {"undecided": 41, "spans": 40, "relations": 10, "rejected": 4, "state": State.IN_PROGRESS},
            "41 left of 95",
        ),
        ({"state": State.DONE, "spans": 64, "relations": 22}, "64 spans · 22 relations"),
        ({"state": State.IN_PROGRESS, "spans": 1}, "nothing left · 1 span · 0 relations"),
        ({"state": State.SKIPPED, "reason": "not news"}, "skipped: not news"),
        ({"state": State.SKIPPED}, "skipped"),
        ({"skipped_by_suggester": "in another language"}, "in another language"),
        ({"suggested": False}, "no candidates yet"),
        ({}, "no candidates"),
        ({"undecided": 8, "spans": 2, "flagged": True}, "8 left of 10 · flagged"),
        ({"undecided": 2_345, "excluded": True}, "2,345 candidates · left out of exports"),
    ],
)
def test_the_second_line_says_how_far_a_document_is(changes: dict[str, Any], words: str) -> None:
    assert row_words(a_row(1, **changes)) == words


def test_another_language_is_told_shortly_and_the_reason_on_demand() -> None:
    reason = "The pipeline reads English; this document is German."
    model, _ = model_of([a_row(1, "Husum", language="de", skipped_by_suggester=reason)])
    row = model.row(0)
    assert row is not None
    assert model.words(row) == "in another language"
    assert reason in model.data(model.index(0), Qt.ItemDataRole.ToolTipRole)


def test_it_follows_a_real_project(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    try:
        keys = [bring_document(session, f"[Ada](PERSON) met Bob {number}.") for number in range(3)]
        model = DocumentsModel()
        model.set_session(session)
        stop = session.listen(model.refresh)
        assert [model.key(place) for place in range(model.rowCount())] == keys
        row = model.row(0)
        assert row is not None
        assert row_words(row) == "1 candidate"
        candidate = marked("[Ada](PERSON)")[1][0]
        session.do(AcceptSpan(document=keys[0], candidate=candidate))
        session.do(FinishDocument(document=keys[0]))
        row = model.row(0)
        assert row is not None
        assert row_words(row) == "1 span · 0 relations"
        session.do(RemoveDocuments((keys[1],)))
        assert [model.key(place) for place in range(model.rowCount())] == [keys[0], keys[2]]
        model.set_filter(DocumentFilter(label="PERSON"))
        assert model.rowCount() == 1
        stop()
    finally:
        session.close()


def test_a_document_that_cannot_be_read_is_a_line_that_says_so(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    key = bring_document(session, "[Ada](PERSON) met Bob.")
    bring_document(session, "Eve left.")
    model = DocumentsModel()
    session.project.connection.execute("UPDATE document SET state = 'lost' WHERE key = ?", (key,))
    model.set_session(session)
    row = model.row(0)
    assert row is not None
    assert row.title == f"Document {key} cannot be read"
    assert "annotator check" in model.words(row)
    other = model.row(1)
    assert other is not None
    assert "cannot be read" not in other.title
    session.close()
