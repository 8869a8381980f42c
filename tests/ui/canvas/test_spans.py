"""Spans that touch are told apart: nested, equal and crossing ones, fragments, edges, in geometry and in pixels."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage

from annotator.model.annotation import fragments_of
from annotator.ui.canvas.figures import Drawing, SpanFigure, Tag
from annotator.ui.canvas.items import Article, SpanItem
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import DARK, LIGHT, Theme
from tests.ui.canvas.articles import a_span, prose, tokens_of
from tests.ui.canvas.conftest import MakeView

TEXT = "The University of New York State Hospital opened."
UNIVERSITY, NEW, HOSPITAL = TEXT.index("University"), TEXT.index("New"), TEXT.index(" opened")
STATE = TEXT.index(" Hospital")


def picture(view: ArticleView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def figure_of(view: ArticleView, item: str) -> tuple[Drawing, SpanFigure]:
    drawing = view.scene.drawing(view.scene.index.home(view.scene.index.spans[item]))
    return drawing, drawing.by_id[item]


def tag_of(view: ArticleView, item: str) -> Tag:
    tag = figure_of(view, item)[1].tag
    assert tag is not None
    return tag


def row_colors(
    view: ArticleView, image: QImage, *, row: int, left: float, right: float, line: int = 0
) -> list[str]:
    """List the colours of an underline row between two places of the first block, a pixel in from each."""
    drawing, metrics = view.scene.drawing(0), view.scene.style.metrics
    y = view.scroller.top_of(0) + drawing.lines[line].baseline + metrics.descent + row * metrics.row_pitch
    columns = range(view.left + round(left) + 2, view.left + round(right) - 2)
    return [image.pixelColor(x, y).name() for x in columns]


def line_color(theme: Theme, color: str) -> str:
    return QColor(theme.hues[color].line).name()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((UNIVERSITY, HOSPITAL), (NEW, STATE)),  # nested
        ((UNIVERSITY, STATE), (NEW, HOSPITAL)),  # crossing
        ((NEW, STATE), (NEW, STATE)),  # equal
        ((UNIVERSITY, STATE), (UNIVERSITY, HOSPITAL)),  # with the same begin
    ],
    ids=["nested", "crossing", "equal", "same begin"],
)
def test_spans_that_share_words_have_their_own_lines_and_tags(
    one: tuple[int, int], other: tuple[int, int], theme: Theme, make_view: MakeView
) -> None:
    spans = (a_span("one", *one, "ORG"), a_span("other", *other, "GPE"))
    view = make_view(Article(TEXT, tokens_of(TEXT), spans), height=160)
    view.set_theme(theme)
    image = picture(view)
    rows = set()
    for item, color in (("one", "teal"), ("other", "orange")):
        figure = figure_of(view, item)[1]
        (piece,) = figure.pieces
        rows.add(piece.row)
        # Its whole line is seen, also where the other one lies over the same words.
        found = row_colors(view, image, row=piece.row, left=piece.left, right=piece.right)
        assert set(found) == {line_color(theme, color)}
    assert rows == {0, 1}
    tags = [tag_of(view, item) for item in ("one", "other")]
    assert not tags[0].box.intersects(tags[1].box)
    for tag, item in zip(tags, ("one", "other"), strict=True):
        (piece,) = figure_of(view, item)[1].pieces
        assert piece.left - 2 <= tag.left <= piece.right
        if tag.row:  # a stem leads from a raised tag down to its words
            drawing, _ = figure_of(view, item)
            x = view.left + int(tag.anchor)
            low = view.scroller.top_of(0) + drawing.lines[0].baseline - view.scene.style.metrics.ascent - 2
            page = QColor(theme.page).name()
            assert any(image.pixelColor(x + off, low).name() != page for off in (-1, 0, 1))


def test_a_click_reaches_every_one_of_equal_spans(make_view: MakeView) -> None:
    spans = tuple(a_span(label, NEW, STATE, label) for label in ("ORG", "GPE", "FAC"))
    view = make_view(Article(TEXT, tokens_of(TEXT), spans), height=200)
    assert sorted(figure_of(view, label)[1].pieces[0].row for label in ("ORG", "GPE", "FAC")) == [0, 1, 2]
    for label in ("ORG", "GPE", "FAC"):
        box = tag_of(view, label).box.center().toPoint()
        box.setX(box.x() + view.left)
        box.setY(box.y() + view.scroller.top_of(0))
        hit = view.hit.at(QPointF(box))
        assert hit is not None
        assert hit.id == label


def test_fragments_are_joined_by_dots_and_the_words_between_are_not_theirs(make_view: MakeView) -> None:
    parted = SpanItem("s", fragments_of((UNIVERSITY, UNIVERSITY + 10), (NEW, STATE)), "ORG", "ORG", "teal")
    view = make_view(Article(TEXT, tokens_of(TEXT), (parted,)), height=160)
    image = picture(view)
    figure = figure_of(view, "s")[1]
    first, last = figure.pieces
    teal = line_color(LIGHT, "teal")
    for piece in (first, last):
        assert set(row_colors(view, image, row=0, left=piece.left, right=piece.right)) == {teal}
    ((line, left, right, row),) = figure.joins
    assert (line, row) == (0, 0)
    assert left == pytest.approx(first.right, abs=1)
    assert right == pytest.approx(last.left, abs=1)
    between = row_colors(view, image, row=0, left=left, right=right)
    page = QColor(LIGHT.page).name()
    gaps = sum(color == page for color in between)
    assert 0.2 * len(between) < gaps < 0.8 * len(between)
    changes = sum(one != other for one, other in pairwise(between))
    assert changes > len(between) / 4  # many dots, not a line with a hole
    # No tint behind the words between: they are not labelled.
    y = (
        view.scroller.top_of(0)
        + view.scene.drawing(0).lines[0].baseline
        - view.scene.style.metrics.ascent
        + 1
    )
    tint = QColor(LIGHT.hues["teal"].tint).name()
    columns = range(view.left + round(left) + 3, view.left + round(right) - 3)
    assert tint not in {image.pixelColor(x, y).name() for x in columns}


def test_dots_run_on_over_the_end_of_a_line(make_view: MakeView) -> None:
    text = prose(1, words=40)
    tokens = tokens_of(text)
    parted = SpanItem(
        "s",
        fragments_of((tokens.starts[0], tokens.ends[0]), (tokens.starts[30], tokens.ends[30])),
        "ORG",
        "ORG",
        "teal",
    )
    view = make_view(Article(text, tokens, (parted,)), width=560, height=300)
    drawing, figure = figure_of(view, "s")
    first, last = figure.pieces
    assert last.line > first.line + 1
    assert [line for line, *_ in figure.joins] == list(range(first.line, last.line + 1))
    by_line = {line: (left, right) for line, left, right, _ in figure.joins}
    assert by_line[first.line][0] == pytest.approx(first.right, abs=1)
    assert by_line[last.line][1] == pytest.approx(last.left, abs=1)
    for line in range(first.line + 1, last.line):
        assert by_line[line][0] == pytest.approx(drawing.text.lines[line].left, abs=1)
        assert by_line[line][1] == pytest.approx(drawing.text.lines[line].right, abs=6)
    image = picture(view)
    teal = line_color(LIGHT, "teal")
    for line, (left, right) in by_line.items():
        found = row_colors(view, image, row=0, left=left, right=right, line=line)
        assert teal in found
        assert QColor(LIGHT.page).name() in found


@pytest.mark.parametrize("paragraphs", [3, 30])
def test_dots_run_through_all_paragraphs_between(paragraphs: int, make_view: MakeView) -> None:
    text = prose(paragraphs, words=12).replace("\n", "\n\n")
    tokens = tokens_of(text)
    ends = fragments_of((tokens.starts[2], tokens.ends[2]), (tokens.starts[-3], tokens.ends[-3]))
    view = make_view(Article(text, tokens, (SpanItem("s", ends, "ORG", "ORG", "teal"),)))
    heights = [view.scene.drawing(block).height for block in range(len(view.scene.blocks))]
    for block in range(len(view.scene.blocks)):
        drawing = view.scene.drawing(block)
        figure = drawing.by_id["s"]
        lines = {line for line, *_ in figure.joins}
        if view.scene.blocks.numbers[block]:
            assert lines == set(range(len(drawing.text.lines)))
        assert bool(figure.pieces) == (block in (0, len(view.scene.blocks) - 1))
        assert (figure.tag is not None) == (block == 0)
    assert view.scene.index.spans_in(2) == [view.scene.index.spans["s"]]
    view.set_items((), ())
    assert view.scene.index.spans_in(2) == []
    assert [view.scene.drawing(block).height for block in range(len(view.scene.blocks))] == heights


@pytest.mark.parametrize("text", ["אמר שלום עולם היום", "قال مرحبا يا عالم اليوم"])
def test_a_right_to_left_tag_ends_where_its_span_begins(text: str, make_view: MakeView) -> None:
    tokens = tokens_of(text)
    spans = (
        a_span("words", tokens.starts[1], tokens.ends[2], "GPE"),
        a_span("letter", tokens.starts[3], tokens.starts[3] + 1, "ORG"),
    )
    view = make_view(Article(text, tokens, spans))
    for item, _start in (("words", 1), ("letter", 3)):
        figure = figure_of(view, item)[1]
        (piece,) = figure.pieces
        tag = tag_of(view, item)
        first = view.scene.drawing(0).text.pieces(figure.item.start, figure.item.start + 1)[0]
        assert piece.right == pytest.approx(first.right, abs=1)
        assert tag.right == pytest.approx(piece.right + 1, abs=0.5)


def test_a_latin_name_in_hebrew_keeps_its_tag_at_its_left(make_view: MakeView) -> None:
    text = "אמר Ada Lovelace היום"
    start = text.index("Ada")
    view = make_view(Article(text, tokens_of(text), (a_span("s", start, start + 12),)))
    (piece,) = figure_of(view, "s")[1].pieces
    assert tag_of(view, "s").left == pytest.approx(piece.left - 1, abs=0.5)


@pytest.mark.parametrize(
    ("text", "cut", "edges"),
    [
        ("Some wordy names here", (6, 16), ["left"]),
        ("Some wordy names here", (5, 13), ["right"]),
        ("Some wordy names here", (6, 13), ["left", "right"]),
        ("אמר שלום עולם היום", (5, 13), ["right"]),
        ("אמר שלום עולם היום", (4, 12), ["left"]),
        ("אמר שלום עולם היום", (5, 12), ["left", "right"]),
    ],
)
def test_the_zigzag_stands_at_the_edge_that_cuts_a_word(
    text: str, cut: tuple[int, int], edges: list[str], make_view: MakeView
) -> None:
    view = make_view(Article(text, tokens_of(text), (a_span("s", *cut, learnable=False),)))
    (piece,) = figure_of(view, "s")[1].pieces
    assert zigzags(view) == [
        pytest.approx(piece.left if edge == "left" else piece.right, abs=2) for edge in edges
    ]


def test_the_zigzag_stands_at_the_inner_edge_of_a_fragment_too(make_view: MakeView) -> None:
    text = "Some wordy names here"
    parted = SpanItem("s", fragments_of((0, 3), (11, 16)), "ORG", "ORG", "teal", learnable=False)
    view = make_view(Article(text, tokens_of(text), (parted,)))
    assert zigzags(view) == [pytest.approx(figure_of(view, "s")[1].pieces[0].right, abs=2)]


def zigzags(view: ArticleView) -> list[float]:
    """Find the zigzags in the picture of the first line: their middles, from the text's left edge."""
    image = picture(view)
    bad = QColor(LIGHT.bad)
    metrics, line = view.scene.style.metrics, view.scene.drawing(0).lines[0]
    high, low = line.highlight(metrics.ascent, metrics.descent)
    top = view.scroller.top_of(0)

    def is_red(x: int, y: int) -> bool:
        color = image.pixelColor(x, y)
        return (
            abs(color.red() - bad.red()) + abs(color.green() - bad.green()) + abs(color.blue() - bad.blue())
            < 90
        )

    red = [x for x in range(image.width()) if any(is_red(x, y) for y in range(top + high, top + low))]
    groups: list[list[int]] = []
    for x in red:
        if groups and x - groups[-1][-1] <= 3:
            groups[-1].append(x)
        else:
            groups.append([x])
    return [(group[0] + group[-1] + 1) / 2 - view.left for group in groups]
