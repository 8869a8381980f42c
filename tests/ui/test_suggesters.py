"""The page of suggesters, by the keys of a person: lists are made, filled, tried, switched, undone and left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from annotator.editing.commands import AcceptSpan, AddPatternLists, AddSpan, NewPatternList
from annotator.model.annotation import SpanKey
from annotator.model.errors import UserError
from annotator.model.patterns import phrase
from annotator.suggest.added import Installed
from annotator.suggest.base import GivenSuggester
from annotator.ui.dialogs import mapping_editor
from annotator.ui.dialogs.add_patterns import AddPatternsDialog
from annotator.ui.dialogs.import_report import ImportReportDialog
from annotator.ui.dialogs.importing import ImportDialog
from annotator.ui.dialogs.mapping import MappingDialog
from annotator.ui.dialogs.record_panel import NOTHING
from annotator.ui.dialogs.suggesters_page import SuggestersPage
from annotator.workflows import patterns, suggester_list, suggester_records, suggesting
from annotator.workflows.session import Session
from tests.builders import place, propose
from tests.pipelines import a_pipeline, a_wheel
from tests.ui.conftest import FIRST
from tests.ui.driving import Person, let_live, wait_until


def settle(person: Person, *, typed: bool = False) -> None:
    """Wait until nothing is tried any more; what was typed is tried after a pause."""
    let_live(250 if typed else 10)
    wait_until(lambda: not person.window.jobs.running, what="the trials to end")


def page_of(person: Person) -> SuggestersPage:
    """Go to the page."""
    person.press("Ctrl+G")
    page = person.window.places.suggesters.page
    assert person.window.pages.currentWidget() is page
    settle(person)
    return page


def session_of(person: Person) -> Session:
    session = person.window.controller.session
    assert session is not None
    return session


def cities(person: Person, *words: str, name: str = "Cities") -> None:
    """Have a list of places."""
    made = NewPatternList(name=name, label="GPE", patterns=tuple(map(phrase, words)))
    person.window.controller.do(AddPatternLists((made,)))


def kept(person: Person, name: str = "Cities") -> list[str]:
    session = session_of(person)
    return [each.text for each in patterns.patterns_of(session, patterns.list_named(session, name).key)]


def test_a_key_begins_a_list_from_the_article_and_from_the_page(person: Person) -> None:
    person.press("Ctrl+Shift+N")
    page = person.window.places.suggesters.page
    assert person.window.pages.currentWidget() is page
    settle(person)
    person.press("Ctrl+Shift+N")
    settle(person)
    assert len(patterns.listed(session_of(person))) == 2
    assert "Shift F5" in page.again_button.toolTip()


def test_a_list_is_made_filled_and_tried_by_keys(person: Person) -> None:
    page = page_of(person)
    assert page.empty.isVisible()
    page.empty.buttons[1].setFocus()
    person.press("Space")
    settle(person)
    person.type("Cities")
    person.press("Tab")
    assert patterns.listed(session_of(person))[0].list.name == "Cities"
    page.editor.label_box.choose("GPE")
    page.editor.label_box.activated.emit(0)
    page.editor.pattern_field.setFocus()
    person.type("Paris")
    settle(person, typed=True)
    assert page.hits.words.startswith("Paris 1 place in all 2 documents, 1 in the open one.")
    assert kept(person) == []
    person.press("Return")
    settle(person)
    assert kept(person) == ["Paris"]
    assert person.said == "Added Paris to Cities."
    assert page.editor.pattern_field.text() == ""
    assert page.hits.words.startswith("Cities 1 place")
    assert page.editor.model.index(0, 1).data() == "1"


def test_a_pattern_is_changed_removed_and_brought_back(person: Person) -> None:
    cities(person, "Paris", "Rome")
    page = page_of(person)
    page.editor.table.setFocus()
    person.press("Down")
    settle(person)
    assert page.hits.words.startswith("Rome 1 place")
    person.press("F2")
    assert person.focus() is page.editor.pattern_field
    person.type("New York")
    settle(person, typed=True)
    assert page.hits.words.startswith("New York 1 place in all 2 documents, 0 in the open one.")
    person.press("Return")
    settle(person)
    assert kept(person) == ["Paris", "New York"]
    assert person.focus() is page.editor.table
    person.press("Delete")
    settle(person)
    assert kept(person) == ["Paris"]
    person.press("Ctrl+Z", "Ctrl+Z")
    settle(person)
    assert kept(person) == ["Paris", "Rome"]
    assert page.editor.model.rowCount() == 2


def test_escape_goes_one_step_out_at_a_time(person: Person) -> None:
    cities(person, "Paris", "Rome")
    page = page_of(person)
    page.editor.table.setFocus()
    person.press("Return")
    person.type("x")
    person.press("Escape")
    assert kept(person) == ["Paris", "Rome"]
    assert page.editor.changing is None
    settle(person)
    person.press("Escape")
    assert person.window.pages.currentWidget() is person.window.page
    assert person.focus() is person.window.centre.view


def test_what_is_no_pattern_is_said_under_the_field_and_kept_to_be_mended(person: Person) -> None:
    cities(person, "Paris")
    page = page_of(person)
    page.editor.pattern_field.setFocus()
    page.editor.pattern_field.setText('[{"LOWER": oops}]')
    person.press("Return")
    assert "no JSON" in page.editor._pattern.fault
    page.editor.pattern_field.setText('[{"FOO": "x"}]')
    person.press("Return")
    settle(person)
    assert page.editor._pattern.fault == "spaCy knows nothing of this name: token 1, FOO."
    page.editor.pattern_field.setText('[{"LOWER": "rome"}]')
    person.press("Return")
    settle(person)
    assert kept(person) == ["Paris", '[{"LOWER":"rome"}]']


def test_space_switches_and_delete_removes_a_list(person: Person) -> None:
    cities(person, "Paris")
    page = page_of(person)
    assert person.focus() is page.lists.pattern_lists.list
    person.press("Space")
    assert not patterns.list_named(session_of(person), "Cities").enabled
    assert person.said == "Cities is off now."
    person.press("Up")
    assert person.focus() is page.lists.suggesters.list
    person.press("Space")
    assert session_of(person).suggest_settings().fine_tunes
    person.press("Up", "Space")
    assert not session_of(person).suggest_settings().learns
    person.press("Up", "Space")
    assert not session_of(person).suggest_settings().relations
    person.press("Up", "Up", "Space")
    assert not session_of(person).suggest_settings().uses_pipeline
    person.press("Space")
    assert session_of(person).suggest_settings().uses_pipeline
    person.press("Delete")
    assert [each.list.name for each in patterns.listed(session_of(person))] == ["Cities"]
    person.press(*["Down"] * 5)
    settle(person)
    person.press("Delete")
    assert patterns.listed(session_of(person)) == []
    assert page.empty.isVisible()
    person.press("Ctrl+Z")
    settle(person)
    assert page.current_list is not None


def test_the_record_stands_beside_the_list_and_its_patterns(person: Person) -> None:
    document = person.window.controller.document
    assert document is not None
    text = session_of(person).text(document)
    person.window.controller.do(AddSpan(document, place(text, "Paris"), "GPE"))
    cities(person, "Paris", "Rome")
    page = page_of(person)
    assert "Right so far: 1 of 1." in page.hits.words
    assert [page.editor.model.index(row, 2).data() for row in (0, 1)] == ["1 of 1", ""]
    assert page.lists.pattern_lists.list.rows[0].detail == "2 · right 1 of 1"


def test_a_place_is_gone_to_in_its_article(person: Person) -> None:
    cities(person, "New York")
    page = page_of(person)
    page.hits.places.setFocus()
    person.press("Down", "Return")
    settle(person)
    assert person.window.pages.currentWidget() is person.window.page
    assert person.words == "New York"
    assert person.window.controller.text != FIRST


def test_a_pattern_that_cannot_be_run_is_told_on_the_page(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise UserError("Pattern 1 of Cities was cut off.", "Change it.")

    cities(person, "Paris")
    monkeypatch.setattr(session_of(person).machine, "find_patterns", lost)
    page = page_of(person)
    assert page.hits.words == "Cities Pattern 1 of Cities was cut off. Change it."
    assert page.editor.model.index(0, 1).data() == ""


def test_patterns_are_searched(person: Person) -> None:
    cities(person, "Paris", "Rome", "Parma")
    page = page_of(person)
    page.editor.search_field.setFocus()
    person.type("PAR")
    assert [page.editor.model.index(row, 0).data() for row in range(page.editor.model.rowCount())] == [
        "Paris",
        "Parma",
    ]
    assert page.editor._count.text() == "2 of 3 patterns"


def write(folder: Path) -> Path:
    path = folder / "patterns.jsonl"
    lines = [
        {"label": "GPE", "pattern": "Paris"},
        {"label": "SHIP", "pattern": [{"LOWER": "vasa"}]},
        {"label": "GPE"},
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def test_a_file_is_asked_for_shown_and_added(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(path)], ""))
    person.press("Ctrl+Shift+P")
    dialog = person.dialog()
    assert isinstance(dialog, AddPatternsDialog)
    assert dialog.targets == {"GPE": "GPE", "SHIP": ""}
    assert dialog.note == "1 pattern in 1 list; 1 left out"
    dialog.choose("SHIP", "SHIP")
    assert dialog.note == "2 patterns in 2 lists"
    person.press("Return")
    wait_until(lambda: len(patterns.listed(session_of(person))) == 2, what="two lists")
    settle(person)
    assert person.has_heard("Added patterns GPE, patterns SHIP with 2 patterns. New: SHIP.")
    page = person.window.places.suggesters.page
    assert page.isVisible()
    assert page.current_list is not None
    person.press("Ctrl+Z")
    assert patterns.listed(session_of(person)) == []
    assert session_of(person).schema.entity("SHIP") is None


def test_a_file_that_holds_none_is_told_on_the_page(person: Person, tmp_path: Path) -> None:
    page = page_of(person)
    path = tmp_path / "bad.jsonl"
    path.write_text("{oops")
    page.files_wanted.emit([path])
    wait_until(page.strip.isVisible, what="the strip")
    assert page.strip.text.startswith("bad.jsonl holds no patterns. This line is not JSON")


def test_a_file_is_dropped_on_the_page(person: Person, tmp_path: Path) -> None:
    page = page_of(person)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(write(tmp_path)))])
    page.dropEvent(
        QDropEvent(
            QPoint(300, 300).toPointF(),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    dialog = person.dialog()
    assert isinstance(dialog, AddPatternsDialog)
    person.press("Escape")
    assert QApplication.activeModalWidget() is None
    assert patterns.listed(session_of(person)) == []


def test_a_click_on_the_box_switches(person: Person) -> None:
    cities(person, "Paris")
    page = page_of(person)
    view = page.lists.pattern_lists.list
    middle = view.visualItemRect(view.item(0)).topLeft() + QPoint(27, 15)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert not patterns.list_named(session_of(person), "Cities").enabled


def test_the_import_offers_a_file_of_patterns_to_the_lists(person: Person, tmp_path: Path) -> None:
    person.window.places.ask_import([write(tmp_path)])
    dialog = person.dialog()
    assert isinstance(dialog, ImportDialog)
    strip = dialog.source_table.strip
    wait_until(lambda: strip.buttons, what="the offer")
    assert "is a file of patterns" in strip.text
    assert [each.text() for each in strip.buttons] == ["Add as patterns"]
    strip.buttons[0].setFocus()
    person.press("Space")
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), AddPatternsDialog), what="the dialog")
    person.press("Return")
    wait_until(lambda: patterns.listed(session_of(person)), what="the list")
    assert patterns.listed(session_of(person))[0].list.name == "patterns GPE"
    settle(person)


def test_the_report_of_an_import_offers_the_patterns_it_met(person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    write(folder)
    (folder / "text.txt").write_text("A text of its own.")
    person.window.work.import_paths([folder])
    dialog = person.dialog()
    assert isinstance(dialog, ImportReportDialog)
    assert dialog.patterns_button.text() == "Add the patterns …"
    dialog.patterns_button.setFocus()
    person.press("Space")
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), AddPatternsDialog), what="the dialog")
    person.press("Escape")
    settle(person)


def test_a_dropped_file_of_patterns_is_no_document(person: Person, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("A text of its own.")
    person.window.places.bring([write(tmp_path), text])
    assert isinstance(person.dialog(), AddPatternsDialog)
    person.press("Escape")
    wait_until(lambda: session_of(person).counts().all == 3, what="the text")
    settle(person)


def test_every_suggester_tells_how_it_did_and_what_else_can_be_switched(person: Person) -> None:
    cities(person, "Paris")
    document = person.window.controller.document
    assert document is not None
    proposed = SpanKey(place(session_of(person).text(document), "Bob"), "PERSON")
    propose(session_of(person), document, [proposed], suggester="memory")
    person.window.controller.do(AcceptSpan(document=document, candidate=proposed))
    page = page_of(person)
    details = {each.title: each.detail for each in page.lists.suggesters.list.rows}
    assert details["Learning"] == "right 1 of 1 · from what you decide"
    assert details["Roles"] == "offices beside names, by rule"
    page.choose("learnt")
    assert page.built_in.record.words == "Right so far: 1 of 1 shown, 100%, in 1 document."
    assert page.built_in.record.over_time.accessibleDescription() == "document 1: 100%, 1 of 1"
    assert not page.built_in.record.by_score.isVisible(), "one decision says nothing of scores"
    page.choose("roles")
    assert page.built_in.record.words == NOTHING
    assert not page.built_in.record.over_time.isVisible()
    page.built_in.record.switch_button.setFocus()
    person.press("Space")
    assert not session_of(person).suggest_settings().roles
    assert page.built_in.record.switch_button.text() == "Switch it on"
    page.choose("learnt")
    (button,) = page.built_in.about.buttons
    assert button.text() == "Learn from documents that came done, too"
    settle(person)
    button.setFocus()
    person.press("Space")
    assert session_of(person).suggest_settings().imported_is_gold
    assert page.built_in.about.buttons[-1].text() == "Learn from what was decided here alone"


def test_a_suggester_of_another_package_is_listed_and_switched_by_keys(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shouts = GivenSuggester("shouts", "more:Shouts", "more-suggesters", "1.0")
    why = "The suggester bare of the package more-suggesters is not used: why."
    for module in (suggester_list, suggester_records, suggesting):
        monkeypatch.setattr(module, "installed", lambda: Installed((shouts,), (why,)))
    page = page_of(person)
    assert page.strip.text == why
    page.choose("fine_tuned")
    page.take_focus()
    person.press("Down", "Space")
    settle(person)
    assert session_of(person).suggest_settings().added_off == ["shouts"]
    row = page.lists.suggesters.list.rows[-1]
    assert (row.title, row.detail, row.is_on) == ("shouts", "more-suggesters 1.0", False)


def test_a_pipeline_is_added_with_one_key(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping_editor, "first_hits", lambda *_: [])
    wheel = a_wheel(tmp_path / "en_small.whl", a_pipeline(tmp_path / "small"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(wheel), ""))
    person.press("Ctrl+Shift+G")
    dialog = person.dialog()
    assert isinstance(dialog, MappingDialog)
    settle(person)
    assert dialog.editor.pipeline is not None
    assert dialog.editor.pipeline.title == "en_small"
    assert dialog.editor.adding.add_button.toolTip().endswith("(Ctrl Shift G)")
    bigger = a_wheel(tmp_path / "en_big.whl", a_pipeline(tmp_path / "big", name="big"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bigger), ""))
    wait_until(dialog.isActiveWindow, what="the dialog to be in front")
    person.press("Ctrl+Shift+G")  # the dialog answers to it, too
    settle(person)
    assert dialog.editor.pipeline.title == "en_big"
    person.press("Esc")
