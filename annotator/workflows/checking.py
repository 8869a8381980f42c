"""Verifies all rules of a project and names each that does not hold; writes nothing.

The file comes first, then every document, then the journal. Documents are read one after the other, so that a project
of any size can be checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from annotator.model.breach import Breach
from annotator.model.errors import Cancelled, UserError
from annotator.quality.checking import Article, breaches_in
from annotator.store.checking import Found, count_all, documents_found, file_breaches, is_searchable
from annotator.store.checking_journal import journal_breaches
from annotator.store.foreign import ForeignError
from annotator.store.project import Project
from annotator.workflows.problems import common_words
from annotator.workflows.reporting import Report, silent

LISTED = 1000
"""Most breaches that a report lists; it counts them all."""
FIRST = 5
"""Most breaches of one kind that are kept beside those that are listed."""
SEARCHED = 2000
"""How many documents, spread over the project, are looked up in the index of words."""
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Breaches that say the same of different places: how many there are, and the first of them, `FIRST` at most."""

    rule: str
    words: str
    count: int
    first: tuple[Breach, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a check came to.

    `breaches` lists at most `LISTED` of them, `total` and, of those alike, `kinds` count them all.
    """

    documents: int
    breaches: tuple[Breach, ...]
    total: int
    kinds: tuple[Alike, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Tell whether every rule holds."""
        return self.total == 0


def check_project(path: Path, report: Report = silent) -> CheckReport:
    """Verify all rules of a project file that nobody needs to close for it.

    Raises:
        ProjectError: it cannot be opened. Cancelled: the person stopped.
    """
    try:
        project = Project.open(path, annotator="", read_only=True)
    except ForeignError as error:
        found = [
            Breach(rule="foreign", message=f"It holds what annotator did not make: {thing}.")
            for thing in error.things
        ]
        return _Breaches(found).report(documents=0)
    try:
        return check(project, report)
    finally:
        project.close()


def check(project: Project, report: Report = silent) -> CheckReport:
    """Verify all rules of an open project; raises `Cancelled` where the person stopped."""
    report(0, 0, "Checking the file")
    stages = (_whole(project), _documents(project, report), _journal(project, report))
    return _Breaches(chain.from_iterable(stages)).report(documents=_counted(project))


class _Breaches:
    """Counts breaches, and keeps some."""

    def __init__(self, found: Iterable[Breach]) -> None:
        self._total = 0
        self._kept: list[Breach] = []
        self._alike: dict[tuple[str, str], list[Breach]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        for breach in found:
            self._take(breach)

    def _take(self, breach: Breach) -> None:
        self._total += 1
        if len(self._kept) < LISTED:
            self._kept.append(breach)
        kind = (breach.rule, common_words(breach.message))
        if kind not in self._counts and len(self._counts) >= LISTED:
            kind = (breach.rule, "…")
        self._counts[kind] += 1
        if self._counts[kind] <= FIRST:
            self._alike.setdefault(kind, []).append(breach)

    def report(self, *, documents: int) -> CheckReport:
        """Give what was found."""
        return CheckReport(
            documents=documents,
            breaches=tuple(self._kept),
            total=self._total,
            kinds=tuple(
                Alike(rule=rule, words=words, count=count, first=tuple(self._alike[rule, words]))
                for (rule, words), count in self._counts.items()
            ),
        )


def _counted(project: Project) -> int:
    try:
        return count_all(project)
    except UserError:
        return 0


def _whole(project: Project) -> Iterator[Breach]:
    yield from _surely("file", lambda: file_breaches(project))


def _surely(rule: str, find: Callable[[], Iterator[Breach]]) -> Iterator[Breach]:
    """Give what is found until the file cannot be read any further, and then that."""
    try:
        yield from find()
    except Cancelled:
        raise
    except UserError as error:
        yield Breach(rule=rule, message=f"It cannot be read any further: {error.what}")


def _documents(project: Project, report: Report) -> Iterator[Breach]:
    def find() -> Iterator[Breach]:
        total = count_all(project)
        step = max(1, total // SEARCHED)
        for number, found in enumerate(documents_found(project)):
            if number % 50 == 0:
                report(number, total, "Checking documents")
            yield from _document(project, found, sampled=number % step == 0)

    yield from _surely("document", find)


def _document(project: Project, found: Found, *, sampled: bool) -> Iterator[Breach]:
    yield from found.breaches
    if found.document is not None:
        article = Article(
            document=found.document,
            text=found.text,
            tokens=found.tokens,
            layers=found.layers,
            spans=found.spans,
            relations=found.relations,
            rejections=found.rejections,
            proposals=found.proposals,
            seen=found.seen,
            undecided=0 if found.counted is None else found.counted[3],
        )
        yield from breaches_in(article, project.types.schema)
    if found.counted is not None and found.tally != found.counted:
        message = f"Its counts are kept as {found.tally}, but they are {found.counted}."
        yield Breach(rule="tally", message=message, document=found.key)
    if sampled and found.text is not None and found.seen:
        word = _WORD.search(found.text)
        if word is not None and not is_searchable(project, found.key, word.group()[:40]):
            message = f"The index of words does not find it by {word.group()[:40]!r}."
            yield Breach(rule="search", message=message, document=found.key)


def _journal(project: Project, report: Report) -> Iterator[Breach]:
    report(0, 0, "Checking the journal")
    yield from _surely("journal", lambda: journal_breaches(project))
