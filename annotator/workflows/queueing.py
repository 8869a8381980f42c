"""In which order documents are worked through: as the file has them, or one that serves the work better.

File order needs nothing of this: pages of it are asked for by key. Any other order is made once, for all documents, and
kept as a list of row keys until somebody asks for it anew: what is listed does not move under the hands. A filter
narrows it.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.model.document import State
from annotator.store import ordering
from annotator.store.documents import UNFINISHED
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import DocumentFilter, Session

ENOUGH = 50
"""Finished documents from which on the most useful next one can be told."""
_IN_FILE_ORDER = 4
"""Every fourth of the most useful documents comes from file order, so that not only hard ones are read."""
_BEGUN = 200
"""Documents in work that are looked at for such as came so with an import."""
_SETTING = "order"


class Order(StrEnum):
    """An order of documents."""

    FILE = "file"
    CANDIDATES = "candidates"
    RANDOM = "random"
    USEFUL = "useful"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Documents in an order, by row key; `places` tells where each stands, counted from 0."""

    keys: array[int]
    places: dict[int, int] = field(default_factory=dict)


def ranking_of(keys: Iterable[int]) -> Ranking:
    """Make a ranking of row keys that stand in order."""
    listed = array("q", keys)
    return Ranking(listed, {key: place for place, key in enumerate(listed)})


def ranked(session: Session, order: Order, report: Report = silent) -> array[int]:
    """Give the row keys of all documents in an order; takes a moment in large projects.

    Raises:
        Cancelled: the person stopped.
    """
    with ordering.stoppable(session.project, lambda: report(0, 0, "Putting documents in order")):
        match order:
            case Order.FILE:
                return array("q", session.document_keys())
            case Order.CANDIDATES:
                return ordering.by_candidates(session.project)
            case Order.RANDOM:
                return ordering.at_random(session.project)
            case Order.USEFUL:
                return _useful(ordering.by_doubt(session.project), session.document_keys())


def narrowed(session: Session, keys: array[int], wanted: DocumentFilter) -> Ranking:
    """Give what a filter leaves of documents in an order; those that came since stand at the end."""
    left = dict.fromkeys(session.document_keys(wanted))
    known = [key for key in keys if key in left]
    for key in known:
        del left[key]
    return ranking_of([*known, *left])


def following(
    session: Session, ranking: Ranking, key: int | None, *, forward: bool = True, unfinished: bool = False
) -> int | None:
    """Give the document after or before another one, from the beginning where that is not listed (or None).

    `unfinished` passes over done and skipped ones; documents that went meanwhile are passed over in any case.
    """
    states = UNFINISHED if unfinished else tuple(State)
    return next(_from(session, ranking, key, states, forward=forward), None)


def coming(session: Session, ranking: Ranking | None, key: int, *, count: int) -> list[int]:
    """List the next documents behind another one in which nobody decided anything, in an order or as the file has them.

    Documents that came with decisions by an import are among them; what a person began is not.
    """
    if ranking is None:
        todo = session.keys_between(DocumentFilter(state=State.TODO), after=key, limit=count)
        begun = session.keys_between(DocumentFilter(state=State.IN_PROGRESS), after=key, limit=_BEGUN)
        return sorted({*todo, *ordering.untouched(session.project, begun)})[:count]
    unfinished = list(itertools.islice(_from(session, ranking, key, UNFINISHED), count + _BEGUN))
    there = ordering.untouched(session.project, unfinished)
    return [each for each in unfinished if each in there][:count]


def _from(
    session: Session, ranking: Ranking, key: int | None, states: Sequence[State], *, forward: bool = True
) -> Iterator[int]:
    """Yield the documents after or before another one that are there and in one of these states."""
    place = -1 if key is None else ranking.places.get(key, -1)
    if place < 0 and not forward:
        return
    keys = ranking.keys
    rest = range(place + 1, len(keys)) if forward else range(place - 1, -1, -1)
    for some in _growing(rest):
        asked = [keys[each] for each in some]
        there = ordering.among(session.project, asked, states=states)
        yield from (each for each in asked if each in there)


def chosen_order(session: Session) -> Order:
    """Give the order in which this project is worked through."""
    kept = session.setting(_SETTING)
    return Order(kept) if isinstance(kept, str) and kept in set(Order) else Order.FILE


def choose_order(session: Session, order: Order) -> None:
    """Keep the order in which this project is worked through."""
    session.set_setting(_SETTING, order.value)


def _useful(doubtful: array[int], all_keys: list[int]) -> array[int]:
    """Put the most doubtful first, every fourth from file order; then, in file order, what has no candidates."""
    placed: dict[int, None] = {}
    in_file_order = iter(sorted(doubtful))
    by_doubt = iter(doubtful)
    while len(placed) < len(doubtful):
        source = in_file_order if len(placed) % _IN_FILE_ORDER == _IN_FILE_ORDER - 1 else by_doubt
        placed.setdefault(next(key for key in source if key not in placed))
    return array("q", [*placed, *(key for key in all_keys if key not in placed)])


def _growing(places: range) -> Iterator[range]:
    """Cut places into pieces: the first are few, as mostly the very next document will do."""
    size = 8
    while places:
        yield places[:size]
        places = places[size:]
        size = min(size * 4, 2000)
