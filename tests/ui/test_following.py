"""After an act the window makes anew what the act touched and nothing else: what reading all of it would give."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.store import articles
from annotator.ui.canvas import scene
from annotator.ui.canvas.compose import compose
from annotator.ui.canvas.figures import Drawing
from annotator.ui.models import article_items
from annotator.ui.models.article_items import relation_items, span_items
from annotator.ui.models.otherwise import SignMemory
from annotator.ui.selection import Things
from annotator.ui.tally import Counted, counted
from annotator.ui.window import MainWindow
from tests.builders import a_document, a_project
from tests.ui.driving import Person, wait_until, wait_until_quiet

PARAGRAPHS = 12
KEYS = ["A", "2", "X", "Ctrl+Z", "A", "A", "X", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "A", "Ctrl+Z", "Ctrl+Shift+Z"]


def assert_is_as_read_anew(window: MainWindow) -> None:
    controller, index = window.controller, window.centre.view.scene.index
    session, document = controller.session, controller.document
    assert session is not None
    assert document is not None
    found = articles.read_article(session.project, document).annotations
    assert controller.annotations == found
    ground = controller.schema, controller.tokens, controller.text
    spans = span_items(found, *ground, controller.readings_chosen)
    spans = SignMemory().mark(spans, window.other_places.known.words)
    relations = relation_items(found, *ground)
    assert (index.spans, index.relations) == (
        {item.id: item for item in spans},
        {item.id: item for item in relations},
    )
    things = Things(found)
    assert controller.things.by_id == things.by_id
    assert [controller.things.place(name) for name in things.by_id] == list(map(things.place, things.by_id))
    for name in ("undecided", "standing", "spans"):
        assert getattr(controller.things, name) == getattr(things, name)
    followed, anew = counted(controller.annotations), Counted().follow(found)
    assert (+followed.origins, +followed.types, followed.noted) == (+anew.origins, +anew.types, anew.noted)


def test_what_the_window_follows_is_what_reading_anew_gives(person: Person) -> None:
    for key in (*KEYS, "C", "A"):
        person.press(key)
        assert_is_as_read_anew(person.window)


@pytest.fixture
def long_article(window: MainWindow, tmp_path: Path) -> Person:
    """Sit before an article of short paragraphs, each with two candidates, all of it on screen and laid out."""
    session = a_project(tmp_path, name="long")
    a_document(session, "\n".join(f"[Ada](PERSON) met [Bob](PERSON) {n} times." for n in range(PARAGRAPHS)))
    with session.project.writing() as connection:
        connection.execute("INSERT INTO suggested (document, version, skipped, at) VALUES (1, 'test', '', 0)")
    session.close()
    assert window.open_project(session.path)
    window.activateWindow()
    window.focus_article()
    wait_until_quiet(window)
    shown = window.centre.view.scene
    wait_until(lambda: all(shown.composed(block) for block in range(PARAGRAPHS)), what="all laid out")
    return Person(window)


def test_one_decision_makes_one_item_and_composes_one_paragraph(
    long_article: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    composed: list[int] = []
    for name in ("_accepted_item", "_candidate_item", "_rejected_item"):
        before = getattr(article_items, name)

        def making(*given: Any, before: Any = before) -> Any:
            item = before(*given)
            made.append(item.id)
            return item

        monkeypatch.setattr(article_items, name, making)

    def composing(around: scene.Scene, block: int) -> Drawing:
        composed.append(block)
        return compose(around, block)

    monkeypatch.setattr(scene, "compose", composing)
    person = long_article
    session = person.window.controller.session
    assert session is not None
    # Learning would propose the same words elsewhere, with each decision.
    session.set_suggest_settings(replace(session.suggest_settings(), learns=False))
    for key in ("A", "A", "X", "2", "Ctrl+Z", "Ctrl+Z"):
        person.press(key)
        person.window.centre.view.viewport().repaint()
        # A candidate that is fixed leaves its rejection behind as well.
        assert len(made) == (2 if key == "2" else 1), (key, made)
        assert len(composed) == 1, (key, composed)
        made.clear()
        composed.clear()
    assert_is_as_read_anew(person.window)
