"""Unpacks a DocBin with bounded memory and checked numbers, without building spaCy documents.

A damaged or hostile file must give a message, not a crash or a full memory: spaCy's own reader trusts what it
reads. The layout is that of `DocBin.to_bytes` (zlib around msgpack; token attributes as one table of uint64).
"""

from __future__ import annotations

import os
import sys
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from annotator.formats.docbin_packing import SPAN, RawSpan
from annotator.formats.unpacking import TooLargeError, unpacked_chunks

_FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    OverflowError,
    SyntaxError,
)  # the last is numpy's, for a wrong type


class BadDocBinError(Exception):
    """Say in words that follow the file's name what is wrong with it."""


@dataclass(slots=True)
class RawDocument:
    """One document as the file holds it.

    Args:
        words, spaces: the tokens, and whether one space follows each.
        entities, groups: first token, last + 1, label, id, id in a knowledge base.
        codes: of each token, missing 0, inside 1, outside 2, begin 3; empty where the file says nothing.
        sentences: tokens that begin one.
        packed_data: the user data as stored.
    """

    words: list[str]
    spaces: list[bool]
    entities: list[RawSpan] = field(default_factory=list)
    groups: dict[str, list[RawSpan]] = field(default_factory=dict)
    codes: bytes = b""
    sentences: list[int] = field(default_factory=list)
    cats: dict[str, Any] = field(default_factory=dict)
    packed_data: bytes = b""

    @property
    def is_complete(self) -> bool:
        """Tell whether every token is said to be in an entity or outside all."""
        return bool(self.codes) and 0 not in self.codes

    def spelled(self) -> tuple[str, list[int], list[int]]:
        """Give the text, and the first character and last + 1 of each token."""
        starts, ends, pieces = [], [], []
        at = 0
        for word, space in zip(self.words, self.spaces, strict=True):
            starts.append(at)
            ends.append(at + len(word))
            pieces.append(f"{word} " if space else word)
            at += len(pieces[-1])
        return "".join(pieces), starts, ends


def is_docbin(head: bytes) -> bool:
    """Tell whether bytes begin a zlib stream of a msgpack map with the keys of a DocBin."""
    try:
        start = zlib.decompressobj().decompress(head, 256)
    except zlib.error:
        return False
    return _is_map(start) and (b"version" in start or b"attrs" in start)


def documents_in(file: BinaryIO, *, is_ours: bool = False) -> Iterator[tuple[int, RawDocument | str]]:
    """Yield each document with its number from 1, or in its place what is wrong with it.

    `is_ours` is for a file that was written here a moment ago and is read back: it may have packed very well.

    Raises:
        BadDocBinError: the file as a whole cannot be used.
    """
    return _Container(_unpacked(_inflated(file, is_ours=is_ours))).documents()


def _is_map(start: bytes | bytearray) -> bool:
    return bool(start) and (0x80 <= start[0] <= 0x8F or start[0] in (0xDE, 0xDF))


def _inflated(file: BinaryIO, *, is_ours: bool) -> bytearray:
    data = bytearray()
    head = int.from_bytes(file.read(2))
    is_zlib = head % 31 == 0 and head >> 8 & 15 == 8
    is_empty = file.seek(0, os.SEEK_END) == 0
    file.seek(0)

    def cut_off() -> BadDocBinError:
        return BadDocBinError("is empty." if is_empty else "is cut off: its end is missing.")

    try:
        for chunk in unpacked_chunks(file, zlib.decompressobj(), is_ours=is_ours, cut_off=cut_off):
            data += chunk
            if data and not _is_map(data[:1]):
                raise BadDocBinError("is not a spaCy DocBin: what it unpacks to is something else.")
    except zlib.error as error:
        raise BadDocBinError("is damaged." if data or is_zlib else "is not a spaCy DocBin.") from error
    except TooLargeError as error:
        raise BadDocBinError(str(error)) from error
    return data


class Unpacking:
    """Unpacks msgpack values, lists as tuples, so that they can be keys; made once, since that is slow."""

    def __init__(self) -> None:
        self._unpacker: Any = None
        self._at = 0

    def value(self, data: bytes) -> Any:
        """Give the value that bytes hold.

        Raises:
            BadDocBinError: they hold none, or more than one.
        """
        from srsly import msgpack

        if self._unpacker is None:
            self._unpacker = msgpack.Unpacker(raw=False, use_list=False)
            self._at = 0
        unpacker, self._unpacker = self._unpacker, None  # one that stopped half-way is not used again
        try:
            unpacker.feed(data)
            value = unpacker.unpack()
        except (*_FAULTS, msgpack.UnpackException) as error:
            raise BadDocBinError("was left out: a part of it cannot be unpacked.") from error
        self._at += len(data)
        if unpacker.tell() != self._at:
            raise BadDocBinError("was left out: a part of it cannot be unpacked.")
        self._unpacker = unpacker
        return value


def _unpacked(data: bytearray) -> dict[str, Any]:
    from srsly import msgpack

    try:
        message = msgpack.unpackb(data, raw=False)
    except (*_FAULTS, msgpack.UnpackException) as error:
        raise BadDocBinError("is damaged: it cannot be unpacked.") from error
    if not isinstance(message, dict) or not {"attrs", "tokens", "lengths", "strings"} <= message.keys():
        raise BadDocBinError("is not a spaCy DocBin: what it unpacks to is something else.")
    return message


def _numbers(code: str, data: Any, what: str) -> array[int]:
    numbers: array[int] = array(code)
    if not isinstance(data, bytes) or len(data) % numbers.itemsize:
        raise BadDocBinError(f"is damaged: its {what} are no numbers.")
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class _Container:
    """The tables of a DocBin, checked against each other."""

    def __init__(self, message: dict[str, Any]) -> None:
        from spacy.attrs import IDS  # type: ignore[import-not-found]  # compiled, without stubs
        from spacy.strings import StringStore

        attrs, strings = message["attrs"], message["strings"]
        if not isinstance(attrs, list) or IDS["ORTH"] not in attrs:
            raise BadDocBinError("is damaged: it does not say what its columns are.")
        if not isinstance(strings, list) or not all(isinstance(each, str) for each in strings):
            raise BadDocBinError("is damaged: its words are no words.")
        self._columns = {name: attrs.index(IDS[name]) for name in _COLUMNS if IDS[name] in attrs}
        self._width = len(attrs)
        self._tokens = _numbers("Q", message["tokens"], "tokens")
        self._lengths = _numbers("i", message["lengths"], "lengths")
        self._spaces = message.get("spaces", b"")
        self._store = StringStore(strings)
        self._message = message
        self._unpacking = Unpacking()
        total = sum(self._lengths)
        if min(self._lengths, default=0) < 0 or total * self._width != len(self._tokens):
            raise BadDocBinError("is damaged: it has another number of tokens than its documents need.")
        if not isinstance(self._spaces, bytes) or len(self._spaces) != total:
            raise BadDocBinError("is damaged: it has another number of spaces than of tokens.")

    def documents(self) -> Iterator[tuple[int, RawDocument | str]]:
        """Yield the documents one by one."""
        at = 0
        for index, length in enumerate(self._lengths):
            try:
                yield index + 1, self._document(index, at, length)
            except BadDocBinError as error:
                yield index + 1, str(error)
            at += length

    def _document(self, index: int, at: int, length: int) -> RawDocument:
        columns = {
            name: self._tokens[at * self._width + column : (at + length) * self._width : self._width]
            for name, column in self._columns.items()
        }
        flags = self._entry("flags", index, dict) or {}
        unknown_spaces = bool(flags.get("has_unknown_spaces"))
        document = RawDocument(
            words=[self._string(each) for each in columns["ORTH"]],
            spaces=[unknown_spaces or bool(each) for each in self._spaces[at : at + length]],
        )
        if "ENT_IOB" in columns and "ENT_TYPE" in columns:
            document.entities = self._entities(columns, length)
            document.codes = bytes(min(code, 255) for code in columns["ENT_IOB"])
        document.sentences = [index for index, each in enumerate(columns.get("SENT_START", ())) if each == 1]
        document.groups = self._groups(self._entry("span_groups", index, bytes), length)
        document.cats = self._entry("cats", index, dict) or {}
        document.packed_data = self._entry("user_data", index, bytes) or b""
        return document

    def _entry(self, name: str, index: int, kind: type) -> Any:
        entries = self._message.get(name)
        if isinstance(entries, list) and index < len(entries) and isinstance(entries[index], kind):
            return entries[index]
        return None

    def _string(self, key: int) -> str:
        try:
            return str(self._store[key])
        except (KeyError, IndexError) as error:
            raise BadDocBinError("was left out: it uses words that the file does not hold.") from error

    def _entities(self, columns: dict[str, array[int]], length: int) -> list[RawSpan]:
        iob, types = columns["ENT_IOB"], columns["ENT_TYPE"]
        found: list[RawSpan] = []
        first = None
        for token in range(length + 1):
            code = iob[token] if token < length else 2
            goes_on = first is not None and code == 1 and types[token] == types[first]
            if first is not None and not goes_on:
                facts = {
                    name: self._string(columns[column][first]) if column in columns else ""
                    for name, column in (("label", "ENT_TYPE"), ("id", "ENT_ID"), ("kb_id", "ENT_KB_ID"))
                }
                found.append(RawSpan(first, token, **facts))
                first = None
            if code in (1, 3) and not goes_on and token < length and types[token]:
                first = token
        return found

    def _groups(self, packed: bytes | None, length: int) -> dict[str, list[RawSpan]]:
        message = self._unpacking.value(packed) if packed else ()
        pairs = message.items() if isinstance(message, dict) else ((each, None) for each in message)
        groups: dict[str, list[RawSpan]] = {}
        for content, keys in pairs:
            group = self._unpacking.value(content) if isinstance(content, bytes) else None
            if not isinstance(group, dict) or not isinstance(group.get("spans"), tuple):
                raise BadDocBinError("was left out: its span groups are damaged.")
            spans = [self._group_span(each, length) for each in group["spans"]]
            for key in keys if isinstance(keys, tuple) else (group.get("name"),):
                groups[str(key)] = spans
        return groups

    def _group_span(self, packed: Any, length: int) -> RawSpan:
        if not isinstance(packed, bytes) or len(packed) != SPAN.size:
            raise BadDocBinError("was left out: its span groups are damaged.")
        identity, kb_id, label, first, last, _, _ = SPAN.unpack(packed)
        if not 0 <= first < last <= length:
            raise BadDocBinError(
                f"was left out: a span from token {first} to {last} is not in its {length} tokens."
            )
        return RawSpan(first, last, *(self._string(key) for key in (label, identity, kb_id)))


_COLUMNS = ("ORTH", "ENT_IOB", "ENT_TYPE", "ENT_ID", "ENT_KB_ID", "SENT_START")
