"""Proposes roles by rule: the office or title of one person, without nationality or organisation. English only.

What stands beside a phrase (`role_phrases.py`) says how sure it is: a person's name, an organisation or place, an
owner, a capital letter. Acts only where the schema has a label for roles. No library is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from annotator.model.annotation import SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.suggest import role_words as vocabulary
from annotator.suggest.base import ROLES, Settings, Suggestions, Text
from annotator.suggest.languages import base_language, guess_language
from annotator.suggest.mapping import label_for, meanings
from annotator.suggest.name_shapes import HEAD_WORDS
from annotator.suggest.role_phrases import Phrase, is_field, phrases
from annotator.suggest.word_sets import word_set
from annotator.suggest.words import Places, Word, Words

BEFORE_A_PERSON = 0.9
AFTER_A_PERSON = 0.88
BESIDE_A_BODY = 0.75
OWNED = 0.7
WRITTEN_LARGE = 0.7
ALONE = 0.55

_ARTICLES = word_set("the a an")
_COPULAS = word_set("is was are were became becomes remains as named appointed elected")
_APPOSITION = word_set(
    "acting interim current outgoing incoming longtime long serving veteran retired top late its first former once "
    "of and newly elected appointed designated local federal two time new then also 's ’s , ( “ ” \" ' ‘ ’"
)
_MAYBE_VERBS = word_set("head chair coach captain judge boss")
_PROFESSIONS = word_set("profession occupation job jobtitle trade")


@dataclass(frozen=True, slots=True)
class Role:
    """A role found in a text: code points, score 0 to 1, and why in words."""

    start: int
    end: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known around the roles: the places of persons' names, and of organisations, places and peoples."""

    persons: Places = field(default_factory=Places)
    bodies: Places = field(default_factory=Places)


class RoleSuggester:
    """Proposes roles beside persons, organisations and places, and offices by themselves."""

    name = "roles"
    version = "1"

    def __init__(self, settings: Settings) -> None:
        self.label = label_for("ROLE", settings.schema) if settings.runs(ROLES) else ""

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Propose roles for each text, beside the spans that were accepted in it."""
        return [self.propose_beside(each, each.accepted) for each in texts]

    def propose_beside(self, text: Text, known: Iterable[SpanKey]) -> Suggestions:
        """Propose roles for one text, beside spans that are known or supposed."""
        if not self.label or (base_language(text.language) or guess_language(text.text)) != "en":
            return Suggestions(document=text.document)
        trades = self.label.casefold() in _PROFESSIONS
        proposals = tuple(
            Proposal(
                what=SpanKey(fragments_of((role.start, role.end)), self.label),
                suggester=self.name,
                score=role.score,
                reason=role.reason,
            )
            for role in find_roles(Words(text.text, text.tokens), around(known), trades=trades)
            if text.tokens.on_borders(role.start, role.end)
        )
        return Suggestions(document=text.document, proposals=proposals)


def around(known: Iterable[SpanKey]) -> Around:
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
    return Around(persons=Places(persons), bodies=Places(bodies))


def find_roles(words: Words, known: Around, *, trades: bool = False) -> list[Role]:
    """Find the roles in a text, in text order and without overlaps; `trades` counts trades as roles too."""
    found = (_judged(words, phrase, known) for phrase in phrases(words, trades=trades))
    return [role for role in found if role is not None]


def _judged(words: Words, phrase: Phrase, known: Around) -> Role | None:
    """Score a phrase by what stands beside it; None where it is no role, or nothing says so."""
    holder = next((each for each in known.persons.touching(phrase.start, phrase.end)), None)
    if holder is not None:
        if not _is_title_of(words, phrase, holder):
            return None
        return Role(phrase.start, phrase.end, BEFORE_A_PERSON, "a title at the beginning of a name")
    if _name_follows(words, phrase, known) or _unknown_name_follows(words, phrase, known):
        return Role(phrase.start, phrase.end, BEFORE_A_PERSON, "a title right before a person's name")
    if any(
        start <= phrase.start and phrase.end < end
        for start, end in known.bodies.touching(phrase.start, phrase.end)
    ):
        return None  # a part of a longer name that goes on behind it
    if (phrase.core in vocabulary.NEVER_ALONE and not _is_modified(words, phrase)) or _is_verb(words, phrase):
        return None
    if _follows_person(words, phrase.first, known):
        return Role(phrase.start, phrase.end, AFTER_A_PERSON, "a title after a person's name")
    if _goes_on_in_name(words, phrase):
        return None
    score, reason = _without_person(words, phrase, known)
    return Role(phrase.start, phrase.end, score, reason) if score else None


def _is_title_of(words: Words, phrase: Phrase, holder: tuple[int, int]) -> bool:
    """Tell whether a phrase is the beginning of a name that was found with its title."""
    start, end = holder
    rest = words.between(phrase.end, end)
    return (
        start == phrase.start and bool(rest) and not (phrase.core in vocabulary.NAME_LIKE and len(rest) == 1)
    )


def _without_person(words: Words, phrase: Phrase, known: Around) -> tuple[float, str]:
    """Score a role that has no name beside it; 0 where nothing speaks for it."""
    modified = _is_modified(words, phrase) or phrase.last > phrase.head
    is_office = phrase.core in vocabulary.OFFICES
    is_clear = is_office or modified or phrase.core not in vocabulary.WEAK
    first = phrase.first
    before = words[first - 1].lower if first and words.neighbours(first - 1) else ""
    if _is_beside_body(words, phrase, known):
        return (BESIDE_A_BODY if is_clear else ALONE), "a title beside an organisation or a place"
    if before in vocabulary.OWNERS and is_clear:
        return OWNED, f"a title after “{before}”"
    if before in vocabulary.APPOINTING and (is_office or modified):
        return OWNED, f"a title after “{before}”"
    if is_office or (modified and phrase.core not in vocabulary.WEAK):
        inside = first > 0 and words[first - 1].sentence == words[first].sentence
        if words[phrase.head].is_capital and inside:
            return WRITTEN_LARGE, "a title written large"
        return ALONE, "a word for an office"
    if is_clear and before in {"the", *vocabulary.OWNERS}:
        return ALONE, "a word for an office"
    return 0.0, ""


def _is_modified(words: Words, phrase: Phrase) -> bool:
    return phrase.first < phrase.head or len(words[phrase.head].parts) > 1


def _is_verb(words: Words, phrase: Phrase) -> bool:
    """Tell whether "head" or "chair" is what somebody does: "envoys head for Moscow"."""
    if phrase.core not in _MAYBE_VERBS or phrase.is_modified or not words.neighbours(phrase.first - 1):
        return False
    before = words[phrase.first - 1].lower if phrase.first else ""
    if before in vocabulary.OWNERS or before in {"'s", "’s"}:
        return False
    return before.endswith("s") or before in {"to", "they", "we", "will", "would", "i", "you"}


def _name_follows(words: Words, phrase: Phrase, known: Around) -> bool:
    """Tell whether a known name begins right after a phrase: with a blank, a comma or a quote between."""
    person = known.persons.next(phrase.end)
    if person is None:
        return False
    gap = words.text[phrase.end : person[0]]
    return 0 < len(gap) <= 3 and gap.strip(" ,\u00a0“\"'‘") == "" and "\n" not in gap


def _unknown_name_follows(words: Words, phrase: Phrase, known: Around) -> bool:
    """Tell whether two capitalised words of no known span follow a title written large: a name nobody found."""
    last = phrase.last
    second, third = words.get(last + 1), words.get(last + 2)
    if second is None or third is None or not words[last].is_capital:
        return False
    if not words.neighbours(last) or not words.neighbours(last + 1):
        return False
    if known.bodies.touching(second.start, third.end):
        return False
    return all(
        word.is_capital and word.text[1:].islower() and word.text.isalpha() and not is_field(word)
        for word in (second, third)
    )


def _goes_on_in_name(words: Words, phrase: Phrase) -> bool:
    """Tell whether a title written large goes on in another large word: "Press Club", "Governor Street"."""
    last = phrase.last
    following = words.get(last + 1)
    if (
        following is None
        or not words.neighbours(last)
        or not following.is_capital
        or not following.text.isalpha()
    ):
        return False
    if not words[last].is_capital or (words[last].text.isupper() and len(words[last].text) > 1):
        return False
    return not (phrase.core in vocabulary.OFFICES and _may_be_surname(words, last + 1))


def _may_be_surname(words: Words, index: int) -> bool:
    """Tell whether a large word looks like a lone surname rather than the end of a longer name."""
    word, following = words[index], words.get(index + 1)
    if word.lower in HEAD_WORDS or is_field(word) or not word.text[1:].islower():
        return False
    return not (following is not None and words.neighbours(index) and following.is_capital)


def _follows_person(words: Words, first: int, known: Around) -> bool:
    """Tell whether a name stands up to eight words before: across a comma, or "is", "became", "as"."""
    person = known.persons.previous(words[first].start)
    if person is None or words[first].start - person[1] > 120:
        return False
    between = words.between(person[1], words[first].start)
    if not between or len(between) > 8 or between[0].sentence != words[first].sentence:
        return False
    if between[0].text == "," or (between[0].text == "(" and len(between) < 4):
        return all(_may_stand_in_apposition(word, known) for word in between[1:])
    if between[-1].lower in _ARTICLES | vocabulary.OWNERS:
        between = between[:-1]
    return 0 < len(between) <= 4 and between[-1].lower in _COPULAS


def _may_stand_in_apposition(word: Word, known: Around) -> bool:
    return (
        word.lower in _ARTICLES | vocabulary.OWNERS | _APPOSITION
        or word.is_capital
        or word.text.isdigit()
        or any(
            start <= word.start and word.end <= end
            for start, end in known.bodies.touching(word.start, word.end)
        )
    )


def _is_beside_body(words: Words, phrase: Phrase, known: Around) -> bool:
    """Tell whether an organisation, place or people owns the role: "Kremlin spokesman", "mayor of Valparaíso"."""
    before = known.bodies.previous(phrase.start)
    gap = words.text[before[1] : phrase.start] if before is not None else ""
    if before is not None and len(gap) <= 4 and gap.strip(" \u00a0") in {"", "'s", "’s", "'", "’"}:
        return True
    after = known.bodies.next(phrase.end)
    if after is None or after[0] - phrase.end > 40:
        return False
    between = words.between(phrase.end, after[0])
    return (
        0 < len(between) <= 3
        and between[0].lower in vocabulary.OF_WORDS - {"in", "with"}
        and all(word.lower in _ARTICLES | vocabulary.OWNERS for word in between[1:])
    )
