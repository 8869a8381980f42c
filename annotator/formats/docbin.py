"""spaCy DocBin: the format, and its writer. `docbin_plan.py` decides what goes where, `docbin_reading.py` reads.

One layout for a whole file, never one for each document: `ents` (`doc.ents` alone), `spans` (every span in
`doc.spans["sc"]`, which every document has) or `both`. Rejected spans are in `doc.spans["incorrect"]`, relations
in `doc._.rel` by the first tokens of their ends, and everything else a record knows in
`doc.user_data["annotator"]`, so that reading the file back gives the same record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.formats.base import (
    Format,
    Tokenize,
    WriteContext,
    counted,
    is_accepted,
    misread,
    option,
    shown,
    write_safely,
)
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
)
from annotator.formats.docbin_reading import NAME, OWN, VERSION, read, sniff
from annotator.formats.record_fields import head_fields, relation_fields, span_fields
from annotator.formats.spelling import Spelling, spelled_out
from annotator.model.document import Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Loss, Record
from annotator.model.schema import Schema

if TYPE_CHECKING:
    from spacy.tokens import Doc, DocBin, Span
    from spacy.vocab import Vocab

_ATTRIBUTES = ("ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "ENT_ID")
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

    write_safely(path, into, lambda temporary: _check(temporary, writer.digests, shown(path)))
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


def _options(given: object) -> DocBinOptions:
    options = given if isinstance(given, DocBinOptions) else DocBinOptions()
    if options.layout not in _LAYOUTS:
        raise FormatError(
            f"DocBin has no layout {options.layout!r}.", f"Choose one of {', '.join(_LAYOUTS)}."
        )
    return options


class _Writer:
    """Collects documents; under `auto` it begins with `ents` and turns to `both` at the first overlap."""

    def __init__(self, options: DocBinOptions, context: WriteContext) -> None:
        from spacy.tokens import Doc
        from spacy.vocab import Vocab

        if not Doc.has_extension("rel"):
            Doc.set_extension("rel", default={})
        self._options = options
        self._context = context
        self._layout = ENTS if options.layout == AUTO else options.layout
        self._vocab = Vocab()
        self._bin = _new_bin()
        self._left_out = 0
        # For each document in the file: whether `both` has room for it, its spans and its relations.
        self._facts: list[tuple[bool, int, int]] = []
        self.digests: list[bytes] = []

    def add(self, record: Record) -> None:
        """Add a document, unless the layout has no place for it."""
        spelling = _spelling(record, self._context.tokenize)
        fits_both = not self._is_left_out(record, BOTH)
        if self._is_left_out(record, self._layout):
            self._left_out += 1
            return
        made = self._plan(record, spelling)
        if made.overlaps and fits_both and self._options.layout == AUTO and self._layout == ENTS:
            self._turn_to_both()
            made = self._plan(record, spelling)
        self._put(_doc_of(made, self._vocab, self._layout), (fits_both, made.visible, made.positives))

    def content(self) -> bytes:
        """Give the file.

        Raises:
            FormatError: there were documents, and every one was left out.
        """
        if self._left_out and not self.digests:
            raise FormatError(
                f"Nothing was written: of {counted(self._left_out, 'document')} none is done, and in the layout "
                f"{self._layout} whatever has no span would count as a negative.",
                "Finish documents, choose the layout ents, or ask for unfinished documents too.",
            )
        return bytes(self._bin.to_bytes())

    def count(self) -> None:
        """Tell the context what was written."""
        written = self._context.written
        written.documents = len(self._facts)
        written.spans = sum(spans for _, spans, _ in self._facts)
        written.relations = sum(relations for _, _, relations in self._facts)

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

    def _put(self, doc: Doc, facts: tuple[bool, int, int]) -> None:
        self._bin.add(doc)
        self._facts.append(facts)
        self.digests.append(_digest(doc))

    def _turn_to_both(self) -> None:
        """Give the documents so far, none of which has overlaps, their group, and drop those without a place."""
        earlier, facts = self._bin, self._facts
        self._layout, self._bin, self._facts, self.digests = BOTH, _new_bin(), [], []
        for doc, fact in zip(earlier.get_docs(self._vocab), facts, strict=True):
            if fact[0]:
                doc.spans["sc"] = list(doc.ents)
                _note_layers(doc)
                self._put(doc, fact)
            else:
                self._left_out += 1


def _new_bin() -> DocBin:
    from spacy.tokens import DocBin

    return DocBin(attrs=_ATTRIBUTES, store_user_data=True)


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
def _tokenizer(language: str) -> Any:
    import spacy

    try:
        return spacy.blank(language or "xx").tokenizer
    except ImportError:  # no such language, or one that needs a further package
        return spacy.blank("xx").tokenizer


def _doc_of(made: Plan, vocab: Vocab, layout: str) -> Doc:
    from spacy.tokens import Doc, Span

    record, spelling = made.record, made.spelling
    words = [record.text[start:end] for start, end in zip(spelling.starts, spelling.ends, strict=True)]
    doc = Doc(vocab, words=words, spaces=list(spelling.spaces))
    ids = [span.id or f"s{index + 1}" for index, span in enumerate(record.spans)]

    def spans(places: Iterable[Placed]) -> list[Span]:
        return [
            Span(
                doc,
                first,
                last,
                label=record.spans[index].label,
                kb_id=_foreign(record.spans[index].attributes).get("kb_id", ""),
                span_id=ids[index],
            )
            for first, last, index in places
        ]

    if layout != SPANS:
        doc.set_ents(
            spans(made.entities),
            missing=[Span(doc, first, last) for first, last in made.missing],
            default="outside" if made.is_complete else "missing",
        )
    if made.spans is not None:
        doc.spans["sc"] = spans(made.spans)
    if made.incorrect:
        doc.spans["incorrect"] = spans(made.incorrect)
    doc.cats = dict(_foreign(record.attributes).get("cats", {}))
    doc._.rel = made.relations
    doc.user_data[OWN] = _user_data(record, spelling, ids)
    _note_layers(doc)
    return doc


def _note_layers(doc: Doc) -> None:
    """Note how many spans each layer has, so that a reader sees whether another program changed them."""
    doc.user_data[OWN]["layers"] = {
        "ents": len(doc.ents),
        "sc": len(doc.spans["sc"]) if "sc" in doc.spans else 0,
    }


def _foreign(attributes: Any) -> dict[str, Any]:
    kept = attributes.get(NAME)
    return kept if isinstance(kept, dict) else {}


def _user_data(record: Record, spelling: Spelling, ids: Sequence[str]) -> dict[str, Any]:
    """Give everything a record knows, as msgpack can hold it."""
    tokens = record.tokens
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
            "own": None if spelling.own is None else list(spelling.own),
            "sentences": list(tokens.sentences),
            "tokenizer": tokens.tokenizer,
        },
    }
    data = _packable(data)
    data["relations"] = [
        [ids[relation.head], ids[relation.child], relation.label]
        for relation in record.relations
        if is_accepted(relation)
    ]
    return data


def _packable(data: dict[str, Any]) -> dict[str, Any]:
    """Give the data itself, or, where a number is too long for msgpack, with all of it as JSON beside the names."""
    from srsly import msgpack

    try:
        msgpack.packb(data, use_bin_type=True)
    except (OverflowError, TypeError, ValueError):
        names = ("version", "id", "title", "source", "state")
        return {**{name: data.get(name, "") for name in names}, "json": json.dumps(data)}
    return data


def _digest(doc: Doc) -> bytes:
    """Give 16 bytes that stand for all that was put into a document."""
    from srsly import msgpack

    layers = [
        doc.text,
        [(span.start, span.end, span.label_, span.id_) for span in doc.ents],
        sorted(
            (name, [(span.start, span.end, span.label_, span.id_) for span in group])
            for name, group in doc.spans.items()
        ),
    ]
    digest = hashlib.blake2b(repr(layers).encode(), digest_size=16)
    digest.update(doc.to_array("ENT_IOB").tobytes())
    digest.update(msgpack.packb(doc.user_data, use_bin_type=True))
    return digest.digest()


def _check(path: Path, digests: Sequence[bytes], target: str) -> None:
    """Read a file as spaCy does and compare every document with what was put in.

    Raises:
        FormatError: one of them came back changed.
    """
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    docs = DocBin().from_disk(path)
    if len(docs) != len(digests):
        raise misread(target, f"{counted(len(digests), 'document')} went in and {len(docs):,} came back")
    for number, (doc, digest) in enumerate(zip(docs.get_docs(Vocab()), digests, strict=True), start=1):
        if _digest(doc) != digest:
            raise misread(target, f"document {number:,} came back changed")


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
