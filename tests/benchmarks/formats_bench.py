"""Measures reading and writing of every format beside the library that can do it fastest, and peak memory.

Run by hand: `python -m tests.benchmarks.formats_bench [documents] [format ...]`. Nothing is asserted: machines differ,
ratios travel better. What is written are documents of 125 words with 8 spans. Beside it stands, in the same run and on
the very file that was written, what the file cannot do without: `json` for JSON, `str.split` for columns, spaCy's
`DocBin` for DocBins, pandas for tables. Memory is that of a process that does nothing else, at a fourth of the
documents and at all of them, so that it shows whether it grows with the file.

Ratios are of processor time, which other work on the machine leaves as it is; the time on the wall, in which a writer
also waits for the disk, stands beside it. Records are made, and libraries loaded, while the clock stands still. `json`
and `str.split` go line by line as a reader does and keep nothing: a list of all values would cost them several times as
much. For JSONL the ratio to msgspec stands beside that to `json`. For tables of text the lists in their cells are JSON,
which is read and written beside pandas.

A format that makes a file of every document gets a tenth of them; Excel, whose sheets pass through Python objects, too.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from annotator.formats import FORMATS, Format, WriteContext, format_named, sources_in
from annotator.model.annotation import Fragment
from annotator.model.document import State, Tokens
from annotator.model.record import Record, RecordSpan
from annotator.model.schema import EntityType, Schema
from tests.benchmarks.corpora import articles

DOCUMENTS = 100_000
GOALS = {"prodigy": 1.5, "doccano": 1.5, "native": 1.5, "docbin": 1.5}
"""At most so many times as long as the library alone."""
SCHEMA = Schema(entities=(EntityType(name="PERSON"), EntityType(name="ORG"), EntityType(name="GPE")))
SKIPPED = {"spacy_folder": "as docbin"}
A_TENTH = frozenset({"brat", "excel"})
_WORD = re.compile(r"\w+|[^\w\s]")
_BATCH = 64
"""Values that are made at once while a clock stands still."""
_Item = TypeVar("_Item")


class Clock:
    """Counts seconds of processor time and on the wall, in `with`, but for what is made outside."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0

    def __enter__(self) -> Self:
        self.cpu -= time.process_time()
        self.wall -= time.perf_counter()
        return self

    def __exit__(self, *_error: object) -> None:
        self.cpu += time.process_time()
        self.wall += time.perf_counter()

    def outside(self, values: Iterable[_Item]) -> Iterator[_Item]:
        """Give values, some at a time, that are made while this clock, which runs, stands still."""
        left = iter(values)
        while True:
            self.__exit__()
            batch = list(islice(left, _BATCH))
            self.__enter__()
            if not batch:
                return
            yield from batch

    @property
    def told(self) -> tuple[float, float]:
        """Give both times."""
        return self.cpu, self.wall


class Reference(NamedTuple):
    """What is measured beside a format: the library's name, and its reading and writing of one file."""

    name: str
    run: Callable[[Path], tuple[Clock, Clock]]


def records(count: int) -> Iterator[Record]:
    """Make finished documents with their tokens."""
    for number, (text, spans) in enumerate(articles(count, kind="prose")):
        found = [match.span() for match in _WORD.finditer(text)]
        begins = [0, *(i + 1 for i, (a, b) in enumerate(found[:-1]) if text[a:b] == ".")]
        yield Record(
            text=text,
            source=f"article-{number}",
            language="en",
            state=State.DONE,
            tokens=Tokens([start for start, _ in found], [end for _, end in found], begins),
            spans=tuple(
                RecordSpan(fragments=(Fragment(start, end),), label=label) for start, end, label in spans
            ),
        )


def measure(name: str, count: int) -> Iterator[str]:
    """Measure one format and give its lines."""
    if name in A_TENTH:
        count //= 10
    with tempfile.TemporaryDirectory() as folder:
        small = _in_a_process(name, count // 4, Path(folder, "small"))
        whole = _in_a_process(name, count, Path(folder, "whole"))
        beside = _in_a_process(name, count, Path(folder, "whole"), alone=True)
    yield f"{name}: {count:,} documents, {whole['size'] / 1e6:,.0f} MB; beside it {beside['library']}"
    for what in ("write", "read"):
        if what not in whole:
            continue
        ratios = [ours / max(theirs, 0.001) for ours, theirs in zip(whole[what], beside[what], strict=True)]
        goal = GOALS.get(name)
        verdict = "" if goal is None else f"  goal {goal}: {'met' if ratios[0] <= goal else 'MISSED'}"
        if "msgspec" in beside:
            verdict += f"; by msgspec {whole[what][0] / max(beside['msgspec'][what][0], 0.001):.2f}"
        grown = f"{small[f'{what}_memory']:,} MB, then {whole[f'{what}_memory']:,} MB"
        yield (
            f"  {what:5} {whole[what][0]:7.2f} s  alone {beside[what][0]:7.2f} s  ratio {ratios[0]:6.2f}  "
            f"on the wall {whole[what][1]:7.2f} s, {ratios[1]:6.2f}  memory {grown}{verdict}"
        )


def names() -> list[str]:
    """Name the formats that are measured: all that are written."""
    return [each.name for each in FORMATS if each.write is not None and each.name not in SKIPPED]


# --------------------------------------------------------------------------- one process each


def _in_a_process(name: str, count: int, path: Path, *, alone: bool = False) -> dict[str, Any]:
    if alone:
        return _told("--alone", name, path)
    written = _told("--write", name, path, str(count))
    found = format_named(name)
    return written | (_told("--read", name, path) if found.read is not None else {})


def _told(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.formats_bench", *map(str, arguments)]
    answer: dict[str, Any] = json.loads(subprocess.check_output(command, text=True).splitlines()[-1])
    return answer


def _memory() -> int:
    """Give the peak of resident memory in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def _target(found: Format, path: Path) -> Path:
    return path if found.folder_of else path.with_name(path.name + found.suffixes[0])


def _write(name: str, path: Path, count: int) -> dict[str, Any]:
    found = format_named(name)
    assert found.write is not None, "it is written"
    _warm(name)
    target, clock = _target(found, path), Clock()
    with clock:
        found.write(
            target, clock.outside(records(count)), WriteContext(schema=SCHEMA, options=found.options())
        )
    return {"write": clock.told, "write_memory": _memory(), "size": sum(map(_size, _files(target)))}


def _warm(name: str) -> None:
    """Bring a format's libraries along, which takes what it takes however many documents there are."""
    found = format_named(name)
    with tempfile.TemporaryDirectory() as folder:
        target = _target(found, Path(folder, "one"))
        if found.write is not None:
            found.write(target, records(1), WriteContext(schema=SCHEMA, options=found.options()))
        if found.read is not None:
            for source in sources_in(target):
                list(found.read(source, found.read_options(), lambda _problem: None))


def _read(name: str, path: Path) -> dict[str, Any]:
    found = format_named(name)
    assert found.read is not None, "it is read"
    _warm(name)
    target, documents = _target(found, path), 0
    with Clock() as clock:
        for source in sources_in(target) if target.is_dir() else [target]:
            for _ in found.read(source, found.read_options(), lambda _problem: None):
                documents += 1
    return {"read": clock.told, "read_memory": _memory(), "documents": documents}


def _files(target: Path) -> list[Path]:
    return [each for each in target.rglob("*") if each.is_file()] if target.is_dir() else [target]


def _size(path: Path) -> int:
    return path.stat().st_size


# --------------------------------------------------------------------------- the libraries alone


def _timed(act: Callable[[], Any]) -> tuple[Clock, Any]:
    with Clock() as clock:
        found = act()
    return clock, found


Loads = Callable[[bytes], Any]
Dumps = Callable[[Any], bytes]


def _dumped(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def _json_lines(path: Path, loads: Loads = json.loads, dumps: Dumps = _dumped) -> tuple[Clock, Clock]:
    file = next(
        each for each in _files(path) if each.suffix in (".jsonl", ".json") and "label" not in each.name
    )
    with file.open("rb") as lines, Clock() as reading:
        for line in lines:
            loads(line)
    with file.open("rb") as lines, tempfile.TemporaryFile() as out, Clock() as writing:
        for value in writing.outside(map(loads, lines)):
            out.write(dumps(value))
    return reading, writing


def _msgspec_lines(path: Path) -> tuple[Clock, Clock]:
    import msgspec

    return _json_lines(path, msgspec.json.decode, lambda value: msgspec.json.encode(value) + b"\n")


def _json_whole(path: Path) -> tuple[Clock, Clock]:
    reading, found = _timed(lambda: json.loads(path.read_text(encoding="utf-8")))
    writing, _ = _timed(lambda: json.dumps(found, ensure_ascii=False))
    return reading, writing


def _columns(path: Path) -> tuple[Clock, Clock]:
    """Split every line of every file at its tabs and blanks, and join them again."""
    reading, writing = Clock(), Clock()
    for file in _files(path):
        with file.open(encoding="utf-8") as lines, reading:
            for line in lines:
                line.split()
        with (
            file.open(encoding="utf-8") as lines,
            tempfile.TemporaryFile("w", encoding="utf-8") as out,
            writing,
        ):
            for cells in writing.outside(map(str.split, lines)):
                out.write(" ".join(cells) + "\n")
    return reading, writing


def _doc_bin(path: Path) -> tuple[Clock, Clock]:
    import spacy
    from spacy.tokens import DocBin

    vocab = spacy.blank("en").vocab
    reading, documents = _timed(lambda: list(DocBin().from_bytes(path.read_bytes()).get_docs(vocab)))
    writing, _ = _timed(lambda: DocBin(docs=documents, store_user_data=True).to_bytes())
    return reading, writing


def _csv(path: Path) -> tuple[Clock, Clock]:
    import pandas as pd

    reading, table = _timed(lambda: pd.read_csv(path))
    writing, _ = _timed(lambda: table.to_csv(index=False))
    return _with_lists(table, reading, writing)


def _with_lists(table: Any, reading: Clock, writing: Clock) -> tuple[Clock, Clock]:
    """Add what the lists of spans take that stand in cells."""
    with reading:
        spans = table["spans"].map(json.loads)
    with writing:
        spans.map(json.dumps)
    return reading, writing


def _parquet(path: Path) -> tuple[Clock, Clock]:
    import pandas as pd

    reading, table = _timed(lambda: pd.read_parquet(path))
    writing, _ = _timed(table.to_parquet)
    return reading, writing


def _excel(path: Path) -> tuple[Clock, Clock]:
    import pandas as pd

    reading, table = _timed(lambda: pd.read_excel(path))
    copy = path.with_name("copy.xlsx")
    writing, _ = _timed(lambda: table.to_excel(copy, index=False))
    return _with_lists(table, reading, writing)


_LINES = Reference("json, a line each", _json_lines)
_SPLIT = Reference("str.split and join of its lines", _columns)
REFERENCES = {
    "label-studio": Reference("json", _json_whole),
    "brat": _SPLIT,
    "conll": _SPLIT,
    "conllu": _SPLIT,
    "docbin": Reference("spaCy's DocBin", _doc_bin),
    "csv": Reference("pandas and json", _csv),
    "parquet": Reference("pandas", _parquet),
    "excel": Reference("pandas and json", _excel),
}
"""What is measured beside a format; `json` by lines beside all others."""


def _alone(name: str, path: Path) -> dict[str, Any]:
    reference = REFERENCES.get(name, _LINES)
    reading, writing = reference.run(_target(format_named(name), path))
    told: dict[str, Any] = {"library": reference.name, "read": reading.told, "write": writing.told}
    if reference is _LINES:
        reading, writing = _msgspec_lines(_target(format_named(name), path))
        told["msgspec"] = {"read": reading.told, "write": writing.told}
    return told


def main(arguments: list[str]) -> None:
    """Do one part and print what it says, or measure all formats that are named."""
    if arguments and arguments[0] in ("--write", "--read", "--alone"):
        what, name, path, *count = arguments
        acts: dict[str, Callable[[], dict[str, Any]]] = {
            "--write": lambda: _write(name, Path(path), int(count[0])),
            "--read": lambda: _read(name, Path(path)),
            "--alone": lambda: _alone(name, Path(path)),
        }
        print(json.dumps(acts[what]()))
        return
    wanted = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else DOCUMENTS
    for name in arguments or names():
        for line in measure(name, wanted):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
