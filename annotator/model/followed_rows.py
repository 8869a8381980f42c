"""The decisions of a document that is followed: its spans, relations and rejections, changed row by row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from annotator.model.annotation import (
    Fragments,
    Reason,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
    overlaps,
)
from annotator.model.article import Annotations, Lookup, accepted_as
from annotator.model.change import Change
from annotator.model.differences import EditedRow

Stretch = tuple[int, int]
"""First code point of something and the end of its last, what lies between its fragments included."""
_Keyed = TypeVar("_Keyed", Relation, Rejection)


class Rows:
    """The decisions: spans in reading order, relations and rejections by row key."""

    def __init__(self, found: Annotations, lookup: Lookup) -> None:
        self.spans = EditedRow(found.spans)
        self.relations = EditedRow(found.relations)
        self.rejections = EditedRow(found.rejections)
        self.by_key, self._rejected = lookup.spans, lookup.rejections
        self.joined = Counter((each.head, each.child, each.label) for each in found.relations)
        self._longest = max((span.end - span.start for span in found.spans), default=0)

    def change(self, changes: Iterable[Change]) -> set[Stretch]:
        """Put rows in place; give where something may be decided otherwise than before."""
        ends: set[int] = set()
        spans: dict[int, list[Span]] = {}
        touched: set[Stretch] = set()
        for change in changes:
            for row, is_new in ((change.before, False), (change.after, True)):
                if isinstance(row, Span):
                    self._put_span(row, is_new=is_new)
                    spans.setdefault(row.key, []).append(row)
                    touched.add((row.start, row.end))
                elif isinstance(row, Relation):
                    _put_by_key(self.relations, row, is_new=is_new)
                    self.joined[row.head, row.child, row.label] += 1 if is_new else -1
                    ends |= {row.head, row.child}
                elif isinstance(row, Rejection):
                    self._put_rejection(row, is_new=is_new)
                    what = row.what
                    keys = [what] if isinstance(what, SpanKey) else [what.head, what.child]
                    touched.update(stretch_of(key.fragments) for key in keys)
        for key in ends:
            known = [self.by_key[key]] if key in self.by_key else spans.get(key, [])
            touched.update((span.start, span.end) for span in known)
        return touched

    def meeting(self, stretch: Stretch) -> Iterator[Span]:
        """Give the spans, in reading order, whose stretch shares a character with another."""
        start, end = stretch
        spans = self.spans.values
        for index in range(bisect_left(spans, start - self._longest, key=_start), len(spans)):
            if spans[index].start >= end:
                return
            if spans[index].end > start:
                yield spans[index]

    def is_rejected(self, what: SpanKey | RelationKey) -> bool:
        """Tell whether something was rejected for whatever reason."""
        return what in self._rejected

    def is_gone(self, what: SpanKey) -> bool:
        """Tell whether an end was rejected, and not only fixed to another extent."""
        return any(each.reason is not Reason.WRONG_EXTENT for each in self._rejected.get(what, ()))

    def accepted(self, what: SpanKey) -> Span | None:
        """Give the span that has this place and label, the last one where there are several."""
        return accepted_as(what, self.spans.values)

    def moved(self, what: SpanKey) -> Span | None:
        """Give the span that a candidate became when only its extent was fixed; the first in reading order."""
        found = self.meeting(stretch_of(what.fragments))
        return next(
            (each for each in found if each.label == what.label and overlaps(each.fragments, what.fragments)),
            None,
        )

    def _put_span(self, span: Span, *, is_new: bool) -> None:
        if is_new:
            self.spans.insert(bisect_right(self.spans.values, _order(span), key=_order), span)
            self.by_key[span.key] = span
            self._longest = max(self._longest, span.end - span.start)
        else:
            before = self.by_key.pop(span.key)
            self.spans.pop(bisect_left(self.spans.values, _order(before), key=_order))

    def _put_rejection(self, rejection: Rejection, *, is_new: bool) -> None:
        _put_by_key(self.rejections, rejection, is_new=is_new)
        what = rejection.what
        left = [each for each in self._rejected.pop(what, ()) if each.key != rejection.key]
        if is_new or left:
            self._rejected[what] = [*left, rejection] if is_new else left


def stretch_of(fragments: Fragments) -> Stretch:
    """Give the stretch of fragments."""
    return fragments[0].start, fragments[-1].end


def _put_by_key(rows: EditedRow[_Keyed], row: _Keyed, *, is_new: bool) -> None:
    index = bisect_left(rows.values, row.key, key=_key)
    if is_new:
        rows.insert(index, row)
    elif rows.values[index].key == row.key:
        rows.pop(index)
    else:
        raise KeyError(row.key)


def _key(row: Relation | Rejection) -> int:
    return row.key


def _start(span: Span) -> int:
    return span.fragments[0].start


def _order(span: Span) -> tuple[Fragments, int]:
    return span.fragments, span.key
