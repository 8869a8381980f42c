"""Finds where the same words are accepted with some label elsewhere in the project.

The words of a span are not stored, so documents are found by the index of words and read. What is looked at is
bounded (`PER_FORM`, `MOST_READ`, `LOOKED_THROUGH`), whatever the size of the project; what was not looked at is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from annotator.model.annotation import Fragments, surface
from annotator.model.errors import StaleError
from annotator.store.documents import text_of
from annotator.store.other_labels import accepted_labels, decided_documents_holding
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session

PER_FORM = 50
"""Documents in which one form is looked for."""
MOST_READ = 1_000
"""Documents that are read for all forms together."""
LOOKED_THROUGH = 20_000
"""Documents of the index of words that are looked through for one form."""


@dataclass(frozen=True, slots=True)
class LabelledPlace:
    """An accepted span: row keys of its document and itself, and its label."""

    document: int
    span: int
    label: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a form is accepted in other documents; `is_all` says that nothing was left out."""

    places: tuple[LabelledPlace, ...] = ()
    is_all: bool = True


def form_of(text: str, fragments: Fragments) -> str:
    """Give the words of a span as they are compared: case folded, blanks collapsed."""
    return " ".join(surface(text, fragments).split()).casefold()


def labels_elsewhere(
    session: Session, forms: Sequence[str], report: Report = silent, *, besides: int
) -> dict[str, Elsewhere]:
    """Look for forms among the accepted spans of all documents but one; every form gets an answer.

    Raises:
        Cancelled: the person stopped.
    """
    wanted = frozenset(forms)
    read: dict[int, dict[str, list[LabelledPlace]]] = {}
    found = {}
    for number, form in enumerate(forms):
        report(number, len(forms), "Comparing labels")
        documents = decided_documents_holding(
            session.project, form, besides=besides, looked_through=LOOKED_THROUGH, limit=PER_FORM + 1
        )
        is_all = len(documents) <= PER_FORM
        places: list[LabelledPlace] = []
        for document in documents[:PER_FORM]:
            if document not in read:
                if len(read) >= MOST_READ:
                    is_all = False
                    continue
                read[document] = _labelled(session, document, wanted)
            places += read[document].get(form, ())
        found[form] = Elsewhere(tuple(places), is_all)
    return found


def _labelled(session: Session, document: int, forms: Collection[str]) -> dict[str, list[LabelledPlace]]:
    """Give the accepted spans of a document whose words are among some forms."""
    found: defaultdict[str, list[LabelledPlace]] = defaultdict(list)
    try:
        text = text_of(session.project, document)
    except StaleError:  # removed meanwhile
        return found
    for span, label, fragments in accepted_labels(session.project, document):
        form = form_of(text, fragments)
        if form in forms:
            found[form].append(LabelledPlace(document, span, label))
    return found
