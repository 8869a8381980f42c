"""Random hands: whatever is clicked, dragged, typed and set in whatever order, nothing breaks."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.model.annotation import Fragment
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT
from tests.ui.canvas.articles import a_relation, annotated, marked, prose
from tests.ui.canvas.conftest import MakeView
from tests.ui.canvas.test_mouse import ALT, CONTROL, LEFT, NONE, SHIFT, drag
from tests.ui.canvas.test_pixels import HARD

TEXT = "\n".join(HARD.values()) + "\n\n" + prose(12) + "\r\n" + prose(1, words=600, seed=4)


@pytest.mark.parametrize("seed", range(6))
def test_anything_goes(seed: int, make_view: MakeView, qapp: QApplication) -> None:
    chance = random.Random(seed)
    article = annotated(TEXT, spans=150, relations=60, seed=seed)
    view = make_view(article, width=700, height=420)
    acts = _acts(view, article, chance)
    for _ in range(120):
        chance.choice(acts)()
        if chance.random() < 0.3:
            qapp.processEvents()
        _check(view)
    qapp.processEvents()


def _check(view: ArticleView) -> None:
    scroller = view.scroller
    assert 0 <= scroller.block < len(view.scene.blocks)
    assert list(scroller.visible())
    for start, end in view.selection.fragments:
        assert 0 <= start < end <= len(view.scene.text)


def _acts(view: ArticleView, article: Article, chance: random.Random) -> list[Callable[[], object]]:
    viewport = view.viewport()

    def somewhere() -> QPoint:
        return QPoint(chance.randrange(viewport.width()), chance.randrange(viewport.height()))

    def span() -> str:
        return chance.choice(list(view.scene.index.spans) or ["none"])

    def edit() -> None:
        spans = list(view.scene.index.spans.values())
        if spans:
            index = chance.randrange(len(spans))
            spans[index] = replace(spans[index], label="ORG", state=chance.choice(("accepted", "rejected")))
        view.set_items(spans[: chance.choice((-1, len(spans)))], tuple(view.scene.index.relations.values()))

    def restore() -> None:
        if view.scene.text in ("", TEXT):  # without an article they are not taken
            view.set_items(article.spans, article.relations)

    def give_up() -> None:
        drag(view, somewhere(), somewhere(), drop=False)
        QTest.keyClick(view, Qt.Key.Key_Escape)

    def offset() -> int:
        return chance.randrange(max(1, len(view.scene.text)))

    modifiers = (NONE, NONE, ALT, SHIFT, CONTROL)
    return [
        lambda: QTest.mouseClick(viewport, LEFT, chance.choice(modifiers), somewhere()),
        lambda: QTest.mouseDClick(viewport, LEFT, NONE, somewhere()),
        lambda: drag(view, somewhere(), somewhere(), modifiers=chance.choice(modifiers)),
        give_up,
        lambda: QTest.mouseMove(viewport, somewhere()),
        lambda: view.select(span()),
        lambda: view.select(chance.choice(list(view.scene.index.relations) or ["none"])),
        lambda: view.move_word_cursor(
            chance.choice(("left", "right", "up", "down")), extend=chance.random() < 0.5
        ),
        lambda: view.scroll_by(chance.randrange(-900, 900)),
        lambda: view.scroll_to(offset()),
        lambda: view.verticalScrollBar().setValue(chance.randrange(view.verticalScrollBar().maximum() + 1)),
        view.end,
        edit,
        lambda: view.change_items(relations=[a_relation(f"x{chance.random()}", span(), span())]),
        restore,
        lambda: view.set_theme(chance.choice((LIGHT, DARK, HIGH_CONTRAST))),
        lambda: view.set_font_size(chance.randrange(9, 44)),
        lambda: view.set_spacing(chance.choice(("compact", "comfortable"))),
        lambda: view.set_measure(chance.randrange(30, 100)),
        lambda: view.set_only_labels(chance.choice((frozenset(), frozenset({"ORG"})))),
        lambda: view.set_show_rejected(chance.random() < 0.5),
        lambda: view.set_show_scores(chance.random() < 0.5),
        lambda: view.set_plain(chance.random() < 0.3),
        lambda: view.set_hints({span(): "D", span(): "SF"}, span()),
        lambda: view.set_word_hints({(offset(), offset()): "JK"}),
        view.clear_hints,
        lambda: view.set_find_marks([Fragment(o := offset(), min(len(TEXT), o + 9))], 0),
        lambda: view.flash(span()),
        lambda: view.resize(chance.randrange(160, 1100), chance.randrange(60, 700)),
        lambda: view.set_article(chance.choice((None, article, article, marked("[A](ORG)")))),
    ]
