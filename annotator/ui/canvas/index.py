"""Which spans and relations lie in which block: the only search structure of the article view.

Hidden items (rejections, labels that are not asked for) are known by id but belong to no block.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from annotator.model.differences import differing
from annotator.ui.canvas.items import RelationItem, SpanItem
from annotator.ui.canvas.paragraphs import Blocks

_FAR = 8
_Item = TypeVar("_Item", SpanItem, RelationItem)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is drawn: rejections or not, and the labels shown alone (none: all of them)."""

    rejected: bool = False
    only: frozenset[str] = frozenset()

    def shows_span(self, item: SpanItem) -> bool:
        """Tell whether a span is drawn; a candidate is where any of its readings has such a label."""
        if item.state == "rejected" and not self.rejected:
            return False
        only = self.only
        return not only or item.label in only or not only.isdisjoint(item.other_labels)

    def shows_relation(self, item: RelationItem) -> bool:
        """Tell whether a relation is drawn, its ends being drawn."""
        return item.state != "rejected" or self.rejected


@dataclass(slots=True)
class Changes:
    """What a change of items touched: blocks to compose anew, and relations whose lanes are void."""

    blocks: set[int] = field(default_factory=set)
    relations: set[str] = field(default_factory=set)
    spans: list[SpanItem] = field(default_factory=list)


class ItemIndex:
    """All items of an article by id, by block and by end."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.filter = Filter()
        self.spans: dict[str, SpanItem] = {}
        self.relations: dict[str, RelationItem] = {}
        self.relations_by_span: dict[str, dict[str, None]] = {}
        self._by_block: dict[int, dict[str, None]] = {}
        self._gaps: dict[str, range] = {}
        self._last: tuple[Sequence[SpanItem], Sequence[RelationItem]] | None = None

    def fill(self, spans: Sequence[SpanItem], relations: Sequence[RelationItem]) -> None:
        """Take over the items of a new article; quicker than `replace`, and touches nothing."""
        self.spans = {item.id: item for item in spans}
        self.relations = {item.id: item for item in relations}
        for relation in relations:
            for end in (relation.head, relation.child):
                self.relations_by_span.setdefault(end, {})[relation.id] = None
        self.refilter(self.filter)
        self._last = spans, relations

    def spans_in(self, block: int) -> list[SpanItem]:
        """List the drawn spans that touch a block, or have a fragment before and one after it."""
        held = self._by_block.get(block, {})
        found = [self.spans[span] for span in held]
        if self._gaps:
            found += [self.spans[key] for key, gap in self._gaps.items() if block in gap and key not in held]
        return found

    def spans_by_block(self) -> Iterator[tuple[int, Iterator[SpanItem]]]:
        """Give the blocks that some drawn span touches, each with those; long gaps between fragments are left out."""
        return ((block, map(self.spans.__getitem__, held)) for block, held in self._by_block.items())

    def relations_of(self, span: str) -> list[RelationItem]:
        """List the drawn relations that have this span at an end, both ends being drawn."""
        found = (self.relations[relation] for relation in self.relations_by_span.get(span, ()))
        return [each for each in found if self.is_drawn(each)]

    def is_drawn(self, relation: RelationItem) -> bool:
        """Tell whether a relation and both its ends are drawn."""
        head, child = self.spans.get(relation.head), self.spans.get(relation.child)
        if head is None or child is None or head is child or not self.filter.shows_relation(relation):
            return False
        return self.filter.shows_span(head) and self.filter.shows_span(child)

    def refilter(self, wanted: Filter) -> None:
        """Show and hide by another filter; every block has then to be composed anew."""
        self.filter = wanted
        self._by_block.clear()
        self._gaps.clear()
        starts, ends, by_block = self.blocks.starts, self.blocks.ends, self._by_block
        for item in self.spans.values():
            if not wanted.shows_span(item):
                continue
            # Nearly every span lies in one block; this loop is most of opening a large article.
            fragments = item.fragments
            block = max(0, bisect_right(starts, fragments[0][0]) - 1)
            if fragments[-1][1] <= ends[block]:
                by_block.setdefault(block, {})[item.id] = None
            else:
                self._place(item)

    def replace(self, spans: Sequence[SpanItem], relations: Sequence[RelationItem]) -> Changes:
        """Take over all items; what is the same as before touches nothing."""
        before = self._last or (tuple(self.spans.values()), tuple(self.relations.values()))
        gone, changed = _differences(before[0], spans)
        gone_relations, changed_relations = _differences(before[1], relations)
        changes = self.change(removed=[*gone_relations, *gone], spans=changed, relations=changed_relations)
        self._last = spans, relations
        return changes

    def change(
        self, *, removed: Iterable[str], spans: Iterable[SpanItem], relations: Iterable[RelationItem]
    ) -> Changes:
        """Remove items by id, then add or replace some."""
        self._last = None
        changes = Changes()
        for key in removed:
            if key in self.relations:
                self._drop_relation(key, changes)
            elif key in self.spans:
                self._drop_span(key, changes)
        for item in spans:
            if item.id in self.spans:
                self._drop_span(item.id, changes)
            self.spans[item.id] = item
            changes.spans.append(item)
            self._place(item)
            self._touch_span(item, changes)
        for relation in relations:
            if relation.id in self.relations:
                self._drop_relation(relation.id, changes)
            self.relations[relation.id] = relation
            for end in (relation.head, relation.child):
                self.relations_by_span.setdefault(end, {})[relation.id] = None
            self._touch_relation(relation, changes)
        return changes

    def home(self, span: SpanItem) -> int:
        """Give the block that carries a span's tag: the first one that holds some of its text."""
        block = self.blocks.at(span.start)
        while span.start >= self.blocks.ends[block] and block + 1 < len(self.blocks):
            if self.blocks.starts[block + 1] >= span.end:
                break
            block += 1
        return block

    def _place(self, item: SpanItem) -> None:
        if not self.filter.shows_span(item):
            return
        touched, near = self._blocks_of(item)
        if len(near) < len(touched):
            self._gaps[item.id] = touched
        for block in near:
            self._by_block.setdefault(block, {})[item.id] = None

    def _blocks_of(self, item: SpanItem) -> tuple[range, Collection[int]]:
        """Give the blocks from a span's begin to its end, and those under which it is kept.

        What lies between fragments far apart, for the dotted line, is kept as a range: by block it would be
        as many entries as the text has blocks, for every such span.
        """
        touched = self.blocks.touched(item.start, item.end)
        if len(item.fragments) == 1 or len(touched) <= _FAR:
            return touched, touched
        return touched, {block for each in item.fragments for block in self.blocks.touched(*each)}

    def _drop_span(self, key: str, changes: Changes) -> None:
        item = self.spans.pop(key)
        changes.spans.append(item)
        self._touch_span(item, changes)
        self._gaps.pop(key, None)
        for block in self._blocks_of(item)[1]:
            held = self._by_block.get(block)
            if held is not None:
                held.pop(key, None)
                if not held:
                    del self._by_block[block]

    def _drop_relation(self, key: str, changes: Changes) -> None:
        item = self.relations.pop(key)
        self._touch_relation(item, changes)
        for end in (item.head, item.child):
            held = self.relations_by_span.get(end)
            if held is not None:
                held.pop(key, None)
                if not held:
                    del self.relations_by_span[end]

    def _touch_span(self, item: SpanItem, changes: Changes) -> None:
        changes.blocks.update(self.blocks.touched(item.start, item.end))
        for key in self.relations_by_span.get(item.id, ()):
            relation = self.relations.get(key)
            if relation is not None:
                self._touch_relation(relation, changes)

    def _touch_relation(self, relation: RelationItem, changes: Changes) -> None:
        changes.relations.add(relation.id)
        for end in (relation.head, relation.child):
            span = self.spans.get(end)
            if span is not None:
                changes.blocks.add(self.home(span))


def _differences(old: Sequence[_Item], new: Sequence[_Item]) -> tuple[list[str], list[_Item]]:
    """Give the ids that are gone and the items that are new or other than before.

    What is the same object at both ends of both is skipped at once: mostly one item of thousands has changed.
    """
    old_part, new_part = differing(old, new)
    before = {item.id: item for item in old_part}
    after = {item.id: item for item in new_part}
    gone = [key for key in before if key not in after]
    return gone, [item for key, item in after.items() if before.get(key) != item]
