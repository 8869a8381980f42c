"""Label types of a server and types of the schema."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.model.annotation import Kind
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.sync.labels import (
    Labels,
    joined_here,
    joined_there,
    key_here,
    key_there,
    made_here,
    made_there,
    packed_table,
    states_of,
    table_of,
    unpacked_table,
)
from annotator.sync.remote import RemoteType, TypeKind

PER = EntityType(name="PER", id="a", color="blue", shortcut="1")
LOC = EntityType(name="LOC", id="b", color="#abcdef", shortcut="L x")
MET = RelationType(name="MET", id="c", symmetric=True)
SCHEMA = Schema((PER, LOC), (MET,))


def there(name: str, number: int, **more: str) -> RemoteType:
    return RemoteType(
        kind=TypeKind.SPAN, name=name, id=number, **{"background": "#4b77dc", "key": "1", **more}
    )


@pytest.mark.parametrize(
    ("prefix", "key", "here"),
    [
        ("", "1", "1"),
        ("shift", "1", "Shift+1"),
        ("", "x", "L x"),
        ("shift", "x", "L x"),
        ("ctrl", "1", ""),
        ("ctrl shift", "x", ""),
        ("", "", ""),
        ("", "é", ""),
    ],
)
def test_keys_of_doccano_become_ours(prefix: str, key: str, here: str) -> None:
    remote = RemoteType(kind=TypeKind.SPAN, name="A", key=key, prefix=prefix)
    assert key_here(remote) == here
    if here and (prefix, key) != ("shift", "x"):
        assert key_there(here) == (prefix, key)


@pytest.mark.parametrize("shortcut", ["", "L é", "F5"])
def test_a_key_that_doccano_has_not_is_none(shortcut: str) -> None:
    assert key_there(shortcut) == ("", "")


@pytest.mark.parametrize("local", [PER, LOC, MET])
def test_a_type_comes_back_from_the_server_as_it_was(local: EntityType | RelationType) -> None:
    back = made_here(made_there(local, []))
    assert (back.name, back.color, back.shortcut) == (local.name, local.color, local.shortcut)


def test_a_key_that_is_taken_there_is_none() -> None:
    assert made_there(PER, [there("OTHER", 1)]).key == ""
    assert made_there(PER, [replace(there("OTHER", 1), kind=TypeKind.RELATION)]).key == "1"


def test_types_meet_by_name_first_and_by_number_ever_after() -> None:
    states = states_of((), SCHEMA, [there("PER", 7), there("NEW", 8)])
    table = unpacked_table(packed_table(table_of(states)))
    assert [(each.number, each.local, each.remote) for each in table] == [(1, "a", 7), (2, "", 8)]
    renamed = Schema((replace(PER, name="PERSON"), LOC), (MET,))
    again = states_of(table, renamed, [there("PER", 7), there("NEW", 8)])
    person = next(each for each in again if each.common == "PERSON")
    assert person.differs
    labels = Labels(again)
    assert labels.from_there(Kind.SPAN, "PER") == labels.from_here(Kind.SPAN, "PERSON") == "PERSON"
    assert labels.name(Kind.SPAN, 1) == "PERSON"
    assert labels.is_symmetric("MET")
    assert {each.common for each in again if each.is_new_there} == {"NEW"}
    assert {each.common for each in again if each.is_new_here} == {"LOC", "MET"}
    kept = Labels(again, {1: "old name"})
    assert (kept.here(Kind.SPAN, "old name"), kept.name(Kind.SPAN, 1)) == ("PERSON", "old name")


def test_what_one_side_changed_is_no_conflict_and_what_both_changed_is() -> None:
    table = table_of(states_of((), SCHEMA, [there("PER", 7)]))
    theirs = states_of(table, SCHEMA, [there("PER", 7, background="#112233")])
    assert (theirs[0].changes(here=False), theirs[0].changes(here=True), theirs[0].differs) == (
        (1,),
        (),
        False,
    )
    assert joined_here(theirs[0], (1,)).color == "#112233"
    schema = Schema((replace(PER, color="teal", shortcut="2"), LOC))
    mine = states_of(table, schema, [there("PER", 7)])[0]
    assert (mine.changes(here=True), mine.differs) == ((1, 2), False)
    changed = joined_there(mine, (1, 2), [])
    assert (changed.name, changed.background, changed.key, changed.id) == ("PER", "#0c7365", "2", 7)
    both = states_of(table, schema, [there("PER", 7, background="#112233")])[0]
    assert both.differs


def test_a_type_that_was_made_again_is_the_same_again() -> None:
    table = table_of(states_of((), SCHEMA, [there("PER", 7)]))
    again = states_of(table, SCHEMA, [there("PER", 9, background="#112233")])
    person = [each for each in again if each.common == "PER"]
    assert len(person) == 1
    assert person[0].remote is not None
    assert (person[0].remote.id, person[0].differs, person[0].changes(here=False)) == (9, False, ())
    assert [each.number for each in table_of(again)] == [1]


def test_names_that_cannot_be_here_are_none() -> None:
    states = states_of((), SCHEMA, [there("two\nlines", 7)])
    assert all(each.remote is None for each in states)
    assert Labels(states).from_there(Kind.SPAN, "two\nlines") is None


@pytest.mark.parametrize("written", [[1], [[1, "span", "a"]], [[1, "x", "a", 1, [], []]], None])
def test_what_is_no_table_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpacked_table(written)
