"""Counts what a file would not hold, by kind, with examples that name document and place."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import replace

from annotator.formats.base import name_of
from annotator.model.annotation import Fragment, Fragments
from annotator.model.record import Example, Loss, Record, RecordRelation, RecordSpan
from annotator.model.wording import counted, printable

EXAMPLES = 20
"""Most examples of one loss."""
NAMES_KEPT, NAMES_SHOWN, NAME_SHOWN = 1_000, 8, 40
"""Most names of what a loss consists of that are told apart, and told; and code points of one."""
_BRIEF = 60
"""Most of the words of an example, in code points."""


def example_of(record: Record, item: RecordSpan | RecordRelation | None = None) -> Example:
    """Name a span or relation of a record, or the record itself, and its place."""
    if item is None:
        return Example(document=name_of(record), id=record.id)
    if isinstance(item, RecordSpan):
        places: tuple[Fragments, ...] = (item.fragments,)
    else:
        places = tuple(record.spans[end].fragments for end in (item.head, item.child))
    words = " → ".join(_brief(record, each) for each in places)
    return Example(document=name_of(record), id=record.id, label=item.label, words=words, places=places)


def _brief(record: Record, fragments: Fragments) -> str:
    """Give the beginning of the words of a span in one line; an end that a relation names may be long."""
    pieces = [record.text[start : min(end, start + 4 * _BRIEF)] for start, end in fragments[:_BRIEF]]
    words = " ".join(" … ".join(pieces).split())
    return words if len(words) <= _BRIEF else words[: _BRIEF - 1] + "…"


def _moved(example: Example, whole: Record, start: int) -> Example:
    places = tuple(
        tuple(Fragment(first + start, last + start) for first, last in place) for place in example.places
    )
    return replace(example, document=name_of(whole), id=whole.id, places=places)


class LossCounter:
    """Counts losses by kind and keeps some examples of each.

    `messages` gives for each kind its noun and a sentence with `{what}`, where number and noun go. A plural that is no
    mere `s` stands behind a slash: `note or flag/notes or flags`. Where the sentence has `{names}`, a colon and what
    is lost of each go there, as far as that is told.
    """

    def __init__(self, messages: dict[str, tuple[str, str]]) -> None:
        self._messages = messages
        self._counts = dict.fromkeys(messages, 0)
        self._examples: dict[str, list[Example]] = {kind: [] for kind in messages}
        self._names: dict[str, dict[str, None]] = {kind: {} for kind in messages}
        self._whole: tuple[Record, int] | None = None

    def within(self, whole: Record, start: int) -> LossCounter:
        """Give a counter for a piece of a record that begins at `start`: it counts here, with places of the whole."""
        piece = copy(self)
        piece._whole = (whole, start)  # noqa: SLF001 - one of its own kind
        return piece

    def add(
        self,
        kind: str,
        record: Record,
        item: RecordSpan | RecordRelation | None = None,
        names: Iterable[str] = (),
    ) -> None:
        """Count one more of a kind: a span or relation of a record, or without one the record itself.

        `names` says what of it is lost.
        """
        self._counts[kind] += 1
        known = self._names[kind]
        for name in names:
            if name not in known and len(known) < NAMES_KEPT:
                known[name] = None
        if len(self._examples[kind]) < EXAMPLES:
            found = example_of(record, item)
            self._examples[kind].append(found if self._whole is None else _moved(found, *self._whole))

    def result(self) -> list[Loss]:
        """Give what was counted, in the order of the messages, without the kinds that did not occur."""
        return [
            Loss(
                kind=kind,
                count=count,
                message=self._told(kind, count),
                examples=tuple(self._examples[kind]),
            )
            for kind, count in self._counts.items()
            if count
        ]

    def _told(self, kind: str, count: int) -> str:
        noun, sentence = self._messages[kind]
        one, _, many = noun.partition("/")
        names = [printable(name, limit=NAME_SHOWN) for name in self._names[kind]]
        told = ", ".join(names[:NAMES_SHOWN])
        if len(names) > NAMES_SHOWN:
            told += f" and {'' if len(names) < NAMES_KEPT else 'at least '}{len(names) - NAMES_SHOWN:,} more"
        return sentence.format(what=counted(count, one, many), names=f": {told}" if told else "")
