"""Spans: adding, accepting, fixing, rejecting, moving and removing them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.editing import commands
from annotator.model.annotation import Fragment, How, Origin, Reason, Rejection, Span, SpanKey
from annotator.model.document import State
from annotator.model.errors import RuleError, StaleError
from annotator.workflows.session import Session
from tests.builders import a_document, a_record, bring, place, propose

TEXT = "[President](ROLE) [Ada](PERSON) met [Bob](PERSON) in [Paris](GPE). Bob left."


def key(session: Session, document: int, words: str, label: str, number: int = 0) -> SpanKey:
    return SpanKey(place(session.text(document), words, number=number), label)


def accepted(session: Session, document: int) -> list[Span]:
    return list(session.annotations(document).spans)


def rejections(session: Session, document: int) -> list[Rejection]:
    return list(session.annotations(document).rejections)


def undecided(session: Session, document: int) -> list[SpanKey]:
    return [group.best.what for group in session.annotations(document).undecided]


def refused(session: Session, command: Any, words: str, error: type[Exception] = RuleError) -> None:
    before = session.project.rows("SELECT count(*) FROM step")[0][0]
    with pytest.raises(error, match=words):
        session.do(command)
    assert session.project.rows("SELECT count(*) FROM step")[0][0] == before


def test_a_span_by_hand_says_who_when_and_how(session: Session) -> None:
    document = a_document(session, TEXT)
    session.editor._clock = lambda: 1234.5
    changes = session.do(commands.AddSpan(document, place(session.text(document), "left"), "ROLE"))
    assert changes.message == "Labelled left as ROLE."
    (span,) = accepted(session, document)
    told = span.provenance
    assert (told.annotator, told.at, told.how, told.origin) == ("Mara", 1234.5, How.SINGLE, Origin.MANUAL)
    assert (told.suggesters, told.score) == ((), None)
    assert session.document(document).state is State.IN_PROGRESS
    assert changes.step is not None
    assert changes.documents == {document}


def test_labelling_a_place_that_is_proposed_accepts_the_candidate(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    propose(session, document, [ada], score=0.9, suggester="other")
    session.do(commands.AddSpan(document, ada.fragments, "PERSON"))
    (span,) = accepted(session, document)
    assert span.provenance.origin is Origin.CANDIDATE
    assert span.provenance.suggesters == ("other", "test")
    assert span.provenance.score == 0.9
    assert ada not in undecided(session, document)


@pytest.mark.parametrize(
    ("fragments", "label", "words"),
    [
        (((0, 3),), "NOPE", "no entity type NOPE"),
        (((0, 0),), "PERSON", "does not lie in this text"),
        (((0, 999),), "PERSON", "does not lie in this text"),
        ((), "PERSON", "1 to 50 fragments"),
    ],
)
def test_what_no_span_can_be_is_refused(
    session: Session, fragments: tuple[tuple[int, int], ...], label: str, words: str
) -> None:
    document = a_document(session, TEXT)
    command = commands.AddSpan(document, tuple(Fragment(*pair) for pair in fragments), label)
    refused(session, command, words)
    assert session.document(document).state is State.TODO


def test_the_same_span_stands_once_and_others_may_lie_over_it(session: Session) -> None:
    document = a_document(session, TEXT)
    text = session.text(document)
    session.do(commands.AddSpan(document, place(text, "Ada"), "PERSON"))
    refused(session, commands.AddSpan(document, place(text, "Ada"), "PERSON"), "Ada is PERSON already")
    session.do(commands.AddSpan(document, place(text, "Ada"), "GPE"))
    session.do(commands.AddSpan(document, (Fragment(0, 13), Fragment(18, 21)), "PERSON"))
    assert len(accepted(session, document)) == 3


def test_accepting_a_candidate_keeps_what_was_proposed(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    changes = session.do(commands.AcceptSpan(document=document, candidate=ada))
    assert changes.message == "Accepted Ada as PERSON."
    (span,) = accepted(session, document)
    assert span.identity == ada
    assert (span.provenance.origin, span.provenance.score) == (Origin.CANDIDATE, 0.8)
    assert not rejections(session, document)
    refused(session, commands.AcceptSpan(document=document, candidate=ada), "candidate is gone", StaleError)


def test_fixing_the_label_of_a_candidate_rejects_the_old_key(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    session.do(commands.AcceptSpan(document=document, candidate=ada, label="GPE"))
    (span,), (rejection,) = accepted(session, document), rejections(session, document)
    assert (span.label, span.provenance.origin) == ("GPE", Origin.FIXED)
    assert (rejection.what, rejection.reason) == (ada, Reason.WRONG_LABEL)
    session.undo(document)
    assert ada in undecided(session, document)


def test_fixing_the_extent_of_a_candidate_rejects_the_old_key(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    wider = key(session, document, "President Ada", "PERSON")
    session.do(commands.AcceptSpan(document=document, candidate=ada, fragments=wider.fragments))
    (span,), (rejection,) = accepted(session, document), rejections(session, document)
    assert (span.identity, span.provenance.origin) == (wider, Origin.FIXED)
    assert (rejection.what, rejection.reason) == (ada, Reason.WRONG_EXTENT)


def test_a_rejected_candidate_is_hidden_from_every_suggester(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    session.do(commands.RejectSpan(document, (ada,)))
    propose(session, document, [ada], suggester="another", score=0.99)
    assert ada not in undecided(session, document)
    (rejection,) = rejections(session, document)
    assert (rejection.reason, rejection.provenance.suggesters) == (Reason.WRONG, ("test",))
    refused(session, commands.RejectSpan(document, (ada,)), "candidate is gone", StaleError)


def test_rejecting_with_its_readings_leaves_nothing_to_decide_there(session: Session) -> None:
    document = a_document(session, "[Ada](PERSON) left.")
    ada = key(session, document, "Ada", "PERSON")
    other = key(session, document, "Ada", "GPE")
    propose(session, document, [other], score=0.5)
    session.do(commands.RejectSpan(document, (ada, other, ada)))
    assert undecided(session, document) == []
    assert len(rejections(session, document)) == 2


def test_labelling_what_was_rejected_takes_the_rejection_back(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    session.do(commands.RejectSpan(document, (ada,)))
    session.do(commands.AddSpan(document, ada.fragments, "PERSON"))
    assert not rejections(session, document)
    assert [span.identity for span in accepted(session, document)] == [ada]


def test_all_candidates_alike_are_rejected_in_one_step(session: Session) -> None:
    document = a_document(session, "[Bob](PERSON) and [Bob](PERSON) and [Ada](PERSON)")
    changes = session.do(commands.RejectMany(document=document, label="PERSON", words="Bob"))
    assert changes.message == "Rejected 2 candidates Bob as PERSON."
    assert undecided(session, document) == [key(session, document, "Ada", "PERSON")]
    assert {each.provenance.how for each in rejections(session, document)} == {How.BULK}
    command = commands.RejectMany(document=document, label="PERSON", words="Bob")
    refused(session, command, "No candidate Bob as PERSON is left", StaleError)


def test_removing_an_accepted_candidate_counts_as_rejecting_it(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    session.do(commands.AcceptSpan(document=document, candidate=ada))
    (span,) = accepted(session, document)
    session.do(commands.RemoveSpans((span.key, span.key)))
    assert accepted(session, document) == []
    assert [(each.what, each.reason) for each in rejections(session, document)] == [(ada, Reason.REMOVED)]
    session.undo(document)
    assert accepted(session, document) == [span]


def test_removing_what_was_labelled_by_hand_or_imported_rejects_nothing(session: Session) -> None:
    document = bring(session, a_record("[Ada](PERSON) left.")).first_document
    assert document is not None
    session.do(commands.AddSpan(document, place(session.text(document), "left"), "ROLE"))
    keys = tuple(span.key for span in accepted(session, document))
    changes = session.do(commands.RemoveSpans(keys))
    assert changes.message == "Removed 2 spans."
    assert not rejections(session, document)
    refused(session, commands.RemoveSpans(keys), "span is gone", StaleError)


def test_removing_a_span_takes_its_relations_along(session: Session) -> None:
    document = a_document(session, TEXT)
    ends = {name: key(session, document, name, "PERSON") for name in ("Ada", "Bob")}
    session.do(commands.AddRelation(document=document, head=ends["Ada"], child=ends["Bob"], label="MET"))
    spans = accepted(session, document)
    changes = session.do(commands.RemoveSpans((spans[0].key,)))
    assert changes.message == "Removed Ada as PERSON and 1 relation."
    assert session.annotations(document).relations == ()
    session.undo(document)
    assert len(session.annotations(document).relations) == 1


def test_another_label_or_place_for_an_accepted_candidate_is_a_fix(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    session.do(commands.AcceptSpan(document=document, candidate=ada))
    (span,) = accepted(session, document)
    session.do(commands.RelabelSpans((span.key,), "GPE"))
    session.do(commands.MoveSpan(span.key, place(session.text(document), "President Ada")))
    (fixed,) = accepted(session, document)
    assert (fixed.key, fixed.id, fixed.label) == (span.key, span.id, "GPE")
    assert fixed.provenance.origin is Origin.FIXED
    assert fixed.provenance.suggesters == ("test",)
    assert [(each.what, each.reason) for each in rejections(session, document)] == [(ada, Reason.WRONG_LABEL)]


def test_moving_back_to_what_was_rejected_takes_the_rejection_back(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    session.do(commands.AcceptSpan(document=document, candidate=ada))
    (span,) = accepted(session, document)
    session.do(commands.MoveSpan(span.key, place(session.text(document), "President Ada")))
    assert rejections(session, document)[0].reason is Reason.WRONG_EXTENT
    session.do(commands.MoveSpan(span.key, ada.fragments))
    assert not rejections(session, document)


def test_two_spans_cannot_become_the_same(session: Session) -> None:
    document = a_document(session, TEXT)
    text = session.text(document)
    for label in ("PERSON", "GPE"):
        session.do(commands.AddSpan(document, place(text, "Ada"), label))
    session.do(commands.AddSpan(document, place(text, "met"), "PERSON"))
    ada, other, met = accepted(session, document)
    refused(session, commands.RelabelSpans((other.key,), "PERSON"), "Ada is PERSON already")
    refused(session, commands.RelabelSpans((ada.key, other.key), "ROLE"), "Ada is ROLE already")
    refused(session, commands.MoveSpan(met.key, place(text, "Ada")), "Ada is PERSON already")
    refused(session, commands.RelabelSpans((ada.key,), "NOPE"), "no entity type NOPE")


def test_what_changes_nothing_is_no_step(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.AddSpan(document, place(session.text(document), "Ada"), "PERSON"))
    (span,) = accepted(session, document)
    assert session.do(commands.RelabelSpans((span.key,), "PERSON")).step is None
    assert session.do(commands.MoveSpan(span.key, span.fragments)).step is None


def test_relabelling_keeps_relations_that_no_longer_fit_and_says_so(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(
        commands.AddRelation(
            document=document,
            head=key(session, document, "Ada", "PERSON"),
            child=key(session, document, "Paris", "GPE"),
            label="VISITED",
        )
    )
    paris = accepted(session, document)[1]
    changes = session.do(commands.RelabelSpans((paris.key,), "ROLE"))
    assert changes.message == "Paris is ROLE now. 1 relation no longer fits the schema."
    assert [each.label for each in session.annotations(document).relations] == ["VISITED"]


@pytest.mark.parametrize(
    "command",
    [
        commands.RemoveSpans(()),
        commands.RelabelSpans((), "PERSON"),
        commands.RemoveRelations(()),
        commands.RejectSpan(1, ()),
        commands.SetState(documents=(), state=State.SKIPPED),
        commands.RemoveDocuments(()),
        commands.ExcludeDocuments(documents=()),
        commands.AcceptMany(documents=()),
    ],
)
def test_an_act_on_nothing_is_refused(session: Session, command: Any) -> None:
    a_document(session, TEXT)
    refused(session, command, "Nothing is chosen", StaleError)


def test_what_is_in_a_removed_document_can_not_be_changed(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.AddSpan(document, place(session.text(document), "Ada"), "PERSON"))
    (span,) = accepted(session, document)
    session.do(commands.RemoveDocuments((document,)))
    refused(session, commands.RemoveSpans((span.key,)), "no longer in the project", StaleError)
    ada = place("President Ada", "President")
    refused(session, commands.AddSpan(document, ada, "ROLE"), "no longer in the project", StaleError)
