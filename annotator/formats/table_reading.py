"""Turns the rows of tables into documents, whatever file the table is in: CSV, Parquet, Excel, JSON lines.

The texts are a column, or tokens are put together. Spans come from a column of lists, or from tags of the tokens. All
other columns become metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.formats.base import ReadOptions, Reporter, file_name, option, source_of
from annotator.formats.class_names import EVERY
from annotator.formats.collecting import Collector, is_usable_text
from annotator.formats.conll_reading import joined
from annotator.formats.conll_tags import spans_of
from annotator.formats.jsonl import is_whole, kind_of
from annotator.formats.offset_units import PLAIN, Counting, OffsetOptions, Places, Votes
from annotator.formats.record_fields import are_tokens, choice, mapping, texts
from annotator.formats.table_cells import in_cell, listed, plain, span_items, span_parts
from annotator.formats.table_columns import Columns, NoTextError, columns_of
from annotator.model.annotation import Fragment
from annotator.model.document import Part, State, Tokens, title_of
from annotator.model.record import Record, RecordRelation, RecordSpan

SAMPLE = 100
"""Rows that are looked at to tell what the columns hold."""
_PLAIN = {"start", "end", "label"}
"""The fields of a span that says nothing else."""
_OWN_TEXTS = ("id", "source", "title", "language", "reason", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions(OffsetOptions):
    """How tables are read."""

    text_column: str = option(
        default="",
        title="Text column",
        about="Name or number of the column that holds the texts; empty finds it out.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table in a file.

    Args:
        names: of its columns, each once. sample: some of its first rows.
        rows: gives all rows with their line, or number, from 1; takes where to report those that are none.
        by_line: rows are known by lines, otherwise by numbers.
        tags: what the numbers in a column of tags mean, by column.
    """

    names: Sequence[str]
    sample: Sequence[Mapping[str, Any]]
    rows: Callable[[Reporter], Iterator[tuple[int, Mapping[str, Any]]]]
    by_line: bool = True
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)


def records_of(table: Table, *, path: Path, options: ReadOptions, reporter: Reporter) -> Iterator[Record]:
    """Yield the documents of a table."""
    name = file_name(path)
    wanted = options.text_column.strip() if isinstance(options, TableOptions) else ""
    try:
        columns = columns_of(table.names, table.sample, wanted=wanted)
    except NoTextError as error:
        reporter.refused(f"{name} {error}" if table.sample else f"{name} holds no documents.")
        return
    if columns.guessed:
        reporter.repaired(f"The texts of {name} were taken from the column {columns.text!r}.")
    counting = _counting(table, columns, name=name, options=options, reporter=reporter)
    if columns.spans:
        options.found.offsets.add(counting.told)
    source, found = source_of(path, options), False
    for number, row in table.rows(reporter):
        found = True
        here = reporter.at(line=number) if table.by_line else reporter.at(record=f"row {number}")
        record = _Row(row, columns, table.tags, counting, here).record(f"{source}:{number}", options.language)
        if record is not None:
            yield record
    if not found:
        reporter.refused(f"{name} holds no documents.")


def _counting(
    table: Table, columns: Columns, *, name: str, options: ReadOptions, reporter: Reporter
) -> Counting:
    """Give what the offsets count, as it was asked for or as the texts show."""
    chosen = options.chosen if isinstance(options, OffsetOptions) else None
    if chosen is not None:
        return chosen
    if columns.own or columns.tags:  # our own, or made in Python, which counts code points
        return PLAIN
    votes = Votes()
    if columns.spans and columns.text:
        for _, row in table.rows(Reporter("", lambda _problem: None)):
            text = row.get(columns.text)
            if isinstance(text, str) and not text.isascii():
                votes.add(text, _places(row.get(columns.spans)))
            if votes.has_enough:
                break
    return votes.tell(reporter, name)


def _places(cell: object) -> Iterator[tuple[int, int, str | None]]:
    for item in span_items(listed(cell)) or ():
        start, end, _, words = span_parts(item)
        if is_whole(start) and is_whole(end):
            yield start, end, words if isinstance(words, str) else None


class _Row:
    """Makes the document of one row."""

    def __init__(
        self,
        row: Mapping[str, Any],
        columns: Columns,
        tags: Mapping[str, Sequence[str]],
        counting: Counting,
        reporter: Reporter,
    ) -> None:
        self._row = row
        self._columns = columns
        self._names = tags.get(columns.tags) or tags.get(EVERY, ())
        self._counting = counting
        self._counts_plainly = counting == PLAIN
        self._reporter = reporter
        self._by_id: dict[object, int] = {}

    def record(self, source: str, language: str) -> Record | None:
        """Give the document, or None and a report."""
        columns, row = self._columns, self._row
        words = [each for each in self._words() if each]
        text = row.get(columns.text) if columns.text else None
        tokens = None
        if not text and words:
            text, tokens = joined(words, [0])
        elif isinstance(text, str) and words:
            tokens = _found_in(text, words)
        if not is_usable_text("" if text is None else text, self._reporter):
            return None
        assert isinstance(text, str), "that was looked at"
        collector = Collector(text, self._reporter)
        places = self._take_spans(collector, text)
        self._take_relations(collector, places)
        if columns.tags and not columns.spans:
            self._take_tags(collector, tokens, words)
        # Tags say of every token what it is, so nothing is open any more.
        state = (State.IN_PROGRESS if collector.refused else State.DONE) if columns.tags else None
        return self._made(text, tokens, collector, state=state, source=source, language=language)

    def _made(
        self,
        text: str,
        tokens: Tokens | None,
        collector: Collector,
        *,
        state: State | None,
        source: str,
        language: str,
    ) -> Record:
        own = listed(self._row.get(self._columns.own)) if self._columns.own else None
        own = own if isinstance(own, dict) else {}
        told = {name: texts(own, name, self._reporter) for name in _OWN_TEXTS}
        title = self._row.get(self._columns.title) if self._columns.title else None
        return Record(
            text=text,
            source=told["source"] or source,
            id=told["id"],
            title=told["title"] or (title.strip() if isinstance(title, str) else "") or title_of(text),
            language=told["language"] or language,
            tokens=tokens,
            state=choice(State, own.get("state"), "state", self._reporter) or state,
            reason=told["reason"],
            part=choice(Part, own.get("part"), "part", self._reporter),
            flagged=own.get("flagged") is True,
            note=told["note"],
            spans=tuple(collector.spans),
            relations=tuple(collector.relations),
            metadata=self._metadata(mapping(own, "metadata", self._reporter)),
        )

    def _metadata(self, exact: Mapping[str, Any]) -> dict[str, Any]:
        """Give what the other columns hold; `exact` has what cells cannot tell, unless a cell was changed since."""
        cells = {name: plain(self._row.get(name)) for name in self._columns.rest}
        if not exact.keys() <= cells.keys():  # it has all of them then, in their order
            cells = {**exact, **cells}
        found: dict[str, Any] = {}
        for name, value in cells.items():
            if name in exact and in_cell(value) == in_cell(exact[name]):
                found[name] = exact[name]
            elif value is not None and value != "":
                found[name] = value
        return found

    def _words(self) -> list[str]:
        value = listed(self._row.get(self._columns.tokens)) if self._columns.tokens else None
        words = value if isinstance(value, list) else []
        return ["" if each is None else str(each).strip() for each in words]

    def _take_spans(self, collector: Collector, text: str) -> list[int | None]:
        """Take the spans and give for each its place among those that were taken."""
        cell = self._row.get(self._columns.spans) if self._columns.spans else None
        if cell is None or cell == "":
            return []
        items = span_items(listed(cell))
        if items is None:
            collector.refuse(f"The column {self._columns.spans!r}", "it holds no list of spans here.")
            return []
        if self._counts_plainly and all(type(each) is dict and each.keys() == _PLAIN for each in items):
            plain = [(each["start"], each["end"], each["label"]) for each in items]
            if collector.take_plain(plain):
                return list(range(len(items)))
        places = Places(text)
        return [self._span(item, f"Span {number}", collector, places) for number, item in enumerate(items, 1)]

    def _span(self, item: object, name: str, collector: Collector, places: Places) -> int | None:
        start, end, labels, words = span_parts(item)
        if not isinstance(item, list | tuple | dict) or not labels:
            collector.refuse(name, f"it is {kind_of(item)}, not a place and a label.")
            return None
        checked = [collector.label(each, name) for each in labels]
        if is_whole(start) and is_whole(end):
            pair = places.pair(start, end, self._counting)
            if pair is None:
                collector.refuse(
                    name, f"{start} to {end}, in {self._counting.told}, does not lie in this text."
                )
                return None
            start, end = pair
        fragments = None if not any(checked) else collector.stretch(start, end, name)
        if fragments is None or collector.disagrees(fragments, words, name):
            return None
        added = [
            self._added(item, collector, RecordSpan(fragments=fragments, label=label), name)
            for label in checked
            if label is not None
        ]
        return added[0]

    def _added(self, item: object, collector: Collector, span: RecordSpan, name: str) -> int:
        index = collector.add_span(span, name)
        identity = item.get("id") if isinstance(item, dict) else None
        if isinstance(identity, int | str):
            self._by_id.setdefault(identity, index)
        return index

    def _take_relations(self, collector: Collector, places: Sequence[int | None]) -> None:
        value = listed(self._row.get(self._columns.relations)) if self._columns.relations else None
        for number, item in enumerate(value if isinstance(value, list) else (), start=1):
            name = f"Relation {number}"
            if not isinstance(item, dict):
                collector.refuse(name, f"it is {kind_of(item)}, not an object.")
                continue
            label = collector.label(item.get("label", item.get("type")), name)
            ends = [self._end(item, keys, places) for keys in (("head", "from_id"), ("child", "to_id"))]
            if label is None:
                continue
            if ends[0] is None or ends[1] is None:
                told = [
                    item.get(first, item.get(second))
                    for first, second in (("head", "from_id"), ("child", "to_id"))
                ]
                collector.refuse(
                    name, f"one of its ends ({told[0]!r}, {told[1]!r}) is no span of this record."
                )
                continue
            collector.add_relation(RecordRelation(head=ends[0], child=ends[1], label=label), name)

    def _end(
        self, item: Mapping[str, Any], keys: tuple[str, str], places: Sequence[int | None]
    ) -> int | None:
        index, identity = (item.get(key) for key in keys)
        if is_whole(index):
            return places[index] if 0 <= index < len(places) else None
        return self._by_id.get(identity) if isinstance(identity, int | str) else None

    def _take_tags(self, collector: Collector, tokens: Tokens | None, words: Sequence[str]) -> None:
        tags = listed(self._row.get(self._columns.tags))
        if not isinstance(tags, list) or not tags:
            return
        every = self._words()
        if len(tags) == len(every):  # a token of nothing but blanks goes with its tag
            tags = [tag for tag, word in zip(tags, every, strict=True) if word]
        why = ""
        if tokens is None:
            why = "the tokens do not make up its text"
        elif len(tags) != len(words):
            why = f"there are {len(tags):,} tags for {len(words):,} tokens"
        elif any(is_whole(each) and not 0 <= each < len(self._names) for each in tags):
            why = "they are numbers, and nothing here says what they stand for"
        if why or tokens is None:
            collector.refuse(f"The column {self._columns.tags!r}", f"{why}.")
            return
        named = [self._names[each] if is_whole(each) else str(each or "O") for each in tags]
        spans, odd = spans_of(named)
        for at, reason in odd.items():
            collector.refuse(f"The tag of {words[at][:40]!r}", f"{reason}; it counts as outside.")
        for first, last, label in spans:
            name = f"The span of token {first + 1:,}"
            checked = collector.label(label, name)
            fragments = collector.fragments([Fragment(tokens.starts[first], tokens.ends[last - 1])], name)
            if checked is not None and fragments is not None:
                collector.add_span(RecordSpan(fragments=fragments, label=checked), name)


def _found_in(text: str, words: Sequence[str]) -> Tokens | None:
    """Find tokens in a text that they make up but for blanks; None if they do not."""
    starts, ends, at = [], [], 0
    for word in words:
        start = text.find(word, at)
        if start < 0 or not word:
            return None
        starts.append(start)
        at = start + len(word)
        ends.append(at)
    tokens = Tokens(starts, ends, [0] if starts else [], "source")
    return tokens if are_tokens(tokens, text) else None
