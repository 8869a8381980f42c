"""What Qt is handed for the article, its paragraphs, spans and relations: names, places, states, and pressing.

Each looks everything up when it is asked, and answers for itself whether what it stands for is still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from annotator.ui.canvas.items import SpanItem
from annotator.ui.canvas.style import short_score

if TYPE_CHECKING:
    from annotator.ui.canvas.accessible import ArticleTree
    from annotator.ui.canvas.scene import Scene
    from annotator.ui.canvas.surface import ArticleSurface

Key = int | str
"""A block by its index, or a span or relation by its id."""
_Ends = list[tuple[QAccessibleInterface, QAccessible.RelationFlag]]
_ALL = QAccessible.RelationFlag.AllRelations
# Qt takes None for "there is none", which its stubs leave out.
_NOTHING: QAccessibleInterface = None  # type: ignore[assignment]
_NO_OBJECT: QObject = None  # type: ignore[assignment]


def item_words(scene: Scene, item: str) -> str:
    """Tell a span (`Jeddah, GPE, candidate, .81`) or a relation (head, type, child, state); empty if it is gone."""
    index = scene.index
    span, relation = index.spans.get(item), index.relations.get(item)
    if span is not None:
        told = [_words(scene, span), span.shown, span.state]
        told += [short_score(span.score)] if span.score is not None else []
        told += ["not learnable"] if not span.learnable else []
        told += [f"{span.readings} readings"] if span.readings > 1 else []
        told += ["has a note"] if span.noted else []
        told += ["labelled otherwise elsewhere"] if span.otherwise else []
        told += ["flagged"] if span.flagged else []
    elif relation is not None:
        ends = (index.spans.get(relation.head), index.spans.get(relation.child))
        head, child = ("" if end is None else _words(scene, end) for end in ends)
        told = [head, relation.shown, child, "relation", relation.state]
        told += [short_score(relation.score)] if relation.score is not None else []
        told += ["does not fit the schema"] if relation.illegal else []
    else:
        told = []
    return ", ".join(told)


def _words(scene: Scene, span: SpanItem) -> str:
    return " ".join(scene.words_of(span).split())


class DocumentNode(QAccessibleWidget):
    """The article view itself."""

    def __init__(self, tree: ArticleTree, surface: ArticleSurface) -> None:
        super().__init__(surface, QAccessible.Role.Document)
        self._tree = tree

    def childCount(self) -> int:
        return len(self._tree.blocks())

    def child(self, index: int) -> QAccessibleInterface:
        """Give the nth child."""
        return _nth(self._tree, self._tree.blocks(), index)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return _index(self._tree.blocks(), child)

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        point, surface = _inside(self._tree, x, y), self._tree.surface
        found = surface.hit.block_at(point.y()) if point is not None and surface is not None else None
        if found is None or found[0].block not in self._tree.blocks():
            return _NOTHING
        return _given(self._tree.node(found[0].block))

    def focusChild(self) -> QAccessibleInterface:
        if self._tree.surface is None or not self._tree.surface.hasFocus():
            return _NOTHING
        return self._tree.node(self._tree.chosen()) or self

    def state(self) -> QAccessible.State:
        """Tell what state it is in."""
        state = super().state()
        state.readOnly = True
        state.multiLine = True
        return state


class Node(QAccessibleWidget):
    """Something in the article. It is made over the view for Qt's sake, and is not the view.

    `interface_cast` must not be overridden: Qt's own is what lets `actionNames` and `doAction` be found.
    """

    key: Key
    number = 0
    """The id under which Qt knows it."""

    def __init__(self, tree: ArticleTree, role: QAccessible.Role) -> None:
        assert tree.surface is not None
        super().__init__(tree.surface, role)
        self._tree = tree
        self._role = role

    def name(self) -> str:
        """Give what a screen reader says."""
        raise NotImplementedError

    def place(self, surface: ArticleSurface) -> QRect:
        """Give where it lies, in pixels of the viewport."""
        raise NotImplementedError

    def object(self) -> QObject:
        """Give no object: only the document is a widget."""
        return _NO_OBJECT

    def isValid(self) -> bool:
        return self._tree.is_there(self.key)

    def role(self) -> QAccessible.Role:
        """Tell what kind of thing it is."""
        return self._role

    def text(self, wanted: QAccessible.Text) -> str:
        """Give its name; other texts are empty."""
        return self.name() if wanted is QAccessible.Text.Name and self.isValid() else ""

    def rect(self) -> QRect:
        """Give where it lies on the screen; empty if it is gone."""
        surface = self._tree.surface
        if surface is None or not self.isValid():
            return QRect()
        place = self.place(surface)
        return QRect(surface.viewport().mapToGlobal(place.topLeft()), place.size())

    def state(self) -> QAccessible.State:
        """Tell what state it is in."""
        state = QAccessible.State()
        surface = self._tree.surface
        if surface is None or not self.isValid():
            state.invalid = True
            return state
        state.readOnly = True
        state.focusable = True
        state.invisible = not surface.isVisible()
        state.offscreen = not self.place(surface).intersects(surface.viewport().rect())
        state.focused = surface.hasFocus() and self._tree.chosen() == self.key
        return state

    def childCount(self) -> int:
        return 0

    def child(self, _index: int) -> QAccessibleInterface:
        """Give no child."""
        return _NOTHING

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        return -1

    def childAt(self, _x: int, _y: int) -> QAccessibleInterface:
        return _NOTHING

    def focusChild(self) -> QAccessibleInterface:
        return _NOTHING

    def relations(self, _match: QAccessible.RelationFlag = _ALL) -> _Ends:
        """List no other nodes."""
        return []

    def actionNames(self) -> list[str]:
        return []

    def keyBindingsForAction(self, _name: str) -> list[str]:
        return []

    def doAction(self, name: str) -> None:
        """Do nothing, unless a kind of node has actions."""


class BlockNode(Node):
    """A paragraph, or a piece of a very long one."""

    def __init__(self, tree: ArticleTree, block: int) -> None:
        super().__init__(tree, QAccessible.Role.Paragraph)
        self.key = self._block = block

    def name(self) -> str:
        """Give its text."""
        surface = self._tree.surface
        if surface is None:
            return ""
        blocks = surface.scene.blocks
        return surface.scene.text[blocks.starts[self._block] : blocks.ends[self._block]]

    def place(self, surface: ArticleSurface) -> QRect:
        """Give its box, tags and arcs included."""
        height = surface.scene.drawing(self._block).height
        return QRect(surface.left, surface.scroller.top_of(self._block), surface.scene.measure, height)

    def parent(self) -> QAccessibleInterface:
        """Give what holds it."""
        return _given(self._tree.document)

    def childCount(self) -> int:
        return len(self._tree.items(self._block))

    def child(self, index: int) -> QAccessibleInterface:
        """Give the nth child."""
        return _nth(self._tree, self._tree.items(self._block), index)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return _index(self._tree.items(self._block), child)

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        point, surface = _inside(self._tree, x, y), self._tree.surface
        hit = surface.hit.at(point) if point is not None and surface is not None else None
        if hit is None or hit.id not in self._tree.items(self._block):
            return _NOTHING
        return _given(self._tree.node(hit.id))


class ItemNode(Node):
    """A span or a relation. Pressing it selects it, as a click does."""

    def __init__(self, tree: ArticleTree, item: str) -> None:
        super().__init__(tree, QAccessible.Role.ListItem)
        self.key = self._item = item

    def name(self) -> str:
        """Tell words, label and state."""
        return item_words(self._tree.surface.scene, self._item) if self._tree.surface is not None else ""

    def place(self, surface: ArticleSurface) -> QRect:
        """Give the box of its first line with its tag, or of a relation's word."""
        return surface.hit.rect_of(self._item)

    def text(self, wanted: QAccessible.Text) -> str:
        """Give its name, or what hovering over it says as its description."""
        surface = self._tree.surface
        if wanted is not QAccessible.Text.Description or surface is None:
            return super().text(wanted)
        index = surface.scene.index
        item = index.spans.get(self._item) or index.relations.get(self._item)
        return item.tooltip if item is not None else ""

    def parent(self) -> QAccessibleInterface:
        """Give what holds it."""
        return _given(self._tree.node(self._tree.block_of(self._item)) or self._tree.document)

    def state(self) -> QAccessible.State:
        """Tell what state it is in."""
        state = super().state()
        surface = self._tree.surface
        if surface is not None and not state.invalid:
            state.selectable = True
            state.selected = surface.state.selection.id == self._item
        return state

    def relations(self, match: QAccessible.RelationFlag = _ALL) -> _Ends:
        """List head (it flows from there) and child (it flows there) of a relation."""
        surface = self._tree.surface
        item = surface.scene.index.relations.get(self._item) if surface is not None else None
        if item is None:
            return []
        wanted = (
            (item.head, QAccessible.RelationFlag.FlowsFrom),
            (item.child, QAccessible.RelationFlag.FlowsTo),
        )
        ends = ((self._tree.node(end), flag) for end, flag in wanted if match & flag)
        return [(node, flag) for node, flag in ends if node is not None and node.isValid()]

    def actionNames(self) -> list[str]:
        return [self.pressAction()]

    def doAction(self, name: str) -> None:
        surface = self._tree.surface
        if name == self.pressAction() and surface is not None:
            # What follows may end this very interface; so it waits until Qt is through with it.
            QTimer.singleShot(0, surface, lambda: surface.press_item(self._item))


def _given(node: QAccessibleInterface | None) -> QAccessibleInterface:
    return _NOTHING if node is None else node


def _nth(tree: ArticleTree, keys: Sequence[Key], index: int) -> QAccessibleInterface:
    return _given(tree.node(keys[index]) if 0 <= index < len(keys) else None)


def _index(keys: Sequence[Key], child: QAccessibleInterface) -> int:
    return keys.index(child.key) if isinstance(child, Node) and child.key in keys else -1


def _inside(tree: ArticleTree, x: int, y: int) -> QPointF | None:
    """Give a place of the screen in pixels of the viewport, None outside it."""
    if tree.surface is None or not tree.surface.isVisible():
        return None
    viewport = tree.surface.viewport()
    point = viewport.mapFromGlobal(QPoint(x, y))
    return QPointF(point) if viewport.rect().contains(point) else None
