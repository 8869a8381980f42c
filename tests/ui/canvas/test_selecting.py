"""Whatever is selected, by mouse or by key, no character is cut, though the tokens may cut some."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.model.offsets import is_grapheme_border
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.navigation import Direction
from annotator.ui.canvas.view import ArticleView
from tests.ui.canvas.articles import a_span
from tests.ui.canvas.conftest import MakeView
from tests.ui.canvas.test_mouse import ALT, CONTROL, LEFT, NONE, SHIFT, drag

PARTS = (
    *("word", "a", "e\u0301", "👨‍👩‍👧‍👦", "👩🏽‍🚀", "🇺🇦", "𝔘", "क्ष", "ที่", "ﷺ", "שלום", "الله", "\u0301"),
    *(" ", " ", "\t", "\n", "\r\n", "\r\n", "\r"),
)
texts = st.lists(st.sampled_from(PARTS), min_size=1, max_size=24).map("".join)
places = st.tuples(st.integers(60, 460), st.integers(20, 260))
#: Of words, of characters (Alt), on from before (Shift), one more stretch (Ctrl).
keys = st.sampled_from((NONE, NONE, ALT, SHIFT, ALT | SHIFT, CONTROL))


DIRECTIONS: tuple[Direction, ...] = ("left", "right", "up", "down")


@pytest.fixture
def view(make_view: MakeView) -> ArticleView:
    return make_view(width=520, height=300)


def borders_of(data: st.DataObject, text: str) -> Tokens:
    """Cut a text anywhere at all, as a tokenizer that knows no graphemes might."""
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=12)) | {0, len(text)})
    return Tokens(cuts[:-1], cuts[1:], (0,))


def check(view: ArticleView, text: str) -> None:
    for start, end in view.selection.fragments:
        assert 0 <= start < end <= len(text)
        assert is_grapheme_border(text, start)
        assert is_grapheme_border(text, end)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, data=st.data())
def test_the_mouse_selects_whole_characters(text: str, data: st.DataObject, view: ArticleView) -> None:
    view.set_article(Article(text, borders_of(data, text)))
    for _ in range(4):
        start, stop = (QPoint(*data.draw(places)) for _ in range(2))
        view.mouse._since.stop()
        drag(view, start, stop, modifiers=data.draw(keys))
        check(view, text)
        QTest.mouseClick(view.viewport(), LEFT, SHIFT, stop)
        check(view, text)
        view.mouse._since.stop()
        for _ in range(data.draw(st.integers(2, 3))):  # a word, a sentence
            QTest.mouseClick(view.viewport(), LEFT, NONE, start)
        check(view, text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, data=st.data())
def test_keys_select_whole_characters(text: str, data: st.DataObject, view: ArticleView) -> None:
    tokens = borders_of(data, text)
    view.set_article(Article(text, tokens))
    for direction, extend in data.draw(
        st.lists(st.tuples(st.sampled_from(DIRECTIONS), st.booleans()), max_size=8)
    ):
        view.move_word_cursor(direction, extend=extend)
        check(view, text)
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        view.select_text((Fragment(start, end),))
        check(view, text)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, data=st.data())
def test_a_handle_stops_between_characters(text: str, data: st.DataObject, view: ArticleView) -> None:
    whole = [at for at in range(len(text) + 1) if is_grapheme_border(text, at)]
    start, end = sorted(data.draw(st.lists(st.sampled_from(whole), min_size=2, max_size=2, unique=True)))
    view.set_article(Article(text, borders_of(data, text), (a_span("s", start, end),)))
    view.select("s")
    found: list[tuple[Fragment, ...]] = []
    view.fragments_dragged.connect(lambda _, fragments: found.append(fragments))
    handle = view.rect_of("s")
    for side in (handle.bottomLeft(), handle.bottomRight()):
        drag(view, side, QPoint(*data.draw(places)), modifiers=data.draw(st.sampled_from((NONE, ALT))))
        view.select("s")
    for fragments in found:
        for start, end in fragments:
            assert is_grapheme_border(text, start)
            assert is_grapheme_border(text, end)
    view.fragments_dragged.disconnect()


def test_a_drag_by_words_takes_both_halves_of_what_a_tokenizer_cut(make_view: MakeView) -> None:
    text = "See 👨‍👩‍👧‍👦 and\r\n🇺🇦 now"
    family = text.index("👨"), text.index(" and")
    cuts = [0, 3, family[0], family[0] + 2, family[1], len(text)]
    view = make_view(Article(text, Tokens(cuts[:-1], cuts[1:], (0,))), width=600, height=200)
    left, right, *_ = next(box for box in view.scene.drawing(0).text.graphemes(0) if box[2] == family[0])
    y = view.scroller.top_of(0) + view.scene.drawing(0).lines[0].baseline - 4
    for modifiers in (NONE, ALT):
        view.mouse._since.stop()
        drag(
            view,
            QPoint(view.left + round(left) + 1, y),
            QPoint(view.left + round(right) - 1, y),
            modifiers=modifiers,
        )
        assert view.selection.fragments == (Fragment(*family),)
    assert [text[start:end] for start, end in pairwise(cuts)][2] == "👨\u200d"
