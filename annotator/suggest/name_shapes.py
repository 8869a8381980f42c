"""Tells from its own words what a name is a name of, and how far a name reaches. English only.

Looks at words alone; what stands around a name is read by `names.py` and `name_finding.py`.
"""

from __future__ import annotations

from annotator.suggest import name_words as vocabulary
from annotator.suggest import role_words
from annotator.suggest.first_names import FIRST_NAMES
from annotator.suggest.word_sets import word_set
from annotator.suggest.words import Words

HEAD_WORDS = (
    vocabulary.FACILITIES | vocabulary.HOUSES | vocabulary.LANDSCAPES | vocabulary.EVENTS | vocabulary.BODIES
)
"""Last words that tell what a name is a name of."""
HOUSE = "HOUSE"
"""The kind of a name that is a building or an organisation, as the words around it say."""

_PARTICLES = word_set(
    """
    de da di do dos du del della der den van von zu la le el al bin ibn ter ten af av y e
    """
)
_ENDS = HEAD_WORDS - vocabulary.SURNAMES
_ABSTRACT = word_set(
    """
    technology science arts trade industry labour culture sport development commerce justice security
    defence welfare
    """
)
_SHIPS = frozenset({"hms", "uss", "ss", "mv", "ms", "hmas", "rms"})
_OF_PLACES = word_set("palace port gulf bay strait")


def kind_of(words: Words, first: int, last: int) -> str:
    """Tell the label of a name (FAC, LOC, EVENT, ORG) by its words; `HOUSE` or empty where they do not say.

    `first` and `last` are word indexes, `last` exclusive.
    """
    lower = [words[index].lower for index in range(first, last)]
    if len(lower) < 2 or lower[0] in _SHIPS:
        return ""
    joint = next((index for index, word in enumerate(lower) if word in {"of", "for"}), 0)
    if joint and joint < len(lower) - 1 and lower[joint - 1] in vocabulary.OF_BODIES:
        return "ORG"
    if lower[0] in vocabulary.EVENT_FIRST:
        return "EVENT"
    if lower[-1] not in HEAD_WORDS:
        openers = (
            ("LOC", vocabulary.LANDSCAPE_FIRST),
            ("FAC", vocabulary.FACILITY_FIRST),
            ("ORG", vocabulary.BODY_FIRST),
        )
        return next((label for label, known in openers if lower[0] in known), "")
    heads = (
        (HOUSE, vocabulary.HOUSES),
        ("FAC", vocabulary.FACILITIES),
        ("LOC", vocabulary.LANDSCAPES),
        ("EVENT", vocabulary.EVENTS),
        ("ORG", vocabulary.BODIES),
    )
    return next((label for label, known in heads if lower[-1] in known), "")


def begins_with_first_name(words: Words, first: int, last: int) -> bool:
    """Tell whether two to four words look like a person's first name and surname."""
    return (
        2 <= last - first <= 4
        and words[first].is_capital
        and words[first].parts[0] in FIRST_NAMES
        and person_until(words, first) >= last
    )


def may_be_person(words: Words, first: int, last: int) -> bool:
    """Tell whether what ends like a place or body may be a person all the same: "Helen Marsh"."""
    return words[first].parts[0] in FIRST_NAMES or words[last - 1].lower in vocabulary.SURNAMES


def is_adjective(words: Words, index: int) -> bool:
    """Tell whether a word looks like an adjective of nationality, and a noun follows."""
    following = words.get(index + 1)
    return (
        words[index].lower.endswith(("ian", "ean", "ese", "ish"))
        and following is not None
        and words.neighbours(index)
        and following.text.islower()
        and following.lower not in vocabulary.FUNCTION_WORDS
    )


def person_until(words: Words, first: int) -> int:
    """Give the word after a person's name that begins at a word; that word itself where none does."""
    index = first
    while index < len(words) and index - first < 4:
        if not _is_of_person(words, index, opening=index == first):
            break
        index += 1
        if not words.neighbours(index - 1):
            break
    while index > first and words[index - 1].lower in _PARTICLES:
        index -= 1
    return index


def _is_of_person(words: Words, index: int, *, opening: bool) -> bool:
    word = words[index]
    if word.lower in _ENDS | vocabulary.COMMON_OPENERS:
        return False
    if word.lower in role_words.OFFICES | role_words.POSTS | role_words.FIELDS:
        return False
    if word.lower in _PARTICLES and not opening:
        return True
    if len(word.text) <= 2 and word.is_capital and word.text.endswith("."):
        return True
    return word.is_capital and any(map(str.islower, word.text)) and "'" not in word.text


def of_until(words: Words, last: int) -> int:
    """Give the word after a name with what "of" adds to it ("Supreme Court" + "of Ghana"); `last` if nothing is."""
    if words[last - 1].lower == "of":
        index = last
    elif words[last - 1].lower in vocabulary.OF_BODIES | _OF_PLACES:
        joint = words.get(last)
        if joint is None or joint.lower != "of" or not words.neighbours(last - 1):
            return last
        index = last + 1
    else:
        return last
    if index < len(words) and words[index].lower == "the":
        index += 1
    end = last
    while index < len(words) and words.neighbours(index - 1) and words[index].is_capital:
        index += 1
        end = index
        if words.neighbours(index - 1) and words.neighbours(index) and words[index].lower == "and":
            following = words[index + 1]
            index += 1 if following.is_capital and following.lower in _ABSTRACT else 0
    return end


def particles_until(words: Words, first: int, last: int) -> int:
    """Give the word after a town's name with its particles ("Santa Cruz" + "das Flores"); `last` if there are none."""
    joint, following = words.get(last), words.get(last + 1)
    if joint is None or following is None or joint.is_capital or joint.lower not in vocabulary.NAME_PARTICLES:
        return last
    if not following.is_capital or not words.neighbours(last - 1) or not words.neighbours(last):
        return last
    return last + 2 if words[first].is_capital else last


def is_name_word(words: Words, index: int) -> bool:
    """Tell whether a word is large, and not because a sentence begins."""
    word = words[index]
    begins = index == 0 or words[index - 1].sentence != word.sentence
    common = vocabulary.COMMON_OPENERS | vocabulary.MONTHS | vocabulary.DAYS
    return word.is_capital and word.text.isalpha() and word.lower not in common and not begins
