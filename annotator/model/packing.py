"""Packs tokens and sentence starts into small byte strings: gaps and lengths, in few bytes each, then pressed."""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate, chain
from operator import sub
from typing import NamedTuple

from annotator.model.document import Tokens
from annotator.model.limits import TEXT_LIMIT

_WIDTHS = {b"B": "B", b"H": "H", b"I": "I"}
_PRESSED = b"z"
"""First byte of what was made smaller, by zlib with a window of 512 bytes and a checksum: a plain packing follows."""
_WINDOW = 9
_WORTH_PRESSING = 64
_LONGEST = 8 * TEXT_LIMIT
"""Most bytes that anything is unfolded to: the tokens of the longest text, every character one of its own."""


class PackedTokens(NamedTuple):
    """The tokens of a text as a project keeps them: edges, sentence starts, and what made them."""

    edges: bytes
    sentences: bytes
    tokenizer: str


def packed(tokens: Tokens) -> PackedTokens:
    """Pack all that is known of tokens; `unpack_tokens` takes the three parts."""
    return PackedTokens(pack_tokens(tokens), pack_numbers(tokens.sentences), tokens.tokenizer)


def pack_numbers(numbers: Sequence[int]) -> bytes:
    """Pack numbers that never fall as their differences, behind one byte that names their width."""
    return _pack(list(map(sub, numbers, chain((0,), numbers))))


def unpack_numbers(packed: bytes) -> array[int]:
    """Give back what `pack_numbers` packed, in four bytes a number: a list takes nine times as much.

    Raises:
        ValueError, KeyError, TypeError: the bytes are no such thing.
    """
    try:
        return array("I", accumulate(_unpack(packed)))
    except OverflowError as error:
        raise ValueError("these packed numbers are larger than any text") from error


def pack_tokens(tokens: Tokens) -> bytes:
    """Pack the starts and ends of tokens as one run of gap, length, gap, length."""
    run = [0] * (2 * len(tokens))
    run[0::2] = map(sub, tokens.starts, chain((0,), tokens.ends))
    run[1::2] = map(sub, tokens.ends, tokens.starts)
    return _pack(run)


def unpack_tokens(edges: bytes, sentences: bytes, tokenizer: str) -> Tokens:
    """Give back tokens from what `pack_tokens` and `pack_numbers` packed.

    Raises:
        ValueError, KeyError, TypeError: the bytes are no such thing.
    """
    borders = unpack_numbers(edges)
    return Tokens(borders[0::2], borders[1::2], unpack_numbers(sentences), tokenizer)


def _pack(numbers: list[int]) -> bytes:
    try:
        plain = b"B" + bytes(numbers)
    except ValueError:  # one of them is larger than a byte holds
        code = "H" if max(numbers) < 1 << 16 else "I"
        packed = array(code, numbers)
        if sys.byteorder == "big":
            packed.byteswap()
        plain = code.encode() + packed.tobytes()
    if len(plain) < _WORTH_PRESSING:
        return plain
    press = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, 1)
    pressed = _PRESSED + press.compress(plain) + press.flush()
    return min(plain, pressed, key=len)


def _unpack(packed: bytes) -> array[int]:
    plain = packed
    if packed[:1] == _PRESSED:
        press = zlib.decompressobj(_WINDOW)
        try:
            plain = press.decompress(packed[1:], _LONGEST)
        except zlib.error as error:
            raise ValueError("these packed numbers are damaged") from error
        if not press.eof:
            raise ValueError("these packed numbers are damaged or too many")
    numbers: array[int] = array(_WIDTHS[plain[:1]])
    numbers.frombytes(plain[1:])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
