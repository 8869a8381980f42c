"""Makes pages and lessons of marked-up words: `[Ada](PERSON) met [Bob](PERSON)`."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.suggest.base import Text
from annotator.suggest.hints import Heard, Hint
from annotator.suggest.learning.learner import Learner
from annotator.suggest.learning.pages import Lesson, Page, Place, page_of, place_of
from tests.builders import marked, plain_tokens


def a_page(written: str, *hints: tuple[str, str, str], document: int = 1, score: float = 0.8) -> Page:
    """Make a page; each hint is words, what the pipeline says, and the project's label."""
    text, _ = marked(written)
    tokens = plain_tokens(text)
    told = []
    for words, said, label in hints:
        start = text.index(words)
        first, last = tokens.covering(start, start + len(words))
        told.append(Hint(first, last, label, "pipe", said, score, f"pipe says {said}"))
    heard = Heard(text=Text(document=document, text=text, language="en", tokens=tokens), hints=tuple(told))
    return page_of(heard)


def a_lesson(
    written: str,
    *hints: tuple[str, str, str],
    document: int = 1,
    rejected: Iterable[tuple[str, str]] = (),
) -> Lesson:
    """Make a lesson whose marked words are gold; each rejection is words and a label."""
    text, spans = marked(written)
    tokens = plain_tokens(text)
    gold = tuple(place for key in spans if (place := place_of(key, tokens)) is not None)
    wrong = []
    for words, label in rejected:
        start = text.index(words)
        wrong.append(Place(*tokens.covering(start, start + len(words)), label))
    return Lesson(page=a_page(written, *hints, document=document), gold=gold, rejected=tuple(wrong))


def taught(*lessons: Lesson) -> Learner:
    """Make a learner that learnt some lessons and trains when it is time to."""
    learner = Learner()
    for lesson in lessons:
        learner.learn(lesson)
        if learner.is_due:
            learner.train()
    return learner


def scores(learner: Learner, page: Page) -> dict[tuple[str, str], float]:
    """Give the score of each span that is proposed, by its words and label."""
    return {
        (" ".join(page.words[each.place.first : each.place.last]), each.place.label): each.score
        for each in learner.propose(page)
    }


NAMES = (
    "Ada Lovelace",
    "Bob Stone",
    "Cleo Marsh",
    "Dan Reeves",
    "Eve Turner",
    "Fay Holt",
    "Gus Payne",
    "Hal Moss",
)
TOWNS = ("Odda", "Bergen", "Lyon", "Turin", "Graz", "Porto", "Cork", "Ghent")


def a_corpus(count: int) -> list[Lesson]:
    """Make lessons in which persons visit towns, each with names of its own turn."""
    return [
        a_lesson(
            f"[{NAMES[number % 8]}](PERSON) went to [{TOWNS[(number * 3) % 8]}](GPE) on a train.\n"
            f"In [{TOWNS[(number * 5 + 1) % 8]}](GPE) they met [{NAMES[(number + 3) % 8]}](PERSON) again.",
            document=number + 1,
        )
        for number in range(count)
    ]
