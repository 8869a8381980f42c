"""Patterns: words and token patterns that a person wants proposed, kept in lists of one label each.

A phrase stands for itself wherever it stands between token borders; a token pattern is a list of spaCy's token
descriptions. A list is a row of the project, its patterns lie in blocks of bounded size beside it, so that one of a
hundred thousand can be changed, and undone, at the price of one block.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.model.errors import RuleError
from annotator.model.limits import JSON_DEPTH, LABEL_LIMIT
from annotator.model.wording import is_unprintable

BLOCK = 1_000
"""Most patterns of one block."""
PATTERN_LIMIT = 1_000_000
"""Most patterns of one list."""
TOKEN_PATTERN_LIMIT = 10_000
"""Most token patterns of one list that say more than which words follow each other: each is tried at every token."""
LIST_LIMIT = 1_000
"""Most lists of a project."""
PHRASE_LIMIT = 1_000
"""Longest phrase, in code points."""
WRITTEN_LIMIT = 10_000
"""Longest token pattern as it is written, in code points."""
TOKENS_LIMIT = 100
"""Most token descriptions of one token pattern."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A phrase, or a token pattern as compact JSON; equal patterns say the same.

    Args:
        text: the words with single blanks between them, or the JSON of a list of token descriptions.
        is_tokens: it is a token pattern.
    """

    text: str
    is_tokens: bool = False

    @property
    def value(self) -> Any:
        """Give the phrase, or the list of token descriptions."""
        return json.loads(self.text) if self.is_tokens else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternList:
    """A list of patterns that share a label.

    Args:
        key: row key. id: UUIDv7. name: what a person calls it. source: name of the file it came from, or empty.
        label: entity type that is proposed. ignore_case: its phrases stand for themselves in any case.
        enabled: it is looked for.
    """

    key: int
    id: str
    name: str
    source: str
    label: str
    ignore_case: bool = False
    enabled: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternBlock:
    """Up to `BLOCK` patterns of a list, in one JSON array: phrases as strings, token patterns as arrays.

    Args:
        key: row key; blocks of a list stand in the order of their keys. list: row key of the list.
    """

    key: int
    list: int
    patterns: str
    version: int = 0


def phrase(words: str) -> Pattern:
    """Make a phrase of words; blanks of any kind and number between them are one.

    Raises:
        RuleError: there are none, they are too long, or hold what no text can.
    """
    text = " ".join(words.split())
    if not text:
        raise RuleError("The pattern is empty.")
    if len(text) > PHRASE_LIMIT:
        raise RuleError(f"The phrase has {len(text):,} characters; {PHRASE_LIMIT:,} are the most.")
    _check_signs(text)
    return Pattern(text)


def token_pattern(value: Any) -> Pattern:
    """Make a token pattern of a list of token descriptions; whether spaCy takes it is not looked at here.

    Raises:
        RuleError: it is no such list, or too long.
    """
    if not isinstance(value, list) or not value:
        raise RuleError("A token pattern is a list of token descriptions, such as [{“LOWER”: “acme”}].")
    if not all(isinstance(each, dict) for each in value):
        raise RuleError("Each token of a token pattern is described by an object, such as {“LOWER”: “acme”}.")
    if len(value) > TOKENS_LIMIT:
        raise RuleError(f"The token pattern has {len(value):,} tokens; {TOKENS_LIMIT} are the most.")
    if _depth(value) > JSON_DEPTH:
        raise RuleError("The token pattern is nested too deeply.")
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(text) > WRITTEN_LIMIT:
        raise RuleError(f"The token pattern has {len(text):,} characters; {WRITTEN_LIMIT:,} are the most.")
    _check_signs(text)
    return Pattern(text, is_tokens=True)


def typed_pattern(text: str) -> Pattern:
    """Make a pattern of what a person typed: a token pattern where it is JSON that begins with [{, else a phrase.

    Raises:
        RuleError: it cannot be a pattern.
    """
    if not "".join(text[:20].split()).startswith("[{"):
        return phrase(text)
    if len(text) > 2 * WRITTEN_LIMIT:
        raise RuleError(f"The token pattern has {len(text):,} characters; {WRITTEN_LIMIT:,} are the most.")
    try:
        return token_pattern(json.loads(text))
    except json.JSONDecodeError as error:
        raise RuleError(f"The token pattern is no JSON: {error.msg} at character {error.pos + 1}.") from error
    except (ValueError, RecursionError) as error:
        raise RuleError(
            "The token pattern is nested too deeply, or holds a number that is too long."
        ) from error


def exact_words(pattern: Pattern) -> tuple[bool, tuple[str, ...]] | None:
    """Give the words of a token pattern that says nothing but which words follow each other; None for any other.

    The first value tells whether tokens are compared in lower case (`LOWER`) or as they stand (`ORTH`, `TEXT`).
    """
    if not pattern.is_tokens:
        return None
    described: list[dict[str, Any]] = pattern.value
    keys: set[str] = set()
    words: list[str] = []
    for each in described:
        for key, said in each.items():
            keys.add(key.upper())
            words.append(said)
    is_lower = keys == {"LOWER"}
    if len(words) != len(described) or not (is_lower or keys <= {"ORTH", "TEXT"}) or not all(described):
        return None
    return (is_lower, tuple(words)) if all(isinstance(word, str) for word in words) else None


def check_list_name(name: str) -> str:
    """Give the name of a list with single blanks.

    Raises:
        RuleError: it is empty, too long, or holds what no name can.
    """
    name = " ".join(name.split())
    if not name:
        raise RuleError("A pattern list needs a name.")
    if len(name) > LABEL_LIMIT:
        raise RuleError(f"The name has {len(name):,} characters; {LABEL_LIMIT} are the most.")
    if not name.isprintable() and any(map(is_unprintable, name)):
        raise RuleError("The name of a pattern list cannot hold control characters.")
    return name


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Give a name that no list has: the one that is wanted, cut where it is too long, or with a number behind it."""
    known = set(taken)
    wanted = "".join(sign for sign in " ".join(wanted.split()) if sign.isprintable()) or "Patterns"
    if wanted[:LABEL_LIMIT] not in known:
        return wanted[:LABEL_LIMIT]
    number = 2
    while (name := f"{wanted[: LABEL_LIMIT - 8]} {number}") in known:
        number += 1
    return name


def pack_patterns(patterns: Iterable[Pattern]) -> str:
    """Write patterns as a block holds them."""
    return "[" + ",".join(each.text if each.is_tokens else _quoted(each.text) for each in patterns) + "]"


def unpack_patterns(block: str) -> list[Pattern]:
    """Read what `pack_patterns` wrote.

    Raises:
        ValueError, TypeError: it is something else. RecursionError: it is nested too deeply.
    """
    return [
        Pattern(each)
        if isinstance(each, str)
        else Pattern(json.dumps(each, ensure_ascii=False, separators=(",", ":")), is_tokens=True)
        for each in json.loads(block)
    ]


def in_blocks(patterns: Sequence[Pattern]) -> Iterator[str]:
    """Yield patterns as blocks, packed."""
    for first in range(0, len(patterns), BLOCK):
        yield pack_patterns(patterns[first : first + BLOCK])


def folded(pattern: Pattern, *, ignore_case: bool) -> str:
    """Give what two patterns of a list have in common that find the same words."""
    if pattern.is_tokens:
        return "\0" + pattern.text  # no phrase holds this sign
    return pattern.text.casefold() if ignore_case else pattern.text


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _depth(value: Any) -> int:
    """Give how deeply lists and objects lie in one another; one beyond the limit is enough to know."""
    level, deepest = [value], 0
    while level and deepest <= JSON_DEPTH:
        deepest += 1
        inner = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for some in inner for each in some if isinstance(each, list | dict)]
    return deepest


def _check_signs(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        sign = ord(text[error.start])
        raise RuleError(f"It holds half of a character (U+{sign:04X}), which no text has.") from error
    if "\0" in text:
        raise RuleError("It holds the character U+0000, which no pattern may have.")
