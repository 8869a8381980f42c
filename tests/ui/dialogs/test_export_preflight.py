"""What spaCy could not learn, in the export dialog: listed, one click away, and mended only by its button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.editing.commands import AddSpan, FinishDocument
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
    assert told.args == [second, wanted]
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
