"""Geometry held against pixels alone: Qt's own selection painter says where a grapheme is, nothing of ours does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QTextCharFormat, QTextLayout

from annotator.model.offsets import grapheme_starts
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.view import ArticleView
from tests.ui.canvas.articles import tokens_of
from tests.ui.canvas.conftest import MakeView

HARD = {
    "emoji": "Family 👨‍👩‍👧‍👦 and 👩🏽‍🚀 with 🇺🇦🇵🇱 flags, 🎉🎉 then 😀 end.",
    "astral letters": "Here 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 and 𝒜𝒷 shift what follows.",
    "arabic": "قال الرئيس فلاديمير بوتين إن المحادثات في Moscow ستبدأ يوم 12 مارس 2025 مع وفد أمريكي.",
    "hebrew": "ראש הממשלה אמר כי ההסכם (מ-2025) עם Ukraine ייחתם בקרוב בירושלים.",
    "mixed": "The word שלום means (peace), and مرحبا [hello] 12:30 follows in one line.",
    "chinese": "美国官员将前往俄罗斯讨论乌克兰停火问题，此前乌克兰当局同意为期三十天的停战。",
    "thai": "ภาษาไทยสวยงาม ที่นี่ เป็น ประเทศ",
    "devanagari": "हिन्दी में क्षत्रिय शब्द और भारत।",
    # No ligature of three: Qt paints the selection of its middle letter in the wrong place, so it can't judge.
    "combining": "Combining: Amélie naïve Zȧ̊lgo, off the flow of fjords.",
    "tabs": "One\ttwo\tthree and\tfour.",
}
RED = QColor(255, 0, 0)


@pytest.mark.parametrize("name", HARD)
def test_a_click_on_the_pixels_of_a_grapheme_finds_it_and_its_box_covers_them(
    name: str, make_view: MakeView
) -> None:
    text = HARD[name]
    view = make_view(Article(text, tokens_of(text)))
    _skip_without_glyphs(view, name)
    borders = [*grapheme_starts(text), len(text)]
    checked = 0
    for start, end in pairwise(borders):
        found = _pixels(view, start, end)
        if found is None:
            continue
        line, left, right = found
        drawing = view.scene.drawing(0)
        middle = QPoint(
            view.left + round((left + right) / 2),
            view.scroller.top_of(0) + drawing.lines[line].baseline - 4,
        )
        where = f"{text[start:end]!r} at {start}"
        assert view.offset_at(middle) == start, where
        if not text[start].isspace():
            pieces = drawing.text.pieces(start, end)
            assert min(piece.left for piece in pieces) == pytest.approx(left, abs=2), where
            assert max(piece.right for piece in pieces) == pytest.approx(right, abs=2), where
        checked += 1
    assert checked > len(borders) * 0.9


@pytest.mark.parametrize("name", ["arabic", "hebrew", "mixed"])
def test_the_highlight_of_a_word_covers_the_pixels_of_its_letters(name: str, make_view: MakeView) -> None:
    text = HARD[name]
    view = make_view(Article(text, tokens_of(text)))
    _skip_without_glyphs(view, name)
    tokens = view.scene.tokens
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        found = _pixels(view, start, end)
        assert found is not None
        _, left, right = found
        pieces = view.scene.drawing(0).text.pieces(start, end)
        assert min(piece.left for piece in pieces) == pytest.approx(left, abs=2), text[start:end]
        assert max(piece.right for piece in pieces) == pytest.approx(right, abs=2), text[start:end]


def test_a_latin_word_inside_arabic_is_one_piece_of_its_own_width(make_view: MakeView) -> None:
    text = HARD["arabic"]
    view = make_view(Article(text, tokens_of(text)))
    start = text.index("Moscow")
    pieces = view.scene.drawing(0).text.pieces(start, start + 6)
    assert len(pieces) == 1
    assert pieces[0].right - pieces[0].left == pytest.approx(66, abs=4)


def _pixels(view: ArticleView, start: int, end: int) -> tuple[int, int, int] | None:
    """Let Qt select a stretch and find the red columns: line, first, last + 1; None where it paints nothing."""
    drawing = view.scene.drawing(0)
    first, length = drawing.text.units(start, end)
    selected = QTextLayout.FormatRange()
    selected.start, selected.length = first, length
    look = QTextCharFormat()
    look.setBackground(QBrush(RED))
    look.setForeground(QBrush(RED))
    selected.format = look
    image = QImage(view.scene.measure + 40, drawing.height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    drawing.text._qt.draw(painter, QPointF(0, 0), [selected])
    painter.end()
    for index, line in enumerate(drawing.lines):
        # Neighbours reach over a border here and there, so several rows are looked at.
        rows = [line.baseline - y for y in (12, 8, 4, 1, -3)]
        red = [x for x in range(image.width()) if any(image.pixelColor(x, y) == RED for y in rows)]
        if red:
            return index, red[0], red[-1] + 1
    return None


def _skip_without_glyphs(view: ArticleView, name: str) -> None:
    """Skip where a script has no font: a box looks like any other, so it would prove nothing."""
    for line in view.scene.drawing(0).text.lines:
        for run in line.qt.glyphRuns():
            if 0 in run.glyphIndexes() and "\t" not in HARD[name]:
                pytest.skip(f"no installed font has all of {name}: fonts-noto-core, -cjk and -color-emoji do")
