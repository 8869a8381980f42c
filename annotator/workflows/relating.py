"""Looks for relations again in a document whose entities are others now; its candidates for spans stay as they are."""

from __future__ import annotations

from dataclasses import replace

from annotator.model.annotation import RelationKey
from annotator.model.change import ChangeSet
from annotator.model.document import State
from annotator.model.errors import StaleError
from annotator.store import articles
from annotator.suggest.base import RELATIONS, Text
from annotator.workflows.machine import machine_of
from annotator.workflows.session import Session
from annotator.workflows.suggesting import settings_of
from annotator.workflows.texts_given import text_of


def relate(session: Session, document: int) -> bool:
    """Propose relations between what is accepted and what is likely now; tell whether any candidate is another.

    Nothing is done where no suggester was run yet, in finished documents, and where the person decided on a span
    meanwhile: whoever asks does so again after that.

    Raises:
        UserError: no suggester can run. Cancelled: the person stopped.
    """
    from annotator.suggest.ties import RELATION_SUGGESTERS

    settings = replace(settings_of(session), between=True)
    if not settings.runs(RELATIONS) or not settings.schema.relations or not _may_relate(session, document):
        return False
    mark = session.project.mark()
    text = _with_proposed(session, document)
    found = machine_of(session).propose([text], settings)[0]
    between = [each for each in found.proposals if isinstance(each.what, RelationKey)]
    with session.project.writing(tells=True):
        stands = session.project.stands(document, mark) or _with_proposed(session, document) == text
        if not stands or not _may_relate(session, document):
            return False
        changed = articles.set_relations(session.project, document, between, suggesters=RELATION_SUGGESTERS)
        if changed:
            articles.refresh_tally(session.project, document)
    if changed:
        session.tell(ChangeSet(documents=frozenset([document]), candidates=True))
    return changed


def _may_relate(session: Session, document: int) -> bool:
    try:
        is_open = session.document(document).state in (State.TODO, State.IN_PROGRESS)
    except StaleError:
        return False
    return is_open and articles.has_candidates(session.project, document)


def _with_proposed(session: Session, document: int) -> Text:
    left = session.annotations(document).undecided
    proposed = (
        each for readings in left for candidate in readings.candidates for each in candidate.proposals
    )
    return replace(text_of(session, document), proposed=tuple(proposed))
