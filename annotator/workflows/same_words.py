"""Proposes the same words at other places, in one document or in all: candidates for a person to confirm.

Nothing is decided here. What is proposed stays when the suggesters run again, as a person asked for it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.model.annotation import Fragment, Fragments, Span, SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.model.change import ChangeSet
from annotator.model.document import State, Tokens
from annotator.model.errors import RuleError, StaleError
from annotator.store import articles, batches
from annotator.store.articles import SAME_WORDS
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import DocumentFilter, Session

SCORE = 0.75
"""Score of what is proposed."""
CHUNK = 50
"""Documents that are written at once."""
_BLANKS = r"(?:[^\S\r\n]+|[^\S\r\n]*(?:\r\n|\r|\n)[^\S\r\n]*)"
"""Blanks between two words: on one line, or with one line end; an empty line parts what belongs to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameWords:
    """What to look for.

    Args:
        words: as they stand in a text, case included; any blanks in them stand for any blanks.
        label: entity type to propose. reason: why, as a person reads it.
        asked_at: row key of a document and the fragments there that are not proposed, being what was asked from.
    """

    words: str
    label: str
    reason: str
    asked_at: tuple[int, Fragments] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SameWordsReport:
    """What was found.

    Args:
        added: places that are candidates with this label now and were not. documents: in how many documents.
        known: places that were candidates with this label already.
        finished: documents, done or skipped, that hold such places and were left alone.
    """

    added: int
    documents: int
    known: int
    finished: int


def places_of(text: str, tokens: Tokens, words: str) -> list[Fragments]:
    """List where words stand in a text on token borders, in reading order."""
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return []
    found = re.finditer(_BLANKS.join(parts), text)
    return [(Fragment(*match.span()),) for match in found if tokens.on_borders(*match.span())]


def propose_same_words(
    session: Session,
    wanted: SameWords,
    report: Report = silent,
    *,
    documents: Sequence[int] | None = None,
) -> SameWordsReport:
    """Make candidates of the same words in some documents, or in all that the index of words finds.

    Left alone is what an accepted span covers, what was rejected with this label, and documents that are done or
    skipped. All documents means those that exports take. What was made before a cancel is kept.

    Raises:
        RuleError: no words, or no such label. Cancelled: the person stopped.
    """
    if not wanted.words.split():
        raise RuleError("There are no words to look for.", "Select some first.")
    if session.schema.entity(wanted.label) is None:
        raise RuleError(f"This project has no label {wanted.label}.")
    if documents is None:
        documents = _holding(session, wanted)
    added = known = changed = finished = passed = 0
    report(0, len(documents), "Looking for the same words")
    for chunk in batches.chunks(documents, CHUNK):
        places = _places(session, chunk, wanted)
        touched: set[int] = set()
        if places:
            with session.project.writing():
                for key, found in places.items():
                    new, there = _left(session, key, found, wanted.label)
                    if not _is_open(session, key):
                        finished += bool(new)
                        continue
                    known += len(there)
                    if new or there:
                        _add(session, key, [*new, *there], wanted)
                        touched.add(key)
                        added += len(new)
                        changed += bool(new)
        if touched:
            session.tell(ChangeSet(documents=frozenset(touched), candidates=True))
        passed += len(chunk)
        report(passed, len(documents), f"Looking for the same words, {passed:,} of {len(documents):,}")
    return SameWordsReport(added=added, documents=changed, known=known, finished=finished)


def _holding(session: Session, wanted: SameWords) -> list[int]:
    """List the documents in which the words may stand; what has no letters or digits is not in the index."""
    has_letters = any(map(str.isalnum, wanted.words))
    asked = DocumentFilter(text=wanted.words if has_letters else "", excluded=False)
    keys = session.document_keys(asked)
    if wanted.asked_at is not None and wanted.asked_at[0] not in keys:
        keys.append(wanted.asked_at[0])
    return keys


def _places(session: Session, keys: Iterable[int], wanted: SameWords) -> dict[int, list[Fragments]]:
    found = {}
    for key in keys:
        try:
            text, tokens = session.text(key), session.tokens(key)
        except StaleError:  # removed meanwhile
            continue
        places = [each for each in places_of(text, tokens, wanted.words) if (key, each) != wanted.asked_at]
        if places:
            found[key] = places
    return found


def _left(
    session: Session, key: int, places: Sequence[Fragments], label: str
) -> tuple[list[Fragments], list[Fragments]]:
    """Give the places that nobody decided: those not proposed with this label, and those that are."""
    annotations = session.annotations(key)
    covered = _Covered(annotations.spans)
    rejected = {each.what for each in annotations.rejections}
    proposed = {each.what for readings in annotations.undecided for each in readings.candidates}
    new: list[Fragments] = []
    there: list[Fragments] = []
    for place in places:
        what = SpanKey(place, label)
        if what in rejected or covered.meets(place[0]):
            continue
        (there if what in proposed else new).append(place)
    return new, there


def _is_open(session: Session, key: int) -> bool:
    try:
        return session.document(key).state in (State.TODO, State.IN_PROGRESS)
    except StaleError:
        return False


def _add(session: Session, key: int, places: Sequence[Fragments], wanted: SameWords) -> None:
    proposals = [
        Proposal(what=SpanKey(place, wanted.label), suggester=SAME_WORDS, score=SCORE, reason=wanted.reason)
        for place in places
    ]
    articles.add_candidates(session.project, key, proposals)
    articles.refresh_tally(session.project, key)


class _Covered:
    """The stretches of a text that spans cover, to ask whether another one meets them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        joined = fragments_of(*(pair for span in spans for pair in span.fragments))
        self._starts = [start for start, _ in joined]
        self._ends = [end for _, end in joined]

    def meets(self, place: Fragment) -> bool:
        """Tell whether a stretch shares a character with one of them."""
        before = bisect_left(self._starts, place.end) - 1
        return before >= 0 and self._ends[before] > place.start
