"""The controller and the acts without a window: what is selected next, what is told, where undo goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.editing.commands import RemoveDocuments
from annotator.model.change import ChangeSet
from annotator.model.document import State
from annotator.ui.controller import Controller
from annotator.ui.deciding import Deciding
from annotator.ui.finishing import Finishing
from annotator.ui.selection import Things
from annotator.ui.settings import Settings
from annotator.ui.stepping import Stepping
from annotator.ui.tally import tally
from annotator.ui.undoing import Undoing
from annotator.workflows.session import Session


@pytest.fixture
def settings(application: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    return Settings()


@pytest.fixture
def controller(application: QApplication, session: Session) -> Controller:
    controller = Controller()
    controller.set_session(session)
    controller.open_document(session.documents(limit=1)[0].key)
    return controller


@pytest.fixture
def stepping(controller: Controller) -> Stepping:
    return Stepping(controller)


@pytest.fixture
def deciding(controller: Controller, settings: Settings, stepping: Stepping) -> Deciding:
    return Deciding(controller, settings, stepping)


def said(controller: Controller) -> list[str]:
    heard: list[str] = []
    controller.message.connect(lambda text, _kind, _undoable: heard.append(text))
    return heard


def test_the_selection_is_told_once_for_each_decision(controller: Controller, deciding: Deciding) -> None:
    told: list[str] = []
    controller.selection_changed.connect(lambda: told.append(controller.selected.id))
    deciding.accept()
    deciding.reject()
    assert len(told) == 2
    assert told[-1] == controller.selected.id


def test_staying_keeps_what_was_made_selected(
    controller: Controller, deciding: Deciding, settings: Settings
) -> None:
    settings.stays_after_decision = True
    deciding.accept()
    assert controller.selected.span is not None
    assert controller.selected.label == "ROLE"


def test_an_accepted_span_is_left_by_accepting_again(controller: Controller, deciding: Deciding) -> None:
    deciding.move_edge("right", by=1)
    assert controller.selected.span is not None
    deciding.accept()
    assert controller.selected.readings is not None


def test_removing_a_span_says_how_many_relations_go(
    controller: Controller, deciding: Deciding, stepping: Stepping
) -> None:
    heard = said(controller)
    while controller.selected.kind != "relation_candidate":
        stepping.step(forward=True)
    deciding.accept()
    relation = controller.annotations.relations[0]
    controller.select(f"s{relation.head}")
    deciding.reject()
    assert heard[-1] == "Removed Ada Lovelace as PERSON and 1 relation."


def test_a_relation_gets_another_type_and_turns_as_the_schema_asks(
    controller: Controller, deciding: Deciding, stepping: Stepping
) -> None:
    heard = said(controller)
    while controller.selected.kind != "relation_candidate":
        stepping.step(forward=True)
    deciding.label("MET")
    assert "does not go" in heard[-1]
    deciding.reverse()
    assert "does not go" in heard[-1]
    assert not controller.annotations.relations


def test_all_alike_are_decided_at_once(controller: Controller, deciding: Deciding) -> None:
    heard = said(controller)
    deciding.accept_alike()
    assert heard[-1] == "Accepted 1 span President as ROLE."


def test_a_fix_is_one_decision_in_the_tally(controller: Controller, deciding: Deciding) -> None:
    before = tally(controller.annotations)
    deciding.label("GPE")
    deciding.reject()
    deciding.accept()
    after = tally(controller.annotations)
    assert (after.changed, after.rejected, after.accepted) == (1, 1, 1)
    assert after.decided == 3
    assert after.total < before.total  # the relation went with its rejected end
    assert after.words == "1 accepted, 1 changed, 1 rejected"


def test_undo_of_what_brought_the_document_is_asked_about(controller: Controller) -> None:
    asked: list[object] = []
    undoing = Undoing(controller)
    undoing.asked.connect(asked.append)
    undoing.undo()
    assert len(asked) == 1
    assert controller.document is not None


def test_a_document_removed_meanwhile_is_closed(controller: Controller, session: Session) -> None:
    key = controller.document
    assert key is not None
    session.do(RemoveDocuments((key,)))
    assert controller.info is None
    assert controller.selected.kind == "none"


def test_candidates_that_arrive_later_are_selected(controller: Controller, session: Session) -> None:
    controller.select("")
    controller.things = Things(type(controller.annotations)())
    session.tell(_arrived(controller))
    assert controller.selected.kind == "candidate"


def _arrived(controller: Controller) -> ChangeSet:
    assert controller.document is not None
    return ChangeSet(documents=frozenset([controller.document]), candidates=True)


def test_going_back_and_forward(controller: Controller, session: Session) -> None:
    first, second = (row.key for row in session.documents(limit=2))
    controller.open_document(second)
    controller.spots.travel(forward=False)
    assert controller.document == first
    controller.spots.travel(forward=True)
    assert controller.document == second
    assert not controller.spots.can_travel(forward=True)


def test_finishing_leads_to_what_was_not_seen_or_is_doubtful(
    controller: Controller, session: Session
) -> None:
    heard = said(controller)
    things = controller.things
    seen = set(things.undecided[:3])
    finishing = Finishing(controller, seen=lambda: seen)
    finishing.finish()
    assert heard[-1] == "7 left, 4 not seen, 1 doubtful. Ctrl+Enter again accepts all 7."
    assert finishing.unseen()[0] == things.undecided[3]
    assert [controller.selected.id] == finishing.doubtful(), "it stands before that"
    key = controller.document
    finishing.finish()
    assert key is not None
    assert session.document(key).state is State.DONE
    assert controller.document != key


def test_a_decision_takes_the_first_press_back(controller: Controller, deciding: Deciding) -> None:
    finishing = Finishing(controller, seen=set)
    finishing.finish()
    assert finishing.is_ready
    deciding.accept()
    assert not finishing.is_ready


def test_skipping_keeps_the_reason_and_goes_on(controller: Controller, session: Session) -> None:
    finishing = Finishing(controller, seen=set)
    key = controller.document
    finishing.skip("not news")
    assert key is not None
    assert (session.document(key).state, session.document(key).reason) == (State.SKIPPED, "not news")
    assert controller.document != key
