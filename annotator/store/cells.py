"""How single values lie in the tables: places, hashes, attributes, and where a decision came from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from annotator.model.annotation import Fragment, Fragments, How, Origin, Provenance

Stored = Mapping[str, Any] | sqlite3.Row
"""A row as SQLite gives it, or as the journal kept it."""
Columns = dict[str, Any]
"""One row by column name, with values that SQLite and JSON both hold."""
HOW_LETTERS = {each: each.value[0] for each in How}
ORIGIN_LETTERS = {each: each.value[0] for each in Origin}
"""How the tables say how a decision was made and where it came from; journals of older files say it in words."""
_HOW = {letter: each for each, letter in HOW_LETTERS.items()}
_ORIGIN = {letter: each for each, letter in ORIGIN_LETTERS.items()}


def fragments_to_text(fragments: Fragments) -> str:
    """Write fragments as `12-19,25-30`."""
    if len(fragments) == 1:  # as nearly always
        start, end = fragments[0]
        return f"{start}-{end}"
    return ",".join([f"{start}-{end}" for start, end in fragments])


def fragments_from_text(written: str) -> Fragments:
    """Read what `fragments_to_text` wrote."""
    return tuple(
        Fragment(int(start), int(end))
        for start, _, end in (piece.partition("-") for piece in written.split(","))
    )


def to_json(value: Any) -> str:
    """Write attributes as the tables keep them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "{}"


def packed_hash(written: str) -> bytes | str:
    """Give the bytes of a hash of hexadecimal digits; anything else stays as it is."""
    try:
        packed = bytes.fromhex(written)
    except ValueError:
        return written
    return packed if packed and packed.hex() == written else written


def unpacked_hash(packed: bytes | str) -> str:
    """Give back what `packed_hash` packed."""
    return packed if isinstance(packed, str) else packed.hex()


def provenance_columns(provenance: Provenance) -> Columns:
    """Write how a decision was made, when and by whom."""
    return {
        "annotator": provenance.annotator,
        "at": provenance.at,
        "how": HOW_LETTERS[provenance.how],
        "origin": ORIGIN_LETTERS[provenance.origin],
        "suggesters": "\n".join(provenance.suggesters),
        "score": provenance.score,
    }


def provenance_of(row: Stored) -> Provenance:
    """Read what `provenance_columns` wrote."""
    return Provenance(
        annotator=row["annotator"],
        at=row["at"],
        how=_HOW.get(row["how"]) or How(row["how"]),
        origin=_ORIGIN.get(row["origin"]) or Origin(row["origin"]),
        suggesters=tuple(row["suggesters"].split("\n")) if row["suggesters"] else (),
        score=row["score"],
    )
