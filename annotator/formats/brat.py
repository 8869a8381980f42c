"""brat's standoff files: the format, and its writer. Reading is in `brat_reading.py`.

An export is a folder: for every document a text and its annotations, and one `annotation.conf` for all. Texts are
written with line ends of one sign, since readers of brat disagree on the others; spans are cut at line ends, as brat
does. Lines of other kinds that came from brat go back as long as what they point to is there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from annotator.formats.base import Format, ReadOptions, WriteContext, half_a_pair, name_of, shown
from annotator.formats.brat_conf import CONF, safe_names, write_conf
from annotator.formats.brat_reading import ANN, NAME, TEXT, companions, read, sniff, types
from annotator.formats.file_names import FileNames
from annotator.formats.holding import (
    ATTRIBUTES,
    DISCONTINUOUS,
    ITEM_ATTRIBUTES,
    NOTES,
    RELATIONS,
    Holding,
    Keeper,
    keeps_by,
    losses_by,
)
from annotator.formats.ledger import Ledger
from annotator.formats.reshaping import with_spans
from annotator.formats.whole_files import write_folder_safely
from annotator.model.annotation import Fragments, fragments_of
from annotator.model.record import Problem, Record, RecordRelation, RecordSpan
from annotator.model.schema import Type

BREAKS, WORDS, LINES = "line ends", "note line ends", "lines"
HOLDING = Holding(item=frozenset({"note"}), discontinuous=True, relations=True, own=NAME)
_MESSAGES = {
    DISCONTINUOUS: (
        "span",
        "{what} whose pieces line ends alone part become one piece, and one span with others of that piece.",
    ),
    BREAKS: (
        "document",
        "The line ends of {what}, two signs each, become one sign; places are counted in that.",
    ),
    LINES: (
        "line",
        "{what} of events, attributes and the like point to what is not there any more: left out.",
    ),
    WORDS: ("note", "Line ends in {what} become blanks."),
    NOTES: ("note or flag/notes or flags", "{what} of documents, or flags of spans and relations, left out."),
}
_LINE_END = re.compile(r"[\r\n]+")
_POINTS_TO = re.compile(r"(?<![\w])[TREAMN]\d+\b")


class _Keeper(Keeper):
    """Gives texts line ends of one sign, and notes none."""

    def keep(self, record: Record) -> Record | None:
        """Give what the files hold of a record."""
        kept = super().keep(record)
        if kept is None:
            return None
        if "\r\n" in kept.text:
            self.lose(BREAKS, record)
            kept = _with_plain_breaks(kept)
        kept = self._without_doubles(kept)
        return dataclasses.replace(
            kept,
            attributes=self._own_lines(kept),
            spans=tuple(dataclasses.replace(each, **self._facts(each, record)) for each in kept.spans),
            relations=tuple(
                dataclasses.replace(each, **self._facts(each, record)) for each in kept.relations
            ),
        )

    def _without_doubles(self, record: Record) -> Record:
        """Join pieces that line ends alone part; spans that are the same then become one, with its relations."""
        joined = [
            dataclasses.replace(each, fragments=_joined(each.fragments, record.text)) for each in record.spans
        ]
        return with_spans(
            record, joined, partial(self.lose, DISCONTINUOUS, record), partial(self.lose, RELATIONS, record)
        )

    def _own_lines(self, record: Record) -> dict[str, Any]:
        """Give the lines of other kinds that are still true."""
        own = record.attributes.get(NAME)
        if not own:
            return {}
        lines = _kept_lines(record)
        if own != {"lines": lines}:
            self.lose(ATTRIBUTES, record, names=[f"{NAME}.{name}" for name in own])
        known = {*_ids(record.spans, "T"), *_ids(record.relations, "R")}
        true = _still_true(lines, known)
        there = set(true)
        for line in lines if len(true) < len(lines) else ():
            if line not in there:
                self.lose(LINES, record)
        return {NAME: {"lines": true}} if true else {}

    def _facts(self, item: RecordSpan | RecordRelation, record: Record) -> dict[str, Any]:
        """Give note and own fields as the files hold them."""
        own = _own(item)
        known = {
            name: value
            for name, value in own.items()
            if (name == "id" and isinstance(value, str)) or (name == "roles" and _are_roles(value, item))
        }
        if len(known) < len(own):
            lost = [f"{NAME}.{name}" for name in own if name not in known]
            self.lose(ITEM_ATTRIBUTES, record, item, lost)
        return {"note": self._note(item, record), "attributes": {NAME: known} if known else {}}

    def _note(self, item: RecordSpan | RecordRelation, record: Record) -> str:
        note = " ".join(item.note.split())
        if note != item.note.strip():
            self.lose(WORDS, record)
        return note


def _with_plain_breaks(record: Record) -> Record:
    """Give a record with line ends of one sign, and its spans where their words are then."""
    ends = [found.start() for found in re.finditer("\r\n", record.text)]

    def moved(offset: int) -> int:
        return offset - sum(1 for end in ends if end < offset)

    spans = tuple(
        dataclasses.replace(
            each, fragments=fragments_of(*((moved(start), moved(end)) for start, end in each.fragments))
        )
        for each in record.spans
    )
    return dataclasses.replace(record, text=record.text.replace("\r\n", "\n"), spans=spans)


def _joined(fragments: Fragments, text: str) -> Fragments:
    """Give fragments without gaps that are nothing but line ends: brat makes such of any span over several lines."""
    joined: list[tuple[int, int]] = [fragments[0]]
    for start, end in fragments[1:]:
        if _LINE_END.fullmatch(text, joined[-1][1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return fragments_of(*joined)


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write a folder of documents."""
    keeper, ledger = _Keeper(HOLDING, _MESSAGES), Ledger()
    names: list[str] = []

    def into(folder: Path) -> None:
        schema = context.schema
        types: list[Type] = [*schema.entities, *schema.relations]
        labels = dict.fromkeys(each.name for each in types)
        safe, naming = safe_names(labels), FileNames((TEXT, ANN, ".jsonl", ".json"))
        for record in records:
            kept = keeper.keep(record)
            assert kept is not None, "documents in any state are held"
            ledger.enter(kept)
            unknown = [each.label for each in _items(kept) if each.label not in safe]
            if unknown:
                labels.update(dict.fromkeys(unknown))
                safe = safe_names(labels)
            name = naming.name_for(record)
            names.append(name)
            lines = list(_lines(kept, safe))
            _put(folder / f"{name}{TEXT}", kept.text, name_of(record))
            _put(folder / f"{name}{ANN}", "".join(f"{line}\n" for line in lines), name_of(record))
            context.written.documents += 1
            context.written.spans += len(kept.spans)
            context.written.relations += len(kept.relations)
        _put(folder / CONF, write_conf(schema, safe), CONF)

    def check(folder: Path) -> None:
        problems: list[Problem] = []

        def back() -> Iterator[Record]:
            for name in names:
                yield from read(folder / f"{name}{ANN}", ReadOptions(root=folder), problems.append)

        ledger.compare(back(), shown(path), problems)

    write_folder_safely(path, into, check, endings=(TEXT, ANN, CONF))


def _put(path: Path, content: str, what: str) -> None:
    if content.startswith("\ufeff"):  # the first one is the file's
        content = f"\ufeff{content}"
    try:
        path.write_text(content, encoding="utf-8", newline="")
    except UnicodeEncodeError as error:
        raise half_a_pair(what) from error


def _lines(record: Record, safe: Mapping[str, str]) -> Iterator[str]:
    """Give the lines of a document's annotations."""
    spans, relations = _ids(record.spans, "T"), _ids(record.relations, "R")
    for identity, span in zip(spans, record.spans, strict=True):
        pairs = [pair for fragment in span.fragments for pair in _cut(record.text, *fragment)]
        places = ";".join(f"{start} {end}" for start, end in pairs)
        words = " ".join(record.text[start:end] for start, end in pairs)
        yield f"{identity}\t{safe[span.label]} {places}\t{re.sub(_SPACES, ' ', words)}"
    for identity, relation in zip(relations, record.relations, strict=True):
        first, second = _own(relation).get("roles", ("Arg1", "Arg2"))
        ends = f"{first}:{spans[relation.head]} {second}:{spans[relation.child]}"
        yield f"{identity}\t{safe[relation.label]} {ends}\t"
    number = 0
    taken = {line.split("\t", 1)[0] for line in _kept_lines(record)}
    for identity, item in zip([*spans, *relations], _items(record), strict=True):
        if item.note:
            number = next(count for count in range(number + 1, 10**9) if f"#{count}" not in taken)
            yield f"#{number}\tAnnotatorNotes {identity}\t{item.note}"
    yield from _kept_lines(record)


def _still_true(lines: list[str], known: set[str]) -> list[str]:
    """Give the lines that point to nothing but what is there, directly and through each other."""
    while True:
        there = known | {line.split("\t", 1)[0] for line in lines}
        kept = [line for line in lines if there.issuperset(_POINTS_TO.findall(line.split("\t")[1]))]
        if len(kept) == len(lines):
            return kept
        lines = kept


_SPACES = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a fragment at the line ends in it."""
    for found in _LINE_END.finditer(text, start, end):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
    if start < end:
        yield start, end


def _items(record: Record) -> list[RecordSpan | RecordRelation]:
    return [*record.spans, *record.relations]


def _own(item: RecordSpan | RecordRelation) -> dict[str, Any]:
    own = item.attributes.get(NAME)
    return own if isinstance(own, dict) else {}


def _are_roles(value: object, item: RecordSpan | RecordRelation) -> bool:
    if not isinstance(item, RecordRelation) or not isinstance(value, list) or len(value) != 2:
        return False
    are_names = all(isinstance(each, str) and re.fullmatch(r"[A-Za-z0-9_-]+", each) for each in value)
    return are_names and value[0] != value[1] and value != ["Arg1", "Arg2"]


def _ids(items: Iterable[RecordSpan | RecordRelation], letter: str) -> list[str]:
    """Give each item the id it came with, and the others what is free."""
    items = list(items)
    wanted = [_own(item).get("id") for item in items]
    taken: set[str] = set()
    found: list[str] = []
    for each in wanted:
        is_own = isinstance(each, str) and re.fullmatch(rf"{letter}[0-9]+", each) and each not in taken
        found.append(str(each) if is_own else "")
        taken.add(found[-1])
    number = 0
    for index, each in enumerate(found):
        if not each:
            number = next(count for count in range(number + 1, 10**9) if f"{letter}{count}" not in taken)
            found[index] = f"{letter}{number}"
    return found


def _kept_lines(record: Record) -> list[str]:
    own = record.attributes.get(NAME)
    lines = own.get("lines") if isinstance(own, dict) else None
    kept = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    return [
        line for line in kept if "\t" in line and len(line.splitlines()) == 1 and line[:1] in tuple("EAMNR#*")
    ]


FORMAT = Format(
    name=NAME,
    title="brat standoff",
    suffixes=(ANN, ".a1"),
    sniff=sniff,
    read=read,
    write=write,
    losses=losses_by(lambda _options, _schema: _Keeper(HOLDING, _MESSAGES)),
    keeps=keeps_by(lambda _options, _schema: _Keeper(HOLDING, _MESSAGES)),
    companions=companions,
    folder_of=(TEXT, ANN, CONF),
    types=types,
)
