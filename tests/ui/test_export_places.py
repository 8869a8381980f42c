"""From what an export would lose to its place in the article, and back to the same choices."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.editing.commands import FinishDocument
from annotator.model.record import Example
from annotator.ui.actions import BY_ID
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.loss_lines import ExampleTable, LossLine
from annotator.workflows.examples import place_of
from annotator.workflows.exporting import ExportOptions, plan_export
from annotator.workflows.session import Session
from tests.ui.driving import Person, wait_until


@pytest.fixture
def finished(person: Person) -> Person:
    session = person.window.controller.session
    assert session is not None
    session.do(FinishDocument(document=session.document_keys()[0], accept_rest=True))
    return person


def asked(person: Person) -> ExportDialog:
    """Press Ctrl+E and wait until what would be lost is shown."""
    person.press("Ctrl+E")
    dialog = person.dialog()
    assert isinstance(dialog, ExportDialog)
    wait_until(lambda: dialog.plan is not None, what="the look ahead")
    return dialog


def line_of(dialog: ExportDialog, kind: str) -> LossLine:
    return next(line for line in dialog.losses.lines if line.loss.kind == kind)


def for_conll(person: Person) -> tuple[ExportDialog, ExampleTable]:
    """Choose CoNLL and open the examples of relations, by keys."""
    dialog = asked(person)
    dialog.format_list.choose("conll")
    wait_until(lambda: dialog.plan is not None and "relations" in {each.kind for each in dialog.plan.losses})
    line = line_of(dialog, "relations")
    assert line.button.text() == "Show 1 example"
    line.button.setFocus()
    person.press("Space")
    assert line.table is not None
    line.table.setFocus()
    return dialog, line.table


def test_an_example_is_shown_in_the_article_and_the_same_choices_wait(
    finished: Person, tmp_path: Path
) -> None:
    dialog, table = for_conll(finished)
    shown = dialog.plan
    dialog.fields.place_field.setText(str(tmp_path / "elsewhere.conll"))
    dialog.fields.place_field.textEdited.emit("")
    wait_until(lambda: dialog.plan is not shown, what="another look")
    assert line_of(dialog, "relations").table is table
    finished.press("Return")
    assert not dialog.isVisible()
    window = finished.window
    assert (finished.kind, finished.selected.label) == ("relation", "HOLDS_ROLE")
    assert "1 relation that" in window.centre.strips.words()["export"]
    again = asked(finished)
    assert again is not dialog
    assert again.choice.options.format == "conll"
    assert again.target == tmp_path / "elsewhere.conll"
    assert again.losses.opened == {"relations"}
    assert "export" not in window.centre.strips.words()
    finished.press("Esc")
    assert asked(finished).choice.options.format == "docbin"
    finished.press("Esc")


def test_what_was_mended_meanwhile_is_said_to_be_gone(finished: Person) -> None:
    _dialog, _table = for_conll(finished)
    window = finished.window
    finished.press("Return")
    finished.press("U")
    window.places._export._walk(0)  # type: ignore[union-attr]
    assert "HOLDS_ROLE is no longer there." in window.centre.strips.words()["export"]
    finished.press("Esc")
    assert "export" not in window.centre.strips.words()


def test_the_next_example_is_one_press_away(finished: Person) -> None:
    dialog = asked(finished)
    dialog.format_list.choose("conll")
    wait_until(lambda: dialog.plan is not None and "details" in {each.kind for each in dialog.plan.losses})
    line = line_of(dialog, "details")
    line.set_open(True)
    assert line.table is not None
    line.table.example_chosen.emit(0)
    strip = finished.window.centre.strips.get("export")
    first = finished.words
    assert first
    next(button for button in strip.buttons if button.text() == "Next").click()  # type: ignore[union-attr]
    second = finished.words
    assert second != first
    assert finished.window.centre.strips.words()["export"].startswith("2 of ")
    finished.press("Ctrl+Shift+F3")
    assert finished.words == first
    finished.press("Ctrl+F3")
    assert finished.words == second
    finished.press("Esc")
    assert not finished.window.places.can_step_export
    assert "Ctrl E" in finished.window.hindrance(BY_ID["next_example"])


def test_examples_of_every_kind_are_found_in_the_project(session: Session) -> None:
    key = session.document_keys()[0]
    session.do(FinishDocument(document=key, accept_rest=True))
    losses = plan_export(session, None, ExportOptions(format="conll", documents="all")).losses
    for loss in losses:
        for example in loss.examples:
            found = place_of(session, example)
            assert found is not None
            assert (found[1] is not None) == bool(example.places), (loss.kind, example)
    assert place_of(session, Example(document="gone", id="7")) is None
    assert place_of(session, Example(document="never had one")) is None
