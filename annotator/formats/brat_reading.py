"""Reads brat's standoff files: a text, and beside it the annotations that point into it.

Spans and relations are read, notes on them too. Events, attributes, normalizations and equivalences are kept line by
line, so that they go back to brat, and told. Readers of brat disagree on whether the end of a line counts for one or
two where the text has both signs: the words that stand with every span show which it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from annotator.formats.base import ReadOptions, Report, Reporter, file_name, shown, source_of
from annotator.formats.brat_conf import CONF, Conf, read_conf
from annotator.formats.collecting import Collector
from annotator.formats.offset_units import PLAIN, Counting, Places, Votes
from annotator.formats.text_files import decoded, lines_of, opened, read_most
from annotator.model.annotation import Fragments
from annotator.model.document import title_of
from annotator.model.limits import TEXT_LIMIT
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.schema import Schema
from annotator.model.wording import counted

NAME = "brat"
TEXT = ".txt"
ANN, A1, A2, REL = ".ann", ".a1", ".a2", ".rel"
_LINE = re.compile(rb"(?:[TREAMN#]\S*|\*)\t", re.MULTILINE)
_KINDS = {
    "E": ("event", "events"),
    "A": ("attribute", "attributes"),
    "M": ("attribute", "attributes"),
    "N": ("reference", "references"),
    "*": ("equivalence", "equivalences"),
    "#": ("note on one of these", "notes on them"),
    "R": ("relation between others than spans", "relations between others than spans"),
}
_BREAK = re.compile(r"[\r\n]+")


def sniff(head: bytes, path: Path) -> float:
    """Tell by the suffix, and by lines that begin with an id and a tab."""
    if path.suffix not in (ANN, A1, A2, REL):
        return 0.0
    return 0.95 if not head.strip() or _LINE.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()) else 0.5


def companions(path: Path) -> list[Path]:
    """Give the files that are read with one: its text, and the further parts of a split set."""
    found = [path.with_suffix(TEXT)]
    if path.suffix == A1:
        found += [path.with_suffix(A2), path.with_suffix(REL)]
    return found


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the document of a pair of files."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    with opened(path):
        pass
    beside = path.with_suffix(TEXT)
    if not beside.is_file():
        reporter.refused(f"The text of {name} is not there: {file_name(beside)} must lie beside it.")
        return
    with opened(beside) as file:
        raw = read_most(file, 4 * TEXT_LIMIT)
    text = decoded(raw, name=file_name(beside), options=options, reporter=Reporter(shown(beside), report))
    if text is None:
        reporter.refused(f"{name} was left out, as its text could not be read.")
        return
    if not text.strip() or len(text) > TEXT_LIMIT:
        why = "holds no text" if not text.strip() else f"has more than {TEXT_LIMIT:,} characters"
        reporter.refused(f"{file_name(beside)} {why}; it was left out.")
        return
    lines: list[tuple[int, str]] = []
    for part in (path, *(each for each in companions(path)[1:] if each.is_file())):
        with opened(part) as file:
            lines += lines_of(
                file, name=file_name(part), options=replace(options, encoding=""), reporter=reporter
            )
    reading = _Reading(text, reporter, _called(path, options))
    reading.take(lines)
    if reading.counting is not None:
        options.found.offsets.add(reading.counting.told)
    yield Record(
        text=text,
        source=source_of(beside, options),
        title=title_of(text),
        language=options.language,
        spans=tuple(reading.collector.spans),
        relations=tuple(reading.collector.relations),
        attributes={NAME: {"lines": reading.kept}} if reading.kept else {},
    )


def conf_of(path: Path, options: ReadOptions) -> Path | None:
    """Give the `annotation.conf` that holds for a file: the nearest, from its folder up to where the import began."""
    top = options.root or path.parent
    for folder in path.parents:
        if (found := folder / CONF).is_file():
            return found
        if folder == top or not folder.is_relative_to(top):
            break
    return None


def types(path: Path, options: ReadOptions, report: Report) -> Schema | None:
    """Give the types of the configuration that holds for a file; what is wrong in that is told where it is read."""
    del report
    conf = conf_of(path, options)
    return None if conf is None else _conf_at(conf, conf.stat().st_mtime_ns).schema


def _called(path: Path, options: ReadOptions) -> Mapping[str, str]:
    conf = conf_of(path, options)
    return {} if conf is None else _conf_at(conf, conf.stat().st_mtime_ns).called


@lru_cache(maxsize=8)
def _conf_at(conf: Path, changed: int) -> Conf:
    """Read a configuration once for all files of its folder."""
    del changed
    return read_conf(conf, ReadOptions(), lambda _problem: None)


class _Reading:
    """Collects the annotations of one document."""

    def __init__(self, text: str, reporter: Reporter, called: Mapping[str, str]) -> None:
        self.collector = Collector(text, reporter)
        self.kept: list[str] = []
        self._text = text
        self._reporter = reporter
        self._called = called
        self.counting: Counting | None = None
        self._by_id: dict[str, tuple[str, int]] = {}
        self._others: Counter[str] = Counter()

    def take(self, lines: list[tuple[int, str]]) -> None:
        """Take all lines: spans first, since others point to them."""
        spans, relations, rest = [], [], []
        for number, line in lines:
            here = self._reporter.at(line=number)
            identity, tab, fields = line.partition("\t")
            if not tab:
                here.refused(f"{line[:60]!r} has no tab behind its id; it was left out.")
            elif identity[:1] == "T":
                spans.append((here, identity, fields))
            elif identity[:1] == "R":
                relations.append((here, identity, fields, line))
            elif identity[:1] in "EAMN#*":
                rest.append((here, identity, fields, line))
            else:
                here.refused(f"{identity[:20]!r} is no kind of line that brat has; it was left out.")
        places = _Places(self._text, *self._counting([fields for _, _, fields in spans]))
        for here, identity, fields in spans:
            self._span(here, identity, fields, places)
        for here, identity, fields, line in relations:
            self._relation(here, identity, fields, line)
        for here, identity, fields, line in rest:
            self._other(here, identity, fields, line)
        for kind, count in self._others.items():
            self._reporter.repaired(f"{counted(count, *_KINDS[kind])} kept for brat, but not read.")

    def _counting(self, spans: list[str]) -> tuple[Counting, _Breaks | None]:
        """Tell by the words of the spans what offsets count, and whether a line end of two signs counts as one."""
        found = [(*pair, words) for fields in spans for pair, words in _first_places(fields)]
        votes = Votes()
        votes.add(self._text, found)
        counting = PLAIN if self._text.isascii() else votes.tell(self._reporter, "The file")
        self.counting = counting if found else None
        if "\r\n" not in self._text:
            return counting, None
        breaks = _Breaks(self._text)
        as_two = sum(_fits(Places(self._text), self._text, each, counting) for each in found)
        as_one = sum(_fits(Places(breaks.text), breaks.text, each, counting) for each in found)
        if as_one > as_two:
            self._reporter.repaired("The line ends of the text, two signs each, were counted as one.")
            return counting, breaks
        return counting, None

    def _span(self, reporter: Reporter, identity: str, fields: str, places: _Places) -> None:
        collector = self.collector
        head, _, words = fields.partition("\t")
        parsed = _pairs(head)
        if parsed is None:
            reporter.refused(f"{identity} was left out: {head[:60]!r} is no type with places.")
            return
        if identity in self._by_id:
            reporter.refused(f"{identity} was left out: another span has this id.")
            return
        name, pairs = parsed
        found = []
        for start, end in pairs:
            pair = places.pair(start, end) if start < end else None
            if pair is None:
                reporter.refused(f"{identity} was left out: {start} to {end} does not lie in this text.")
                return
            found.append(pair)
        label = collector.label(self._called.get(name, name), identity)
        fragments = None if label is None else self._fragments(found, identity)
        if label is None or fragments is None:
            return
        there = " ".join(self._text[start:end] for start, end in found)
        if words and words.split() != there.split():
            reporter.refused(
                f"{identity} was left out: the file calls it {words[:40]!r}, but the text there is {there[:40]!r}."
            )
            return
        span = RecordSpan(fragments=fragments, label=label, attributes={NAME: {"id": identity}})
        self._by_id[identity] = ("T", collector.add_span(span, identity))

    def _fragments(self, pairs: list[tuple[int, int]], name: str) -> Fragments | None:
        """Give the fragments; brat cuts a span at every line end, which is no gap."""
        joined: list[tuple[int, int]] = []
        for start, end in sorted(pairs):
            if joined and joined[-1][1] < start and _BREAK.fullmatch(self._text, joined[-1][1], start):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        if len(joined) == 1:
            return self.collector.stretch(joined[0][0], joined[0][1], name)
        return self.collector.fragments(joined, name)

    def _relation(self, reporter: Reporter, identity: str, fields: str, line: str) -> None:
        words = fields.split("\t", maxsplit=1)[0].split()
        arguments = [each.split(":", 1) for each in words[1:] if ":" in each]
        if len(arguments) != 2 or len(words) != 3:
            reporter.refused(
                f"{identity} was left out: a relation has a type and two ends, as Arg1:T1 Arg2:T2."
            )
            return
        (first, head), (second, child) = arguments
        for end in (head, child):
            if end[:1] != "T":
                self.kept.append(line)
                self._others["R"] += 1
                return
            if end not in self._by_id:
                reporter.refused(f"{identity} was left out: its end {end} is no span that was read.")
                return
        label = self.collector.label(self._called.get(words[0], words[0]), identity)
        if label is None:
            return
        own: dict[str, Any] = {"id": identity}
        if (first, second) != ("Arg1", "Arg2"):
            own["roles"] = [first, second]
        before = len(self.collector.relations)
        self.collector.add_relation(
            RecordRelation(
                head=self._by_id[head][1], child=self._by_id[child][1], label=label, attributes={NAME: own}
            ),
            identity,
        )
        if len(self.collector.relations) > before:
            self._by_id[identity] = ("R", before)

    def _other(self, reporter: Reporter, identity: str, fields: str, line: str) -> None:
        if identity[0] == "#":
            target = fields.split("\t", maxsplit=1)[0].split()
            kind, place = self._by_id.get(target[1] if len(target) > 1 else "", ("", 0))
            if kind and target[0] == "AnnotatorNotes" and "\t" in fields:
                self._note(kind, place, fields.split("\t", 1)[1].strip())
                return
        elif identity[0] == "*" and not fields.strip():
            reporter.refused("An equivalence names nothing; it was left out.")
            return
        self.kept.append(line)
        self._others[identity[0]] += 1

    def _note(self, kind: str, place: int, words: str) -> None:
        items: list[Any] = self.collector.spans if kind == "T" else self.collector.relations
        there = items[place]
        items[place] = replace(there, note=f"{there.note}\n{words}" if there.note else words)


class _Places:
    """Turns the places of a file into those of its text."""

    def __init__(self, text: str, counting: Counting, breaks: _Breaks | None) -> None:
        self._places = Places(breaks.text if breaks else text)
        self._counting = counting
        self._breaks = breaks

    def pair(self, start: int, end: int) -> tuple[int, int] | None:
        """Give a stretch in code points, or None where the text has no such places."""
        found = self._places.pair(start, end, self._counting)
        if found is None or self._breaks is None:
            return found
        return self._breaks.back(found[0]), self._breaks.back(found[1])


class _Breaks:
    """The text with line ends of one sign, and the way back."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self._places: list[int] = []
        at = 0
        for character in self.text:
            self._places.append(at)
            at += 2 if character == "\n" and text.startswith("\r\n", at) else 1
        self._places.append(at)

    def back(self, offset: int) -> int:
        """Give the place in the text as it is."""
        return self._places[offset]


def _pairs(head: str) -> tuple[str, list[tuple[int, int]]] | None:
    name, _, rest = head.strip().partition(" ")
    pairs = []
    for piece in rest.split(";"):
        numbers = piece.split()
        if len(numbers) != 2 or not all(
            each.isascii() and each.isdigit() and len(each) < 12 for each in numbers
        ):
            return None
        pairs.append((int(numbers[0]), int(numbers[1])))
    return (name, pairs) if name else None


def _first_places(fields: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Give place and words of a span of one piece."""
    head, tab, words = fields.partition("\t")
    parsed = _pairs(head)
    if tab and words and parsed is not None and len(parsed[1]) == 1:
        yield parsed[1][0], words


def _fits(places: Places, text: str, place: tuple[int, int, str], counting: Counting) -> bool:
    pair = places.pair(place[0], place[1], counting)
    return pair is not None and text[pair[0] : pair[1]].split() == place[2].split()
