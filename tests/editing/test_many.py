"""Acts over many candidates, finishing, and taking decisions back."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.annotation import How, Kind, Origin, RelationKey, SpanKey
from annotator.model.document import State
from annotator.model.errors import RuleError, StaleError
from annotator.workflows.session import Session
from tests.builders import a_document, place, propose

TEXT = "[President](ROLE) [Ada](PERSON) met [Bob](PERSON) in [Paris](GPE). [Bob](PERSON) left."


def key(session: Session, document: int, words: str, label: str) -> SpanKey:
    return SpanKey(place(session.text(document), words), label)


def words(session: Session, document: int) -> list[str]:
    text = session.text(document)
    return [text[span.start : span.end] for span in session.annotations(document).spans]


def test_accepting_and_finishing_in_one_step_is_undone_and_redone(session: Session) -> None:
    document = a_document(session, "[Ada](PERSON) met [Bob](PERSON).")
    session.do(commands.AcceptMany(done=True))
    assert session.document(document).state is State.DONE
    session.undo(None)
    assert (session.document(document).state, session.document(document).version) == (State.TODO, 0)
    session.redo(None)
    assert session.document(document).state is State.DONE


def test_the_rest_is_accepted_in_one_step_everywhere(session: Session) -> None:
    first, second = a_document(session, TEXT), a_document(session, "[Eve](PERSON) rules [Oslo](GPE).")
    propose(
        session,
        first,
        [RelationKey(key(session, first, "Ada", "PERSON"), key(session, first, "Bob", "PERSON"), "MET")],
    )
    changes = session.do(commands.AcceptMany())
    assert changes.message == "Accepted 7 spans and 1 relation in 2 documents."
    assert words(session, first) == ["President", "Ada", "Bob", "Paris", "Bob"]
    told = [span.provenance for span in session.annotations(second).spans]
    assert {(each.how, each.origin) for each in told} == {(How.BULK, Origin.CANDIDATE)}
    assert session.document(first).state is State.IN_PROGRESS
    session.undo(second)
    assert words(session, first) == words(session, second) == []


def test_score_label_and_words_narrow_what_is_accepted(session: Session) -> None:
    document = a_document(session, "[Bob](PERSON) and [Bob](GPE) and [Ada](PERSON)")
    propose(session, document, [key(session, document, "Ada", "PERSON")], score=0.95, suggester="sure")
    session.do(commands.AcceptMany(minimum=0.9))
    assert words(session, document) == ["Ada"]
    changes = session.do(commands.AcceptMany(words="Bob", label="GPE", kinds=(Kind.SPAN,)))
    assert changes.message == "Accepted 1 span Bob as GPE."
    with pytest.raises(StaleError, match="No candidate is left that fits"):
        session.do(commands.AcceptMany(minimum=0.9))


def test_a_relation_under_the_score_does_not_accept_its_ends(session: Session) -> None:
    document = a_document(session, "[Ada](PERSON) met [Bob](PERSON).")
    met = RelationKey(key(session, document, "Ada", "PERSON"), key(session, document, "Bob", "PERSON"), "MET")
    propose(session, document, [met], score=0.3)
    with pytest.raises(StaleError):
        session.do(commands.AcceptMany(minimum=0.9))
    session.do(commands.AcceptMany(minimum=0.3, kinds=(Kind.RELATION,)))
    assert words(session, document) == ["Ada", "Bob"]


def test_documents_are_marked_done_where_nothing_is_left(session: Session) -> None:
    clear, mixed = a_document(session, "[Eve](PERSON) left."), a_document(session, "[Ada](PERSON) left.")
    propose(session, mixed, [key(session, mixed, "left", "ROLE")], score=0.3)
    changes = session.do(commands.AcceptMany(minimum=0.5, done=True))
    assert changes.message == "Accepted 2 spans in 2 documents. 1 document done."
    assert session.document(clear).state is State.DONE
    assert session.document(mixed).state is State.IN_PROGRESS


def test_what_was_skipped_or_left_out_is_not_meant_by_all_documents(session: Session) -> None:
    skipped, excluded = a_document(session, "[Eve](PERSON) left."), a_document(session, "[Ada](PERSON) left.")
    session.do(commands.SetState(documents=(skipped,), state=State.SKIPPED, reason="too long"))
    session.do(commands.ExcludeDocuments(documents=(excluded,)))
    with pytest.raises(StaleError):
        session.do(commands.AcceptMany(done=True))
    assert session.document(skipped).state is State.SKIPPED
    session.do(commands.AcceptMany(documents=(skipped,), done=True))
    assert session.document(skipped).state is State.DONE


def test_a_document_with_something_undecided_is_not_finished(session: Session) -> None:
    document = a_document(session, TEXT)
    with pytest.raises(RuleError, match="5 candidates left to decide here"):
        session.do(commands.FinishDocument(document=document))
    with pytest.raises(RuleError, match="has undecided candidates"):
        session.do(commands.SetState(documents=(document,), state=State.DONE))
    assert session.document(document).state is State.TODO


def test_a_title_that_is_cut_gets_no_full_stop(session: Session) -> None:
    document = a_document(session, f"{'Ada left, and ' * 4}came back.", source="letter.txt")
    message = session.do(commands.FinishDocument(document=document)).message
    assert message == "Done: Ada left, and Ada left, and Ada left, a…"


def test_finishing_accepts_the_rest_and_is_one_step(session: Session) -> None:
    document = a_document(session, "[Ada](PERSON) left.", source="letter.txt")
    changes = session.do(commands.FinishDocument(document=document, accept_rest=True))
    assert changes.message == "Done: Ada left. The rest was accepted: 1 span."
    assert session.document(document).state is State.DONE
    with pytest.raises(RuleError, match="done already"):
        session.do(commands.FinishDocument(document=document))
    session.undo(document)
    assert (session.document(document).state, words(session, document)) == (State.TODO, [])


def test_finishing_leaves_nothing_undecided_though_a_relation_hangs_on_another_reading(
    session: Session,
) -> None:
    document = a_document(session, "President [Ada](PERSON) met [Bob](PERSON) in [Rome](GPE).")
    wider = key(session, document, "President Ada", "PERSON")
    propose(session, document, [wider], score=0.95)
    ada, bob = key(session, document, "Ada", "PERSON"), key(session, document, "Bob", "PERSON")
    rome = key(session, document, "Rome", "GPE")
    propose(session, document, [RelationKey(ada, bob, "MET"), RelationKey(wider, rome, "VISITED")])
    session.do(commands.FinishDocument(document=document, accept_rest=True))
    found = session.annotations(document)
    assert found.left == 0
    assert [each.label for each in found.relations] == ["MET", "VISITED"]
    assert words(session, document) == ["President Ada", "Bob", "Rome"]
    assert session.document(document).state is State.DONE


@pytest.mark.parametrize("act", ["remove", "move", "reopen", "delete type"])
def test_a_done_document_is_in_progress_again_when_something_is_undecided_there(
    session: Session, act: str
) -> None:
    document = a_document(session, "President [Ada](PERSON) left.")
    wider = key(session, document, "President Ada", "ROLE")
    propose(session, document, [wider], score=0.95)
    session.do(commands.FinishDocument(document=document, accept_rest=True))
    (span,) = session.annotations(document).spans
    assert span.identity == wider
    made: dict[str, commands.Command] = {
        "remove": commands.RemoveSpans((span.key,)),
        "move": commands.MoveSpan(span.key, place(session.text(document), "left")),
        "reopen": commands.Reopen(document=document, spans=(span.key,)),
        "delete type": commands.DeleteType(kind=Kind.SPAN, name="ROLE"),
    }
    session.do(made[act])
    assert session.annotations(document).left == 1
    assert session.document(document).state is State.IN_PROGRESS
    session.undo(document)
    assert session.document(document).state is State.DONE
    assert session.annotations(document).left == 0


def test_an_older_decision_of_a_done_document_is_undone_only_with_the_finishing(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.RejectSpan(document, (key(session, document, "Ada", "PERSON"),)))
    rejected = session.do(commands.RejectSpan(document, (key(session, document, "Bob", "PERSON"),))).step
    assert rejected is not None
    session.do(commands.FinishDocument(document=document, accept_rest=True))
    with pytest.raises(Exception, match=r"cannot be undone alone: “Finish") as refusal:
        session.do(commands.Undo(steps=(rejected.key,)))
    assert "Undo 1 later step" in str(refusal.value)
    assert session.document(document).state is State.DONE
    session.do(commands.Undo(steps=(rejected.key,), with_later=True))
    assert session.document(document).state is State.IN_PROGRESS
    assert len(session.annotations(document).rejections) == 1


def test_decisions_can_be_taken_back_to_undecided(session: Session) -> None:
    document = a_document(session, TEXT)
    ada, bob = key(session, document, "Ada", "PERSON"), key(session, document, "Bob", "PERSON")
    session.do(commands.AcceptSpan(document=document, candidate=ada))
    session.do(commands.RejectSpan(document, (bob,)))
    session.do(commands.AddSpan(document, place(session.text(document), "left"), "ROLE"))
    found = session.annotations(document)
    changes = session.do(
        commands.Reopen(
            document=document,
            spans=tuple(span.key for span in found.spans),
            rejections=tuple(each.key for each in found.rejections),
        )
    )
    assert changes.message == "Undecided again: 3 decisions."
    again = session.annotations(document)
    assert again.decided == 0
    assert key(session, document, "left", "ROLE") in [group.best.what for group in again.undecided]
    assert again.left == 6
    propose_by_machine(session, document)
    assert session.annotations(document).left == 6


def propose_by_machine(session: Session, document: int) -> None:
    """Let the suggesters run over the document anew; what was taken back by hand is not theirs."""
    from annotator.store import articles

    with session.project.writing():
        proposals = [
            each
            for found in session.annotations(document).undecided
            for candidate in found.candidates
            for each in candidate.proposals
            if each.suggester != "hand"
        ]
        articles.set_candidates(session.project, document, proposals, version="1")


def test_taking_back_a_span_takes_its_relations_back(session: Session) -> None:
    document = a_document(session, TEXT)
    ada, bob = key(session, document, "Ada", "PERSON"), key(session, document, "Bob", "PERSON")
    session.do(commands.AddRelation(document=document, head=ada, child=bob, label="MET"))
    span = session.annotations(document).spans[0]
    session.do(commands.Reopen(document=document, spans=(span.key,)))
    found = session.annotations(document)
    assert (len(found.spans), len(found.relations)) == (1, 0)
    assert [each.candidate.label for each in found.undecided_relations] == ["MET"]


def test_only_what_was_decided_here_can_be_taken_back(session: Session) -> None:
    document, other = a_document(session, TEXT), a_document(session, "[Eve](PERSON) left.")
    session.do(commands.AcceptMany(documents=(other,)))
    (eve,) = session.annotations(other).spans
    with pytest.raises(StaleError, match="Nothing here was decided"):
        session.do(commands.Reopen(document=document))
    with pytest.raises(StaleError, match="stands in another document"):
        session.do(commands.Reopen(document=document, spans=(eve.key,)))
