"""The page of the schema: every change is one command, said beforehand, and comes back from the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.editing.commands import (
    AddType,
    ChangeType,
    Command,
    DeleteType,
    ExtendSchema,
    MergeTypes,
    ReorderTypes,
)
from annotator.model.annotation import Kind
from annotator.model.errors import UserError
from annotator.model.schema import RelationType, parse_schema
from annotator.ui.dialogs.schema_page import SchemaPage
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_record, bring
from tests.ui.dialogs.conftest import Show


class Window:
    """Does what the page asks for, as the window would, and keeps the commands."""

    def __init__(self, page: SchemaPage, session: Session) -> None:
        self.commands: list[Command] = []
        self.page, self.session = page, session
        page.command_wanted.connect(self.do)

    def do(self, command: Command) -> None:
        self.commands.append(command)
        try:
            self.session.do(command)
        finally:
            self.page.refresh()


@pytest.fixture
def page(show: Show, session: Session) -> SchemaPage:
    bring(session, a_record("[Mia](PERSON) and [Tom](PERSON) left [Bern](GPE).", source="gold.txt"))
    found = SchemaPage()
    found.set_session(session)
    found.resize(1200, 700)
    show(found)
    return found


@pytest.fixture
def window(page: SchemaPage, session: Session) -> Window:
    return Window(page, session)


def write(qtbot: QtBot, page: SchemaPage, name: str) -> None:
    field = page.form.name_field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, name)


def test_a_rename_is_said_beforehand_and_is_one_command(
    qtbot: QtBot, page: SchemaPage, window: Window
) -> None:
    page.choose(Kind.SPAN, "PERSON")
    write(qtbot, page, "HUMAN")
    assert page.touch._now.text() == "PERSON becomes HUMAN."
    assert page.touch._rest.text().startswith("2 spans in 1 document keep their label")
    assert window.commands == []
    QTest.keyClick(page.form.name_field, Qt.Key.Key_Return)
    (command,) = window.commands
    assert isinstance(command, ChangeType)
    assert window.session.schema.entity("HUMAN") is not None
    assert page.current is not None
    assert page.current.name == "HUMAN"


def test_a_name_that_is_taken_is_refused_in_its_place(qtbot: QtBot, page: SchemaPage, window: Window) -> None:
    page.choose(Kind.SPAN, "PERSON")
    write(qtbot, page, "GPE")
    QTest.keyClick(page.form.name_field, Qt.Key.Key_Return)
    assert window.commands == []
    assert page.form._name.fault == "There is a type GPE already. Merge the two instead."


def test_escape_puts_a_name_back_first_and_then_leaves(
    qtbot: QtBot, page: SchemaPage, window: Window
) -> None:
    page.choose(Kind.SPAN, "PERSON")
    write(qtbot, page, "HUMAN")
    left: list[bool] = []
    page.closed.connect(lambda: left.append(True))
    QTest.keyClick(page.form.name_field, Qt.Key.Key_Escape)
    assert page.form.name_field.text() == "PERSON"
    assert left == []
    QTest.keyClick(page.form.name_field, Qt.Key.Key_Escape)
    assert left == [True]
    assert window.commands == []


def test_a_taken_key_names_its_owner_and_is_swapped(page: SchemaPage, window: Window) -> None:
    page.choose(Kind.SPAN, "ROLE")
    box = page.form.key_box
    words = [box.itemText(index) for index in range(box.count())]
    assert "1  is PERSON’s" in words
    box.highlighted.emit(words.index("1  is PERSON’s"))
    assert page.touch._now.text() == "Key 1 is PERSON’s. PERSON gets 2."
    box.choose("1")
    box.activated.emit(box.currentIndex())
    shortcuts = {each.name: each.shortcut for each in window.session.schema.entities}
    assert (shortcuts["ROLE"], shortcuts["PERSON"]) == ("1", "2")
    assert len(window.commands) == 1


def test_alt_down_puts_a_type_below_the_next(qtbot: QtBot, page: SchemaPage, window: Window) -> None:
    page.choose(Kind.SPAN, "PERSON")
    types = page.entity_section.list
    types.setFocus()
    QTest.keyClick(types, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert window.commands == [ReorderTypes(kind=Kind.SPAN, names=("ROLE", "PERSON", "GPE"))]
    assert types.names() == ("ROLE", "PERSON", "GPE")
    assert page.current is not None
    assert page.current.name == "PERSON"


def test_the_arrows_go_from_one_list_to_the_other(qtbot: QtBot, page: SchemaPage, window: Window) -> None:
    page.choose(Kind.SPAN, "GPE")
    page.entity_section.list.setFocus()
    QTest.keyClick(page.entity_section.list, Qt.Key.Key_Down)
    assert page.current is not None
    assert page.current.name == "HOLDS_ROLE"
    QTest.keyClick(page.relation_section.list, Qt.Key.Key_Up)
    assert page.current.name == "GPE"


def test_deleting_asks_with_counts_and_keeps_by_default(
    qtbot: QtBot, page: SchemaPage, window: Window
) -> None:
    page.choose(Kind.SPAN, "PERSON")
    page.touch.delete_button.click()
    assert page.touch.strip.text == "2 spans would go."
    assert "HOLDS_ROLE, VISITED, MET have no other end and go too." in page.touch._delete_words.text()
    assert page.focusWidget() is page.touch.keep_button
    QTest.keyClick(page.touch.keep_button, Qt.Key.Key_Space)
    assert window.commands == []
    page.touch.delete_button.click()
    page.touch.delete_now_button.click()
    assert window.commands == [DeleteType(kind=Kind.SPAN, name="PERSON")]
    assert window.session.schema.relations == ()


def test_merging_gives_the_spans_the_other_label(page: SchemaPage, window: Window) -> None:
    page.choose(Kind.SPAN, "GPE")
    page.touch.merge_button.click()
    page.touch.target_box.choose("ROLE")
    page.touch.target_box.activated.emit(page.touch.target_box.currentIndex())
    assert page.touch._merge_words.text().startswith("1 span in 1 document get the label ROLE")
    page.touch.merge_now_button.click()
    assert window.commands == [MergeTypes(kind=Kind.SPAN, source="GPE", target="ROLE")]
    assert window.session.usage()[Kind.SPAN, "ROLE"] == (1, 1)


def test_a_new_label_needs_a_name_alone(qtbot: QtBot, page: SchemaPage, window: Window) -> None:
    page.begin_label()
    assert page.focusWidget() is page.form.name_field
    QTest.keyClicks(page.form.name_field, "EVENT")
    QTest.keyClick(page.form.name_field, Qt.Key.Key_Return)
    (command,) = window.commands
    assert isinstance(command, AddType)
    assert page.current is not None
    assert (page.current.name, page.current.shortcut) == ("EVENT", "4")


def test_a_new_relation_type_is_made_in_its_own_list(qtbot: QtBot, page: SchemaPage, window: Window) -> None:
    page.relation_section.add_button.click()
    # The name of a label may be that of a relation type, too.
    QTest.keyClicks(page.form.name_field, "PERSON")
    QTest.keyClick(page.form.name_field, Qt.Key.Key_Return)
    assert window.session.schema.relation("PERSON") is not None


def test_escape_leaves_a_new_label(qtbot: QtBot, page: SchemaPage, window: Window) -> None:
    page.begin_label()
    QTest.keyClicks(page.form.name_field, "EV")
    QTest.keyClick(page.form.name_field, Qt.Key.Key_Escape)
    assert page.current is not None
    assert page.form.type == page.current
    assert window.commands == []


def test_ends_of_a_relation_are_toggled(qtbot: QtBot, page: SchemaPage, window: Window) -> None:
    page.choose(Kind.RELATION, "VISITED")
    toggle = next(each for each in page.form.ends.heads.toggles if each.name == "ROLE")
    toggle.setFocus()
    QTest.keyClick(toggle, Qt.Key.Key_Space)
    found = window.session.schema.relation("VISITED")
    assert isinstance(found, RelationType)
    assert found.heads == ("PERSON", "ROLE")
    page.form.ends.symmetric_card.click()
    found = window.session.schema.relation("VISITED")
    assert found is not None
    assert found.symmetric


def test_a_colour_is_chosen_with_the_arrows(qtbot: QtBot, page: SchemaPage, window: Window) -> None:
    page.choose(Kind.SPAN, "PERSON")
    first = page.form.swatches.buttons[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Space)
    found = window.session.schema.entity("PERSON")
    assert found is not None
    assert found.color == "slate"
    assert all(preview.figure >= 4.5 for preview in page.form.previews)


def test_what_is_being_typed_survives_a_change_elsewhere(
    qtbot: QtBot, page: SchemaPage, window: Window
) -> None:
    page.choose(Kind.SPAN, "PERSON")
    field = page.form.summary_field
    field.setFocus()
    QTest.keyClicks(field, "people by na")
    bring(window.session, a_record("[Eve](PERSON) came.", source="more.txt"))
    page.refresh()
    assert field.text() == "people by na"
    guideline = page.form.guideline_field
    guideline.setFocus()
    assert len(window.commands) == 1
    QTest.keyClicks(guideline, "No pronouns.")
    page.refresh()
    assert guideline.toPlainText() == "No pronouns."
    field.setFocus()
    found = window.session.schema.entity("PERSON")
    assert found is not None
    assert (found.summary, found.guideline) == ("people by na", "No pronouns.")


def test_a_preset_adds_what_is_missing(page: SchemaPage, window: Window, tmp_path: Path) -> None:
    target = tmp_path / "mine.toml"
    page.export_file(target)
    assert page.strip.text == "Written: mine.toml."
    written = parse_schema(target.read_text(encoding="utf-8"))
    assert [each.name for each in written.entities] == ["PERSON", "ROLE", "GPE"]
    page.import_file(target)
    assert page.strip.text == "All types of mine.toml are here already; they stay as they are."
    assert window.commands == []
    target.write_text('[[entity]]\nname = "EVENT"\n', encoding="utf-8")
    page.import_file(target)
    assert isinstance(window.commands[0], ExtendSchema)
    assert window.session.schema.entity("EVENT") is not None


def test_types_for_another_program_say_what_is_lost(page: SchemaPage, tmp_path: Path) -> None:
    target = tmp_path / "mine.types.json"
    page.export_file(target)
    assert page.strip.text.startswith("Written: mine.types.json.")
    assert "left out" in page.strip.text
    page.import_file(target)
    assert page.strip.text == "All types of mine.types.json are here already; they stay as they are."


def test_a_broken_file_is_named_on_the_page(page: SchemaPage, window: Window, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[[entity]\n", encoding="utf-8")
    page.import_file(broken)
    assert "broken.toml is not TOML" in page.strip.text
    page.export_file(tmp_path / "nowhere" / "x.toml")
    assert "cannot be written" in page.strip.text


def test_a_read_only_project_can_be_looked_at_alone(show: Show, session: Session) -> None:
    other = open_project(session.path, annotator="Jonas", read_only=True)
    page = SchemaPage()
    page.set_session(other)
    page.resize(1200, 700)
    show(page)
    assert page.form.name_field.isReadOnly()
    assert not page.touch.delete_button.isEnabled()
    assert not page.entity_section.add_button.isEnabled()
    assert page.export_button.isEnabled()
    other.close()


def test_a_hidden_page_reads_nothing_until_it_is_shown(
    qtbot: QtBot, page: SchemaPage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.hide()
    read: list[bool] = []
    usage = Session.usage

    def counted(self: Session) -> dict[tuple[Kind, str], tuple[int, int]]:
        read.append(True)
        return usage(self)

    monkeypatch.setattr(Session, "usage", counted)
    page.refresh()
    assert read == []
    page.show()
    assert read == [True]


def test_an_unknown_type_is_a_fault_of_the_command_not_of_the_page(
    page: SchemaPage, session: Session
) -> None:
    with pytest.raises(UserError):
        session.do(DeleteType(kind=Kind.SPAN, name="NOBODY"))
    page.choose(Kind.SPAN, "NOBODY")
    assert page.current is not None
