"""What is said of spans whose words carry another label elsewhere."""

from __future__ import annotations

from annotator.editing import commands
from annotator.model.annotation import SpanKey
from annotator.model.article import Annotations
from annotator.ui.models.article_items import span_items
from annotator.ui.models.otherwise import Otherwise, SignMemory
from annotator.workflows.other_labels import Elsewhere, LabelledPlace
from annotator.workflows.session import Session
from tests.builders import a_record, bring, place, propose
from tests.builders import marked as read_marked

TEXT = "[Jordan](PERSON) saw [Jordan](GPE), [jordan](GPE) and [Rome](GPE)."


def known_of(session: Session, document: int) -> Otherwise:
    known = Otherwise(document)
    known.read(session.annotations(document), session.text(document), {})
    return known


def said(known: Otherwise, annotations: Annotations, text: str) -> dict[str, str]:
    return {
        text[span.fragments[0].start : span.fragments[0].end] + str(span.fragments[0].start): known.words.get(
            f"s{span.key}", ""
        )
        for span in annotations.spans
    }


def a_jordan(session: Session) -> int:
    key = bring(session, a_record(TEXT)).first_document
    assert key is not None
    return key


def test_other_labels_in_the_document_are_counted(session: Session) -> None:
    document = a_jordan(session)
    known = known_of(session, document)
    assert said(known, session.annotations(document), session.text(document)) == {
        "Jordan0": "also GPE in 2 places",
        "Jordan11": "also PERSON in 1 place",
        "jordan19": "also PERSON in 1 place",
        "Rome30": "",
    }


def test_other_documents_count_too_and_what_was_left_out_is_said(session: Session) -> None:
    document = a_jordan(session)
    known = known_of(session, document)
    assert set(known.unknown()) == {"jordan", "rome"}
    places = (LabelledPlace(99, 1, "ROLE"), LabelledPlace(99, 2, "GPE"))
    known.elsewhere = {"jordan": Elsewhere(places, is_all=False), "rome": Elsewhere()}
    known.compare()
    assert known.unknown() == []
    told = said(known, session.annotations(document), session.text(document))
    assert told["Jordan0"] == "also GPE in 3 places, ROLE in 1 place or more"
    first = session.annotations(document).spans[0]
    assert [place.label for place in known.places(f"s{first.key}")] == ["GPE", "GPE", "ROLE", "GPE"]


def test_places_go_on_from_the_span_and_then_round(session: Session) -> None:
    key = bring(session, a_record("[Ada](GPE) [Ada](PERSON) [Ada](GPE)", source="ada")).first_document
    assert key is not None
    first, middle, last = session.annotations(key).spans
    assert [each.span for each in known_of(session, key).places(f"s{middle.key}")] == [last.key, first.key]


def test_two_labels_on_the_very_same_words_are_meant_so(session: Session) -> None:
    text, _ = read_marked("Ada left")
    key = bring(session, a_record(text)).first_document
    assert key is not None
    for label in ("PERSON", "ROLE"):
        session.do(commands.AddSpan(key, place(text, "Ada"), label))
    assert known_of(session, key).words == {}


def test_candidates_are_told_but_do_not_count(session: Session) -> None:
    text = "Ada met Ada and Ada"
    key = bring(session, a_record(text)).first_document
    assert key is not None
    session.do(commands.AddSpan(key, place(text, "Ada"), "PERSON"))
    spans = [place(text, "Ada", number=number) for number in (1, 2)]
    propose(session, key, [SpanKey(spans[0], "GPE"), SpanKey(spans[1], "PERSON")])
    known = known_of(session, key)
    assert known.words == {f"c:{spans[0][0].start}-{spans[0][0].end}:GPE": "also PERSON in 1 place"}


def test_an_item_keeps_its_sign_as_the_same_object(session: Session) -> None:
    document = a_jordan(session)
    items = span_items(
        session.annotations(document), session.schema, session.tokens(document), session.text(document)
    )
    words = known_of(session, document).words
    memory = SignMemory()
    marked = memory.mark(items, words)
    assert [item.otherwise for item in marked] == [True, True, True, False]
    assert marked[0].tooltip.endswith("≠ also GPE in 2 places")
    assert all(one is other for one, other in zip(marked, memory.mark(items, words), strict=True))
    assert memory.mark(items, {}) is items
