"""Everything that is drawn of one article, laid out only where somebody looks; knows no widget.

Blocks are laid out on demand and kept while they are among the most recently used.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from annotator.ui.canvas.compose import compose
from annotator.ui.canvas.figures import Drawing
from annotator.ui.canvas.heights import Heights, estimated_heights
from annotator.ui.canvas.index import Changes, Filter, ItemIndex
from annotator.ui.canvas.items import Article, RelationItem, SpanItem
from annotator.ui.canvas.layout import TextBlock
from annotator.ui.canvas.paragraphs import Blocks
from annotator.ui.canvas.routes import Routes
from annotator.ui.canvas.style import Style

KEPT = 160
"""Blocks kept laid out."""


class Scene:
    """An article with its style and measure; gives drawings of blocks and their heights."""

    def __init__(self, article: Article, style: Style, *, measure: int, shown: Filter | None = None) -> None:
        self.article = article
        self.text = article.text
        self.tokens = article.tokens
        self.style = style
        self.measure = measure
        self.with_score = False
        self.blocks = Blocks(article.text, article.tokens)
        self.index = ItemIndex(self.blocks)
        if shown is not None:
            self.index.filter = shown
        self.index.fill(article.spans, article.relations)
        # Not itself: a ring would keep every article that was ever open, since what is read is not looked through.
        self.routes = Routes(weakref.proxy(self))
        self.heights = Heights([])
        self._texts: OrderedDict[int, TextBlock] = OrderedDict()
        self._drawings: dict[int, Drawing] = {}
        self._passing: list[int] | None = None
        self._estimate()

    def text_block(self, block: int) -> TextBlock:
        """Give the laid-out text of a block."""
        found = self._texts.get(block)
        if found is not None:
            self._texts.move_to_end(block)
            return found
        start, end = self.blocks.starts[block], self.blocks.ends[block]
        made = TextBlock(self.text[start:end], start, font=self.style.body, measure=self.measure)
        self._texts[block] = made
        if self._passing is not None:
            self._passing.append(block)
            return made
        while len(self._texts) > KEPT:
            oldest, _ = self._texts.popitem(last=False)
            self._drawings.pop(oldest, None)
        return made

    def drawing(self, block: int) -> Drawing:
        """Give a block composed; its height is recorded."""
        found = self._drawings.get(block)
        if found is None:
            found = self._drawings[block] = compose(self, block)
            self.heights.put(block, found.height)
            # Neighbours laid out on the way may have pushed this one out; it is wanted now.
            self._texts.setdefault(block, found.text)
        self._texts.move_to_end(block)
        return found

    def measure_heights(self, first: int, go_on: Callable[[], bool]) -> bool:
        """Find out heights that are only estimated, from a block on and round, and keep nothing laid out for it.

        Tells whether some are left when `go_on` says no.
        """
        passing: list[int] = []
        self._passing = passing
        try:
            while (block := self.heights.next_estimated(first)) is not None:
                self.heights.put(block, compose(self, block).height)
                if not go_on():
                    return self.heights.next_estimated(first) is not None
            return False
        finally:
            self._passing = None
            for block in passing:
                del self._texts[block]

    def composed(self, block: int) -> Drawing | None:
        """Give a block's drawing if there is one already."""
        return self._drawings.get(block)

    def words_of(self, item: SpanItem) -> str:
        """Give the text a span covers, fragments joined by an ellipsis."""
        return " … ".join(self.text[start:end] for start, end in item.fragments)

    def replace_items(self, spans: Sequence[SpanItem], relations: Sequence[RelationItem]) -> Changes:
        """Take over all items and forget the drawings they touch."""
        return self._after(self.index.replace(spans, relations))

    def change_items(
        self, *, removed: Iterable[str], spans: Iterable[SpanItem], relations: Iterable[RelationItem]
    ) -> Changes:
        """Remove some items, add or replace some, and forget the drawings they touch."""
        return self._after(self.index.change(removed=removed, spans=spans, relations=relations))

    def show(self, wanted: Filter) -> None:
        """Draw by another filter."""
        self.index.refilter(wanted)
        self.routes.clear()
        self.recompose()

    def recompose(self) -> None:
        """Forget all drawings but keep the lines of text, which nothing changed."""
        self._drawings.clear()
        self.heights.doubt_all()

    def restyle(self, style: Style, *, measure: int) -> None:
        """Draw in another style or measure; keeps the lines of text where neither font nor measure changed."""
        same_lines = measure == self.measure and style.body == self.style.body
        same_heights = same_lines and style.metrics.compact == self.style.metrics.compact
        self.style = style
        self.measure = measure
        self._drawings.clear()
        if not same_lines:
            self._texts.clear()
            self.routes.clear()
        if not same_heights:
            self._estimate()

    def _after(self, changes: Changes) -> Changes:
        self.routes.forget(changes)
        for block in changes.blocks:
            self._drawings.pop(block, None)
            self.heights.doubt(block)
        return changes

    def _estimate(self) -> None:
        self.heights = Heights(estimated_heights(self.text, self.blocks, self.style, measure=self.measure))
