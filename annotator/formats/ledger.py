"""Makes sure that a file gives back what went into it: all of it is read once more, or each line before it is written.

A ledger remembers only a few bytes of each record.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from annotator.formats.base import Reporter, is_candidate, name_of
from annotator.formats.collecting import are_plain, cuts_nothing, has_text
from annotator.formats.jsonl import json_line
from annotator.formats.record_fields import are_tokens
from annotator.model.annotation import Fragments
from annotator.model.errors import FormatError
from annotator.model.limits import JSON_DEPTH
from annotator.model.record import Problem, Record, RecordRelation, RecordSpan
from annotator.model.wording import counted


class Ledger:
    """Remembers what went into a file, 16 bytes a record, and compares it with what is read back.

    Compared are the text and the keys of all spans and relations with what was decided of each.
    """

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def enter(self, record: Record) -> None:
        """Remember a record that is being written."""
        self._written.append(key_digest(record))

    def compare(self, records: Iterable[Record], target: str, problems: Sequence[Problem]) -> None:
        """Compare with what is read back; `problems` fills while `records` runs.

        Raises:
            FormatError: the file does not hold what was written.
        """
        number = 0
        for number, record in enumerate(records, start=1):
            if number > len(self._written) or key_digest(record) != self._written[number - 1]:
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


class Proof:
    """Looks at each line of JSON, before it is written, with the eyes of the reader that will read it one day.

    Together with a comparison of bytes (`write_compared`) this is as much as reading the whole file back would be: a
    line gives the very fields that it was made of (`json_line`), and the reader makes the record of them. It is not
    asked where it could see nothing otherwise, as in most records; that it would not is what tests of formats prove.

    Args:
        target: names the file in messages.
        make: what a reader does with the value of a line: it takes that, a reporter, and a name for the document.
        whole: everything in a record must come back, not text, spans and relations alone.
        depth: how deeply the reader lets a line be nested.
    """

    def __init__(
        self,
        target: str,
        make: Callable[[object, Reporter, str], Record | None],
        *,
        whole: bool = False,
        depth: int = JSON_DEPTH,
    ) -> None:
        self._target = target
        self._make = make
        self._whole = whole
        self._depth = depth
        self._number = 0

    def line(self, fields: dict[str, Any], record: Record) -> bytes:
        """Give the line of the fields in which a record is written.

        Raises:
            FormatError: it would not come back as it was.
        """
        self._number += 1
        name = name_of(record)
        is_plain = _is_plain(record, whole=self._whole)
        is_flat = is_plain and _is_flat(record)
        line = json_line(fields, what=name, depth=self._depth, is_flat=is_flat)
        if is_plain:
            return line
        problems: list[Problem] = []
        back = self._make(fields, Reporter(self._target, problems.append), record.source)
        refused = next((problem.message for problem in problems if problem.refused), "")
        if refused or back is None or not self._is_same(record, back):
            why = refused or "it came back changed"
            raise misread(self._target, f"document {self._number:,} ({name}): {why}")
        return line

    def _is_same(self, one: Record, other: Record) -> bool:
        if self._whole:  # whether a value in its fields is a list or a tuple says nothing
            return one == other or whole_digest(one) == whole_digest(other)
        return one.text == other.text and (
            (_span_keys(one) == _span_keys(other) and not one.relations and not other.relations)
            or key_digest(one) == key_digest(other)
        )


def _is_plain(record: Record, *, whole: bool) -> bool:
    """Tell whether a record says nothing that a reader could see otherwise, by the rules that readers go by."""
    text, tokens = record.text, record.tokens
    if record.relations or record.attributes or not has_text(text):
        return False
    places: list[tuple[int, int, str]] = []
    for span in record.spans:
        if (
            len(span.fragments) > 1
            or span.rejected
            or span.score is not None
            or span.suggester
            or span.attributes
        ):
            return False
        places.append((*span.fragments[0], span.label))
    return are_plain(text, places, is_simple=cuts_nothing(text)) and (
        not whole or tokens is None or are_tokens(tokens, text)
    )


_FLAT = frozenset({str, int, bool, type(None)})


def _is_flat(record: Record) -> bool:
    """Tell of a plain record whether all of it is text, whole numbers and the like."""
    metadata = record.metadata
    return (
        not metadata
        or ({str}.issuperset(map(type, metadata)) and _FLAT.issuperset(map(type, metadata.values())))
    ) and all(span.at is None for span in record.spans)


def _span_keys(record: Record) -> list[tuple[Fragments, str, bool, bool]]:
    return [(span.fragments, span.label, span.rejected, is_candidate(span)) for span in record.spans]


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
