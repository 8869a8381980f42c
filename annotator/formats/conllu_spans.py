"""Spans in the MISC column of CoNLL-U: tags of words (`NE=B-PER`), or brackets of entities (`Entity=(e1-PER`).

Tags know no overlaps. Brackets do, and spans of several pieces; they are what corpora of coreference use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from annotator.formats.conll_tags import is_tag
from annotator.formats.conllu_rows import ENTITY, items_of, meant
from annotator.formats.loss_counting import EXAMPLES

NE, NER, BRACKETS = "NE", "NER", "Entity"
WAYS = (NE, NER, BRACKETS)
GLOBAL = f"{ENTITY} = eid-etype"
"""The comment that says what our own brackets hold."""
_TAG_KEYS = ("ne", "ner", "name")
_BRACKET = re.compile(r"\(([^()]*)|([^()]*)\)")
_NUMBERED = re.compile(r"[A-Za-z]*[0-9]+(?:\[[0-9]+/[0-9]+\])?")
_PIECE = re.compile(r"(.*)\[([0-9]+)/([0-9]+)\]")
_QUOTED = "%()|\\"

Pieces = tuple[tuple[int, int], ...]
"""First word and last word + 1 of each piece of a span."""


@dataclass(slots=True)
class Found:
    """What the words of a document say of spans: tags by their key, and the brackets at each word."""

    tags: dict[str, dict[int, str]] = field(default_factory=dict)
    brackets: list[tuple[int, str]] = field(default_factory=list)


def take(word: int, misc: str, found: Found) -> str:
    """Take what a MISC cell of a word says of spans, and give what is left of the cell."""
    left = []
    for item in items_of(misc):
        key, equals, value = item.partition("=")
        if not equals and is_tag(item) and item != "O":
            key, value = "ne", item
        if equals and key == BRACKETS:
            found.brackets.append((word, value))
        elif (name := key.lower()) in _TAG_KEYS and (name != "name" or is_tag(value)):
            told = found.tags.setdefault(name, {})
            # Of the words within one word of the text, the first that is in a span counts.
            if told.get(word, "O") == "O":
                told[word] = meant(value)
        else:
            left.append(item)
    return "|".join(left) or "_"


@dataclass(slots=True)
class _Open:
    names: frozenset[str]
    label: str
    start: int
    piece: tuple[str, int, int] | None
    is_open: bool = True


def bracketed(
    brackets: Sequence[tuple[int, str]], fields: Sequence[str]
) -> Iterator[tuple[Pieces, str] | tuple[int, str]]:
    """Give the spans that brackets mark with their labels, and what means nothing: the word and why.

    Args:
        fields: what the parts of an opening bracket are, as the file's own comment says; empty where it says nothing.
    """
    opened: list[_Open] = []
    by_name: dict[str, list[_Open]] = {}
    parts: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
    for word, value in brackets:
        fresh = False
        for sign in _BRACKET.finditer(value):
            begins, ends = sign.groups()
            if begins is not None:
                opened.append(_opening(begins, fields, word))
                for name in opened[-1].names:
                    by_name.setdefault(name, []).append(opened[-1])
                fresh = True
                continue
            closed = opened[-1] if fresh and not ends else _last(by_name.get(ends, []))
            fresh = False
            if closed is None:
                yield word, f"the bracket {ends[:40]!r} closes nothing"
                continue
            closed.is_open = False
            if closed.piece is None:
                yield ((closed.start, word + 1),), closed.label
                continue
            base, number, count = closed.piece
            pieces = parts.setdefault((base, closed.label, count), [])
            pieces.append((closed.start, word + 1))
            if number >= count:
                yield tuple(parts.pop((base, closed.label, count))), closed.label
    left = [each for each in opened if each.is_open]
    for each in left[:EXAMPLES]:
        yield each.start, f"the bracket of {each.label[:40]!r} is never closed"
    if len(left) > EXAMPLES:
        yield left[EXAMPLES].start, f"{len(left) - EXAMPLES:,} more brackets are never closed"
    for (_, label, _), pieces in parts.items():
        yield pieces[0][0], f"a piece of {label[:40]!r} is missing"


def _last(opened: list[_Open]) -> _Open | None:
    while opened:
        if (found := opened.pop()).is_open:
            return found
    return None


def _opening(content: str, fields: Sequence[str], word: int) -> _Open:
    parts = content.split("-", len(fields) - 1) if fields else content.split("-")
    if fields:
        told = dict(zip(fields, parts, strict=False))
        identity, label = told.get("eid", told.get("GRP", "")), told.get("etype", told.get("entity", ""))
    elif _NUMBERED.fullmatch(parts[0]):
        identity, label = parts[0], parts[1] if len(parts) > 1 else ""
    else:
        label, identity = parts[0], parts[1] if len(parts) > 1 else ""
    found = _PIECE.fullmatch(identity)
    piece = None if found is None else (found.group(1), int(found.group(2)[:6]), int(found.group(3)[:6]))
    names = frozenset((identity, f"{label}-{identity}", content))
    return _Open(names, unquote(label), word, piece)


def brackets_of(count: int, spans: Sequence[tuple[Pieces, str]]) -> list[str]:
    """Give the brackets at each of `count` words; closing ones first, so that each is met in its order."""
    closing, single, opening = ([""] * count for _ in range(3))
    numbered = sorted(enumerate(spans, start=1), key=lambda each: (-_reach(each[1][0]), each[0]))
    for number, (pieces, label) in numbered:
        quoted = "".join(f"%{ord(sign):02X}" if sign in _QUOTED else sign for sign in label)
        for part, (start, end) in enumerate(pieces, start=1):
            identity = f"e{number}" if len(pieces) == 1 else f"e{number}[{part}/{len(pieces)}]"
            if end - start == 1:
                single[start] += f"({identity}-{quoted})"
            else:
                opening[start] += f"({identity}-{quoted}"
                closing[end - 1] = f"{identity})" + closing[end - 1]
    return [end + one + begin for end, one, begin in zip(closing, single, opening, strict=True)]


def _reach(pieces: Pieces) -> int:
    return pieces[-1][1] - pieces[0][0]
