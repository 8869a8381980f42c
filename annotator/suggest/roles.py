"""Proposes roles by rule: the office or title of one person, without nationality or organisation. English only.

A role is a head word with the modifiers before it and the field after it ("deputy minister for transport"); what
stands beside it says how sure it is. Acts only where the schema has a label for roles. No library is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.model.annotation import SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.suggest import names
from annotator.suggest import role_words as vocabulary
from annotator.suggest.base import ROLES, Settings, Suggestions, Text
from annotator.suggest.languages import base_language, guess_language
from annotator.suggest.mapping import label_for, meanings
from annotator.suggest.words import Word, Words

BEFORE_A_PERSON = 0.9
AFTER_A_PERSON = 0.88
BESIDE_A_BODY = 0.75
OWNED = 0.7
WRITTEN_LARGE = 0.7
ALONE = 0.55

_ARTICLES = frozenset("the a an".split())
_COPULAS = frozenset("is was are were became becomes remains as".split())
_SIGNS = frozenset("“”\"'‘’")
_PROFESSIONS = frozenset("profession occupation job jobtitle trade".split())


@dataclass(frozen=True, slots=True)
class Role:
    """A role found in a text: code points, score 0 to 1, and why in words."""

    start: int
    end: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What is known around the roles, as stretches in code points: persons' names, and bodies or places."""

    persons: tuple[tuple[int, int], ...] = ()
    bodies: tuple[tuple[int, int], ...] = ()


class RoleSuggester:
    """Proposes roles beside persons, organisations and places, and offices by themselves."""

    name = "roles"
    version = "1"

    def __init__(self, settings: Settings) -> None:
        self._schema = settings.schema
        self.label = label_for("ROLE", settings.schema) if settings.runs(ROLES) else ""

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Propose roles for each text, beside the spans that were accepted in it."""
        return [self.propose_beside(each, each.accepted) for each in texts]

    def propose_beside(self, text: Text, known: Iterable[SpanKey]) -> Suggestions:
        """Propose roles for one text, beside spans that are known or supposed."""
        if not self.label or (base_language(text.language) or guess_language(text.text)) != "en":
            return Suggestions(document=text.document)
        trades = self.label.casefold() in _PROFESSIONS
        roles = find_roles(Words(text.text, text.tokens), near(known), trades=trades)
        proposals = tuple(
            Proposal(
                what=SpanKey(fragments_of((role.start, role.end)), self.label),
                suggester=self.name,
                score=role.score,
                reason=role.reason,
            )
            for role in roles
        )
        return Suggestions(document=text.document, proposals=proposals)


def near(known: Iterable[SpanKey]) -> Near:
    """Sort spans into persons and bodies by what their labels mean."""
    persons: list[tuple[int, int]] = []
    bodies: list[tuple[int, int]] = []
    for key in known:
        meaning = meanings(key.label)
        place = (key.fragments[0].start, key.fragments[-1].end)
        if "PERSON" in meaning:
            persons.append(place)
        elif meaning & {"ORG", "GPE", "NORP", "LOC", "FAC"}:
            bodies.append(place)
    return Near(persons=tuple(sorted(persons)), bodies=tuple(sorted(bodies)))


def find_roles(words: Words, around: Near, *, trades: bool = False) -> list[Role]:
    """Find the roles in a text, in text order and without overlaps; `trades` counts trades as roles too."""
    found: list[Role] = []
    index = 0
    while index < len(words):
        phrase = _phrase(words, index, trades=trades)
        if phrase is not None and (not found or words[phrase[0]].start >= found[-1].end):
            role = _judged(words, *phrase, around)
            if role is not None:
                found.append(role)
            index = max(index, phrase[2])
        index += 1
    return found


def _phrase(words: Words, head: int, *, trades: bool) -> tuple[int, int, int] | None:
    """Give first word, head word and last word of the role whose head stands at an index."""
    word = words[head]
    core = _core(word)
    is_trade = core in vocabulary.TRADES
    if core not in vocabulary.OFFICES and core not in vocabulary.POSTS and not is_trade:
        return None
    first = _with_modifiers(words, head)
    ranked = bool(vocabulary.RANKS & {part for index in range(first, head) for part in words[index].parts})
    if is_trade and not trades and not (ranked or vocabulary.RANKS & set(word.parts[:-1])):
        return None
    last = _with_tail(words, head, core)
    following = words.get(head + 1)
    if following is not None and words.neighbours(head) and last == head:
        after = _core(following)
        if after in vocabulary.TRADES and set(word.parts) <= vocabulary.RANKS and _fits(word, following):
            return None  # "head nurse"
        if after in vocabulary.OFFICES | vocabulary.POSTS and _modifies(word) and _fits(word, following):
            return None  # "chief executive", "attorney general": the head comes later
        if word.lower in vocabulary.MODIFIERS and following.lower in vocabulary.MODIFIERS and _fits(word, following):
            later = words.get(head + 2)
            if later is not None and _core(later) in vocabulary.OFFICES | vocabulary.POSTS:
                return None  # "chief press officer"
    return first, head, last


def _core(word: Word) -> str:
    """Give the head of a word: `president` for Vice-President, President-elect and vice president."""
    parts = word.parts
    while len(parts) > 1 and (parts[-1],) in vocabulary.TAILS and parts[-2] in vocabulary.TAILS[(parts[-1],)]:
        parts = parts[:-1]
    if len(parts) == 3 and parts[1:] == ("in", "chief"):
        parts = parts[:1]
    if len(parts) > 1 and not all(part in vocabulary.MODIFIERS or part in {"co", "ex"} for part in parts[:-1]):
        return ""
    return parts[-1]


def _modifies(word: Word) -> bool:
    return all(part in vocabulary.MODIFIERS for part in word.parts)


def _fits(first: Word, second: Word) -> bool:
    """Tell whether two words of a role are written alike: both large, or the second small."""
    return first.is_capital == second.is_capital or (first.is_capital and not second.is_capital)


def _with_modifiers(words: Words, head: int) -> int:
    first = head
    while first > 0 and words.neighbours(first - 1):
        before = words[first - 1]
        if not _modifies(before):
            if not _is_joined_modifier(words, first - 1):
                break
            first -= 2
            continue
        if words[first].is_capital and not before.is_capital and not words[head].text.isupper():
            break  # "former military Governor": small words stay outside a title written large
        first -= 1
    while first < head and words[first].lower == "state" and not words[first].is_capital:
        first += 1
    return first


def _is_joined_modifier(words: Words, index: int) -> bool:
    """Tell whether "and" at an index joins two modifiers: "foreign and defence minister"."""
    before = words.get(index - 1)
    return (
        words[index].lower == "and"
        and before is not None
        and words.neighbours(index - 1)
        and _modifies(before)
        and before.is_capital == words[index + 1].is_capital
    )


def _with_tail(words: Words, head: int, core: str) -> int:
    """Give the last word of a role: its tail ("general", "in chief") or field ("of physics") taken in."""
    for tail, heads in vocabulary.TAILS.items():
        if core in heads and _follow(words, head, tail):
            return head + len(tail)
    joint = words.get(head + 1)
    if core not in vocabulary.FIELD_HEADS or joint is None or joint.lower not in {"of", "for"}:
        return head
    if not words.neighbours(head):
        return head
    index = head + 2
    following = words.get(index)
    if following is not None and following.lower == "the" and words.neighbours(index):
        index += 1
    last = head
    while (word := words.get(index)) is not None and words.neighbours(index - 1):
        if not _is_field(word) or (word.is_capital and not words[head].is_capital):
            break
        last = index
        joint = words.get(index + 1)
        index += 2 if joint is not None and joint.lower == "and" and words.neighbours(index) else 1
    if words.get(head + 2) is not None and words[head + 2].lower == "the" and last > head:
        # "of the treasury" is a field, "of the research council" is a body
        following = words.get(last + 1)
        if following is not None and words.neighbours(last) and following.is_capital:
            return head
    return last


def _is_field(word: Word) -> bool:
    return all(part in vocabulary.FIELDS or part.endswith(vocabulary.FIELD_ENDINGS) for part in word.parts)


def _follow(words: Words, index: int, tail: tuple[str, ...]) -> bool:
    for offset, expected in enumerate(tail, start=1):
        word = words.get(index + offset)
        if word is None or word.lower != expected or not words.neighbours(index + offset - 1):
            return False
    return True


def _judged(words: Words, first: int, head: int, last: int, around: Near) -> Role | None:
    """Score a phrase by what stands beside it; None where it is no role, or nothing says so."""
    start = _start(words[first])
    end = words[last].end
    core = _core(words[head])
    person = _begins_at(around.persons, words, last)
    holder = next((place for place in around.persons if place[0] <= start and end <= place[1]), None)
    if holder is not None:
        rest = words.between(end, holder[1])
        if holder[0] != start or not rest or (core in vocabulary.NAME_LIKE and len(rest) == 1):
            return None
        return Role(start, end, BEFORE_A_PERSON, "a title at the beginning of a name")
    modified = first < head or len(words[head].parts) > 1
    if person or _names_follow(words, last, around):
        return Role(start, end, BEFORE_A_PERSON, "a title right before a person's name")
    if _is_inside(around.bodies, words, first, last):
        return None
    if (core in vocabulary.NEVER_ALONE and not modified) or _is_verb(words, first, last, core):
        return None
    if _follows_person(words, first, around):
        return Role(start, end, AFTER_A_PERSON, "a title after a person's name")
    if _goes_on_in_name(words, last) and not (core in vocabulary.OFFICES and _may_be_surname(words, last + 1)):
        return None
    return _without_person(words, first, head, last, around)


def _without_person(words: Words, first: int, head: int, last: int, around: Near) -> Role | None:
    """Score a role that has no name beside it."""
    start, end = _start(words[first]), words[last].end
    core = _core(words[head])
    modified = first < head or len(words[head].parts) > 1 or last > head
    before = words.get(first - 1) if first and words.neighbours(first - 1) else None
    is_office = core in vocabulary.OFFICES
    if _beside_body(words, first, last, around):
        score = BESIDE_A_BODY if is_office or core not in vocabulary.WEAK or modified else ALONE
        return Role(start, end, score, "a title beside an organisation or a place")
    if before is not None and before.lower in vocabulary.OWNERS and (is_office or core not in vocabulary.WEAK or modified):
        return Role(start, end, OWNED, f"a title after “{before.lower}”")
    if before is not None and before.lower in vocabulary.APPOINTING and (is_office or modified):
        return Role(start, end, OWNED, f"a title after “{before.lower}”")
    if is_office or (modified and core not in vocabulary.WEAK):
        large = words[head].is_capital and first > 0 and words[first - 1].sentence == words[first].sentence
        score = WRITTEN_LARGE if large else ALONE
        return Role(start, end, score, "a title written large" if large else "a word for an office")
    if (modified or core not in vocabulary.WEAK) and _has_article(words, first):
        return Role(start, end, ALONE, "a word for an office")
    return None


def _is_verb(words: Words, first: int, last: int, core: str) -> bool:
    """Tell whether "head" or "chair" is what somebody does: "envoys head for Moscow"."""
    following = words.get(last + 1)
    if core not in {"head", "chair", "coach", "captain", "judge", "boss"} or first != last or following is None:
        return False
    before = words.get(first - 1)
    plural = before is not None and words.neighbours(first - 1) and (before.lower.endswith("s") or before.lower in {"to", "they", "we", "will"})
    return plural and before is not None and before.text not in {"'s", "’s"} and before.lower not in vocabulary.OWNERS


def _has_article(words: Words, first: int) -> bool:
    before = words.get(first - 1)
    return before is not None and before.lower in {"the", *vocabulary.OWNERS}


def _start(word: Word) -> int:
    """Leave "ex-" outside."""
    return word.start + 3 if word.parts[0] == "ex" and len(word.parts) > 1 else word.start


def _begins_at(places: Sequence[tuple[int, int]], words: Words, last: int) -> bool:
    """Tell whether a place begins right after a word: with a blank, a comma or a quote between."""
    end = words[last].end
    for start, _ in places:
        if start >= end:
            gap = words.text[end:start]
            return len(gap) <= 3 and gap.strip(" ,\u00a0“\"'‘") == "" and "\n" not in gap and bool(gap)
    return False


def _names_follow(words: Words, last: int, around: Near) -> bool:
    """Tell whether two capitalised words of no known span follow a title written large: a name nobody found."""
    if not words[last].is_capital or not words.neighbours(last):
        return False
    second, third = words.get(last + 1), words.get(last + 2)
    if second is None or third is None or not words.neighbours(last + 1):
        return False
    if any(start < third.end and second.start < end for start, end in around.bodies):
        return False
    return all(
        word.text[:1].isupper() and word.text[1:].islower() and word.text.isalpha() and not _is_field(word)
        for word in (second, third)
    )


def _is_inside(places: Sequence[tuple[int, int]], words: Words, first: int, last: int) -> bool:
    """Tell whether a phrase is a part of a longer name that goes on behind it."""
    return any(
        start <= words[first].start and words[last].end < end for start, end in places
    )


def _goes_on_in_name(words: Words, last: int) -> bool:
    """Tell whether a title written large goes on in another large word: "Press Club", "Governor Street"."""
    following = words.get(last + 1)
    return (
        following is not None
        and words[last].is_capital
        and words.neighbours(last)
        and following.is_capital
        and following.text.isalpha()
        and not (words[last].text.isupper() and len(words[last].text) > 1)
    )


def _may_be_surname(words: Words, index: int) -> bool:
    """Tell whether a large word looks like a lone surname rather than the end of a longer name."""
    word, following = words[index], words.get(index + 1)
    if word.lower in names.HEAD_WORDS or _is_field(word) or not word.text[1:].islower():
        return False
    return not (following is not None and words.neighbours(index) and following.is_capital)


def _follows_person(words: Words, first: int, around: Near) -> bool:
    """Tell whether a name stands up to seven words before: across a comma, or "is", "became", "as"."""
    start = words[first].start
    end = max((end for _, end in around.persons if end <= start), default=-1)
    if end < 0:
        return False
    between = words.between(end, start)
    if not between or len(between) > 8 or between[0].sentence != words[first].sentence:
        return False
    if between[0].text == "," or (between[0].text == "(" and len(between) < 4):
        return all(_may_stand_in_apposition(word, around) for word in between[1:])
    if between[-1].lower in _ARTICLES | vocabulary.OWNERS:
        between = between[:-1]
    appointed = {"named", "appointed", "elected", *_COPULAS}
    return bool(between) and between[-1].lower in appointed and len(between) <= 4


def _may_stand_in_apposition(word: Word, around: Near) -> bool:
    if word.lower in _ARTICLES | vocabulary.OWNERS | {"of", "and", "'s", "’s", "former", "new", "then", "also"}:
        return True
    if any(start <= word.start and word.end <= end for start, end in around.bodies):
        return True
    if word.text in {",", "(", "."} or word.text in _SIGNS:
        return word.text != "."
    return word.is_capital or word.text.isdigit() or word.lower in _APPOSITION


_APPOSITION = frozenset(
    "acting interim current outgoing incoming longtime long serving veteran retired top late its first former once "
    "newly elected appointed designated local federal 's two time".split()
)


def _beside_body(words: Words, first: int, last: int, around: Near) -> bool:
    """Tell whether an organisation, place or people owns the role: "Kremlin spokesman", "mayor of Valparaíso"."""
    start, end = words[first].start, words[last].end
    for body_start, body_end in around.bodies:
        if body_end <= start and words.text[body_end:start].strip(" \u00a0") in {"", "'s", "’s", "'", "’"}:
            return start - body_end <= 4
        if body_start >= end:
            between = words.between(end, body_start)
            return (
                0 < len(between) <= 3
                and between[0].lower in vocabulary.OF_WORDS - {"in", "with"}
                and all(word.lower in _ARTICLES | vocabulary.OWNERS for word in between[1:])
            )
    return False
