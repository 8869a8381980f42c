"""The history at work: long journals in pages, narrowed where they lie, and what goes along named before it goes."""

from __future__ import annotations

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.editing import commands
from annotator.editing.commands import Redo, Undo
from annotator.editing.removing import begin_removal, finish_removal
from annotator.model.annotation import Kind
from annotator.model.change import Step
from annotator.ui.dialogs.history import PAGE, HistoryDialog
from annotator.ui.dialogs.tables import VALUE
from annotator.workflows.session import Session
from tests.builders import place
from tests.ui.dialogs.conftest import Show


def names(dialog: HistoryDialog) -> list[str]:
    model = dialog.table.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def choose(dialog: HistoryDialog, step: Step | int) -> None:
    key = step if isinstance(step, int) else step.key
    model = dialog.table.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data(VALUE) == key)
    dialog.table.selectRow(row)


def test_a_long_journal_is_read_in_pages_as_one_scrolls(qtbot: QtBot, session: Session, show: Show) -> None:
    key = session.document_keys()[0]
    with session.project.writing() as connection:
        connection.executemany(
            "INSERT INTO step (id, kind, name, at, annotator, documents, everywhere, format, live) "
            "VALUES (?, 'act', ?, 0, 'Mara', 0, 0, 1, 1)",
            [(str(number), f"Old act {number}") for number in range(3 * PAGE)],
        )
    session.do(commands.SetFlag(kind=None, key=key, flagged=True))
    dialog = HistoryDialog(session)
    show(dialog)
    assert len(names(dialog)) == PAGE
    assert dialog.note == f"{session.count_steps():,} steps"
    bar = dialog.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert len(names(dialog)) == 2 * PAGE
    assert len(set(names(dialog))) == 2 * PAGE

    def is_at_the_end() -> bool:
        bar.setValue(bar.maximum())
        return len(names(dialog)) == session.count_steps()

    qtbot.waitUntil(is_at_the_end)


def test_it_is_narrowed_to_the_open_document_and_to_words(qtbot: QtBot, session: Session, show: Show) -> None:
    first, second = session.document_keys()
    for key in (first, second):
        session.do(commands.SetNote(kind=None, key=key, note="look"))
    dialog = HistoryDialog(session, first)
    show(dialog)
    assert names(dialog)[:2] == ["Note on Cleo left Rome", "Note on Ada met Bob in Oslo"]
    dialog.scope_box.choose(first)
    assert names(dialog)[0] == "Note on Ada met Bob in Oslo"
    assert "Note on Cleo left Rome" not in names(dialog)
    QTest.keyClicks(dialog.filter, "nowhere")
    qtbot.waitUntil(dialog.nothing.isVisible)
    assert names(dialog) == []


def test_what_goes_along_is_named_before_it_goes(session: Session, show: Show) -> None:
    key = session.document_keys()[0]
    text = session.text(key)
    session.do(commands.AddSpan(key, place(text, "Ada"), "PERSON"))  # the document is in progress
    made = session.do(commands.AddSpan(key, place(text, "met"), "ROLE")).step
    span = next(each for each in session.annotations(key).spans if each.label == "ROLE")
    session.do(commands.SetFlag(kind=None, key=key, flagged=True))
    session.do(commands.RelabelSpans((span.key,), "GPE"))
    assert made is not None
    dialog = HistoryDialog(session)
    show(dialog)
    asked: list[Undo] = []
    dialog.undo_wanted.connect(asked.append)
    choose(dialog, made)
    dialog.one_button.click()
    assert asked == []
    assert dialog.question.text == "Later steps stand on this one and go with it: “Make met GPE”."
    dialog.question.buttons[1].click()
    assert not dialog.question.isVisible()
    dialog.one_button.click()
    dialog.question.buttons[0].click()
    assert asked == [Undo(steps=(made.key,), with_later=True)]
    session.do(asked[0])
    assert names(dialog)[0] == "Undo: Label met ROLE and 1 later step"


def test_an_undone_step_is_done_again_from_its_own_row(session: Session, show: Show) -> None:
    key = session.document_keys()[0]
    step = session.do(commands.SetFlag(kind=None, key=key, flagged=True)).step
    undone = session.undo(key)
    assert step is not None
    assert undone is not None
    assert undone.step is not None
    dialog = HistoryDialog(session)
    show(dialog)
    asked: list[Redo] = []
    dialog.redo_wanted.connect(asked.append)
    for row in (step, undone.step):
        choose(dialog, row)
        assert dialog.redo_button.isEnabled()
        dialog.redo_button.click()
    assert asked == [Redo(undone.step.key), Redo(undone.step.key)]
    session.do(asked[0])
    choose(dialog, step)
    assert not dialog.redo_button.isEnabled()


def test_bulk_acts_are_one_row_each_with_how_many_documents(session: Session, show: Show) -> None:
    first, second = session.document_keys()
    session.do(commands.AcceptMany())
    places = tuple((key, place(session.text(key), word)) for key, word in ((first, "met"), (second, "left")))
    session.do(commands.ProposeSpans(places=places, label="ROLE", words="so", reason="for a test"))
    session.do(commands.MergeTypes(kind=Kind.SPAN, source="GPE", target="ROLE"))
    session.do(commands.DeleteType(kind=Kind.SPAN, name="PERSON"))
    dialog = HistoryDialog(session)
    show(dialog)
    model = dialog.table.model()
    listed = [(str(model.index(row, 0).data()), str(model.index(row, 1).data())) for row in range(4)]
    assert listed == [
        ("Delete PERSON", "2"),
        ("Merge GPE into ROLE", "2"),
        ("Propose so as ROLE at 2 places in 2 documents", "2"),
        ("Accept 5 spans in 2 documents", "2"),
    ]


def test_a_removal_for_good_is_listed_and_nothing_offers_to_bring_it_back(
    session: Session, show: Show
) -> None:
    first, _second = session.document_keys()
    begin_removal(session.project, [first])
    finish_removal(session.project, at=0.0, annotator="Mara", report=lambda *_: None)
    dialog = HistoryDialog(session)
    show(dialog)
    choose(dialog, session.history(1)[0])
    assert names(dialog)[0] == "Removed for good: 1 document"
    assert not dialog.one_button.isEnabled()
    assert not dialog.redo_button.isEnabled()
    assert dialog.note == "Nothing brings this back."
