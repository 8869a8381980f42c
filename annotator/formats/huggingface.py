"""Datasets as Hugging Face's programs take them: rows of tokens and tags, JSON lines or Parquet, and a file of labels.

A folder is written: `annotated.jsonl` or `annotated.parquet`, whose rows have `id`, `tokens`, `ner_tags` as strings,
`text`, and `spans` and `relations` that count its characters; and `labels.json`. Tags hold less than spans do, which
is told. A document that is not done has no place, as its bare words would count as negatives.
"""

from __future__ import annotations

import dataclasses
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from annotator.formats.base import (
    Format,
    ReadOptions,
    Report,
    Reporter,
    WriteContext,
    file_name,
    name_of,
    option,
    options_as,
    shown,
)
from annotator.formats.class_names import LABELS, companions, names_beside
from annotator.formats.conll_tags import IOB2, tags_of
from annotator.formats.extra_wheels import wheel
from annotator.formats.holding import (
    NAMES,
    FinishedOptions,
    Holding,
    Keeper,
    keeps_by,
    leaves_unfinished,
    losses_by,
    with_tokens,
    without_overlaps,
)
from annotator.formats.json_files import values_of
from annotator.formats.jsonl import json_line, kind_of
from annotator.formats.parquet import RELATION_ENDS, SPAN_ENDS, item_type
from annotator.formats.table_columns import RELATIONS, SPANS, TAGS, TEXT, TOKENS
from annotator.formats.table_reading import SAMPLE, Table, TableOptions, records_of
from annotator.formats.text_files import opened
from annotator.formats.whole_files import Sink, write_folder_compared
from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.model.record import Record, RecordSpan
from annotator.model.rules import trimmed
from annotator.model.schema import Schema

NAME = "huggingface"
JSONL, PARQUET = "jsonl", "parquet"
DOCUMENTS, SENTENCES = "documents", "sentences"
FILES = {JSONL: "annotated.jsonl", PARQUET: "annotated.parquet"}
UNTAGGED, ACROSS = "untagged", "across"
HOLDING = Holding(document=frozenset({"tokens"}), relations=True, unfinished=False)
_MESSAGES = {
    NAMES: ("document", "Title, source or language of {what} is not in the file; the id is, as a column."),
    UNTAGGED: ("span", "{what} in overlap or off token borders: in spans, but not in ner_tags."),
    ACROSS: ("span or relation", "{what} over the border of a sentence: left out, as rows are sentences."),
}
_TOKENS = re.compile(rb'"(?:tokens|words)"\s*:\s*\[\s*"')
_TAGS = re.compile(rb'"(?:ner_tags|tags|labels|ner|fine_ner_tags|entities)"\s*:\s*\[\s*(?:"|\d+\s*[,\]])')
_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HuggingFaceOptions(FinishedOptions):
    """How a dataset is written."""

    container: str = option(
        default=JSONL,
        title="File",
        about="JSON lines, or Parquet, which needs pyarrow.",
        choices=(JSONL, PARQUET),
    )
    rows: str = option(
        default=DOCUMENTS,
        title="A row is",
        about="What a row holds: a whole document, or a sentence of one.",
        choices=(DOCUMENTS, SENTENCES),
    )


def sniff(head: bytes, path: Path) -> float:
    """Tell by tokens that are plain words, with tags; and the file of labels by its name."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith((b"{", b"[")):
        return 0.0
    if path.name == LABELS and b'"ner_tags"' in start:
        return 0.95
    if not _TOKENS.search(start):
        return 0.0
    return 0.95 if _TAGS.search(start) else 0.8


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file of JSON lines."""
    reporter, name = Reporter(shown(path), report), file_name(path)

    def rows(here: Reporter) -> Iterator[tuple[int, Mapping[str, Any]]]:
        with opened(path) as file:
            for line, value in values_of(file, name=name, options=options, reporter=here):
                if isinstance(value, dict):
                    yield line, value
                else:
                    here.at(line=line).refused(f"This is {kind_of(value)}, not an object; it was left out.")

    sample = [row for _, row in islice(rows(Reporter("", lambda _problem: None)), SAMPLE)]
    if not sample or path.name == LABELS:
        for _ in rows(reporter):
            pass
        reporter.refused(f"{name} holds no documents.")
        return
    table = Table(
        names=list(dict.fromkeys(key for row in sample for key in row)),
        sample=sample,
        rows=rows,
        tags=names_beside(path, reporter),
    )
    yield from records_of(table, path=path, options=options, reporter=reporter)


class _Keeper(Keeper):
    """Gives every document tokens, and tells what tags have no place for."""

    def __init__(self, options: HuggingFaceOptions) -> None:
        super().__init__(HOLDING, _MESSAGES, assume_done=options.assume_done)
        self._by_sentence = options.rows == SENTENCES

    def keep(self, record: Record) -> Record | None:
        """Give what a dataset holds of a record."""
        kept = super().keep(dataclasses.replace(record, tokens=_tokens(record)))
        if kept is None:
            return None
        assert kept.tokens is not None, "they were made"
        kept = self._within_sentences(kept, kept.tokens) if self._by_sentence else kept
        tagged = set(_tagged(kept))
        for index, span in enumerate(kept.spans):
            if index not in tagged:
                self.lose(UNTAGGED, kept, span)
        if self._by_sentence:
            return kept
        whole = dataclasses.replace(
            kept.tokens or Tokens([], []), sentences=[0] if len(kept.tokens or ()) else []
        )
        return dataclasses.replace(kept, tokens=whole)

    def _within_sentences(self, record: Record, tokens: Tokens) -> Record:
        """Leave out what lies in more than one sentence."""
        sentence_of = [_sentence(tokens, span) for span in record.spans]
        places: dict[int, int] = {}
        for index, span in enumerate(record.spans):
            if sentence_of[index] is None:
                self.lose(ACROSS, record, span)
            else:
                places[index] = len(places)
        relations = []
        for each in record.relations:
            if (
                each.head in places
                and each.child in places
                and sentence_of[each.head] == sentence_of[each.child]
            ):
                relations.append(dataclasses.replace(each, head=places[each.head], child=places[each.child]))
            else:
                self.lose(ACROSS, record, each)
        spans = tuple(record.spans[index] for index in places)
        return dataclasses.replace(record, spans=spans, relations=tuple(relations))


def _tokens(record: Record) -> Tokens:
    """Give the tokens of a record without those that are blanks; where it has none, cut at blanks."""
    text = record.text
    if record.tokens is None:
        found = [match.span() for match in re.finditer(r"\S+", text)]
        return Tokens([start for start, _ in found], [end for _, end in found], [0] if found else [])
    old = record.tokens
    words = [text[start:end] for start, end in zip(old.starts, old.ends, strict=True)]
    if words and len("|".join(words).split()) == 1:  # no blank in any, as nearly always
        begins = old.sentences if old.sentences and old.sentences[0] == 0 else [0, *old.sentences]
        return Tokens(old.starts, old.ends, list(begins))
    pairs = [trimmed(text, start, end) for start, end in zip(old.starts, old.ends, strict=True)]
    firsts, sentences, starts, ends = set(old.sentences), set[int](), list[int](), list[int]()
    for index, (start, end) in enumerate(pairs):
        if index in firsts or not index:
            sentences.add(len(starts))
        if start < end:
            starts.append(start)
            ends.append(end)
    return Tokens(starts, ends, sorted(each for each in sentences if each < len(starts)))


def _sentence(tokens: Tokens, span: RecordSpan) -> int | None:
    """Give the sentence in which a span lies, None where it lies in several."""
    first, last = (tokens.covering(*span.fragments[0])[0], tokens.covering(*span.fragments[0])[1] - 1)
    here = bisect_right(tokens.sentences, first)
    return here if here == bisect_right(tokens.sentences, max(first, last)) else None


def _tagged(record: Record) -> list[int]:
    """Give the places of the spans that tags can show: on token borders, and of those that overlap one."""
    assert record.tokens is not None, "they were made"
    on_borders = record.tokens.on_borders
    fitting = [index for index, span in enumerate(record.spans) if on_borders(*span.fragments[0])]
    apart = without_overlaps([record.spans[index].fragments for index in fitting])
    return [fitting[place] for place in apart]


def _pieces(record: Record, *, by_sentence: bool) -> Iterator[Record]:
    """Give the documents that become rows: the document itself, or one for each sentence."""
    tokens = record.tokens
    assert tokens is not None, "they were made"
    if not by_sentence:
        yield record
        return
    borders = [*tokens.sentences, len(tokens)]
    for first, last in pairwise(borders):
        start, end = tokens.starts[first], tokens.ends[last - 1]
        inside = [index for index, span in enumerate(record.spans) if start <= span.fragments[0].start < end]
        places = {old: new for new, old in enumerate(inside)}
        yield Record(
            text=record.text[start:end],
            tokens=Tokens(
                [each - start for each in tokens.starts[first:last]],
                [each - start for each in tokens.ends[first:last]],
                [0],
            ),
            spans=tuple(_moved(record.spans[index], start) for index in inside),
            relations=tuple(
                dataclasses.replace(each, head=places[each.head], child=places[each.child])
                for each in record.relations
                if each.head in places
            ),
        )


def _moved(span: RecordSpan, start: int) -> RecordSpan:
    first, last = span.fragments[0]
    return dataclasses.replace(span, fragments=(Fragment(first - start, last - start),))


def _row(record: Record, identity: str) -> dict[str, Any]:
    tokens = record.tokens
    assert tokens is not None, "they were made"
    tagged = [record.spans[index] for index in _tagged(record)]
    places = [(*tokens.covering(*each.fragments[0]), each.label) for each in tagged]
    return {
        "id": identity,
        TOKENS: [record.text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)],
        TAGS: tags_of(len(tokens), places, IOB2),
        TEXT: record.text,
        SPANS: [
            {"start": each.fragments[0].start, "end": each.fragments[0].end, "label": each.label}
            for each in record.spans
        ],
        RELATIONS: [
            {"head": each.head, "child": each.child, "label": each.label} for each in record.relations
        ],
    }


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write a folder with rows of tokens and tags."""
    options = options_as(HuggingFaceOptions, context.options)
    if options.container == PARQUET:
        wheel("pyarrow.parquet", path, "a dataset in Parquet")
    by_sentence = options.rows == SENTENCES
    labels = dict.fromkeys(each.name for each in context.schema.entities)
    joins = dict.fromkeys(each.name for each in context.schema.relations)

    def rows() -> Iterator[tuple[str, dict[str, Any]]]:
        keeper = _Keeper(options)
        for number, record in enumerate(records):
            kept = keeper.keep(with_tokens(record, context.tokenize))
            if kept is None:
                continue
            identity = record.id or str(number)
            for count, piece in enumerate(_pieces(kept, by_sentence=by_sentence), start=1):
                labels.update(dict.fromkeys(span.label for span in piece.spans))
                joins.update(dict.fromkeys(each.label for each in piece.relations))
                yield name_of(record), _row(piece, f"{identity}-{count}" if by_sentence else identity)
            context.written.add(kept)

    def into(opened: Callable[[str], Sink]) -> None:
        with opened(FILES[options.container]) as file:
            (_put_parquet if options.container == PARQUET else _put_lines)(file, rows())
        told = {TAGS: tags_for(labels), SPANS: list(labels), RELATIONS: list(joins)}
        with opened(LABELS) as file:
            file.write(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode())

    write_folder_compared(path, into, endings=(*FILES.values(), LABELS))


def tags_for(labels: Iterable[str]) -> list[str]:
    """List the tags that labels have in IOB2."""
    return ["O", *(f"{prefix}-{label}" for label in labels for prefix in "BI")]


def _put_lines(file: Sink, rows: Iterator[tuple[str, dict[str, Any]]]) -> None:
    for what, row in rows:
        file.write(json_line(row, what=what))


def _put_parquet(file: Sink, rows: Iterator[tuple[str, dict[str, Any]]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    words = pa.list_(pa.string())
    kinds = {"id": pa.string(), TOKENS: words, TAGS: words, TEXT: pa.string()}
    ends = {SPANS: item_type(pa, SPAN_ENDS), RELATIONS: item_type(pa, RELATION_ENDS)}
    schema = pa.schema(list({**kinds, **ends}.items()))
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := list(islice(rows, _ROWS)):
            for what, row in batch:
                json_line(row, what=what)  # refuses in words what has no place in any file
            writer.write_table(pa.Table.from_pylist([row for _, row in batch], schema=schema))


def _keeper(options: object, _schema: Schema | None) -> _Keeper:
    return _Keeper(options_as(HuggingFaceOptions, options))


FORMAT = Format(
    name=NAME,
    title="Hugging Face dataset",
    suffixes=(".hf",),
    sniff=sniff,
    read=read,
    write=write,
    options=HuggingFaceOptions,
    read_options=TableOptions,
    losses=losses_by(_keeper),
    keeps=keeps_by(_keeper),
    leaves_out=leaves_unfinished,
    companions=companions,
    folder_of=(*FILES.values(), LABELS),
)
