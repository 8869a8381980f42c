"""Gathers the spans and relations of one record while a reader finds them, and refuses what cannot be one.

Nothing is clamped: what does not fit is left out and reported; blanks at the edges are cut off and reported.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeGuard, cast

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


fragment_of: Callable[[tuple[int, int]], Fragment] = functools.partial(tuple.__new__, Fragment)
"""Makes a fragment in half the time that its class takes."""


def has_text(text: str) -> bool:
    """Tell whether a text can be that of a document."""
    return bool(text) and not text.isspace() and len(text) <= TEXT_LIMIT


def are_names(labels: Iterable[str]) -> bool:
    """Tell whether labels can be used as they stand."""
    return all(len(label) <= LABEL_LIMIT and _is_name(label) for label in labels)


def cuts_nothing(text: str) -> bool:
    """Tell at a glance that no place in a text cuts a character, as people see it, in two."""
    return "\r" not in text and not may_join(text)


def are_plain(text: str, places: Sequence[tuple[object, object, object]], *, is_simple: bool) -> bool:
    """Tell whether nothing is to be said of spans of one piece, as of most: `Collector` would take each as it is.

    Args:
        places: start, end and label of each, as a file has them. is_simple: what `cuts_nothing` says.
    """
    size = len(text)
    for start, end, label in places:
        if not (
            type(start) is int
            and type(end) is int
            and 0 <= start < end <= size
            and type(label) is str
            and len(label) <= LABEL_LIMIT
            and _is_name(label)
            and not text[start].isspace()
            and not text[end - 1].isspace()
            and (is_simple or (is_grapheme_border(text, start) and is_grapheme_border(text, end)))
        ):
            return False
    return len({(start, end, label) for start, end, label in places}) == len(places)


class Collector:
    """The spans and relations found so far in one record, each once.

    Every `name` says which item of the file a message is about, e.g. `Span 3`.
    """

    def __init__(self, text: str, reporter: Reporter) -> None:
        self.spans: list[RecordSpan] = []
        self.relations: list[RecordRelation] = []
        self.refused = 0
        self._text = text
        self.is_simple = cuts_nothing(text)
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
        self,
        places: Sequence[tuple[object, object, object]],
        facts: Iterable[Mapping[str, Any]] | None = None,
    ) -> bool:
        """Take the spans of a record if each is of one piece and nothing is to be said of any, as of most; else none.

        The index of each is its place among them then.

        Args:
            places: start, end and label of each, as the file has them.
            facts: what else is known of each of them, as arguments of a span.
        """
        if self.spans or not are_plain(self._text, places, is_simple=self.is_simple):
            return False
        pieces: Sequence[tuple[int, int, str]] = cast("Any", places)
        if facts is None:
            self.spans = [RecordSpan((fragment_of((start, end)),), label) for start, end, label in pieces]
        else:
            self.spans = [
                RecordSpan((fragment_of((start, end)),), label, **more)
                for (start, end, label), more in zip(pieces, facts, strict=False)
            ]
        return True

    def plain(self, start: int, end: int, label: str) -> Fragments | None:
        """Give the fragments of a span of one piece of which nothing is to be said; else None."""
        is_plain = are_plain(self._text, ((start, end, label),), is_simple=self.is_simple)
        return (fragment_of((start, end)),) if is_plain else None

    def _is_whole(self, start: int, end: int) -> bool:
        """Tell whether a stretch inside the text cuts no character in two."""
        return self.is_simple or (
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
