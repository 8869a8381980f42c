"""The ends of relations as a sentence shows them: spans with their titles, lists of them, and pronouns.

Only arranges spans; which of them are related is read by `relations.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from annotator.model.annotation import SpanKey
from annotator.suggest import relation_words as vocabulary
from annotator.suggest.mapping import meanings
from annotator.suggest.word_sets import word_set
from annotator.suggest.words import Words

BODIES = frozenset({"ORG", "GPE", "NORP", "LOC", "FAC"})
"""Marks of what a role may belong to."""

_MARKS = ("PERSON", "ROLE", "ORG", "GPE", "NORP", "LOC", "FAC", "DATE")
_LINKS = frozenset({",", "and", "or", "&"})
_BEFORE_NAMES = word_set(
    """
    the a an his her its their former then new top acting interim current first late mr mrs ms dr ' 's
    """
)
_OPPOSITES = word_set(
    """
    counterpart colleague predecessor successor rival namesake deputy wife husband son daughter
    """
)


@dataclass(slots=True)
class Mention:
    """A span as an end of relations: its key, what it is about, and the words it stands on.

    `first` and `last` are its words; `wide_first` and `wide_last` take in titles before and explanations after it;
    `group` numbers the list it is a member of, -1 for none; `stands_for` says that a pronoun stands there.
    """

    key: SpanKey
    mark: str
    first: int
    last: int
    wide_first: int = 0
    wide_last: int = 0
    group: int = -1
    stands_for: bool = False


@dataclass(slots=True)
class Scene:
    """One sentence: the words of the document, the sentence's mentions in text order, its first and last word."""

    words: Words
    mentions: list[Mention]
    first: int
    last: int
    at: dict[int, int] = field(default_factory=dict)


def scenes(words: Words, keys: Iterable[SpanKey]) -> Iterator[Scene]:
    """Yield the sentences that hold two spans or more; a span over a sentence's end belongs to none."""
    mentions: dict[int, list[Mention]] = {}
    for key in sorted(keys):
        first, last = words.covering(key.fragments[0].start, key.fragments[-1].end)
        if last > first and words[first].sentence == words[last - 1].sentence:
            mark = mark_of(key.label)
            mentions.setdefault(words[first].sentence, []).append(
                Mention(key, mark, first, last - 1, first, last - 1)
            )
    borders: dict[int, tuple[int, int]] = {}
    for index, word in enumerate(words):
        start, _ = borders.get(word.sentence, (index, index))
        borders[word.sentence] = (start, index)
    for sentence, found in sorted(_with_pronouns(words, mentions, borders).items()):
        if len(found) < 2:
            continue
        scene = Scene(words, found, *borders[sentence])
        for number, mention in enumerate(found):
            for index in range(mention.first, mention.last + 1):
                scene.at.setdefault(index, number)
        _widen(scene)
        _group(scene)
        yield scene


def _with_pronouns(
    words: Words, mentions: dict[int, list[Mention]], borders: dict[int, tuple[int, int]]
) -> dict[int, list[Mention]]:
    """Add "he" and "she", "its" and "their" as mentions of what was named last: here, or a sentence before.

    Before means in the same paragraph. A person named first in a sentence is taken for its subject.
    """
    found = {sentence: list(each) for sentence, each in mentions.items()}
    for sentence, (first, last) in borders.items():
        for index in range(first, last + 1):
            lower = words[index].lower
            if lower not in vocabulary.PRONOUNS and lower not in vocabulary.OWNERS:
                continue
            wanted = {"PERSON"} if lower in vocabulary.PRONOUNS else {"ORG", "GPE"}
            meant = _meant(words, mentions, sentence, index, wanted)
            if meant is not None:
                pronoun = Mention(meant.key, meant.mark, index, index, index, index, stands_for=True)
                found.setdefault(sentence, []).append(pronoun)
    for each in found.values():
        each.sort(key=lambda mention: (mention.first, mention.last))
    return found


def _meant(
    words: Words, mentions: dict[int, list[Mention]], sentence: int, index: int, wanted: set[str]
) -> Mention | None:
    here = [each for each in mentions.get(sentence, ()) if each.mark in wanted and each.last < index]
    if here:
        return here[-1]
    before = [each for each in mentions.get(sentence - 1, ()) if each.mark in wanted]
    if not before or "\n" in words.text[words[before[-1].last].end : words[index].start]:
        return None
    return before[0]


@functools.lru_cache(maxsize=512)
def mark_of(label: str) -> str:
    """Tell what a label is about: one of the marks that patterns use, `OTHER` if it is none of them."""
    meaning = meanings(label)
    return next((mark for mark in _MARKS if mark in meaning), "OTHER")


def _widen(scene: Scene) -> None:
    """Take titles before a person, and an explanation between commas after, into its wide extent."""
    for mention in scene.mentions:
        if mention.mark != "PERSON":
            continue
        index = mention.first - 1
        while index >= scene.first and _belongs_before(scene, index):
            index = scene.mentions[scene.at[index]].first - 1 if index in scene.at else index - 1
        mention.wide_first = index + 1
        comma = mention.last + 1
        if comma <= scene.last and scene.words[comma].text in {",", "("}:
            mention.wide_last = _explained_until(scene, comma, mention.last)


def _belongs_before(scene: Scene, index: int) -> bool:
    """Tell whether a word left of a name belongs to it: a title, its organisation, an article."""
    word = scene.words[index]
    if index in scene.at:
        return scene.mentions[scene.at[index]].mark in {"ROLE", *BODIES}
    if word.lower.replace("’", "'") in _BEFORE_NAMES or word.lower in _OPPOSITES:
        return True
    before = index - 1
    if word.text != "," or before < scene.first:
        return False
    if before in scene.at:
        return scene.mentions[scene.at[before]].mark == "ROLE" or (
            scene.mentions[scene.at[before]].mark in BODIES and _role_stands_before(scene, before)
        )
    return scene.words[before].lower in _OPPOSITES


def _role_stands_before(scene: Scene, index: int) -> bool:
    """Tell whether "ROLE of" stands before the body at an index."""
    start = scene.mentions[scene.at[index]].first
    for before in range(start - 1, max(scene.first, start - 4) - 1, -1):
        if before in scene.at:
            return scene.mentions[scene.at[before]].mark == "ROLE"
        if scene.words[before].lower not in {"of", "for", "to", "at", "the", "in"}:
            return False
    return False


def _explained_until(scene: Scene, comma: int, last: int) -> int:
    """Give the last word of an explanation that begins at a comma or bracket; `last` where there is none."""
    closing = "," if scene.words[comma].text == "," else ")"
    if comma + 1 > scene.last:
        return last
    opener = scene.words[comma + 1]
    is_role = any(
        scene.mentions[scene.at[index]].mark == "ROLE"
        for index in range(comma + 1, min(comma + 8, scene.last + 1))
        if index in scene.at
    )
    opens = opener.lower in {"who", "whose", "which", "a", "an", "the", "aged", "his", "her", "its"}
    if not (opens or is_role or opener.text[0].isdigit() or closing == ")"):
        return last
    for index in range(comma + 1, min(comma + 24, scene.last + 1)):
        if scene.words[index].text == closing:
            nested = scene.words.get(index + 1)
            goes_on = (
                opener.text[0].isdigit() and nested is not None and closing == "," and index == comma + 2
            )
            return _explained_until(scene, index, index) if goes_on else index
        if index in scene.at and scene.mentions[scene.at[index]].mark == "PERSON":
            return last
    return last


def _group(scene: Scene) -> None:
    """Give lists a number: mentions of one kind with commas or "and" between, and one "and" or three members."""
    run: list[Mention] = []
    linked = False
    number = 0
    for mention in [*scene.mentions, None]:
        if run and mention is not None:
            between = [scene.words[index].lower for index in range(run[-1].last + 1, mention.wide_first)]
            if (
                _same_kind(run[-1], mention)
                and between
                and len(between) <= 3
                and set(between) <= _LINKS | {"the"}
                and _LINKS & set(between)
            ):
                run.append(mention)
                linked = linked or bool({"and", "or", "&"} & set(between))
                continue
        if (
            mention is not None
            and run
            and mention.mark in {"ROLE", "ORG", "GPE", "NORP"}
            and _leads_on(scene, mention, run)
        ):
            continue
        if len(run) > 1 and (linked or len(run) > 2):
            for member in run:
                member.group = number
            number += 1
        run = [mention] if mention is not None else []
        linked = False


def _leads_on(scene: Scene, mention: Mention, run: Sequence[Mention]) -> bool:
    """Tell whether a mention is only the title of the list's next member."""
    if run[-1].mark != "PERSON":
        return False
    following = next(
        (each for each in scene.mentions if each.mark == "PERSON" and each.first > mention.last), None
    )
    return (
        following is not None
        and following.wide_first <= mention.first
        and following.wide_first > run[-1].last
    )


def _same_kind(first: Mention, second: Mention) -> bool:
    places = {"GPE", "LOC", "FAC"}
    return first.mark == second.mark or {first.mark, second.mark} <= places
