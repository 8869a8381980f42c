"""What is broken or was made to harm, read as every format of the registry: words, never a crash or a full memory."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.formats import FORMATS, Format, sources_in
from annotator.formats.packed import Unpacking
from annotator.model.errors import FormatError
from annotator.model.record import Problem, Record
from tests.formats.samples import a_record, a_span, is_here, read_all, refused, write_all

READERS = [each for each in FORMATS if each.read is not None and is_here(each)]
every_reader = pytest.mark.parametrize("found", READERS, ids=lambda each: each.name)

LONG = 100_000
ROW = "1\tword\t" + "_\t" * 7 + "_\n"
CONTENTS: dict[str, Callable[[], bytes]] = {
    "a line of 5 MB": lambda: b"x" * 5_000_000,
    "one long line of signs": ("😀|\\\t" * 300).encode,
    "a string without end": lambda: b'{"text": "' + b"x" * LONG,
    "brackets": lambda: b'{"text": "a", "spans": ' + b"[" * 20_000,
    "brackets that close": lambda: b'[{"text": "a", "label": ' + b"[" * 10_000 + b"]" * 10_000 + b"}]",
    "braces": lambda: b'{"data":' * 20_000,
    "a long cell": lambda: b'id,text\n1,"' + b"a" * 300_000 + b'"\n2,b\n',
    "a long cell without end": lambda: b'id,text\n1,"' + b"a" * 300_000,
    "a long cell of a table of tabs": lambda: b"Anna\tB-" + b"P" * 300_000 + b"\nleft\tO\n",
    "many columns": lambda: b"Anna" + b"\tB-PER" * 300 + b"\nleft\tO\n",
    "many empty lines": lambda: b"\n" * 10_000,
    "many brackets of entities": (
        "# global.Entity = eid-etype\n" + ROW.replace("_\n", f"Entity={'(e1-A' * 10_000}\n")
    ).encode,
    "half a pair in a string": lambda: b'{"text": "broken \\ud83d end", "spans": []}\n',
    "half a pair in a label": lambda: b'{"text": "Ada.", "label": [[0, 3, "\\udc00"]]}\n',
    "no numbers": lambda: b'{"text": "Ada.", "meta": {"n": NaN, "m": -Infinity}, "spans": []}\n',
    "a number too large": lambda: b'{"text": "Ada.", "meta": {"n": 1e999}, "spans": []}\n',
    "a number of many digits": lambda: b'{"text": "Ada.", "meta": {"n": ' + b"9" * 6_000 + b"}}\n",
    "offsets over 64 bits": lambda: (
        b'{"text": "Ada.", "spans": [{"start": -9223372036854775809, "end": 18446744073709551616, "label": "A"}],'
        b' "label": [[0, 9223372036854775808, "A"]]}\n'
    ),
    "tokens over 64 bits": lambda: (
        b"#FORMAT=WebAnno TSV 3.3\n#T_SP=a.B|value\n\n\n#Text=Ada\n"
        b"1-1\t0-99999999999999999999\tAda\tX[99999999999999999999]\n"
        b"1-99999999999999999999\t99999999999999999999-1\tAda\tX\n"
    ),
    "rows over 64 bits": (
        "99999999999999999999\tword\t"
        + "_\t" * 7
        + "_\n"
        + "1-99999999999999999999\tword\t"
        + "_\t" * 7
        + "_\n"
    ).encode,
    "places over 64 bits": lambda: (
        b"T1\tPER 0 99999999999999999999\tAda\nT2\tPER 18446744073709551616 3\tAda\n"
    ),
    "zeros": lambda: b"\0" * LONG,
    "packed zeros": lambda: zlib.compress(b"\0" * 20_000_000),
    "gzipped zeros": lambda: gzip.compress(b"\0" * 20_000_000),
}


def read_watched(found: Format, path: Path) -> tuple[list[Record], list[Problem], int]:
    """Read a file and give the most memory that was held meanwhile, in bytes."""
    beside = path.with_suffix(".txt")
    if not beside.exists():
        beside.write_bytes(b"Ada left.")
    tracemalloc.start()
    try:
        records, problems = read_all(found, path)
        return records, problems, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@every_reader
@pytest.mark.parametrize("name", CONTENTS)
def test_what_is_hostile_is_told_within_bounds(found: Format, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"bad{found.suffixes[0]}"
    content = CONTENTS[name]()
    path.write_bytes(content)
    records, problems, peak = read_watched(found, path)
    assert path.read_bytes() == content
    # The first reading of a kind brings its library along.
    assert peak < 120_000_000 + 25 * len(content)
    for record in records:
        record.text.encode()
        for span in record.spans:
            assert all(0 <= start < end <= len(record.text) for start, end in span.fragments)
            span.label.encode()
    assert all(problem.message and len(problem.message) < 2_000 for problem in problems)
    assert len(problems) < 1_000
    assert records or problems or found.types is not None


#: Formats whose files are a line of JSON for each document.
BY_LINES = [each for each in READERS if each.write is not None and each.suffixes[0].endswith(".jsonl")]


@pytest.mark.parametrize("found", BY_LINES, ids=lambda each: each.name)
@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "-Infinity",
        "1e999",
        '"\\ud83d"',
        '"\\udc00 x"',
        "[" * 90 + "]" * 90,
        '{"a":' * 90 + "1" + "}" * 90,
        "[" * 20_000,
        "9" * 6_000,
        "nothing",
        '"' + "x" * 100,
    ],
    ids=lambda value: value[:9],
)
def test_a_bad_line_is_told_and_the_rest_is_read(found: Format, value: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{found.suffixes[0]}"
    text = "Ada left."
    write_all(found, path, [a_record(text, a_span(text, "Ada")), a_record("Bob left.")])
    first, second = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(first)
    bad = f'{first[:-1]}, "more": {value}}}'
    path.write_text(f"{first}\n{bad}\n{second}\n", encoding="utf-8", newline="")
    records, problems = read_all(found, path)
    assert [each.text for each in records] == [text, "Bob left."]
    assert [line for line, _ in refused(problems)] == [2]


@pytest.mark.parametrize("ending", [".gz", ".zip", ".tar", ".tar.gz"])
@every_reader
def test_a_bomb_under_any_name_is_refused(
    found: Format, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.formats.unpacking.ALWAYS", 1_000_000)
    path = tmp_path / f"bomb{found.suffixes[0]}{ending}"
    path.write_bytes(gzip.compress(b"x" * 3_000_000))  # an archive is known by its bytes, not by its name
    with Unpacking() as unpacking, pytest.raises(FormatError, match="unpacks to more"):
        sources_in(path, unpacking=unpacking)
