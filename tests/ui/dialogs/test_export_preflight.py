"""What spaCy could not learn, in the export dialog: listed, one click away, and mended only by its button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.editing.commands import AddSpan, FinishDocument, RejectSpan
from annotator.model.annotation import Fragment
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.parts import IconLine
from annotator.ui.jobs import Jobs
from annotator.workflows.preflight import Flaw, Mend, can_check
from annotator.workflows.session import Session
from tests.ui.dialogs.conftest import Show
from tests.ui.driving import wait_until

Wait = Callable[[], None]


@pytest.fixture
def flawed(session: Session) -> Session:
    """Give the two documents, done, with blanks at an edge and half a word."""
    first, second = session.document_keys()
    session.do(AddSpan(first, (Fragment(0, 4),), "GPE"))
    session.do(AddSpan(second, (Fragment(1, 4),), "GPE"))
    for key in (first, second):
        session.do(FinishDocument(document=key, accept_rest=True))
    return session


@pytest.fixture
def dialog(flawed: Session, jobs: Jobs, show: Show, wait: Wait) -> ExportDialog:
    found = ExportDialog(flawed, jobs.run)
    show(found)
    settle(found, wait)
    return found


def settle(dialog: ExportDialog, wait: Wait) -> None:
    """Wait until both looks have their answer, and that is on the screen."""
    wait_until(lambda: dialog.plan is not None, what="the look at the export")
    wait()
    if can_check(dialog.options):
        wait_until(lambda: dialog.preflight.isEnabled() and bool(words_in(dialog)), what="the findings")


def words_in(dialog: ExportDialog) -> list[str]:
    return [line.text for line in dialog.preflight.findChildren(IconLine) if line.isVisible()]


def test_findings_are_listed_by_flaw_and_one_by_one(dialog: ExportDialog) -> None:
    found = dialog.preflight.found
    assert found is not None
    assert dict(found.counts) == {Flaw.EDGES: 1, Flaw.MISALIGNED: 1}
    assert words_in(dialog) == ["Blank edges", "Off tokens"]
    model = dialog.preflight.table.model()
    rows = [[str(model.index(row, column).data()) for column in range(3)] for row in range(model.rowCount())]
    assert rows[0][:2] == ["Blank edges", "GPE “Ada”"]
    assert rows[1][:2] == ["Off tokens", "GPE “leo”"]


def test_a_click_or_enter_goes_to_document_and_span(
    dialog: ExportDialog, flawed: Session, qtbot: QtBot
) -> None:
    second = flawed.document_keys()[1]
    wanted = next(span.key for span in flawed.annotations(second).spans if span.start == 1)
    table = dialog.preflight.table
    table.setFocus()
    table.setCurrentIndex(table.model().index(1, 0))
    with qtbot.waitSignal(dialog.spot_wanted) as told:
        QTest.keyClick(table, Qt.Key.Key_Return)
    spots, at = told.args
    assert (spots[at].document, spots[at].span, len(spots)) == (second, wanted, 2)
    assert not dialog.isVisible()
    assert dialog.exported is None


def test_a_button_mends_as_one_step_and_looks_again(
    dialog: ExportDialog, flawed: Session, wait: Wait
) -> None:
    steps = flawed.count_steps()
    button = dialog.preflight.mend_buttons[Mend.TRIM]
    assert button.text() == "Trim blanks off 1 span"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_until(lambda: not dialog.preflight.is_mending, what="the mending")
    settle(dialog, wait)
    assert flawed.count_steps() == steps + 1
    assert words_in(dialog) == [
        "Trim blanks off 1 span. Undo takes it back as one step.",
        "Off tokens",
    ]
    assert set(dialog.preflight.mend_buttons) == {Mend.EXTEND}
    flawed.undo(None)
    assert flawed.count_steps() == steps + 2


def rows_in(dialog: ExportDialog) -> list[list[str]]:
    model = dialog.preflight.table.model()
    return [[str(model.index(row, column).data()) for column in range(4)] for row in range(model.rowCount())]


def after_mending(dialog: ExportDialog, wait: Wait) -> None:
    wait_until(lambda: not dialog.preflight.is_mending, what="the mending")
    settle(dialog, wait)


def test_each_row_names_its_safe_fix_and_space_does_it(
    dialog: ExportDialog, flawed: Session, wait: Wait
) -> None:
    assert [row[3] for row in rows_in(dialog)] == ["Trim", "Extend"]
    table, steps = dialog.preflight.table, flawed.count_steps()
    table.setFocus()
    table.setCurrentIndex(table.model().index(1, 0))
    assert dialog.preflight.fix_button.toolTip() == "Extend it to token borders  (Space)"
    assert dialog.preflight.fix_button.key == "Space"
    QTest.keyClick(table, Qt.Key.Key_Space)
    after_mending(dialog, wait)
    assert flawed.count_steps() == steps + 1
    assert [row[0] for row in rows_in(dialog)] == ["Blank edges"]
    assert table.hasFocus()
    assert table.currentIndex().row() == 0
    QTest.keyClick(table, Qt.Key.Key_Space)
    after_mending(dialog, wait)
    assert flawed.count_steps() == steps + 2
    assert rows_in(dialog) == []


def test_a_click_on_the_fix_fixes_and_goes_nowhere(dialog: ExportDialog, flawed: Session, wait: Wait) -> None:
    table, steps = dialog.preflight.table, flawed.count_steps()
    table.clicked.emit(table.model().index(0, 3))
    after_mending(dialog, wait)
    assert dialog.isVisible()
    assert flawed.count_steps() == steps + 1


def test_enter_fixes_all_first_as_one_step_and_then_exports(
    dialog: ExportDialog, flawed: Session, wait: Wait
) -> None:
    steps = flawed.count_steps()
    assert dialog.fix_button.isVisible()
    assert (dialog.fix_button.text(), dialog.fix_button.kind) == ("Fix 2 first", "primary")
    assert (dialog.export_button.text(), dialog.export_button.key) == ("Export 2 documents", "Ctrl Enter")
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)
    after_mending(dialog, wait)
    assert flawed.count_steps() == steps + 1
    assert flawed.history(limit=1)[0].name == "Fix 2 spans"
    assert not dialog.fix_button.isVisible()
    assert (dialog.export_button.kind, dialog.export_button.key) == ("primary", "Enter")
    assert dialog.exported is None
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)
    wait()
    assert dialog.exported is not None


def test_ctrl_enter_exports_as_it_is(dialog: ExportDialog, flawed: Session, wait: Wait) -> None:
    steps = flawed.count_steps()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait()
    assert dialog.exported is not None
    assert flawed.count_steps() == steps
    assert not dialog.fix_button.isVisible()


def test_what_nothing_mends_can_only_be_gone_to(flawed: Session, jobs: Jobs, show: Show, wait: Wait) -> None:
    second = flawed.document_keys()[1]
    flawed.do(AddSpan(second, (Fragment(0, 1), Fragment(2, 4)), "PERSON"))
    dialog = ExportDialog(flawed, jobs.run)
    show(dialog)
    settle(dialog, wait)
    row = next(number for number, each in enumerate(rows_in(dialog)) if each[0] == "In fragments")
    assert rows_in(dialog)[row][3] == "–"
    table = dialog.preflight.table
    table.setCurrentIndex(table.model().index(row, 0))
    assert not dialog.preflight.fix_button.isEnabled()
    assert dialog.preflight.go_button.isEnabled()
    assert dialog.fix_button.text() == "Fix 2 first"


def test_other_formats_show_nothing_of_it(dialog: ExportDialog, wait: Wait) -> None:
    dialog.format_list.choose("prodigy")
    settle(dialog, wait)
    assert not dialog.preflight.isVisible()
    dialog.format_list.choose("docbin")
    settle(dialog, wait)
    assert dialog.preflight.isVisible()


def test_the_tokens_of_another_language_are_chosen_in_the_dialog(dialog: ExportDialog, wait: Wait) -> None:
    dialog.fields.details.choose({"tokenizer": "en"})
    dialog._on_chosen()
    settle(dialog, wait)
    assert dialog.preflight.found is not None
    assert dialog.preflight.found.tokenizer == "spaCy's rules for English"


def test_a_folder_to_train_on_is_written_with_its_command(
    dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    dialog.fields.parts_box.choose("each")
    dialog.format_list.choose("spacy_folder")
    settle(dialog, wait)
    assert not dialog.fields.parts_box.isVisible()
    assert dialog.fields.group_box.isVisible()
    assert dialog.target == tmp_path / "test"
    dialog.export_button.click()
    wait()
    assert sorted(path.name for path in (tmp_path / "test").iterdir()) == [
        "README.md",
        "config.cfg",
        "dev.spacy",
        "train.spacy",
    ]
    assert dialog.exported is not None
    command = dialog.result_page._command
    assert command == "cd test\npython -m spacy train config.cfg --output model"


@pytest.mark.parametrize(("kept", "told"), [(3, "Each of 3 spans"), (1, "The span")])
def test_spans_that_can_all_be_learnt_are_told_in_whole_words(
    session: Session, jobs: Jobs, show: Show, *, wait: Wait, kept: int, told: str
) -> None:
    document = session.document_keys()[0]
    for each in session.annotations(document).undecided[kept:]:
        session.do(RejectSpan(document, tuple(one.what for one in each.candidates)))
    session.do(FinishDocument(document=document, accept_rest=True))
    dialog = ExportDialog(session, jobs.run)
    show(dialog)
    settle(dialog, wait)
    assert words_in(dialog) == [f"{told} can be learnt as it stands."]
