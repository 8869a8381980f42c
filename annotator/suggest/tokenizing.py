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
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from annotator.model.document import Tokens
from annotator.model.offsets import grapheme_starts, is_grapheme_border, may_join
from annotator.suggest import sentences
from annotator.suggest.languages import base_language, language_name
from annotator.suggest.pipelines import with_tokenizer_alone

if TYPE_CHECKING:
    from spacy.language import Language

OF_PIPELINE = "pipeline:"
"""Begins what stands in the place of a language code where the tokenizer of a pipeline shall cut."""
PIECE = 100_000
"""Most code points that spaCy is given at once."""
_WORDS_KEPT = 200_000
"""Words of which spaCy keeps what it found out; beyond that it begins anew, so that a long session does not grow."""
_BY_CHARACTER = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Languages written without blanks."""
_SPACELESS = re.compile(
    "(?:[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3001-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff9f\U00020000-\U0003ffff]"
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef]*)+"
)
_LONG = 60
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
    return tokenize_all([(text, language)])[0]


def tokenize_all(items: Iterable[tuple[str, str]]) -> list[Tokens]:
    """Cut texts into tokens and sentences; each item is a text and its language code.

    In the place of a code may stand `OF_PIPELINE` and the name or folder of a pipeline, whose tokenizer then cuts.

    Raises:
        PipelineError: there is no such pipeline, or it cannot be loaded.
    """
    found: list[Tokens] = []
    for language, texts in groupby(items, key=itemgetter(1)):
        nlp, by_character = _rules(language)
        found += [_tokens(text, nlp, by_character=by_character) for text, _ in texts]
        if len(nlp.vocab) > _WORDS_KEPT:
            _blank.cache_clear()
    return found


def _rules(language: str) -> tuple[Language, bool]:
    """Give what cuts a language, and whether scripts without blanks are cut into characters."""
    if language.startswith(OF_PIPELINE):
        return with_tokenizer_alone(language.removeprefix(OF_PIPELINE)), False
    code = base_language(language)
    nlp = _blank(code, own=True) or _blank("xx")
    assert nlp is not None, "the multi-language rules need nothing"
    return nlp, code in _BY_CHARACTER and _blank(code, own=True) is None


def languages_with_rules() -> frozenset[str]:
    """Give the codes of all languages for which spaCy has rules, `xx` too; loads spaCy."""
    import pkgutil

    import spacy.lang

    return frozenset(each.name for each in pkgutil.iter_modules(spacy.lang.__path__) if each.ispkg)


def _tokens(text: str, nlp: Language, *, by_character: bool) -> Tokens:
    starts: list[int] = []
    ends: list[int] = []
    for some_starts, some_ends in _cut(readable(text), nlp, by_character=by_character):
        starts += some_starts
        ends += some_ends
    if may_join(text):
        starts, ends = _whole_graphemes(text, starts, ends)
    begins = tuple(sentences.sentence_starts(text, starts=starts, ends=ends))
    return Tokens(tuple(starts), tuple(ends), begins, _name_of(nlp, by_character=by_character))


def tokenizer_note(tokenizer: str, language: str) -> str:
    """Say in a sentence what is special about how a document was cut; empty where nothing is."""
    name = tokenizer.partition(" ")[0]
    if name == "spacy-xx+characters":
        return f"{language_name(language)} is cut into characters: spaCy needs further packages to find its words."
    if name == "spacy-xx" and base_language(language) not in {"", "xx"}:
        return f"{language_name(language)} is cut by the rules for many languages: spaCy has none of its own here."
    return ""


def readable(text: str) -> str:
    """Give a text of the same length that any library can encode: lone surrogates become U+FFFD."""
    try:
        text.encode()  # quicker than to look
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


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


_Stretches = tuple[list[int], list[int]]
"""Starts and ends of tokens, rising."""


def _cut(text: str, nlp: Language, *, by_character: bool) -> Iterator[_Stretches]:
    """Yield the stretches of all tokens, rising, run by run."""
    if not by_character:
        yield from _cut_words(text, 0, nlp)
        return
    after = 0
    for run in _SPACELESS.finditer(text):
        yield from _cut_words(text[after : run.start()], after, nlp)
        borders = [run.start() + start for start in (*grapheme_starts(run.group()), len(run.group()))]
        yield borders[:-1], borders[1:]
        after = run.end()
    yield from _cut_words(text[after:], after, nlp)


def _cut_words(text: str, offset: int, nlp: Language) -> Iterator[_Stretches]:
    after = 0
    for slow in _SLOW.finditer(text) if _has_long_word(text) else ():
        yield from _cut_by_spacy(text[after : slow.start()], offset + after, nlp)
        plain = [match.span() for match in _PLAIN.finditer(slow.group())]
        base = offset + slow.start()
        yield [base + start for start, _ in plain], [base + end for _, end in plain]
        after = slow.end()
    yield from _cut_by_spacy(text[after:], offset + after, nlp)


def _has_long_word(text: str) -> bool:
    """Tell whether anything between blanks is so long that `_SLOW` may find something in it."""
    after = 0
    while after + _LONG <= len(text):
        after = text.rfind(" ", after, after + _LONG) + 1
        if not after:
            return max(map(len, text.split()), default=0) >= _LONG
    return False


def _cut_by_spacy(text: str, offset: int, nlp: Language) -> Iterator[_Stretches]:
    if not text or text.isspace():
        return
    for start, piece in pieces(text):
        cut = nlp.tokenizer(piece).to_array(["IDX", "LENGTH", "IS_SPACE"])
        words = cut[cut[:, 2] == 0, :2].astype("int64")
        words[:, 0] += offset + start
        words[:, 1] += words[:, 0]
        starts, ends = words.T.tolist()
        yield starts, ends


def _whole_graphemes(text: str, starts: list[int], ends: list[int]) -> _Stretches:
    """Join tokens whose border would cut a character as people see it (flags, joined emoji)."""
    borders = enumerate(zip(starts[1:], ends, strict=False), start=1)
    touching = [index for index, (start, end) in borders if start == end]
    inside = {index for index in touching if not is_grapheme_border(text, starts[index])}
    if not inside:
        return starts, ends
    last = len(starts)
    return (
        [start for index, start in enumerate(starts) if index not in inside],
        [end for index, end in enumerate(ends) if index + 1 == last or index + 1 not in inside],
    )


@functools.lru_cache(maxsize=32)
def _blank(code: str, *, own: bool = False) -> Language | None:
    """Give spaCy's rules for a language; None where it has none or lacks a package.

    `own` refuses rules that only cut every letter apart, as spaCy's own for Chinese do.
    """
    import spacy

    if not code or (own and code == "zh"):
        return None
    try:
        nlp = spacy.blank(code)
    except ImportError:
        return None
    if hasattr(nlp.tokenizer, "max_cache_size"):
        nlp.tokenizer.max_cache_size = _WORDS_KEPT
    return nlp


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
