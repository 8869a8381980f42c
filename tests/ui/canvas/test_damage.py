"""Only what looks otherwise is painted anew, and the screen shows just what painting everything would."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.model.annotation import Fragment
from annotator.ui.canvas.items import SpanItem
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT, Theme
from tests.ui.canvas.articles import COLORS, a_relation, annotated, marked, prose
from tests.ui.canvas.conftest import MakeView
from tests.ui.canvas.test_scrolling import check_screen
from tests.ui.driving import let_live

Act = Callable[[ArticleView, random.Random], None]


class Painted(QObject):
    """Notes what was painted of a view."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__(view)
        self.region = QRegion()
        view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def settle(view: ArticleView) -> None:
    """Let it be on the screen, with all that was asked for painted."""
    assert QTest.qWaitForWindowExposed(view)
    let_live(20)


def _some(view: ArticleView, chance: random.Random) -> SpanItem:
    low, high = view.visible_range()
    return chance.choice([item for item in view.scene.index.spans.values() if low <= item.start < high])


def _select(view: ArticleView, chance: random.Random) -> None:
    view.select(_some(view, chance).id, reveal=False)


def _select_relation(view: ArticleView, chance: random.Random) -> None:
    view.select(chance.choice(list(view.scene.index.relations)), reveal=False)


def _select_text(view: ArticleView, chance: random.Random) -> None:
    start = _some(view, chance).start
    view.select_text((Fragment(start, start + chance.choice((3, 30, 300))),), reveal=False)


def _move_cursor(view: ArticleView, chance: random.Random) -> None:
    view.move_word_cursor(chance.choice(("left", "right", "up", "down")), extend=chance.random() < 0.3)


def _hover(view: ArticleView, chance: random.Random) -> None:
    view.set_hovered(chance.choice([_some(view, chance).id, *view.scene.index.relations]))


def _relabel(view: ArticleView, chance: random.Random) -> None:
    item, label = _some(view, chance), chance.choice(list(COLORS))
    view.change_items(spans=[replace(item, label=label, color=COLORS[label])])


def _decide(view: ArticleView, chance: random.Random) -> None:
    item = _some(view, chance)
    decided = [
        replace(item, state="accepted"),
        replace(item, state="candidate"),
        replace(item, state="rejected"),
    ]
    view.change_items(spans=[chance.choice(decided)])


def _remove(view: ArticleView, chance: random.Random) -> None:
    view.change_items(removed=[_some(view, chance).id])


def _join(view: ArticleView, chance: random.Random) -> None:
    head, child = _some(view, chance).id, _some(view, chance).id
    if head != child:
        view.change_items(relations=[a_relation(f"new {head} {child}", head, child)])


def _part(view: ArticleView, chance: random.Random) -> None:
    view.change_items(removed=[chance.choice(list(view.scene.index.relations))])


def _scroll(view: ArticleView, chance: random.Random) -> None:
    view.scroll_by(chance.choice((-60, 25, 200)))


def _jump(view: ArticleView, chance: random.Random) -> None:
    view.scroll_to(chance.randrange(len(view.scene.text)))


ACTS: tuple[Act, ...] = (
    *(_select, _select, _select_relation, _select_text, _move_cursor, _hover, _relabel, _relabel),
    *(_decide, _decide, _remove, _join, _part, _scroll, _jump),
)


@pytest.mark.parametrize(("seed", "theme"), list(enumerate((LIGHT, DARK, HIGH_CONTRAST, LIGHT, DARK))))
def test_after_any_acts_the_screen_shows_what_a_repaint_does(
    seed: int, theme: Theme, make_view: MakeView
) -> None:
    view = make_view(annotated(prose(40), spans=300, relations=60 if seed % 2 else 8))
    view.set_theme(theme)
    view.scroll_to(3_000)
    settle(view)
    chance = random.Random(seed)
    for _ in range(25):
        chance.choice(ACTS)(view, chance)
        QApplication.processEvents()
        with contextlib.suppress(AssertionError):  # a busy screen may show it a moment later
            check_screen(view)
            continue
        let_live(200)
        check_screen(view)


def test_an_act_on_one_paragraph_paints_no_other(make_view: MakeView) -> None:
    view = make_view(marked("[Ada](PERSON) went.\n" * 8))
    view.select("s1", reveal=False)
    settle(view)
    painted = Painted(view)
    view.change_items(spans=[replace(view.scene.index.spans["s5"], label="ORG", color="teal")])
    settle(view)
    assert painted.region.contains(view.rect_of("s5"))
    assert not painted.region.intersects(view.rect_of("s3"))
    painted.region = QRegion()
    view.select("s5", reveal=False)
    settle(view)
    assert painted.region.contains(view.rect_of("s1"))
    assert painted.region.contains(view.rect_of("s5"))
    assert not painted.region.intersects(view.rect_of("s3"))


def test_nothing_is_painted_where_nothing_looks_otherwise(make_view: MakeView) -> None:
    view = make_view(marked("[Ada](PERSON) went.\n[Bob](PERSON) stayed."))
    view.select("s0")
    settle(view)
    painted = Painted(view)
    view.refresh()
    settle(view)
    assert painted.region.isEmpty()


def test_a_relation_beside_the_text_paints_everything(make_view: MakeView) -> None:
    view = make_view(marked("[Ada](PERSON) went.\n" * 3, ("s0", "s1")))
    settle(view)
    painted = Painted(view)
    view.select("r0", reveal=False)
    settle(view)
    assert painted.region.contains(QRect(view.viewport().rect()))
