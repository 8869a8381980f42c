"""Looks in all documents for candidates alike: the same words, proposed for the same label."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.model.annotation import surface
from annotator.model.errors import RuleError, StaleError
from annotator.store.alike import proposing_words
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session

MOST = 500
"""Documents that are looked for at most: as many as one step may touch without keeping anybody waiting."""
_TOGETHER = 20
"""Documents between two reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What was found: the documents, by row key, and the undecided candidates in all of them.

    `more`: there may be further ones, as only so many documents were looked for.
    """

    label: str
    words: str
    documents: tuple[int, ...]
    count: int
    more: bool = False


def find_alike(
    session: Session,
    label: str,
    words: str,
    report: Report = silent,
    *,
    here: int | None = None,
    most: int = MOST,
) -> Alike:
    """Look for undecided candidates of a label over some words, in unfinished documents that exports take.

    In file order, but `here` (a row key) first; until they are found in `most` documents.

    Raises:
        RuleError: there is no such label. Cancelled: the person stopped.
    """
    if session.schema.entity(label) is None:
        raise RuleError(f"This project has no label {label}.")
    report(0, 0, "Looking for candidates alike")
    keys = sorted(proposing_words(session.project, label, words), key=lambda key: key != here)
    found: dict[int, int] = {}
    more = False
    for number, key in enumerate(keys):
        if len(found) == most:
            more = True
            break
        if number % _TOGETHER == 0:
            report(number, len(keys), "Looking for candidates alike")
        count = _count(session, key, label, words)
        if count:
            found[key] = count
    return Alike(label=label, words=words, documents=tuple(found), count=sum(found.values()), more=more)


def _count(session: Session, key: int, label: str, words: str) -> int:
    try:
        text, annotations = session.text(key), session.annotations(key)
    except StaleError:  # removed meanwhile
        return 0
    best = [readings.best for readings in annotations.undecided]
    return sum(each.label == label and surface(text, each.fragments) == words for each in best)
