"""Types: what adding, changing, merging, ordering and deleting them does to everything that has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from annotator.editing import commands
from annotator.editing.history import UndoRefusedError
from annotator.model.annotation import Kind, RelationKey, SpanKey
from annotator.model.errors import RuleError, StaleError
from annotator.model.record import Record, RecordSpan
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.workflows.importing import CHUNK, LARGE, ImportOptions, import_records
from annotator.workflows.reporting import silent
from annotator.workflows.session import Session
from tests.builders import SCHEMA, a_document, a_record, bring, place, propose

TEXT = "[President](ROLE) [Ada](PERSON) met [Bob](PERSON) in [Paris](GPE)."


def entity(session: Session, name: str) -> EntityType:
    found = session.schema.entity(name)
    assert found is not None
    return found


def names(session: Session) -> list[str]:
    return [each.name for each in session.schema.entities]


def labels(session: Session, document: int) -> list[str]:
    return [span.label for span in session.annotations(document).spans]


def key(session: Session, document: int, words: str, label: str) -> SpanKey:
    return SpanKey(place(session.text(document), words), label)


def test_a_new_type_takes_a_free_key_and_stands_last(session: Session) -> None:
    session.do(commands.AddType(EntityType(name="DATE", color="", shortcut="1")))
    made = entity(session, "DATE")
    assert (made.shortcut, made.color, made.position) == ("4", "teal", 3)
    assert made.id
    with pytest.raises(RuleError, match="There is an entity type DATE already"):
        session.do(commands.AddType(EntityType(name="DATE")))
    with pytest.raises(RuleError, match="needs a name"):
        session.do(commands.AddType(EntityType(name=" ")))
    with pytest.raises(RuleError, match="names an end NOPE"):
        session.do(commands.AddType(RelationType(name="R", heads=("NOPE",))))


def test_a_renamed_type_renames_everything_that_has_it(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.AcceptMany())
    changes = session.do(commands.ChangeType(replace(entity(session, "PERSON"), name="HUMAN")))
    assert changes.message == "PERSON is HUMAN now."
    assert changes.schema
    assert changes.everywhere
    assert labels(session, document) == ["ROLE", "HUMAN", "HUMAN", "GPE"]
    visited = session.schema.relation("VISITED")
    assert visited is not None
    assert visited.heads == ("HUMAN",)
    with pytest.raises(RuleError, match="ROLE already"):
        session.do(commands.ChangeType(replace(entity(session, "HUMAN"), name="ROLE")))
    with pytest.raises(StaleError, match="is gone"):
        session.do(commands.ChangeType(replace(entity(session, "HUMAN"), key=999)))


def test_a_key_that_another_type_has_is_swapped_with_it(session: Session) -> None:
    changes = session.do(commands.ChangeType(replace(entity(session, "PERSON"), shortcut="3")))
    assert changes.message == "Key of PERSON is now 3, key of GPE 1."
    assert [each.shortcut for each in session.schema.entities] == ["3", "2", "1"]


def test_types_are_shown_in_the_order_asked_for(session: Session) -> None:
    session.do(commands.ReorderTypes(kind=Kind.SPAN, names=("GPE", "PERSON", "ROLE")))
    assert names(session) == ["GPE", "PERSON", "ROLE"]
    with pytest.raises(StaleError, match="types changed meanwhile"):
        session.do(commands.ReorderTypes(kind=Kind.SPAN, names=("GPE", "PERSON")))


def test_a_schema_is_extended_by_what_is_missing(session: Session) -> None:
    more = Schema(
        (EntityType(name="PERSON", color="pink"), EntityType(name="DATE")),
        (RelationType(name="BORN_ON", heads=("PERSON",), children=("DATE",)),),
    )
    assert session.do(commands.ExtendSchema(more)).message == "Added DATE, BORN_ON."
    assert entity(session, "PERSON").color == "blue"
    again = session.do(commands.ExtendSchema(SCHEMA))
    assert (again.step, again.message) == (None, "Nothing was missing.")


def test_deleting_a_type_takes_its_spans_and_their_relations_along(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(
        commands.AddRelation(
            document=document,
            head=key(session, document, "Ada", "PERSON"),
            child=key(session, document, "Paris", "GPE"),
            label="VISITED",
        )
    )
    touched = session.touched_by_type(Kind.SPAN, "GPE")
    assert (touched.documents, touched.spans, touched.relations) == (1, 1, 1)
    changes = session.do(commands.DeleteType(kind=Kind.SPAN, name="GPE"))
    assert changes.message == "Deleted GPE with 1 span and 1 relation. VISITED had no other end and went too."
    assert labels(session, document) == ["PERSON"]
    assert [each.name for each in session.schema.relations] == ["HOLDS_ROLE", "MET"]
    session.undo(None)
    assert sorted(labels(session, document)) == ["GPE", "PERSON"]
    assert len(session.annotations(document).relations) == 1
    with pytest.raises(StaleError, match="no relation type NOPE"):
        session.do(commands.DeleteType(kind=Kind.RELATION, name="NOPE"))


def test_counts_follow_when_the_candidates_of_a_type_go_with_it(session: Session) -> None:
    document = a_document(session, TEXT)
    assert session.row(document).undecided == 4
    session.do(commands.DeleteType(kind=Kind.SPAN, name="PERSON"))
    assert session.row(document).undecided == session.annotations(document).left == 2


def test_merging_moves_spans_candidates_rejections_and_ends(session: Session) -> None:
    session.do(commands.AddType(EntityType(name="PLACE")))
    document = a_document(session, "[Ada](PERSON) saw [Rome](GPE), [Oslo](GPE), [Bonn](GPE) and [Kyiv](GPE).")
    for what in ("Rome", "Kyiv"):
        session.do(commands.AcceptSpan(document=document, candidate=key(session, document, what, "GPE")))
    session.do(commands.RejectSpan(document, (key(session, document, "Oslo", "GPE"),)))
    session.do(commands.AddSpan(document, place(session.text(document), "Kyiv"), "PLACE"))
    ada, bonn = key(session, document, "Ada", "PERSON"), key(session, document, "Bonn", "GPE")
    kyiv = key(session, document, "Kyiv", "GPE")
    session.do(commands.AddRelation(document=document, head=ada, child=kyiv, label="VISITED"))
    propose(session, document, [RelationKey(ada, bonn, "VISITED")])
    changes = session.do(commands.MergeTypes(kind=Kind.SPAN, source="GPE", target="PLACE"))
    assert changes.message == (
        "2 spans of GPE are PLACE now. 1 stood there already. 1 relation moved to them."
    )
    found = session.annotations(document)
    assert labels(session, document) == ["PERSON", "PLACE", "PLACE"]
    assert [each.what for each in found.rejections] == [key(session, document, "Oslo", "PLACE")]
    assert [group.best.what for group in found.undecided] == [key(session, document, "Bonn", "PLACE")]
    assert [each.candidate.label for each in found.undecided_relations] == ["VISITED"]
    assert session.row(document).undecided == 2
    visited = session.schema.relation("VISITED")
    assert visited is not None
    assert visited.children == ("PLACE",)
    with pytest.raises(RuleError, match="Choose another type"):
        session.do(commands.MergeTypes(kind=Kind.SPAN, source="PLACE", target="PLACE"))


def test_merged_relations_that_stand_twice_become_one(session: Session) -> None:
    session.do(commands.AddType(RelationType(name="KNOWS", heads=("PERSON",), children=("PERSON",))))
    document = a_document(session, TEXT)
    ada, bob = key(session, document, "Ada", "PERSON"), key(session, document, "Bob", "PERSON")
    for label in ("MET", "KNOWS"):
        session.do(commands.AddRelation(document=document, head=ada, child=bob, label=label))
    session.do(commands.MergeTypes(kind=Kind.RELATION, source="KNOWS", target="MET"))
    assert [each.label for each in session.annotations(document).relations] == ["MET"]


def test_an_import_whose_new_type_is_used_elsewhere_is_not_undone_alone(session: Session) -> None:
    imported = bring(session, a_record("A [comet](THING) fell.")).step
    assert imported is not None
    document = a_document(session, TEXT)
    session.do(commands.AddSpan(document, place(session.text(document), "Paris"), "THING"))
    with pytest.raises(UndoRefusedError) as refusal:
        session.do(commands.Undo(steps=(imported,)))
    assert [step.name for step in refusal.value.later] == ["Label Paris THING"]
    session.do(commands.Undo(steps=(imported,), with_later=True))
    assert labels(session, document) == []
    assert "THING" not in names(session)
    session.redo(None)
    assert labels(session, document) == ["THING"]


def test_an_import_whose_new_type_a_later_import_uses_is_not_undone_alone(session: Session) -> None:
    first = bring(session, a_record("A [comet](THING) fell.")).step
    later = bring(session, a_record("A [star](THING) rose.", source="b.txt"))
    assert first is not None
    with pytest.raises(UndoRefusedError) as refusal:
        session.do(commands.Undo(steps=(first,)))
    assert [step.key for step in refusal.value.later] == [later.step]
    session.do(commands.Undo(steps=(first,), with_later=True))
    assert session.counts().all == 0
    session.redo(None)
    assert session.counts().all == 2


def test_candidates_of_a_type_that_went_with_an_import_are_not_asked(session: Session) -> None:
    imported = bring(session, a_record("A [comet](THING) fell.")).step
    assert imported is not None
    document = a_document(session, TEXT)
    propose(session, document, [key(session, document, "met", "THING")])
    assert session.row(document).undecided == 5
    session.do(commands.Undo(steps=(imported,)))
    assert session.row(document).undecided == session.annotations(document).left == 4
    session.do(commands.FinishDocument(document=document, accept_rest=True))
    assert "THING" not in labels(session, document)


def test_an_import_that_brought_only_candidates_of_a_new_type_survives_undo_and_other_imports(
    session: Session,
) -> None:
    record = a_record("A [comet](THING) fell.")
    proposed = replace(
        record, spans=(RecordSpan(fragments=record.spans[0].fragments, label="THING", score=0.7),)
    )
    document = bring(session, proposed).first_document
    assert document is not None
    assert session.row(document).undecided == 1
    session.undo(None)
    assert bring(session).step is None
    session.redo(None)
    assert session.row(document).undecided == session.annotations(document).left == 1


def test_a_type_added_while_an_import_brings_it_ends_the_import(session: Session) -> None:
    def records() -> Iterator[Record]:
        for number in range(CHUNK * LARGE + 50):
            if number == CHUNK * LARGE + 40:  # the first turn is over
                session.do(commands.AddType(EntityType(name="THING")))
            yield a_record(f"A [comet](THING) fell {number} times.", source=str(number))

    with pytest.raises(StaleError, match="THING was added to the schema meanwhile"):
        import_records(session, "Import", records(), options=ImportOptions(), report=silent)
    assert session.counts().all == 0
    assert names(session).count("THING") == 1
