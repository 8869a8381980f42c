"""Orders of documents: made from what is left and how sure it is, narrowed by filters, followed to the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing.commands import AddSpan, RemoveDocuments, SetState
from annotator.model.document import State
from annotator.model.errors import Cancelled
from annotator.store import ordering
from annotator.workflows.queueing import (
    Order,
    Ranking,
    choose_order,
    chosen_order,
    coming,
    following,
    narrowed,
    ranked,
    ranking_of,
)
from annotator.workflows.session import DocumentFilter, Session
from tests.builders import a_document, a_project, a_record, bring, marked, place, propose

NAMES = ("Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Hana", "Ivo", "Jana")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = a_project(tmp_path)
    yield session
    session.close()


def scored(session: Session, *scores: float) -> int:
    """Bring a document with a candidate of each of these scores, and give its row key."""
    number = len(session.document_keys())
    written = " met ".join(f"[{name}](PERSON)" for name in NAMES[: len(scores)]) + f" in week {number}."
    text, spans = marked(written)
    key = a_document(session, text or f"Nobody came in week {number}.", source=str(number))
    for what, score in zip(spans, scores, strict=True):
        propose(session, key, [what], score=score)
    return key


def test_most_candidates_come_first_and_equals_in_file_order(session: Session) -> None:
    few, none, many, too = (
        scored(session, 0.5),
        scored(session),
        scored(session, 0.9, 0.9),
        scored(session, 0.9),
    )
    assert list(ranked(session, Order.CANDIDATES)) == [many, few, too, none]
    assert list(ranked(session, Order.FILE)) == [few, none, many, too]
    session.do(SetState(documents=(many,), state=State.SKIPPED))
    assert list(ranked(session, Order.CANDIDATES)) == [few, too, none, many], "nobody waits for a skipped one"


def test_random_is_the_same_each_time_and_what_comes_later_moves_nothing(session: Session) -> None:
    keys = [scored(session) for _ in range(12)]
    first = list(ranked(session, Order.RANDOM))
    assert sorted(first) == keys
    assert first != keys
    assert list(ranked(session, Order.RANDOM)) == first
    more = [scored(session) for _ in range(6)]
    assert [key for key in ranked(session, Order.RANDOM) if key not in more] == first


def test_the_most_useful_are_the_least_sure_and_every_fourth_comes_from_file_order(session: Session) -> None:
    sure = [scored(session, score) for score in (0.99, 0.97, 0.95)]
    bare = scored(session)
    unsure = [scored(session, score) for score in (0.6, 0.45, 0.52)]
    mixed = scored(session, 0.5, 0.99)  # .51 in the mean
    by_doubt = [unsure[2], unsure[1], unsure[0], mixed, *reversed(sure)]
    found = list(ranked(session, Order.USEFUL))
    assert found == [*by_doubt[:3], sure[0], mixed, sure[2], sure[1], bare]
    session.do(SetState(documents=(bare, unsure[2]), state=State.SKIPPED))
    assert list(ranked(session, Order.USEFUL))[-2:] == [bare, unsure[2]], (
        "finished ones come last, in file order"
    )


def test_a_question_that_takes_long_can_be_stopped(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        scored(session, 0.5)

    def stop(*_: object) -> None:
        raise Cancelled

    forever = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    monkeypatch.setattr(ordering, "by_doubt", lambda project: project.rows(forever))
    with pytest.raises(Cancelled):
        ranked(session, Order.USEFUL, stop)
    assert len(ranked(session, Order.CANDIDATES)) == 3, "nobody is asked any more afterwards"


def test_a_filter_narrows_an_order_and_newcomers_stand_at_its_end(session: Session) -> None:
    few, many, done = scored(session, 0.5), scored(session, 0.9, 0.9), scored(session, 0.9)
    keys = ranked(session, Order.CANDIDATES)
    session.do(SetState(documents=(done,), state=State.SKIPPED))
    late = scored(session, 0.9, 0.8, 0.7)
    assert list(narrowed(session, keys, DocumentFilter(state=State.TODO)).keys) == [many, few, late]
    found = narrowed(session, keys, DocumentFilter(state=State.SKIPPED))
    assert (list(found.keys), found.places) == ([done], {done: 0})


def test_one_goes_on_in_the_order_and_passes_over_what_is_finished_or_gone(session: Session) -> None:
    keys = [scored(session) for _ in range(40)]
    ranking = ranking_of(reversed(keys))
    session.do(SetState(documents=tuple(keys[5:38]), state=State.SKIPPED))
    session.do(RemoveDocuments(documents=(keys[4],)))
    assert following(session, ranking, keys[39]) == keys[38]
    assert following(session, ranking, keys[38]) == keys[37]
    assert following(session, ranking, keys[38], unfinished=True) == keys[3]
    assert following(session, ranking, keys[3], forward=False) == keys[5]
    assert following(session, ranking, keys[0]) is None
    assert following(session, ranking, keys[39], forward=False) is None


def test_what_comes_next_to_do_is_told_in_any_order(session: Session) -> None:
    keys = [scored(session) for _ in range(6)]
    session.do(SetState(documents=(keys[2], keys[3]), state=State.SKIPPED))
    assert coming(session, None, keys[0], count=3) == [keys[1], keys[4], keys[5]]
    assert coming(session, ranking_of(reversed(keys)), keys[4], count=3) == [keys[1], keys[0]]
    assert coming(session, ranking_of([]), keys[4], count=3) == []


def test_documents_that_came_with_decisions_come_next_too_until_somebody_decides_in_them(
    session: Session,
) -> None:
    first = scored(session)
    bring(session, *(a_record(f"[Ada](PERSON) met Bob in week {n}.", source=f"came {n}") for n in range(3)))
    keys = session.document_keys()
    assert {session.document(key).state for key in keys[1:]} == {State.IN_PROGRESS}
    last = scored(session)
    text = session.text(keys[2])
    session.do(AddSpan(keys[2], place(text, "Bob"), "PERSON"))
    expected = [keys[1], keys[3], last]
    assert coming(session, None, first, count=9) == expected
    ranking = ranking_of([first, last, *keys[:0:-1]])
    assert coming(session, ranking, first, count=9) == [last, keys[3], keys[1]]
    session.undo(keys[2])
    assert coming(session, None, first, count=9) == [keys[1], keys[2], keys[3], last]


def test_from_a_document_that_is_not_listed_one_begins_at_the_start(session: Session) -> None:
    first, second, other = scored(session), scored(session), scored(session)
    ranking = ranking_of([second, first])
    assert following(session, ranking, other) == second
    assert following(session, ranking, None, unfinished=True) == second
    assert following(session, ranking, other, forward=False) is None
    assert following(session, Ranking(ranking.keys[:0]), other) is None


def test_the_choice_is_kept_and_what_is_unknown_is_file_order(session: Session) -> None:
    assert chosen_order(session) is Order.FILE
    choose_order(session, Order.RANDOM)
    assert chosen_order(session) is Order.RANDOM
    for strange in ("by moonlight", 7, None, ["random"]):
        session.set_setting("order", strange)
        assert chosen_order(session) is Order.FILE
