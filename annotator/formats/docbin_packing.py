"""Packs documents into the bytes of a DocBin, as `DocBin.to_bytes` lays them out, without building spaCy documents.

That is some ten times faster than spaCy's own way, which looks for plug-ins at every value it packs, and lets the
layout be decided at the end. Tests compare the files with what spaCy itself makes and reads.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SPAN = struct.Struct(">QQQllll")
"""Of a span in a group: id, id in a knowledge base, label, first token, last + 1, first character, last + 1."""
_MISSING, _INSIDE, _OUTSIDE, _BEGIN = 0, 1, 2, 3
_COLUMNS = ("ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "ENT_ID")
_NO_GROUPS = b"\x90"


@dataclass(frozen=True, slots=True)
class RawSpan:
    """A labelled run of tokens, `last` exclusive."""

    first: int
    last: int
    label: str
    id: str = ""
    kb_id: str = ""


@dataclass(slots=True, kw_only=True)
class PackedDocument:
    """One document, packed but for its groups.

    Args:
        tokens: the rows of its tokens. codes: of each, missing 0, inside 1, outside 2, begin 3.
        spaces: one byte a token. user_data: as msgpack.
        groups: its span groups, packed, by name.
    """

    tokens: array[int]
    codes: bytes
    spaces: bytes
    user_data: bytes
    cats: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, bytes] = field(default_factory=dict)


class Packing:
    """Packs documents that share one table of strings."""

    def __init__(self) -> None:
        from spacy.attrs import IDS  # type: ignore[import-not-found]  # compiled, without stubs
        from spacy.strings import StringStore
        from srsly import msgpack

        self._attrs = [IDS["ORTH"], *sorted(IDS[name] for name in _COLUMNS)]
        self._column = {name: self._attrs.index(IDS[name]) for name in _COLUMNS}
        self._store = StringStore()
        self._keys: dict[str, int] = {"": 0}
        self._pack = msgpack.Packer(use_bin_type=True).pack

    def document(
        self,
        words: Sequence[str],
        spaces: Sequence[bool],
        *,
        entities: Iterable[RawSpan],
        missing: Iterable[tuple[int, int]],
        is_complete: bool,
        user_data: Mapping[Any, Any],
    ) -> PackedDocument:
        """Pack tokens, entities and data; tokens of no entity are outside if it is complete, else missing."""
        width, length = len(self._attrs), len(words)
        rows = array("Q", bytes(8 * width * length))
        rows[0::width] = array("Q", [self._key(word) for word in words])
        codes = bytearray([_OUTSIDE if is_complete else _MISSING]) * length
        for first, last in missing:
            codes[first:last] = bytes([_MISSING]) * (last - first)
        for span in entities:
            codes[span.first : span.last] = bytes([_INSIDE]) * (span.last - span.first)
            codes[span.first] = _BEGIN
            for name, value in (("ENT_TYPE", span.label), ("ENT_KB_ID", span.kb_id), ("ENT_ID", span.id)):
                key = self._key(value)
                for token in range(span.first, span.last):
                    rows[token * width + self._column[name]] = key
        rows[self._column["ENT_IOB"] :: width] = array("Q", list(codes))
        return PackedDocument(
            tokens=rows,
            codes=bytes(codes),
            spaces=bytes(spaces),
            user_data=bytes(self._pack(dict(user_data))),
        )

    def group(self, name: str, spans: Iterable[RawSpan], starts: Sequence[int], ends: Sequence[int]) -> bytes:
        """Pack a span group; `starts` and `ends` are the characters of the tokens."""
        packed = [
            SPAN.pack(
                self._key(span.id),
                self._key(span.kb_id),
                self._key(span.label),
                span.first,
                span.last,
                starts[span.first],
                ends[span.last - 1],
            )
            for span in spans
        ]
        return bytes(self._pack({"name": name, "attrs": {}, "spans": packed}))

    def content(self, documents: Sequence[PackedDocument]) -> bytes:
        """Give the bytes of a file of these documents."""
        message = {
            "version": "0.1",
            "attrs": self._attrs,
            "tokens": b"".join(_little(document.tokens).tobytes() for document in documents),
            "spaces": b"".join(document.spaces for document in documents),
            "lengths": _little(array("i", [len(document.spaces) for document in documents])).tobytes(),
            "strings": sorted(self._keys),
            "cats": [document.cats for document in documents],
            "flags": [{"has_unknown_spaces": False}] * len(documents),
            "span_groups": [self._groups(document) for document in documents],
            "user_data": [document.user_data for document in documents],
        }
        return zlib.compress(self._pack(message))

    def _groups(self, document: PackedDocument) -> bytes:
        if not document.groups:
            return _NO_GROUPS
        return bytes(self._pack({content: [name] for name, content in document.groups.items()}))

    def _key(self, string: str) -> int:
        key = self._keys.get(string)
        if key is None:
            key = self._keys[string] = int(self._store.add(string))
        return key


def _little(numbers: array[int]) -> array[int]:
    """Give numbers with the lowest byte first, as the file has them."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers
