"""How long a hundred thousand phrases take to be ready and to be found, beside spaCy's PhraseMatcher."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from annotator.model.document import Tokens
from annotator.model.patterns import Pattern, in_blocks
from annotator.suggest.patterns import ready
from annotator.suggest.tokenizing import tokenize

PHRASES = 100_000
WORDS = 2_000
RUNS = 2
_SYLLABLES = [
    "ka",
    "ro",
    "mi",
    "ten",
    "bur",
    "gh",
    "ville",
    "sto",
    "lon",
    "par",
    "is",
    "an",
    "del",
    "mar",
    "vi",
    "qu",
]


def a_word(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))).title()


def phrases_and_text() -> tuple[list[str], str]:
    """Make phrases of one to three words, and a text in which every fourth word begins one of them."""
    rng = random.Random(1)
    found: dict[str, None] = {}
    while len(found) < PHRASES:
        found[" ".join(a_word(rng) for _ in range(rng.randint(1, 3)))] = None
    phrases = list(found)
    words = [rng.choice((a_word(rng).lower(), rng.choice(phrases), "and", "the")) for _ in range(WORDS)]
    return phrases, " ".join(words)


def seconds(work: Callable[[], object]) -> float:
    """Give the median of some runs."""
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def by_spacy(phrases: list[str], text: str, tokens: Tokens) -> tuple[float, float, int]:
    """Give how long the PhraseMatcher takes to be ready and to look through the text, and its hits."""
    import spacy
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

    nlp = spacy.blank("en")

    def prepare() -> PhraseMatcher:
        matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        matcher.add("X", [nlp.make_doc(each) for each in phrases])
        return matcher

    matcher = prepare()
    words = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    hits = len(matcher(Doc(nlp.vocab, words=words)))
    return seconds(prepare), seconds(lambda: matcher(Doc(nlp.vocab, words=words))), hits


def test_many_phrases_are_soon_ready_and_found() -> None:
    phrases, text = phrases_and_text()
    tokens = tokenize(text, "en")
    blocks = tuple(in_blocks(list(map(Pattern, phrases))))

    def prepare() -> object:
        ready.cache_clear()
        return ready(blocks, ignore_case=True)

    made = ready(blocks, ignore_case=True)
    hits = len(list(made.phrases.find(text, tokens)))
    own = seconds(prepare), seconds(lambda: list(made.phrases.find(text, tokens)))
    theirs = by_spacy(phrases, text, tokens)
    print(f"\n{PHRASES:,} phrases, {len(tokens):,} tokens, {hits:,} hits (PhraseMatcher {theirs[2]:,})")
    for name, took in (("ours", own), ("PhraseMatcher", theirs[:2])):
        print(f"  {name}: ready in {took[0]:.2f} s, a text looked through in {took[1] * 1000:.1f} ms")
    assert hits >= theirs[2]
    assert own[0] < theirs[0]
