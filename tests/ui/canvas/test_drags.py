"""Drags of edges, fragments and ends of relations, and what a press means where several things lie."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from annotator.model.annotation import Fragment, fragments_of
from annotator.ui.canvas.items import Article, Selection
from annotator.ui.canvas.overlay import span_handles
from annotator.ui.canvas.view import ArticleView
from tests.ui.canvas.articles import a_span, marked, prose, tokens_of
from tests.ui.canvas.conftest import MakeView
from tests.ui.canvas.test_mouse import (
    ALT,
    CONTROL,
    LEFT,
    NONE,
    SHIFT,
    WRITTEN,
    _handle,
    _move,
    _wheel,
    at,
    click,
    drag,
    hover,
    place_of,
    words_of,
)

FINE = CONTROL | SHIFT
FLOWERS = "red and white roses or lilies grow here, and nobody minds that they do"


@pytest.fixture
def view(make_view: MakeView) -> ArticleView:
    return make_view(marked(WRITTEN, ("s1", "s0"), ("s1", "s2")))


@pytest.fixture
def flowers(make_view: MakeView) -> ArticleView:
    """Give a view with one span of two fragments selected: `red` and `roses`."""
    two = (Fragment(0, 3), Fragment(14, 19))
    view = make_view(Article(FLOWERS, tokens_of(FLOWERS), (a_span("s", 0, 3, fragments=two),)))
    view.select("s")
    return view


def foot_of(view: ArticleView, relation: str, end: str, block: int = 0) -> QPoint:
    """Give where a relation's end can be taken."""
    for connector in view.scene.drawing(block).connectors:
        foot = connector.foot("head" if end == "head" else "child")
        if connector.relation.id == relation and foot is not None:
            return QPoint(view.left + round(foot.x), view.scroller.top_of(block) + round(foot.y) - 4)
    raise AssertionError(relation)


# ---------------------------------------------------------------------- fragments


def test_control_drag_adds_a_fragment_to_the_selected_span(view: ArticleView, qtbot: QtBot) -> None:
    view.select("s2")
    with qtbot.waitSignal(view.fragments_dragged) as signal:
        drag(view, at(view, "happened"), at(view, "while"), modifiers=CONTROL)
    text = view.scene.text
    bob, happened = text.index("Bob"), text.index("happened")
    assert signal.args == ["s2", (Fragment(bob, bob + 3), Fragment(happened, text.index("while") + 5))]
    assert view.selection.id == "s2"
    assert _shown(view) is None


def test_a_fragment_is_shown_while_it_is_dragged_and_escape_leaves_the_span(
    view: ArticleView, qtbot: QtBot
) -> None:
    view.select("s2")
    drag(view, at(view, "happened"), at(view, "while"), modifiers=CONTROL, drop=False)
    assert _shown(view) is not None
    with qtbot.assertNotEmitted(view.fragments_dragged):
        QTest.keyClick(view, Qt.Key.Key_Escape)
        QTest.mouseRelease(view.viewport(), LEFT, CONTROL, at(view, "while"))
    assert _shown(view) is None
    assert view.selection.id == "s2"


def test_control_click_adds_a_word_and_takes_a_fragment_away(flowers: ArticleView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(flowers.fragments_dragged) as signal:
        click(flowers, at(flowers, "lilies"), CONTROL)
    assert signal.args == ["s", (Fragment(0, 3), Fragment(14, 19), Fragment(23, 29))]
    with qtbot.waitSignal(flowers.fragments_dragged) as signal:
        click(flowers, at(flowers, "roses"), CONTROL)
    assert signal.args == ["s", (Fragment(0, 3),)]


def test_the_only_fragment_of_a_span_stays(view: ArticleView, qtbot: QtBot) -> None:
    view.select("s2")
    with qtbot.assertNotEmitted(view.fragments_dragged):
        click(view, at(view, "Bob"), CONTROL)
    assert view.selection.id == "s2"


def test_control_click_adds_words_to_selected_text_and_takes_them_away(view: ArticleView) -> None:
    drag(view, at(view, "nothing"), at(view, "nothing") + QPoint(12, 0))
    click(view, at(view, "while"), CONTROL)
    assert words_of(view) == ["nothing", "while"]
    click(view, at(view, "nothing"), CONTROL)
    assert words_of(view) == ["while"]
    click(view, at(view, "while"), CONTROL)
    assert view.selection.kind == "none"


def test_every_fragment_has_two_handles_and_an_inner_edge_is_dragged(
    flowers: ArticleView, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(flowers.fragments_dragged) as signal:
        drag(flowers, _handle(flowers, "s", "right", 0), at(flowers, "and"))
    assert signal.args == ["s", (Fragment(0, 7), Fragment(14, 19))]
    with qtbot.waitSignal(flowers.fragments_dragged) as signal:
        drag(flowers, _handle(flowers, "s", "left", 1), at(flowers, "white"))
    assert signal.args == ["s", (Fragment(0, 3), Fragment(8, 19))]
    with qtbot.waitSignal(flowers.fragments_dragged) as signal:
        drag(flowers, _handle(flowers, "s", "right", 1), at(flowers, "lilies"))
    assert signal.args == ["s", (Fragment(0, 3), Fragment(14, 29))]


def test_an_inner_edge_never_crosses_its_neighbour(flowers: ArticleView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(flowers.fragments_dragged) as signal:
        drag(flowers, _handle(flowers, "s", "right", 0), at(flowers, "nobody"))
    assert signal.args == ["s", (Fragment(0, 19),)]
    with qtbot.waitSignal(flowers.fragments_dragged) as signal:
        drag(flowers, _handle(flowers, "s", "left", 1), place_of(flowers, 0))
    assert signal.args == ["s", (Fragment(0, 19),)]
    with qtbot.assertNotEmitted(flowers.fragments_dragged):
        drag(flowers, _handle(flowers, "s", "right", 1), at(flowers, "red"))


# ---------------------------------------------------------------------- handles


def test_handles_have_room_for_a_finger(flowers: ArticleView) -> None:
    (drawing, top), *_ = flowers.scroller.visible()
    for handle in span_handles(drawing, drawing.by_id["s"], flowers.scene.style.metrics):
        center = QPointF(flowers.left, top) + handle.center
        for x in (-11.5, 0, 11.5):
            for y in (-11.5, 0, 11.5):
                found = flowers.hit.handle_at(center + QPointF(x, y), "s")
                assert found is not None
                assert (found.fragment == handle.fragment and found.side == handle.side) or x


def test_a_tag_that_lies_nearer_keeps_its_place_beside_a_handle(make_view: MakeView) -> None:
    first = "In the beginning nothing much happened to anybody at all who lived near the [sea](GPE), "
    view = make_view(marked(first * 3))
    index = view.scene.index.spans
    drawing = view.scene.drawing(0)
    tag = drawing.by_id["s1"].tag
    assert tag is not None
    assert drawing.text.line_of(index["s1"].start) > 0
    # A span right above the tag: its handle's square reaches into the tag.
    above = drawing.text.offset_at(drawing.text.line_of(index["s1"].start) - 1, tag.box.center().x())
    word = view.scene.tokens.snap(above, above + 1)
    assert word is not None
    view.change_items(spans=[a_span("up", *word)])
    view.select("up")
    drawing = view.scene.drawing(0)
    tag = drawing.by_id["s1"].tag
    assert tag is not None
    origin = QPointF(view.left, view.scroller.top_of(0))
    handles = span_handles(drawing, drawing.by_id["up"], view.scene.style.metrics)
    for handle in handles:
        assert view.hit.handle_at(origin + handle.center, "up") == handle
    assert view.hit.handle_at(origin + tag.box.center(), "up") is None


def test_a_click_on_a_handle_keeps_the_span(view: ArticleView) -> None:
    view.select("s2")
    click(view, _handle(view, "s2", "right") + QPoint(4, 3))
    assert view.selection.id == "s2"


@pytest.mark.parametrize("modifiers", [ALT, FINE])
def test_a_handle_goes_by_characters(view: ArticleView, qtbot: QtBot, modifiers: Qt.KeyboardModifier) -> None:
    view.select("s1")
    start = view.scene.text.index("Ada")
    with qtbot.waitSignal(view.fragments_dragged) as signal:
        drag(
            view, _handle(view, "s1", "right"), place_of(view, start + 8) - QPoint(3, 0), modifiers=modifiers
        )
    assert signal.args == ["s1", (Fragment(start, start + 8),)]
    with qtbot.waitSignal(view.fragments_dragged) as signal:
        drag(view, _handle(view, "s1", "left"), at(view, "people"), modifiers=modifiers)
    assert signal.args == ["s1", (Fragment(start + 11, start + 12),)]


def test_control_and_shift_select_text_by_characters(view: ArticleView) -> None:
    start = view.scene.text.index("happened")
    drag(
        view,
        place_of(view, start + 2) - QPoint(3, 0),
        place_of(view, start + 5) - QPoint(3, 0),
        modifiers=FINE,
    )
    assert words_of(view) == ["ppe"]


def test_the_tooltip_of_a_handle_says_how_it_goes_by_characters(view: ArticleView) -> None:
    view.select("s1")
    place = _handle(view, "s1", "right")
    event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), event)
    assert "Alt" in QToolTip.text()
    assert "Ctrl and Shift" in QToolTip.text()
    QToolTip.hideText()


# ---------------------------------------------------------------------- edges of the window


@pytest.fixture
def long(make_view: MakeView) -> ArticleView:
    written = "[Ada](PERSON) met [Bob](PERSON) one day.\n" + prose(60) + "\nSo did [Eve](PERSON)."
    return make_view(marked(written, ("s0", "s1"), ("s0", "s2")), height=400)


def test_a_drag_scrolls_in_a_band_inside_the_edge(long: ArticleView, qtbot: QtBot) -> None:
    drag(long, place_of(long, 5), QPoint(300, 200), QPoint(300, 390), drop=False)
    qtbot.waitUntil(lambda: long.scroller.value > 60, timeout=3000)
    QTest.mouseRelease(long.viewport(), LEFT, NONE, QPoint(300, 390))
    value = long.scroller.value
    qtbot.wait(60)
    assert long.scroller.value == value
    drag(long, QPoint(300, 200), QPoint(300, 150), QPoint(300, 6), drop=False)
    qtbot.waitUntil(lambda: long.scroller.value < value - 20, timeout=3000)
    QTest.mouseRelease(long.viewport(), LEFT, NONE, QPoint(300, 6))


def test_a_drag_that_begins_in_the_band_scrolls_only_after_it_left_it(
    long: ArticleView, qtbot: QtBot
) -> None:
    drag(long, QPoint(200, 385), QPoint(300, 385), drop=False)
    qtbot.wait(80)
    assert long.scroller.value == 0
    QTest.mouseRelease(long.viewport(), LEFT, NONE, QPoint(300, 385))


def test_dragging_a_handle_and_an_end_scrolls_too(long: ArticleView, qtbot: QtBot) -> None:
    span = long.scene.article.spans[0]
    long.select(span.id)
    drag(long, _handle(long, span.id, "right"), QPoint(300, 200), QPoint(300, 460), drop=False)
    qtbot.waitUntil(lambda: long.scroller.value > 100, timeout=3000)
    preview = long.state.preview
    assert preview is not None
    assert preview[1][-1].end > span.end + 100
    QTest.keyClick(long, Qt.Key.Key_Escape)
    long.home()
    drag(long, foot_of(long, "r0", "child"), QPoint(300, 200), QPoint(300, 460), drop=False)
    rubber = long.state.rubber
    assert rubber is not None
    before = rubber.start
    qtbot.waitUntil(lambda: long.scroller.value > 20, timeout=3000)
    QTest.keyClick(long, Qt.Key.Key_Escape)
    assert long.state.rubber is None
    assert before.y() > 0


# ---------------------------------------------------------------------- ends of relations


def test_only_legal_spans_take_an_end(view: ArticleView, qtbot: QtBot) -> None:
    asked: list[tuple[str, str]] = []

    def legal(relation: str, end: str) -> Collection[str]:
        asked.append((relation, end))
        return {"s2"}

    view.legal_ends = legal
    drag(view, foot_of(view, "r0", "child"), at(view, "Bob"), drop=False)
    assert asked == [("r0", "child")]
    assert view.state.hints == {"s2": ""}
    assert view.state.hint_source == "s1"
    with qtbot.waitSignal(view.relation_dropped) as signal:
        QTest.mouseRelease(view.viewport(), LEFT, NONE, at(view, "Bob"))
    assert signal.args == ["r0", "child", "s2"]
    assert not view.state.is_hinting
    view.legal_ends = lambda _relation, _end: ()
    with qtbot.assertNotEmitted(view.relation_dropped):
        drag(view, foot_of(view, "r0", "child"), at(view, "Bob"))


def test_dropping_an_end_where_it_was_or_escape_changes_nothing(view: ArticleView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.relation_dropped):
        drag(view, foot_of(view, "r0", "child"), at(view, "Bob"), at(view, "President"))
        drag(view, foot_of(view, "r0", "child"), at(view, "Bob"), drop=False)
        QTest.keyClick(view, Qt.Key.Key_Escape)
        QTest.mouseRelease(view.viewport(), LEFT, NONE, at(view, "Bob"))
    assert view.state.rubber is None
    assert not view.state.is_hinting


def test_the_fixed_end_of_the_arc_stays_with_its_span_when_the_wheel_turns(long: ArticleView) -> None:
    drag(long, foot_of(long, "r0", "child"), QPoint(300, 200), drop=False)
    before = long.state.rubber
    assert before is not None
    value = long.scroller.value
    _wheel(long, -120, NONE)
    after = long.state.rubber
    assert after is not None
    assert after.start.y() == before.start.y() - (long.scroller.value - value)
    assert after.end == before.end
    QTest.keyClick(long, Qt.Key.Key_Escape)


def test_a_relation_that_goes_meanwhile_ends_its_drag(view: ArticleView, qtbot: QtBot) -> None:
    drag(view, foot_of(view, "r0", "child"), at(view, "people"), drop=False)
    view.change_items(removed=["r0"])
    with qtbot.assertNotEmitted(view.relation_dropped):
        _move(view, at(view, "Bob"), NONE)
        QTest.mouseRelease(view.viewport(), LEFT, NONE, at(view, "Bob"))
    assert _rubber(view) is None
    assert not view.state.is_hinting


def test_a_chip_is_dragged_at_its_foot_and_as_its_far_end(long: ArticleView, qtbot: QtBot) -> None:
    second = long.scene.article.spans[1]
    chip = next(each for each in long.scene.drawing(0).connectors if each.relation.id == "r1")
    assert chip.kind == "chip"
    center = chip.box.center().toPoint() + QPoint(long.left, long.scroller.top_of(0))
    target = place_of(long, second.start)
    with qtbot.waitSignal(long.relation_dropped) as signal:
        drag(long, center, target)
    assert signal.args == ["r1", "child", second.id]
    with qtbot.waitSignal(long.relation_dropped) as signal:
        drag(long, foot_of(long, "r1", "head"), target)
    assert signal.args == ["r1", "head", second.id]


def test_an_arc_follows_the_pointer_while_a_partner_is_picked(view: ArticleView) -> None:
    view.set_hints({"s2": "S"}, "s1")
    hover(view, at(view, "people"))
    rubber = view.state.rubber
    assert rubber is not None
    assert rubber.target == ""
    assert rubber.start == view.hit.span_place("s1")
    hover(view, at(view, "Bob"))
    assert view.state.rubber is not None
    assert view.state.rubber.target == "s2"
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    assert _rubber(view) is None
    hover(view, at(view, "Bob"))
    view.clear_hints()
    assert _rubber(view) is None


# ---------------------------------------------------------------------- what a press means


def test_the_pointer_has_the_shape_of_what_a_press_would_do(view: ArticleView) -> None:
    shapes = Qt.CursorShape
    tag = view.scene.drawing(0).by_id["s1"].tag
    assert tag is not None
    view.select("s2")
    for place, shape in (
        (tag.box.center().toPoint() + QPoint(view.left, view.scroller.top_of(0)), shapes.PointingHandCursor),
        (at(view, "people"), shapes.IBeamCursor),
        (at(view, "Lovelace"), shapes.IBeamCursor),
        (_handle(view, "s2", "left"), shapes.SizeHorCursor),
        (QPoint(4, 300), shapes.ArrowCursor),
    ):
        hover(view, place)
        assert view.viewport().cursor().shape() == shape


def test_a_tag_has_priority_over_the_words_of_another_span(make_view: MakeView) -> None:
    text = "one two three four"
    inner = a_span("inner", 4, 7, "GPE")
    view = make_view(Article(text, tokens_of(text), (inner, a_span("outer", 0, 18))))
    drawing = view.scene.drawing(0)
    tag = drawing.by_id["outer"].tag
    assert tag is not None
    place = tag.box.center().toPoint() + QPoint(view.left, view.scroller.top_of(0))
    hover(view, place)
    assert view.state.hovered == "outer"
    click(view, place)
    click(view, place)
    assert view.selection.id == "outer", "a click on a tag means its span however often"


def test_alt_click_goes_outward(make_view: MakeView) -> None:
    text = "one two three four five"
    view = make_view(Article(text, tokens_of(text), (a_span("outer", 0, 23), a_span("inner", 8, 13, "GPE"))))
    click(view, at(view, "three"), ALT)
    click(view, at(view, "three"), ALT)
    assert view.selection.id == "outer"


def test_double_and_triple_clicks_on_a_spans_words_select_text(view: ArticleView) -> None:
    place = at(view, "Lovelace")
    QTest.mouseClick(view.viewport(), LEFT, NONE, place)
    assert view.selection.id == "s1"
    QTest.mouseDClick(view.viewport(), LEFT, NONE, place)
    assert words_of(view) == ["Lovelace"]
    QTest.mouseClick(view.viewport(), LEFT, NONE, place)
    assert words_of(view) == ["Yesterday President Ada Lovelace met people."]


def test_shift_click_extends_from_a_selected_span_both_ways(view: ArticleView) -> None:
    click(view, at(view, "Bob"))
    click(view, at(view, "town"), SHIFT)
    assert words_of(view) == ["Bob in a town"]
    click(view, at(view, "Lovelace"))
    click(view, at(view, "Yesterday"), SHIFT)
    assert words_of(view) == ["Yesterday President Ada Lovelace"]


def test_a_word_clicked_is_framed_and_a_selection_is_not(view: ArticleView) -> None:
    start = view.scene.text.index("happened")
    plain = view.viewport().grab().toImage()
    click(view, at(view, "happened"))
    framed = view.viewport().grab().toImage()
    assert view.state.cursor == Fragment(start, start + 8)
    assert view.selection.kind == "none"
    assert framed != plain
    view.select("s1")
    view.viewport().grab()
    assert view.state.cursor is None


def test_fragments_of_text_chosen_by_the_mouse_go_on_by_keys(view: ArticleView) -> None:
    drag(view, at(view, "nothing"), at(view, "happened"))
    drag(view, at(view, "while"), at(view, "that"), modifiers=CONTROL)
    view.move_word_cursor("right", extend=True)
    assert words_of(view) == ["nothing happened", "while, and that was"]
    assert view.selection == Selection("text", "", fragments_of(*view.selection.fragments))


def _shown(view: ArticleView) -> object:
    return view.state.preview


def _rubber(view: ArticleView) -> object:
    return view.state.rubber


def test_moving_without_a_button_never_drags(view: ArticleView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.text_selected):
        _move(view, at(view, "people"), NONE)
    assert view.selection.kind == "none"
