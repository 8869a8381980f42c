"""Collects documents for DocBins and packs them.

Which file a document goes to may be settled at the end: several files of one export share one table of strings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

from annotator.formats.base import Tokenize, WriteContext, half_a_pair, is_accepted, name_of
from annotator.formats.docbin_options import DocBinOptions
from annotator.formats.docbin_packing import Packing, RawSpan
from annotator.formats.docbin_plan import AUTO, BOTH, ENTS, SPANS, Plan, is_left_out, loss_counter, plan
from annotator.formats.docbin_reading import NAME, OWN, REL, VERSION
from annotator.formats.docbin_windows import PairCount, Pairs, pair_count, windows_of
from annotator.formats.holding import with_tokens
from annotator.formats.record_fields import head_fields, relation_fields, span_fields
from annotator.formats.spelling import Spelling, spelled_out
from annotator.model.document import Part, Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Record
from annotator.model.rules import Placed
from annotator.model.wording import counted


@dataclass(slots=True, kw_only=True)
class Entry:
    """One document, or window of one, on its way into a file.

    Args:
        number: of what is packed. document: number of the document that it is of. part: that of the document.
        text: a digest, by which the same text is known again. has_rejected: it has the group of rejected spans.
        longest: most tokens of its spans.
    """

    number: int
    document: int
    part: Part | None
    text: bytes
    fits_both: bool
    has_rejected: bool
    spans: int
    relations: int
    longest: int
    pairs: PairCount


class DocBinWriter:
    """Collects documents; under `auto` it begins with `ents` and turns to `both` at the first overlap.

    Args:
        packing: packs and keeps them.
    """

    def __init__(self, packing: Packing, options: DocBinOptions, context: WriteContext) -> None:
        self._packing = packing
        self._options = options
        self._context = context
        self._left_out = 0
        self._documents = 0
        self._lost = loss_counter(BOTH)  # was told beforehand
        self.layout = ENTS if options.layout == AUTO else options.layout
        self.entries: list[Entry] = []

    def add(self, record: Record) -> None:
        """Add a document, or its windows, unless the layout has no place for it."""
        self._documents += 1
        fits_both = not self._is_left_out(record, BOTH)
        if self._is_left_out(record, self.layout):
            self._left_out += 1
            return
        try:
            for each in cut(record, self._options, self._context.tokenize):
                self._add(each, fits_both=fits_both)
        except UnicodeEncodeError as error:
            raise half_a_pair(name_of(record)) from error

    def _add(self, record: Record, *, fits_both: bool) -> None:
        spelling = spelling_of(record, self._context.tokenize)
        made = self._plan(record, spelling)
        if made.overlaps and fits_both and self._options.layout == AUTO and self.layout == ENTS:
            self.layout = BOTH
            made = self._plan(record, spelling)
        self.entries.append(self._entry(made, fits_both=fits_both))

    def settle(self) -> None:
        """Let go of what the layout, known now, has no place for.

        Raises:
            FormatError: there were documents, and every one was left out.
        """
        if self.layout != ENTS:
            staying = [entry for entry in self.entries if entry.fits_both]
            self._left_out += _documents(self.entries) - _documents(staying)
            self.entries = staying
        if self._left_out and not self.entries:
            raise FormatError(
                f"Nothing was written: of {counted(self._left_out, 'document')} none is done, and in the layout "
                f"{self.layout} whatever has no span would count as a negative.",
                "Finish documents, choose the layout ents, or ask for unfinished documents too.",
            )

    def put(self, file: BinaryIO, entries: Sequence[Entry]) -> None:
        """Write a file of some of the documents."""
        # Without overlaps both layers hold the same; whether the files have the group is known at the end.
        without = {"sc"} if self.layout == ENTS else set()
        self._packing.write(file, [entry.number for entry in entries], without=without)

    def count(self) -> None:
        """Tell the context what was written: documents, not their windows."""
        written = self._context.written
        written.documents = _documents(self.entries)
        written.spans = sum(entry.spans for entry in self.entries)
        written.relations = sum(entry.relations for entry in self.entries)
        pairs = Pairs()
        for entry in self.entries:
            pairs.add(entry.pairs)
        if line := pairs.told("window" if self._options.sentences else "document"):
            self._context.told.append(f"For rel_component: {line}")

    def _is_left_out(self, record: Record, layout: str) -> bool:
        options = self._options
        return is_left_out(
            record.state, layout=layout, unfinished=options.unfinished, assume_done=options.assume_done
        )

    def _plan(self, record: Record, spelling: Spelling) -> Plan:
        made = plan(
            record,
            spelling,
            layout=self.layout,
            schema=self._context.schema,
            assume_done=self._options.assume_done,
            counter=self._lost,
        )
        if not self._options.rejected:
            made.incorrect = []
        return made

    def _entry(self, made: Plan, *, fits_both: bool) -> Entry:
        record, spelling = made.record, made.spelling
        ids = [span.id or f"s{index + 1}" for index, span in enumerate(record.spans)]
        words = [record.text[start:end] for start, end in zip(spelling.starts, spelling.ends, strict=True)]
        entities = _raw(made.entities, record, ids)
        packed = self._packing.document(
            words,
            spelling.spaces,
            entities=entities,
            missing=made.missing,
            is_complete=made.is_complete and self.layout != SPANS,
            user_data={REL: made.relations, OWN: _user_data(made, ids)},
        )
        packed.cats = dict(_foreign(record.attributes).get("cats", {}))
        groups = {"sc": entities if made.spans is None else _raw(made.spans, record, ids)}
        if made.incorrect:
            groups["incorrect"] = _raw(made.incorrect, record, ids)
        for name, spans in groups.items():
            packed.groups[name] = self._packing.group(name, spans, spelling.starts, spelling.ends)
        visible = groups["sc"]
        related = [pair for pair, labels in made.relations.items() if 1.0 in labels.values()]
        return Entry(
            number=self._packing.add(packed),
            document=self._documents,
            part=record.part,
            text=_digest(" ".join(record.text.split())),
            fits_both=fits_both,
            has_rejected=bool(made.incorrect),
            spans=made.visible,
            relations=made.positives,
            longest=max((span.last - span.first for span in visible), default=0),
            pairs=pair_count([span.first for span in entities or visible], related),
        )


def cut(record: Record, options: DocBinOptions, tokenize: Tokenize | None) -> list[Record]:
    """Give a document whole, or its windows."""
    if not options.sentences:
        return [record]
    return windows_of(with_tokens(record, tokenize or _blank_tokens), options.sentences)


def _documents(entries: Iterable[Entry]) -> int:
    return len({entry.document for entry in entries})


def _raw(places: Iterable[Placed], record: Record, ids: Sequence[str]) -> list[RawSpan]:
    spans = record.spans
    return [
        RawSpan(
            first, last, spans[index].label, ids[index], _foreign(spans[index].attributes).get("kb_id", "")
        )
        for first, last, index in places
    ]


def spelling_of(record: Record, tokenize: Tokenize | None) -> Spelling:
    """Spell a record out in its tokens, or in those that are made for it."""
    tokens = record.tokens
    if tokens is None:
        tokens = (tokenize or _blank_tokens)(record.text, record.language)
    return spelled_out(record.text, tokens)


def _blank_tokens(text: str, language: str) -> Tokens:
    """Cut a text with spaCy's rules for its language, or for any."""
    doc = _tokenizer(language)(text)
    words = [token for token in doc if not token.is_space]
    return Tokens([token.idx for token in words], [token.idx + len(token) for token in words])


@lru_cache(maxsize=8)
def _tokenizer(language: str) -> Callable[[str], Any]:
    import spacy

    try:
        return spacy.blank(language or "xx").tokenizer
    except ImportError:  # no such language, or one that needs a further package
        return spacy.blank("xx").tokenizer


def _foreign(attributes: Mapping[str, Any]) -> dict[str, Any]:
    kept = attributes.get(NAME)
    return kept if isinstance(kept, dict) else {}


def _user_data(made: Plan, ids: Sequence[str]) -> dict[str, Any]:
    """Give everything the record knows, as msgpack can hold it."""
    record, tokens = made.record, made.record.tokens
    own = made.spelling.own
    data: dict[str, Any] = {
        "version": VERSION,
        "id": record.id,
        "title": record.title,
        "source": record.source,
        "metadata": {},
        **head_fields(record),
        "spans": [
            {**span_fields(span), "id": identity} for span, identity in zip(record.spans, ids, strict=True)
        ],
        "numbered": [index for index, span in enumerate(record.spans) if not span.id],
        "relation_details": [relation_fields(relation) for relation in record.relations],
        "tokens": None
        if tokens is None
        else {
            "own": None if own is None else list(own),
            "sentences": list(tokens.sentences),
            "tokenizer": tokens.tokenizer,
        },
    }
    attributes = [each.attributes for each in record.spans] + [each.attributes for each in record.relations]
    if any(map(_is_too_long, (record.metadata, record.attributes, *attributes))):
        heads = ("version", "id", "title", "source", "state")
        data = {**{name: data.get(name, "") for name in heads}, "json": json.dumps(data)}
    data["relations"] = [
        [ids[relation.head], ids[relation.child], relation.label]
        for relation in record.relations
        if is_accepted(relation)
    ]
    # Whether another program has changed the layers is seen by their sizes.
    data["layers"] = {"ents": len(made.entities), "sc": made.visible}
    return data


def _is_too_long(value: object) -> bool:
    """Tell whether a JSON value holds a whole number that msgpack cannot hold."""
    if isinstance(value, Mapping):
        return any(map(_is_too_long, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_is_too_long, value))
    return isinstance(value, int) and not -(1 << 63) <= value < 1 << 64


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
