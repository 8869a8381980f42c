"""spaCy DocBin: the format, and its writer. `docbin_plan.py` decides what goes where, `docbin_reading.py` reads.

One layout for a whole file, never one for each document: `ents` (`doc.ents` alone), `spans` (every span in
`doc.spans["sc"]`, which every document has) or `both`. Rejected spans are in `doc.spans["incorrect"]`, relations
in `doc._.rel` by the first tokens of their ends, and everything else a record knows in
`doc.user_data["annotator"]`, so that reading the file back gives the same record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from annotator.formats.base import (
    Format,
    Tokenize,
    WriteContext,
    counted,
    is_accepted,
    name_of,
    option,
    shown,
    write_safely,
)
from annotator.formats.docbin_container import BadDocBinError, RawDocument, documents_in
from annotator.formats.docbin_packing import PackedDocument, Packing, RawSpan
from annotator.formats.docbin_plan import (
    AUTO,
    BOTH,
    ENTS,
    SPANS,
    UNFINISHED,
    Placed,
    Plan,
    is_left_out,
    loss_counter,
    plan,
    without_overlaps,
)
from annotator.formats.docbin_reading import NAME, OWN, REL, VERSION, read, sniff
from annotator.formats.ledger import misread
from annotator.formats.record_fields import head_fields, relation_fields, span_fields
from annotator.formats.spelling import Spelling, spelled_out
from annotator.formats.text_files import opened
from annotator.model.document import Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Loss, Record
from annotator.model.schema import Schema

_LAYOUTS = (AUTO, ENTS, SPANS, BOTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocBinOptions:
    """How a DocBin is laid out."""

    layout: str = option(
        default=AUTO,
        title="Layout",
        about='Where spans go: doc.ents, doc.spans["sc"] or both; auto: both if any document has overlaps.',
        choices=_LAYOUTS,
    )
    unfinished: bool = option(
        default=False,
        title="Unfinished documents too",
        about="Write documents that are not done into the layouts spans and both, where gaps count as negatives.",
    )
    assume_done: bool = option(
        default=False,
        title="Take documents of unknown state as done",
        about="For files that do not say which documents are finished: whatever has no span is a negative.",
    )


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as a DocBin.

    Raises:
        FormatError: also when every document would be left out.
    """
    writer = _Writer(_options(context.options), context)

    def into(temporary: Path) -> None:
        for record in records:
            writer.add(record)
        temporary.write_bytes(writer.content())

    write_safely(path, into, lambda temporary: writer.check(temporary, shown(path)))
    writer.count()


def losses(
    records: Iterable[Record],
    options: object,
    tokenize: Tokenize | None = None,
    schema: Schema | None = None,
) -> list[Loss]:
    """Count what spaCy's own layers would not hold."""
    chosen = _options(options)
    layouts = (ENTS, BOTH) if chosen.layout == AUTO else (chosen.layout,)
    counters = {layout: loss_counter(layout) for layout in layouts}
    overlaps = False
    for record in records:
        spelling = _spelling(record, tokenize)
        for layout, counter in counters.items():
            if is_left_out(
                record, layout=layout, unfinished=chosen.unfinished, assume_done=chosen.assume_done
            ):
                counter.add(UNFINISHED, record.source or record.title)
                continue
            made = plan(
                record,
                spelling,
                layout=layout,
                schema=schema or Schema(),
                assume_done=chosen.assume_done,
                counter=counter,
            )
            overlaps |= layout == BOTH and made.overlaps
    return counters[BOTH if chosen.layout == AUTO and overlaps else layouts[0]].result()


def layout_of(records: Iterable[Record], options: DocBinOptions, tokenize: Tokenize | None = None) -> str:
    """Tell which layout `auto` comes to for these records, so that several files of one export get the same."""
    if options.layout != AUTO:
        return options.layout
    for record in records:
        if is_left_out(record, layout=BOTH, unfinished=options.unfinished, assume_done=options.assume_done):
            continue
        spelling = _spelling(record, tokenize)
        spans = (span for span in record.spans if is_accepted(span))
        places = [place for span in spans if (place := spelling.place(span.fragments)) is not None]
        if without_overlaps([(first, last, 0) for first, last in places])[1]:
            return BOTH
    return ENTS


def _options(given: object) -> DocBinOptions:
    options = given if isinstance(given, DocBinOptions) else DocBinOptions()
    if options.layout not in _LAYOUTS:
        raise FormatError(
            f"DocBin has no layout {options.layout!r}.", f"Choose one of {', '.join(_LAYOUTS)}."
        )
    return options


@dataclass(frozen=True, slots=True)
class _Entry:
    """One document on its way into the file, and what must come back."""

    packed: PackedDocument
    fits_both: bool
    spans: int
    relations: int
    digest: bytes
    sc_digest: bytes


class _Writer:
    """Collects documents; under `auto` it begins with `ents` and turns to `both` at the first overlap."""

    def __init__(self, options: DocBinOptions, context: WriteContext) -> None:
        self._options = options
        self._context = context
        self._layout = ENTS if options.layout == AUTO else options.layout
        self._packing = Packing()
        self._entries: list[_Entry] = []
        self._left_out = 0

    def add(self, record: Record) -> None:
        """Add a document, unless the layout has no place for it."""
        spelling = _spelling(record, self._context.tokenize)
        fits_both = not self._is_left_out(record, BOTH)
        if self._is_left_out(record, self._layout):
            self._left_out += 1
            return
        made = self._plan(record, spelling)
        if made.overlaps and fits_both and self._options.layout == AUTO and self._layout == ENTS:
            self._layout = BOTH
            made = self._plan(record, spelling)
        try:
            self._entries.append(self._entry(made, fits_both=fits_both))
        except UnicodeEncodeError as error:
            raise FormatError(
                f"{name_of(record)} holds half a surrogate pair.", "Take the broken character out."
            ) from error

    def content(self) -> bytes:
        """Give the file.

        Raises:
            FormatError: there were documents, and every one was left out.
        """
        if self._layout != ENTS:
            staying = [entry for entry in self._entries if entry.fits_both]
            self._left_out += len(self._entries) - len(staying)
            self._entries = staying
        else:
            for entry in self._entries:
                entry.packed.groups.pop("sc", None)
        if self._left_out and not self._entries:
            raise FormatError(
                f"Nothing was written: of {counted(self._left_out, 'document')} none is done, and in the layout "
                f"{self._layout} whatever has no span would count as a negative.",
                "Finish documents, choose the layout ents, or ask for unfinished documents too.",
            )
        return self._packing.content([entry.packed for entry in self._entries])

    def check(self, path: Path, target: str) -> None:
        """Read a file back and compare every document with what was put in.

        Raises:
            FormatError: one of them came back changed.
        """
        number = 0
        with opened(path) as file:
            try:
                for number, raw in documents_in(file):
                    if number > len(self._entries) or not self._is_same(raw, self._entries[number - 1]):
                        raise misread(target, f"document {number:,} came back changed")
            except BadDocBinError as error:
                raise misread(target, f"it {error}") from error
        if number != len(self._entries):
            raise misread(
                target, f"{counted(len(self._entries), 'document')} went in and {number:,} came back"
            )

    def _is_same(self, raw: RawDocument | str, entry: _Entry) -> bool:
        if isinstance(raw, str) or ("sc" in raw.groups) != (self._layout != ENTS):
            return False
        incorrect = raw.groups.get("incorrect", [])
        digest = _digest(raw.spelled()[0], raw.entities, incorrect, raw.codes, raw.packed_data)
        return digest == entry.digest and _digest(raw.groups.get("sc")) in (entry.sc_digest, _digest(None))

    def count(self) -> None:
        """Tell the context what was written."""
        written = self._context.written
        written.documents = len(self._entries)
        written.spans = sum(entry.spans for entry in self._entries)
        written.relations = sum(entry.relations for entry in self._entries)

    def _is_left_out(self, record: Record, layout: str) -> bool:
        options = self._options
        return is_left_out(
            record, layout=layout, unfinished=options.unfinished, assume_done=options.assume_done
        )

    def _plan(self, record: Record, spelling: Spelling) -> Plan:
        return plan(
            record,
            spelling,
            layout=self._layout,
            schema=self._context.schema,
            assume_done=self._options.assume_done,
            counter=loss_counter(self._layout),
        )

    def _entry(self, made: Plan, *, fits_both: bool) -> _Entry:
        record, spelling = made.record, made.spelling
        ids = [span.id or f"s{index + 1}" for index, span in enumerate(record.spans)]
        words = [record.text[start:end] for start, end in zip(spelling.starts, spelling.ends, strict=True)]
        packed = self._packing.document(
            words,
            spelling.spaces,
            entities=_raw(made.entities, record, ids),
            missing=made.missing,
            is_complete=made.is_complete and self._layout != SPANS,
            user_data={REL: made.relations, OWN: _user_data(made, ids)},
        )
        packed.cats = dict(_foreign(record.attributes).get("cats", {}))
        # Without overlaps both layers hold the same; whether the file has the group is known at the end.
        groups = {"sc": made.entities if made.spans is None else made.spans}
        if made.incorrect:
            groups["incorrect"] = made.incorrect
        for name, places in groups.items():
            raw = _raw(places, record, ids)
            packed.groups[name] = self._packing.group(name, raw, spelling.starts, spelling.ends)
        entities, incorrect = _raw(made.entities, record, ids), _raw(made.incorrect, record, ids)
        digest = _digest(record.text, entities, incorrect, packed.codes, packed.user_data)
        sc_digest = _digest(_raw(groups["sc"], record, ids))
        return _Entry(packed, fits_both, made.visible, made.positives, digest, sc_digest)


def _raw(places: Iterable[Placed], record: Record, ids: Sequence[str]) -> list[RawSpan]:
    spans = record.spans
    return [
        RawSpan(
            first, last, spans[index].label, ids[index], _foreign(spans[index].attributes).get("kb_id", "")
        )
        for first, last, index in places
    ]


def _spelling(record: Record, tokenize: Tokenize | None) -> Spelling:
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


def _digest(*parts: object) -> bytes:
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


FORMAT = Format(
    name=NAME,
    title="spaCy DocBin",
    suffixes=(".spacy",),
    sniff=sniff,
    read=read,
    write=write,
    options=DocBinOptions,
    losses=losses,
)
