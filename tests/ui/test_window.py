"""The window by keys: from candidates to decisions, relations, finishing, undo, and what is said of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from annotator.editing.commands import FinishDocument
from annotator.model.annotation import How, Origin, RelationKey, SpanKey
from annotator.model.document import State
from annotator.model.schema import RelationType, Schema
from annotator.ui.actions import ACTIONS, BY_ID
from annotator.ui.models.article_items import id_of
from annotator.ui.window import MainWindow
from annotator.workflows.projects import open_project
from tests.builders import SCHEMA, a_document, a_project, place, propose
from tests.ui.driving import Person, wait_until
from tests.ui.test_queueing import suggested


def test_the_first_candidate_is_selected_and_the_article_has_the_focus(person: Person) -> None:
    assert person.words == "President"
    assert person.focus() is person.window.centre.view


def test_accepting_goes_on_in_reading_order_with_relations_after_their_later_end(person: Person) -> None:
    person.press("A")
    assert person.words == "Ada Lovelace"
    person.press("A")
    assert person.kind == "relation_candidate"
    person.press("Return")
    assert person.words == "Charles Babbage"
    assert person.said == "Accepted HOLDS_ROLE: Ada Lovelace → President."
    spans = person.window.controller.annotations.spans
    assert {(span.provenance.how, span.provenance.origin) for span in spans} == {
        (How.SINGLE, Origin.CANDIDATE)
    }


def test_accepting_a_relation_accepts_its_ends(person: Person) -> None:
    person.press("Tab", "Tab", "A")
    assert {span.label for span in person.window.controller.annotations.spans} == {"ROLE", "PERSON"}
    assert "ends were accepted too" in person.said


def test_rejecting_a_span_withdraws_its_relation(person: Person) -> None:
    person.press("X")
    assert person.words == "Ada Lovelace"
    assert not person.window.controller.annotations.undecided_relations


def test_a_digit_accepts_with_another_label_and_goes_on(person: Person) -> None:
    person.press("3")
    assert person.words == "Ada Lovelace"
    (span,) = person.window.controller.annotations.spans
    assert (span.label, span.provenance.origin) == ("GPE", Origin.FIXED)
    assert person.window.centre.decided.text() == "1 of 6 decided"


def test_edges_move_by_words_and_the_span_stays_selected(person: Person) -> None:
    person.press("G")
    assert person.words == "President Ada"
    assert person.kind == "span"
    person.press("F")
    assert person.words == "President"
    person.press("Shift+Right", "Ctrl+Shift+Right")
    assert person.words == "Ada"
    person.press("A")
    assert person.kind == "candidate"


def test_undo_goes_where_it_acted_and_opens_that_document(person: Person) -> None:
    person.press("A", "X")
    person.press("Ctrl+Z")
    assert person.words == "Ada Lovelace"
    first = person.window.controller.document
    person.press("Ctrl+PgDown")
    assert person.window.controller.document != first
    person.press("A", "Ctrl+Z", "Ctrl+Z")
    assert person.window.controller.document == first
    assert person.words == "President"
    person.press("Ctrl+Y")
    assert [span.label for span in person.window.controller.annotations.spans] == ["ROLE"]


def test_readings_are_stepped_through(person: Person) -> None:
    person.press("Tab", "C")
    assert (person.words, person.selected.label) == ("Lovelace", "GPE")
    person.press("A")
    (span,) = person.window.controller.annotations.spans
    assert span.label == "GPE"


def test_words_selected_by_keys_are_labelled_by_a_digit(person: Person) -> None:
    person.press("Esc", "Ctrl+Home")
    person.press("Down", "Right")
    while person.words != "met":
        person.press("Right")
    person.press("2")
    assert person.kind == "span"
    assert person.selected.label == "ROLE"


def test_the_least_sure_comes_first_with_q(person: Person) -> None:
    person.press("Q")
    assert person.kind == "relation_candidate"


def test_back_to_undecided(person: Person) -> None:
    person.press("A", "Ctrl+Up")
    assert person.kind == "span"
    person.press("U")
    assert person.kind == "candidate"
    assert person.words == "President"


def test_a_relation_by_its_letters_with_a_chooser_for_several_types(person: Person) -> None:
    person.press("Tab", "R")
    mode = person.window.relation
    assert person.window.controller.mode == "relation"
    assert person.window.centre.strips.get("relation") is not None
    babbage = next(item for item in mode.hints if person.window.controller.things.place(item)[0] == 27)  # type: ignore[index]
    person.press(mode.hints[babbage])
    (relation,) = person.window.controller.annotations.relations
    assert relation.label == "MET"
    assert person.selected.relation == relation
    assert person.window.controller.mode == "decide"
    assert person.focus() is person.window.centre.view


def test_the_mode_is_left_by_escape_and_a_digit_narrows_it(person: Person) -> None:
    person.press("Tab", "R")
    everything = len(person.window.relation.hints)
    person.press("2")
    assert person.window.relation.only == "VISITED"
    assert 0 < len(person.window.relation.hints) < everything
    person.press("Esc", "Esc")
    assert person.window.controller.mode == "decide"
    assert person.words == "Ada Lovelace"


def test_a_relation_begun_at_its_child_runs_as_the_schema_says(person: Person) -> None:
    while person.words != "Paris":
        person.press("Tab")
    person.press("R", (person.window.relation.hints and "") or "S")
    (relation,) = person.window.controller.annotations.relations
    head = person.window.controller.annotations.span(relation.head)
    assert head is not None
    assert (relation.label, head.label) == ("VISITED", "PERSON")


def test_finishing_asks_once_then_accepts_the_rest_and_opens_the_next(
    person: Person, window: MainWindow
) -> None:
    first = window.controller.document
    person.press("Ctrl+Return")
    assert window.controller.document == first
    assert person.said.startswith("7 left")
    person.press("Ctrl+Return")
    assert window.controller.document != first
    session = window.controller.session
    assert session is not None
    assert first is not None
    assert session.document(first).state is State.DONE
    assert {span.provenance.how for span in session.annotations(first).spans} == {How.BULK}
    person.press("Ctrl+Z")
    assert window.controller.document == first


def test_what_was_finished_is_said_once(person: Person, window: MainWindow) -> None:
    person.press("Ctrl+Return", "Ctrl+Return")
    assert person.said.startswith("Done: ")
    assert [message.text for message in window.log.messages].count(person.said) == 1
    assert len([message for message in window.log.messages if message.text.startswith("Done: ")]) == 1
    assert window.log.messages[0].undoable
    person.press("Ctrl+Return", "Ctrl+Return")
    assert person.said.endswith("No further document is open.")
    assert len([message for message in window.log.messages if message.text.startswith("Done: ")]) == 2


def test_only_a_relation_that_may_run_the_other_way_is_offered_to_be_turned(
    window: MainWindow, tmp_path: Path
) -> None:
    knows = RelationType(name="KNOWS", heads=("PERSON",), children=("PERSON",))
    schema = Schema(SCHEMA.entities, (*SCHEMA.relations, knows)).with_defaults()
    session = a_project(tmp_path, schema=schema)
    document = a_document(session, "[Ada](PERSON) met [Bob](PERSON) in [Rome](GPE).")
    text = session.text(document)
    ada, bob = (SpanKey(place(text, name), "PERSON") for name in ("Ada", "Bob"))
    rome = SpanKey(place(text, "Rome"), "GPE")
    met, knew, went = (
        RelationKey(ada, bob, "MET"),
        RelationKey(ada, bob, "KNOWS"),
        RelationKey(ada, rome, "VISITED"),
    )
    propose(session, document, [met, knew, went])
    suggested(session)
    session.close()
    assert window.open_project(session.path)
    offered = {}
    for thing in window.controller.annotations.undecided_relations:
        window.controller.select(id_of(thing))
        offered[thing.candidate.label] = "turn round" in {hint.words for hint in window.centre.hint_bar.shown}
    assert offered == {"MET": False, "KNOWS": True, "VISITED": False}


def test_the_strip_says_when_nothing_is_left(person: Person, window: MainWindow) -> None:
    while window.controller.things.undecided:
        person.press("A")
    strip = window.centre.strips.get("nothing_left")
    assert strip is not None
    assert strip.accessibleName() == "Nothing left to decide here. 7 of 7 decided: 7 accepted."
    person.press("Ctrl+Return")
    assert window.centre.strips.get("nothing_left") is None


def test_plain_text_is_shown_as_long_as_h_is_down(person: Person, window: MainWindow) -> None:
    view = window.centre.view
    QTest.keyPress(view, Qt.Key.Key_H)
    assert view.state.plain
    QTest.keyRelease(view, Qt.Key.Key_H)
    assert not view.state.plain


def test_letters_typed_in_the_filter_are_letters(person: Person, window: MainWindow) -> None:
    person.press("Ctrl+P")
    person.type("ax")
    assert window.controller.annotations.decided == 0
    person.press("Esc", "Esc")
    assert person.focus() is window.centre.view


def test_f6_goes_round_the_panels(person: Person, window: MainWindow) -> None:
    person.press("F6")
    assert window.page.work.isAncestorOf(person.focus())
    person.press("F6")
    assert window.page.documents.isAncestorOf(person.focus())
    person.press("F6")
    assert person.focus() is window.centre.view
    person.press("Shift+F6")
    assert window.page.documents.isAncestorOf(person.focus())


def test_the_palette_finds_actions_labels_and_documents(person: Person, window: MainWindow) -> None:
    person.press("Ctrl+K")
    person.type("#second")
    person.press("Esc")
    person.press("Ctrl+K")
    person.type("@gpe")
    person.press("Return")
    assert person.focus() is window.centre.view
    (span,) = window.controller.annotations.spans
    assert span.label == "GPE"


def test_a_label_is_found_by_typing(person: Person, window: MainWindow) -> None:
    person.press("E")
    person.type("gp")
    person.press("Return")
    (span,) = window.controller.annotations.spans
    assert span.label == "GPE"
    assert person.focus() is window.centre.view


def test_words_are_found_and_marked(person: Person, window: MainWindow) -> None:
    person.press("Ctrl+F")
    person.type("paris")
    assert len(window.centre.find_bar.hits) == 1
    assert len(window.centre.view.state.marks) == 1
    person.press("Esc")
    assert not window.centre.view.state.marks
    assert person.focus() is window.centre.view


def test_repeating_does_the_last_act_again(person: Person, window: MainWindow) -> None:
    person.press("3", ".")
    assert [span.label for span in window.controller.annotations.spans] == ["GPE", "GPE"]


def test_a_second_window_reads_only_and_its_acts_are_off(person: Person, project: Path) -> None:
    other = MainWindow(annotator="Jon")
    try:
        assert other.open_project(project)
        assert other.centre.strips.get("read_only") is not None
        assert not other.menus.actions["import"].isEnabled()
        other.show()
        other.centre.view.setFocus()
        QTest.keyClick(other.centre.view, Qt.Key.Key_A)
        assert not other.controller.annotations.decided
    finally:
        other.close()


def test_everything_is_there_again_after_closing(person: Person, window: MainWindow, project: Path) -> None:
    person.press("A", "X", "G")
    before = window.controller.annotations
    window.projects.close()
    session = open_project(project, annotator="Mara")
    first = session.documents(limit=1)[0].key
    assert session.annotations(first) == before
    session.close()


def test_disabled_actions_say_why_by_being_off(person: Person, window: MainWindow) -> None:
    assert not window.menus.actions["redo"].isEnabled()
    assert window.menus.actions["accept"].isEnabled()
    person.press("Esc")
    assert not window.menus.actions["accept"].isEnabled()
    window.projects.close()
    enabled = {name for name, action in window.menus.actions.items() if action.isEnabled()}
    assert enabled & {"import", "export", "schema", "finish", "accept"} == set()


def test_candidates_are_made_anew_only_where_work_goes_on(person: Person, window: MainWindow) -> None:
    assert window.menus.actions["suggest_here"].isEnabled()
    document = window.controller.document
    session = window.controller.session
    assert document is not None
    assert session is not None
    session.do(FinishDocument(document=document, accept_rest=True), initiator=person)
    assert window.controller.document == document
    window.update_actions()
    assert not window.menus.actions["suggest_here"].isEnabled()
    assert "back to work" in window.hindrance(BY_ID["suggest_here"])


def test_article_keys_are_no_shortcuts_of_the_window(window: MainWindow) -> None:
    for action in ACTIONS:
        if not action.menu:
            continue
        shortcuts = window.menus.actions[action.id].shortcuts()
        expected = [QKeySequence(key) for key in action.keys] if action.scope == "window" else []
        assert shortcuts == expected


def test_panels_become_drawers_where_it_is_narrow(person: Person, window: MainWindow) -> None:
    window.resize(1100, 700)
    wait_until(lambda: window.page.is_drawer("documents"))
    assert not window.page.is_shown("documents")
    assert window.page.is_shown("work")
    person.press("Ctrl+1")
    assert window.page.documents.isVisible()
    person.press("Esc")
    assert not window.page.documents.isVisible()
    window.resize(1000, 700)
    wait_until(lambda: not window.page.is_shown("work"))


def test_hints_follow_the_selection_and_drop_from_the_right(person: Person, window: MainWindow) -> None:
    bar = window.centre.hint_bar
    words = [hint.words for hint in bar.shown]
    assert words[:3] == ["accept", "reject", "label"]
    window.resize(960, 640)
    wait_until(lambda: len(bar.shown) < len(words) or bar.width() > 700)
    assert [hint.words for hint in bar.shown] == words[: len(bar.shown)]
    person.press("Esc")
    assert bar.shown[0].words == "next"


def test_title_names_the_project(person: Person, window: MainWindow) -> None:
    assert window.windowTitle() == "News – annotator"


def test_an_article_without_candidates_says_what_to_do(
    person: Person, window: MainWindow, tmp_path: Path
) -> None:
    article = tmp_path / "plain.txt"
    article.write_text("nothing in here", encoding="utf-8")
    session = window.controller.session
    assert session is not None
    window.work.import_paths([article])
    wait_until(lambda: session.counts().all == 3 and not window.jobs.running)
    window.controller.open_document(session.documents(limit=3)[-1].key)
    strip = window.centre.strips.get("no_candidates")
    assert strip is not None
    assert strip.accessibleName().startswith("No candidates in this article.")
    person.press("Ctrl+Home", "Down", "1")
    assert window.controller.annotations.spans
    assert window.centre.strips.get("no_candidates") is None


def test_the_pipeline_is_named_a_moment_after_the_article_is_there(window: MainWindow, project: Path) -> None:
    window.open_project(project)
    assert window.controller.document is not None
    assert window.telling._pipeline is None
    wait_until(lambda: window.telling._pipeline is not None, what="the pipeline")
    assert window.telling._pipeline_words()
