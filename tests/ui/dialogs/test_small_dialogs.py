"""Mapping, paste, skip, accepting from a score on, keys, history, a document, settings, about, after a fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMargins, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from annotator.editing.commands import AcceptMany, AcceptSpan, RenameDocument, SetPart, SetState, Undo
from annotator.model.annotation import Kind
from annotator.model.document import Part, State
from annotator.ui import style
from annotator.ui.actions import ACTIONS
from annotator.ui.dialogs import mapping_editor
from annotator.ui.dialogs.about import AboutDialog
from annotator.ui.dialogs.accept_above import AcceptAboveDialog
from annotator.ui.dialogs.crash import CrashDialog, report_of
from annotator.ui.dialogs.document_info import DocumentInfoDialog
from annotator.ui.dialogs.history import HistoryDialog
from annotator.ui.dialogs.keys_list import KeysDialog
from annotator.ui.dialogs.mapping import MappingDialog
from annotator.ui.dialogs.parts import Margins
from annotator.ui.dialogs.paste import PasteDialog
from annotator.ui.dialogs.settings import SettingsDialog
from annotator.ui.dialogs.skip import SkipDialog, reasons_of
from annotator.ui.dialogs.tables import VALUE
from annotator.ui.jobs import Jobs
from annotator.ui.settings import Settings
from annotator.workflows.above import undecided_in
from annotator.workflows.projects import open_project
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session
from annotator.workflows.suggesting import MappingRow, PipelineInfo
from tests.builders import a_document, marked, propose
from tests.ui.dialogs.conftest import Show
from tests.ui.driving import let_live

Wait = Callable[[], None]


@pytest.fixture
def mapping_dialog(
    session: Session, jobs: Jobs, show: Show, wait: Wait, pipeline: PipelineInfo
) -> MappingDialog:
    dialog = MappingDialog(session, jobs.run)
    show(dialog)
    wait()
    return dialog


def press(qtbot: QtBot, dialog: QDialog, key: Qt.Key = Qt.Key.Key_Return) -> None:
    QTest.keyClick(QApplication.focusWidget() or dialog, key)


def test_the_mapping_is_kept_and_candidates_made_again(
    qtbot: QtBot, session: Session, mapping_dialog: MappingDialog
) -> None:
    dialog = mapping_dialog
    assert dialog.editor.table.model().index(0, 2).data() == "Ada · Bob"
    dialog.editor.relations_card.click()
    with qtbot.waitSignal(dialog.suggest_wanted) as wanted:
        dialog.again_button.click()
    assert wanted.args == [True]
    kept = session.suggest_settings()
    assert (kept.pipeline, kept.relations, kept.mapping["PERSON"]) == ("tiny", False, "PERSON")


def test_cancelling_the_mapping_keeps_the_old_one(
    qtbot: QtBot, session: Session, mapping_dialog: MappingDialog
) -> None:
    dialog = mapping_dialog
    dialog.editor.roles_card.click()
    press(qtbot, dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert session.suggest_settings().roles


def test_a_pasted_text_takes_its_first_line_for_a_title(qtbot: QtBot, session: Session, show: Show) -> None:
    dialog = PasteDialog(session, text="A head\n\nAnd a text.")
    show(dialog)
    assert dialog.note == "5 words"
    with qtbot.waitSignal(dialog.paste_wanted) as wanted:
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert wanted.args == ["A head\n\nAnd a text.", "A head", ""]


def test_nothing_pasted_is_nothing_made(qtbot: QtBot, session: Session, show: Show) -> None:
    dialog = PasteDialog(session, text=" ")
    show(dialog)
    assert not dialog.paste_button.isEnabled()


def test_a_reason_is_picked_with_a_digit_or_written(qtbot: QtBot, session: Session, show: Show) -> None:
    keys = session.document_keys()
    session.do(SetState(documents=(keys[0],), state=State.SKIPPED, reason="an advertisement"))
    dialog = SkipDialog(session, "Two")
    show(dialog)
    assert reasons_of(session)[0] == "an advertisement"
    assert all(card.height() > 10 for card in dialog.cards)
    assert not dialog.skip_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_1)
    with qtbot.waitSignal(dialog.skip_wanted) as wanted:
        press(qtbot, dialog)
    assert wanted.args == ["an advertisement"]
    other = SkipDialog(session, "Two")
    show(other)
    QTest.keyClick(other.focusWidget(), Qt.Key.Key_T)
    QTest.keyClicks(other.reason_field, "oo old")
    with qtbot.waitSignal(other.skip_wanted) as wanted:
        press(qtbot, other)
    assert wanted.args == ["too old"]


def test_the_score_says_how_many_it_would_accept(qtbot: QtBot, session: Session, show: Show) -> None:
    key = a_document(session, "[Eve](PERSON) saw Rome.", source="three.txt")
    _, spans = marked("Eve saw [Rome](GPE).")
    propose(session, key, spans, score=0.95)
    dialog = AcceptAboveDialog(session, undecided_in(session, key))
    show(dialog)
    assert dialog.accept_button.text() == "Accept 1"
    dialog.slider.setValue(80)
    assert dialog.counts() == (2, 0)
    dialog.slider.setValue(100)
    assert not dialog.accept_button.isEnabled()
    dialog.slider.setValue(90)
    with qtbot.waitSignal(dialog.command_wanted) as wanted:
        press(qtbot, dialog)
    (command,) = wanted.args
    assert command == AcceptMany(documents=(key,), minimum=0.9, kinds=(Kind.SPAN,))
    session.do(command)
    assert len(session.annotations(key).spans) == 1


def test_every_action_with_a_key_is_listed_and_found(qtbot: QtBot, show: Show) -> None:
    dialog = KeysDialog()
    show(dialog)
    model = dialog.table.model()
    listed = {model.index(row, 0).data(VALUE) for row in range(model.rowCount())} - {None}
    assert listed == {action.id for action in ACTIONS if action.key}
    QTest.keyClicks(dialog.filter, "ctrl k")
    assert "palette" in {model.index(row, 0).data(VALUE) for row in range(model.rowCount())}
    assert model.rowCount() < 6
    dialog.filter.setText("no such key")
    assert dialog._nothing.isVisible()


def test_a_key_of_the_window_is_run_from_the_list(qtbot: QtBot, show: Show) -> None:
    dialog = KeysDialog()
    show(dialog)
    QTest.keyClicks(dialog.filter, "Settings")
    row = next(
        row
        for row in range(dialog.table.model().rowCount())
        if dialog.table.model().index(row, 0).data(VALUE) == "settings"
    )
    dialog.table.setFocus()
    dialog.table.selectRow(row)
    with qtbot.waitSignal(dialog.action_wanted) as wanted:
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert wanted.args == ["settings"]


def accept_all(session: Session, document: int) -> None:
    for readings in session.annotations(document).undecided:
        session.do(AcceptSpan(document=document, candidate=readings.best.what))


def test_history_undoes_one_step_or_all_since(qtbot: QtBot, session: Session, show: Show) -> None:
    key = session.document_keys()[0]
    accept_all(session, key)
    dialog = HistoryDialog(session)
    show(dialog)
    asked: list[Undo] = []
    dialog.undo_wanted.connect(asked.append)
    dialog.table.selectRow(1)
    dialog.one_button.click()
    newest = [step.key for step in session.history(3)]
    assert asked == [Undo(steps=(newest[1],))]
    dialog.table.selectRow(2)
    assert dialog.all_button.text() == "Undo up to here (3)"
    dialog.all_button.click()
    assert asked[1] == Undo(steps=tuple(newest), with_later=True)
    session.do(asked[1])
    # The list heard of it: the undo stands on top, and the three are marked.
    names = [dialog.table.model().index(row, 0).data() for row in range(4)]
    assert all(name.endswith("(undone)") for name in names[1:])


def test_history_filters_and_tells_of_an_empty_one(qtbot: QtBot, session: Session, show: Show) -> None:
    accept_all(session, session.document_keys()[0])
    dialog = HistoryDialog(session)
    show(dialog)
    dialog.filter.setFocus()
    QTest.keyClicks(dialog.filter, "Oslo")
    qtbot.waitUntil(lambda: dialog.table.model().rowCount() == 1)
    assert dialog.note.startswith("1 of ")
    press(qtbot, dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    press(qtbot, dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_document_gets_another_title_and_part(
    qtbot: QtBot, session: Session, jobs: Jobs, show: Show
) -> None:
    key = session.document_keys()[0]
    dialog = DocumentInfoDialog(session, key, jobs.run)
    show(dialog)
    assert not dialog.keep_button.isEnabled()
    dialog.title_field.setFocus()
    dialog.title_field.selectAll()
    QTest.keyClicks(dialog.title_field, "A meeting")
    other = Part.TEST if session.document(key).part is not Part.TEST else Part.DEV
    dialog.part_box.choose(other)
    commands: list[object] = []
    dialog.command_wanted.connect(commands.append)
    press(qtbot, dialog)
    assert commands == [RenameDocument(key, "A meeting"), SetPart(documents=(key,), part=other)]


def test_another_language_cuts_the_text_anew(
    qtbot: QtBot, session: Session, jobs: Jobs, show: Show, wait: Wait
) -> None:
    key = session.document_keys()[0]
    dialog = DocumentInfoDialog(session, key, jobs.run)
    show(dialog)
    assert not dialog.retokenize_button.isVisible()
    dialog.language_box.choose("de")
    dialog.language_box.activated.emit(dialog.language_box.currentIndex())
    dialog.retokenize_button.click()
    wait()
    assert session.document(key).language == "de"
    assert dialog.note
    assert not dialog.retokenize_button.isVisible()


def test_settings_hold_at_once_and_a_name_when_the_dialog_closes(
    qtbot: QtBot, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path))
    settings = Settings()
    dialog = SettingsDialog(settings, "Mara")
    show(dialog)
    for box, value in (
        (dialog.theme_box, "dark"),
        (dialog.text_box, 120),
        (dialog.window_box, 150),
        (dialog.font_box, "sans"),
        (dialog.measure_box, 59),
        (dialog.spacing_box, True),
        (dialog.motion_box, "always"),
        (dialog.after_box, True),
    ):
        box.choose(value)
        box.activated.emit(box.currentIndex())
    dialog.borders_card.click()
    assert (settings.theme, settings.text_size, settings.window_size) == ("dark", 120, 150)
    assert settings.compact
    assert settings.stays_after_decision
    assert (settings.article_font, settings.measure, settings.less_motion) == ("sans", 59, "always")
    assert settings.strong_borders
    dialog.name_field.selectAll()
    QTest.keyClicks(dialog.name_field, "Jonas")
    with qtbot.waitSignal(dialog.annotator_changed) as named:
        press(qtbot, dialog)
    assert named.args == ["Jonas"]


def test_an_empty_name_is_not_taken(
    qtbot: QtBot, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path))
    dialog = SettingsDialog(Settings(), "Mara")
    show(dialog)
    dialog.name_field.clear()
    dialog.name_field.textEdited.emit("")
    assert dialog._name.fault == "Decisions need a name."
    with qtbot.assertNotEmitted(dialog.annotator_changed):
        press(qtbot, dialog, Qt.Key.Key_Escape)


def test_about_names_every_part_with_a_licence(show: Show) -> None:
    dialog = AboutDialog()
    show(dialog)
    assert "Open Font License" in dialog.text.toPlainText()
    names = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    dialog.list.setCurrentRow(names.index("spacy"))
    assert dialog.text.toPlainText().startswith("spacy ")
    assert "MIT" in dialog.text.toPlainText()


def test_after_a_fault_the_report_holds_no_words_of_a_text(qtbot: QtBot, show: Show) -> None:
    with pytest.raises(KeyError) as fault:
        dict[str, int]()["The secret of the article"]
    dialog = CrashDialog(fault.value)
    assert "secret" not in report_of(fault.value)
    assert "test_small_dialogs.py" in report_of(fault.value)
    show(dialog)
    assert not dialog.text.isVisible()
    dialog.details_button.click()
    assert dialog.text.isVisible()
    dialog.copy_button.click()
    assert QApplication.clipboard().text() == dialog.report
    dialog.go_on_button.setFocus()
    press(qtbot, dialog)
    assert not dialog.isVisible()


def test_a_read_only_project_changes_nothing(
    session: Session, jobs: Jobs, show: Show, pipeline: PipelineInfo, wait: Wait
) -> None:
    accept_all(session, session.document_keys()[0])
    other = open_project(session.path, annotator="Jonas", read_only=True)
    key = other.document_keys()[1]
    history = HistoryDialog(other)
    info = DocumentInfoDialog(other, key, jobs.run)
    above = AcceptAboveDialog(other, undecided_in(other, key))
    skip = SkipDialog(other, "Two")
    skip.reason_field.setText("x")
    skip._show()
    paste = PasteDialog(other, text="Some text.")
    mapping = MappingDialog(other, jobs.run)
    for dialog in (history, info, above, skip, paste, mapping):
        show(dialog)
    wait()
    for button in (
        history.one_button,
        history.all_button,
        info.keep_button,
        above.accept_button,
        skip.skip_button,
        paste.paste_button,
        mapping.again_button,
        mapping.keep_button,
    ):
        assert not button.isEnabled()
    history.close()
    other.close()


@pytest.mark.usefixtures("pipeline")
def test_a_look_that_the_window_stops_does_not_begin_anew(
    monkeypatch: pytest.MonkeyPatch, session: Session, jobs: Jobs, show: Show
) -> None:
    looks: list[int] = []

    def slow(_texts: object, _pipeline: object, _schema: object, report: Report) -> list[MappingRow]:
        looks.append(1)
        for number in range(1000):
            time.sleep(0.005)
            report(number, 1000, "Looking")
        return []

    monkeypatch.setattr(mapping_editor, "first_hits", slow)
    dialog = MappingDialog(session, jobs.run)
    show(dialog)
    let_live(60)
    jobs.close()
    let_live(120)
    assert looks == [1]
    assert dialog.isVisible()


def test_margins_grow_with_the_text(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    column = QVBoxLayout(widget)
    Margins(widget, (24, 20, 24, 16))
    assert column.contentsMargins() == QMargins(24, 20, 24, 16)
    style.choose("light", text_scale=2.0)
    assert column.contentsMargins() == QMargins(48, 40, 48, 32)
