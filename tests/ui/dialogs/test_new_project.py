"""A new project in three steps: what goes in, what is said on the way, and the plan that comes out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.model.errors import ProjectError
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.dialogs.project_plan import NewProjectPlan, requests_for, with_types
from annotator.ui.dialogs.tables import VALUE, ChoiceBox
from annotator.ui.jobs import Jobs
from annotator.workflows.importing import ImportOptions
from annotator.workflows.suggesting import PipelineInfo
from tests.builders import SCHEMA
from tests.ui.dialogs.conftest import Show

Wait = Callable[[], None]
JSONL = '{"text": "Ada met Bob.", "spans": [{"start": 0, "end": 3, "label": "%s"}]}\n'


class Made:
    """Keeps the plans it is asked to make; refuses while `refusal` is set."""

    def __init__(self) -> None:
        self.plans: list[NewProjectPlan] = []
        self.refusal = ""

    def __call__(self, plan: NewProjectPlan) -> None:
        if self.refusal:
            raise ProjectError(self.refusal, "Choose another place.")
        self.plans.append(plan)


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
def dialog(jobs: Jobs, made: Made, show: Show, tmp_path: Path, pipeline: PipelineInfo) -> NewProjectDialog:
    found = NewProjectDialog(jobs.run, make=made, folder=tmp_path / "kept")
    show(found)
    return found


def enter(qtbot: QtBot, dialog: NewProjectDialog) -> None:
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)


def test_enter_alone_makes_a_project_of_a_text(
    qtbot: QtBot, dialog: NewProjectDialog, made: Made, wait: Wait, tmp_path: Path
) -> None:
    source = tmp_path / "article.txt"
    source.write_text("Ada met Bob in Oslo.", encoding="utf-8")
    QTest.keyClicks(dialog.name_field, "News 2025")
    dialog.drop_area.dropped.emit([source])
    wait()
    assert dialog.note == "1 document"
    enter(qtbot, dialog)
    assert dialog.step == 1
    enter(qtbot, dialog)
    assert dialog.step == 2
    wait()
    enter(qtbot, dialog)
    (plan,) = made.plans
    assert plan.name == "News 2025"
    assert plan.path == tmp_path / "kept" / "news-2025.annot"
    assert [request.sources for request in plan.imports] == [(source,)]
    assert [each.name for each in plan.schema.entities][:2] == ["PERSON", "ROLE"]
    assert plan.suggest.pipeline == "tiny"
    assert plan.suggest.mapping == {"PERSON": "PERSON", "GPE": "GPE", "MONEY": ""}
    assert not dialog.isVisible()


def test_a_name_is_asked_for_in_its_place(qtbot: QtBot, dialog: NewProjectDialog) -> None:
    dialog.go_on()
    assert dialog.step == 0
    assert dialog._name.fault == "Give the project a name."
    assert dialog.focusWidget() is dialog.name_field


def test_a_file_that_is_there_is_said_at_once(qtbot: QtBot, dialog: NewProjectDialog, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "news.annot").touch()
    QTest.keyClicks(dialog.name_field, "News")
    assert dialog._place.fault.startswith("news.annot is there already.")
    dialog.go_on()
    assert dialog.step == 0


def test_what_the_caller_refuses_is_said_and_the_dialog_stays(
    qtbot: QtBot, dialog: NewProjectDialog, made: Made, wait: Wait
) -> None:
    made.refusal = "The disk is full."
    QTest.keyClicks(dialog.name_field, "News")
    for _ in range(3):
        dialog.go_on()
    wait()
    assert dialog.isVisible()
    assert dialog.fault == "The disk is full. Choose another place."
    made.refusal = ""
    dialog.go_on()
    assert len(made.plans) == 1


def test_alt_left_goes_back(qtbot: QtBot, dialog: NewProjectDialog, wait: Wait) -> None:
    QTest.keyClicks(dialog.name_field, "News")
    dialog.go_on()
    QTest.keyClick(dialog, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert dialog.step == 0


def test_escape_asks_before_it_drops_what_was_chosen(qtbot: QtBot, dialog: NewProjectDialog) -> None:
    QTest.keyClicks(dialog.name_field, "News")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog._question.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not dialog._question.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_escape_closes_an_untouched_dialog(qtbot: QtBot, dialog: NewProjectDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_own_labels_of_the_files_are_offered_and_joined(
    qtbot: QtBot, dialog: NewProjectDialog, wait: Wait, tmp_path: Path
) -> None:
    source = tmp_path / "march.jsonl"
    source.write_text(JSONL % "GENE", encoding="utf-8")
    dialog.drop_area.dropped.emit([source])
    wait()
    step = dialog.schema_step
    assert step.cards["files"].isChecked()
    assert [each.name for each in step.schema.entities] == ["GENE"]
    step.choose("news")
    assert [each.name for each in step.schema.entities][-1] == "GENE"
    assert len(step.schema.entities) == 10


def test_labels_the_preset_explains_leave_it_chosen(
    dialog: NewProjectDialog, wait: Wait, tmp_path: Path
) -> None:
    source = tmp_path / "march.jsonl"
    source.write_text(JSONL % "PERSON", encoding="utf-8")
    dialog.drop_area.dropped.emit([source])
    wait()
    assert dialog.schema_step.cards["news"].isChecked()


def test_a_broken_schema_file_is_named(dialog: NewProjectDialog, tmp_path: Path) -> None:
    broken = tmp_path / "mine.toml"
    broken.write_text("[[entity]\n", encoding="utf-8")
    dialog.schema_step.read_file(broken)
    assert "mine.toml is not TOML" in dialog.schema_step._fault.text
    assert dialog.schema_step.cards["news"].isChecked()


def test_a_file_in_another_encoding_is_read_after_one_press(
    qtbot: QtBot, dialog: NewProjectDialog, wait: Wait, tmp_path: Path
) -> None:
    source = tmp_path / "gare.txt"
    source.write_bytes("Le café de la gare.".encode("cp1252"))
    dialog.drop_area.dropped.emit([source])
    wait()
    table = dialog.source_table
    assert "gare.txt is not UTF-8: byte 0xE9" in table.strip.text
    assert table._words.text() == "Le café de la gare."
    QTest.mouseClick(table.strip.buttons[0], Qt.MouseButton.LeftButton)
    wait()
    assert dialog.note == "1 document"
    assert not table.strip.isVisible()
    dialog.name_field.setText("x")
    assert dialog.plan.imports[0].options.encoding == "cp1252"


def test_what_cannot_be_read_is_named_and_stays_out(
    dialog: NewProjectDialog, wait: Wait, tmp_path: Path
) -> None:
    office = tmp_path / "notes.docx"
    office.write_bytes(b"PK\x03\x04...")
    text = tmp_path / "a.txt"
    text.write_text("Ada.", encoding="utf-8")
    dialog.drop_area.dropped.emit([office, text])
    wait()
    assert "notes.docx is a ZIP archive or an office document" in dialog.source_table.strip.text
    assert [request.sources for request in dialog.plan.imports] == [(text,)]


def test_delete_takes_a_source_off_the_list(
    qtbot: QtBot, dialog: NewProjectDialog, wait: Wait, tmp_path: Path
) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Ada.", encoding="utf-8")
    dialog.drop_area.dropped.emit([text])
    wait()
    dialog.source_table.table.setFocus()
    QTest.keyClick(dialog.source_table.table, Qt.Key.Key_Delete)
    assert dialog.plan.imports == ()


def test_another_language_than_the_pipelines_is_said_plainly(
    qtbot: QtBot, dialog: NewProjectDialog, wait: Wait
) -> None:
    QTest.keyClicks(dialog.name_field, "News")
    dialog.language_box.choose("de")
    dialog.go_to(2)
    wait()
    assert dialog.mapping.strip.isVisible()
    assert dialog.mapping.strip.text == "tiny reads English. Texts in German get no candidates from it."


def test_a_pipeline_switched_off_leaves_all_its_labels_out(
    qtbot: QtBot, dialog: NewProjectDialog, wait: Wait
) -> None:
    QTest.keyClicks(dialog.name_field, "News")
    dialog.go_to(2)
    wait()
    QTest.keyClick(dialog.mapping.pipeline_card, Qt.Key.Key_Space)
    assert set(dialog.plan.suggest.mapping.values()) == {""}


def test_what_a_label_becomes_is_chosen_in_the_table(
    qtbot: QtBot, dialog: NewProjectDialog, wait: Wait
) -> None:
    QTest.keyClicks(dialog.name_field, "News")
    dialog.go_to(2)
    wait()
    table = dialog.mapping.table
    table.setFocus()
    row = next(row for row in range(3) if table.model().index(row, 0).data(VALUE) == "MONEY")
    table.selectRow(row)
    QTest.keyClick(table, Qt.Key.Key_Space)
    box = table.findChild(ChoiceBox)
    assert isinstance(box, ChoiceBox)
    box.choose("ORG")
    box.activated.emit(box.currentIndex())
    assert dialog.plan.suggest.mapping["MONEY"] == "ORG"
    # Going back and forth keeps it.
    dialog.go_back()
    dialog.go_on()
    wait()
    assert dialog.plan.suggest.mapping["MONEY"] == "ORG"


def test_sources_that_are_read_alike_come_in_together() -> None:
    plain, other = ImportOptions(), ImportOptions(encoding="cp1252")
    paths = [Path("a"), Path("b"), Path("c")]
    requests = requests_for(dict(zip(paths, (plain, other, plain), strict=True)))
    assert [request.sources for request in requests] == [(Path("a"), Path("c")), (Path("b"),)]


def test_types_of_files_are_added_the_commonest_first_with_free_keys() -> None:
    schema = with_types(SCHEMA, {"ORG": 1, "PERSON": 9, "DATE": 4}, {"MET": 2, "BORN": 1})
    assert [each.name for each in schema.entities] == ["PERSON", "ROLE", "GPE", "DATE", "ORG"]
    assert [each.name for each in schema.relations] == ["HOLDS_ROLE", "VISITED", "MET", "BORN"]
    assert len({each.shortcut for each in schema.entities}) == 5


def test_a_look_that_ends_after_its_dialog_is_gone_does_no_harm(
    qtbot: QtBot, jobs: Jobs, wait: Wait, tmp_path: Path, pipeline: PipelineInfo
) -> None:
    source = tmp_path / "a.txt"
    source.write_text("Ada.", encoding="utf-8")
    dialog = NewProjectDialog(jobs.run, make=Made(), folder=tmp_path, sources=[source])
    with qtbot.waitSignal(dialog.destroyed):
        dialog.deleteLater()
    wait()


def test_the_cross_of_the_window_asks_as_escape_does(dialog: NewProjectDialog) -> None:
    QTest.keyClicks(dialog.name_field, "News")
    dialog.close()
    assert dialog.isVisible()
    assert dialog._question.isVisible()
    dialog._question.buttons[0].click()
    assert not dialog.isVisible()
