"""Reads doccano's JSONL, of all its versions: with a list of labels, with entities and relations, and older ones.

doccano's window counts UTF-16 units, or characters as people see them where a project says so; what other programs
import into it counts what they like. Its files give no words, so what they count is found out from the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from annotator.formats.base import ReadOptions, Report, Reporter, file_name, shown
from annotator.formats.collecting import Collector, is_usable_text
from annotator.formats.json_files import counting_of, documents_of, values_of
from annotator.formats.jsonl import is_whole, kind_of
from annotator.formats.offset_units import Counting, Places, Votes, is_plain
from annotator.formats.text_files import opened
from annotator.model.document import title_of
from annotator.model.record import Record, RecordRelation, RecordSpan

NAME = "doccano"
OWN = "annotator"
"""The key of a record under which this program keeps a document's names."""
TEXTS = ("text", "data", "column_data")
_IDS = ("id", "doc_id")
LABELS = ("label", "labels", "entities", "annotations", "column_label")
_KEY = rb'"%s"\s*:\s*\[\s*%s'
_SPAN_ITEM = rb'(?:"|\[\s*\d|\{[^}]*"(?:start_offset|end_offset)"|\])'
_MARKS = tuple(re.compile(_KEY % (name.encode(), _SPAN_ITEM)) for name in LABELS)
_TEXT = re.compile(rb'"(?:text|data|column_data)"\s*:\s*"')
_PRODIGY = re.compile(rb'"(?:_input_hash|_task_hash|answer|spans)"\s*:')


def sniff(head: bytes, path: Path) -> float:
    """Tell by labels that are lists of places, or objects with `start_offset`."""
    del path
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip()[:20_000]
    if not start.startswith((b"{", b"[")) or not _TEXT.search(start) or _PRODIGY.search(start):
        return 0.0
    return 0.85 if any(mark.search(start) for mark in _MARKS) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    with opened(path) as file:
        counting = counting_of(file, _vote, name=name, options=options, reporter=reporter)
        values = values_of(file, name=name, options=options, reporter=reporter)
        make = partial(made_of, options=options, counting=counting)
        yield from documents_of(values, make, path=path, options=options, reporter=reporter)


def _vote(value: object, votes: Votes) -> None:
    text = _first(value, TEXTS) if isinstance(value, dict) else None
    if isinstance(value, dict) and isinstance(text, str):
        votes.add(text, ((start, end, None) for start, end in _pairs(value)))


def _pairs(value: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    for name in LABELS:
        items = value.get(name)
        for item in items if isinstance(items, list) else ():
            start, end, _ = _parts(item)
            if is_whole(start) and is_whole(end):
                yield start, end


def _parts(item: object) -> tuple[object, object, object]:
    """Give start, end and label of an item, however it is written."""
    if isinstance(item, list):
        return (*item, None, None, None)[:3] if len(item) <= 3 else (None, None, None)
    if isinstance(item, dict):
        start = item.get("start_offset", item.get("start"))
        return start, item.get("end_offset", item.get("end")), item.get("label")
    return None, None, None


def _first(value: Mapping[str, Any], names: tuple[str, ...]) -> object:
    return next((value[name] for name in names if name in value), None)


def made_of(
    value: object, reporter: Reporter, source: str, *, options: ReadOptions, counting: Counting
) -> Record | None:
    """Make a document of the value of a line; None and a report where it is none."""
    if not isinstance(value, dict):
        reporter.refused(f"This is {kind_of(value)}, not an object; it was left out.")
        return None
    identity = value.get("id", value.get("doc_id"))
    reporter = reporter if identity is None else reporter.at(line=reporter.line, record=str(identity))
    named = TEXTS[0] if TEXTS[0] in value else next((name for name in TEXTS if name in value), None)
    if named is None:
        reporter.refused('This record has no "text"; it was left out.')
        return None
    text = value[named]
    if not is_usable_text(text, reporter):
        return None
    reading = _Reading(text, counting, reporter)
    kept = reading.take(value)
    own = value.get(OWN)
    names: dict[str, str] = {}
    if isinstance(own, dict):
        names = {name: each for name, each in own.items() if isinstance(each, str)}
    for name in _IDS:
        if name in value:
            kept[name] = value[name]
    return Record(
        text=text,
        source=names.get("source", source),
        id=names.get("id", ""),
        title=names.get("title") or title_of(text),
        language=names.get("language") or options.language,
        note=reading.note(value),
        spans=tuple(reading.collector.spans),
        relations=tuple(reading.collector.relations),
        metadata=_metadata(value),
        attributes={NAME: kept} if kept else {},
    )


NOT_METADATA = frozenset({*TEXTS, *LABELS, "id", "doc_id", "relations", "Comments", "comments", "meta", OWN})
"""Fields of a line that mean something else than metadata."""


def _metadata(value: Mapping[str, Any]) -> dict[str, Any]:
    meta = value.get("meta")
    found = dict(meta) if isinstance(meta, dict) else {}
    found.update({name: each for name, each in value.items() if name not in NOT_METADATA})
    if meta is not None and not isinstance(meta, dict):
        found["meta"] = meta
    return found


class _Reading:
    """Collects the annotations of one record."""

    def __init__(self, text: str, counting: Counting, reporter: Reporter) -> None:
        self.collector = Collector(text, reporter)
        self._text = text
        self._counting = counting
        self._reporter = reporter
        self._by_id: dict[object, int] = {}

    def take(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Take spans and relations, and give the fields that are kept as they are: categories, and what is odd."""
        kept: dict[str, Any] = {}
        relations = value.get("relations")
        for name in LABELS:
            items = value.get(name)
            if items is None:
                continue
            if not isinstance(items, list) or str in map(type, items):
                kept[name] = items
                self._reporter.repaired(
                    f'"{name}" names categories of the whole text, not spans; it was kept, but not read.'
                )
                continue
            indexes = self._spans(items, name)
            for item, index in zip(items, indexes, strict=True) if relations else ():
                identity = item.get("id") if type(item) is dict else None
                if index is not None and isinstance(identity, int | str):
                    self._by_id.setdefault(identity, index)
        if relations is not None and not isinstance(relations, list):
            self._reporter.repaired(
                f'"relations" is {kind_of(relations)}, not a list; it was kept, but not read.'
            )
            kept["relations"] = relations
        for number, item in enumerate(relations if isinstance(relations, list) else (), start=1):
            self._take_relation(item, f"relation {number}")
        return kept

    def note(self, value: Mapping[str, Any]) -> str:
        """Give the comments of a record as its note."""
        items = value.get("Comments", value.get("comments"))
        if not items or not isinstance(items, list):
            return ""
        told = [each.get("comment") if isinstance(each, dict) else each for each in items]
        return "\n\n".join(each for each in told if isinstance(each, str) and each.strip())

    def _spans(self, items: list[Any], name: str) -> Sequence[int | None]:
        """Take spans and give the index of each; None for what was left out."""
        places: list[Any] = [
            item if type(item) is list and len(item) == 3 else _parts(item) for item in items
        ]
        counts_plainly = is_plain(self._text, self._counting, is_simple=self.collector.is_simple)
        if counts_plainly and self.collector.take_plain(places):
            return range(len(items))
        text = Places(self._text)
        return [self._span(item, f"{name} {number}", text) for number, item in enumerate(items, start=1)]

    def _span(self, item: object, name: str, places: Places) -> int | None:
        if not isinstance(item, list | dict):
            self.collector.refuse(name, f"it is {kind_of(item)}, not a place and a label.")
            return None
        start, end, label = _parts(item)
        if is_whole(label):
            self.collector.refuse(
                name, f"its label is the number {label} of another file; export the labels by name."
            )
            return None
        checked = self.collector.label(label, name)
        if checked is None:
            return None
        if is_whole(start) and is_whole(end):
            pair = places.pair(start, end, self._counting)
            if pair is None:
                why = f"{start} to {end}, in {self._counting.told}, does not lie in this text."
                self.collector.refuse(name, why)
                return None
            start, end = pair
        fragments = self.collector.stretch(start, end, name)
        if fragments is None:
            return None
        return self.collector.add_span(RecordSpan(fragments=fragments, label=checked), name)

    def _take_relation(self, item: object, name: str) -> None:
        if not isinstance(item, dict):
            self.collector.refuse(name, f"it is {kind_of(item)}, not an object.")
            return
        label = self.collector.label(item.get("type"), name)
        if label is None:
            return
        ends = [self._end(item.get(key)) for key in ("from_id", "to_id")]
        for key, end in zip(("from_id", "to_id"), ends, strict=True):
            if end is None:
                self.collector.refuse(name, f"its {key} {item.get(key)!r} is no entity of this record.")
                return
        head, child = ends
        assert head is not None
        assert child is not None
        self.collector.add_relation(RecordRelation(head=head, child=child, label=label), name)

    def _end(self, identity: object) -> int | None:
        return self._by_id.get(identity) if isinstance(identity, int | str) else None
