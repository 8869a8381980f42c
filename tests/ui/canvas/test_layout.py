"""Blocks, lines and heights, without a widget where none is needed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.model.document import Tokens
from annotator.ui import fonts
from annotator.ui.canvas.heights import Heights
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.lanes import LANES, Lane, Lanes
from annotator.ui.canvas.layout import TextBlock
from annotator.ui.canvas.paragraphs import LONG, LONGEST_CUT, Blocks
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.style import SIDE_MARGIN, Metrics, Style
from annotator.ui.theme import LIGHT
from tests.ui.canvas.articles import annotated, prose, tokens_of
from tests.ui.canvas.test_pixels import HARD

NO_TOKENS = Tokens((), ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_every_kind_of_line_end_parts_paragraphs(end: str) -> None:
    blocks = Blocks(f"one{end}two", NO_TOKENS)
    assert list(zip(blocks.starts, blocks.ends, strict=True)) == [(0, 3), (3 + len(end), 6 + len(end))]
    assert blocks.numbers == [1, 2]


def test_blank_paragraphs_are_not_counted() -> None:
    blocks = Blocks("one\n\n \ntwo\n", NO_TOKENS)
    assert blocks.numbers == [1, 0, 0, 2, 0]
    assert blocks.number_at(4) == 1
    assert blocks.number_at(7) == 2


def test_a_line_end_belongs_to_the_paragraph_before_it() -> None:
    blocks = Blocks("one\r\ntwo", NO_TOKENS)
    assert [blocks.at(offset) for offset in range(8)] == [0, 0, 0, 0, 0, 1, 1, 1]


def test_a_long_paragraph_is_cut_where_words_begin() -> None:
    text = prose(1, words=2_000)
    assert len(text) > LONG
    blocks = Blocks(text, tokens_of(text))
    assert len(blocks) > 3
    assert all(end - start <= LONGEST_CUT for start, end in zip(blocks.starts, blocks.ends, strict=True))
    assert all(text[start - 1] == " " for start in blocks.starts[1:])
    assert "".join(text[a:b] for a, b in zip(blocks.starts, blocks.ends, strict=True)) == text
    assert blocks.opens == [True] + [False] * (len(blocks) - 1)
    assert set(blocks.numbers) == {1}


def test_a_long_paragraph_without_tokens_is_cut_between_graphemes() -> None:
    text = "e\u0301" * 4_000
    blocks = Blocks(text, NO_TOKENS)
    assert len(blocks) > 3
    assert all(text[start] == "e" for start in blocks.starts)


def test_a_long_paragraph_prefers_to_be_cut_between_sentences() -> None:
    text = " ".join(f"Sentence number {number} is neither long nor short at all." for number in range(120))
    blocks = Blocks(text, tokens_of(text))
    assert len(blocks) > 3
    assert all(text[start - 2] == "." for start in blocks.starts[1:])


def test_sums_of_heights_agree_with_adding_up() -> None:
    values = [(number * 37) % 91 + 1 for number in range(1_000)]
    heights = Heights(values.copy())
    for block in (0, 1, 127, 128, 500, 999):
        values[block] += 13
        assert heights.put(block, values[block]) == 13
    assert heights.total == sum(values)
    for block in (0, 5, 128, 700, 999):
        assert heights.top(block) == sum(values[:block])
        assert heights.find(sum(values[:block]) + values[block] - 1) == (block, values[block] - 1)


def test_a_control_character_or_half_a_pair_takes_one_place(qapp: QApplication, shipped_fonts: None) -> None:
    text = "a\x00b\ud800c\td"
    block = TextBlock(text, 100, font=fonts.serif(17), measure=400)
    assert [box[2] for box in block.graphemes(0)] == [100, 101, 102, 103, 104, 105, 106]


def test_astral_letters_move_nothing_behind_them(qapp: QApplication, shipped_fonts: None) -> None:
    plain = TextBlock("ab word", 0, font=fonts.serif(17), measure=400)
    astral = TextBlock("𝔘𝔘 word", 0, font=fonts.serif(17), measure=400)
    width = plain.pieces(3, 7)[0].right - plain.pieces(3, 7)[0].left
    assert astral.pieces(3, 7)[0].right - astral.pieces(3, 7)[0].left == pytest.approx(width, abs=0.2)
    assert astral.units(3, 7) == (5, 4)


def test_pieces_leave_out_the_blank_at_a_wrap(qapp: QApplication, shipped_fonts: None) -> None:
    text = "word " * 60
    block = TextBlock(text.strip(), 0, font=fonts.serif(17), measure=300)
    assert len(block.lines) > 2
    for piece in block.pieces(0, len(text) - 1):
        assert piece.right <= 300


def test_a_lane_holds_no_two_relations_beside_one_line_and_is_kept() -> None:
    lanes = Lanes()
    assert lanes.give("a", (0, 0), (0, 2), side=-1) == Lane(-1, 0)
    assert lanes.give("b", (0, 2), (0, 3), side=-1) == Lane(-1, 1)
    assert lanes.give("c", (0, 3), (1, 0), side=-1) == Lane(-1, 0)
    lanes.release("b")
    assert lanes.lane("a") == Lane(-1, 0)
    assert lanes.lane("c") == Lane(-1, 0)
    assert [key for key, *_ in lanes.crossing((0, 1), (0, 2))] == ["a"]
    assert sorted(key for key, *_ in lanes.crossing((0, 0), (9, 0))) == ["a", "c"]


@pytest.mark.parametrize("size", range(11, 41))
def test_all_lanes_fit_into_the_margin_at_every_size(size: int) -> None:
    metrics = Metrics(size, compact=False)
    assert 0 < metrics.wrap < metrics.lane_first
    assert metrics.lane_pitch >= 6
    assert metrics.lane_first + (LANES - 1) * metrics.lane_pitch <= SIDE_MARGIN


def test_lanes_run_out_on_one_side_then_on_both() -> None:
    lanes = Lanes()
    given = [lanes.give(str(number), (0, 0), (0, 5), side=1) for number in range(11)]
    assert [lane.side for lane in given[:5] if lane] == [1] * 5
    assert [lane.side for lane in given[5:10] if lane] == [-1] * 5
    assert given[10] is None
    assert lanes.given("10")


def test_the_next_estimated_height_is_looked_for_downwards_and_then_from_the_top() -> None:
    heights = Heights([10] * 5)
    heights.put(2, 12)
    heights.put(3, 10)
    assert [heights.next_estimated(first) for first in (0, 2, 4)] == [0, 4, 4]
    heights.put(4, 1)
    assert heights.next_estimated(2) == 0
    heights.put(0, 1)
    heights.put(1, 1)
    assert heights.next_estimated(0) is None
    heights.doubt(3)
    assert heights.next_estimated(0) == 3
    assert heights.total == 1 + 1 + 12 + 10 + 1
    heights.doubt_all()
    assert heights.next_estimated(1) == 1


SEEDS = sorted((Path(__file__).parents[3] / "seeds").glob("*.txt"))


@pytest.mark.parametrize("spacing", ["comfortable", "compact"])
@pytest.mark.parametrize("size", [11, 17, 40])
def test_estimated_heights_are_a_quarter_off_at_most(
    size: int, spacing: str, qapp: QApplication, shipped_fonts: None
) -> None:
    style = Style(LIGHT, size=size, compact=spacing == "compact")
    estimated = measured = 0
    for path in SEEDS:
        text = path.read_text(encoding="utf-8")
        article = annotated(text, spans=len(text) // 100, relations=len(text) // 350)
        scene = Scene(article, style, measure=round(75 * style.character))
        before = scene.heights.total
        assert not scene.measure_heights(0, lambda: True)
        assert 0.9 < before / scene.heights.total < 1.25
        estimated, measured = estimated + before, measured + scene.heights.total
    assert 0.95 < estimated / measured < 1.12


@pytest.mark.parametrize("name", ["chinese", "japanese and korean", "arabic", "thai", "devanagari"])
def test_estimated_heights_know_how_wide_a_script_is(
    name: str, qapp: QApplication, shipped_fonts: None
) -> None:
    text = "\n".join([HARD[name] * 9] * 12)
    scene = Scene(Article(text, tokens_of(text)), Style(LIGHT), measure=620)
    before = scene.heights.total
    scene.measure_heights(0, lambda: True)
    assert 0.85 < before / scene.heights.total < 1.35


@pytest.mark.parametrize("size", [11, 17, 24, 40])
@pytest.mark.parametrize("spacing", ["comfortable", "compact"])
def test_other_scripts_and_emoji_keep_the_pitch_of_lines(
    size: int, spacing: str, qapp: QApplication, shipped_fonts: None
) -> None:
    style = Style(LIGHT, size=size, compact=spacing == "compact")
    pitch = style.metrics.line_height()
    for name, words in HARD.items():
        text = ("Latin words before. " + words + " ") * 4
        drawing = Scene(Article(text, tokens_of(text)), style, measure=24 * size).drawing(0)
        baselines = [box.baseline for box in drawing.lines]
        assert len(baselines) > 3
        assert {low - high for high, low in pairwise(baselines)} == {pitch}, name
        for line, box in zip(drawing.text.lines, drawing.lines, strict=True):
            assert line.qt.y() + line.qt.ascent() == pytest.approx(box.baseline, abs=0.02)
