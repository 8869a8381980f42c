"""Counts where the lines of relations cross in the sample articles, on what is really drawn.

`python -m tests.seeds.crossings [characters a line]` prints a table. A crossing is a place where lines of two
relations meet or lie on each other; a word is struck where another relation's line passes through it; a tag is struck
where a line passes behind one that is not its own.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, permutations
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.ui import fonts
from annotator.ui.canvas.items import Article, RelationItem, SpanItem
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.style import Style
from annotator.ui.theme import LIGHT

ROOT = Path(__file__).resolve().parents[2]
_NEAR = 4.0
"""Places of two lines nearer than this to each other are one crossing, as in a rounded corner."""

_COLUMNS = ("crossings", "words", "tags", "total", "height", "length")

Place = tuple[float, float]


@dataclass(slots=True)
class Drawn:
    """A relation as drawn in the whole article: its lines, the boxes of its words, the tags it may touch."""

    kinds: set[str] = field(default_factory=set)
    lines: list[list[Place]] = field(default_factory=list)
    words: list[QRectF] = field(default_factory=list)
    ends: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted in an article; `kinds` are relations by the way they are drawn."""

    crossings: int
    words: int
    tags: int
    kinds: dict[str, int]
    height: int
    length: int

    @property
    def total(self) -> int:
        """Give all blemishes."""
        return self.crossings + self.words + self.tags


def articles() -> dict[str, Article]:
    """Make what the article view draws of the gold annotation, by the name of the file."""
    schema = tomllib.loads((ROOT / "resources" / "schemas" / "news.toml").read_text(encoding="utf-8"))
    content = (ROOT / "seeds" / "gold.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in content.split("\n") if line]
    return {record["meta"]["source"]: _article(record, schema) for record in records}


def count(article: Article, *, characters: int = 75) -> Count:
    """Lay out an article and count; needs the fonts."""
    style = Style(LIGHT)
    scene = Scene(article, style, measure=style.measure(available=2000, characters=characters))
    drawn, tags, height = _drawn(scene)
    crossed = sum(meetings(one, other) for one, other in combinations(drawn.values(), 2))
    struck = sum(
        any(strikes(line, box.adjusted(1, 2, -1, -2)) for line in other.lines)
        for one, other in permutations(drawn.values(), 2)
        for box in one.words
    )
    behind = sum(
        any(strikes(line, box.adjusted(1, 1, -1, -1)) for line in each.lines)
        for each in drawn.values()
        for span, box in tags.items()
        if span not in each.ends
    )
    kinds: dict[str, int] = {}
    for each in drawn.values():
        for kind in each.kinds:
            kinds[kind] = kinds.get(kind, 0) + 1
    length = round(
        sum(
            abs(a[0] - b[0]) + abs(a[1] - b[1])
            for each in drawn.values()
            for line in each.lines
            for a, b in pairwise(line)
        )
    )
    return Count(crossed, struck, behind, kinds, height, length)


def table(*, characters: int = 75) -> str:
    """Count in all sample articles, and write it down with a sum."""
    counts = {name: count(article, characters=characters) for name, article in articles().items()}
    lines = ["".join([f"{'article':28}", *(f"{name:>10}" for name in _COLUMNS), "  ways"])]
    for name, each in counts.items():
        ways = ", ".join(f"{number} {kind}" for kind, number in sorted(each.kinds.items()))
        figures = "".join(f"{getattr(each, column):10}" for column in _COLUMNS)
        lines.append(f"{name:28}{figures}  {ways}")
    sums = "".join(f"{sum(getattr(each, column) for each in counts.values()):10}" for column in _COLUMNS)
    return "\n".join([*lines, f"{'all':28}{sums}"])


def _article(record: dict[str, Any], schema: dict[str, Any]) -> Article:
    colors = {each["name"]: each["color"] for each in schema["entity"]}
    symmetric = {each["name"]: bool(each["symmetric"]) for each in schema["relation"]}
    tokens = record["tokens"]
    spans = {
        (each["token_start"], each["token_end"]): SpanItem(
            f"s{number}",
            (Fragment(each["start"], each["end"]),),
            each["label"],
            each["label"],
            colors[each["label"]],
        )
        for number, each in enumerate(record["spans"])
    }
    relations = tuple(
        RelationItem(
            f"r{number}",
            spans[each["head_span"]["token_start"], each["head_span"]["token_end"]].id,
            spans[each["child_span"]["token_start"], each["child_span"]["token_end"]].id,
            each["label"],
            each["label"].replace("_", " ").lower(),
            symmetric=symmetric[each["label"]],
        )
        for number, each in enumerate(record["relations"])
    )
    return Article(
        record["text"],
        Tokens([each["start"] for each in tokens], [each["end"] for each in tokens], [0]),
        tuple(spans.values()),
        relations,
    )


def _drawn(scene: Scene) -> tuple[dict[str, Drawn], dict[str, QRectF], int]:
    """Lay out all blocks below each other; give relations and tags in one system of places, and the height."""
    found: dict[str, Drawn] = {}
    tags: dict[str, QRectF] = {}
    turns: dict[str, list[Place]] = {}
    top = 0
    for block in range(len(scene.blocks)):
        drawing = scene.drawing(block)
        origin = QPointF(0, top)
        for figure in drawing.spans:
            if figure.tag is not None:
                tags[figure.item.id] = figure.tag.box.translated(origin)
        for each in drawing.connectors:
            relation = each.relation
            own = found.setdefault(relation.id, Drawn(ends=(relation.head, relation.child)))
            own.kinds.add(each.kind)
            for polygon in each.path.translated(origin).toSubpathPolygons():
                own.lines.append([(point.x(), point.y()) for point in polygon.toList()])
            if each.words:
                own.words.append(each.box.translated(origin))
            if each.kind == "rail":
                turns.setdefault(relation.id, []).append((each.turn.x(), each.turn.y() + top))
        top += drawing.height
    for key, ends in turns.items():
        if len(ends) == 2:
            found[key].lines.append(ends)
    return found, tags, top


def meetings(one: Drawn, other: Drawn) -> int:
    """Count the places where lines of two relations cross or lie on each other."""
    places: list[Place] = []
    boxes = [_box(second) for second in other.lines]
    for first in one.lines:
        own = _box(first)
        for second, box in zip(other.lines, boxes, strict=True):
            if all(
                low < other_high and other_low < high
                for (low, high), (other_low, other_high) in zip(own, box, strict=True)
            ):
                places += _places(first, second)
    apart: list[Place] = []
    for x, y in places:
        if all(abs(x - other_x) > _NEAR or abs(y - other_y) > _NEAR for other_x, other_y in apart):
            apart.append((x, y))
    return len(apart)


def _box(line: Sequence[Place]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give between what a line lies across and down, with a pixel around it."""
    xs, ys = zip(*line, strict=True)
    return (min(xs) - 1, max(xs) + 1), (min(ys) - 1, max(ys) + 1)


def _places(first: Sequence[Place], second: Sequence[Place]) -> Iterator[Place]:
    for a, b in pairwise(first):
        for c, d in pairwise(second):
            if max(a[0], b[0]) < min(c[0], d[0]) - 1 or max(c[0], d[0]) < min(a[0], b[0]) - 1:
                continue
            if max(a[1], b[1]) < min(c[1], d[1]) - 1 or max(c[1], d[1]) < min(a[1], b[1]) - 1:
                continue
            place = _meeting(a, b, c, d)
            if place is not None:
                yield place


def _meeting(a: Place, b: Place, c: Place, d: Place) -> Place | None:
    """Give where two stretches cross, or the middle of where they lie on each other."""
    for axis, across in ((0, 1), (1, 0)):
        level = abs(a[across] - b[across]) < 0.01 and abs(c[across] - d[across]) < 0.01
        if level and abs(a[across] - c[across]) < 1.0:
            low = max(min(a[axis], b[axis]), min(c[axis], d[axis]))
            high = min(max(a[axis], b[axis]), max(c[axis], d[axis]))
            middle = (low + high) / 2
            found = (middle, a[1]) if axis == 0 else (a[0], middle)
            return found if high - low > 1.0 else None
    divisor = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
    if abs(divisor) < 1e-9:
        return None
    t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / divisor
    u = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / divisor
    if 0 <= t <= 1 and 0 <= u <= 1:
        return a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])
    return None


def strikes(line: Sequence[Place], box: QRectF) -> bool:
    """Tell whether a line passes through a box; its stretches are level or upright, but for short ones in corners."""
    left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
    return any(
        max(a[0], b[0]) > left
        and min(a[0], b[0]) < right
        and max(a[1], b[1]) > top
        and min(a[1], b[1]) < bottom
        for a, b in pairwise(line)
    )


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    app = QApplication.instance() or QApplication(list(sys.argv[:1]))
    fonts.load(hinting=QFont.HintingPreference.PreferNoHinting)
    print(table(characters=int(arguments[0]) if arguments else 75))
    app.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
