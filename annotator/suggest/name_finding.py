"""Adds names that a pipeline missed, where the words around them announce one. English only.

A title before it ("Judge Amara Diallo"), a telling last word ("the Kursk region"), the word "in", or a list of
examples ("cities such as ..."). Names are kept on a `Board`, so that none overlaps another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from annotator.suggest import name_words as vocabulary
from annotator.suggest import role_words
from annotator.suggest.fixes import Found
from annotator.suggest.name_shapes import HEAD_WORDS, is_name_word, kind_of, person_until
from annotator.suggest.word_sets import word_set
from annotator.suggest.words import Words

_TITLES = (
    role_words.OFFICES
    | role_words.SHORT_TITLES
    | role_words.ADDRESSES
    | word_set(
        """
    professor judge colonel captain lieutenant sergeant general admiral commander prosecutor coach
    justice inspector detective director king queen prince princess duke duchess pope bishop cardinal
    rabbi imam
    """
    )
)
_STRONG_HEADS = (
    vocabulary.FACILITIES
    | vocabulary.LANDSCAPES
    | word_set("championship championships olympics festival summit")
) - word_set("works plain plains road street mine lock dock circuit channel cape")
_OPENERS = frozenset({":", "including", "–", "—", "namely", "like"})


class Board:
    """The names found so far, by the words they stand on."""

    __slots__ = ("_at", "_found", "_words")

    def __init__(self, words: Words, found: Iterable[Found]) -> None:
        self._words = words
        self._found: dict[int, Found] = {}
        self._at: dict[int, set[int]] = {}
        for each in found:
            self.add(each)

    def add(self, each: Found) -> None:
        """Put a name on its words."""
        number = len(self._found)
        self._found[number] = each
        for index in range(*self._words.covering(each.start, each.end)):
            self._at.setdefault(index, set()).add(number)

    def is_free(self, first: int, last: int) -> bool:
        """Tell whether no name stands on the words `first` to `last`, `last` exclusive."""
        return not any(self._at.get(index) for index in range(first, last))

    def touching(self, first: int, last: int) -> list[Found]:
        """Give the names on the words `first` to `last`, in the order in which they came."""
        numbers = sorted({number for index in range(first, last) for number in self._at.get(index, ())})
        return [self._found[number] for number in numbers]

    def replace(self, first: int, last: int, label: str, why: str, *, kept: Collection[str]) -> None:
        """Put a new name on words, unless one on them reaches further or has one of the `kept` labels."""
        start, end = self._words[first].start, self._words[last - 1].end
        touching = self.touching(first, last)
        if any(each.start < start or each.end > end or each.label in kept for each in touching):
            return
        for index in range(first, last):
            for number in self._at.pop(index, set()):
                self._found[number] = Found(0, 0, "")
        self.add(Found(start, end, label, was=touching[0].label if touching else "", why=why))

    def names(self) -> list[Found]:
        """Give all names, in text order."""
        return sorted(
            (each for each in self._found.values() if each.end > each.start),
            key=lambda each: (each.start, each.end, each.label),
        )


def with_announced(words: Words, found: Iterable[Found], labels: Collection[str]) -> list[Found]:
    """Add the names that the words around them announce; only with labels that the pipeline knows."""
    board = Board(words, found)
    if "PERSON" in labels:
        _after_titles(words, board)
    _by_heads(words, board, labels)
    _by_examples(words, board, labels)
    if "GPE" in labels:
        _after_in(words, board)
    return board.names()


def _after_titles(words: Words, board: Board) -> None:
    """Make persons of the names behind titles."""
    for index, word in enumerate(words):
        if not word.is_capital or not (
            word.lower.rstrip(".") in _TITLES or word.parts[-1] in role_words.OFFICES
        ):
            continue
        first = index + 1
        stop = words.get(first)
        if stop is not None and stop.text == "." and words.gap(index) == "":
            first += 1
        if first >= len(words) or not words.neighbours(first - 1) or words[first].sentence != word.sentence:
            continue
        last = person_until(words, first)
        if last > first:
            board.replace(
                first, last, "PERSON", "it stands behind a title", kept={"PERSON", "GPE", "NORP", "DATE"}
            )


def _by_heads(words: Words, board: Board, labels: Collection[str]) -> None:
    """Add names that nothing but their last word tells: "the Kursk region", "Bergholm Bridge"."""
    for index, word in enumerate(words):
        small = word.lower in vocabulary.REGIONS and not word.is_capital
        if not small and not (word.is_capital and word.lower in _STRONG_HEADS):
            continue
        first = index
        while (
            words.neighbours(first - 1) and is_name_word(words, first - 1) and board.is_free(first - 1, first)
        ):
            first -= 1
        if first == index or not board.is_free(index, index + 1):
            continue
        if small and (first == 0 or words[first - 1].lower != "the"):
            continue
        label = "LOC" if small else kind_of(words, first, index + 1)
        if label in labels:
            why = f"it ends in “{word.text}”"
            board.add(Found(words[first].start, word.end, label, why=why, score=0.6))


def _after_in(words: Words, board: Board) -> None:
    """Add places that only "in" announces: "born in Eldoret"."""
    no_places = vocabulary.NOT_PLACES | vocabulary.MONTHS | vocabulary.DAYS | HEAD_WORDS
    for index, word in enumerate(words):
        if word.text != "in" or not words.neighbours(index) or not _is_running_text(words, index):
            continue
        first, last = index + 1, person_until(words, index + 1)
        if not 0 < last - first <= 2 or not board.is_free(first, last):
            continue
        if any(words[each].lower in no_places or words[each].text.isupper() for each in range(first, last)):
            continue
        following = words.get(last)
        if following is None or not words.neighbours(last - 1) or not following.is_capital:
            start, end = words[first].start, words[last - 1].end
            board.add(Found(start, end, "GPE", why="it stands behind “in”", score=0.55))


def _is_running_text(words: Words, index: int) -> bool:
    """Tell whether small words stand near; where all are large, as in some headlines, large ones say nothing."""
    near = (words[each] for each in range(max(0, index - 5), min(len(words), index + 6)))
    same = (word for word in near if word.sentence == words[index].sentence)
    return sum(word.text.islower() and len(word.text) > 3 for word in same) > 0


def _by_examples(words: Words, board: Board, labels: Collection[str]) -> None:
    """Label the names that follow their kind: "cities such as Odesa, Kharkiv and Kryvyy Rih"."""
    for index, word in enumerate(words):
        label = next((label for label, nouns in vocabulary.KINDS_OF.items() if word.lower in nouns), "")
        opener = _opener(words, index) if label in labels else 0
        if not opener:
            continue
        for first, last in _listed(words, opener):
            why = f"it is named as an example of {label}"
            board.replace(first, last, label, why, kept={"GPE", "LOC", "NORP", "DATE"})


def _opener(words: Words, index: int) -> int:
    """Give the first word of the examples that follow a noun within six words, 0 where none do."""
    for after in range(index + 1, min(index + 7, len(words))):
        word = words[after]
        if word.sentence != words[index].sentence or word.lower in {"and", "is", "are", "was", "were"}:
            return 0
        if word.lower in _OPENERS:
            return after + 1
        if word.lower == "such" and after + 1 < len(words) and words[after + 1].lower == "as":
            return after + 2
    return 0


def _listed(words: Words, index: int) -> list[tuple[int, int]]:
    """Give first word and last + 1 of each name of a list; a list needs a comma, "and" or "or" after a name."""
    found: list[tuple[int, int]] = []
    while index < len(words):
        last = index
        while last < len(words) and words[last].is_capital and last - index < 4:
            last += 1
            if not words.neighbours(last - 1):
                break
        if last == index:
            break
        found.append((index, last))
        index = last
        while index < min(len(words), last + 2) and words[index].lower in {",", "and", "or"}:
            index += 1
        if index == last or (index < len(words) and words[index].sentence != words[last - 1].sentence):
            break
    return found
