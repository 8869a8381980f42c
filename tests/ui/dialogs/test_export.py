"""The export dialog: choosing, looking ahead, writing, and what is said afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.editing.commands import FinishDocument
from annotator.model.errors import Cancelled, FormatError
from annotator.ui import fonts, style
from annotator.ui.dialogs import export
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.export_result import train_command
from annotator.ui.dialogs.parts import IconLine
from annotator.ui.jobs import Jobs
from annotator.ui.theme import theme_hub
from annotator.workflows.exporting import ExportOptions, ExportPlan, ExportResult, plan_export
from annotator.workflows.exporting import export as export_it
from annotator.workflows.reporting import Report
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
    assert lines_of(dialog) == ["Nothing goes out yet. Finish one with Ctrl Enter, or choose others above."]
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_the_focus_goes_to_the_button_once_it_is_on(qtbot: QtBot, dialog: ExportDialog, wait: Wait) -> None:
    assert QApplication.focusWidget() is dialog.format_list
    assert not dialog.export_button.isEnabled()
    settle(qtbot, wait)
    assert QApplication.focusWidget() is dialog.export_button


def test_the_focus_stays_with_who_chooses_a_format(qtbot: QtBot, dialog: ExportDialog, wait: Wait) -> None:
    QTest.keyClick(dialog.format_list, Qt.Key.Key_Down)
    settle(qtbot, wait)
    assert dialog.export_button.isEnabled()
    assert QApplication.focusWidget() is dialog.format_list


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


def test_the_button_counts_what_is_written_and_so_does_the_result(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait
) -> None:
    dialog.fields.documents_box.choose("all")
    dialog.format_list.choose("conll")
    settle(qtbot, wait)
    assert "Chosen: 2 documents, 3 spans, 0 relations." in lines_of(dialog)
    assert dialog.export_button.text() == "Export 1 document"
    dialog.export_button.click()
    wait()
    assert dialog.exported is not None
    assert (dialog.exported.documents, dialog.exported.read_documents) == (1, 2)
    assert "1 document of 2" in lines_of(dialog)
    listed = json.loads(dialog.exported.manifest.read_text(encoding="utf-8"))["documents"]
    assert [each["state"] for each in listed] == ["done"]


def test_a_format_that_leaves_all_out_writes_nothing(
    qtbot: QtBot, session: Session, jobs: Jobs, show: Show, wait: Wait
) -> None:
    target = session.path.parent / "x.conll"
    dialog = ExportDialog(session, jobs.run)
    show(dialog)
    dialog.fields.documents_box.choose("all")
    dialog.format_list.choose("conll")
    settle(qtbot, wait)
    assert not dialog.export_button.isEnabled()
    assert dialog.note == "This format leaves all of them out"
    with pytest.raises(FormatError, match="Of 2 documents none is done, and CoNLL"):
        export_it(session, target, ExportOptions(format="conll", documents="all"))
    assert not (target).exists()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_no_line_of_a_format_is_cut(qtbot: QtBot, dialog: ExportDialog, wait: Wait, scale: float) -> None:
    settle(qtbot, wait)
    style.choose("light", text_scale=scale)
    chosen = dialog.format_list
    qtbot.waitUntil(lambda: chosen.sizeHintForRow(0) > 0)
    metrics = QFontMetrics(fonts.sans(11))
    for row in range(chosen.count()):
        room = chosen.visualItemRect(chosen.item(row))
        width = room.width() - theme_hub().px(2 * 10 + 12 + 8)
        told = str(chosen.item(row).data(Qt.ItemDataRole.AccessibleDescriptionRole))
        needed = metrics.boundingRect(QRect(0, 0, width, 9999), int(Qt.TextFlag.TextWordWrap), told)
        assert needed.height() + theme_hub().px(18) <= room.height(), told
        assert max(map(metrics.horizontalAdvance, told.split())) <= width, told


def test_the_format_settles_suffix_and_layout(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    assert dialog.target == tmp_path / "test.spacy"
    assert dialog.fields.layout_box.isVisible()
    dialog.format_list.choose("prodigy")
    assert dialog.target == tmp_path / "test.jsonl"
    assert not dialog.fields.layout_box.isVisible()
    settle(qtbot, wait)
    assert dialog.plan is not None
    assert dialog.plan.documents == 1


def test_a_format_is_found_by_a_few_letters(qtbot: QtBot, dialog: ExportDialog, wait: Wait) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = dialog.formats.field
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "conll")
    assert dialog.options.format == "conll"
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert dialog.options.format == "conllu"
    QTest.keyClicks(field, "zzz")
    assert dialog.formats._nothing.isVisible()
    assert dialog.options.format == "conllu"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not dialog.formats._nothing.isVisible()
    settle(qtbot, wait)


def test_a_file_for_each_part_goes_into_a_folder(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    dialog.fields.parts_box.choose("each")
    dialog._on_chosen()
    settle(qtbot, wait)
    assert dialog.target == tmp_path / "test"
    assert dialog.plan is not None
    assert all(path.parent == tmp_path / "test" for path in dialog.plan.files)


def test_a_place_that_cannot_be_written_is_said_and_can_be_mended(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    dialog.fields.place_field.setText(str(tmp_path / "file" / "x.spacy"))
    dialog.fields.place_field.textEdited.emit("")
    settle(qtbot, wait)
    dialog.export_button.click()
    wait()
    assert "cannot be made" in dialog.fault or "cannot be written" in dialog.fault
    assert dialog.export_button.isEnabled()
    dialog.fields.place_field.setText(str(tmp_path / "out.spacy"))
    dialog.fields.place_field.textEdited.emit("")
    settle(qtbot, wait)
    dialog.export_button.click()
    wait()
    assert (tmp_path / "out.spacy").is_file()


def test_an_earlier_export_is_repeated_from_its_manifest(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    dialog.fields.layout_box.choose("both")
    dialog.fields.documents_box.choose("decided")
    dialog._on_chosen()
    settle(qtbot, wait)
    dialog.export_button.click()
    wait()
    again = ExportDialog(dialog._session, dialog._run)
    qtbot.addWidget(again)
    again.repeat(tmp_path / "test.spacy.manifest.json")
    assert again.options == ExportOptions(
        format="docbin",
        layout="both",
        documents="decided",
        part="all",
        details={"tokenizer": "", "windows": "whole", "longest": "12", "rejected": True, "unfinished": False},
    )
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


def test_what_a_format_lets_one_choose_is_drawn_from_it(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    dialog.format_list.choose("conll")
    settle(qtbot, wait)
    assert set(dialog.fields.details.values) == {"scheme", "columns", "separator"}
    dialog.fields.details.choose({"scheme": "BIOES", "relations": "no"})
    dialog._on_chosen()
    settle(qtbot, wait)
    dialog.export_button.click()
    wait()
    written = (tmp_path / "test.conll").read_text(encoding="utf-8")
    assert "\tS-" in written or "\tE-" in written
    again = ExportDialog(dialog._session, dialog._run)
    qtbot.addWidget(again)
    again.repeat(tmp_path / "test.conll.manifest.json")
    assert again.options.details["scheme"] == "BIOES"
    again.format_list.choose("docbin")
    assert {"windows", "rejected", "unfinished"} <= set(again.fields.details.values)
    settle(qtbot, wait)


def test_a_format_of_folders_proposes_a_folder(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    dialog.format_list.choose("brat")
    settle(qtbot, wait)
    assert dialog.target == tmp_path / "test"
    dialog.export_button.click()
    wait()
    assert (tmp_path / "test" / "annotation.conf").is_file()


def test_texts_propose_a_folder_or_one_file_as_is_chosen(
    qtbot: QtBot, dialog: ExportDialog, wait: Wait, tmp_path: Path
) -> None:
    dialog.format_list.choose("text")
    settle(qtbot, wait)
    assert dialog.target == tmp_path / "test"
    dialog.fields.details.choose({"one_each": "line"})
    dialog._on_chosen()
    settle(qtbot, wait)
    assert dialog.target == tmp_path / "test.txt"
    dialog.export_button.click()
    wait()
    assert (tmp_path / "test.txt").is_file()


class Held:
    """Looks that go on when they are let."""

    def __init__(self) -> None:
        self.looked: list[str] = []
        self.goes_on = threading.Event()

    def look(
        self, session: Session, target: Path | None, options: ExportOptions, report: Report
    ) -> ExportPlan:
        """Look at an export into a DocBin when it is let, into others at once."""
        self.looked.append(options.format)
        if options.format == "docbin":
            self.goes_on.wait(30)
        return plan_export(session, target, options, report)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    found = Held()
    monkeypatch.setattr(export, "plan_export", found.look)
    yield found
    found.goes_on.set()


def test_another_choice_does_not_wait_for_the_look_that_runs(
    qtbot: QtBot, held: Held, dialog: ExportDialog, jobs: Jobs, wait: Wait
) -> None:
    qtbot.waitUntil(lambda: held.looked == ["docbin"])
    dialog.format_list.choose("prodigy")
    qtbot.waitUntil(lambda: dialog.plan is not None)
    assert held.looked == ["docbin", "prodigy"]
    qtbot.waitUntil(lambda: len(jobs.running) == 1)
    found = dialog.plan
    held.goes_on.set()
    wait()
    assert dialog.plan is found
    assert dialog.fault == ""


def test_a_look_is_stopped_at_any_document(finished: Session) -> None:
    seen: list[int] = []

    def report(done: int, total: int, text: str) -> None:
        del total, text
        seen.append(done)
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        plan_export(finished, None, ExportOptions(documents="all"), report)
    assert seen == [0, 1]


def test_nothing_is_painted_while_a_look_tells_nothing(
    qtbot: QtBot, held: Held, dialog: ExportDialog, wait: Wait
) -> None:
    qtbot.waitUntil(dialog.progress.isVisible)
    qtbot.wait(50)
    painted = Painted(dialog)
    qtbot.wait(150)
    assert painted.count == 0
    held.goes_on.set()
    wait()
    assert painted.count > 0


class Painted(QObject):
    """Counts how often a widget or a part of it is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        for each in (widget, *widget.findChildren(QWidget)):
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        del watched
        self.count += event.type() == QEvent.Type.Paint
        return False
