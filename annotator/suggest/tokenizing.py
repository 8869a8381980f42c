"""Cuts texts into tokens and sentences with spaCy's rules for a language, or with rules of our own.

Where spaCy has no rules for a language without further packages, its multi-language rules are used; Chinese,
Japanese, Thai and other scripts written without blanks are then cut into characters as people see them (grapheme
clusters). Blanks are no tokens. Any text is cut in bounded time: what would take spaCy long (long runs of
signs, words of thousands of letters) is cut by a plain rule instead.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.model.document import Tokens
from annotator.model.offsets import grapheme_starts, is_grapheme_border
from annotator.suggest import sentences
from annotator.suggest.languages import base_language, language_name

if TYPE_CHECKING:
    from spacy.language import Language

PIECE = 100_000
"""Most code points that spaCy is given at once."""

_BY_CHARACTER = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Languages written without blanks."""
_SPACELESS = re.compile(
    "(?:[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3001-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff9f\U00020000-\U0003ffff]"
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef]*)+"
)
_SLOW = re.compile(r"[^\w\s]{60,}|\S{300,}")
"""Runs on which spaCy's rules, which peel off one sign after the other, take time by the square of the length."""
_PLAIN = re.compile(r"\w+|-+|\.+|~+|\|+|[^\w\s]")
_CUTS = (re.compile(r"[\r\n\u2028\u2029]\s*(?=\S)"), re.compile(r"\s+(?=\S)"))
_SURROGATES = re.compile("[\ud800-\udfff]")


def tokenize(text: str, language: str) -> Tokens:
    """Cut a text into tokens and sentences by the rules for a language code.

    Loads spaCy. Unknown languages, and those for which spaCy needs further packages, get the multi-language rules.
    The same text and language always give the same tokens.
    """
    code = base_language(language)
    by_character = code in _BY_CHARACTER and _blank(code, own=True) is None
    nlp = _blank(code, own=True) or _blank("xx")
    assert nlp is not None, "the multi-language rules need nothing"
    pairs = list(_cut(readable(text), nlp, by_character=by_character))
    if not text.isascii():
        pairs = _whole_graphemes(text, pairs)
    starts = tuple(start for start, _ in pairs)
    ends = tuple(end for _, end in pairs)
    begins = tuple(sentences.sentence_starts(text, starts=starts, ends=ends))
    return Tokens(starts, ends, begins, _name_of(nlp, by_character=by_character))


def tokenizer_note(tokens: Tokens, language: str) -> str:
    """Say in a sentence what is special about how a document was cut; empty where nothing is."""
    name = tokens.tokenizer.partition(" ")[0]
    if name == "spacy-xx+characters":
        return f"{language_name(language)} is cut into characters: spaCy needs further packages to find its words."
    if name == "spacy-xx" and base_language(language) not in {"", "xx"}:
        return f"{language_name(language)} is cut by the rules for many languages: spaCy has none of its own here."
    return ""


def readable(text: str) -> str:
    """Give a text of the same length that any library can encode: lone surrogates become U+FFFD."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def pieces(text: str, *, limit: int = PIECE) -> Iterator[tuple[int, str]]:
    """Cut a long text at paragraph ends, else at blanks, else anywhere; yield offset and piece."""
    start = 0
    while len(text) - start > limit:
        middle = start + limit // 2
        window = text[middle : start + limit]
        ends = (_last_end(pattern, window) for pattern in _CUTS)
        end = middle + next((end for end in ends if end), len(window))
        yield start, text[start:end]
        start = end
    if start < len(text):
        yield start, text[start:]


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=0)


def _cut(text: str, nlp: Language, *, by_character: bool) -> Iterator[tuple[int, int]]:
    """Yield the stretches of all tokens, rising."""
    if not by_character:
        yield from _cut_words(text, 0, nlp)
        return
    after = 0
    for run in _SPACELESS.finditer(text):
        yield from _cut_words(text[after : run.start()], after, nlp)
        borders = [*grapheme_starts(run.group()), len(run.group())]
        for start, end in itertools.pairwise(borders):
            yield run.start() + start, run.start() + end
        after = run.end()
    yield from _cut_words(text[after:], after, nlp)


def _cut_words(text: str, offset: int, nlp: Language) -> Iterator[tuple[int, int]]:
    after = 0
    for slow in _SLOW.finditer(text):
        yield from _cut_by_spacy(text[after : slow.start()], offset + after, nlp)
        for plain in _PLAIN.finditer(slow.group()):
            yield offset + slow.start() + plain.start(), offset + slow.start() + plain.end()
        after = slow.end()
    yield from _cut_by_spacy(text[after:], offset + after, nlp)


def _cut_by_spacy(text: str, offset: int, nlp: Language) -> Iterator[tuple[int, int]]:
    if not text or text.isspace():
        return
    for start, piece in pieces(text):
        with nlp.memory_zone():  # what was learnt of these words is forgotten: a long session must not grow
            base = offset + start
            found = [
                (base + token.idx, base + token.idx + len(token))
                for token in nlp.tokenizer(piece)
                if not token.is_space
            ]
        yield from found


def _whole_graphemes(text: str, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join tokens whose border would cut a character as people see it (flags, joined emoji)."""
    joined: list[tuple[int, int]] = []
    for start, end in pairs:
        if joined and joined[-1][1] == start and not is_grapheme_border(text, start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


@functools.lru_cache(maxsize=32)
def _blank(code: str, *, own: bool = False) -> Language | None:
    """Give spaCy's rules for a language; None where it has none or lacks a package.

    `own` refuses rules that only cut every letter apart, as spaCy's own for Chinese do.
    """
    import spacy

    if not code or (own and code == "zh"):
        return None
    try:
        return spacy.blank(code)
    except ImportError:
        return None


@functools.lru_cache(maxsize=64)
def _name_of(nlp: Language, *, by_character: bool) -> str:
    name = f"spacy-{nlp.lang}" + ("+characters" if by_character else "")
    return f"{name} {importlib.metadata.version('spacy')} {_rules_hash(nlp)}"


def _rules_hash(nlp: Language) -> str:
    """Give eight hexadecimal digits that change with spaCy's rules for the language or with ours."""
    tokenizer = nlp.tokenizer
    parts = [f"sentences {sentences.RULES}", _SPACELESS.pattern, _SLOW.pattern, type(tokenizer).__name__]
    for name in ("prefix_search", "suffix_search", "infix_finditer", "token_match", "url_match"):
        function = getattr(tokenizer, name, None)
        parts.append(getattr(getattr(function, "__self__", None), "pattern", ""))
    for orth, cases in sorted(getattr(tokenizer, "rules", {}).items()):
        pieces_of = [sorted((int(key), str(value)) for key, value in case.items()) for case in cases]
        parts.append(f"{orth}\t{pieces_of}")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]
