"""The ways of relations: bows to the line above, lanes in the margins, and that nothing depends on the way one came."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from annotator.ui.canvas.figures import Connector
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.rails import uprights
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.strokes import joining_dashes
from annotator.ui.canvas.style import Style
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import LIGHT
from tests.ui.canvas.articles import a_relation, a_span, annotated, marked, prose, tokens_of
from tests.ui.canvas.conftest import MakeView

FILLER = "and so it went on for a while with many words of no weight "


@pytest.fixture(autouse=True)
def _fonts(qapp: QApplication, shipped_fonts: None) -> None:
    """Lay out without hinting."""


def scene_of(article: Article, *, measure: int = 620) -> Scene:
    return Scene(article, Style(LIGHT), measure=measure)


def only(scene: Scene, block: int = 0) -> Connector:
    connectors = scene.drawing(block).connectors
    assert len(connectors) == 1
    return connectors[0]


def picture(view: ArticleView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def long_rails() -> Article:
    """Make five tall paragraphs; rails run from the second to the fourth and inside others, two of them candidates."""
    paragraphs = [
        f"[Ada{number}](PERSON) {FILLER * 22} [Bob{number}](PERSON) {FILLER * 4}" for number in range(5)
    ]
    article = marked(
        "\n".join(paragraphs), ("s2", "s7"), ("s3", "s6"), ("s4", "s5"), ("s0", "s1"), ("s9", "s8")
    )
    article.relations = (
        *article.relations,
        a_relation("dashed", "s2", "s6", state="candidate"),
        a_relation("other", "s1", "s4", state="candidate"),
    )
    return article


# ---------------------------------------------------------------------- bows


def test_words_of_neighbouring_lines_are_joined_between_the_lines() -> None:
    scene = scene_of(
        marked(f"It was [Ada](PERSON) who {FILLER} [Bob](PERSON) came.", ("s0", "s1")), measure=400
    )
    bow = only(scene)
    drawing = scene.drawing(0)
    upper, lower = bow.feet
    above, below = drawing.lines[bow.line - 1], drawing.lines[bow.line]
    assert (bow.kind, upper.hangs, lower.hangs) == ("bow", True, False)
    assert above.baseline < upper.y <= above.bottom < bow.run_y < lower.y < below.baseline
    piece = drawing.by_id["s0"].pieces[0]
    assert piece.left <= upper.x <= piece.right
    assert bow.falls() == [lower.x]
    assert bow.rises() == [upper.x]


def test_a_bow_is_straight_where_one_end_is_above_the_other() -> None:
    scene = scene_of(
        marked(f"[Ada Lovelace of London](PERSON) {FILLER} [Bob](PERSON) came.", ("s0", "s1")), measure=640
    )
    spots = [scene.drawing(0).by_id[span].pieces[0] for span in ("s0", "s1")]
    assert spots[0].left <= spots[1].left <= spots[0].right, "the text has to lay one above the other"
    bow = only(scene)
    assert bow.kind == "bow"
    assert bow.feet[0].x == bow.feet[1].x
    assert bow.words_left > bow.feet[0].x


def test_bows_to_one_span_do_not_cross() -> None:
    written = f"It was [Ada](PERSON) {FILLER} [Bob](PERSON), [Cyd](PERSON), [Dan](PERSON) came."
    scene = scene_of(marked(written, ("s0", "s1"), ("s2", "s0"), ("s0", "s3")), measure=440)
    bows = scene.drawing(0).connectors
    assert [bow.kind for bow in bows] == ["bow"] * 3
    for one in bows:
        for other in bows:
            if other.level > one.level:
                low, high = one.stretch()
                assert not any(low < x < high for x in other.falls())
                low, high = other.stretch()
                assert not any(low < x < high for x in one.rises())


def test_a_bow_stands_under_words_that_are_the_spans_alone() -> None:
    written = f"Old Professor Ada spoke and {FILLER} Bob came."
    start = written.index("Bob")
    outer, inner, below = a_span("outer", 4, 17), a_span("inner", 14, 17), a_span("below", start, start + 3)
    relations = (a_relation("r", "outer", "below"),)
    article = Article(written, tokens_of(written), (outer, inner, below), relations)
    scene = scene_of(article, measure=420)
    bow = only(scene)
    its = scene.drawing(0).by_id["inner"].pieces[0]
    assert bow.kind == "bow"
    assert bow.feet[0].x < its.left
    hidden = Article(written, tokens_of(written), (outer, inner, below), (a_relation("r", "inner", "below"),))
    assert {each.kind for each in scene_of(hidden, measure=420).drawing(0).connectors} == {"rail"}


# ---------------------------------------------------------------------- lanes


def lanes_of(scene: Scene, order: list[int]) -> dict[tuple[str, int, str], tuple[object, ...]]:
    found: dict[tuple[str, int, str], tuple[object, ...]] = {}
    for block in order:
        for each in scene.drawing(block).connectors:
            found[each.relation.id, block, each.feet[0].end] = (
                each.kind,
                each.side,
                each.lane,
                each.level,
                each.words,
                each.run_y,
            )
    return found


@given(st.integers(0, 10_000), st.integers(30, 220), st.integers(0, 160))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_in_which_blocks_are_laid_out_changes_nothing(
    seed: int, spans: int, relations: int
) -> None:
    text = prose(6, words=25, seed=seed) + "\n\n" + prose(6, words=70, seed=seed + 1)
    article = annotated(text, spans=spans, relations=relations, seed=seed)
    first = scene_of(article, measure=360)
    order = list(range(len(first.blocks)))
    expected = lanes_of(first, order)
    assert lanes_of(scene_of(article, measure=360), order[::-1]) == expected
    random.Random(seed).shuffle(order)
    assert lanes_of(scene_of(article, measure=360), order) == expected


def test_rails_in_one_lane_never_share_a_line() -> None:
    article = annotated(prose(14, words=30), spans=200, relations=160)
    scene = scene_of(article, measure=360)
    runs = scene.routes.beside(0, len(scene.blocks) - 1)
    assert len(runs) > 10
    for one in runs:
        for other in runs:
            if one.lane == other.lane and one.relation < other.relation:
                assert one.lower < other.upper or other.lower < one.upper


def test_an_edit_leaves_the_lanes_of_other_rails_alone() -> None:
    scene = scene_of(long_rails())
    blocks = range(len(scene.blocks))
    before = {run.relation: run.lane for run in scene.routes.beside(0, len(blocks) - 1)}
    gone = next(iter(before))
    scene.change_items(removed=[gone], spans=[], relations=[])
    after = {run.relation: run.lane for run in scene.routes.beside(0, len(blocks) - 1)}
    del before[gone]
    assert after == before


def test_rails_nest_with_the_short_ones_inside() -> None:
    written = (
        f"[Ada](PERSON) {FILLER * 3} [Bob](PERSON) {FILLER * 4} [Cyd](PERSON) {FILLER * 3} [Dan](PERSON)"
    )
    scene = scene_of(marked(written, ("s0", "s3"), ("s1", "s2")), measure=420)
    lanes = {run.relation: run.lane for run in scene.routes.beside(0, 0)}
    assert len(lanes) == 2
    if lanes["r0"].side == lanes["r1"].side:
        assert lanes["r0"].number > lanes["r1"].number


# ---------------------------------------------------------------------- the way one came


def test_a_rail_whose_ends_are_both_off_screen_is_drawn_at_once(make_view: MakeView) -> None:
    article = long_rails()
    view = make_view(article, width=900, height=300)
    middle = article.text.index("Ada2") + 900
    view.scroll_to(middle)
    seen = list(view.scroller.visible())
    beside = {upright.relation for upright in uprights(view.scene, seen)}
    assert {"r0", "r1", "dashed"} <= beside
    ends = {view.scene.index.home(view.scene.index.spans[span]) for span in ("s2", "s7")}
    assert not any(view.scene.composed(block) for block in ends), "their blocks were not laid out for it"
    image = picture(view)
    x = next(upright.x for upright in uprights(view.scene, seen) if upright.relation == "r0")
    column = {image.pixelColor(round(view.left + x - 0.5), y).name() for y in range(20, 280)}
    assert LIGHT.page.name() not in column


@pytest.mark.parametrize("share", [0.2, 0.45, 0.7, 0.9])
@pytest.mark.parametrize("maker", ["rails", "dense"])
def test_a_place_looks_alike_whichever_way_one_came(make_view: MakeView, maker: str, share: float) -> None:
    article = long_rails() if maker == "rails" else annotated(prose(40), spans=400, relations=260)
    offset = round(len(article.text) * share)

    def seen_after(*way: str) -> QImage:
        view = make_view(article, width=900, height=420)
        for step in way:
            if step == "end":
                view.end()
            elif step == "far":
                view.scroll_to(round(len(article.text) * (1 - share)))
            else:
                for _ in range(40):
                    view.page(1 if step == "down" else -1)
        view.scroll_to(offset)
        return picture(view)

    jumped = seen_after()
    assert seen_after("down") == jumped
    assert seen_after("end", "up") == jumped
    assert seen_after("far") == jumped


def test_dashes_of_neighbouring_blocks_join() -> None:
    boxes = [*joining_dashes(3.0, 121.0, 5.0, width=1.2), *joining_dashes(121.0, 300.0, 5.0, width=1.2)]
    assert boxes[0].top() == 3.0
    assert boxes[-1].bottom() == pytest.approx(300.0)
    borders = [box for box in boxes if box.top() == 121.0 or box.bottom() == pytest.approx(121.0)]
    assert len(borders) == 2
    assert sum(box.height() for box in borders) == pytest.approx(4.0, abs=0.3)
    for box in boxes:
        assert 0 < box.height() < 4.4
