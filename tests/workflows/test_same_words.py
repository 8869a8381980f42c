"""The same words elsewhere become candidates: on token borders, undecided, kept, and none in finished documents."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.annotation import SpanKey, surface
from annotator.model.candidate import ASKED_SCORE
from annotator.model.change import ChangeSet
from annotator.model.document import State
from annotator.model.errors import Cancelled, RuleError
from annotator.workflows.same_words import ALIKE, SameWords, alike_in, places_of, propose_same_words
from annotator.workflows.session import Session
from annotator.workflows.suggesting import suggest
from tests.builders import a_document, place, plain_tokens, propose

REASON = "the same words as a span you labelled GPE"


def wanted(words: str = "Paris", label: str = "GPE", *, at: tuple[int, str] | None = None) -> SameWords:
    asked_at = (at[0], place(at[1], words)) if at is not None else None
    return SameWords(words=words, label=label, reason=REASON, asked_at=asked_at)


def undecided(session: Session, document: int) -> list[tuple[int, str]]:
    text, found = session.text(document), session.annotations(document).undecided
    return [(each.best.fragments[0].start, surface(text, each.best.fragments)) for each in found]


@pytest.mark.parametrize(
    ("text", "words", "starts"),
    [
        ("Paris, Parisian, paris, Paris.", "Paris", [0, 24]),
        ("New York. New\nYork. New\n\nYork. New  York", "New York", [0, 10, 31]),
        ("a+b and a+b", "a+b", [0, 8]),
        ("nothing", "  ", []),
    ],
)
def test_words_are_found_on_token_borders_and_across_a_line_end(
    text: str, words: str, starts: list[int]
) -> None:
    assert [found[0].start for found in places_of(text, plain_tokens(text), words)] == starts


def test_what_is_undecided_becomes_a_candidate_and_says_why(session: Session) -> None:
    text = "Paris and Paris and Paris and Paris"
    document = a_document(session, text)
    session.do(commands.AddSpan(document, place(text, "Paris"), "GPE"))
    session.do(commands.AddSpan(document, place(text, "and Paris", number=0), "ROLE"))
    third = SpanKey(place(text, "Paris", number=2), "GPE")
    propose(session, document, [third])
    session.do(commands.RejectSpan(document, (third,)))
    heard: list[ChangeSet] = []
    session.listen(heard.append)
    report = propose_same_words(session, wanted(at=(document, text)), documents=[document])
    assert (report.added, report.documents, report.known, report.finished) == (1, 1, 0, 0)
    assert undecided(session, document) == [(30, "Paris")]
    (readings,) = session.annotations(document).undecided
    (proposal,) = readings.best.proposals
    assert (proposal.suggester, proposal.score, proposal.reason) == ("same words", ASKED_SCORE, REASON)
    assert [each.documents for each in heard] == [frozenset([document])]
    (step,) = (each.step for each in heard)
    assert step is not None
    assert (step.key, step.name) == (report.step, "Propose Paris as GPE at 1 place")
    session.undo(document)
    assert undecided(session, document) == []
    assert session.row(document).undecided == 0
    session.redo(document)
    assert session.row(document).undecided == 1


def test_asking_again_adds_nothing_and_says_what_is_there(session: Session) -> None:
    text = "Paris and Paris"
    document = a_document(session, text)
    for added, known in ((1, 0), (0, 1)):
        report = propose_same_words(session, wanted(at=(document, text)), documents=[document])
        assert (report.added, report.known) == (added, known)
    assert session.project.value("SELECT count(*) FROM asked") == 1


def test_suggesters_that_run_again_leave_them(session: Session) -> None:
    document = a_document(session, "Ada saw Paris.")
    propose_same_words(session, wanted(), documents=[document])
    suggest(session, documents=[document], again=True)
    assert undecided(session, document) == [(0, "Ada"), (8, "Paris")]


def test_the_project_is_searched_but_finished_and_excluded_documents_are_left(session: Session) -> None:
    first = a_document(session, "[Paris](GPE) is here.", source="1")
    second = a_document(session, "In Paris and in Paris.", source="2")
    done = a_document(session, "Paris is done.", source="3")
    excluded = a_document(session, "Paris is out.", source="4")
    other = a_document(session, "Rome only.", source="5")
    session.do(commands.SetState(documents=(done,), state=State.DONE))
    session.do(commands.ExcludeDocuments(documents=(excluded,), excluded=True))
    reports: list[tuple[int, int]] = []
    report = propose_same_words(
        session,
        wanted(at=(first, "Paris is here.")),
        lambda done, total, _text: reports.append((done, total)),
    )
    assert (report.added, report.documents, report.known, report.finished) == (2, 1, 0, 1)
    assert reports == [(0, 3), (3, 3)]
    assert [start for start, _ in undecided(session, second)] == [3, 16]
    assert [undecided(session, key) for key in (done, excluded, other)] == [[], [], []]


def test_signs_that_no_index_holds_are_found_in_all_documents(session: Session) -> None:
    document = a_document(session, "Costs € 5.")
    assert propose_same_words(session, wanted("€")).added == 1
    assert undecided(session, document) == [(6, "€")]


def test_a_cancel_leaves_everything_as_it_was(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.workflows.same_words.CHUNK", 1)
    keys = [a_document(session, f"Paris {number}.") for number in range(3)]

    def stop(done: int, _total: int, _text: str) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        propose_same_words(session, wanted(), stop)
    assert [len(undecided(session, key)) for key in keys] == [0, 0, 0]


@pytest.mark.parametrize(("words", "label"), [(" ", "GPE"), ("Paris", "NOBODY")])
def test_no_words_or_no_such_label_is_refused(session: Session, words: str, label: str) -> None:
    with pytest.raises(RuleError):
        propose_same_words(session, wanted(words, label))


def _alike(session: Session, document: int, words: str, label: str, *, number: int = 0) -> list[int]:
    text = session.text(document)
    found = alike_in(
        session.annotations(document),
        text,
        session.tokens(document),
        fragments=place(text, words, number=number),
        label=label,
    )
    return [each[0].start for each in found]


def test_what_is_decided_here_may_be_proposed_elsewhere_behind_it_first(session: Session) -> None:
    document = a_document(session, "Paris, Paris, Paris, Parisian and Paris")
    assert _alike(session, document, "Paris", "GPE", number=1) == [14, 34, 0]


def test_what_is_decided_proposed_or_covered_is_left_out(session: Session) -> None:
    text = "Paris, [Paris](GPE), Paris Match, Paris and Paris"
    document = a_document(session, text)
    session.do(commands.AddSpan(document, place(session.text(document), "Paris Match"), "ROLE"))
    propose(session, document, [SpanKey(place(session.text(document), "Paris", number=3), "GPE")])
    session.do(
        commands.RejectSpan(document, (SpanKey(place(session.text(document), "Paris", number=3), "GPE"),))
    )
    assert _alike(session, document, "Paris", "GPE") == [37]


def test_a_word_that_stands_everywhere_is_proposed_at_some_places_only(session: Session) -> None:
    document = a_document(session, "so " * 200)
    assert len(_alike(session, document, "so", "ROLE")) == ALIKE


def test_a_decision_proposes_the_same_words_in_its_own_step(session: Session) -> None:
    document = a_document(session, "[Ada](PERSON) saw Ada and Ada.")
    text = session.text(document)
    also = (place(text, "Ada", number=1), place(text, "Ada", number=2))
    what = SpanKey(place(text, "Ada"), "PERSON")
    done = session.do(commands.AcceptSpan(document=document, candidate=what, also=also))
    assert done.message == "Accepted Ada as PERSON. Proposed at 2 more places."
    assert [start for start, _ in undecided(session, document)] == [8, 16]
    again = session.do(commands.AddSpan(document, place(text, "saw"), "ROLE", also=also))
    assert again.message == "Labelled saw as ROLE. Proposed at 2 more places."
    session.undo(document)
    session.undo(document)
    assert [start for start, _ in undecided(session, document)] == [0]
    assert session.annotations(document).spans == ()


def test_a_decision_in_a_finished_document_proposes_nothing(session: Session) -> None:
    document = a_document(session, "[Ada](PERSON) saw Ada.")
    text = session.text(document)
    session.do(commands.FinishDocument(document=document, accept_rest=True))
    also = (place(text, "Ada", number=1),)
    session.do(commands.AddSpan(document, place(text, "saw"), "ROLE", also=also))
    assert undecided(session, document) == []
