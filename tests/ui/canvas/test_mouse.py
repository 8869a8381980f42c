"""What a hand does: clicks, drags, wheels; each through real events."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from annotator.model.annotation import Fragment
from annotator.ui.canvas.items import Article, Selection
from annotator.ui.canvas.overlay import span_handles
from annotator.ui.canvas.view import ArticleView
from tests.ui.canvas.articles import a_relation, a_span, annotated, marked, prose, tokens_of
from tests.ui.canvas.conftest import MakeView

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

WRITTEN = (
    "Yesterday [President](ROLE) [Ada Lovelace](PERSON) met people. She spoke with [Bob](PERSON) in a town.\n"
    "Then nothing happened for a while, and that was that."
)


def place_of(view: ArticleView, offset: int) -> QPoint:
    """Give the middle of the grapheme at a code point in the viewport."""
    block = view.scene.blocks.at(offset)
    drawing = view.scene.drawing(block)
    line = drawing.text.line_of(offset)
    left, right, *_ = next(box for box in drawing.text.graphemes(line) if box[2] <= offset < box[3])
    y = view.scroller.top_of(block) + drawing.lines[line].baseline - 4
    return QPoint(view.left + round((left + right) / 2), y)


def at(view: ArticleView, words: str) -> QPoint:
    """Give the place of the second letter of some words."""
    return place_of(view, view.scene.text.index(words) + 1)


def drag(
    view: ArticleView, start: QPoint, *stops: QPoint, modifiers: Qt.KeyboardModifier = NONE, drop: bool = True
) -> None:
    """Press, move and (unless told otherwise) let go."""
    viewport = view.viewport()
    QTest.mousePress(viewport, LEFT, modifiers, start)
    for stop in stops:
        _move(view, QPoint((start.x() + stop.x()) // 2, stop.y()), modifiers)
        _move(view, stop, modifiers)
    if drop:
        QTest.mouseRelease(viewport, LEFT, modifiers, stops[-1])


def _move(view: ArticleView, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    where = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, view.viewport().mapToGlobal(where), LEFT, LEFT, modifiers
    )
    QApplication.sendEvent(view.viewport(), event)


def click(view: ArticleView, place: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Click once, never as part of a double click."""
    view.mouse._since.stop()
    QTest.mouseClick(view.viewport(), LEFT, modifiers, place)


@pytest.fixture
def view(make_view: MakeView) -> ArticleView:
    return make_view(marked(WRITTEN, ("s1", "s0"), ("s1", "s2")))


def words_of(view: ArticleView) -> list[str]:
    return [view.scene.text[start:end] for start, end in view.selection.fragments]


def test_a_click_on_words_selects_their_span(view: ArticleView, qtbot: QtBot) -> None:
    with (
        qtbot.waitSignal(view.selection_changed) as changed,
        qtbot.waitSignal(view.item_activated) as activated,
    ):
        click(view, at(view, "Lovelace"))
    start = view.scene.text.index("Ada")
    assert view.selection == Selection("span", "s1", (Fragment(start, start + 12),))
    assert changed.args == [view.selection]
    assert activated.args == ["s1"]


def test_a_click_on_a_tag_selects_its_span(view: ArticleView) -> None:
    tag = view.scene.drawing(0).by_id["s2"].tag
    assert tag is not None
    click(view, tag.box.center().toPoint() + QPoint(view.left, view.scroller.top_of(0)))
    assert view.selection.id == "s2"


def test_a_click_beside_everything_selects_nothing(view: ArticleView) -> None:
    view.select("s1")
    found: list[object] = []
    view.selection_changed.connect(lambda _: found.append(view.word_cursor.selected()))
    click(view, at(view, "happened"))
    assert view.selection.kind == "none"
    start = view.scene.text.index("happened")
    assert found == [(Fragment(start, start + 8),)]


def test_clicks_go_from_the_innermost_span_outward_and_round(make_view: MakeView) -> None:
    text = "one two three four five"
    spans = (
        a_span("outer", 0, 23),
        a_span("inner", 8, 13, "GPE"),
        a_span("middle", 4, 18, "ORG"),
    )
    view = make_view(Article(text, tokens_of(text), spans))
    found = []
    for _ in range(4):
        click(view, at(view, "three"))
        found.append(view.selection.id)
    assert found == ["inner", "middle", "outer", "inner"]


def test_a_click_on_an_arc_selects_the_relation(view: ArticleView) -> None:
    arc = next(each for each in view.scene.drawing(0).connectors if each.relation.id == "r1")
    y = view.scroller.top_of(0) + round(arc.run_y)
    assert arc.kind == "arc"
    click(view, QPoint(view.left + round(arc.feet[0].x + arc.feet[1].x) // 2, y))
    assert view.selection == Selection("relation", "r1")


def test_dragging_selects_whole_words(view: ArticleView, qtbot: QtBot) -> None:
    start, end = at(view, "happened"), at(view, "while")
    with qtbot.waitSignal(view.text_selected) as signal:
        drag(view, start, end)
    assert words_of(view) == ["happened for a while"]
    assert signal.args == [view.selection.fragments]


def test_dragging_backwards_selects_the_same(view: ArticleView) -> None:
    drag(view, at(view, "while"), at(view, "happened"))
    assert words_of(view) == ["happened for a while"]


def test_dragging_from_a_span_selects_text_and_leaves_the_span(view: ArticleView) -> None:
    drag(view, at(view, "Lovelace"), at(view, "people"))
    assert words_of(view) == ["Lovelace met people"]


def test_alt_selects_characters_but_never_half_of_one(make_view: MakeView) -> None:
    text = "ab👩🏽‍🚀cd e\u0301fg"
    view = make_view(Article(text, tokens_of(text)))
    drag(view, place_of(view, 1) - QPoint(3, 0), place_of(view, 3), modifiers=ALT)
    start, end = view.selection.fragments[0]
    assert (start, end) in {(1, 6), (1, 2)}
    drag(view, place_of(view, 9) - QPoint(3, 0), place_of(view, 12), modifiers=ALT)
    assert view.selection.fragments[0].start == 9
    assert text[view.selection.fragments[0].end - 1] != "e"


def test_a_double_click_selects_a_word_and_a_triple_click_a_sentence(view: ArticleView) -> None:
    place = at(view, "spoke")
    QTest.mouseClick(view.viewport(), LEFT, NONE, place)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, place)
    assert words_of(view) == ["spoke"]
    QTest.mouseClick(view.viewport(), LEFT, NONE, place)
    assert words_of(view) == ["She spoke with Bob in a town."]


def test_shift_click_extends_from_the_word_clicked_before(view: ArticleView) -> None:
    click(view, at(view, "happened"))
    click(view, at(view, "while"), SHIFT)
    assert words_of(view) == ["happened for a while"]
    click(view, at(view, "Then"), SHIFT)
    assert words_of(view) == ["Then nothing happened for a while"]


def test_control_drag_adds_a_fragment(view: ArticleView) -> None:
    drag(view, at(view, "nothing"), at(view, "happened"))
    drag(view, at(view, "while"), at(view, "that"), modifiers=CONTROL)
    assert words_of(view) == ["nothing happened", "while, and that"]


def test_dragging_a_handle_tells_the_new_fragments_and_changes_nothing(
    view: ArticleView, qtbot: QtBot
) -> None:
    view.select("s2")
    handle = _handle(view, "s2", "right")
    with qtbot.waitSignal(view.fragments_dragged) as signal:
        drag(view, handle, at(view, "town"))
    text = view.scene.text
    assert signal.args == ["s2", (Fragment(text.index("Bob"), text.index("town") + 4),)]
    assert view.state.preview is None
    assert view.scene.index.spans["s2"].fragments == (Fragment(text.index("Bob"), text.index("Bob") + 3),)


def test_a_handle_never_crosses_the_other_edge(view: ArticleView, qtbot: QtBot) -> None:
    view.select("s1")
    with qtbot.waitSignal(view.fragments_dragged) as signal:
        drag(view, _handle(view, "s1", "right"), at(view, "Yesterday"))
    start = view.scene.text.index("Ada")
    assert signal.args == ["s1", (Fragment(start, start + 3),)]
    with qtbot.waitSignal(view.fragments_dragged) as signal:
        drag(view, _handle(view, "s1", "left"), at(view, "people"))
    assert signal.args == ["s1", (Fragment(start + 4, start + 12),)]


def test_escape_cancels_the_drag_of_a_handle(view: ArticleView, qtbot: QtBot) -> None:
    view.select("s2")
    drag(view, _handle(view, "s2", "right"), at(view, "town"), drop=False)
    previewed = view.state.preview
    assert previewed is not None
    with qtbot.assertNotEmitted(view.fragments_dragged):
        QTest.keyClick(view, Qt.Key.Key_Escape)
        QTest.mouseRelease(view.viewport(), LEFT, NONE, at(view, "town"))
    assert _preview(view) is None
    assert view.selection.id == "s2"


def test_escape_without_a_drag_is_left_to_the_window(view: ArticleView) -> None:
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_A, Qt.Key.Key_Tab, Qt.Key.Key_PageDown):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NONE)
        QApplication.sendEvent(view, event)
        assert not event.isAccepted()
    assert view.scroller.y == 20


def test_dropping_the_end_of_a_relation_on_a_span_tells_where(view: ArticleView, qtbot: QtBot) -> None:
    arc = next(each for each in view.scene.drawing(0).connectors if each.relation.id == "r0")
    foot = arc.foot("child")
    assert foot is not None
    start = QPoint(view.left + round(foot.x), view.scroller.top_of(0) + round(foot.y) - 4)
    with qtbot.waitSignal(view.relation_dropped) as signal:
        drag(view, start, at(view, "Bob"))
    assert signal.args == ["r0", "child", "s2"]


def test_of_two_ends_side_by_side_the_nearer_is_dragged(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(
        marked("[Kremlin](ORG) and the [spokesman](ROLE) or [Peskov](PERSON)", ("s1", "s0"), ("s2", "s1"))
    )
    for relation, end in (("r0", "head"), ("r1", "child")):
        arc = next(each for each in view.scene.drawing(0).connectors if each.relation.id == relation)
        foot = arc.foot("head" if end == "head" else "child")
        assert foot is not None
        start = QPoint(view.left + round(foot.x), view.scroller.top_of(0) + round(foot.y) - 4)
        target = "Peskov" if relation == "r0" else "Kremlin"
        with qtbot.waitSignal(view.relation_dropped) as signal:
            drag(view, start, at(view, target))
        assert signal.args == [relation, end, "s2" if relation == "r0" else "s0"]


def test_dropping_the_end_of_a_relation_beside_all_spans_tells_nothing(
    view: ArticleView, qtbot: QtBot
) -> None:
    arc = next(each for each in view.scene.drawing(0).connectors if each.relation.id == "r0")
    foot = arc.foot("child")
    assert foot is not None
    start = QPoint(view.left + round(foot.x), view.scroller.top_of(0) + round(foot.y) - 4)
    with qtbot.assertNotEmitted(view.relation_dropped):
        drag(view, start, at(view, "people"))
    assert view.state.rubber is None


def test_a_chip_jumps_to_the_far_end_and_says_so_first(make_view: MakeView, qtbot: QtBot) -> None:
    article = annotated(prose(60), spans=300, relations=0)
    first, last = article.spans[2], article.spans[-2]
    article.relations = (a_relation("far", first.id, last.id),)
    view = make_view(article)
    chip = next(each for each in view.scene.drawing(view.scene.index.home(first)).connectors)
    assert chip.kind == "chip"
    top = view.scroller.top_of(view.scene.index.home(first))
    places: list[int] = []
    view.jumped.connect(lambda _: places.append(view.top_offset()))
    with qtbot.waitSignal(view.jumped) as signal:
        click(view, chip.box.center().toPoint() + QPoint(view.left, top))
    assert signal.args == [last.id]
    assert places == [0]
    assert 0 < view.rect_of(last.id).center().y() < view.viewport().height()
    assert view.selection == Selection("relation", "far")
    assert view.state.flashed == last.id


def test_hovering_over_a_chip_quotes_its_far_partner(make_view: MakeView) -> None:
    written = "[Ada](PERSON) began.\n" + "Nothing.\n" * 5 + "It was [Bob](PERSON) who ended."
    view = make_view(marked(written, ("s0", "s1")))
    chip = view.scene.drawing(0).connectors[0]
    place = chip.box.center() + QPointF(view.left, view.scroller.top_of(0))
    assert view.hit.tooltip_at(place) == "… It was Bob who ended. …"


def hover(view: ArticleView, place: QPoint) -> None:
    """Move the mouse over a place without the real pointer, which on a screen may stand there already."""
    spot = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        spot,
        view.viewport().mapToGlobal(spot),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        NONE,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_hovering_lights_an_item_and_leaving_puts_it_out(view: ArticleView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.hovered) as signal:
        hover(view, at(view, "Lovelace"))
    assert signal.args == ["s1"]
    with qtbot.waitSignal(view.hovered) as signal:
        QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    assert signal.args == [""]


def test_dragging_beyond_the_edge_scrolls_and_selects_on(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(annotated(prose(60), spans=10, relations=0), height=400)
    start = place_of(view, 5)
    drag(view, start, QPoint(300, 460), drop=False)
    qtbot.waitUntil(lambda: view.scroller.value > 200, timeout=3000)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, QPoint(300, 460))
    assert view.selection.fragments[0].end > 600
    value = view.scroller.value
    qtbot.wait(60)
    assert view.scroller.value == value


def test_the_wheel_scrolls_and_with_control_zooms(view: ArticleView, qtbot: QtBot) -> None:
    view.resize(900, 120)
    _wheel(view, -120, NONE)
    assert view.scroller.value > 0
    with qtbot.waitSignal(view.font_size_changed) as signal:
        _wheel(view, 120, CONTROL)
    assert signal.args == [18]
    assert view.scene.style.metrics.size == 18


def test_the_context_menu_is_asked_for_at_the_item_under_it(view: ArticleView, qtbot: QtBot) -> None:
    place = at(view, "Bob")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
    with qtbot.waitSignal(view.context_requested) as signal:
        QApplication.sendEvent(view.viewport(), event)
    assert signal.args == ["s2", view.viewport().mapToGlobal(place)]
    assert view.selection.id == "s2"


def test_a_tooltip_says_what_the_item_says(view: ArticleView) -> None:
    item = replace(view.scene.index.spans["s2"], tooltip="PERSON, accepted")
    view.change_items(spans=[item])
    place = at(view, "Bob")
    help_event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), help_event)
    assert QToolTip.text() == "PERSON, accepted"
    view.change_items(spans=[replace(item, tooltip="a <b>bold</b> claim\nabout it")])
    QApplication.sendEvent(view.viewport(), help_event)
    assert "a &lt;b&gt;bold&lt;/b&gt; claim" in QToolTip.text(), "words of a text are shown as they stand"
    assert "about it" in QToolTip.text()
    QToolTip.hideText()


def _preview(view: ArticleView) -> object:
    return view.state.preview


def _handle(view: ArticleView, span: str, side: str, fragment: int = 0) -> QPoint:
    drawing = view.scene.drawing(view.scene.index.home(view.scene.index.spans[span]))
    handles = span_handles(drawing, drawing.by_id[span], view.scene.style.metrics)
    place = next(each.center for each in handles if (each.side, each.fragment) == (side, fragment))
    return (place + QPointF(view.left, view.scroller.top_of(drawing.block) + 2)).toPoint()


def _wheel(view: ArticleView, turn: int, modifiers: Qt.KeyboardModifier) -> None:
    place = QPointF(200, 60)
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)
