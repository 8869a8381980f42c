"""Fewer or more candidates are shown without a new run, and everything that counts them follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.editing.commands import AcceptMany, SetState
from annotator.model.document import State
from annotator.model.errors import Cancelled
from annotator.store import ordering
from annotator.workflows import showing
from annotator.workflows.checking import check
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from annotator.workflows.showing import Shown, least_shown, show_from, step_from
from tests.builders import a_document, a_project, marked, propose

WRITTEN = "[Ada](PERSON) met [Bob](PERSON), [Cleo](PERSON) and [Dan](PERSON)."
SCORES = (0.9, 0.45, 0.26, 0.18)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return a_project(tmp_path)


def scored(session: Session, source: str = "a") -> int:
    """Bring a document with candidates of these scores."""
    text, spans = marked(WRITTEN)
    key = a_document(session, f"{text} {source}", source=source)
    for what, score in zip(spans, SCORES, strict=True):
        propose(session, key, [what], score=score)
    return key


def shown(session: Session, key: int) -> list[float]:
    found = [each.best.score for each in session.annotations(key).undecided]
    assert session.row(key).undecided == len(found), "what is counted is what is shown"
    return found


def test_what_is_scored_low_is_kept_and_shown_when_more_is_wanted(session: Session) -> None:
    key, other = scored(session), scored(session, "b")
    assert shown(session, key) == [0.9, 0.45, 0.26]
    assert show_from(session, 0.15) == Shown(least=0.15, more=2, documents=2)
    assert shown(session, key) == [0.9, 0.45, 0.26, 0.18]
    assert show_from(session, 0.5) == Shown(least=0.5, more=-6, documents=2)
    assert shown(session, key) == shown(session, other) == [0.9]
    session.close()


def test_it_is_kept_with_the_project_and_wild_values_do_no_harm(session: Session) -> None:
    key = scored(session)
    show_from(session, 0.4)
    session.close()
    again = open_project(session.path, annotator="Mara")
    assert least_shown(again) == 0.4
    assert shown(again, key) == [0.9, 0.45]
    for wild, held in ((float("nan"), 0.5), (-3.0, 0.15), ("x", 0.25), (7.0, 0.5)):
        again.set_setting("least shown", wild)
        assert least_shown(again) == held
    again.close()


def test_other_labels_for_what_is_shown_are_readings_whatever_their_score(session: Session) -> None:
    key = scored(session)
    _, spans = marked(WRITTEN)
    propose(session, key, [spans[0]._replace(label="GPE"), spans[3]._replace(label="GPE")], score=0.12)
    first, *_ = session.annotations(key).undecided
    assert [each.label for each in first.candidates] == ["PERSON", "GPE"]
    assert shown(session, key) == [0.9, 0.45, 0.26]
    session.close()


def test_what_a_file_or_a_hand_brought_is_always_shown(session: Session) -> None:
    key = scored(session)
    _, spans = marked(WRITTEN)
    propose(session, key, [spans[3]], score=0.01, suggester="file")
    assert shown(session, key) == [0.9, 0.45, 0.26, 0.18]
    session.close()


def test_nothing_is_left_to_decide_in_a_finished_document_when_more_is_shown(session: Session) -> None:
    done, open_one = scored(session), scored(session, "b")
    session.do(AcceptMany(documents=(done,)))
    session.do(SetState(documents=(done,), state=State.DONE))
    assert show_from(session, 0.15).documents == 1
    assert shown(session, done) == []
    assert shown(session, open_one) == [0.9, 0.45, 0.26, 0.18]
    session.close()


def test_a_stopped_count_goes_on_when_the_project_is_opened_next(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [scored(session, str(number)) for number in range(3)]
    monkeypatch.setattr(showing, "CHUNK", 1)

    def stop(done: int, _total: int, _text: str) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        show_from(session, 0.15, stop)
    assert [session.row(key).undecided for key in keys] == [4, 3, 3]
    session.close()
    again = open_project(session.path, annotator="Mara")
    assert [len(shown(again, key)) for key in keys] == [4, 4, 4]
    assert not check(again.project).breaches
    again.close()


def test_doubt_and_counts_of_the_list_know_only_what_is_shown(session: Session) -> None:
    sure, doubtful = scored(session), scored(session, "b")
    _, spans = marked(WRITTEN)
    propose(session, sure, [spans[1], spans[2]], score=0.2, suggester="other")
    show_from(session, 0.4)
    assert list(ordering.by_doubt(session.project)) == [sure, doubtful]
    session.close()


def test_steps_end_at_the_last_choice() -> None:
    assert step_from(0.25, 1) == 0.2
    assert step_from(0.25, -1) == 0.3
    assert step_from(0.15, 1) == 0.15
    assert step_from(0.5, -3) == 0.5
    assert step_from(0.23, 0) == 0.25
