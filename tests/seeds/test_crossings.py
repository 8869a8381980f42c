"""How many lines of relations cross in the sample articles, and that the counter sees what an eye would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from annotator.ui import fonts
from annotator.ui.canvas.items import Article
from tests.seeds import crossings
from tests.seeds.crossings import Drawn
from tests.ui.canvas.articles import marked

CEILINGS = {75: 2, 51: 2}
"""Blemishes in all articles by characters a line; these may only fall."""


@pytest.fixture(autouse=True)
def _fonts(qapp: QApplication) -> Iterator[None]:
    fonts.load(hinting=QFont.HintingPreference.PreferNoHinting)
    yield
    fonts.load()


@pytest.mark.parametrize("characters", CEILINGS)
def test_the_sample_articles_have_no_more_crossings_than_before(characters: int) -> None:
    counts = {
        name: crossings.count(article, characters=characters)
        for name, article in crossings.articles().items()
    }
    assert sum(each.total for each in counts.values()) <= CEILINGS[characters], counts


def test_every_relation_of_the_samples_is_drawn() -> None:
    for article in crossings.articles().values():
        assert article.relations
        assert sum(crossings.count(article).kinds.values()) == len(article.relations)


def test_lines_that_cross_or_lie_on_each_other_are_counted_once_a_place() -> None:
    level = Drawn(lines=[[(0, 10), (100, 10)]])
    comb = Drawn(lines=[[(20, 0), (20, 30), (60, 30), (60, 0)]])
    assert crossings.meetings(level, comb) == 2
    assert crossings.meetings(comb, level) == 2
    assert crossings.meetings(level, Drawn(lines=[[(50, 10.5), (200, 10.5)]])) == 1
    assert crossings.meetings(level, Drawn(lines=[[(0, 14), (100, 14)]])) == 0
    assert crossings.meetings(level, Drawn(lines=[[(20, 11), (20, 30)]])) == 0
    rounded = Drawn(lines=[[(48, 0), (49, 9), (51, 11), (52, 30)], [(52, 9), (48, 11)]])
    assert crossings.meetings(level, rounded) == 1


def test_words_and_tags_are_struck_by_lines_that_pass_through() -> None:
    box = QRectF(10, 0, 30, 12)
    assert crossings.strikes([(20, -10), (20, 40)], box)
    assert crossings.strikes([(0, 6), (100, 6)], box)
    assert not crossings.strikes([(0, 20), (100, 20)], box)
    assert not crossings.strikes([(5, -10), (5, 40)], box)


def test_a_crossing_that_nothing_can_avoid_is_seen() -> None:
    # Two pairs, each joined to the other's neighbour above; the lines between them have to cross.
    written = "[Ada](PERSON) and some words and [Bob](PERSON) met in the rain on that day with many other people, then "
    below = "[Cyd](PERSON) and some words and [Dan](PERSON) came."
    crossed = marked(written + below, ("s0", "s3"), ("s1", "s2"))
    parallel = marked(written + below, ("s0", "s2"), ("s1", "s3"))
    assert crossings.count(crossed).total == 1
    assert crossings.count(parallel).total == 0
    assert crossings.count(Article(crossed.text, crossed.tokens, crossed.spans)).total == 0


def test_the_table_names_every_article_and_the_sum() -> None:
    lines = crossings.table().split("\n")
    assert [line.split()[0] for line in lines[1:-1]] == list(crossings.articles())
    assert lines[-1].split()[0] == "all"
    assert int(lines[-1].split()[4]) == sum(int(line.split()[4]) for line in lines[1:-1])
