"""The public face of the view: selecting, moving by words, modes, what was seen, the map."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.model.annotation import Fragment
from annotator.ui.canvas.items import NOTHING, Article, Selection
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT
from tests.ui.canvas.articles import a_span, annotated, marked, prose, tokens_of
from tests.ui.canvas.conftest import MakeView

WRITTEN = "[President](ROLE) [Ada](PERSON) met Bob. She spoke with [Eve](PERSON) in a town.\nAnd then it ended there."


@pytest.fixture
def view(make_view: MakeView) -> ArticleView:
    return make_view(marked(WRITTEN, ("s1", "s0")))


def picture(view: ArticleView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def words_of(view: ArticleView) -> list[str]:
    return [view.scene.text[start:end] for start, end in view.selection.fragments]


def item_at(view: ArticleView, place: QPoint) -> str:
    hit = view.hit.at(QPointF(place))
    return hit.id if hit is not None else ""


def test_without_an_article_there_is_an_empty_page(make_view: MakeView) -> None:
    view = make_view()
    assert item_at(view, QPoint(300, 60)) == ""
    image = picture(view)
    assert {image.pixelColor(x, 100).name() for x in range(0, image.width(), 7)} == {LIGHT.page.name()}
    view.move_word_cursor("right")
    view.end()
    assert view.selection == NOTHING


def test_selecting_tells_once_and_an_unknown_id_selects_nothing(view: ArticleView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.selection_changed) as signal:
        view.select("s1")
    assert signal.args == [Selection("span", "s1", (Fragment(10, 13),))]
    with qtbot.assertNotEmitted(view.selection_changed):
        view.select("s1")
    view.select("r0")
    assert view.selection == Selection("relation", "r0")
    view.select("nobody")
    assert view.selection == NOTHING


def test_a_selected_span_follows_its_item_and_goes_with_it(view: ArticleView, qtbot: QtBot) -> None:
    view.select("s1")
    longer = replace(view.scene.index.spans["s1"], fragments=(Fragment(10, 17),))
    view.change_items(spans=[longer])
    assert words_of(view) == ["Ada met"]
    with qtbot.waitSignal(view.selection_changed) as signal:
        view.change_items(removed=["s1"])
    assert signal.args == [NOTHING]
    assert view.scene.index.relations_of("s0") == []


def test_the_word_cursor_goes_by_words_and_lines(view: ArticleView) -> None:
    found = []
    view.select("s1", reveal=False)
    for direction in ("right", "right", "left", "down", "up"):
        view.move_word_cursor(direction)
        found += words_of(view)
    assert found == ["met", "Bob", "met", "ended", "met"]


def test_the_word_cursor_extends_and_shrinks_a_selection(view: ArticleView) -> None:
    view.select_text((Fragment(14, 17),))
    for direction, words in (
        ("right", "met Bob"),
        ("right", "met Bob."),
        ("left", "met Bob"),
        ("left", "met"),
    ):
        view.move_word_cursor(direction, extend=True)  # type: ignore[arg-type]
        assert words_of(view) == [words]
    view.move_word_cursor("left", extend=True)
    assert words_of(view) == ["Ada met"]


def test_arrows_are_those_of_the_screen_in_right_to_left_text(make_view: MakeView) -> None:
    text = "ראש הממשלה אמר"
    view = make_view(Article(text, tokens_of(text)))
    view.select_text((Fragment(0, 3),))
    view.move_word_cursor("left")
    assert words_of(view) == ["הממשלה"]
    view.move_word_cursor("right")
    assert words_of(view) == ["ראש"]


def test_what_is_selected_low_or_above_comes_to_a_third_and_else_nothing_moves(make_view: MakeView) -> None:
    view = make_view(annotated(prose(60), spans=400, relations=0))
    height = view.viewport().height()
    spans = view.scene.article.spans
    view.select(spans[0].id)
    assert view.scroller.value == 0
    view.select(spans[150].id)
    assert abs(view.rect_of_text(spans[150].start).center().y() - height / 3) < 30
    before = view.scroller.value
    view.select(spans[152].id)
    assert view.scroller.value == before
    view.select(spans[2].id)
    assert view.rect_of(spans[2].id).top() >= 0


def test_pages_home_and_end(make_view: MakeView) -> None:
    view = make_view(annotated(prose(60), spans=100, relations=0))
    view.page(1)
    assert 500 < view.scroller.value < view.viewport().height()
    view.page(-1)
    assert view.scroller.value == 0
    view.end()
    assert view.visible_range()[1] == len(view.scene.text)
    view.home()
    assert view.visible_range()[0] == 0


def test_rejections_show_on_demand(view: ArticleView) -> None:
    rejected = a_span("x1", 14, 17, "GPE", state="rejected")
    view.change_items(spans=[rejected])
    assert view.rect_of("x1").isEmpty()
    view.set_show_rejected(True)
    assert not view.rect_of("x1").isEmpty()
    view.set_show_rejected(False)
    assert item_at(view, view.rect_of("s1").center()) == "s1"


def test_only_one_label_can_be_shown(view: ArticleView) -> None:
    view.set_only_labels(frozenset({"ROLE"}))
    assert not view.rect_of("s0").isEmpty()
    assert view.rect_of("s1").isEmpty()
    view.set_only_labels(frozenset())
    assert not view.rect_of("s1").isEmpty()


def test_scores_widen_tags_and_nothing_else(view: ArticleView) -> None:
    candidate = a_span("c", 14, 17, "GPE", state="candidate", score=0.52, doubtful=True)
    view.change_items(spans=[candidate])
    lines = view.scene.drawing(0).lines
    tag = view.scene.drawing(0).by_id["c"].tag
    assert tag is not None
    assert tag.words == "GPE ?"
    view.set_show_scores(True)
    tag = view.scene.drawing(0).by_id["c"].tag
    assert tag is not None
    assert tag.words == "GPE ? .52"
    assert view.scene.drawing(0).lines == lines


def test_plain_text_leaves_every_letter_where_it_is(view: ArticleView) -> None:
    lines = [box.baseline for box in view.scene.drawing(0).lines]
    annotated_picture = picture(view)
    view.set_plain(True)
    plain = picture(view)
    assert plain != annotated_picture
    tint = LIGHT.hues["blue"].tint.rgb()
    pixels = {plain.pixel(x, y) for y in range(plain.height()) for x in range(0, plain.width(), 2)}
    assert tint not in pixels
    assert [box.baseline for box in view.scene.drawing(0).lines] == lines
    view.set_plain(False)
    assert picture(view) == annotated_picture


def test_compact_spacing_has_no_tags_and_lower_lines(view: ArticleView) -> None:
    height = view.scene.drawing(0).height
    view.set_spacing("compact")
    drawing = view.scene.drawing(0)
    assert drawing.height < height * 0.7
    assert all(figure.tag is None for figure in drawing.spans)
    assert item_at(view, view.rect_of("s1").center()) == "s1"
    view.set_spacing("comfortable")
    assert view.scene.drawing(0).height == height


@pytest.mark.parametrize("theme", [LIGHT, DARK, HIGH_CONTRAST])
def test_a_theme_changes_colours_and_no_place(view: ArticleView, theme: object) -> None:
    rect = view.rect_of("s2")
    view.set_theme(theme)  # type: ignore[arg-type]
    assert view.rect_of("s2") == rect
    assert picture(view).pixelColor(3, 3) == theme.page  # type: ignore[attr-defined]


def test_hints_ring_partners_and_dim_the_rest(view: ArticleView) -> None:
    before = picture(view)
    view.set_hints({"s2": "D"}, "s1")
    hinted = picture(view)
    assert hinted != before
    accent = LIGHT.accent.rgb()
    rect = view.rect_of("s2").adjusted(-20, -4, 4, 4)
    inside = {
        hinted.pixel(x, y) for x in range(rect.left(), rect.right()) for y in range(rect.top(), rect.bottom())
    }
    assert accent in inside
    view.clear_hints()
    assert picture(view) == before


def test_letters_for_words_and_find_marks_come_and_go(view: ArticleView) -> None:
    before = picture(view)
    view.set_word_hints({(14, 17): "SD", (18, 21): "SF"})
    assert picture(view) != before
    view.clear_hints()
    view.set_find_marks([Fragment(14, 17)], 0)
    assert picture(view) != before
    view.set_find_marks([])
    assert picture(view) == before


def test_a_flash_lights_and_goes_out(view: ArticleView, qtbot: QtBot) -> None:
    before = picture(view)
    view.set_reduced_motion(True)
    view.flash("s2")
    assert picture(view) != before
    qtbot.waitUntil(lambda: view.state.flash == 0.0, timeout=2000)
    assert picture(view) == before


def test_spans_are_seen_when_they_were_on_screen_for_a_moment(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(annotated(prose(40), spans=200, relations=0))
    qtbot.waitUntil(lambda: len(view.seen_ids()) > 5, timeout=2000)
    _, high = view.visible_range()
    spans = view.scene.article.spans
    assert {item.id for item in spans if item.end <= high} <= view.seen_ids()
    assert spans[-1].id not in view.seen_ids()
    with qtbot.waitSignal(view.seen_changed):
        view.end()
    assert spans[-1].id in view.seen_ids()


def test_a_span_that_was_seen_stays_seen_when_it_is_accepted(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(annotated(prose(40), spans=200, relations=0))
    qtbot.waitUntil(lambda: len(view.seen_ids()) > 5, timeout=2000)
    view.end()
    first, last = view.scene.article.spans[0], view.scene.article.spans[199]
    view.change_items(removed=[first.id, last.id], spans=[replace(first, id="s1"), replace(last, id="s2")])
    assert "s1" in view.seen_ids()
    assert "s2" not in view.seen_ids()


def test_paragraphs_are_counted_from_one(view: ArticleView) -> None:
    assert view.paragraph_of(0) == 1
    assert view.paragraph_of(len(view.scene.text) - 1) == 2


def test_the_map_shows_undecided_spans_and_moves_the_text(make_view: MakeView, qapp: QApplication) -> None:
    article = annotated(prose(60), spans=40, relations=0)
    decided = tuple(replace(item, state="accepted") for item in article.spans)
    view = make_view(replace(article, spans=decided))
    assert view.bar.ticks() == []
    view.set_items((*decided[:-1], replace(decided[-1], state="candidate")), ())
    ticks = view.bar.ticks()
    assert len(ticks) == 1
    assert ticks[0] == pytest.approx(decided[-1].start / len(article.text) * view.bar.height(), abs=25)
    QTest.mouseClick(view.bar, Qt.MouseButton.LeftButton, pos=QPoint(7, view.bar.height() - 3))
    assert view.visible_range()[1] == len(article.text)
    QTest.mouseClick(view.bar, Qt.MouseButton.LeftButton, pos=QPoint(7, 2))
    assert view.scroller.value == 0


def test_the_map_marks_the_selection_in_the_accent(make_view: MakeView) -> None:
    view = make_view(annotated(prose(60), spans=40, relations=0))
    view.select(view.scene.article.spans[20].id)
    image = view.bar.grab().toImage()
    column = {image.pixelColor(3, y).name() for y in range(image.height())}
    assert QColor(LIGHT.accent).name() in column


def test_the_view_has_a_name_for_those_who_cannot_see_it(view: ArticleView) -> None:
    assert view.accessibleName() == "Article"
    assert view.accessibleDescription() == "3 spans, 1 relations"
    assert view.bar.accessibleName()


def test_an_article_that_is_no_longer_shown_is_let_go_at_once(
    make_view: MakeView, qapp: QApplication
) -> None:
    view = make_view(annotated(prose(20), spans=60, relations=20))
    view.viewport().repaint()
    shown = weakref.ref(view.scene)
    gc.disable()  # nothing may wait for it: what was read is frozen, and then never looked through
    try:
        view.set_article(marked("[Ada](PERSON) went."))
        qapp.processEvents()
        view.viewport().repaint()
        assert shown() is None
    finally:
        gc.enable()
