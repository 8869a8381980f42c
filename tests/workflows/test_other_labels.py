"""The same words with other labels are found in other documents, within bounds that are said."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.annotation import Fragment
from annotator.model.errors import Cancelled
from annotator.workflows import other_labels
from annotator.workflows.other_labels import LabelledPlace, form_of, labels_elsewhere
from annotator.workflows.session import Session
from tests.builders import a_document, a_record, bring, place


def accepted(session: Session, written: str) -> int:
    """Bring a document whose marked spans are accepted."""
    key = bring(session, a_record(written, source=written)).first_document
    assert key is not None
    return key


def labels(session: Session, form: str, *, besides: int = 0) -> list[tuple[int, str]]:
    found = labels_elsewhere(session, [form], besides=besides)[form]
    return [(each.document, each.label) for each in found.places]


def test_words_are_compared_without_case_and_blanks() -> None:
    assert form_of("New\n York", (Fragment(0, 9),)) == "new york"
    assert form_of("NEW x York", (Fragment(0, 3), Fragment(6, 10))) == "new york"
    assert form_of("Straße", (Fragment(0, 6),)) == "strasse"


def test_accepted_spans_of_other_documents_are_found(session: Session) -> None:
    here = accepted(session, "[Jordan](PERSON) spoke.")
    there = accepted(session, "[JORDAN](GPE) and [Jordan](PERSON) and Jordan and [Jordan River](GPE)")
    a_document(session, "[Jordan](GPE) is a candidate")
    assert labels(session, "jordan", besides=here) == [(there, "GPE"), (there, "PERSON")]
    assert labels(session, "jordan", besides=there) == [(here, "PERSON")]
    assert labels(session, "jordan river") == [(there, "GPE")]
    assert labels(session, "river jordan") == []


@pytest.mark.parametrize("form", ["", "…", '"', "nowhere at all", "new\0york"])
def test_any_form_has_an_answer(session: Session, form: str) -> None:
    accepted(session, "[Jordan](PERSON)")
    assert labels_elsewhere(session, [form], besides=0)[form].places == ()


def test_scripts_without_blanks_are_found(session: Session) -> None:
    key = bring(session, a_record("他去了[北京](GPE)。", source="zh")).first_document
    assert labels(session, "北京") == [(key, "GPE")]


def test_what_is_removed_is_not_found(session: Session) -> None:
    key = accepted(session, "[Jordan](GPE)")
    session.do(commands.RemoveDocuments((key,)))
    assert labels(session, "jordan") == []


def test_what_is_looked_at_is_bounded_and_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_labels, "PER_FORM", 2)
    keys = [accepted(session, f"[Jordan](GPE) number {number}, [Ada](PERSON)") for number in range(3)]
    found = labels_elsewhere(session, ["jordan", "ada"], besides=keys[2])
    assert all(each.is_all and len(each.places) == 2 for each in found.values())
    found = labels_elsewhere(session, ["jordan"], besides=0)
    assert [each.document for each in found["jordan"].places] == keys[:2]
    assert not found["jordan"].is_all
    monkeypatch.setattr(other_labels, "MOST_READ", 1)
    found = labels_elsewhere(session, ["jordan", "ada"], besides=keys[2])
    assert [(len(each.places), each.is_all) for each in found.values()] == [(1, False), (1, False)]


def test_it_can_be_stopped(session: Session) -> None:
    def stop(_done: int, _total: int, _text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        labels_elsewhere(session, ["jordan"], stop, besides=0)


def test_a_place_names_its_span(session: Session) -> None:
    key = accepted(session, "[Jordan](GPE)")
    (span,) = session.annotations(key).spans
    assert span.fragments == place("Jordan", "Jordan")
    assert labels_elsewhere(session, ["jordan"], besides=0)["jordan"].places == (
        LabelledPlace(key, span.key, "GPE"),
    )
