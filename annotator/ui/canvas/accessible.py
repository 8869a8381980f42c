"""The article for screen readers: a document of the paragraphs on screen, each with its spans and relations.

Qt keeps what is handed to it by id and may ask at any time; so everything made here is kept by an `ArticleTree`
until Qt is told that it is gone. What each of them answers stands in `accessible_nodes.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface

from annotator.ui.canvas.accessible_nodes import BlockNode, DocumentNode, ItemNode, Key, Node
from annotator.ui.canvas.items import RelationItem, SpanItem

if TYPE_CHECKING:
    from annotator.ui.canvas.surface import ArticleSurface

_SETTLE = 100
"""Milliseconds after which a change of what is on screen is told; a stream of changes is told once."""
_installed: list[object] = []


def install() -> None:
    """Let Qt ask here for the interfaces of article views; once is enough."""
    if not _installed:
        QAccessible.installFactory(_make_document)
        _installed.append(_make_document)


class ArticleTree:
    """The interfaces of one article view: made when asked for, kept while they are on screen.

    Nothing is made, and nothing is worked out, where no assistive technology asks.
    """

    def __init__(self, surface: ArticleSurface) -> None:
        self.surface: ArticleSurface | None = surface
        self.document: DocumentNode | None = None
        self._nodes: dict[Key, Node] = {}
        self._names: dict[Key, str] = {}
        self._later = QTimer(surface)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLE)
        self._later.timeout.connect(self.follow)
        surface.destroyed.connect(self._on_destroyed)

    def take_over(self) -> None:
        """Stand in for the interface that Qt gave the view while it was being made, if it did."""
        if self.surface is None or not QAccessible.isActive():
            return
        given = QAccessible.queryAccessibleInterface(self.surface)
        if not isinstance(given, DocumentNode):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(given))

    # ------------------------------------------------------------------ what is there

    def blocks(self) -> list[int]:
        """List the blocks that are on screen and not blank, and the one that holds the selection."""
        surface = self.surface
        if surface is None or not surface.has_article:
            return []
        found = {drawing.block for drawing, _ in surface.scroller.visible()}
        chosen = self.chosen_block()
        if chosen is not None:
            found.add(chosen)
        return sorted(block for block in found if surface.scene.blocks.numbers[block])

    def items(self, block: int) -> list[str]:
        """List what is drawn in a block in reading order: spans, a relation right after its later end."""
        surface = self.surface
        if surface is None or not surface.has_article:
            return []
        index = surface.scene.index
        found: list[str] = []
        for span in sorted(index.spans_in(block), key=_place):
            if index.home(span) != block:
                continue
            found.append(span.id)
            found += [each.id for each in index.relations_of(span.id) if self._later_end(each) is span]
        return found

    def block_of(self, item: str) -> int | None:
        """Give the block to which a drawn span or relation belongs, None if there is no such thing."""
        if self.surface is None:
            return None
        index = self.surface.scene.index
        relation = index.relations.get(item)
        if relation is not None:
            span = self._later_end(relation) if index.is_drawn(relation) else None
        else:
            span = index.spans.get(item)
        return index.home(span) if span is not None and index.filter.shows_span(span) else None

    def chosen(self) -> Key | None:
        """Give what is selected: a span or relation, the block of a stretch of text, or None."""
        if self.surface is None:
            return None
        selection = self.surface.state.selection
        return selection.id if self.block_of(selection.id) is not None else self.chosen_block()

    def chosen_block(self) -> int | None:
        """Give the block that holds the selection, or None without one."""
        if self.surface is None:
            return None
        selection = self.surface.state.selection
        if selection.id:
            return self.block_of(selection.id)
        return self.surface.scene.blocks.at(selection.fragments[0].start) if selection.fragments else None

    def _later_end(self, relation: RelationItem) -> SpanItem | None:
        spans = self.surface.scene.index.spans if self.surface is not None else {}
        ends = [spans[end] for end in (relation.head, relation.child) if end in spans]
        return max(ends, key=_place, default=None)

    # ------------------------------------------------------------------ interfaces

    def node(self, key: Key | None) -> Node | None:
        """Give the interface of a block or an item; the same one as long as it is known to Qt."""
        if key is None or self.surface is None:
            return None
        found = self._nodes.get(key)
        if found is None:
            found = BlockNode(self, key) if isinstance(key, int) else ItemNode(self, key)
            self._names[key] = found.name()
            # From here on it has to be kept until Qt is told to forget it: Qt owns it, whatever Python thinks.
            self._nodes[key] = found
            found.number = QAccessible.registerAccessibleInterface(found)
        return found

    def is_there(self, key: Key) -> bool:
        """Tell whether a key still stands for something in the article."""
        if self.surface is None or not self.surface.has_article:
            return False
        if isinstance(key, int):
            return key < len(self.surface.scene.blocks)
        return self.block_of(key) is not None

    def touch(self) -> None:
        """Note that something changed or moved on screen; it is told a moment later, if anybody listens."""
        if self.document is not None and not self._later.isActive():
            self._later.start()

    def follow(self) -> None:
        """Tell Qt what came on screen, what left it, and what is called otherwise now."""
        if self.surface is None or self.document is None or not QAccessible.isActive():
            return
        now: list[Key] = []
        for block in self.blocks():
            now += [block, *self.items(block)]
        gone = self._nodes.keys() - set(now)
        for key in sorted(gone, key=lambda each: isinstance(each, int)):  # items before what holds them
            self._drop(key)
        for key in now:
            known = self._nodes.get(key)
            node = known or self.node(key)
            if node is None:
                continue
            if known is None:
                QAccessible.updateAccessibility(QAccessibleEvent(node, QAccessible.Event.ObjectCreated))
            elif self._names[key] != node.name():
                self._names[key] = node.name()
                QAccessible.updateAccessibility(QAccessibleEvent(node, QAccessible.Event.NameChanged))

    def tell_focus_soon(self) -> None:
        """Say in the next turn which child has the focus, if anybody listens."""
        if self.surface is not None and QAccessible.isActive():
            QTimer.singleShot(0, self.surface, self._tell_focus)

    def _tell_focus(self) -> None:
        node = self.node(self.chosen())
        if node is not None and self.surface is not None and self.surface.hasFocus():
            QAccessible.updateAccessibility(QAccessibleEvent(node, QAccessible.Event.Focus))

    def clear(self) -> None:
        """Tell Qt that all that was in the article is gone."""
        for key in sorted(self._nodes, key=lambda each: isinstance(each, int)):
            self._drop(key)

    def _drop(self, key: Key) -> None:
        node = self._nodes.pop(key)
        del self._names[key]
        if self.surface is not None:
            QAccessible.updateAccessibility(QAccessibleEvent(node, QAccessible.Event.ObjectDestroyed))
        QAccessible.deleteAccessibleInterface(node.number)

    def _on_destroyed(self) -> None:
        self.surface = None
        self.clear()


def _make_document(_kind: str, asked: QObject) -> QAccessibleInterface | None:
    tree = getattr(asked, "tree", None)
    if not isinstance(tree, ArticleTree) or tree.surface is None:
        return None
    tree.document = DocumentNode(tree, tree.surface)
    return tree.document


def _place(span: SpanItem) -> tuple[int, int, str]:
    return span.start, -span.end, span.id
