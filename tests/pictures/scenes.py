"""Every scene by name: what is shown and in what state."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from unittest.mock import patch

from PySide6.QtGui import QImage

from annotator.editing.commands import AcceptSpan, AddPatternLists, NewPatternList, RejectSpan
from annotator.model.annotation import Fragment, SpanKey
from annotator.model.patterns import phrase, token_pattern
from annotator.ui.canvas.view import ArticleView
from annotator.ui.window import MainWindow
from annotator.workflows.session import Session
from tests.builders import a_document, place, propose
from tests.pictures import articles
from tests.pictures.dialogs import DIALOGS, project
from tests.pictures.taking import Studio, picture_of, side_by_side
from tests.ui.conftest import plain_machine
from tests.ui.driving import wait_until

Scene = Callable[[Studio, int], QImage]
"""Draws at so many pixels a point."""


def article(studio: Studio, ratio: int, *, theme: str) -> QImage:
    """Show the first seed from its top."""
    return picture_of(studio.view(articles.seed(1), theme=theme), ratio)


def selected(studio: Studio, ratio: int, *, theme: str) -> QImage:
    """Select a span with relations."""
    view = studio.view(articles.seed(1), theme=theme)
    wanted = max(
        view.scene.article.spans[10:40], key=lambda item: len(view.scene.index.relations_of(item.id))
    )
    view.select(wanted.id)
    view.scroll_to(wanted.start)
    return picture_of(view, ratio)


def dense(studio: Studio, ratio: int, *, theme: str) -> QImage:
    """Show overlaps everywhere."""
    return picture_of(studio.view(articles.dense(), theme=theme, size=(1200, 1111)), ratio)


def scripts(studio: Studio, ratio: int, *, theme: str) -> QImage:
    """Show scripts that are hard to lay out."""
    return picture_of(studio.view(articles.hard_scripts(), theme=theme, size=(1200, 844)), ratio)


def states(studio: Studio, ratio: int) -> QImage:
    """Show all states of spans and relations in the three themes."""
    images = []
    for theme in ("light", "dark", "high_contrast"):
        view = studio.view(articles.states(), theme=theme, size=(640, 330))
        view.set_show_rejected(True)
        view.select("selected")
        view.set_hovered("hovered")
        images.append(picture_of(view, ratio))
    return side_by_side(images)


def modes(studio: Studio, ratio: int) -> QImage:
    """Show partners of a relation with their letters, and what a search found."""

    def hint(view: ArticleView) -> None:
        people = [item.id for item in view.scene.article.spans if item.label == "PERSON"]
        view.set_hints(dict(zip(people[1:9], "SDFGHJKL", strict=True)), people[0])

    def find(view: ArticleView) -> None:
        text = view.scene.text
        starts = [index for index in range(len(text)) if text.startswith("Russia", index)]
        view.set_find_marks([Fragment(start, start + 6) for start in starts], 1)

    images = []
    for act in (hint, find):
        view = studio.view(articles.seed(1), size=(800, 700))
        act(view)
        images.append(picture_of(view, ratio))
    return side_by_side(images)


def window(studio: Studio, ratio: int, *, theme: str) -> QImage:
    """Show the window on a project of seeds, the first article half decided."""
    return _window(studio, ratio, theme=theme)


def suggesters(studio: Studio, ratio: int, *, theme: str) -> QImage:
    """Show the page of suggesters with two pattern lists."""

    def prepare(session: Session) -> None:
        words = ("Kyiv", "Moscow", "Odesa", "Warsaw", "Brussels", "Lisbon", "Oslo")
        told = [{"LOWER": {"IN": ["prime", "foreign"]}}, {"LOWER": "minister"}]
        lists = (
            NewPatternList(name="Offices", label="ROLE", patterns=(phrase("President"), token_pattern(told))),
            NewPatternList(
                name="Cities of Europe", label="GPE", patterns=tuple(map(phrase, words)), source="cities.csv"
            ),
        )
        session.do(AddPatternLists(lists))

    return _window(studio, ratio, theme=theme, prepare=prepare, action="suggesters")


def record(studio: Studio, ratio: int, *, theme: str) -> QImage:
    """Show how what is learnt did: better from document to document, and a little too sure of itself."""

    def prepare(session: Session) -> None:
        chance = Random(3)
        for number in range(45):
            text = " ".join(f"Name{each}of{number}" for each in range(8))
            key = a_document(session, text, source=f"record {number}")
            for words in text.split():
                what = SpanKey(place(text, words), "PERSON")
                score = round(0.3 + 0.7 * chance.random() ** (1.4 - number / 60), 3)
                propose(session, key, [what], score=score, suggester="memory")
                is_right = chance.random() < score - 0.06
                session.do(AcceptSpan(document=key, candidate=what) if is_right else RejectSpan(key, (what,)))

    def choose(window: MainWindow) -> None:
        window.places.suggesters.page.choose("learnt")

    return _window(studio, ratio, theme=theme, prepare=prepare, action="suggesters", then=choose)


def _window(
    studio: Studio,
    ratio: int,
    *,
    theme: str,
    prepare: Callable[[Session], None] = lambda _session: None,
    action: str = "",
    then: Callable[[MainWindow], None] = lambda _window: None,
) -> QImage:
    session = project(Path(tempfile.mkdtemp(dir=studio.folder)))
    path = session.path
    with session.project.writing() as connection:
        rows = [(key, "test", "", 0.0) for key in session.document_keys()]
        connection.executemany(
            "INSERT INTO suggested (document, version, skipped, at) VALUES (?, ?, ?, ?)", rows
        )
    prepare(session)
    session.close()
    # No worker process: its models are this machine's, and what it proposes is not the scene's.
    with patch("annotator.ui.opening.start_worker", plain_machine):
        shown = MainWindow(annotator="Mara")
        shown.settings.theme = theme
        studio.show(shown, (1440, 900))
        assert shown.open_project(path)
        wait_until(lambda: not shown.jobs.running, what="quiet")
        if action:
            shown.run(action)
            studio.settle()
            wait_until(lambda: not shown.jobs.running, what="quiet")
            then(shown)
        studio.settle()
        return picture_of(shown, ratio)


SCENES: Mapping[str, Scene] = {
    "article_light": partial(article, theme="light"),
    "article_dark": partial(article, theme="dark"),
    "article_contrast": partial(article, theme="high_contrast"),
    "article_selected_light": partial(selected, theme="light"),
    "article_selected_dark": partial(selected, theme="dark"),
    "dense_light": partial(dense, theme="light"),
    "dense_dark": partial(dense, theme="dark"),
    "intl_light": partial(scripts, theme="light"),
    "states": states,
    "modes": modes,
    "window_light": partial(window, theme="light"),
    "window_dark": partial(window, theme="dark"),
    "suggesters_light": partial(suggesters, theme="light"),
    "suggesters_dark": partial(suggesters, theme="dark"),
    "record_light": partial(record, theme="light"),
    "record_dark": partial(record, theme="dark"),
    **DIALOGS,
}
