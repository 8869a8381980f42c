"""Makes the corpora on which the project file is measured: many short articles with spans, the same at every run.

`plain` repeats some sixty common words, as load generators do; `prose` draws from a vocabulary of 60,000 made words
whose frequencies fall as they do in real prose (Zipf and Mandelbrot: the word of rank r about 1 / (r + 2.7)), and whose
lengths grow with their rank. Both put eight names of people, firms and places into 125 words.
"""

from __future__ import annotations

import itertools
import json
import random
from bisect import bisect
from collections.abc import Iterator
from pathlib import Path

WORDS, SPANS = 125, 8
"""Words and spans of one article."""
VOCABULARY = 60_000
"""Different words of `prose`, names not counted."""


def _listed(words: str) -> list[str]:
    return words.split()


_COMMON = _listed(
    """
    the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which
    one were all their there can said more if will about up out market council river bridge paper trade city plan
    """
)
_FIRST = _listed(
    "Ada Bruno Chiara Dmitri Elif Farid Greta Hana Ivan Jun Kofi Lucia Marek Nadia Olga Pavel Rania Sven"
)
_LAST = _listed(
    "Abbott Becker Castro Demir Eriksen Fofana Grigoriev Horvat Ito Jansen Khan Lindqvist Mbeki Nowak Ortiz"
)
_FIRMS = (
    "Blue Harbour",
    "Kestrel Bank",
    "Orion Steel",
    "Nord Papier",
    "Savanna Air",
    "Łódź Glass",
    "Ōkawa Motors",
)
_PLACES = _listed("Accra Bogotá Cairo Delhi Esbjerg Fukuoka Gdańsk Houston Incheon Jakarta Kraków Lyon")
_ONSETS = _listed("b br c ch d dr f fl g gr h j k l m n p pl qu r s sh st t tr v w z")
_VOWELS = _listed("a e i o u ai ea ee io ou")
_CODAS = ["", "", "n", "r", "s", "t", "l", "nd", "st", "ck", "m"]


def vocabulary(size: int = VOCABULARY, *, seed: int = 11) -> list[str]:
    """Make different words, the commonest first: those that are real, then made ones that grow longer."""
    chance = random.Random(seed)
    words = dict.fromkeys(_COMMON)
    while len(words) < size:
        syllables = min(4, 1 + int(len(words) ** 0.1 - 1.4 + chance.random() * 1.2))
        word = "".join(
            chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(syllables)
        )
        words.setdefault(word)
    return list(words)


def articles(count: int, *, kind: str, seed: int = 7) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Yield texts with their spans (start, end, label; code points, end exclusive); `kind` is `plain` or `prose`."""
    chance = random.Random(seed)
    words = list(_COMMON) if kind == "plain" else vocabulary()
    shares = list(itertools.accumulate(1.0 / (rank + 2.7) for rank in range(len(words))))
    for _ in range(count):
        yield _article(chance, words, shares, kind)


def _article(
    chance: random.Random, words: list[str], shares: list[float], kind: str
) -> tuple[str, list[tuple[int, int, str]]]:
    places = set(chance.sample(range(2, WORDS - SPANS - 2), SPANS))
    pieces: list[str] = []
    spans: list[tuple[int, int, str]] = []
    length = 0
    for number in range(WORDS - SPANS):
        if number in places:
            name, label = _name(chance)
            spans.append((length, length + len(name), label))
            pieces.append(name)
            length += len(name) + 1
        at_random = chance.random()
        word = words[
            int(at_random * len(words)) if kind == "plain" else bisect(shares, at_random * shares[-1])
        ]
        word += "." if number % 15 == 14 else "," if number % 15 == 7 else ""
        pieces.append(word)
        length += len(word) + 1
    return " ".join(pieces), spans


def _name(chance: random.Random) -> tuple[str, str]:
    which = chance.random()
    if which < 0.4:
        return f"{chance.choice(_FIRST)} {chance.choice(_LAST)}", "PERSON"
    if which < 0.7:
        return chance.choice(_FIRMS), "ORG"
    return chance.choice(_PLACES), "GPE"


def write_jsonl(path: Path, count: int, *, kind: str, seed: int = 7) -> int:
    """Write a corpus as Prodigy JSONL, one finished document a line, and give its size in bytes."""
    with path.open("w", encoding="utf-8") as file:
        for text, spans in articles(count, kind=kind, seed=seed):
            told = [{"start": start, "end": end, "label": label} for start, end, label in spans]
            file.write(json.dumps({"text": text, "spans": told}, ensure_ascii=False) + "\n")
    return path.stat().st_size
