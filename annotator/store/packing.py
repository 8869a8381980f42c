"""Packs tokens and sentence starts into small byte strings: gaps and lengths, in one, two or four bytes each."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate

from annotator.model.document import Tokens

_WIDTHS = {b"B": "B", b"H": "H", b"I": "I"}


def pack_numbers(numbers: Sequence[int]) -> bytes:
    """Pack numbers that never fall as their differences, behind one byte that names their width."""
    previous = 0
    differences = []
    for number in numbers:
        differences.append(number - previous)
        previous = number
    return _pack(differences)


def unpack_numbers(packed: bytes) -> list[int]:
    """Give back what `pack_numbers` packed."""
    return list(accumulate(_unpack(packed)))


def pack_tokens(tokens: Tokens) -> bytes:
    """Pack the starts and ends of tokens as one run of gap, length, gap, length."""
    edges = [edge for pair in zip(tokens.starts, tokens.ends, strict=True) for edge in pair]
    return pack_numbers(edges)


def unpack_tokens(packed: bytes, sentences: bytes, tokenizer: str) -> Tokens:
    """Give back tokens from what `pack_tokens` and `pack_numbers` packed."""
    edges = unpack_numbers(packed)
    return Tokens(edges[0::2], edges[1::2], unpack_numbers(sentences), tokenizer)


def _pack(numbers: list[int]) -> bytes:
    highest = max(numbers, default=0)
    code = "B" if highest < 1 << 8 else "H" if highest < 1 << 16 else "I"
    packed = array(code, numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return code.encode() + packed.tobytes()


def _unpack(packed: bytes) -> array[int]:
    numbers: array[int] = array(_WIDTHS[packed[:1]])
    numbers.frombytes(packed[1:])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
