"""The word cursor: left and right are those of the screen, lines and pages, and what Shift selects."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF

from annotator.model.annotation import Fragment
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.navigation import Direction
from annotator.ui.canvas.view import ArticleView
from tests.ui.canvas.articles import marked, prose, tokens_of
from tests.ui.canvas.conftest import MakeView
from tests.ui.canvas.test_mouse import at, click, words_of

HEBREW = (
    "הממשלה אמרה היום כי ההסכם החדש ייחתם בקרוב בירושלים וכי השרים כולם יגיעו לטקס שייערך מחר בבוקר בשעה תשע"
)
MIXED = "The word שלום means peace and ראש ממשלה means prime minister in Hebrew 12 מרץ too"


def visited(view: ArticleView, direction: Direction, count: int) -> list[Fragment]:
    """Press a key so many times and list the words selected."""
    found = []
    for _ in range(count):
        view.move_word_cursor(direction)
        (fragment,) = view.selection.fragments
        found.append(fragment)
    return found


def center(view: ArticleView, place: Fragment) -> tuple[int, float]:
    """Give line and middle of a word."""
    piece = view.scene.text_block(0).pieces(*place)[0]
    return piece.line, (piece.left + piece.right) / 2


def test_left_goes_on_through_right_to_left_lines_and_right_comes_back(make_view: MakeView) -> None:
    tokens = tokens_of(HEBREW)
    view = make_view(Article(HEBREW, tokens), width=500)
    assert len(view.scene.text_block(0).lines) > 1
    words = [Fragment(*pair) for pair in zip(tokens.starts, tokens.ends, strict=True)]
    assert visited(view, "left", len(words)) == words
    assert visited(view, "right", len(words) - 1) == words[-2::-1]


def test_right_goes_to_the_right_of_the_screen_in_a_mixed_line(make_view: MakeView) -> None:
    tokens = tokens_of(MIXED)
    view = make_view(Article(MIXED, tokens))
    found = visited(view, "right", len(tokens))
    assert {each.start for each in found} == set(tokens.starts), "every word is reached"
    for (line, x), (next_line, next_x) in pairwise(center(view, place) for place in found):
        assert next_line > line or next_x > x


def test_the_cursor_leaves_a_mixed_selection_at_the_side_of_the_key(make_view: MakeView) -> None:
    view = make_view(Article(MIXED, tokens_of(MIXED)))
    start, end = MIXED.index("שלום"), MIXED.index("means") + 5
    view.select_text((Fragment(start, end),))
    view.move_word_cursor("right")
    assert words_of(view) == ["peace"]
    view.select_text((Fragment(start, end),))
    view.move_word_cursor("left")
    assert words_of(view) == ["word"]


def test_words_follow_over_the_end_of_a_line(make_view: MakeView) -> None:
    view = make_view(Article(text := prose(1), tokens_of(text)), width=500)
    line = view.scene.text_block(0).lines[0]
    click(view, at(view, text[line.start : line.end].split()[-1]))
    view.move_word_cursor("right")
    assert view.selection.fragments[0].start == line.end


def test_home_and_end_go_to_the_ends_of_the_line_and_shift_selects(make_view: MakeView) -> None:
    view = make_view(marked("One two three four.\nFive six."))
    click(view, at(view, "three"))
    view.move_word_cursor("line_start")
    assert words_of(view) == ["One"]
    view.move_word_cursor("line_end")
    assert words_of(view) == ["."]
    click(view, at(view, "two"))
    view.move_word_cursor("line_end", extend=True)
    assert words_of(view) == ["two three four."]
    view.move_word_cursor("line_start", extend=True)
    assert words_of(view) == ["One two"]


def test_home_is_where_reading_begins_in_a_right_to_left_line(make_view: MakeView) -> None:
    view = make_view(Article(HEBREW, tokens_of(HEBREW)), width=500)
    second = view.scene.text_block(0).lines[1]
    view.word_cursor.stand_at(second.end - 2)
    view.move_word_cursor("line_start")
    assert view.selection.fragments[0].start == second.start


@pytest.fixture
def long(make_view: MakeView) -> ArticleView:
    return make_view(Article(text := prose(60), tokens_of(text)), height=400)


def test_a_page_takes_the_cursor_along_at_its_place_on_the_screen(long: ArticleView) -> None:
    click(long, at(long, long.scene.text.split()[30]))
    before = long.word_cursor.place
    assert before is not None
    y = long.hit.line_rect(before.start).center().y()
    long.travel("page_down")
    after = long.word_cursor.place
    assert after is not None
    assert after.start > before.start + 300
    assert abs(long.hit.line_rect(after.start).center().y() - y) < 60
    assert long.selection.kind == "none", "paging selects nothing"
    long.travel("page_up")
    assert long.scroller.value == 0
    assert long.word_cursor.place is not None


def test_a_page_with_shift_selects_as_far(long: ArticleView) -> None:
    click(long, at(long, long.scene.text.split()[3]))
    start = long.scene.text.index(long.scene.text.split()[3])
    long.travel("page_down", extend=True)
    assert long.selection.fragments[0].start == start
    assert long.selection.fragments[0].end > start + 300
    long.travel("text_end", extend=True)
    assert long.selection.fragments == (Fragment(start, len(long.scene.text)),)
    long.travel("text_start", extend=True)
    assert long.selection.fragments[0].start == 0


def test_at_the_last_page_the_cursor_goes_to_the_last_word(long: ArticleView) -> None:
    long.travel("text_end")
    click(long, at(long, long.scene.text.split()[-9]))
    long.travel("page_down")
    assert long.word_cursor.focus == len(long.scene.tokens) - 1


def test_a_selected_span_stays_selected_when_pages_turn(make_view: MakeView) -> None:
    view = make_view(marked("[Ada](PERSON) began.\n" + prose(40)), height=400)
    view.select("s0")
    view.travel("page_down")
    assert view.selection.id == "s0"
    assert view.scroller.value > 0


def test_the_first_arrow_begins_where_one_looks(long: ArticleView) -> None:
    long.travel("page_down")
    assert long.word_cursor.place is None
    first, last = long.visible_range()
    long.move_word_cursor("right")
    assert first <= long.selection.fragments[0].start < last
    assert long.hit.nearest_offset(QPointF(0, 0)) > 0
