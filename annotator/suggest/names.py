"""Corrects the labels and borders of a pipeline's names by what stands in and around them. English only.

The last word of a name ("... Airport"), the word "in" before it, an office across a comma tell its kind better than a
small pipeline does. Pure functions over `Found`; words come from `name_shapes.py`, missed names from `name_finding.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from annotator.suggest import name_words as vocabulary
from annotator.suggest import role_words
from annotator.suggest.dates import cut_dates
from annotator.suggest.first_names import FIRST_NAMES
from annotator.suggest.fixes import NAME_LABELS, Found
from annotator.suggest.name_finding import with_announced
from annotator.suggest.name_shapes import (
    HEAD_WORDS,
    HOUSE,
    begins_with_first_name,
    is_adjective,
    kind_of,
    may_be_person,
    of_until,
    particles_until,
    person_until,
)
from annotator.suggest.word_sets import word_set
from annotator.suggest.words import Word, Words

_SUFFIXES = re.compile(r"(?:Inc|Ltd|LLC|Jr|Sr|Co|Corp|PLC|S\.A)\b\.?")
_COMMA = re.compile(r",\s+(?:and\s+)?")
_INTO = word_set("in near outside around across throughout")
_HOUSED = word_set("in at inside outside near")
_PLACE_OF = word_set(
    """
    city town village capital port province region suburb outskirts mayor streets native
    """
)
_GOVERNING = word_set(
    """
    governor council capital officials government parliament assembly of 's ’s
    """
)
_APPOSED = (
    role_words.OFFICES
    | role_words.POSTS
    | role_words.TRADES
    | word_set(
        """
    counterpart colleague successor predecessor rival wife husband son daughter brother sister mother
    father friend deputy partner widow
    """
    )
)


def corrected(words: Words, found: Iterable[Found], labels: Collection[str]) -> list[Found]:
    """Correct the labels and borders of names, and add names that the words around them announce.

    Args:
        words: of the whole text.
        found: spans of a pipeline, already cut and trimmed.
        labels: those the pipeline knows; no others are given.
    """
    spans = [part for each in found for part in _without_commas(words.text, each)]
    spans = [part for each in spans for part in _without_joints(words, each, labels)]
    spans = [_without_address(words, each) for each in spans]
    spans = _grown(words, spans)
    spans = [_by_own_words(words, each, labels) for each in spans]
    spans = [_with_region(words, each, labels) for each in spans]
    spans = [_by_surroundings(words, each, labels) for each in spans]
    spans = [_by_apposition(words, each, labels) for each in spans]
    return with_announced(words, spans, labels)


def _without_commas(text: str, each: Found) -> list[Found]:
    """Cut "Odesa, Dnipropetrovsk" in two, but leave "Acme, Inc." whole."""
    if each.label == "DATE":
        return cut_dates(text, each)
    if each.label not in NAME_LABELS - {"WORK_OF_ART", "LAW", "EVENT"}:
        return [each]
    parts = []
    after = each.start
    for comma in _COMMA.finditer(text, each.start, each.end):
        if _SUFFIXES.match(text, comma.end()) or not text[comma.end() : comma.end() + 1].isupper():
            continue
        parts.append(replace(each, start=after, end=comma.start()))
        after = comma.end()
    return [*parts, replace(each, start=after)]


def _without_joints(words: Words, each: Found, labels: Collection[str]) -> list[Found]:
    """Cut "National Gallery in Sofia" in two, and "Shares of Nordlys" where only the sentence made it large."""
    if each.label not in {"ORG", "PERSON", "FAC", "GPE"}:
        return [each]
    first, last = words.covering(each.start, each.end)
    for index in range(first + 1, last - 1):
        if words[index].lower in {"in", "at"} and words[index + 1].is_capital:
            place = replace(
                each, start=words[index + 1].start, label="GPE" if "GPE" in labels else each.label
            )
            return [replace(each, end=words[index - 1].end), place]
    begins = first < last and (first == 0 or words[first - 1].sentence != words[first].sentence)
    if (
        begins
        and last - first > 2
        and words[first + 1].lower in {"of", "for"}
        and words[first + 2].is_capital
        and words[first].lower not in HEAD_WORDS
    ):
        return [replace(each, start=words[first + 2].start)]
    return [each]


def _without_address(words: Words, each: Found) -> Found:
    """Take a form of address off a name: "Dr Pablo Reyes"."""
    first, last = words.covering(each.start, each.end)
    if (
        each.label != "PERSON"
        or last - first < 2
        or words[first].lower.rstrip(".") not in role_words.ADDRESSES
    ):
        return each
    dotted = words[first + 1].text == "." and last - first > 2
    return replace(each, start=words[first + 2 if dotted else first + 1].start)


def _grown(words: Words, spans: Sequence[Found]) -> list[Found]:
    """Let names take in what belongs to them: "Bay of" + "Biscay", "Supreme Court" + "of Ghana", a first name."""
    grown: list[Found] = []
    for each in sorted(spans, key=lambda each: (each.start, -each.end)):
        first, last = words.covering(each.start, each.end)
        if last == first or (grown and each.end <= grown[-1].end and each.start >= grown[-1].start):
            continue
        start, longer = each.start, last
        if each.label in {"ORG", "FAC", "LOC", "GPE", "EVENT"}:
            longer = of_until(words, last)
        if each.label in {"GPE", "LOC", "PERSON"}:
            longer = max(longer, particles_until(words, first, last))
        if each.label == "PERSON" and words.neighbours(first - 1):
            before = words[first - 1]
            free = not grown or grown[-1].end <= before.start
            if free and before.is_capital and before.lower in FIRST_NAMES:
                start = before.start
        grown.append(replace(each, start=start, end=words[longer - 1].end if longer > last else each.end))
    return grown


def _by_own_words(words: Words, each: Found, labels: Collection[str]) -> Found:
    """Label a name by what it consists of."""
    first, last = words.covering(each.start, each.end)
    if each.label not in NAME_LABELS - {"NORP", "WORK_OF_ART", "LAW"} or last == first:
        return each
    kind = kind_of(words, first, last)
    if kind:
        is_person = each.label == "PERSON" and may_be_person(words, first, last)
        return each if is_person or kind == HOUSE else _labelled(each, kind, labels)
    if last - first == 1:
        is_people = each.label == "GPE" and is_adjective(words, first)
        return _labelled(each, "NORP", labels) if is_people else each
    if words[first].lower in vocabulary.TOWN_FIRST and words[first + 1].is_capital:
        return _labelled(each, "GPE", labels) if each.label in {"PERSON", "ORG"} else each
    if begins_with_first_name(words, first, last) and each.label not in {"PERSON", "GPE", "EVENT"}:
        return _labelled(each, "PERSON", labels, why="it begins with a first name")
    return each


def _with_region(words: Words, each: Found, labels: Collection[str]) -> Found:
    """Take the small word for a region into its name, "Kursk region", and know the parts of continents."""
    first, last = words.covering(each.start, each.end)
    if each.label not in NAME_LABELS - {"NORP"} or "LOC" not in labels or last == first:
        return each
    is_part = words[first].lower in vocabulary.DIRECTIONS and words[last - 1].lower in vocabulary.CONTINENTS
    if is_part and last - first == 2:
        return _labelled(each, "LOC", labels)
    noun, after = words.get(last), words.get(last + 1)
    if (
        noun is None
        or noun.is_capital
        or noun.lower not in vocabulary.REGIONS
        or not words.neighbours(last - 1)
    ):
        return each
    if after is not None and after.lower in _GOVERNING:
        return each
    return replace(_labelled(each, "LOC", labels), end=noun.end)


def _by_surroundings(words: Words, each: Found, labels: Collection[str]) -> Found:
    """Label a name by the word before it."""
    first, last = words.covering(each.start, each.end)
    if each.label not in NAME_LABELS - {"GPE", "LAW"} or last == first:
        return each
    kind = kind_of(words, first, last)
    before = _before(words, first)
    if kind == HOUSE:
        if before is not None and before.lower in _HOUSED:
            return _labelled(each, "FAC", labels)
        return _labelled(each, "ORG", labels) if each.label == "PERSON" else each
    if kind or each.label in {"LOC", "FAC", "EVENT"} or before is None:
        return each
    if words[first - 1] is before and _is_place(words, first, last, before, each):
        return _labelled(each, "GPE", labels)
    return each


def _is_place(words: Words, first: int, last: int, before: Word, each: Found) -> bool:
    """Tell whether "in", "to", "from" or "city of" right before a name make it a place."""
    surface = words.text[each.start : each.end]
    if last - first > 3 or not surface[0].isupper() or surface.isupper() or any(map(str.isdigit, surface)):
        return False
    if surface.lower() in vocabulary.NOT_PLACES:
        return False
    if before.lower in _INTO:
        stands_alone = not words.neighbours(last - 1) or words[last].lower in vocabulary.FUNCTION_WORDS
        return each.label != "NORP" or stands_alone
    if before.lower in {"to", "from"}:
        near = (words[index] for index in range(max(0, first - 7), first - 1))
        moved = any(word.lower in vocabulary.MOTIONS and word.sentence == before.sentence for word in near)
        return moved and each.label != "NORP" and (each.label != "PERSON" or last - first == 1)
    owner = words.get(first - 2)
    return before.lower == "of" and owner is not None and owner.lower in _PLACE_OF


def _before(words: Words, first: int) -> Word | None:
    """Give the word before a name, in the same sentence; an article is passed over."""
    index = first - 1
    while index >= 0 and words[index].sentence == words[first].sentence:
        if words[index].lower not in {"the", "a", "an"}:
            return words[index]
        index -= 1
    return None


def _by_apposition(words: Words, each: Found, labels: Collection[str]) -> Found:
    """Make a person of a name that commas join to an office: "her ambassador to Kenya, Elena Ruiz Campos,"."""
    first, last = words.covering(each.start, each.end)
    if each.label not in NAME_LABELS - {"PERSON", "NORP", "EVENT", "LAW"} or not 2 <= last - first <= 4:
        return each
    if person_until(words, first) != last or kind_of(words, first, last):
        return each
    if _is_explained(words, last):
        return _labelled(each, "PERSON", labels, why="an office, an age or “who” stands behind the comma")
    comma, following = words.get(first - 1), words.get(last)
    if comma is None or comma.text != "," or following is None or following.text not in {",", "."}:
        return each
    window = (words[index] for index in range(max(0, first - 6), first - 1))
    near = [word for word in window if word.sentence == words[first].sentence]
    if any(word.parts[-1] in _APPOSED for word in near) and all(word.text != "," for word in near):
        return _labelled(each, "PERSON", labels, why="an office stands before the comma")
    return each


def _is_explained(words: Words, last: int) -> bool:
    """Tell whether a comma and "who", an age or an office follow a name."""
    comma, following, after = words.get(last), words.get(last + 1), words.get(last + 2)
    if comma is None or comma.text != "," or following is None or following.sentence != comma.sentence:
        return False
    if following.lower == "who":
        return True
    if following.text.isdigit() and len(following.text) == 2 and after is not None and after.text == ",":
        return True
    index = last + 2 if following.lower in {"the", "a", "an", "its", "their"} else last + 1
    return index < len(words) and words[index].parts[-1] in role_words.OFFICES | role_words.POSTS


def _labelled(each: Found, label: str, labels: Collection[str], *, why: str = "") -> Found:
    if label == each.label or label not in labels:
        return each
    why = why or f"its words or those around it make it {label}"
    return replace(each, label=label, was=each.was or each.label, why=why)
