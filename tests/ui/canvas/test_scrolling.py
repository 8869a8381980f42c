"""The text stands still: blits equal repaints, nothing drifts, the end is reached, an edited line stays."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.model.annotation import Fragment
from annotator.ui.canvas.scene import KEPT
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT, Theme
from tests.ui.canvas.articles import a_relation, a_span, annotated, marked, prose
from tests.ui.canvas.conftest import MakeView
from tests.ui.canvas.test_pixels import HARD
from tests.ui.driving import let_live


@pytest.fixture
def long_view(make_view: MakeView) -> ArticleView:
    return make_view(annotated(prose(120), spans=900, relations=250))


def picture(view: ArticleView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def first_lines(view: ArticleView) -> dict[int, int]:
    return view.baselines()


def on_screen(view: ArticleView) -> QImage:
    """Take what the screen shows, put together from blits; `grab` would paint anew."""
    shown = view.screen().grabWindow(view.winId()).toImage()
    ratio = shown.devicePixelRatio()
    area = view.viewport().geometry()
    area = QRect(*(round(each * ratio) for each in (area.x(), area.y(), area.width(), area.height())))
    return shown.copy(area).convertToFormat(QImage.Format.Format_RGB32)


def settled_screen(view: ArticleView) -> QImage:
    """Take what the screen shows once it stands still: the last strip may be painted a little later.

    Other tests have windows on the same screen; this one comes before them.
    """
    view.window().raise_()
    before = QImage()
    for _ in range(40):
        let_live(30)
        shown = on_screen(view)
        if shown == before:
            break
        before = shown
    return before


def check_blits(view: ArticleView, application: QApplication, *, seed: int = 1, pause: int = 0) -> None:
    """Scroll a little many times and compare what was blitted together with what is painted in one go."""
    chance = random.Random(seed)
    for _ in range(10):
        view.scroll_by(chance.choice((-90, -41, 7, 33, 60)))
        application.processEvents()
        if pause:
            let_live(pause)
    check_screen(view)


def check_screen(view: ArticleView) -> None:
    """Compare what the screen shows with what is painted in one go."""
    shown, painted = settled_screen(view), picture(view)
    assert shown.size() == painted.size()
    # What is cut by the window's edge is smoothed a little otherwise than what is whole.
    inside = painted.rect().adjusted(0, 2, 0, -2)
    shown, painted = shown.copy(inside), painted.copy(inside)
    # At other text sizes lengths are no whole pixels, and an edge may be rounded otherwise by what nobody sees.
    if view.font_size == 17 or shown == painted:
        assert shown == painted
    else:
        both = zip(bytes(shown.constBits()), bytes(painted.constBits()), strict=True)
        apart = [abs(one - other) for one, other in both if one != other]
        assert max(apart) <= 2
        assert len(apart) <= 60


def _visible_spans(view: ArticleView) -> list[str]:
    low, high = view.visible_range()
    return [item.id for item in view.scene.article.spans if low <= item.start < high]


def _hint(view: ArticleView) -> None:
    spans = _visible_spans(view)
    view.set_hints(dict(zip(spans[1:9], "DFGHJKLS", strict=False)), spans[0])


def _mark(view: ArticleView) -> None:
    view.set_find_marks([Fragment(start, start + 5) for start in range(0, len(view.scene.text) - 9, 160)], 9)


def _hover_relation(view: ArticleView) -> None:
    seen = set(_visible_spans(view))
    relations = view.scene.article.relations
    view.set_hovered(next(each.id for each in relations if each.head in seen and each.child in seen))


def _flash(view: ArticleView) -> None:
    view.state.flashed, view.state.flash = _visible_spans(view)[3], 0.6
    view.refresh()


def _select_text(view: ArticleView) -> None:
    low, high = view.visible_range()
    view.select_text((Fragment(low + 40, low + 300), Fragment(high - 90, high)), reveal=False)


LOOKS: dict[str, Callable[[ArticleView], None]] = {
    "a span selected": lambda view: view.select(_visible_spans(view)[5]),
    "text selected": _select_text,
    "partners ringed": _hint,
    "letters on words": lambda view: view.set_word_hints({(f.start, f.end): "DF" for f in _words(view)}),
    "found places marked": _mark,
    "a span hovered": lambda view: view.set_hovered(_visible_spans(view)[4]),
    "a relation hovered": _hover_relation,
    "a flash": _flash,
    "compact": lambda view: view.set_spacing("compact"),
    "scores": lambda view: view.set_show_scores(True),
    "plain": lambda view: view.set_plain(True),
}


def _words(view: ArticleView) -> list[Fragment]:
    return [view.scene.index.spans[span].fragments[0] for span in _visible_spans(view)[::3]]


@pytest.mark.parametrize("look", LOOKS)
def test_a_blit_equals_a_repaint(look: str, long_view: ArticleView, qapp: QApplication) -> None:
    long_view.scroll_to(9_000)
    LOOKS[look](long_view)
    qapp.processEvents()
    check_blits(long_view, qapp)


@pytest.mark.parametrize(
    ("theme", "size"), [(DARK, 17), (HIGH_CONTRAST, 17), (LIGHT, 11), (HIGH_CONTRAST, 24), (DARK, 40)]
)
def test_a_blit_equals_a_repaint_in_every_theme_and_size(
    theme: Theme, size: int, long_view: ArticleView, qapp: QApplication
) -> None:
    long_view.set_theme(theme)
    long_view.set_font_size(size)
    long_view.scroll_to(9_000)
    long_view.select(_visible_spans(long_view)[1], reveal=False)
    _mark(long_view)
    qapp.processEvents()
    check_blits(long_view, qapp, seed=size)


@pytest.mark.parametrize("name", ["arabic", "mixed", "emoji", "chinese"])
def test_a_blit_equals_a_repaint_in_other_scripts(name: str, make_view: MakeView, qapp: QApplication) -> None:
    view = make_view(annotated("\n".join([HARD[name]] * 30), spans=90, relations=30), height=420)
    view.scroll_by(400)
    check_blits(view, qapp)


def test_a_blit_equals_a_repaint_where_rails_come_in_after_a_rest(
    long_view: ArticleView, qapp: QApplication
) -> None:
    assert any(
        each.kind == "rail" for block in range(40) for each in long_view.scene.drawing(block).connectors
    )
    long_view.scroll_to(16_000)
    qapp.processEvents()
    # In every rest the pages around are laid out, and relations that run through the window may be among them.
    check_blits(long_view, qapp, pause=90)


@pytest.mark.parametrize("size", [11, 17, 24, 40])
def test_nothing_drifts_going_up_through_text_never_laid_out(size: int, long_view: ArticleView) -> None:
    long_view.set_font_size(size)
    long_view.end()
    for _ in range(300):
        before = first_lines(long_view)
        long_view.scroll_by(-37)
        after = first_lines(long_view)
        if long_view.scroller.value == 0:
            break
        kept = before.keys() & after.keys()
        assert kept
        assert {after[offset] - before[offset] for offset in kept} == {37}


@pytest.mark.parametrize("size", [11, 17, 40])
def test_the_end_is_the_end(size: int, long_view: ArticleView) -> None:
    long_view.set_font_size(size)
    long_view.end()
    drawing, top = list(long_view.scroller.visible())[-1]
    assert drawing.block == len(long_view.scene.blocks) - 1
    assert top + drawing.height <= long_view.viewport().height()
    bar = long_view.verticalScrollBar()
    assert bar.value() == bar.maximum()


def test_the_scroll_bar_reaches_both_ends(long_view: ArticleView) -> None:
    bar = long_view.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert list(long_view.scroller.visible())[-1][0].block == len(long_view.scene.blocks) - 1
    bar.setValue(0)
    assert (long_view.scroller.block, long_view.scroller.y) == (0, 20)


def test_a_far_jump_and_back_lands_on_the_same_line(long_view: ArticleView) -> None:
    long_view.scroll_to(9_000)
    rect = long_view.rect_of_text(9_000)
    long_view.scroll_to(20_000)
    long_view.scroll_to(9_000)
    assert long_view.rect_of_text(9_000) == rect
    assert abs(rect.center().y() - long_view.viewport().height() / 3) < 30


def test_an_article_shorter_than_the_window_does_not_scroll(make_view: MakeView) -> None:
    view = make_view(marked("[Ada](PERSON) met [Bob](PERSON)."))
    view.scroll_by(500)
    view.end()
    view.page(1)
    assert (view.scroller.block, view.scroller.y) == (0, 20)


def test_a_label_edit_keeps_the_baseline_of_its_line(long_view: ArticleView) -> None:
    long_view.scroll_to(9_000)
    article = long_view.scene.article
    spans, relations = list(article.spans), list(article.relations)
    low, high = long_view.visible_range()
    checked = 0
    for index, item in enumerate(spans):
        if low <= item.start < high:
            drawing = long_view.scene.drawing(long_view.scene.index.home(item))
            line = drawing.text.lines[drawing.text.line_of(item.start)]
            before = long_view.baselines().get(line.start)
            if before is None:  # pushed out by the lines that grew above
                continue
            checked += 1
            spans[index] = replace(item, label="AVERYLONGLABEL", shown="AVERYLONGLABEL" * 3)
            relations.append(a_relation(f"new{index}", item.id, spans[index + 1].id))
            long_view.set_items(tuple(spans), tuple(relations))
            assert long_view.baselines()[line.start] == before
    assert checked > 5


def test_a_growing_line_above_the_window_moves_nothing(long_view: ArticleView) -> None:
    long_view.scroll_to(9_000)
    before = long_view.baselines()
    article = long_view.scene.article
    first = article.spans[:6]
    extra = tuple(a_relation(f"n{index}", first[0].id, other.id) for index, other in enumerate(first[1:]))
    long_view.set_items(article.spans, (*article.relations, *extra))
    assert long_view.baselines() == before


def test_only_touched_paragraphs_are_composed_again(long_view: ArticleView) -> None:
    scene = long_view.scene
    drawings = [scene.drawing(block) for block in range(30)]
    article = scene.article
    item = next(item for item in article.spans if scene.index.home(item) == 7)
    far = {
        scene.index.home(scene.index.spans[relation.other(item.id)])
        for relation in article.relations
        if item.id in (relation.head, relation.child)
    }
    changed = tuple(replace(each, label="DATE") if each is item else each for each in article.spans)
    long_view.set_items(changed, article.relations)
    again = {block for block in range(30) if scene.drawing(block) is not drawings[block]}
    assert 7 in again
    assert again <= {7} | far
    assert scene.drawing(7).text is drawings[7].text


def test_equal_items_touch_nothing(long_view: ArticleView) -> None:
    scene = long_view.scene
    drawings = [scene.drawing(block) for block in range(30)]
    article = scene.article
    copies = tuple(replace(item) for item in article.spans)
    assert copies[0] is not article.spans[0]
    long_view.set_items(copies, article.relations)
    assert all(scene.drawing(block) is drawings[block] for block in range(30))


def test_changing_a_few_items_ends_as_handing_over_all(make_view: MakeView) -> None:
    article = annotated(prose(12), spans=80, relations=20)
    one, other = make_view(article), make_view(article)
    gone = article.spans[3].id
    new = a_span("new", *article.spans[10].fragments[0], "ORG")
    rest = tuple(item for item in article.spans if item.id != gone)
    kept = tuple(each for each in article.relations if gone not in (each.head, each.child))
    dropped = [each.id for each in article.relations if gone in (each.head, each.child)]
    one.set_items((*rest, new), kept)
    other.change_items(removed=[gone, *dropped], spans=[new])
    assert picture(one) == picture(other)


def test_zooming_keeps_the_line_under_the_pointer(long_view: ArticleView) -> None:
    long_view.scroll_to(9_000)
    line, y = next((o, y) for o, y in long_view.baselines().items() if y >= 300)
    long_view.zoom_at(300, 22)
    drawing = long_view.scene.drawing(long_view.scene.blocks.at(line))
    box = drawing.lines[drawing.text.line_of(line)]
    assert long_view.scroller.top_of(drawing.block) + box.baseline == y
    assert long_view.font_size == 22


@pytest.mark.parametrize("width", [960, 760, 600, 420, 260])
def test_the_text_is_never_cut(width: int, make_view: MakeView) -> None:
    view = make_view(annotated(prose(6), spans=30, relations=10), width=width)
    assert view.left >= 56
    assert view.left + view.scene.measure + 56 <= view.viewport().width() + 1
    for drawing, _ in view.scroller.visible():
        assert all(line.right <= view.scene.measure + 1 for line in drawing.text.lines)


def test_a_narrow_window_steps_the_measure_down(make_view: MakeView) -> None:
    view = make_view(annotated(prose(6), spans=30, relations=10), width=900)
    character = view.scene.style.character
    found = []
    for width in (900, 760, 700, 630):
        view.resize(width, 700)
        found.append(round(view.scene.measure / character))
    assert found == [75, 67, 59, 51]


def settled(view: ArticleView) -> bool:
    return view.scene.heights.next_estimated(0) is None


def test_heights_become_known_at_rest_and_nothing_moves(long_view: ArticleView, qtbot: QtBot) -> None:
    long_view.scroll_to(9_000)
    anchor, baselines, before = long_view.top_offset(), long_view.baselines(), picture(long_view)
    assert not settled(long_view)
    scrolled: list[None] = []
    long_view.scrolled.connect(lambda: scrolled.append(None))
    qtbot.waitUntil(lambda: settled(long_view), timeout=20_000)
    assert (long_view.top_offset(), long_view.baselines(), scrolled) == (anchor, baselines, [])
    assert picture(long_view) == before
    scene, bar = long_view.scene, long_view.verticalScrollBar()
    total = sum(scene.drawing(block).height for block in range(len(scene.blocks)))
    assert scene.heights.total == total
    assert (bar.value(), bar.maximum()) == (long_view.scroller.value, long_view.scroller.maximum)
    place = sum(scene.heights[block] for block in range(long_view.scroller.block))
    assert long_view.scroller.value == place + 20 - long_view.scroller.y


def test_measuring_keeps_nothing_laid_out(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(annotated(prose(700, words=8), spans=900, relations=200))
    qtbot.waitUntil(lambda: settled(view), timeout=20_000)
    composed = [block for block in range(len(view.scene.blocks)) if view.scene.composed(block) is not None]
    assert 5 < len(composed) < 100
    assert composed[0] == 0


def test_the_bar_is_left_alone_while_somebody_holds_it(long_view: ArticleView) -> None:
    bar = long_view.verticalScrollBar()
    bar.setSliderDown(True)
    before = bar.maximum()
    let_live(250)
    assert not settled(long_view)
    assert bar.maximum() == before
    bar.setSliderDown(False)


def test_what_changes_off_screen_is_measured_again(long_view: ArticleView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: settled(long_view), timeout=20_000)
    article = long_view.scene.article
    last = article.spans[-1]
    others = tuple(a_span(f"n{number}", last.start, last.end, "ORG") for number in range(6))
    long_view.change_items(spans=others)
    assert not settled(long_view)
    qtbot.waitUntil(lambda: settled(long_view), timeout=20_000)
    scene = long_view.scene
    block = scene.index.home(last)
    assert scene.composed(block) is None
    assert scene.heights[block] == scene.drawing(block).height


def test_no_more_blocks_than_said_are_kept(make_view: MakeView) -> None:
    view = make_view(annotated(prose(600, words=8), spans=700, relations=200))
    scene = view.scene
    for block in range(len(scene.blocks)):
        scene.drawing(block)
        assert len(scene._texts) <= KEPT + 1
        assert scene._drawings.keys() <= scene._texts.keys()
    last = len(scene.blocks) - 1
    assert all(scene.composed(block) is not None for block in range(last - KEPT // 2, last + 1))
    assert scene.composed(0) is None


@pytest.mark.parametrize("direction", [1, -1])
def test_no_words_fall_between_two_pages(long_view: ArticleView, direction: int) -> None:
    """Lines with many arcs are taller than what stays of a page; their words are on one of the two."""
    if direction < 0:
        long_view.end()
    seen = [long_view.visible_range()]
    while len(seen) < 2 or seen[-1] != seen[-2]:
        long_view.page(direction)
        seen.append(long_view.visible_range())
    seen.sort()
    assert all(later[0] <= earlier[1] + 1 for earlier, later in pairwise(seen))
    assert (seen[0][0], seen[-1][1]) == (0, len(long_view.scene.text))
