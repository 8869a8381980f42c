"""Proposes the same words at other places, in one document or in all: candidates for a person to confirm.

Which places these are is looked for first; then all of them are proposed in one step, which undo takes back. What is
proposed stays when the suggesters run again, as a person asked for it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from annotator.editing.commands import ProposeSpans
from annotator.model.annotation import Fragment, Fragments, Span, SpanKey, fragments_of, surface
from annotator.model.article import Annotations
from annotator.model.document import State, Tokens
from annotator.model.errors import RuleError, StaleError
from annotator.store import batches
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import DocumentFilter, Session

CHUNK = 50
"""Documents between two reports."""
ALIKE = 50
"""Places at which the words of one decision are proposed at most."""
_LOOKED_BACK = 16
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
        step: row key of the step that proposed them, None where nothing was new.
        known: places that were candidates with this label already.
        finished: documents, done or skipped, that hold such places and were left alone.
    """

    added: int
    documents: int
    known: int
    finished: int
    step: int | None = None


def places_of(
    text: str, tokens: Tokens, words: str, start: int = 0, end: int | None = None
) -> Iterator[Fragments]:
    """Find where words stand in a text on token borders, in reading order, one by one as they are asked for.

    Args:
        start, end: code points between which is looked; the whole text where nothing is said.
    """
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return
    for match in re.compile(_BLANKS.join(parts)).finditer(text, start, len(text) if end is None else end):
        if tokens.on_borders(*match.span()):
            yield (Fragment(*match.span()),)


def propose_same_words(
    session: Session,
    wanted: SameWords,
    report: Report = silent,
    *,
    documents: Sequence[int] | None = None,
) -> SameWordsReport:
    """Make candidates of the same words in some documents, or in all that the index of words finds.

    Left alone is what an accepted span covers, what was rejected with this label, and documents that are done or
    skipped. All documents means those that exports take. A cancel leaves everything as it was.

    Raises:
        RuleError: no words, or no such label. Cancelled: the person stopped.
    """
    if not wanted.words.split():
        raise RuleError("There are no words to look for.", "Select some first.")
    if session.schema.entity(wanted.label) is None:
        raise RuleError(f"This project has no label {wanted.label}.")
    if documents is None:
        documents = _holding(session, wanted)
    found = _Found()
    report(0, len(documents), "Looking for the same words")
    passed = 0
    for chunk in batches.chunks(documents, CHUNK):
        for key, places in _places(session, chunk, wanted).items():
            found.take(
                key, *_left(session.annotations(key), places, wanted.label), is_open=_is_open(session, key)
            )
        passed += len(chunk)
        report(passed, len(documents), f"Looking for the same words, {passed:,} of {len(documents):,}")
    step = None
    if found.added:
        command = ProposeSpans(
            places=tuple(found.places), label=wanted.label, words=wanted.words, reason=wanted.reason
        )
        step = session.do(command).step
    return SameWordsReport(
        added=found.added,
        documents=found.documents,
        known=found.known,
        finished=found.finished,
        step=None if step is None else step.key,
    )


@dataclass(slots=True)
class _Found:
    """What was found so far, counted as `SameWordsReport` counts."""

    places: list[tuple[int, Fragments]] = field(default_factory=list)
    added: int = 0
    documents: int = 0
    known: int = 0
    finished: int = 0

    def take(self, key: int, new: Sequence[Fragments], known: Sequence[Fragments], *, is_open: bool) -> None:
        """Count the places of one document; those known are proposed as well, so that they stay."""
        if not is_open:
            self.finished += bool(new)
            return
        self.places += [(key, each) for each in (*new, *known)]
        self.added += len(new)
        self.documents += bool(new)
        self.known += len(known)


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


def alike_in(
    annotations: Annotations, text: str, tokens: Tokens, *, fragments: Fragments, label: str
) -> tuple[Fragments, ...]:
    """Give the other places of a document with the words of a span that are undecided and not proposed with its label.

    Args:
        annotations, text, tokens: of the document. fragments: of the span. label: its label.

    Returns:
        At most `ALIKE` places, those behind the span first.
    """
    words, begin = surface(text, fragments), fragments[0].start
    behind = (place for place in places_of(text, tokens, words, begin) if place != fragments)
    # Asked at every decision, in articles of thousands of spans: a common word is looked for as far as it takes.
    places = chain(behind, places_of(text, tokens, words, end=begin))
    left = (
        place
        for place in places
        if not _is_known(annotations, SpanKey(place, label)) and not _is_covered(annotations.spans, place[0])
    )
    return tuple(islice(left, ALIKE))


def _is_known(annotations: Annotations, what: SpanKey) -> bool:
    """Tell whether something was rejected, or is left to decide."""
    return bool(annotations.rejections_of(what)) or annotations.group_of(what) is not None


def _is_covered(spans: Sequence[Span], place: Fragment) -> bool:
    """Tell whether one of the spans just before the end of a place meets it.

    One that began long before is not found; what is proposed inside it is decided by it all the same.
    """
    index = bisect_left(spans, place.end, key=lambda span: span.fragments[0].start)
    return any(
        start < place.end and place.start < end
        for span in spans[max(0, index - _LOOKED_BACK) : index]
        for start, end in span.fragments
    )


def _left(
    annotations: Annotations, places: Sequence[Fragments], label: str
) -> tuple[list[Fragments], list[Fragments]]:
    """Give the places that nobody decided: those not proposed with this label, and those that are."""
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
