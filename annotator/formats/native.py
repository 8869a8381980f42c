"""The program's own lossless format: one document a line, everything that is known of it.

The first key of every line is `"annotator"`, the version of the format. Other programs need not read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from annotator.formats.base import (
    Format,
    ReadOptions,
    Report,
    Reporter,
    WriteContext,
    file_name,
    shown,
)
from annotator.formats.collecting import is_usable_text
from annotator.formats.json_files import documents_of, values_by_line
from annotator.formats.jsonl import OWN_DEPTH_LIMIT, is_whole, kind_of
from annotator.formats.ledger import Proof
from annotator.formats.native_quick import record_in
from annotator.formats.offset_units import PLAIN
from annotator.formats.record_fields import (
    HEAD_FIELDS,
    head_fields,
    record_of,
    relation_fields,
    span_fields,
    token_fields,
    tokens_of,
)
from annotator.formats.text_files import opened
from annotator.formats.whole_files import write_compared
from annotator.model.record import Record

VERSION = 1
_KEYS = frozenset({"annotator", "text", "tokens", "spans", "relations", *HEAD_FIELDS})
_FIRST_KEY = re.compile(rb'\s*\{\s*"annotator"\s*:\s*\d')


def sniff(head: bytes, path: Path) -> float:
    """Tell by the first key of the first line."""
    del path
    return 1.0 if _FIRST_KEY.match(head.removeprefix(b"\xef\xbb\xbf")) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    options.found.offsets.add(PLAIN.told)
    with opened(path) as file:
        values = values_by_line(
            file, name=name, options=options, reporter=reporter, depth=OWN_DEPTH_LIMIT, quick=record_in
        )
        yield from documents_of(values, _record, path=path, options=options, reporter=reporter)


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents with everything that is known of them."""
    proof = Proof(shown(path), _record, whole=True, depth=OWN_DEPTH_LIMIT)

    def put(file: BinaryIO) -> None:
        for record in records:
            file.write(proof.line(_line(record), record))
            context.written.add(record)

    write_compared(path, put)


def _line(record: Record) -> dict[str, Any]:
    line: dict[str, Any] = {
        "annotator": VERSION,
        "source": record.source,
        **head_fields(record),
        "text": record.text,
    }
    if record.tokens is not None:
        line["tokens"] = token_fields(record.tokens)
    if record.spans:
        line["spans"] = [span_fields(span) for span in record.spans]
    if record.relations:
        line["relations"] = [relation_fields(relation) for relation in record.relations]
    return line


def _record(fields: object, reporter: Reporter, source: str) -> Record | None:
    if not isinstance(fields, dict):
        reporter.refused(f"This line is {kind_of(fields)}, not an object; it was left out.")
        return None
    version = fields.get("annotator")
    if not is_whole(version) or version != VERSION:
        newer = is_whole(version) and version > VERSION
        why = (
            "was made by a newer version of this program"
            if newer
            else f"is not of version {VERSION} of this format"
        )
        reporter.refused(f"This line {why}; it was left out.")
        return None
    text = fields.get("text")
    if not is_usable_text(text, reporter):
        return None
    if not fields.keys() <= _KEYS:
        unknown = sorted(fields.keys() - _KEYS)
        reporter.repaired(f"The fields {', '.join(unknown)} are not known; they were left out.")
    fields.setdefault("source", source)
    return record_of(text, fields, reporter, tokens=tokens_of(fields.get("tokens"), text, reporter))


FORMAT = Format(
    name="native",
    title="annotator JSONL (keeps everything)",
    suffixes=(".annot.jsonl",),
    sniff=sniff,
    read=read,
    write=write,
)
