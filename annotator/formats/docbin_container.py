"""Unpacks a DocBin with bounded memory and checked numbers, without building spaCy documents.

A damaged or hostile file must give a message, not a crash or a full memory: spaCy's own reader trusts what it
reads. The layout is that of `DocBin.to_bytes` (zlib around msgpack; token attributes as one table of uint64). Every
document is spread over all of it, so what is unpacked waits on shelves; the words alone are held, since all need them.
"""

from __future__ import annotations

import os
import sys
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import msgspec

from annotator.formats.docbin_packing import SPAN, RawSpan
from annotator.formats.shelf import Shelf
from annotator.formats.unpacking import CHUNK, TooLargeError, unpacked_chunks
from annotator.model.limits import UNPACKED_SIZE

_FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    OverflowError,
    SyntaxError,
)  # the last is numpy's, for a wrong type
_BYTES = {b"\xc4": 1, b"\xc5": 2, b"\xc6": 4}
"""How many bytes tell the length of bytes, by the first one."""
_COLUMNS = ("ORTH", "ENT_IOB", "ENT_TYPE", "ENT_ID", "ENT_KB_ID", "SENT_START")
_TOKENS, _SPACES, _LENGTHS = "tokens", "spaces", "lengths"
_CATS, _FLAGS, _GROUPS, _DATA = "cats", "flags", "span_groups", "user_data"
_DAMAGED = "is damaged: it cannot be unpacked."
_NO_DOCBIN = "is not a spaCy DocBin: what it unpacks to is something else."


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
        starts, ends, at = [], [], 0
        for word, space in zip(self.words, self.spaces, strict=True):
            starts.append(at)
            at += len(word)
            ends.append(at)
            if space:
                at += 1
        pieces = [f"{word} " if space else word for word, space in zip(self.words, self.spaces, strict=True)]
        return "".join(pieces), starts, ends


def is_docbin(head: bytes) -> bool:
    """Tell whether bytes begin a zlib stream of a msgpack map with the keys of a DocBin."""
    try:
        start = zlib.decompressobj().decompress(head, 256)
    except zlib.error:
        return False
    return _is_map(start) and (b"version" in start or b"attrs" in start)


def documents_in(file: BinaryIO) -> Iterator[tuple[int, RawDocument | str]]:
    """Yield each document with its number from 1, or in its place what is wrong with it.

    Raises:
        BadDocBinError: the file as a whole cannot be used.
    """
    with ExitStack() as stack:
        try:
            parts = _Parts(_Inflated(file), stack)
        except zlib.error as error:
            raise BadDocBinError("is damaged." if _is_zlib(file) else "is not a spaCy DocBin.") from error
        except TooLargeError as error:
            raise BadDocBinError(str(error)) from error
        yield from _Container(parts).documents()


def unpacked(data: bytes) -> Any:
    """Give the value that bytes hold as msgpack; lists as tuples where they are keys.

    Raises:
        BadDocBinError: they hold none, or more than one.
    """
    try:
        return msgspec.msgpack.decode(data)
    except (msgspec.MsgspecError, RecursionError, *_FAULTS) as error:
        raise BadDocBinError("was left out: a part of it cannot be unpacked.") from error


def _is_map(start: bytes | bytearray) -> bool:
    return bool(start) and (0x80 <= start[0] <= 0x8F or start[0] in (0xDE, 0xDF))


def _is_zlib(file: BinaryIO) -> bool:
    file.seek(0)
    head = int.from_bytes(file.read(2))
    return head % 31 == 0 and head >> 8 & 15 == 8


class _Inflated:
    """What a file unpacks to, given piece by piece as by a file."""

    def __init__(self, file: BinaryIO) -> None:
        is_empty = file.seek(0, os.SEEK_END) == 0
        file.seek(0)

        def cut_off() -> BadDocBinError:
            return BadDocBinError("is empty." if is_empty else "is cut off: its end is missing.")

        self._chunks = unpacked_chunks(file, zlib.decompressobj(), cut_off=cut_off)
        self._left = memoryview(b"")

    def begins(self) -> bytes:
        """Give the next byte, and leave it to be read."""
        while not self._left and (chunk := next(self._chunks, None)) is not None:
            self._left = memoryview(chunk)
        return bytes(self._left[:1])

    def read(self, size: int) -> bytes:
        """Give at most so many bytes, none at the end."""
        self.begins()
        found, self._left = self._left[:size], self._left[size:]
        return bytes(found)


class _Parts:
    """The parts of the message in a file: some values, and shelves with what there is of every token and document."""

    def __init__(self, source: _Inflated, stack: ExitStack) -> None:
        from spacy.strings import get_string_id
        from srsly import msgpack

        self.attrs: object = None
        self.words: dict[int, str] = {0: ""}
        self._key_of = get_string_id
        self.lengths = array("i")
        self.shelves: dict[str, Shelf] = {}
        self._stack = stack
        self._unpacker = msgpack.Unpacker(source, raw=False, max_buffer_size=UNPACKED_SIZE)
        self._names: set[object] = set()
        try:
            if not _is_map(source.begins()):
                raise BadDocBinError(_NO_DOCBIN)
            for _ in range(self._unpacker.read_map_header()):
                self._take(self._unpacker.unpack())
            is_whole = not self._unpacker.read_bytes(1)
        except (*_FAULTS, msgpack.UnpackException) as error:
            raise BadDocBinError(_DAMAGED) from error
        if not is_whole:
            raise BadDocBinError(_DAMAGED)
        if not {"attrs", _TOKENS, _LENGTHS, "strings"} <= self._names:
            raise BadDocBinError(_NO_DOCBIN)

    def _take(self, name: object) -> None:
        """Take the value that follows its name."""
        self._names.add(name)
        if name == "attrs":
            self.attrs = self._unpacker.unpack()
        elif name == "strings":
            self._take_words()
        elif name == _LENGTHS:
            self.lengths = _numbers("i", b"".join(self._bytes(_LENGTHS)), _LENGTHS)
        elif name in (_TOKENS, _SPACES):
            for piece in self._bytes(str(name)):
                self._shelf(str(name)).add(piece)
        elif name in (_CATS, _FLAGS, _GROUPS, _DATA):
            self._take_entries(str(name))
        else:
            self._unpacker.skip()

    def _take_words(self) -> None:
        """Take the words by their keys, one by one: a file of few bytes may hold the same one very often."""
        for _ in range(self._unpacker.read_array_header()):
            word = self._unpacker.unpack()
            if not isinstance(word, str):
                raise BadDocBinError("is damaged: its words are no words.")
            self.words[self._key_of(word)] = word

    def _bytes(self, name: str) -> Iterator[bytes]:
        """Give bytes that may be many, some at a time."""
        width = _BYTES.get(self._unpacker.read_bytes(1))
        if width is None:
            raise BadDocBinError(f"is damaged: its {name} are no numbers.")
        left = int.from_bytes(self._read(width))
        while left:
            piece = self._read(min(left, CHUNK))
            left -= len(piece)
            yield piece

    def _read(self, size: int) -> bytes:
        pieces, left = [], size
        while left:
            piece = self._unpacker.read_bytes(left)
            if not piece:
                raise BadDocBinError(_DAMAGED)
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def _take_entries(self, name: str) -> None:
        """Take what there is of each document."""
        count = self._unpacker.read_array_header()
        if count > len(self.lengths):
            raise BadDocBinError(f"is damaged: it has more {name} than documents.")
        for _ in range(count):
            value = self._unpacker.unpack()
            if isinstance(value, dict):
                value = msgspec.msgpack.encode(value) if value else b""
            self._shelf(name).add(value if isinstance(value, bytes) else b"")

    def _shelf(self, name: str) -> Shelf:
        if name not in self.shelves:
            self.shelves[name] = self._stack.enter_context(Shelf())
        return self.shelves[name]


def _numbers(code: str, data: bytes, what: str) -> array[int]:
    numbers: array[int] = array(code)
    if len(data) % numbers.itemsize:
        raise BadDocBinError(f"is damaged: its {what} are no numbers.")
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class _Container:
    """The tables of a DocBin, checked against each other."""

    def __init__(self, parts: _Parts) -> None:
        from spacy.attrs import IDS  # type: ignore[import-not-found]  # compiled, without stubs
        from spacy.strings import StringStore

        attrs = parts.attrs
        if not isinstance(attrs, list) or IDS["ORTH"] not in attrs:
            raise BadDocBinError("is damaged: it does not say what its columns are.")
        self._columns = {name: attrs.index(IDS[name]) for name in _COLUMNS if IDS[name] in attrs}
        self._row = 8 * len(attrs)
        self._lengths, self._shelves = parts.lengths, parts.shelves
        self._words = parts.words
        self._store = StringStore()  # knows the names that spaCy itself has numbers for
        total = sum(self._lengths)
        tokens = self._shelves[_TOKENS].size if _TOKENS in self._shelves else 0
        if tokens % 8:
            raise BadDocBinError("is damaged: its tokens are no numbers.")
        if min(self._lengths, default=0) < 0 or total * self._row != tokens:
            raise BadDocBinError("is damaged: it has another number of tokens than its documents need.")
        if (self._shelves[_SPACES].size if _SPACES in self._shelves else 0) != total:
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
        rows, spaces = array("Q"), b""
        if length:
            rows = _numbers(
                "Q", self._shelves[_TOKENS].stretch(at * self._row, (at + length) * self._row), _TOKENS
            )
            spaces = self._shelves[_SPACES].stretch(at, at + length)
        columns = {name: rows[column :: self._row // 8] for name, column in self._columns.items()}
        flags = self._entry(_FLAGS, index)
        if isinstance(flags, dict) and flags.get("has_unknown_spaces"):
            spaces = b"\1" * length
        document = RawDocument(words=self._strings(columns["ORTH"]), spaces=list(map(bool, spaces)))
        if "ENT_IOB" in columns and "ENT_TYPE" in columns:
            document.codes = bytes(min(code, 255) for code in columns["ENT_IOB"])
            document.entities = self._entities(columns, document.codes)
        document.sentences = [index for index, each in enumerate(columns.get("SENT_START", ())) if each == 1]
        document.groups = self._groups(self._piece(_GROUPS, index), length)
        cats = self._entry(_CATS, index)
        document.cats = cats if isinstance(cats, dict) else {}
        document.packed_data = self._piece(_DATA, index)
        return document

    def _piece(self, name: str, index: int) -> bytes:
        shelf = self._shelves.get(name)
        return shelf[index] if shelf is not None and index < len(shelf) else b""

    def _entry(self, name: str, index: int) -> Any:
        return unpacked(piece) if (piece := self._piece(name, index)) else None

    def _strings(self, keys: Sequence[int]) -> list[str]:
        words = list(map(self._words.get, keys))
        return [self._string(key) if word is None else word for word, key in zip(words, keys, strict=True)]

    def _string(self, key: int) -> str:
        try:
            word = self._words.get(key)
            return str(self._store[key]) if word is None else word
        except (KeyError, IndexError) as error:
            raise BadDocBinError("was left out: it uses words that the file does not hold.") from error

    def _entities(self, columns: dict[str, array[int]], codes: bytes) -> list[RawSpan]:
        types = columns["ENT_TYPE"]
        found: list[tuple[int, int]] = []
        first = last = -1
        for token in (index for index, code in enumerate(codes) if code in (1, 3)):
            if token == last and codes[token] == 1 and types[token] == types[first]:
                last += 1
                found[-1] = (first, last)
            elif types[token]:
                first, last = token, token + 1
                found.append((first, last))
            else:
                last = -1
        facts = [
            [self._string(columns[name][first]) if name in columns else "" for first, _ in found]
            for name in ("ENT_TYPE", "ENT_ID", "ENT_KB_ID")
        ]
        return [RawSpan(*place, *told) for place, *told in zip(found, *facts, strict=True)]

    def _groups(self, packed: bytes, length: int) -> dict[str, list[RawSpan]]:
        message = unpacked(packed) if packed else []
        if not isinstance(message, dict | list):
            raise BadDocBinError("was left out: its span groups are damaged.")
        pairs = message.items() if isinstance(message, dict) else [(each, None) for each in message]
        groups: dict[str, list[RawSpan]] = {}
        for content, keys in pairs:
            group = unpacked(content) if isinstance(content, bytes) else None
            if not isinstance(group, dict) or not isinstance(group.get("spans"), list):
                raise BadDocBinError("was left out: its span groups are damaged.")
            spans = [self._group_span(each, length) for each in group["spans"]]
            for key in keys if isinstance(keys, list) else (group.get("name"),):
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
