"""Which relations become arcs, rails, wraps or chips; and that nothing random breaks the layout."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from annotator.model.annotation import Fragment, fragments_of
from annotator.ui.canvas.figures import Connector, Drawing, Foot
from annotator.ui.canvas.items import Article, RelationItem, SpanItem
from annotator.ui.canvas.levels import assign_levels, crossings
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.style import Style
from annotator.ui.theme import LIGHT
from tests.ui.canvas.articles import a_relation, a_span, annotated, marked, prose, tokens_of

TEXT = prose(5, words=40) + "\n\nשלום עולם וגם hello\n" + prose(1, words=400)
SPAN = st.tuples(
    st.integers(0, len(TEXT) - 1), st.integers(1, 120), st.sampled_from(["accepted", "candidate"])
)


def scene_of(article: Article, *, measure: int = 620) -> Scene:
    return Scene(article, Style(LIGHT), measure=measure)


@pytest.fixture(autouse=True)
def _fonts(qapp: QApplication, shipped_fonts: None) -> None:
    """Lay out without hinting."""


def kinds(scene: Scene) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for block in range(len(scene.blocks)):
        for each in scene.drawing(block).connectors:
            found.setdefault(each.relation.id, []).append(each.kind)
    return found


def test_both_ends_on_one_line_make_an_arc() -> None:
    scene = scene_of(marked("[Ada](PERSON) met [Bob](PERSON).", ("s0", "s1")))
    assert kinds(scene) == {"r0": ["arc"]}


def test_ends_on_lines_apart_make_a_rail_with_a_lane_of_its_own() -> None:
    filler = "word " * 40
    scene = scene_of(marked(f"[Ada](PERSON) met {filler} [Bob](PERSON).", ("s0", "s1"), ("s1", "s0")))
    assert kinds(scene) == {"r0": ["rail", "rail"], "r1": ["rail", "rail"]}
    assert len({(each.side, each.lane) for each in scene.drawing(0).connectors}) == 2


def test_the_end_of_a_line_and_the_begin_of_the_next_are_joined_as_the_words_are() -> None:
    filler = "word " * 11
    scene = scene_of(
        marked(f"{filler} [Ada](PERSON) [Bobby Brown](PERSON) and so on.", ("s0", "s1")), measure=560
    )
    drawing = scene.drawing(0)
    assert [drawing.text.line_of(item.start) for item in scene.index.spans.values()] == [0, 1]
    assert kinds(scene) == {"r0": ["wrap", "wrap"]}
    assert [each.side for each in drawing.connectors] == [1, -1]


def test_an_end_far_away_is_named_by_chips_at_both_ends() -> None:
    written = "[Ada](PERSON) began.\n" + "Nothing.\n" * 5 + "[Bob](PERSON) ended."
    scene = scene_of(marked(written, ("s0", "s1")))
    assert kinds(scene) == {"r0": ["chip", "chip"]}
    words = [each.words for block in (0, 6) for each in scene.drawing(block).connectors]
    assert words == ["met with → \u2068Bob\u2069  ¶7", "met with ← \u2068Ada\u2069  ¶1"]


def test_when_all_lanes_are_taken_chips_take_over() -> None:
    filler = "word " * 60
    written = f"[Ada](PERSON) {filler} [Bob](PERSON)"
    article = marked(written, *[("s0", "s1")] * 12)
    found = kinds(scene_of(article))
    assert sorted(kind for each in found.values() for kind in each) == ["chip"] * 4 + ["rail"] * 20


def test_a_relation_whose_end_is_hidden_is_not_drawn() -> None:
    article = marked("[Ada](PERSON) met [Bob](PERSON).", ("s0", "s1"))
    hidden = a_span("s1", *article.spans[1].fragments[0], state="rejected")
    scene = scene_of(Article(article.text, article.tokens, (article.spans[0], hidden), article.relations))
    assert kinds(scene) == {}


def test_a_relation_that_names_no_span_is_left_out() -> None:
    article = marked("[Ada](PERSON) met [Bob](PERSON).")
    article.relations = (a_relation("r", "s0", "gone"), a_relation("q", "s0", "s0"))
    assert kinds(scene_of(article)) == {}


def test_stems_of_one_tag_never_cross_each_other() -> None:
    between = "and then some "
    written = between.join(f"[{name}](PERSON) " for name in ("Ada", "Bob", "Cyd", "Dan", "Eve"))
    scene = scene_of(marked(written, *[("s2", f"s{other}") for other in (0, 1, 3, 4)]), measure=900)
    arcs = scene.drawing(0).connectors
    assert crossings(arcs) == 0
    places = {each.relation.child: foot.x for each in arcs if (foot := each.foot("head")) is not None}
    assert places["s1"] < places["s0"] < places["s4"] < places["s3"]


def test_nested_arcs_take_levels_from_short_to_long() -> None:
    written = "[Ada](PERSON) a [Bob](PERSON) b [Cyd](PERSON) c [Dan](PERSON)"
    scene = scene_of(marked(written, ("s0", "s3"), ("s1", "s2")))
    assert {each.relation.id: each.level for each in scene.drawing(0).connectors} == {"r0": 1, "r1": 0}


def test_levels_are_reordered_where_that_saves_a_crossing() -> None:
    def run(name: str, left: float, right: float, *feet: float) -> Connector:
        made = Connector(a_relation(name, "a", "b"), "arc", 0, [Foot("a", "head", x) for x in feet])
        made.left, made.right = left, right
        return made

    # The shorter one would be crossed by both stems of the longer if it lay below.
    short, long = run("short", 40, 90, 40), run("long", 0, 60, 50, 60)
    assert assign_levels([short, long]) == 2
    assert (long.level, short.level) == (0, 1)


def test_a_first_label_does_not_shift_its_line() -> None:
    bare = scene_of(marked("Ada met Bob.")).drawing(0)
    labelled = scene_of(marked("[Ada](PERSON) met [Bob](GPE).")).drawing(0)
    assert bare.lines == labelled.lines


def test_tags_of_neighbours_stand_side_by_side_while_nested_ones_are_raised() -> None:
    scene = scene_of(marked("The [US](NORP) [mayor](ORG) met."))
    assert [figure.tag.row for figure in scene.drawing(0).spans if figure.tag] == [0, 0]
    text = "Russian President Putin"
    spans = (a_span("outer", 0, 23), a_span("inner", 0, 7, "NORP"))
    nested = scene_of(Article(text, tokens_of(text), spans)).drawing(0)
    rows = {key: figure.tag.row for key, figure in nested.by_id.items() if figure.tag is not None}
    assert rows == {"outer": 1, "inner": 0}
    underlines = {key: figure.pieces[0].row for key, figure in nested.by_id.items()}
    assert underlines == {"outer": 1, "inner": 0}


def test_the_fragments_of_a_span_share_a_row_that_nothing_between_them_takes() -> None:
    text = "the old white big house stood"
    parted = SpanItem("parted", fragments_of((4, 7), (18, 23)), "FAC", "FAC", "blue")
    between = a_span("between", 8, 13, "ORG")
    drawing = scene_of(Article(text, tokens_of(text), (parted, between))).drawing(0)
    figure = drawing.by_id["parted"]
    assert {piece.row for piece in figure.pieces} == {1}
    assert [row for *_, row in figure.joins] == [1]
    assert drawing.by_id["between"].pieces[0].row == 0


@given(st.lists(SPAN, max_size=25), st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=15))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_spans_and_relations_are_laid_out_without_overlaps(
    drawn: list[tuple[int, int, str]], joined: list[tuple[int, int]]
) -> None:
    spans = {}
    for number, (start, length, state) in enumerate(drawn):
        end = min(len(TEXT), start + length)
        item = a_span(f"s{number}", start, end, "GPE" if number % 2 else "PERSON", state=state)
        if number % 5 == 4 and end - start > 6:
            item = SpanItem(
                item.id, (Fragment(start, start + 2), Fragment(end - 2, end)), "ORG", "ORG", "teal"
            )
        spans[item.id] = item
    relations = tuple(
        a_relation(f"r{number}", f"s{head}", f"s{child}", symmetric=number % 3 == 0)
        for number, (head, child) in enumerate(joined)
    )
    scene = scene_of(Article(TEXT, tokens_of(TEXT), tuple(spans.values()), relations))
    for block in range(len(scene.blocks)):
        _check(scene.drawing(block), relations)


EDIT = st.tuples(st.sampled_from(["add", "drop", "relabel", "hide", "join"]), st.integers(0, 10_000))


@given(st.lists(EDIT, max_size=30))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_edits_leave_the_spans_as_if_they_had_always_been_so(edits: list[tuple[str, int]]) -> None:
    tokens = tokens_of(TEXT)
    scene = scene_of(Article(TEXT, tokens))
    spans: dict[str, SpanItem] = {}
    relations: dict[str, RelationItem] = {}
    for act, number in edits:
        names = list(spans)
        chosen = names[number % len(names)] if names else ""
        if act == "add" or not chosen:
            first = number % (len(tokens) - 3)
            item = a_span(f"n{number}", tokens.starts[first], tokens.ends[first + number % 3], "GPE")
            spans[item.id] = item
        elif act == "drop":
            del spans[chosen]
        elif act == "relabel":
            spans[chosen] = replace(spans[chosen], label="ORG", shown="ORGANISATION")
        elif act == "hide":
            spans[chosen] = replace(spans[chosen], state="rejected")
        else:
            relations[f"j{number}"] = a_relation(f"j{number}", chosen, names[number // 7 % len(names)])
        scene.replace_items(tuple(spans.values()), tuple(relations.values()))
        scene.drawing(number % len(scene.blocks))
    fresh = scene_of(Article(TEXT, tokens, tuple(spans.values()), tuple(relations.values())))
    for block in range(len(scene.blocks)):
        edited, made = scene.drawing(block), fresh.drawing(block)
        _check(edited, tuple(relations.values()))
        assert _spans_of(edited) == _spans_of(made)
        assert {(each.relation.id, each.line) for each in edited.connectors} == {
            (each.relation.id, each.line) for each in made.connectors
        }


def _spans_of(drawing: Drawing) -> list[tuple[object, ...]]:
    return [
        (figure.item, [(piece.line, piece.left, piece.right, piece.row) for piece in figure.pieces])
        + ((figure.tag.row, figure.tag.left, figure.tag.words) if figure.tag is not None else ())
        for figure in drawing.spans
    ]


def test_dense_random_articles_keep_to_the_rules() -> None:
    scene = scene_of(annotated(prose(10), spans=250, relations=120))
    for block in range(len(scene.blocks)):
        _check(scene.drawing(block), scene.article.relations)


def _check(drawing: Drawing, relations: tuple[RelationItem, ...]) -> None:
    for above, below in pairwise(drawing.lines):
        assert above.bottom == below.top
    assert drawing.lines[-1].bottom <= drawing.height
    tags = [figure.tag for figure in drawing.spans if figure.tag is not None]
    for one, other in combinations(tags, 2):
        if one.line == other.line:
            assert not one.box.intersects(other.box)
    for tag in tags:
        line = drawing.lines[tag.line]
        assert line.top <= tag.box.top()
        assert tag.box.bottom() <= line.baseline
    pieces = [piece for figure in drawing.spans for piece in figure.pieces]
    for first, second in combinations(pieces, 2):
        if (first.line, first.row) == (second.line, second.row):
            assert first.right <= second.left + 0.5 or second.right <= first.left + 0.5
    for connector in drawing.connectors:
        line = drawing.lines[connector.line]
        assert line.top <= connector.run_y < line.baseline
        assert connector.relation in relations
    for left, right in combinations(drawing.connectors, 2):
        if (left.line, left.level) == (right.line, right.level):
            assert left.right <= right.left or right.right <= left.left
