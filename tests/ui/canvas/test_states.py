"""States are told apart at a glance: held against pixels in grey, in every theme, part by part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, qGray
from pytestqt.qtbot import QtBot

from annotator.model.annotation import Fragment
from annotator.ui.canvas.items import Article, SpanItem
from annotator.ui.canvas.style import Style
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT, READABLE, THEMES, VISIBLE, Theme, contrast
from tests.ui.canvas.articles import a_span, annotated, marked, prose, tokens_of
from tests.ui.canvas.conftest import MakeView

ALL = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
TEXT = "Some more words and a certain name here.\nAnd another paragraph."
NAME = (22, 34)
LEVELS, LEAST = 8, 24
"""What counts: this many grey levels of 255 in this many pixels, the area of a full stop and a half."""

Doing = Callable[[ArticleView], None]


@dataclass(frozen=True)
class Shown:
    """A state: what its item says, what is done in the view, and the parts in which it differs from accepted."""

    item: dict[str, object]
    parts: set[str]
    doing: Doing = lambda _view: None


STATES: dict[str, Shown] = {
    "accepted": Shown({}, set()),
    "candidate": Shown({"state": "candidate"}, {"tag", "words", "line"}),
    "doubtful": Shown({"state": "candidate", "doubtful": True}, {"tag", "words", "line"}),
    "readings": Shown({"state": "candidate", "readings": 2}, {"tag", "words", "line"}),
    "rejected": Shown({"state": "rejected"}, {"tag", "words", "line"}),
    "not learnable": Shown({"learnable": False}, {"tag", "words"}),
    "noted": Shown({"noted": True}, {"tag"}),
    "flagged": Shown({"flagged": True}, {"tag"}),
    "selected": Shown({}, {"tag", "words", "line"}, lambda view: view.select("s")),
    "hovered": Shown({}, {"tag", "words"}, lambda view: view.set_hovered("s")),
    "dimmed": Shown({}, {"tag", "words", "line"}, lambda view: view.set_hints({}, "another")),
}


@pytest.fixture
def look_at(make_view: MakeView) -> Callable[[Theme, SpanItem, Doing], ArticleView]:
    def make(theme: Theme, item: SpanItem, doing: Doing) -> ArticleView:
        view = make_view(width=520, height=140)
        view.set_theme(theme)
        view.set_article(Article(TEXT, tokens_of(TEXT), (item,)))
        view.set_show_rejected(True)
        doing(view)
        return view

    return make


def a_name(**more: object) -> SpanItem:
    return replace(a_span("s", *NAME), **more)  # type: ignore[arg-type]


def grey(view: ArticleView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def parts_of(view: ArticleView) -> dict[str, QRect]:
    """Give where the span's tag, words and line lie in the window; the ring's edges are the words' own."""
    drawing = view.scene.drawing(0)
    piece = drawing.by_id["s"].pieces[0]
    metrics = view.scene.style.metrics
    baseline = view.scroller.top_of(0) + drawing.lines[piece.line].baseline
    left, right = view.left + int(piece.left) - 6, view.left + int(piece.right) + 26
    high, low = baseline - metrics.ascent, baseline + metrics.descent

    def band(top: int, bottom: int) -> QRect:
        return QRect(left, top, right - left, bottom - top)

    return {
        "tag": band(high - metrics.tag_pitch - 2, high - 2),
        "words": band(high + 1, low),
        "line": band(low + 1, low + 8),
    }


def differing(first: QImage, second: QImage, area: QRect) -> int:
    """Count the pixels of an area whose grey differs by what can be seen."""
    return sum(
        abs(first.pixelColor(x, y).value() - second.pixelColor(x, y).value()) >= LEVELS
        for y in range(area.top(), area.bottom() + 1)
        for x in range(area.left(), area.right() + 1)
    )


@ALL
def test_every_two_states_differ_in_grey(theme: Theme, look_at: Callable[..., ArticleView]) -> None:
    pictures: dict[str, QImage] = {}
    area = QRect()
    for name, shown in STATES.items():
        view = look_at(theme, a_name(**shown.item), shown.doing)
        pictures[name] = grey(view)
        for part in parts_of(view).values():
            area = area.united(part)
    found = {
        f"{first} / {second}": differing(pictures[first], pictures[second], area)
        for first, second in combinations(pictures, 2)
    }
    assert {pair: count for pair, count in found.items() if count < LEAST} == {}


@ALL
@pytest.mark.parametrize("name", [name for name in STATES if name != "accepted"])
def test_a_state_differs_in_the_parts_that_tell_it(
    theme: Theme, name: str, look_at: Callable[..., ArticleView]
) -> None:
    shown = STATES[name]
    plain = look_at(theme, a_name(), lambda _view: None)
    other = look_at(theme, a_name(**shown.item), shown.doing)
    counts = {part: differing(grey(plain), grey(other), area) for part, area in parts_of(plain).items()}
    wanted = shown.parts - ({"words"} if theme.high_contrast and name in NO_TINT else set())
    assert {part for part, count in counts.items() if count >= 12} == wanted, counts


NO_TINT = {"candidate", "doubtful", "readings"}
"""Told from accepted without the words where no theme tints them."""


@ALL
def test_words_can_be_read_on_the_deeper_tint(theme: Theme) -> None:
    style = Style(theme)
    for color, hue in theme.hues.items():
        deeper = theme.press if theme.high_contrast else style.deeper(color)
        assert contrast(hue.word, deeper) >= READABLE, color
        assert contrast(theme.ink, deeper) >= READABLE, color


# ---------------------------------------------------------------------------------------------- relations

PAIR = "[Ada](PERSON) met old [Bob](PERSON) and [Eve](PERSON) in a town.\nAnd another paragraph."
RELATIONS: dict[str, tuple[dict[str, object], Doing]] = {
    "accepted": ({}, lambda _view: None),
    "candidate": ({"state": "candidate"}, lambda _view: None),
    "rejected": ({"state": "rejected"}, lambda _view: None),
    "symmetric": ({"symmetric": True}, lambda _view: None),
    "illegal": ({"illegal": True}, lambda _view: None),
    "selected": ({}, lambda view: view.select("r0")),
    "of the selected span": ({}, lambda view: view.select("s0")),
    "beside the selected": ({}, lambda view: view.select("r1")),
    "hovered": ({}, lambda view: view.set_hovered("r0")),
    "dimmed": ({}, lambda view: view.set_hints({}, "another")),
}


@ALL
def test_every_two_states_of_a_relation_differ_in_grey(make_view: MakeView, theme: Theme) -> None:
    view = make_view(width=520, height=140)
    view.set_theme(theme)
    view.set_show_rejected(True)
    pictures = {}
    for name, (more, doing) in RELATIONS.items():
        article = marked(PAIR, ("s0", "s1"), ("s1", "s2"))
        article.relations = (replace(article.relations[0], **more), article.relations[1])  # type: ignore[arg-type]
        view.set_hovered("")
        view.set_article(article)
        doing(view)
        pictures[name] = grey(view)
    drawing, top = view.scene.drawing(0), view.scroller.top_of(0)
    arc = next(each for each in drawing.connectors if each.relation.id == "r0")
    area = arc.path.boundingRect().united(arc.box).translated(view.left, top).toRect().adjusted(-3, -3, 3, 1)
    found = {
        f"{first} / {second}": differing(pictures[first], pictures[second], area)
        for first, second in combinations(pictures, 2)
    }
    assert {pair: count for pair, count in found.items() if count < LEAST} == {}


# ---------------------------------------------------------------------------------------------- high contrast


def test_high_contrast_outlines_what_others_tint(look_at: Callable[..., ArticleView]) -> None:
    view = look_at(HIGH_CONTRAST, a_name(label="GPE", shown="GPE", color="orange"), lambda _view: None)
    image = view.viewport().grab().toImage()
    page, line = HIGH_CONTRAST.page, HIGH_CONTRAST.hues["orange"].line
    tag = view.scene.drawing(0).by_id["s"].tag
    assert tag is not None
    box = tag.box.translated(view.left, view.scroller.top_of(0)).toRect()
    middle = box.center().y()
    assert is_of(image.pixelColor(box.left(), middle), line)
    assert image.pixelColor(box.left() + 2, middle) == page
    words = parts_of(view)["words"]
    assert {image.pixelColor(x, words.top()).name() for x in range(words.left(), words.right())} == {
        page.name()
    }
    candidate = look_at(
        HIGH_CONTRAST, a_name(label="GPE", shown="GPE", color="orange", state="candidate"), lambda _view: None
    )
    edge = candidate.viewport().grab().toImage()
    around = [edge.pixelColor(x, box.top()).value() for x in range(box.left() + 4, box.right() - 4)]
    assert min(around) < 90 < max(around)  # dashed, where the accepted one's border is whole
    whole = [image.pixelColor(x, box.top()).value() for x in range(box.left() + 4, box.right() - 4)]
    assert min(whole) > 90


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_other_themes_tint(theme: Theme, look_at: Callable[..., ArticleView]) -> None:
    view = look_at(theme, a_name(label="GPE", shown="GPE", color="orange"), lambda _view: None)
    image = view.viewport().grab().toImage()
    words = parts_of(view)["words"]
    assert image.pixelColor(words.left() + 10, words.top()) == theme.hues["orange"].tint


def is_of(color: QColor, hue: QColor) -> bool:
    """Tell whether a smoothed pixel is of a hue."""
    return color.value() > 120 and abs(color.hsvHue() - hue.hsvHue()) < 10


# ---------------------------------------------------------------------------------------------- bad edges, readings


@pytest.mark.parametrize(
    ("text", "cut", "whole", "at_right"),
    [
        ("Some certain names here.", (6, 12), (5, 12), False),
        ("Some certain names here.", (5, 11), (5, 12), True),
        ("ראש הממשלה אמר היום", (5, 10), (4, 10), True),
        ("ראש הממשלה אמר היום", (4, 9), (4, 10), False),
    ],
    ids=["begin", "end", "begin from right to left", "end from right to left"],
)
def test_the_zigzag_is_at_the_edge_that_cuts_a_word(
    make_view: MakeView, text: str, cut: tuple[int, int], whole: tuple[int, int], *, at_right: bool
) -> None:
    assert text[whole[0] : whole[1]].isalpha()
    images = []
    view = make_view(width=520, height=120)
    for learnable in (True, False):
        view.set_article(Article(text, tokens_of(text), (a_span("s", *cut, learnable=learnable),)))
        images.append(grey(view))
    piece = view.scene.drawing(0).by_id["s"].pieces[0]
    area = parts_of(view)["words"]
    columns = {
        x
        for x in range(images[0].width())
        if differing(images[0], images[1], QRect(x, area.top(), 1, area.height()))
    }
    edge = view.left + (piece.right if at_right else piece.left)
    assert columns
    assert max(abs(x - edge) for x in columns) <= 4


def test_another_reading_is_drawn_where_it_is(make_view: MakeView) -> None:
    text = "The National Security Secretary spoke."
    readings = [
        a_span("c", 4, 31, "ROLE", state="candidate", readings=2),
        a_span("c", 4, 21, "ORG", state="candidate", readings=2),
    ]
    view = make_view(Article(text, tokens_of(text), (readings[0],)), width=600, height=120)
    longer = view.rect_of("c")
    before = grey(view)
    view.change_items(spans=[readings[1]])
    assert view.rect_of("c").width() < longer.width() - 60
    fresh = make_view(Article(text, tokens_of(text), (readings[1],)), width=600, height=120)
    assert grey(view) == grey(fresh)
    assert differing(before, grey(view), QRect(longer)) >= LEAST
    assert view.scene.index.spans["c"].fragments == (Fragment(4, 21),)


# ---------------------------------------------------------------------------------------------- focus


@ALL
def test_the_article_shows_that_it_has_the_focus(make_view: MakeView, qtbot: QtBot, theme: Theme) -> None:
    view = make_view(annotated(prose(30), spans=60, relations=10))
    view.set_theme(theme)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    text = view.viewport().grab().toImage()
    lit = view.grab().toImage()
    view.clearFocus()
    plain = view.grab().toImage()
    edge = range(10, lit.height() - 10)
    assert {lit.pixelColor(x, y).name() for x in (0, 1) for y in edge} == {theme.accent.name()}
    assert {plain.pixelColor(x, y).name() for x in (0, 1) for y in edge} == {theme.page.name()}
    assert contrast(theme.accent, theme.page) >= VISIBLE
    assert view.viewport().grab().toImage() == text  # nothing is drawn over the text


# ---------------------------------------------------------------------------------------------- rhythm


@ALL
def test_the_ring_hides_no_full_stop_and_leaves_the_blank_before_it(
    make_view: MakeView, theme: Theme
) -> None:
    view = make_view(width=520, height=120)
    view.set_theme(theme)
    text = "At the end of last year. And then more."
    start = text.index("last")
    view.set_article(Article(text, tokens_of(text), (a_span("s", start, start + 9, state="candidate"),)))
    plain = view.viewport().grab().toImage()
    view.select("s")
    ringed = view.viewport().grab().toImage()
    drawing, top = view.scene.drawing(0), view.scroller.top_of(0)
    baseline = top + drawing.lines[0].baseline
    right = view.left + drawing.by_id["s"].pieces[0].right
    stop = {
        (x, y)
        for x in range(int(right), int(right) + 6)
        for y in range(baseline - 4, baseline + 1)
        if contrast(plain.pixelColor(x, y), theme.page) > 6
    }
    assert len(stop) >= 3
    assert all(abs(qGray(ringed.pixel(x, y)) - qGray(plain.pixel(x, y))) < 25 for x, y in stop)
    left = view.left + int(drawing.by_id["s"].pieces[0].left)
    untouched = [
        x
        for x in range(left - 8, left + 1)
        if {ringed.pixelColor(x, y).name() for y in range(baseline - 6, baseline)} == {theme.page.name()}
    ]
    assert len(untouched) >= 2


@pytest.mark.parametrize("size", [11, 13, 17, 22, 34])
def test_tags_stand_one_pixel_apart_and_one_above_the_words(make_view: MakeView, size: int) -> None:
    spans = (a_span("s", *NAME), a_span("t", *NAME, label="ORG"), a_span("u", NAME[0], NAME[1] + 5, "GPE"))
    view = make_view(Article(TEXT, tokens_of(TEXT), spans), width=900, height=400)
    view.set_font_size(size)
    drawing = view.scene.drawing(0)
    line = drawing.lines[drawing.by_id["s"].pieces[0].line]
    tags = sorted((figure.tag for figure in drawing.spans if figure.tag is not None), key=lambda tag: tag.row)
    floors = [line.baseline - view.scene.style.metrics.ascent, *(tag.box.top() for tag in tags)]
    assert [tag.row for tag in tags] == [0, 1, 2]
    assert [floor - tag.box.bottom() for floor, tag in zip(floors, tags, strict=False)] == [1, 1, 1]
    assert tags[-1].box.top() >= line.top
