"""Looks how many candidates would be accepted from a score on, in one document or in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.model.annotation import Kind
from annotator.model.errors import StaleError
from annotator.store.alike import left_to_decide
from annotator.workflows.alike import MOST
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session

_TOGETHER = 20
"""Documents between two reports."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of what is undecided in a document, of spans as they are drawn and of relations."""

    spans: tuple[float, ...] = ()
    relations: tuple[float, ...] = ()

    def of(self, kind: Kind) -> tuple[float, ...]:
        """Give those of spans or of relations."""
        return self.spans if kind is Kind.SPAN else self.relations


@dataclass(frozen=True, slots=True)
class Undecided:
    """What is undecided, by row key of the document; `more`: there are further documents, as so many are looked at."""

    documents: Mapping[int, Scores]
    more: bool = False

    def count(self, kind: Kind, minimum: float = 0.0) -> int:
        """Count the spans or relations with at least a score, 0 to 1."""
        return sum(score >= minimum for each in self.documents.values() for score in each.of(kind))

    def holding(self, kinds: tuple[Kind, ...], minimum: float) -> tuple[int, ...]:
        """List the documents with something of these kinds that has at least a score."""
        return tuple(
            key
            for key, each in self.documents.items()
            if any(score >= minimum for kind in kinds for score in each.of(kind))
        )


def undecided_in(session: Session, document: int) -> Undecided:
    """Give the scores of what is undecided in one document."""
    found = session.annotations(document)
    spans = tuple(each.best.score for each in found.undecided)
    return Undecided(
        {document: Scores(spans, tuple(each.candidate.score for each in found.undecided_relations))}
    )


def undecided_in_all(session: Session, report: Report = silent, *, most: int = MOST) -> Undecided:
    """Give the scores of what is undecided in the first unfinished documents that exports take, in file order.

    Raises:
        Cancelled: the person stopped.
    """
    keys = left_to_decide(session.project, limit=most + 1)
    found: dict[int, Scores] = {}
    for number, key in enumerate(keys[:most]):
        if number % _TOGETHER == 0:
            report(number, len(keys), "Counting candidates")
        try:
            found.update(undecided_in(session, key).documents)
        except StaleError:  # removed meanwhile
            continue
    return Undecided(found, more=len(keys) > most)
