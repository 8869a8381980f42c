"""Reads spaCy DocBin: our own files back to the very record, others by their entities, span groups and relations.

In files of others, `doc.ents` and every span group become accepted spans, the group `incorrect` rejected ones, and
`doc._.rel` relations. A document in which no token is missing, or that has the group `sc`, is done. Tags, lemmas
and parses are not read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.formats.base import (
    ReadOptions,
    Report,
    Reporter,
    file_name,
    is_accepted,
    shown,
    source_of,
)
from annotator.formats.collecting import Collector, is_usable_text
from annotator.formats.docbin_container import (
    BadDocBinError,
    RawDocument,
    documents_in,
    is_docbin,
    unpacked,
)
from annotator.formats.docbin_packing import RawSpan
from annotator.formats.jsonl import OWN_DEPTH_LIMIT, NotJsonError, is_whole, parse_line
from annotator.formats.record_fields import are_rising, are_tokens, record_of
from annotator.formats.text_files import opened
from annotator.model.document import State, Tokens, title_of
from annotator.model.record import Record, RecordRelation, RecordSpan

NAME = "docbin"
OWN = "annotator"
"""Key of our own data in `doc.user_data`."""
VERSION = 1
"""Of that data."""
REL = ("._.", "rel", None, None)
"""Key of `doc._.rel` in `doc.user_data`."""
_INCORRECT = "incorrect"


def sniff(head: bytes, path: Path) -> float:
    """Tell by the first bytes of what the file unpacks to."""
    del path
    return 0.95 if is_docbin(head) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    source = source_of(path, options)
    notes: set[str] = set()
    found = False
    with opened(path) as file:
        try:
            for number, raw in documents_in(file):
                found = True
                here = reporter.at(record=str(number))
                if isinstance(raw, str):
                    here.refused(f"Document {number:,} {raw}")
                    continue
                try:
                    data = unpacked(raw.packed_data) if raw.packed_data else {}
                except BadDocBinError as error:
                    here.repaired(f"What is stored with document {number:,} {error}")
                    data = {}
                record = _Reading(raw, data, here, notes).record(options, f"{source}:{number}")
                if record is not None:
                    yield record
        except BadDocBinError as error:
            reporter.refused(f"{name} {error}")
            return
    for note in sorted(notes):
        reporter.repaired(f"{name}: {note}")
    if not found:
        reporter.refused(f"{name} holds no documents.")


class _Reading:
    """Makes the record of one document."""

    def __init__(self, raw: RawDocument, data: object, reporter: Reporter, notes: set[str]) -> None:
        self._raw = raw
        self._data: dict[Any, Any] = data if isinstance(data, dict) else {}
        self._reporter = reporter
        self._notes = notes
        self._text, self._starts, self._ends = raw.spelled()

    def record(self, options: ReadOptions, source: str) -> Record | None:
        """Give the record, or None and a report."""
        if not is_usable_text(self._text, self._reporter):
            return None
        own = self._own_data()
        if own.get("version") == VERSION and self._is_unchanged(own):
            return self._own_record(own)
        return self._foreign_record(options, source)

    def _own_data(self) -> dict[str, Any]:
        """Give what we stored with the document; empty if there is nothing, or nothing that can be read."""
        try:
            data = _object(self._data.get(OWN))
            if isinstance(data.get("json"), str):
                data = {**data, **_object(parse_line(data["json"], depth=OWN_DEPTH_LIMIT))}
        except (RecursionError, NotJsonError):
            return {}
        return data

    def _is_unchanged(self, own: dict[str, Any]) -> bool:
        """Tell whether the layers hold what we wrote; else another program has changed them."""
        now = {"ents": len(self._raw.entities), "sc": len(self._raw.groups.get("sc", ()))}
        written = _object(own.get("layers"))
        if "sc" not in self._raw.groups:
            now["sc"] = written.get("sc", 0)
        ours = {(str(each.get("fragments")), each.get("label")) for each in _objects(own.get("spans"))}
        layers = [*self._raw.entities, *self._raw.groups.get("sc", ())]
        places = [([[self._starts[each.first], self._ends[each.last - 1]]], each.label) for each in layers]
        if written == now and all((str(place), label) in ours for place, label in places):
            return True
        self._reporter.repaired(
            "Another program has changed the spans of this document; they were read, and what this program "
            "had noted of it (ids, notes, spans of several fragments) was left out."
        )
        return False

    def _own_record(self, own: dict[str, Any]) -> Record:
        fields = {**own, "relations": own.get("relation_details", [])}
        numbered, spans = own.get("numbered"), own.get("spans")
        if are_rising(numbered) and isinstance(spans, list):
            for index in numbered:
                if index < len(spans) and isinstance(spans[index], dict):
                    spans[index].pop("id", None)
        return record_of(self._text, fields, self._reporter, tokens=self._own_tokens(own.get("tokens")))

    def _own_tokens(self, fields: object) -> Tokens | None:
        if not isinstance(fields, dict):
            return None
        own, sentences = fields.get("own"), fields.get("sentences", [])
        picked = range(len(self._starts)) if own is None else own if are_rising(own) else None
        if picked is None or not are_rising(sentences) or (picked and picked[-1] >= len(self._starts)):
            return self._tokens()
        tokenizer = fields.get("tokenizer", "source")
        tokens = Tokens(
            [self._starts[index] for index in picked],
            [self._ends[index] for index in picked],
            sentences,
            tokenizer if isinstance(tokenizer, str) else "source",
        )
        return tokens if are_tokens(tokens, self._text) else self._tokens()

    def _tokens(self) -> Tokens | None:
        """Give the tokens that are not blanks."""
        words = [index for index, word in enumerate(self._raw.words) if word.strip()]
        # A sentence that begins with blanks begins with the word after them.
        begins = sorted({bisect_left(words, index) for index in self._raw.sentences} - {len(words)})
        sentences = begins if not begins or begins[0] == 0 else [0, *begins]
        tokens = Tokens(
            [self._starts[index] for index in words], [self._ends[index] for index in words], sentences
        )
        return tokens if are_tokens(tokens, self._text) else None

    def _foreign_record(self, options: ReadOptions, source: str) -> Record:
        raw = self._raw
        collector = Collector(self._text, self._reporter)
        firsts: dict[int, int] = {}
        for number, each in enumerate(raw.entities, start=1):
            self._add(collector, each, f"Entity {number}", firsts)
        for name, group in raw.groups.items():
            if name not in ("sc", _INCORRECT):
                self._notes.add(f'the spans of the group "{name}" were read like those of "sc".')
            for number, each in enumerate(group, start=1):
                self._add(
                    collector,
                    each,
                    f'Span {number} of the group "{name}"',
                    firsts,
                    rejected=name == _INCORRECT,
                )
        is_done = (raw.is_complete or "sc" in raw.groups) and not collector.refused
        self._add_relations(collector, self._data.get(REL), firsts)
        others = [key for key in self._data if key not in (OWN, REL)]
        for key in others:
            shown_key = key[1] if isinstance(key, tuple) and len(key) > 1 else key
            self._notes.add(f"what another program stored under {shown_key!r} was not read.")
        return Record(
            text=self._text,
            source=source,
            title=title_of(self._text),
            language=options.language,
            tokens=self._tokens(),
            state=State.DONE if is_done else None,
            spans=tuple(collector.spans),
            relations=tuple(collector.relations),
            attributes={NAME: {"cats": dict(raw.cats)}} if raw.cats else {},
        )

    def _add(
        self, collector: Collector, raw: RawSpan, name: str, firsts: dict[int, int], *, rejected: bool = False
    ) -> None:
        label = collector.label(raw.label or None, name)
        start, end = self._starts[raw.first], self._ends[raw.last - 1]
        fragments = None if label is None else collector.stretch(start, end, name)
        if label is None or fragments is None:
            return
        attributes = {NAME: {"kb_id": raw.kb_id}} if raw.kb_id else {}
        span = RecordSpan(
            fragments=fragments, label=label, id=raw.id, rejected=rejected, attributes=attributes
        )
        there = None if rejected else collector.find(span.identity)
        if there is None or not is_accepted(collector.spans[there]):
            there = collector.add_span(span, name)
        if not rejected:
            firsts.setdefault(raw.first, there)

    def _add_relations(self, collector: Collector, value: object, firsts: dict[int, int]) -> None:
        """Read `doc._.rel`: pairs of first tokens to labels to 0 or 1; an end is the entity that begins there."""
        if not isinstance(value, Mapping):
            return
        number = 0
        for pair, labels in value.items():
            held = labels.items() if isinstance(labels, Mapping) else ()
            for label, weight in held:
                if not isinstance(weight, int | float) or weight < 0.5:
                    continue
                number += 1
                name = f"Relation {number}"
                text = collector.label(label, name)
                ends = list(pair) if isinstance(pair, tuple) and len(pair) == 2 else [None, None]
                head, child = (firsts.get(end) if is_whole(end) else None for end in ends)
                if text is None:
                    continue
                if head is None or child is None:
                    collector.refuse(
                        name, f"no entity begins at one of its tokens ({ends[0]!r}, {ends[1]!r})."
                    )
                    continue
                collector.add_relation(RecordRelation(head=head, child=child, label=text), name)


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
