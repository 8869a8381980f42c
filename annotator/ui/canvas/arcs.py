"""Paints relations: arcs, the parts of rails on each line, rails in the margins, chips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from annotator.ui.canvas.figures import Connector, Drawing, Foot
from annotator.ui.canvas.items import RelationItem
from annotator.ui.canvas.rails import Upright, uprights
from annotator.ui.canvas.state import DIMMED_FIGURE, OTHER_RELATIONS, ViewState
from annotator.ui.canvas.strokes import DASH, DOT, dashed, joining_dashes

if TYPE_CHECKING:
    from annotator.ui.canvas.scene import Scene

PLAIN = 1.2
CHOSEN = 1.8
HOVERED = 1.5
"""A hovered line is a little thicker, since its ink is no other in high contrast."""
_PATTERNS = {"candidate": DASH, "rejected": DOT}


class ArcPainter:
    """Paints the relations of one paint event, the selected ones last."""

    def __init__(self, painter: QPainter, scene: Scene, state: ViewState) -> None:
        self.painter = painter
        self.scene = scene
        self.state = state
        self.style = scene.style
        self.color = scene.style.color
        self._share = 1.0
        self._sets_apart = state.sets_relations_apart(scene.index)
        fonts = QFontMetricsF(self.style.arc_font)
        self._drop = (fonts.ascent() - fonts.descent()) / 2

    def paint_block(self, drawing: Drawing) -> None:
        """Paint what lies inside a block: arcs, chips, and rails as far as the margin."""
        if not drawing.connectors:
            return
        self.painter.setFont(self.style.arc_font)
        for connector in sorted(drawing.connectors, key=self._rank):
            self._share = self._strength(connector.relation)
            self._paint_connector(connector)

    def paint_rails(self, seen: list[tuple[Drawing, int]]) -> None:
        """Paint the upright parts of the rails beside the blocks on screen, each with its top."""
        relations = self.scene.index.relations
        rails = uprights(self.scene, seen)
        for upright in sorted(rails, key=lambda each: self._own_rank(relations[each.relation])):
            relation = relations[upright.relation]
            self._share = self._strength(relation)
            self._paint_upright(relation, upright)

    def _rank(self, connector: Connector) -> int:
        return self._own_rank(connector.relation)

    def _own_rank(self, relation: RelationItem) -> int:
        return (
            2 if relation.id in (self.state.selection.id, self.state.hovered) else self.state.is_own(relation)
        )

    def _strength(self, relation: RelationItem) -> float:
        state = self.state
        if state.is_hinting or state.word_hints:
            return DIMMED_FIGURE
        if self._sets_apart and not state.is_own(relation) and state.hovered != relation.id:
            return 0.8 if self.style.is_high_contrast else OTHER_RELATIONS
        return 1.0

    def _ink(self, relation: RelationItem) -> QColor:
        if self.state.is_own(relation) and not self.state.is_hinting:
            return self._faded("accent")
        if relation.id == self.state.hovered:
            return self._faded("ink")
        return self._faded("bad" if relation.illegal else "arc")

    def _faded(self, token: str) -> QColor:
        """Give a colour as weak as what is painted now; mixed, since words must hide the line under them."""
        color = self.color[token]
        return color if self._share == 1.0 else self.style.blend(color, self._share)

    def _width(self, relation: RelationItem) -> float:
        width = CHOSEN if relation.id == self.state.selection.id else PLAIN
        if relation.id == self.state.hovered:
            width = max(width, HOVERED)
        return width * self.style.metrics.scale

    def _paint_upright(self, relation: RelationItem, upright: Upright) -> None:
        painter, width = self.painter, self._width(relation)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ink(relation))
        pattern = _PATTERNS.get(relation.state)
        if pattern is None:
            top, bottom = upright.parts[0][0], upright.parts[-1][1]
            painter.drawRect(QRectF(upright.x - width / 2, top, width, bottom - top))
            return
        for top, bottom in upright.parts:
            painter.drawRects(joining_dashes(top, bottom, upright.x, width=width, pattern=pattern))

    def _paint_connector(self, connector: Connector) -> None:
        painter, relation = self.painter, connector.relation
        width, pattern = self._width(relation), _PATTERNS.get(relation.state)
        if pattern is None:
            pen = QPen(self._ink(relation), width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(connector.path, pen)
        else:
            outline = connector.outlines.get(width)
            if outline is None:
                outline = connector.outlines[width] = dashed(connector.path, width=width, pattern=pattern)
            painter.fillPath(outline, self._ink(relation))
        if connector.sign:
            painter.setPen(QPen(self._ink(relation), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(connector.sign)
        for foot in connector.feet:
            self._paint_head(relation, foot)
        if connector.words:
            self._paint_words(connector)

    def _paint_words(self, connector: Connector) -> None:
        painter, relation = self.painter, connector.relation
        box = connector.box
        own = self.state.is_own(relation) and not self.state.is_hinting
        if connector.kind == "chip":
            self._paint_chip(connector, own=own)
            left = box.left() + self.style.metrics.corner + 2
        else:
            painter.fillRect(box.adjusted(-3, 1, 3, -1), self.color["page"])
            left = box.left()
        word = self._ink(relation) if own or relation.illegal else self._faded("arc_word")
        painter.setPen(self._faded("ink") if relation.id == self.state.hovered and not own else word)
        painter.drawText(QPointF(left, box.center().y() + self._drop), connector.words)
        if relation.state == "rejected":
            y = box.center().y()
            painter.drawLine(QPointF(left, y), QPointF(box.right(), y))

    def _paint_chip(self, connector: Connector, *, own: bool) -> None:
        """Draw the box of a chip: solid, in dashes, or none where it is rejected, as lines are."""
        painter, relation = self.painter, connector.relation
        box = connector.box.adjusted(0.5, 0.5, -0.5, -0.5)
        lit = own or relation.id == self.state.hovered
        ink = self._ink(relation) if lit else self.style.blend(self._faded("arc"), 0.7)
        width = 1.0 if relation.id != self.state.selection.id else CHOSEN * self.style.metrics.scale
        is_solid = relation.state == "accepted"
        painter.setPen(QPen(ink, width) if is_solid else Qt.PenStyle.NoPen)
        painter.setBrush(self.color["page"])
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        if relation.state == "candidate":
            border = QPainterPath()
            border.addRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.fillPath(dashed(border, width=width), ink)

    def _paint_head(self, relation: RelationItem, foot: Foot) -> None:
        """Draw the sign at a foot: an arrow at the child's, a dot at both of a symmetric one."""
        if not relation.symmetric and foot.end == "head":
            return
        painter, metrics = self.painter, self.style.metrics
        ink = self._ink(relation)
        hollow = relation.state != "accepted"
        painter.setPen(QPen(ink, 1.1 * metrics.scale) if hollow else Qt.PenStyle.NoPen)
        painter.setBrush(self.color["page"] if hollow else ink)
        if relation.symmetric:
            radius = 2.25 * metrics.scale
            away = radius + 0.25
            painter.drawEllipse(QPointF(foot.x, foot.y + (away if foot.hangs else -away)), radius, radius)
            return
        half = 0.4375 * metrics.arrow
        away = -1 if foot.hangs else 1
        top = foot.y - away * metrics.arrow
        tip = foot.y - away * (0.75 if hollow else 0.25)
        painter.drawPolygon(
            QPolygonF([QPointF(foot.x - half, top), QPointF(foot.x + half, top), QPointF(foot.x, tip)])
        )
