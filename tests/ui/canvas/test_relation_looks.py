"""What relations look like in each state and theme, what lights them, and that every part of them can be pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from annotator.ui.canvas.arcs import CHOSEN, PLAIN
from annotator.ui.canvas.connect import avoid_higher_tags
from annotator.ui.canvas.figures import Connector, Foot, SpanFigure, SpanPiece, Tag
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.rails import uprights
from annotator.ui.canvas.state import OTHER_RELATIONS
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT, Theme
from tests.ui.canvas.articles import a_relation, a_span, marked, tokens_of
from tests.ui.canvas.conftest import MakeView

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK, HIGH_CONTRAST], ids=["light", "dark", "contrast"])
FILLER = "and so it went on for a while with many words of no weight "
WAYS = {
    "arc": "[Ada](PERSON) met the old [Bob](PERSON) of the town.",
    "bow": f"[Ada](PERSON) {FILLER}all that day until [Bob](PERSON) came.",
    "rail": f"It was [Ada](PERSON) who {FILLER * 3}[Bob](PERSON) came.",
    "wrap": f"{FILLER}for us all [Ada](PERSON) [Bobby Browning](PERSON) came.",
    "chip": "It was [Ada](PERSON).\n" + "Nothing.\n" * 5 + "It was [Bob](PERSON).",
}
EVERY_WAY = pytest.mark.parametrize("way", WAYS)
SIZE = (760, 260)
Grey = list[bytes]
DIFFERENT = 24
"""Two greys are told apart from here on, of 255."""


def article_of(way: str, **more: object) -> Article:
    article = marked(WAYS[way])
    article.relations = (a_relation("r", "s0", "s1", **more),)
    return article


def view_of(make_view: MakeView, way: str, theme: Theme = LIGHT, **more: object) -> ArticleView:
    view = make_view(article_of(way, **more), width=SIZE[0], height=SIZE[1])
    view.set_theme(theme)
    view.set_show_rejected(True)
    assert {each.kind for each in connectors(view)} == {way}
    return view


def connectors(view: ArticleView, relation: str = "r") -> list[Connector]:
    drawings = [drawing for drawing, _ in view.scroller.visible()]
    return [each for drawing in drawings for each in drawing.connectors if each.relation.id == relation]


def picture(view: ArticleView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def grey(view: ArticleView) -> Grey:
    """Give the greys of the view, line by line."""
    image = picture(view).convertToFormat(QImage.Format.Format_Grayscale8)
    step, data = image.bytesPerLine(), bytes(image.constBits())
    return [data[y * step : y * step + image.width()] for y in range(image.height())]


def differing(one: Grey, other: Grey, area: QRect) -> int:
    """Count the pixels of an area whose greys can be told apart."""
    left, right = max(0, area.left()), area.right() + 1
    return sum(
        abs(a - b) >= DIFFERENT
        for y in range(max(0, area.top()), min(area.bottom() + 1, len(one)))
        for a, b in zip(one[y][left:right], other[y][left:right], strict=True)
    )


def around(view: ArticleView, x: float, y: float, reach: int) -> QRect:
    """Give the pixels around a place of the first block on screen."""
    _, top = next(view.scroller.visible())
    return QRect(round(view.left + x) - reach, round(top + y) - reach, 2 * reach + 1, 2 * reach + 1)


def head_of(view: ArticleView) -> QRect:
    """Give the pixels of the sign at the child's end."""
    for each in connectors(view):
        foot = each.foot("child")
        if foot is not None:
            return around(view, foot.x, foot.y + (4 if foot.hangs else -4), 4)
    pytest.fail("the child's end is not on screen")


def body_of(view: ArticleView) -> QRect:
    """Give the pixels of a run without its words, five high."""
    each = max(connectors(view), key=lambda one: one.stretch()[1] - one.stretch()[0])
    low, high = each.stretch()
    if each.words and each.kind != "chip":
        low, high = max(
            ((low, each.words_left - 4), (each.box.right() + 4, high)), key=lambda gap: gap[1] - gap[0]
        )
    if each.kind == "chip":
        low, high = each.feet[0].x, each.box.left()
    row = around(view, 0, each.run_y, 2)
    return QRect(round(view.left + low) + 2, row.top(), max(1, round(high - low) - 4), 5)


# ---------------------------------------------------------------------- states


def inked(image: Grey, area: QRect) -> float:
    """Give the share of an area's columns in which something is drawn."""
    page = image[2][2]
    columns = range(area.left(), area.right() + 1)
    rows = range(area.top(), area.bottom() + 1)
    return sum(any(abs(image[y][x] - page) >= DIFFERENT for y in rows) for x in columns) / len(columns)


def weight(image: Grey, area: QRect) -> int:
    """Add up how far an area's greys are from the page's."""
    page = image[2][2]
    return sum(
        abs(grey - page)
        for y in range(area.top(), area.bottom() + 1)
        for grey in image[y][area.left() : area.right() + 1]
    )


@THEMES
@EVERY_WAY
def test_states_of_relations_are_told_apart_without_colour(
    make_view: MakeView, way: str, theme: Theme
) -> None:
    shown = {}
    for state in ("accepted", "candidate", "rejected"):
        view = view_of(make_view, way, theme, state=state)
        shown[state] = grey(view)
        view.select("r", reveal=False)
        shown[f"{state}, selected"] = grey(view)
    area = QRect(0, 0, SIZE[0] - 20, SIZE[1])
    for one, other in combinations(shown, 2):
        assert differing(shown[one], shown[other], area) >= 16, (one, other)


@THEMES
@pytest.mark.parametrize("way", ["arc", "bow", "rail", "wrap"])
def test_a_candidate_has_a_dashed_line_and_a_hollow_head(make_view: MakeView, way: str, theme: Theme) -> None:
    accepted = view_of(make_view, way, theme, state="accepted")
    candidate = view_of(make_view, way, theme, state="candidate")
    solid, dashed = grey(accepted), grey(candidate)
    assert differing(solid, dashed, head_of(accepted)) >= 5
    assert inked(solid, body_of(accepted)) > 0.95
    assert 0.35 < inked(dashed, body_of(accepted)) < 0.85


@THEMES
def test_a_rejected_relation_has_struck_words(make_view: MakeView, theme: Theme) -> None:
    candidate = view_of(make_view, "arc", theme, state="candidate")
    rejected = view_of(make_view, "arc", theme, state="rejected")
    box = connectors(rejected)[0].box
    middle = around(rejected, box.center().x(), box.center().y(), 1)
    row = QRect(round(rejected.left + box.left()), middle.top(), round(box.width()), 3)
    assert inked(grey(rejected), row) == 1.0
    assert inked(grey(candidate), row) < 0.9


@THEMES
@EVERY_WAY
def test_a_selected_relation_is_thicker_and_its_ends_are_tinted(
    make_view: MakeView, way: str, theme: Theme
) -> None:
    view = view_of(make_view, way, theme)
    before, area = grey(view), body_of(view)
    column = QRect(area.center().x(), area.top() - 1, 1, area.height() + 2)
    view.select("r", reveal=False)
    after = grey(view)
    assert pytest.approx(1.5) == CHOSEN / PLAIN
    assert weight(after, column) > weight(before, column) * 1.15
    assert view.state.emphasised_spans(view.scene.index) >= {"s0", "s1"}
    for span in ("s0",) if way == "chip" else ("s0", "s1"):
        rect = view.rect_of(span)
        tinted = sum(
            one != other
            for y in range(rect.top(), rect.bottom())
            for one, other in _pairs(before, after, rect, y)
        )
        assert tinted > 0.5 * rect.width() * rect.height() * 0.5


def _pairs(one: Grey, other: Grey, area: QRect, y: int) -> Iterator[tuple[int, int]]:
    return zip(one[y][area.left() : area.right()], other[y][area.left() : area.right()], strict=True)


@THEMES
def test_the_others_step_back_while_one_is_selected(make_view: MakeView, theme: Theme) -> None:
    article = marked(
        "[Ada](PERSON) met the old [Bob](PERSON) and he told [Cyd](PERSON) of it.", ("s0", "s1"), ("s1", "s2")
    )
    view = make_view(article, width=SIZE[0], height=SIZE[1])
    view.set_theme(theme)
    view.select("r0", reveal=False)
    assert theme.tokens()["accent"].name() in _colors(view, "r0")
    share = 0.8 if theme.high_contrast else OTHER_RELATIONS
    weak = view.scene.style.blend(theme.tokens()["arc"], share).name()
    image = picture(view)
    other = connectors(view, "r1")[0]
    row = around(view, 0, other.run_y, 1).center().y()
    low = round(view.left + other.feet[0].x) + 8
    found = {image.pixelColor(x, y).name() for x in range(low, low + 6) for y in (row - 1, row, row + 1)}
    assert weak in found
    assert theme.tokens()["arc"].name() not in found


def _colors(view: ArticleView, relation: str) -> set[str]:
    image, each = picture(view), connectors(view, relation)[0]
    y = around(view, 0, each.run_y, 1).center().y()
    low, high = each.stretch()
    span = range(round(view.left + low) + 6, round(view.left + high) - 6)
    return {image.pixelColor(x, y + dy).name() for x in span for dy in (-1, 0, 1)}


# ---------------------------------------------------------------------- symmetric relations


@THEMES
@pytest.mark.parametrize("way", ["arc", "bow", "rail"])
def test_a_symmetric_relation_has_a_dot_at_both_ends_and_a_directed_one_an_arrow_at_one(
    make_view: MakeView, way: str, theme: Theme
) -> None:
    directed = view_of(make_view, way, theme)
    symmetric = view_of(make_view, way, theme, symmetric=True)
    one, other = grey(directed), grey(symmetric)
    dots = {foot.end: foot for each in connectors(symmetric) for foot in each.feet}
    ends = {foot.end: foot for each in connectors(directed) for foot in each.feet}
    for foot in dots.values():
        area = around(symmetric, foot.x, foot.y + (4 if foot.hangs else -4), 4)
        assert differing(one, other, area) >= 4
    head, child = (_blob(other, symmetric, dots[end]) for end in ("head", "child"))
    assert abs(head - child) <= 0.1 * max(head, child)
    assert _blob(one, directed, ends["child"]) > 1.5 * _blob(one, directed, ends["head"])


def _blob(image: Grey, view: ArticleView, foot: Foot) -> int:
    """Weigh the ink just before a foot."""
    return weight(image, around(view, foot.x, foot.y + (4 if foot.hangs else -4), 3))


def test_turning_a_symmetric_relation_round_changes_nothing_on_screen(make_view: MakeView) -> None:
    for way in ("arc", "bow", "rail", "wrap", "chip"):
        shown = []
        for ends in (("s0", "s1"), ("s1", "s0")):
            article = marked(WAYS[way])
            article.relations = (a_relation("r", *ends, symmetric=True),)
            view = make_view(article, width=SIZE[0], height=SIZE[1])
            shown.append(picture(view))
        assert shown[0] == shown[1], way


def test_the_sign_of_a_wrap_points_from_head_to_child_and_a_symmetric_one_has_a_bar(
    make_view: MakeView,
) -> None:
    def leans(*, symmetric: bool = False) -> list[float]:
        view = view_of(make_view, "wrap", symmetric=symmetric)
        return [each.sign[1].x() - each.sign[0].x() for each in connectors(view)]

    assert all(lean > 0 for lean in leans())
    assert all(lean == 0 for lean in leans(symmetric=True))
    backwards = article_of("wrap")
    backwards.relations = (a_relation("r", "s1", "s0"),)
    view = make_view(backwards, width=SIZE[0], height=SIZE[1])
    assert all(each.sign[1].x() < each.sign[0].x() for each in connectors(view))


def test_a_chip_of_a_symmetric_relation_has_a_line_for_an_arrow(make_view: MakeView) -> None:
    assert connectors(view_of(make_view, "chip"))[0].words == "met with → \u2068Bob\u2069  ¶7"
    assert connectors(view_of(make_view, "chip", symmetric=True))[0].words == "met with – \u2068Bob\u2069  ¶7"


# ---------------------------------------------------------------------- scores


@EVERY_WAY
def test_scores_stand_on_tags_and_on_the_words_of_relations_on_demand(make_view: MakeView, way: str) -> None:
    view = view_of(make_view, way, state="candidate", score=0.744)
    span = replace(view.scene.index.spans["s0"], state="candidate", score=0.9)
    view.change_items(spans=[span])
    before = picture(view)
    view.set_show_scores(True)
    words = [each.words for each in connectors(view) if each.words]
    assert words
    assert all(each.startswith("met with .74") for each in words)
    figure = next(drawing.by_id["s0"] for drawing, _ in view.scroller.visible() if "s0" in drawing.by_id)
    assert figure.tag is not None
    assert figure.tag.words == "PERSON .90"
    view.set_show_scores(False)
    assert picture(view) == before


def test_a_relation_without_a_score_shows_its_words_alone(make_view: MakeView) -> None:
    view = view_of(make_view, "arc")
    view.set_show_scores(True)
    assert connectors(view)[0].words == "met with"


# ---------------------------------------------------------------------- hovering and pointing


def hover(view: ArticleView, place: QPointF) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        QPointF(view.viewport().mapToGlobal(place.toPoint())),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view.viewport(), event)


def places_of(view: ArticleView) -> dict[str, QPointF]:
    """Give a place in the window on every part of the relation that is drawn."""
    places: dict[str, QPointF] = {}
    for drawing, top in view.scroller.visible():
        for number, each in enumerate(drawing.connectors):
            origin = QPointF(view.left, top)
            low, high = each.stretch()
            name = f"{each.kind} {number}"
            for foot in each.feet:
                if abs(each.run_y - foot.y) > 8:
                    middle = (each.run_y + foot.y) / 2
                    places[f"{name} stem {foot.end}"] = origin + QPointF(foot.x, middle)
            if each.kind == "chip":
                places[f"{name} box"] = origin + each.box.center()
            elif high - low > 12:
                places[f"{name} run"] = origin + QPointF(low + 7, each.run_y)
            if each.words and each.kind != "chip":
                places[f"{name} words"] = origin + each.box.center()
    for upright in uprights(view.scene, list(view.scroller.visible())):
        for high_end, low_end in upright.parts:
            places[f"upright {high_end}"] = QPointF(view.left + upright.x, (high_end + low_end) / 2)
    return places


@EVERY_WAY
def test_every_part_of_a_relation_can_be_pointed_at(make_view: MakeView, way: str) -> None:
    view = view_of(make_view, way)
    places = places_of(view)
    kinds = {name.split()[-1] for name in places} | {name.split()[0] for name in places}
    assert {"arc": "run", "bow": "run", "rail": "upright", "wrap": "run", "chip": "box"}[way] in kinds
    for name, place in places.items():
        hit = view.hit.at(place)
        assert hit is not None, name
        assert (hit.id, hit.kind) == ("r", "relation"), name
        for away in (QPointF(0, 9), QPointF(0, -9)) if name.endswith("run") else ():
            beside = view.hit.at(place + away)
            assert beside is None or beside.id != "r" or way == "rail", name
    if way == "chip":
        box = next(place for name, place in places.items() if name.endswith("box"))
        hit = view.hit.at(box)
        assert hit is not None
        assert (hit.part, hit.target) == ("chip", "s1")


@THEMES
@EVERY_WAY
def test_hovering_any_part_lights_the_relation_and_both_its_ends(
    make_view: MakeView, way: str, theme: Theme
) -> None:
    view = view_of(make_view, way, theme)
    before = picture(view)
    on_screen = [span for span in ("s0", "s1") if view.viewport().rect().contains(view.rect_of(span))]
    assert "s0" in on_screen
    sign = head_of(view) if way != "chip" else body_of(view)
    for name, place in places_of(view).items():
        hover(view, place)
        assert view.state.hovered == "r", name
        after = picture(view)
        for rect in (sign, *(view.rect_of(span).adjusted(1, 0, -1, 0) for span in on_screen)):
            assert after.copy(rect) != before.copy(rect), name
    hover(view, QPointF(3, SIZE[1] - 4))
    assert view.state.hovered == ""
    assert picture(view) == before


def test_both_ends_of_a_far_relation_have_chips_that_name_the_other(make_view: MakeView) -> None:
    article = marked(
        f"It was [Ada](PERSON).\n{'Nothing.' * 3}\n" * 1
        + "Nothing.\n" * 5
        + f"It was [{'Bob ' * 20}Li](PERSON)."
    )
    article.relations = (a_relation("r", "s0", "s1", illegal=True),)
    view = make_view(article, width=SIZE[0], height=700)
    first, last = connectors(view)
    assert first.words == "met with ! → \u2068Bob Bob Bob Bob Bob Bob Bob…\u2069  ¶8"
    assert last.words == "met with ! ← \u2068Ada\u2069  ¶1"
    for chip, target in ((first, "s1"), (last, "s0")):
        foot = chip.feet[0]
        assert chip.box.width() > 60
        drawing, top = next(
            (drawing, top) for drawing, top in view.scroller.visible() if chip in drawing.connectors
        )
        assert drawing.by_id[foot.span].tag is not None
        hit = view.hit.at(chip.box.center() + QPointF(view.left, top))
        assert hit is not None
        assert hit.target == target


# ---------------------------------------------------------------------- where words and feet stand


def test_words_stand_beside_an_arc_that_is_shorter(make_view: MakeView) -> None:
    view = make_view(marked("[A](PERSON) [B](PERSON) met.", ("s0", "s1")), width=SIZE[0], height=SIZE[1])
    arc = connectors(view, "r0")[0]
    low, high = arc.stretch()
    assert high - low < arc.box.width()
    assert arc.words_left == pytest.approx(high + 6, abs=1)
    article = marked(f"{FILLER}for them [A](PERSON) [B](PERSON)")
    article.relations = (a_relation("r0", "s0", "s1", shown="was often seen with"),)
    view = make_view(article, width=SIZE[0], height=SIZE[1])
    arc = connectors(view, "r0")[0]
    low, high = arc.stretch()
    assert high + arc.box.width() > view.scene.measure + 40, "the text has to end its line with the names"
    assert arc.box.right() == pytest.approx(low - 6, abs=1)


def test_words_leave_a_stem_that_passes_through_their_run(make_view: MakeView) -> None:
    written = "[Ada](PERSON) and a great many others [Bob](PERSON) then [Cyd](PERSON) and a great many [Dan](PERSON)"
    view = make_view(marked(written, ("s0", "s2"), ("s1", "s3")), width=SIZE[0], height=SIZE[1])
    low, high = sorted((connectors(view, key)[0] for key in ("r0", "r1")), key=lambda each: each.level)
    for x in high.falls():
        assert not low.words_left - 2 < x < low.box.right() + 2


def test_both_runs_of_a_long_rail_carry_its_words_and_one_of_a_short(make_view: MakeView) -> None:
    apart = marked(
        f"It was a good day for [Ada](PERSON).\n{FILLER}\nIt was a good day for [Bob](PERSON).", ("s0", "s1")
    )
    view = make_view(apart, width=SIZE[0], height=SIZE[1])
    assert [(each.kind, each.words) for each in connectors(view, "r0")] == [("rail", "met with")] * 2
    near = marked(f"It was a good day for [Ada](PERSON) who {FILLER * 2} as for [Bob](PERSON).", ("s0", "s1"))
    view = make_view(near, width=SIZE[0], height=SIZE[1])
    found = connectors(view, "r0")
    assert {each.kind for each in found} == {"rail"}
    assert sorted(each.words for each in found) == ["", "met with"]


def _slid(own: Tag, piece: tuple[float, float], *others: Tag) -> Foot:
    """Give the foot on a tag's middle after others, some of them higher, had their say."""
    foot = Foot("own", "head", (own.left + own.right) / 2)
    figure = SpanFigure(a_span("own", 0, 9), [SpanPiece(0, *piece, 0, begins=True)], own)
    connector = Connector(a_relation("r", "own", "else"), "rail", 0, [foot])
    avoid_higher_tags([connector], {"own": figure}, [own, *others])
    return foot


def _tag(row: int, left: float, width: float) -> Tag:
    return Tag(0, row, left, width, "PERSON", left)


def test_a_foot_that_nothing_covers_stays() -> None:
    foot = _slid(_tag(0, 100, 60), (101, 220), _tag(1, 180, 50), _tag(0, 162, 50))
    assert (foot.x, foot.y) == (130, 0)


def test_a_foot_under_a_higher_tag_slides_along_its_own() -> None:
    foot = _slid(_tag(0, 100, 60), (101, 220), _tag(1, 110, 30))
    assert foot.y == 0
    assert foot.x == 143
    foot = _slid(_tag(0, 100, 60), (101, 220), _tag(1, 120, 30), _tag(2, 136, 40))
    assert (foot.x, foot.y) == (117, 0)


def test_a_foot_whose_tag_is_covered_goes_down_to_the_words() -> None:
    foot = _slid(_tag(0, 100, 60), (101, 220), _tag(1, 90, 90))
    assert foot.y == -1
    assert 180 < foot.x <= 218
    # A neighbour's tag on the words hides them as well.
    foot = _slid(_tag(0, 100, 60), (101, 220), _tag(1, 90, 90), _tag(0, 170, 40))
    assert foot.y == -1
    assert 210 < foot.x <= 218


def test_a_foot_that_finds_no_free_place_starts_above_what_covers_it() -> None:
    foot = _slid(_tag(0, 100, 60), (101, 150), _tag(1, 90, 90), _tag(2, 95, 90))
    assert (foot.x, foot.y) == (130, 3)


def test_slid_feet_are_drawn_where_they_stand(make_view: MakeView) -> None:
    text = f"President Vladimir Putin of the place met {FILLER[:20]} Bob."
    spans = (
        a_span("inner", 0, 9, "ROLE"),
        a_span("outer", 0, 24),
        a_span("bob", len(text) - 4, len(text) - 1),
    )
    article = Article(text, tokens_of(text), spans, (a_relation("r", "inner", "bob"),))
    view = make_view(article, width=SIZE[0], height=SIZE[1])
    drawing = view.scene.drawing(0)
    own, other = drawing.by_id["inner"].tag, drawing.by_id["outer"].tag
    assert own is not None
    assert other is not None
    assert other.row > own.row
    foot = connectors(view)[0].foot("head")
    assert foot is not None
    assert not other.left - 1 < foot.x < other.right + 1
    ascent = view.scene.style.metrics.ascent
    assert foot.y in (own.box.top(), drawing.lines[0].baseline - ascent)


def test_an_arc_between_spans_of_the_same_words_is_a_small_loop(make_view: MakeView) -> None:
    text = "It was Putin who came."
    spans = (a_span("one", 7, 12), a_span("other", 7, 12, "ORG"))
    article = Article(text, tokens_of(text), spans, (a_relation("r", "one", "other"),))
    view = make_view(article, width=SIZE[0], height=SIZE[1])
    low, high = connectors(view)[0].stretch()
    assert 10 <= high - low <= 40
