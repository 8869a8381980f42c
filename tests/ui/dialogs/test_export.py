"""The export dialog: choosing, looking ahead, writing, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.editing.commands import FinishDocument
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.export_result import train_command
from annotator.ui.dialogs.parts import IconLine
from annotator.ui.jobs import Jobs
from annotator.workflows.exporting import ExportOptions, ExportResult
from annotator.workflows.session import Session
from tests.ui.dialogs.conftest import Show

Wait = Callable[[], None]


@pytest.fixture
def finished(session: Session) -> Session:
    session.do(FinishDocument(document=session.document_keys()[0], accept_rest=True))
    return session


@pytest.fixture
def dialog(finished: Session, jobs: Jobs, show: Show) -> ExportDialog:
    found = ExportDialog(finished, jobs.run)
    show(found)
    return found


def settle(qtbot: QtBot, wait: Wait) -> None:
    qtbot.wait(200)
    wait()


def lines_of(dialog: ExportDialog) -> list[str]:
    return [line.text for line in dialog.findChildren(IconLine) if line.isVisible()]


def test_without_a_done_document_there_is_nothing_to_export(
    qtbot: QtBot, session: Session, jobs: Jobs, show: Show, wait: Wait
) -> None:
    dialog = ExportDialog(session, jobs.run)
    show(dialog)
    settle(qtbot, wait)
    assert not dialog.export_button.isEnabled()
    assert dialog.note == "No document is done yet"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_enter_writes_and_the_counts_are_compared(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    settle(qtbot, wait)
    assert dialog.export_button.text() == "Export 1 document"
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)
    wait()
    assert dialog.exported is not None
    assert (tmp_path / "test.spacy").is_file()
    assert (tmp_path / "test.spacy.manifest.json").is_file()
    assert "Exported, read back and compared: all counts agree." in lines_of(dialog)
    dialog.result_page.command_button.click()
    assert QApplication.clipboard().text().splitlines()[1].startswith("python -m spacy train config.cfg")
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_the_format_settles_suffix_and_layout(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    assert dialog.target == tmp_path / "test.spacy"
    assert dialog.layout_box.isVisible()
    QTest.keyClick(dialog.format_list, Qt.Key.Key_Down)
    assert dialog.target == tmp_path / "test.jsonl"
    assert not dialog.layout_box.isVisible()
    settle(qtbot, wait)
    assert dialog.plan is not None
    assert dialog.plan.documents == 1


def test_a_file_for_each_part_goes_into_a_folder(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    dialog.parts_box.choose("each")
    dialog._on_chosen()
    settle(qtbot, wait)
    assert dialog.target == tmp_path / "test"
    assert dialog.plan is not None
    assert all(path.parent == tmp_path / "test" for path in dialog.plan.files)


def test_a_place_that_cannot_be_written_is_said_and_can_be_mended(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    dialog.place_field.setText(str(tmp_path / "file" / "x.spacy"))
    dialog.place_field.textEdited.emit("")
    settle(qtbot, wait)
    dialog.export_button.click()
    wait()
    assert "cannot be made" in dialog.fault or "cannot be written" in dialog.fault
    assert dialog.export_button.isEnabled()
    dialog.place_field.setText(str(tmp_path / "out.spacy"))
    dialog.place_field.textEdited.emit("")
    settle(qtbot, wait)
    dialog.export_button.click()
    wait()
    assert (tmp_path / "out.spacy").is_file()


def test_an_earlier_export_is_repeated_from_its_manifest(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    dialog.layout_box.choose("both")
    dialog.documents_box.choose("decided")
    dialog._on_chosen()
    settle(qtbot, wait)
    dialog.export_button.click()
    wait()
    again = ExportDialog(dialog._session, dialog._run)
    qtbot.addWidget(again)
    again.repeat(tmp_path / "test.spacy.manifest.json")
    assert again.options == ExportOptions(format="docbin", layout="both", documents="decided", part="all")
    again.repeat(tmp_path / "test.spacy")
    assert "is not the manifest of an export" in again.fault
    settle(qtbot, wait)


def test_the_train_command_takes_the_parts_there_are() -> None:
    def result(*names: str) -> ExportResult:
        return ExportResult(
            files=tuple(Path("out") / name for name in names),
            manifest=Path("out/manifest.json"),
            documents=1,
            spans=1,
            relations=0,
            read_documents=1,
            read_spans=1,
            read_relations=0,
            parts={},
            losses=(),
            seconds=0.1,
        )

    parts = train_command(result("train.spacy", "dev.spacy"), ExportOptions(), language="en")
    assert "--paths.train train.spacy --paths.dev dev.spacy" in parts
    alone = train_command(result("my news.spacy"), ExportOptions(layout="spans"), language="de")
    assert "--lang de --pipeline spancat" in alone
    assert "--paths.train 'my news.spacy' --paths.dev 'my news.spacy'" in alone
    assert train_command(result("a.jsonl"), ExportOptions(format="prodigy"), language="en") == ""
