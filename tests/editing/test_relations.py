"""Relations: their ends, their direction, what the schema allows, and imported ones that it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.editing import commands
from annotator.model.annotation import Origin, Reason, Relation, RelationKey, SpanKey
from annotator.model.errors import RuleError, StaleError
from annotator.model.record import RecordRelation
from annotator.model.schema import RelationType
from annotator.workflows.session import Session
from tests.builders import a_document, a_record, bring, place, propose

TEXT = "[President](ROLE) [Ada](PERSON) met [Bob](PERSON) in [Paris](GPE)."


@pytest.fixture
def document(session: Session) -> int:
    """Bring in the text with its candidates, and one relation of each type."""
    document = a_document(session, TEXT)
    propose(
        session,
        document,
        [
            RelationKey(ada(session, document), key(session, document, "Bob", "PERSON"), "MET"),
            RelationKey(ada(session, document), key(session, document, "Paris", "GPE"), "VISITED"),
            RelationKey(ada(session, document), key(session, document, "President", "ROLE"), "HOLDS_ROLE"),
        ],
    )
    return document


def key(session: Session, document: int, words: str, label: str) -> SpanKey:
    return SpanKey(place(session.text(document), words), label)


def ada(session: Session, document: int) -> SpanKey:
    return key(session, document, "Ada", "PERSON")


def candidate(session: Session, document: int, label: str) -> RelationKey:
    found = session.annotations(document).undecided_relations
    return next(each.candidate.what for each in found if each.candidate.label == label)


def words(session: Session, relation: Relation) -> tuple[str, str, str]:
    found = session.annotations(relation.document)
    text = session.text(relation.document)
    head, child = found.span(relation.head), found.span(relation.child)
    assert head is not None
    assert child is not None
    return text[head.start : head.end], relation.label, text[child.start : child.end]


def relations(session: Session, document: int) -> list[tuple[str, str, str]]:
    return [words(session, each) for each in session.annotations(document).relations]


def test_accepting_a_relation_accepts_its_ends_and_says_so(session: Session, document: int) -> None:
    changes = session.do(
        commands.AcceptRelation(document=document, candidate=candidate(session, document, "VISITED"))
    )
    assert changes.message == "Accepted VISITED: Ada → Paris. Its ends were accepted too."
    found = session.annotations(document)
    assert {span.provenance.origin for span in found.spans} == {Origin.CANDIDATE}
    assert relations(session, document) == [("Ada", "VISITED", "Paris")]
    assert found.relations[0].provenance.suggesters == ("test",)
    session.undo(document)
    assert session.annotations(document).decided == 0


def test_a_relation_between_accepted_spans_accepts_nothing_more(session: Session, document: int) -> None:
    for what in (ada(session, document), key(session, document, "Bob", "PERSON")):
        session.do(commands.AcceptSpan(document=document, candidate=what))
    changes = session.do(
        commands.AcceptRelation(document=document, candidate=candidate(session, document, "MET"))
    )
    assert changes.message == "Accepted MET: Ada → Bob."


def test_rejecting_an_end_withdraws_what_hangs_on_it(session: Session, document: int) -> None:
    session.do(commands.RejectSpan(document, (ada(session, document),)))
    assert session.annotations(document).undecided_relations == ()
    session.undo(document)
    assert len(session.annotations(document).undecided_relations) == 3


def test_fixing_the_extent_of_an_end_keeps_what_hangs_on_it(session: Session, document: int) -> None:
    wider = key(session, document, "President Ada", "PERSON")
    session.do(
        commands.AcceptSpan(document=document, candidate=ada(session, document), fragments=wider.fragments)
    )
    session.do(commands.AcceptRelation(document=document, candidate=candidate(session, document, "MET")))
    assert relations(session, document) == [("President Ada", "MET", "Bob")]


def test_a_rejected_relation_is_not_proposed_again(session: Session, document: int) -> None:
    what = candidate(session, document, "MET")
    session.do(commands.RejectRelation(document, what))
    assert [each.what for each in session.annotations(document).rejections] == [what]
    with pytest.raises(StaleError, match="candidate relation is gone"):
        session.do(commands.RejectRelation(document, what))
    with pytest.raises(StaleError, match="candidate relation is gone"):
        session.do(commands.AcceptRelation(document=document, candidate=what))


def test_accepting_with_another_type_is_a_fix(session: Session, document: int) -> None:
    session.do(commands.AddType(RelationType(name="BORN_IN", heads=("PERSON",), children=("GPE",))))
    what = candidate(session, document, "VISITED")
    session.do(commands.AcceptRelation(document=document, candidate=what, label="BORN_IN"))
    found = session.annotations(document)
    assert relations(session, document) == [("Ada", "BORN_IN", "Paris")]
    assert found.relations[0].provenance.origin is Origin.FIXED
    assert [(each.what, each.reason) for each in found.rejections] == [(what, Reason.WRONG_LABEL)]


def test_what_the_schema_forbids_is_refused(session: Session, document: int) -> None:
    ends = {
        "head": key(session, document, "Paris", "GPE"),
        "child": key(session, document, "President", "ROLE"),
    }
    for label, message in (
        ("VISITED", "VISITED does not go from GPE to ROLE"),
        ("NOPE", "no relation type NOPE"),
    ):
        with pytest.raises(RuleError, match=message):
            session.do(commands.AddRelation(document=document, label=label, **ends))
    bob = key(session, document, "Bob", "PERSON")
    with pytest.raises(RuleError, match="two different spans"):
        session.do(commands.AddRelation(document=document, head=bob, child=bob, label="MET"))
    assert session.annotations(document).decided == 0


def test_an_end_of_another_document_or_gone_is_refused(session: Session, document: int) -> None:
    other = a_document(session, "[Eve](PERSON) left.")
    session.do(commands.AcceptSpan(document=other, candidate=key(session, other, "Eve", "PERSON")))
    eve = session.annotations(other).spans[0].key
    with pytest.raises(RuleError, match="two spans of one document"):
        session.do(
            commands.AddRelation(document=document, head=ada(session, document), child=eve, label="MET")
        )
    gone = key(session, document, "met", "PERSON")
    with pytest.raises(StaleError, match="no longer there"):
        session.do(
            commands.AddRelation(document=document, head=ada(session, document), child=gone, label="MET")
        )


def test_a_symmetric_relation_stands_once_whichever_way(session: Session, document: int) -> None:
    bob = key(session, document, "Bob", "PERSON")
    session.do(commands.AddRelation(document=document, head=bob, child=ada(session, document), label="MET"))
    assert relations(session, document) == [("Bob", "MET", "Ada")]
    assert [each.candidate.label for each in session.annotations(document).undecided_relations] == [
        "HOLDS_ROLE",
        "VISITED",
    ]
    with pytest.raises(RuleError, match="This MET is there already"):
        session.do(
            commands.AddRelation(document=document, head=ada(session, document), child=bob, label="MET")
        )
    (met,) = session.annotations(document).relations
    with pytest.raises(RuleError, match="MET has no direction"):
        session.do(commands.ReverseRelation(met.key))


def test_a_relation_that_fits_only_one_way_is_laid_that_way(session: Session, document: int) -> None:
    session.do(commands.ChangeType(replace(_type(session, "HOLDS_ROLE"), symmetric=True)))
    session.do(
        commands.AddRelation(
            document=document,
            head=key(session, document, "President", "ROLE"),
            child=ada(session, document),
            label="HOLDS_ROLE",
        )
    )
    assert len(relations(session, document)) == 1


def _type(session: Session, name: str) -> RelationType:
    found = session.schema.relation(name)
    assert found is not None
    return found


def test_turning_a_relation_round_and_back_leaves_no_rejection_of_what_stands(
    session: Session, document: int
) -> None:
    session.do(commands.AddType(RelationType(name="KNOWS", heads=("PERSON",), children=("PERSON",))))
    bob = key(session, document, "Bob", "PERSON")
    what = RelationKey(ada(session, document), bob, "KNOWS")
    propose(session, document, [what])
    session.do(commands.AcceptRelation(document=document, candidate=what))
    (relation,) = session.annotations(document).relations
    session.do(commands.ReverseRelation(relation.key))
    assert relations(session, document) == [("Bob", "KNOWS", "Ada")]
    assert [each.what for each in session.annotations(document).rejections] == [what]
    session.do(commands.ReverseRelation(relation.key))
    assert relations(session, document) == [("Ada", "KNOWS", "Bob")]
    assert session.annotations(document).rejections == ()


def test_a_relation_that_may_not_be_turned_is_refused(session: Session, document: int) -> None:
    session.do(commands.AcceptRelation(document=document, candidate=candidate(session, document, "VISITED")))
    (visited,) = session.annotations(document).relations
    with pytest.raises(RuleError, match="VISITED does not go from GPE to PERSON"):
        session.do(commands.ReverseRelation(visited.key))


def test_another_end_or_type_for_a_relation_is_a_fix(session: Session, document: int) -> None:
    what = candidate(session, document, "MET")
    session.do(commands.AcceptRelation(document=document, candidate=what))
    (met,) = session.annotations(document).relations
    session.do(commands.AddSpan(document, place(session.text(document), "in"), "PERSON"))
    changes = session.do(
        commands.ChangeRelation(relation=met.key, child=key(session, document, "in", "PERSON"))
    )
    assert changes.message == "MET: Ada → in."
    assert relations(session, document) == [("Ada", "MET", "in")]
    found = session.annotations(document)
    assert (found.relations[0].id, found.relations[0].provenance.origin) == (met.id, Origin.FIXED)
    assert [each.what for each in found.rejections] == [what]


def test_removing_an_accepted_relation_rejects_it(session: Session, document: int) -> None:
    what = candidate(session, document, "MET")
    session.do(commands.AcceptRelation(document=document, candidate=what))
    (met,) = session.annotations(document).relations
    session.do(commands.RemoveRelations((met.key, met.key)))
    found = session.annotations(document)
    assert found.relations == ()
    assert [(each.what, each.reason) for each in found.rejections] == [(what, Reason.REMOVED)]
    assert len(found.spans) == 2
    session.undo(document)
    assert session.annotations(document).relations == (met,)


def test_imported_relations_that_the_schema_forbids_are_kept(session: Session) -> None:
    record = replace(
        a_record("[Paris](GPE) saw [Ada](PERSON) there."),
        relations=(RecordRelation(head=0, child=1, label="VISITED"),),
    )
    document = bring(session, record).first_document
    assert document is not None
    assert relations(session, document) == [("Paris", "VISITED", "Ada")]
    (kept,) = session.annotations(document).relations
    session.do(commands.ReverseRelation(kept.key))
    assert relations(session, document) == [("Ada", "VISITED", "Paris")]


def test_a_candidate_relation_that_the_schema_no_longer_allows_is_not_asked(
    session: Session, document: int
) -> None:
    assert session.row(document).undecided == 7
    session.do(commands.ChangeType(replace(_type(session, "VISITED"), heads=("ROLE",))))
    assert [each.candidate.label for each in session.annotations(document).undecided_relations] == [
        "HOLDS_ROLE",
        "MET",
    ]
    assert session.row(document).undecided == 6
    session.undo(document)
    assert session.row(document).undecided == 7


def test_a_candidate_with_another_end_is_a_fix_in_one_step(session: Session, document: int) -> None:
    what = candidate(session, document, "MET")
    session.do(commands.AddSpan(document, place(session.text(document), "in"), "PERSON"))
    before = session.annotations(document)
    new_end = next(each.key for each in before.spans if each.fragments == place(session.text(document), "in"))
    changes = session.do(commands.AcceptRelation(document=document, candidate=what, child=new_end))
    assert changes.message == "Accepted MET: Ada → in. Its end was accepted too."
    found = session.annotations(document)
    (met,) = found.relations
    assert (relations(session, document), met.provenance.origin) == ([("Ada", "MET", "in")], Origin.FIXED)
    assert [(each.what, each.reason) for each in found.rejections] == [(what, Reason.WRONG_EXTENT)]
    assert all(each.candidate.what != what for each in found.undecided_relations)
    session.undo(document)
    assert session.annotations(document) == before


def test_a_candidate_with_an_end_that_the_schema_forbids_is_refused(session: Session, document: int) -> None:
    what = candidate(session, document, "MET")
    role = key(session, document, "President", "ROLE")
    with pytest.raises(RuleError, match="MET does not go from PERSON to ROLE"):
        session.do(commands.AcceptRelation(document=document, candidate=what, child=role))
    assert session.annotations(document).decided == 0
