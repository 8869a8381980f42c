"""Documents as a whole: states, flags, notes, titles, parts, leaving out, removing, new tokens."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.model.document import Part, State
from annotator.model.errors import RuleError, StaleError
from annotator.workflows.session import DocumentFilter, Session
from tests.builders import a_document, place

TEXT = "[Ada](PERSON) met [Bob](PERSON)."


def test_a_skipped_document_has_a_reason_and_any_decision_takes_it_up_again(session: Session) -> None:
    document = a_document(session, TEXT)
    changes = session.do(
        commands.SetState(documents=(document,), state=State.SKIPPED, reason="  a list, no text ")
    )
    assert changes.message == "Skipped: Ada met Bob."
    assert session.document(document).reason == "a list, no text"
    session.do(commands.AddSpan(document, place(session.text(document), "Ada"), "PERSON"))
    found = session.document(document)
    assert (found.state, found.reason) == (State.IN_PROGRESS, "")


def test_a_state_is_set_for_many_at_once(session: Session) -> None:
    documents = tuple(a_document(session, f"{name} left.") for name in ("Ada", "Bob"))
    changes = session.do(commands.SetState(documents=documents * 2, state=State.DONE))
    assert changes.message == "Done: 2 documents."
    assert session.counts().done == 2
    undone = session.undo(None)
    assert undone is not None
    assert undone.message.count("2 documents") == 1
    assert session.counts().todo == 2


def test_flags_and_notes_stand_on_documents_spans_and_relations(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.AcceptMany())
    first, second = session.annotations(document).spans
    session.do(commands.AddRelation(document=document, head=first.key, child=second.key, label="MET"))
    (met,) = session.annotations(document).relations
    for kind, key in ((None, document), (Kind.SPAN, first.key), (Kind.RELATION, met.key)):
        session.do(commands.SetFlag(kind=kind, key=key, flagged=True))
        session.do(commands.SetNote(kind=kind, key=key, note="  look again\n"))
    found = session.annotations(document)
    for row in (session.document(document), found.spans[0], found.relations[0]):
        assert (row.flagged, row.note) == (True, "look again")
    assert session.counts().flagged == 1
    assert session.document_keys(DocumentFilter(flagged=True)) == [document]
    message = session.do(commands.SetNote(kind=Kind.SPAN, key=first.key, note=" ")).message
    assert message == "Note removed: Ada."


def test_a_title_is_one_line_that_says_something(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.RenameDocument(document, "  A \n better  title "))
    assert session.document(document).title == "A better title"
    with pytest.raises(RuleError, match="needs a title"):
        session.do(commands.RenameDocument(document, " \n "))


def test_a_document_is_found_by_its_new_title_and_no_longer_by_the_old(session: Session) -> None:
    document = a_document(session, TEXT)

    def found(words: str) -> bool:
        return session.document_keys(DocumentFilter(text=words)) == [document]

    session.do(commands.RenameDocument(document, "Quarterly meeting"))
    assert found("quarterly")
    assert found("Ada")
    session.do(commands.RenameDocument(document, "Dinner"))
    assert found("dinner")
    assert not found("quarterly")
    session.undo(document)
    assert found("quarterly")
    assert not found("dinner")
    session.undo(document)
    assert not found("quarterly")
    assert found("bob")


def test_a_part_is_chosen_by_hand(session: Session) -> None:
    document = a_document(session, TEXT)
    changes = session.do(commands.SetPart(documents=(document,), part=Part.DEV))
    assert changes.message == "Ada met Bob: dev."
    assert session.document(document).part is Part.DEV


def test_documents_left_out_are_listed_when_asked_for(session: Session) -> None:
    kept, left_out = a_document(session, TEXT), a_document(session, "Eve left.")
    session.do(commands.ExcludeDocuments(documents=(left_out,)))
    assert session.document_keys() == [kept, left_out]
    assert session.document_keys(DocumentFilter(excluded=False)) == [kept]
    assert session.row(left_out).excluded
    session.do(commands.ExcludeDocuments(documents=(left_out,), excluded=False))
    assert session.document_keys(DocumentFilter(excluded=False)) == [kept, left_out]


def test_a_removed_document_comes_back_with_all_that_was_decided(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.AcceptMany())
    session.do(commands.RemoveDocuments((document,)))
    assert session.document_keys() == []
    assert session.counts().all == 0
    with pytest.raises(StaleError, match="no longer in the project"):
        session.document(document)
    session.undo(None)
    assert session.row(document).spans == 2
    assert len(session.annotations(document).spans) == 2


def test_new_tokens_say_how_many_spans_left_their_borders(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.AcceptMany())
    text = session.text(document)
    changes = session.do(
        commands.Retokenize(
            document=document,
            language="de",
            starts=(0, 8),
            ends=(7, len(text)),
            sentences=(0,),
            tokenizer="coarse",
        )
    )
    assert changes.message == "New tokens. 2 spans left token borders."
    assert (session.document(document).language, len(session.tokens(document))) == ("de", 2)
    assert [text[span.start : span.end] for span in session.annotations(document).spans] == ["Ada", "Bob"]
    session.undo(document)
    assert (session.document(document).language, len(session.tokens(document))) == ("en", 4)
