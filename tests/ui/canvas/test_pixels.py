"""Geometry held against pixels alone: Qt's own selection painter says where text is, nothing of ours does.

First comes whether there is anything to see: a box in place of a letter proves nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.model.offsets import grapheme_starts
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.view import ArticleView
from tests.ui.canvas.articles import a_span, whole_tokens
from tests.ui.canvas.conftest import MakeView
from tests.ui.canvas.oracle import Run, agree, changed_columns, joined, seen
from tests.ui.canvas.test_mouse import click

HARD = {
    "emoji": "Family 👨‍👩‍👧‍👦 and 👩🏽‍🚀 with 🇺🇦🇵🇱 flags, 🎉🎉 ❤️‍🔥 1️⃣ then 😀 end.",
    "astral letters": "Here 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 and 𝒜𝒷 shift what follows.",
    "arabic": "قال الرئيس فلاديمير بوتين إن المحادثات في Moscow ستبدأ يوم 12 مارس 2025 مع وفد أمريكي.",
    "arabic ligatures": "قال عبد الله إن الحمد لله على كل حال، والآن (لله) office of Allah ﷺ بِسْمِ اللَّهِ نعم.",
    "hebrew": "ראש הממשלה אמר כי ההסכם (מ-2025) עם Ukraine ייחתם בקרוב בירושלים. בְּרֵאשִׁית בָּרָא.",
    "mixed": "The word שלום means (peace), and مرحبا [hello] 12:30 follows in one line.",
    "mixed emoji": "شكرا 👨‍👩‍👧‍👦 جدا 🇺🇦🇵🇱 نعم 😀 و𝔘𝔫 هنا.",
    "chinese": "美国官员将前往俄罗斯讨论乌克兰停火问题，此前乌克兰当局同意为期三十天的停战。",
    "japanese and korean": "東京の漢字とカタカナ、ひらがな。한국어 문장과 각 글자.",
    "thai": "ภาษาไทยสวยงาม ที่นี่ เป็น ประเทศ น้ำ",
    "devanagari": "हिन्दी में क्षत्रिय शब्द और भारत।",
    "combining": "Combining: Amélie naïve Zȧ̊lgo, e\u0301te\u0301, off the flow of fjords.",
    "ligatures": "The office waffles, affixed with fluffy flax offices: ﬁn.",
    "tabs": "One\ttwo\tthree and\tfour.",
    "tabs right to left": "שלום\tעולם\t12 office\tסוף",
    "marks of direction": "\u200fabc\u200e דג \u2067abc (דג) 12\u2069 x \u202bdef\u202c end, a\u200bb z\u2060w.",
}
SIZES = (11, 17, 24, 40)
#: Letters of one glyph of which Qt paints parts elsewhere; such glyphs are judged as a whole.
ONE_GLYPH = ("ffi", "ffl", "لله", "للَّهِ", "لا", "لآ")
#: What the run at another ratio of pixels looks at.
ANOTHER_RATIO = "ratio or share or painted or 17 and (emoji or ligatures or mixed or devanagari)"
FONTS = "install fonts-noto-core, fonts-noto-cjk and fonts-noto-color-emoji (packaging/set_up.py does)"


@pytest.fixture(params=HARD)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_grapheme_has_a_glyph(name: str, make_view: MakeView) -> None:
    text = HARD[name]
    view = make_view(Article(text, whole_tokens(text)))
    checked = 0
    for start, end in graphemes(text):
        if text[start].isspace() or all(unicodedata.category(each) == "Cf" for each in text[start:end]):
            continue
        drawing = view.scene.drawing(0)
        units = drawing.text.units(start, end)
        line = drawing.text.lines[drawing.text.line_of(start)]
        glyphs = [glyph for run in line.qt.glyphRuns(*units) for glyph in run.glyphIndexes()]
        # Joiners and selectors of variants change their neighbours and may have none themselves.
        silent = sum(unicodedata.category(each) in ("Cf", "Mn") for each in text[start:end])
        boxes = glyphs.count(0)
        where = f"{text[start:end]!r} at {start} of {name!r} has no glyph: {FONTS}"
        assert len(glyphs) > boxes, where
        assert boxes <= silent, where
        checked += 1
    assert checked > 10


@pytest.mark.parametrize("size", SIZES)
def test_a_click_on_the_pixels_of_a_grapheme_finds_it(name: str, size: int, make_view: MakeView) -> None:
    text = HARD[name]
    borders = [*grapheme_starts(text), len(text)]
    view, first = shown(text, Tokens(borders[:-1], borders[1:]), size, make_view)
    checked = 0
    for index, (start, end) in enumerate(pairwise(borders)):
        if is_part_of_a_glyph(text, start):
            continue
        found = seen(view, first + start, first + end)
        if found is None:
            assert may_be_unseen(text, start), f"{text[start:end]!r} at {start}"
        else:
            click(view, found.middle)
            # With one token a grapheme, the token at which the word cursor stands tells what was clicked.
            assert view.word_cursor.anchor == index + 1, f"{text[start:end]!r} at {start}"
            checked += 1
    assert checked > len(borders) * 0.6


@pytest.mark.parametrize("size", SIZES)
def test_a_highlight_covers_the_pixels_of_its_graphemes(name: str, size: int, make_view: MakeView) -> None:
    text = HARD[name]
    tokens = whole_tokens(text)
    view, first = shown(text, tokens, size, make_view)
    # Words, their neighbours with them (which may lie on two lines or in several pieces), and graphemes.
    words = list(zip(tokens.starts, tokens.ends, strict=True))
    pairs = [(one[0], other[1]) for one, other in pairwise(words)]
    threes = [(one[0], other[1]) for one, other in zip(words, words[2:], strict=False)]
    single = [each for each in graphemes(text) if not is_part_of_a_glyph(text, each[0])]
    checked = 0
    for start, end in (*words, *pairs, *threes, *single):
        found = seen(view, first + start, first + end)
        if found is None:
            assert may_be_unseen(text, start), f"{text[start:end]!r} at {start}"
            continue
        drawing = view.scene.drawing(view.scene.blocks.at(first + start))
        ours = joined(drawing.text.pieces(first + start, first + end))
        assert agree(ours, found.runs), f"{text[start:end]!r} at {start}: {ours} is not {found.runs}"
        checked += 1
    assert checked > len(words)


@pytest.mark.parametrize("size", [11, 17])
def test_a_click_anywhere_on_a_word_finds_its_token(name: str, size: int, make_view: MakeView) -> None:
    text = HARD[name]
    tokens = whole_tokens(text)
    view, first = shown(text, tokens, size, make_view)
    checked = 0
    for index, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        found = seen(view, first + start, first + end)
        if found is None:
            assert may_be_unseen(text, start), f"{text[start:end]!r} at {start}"
            continue
        drawing = view.scene.drawing(view.scene.blocks.at(first + start))
        top = view.scroller.top_of(drawing.block)
        for line, left, right in ((line, *run) for line, runs in found.runs.items() for run in runs):
            for x in range(int(left) + 1, max(int(left) + 2, int(right) - 1), max(3, size // 5)):
                click(view, QPoint(view.left + x, top + drawing.lines[line].baseline - 4))
                assert view.word_cursor.anchor == index + 1, f"{text[start:end]!r} at {start}, pixel {x}"
                checked += 1
    assert checked >= len(tokens)


@pytest.mark.parametrize("name", ["emoji", "arabic", "hebrew", "mixed", "chinese", "devanagari", "ligatures"])
def test_what_is_painted_behind_a_word_lies_where_its_letters_are(name: str, make_view: MakeView) -> None:
    text = HARD[name]
    tokens = whole_tokens(text)
    view, first = shown(text, tokens, 17, make_view)
    view.set_plain(True)
    plain = picture(view)
    for start, end in list(zip(tokens.starts, tokens.ends, strict=True))[:9]:
        found = seen(view, first + start, first + end)
        assert found is not None
        view.set_plain(False)
        view.select(None)  # the word cursor may be drawn then
        bare = picture(view)
        view.set_items((a_span("s", first + start, first + end),), ())
        accepted = picture(view)
        view.set_items((), ())
        view.select_text((Fragment(first + start, first + end),), reveal=False)
        for before, painted in ((bare, accepted), (plain, picture(view))):
            assert agree(painted_runs(view, before, painted, first + start), found.runs), text[start:end]


def test_the_letters_of_a_glyph_share_it_in_the_order_of_reading(make_view: MakeView) -> None:
    for words, ligature, rightmost_first in (
        ("الحمد لله على", "لله", True),
        ("an office here", "ffi", False),
        ("a waffle here", "ffl", False),
        ("עם office כאן", "ffi", False),
    ):
        view = make_view(Article(words, whole_tokens(words)))
        start = words.index(ligature)
        found = seen(view, start, start + len(ligature))
        assert found is not None
        ((left, right),) = found.runs[0]
        text = view.scene.drawing(0).text
        boxes = [text.pieces(at, at + 1) for at in range(start, start + len(ligature))]
        assert all(len(pieces) == 1 for pieces in boxes)
        shares = [(pieces[0].left, pieces[0].right) for pieces in boxes]
        ordered = shares[::-1] if rightmost_first else shares
        assert ordered == sorted(shares)
        for number, (low, high) in enumerate(ordered):
            assert low == pytest.approx(left + (right - left) * number / len(shares), abs=1)
            assert high == pytest.approx(left + (right - left) * (number + 1) / len(shares), abs=1)


def test_a_latin_word_inside_arabic_is_one_piece_of_its_own_width(make_view: MakeView) -> None:
    text = HARD["arabic"]
    view = make_view(Article(text, whole_tokens(text)))
    start = text.index("Moscow")
    pieces = view.scene.drawing(0).text.pieces(start, start + 6)
    assert len(pieces) == 1
    assert pieces[0].right - pieces[0].left == pytest.approx(66, abs=4)


def test_a_stretch_that_cuts_a_grapheme_is_drawn_around_all_of_it(make_view: MakeView) -> None:
    text = "A 👨‍👩‍👧‍👦 e\u0301 🇺🇦 דג 👩🏽‍🚀 end"
    view = make_view(Article(text, whole_tokens(text)))
    block = view.scene.drawing(0).text
    for start, end in graphemes(text):
        for at in range(start, end):
            assert block.pieces(at, at + 1) == block.pieces(start, end), text[start:end]


@pytest.mark.slow
def test_all_of_this_holds_with_two_pixels_of_the_screen_to_one() -> None:
    factor = os.environ.get("QT_SCALE_FACTOR")
    if factor is not None:
        pytest.skip("this is the run at another ratio")
    # It is a run of its own, whichever process of pytest this one is.
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    again = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            ANOTHER_RATIO,
            __file__,
        ],
        env={**own, "QT_SCALE_FACTOR": "2"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stdout[-3000:]


@pytest.mark.skipif("QT_SCALE_FACTOR" not in os.environ, reason="the screen has the ratio it has")
def test_the_ratio_is_the_one_asked_for(make_view: MakeView) -> None:
    assert make_view().devicePixelRatioF() == float(os.environ["QT_SCALE_FACTOR"])


def graphemes(text: str) -> Iterator[tuple[int, int]]:
    return pairwise([*grapheme_starts(text), len(text)])


def shown(text: str, tokens: Tokens, size: int, make_view: MakeView) -> tuple[ArticleView, int]:
    """Show a text in a window so narrow that it wraps, after another paragraph; gives where it begins."""
    before = "Before.\n"
    first = len(before)
    moved = Tokens(
        [0, *(start + first for start in tokens.starts)], [6, *(end + first for end in tokens.ends)], (0,)
    )
    view = make_view(Article(before + text, moved), width=430 + size * 6, height=480)
    view.set_font_size(size)
    return view, first


def is_part_of_a_glyph(text: str, at: int) -> bool:
    """Tell whether a grapheme is one of several of one glyph."""
    return any(
        text[max(0, at - back) :].startswith(each)
        for each in ONE_GLYPH
        for back in range(len(each))
        if back <= at
    )


def may_be_unseen(text: str, at: int) -> bool:
    """Tell whether nothing may be painted for a grapheme: a blank where a line ends, marks, the alef of lam-alef."""
    return text[at] == " " or unicodedata.category(text[at]) == "Cf" or text[at - 1 : at + 1] in ("لا", "لآ")


def picture(view: ArticleView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def painted_runs(view: ArticleView, plain: QImage, painted: QImage, at: int) -> dict[int, list[Run]]:
    """Find what was painted behind the letters, as `Seen.runs`: columns that differ between two pictures."""
    drawing = view.scene.drawing(view.scene.blocks.at(at))
    top = view.scroller.top_of(drawing.block)
    metrics = view.scene.style.metrics
    runs = {}
    for index, line in enumerate(drawing.lines):
        high, low = line.highlight(metrics.ascent, metrics.descent)
        found = changed_columns(plain, painted, top=top + high + 4, bottom=top + low + 2)
        if found:
            runs[index] = [(left - view.left, right - view.left) for left, right in found]
    return runs
