"""Reads WebAnno TSV 3, which WebAnno and INCEpTION export: layers of spans, relations, slots and chains.

Offsets in it count UTF-16 units. What lies between two sentences is not in the file; blanks stand there. Layers that
say one thing of every token (lemmas, parts of speech) are read where they are asked for. There is no writer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.formats.base import (
    Format,
    ReadOptions,
    Report,
    Reporter,
    file_name,
    option,
    shown,
    source_of,
)
from annotator.formats.collecting import Collector
from annotator.formats.offset_units import OffsetOptions
from annotator.formats.text_files import lines_of, mark_of, opened
from annotator.formats.webanno_cells import (
    Kind,
    Layer,
    layer_of,
    link,
    meant,
    numbered,
    parts_of,
    pointer,
    stacked,
)
from annotator.formats.webanno_text import Row, TextBuilder
from annotator.model.document import title_of
from annotator.model.limits import TEXT_LIMIT
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.wording import counted

NAME = "webanno"
_FIRST = "#FORMAT=WebAnno TSV 3"
_TEXT = "#Text="
_ROW = re.compile(
    r"([0-9]{1,9}-[0-9]{1,9})(\.[0-9]{1,9})?\t([0-9]{1,12})-([0-9]{1,12})(?:\t(.*))?", re.DOTALL
)
_OF_TOKENS = ("POS", "Lemma", "MorphologicalFeatures", "Stem", "Token", "SurfaceForm")
"""Layers that say one thing of every token."""
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebannoOptions(OffsetOptions):
    """How WebAnno TSV is read."""

    layers: str = option(
        default="",
        title="Layers",
        about="Layers to read, by name with commas between, or all; empty leaves out those of every token.",
    )


def sniff(head: bytes, path: Path) -> float:
    """Tell by the first line."""
    del path
    mark = mark_of(head)
    return 1.0 if head.removeprefix(mark[0] if mark else b"").lstrip().startswith(_FIRST.encode()) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the document of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    layers: list[Layer] = []
    column, is_first = 3, True
    chosen = options.chosen if isinstance(options, OffsetOptions) else None
    text = TextBuilder(reporter, name, chosen)
    with opened(path) as file:
        for number, line in lines_of(file, name=name, options=options, reporter=reporter, trim="\r\n"):
            if is_first and not line.startswith(_FIRST):
                reporter.refused(f"{name} is no WebAnno TSV 3: it begins with {line[:40]!r}.")
                return
            is_first = False
            if line.startswith(_TEXT):
                text.sentence(number, meant(line.removeprefix(_TEXT)))
                continue
            if line.startswith("#"):
                found = layer_of(line, column)
                if found is not None:
                    layers.append(found[0])
                    column = found[1]
                continue
            row = _ROW.fullmatch(line)
            if row is None:
                if line.strip():
                    reporter.at(line=number).refused(f"{line[:60]!r} is no row of a token; it was left out.")
                continue
            token, sub, start, end, rest = row.groups()
            cells = ["", "", *(rest or "").split("\t")]
            text.row(Row(number, token + (sub or ""), int(start), int(end), meant(cells[2]), cells))
            if text.size > TEXT_LIMIT:
                reporter.refused(f"{name} has more than {TEXT_LIMIT:,} characters; it was left out.")
                return
    together = text.finished()
    if together is None:
        reporter.refused(f"{name} holds no documents.")
        return
    words, tokens, places = together
    reading = _Reading(words, text.rows, places, layers, reporter)
    reading.take(_chosen(layers, options, reporter))
    yield Record(
        text=words,
        source=source_of(path, options),
        title=title_of(words),
        language=options.language,
        tokens=tokens,
        spans=tuple(reading.collector.spans),
        relations=tuple(reading.collector.relations),
    )


def _chosen(layers: list[Layer], options: ReadOptions, reporter: Reporter) -> list[Layer]:
    """Give the layers that are read, and tell of the others."""
    asked = options.layers if isinstance(options, WebannoOptions) else ""
    names = {name.strip() for name in asked.split(",")}
    if asked.strip() == ALL:
        return layers
    if asked.strip():
        chosen = [each for each in layers if each.name in names or each.type in names]
        for name in sorted(names - {each.name for each in chosen} - {each.type for each in chosen} - {""}):
            known = ", ".join(each.name for each in layers) or "none"
            reporter.refused(f"There is no layer {name}; there are {known}.")
    else:
        chosen = [
            each
            for each in layers
            if each.name not in _OF_TOKENS and each.base.rsplit(".", 1)[-1] not in _OF_TOKENS
        ]
    left = [each.name for each in layers if each not in chosen]
    if left:
        reporter.refused(
            f"{counted(len(left), 'layer')} left out: {', '.join(left)}. Ask for them by name to read them too."
        )
    return chosen


Key = tuple[str, int, str]
"""Of an annotation: its layer, and its number in the file, or row and place there."""


class _Reading:
    """Collects the annotations of one document."""

    def __init__(
        self,
        text: str,
        rows: list[Row],
        places: list[tuple[int, int]],
        layers: list[Layer],
        reporter: Reporter,
    ) -> None:
        self.collector = Collector(text, reporter)
        self._rows = rows
        self._places = places
        self._reporter = reporter
        self._types = {each.type for each in layers}
        self._indexes: dict[Key, int] = {}
        self._at_row: dict[tuple[str, str], list[Key]] = {}

    def take(self, layers: list[Layer]) -> None:
        """Take all layers: spans first, since others point to them."""
        for layer in layers:
            if layer.kind is Kind.SPANS:
                self._spans(layer)
            elif layer.kind is Kind.CHAINS:
                self._chains(layer)
        for layer in layers:
            if layer.kind is Kind.RELATIONS:
                self._relations(layer)
            elif layer.slots:
                self._slots(layer)

    def _spans(self, layer: Layer) -> None:
        found: dict[Key, tuple[list[int], dict[str, str | None]]] = {}
        columns = [*layer.features, *((f"\0{each.name}", each.roles) for each in layer.slots)]
        for index, row in enumerate(self._rows):
            for place, (number, features) in enumerate(stacked(row.cells, columns)):
                key = _key(layer, number, row, place)
                self._at_row.setdefault((layer.type, row.id), []).append(key)
                found.setdefault(key, ([], features))[0].append(index)
        for key, (rows, features) in found.items():
            others = {
                name: value
                for name, value in features.items()
                if value is not None and name != layer.label and not name.startswith("\0")
            }
            self._add(key, rows, features.get(layer.label) or layer.name, layer, others)

    def _chains(self, layer: Layer) -> None:
        columns = dict(layer.features)
        types, links = columns.get("referenceType"), columns.get("referenceRelation")
        if types is None or links is None:
            self._reporter.refused(f"The chains of {layer.name} name no types and links; they were left out.")
            return
        found: dict[tuple[int, int], tuple[list[int], str | None, str | None]] = {}
        for index, row in enumerate(self._rows):
            if len(row.cells) <= max(types, links) or row.cells[links] == "_":
                continue
            labels = parts_of(row.cells[types])
            for place, part in enumerate(parts_of(row.cells[links])):
                told = link(part)
                if told is None:
                    here = self._reporter.at(line=row.line)
                    here.refused(f"{part[:40]!r} is no link of a chain; it was left out.")
                    continue
                words, chain, at = told
                label = numbered(labels[place])[0] if place < len(labels) else None
                found.setdefault((chain, at), ([], label, words))[0].append(index)
        before: tuple[int, Key, str] | None = None
        for (chain, at), (rows, label, words) in sorted(found.items()):
            key = (layer.type, 0, f"{chain}-{at}")
            self._add(key, rows, label or layer.name, layer, {})
            if before is not None and before[0] == chain:
                self._join(before[1], key, before[2], self._rows[rows[0]])
            before = chain, key, words or layer.name

    def _add(self, key: Key, rows: list[int], label: str, layer: Layer, others: dict[str, str]) -> None:
        line = self._rows[rows[0]].line
        name = f"The {layer.name} in line {line:,}"
        start = min(self._places[row][0] for row in rows)
        end = max(self._places[row][1] for row in rows)
        if start >= end:
            self._reporter.at(line=line).refused(f"{name} was left out: it holds no characters.")
            return
        checked = self.collector.label(label, name)
        fragments = self.collector.stretch(start, end, name)
        if checked is None or fragments is None:
            return
        own: dict[str, Any] = {"layer": layer.type}
        if others:
            own["features"] = others
        span = RecordSpan(fragments=fragments, label=checked, attributes={NAME: own})
        self._indexes[key] = self.collector.add_span(span, name)

    def _relations(self, layer: Layer) -> None:
        for row in self._rows:
            if len(row.cells) <= layer.sources or row.cells[layer.sources] == "_":
                continue
            features = [each for _, each in stacked(row.cells, layer.features)]
            for place, part in enumerate(parts_of(row.cells[layer.sources])):
                told = pointer(part)
                if told is None:
                    here = self._reporter.at(line=row.line)
                    here.refused(f"{part[:40]!r} points to no token; the {layer.name} was left out.")
                    continue
                source, source_number, target_number = told
                values = features[place] if place < len(features) else {}
                label = values.get(layer.label) or layer.name
                head = self._found(layer.base, source, source_number)
                child = self._found(layer.base, row.id, target_number)
                self._join(head, child, label, row)

    def _slots(self, layer: Layer) -> None:
        for row in self._rows:
            for place, host in enumerate(self._at_row.get((layer.type, row.id), ())):
                for slot in layer.slots:
                    if slot.targets >= len(row.cells):
                        continue
                    roles, targets = (
                        parts_of(each[place], ";") if place < len(each) else []
                        for each in (parts_of(row.cells[slot.roles]), parts_of(row.cells[slot.targets]))
                    )
                    for role, target in zip(roles, targets, strict=False):
                        told = pointer(target)
                        if told is not None:
                            end = self._found(slot.target_layer, told[0], told[1])
                            self._join(host, end, numbered(role)[0] or slot.name, row)

    def _found(self, layer: str, row: str, number: int) -> Key | None:
        """Give the annotation that is pointed to: by its number, or as the only one of its layer in a row."""
        types = [layer] if layer in self._types else sorted(self._types)
        keys = [(each, number, "") for each in types if number and (each, number, "") in self._indexes]
        if not number:
            keys = [
                key for each in types for key in self._at_row.get((each, row), ()) if key in self._indexes
            ]
        return keys[0] if keys else None

    def _join(self, head: Key | None, child: Key | None, label: str, row: Row) -> None:
        name = f"The relation {label[:40]} in line {row.line:,}"
        ends = [None if key is None else self._indexes.get(key) for key in (head, child)]
        if ends[0] is None or ends[1] is None:
            self.collector.refuse(name, "one of its ends is no span that was read.")
            return
        checked = self.collector.label(label, name)
        if checked is not None:
            relation = RecordRelation(head=ends[0], child=ends[1], label=checked)
            self.collector.add_relation(relation, name)


def _key(layer: Layer, number: int, row: Row, place: int) -> Key:
    return (layer.type, number, "") if number else (layer.type, 0, f"{row.id}|{place}")


FORMAT = Format(
    name=NAME,
    title="WebAnno TSV 3",
    suffixes=(".webanno.tsv",),
    sniff=sniff,
    read=read,
    read_options=WebannoOptions,
)
