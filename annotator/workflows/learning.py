"""Lets the suggesters learn from finished documents.

What was learnt is kept in a file (`suggesting.learnt_file`) and made anew from the decisions wherever that is missing,
or was made of other decisions, other types, or another pipeline's hints.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.model.errors import StaleError
from annotator.store import batches
from annotator.store.evidence import Finished, finished_by_hand
from annotator.suggest.base import Settings
from annotator.workflows.machine import machine_of
from annotator.workflows.queueing import Ranking, coming
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session
from annotator.workflows.suggesting import fine_tuned_file, learnt_file, settings_of, suggest
from annotator.workflows.texts_given import text_of

if TYPE_CHECKING:
    from annotator.suggest.teaching import Decided

CHUNK = 50
"""Documents that are handed over at once; between chunks a person may stop."""
AHEAD = 10
"""Documents whose candidates are made anew when something was learnt."""
MOST = 2_000
"""Documents that are learnt from at most; when there are more, the newest half of that begins anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnReport:
    """What was learnt: how many documents were taken in, whether all of them anew, how often the tagger was trained."""

    documents: int = 0
    anew: bool = False
    trainings: int = 0


def learn(session: Session, report: Report = silent) -> LearnReport:
    """Take in what was finished since the last time; begin anew where learnt decisions or types are others now.

    What was learnt before a cancel is kept.

    Raises:
        UserError: a suggester cannot run. Cancelled: the person stopped.
    """
    settings = settings_of(session)
    if not settings.learnt:
        return LearnReport()
    todo, anew = _to_learn(session, settings)
    if not todo and anew:
        forget_learnt(session)
        return LearnReport(anew=True)
    trainings = done = 0
    report(0, len(todo), "Learning")
    for chunk in batches.chunks(todo, CHUNK):
        decided = decided_in(session, chunk)
        trainings += machine_of(session).learn(decided, settings, anew=anew and not done)
        done += len(chunk)
        report(done, len(todo), f"Learning, {done:,} of {len(todo):,}")
    return LearnReport(documents=done, anew=anew, trainings=trainings)


def learn_ahead(
    session: Session,
    report: Report = silent,
    *,
    opened: Callable[[], int],
    ranking: Callable[[], Ranking | None] = lambda: None,
) -> LearnReport:
    """Learn, and make the candidates of the next documents to do anew where something was learnt.

    Args:
        session: an open project. report: told how far it is.
        opened: gives the row key of the document that is open by now; it is left as it is.
        ranking: gives the order in force by then; None for file order.

    Raises:
        UserError: a suggester cannot run. Cancelled: the person stopped.
    """
    done = learn(session, report)
    if done.documents:
        keys = coming(session, ranking(), opened(), count=AHEAD)
        suggest(session, report, documents=keys)
    return done


def forget_learnt(session: Session) -> None:
    """Delete what was learnt in a project; it is learnt anew from the decisions."""
    for path in (learnt_file(session), fine_tuned_file(session)):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def learnt_documents(session: Session, settings: Settings) -> list[Finished]:
    """Give the documents that were learnt, in their order; none where there is something to learn first."""
    from annotator.suggest.learning.keeping import known

    todo, anew = _to_learn(session, settings)
    before = known(settings.learnt)
    return [] if todo or anew or before is None else [Finished(*each) for each in before.lessons]


def _to_learn(session: Session, settings: Settings) -> tuple[list[Finished], bool]:
    """Give the documents to take in, in their order, and whether to begin anew with them."""
    from annotator.suggest.learning.keeping import known

    finished = finished_by_hand(session.project, imported=session.suggest_settings().imported_is_gold)
    evidence = {each.document: each.evidence for each in finished}
    _drop_unfit(settings, evidence)
    before = known(settings.learnt)
    is_sound = (
        before is not None
        and before.settings == settings.digest
        and before.labels <= {each.name for each in settings.schema.entities}
        and before.ties <= {each.name for each in settings.schema.relations}
        and all(evidence.get(document) == kept for document, kept in before.lessons)
    )
    if before is not None and is_sound:
        learnt = {document for document, _ in before.lessons}
        # What was finished before all that is learnt was left out, since there was more than `MOST`.
        first = next((at for at, each in enumerate(finished) if each.document in learnt), 0)
        new = [each for each in finished[first:] if each.document not in learnt]
        if len(learnt) + len(new) <= MOST:
            return new, False
    return finished if len(finished) <= MOST else finished[-MOST // 2 :], True


def _drop_unfit(settings: Settings, evidence: Mapping[int, str]) -> None:
    """Delete a fine-tuned pipeline that was made of other decisions, other types, or another pipeline."""
    from annotator.suggest.fine_tuned import fits, made

    before = made(settings.fine_tuned) if settings.fine_tuned else None
    if before is not None and not (
        fits(before, settings) and all(evidence.get(key) == kept for key, kept in before.lessons)
    ):
        with contextlib.suppress(OSError):
            Path(settings.fine_tuned).unlink(missing_ok=True)


def decided_in(session: Session, finished: Sequence[Finished]) -> list[Decided]:
    """Give documents with what was decided in them; those that were removed meanwhile are left out."""
    from annotator.suggest.teaching import Decided

    found = []
    for each in finished:
        with contextlib.suppress(StaleError):  # removed meanwhile
            found.append(Decided(text=text_of(session, each.document), evidence=each.evidence))
        session.project.rest()
    return found
