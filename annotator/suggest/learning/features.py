"""What the tagger is told of each token: its letters, its neighbours, and what the other sources say there.

What memory says of a training document is asked without that document; else the tagger would trust it blindly.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from annotator.suggest.learning.memory import Match
from annotator.suggest.learning.pages import Page, Place
from annotator.suggest.learning.scaling import Scale

Token = list[str] | dict[str, float]
"""What is told of a token: what holds of it, or how much each thing holds."""
Features = list[list[Token]]
"""For each sentence, for each of its tokens: what is told of it."""
OUTSIDE = "O"
_SURE, _HALF_SURE = 0.6, 0.3


def tagged(places: Sequence[Place], length: int, *, ends: bool) -> list[str]:
    """Write places as one tag a token: B- and I-, with `ends` also U- (a single token) and L- (the last one).

    Of places that overlap, the one that comes first in the sequence is written.
    """
    tags = [OUTSIDE] * length
    for first, last, label in places:
        if any(tag != OUTSIDE for tag in tags[first:last]):
            continue
        tags[first:last] = [f"I-{label}"] * (last - first)
        tags[first] = f"B-{label}"
        if ends:
            tags[last - 1] = f"L-{label}" if last - first > 1 else f"U-{label}"
    return tags


def page_features(
    page: Page,
    hints: Sequence[Place],
    *,
    known: Sequence[Match],
    alike: Sequence[Match],
    scale: Scale | None = None,
) -> Features:
    """Give the features of each token of each sentence.

    Args:
        page: the document. hints: what other suggesters say, under whatever labels.
        known: what memory knows, without overlaps. alike: what it knows in another form, likewise.
        scale: makes numbers of the page's vectors; None leaves them out.
    """
    length = len(page.words)
    said = tagged(hints, length, ends=True)
    own = [
        [*_of_word(word), f"s={hint}", f"m={same}", f"a={other}"]
        for word, hint, same, other in zip(
            page.words, said, _remembered(known, length), _remembered(alike, length), strict=True
        )
    ]
    around = [(word.lower(), shape(word), hint) for word, hint in zip(page.words, said, strict=True)]
    told = [
        [own[at] + _of_neighbours(around, at, first, last) for at in range(first, last)]
        for first, last in page.sentences
    ]
    numbers = scale.numbers(page) if scale is not None else None
    if numbers is None:
        return [list(sentence) for sentence in told]
    names = [f"v{index}" for index in range(len(numbers[0]))] if numbers else []
    return [
        [_with_numbers(words, names, numbers[at]) for at, words in enumerate(sentence, start=first)]
        for (first, _), sentence in zip(page.sentences, told, strict=True)
    ]


def _remembered(known: Sequence[Match], length: int) -> list[str]:
    """Write matches as tags, each with how good the match is."""
    tags = tagged([Place(each.first, each.last, each.best) for each in known], length, ends=True)
    for each in known:
        ratio = each.ratio(each.best)
        grade = "h" if ratio > _SURE else "m" if ratio > _HALF_SURE else "l"
        tags[each.first : each.last] = [tag + grade for tag in tags[each.first : each.last]]
    return tags


def _with_numbers(words: Sequence[str], names: Sequence[str], numbers: Sequence[float]) -> Token:
    found = dict.fromkeys(words, 1.0)
    found.update(zip(names, numbers, strict=True))
    return found


@functools.lru_cache(maxsize=1 << 15)
def _of_word(word: str) -> tuple[str, ...]:
    """Give the features of a word by itself."""
    lower = word.lower()
    found = ["b", f"w={lower}", f"h={shape(word)}", f"H={_long_shape(word)}"]
    found += [f"{length}<{lower[:length]}" for length in (2, 3, 4) if len(lower) >= length]
    found += [f"{length}>{lower[-length:]}" for length in (2, 3, 4) if len(lower) >= length]
    if word[:1].isupper():
        found.append("cap")
    elif word.islower():
        found.append("low")
    if any(character.isdigit() for character in word):
        found.append("digit")
    if "-" in word:
        found.append("hyphen")
    return tuple(found)


def _of_neighbours(around: Sequence[tuple[str, str, str]], at: int, first: int, last: int) -> list[str]:
    """Give the features that a token takes from the tokens beside it, within its sentence."""
    found = []
    for step in (-2, -1, 1, 2):
        beside = at + step
        if first <= beside < last:
            lower, form, hint = around[beside]
            found += [f"{step}w={lower}", f"{step}h={form}", f"{step}s={hint}"]
        else:
            found.append(f"{step}edge")
    lower = around[at][0]
    if at > first:
        found.append(f"-1ww={around[at - 1][0]} {lower}")
    if at + 1 < last:
        found.append(f"+1ww={lower} {around[at + 1][0]}")
    return found


@functools.lru_cache(maxsize=1 << 15)
def shape(word: str) -> str:
    """Give a word's shape, runs collapsed: `Xx` for `London`, `X-d` for `MH-17`."""
    found: list[str] = []
    for character in _long_shape(word):
        if not found or found[-1] != character:
            found.append(character)
    return "".join(found)


def _long_shape(word: str) -> str:
    """Give the shape of a word's first eight characters."""
    return "".join(
        "X"
        if character.isupper()
        else "x"
        if character.isalpha()
        else "d"
        if character.isdigit()
        else character
        for character in word[:8]
    )
