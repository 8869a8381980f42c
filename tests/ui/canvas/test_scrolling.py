"""The text stands still: blits equal repaints, nothing drifts, the end is reached, an edited line stays."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from annotator.ui.canvas.view import ArticleView
from tests.ui.canvas.articles import a_relation, a_span, annotated, marked, prose
from tests.ui.canvas.conftest import MakeView


@pytest.fixture
def long_view(make_view: MakeView) -> ArticleView:
    return make_view(annotated(prose(120), spans=900, relations=250))


def picture(view: ArticleView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def first_lines(view: ArticleView) -> dict[int, int]:
    return view.baselines()


def test_a_blit_equals_a_repaint(long_view: ArticleView, qapp: QApplication) -> None:
    chance = random.Random(1)
    middle = long_view.scene.article.spans[400]
    long_view.select(middle.id)
    qapp.processEvents()
    for _ in range(16):
        long_view.scroll_by(chance.choice((-90, -41, 7, 33, 60)))
        qapp.processEvents()
    # What is on the screen now was blitted together; `grab` would paint anew.
    shown = long_view.screen().grabWindow(long_view.winId()).toImage()
    viewport = long_view.viewport().geometry()
    shown = shown.copy(viewport).convertToFormat(QImage.Format.Format_RGB32)
    painted = picture(long_view)
    if shown.isNull() or shown.size() != painted.size():
        pytest.skip("this platform gives no picture of the screen")
    # What is cut by the window's edge is smoothed a little otherwise than what is whole.
    inside = painted.rect().adjusted(0, 2, 0, -2)
    assert shown.copy(inside) == painted.copy(inside)


def test_nothing_drifts_going_up_through_text_never_laid_out(long_view: ArticleView) -> None:
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


def test_the_end_is_the_end(long_view: ArticleView) -> None:
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
