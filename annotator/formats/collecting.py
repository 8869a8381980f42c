"""Gathers the spans and relations of one record while a reader finds them, and refuses what cannot be one.

Nothing is clamped: what does not fit is left out and reported; blanks at the edges are cut off and reported.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from typing import Any, TypeGuard

from annotator.formats.base import Reporter, is_accepted, is_candidate
from annotator.formats.jsonl import is_whole, kind_of
from annotator.model.annotation import Fragment, Fragments, SpanKey
from annotator.model.errors import RuleError
from annotator.model.limits import LABEL_LIMIT, TEXT_LIMIT
from annotator.model.offsets import is_grapheme_border, may_join
from annotator.model.record import RecordRelation, RecordSpan
from annotator.model.rules import checked_fragments, trimmed
from annotator.model.schema import check_name


def is_usable_text(value: object, reporter: Reporter) -> TypeGuard[str]:
    """Tell whether a value can be the text of a document, and report it if not."""
    if not isinstance(value, str):
        reporter.refused(f"The text of this record is {kind_of(value)}, not text; the record was left out.")
        return False
    if not value or value.isspace():
        reporter.refused("This record holds no text; it was left out.")
        return False
    if len(value) > TEXT_LIMIT:
        reporter.refused(
            f"The text has {len(value):,} characters, more than {TEXT_LIMIT:,}; the record was left out."
        )
        return False
    return True


_fragment: Callable[[tuple[int, int]], Fragment] = functools.partial(tuple.__new__, Fragment)
"""Makes a fragment in half the time that its class takes."""


class Collector:
    """The spans and relations found so far in one record, each once.

    Every `name` says which item of the file a message is about, e.g. `Span 3`.
    """

    def __init__(self, text: str, reporter: Reporter) -> None:
        self.spans: list[RecordSpan] = []
        self.relations: list[RecordRelation] = []
        self.refused = 0
        self._text = text
        self._is_simple = "\r" not in text and not may_join(text)
        self._reporter = reporter
        self._seen: dict[tuple[Fragments, str, bool, str], int] = {}
        self._by_key: dict[SpanKey, int] = {}
        self._listed = 0
        self._joined: set[tuple[int, int, str]] = set()

    def refuse(self, name: str, why: str) -> None:
        """Report, and count in `refused`, that an item was left out; `why` is a sentence or its end."""
        self.refused += 1
        self._reporter.refused(f"{name} was left out: {why}")

    def label(self, value: object, name: str) -> str | None:
        """Give a label without blanks at its ends, or None and a report where it cannot be one."""
        if value is None or value == "":
            self.refuse(name, "it has no label.")
            return None
        if not isinstance(value, str):
            self.refuse(name, f"its label is {kind_of(value)}, not text.")
            return None
        label = value.strip()
        try:
            check_name(label)
        except RuleError as error:
            self.refuse(name, f"its label {value[:40]!r} cannot be used. {error.what}")
            return None
        if label != value:
            self._reporter.repaired(f"{name}: the blanks around its label {label} were taken off.")
        return label

    def stretch(self, start: object, end: object, name: str, *, exact: bool = False) -> Fragments | None:
        """Give the fragments of a span of one piece, or None and a report; `exact` leaves blanks on."""
        if not (is_whole(start) and is_whole(end)):
            wrong = start if not is_whole(start) else end
            self.refuse(name, f"its offsets must be whole numbers, not {json.dumps(wrong)[:40]}.")
            return None
        text = self._text
        is_inside = 0 <= start < end <= len(text)
        if (
            is_inside
            and not (text[start].isspace() or text[end - 1].isspace())
            and self._is_whole(start, end)
        ):
            return (Fragment(start, end),)
        if not is_inside or exact:
            return self.fragments([(start, end)], name)
        inner = trimmed(text, start, end)
        if inner[0] >= inner[1]:
            self.refuse(name, f"it holds nothing but blanks ({start} to {end}).")
            return None
        if inner != (start, end):
            self._reporter.repaired(
                f"{name} from {start} to {end} had blanks at its ends; now it is {inner[0]} to {inner[1]}."
            )
        return self.fragments([inner], name)

    def take_plain(
        self, places: Iterable[tuple[object, object, object]], facts: Iterable[Mapping[str, Any]] = repeat({})
    ) -> bool:
        """Take the spans of a record if each is of one piece and nothing is to be said of any, as of most; else none.

        The index of each is its place among them then.

        Args:
            places: start, end and label of each, as the file has them.
            facts: what else is known of each of them, as arguments of a span.
        """
        spans: list[RecordSpan] = []
        seen = set()
        for (start, end, label), more in zip(places, facts, strict=False):
            fragments = self.plain(start, end, label)
            if fragments is None:
                return False
            seen.add((start, end, label))
            assert isinstance(label, str), "it is plain"
            spans.append(
                RecordSpan(fragments=fragments, label=label, **more)
                if more
                else RecordSpan(fragments=fragments, label=label)
            )
        if self.spans or len(seen) < len(spans):
            return False
        self.spans = spans
        return True

    def plain(self, start: object, end: object, label: object) -> Fragments | None:
        """Give the fragments of a span of one piece of which nothing is to be said, as of most.

        None where something may be: `label` and `stretch` say it.
        """
        text = self._text
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            return None
        if text[start].isspace() or text[end - 1].isspace() or not self._is_whole(start, end):
            return None
        if type(label) is not str or len(label) > LABEL_LIMIT or not _is_name(label):
            return None
        return (_fragment((start, end)),)

    def _is_whole(self, start: int, end: int) -> bool:
        """Tell whether a stretch inside the text cuts no character in two."""
        return self._is_simple or (
            is_grapheme_border(self._text, start) and is_grapheme_border(self._text, end)
        )

    def fragments(self, pairs: Iterable[tuple[int, int]], name: str) -> Fragments | None:
        """Give checked fragments, or None and a report."""
        try:
            return checked_fragments(self._text, pairs)
        except RuleError as error:
            self.refuse(name, error.what)
            return None

    def disagrees(self, fragments: Fragments, surface: object, name: str) -> bool:
        """Tell, and report, whether the words the file gives for a span are others than those in the text."""
        start, end = fragments[0].start, fragments[-1].end
        if not isinstance(surface, str) or surface.strip() == self._text[start:end].strip():
            return False
        self.refuse(
            name, f"the file calls it {surface[:40]!r}, but the text there is {self._text[start:end][:40]!r}."
        )
        return True

    def find(self, key: SpanKey) -> int | None:
        """Give the index of a span by its key, an accepted one before others, or None."""
        for index in range(self._listed, len(self.spans)):
            span = self.spans[index]
            what = span.identity
            if is_accepted(span) or what not in self._by_key:
                self._by_key[what] = index
        self._listed = len(self.spans)
        return self._by_key.get(key)

    def add_span(self, span: RecordSpan, name: str) -> int:
        """Add a span unless it is there already, decided alike; give its index."""
        index = self._add_new(span)
        if index is not None:
            return index
        self._reporter.repaired(f"{name} stands there twice ({_told(span)}); the first one was kept.")
        return self._seen[_decided_as(span)]

    def _add_new(self, span: RecordSpan) -> int | None:
        for index in range(len(self._seen), len(self.spans)):  # those that were taken together
            self._seen[_decided_as(self.spans[index])] = index
        index = len(self.spans)
        if self._seen.setdefault(_decided_as(span), index) != index:
            return None
        self.spans.append(span)
        return index

    def add_relation(self, relation: RecordRelation, name: str) -> None:
        """Add a relation unless it is there already or joins a span with itself."""
        joined = (relation.head, relation.child, relation.label)
        if relation.head == relation.child:
            self.refuse(name, f"{relation.label} joins a span with itself.")
        elif joined in self._joined:
            self._reporter.repaired(f"{name} ({relation.label}) stands there twice; the first one was kept.")
        else:
            self._joined.add(joined)
            self.relations.append(relation)


@functools.lru_cache(maxsize=1024)
def _is_name(label: str) -> bool:
    """Tell whether a label can be used as it stands."""
    try:
        check_name(label)
    except RuleError:
        return False
    return True


def _decided_as(span: RecordSpan) -> tuple[Fragments, str, bool, str]:
    return (span.fragments, span.label, span.rejected, span.suggester if is_candidate(span) else "")


def _told(span: RecordSpan) -> str:
    return f"{span.label} from {span.fragments[0].start} to {span.fragments[-1].end}"
