"""Compares what a file holds with what went into it, remembering only a few bytes of each record."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence

from annotator.formats.base import counted, is_candidate, name_of
from annotator.model.errors import FormatError
from annotator.model.record import Problem, Record, RecordRelation, RecordSpan


class Ledger:
    """Remembers what went into a file, 16 bytes a record, and compares it with what is read back.

    Compared are the text and the keys of all spans and relations with what was decided of each; with `whole`,
    for formats that keep everything, all of the record.
    """

    def __init__(self, *, whole: bool = False) -> None:
        self._digest = whole_digest if whole else key_digest
        self._written: list[bytes] = []

    def enter(self, record: Record) -> None:
        """Remember a record that is being written."""
        self._written.append(self._digest(record))

    def compare(self, records: Iterable[Record], target: str, problems: Sequence[Problem]) -> None:
        """Compare with what is read back; `problems` fills while `records` runs.

        Raises:
            FormatError: the file does not hold what was written.
        """
        number = 0
        for number, record in enumerate(records, start=1):
            if number > len(self._written) or self._digest(record) != self._written[number - 1]:
                why = next(
                    (problem.message for problem in problems if problem.refused), "it came back changed"
                )
                raise misread(target, f"document {number:,} ({name_of(record)}): {why}")
        if number != len(self._written):
            raise misread(
                target, f"{counted(len(self._written), 'document')} went in and {number:,} came back"
            )
        refused = [problem.message for problem in problems if problem.refused]
        if refused and self._written:  # an empty file says that it is empty
            raise misread(target, refused[0])


def misread(target: str, why: str) -> FormatError:
    """Make the error for a file that does not hold what was written."""
    return FormatError(
        f"{target} was written but could not be read back: {why.rstrip('.')}.",
        "Nothing was replaced; try another format and keep the project as it is.",
    )


def key_digest(record: Record) -> bytes:
    """Give 16 bytes that stand for text, spans and relations of a record, whatever their order."""
    spans = {(span.fragments, span.label, _status(span)) for span in record.spans}
    relations = {
        (record.spans[each.head].identity, record.spans[each.child].identity, each.label, _status(each))
        for each in record.relations
    }
    return _digest(record.text, repr((sorted(spans), sorted(relations))))


_PLAIN_FIELDS = [
    each.name
    for each in dataclasses.fields(Record)
    if each.name not in ("text", "tokens", "metadata", "attributes")
]


def whole_digest(record: Record) -> bytes:
    """Give 16 bytes that stand for everything in a record."""
    tokens = record.tokens and (
        list(record.tokens.starts),
        list(record.tokens.ends),
        list(record.tokens.sentences),
        record.tokens.tokenizer,
    )
    fields = [getattr(record, name) for name in _PLAIN_FIELDS]
    rest = [
        each and json.dumps(each, sort_keys=True, default=str)
        for each in (record.metadata, record.attributes)
    ]
    return _digest(record.text, repr((fields, tokens, rest)))


def _status(item: RecordSpan | RecordRelation) -> str:
    return "rejected" if item.rejected else "candidate" if is_candidate(item) else "accepted"


def _digest(*parts: str) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.digest()
