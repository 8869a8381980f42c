"""Corrects a pipeline's names by what stands in and around them. English only; pure functions over `Found`.

The last word of a name ("... Airport", "... Championships"), a title before it ("Judge ..."), the word "in" before
a place and the list in which it stands tell its kind better than a small pipeline does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from annotator.suggest import name_words as vocabulary
from annotator.suggest import role_words
from annotator.suggest.first_names import FIRST_NAMES
from annotator.suggest.fixes import NAME_LABELS, Found
from annotator.suggest.words import Word, Words

HEAD_WORDS = (
    vocabulary.FACILITIES | vocabulary.HOUSES | vocabulary.LANDSCAPES | vocabulary.EVENTS | vocabulary.BODIES
)
"""Last words that tell what a name is a name of."""

_PERSON_TITLES = (
    role_words.OFFICES
    | role_words.SHORT_TITLES
    | role_words.ADDRESSES
    | frozenset(
        "professor judge colonel captain lieutenant sergeant general admiral commander prosecutor coach justice "
        "inspector detective director king queen prince princess duke duchess pope bishop cardinal rabbi imam".split()
    )
)
_PARTICLES = frozenset("de da di do dos du del della der den van von zu la le el al bin ibn ter ten af av y e".split())
_SUFFIXES = re.compile(r"(?:Inc|Ltd|LLC|Jr|Sr|Co|Corp|PLC|S\.A)\b\.?")
_COMMA = re.compile(r",\s+(?:and\s+)?")
_INTO = frozenset("in near outside around across throughout".split())
_PLACE_OF = frozenset("city town village capital port province region suburb outskirts mayor streets native".split())


def corrected(words: Words, found: Iterable[Found], labels: Collection[str]) -> list[Found]:
    """Correct the labels and borders of names, and add names that a title announces.

    Args:
        words: of the whole text. found: spans of a pipeline, already cut and trimmed.
        labels: those the pipeline knows; no others are given.
    """
    spans = [part for each in found for part in _without_commas(words.text, each)]
    spans = [part for each in spans for part in _without_joints(words, each)]
    spans = [_without_title(words, each) for each in spans]
    spans = _grown(words, spans)
    spans = [_by_own_words(words, each, labels) for each in spans]
    spans = [_with_region(words, each, labels) for each in spans]
    spans = [_by_surroundings(words, each, labels) for each in spans]
    if "PERSON" in labels:
        spans = [_by_apposition(words, each) for each in spans]
        spans = _after_titles(words, spans)
    spans = _by_examples(words, _by_heads(words, spans, labels), labels)
    if "GPE" in labels:
        spans = _after_in(words, spans)
    return sorted(spans, key=lambda each: (each.start, each.end, each.label))


def is_duration(surface: str) -> bool:
    """Tell whether a date says how long or how old ("nine years", "30-day", "58"), not when."""
    return _DURATION.fullmatch(surface) is not None


_NUMBER = r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w*ty(?:-\w+)?|half)"
_UNIT = r"(?:days?|weeks?|months?|years?|decades?|centur(?:y|ies)|seasons?)"
_DURATION = re.compile(
    rf"(?:(?:such|about|almost|nearly|around|more than|over|under|less than|at least|up to|some|the|only|just|another|"
    rf"several|many|few|a few|a couple of|couple of|dozens of|hundreds of|thousands of|(?:first|last|next)"
    rf"(?=\s+{_NUMBER}[\s-]))\s+)*"
    rf"(?:{_NUMBER}[\s-]+(?:and a half[\s-]+)?(?:(?:to|or|and)\s+{_NUMBER}[\s-]+)?)?"
    rf"(?:(?:more|full|long|whole|consecutive|straight)\s+)?{_UNIT}(?:[\s-]olds?| old| long)?"
    rf"|\d{{1,2}}|aged? \d+|(?:every|each|per|a) {_UNIT}|almost every {_UNIT}|\w+ \d{{1,2}}-year-old",
    re.IGNORECASE,
)


def is_time_of_day(surface: str) -> bool:
    """Tell whether a date is only a part of a day ("overnight", "the evening")."""
    return surface.lower() in {"overnight", "morning", "afternoon", "evening", "night", "noon", "midnight"}


def _without_commas(text: str, each: Found) -> list[Found]:
    """Cut "Odesa, Dnipropetrovsk" in two, but leave "Acme, Inc." whole."""
    if each.label == "DATE":
        return _dates(text, each)
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


def _without_joints(words: Words, each: Found) -> list[Found]:
    """Cut "National Gallery in Sofia" in two, and "Shares of Nordlys" where only the sentence made it large."""
    if each.label not in {"ORG", "PERSON", "FAC", "GPE"}:
        return [each]
    first, last = words.covering(each.start, each.end)
    for index in range(first + 1, last - 1):
        if words[index].lower in {"in", "at"} and words[index + 1].is_capital:
            before = replace(each, end=words[index - 1].end)
            return [before, replace(each, start=words[index + 1].start, label="GPE", was="")]
    begins = first == 0 or (first < len(words) and words[first - 1].sentence != words[first].sentence)
    if (
        begins
        and last - first > 2
        and words[first + 1].lower in {"of", "for"}
        and words[first + 2].is_capital
        and words[first].lower not in HEAD_WORDS
    ):
        return [replace(each, start=words[first + 2].start)]
    return [each]


_BETWEEN = re.compile(r"between\s+(.+?)\s+and\s+(.+)", re.IGNORECASE)
_LEADING = re.compile(r"(?:between|from|since|until|till|during|in|on|by|before|after)\s+(?=\S)", re.IGNORECASE)
_MONTH_AND_NAME = re.compile(rf"({'|'.join(vocabulary.MONTHS)})\s+([^\W\d_]+)$", re.IGNORECASE)


def _dates(text: str, each: Found) -> list[Found]:
    """Take prepositions, durations and names off a date: "between 2028 and 2030", "May Kask"."""
    surface = text[each.start : each.end]
    pair = _BETWEEN.fullmatch(surface)
    if pair is not None:
        return [replace(each, start=each.start + pair.start(n), end=each.start + pair.end(n)) for n in (1, 2)]
    leading = _LEADING.match(surface)
    start = each.start + (leading.end() if leading is not None else 0)
    end = each.end
    first, comma, rest = text[start:end].partition(", ")
    if comma and is_duration(rest) and not rest.strip().isdigit():
        end = start + len(first)
    named = _MONTH_AND_NAME.search(text[start:end])
    if named is not None and named[2][0].isupper() and named[2].lower() not in vocabulary.FEASTS | vocabulary.DAYS:
        end = start + named.end(1)
    return [replace(each, start=start, end=end)]


def _without_title(words: Words, each: Found) -> Found:
    """Take a form of address off a name: "Dr Pablo Reyes"."""
    first, last = words.covering(each.start, each.end)
    if each.label == "PERSON" and last - first > 1:
        word = words[first]
        if word.lower.rstrip(".") in role_words.ADDRESSES:
            following = words[first + 1]
            start = first + 2 if following.text == "." and last - first > 2 else first + 1
            return replace(each, start=words[start].start)
    return each


def _grown(words: Words, spans: Sequence[Found]) -> list[Found]:
    """Let names take in what belongs to them: "Bay of" + "Biscay", "Supreme Court" + "of Ghana", a first name."""
    grown: list[Found] = []
    for each in sorted(spans, key=lambda each: (each.start, -each.end)):
        first, last = words.covering(each.start, each.end)
        if last == first or (grown and each.end <= grown[-1].end and each.start >= grown[-1].start):
            continue
        start, end = each.start, each.end
        if each.label in {"ORG", "FAC", "LOC", "GPE", "EVENT"}:
            longer = _with_of(words, first, last)
            end = words[longer - 1].end if longer > last else end
        if each.label in {"GPE", "LOC", "PERSON"}:
            longer = _with_particles(words, first, last)
            end = words[longer - 1].end if longer > last else end
        if each.label == "PERSON" and first > 0 and words.neighbours(first - 1):
            before = words[first - 1]
            if before.is_capital and before.lower in FIRST_NAMES and (not grown or grown[-1].end <= before.start):
                start = before.start
        grown.append(replace(each, start=start, end=end))
    return grown


def _with_of(words: Words, first: int, last: int) -> int:
    """Give the word after a name with what "of" adds to it; `last` where nothing is added."""
    if words[last - 1].lower == "of":
        index = last
    elif words[last - 1].lower in vocabulary.OF_BODIES | {"palace", "port", "gulf", "bay", "strait"}:
        joint = words.get(last)
        if joint is None or joint.lower != "of" or not words.neighbours(last - 1):
            return last
        index = last + 1
    else:
        return last
    if index < len(words) and words[index].lower == "the":
        index += 1
    end = last
    while index < len(words) and words.neighbours(index - 1) and words[index].is_capital and words[index].is_word:
        index += 1
        end = index
        joint, following = words.get(index), words.get(index + 1)
        if joint is None or following is None or joint.lower != "and" or not words.neighbours(index):
            continue
        if words.neighbours(index - 1) and following.is_capital and following.lower in _ABSTRACT:
            index += 1
    return end


def _with_particles(words: Words, first: int, last: int) -> int:
    """Give the word after the name of a town with its particles: "Santa Cruz" + "das Flores"."""
    joint, following = words.get(last), words.get(last + 1)
    if joint is None or following is None or joint.lower not in vocabulary.NAME_PARTICLES - {"an", "am"}:
        return last
    if joint.is_capital or not following.is_capital or not words.neighbours(last - 1) or not words.neighbours(last):
        return last
    return last + 2 if words[first].is_capital else last


_ABSTRACT = frozenset(
    "technology science arts trade industry labour culture sport development commerce justice security defence welfare".split()
)


def _by_own_words(words: Words, each: Found, labels: Collection[str]) -> Found:
    if each.label not in NAME_LABELS - {"NORP", "WORK_OF_ART", "LAW"}:
        return each
    first, last = words.covering(each.start, each.end)
    if last == first:
        return each
    label = _kind(words, first, last)
    if each.label == "PERSON" and label and _is_surname(words, first, last):
        return each
    if label == "" and last - first > 1 and words[first].lower in vocabulary.TOWN_FIRST and words[first + 1].is_capital:
        return _labelled(each, "GPE", labels) if each.label in {"PERSON", "ORG"} else each
    if label == "" and _is_first_name(words, first, last) and each.label not in {"PERSON", "GPE", "EVENT"}:
        return _labelled(each, "PERSON", labels, why="it begins with a first name")
    if label == "" and last - first == 1 and each.label == "GPE" and _is_adjective(words, first):
        return _labelled(each, "NORP", labels)
    if label in {"FAC?", ""}:
        return each
    return _labelled(each, label, labels)


def _is_surname(words: Words, first: int, last: int) -> bool:
    """Tell whether what looks like a place is more likely the end of a person's name: "Helen Marsh"."""
    return words[first].parts[0] in FIRST_NAMES or words[last - 1].lower in vocabulary.SURNAMES


def _is_first_name(words: Words, first: int, last: int) -> bool:
    return (
        2 <= last - first <= 4
        and words[first].parts[0] in FIRST_NAMES
        and words[first].is_capital
        and _name_from(words, first) >= last
    )


def _is_adjective(words: Words, index: int) -> bool:
    """Tell whether a word looks like an adjective of nationality and a noun follows."""
    following = words.get(index + 1)
    return (
        words[index].lower.endswith(("ian", "ean", "ese", "ish"))
        and following is not None
        and words.neighbours(index)
        and following.text.islower()
        and following.lower not in vocabulary.FUNCTION_WORDS
    )


def _kind(words: Words, first: int, last: int) -> str:
    """Tell the label of a capitalised name by its words; `FAC?` where the place beside it must decide."""
    inner = [words[index] for index in range(first, last)]
    head = next((index for index, word in enumerate(inner) if word.lower in {"of", "for"}), len(inner))
    if 0 < head < len(inner) and inner[head - 1].lower in vocabulary.OF_BODIES:
        return "ORG"
    if inner[0].lower in vocabulary.EVENT_FIRST and len(inner) > 1:
        return "EVENT"
    if len(inner) < 2:
        return ""
    if inner[-1].lower not in HEAD_WORDS:
        for label, openers in (
            ("LOC", vocabulary.LANDSCAPE_FIRST),
            ("FAC", vocabulary.FACILITY_FIRST),
            ("ORG", vocabulary.BODY_FIRST),
        ):
            if inner[0].lower in openers:
                return label
    word = inner[min(head, len(inner)) - 1].lower if head == len(inner) else inner[-1].lower
    if word in vocabulary.HOUSES:
        return "FAC?"
    for label, known in (
        ("FAC", vocabulary.FACILITIES),
        ("LOC", vocabulary.LANDSCAPES),
        ("EVENT", vocabulary.EVENTS),
        ("ORG", vocabulary.BODIES),
    ):
        if word in known:
            return label
    return ""


def _with_region(words: Words, each: Found, labels: Collection[str]) -> Found:
    """Take the small word for a region into its name, "Kursk region", and know the parts of continents."""
    if each.label not in NAME_LABELS - {"NORP"} or "LOC" not in labels:
        return each
    first, last = words.covering(each.start, each.end)
    if last == first:
        return each
    if last - first == 2 and words[last - 1].lower in vocabulary.CONTINENTS:
        if words[first].lower in vocabulary.DIRECTIONS and each.label != "LOC":
            return _labelled(each, "LOC", labels)
    following, after = words.get(last), words.get(last + 1)
    if (
        following is None
        or following.lower not in vocabulary.REGIONS
        or following.is_capital
        or not words.neighbours(last - 1)
        or (after is not None and after.lower in {"of", "'s", "’s"})
        or (after is not None and words.neighbours(last) and after.text.isalpha() and after.lower in _GOVERNING)
    ):
        return each
    return replace(_labelled(each, "LOC", labels), end=following.end)


def _by_apposition(words: Words, each: Found) -> Found:
    """Make a person of a name that commas join to an office: "her ambassador to Kenya, Elena Ruiz Campos,"."""
    if each.label not in {"ORG", "GPE", "FAC", "PRODUCT", "WORK_OF_ART", "LOC"}:
        return each
    first, last = words.covering(each.start, each.end)
    if not 2 <= last - first <= 4 or _name_from(words, first) != last or _kind(words, first, last):
        return each
    if _is_explained(words, last):
        return replace(each, label="PERSON", was=each.was or each.label, why="an office or “who” stands behind the comma")
    comma, following = words.get(first - 1), words.get(last)
    if comma is None or comma.text != "," or following is None or following.text not in {",", "."}:
        return each
    window = range(max(0, first - 6), first - 1)
    near = [words[index] for index in window if words[index].sentence == words[first].sentence]
    if any(word.parts[-1] in _APPOSED for word in near) and not any(word.text == "," for word in near):
        return replace(each, label="PERSON", was=each.was or each.label, why="an office stands before the comma")
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


_GOVERNING = frozenset("governor council capital officials government parliament assembly".split())
_APPOSED = (
    role_words.OFFICES
    | role_words.POSTS
    | role_words.TRADES
    | frozenset(
        "counterpart colleague successor predecessor rival wife husband son daughter brother sister mother father "
        "friend deputy partner widow".split()
    )
)


def _after_in(words: Words, spans: Sequence[Found]) -> list[Found]:
    """Add places that only "in" announces: "born in Eldoret"."""
    taken = [(each.start, each.end) for each in spans]
    found = list(spans)
    for index, word in enumerate(words):
        if word.text != "in" or not words.neighbours(index):
            continue
        last = _name_from(words, index + 1)
        if not 0 < last - index - 1 <= 3:
            continue
        start, end = words[index + 1].start, words[last - 1].end
        surface = words.text[start:end]
        small = {words[each].lower for each in range(index + 1, last)}
        if small & (vocabulary.NOT_PLACES | vocabulary.MONTHS | vocabulary.DAYS | HEAD_WORDS) or surface.isupper():
            continue
        following = words.get(last)
        goes_on = following is not None and words.neighbours(last - 1) and following.is_capital
        if not goes_on and not any(begin < end and start < stop for begin, stop in taken):
            found.append(Found(start, end, "GPE", why="it stands behind “in”", score=0.55))
    return found


def _by_heads(words: Words, spans: Sequence[Found], labels: Collection[str]) -> list[Found]:
    """Add names that nothing but their last word tells: "the Kursk region", "Bergholm Bridge"."""
    taken = {index for each in spans for index in range(*words.covering(each.start, each.end))}
    found = list(spans)
    for index, word in enumerate(words):
        if index in taken or not index or not words.neighbours(index - 1):
            continue
        small = word.lower in vocabulary.REGIONS and not word.is_capital
        if not small and not (word.is_capital and word.lower in _STRONG_HEADS):
            continue
        first = index
        while first and words.neighbours(first - 1) and first - 1 not in taken and _is_name_word(words, first - 1):
            first -= 1
        if first == index or (small and (words[first - 1].lower != "the" or first == 0)):
            continue
        label = "LOC" if small else _kind(words, first, index + 1)
        if label in labels:
            found.append(Found(words[first].start, word.end, label, why=f"it ends in “{word.text}”", score=0.6))
            taken.update(range(first, index + 1))
    return found


def _by_examples(words: Words, spans: Sequence[Found], labels: Collection[str]) -> list[Found]:
    """Label the names that follow their kind: "cities such as Odesa, Kharkiv and Kryvyy Rih"."""
    found = list(spans)
    for index, word in enumerate(words):
        label = next((label for label, nouns in vocabulary.KINDS_OF.items() if word.lower in nouns), "")
        opener = _opener(words, index) if label in labels else 0
        if not opener:
            continue
        for first, last in _listed(words, opener):
            found = _with_example(words, found, first, last, label)
    return found


def _opener(words: Words, index: int) -> int:
    """Give the first word of the examples that follow a noun within six words, 0 where none do."""
    for after in range(index + 1, min(index + 7, len(words))):
        if words[after].sentence != words[index].sentence or words[after].lower in {"and", "is", "are", "was", "were"}:
            return 0
        if words[after].lower in {":", "including", "–", "—", "namely", "like"}:
            return after + 1
        if words[after].lower == "such" and after + 1 < len(words) and words[after + 1].lower == "as":
            return after + 2
    return 0


def _listed(words: Words, index: int) -> list[tuple[int, int]]:
    """Give first word and last + 1 of each name in a list."""
    found: list[tuple[int, int]] = []
    while index < len(words):
        last = index
        while last < len(words) and words[last].is_capital and words[last].is_word and last - index < 4:
            last += 1
            if last < len(words) and not words.neighbours(last - 1):
                break
        if last == index:
            break
        found.append((index, last))
        index = last
        links = 0
        while index < len(words) and words[index].lower in {",", "and", "or"} and links < 2:
            index += 1
            links += 1
        if not links or (index < len(words) and words[index].sentence != words[last - 1].sentence):
            break
    return found


def _with_example(words: Words, spans: list[Found], first: int, last: int, label: str) -> list[Found]:
    start, end = words[first].start, words[last - 1].end
    touching = [each for each in spans if each.start < end and start < each.end]
    if any(each.start < start or each.end > end or each.label in {"GPE", "LOC", "NORP", "DATE"} for each in touching):
        return spans
    was = touching[0].label if touching else ""
    example = Found(start, end, label, was=was, why=f"it is named as an example of {label}")
    return [each for each in spans if each not in touching] + [example]


_STRONG_HEADS = (
    vocabulary.FACILITIES | vocabulary.LANDSCAPES | frozenset("championship championships olympics festival summit".split())
) - frozenset("works plain plains road street mine lock dock circuit channel cape".split())


def _is_name_word(words: Words, index: int) -> bool:
    word = words[index]
    begins = index == 0 or words[index - 1].sentence != word.sentence
    return (
        word.is_capital
        and word.text.isalpha()
        and word.lower not in vocabulary.COMMON_OPENERS | vocabulary.MONTHS | vocabulary.DAYS
        and not begins
    )


def _by_surroundings(words: Words, each: Found, labels: Collection[str]) -> Found:
    if each.label not in {"PERSON", "ORG", "NORP", "LOC", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT"}:
        return each
    first, last = words.covering(each.start, each.end)
    if last == first:
        return each
    kind = _kind(words, first, last)
    before = _before(words, first)
    if kind == "FAC?":
        if before is not None and before.lower in {"in", "at", "inside", "outside", "near"}:
            return _labelled(each, "FAC", labels)
        return _labelled(each, "ORG", labels) if each.label == "PERSON" else each
    if kind or each.label in {"LOC", "FAC", "EVENT"}:
        return each
    if _is_place_by_context(words, first, last, before, each):
        return _labelled(each, "GPE", labels)
    return each


def _is_place_by_context(words: Words, first: int, last: int, before: Word | None, each: Found) -> bool:
    surface = words.text[each.start : each.end]
    if before is None or words[first - 1] is not before or last - first > 3 or not surface[0].isupper():
        return False  # an article stands between: "in the Sun"
    if surface.isupper() or surface.lower() in vocabulary.NOT_PLACES or any(map(str.isdigit, surface)):
        return False
    if before.lower in _INTO:
        return each.label != "NORP" or not words.neighbours(last - 1) or words[last].lower in vocabulary.FUNCTION_WORDS
    if before.lower in {"to", "from"}:
        near = range(max(0, first - 7), first - 1)
        moved = any(words[index].lower in vocabulary.MOTIONS for index in near if words[index].sentence == before.sentence)
        return moved and each.label != "NORP" and (each.label != "PERSON" or last - first == 1)
    if before.lower == "of":
        owner = words.get(first - 2)
        return owner is not None and owner.lower in _PLACE_OF
    return False


def _before(words: Words, first: int) -> Word | None:
    """Give the word before a name, in the same sentence; an article is passed over."""
    index = first - 1
    while index >= 0 and words[index].sentence == words[first].sentence:
        if words[index].lower not in {"the", "a", "an"}:
            return words[index]
        index -= 1
    return None


def _after_titles(words: Words, spans: Sequence[Found]) -> list[Found]:
    """Make persons of the names behind titles: "Judge Amara Diallo", and of what a comma joins to an office."""
    kept = list(spans)
    for index, word in enumerate(words):
        if word.lower.rstrip(".") not in _PERSON_TITLES and word.parts[-1] not in role_words.OFFICES:
            continue
        first = index + 1
        if words.get(first) is not None and words[first].text == "." and words.gap(index) == "":
            first += 1
        if not word.is_capital or first >= len(words) or words[first].sentence != word.sentence:
            continue
        if words.gap(first - 1) not in {" ", "\u00a0"}:
            continue
        last = _name_from(words, first)
        if last > first:
            kept = _with_person(words, kept, first, last)
    return kept


def _name_from(words: Words, first: int) -> int:
    """Give the word after a person's name that begins at a word; the word itself where none does."""
    index = first
    while index < len(words) and index - first < 4:
        word = words[index]
        is_initial = len(word.text) <= 2 and word.text[0].isupper() and word.text.endswith(".")
        small = word.lower in _PARTICLES and index > first
        looks = word.text[:1].isupper() and any(map(str.islower, word.text)) and word.is_word and "'" not in word.text
        if not (looks or is_initial or small) or word.lower in HEAD_WORDS | vocabulary.COMMON_OPENERS:
            break
        if word.lower in role_words.OFFICES | role_words.POSTS | role_words.FIELDS:
            break
        index += 1
        if index < len(words) and not words.neighbours(index - 1):
            break
    while index > first and words[index - 1].lower in _PARTICLES:
        index -= 1
    return index


def _with_person(words: Words, spans: list[Found], first: int, last: int) -> list[Found]:
    start, end = words[first].start, words[last - 1].end
    touching = [each for each in spans if each.start < end and start < each.end]
    if any(each.label in {"GPE", "NORP", "DATE"} for each in touching):
        return spans
    if any(each.label == "PERSON" or each.end > end or each.start < start for each in touching):
        return spans
    was = touching[0].label if touching else ""
    person = Found(start, end, "PERSON", was=was, why="it stands behind a title")
    return [each for each in spans if each not in touching] + [person]


def _labelled(each: Found, label: str, labels: Collection[str], *, why: str = "") -> Found:
    if label == each.label or label not in labels:
        return each
    why = why or f"its words or those around it make it {label}"
    return replace(each, label=label, was=each.was or each.label, why=why)
