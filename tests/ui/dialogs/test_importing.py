"""Bringing files into an open project, and the report of what happened to them."""

from __future__ import annotations

import csv
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.model.record import Problem
from annotator.model.schema import Schema
from annotator.ui import style
from annotator.ui.dialogs.import_report import ImportReportDialog, needs_report
from annotator.ui.dialogs.importing import ImportDialog
from annotator.ui.dialogs.label_counts import LabelCounts, colors_for
from annotator.ui.dialogs.problem_table import without_folder
from annotator.ui.dialogs.project_plan import ImportRequest
from annotator.ui.dialogs.sources import beginnings
from annotator.ui.jobs import Jobs
from annotator.ui.theme import DARK, LIGHT, contrast, hue
from annotator.workflows.importing import ImportReport, import_documents
from annotator.workflows.problems import ALIKE_LIMIT, Problems
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_project
from tests.ui.dialogs.conftest import Show

Wait = Callable[[], None]


@pytest.fixture
def report(session: Session, tmp_path: Path) -> ImportReport:
    broken = tmp_path / "broken.jsonl"
    lines = ['{"text": "Ada met Bob.", "spans": []}', '{"text": "Bad", spans}', '{"text": "x", "spans": 3}']
    broken.write_text("\n".join(lines), encoding="utf-8")
    return import_documents(session, [broken, tmp_path / "missing.txt"])


@pytest.fixture
def dialog(session: Session, jobs: Jobs, show: Show, wait: Wait, tmp_path: Path) -> ImportDialog:
    source = tmp_path / "three.txt"
    source.write_text("Ada left.", encoding="utf-8")
    found = ImportDialog(session, jobs.run, sources=[source])
    show(found)
    wait()
    return found


def test_enter_hands_on_what_was_chosen(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    dialog.duplicates_box.choose("replace")
    dialog.language_box.choose("de")
    wanted: list[tuple[ImportRequest, ...]] = []
    dialog.import_wanted.connect(wanted.append)
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)
    ((request,),) = wanted
    assert request.sources == (tmp_path / "three.txt",)
    assert (request.options.on_duplicate, request.options.language) == ("replace", "de")
    assert not dialog.isVisible()


def test_new_types_are_named_before_they_come(
    session: Session, jobs: Jobs, show: Show, wait: Wait, tmp_path: Path
) -> None:
    source = tmp_path / "genes.jsonl"
    source.write_text(
        '{"text": "Ada", "spans": [{"start": 0, "end": 3, "label": "GENE"}]}\n', encoding="utf-8"
    )
    dialog = ImportDialog(session, jobs.run, sources=[source])
    show(dialog)
    wait()
    assert dialog._new_types.text() == "1 new type comes with it: GENE."


def test_nothing_to_import_leaves_the_button_off(session: Session, jobs: Jobs, show: Show) -> None:
    dialog = ImportDialog(session, jobs.run)
    show(dialog)
    assert not dialog.import_button.isEnabled()


def test_a_read_only_project_takes_nothing_in(tmp_path: Path, jobs: Jobs, show: Show, wait: Wait) -> None:
    a_project(tmp_path, name="shut").close()
    source = tmp_path / "three.txt"
    source.write_text("Ada left.", encoding="utf-8")
    session = open_project(tmp_path / "shut.annot", annotator="Mara", read_only=True)
    dialog = ImportDialog(session, jobs.run, sources=[source])
    show(dialog)
    wait()
    assert not dialog.import_button.isEnabled()
    assert "read only" in dialog.fault
    session.close()


def test_a_report_is_due_only_where_something_must_be_read(
    session: Session, report: ImportReport, tmp_path: Path
) -> None:
    fine = tmp_path / "fine.txt"
    fine.write_text("Bob left.", encoding="utf-8")
    assert needs_report(report)
    assert not needs_report(import_documents(session, [fine]))


def test_the_report_counts_lists_and_shows_the_line_of_the_file(show: Show, report: ImportReport) -> None:
    dialog = ImportReportDialog(report)
    show(dialog)
    assert dialog.windowTitle() == f"Import finished, with {report.problems_total} problems"
    assert dialog.table.model().rowCount() == len(report.problems)
    row = next(number for number, each in enumerate(report.problems) if each.line == 2)
    dialog.table.selectRow(row)
    assert dialog._line.text() == '{"text": "Bad", spans}'
    assert dialog._place.text().endswith("broken.jsonl, line 2")


def test_tabs_and_filter_narrow_the_report(qtbot: QtBot, show: Show, report: ImportReport) -> None:
    dialog = ImportReportDialog(report)
    show(dialog)
    refused = sum(each.refused for each in report.problems)
    dialog.tabs.setCurrentIndex(1)
    assert dialog.table.model().rowCount() == refused
    dialog.tabs.setCurrentIndex(2)
    assert dialog.table.model().rowCount() == len(report.problems) - refused
    dialog.tabs.setCurrentIndex(0)
    QTest.keyClicks(dialog.filter, "missing")
    assert dialog.table.model().rowCount() == 1


@pytest.fixture
def many(report: ImportReport) -> ImportReport:
    """Report of three thousand remarks of one kind in two files, and after them one record that was left out."""
    problems = Problems()
    for number in range(1, 3001):
        file = f"{number % 2}.ann"
        problems(Problem(file=file, line=number, message=f"Line {number} of {file} is kept.", refused=False))
    problems(Problem(file="last.ann", line=7, message="'T1' has no text."))
    return dataclasses.replace(
        report, problems=tuple(problems.kept), problems_total=problems.total, kinds=dict(problems.kinds)
    )


def cells(dialog: ImportReportDialog) -> list[tuple[str, ...]]:
    model = dialog.table.model()
    return [
        tuple(str(model.index(row, column).data()).strip() for column in range(3))
        for row in range(model.rowCount())
    ]


def test_thousands_of_problems_of_one_kind_are_one_line_that_opens(show: Show, many: ImportReport) -> None:
    dialog = ImportReportDialog(many)
    show(dialog)
    head, last = ("2 files", "3,000 ×", "Line … of … is kept."), ("last.ann", "7", "'T1' has no text.")
    # What was left out comes first.
    assert cells(dialog) == [last, head]
    assert dialog._message.text() == "'T1' has no text."
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog._message.text() == "Line 1 of 1.ann is kept."
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert cells(dialog)[:3] == [last, head, ("1.ann", "1", "Line 1 of 1.ann is kept.")]
    QTest.keyClick(dialog.table, Qt.Key.Key_Left)
    assert cells(dialog) == [last, head]
    assert [dialog.tabs.tabText(index).split()[0] for index in range(3)] == ["All", "Left", "Changed"]
    dialog.tabs.setCurrentIndex(1)
    assert cells(dialog) == [last]
    dialog.copy_button.click()
    assert QApplication.clipboard().text().splitlines()[1:] == ["last.ann\t7\t\t'T1' has no text.\tleft out"]


def test_words_in_the_filter_find_problems_of_kinds_that_are_shut(show: Show, many: ImportReport) -> None:
    dialog = ImportReportDialog(many)
    show(dialog)
    QTest.keyClicks(dialog.filter, "line 142 ")
    assert [row[0] for row in cells(dialog)] == ["2 files", "0.ann"]


def test_a_head_opens_by_a_click(show: Show, many: ImportReport) -> None:
    dialog = ImportReportDialog(many)
    show(dialog)
    place = dialog.table.visualRect(dialog.table.model().index(1, 2)).center()
    QTest.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.table.model().rowCount() == 2 + ALIKE_LIMIT


def test_enter_opens_the_first_document(qtbot: QtBot, show: Show, report: ImportReport) -> None:
    dialog = ImportReportDialog(report)
    show(dialog)
    with qtbot.waitSignal(dialog.document_wanted) as wanted:
        QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)
    assert wanted.args == [report.first_document]


def test_the_report_is_saved_as_a_table_and_copied(show: Show, report: ImportReport, tmp_path: Path) -> None:
    dialog = ImportReportDialog(report)
    show(dialog)
    target = tmp_path / "table.csv"
    dialog.save_to(target)
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + len(report.problems)
    assert rows[1][4] == "left out"
    dialog.copy_button.click()
    assert QApplication.clipboard().text().count("\n") == len(rows)
    dialog.save_to(tmp_path / "nowhere" / "table.csv")
    assert "table.csv cannot be written: its folder does not exist" in dialog.fault


def a_table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    rows = ["id,headline,note", '1,"😀 Ada met Bob in Oslo.",one of them', '2,"Cleo left Rome.",another one']
    path.write_text("\n".join(rows) + "\n", encoding="utf-16")
    return path


def test_a_source_tells_its_encoding_and_shows_its_first_texts(
    session: Session, jobs: Jobs, show: Show, wait: Wait, tmp_path: Path
) -> None:
    dialog = ImportDialog(session, jobs.run, sources=[a_table(tmp_path)])
    show(dialog)
    wait()
    details = dialog.source_table.details
    assert details.facts.text() == "UTF-16"
    assert details.preview.toPlainText() == "😀 Ada met Bob in Oslo.\nCleo left Rome."


def test_spans_of_the_first_texts_are_marked_and_what_offsets_count_is_said(
    session: Session, jobs: Jobs, show: Show, wait: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "utf16.jsonl"
    lines = [{"text": "😀😀 Ada met Bob.", "label": [[5, 8, "PERSON"], [13, 16, "PERSON"]]}] * 2
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    dialog = ImportDialog(session, jobs.run, sources=[path])
    show(dialog)
    wait()
    details = dialog.source_table.details
    assert details.facts.text() == "UTF-8 · offsets count UTF-16 units"
    assert details.labels.text == "PERSON 4"
    assert details.preview.marked == ["Ada", "Bob", "Ada", "Bob"]
    details.choices.choose({"offsets": "code points"})
    details.choices.changed.emit()
    wait()
    assert details.facts.text().startswith("UTF-8 · offsets count code points")
    assert details.preview.marked[0] == "a m"
    requests: list[tuple[ImportRequest, ...]] = []
    dialog.import_wanted.connect(requests.append)
    dialog.import_button.click()
    assert requests[0][0].options.details == {"offsets": "code points"}


def test_spans_have_the_hue_of_their_label_and_new_labels_the_one_they_will_get(
    session: Session, jobs: Jobs, show: Show, wait: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "many.jsonl"
    spans = [[0, 3, "PERSON"], [8, 16, "BANK"], [8, 11, "GPE"], [17, 21, "SHIP"]]
    path.write_text(json.dumps({"text": "Ada met New Oslo Ruby.", "label": spans}), encoding="utf-8")
    dialog = ImportDialog(session, jobs.run, sources=[path])
    show(dialog)
    wait()
    preview = dialog.source_table.details.preview

    def tints() -> dict[str, str]:
        return {
            each.cursor.selectedText(): each.format.background().color().name()
            for each in preview.extraSelections()
        }

    for theme in (LIGHT, DARK):
        style.choose(theme.name)
        wanted = colors_for(["PERSON", "BANK", "GPE", "SHIP"], session.schema)
        assert tints() == {
            words: hue(theme, wanted[label]).tint.name()
            for words, label in (("Ada", "PERSON"), ("New Oslo", "BANK"), ("New", "GPE"), ("Ruby", "SHIP"))
        }
        assert len({wanted[label] for label in ("BANK", "SHIP")}) == 2
        assert all(
            contrast(theme.ink, each.format.background().color()) > 4.5 for each in preview.extraSelections()
        )
    # Of nested spans the inner one is marked last.
    assert preview.marked.index("New") > preview.marked.index("New Oslo")
    dialog._go_on()
    import_documents(session, [path])
    made = {each.name: each.color for each in session.schema.entities}
    assert {label: made[label] for label in ("BANK", "SHIP")} == {
        label: wanted[label] for label in ("BANK", "SHIP")
    }


def test_why_a_source_cannot_be_read_is_said_of_the_one_that_is_current(
    session: Session, jobs: Jobs, show: Show, wait: Wait, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    dialog = ImportDialog(session, jobs.run, sources=[tmp_path / "a.txt", tmp_path / "b.png"])
    show(dialog)
    wait()
    table = dialog.source_table
    either = " 1 other source cannot be read either and stays out."
    assert table.strip.text == f"a.txt holds no text.{either}"
    table.table.selectRow(1)
    assert table.strip.text == f"b.png is a picture. Only texts can be read.{either}"


def test_the_likeliest_encoding_is_offered_first(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Съешь же ещё этих мягких французских булок, да выпей чаю. ".encode("cp1251") * 20)
    assert beginnings(path)[0][0] == "cp1251"
    assert beginnings(path)[0][1].startswith("Съешь же")


def test_many_labels_fold_and_the_rest_is_counted(qtbot: QtBot) -> None:
    shown = LabelCounts()
    qtbot.addWidget(shown)
    counts = {f"LABEL_{number}": 30 - number for number in range(15)}
    shown.resize(300, 20)
    shown.show_counts(counts, colors_for(counts, Schema()))
    assert shown.text.startswith("LABEL_0 30, LABEL_1 29, ")
    assert shown.text.endswith("3 labels more")
    narrow = shown.height()
    shown.resize(900, 20)
    assert shown.height() < narrow
    shown.show_counts({}, {})
    assert not shown.isVisible()


def test_what_can_be_chosen_of_a_format_is_drawn_and_read_at_once(
    session: Session, jobs: Jobs, show: Show, wait: Wait, tmp_path: Path
) -> None:
    dialog = ImportDialog(session, jobs.run, sources=[a_table(tmp_path)])
    show(dialog)
    wait()
    details = dialog.source_table.details
    assert {"text_column", "header", "offsets"} <= set(details.choices.values)
    assert details.choices.changed_values == {}
    for column, shown in (("note", "one of them\nanother one"), ("nowhere", ""), ("headline", "Cleo")):
        details.choices.choose({"text_column": column})
        details.choices.changed.emit()
        wait()
        assert shown in details.preview.toPlainText()
        assert details.choices.values["text_column"] == column
    assert dialog.sources.all[0].options().details == {"text_column": "headline"}


def test_what_is_wrong_is_told_without_the_folder_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    problem = Problem(file=str(path), message=f"{path} is a picture.")
    assert without_folder(problem) == "photo.jpg is a picture."
    assert without_folder(dataclasses.replace(problem, file="", message="No text.")) == "No text."
