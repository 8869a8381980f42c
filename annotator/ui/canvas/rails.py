"""Gives the upright parts of rails beside some blocks, for painting and for finding what lies at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annotator.ui.canvas.figures import Drawing

if TYPE_CHECKING:
    from annotator.ui.canvas.lanes import LaneRun
    from annotator.ui.canvas.scene import Scene


class Upright(NamedTuple):
    """The upright part of a rail, as far as it lies beside given blocks.

    Args:
        relation: its id; upper, lower: the blocks of its ends.
        x: pixels from the text's left edge.
        parts: top and bottom beside each block, from above. Dashes begin anew in each, so that they never depend on
            what else is on screen.
    """

    relation: str
    upper: int
    lower: int
    x: float
    parts: list[tuple[float, float]]


def uprights(scene: Scene, seen: list[tuple[Drawing, int]]) -> list[Upright]:
    """Give the upright parts beside neighbouring composed blocks, each given with its top."""
    if not seen or scene.style.metrics.compact:
        return []
    rails = scene.routes.beside(seen[0][0].block, seen[-1][0].block)
    found = (_upright(scene, seen, rail) for rail in rails)
    return [upright for upright in found if upright is not None]


def _upright(scene: Scene, seen: list[tuple[Drawing, int]], rail: LaneRun) -> Upright | None:
    first, last = rail.upper[0], rail.lower[0]
    parts: list[tuple[float, float]] = []
    for drawing, top in seen:
        if not first <= drawing.block <= last:
            continue
        ends = (
            _turn(drawing, rail.relation, goes_down=True) if drawing.block == first else 0.0,
            _turn(drawing, rail.relation, goes_down=False) if drawing.block == last else drawing.height,
        )
        if ends[0] is not None and ends[1] is not None and ends[0] < ends[1]:
            parts.append((ends[0] + top, ends[1] + top))
    if not parts:
        return None
    x = scene.style.metrics.lane_x(rail.lane, measure=scene.measure)
    return Upright(rail.relation, first, last, x, parts)


def _turn(drawing: Drawing, relation: str, *, goes_down: bool) -> float | None:
    for each in drawing.connectors:
        if each.relation.id == relation and each.kind == "rail" and each.goes_down == goes_down:
            return each.turn.y()
    return None
