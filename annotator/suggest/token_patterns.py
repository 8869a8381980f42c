"""Finds spaCy's token patterns over the tokens that a project has; loads spaCy.

Patterns that only look at the words run together. One that could take very long (regular expressions, several
repetitions) runs alone and is announced before it does, so that it is known which one the process was lost on.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.model.document import Tokens
from annotator.model.errors import RuleError
from annotator.suggest.failure import Failure
from annotator.suggest.languages import base_language
from annotator.suggest.phrases import Hit
from annotator.suggest.pipelines import Pipeline, load_whole
from annotator.suggest.tokenizing import readable

if TYPE_CHECKING:
    from spacy.matcher import Matcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

Announce = Callable[[int], None]
"""Is told the number of a pattern that could take very long, before it runs."""
MOST = 100_000
"""Most places of one text that the patterns of a list are given for."""
_WORDS_KEPT = 200_000
_OF_PIPELINES = frozenset(
    {"POS", "TAG", "LEMMA", "DEP", "MORPH", "ENT_TYPE", "ENT_IOB", "ENT_ID", "ENT_KB_ID"}
)
"""What a token is described by that only a pipeline tells."""
_REPEATING = re.compile(r'"(?:OP|op)":"(?:[*+]|\{\d+,\d*\}|\{,\d+\})"')
_SLOW = re.compile(r'"(?:REGEX|regex|FUZZY\d?)":')


@dataclass(frozen=True, slots=True)
class TokenPattern:
    """A token pattern with its number in the list."""

    number: int
    written: str

    @property
    def needs_pipeline(self) -> tuple[str, ...]:
        """Name what it asks of tokens that only a pipeline tells."""
        keys = {key.upper() for each in json.loads(self.written) for key in each}
        return tuple(sorted(keys & _OF_PIPELINES))

    @property
    def may_be_slow(self) -> bool:
        """Tell whether it could take a time beyond all bounds on some text."""
        return bool(_SLOW.search(self.written)) or len(_REPEATING.findall(self.written)) > 1


def fault_of(written: str) -> str:
    """Say what spaCy has against a token pattern, in a sentence; empty where it takes it."""
    value = json.loads(written)
    if any("_" in each for each in value):
        return "It asks for attributes of one's own (“_”), which no token has here."
    with Failure() as failure:
        from spacy.matcher import Matcher
        from spacy.vocab import Vocab

        try:
            Matcher(Vocab(), validate=True).add("pattern", [value])
        except ValueError as error:
            return _told(str(error))
        return ""
    return f"spaCy cannot take it: {failure.text[:200]}."


def _told(message: str) -> str:
    """Give the first complaint of spaCy's list, in a sentence: `token 1, LOWER: ...`."""
    found = re.search(r"- \[pattern -> (\d+)(?: -> ([^\]]*))?\] (.*)", message)
    if found is None:
        return f"spaCy cannot take it: {message.splitlines()[0][:200]}."
    place = (found[2] or "").partition(" -> ")[0]
    where = f"token {int(found[1]) + 1}" + (f", {place}" if place else "")
    if found[3].startswith("Extra inputs"):
        return f"spaCy knows nothing of this name: {where}."
    return f"spaCy cannot take it ({where}): {found[3].lower()}."


class TokenPatterns:
    """The token patterns of a list, to be found at once.

    Raises:
        RuleError: spaCy does not take one of them.
    """

    def __init__(self, patterns: Sequence[TokenPattern]) -> None:
        self._plain = tuple(each for each in patterns if not each.needs_pipeline)
        self._needy = tuple(each for each in patterns if each.needs_pipeline)

    @property
    def needs_pipeline(self) -> bool:
        """Tell whether some of them ask for what only a pipeline tells."""
        return bool(self._needy)

    def find(self, text: str, tokens: Tokens, language: str, announce: Announce) -> Iterator[Hit]:
        """Yield where those stand that only look at words, by their list's numbers, the longest places of each."""
        if self._plain:
            matchers = _matchers(self._plain, base_language(language))
            yield from _found(matchers, _doc(matchers.vocab, text, tokens), tokens, announce)

    def find_with(
        self, pipeline: Pipeline, texts: Sequence[tuple[str, Tokens]], announce: Announce
    ) -> Iterator[list[Hit]]:
        """Yield for each text where those stand that ask for what only a pipeline tells.

        Raises:
            PipelineError: it cannot be loaded.
        """
        nlp = load_whole(pipeline)
        matchers = _Matchers(nlp.vocab, self._needy)
        docs = nlp.pipe((_doc(nlp.vocab, *each) for each in texts), batch_size=16)
        for (_, tokens), doc in zip(texts, docs, strict=True):
            yield list(_found(matchers, doc, tokens, announce))


class _Matchers:
    """A matcher for what runs together, and one for each pattern that runs alone."""

    def __init__(self, vocab: Vocab, patterns: Sequence[TokenPattern]) -> None:
        self.vocab = vocab
        self.together = _matcher(vocab, [each for each in patterns if not each.may_be_slow])
        self.alone = [(each.number, _matcher(vocab, [each])) for each in patterns if each.may_be_slow]


def _matcher(vocab: Vocab, patterns: Sequence[TokenPattern]) -> Matcher:
    from spacy.matcher import Matcher

    made = Matcher(vocab, validate=False)
    for each in patterns:
        try:
            made.add(str(each.number), [json.loads(each.written)], greedy="LONGEST")
        except (ValueError, re.error) as error:
            raise RuleError(f"spaCy does not take the pattern {each.written[:80]}.", "Change it.") from error
    return made


@functools.lru_cache(maxsize=16)
def _matchers(patterns: tuple[TokenPattern, ...], language: str) -> _Matchers:
    return _Matchers(_vocab(language), patterns)


@functools.lru_cache(maxsize=8)
def _vocab(language: str) -> Vocab:
    import spacy

    try:
        return spacy.blank(language or "xx").vocab
    except ImportError:
        return spacy.blank("xx").vocab


def _doc(vocab: Vocab, text: str, tokens: Tokens) -> Doc:
    from spacy.tokens import Doc

    text = readable(text)
    words = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    gaps = [end < start for end, start in zip(tokens.ends, tokens.starts[1:], strict=False)]
    begins = set(tokens.sentences)
    return Doc(
        vocab,
        words=words,
        spaces=[*gaps, False] if words else [],
        sent_starts=[number in begins for number in range(len(words))] if begins else None,
    )


def _found(matchers: _Matchers, doc: Doc, tokens: Tokens, announce: Announce) -> Iterator[Hit]:
    left = MOST
    strings = matchers.vocab.strings
    for name, first, after in matchers.together(doc)[:left] if len(matchers.together) else ():
        yield Hit(tokens.starts[first], tokens.ends[after - 1], int(strings[name]))
    for number, matcher in matchers.alone:
        announce(number)
        for _, first, after in matcher(doc)[:left]:
            yield Hit(tokens.starts[first], tokens.ends[after - 1], number)
    if len(strings) > _WORDS_KEPT:  # so that a long sitting does not grow
        _matchers.cache_clear()
        _vocab.cache_clear()
