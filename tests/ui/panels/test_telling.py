"""The sentences of the right panel."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from annotator.model.annotation import Provenance, Span
from annotator.model.candidate import Proposal
from annotator.model.schema import RelationType
from annotator.ui.models.article_items import value_of
from annotator.ui.panels.state import End, RelationMode, place_words, type_counts
from annotator.ui.panels.telling import (
    can_turn,
    consequence,
    ends_words,
    history,
    legal_types,
    making,
    not_legal,
    relation_lines,
    relation_told,
    why,
)
from tests.ui.panels.articles import SCHEMA, a_candidate, a_span, a_state, candidate_of, place

STATE = a_state()


def test_reasons_are_said_once_each_as_sentences() -> None:
    role = a_candidate(
        "National Security Adviser", "ROLE", 0.7, "roles", "memory", reason="a title before a name"
    )
    assert why(role.proposals) == "Why: a title before a name."
    assert why(()) == ""


def test_each_suggester_gives_its_reason_in_a_line_of_its_own() -> None:
    what = a_candidate("National Security Adviser", "ROLE", 0.7, "roles").what

    def said(*told: tuple[str, float, str]) -> str:
        return why(
            Proposal(what=what, suggester=name, score=score, reason=reason) for name, score, reason in told
        )

    remembered = "accepted 12 of 13 times as ROLE (3 documents)"
    assert said(("roles", 0.9, "a title before a name"), ("memory", 0.9, remembered), ("mute", 0.9, " ")) == (
        f"Why:\nroles: a title before a name.\nmemory: {remembered}."
    )
    assert said(("roles", 0.9, "a title before a name"), ("memory", 0.4, "seen before!")) == (
        "Why:\nroles (.90): a title before a name.\nmemory (.40): seen before!"
    ), "where they are not equally sure, each says how sure it is"


def test_history_tells_who_proposed_and_who_decided() -> None:
    assert history(value_of(STATE.annotations, candidate_of(STATE, "ROLE"))) == []
    told = history(value_of(STATE.annotations, "s1"))
    assert told[0] == ("", "proposed by sm (.90)")
    assert told[1][0].startswith("2025-03-13 ")
    assert told[1][1] == "accepted by Mara"
    assert history(value_of(STATE.annotations, "x1"))[0][1] == "rejected by Mara: wrong"


def test_of_today_history_says_the_time_alone() -> None:
    today = replace(a_span(1, "Jeddah", "GPE"), provenance=Provenance(annotator="Mara", at=time.time()))
    assert len(history(today)[0][0]) == len("10:41")


def test_relations_of_a_span_say_which_way_they_run() -> None:
    lines = relation_lines(STATE.annotations, STATE.schema, STATE.text, "s3")
    assert [(line.id, line.direction, line.type, line.other.words, line.illegal) for line in lines] == [
        ("r2", "in", "visited", "Jeddah", True)
    ]
    assert lines[0].told == "visited from Jeddah, GPE, accepted, does not fit the schema"
    (line,) = relation_lines(STATE.annotations, STATE.schema, STATE.text, candidate_of(STATE, "ROLE"))
    assert (line.direction, line.candidate, line.other) == (
        "in",
        True,
        End("PERSON", "Waltz", candidate=True),
    )


def test_accepting_a_relation_says_which_ends_go_with_it() -> None:
    relation = STATE.annotations.undecided_relations[0]
    assert consequence(relation.head, relation.child, STATE.text).startswith("Accepting it accepts both ends")
    accepted = a_span(9, "Jeddah", "GPE")
    said = consequence(relation.head, accepted, STATE.text)
    assert said == "Accepting it accepts Waltz too: it is still a candidate."
    assert consequence(accepted, accepted, STATE.text) == ""


def test_an_illegal_relation_is_explained() -> None:
    value = value_of(STATE.annotations, "r2")
    assert not isinstance(value, Span | None)
    told = relation_told(value, STATE.annotations, STATE.schema, STATE.text)  # type: ignore[arg-type]
    assert told is not None
    assert told.problem == "It does not fit the schema: VISITED does not go from GPE to PERSON."
    assert legal_types(value, STATE.annotations, STATE.schema) == frozenset({"VISITED"})
    assert can_turn(value, STATE.annotations, STATE.schema)


def test_a_relation_is_turned_only_where_the_schema_allows_it() -> None:
    assert not can_turn(value_of(STATE.annotations, "r1"), STATE.annotations, STATE.schema)
    assert not can_turn(value_of(STATE.annotations, "s1"), STATE.annotations, STATE.schema)


def test_the_mode_says_what_it_makes_and_what_it_cannot() -> None:
    mode = RelationMode(start=End("PERSON", "Mike Waltz"), target=End("GPE", "Jeddah", candidate=True))
    assert making(mode) == "Jeddah is still a candidate. Making the relation accepts it too."
    assert making(RelationMode(start=End("PERSON", "Mike Waltz"))) == ""
    assert not_legal(mode, SCHEMA) == "ORG takes no relation with PERSON in this schema. It stays dimmed."
    assert not_legal(RelationMode(start=End("ORG", "Kremlin")), SCHEMA).startswith(
        "PERSON, ROLE, ORG and GPE take"
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (RelationType(name="R", heads=("A",), children=("B", "C")), "A → B, C"),
        (RelationType(name="R", symmetric=True, heads=("A",), children=("A",)), "A – A"),
        (RelationType(name="R", children=("B",)), "any → B"),
    ],
)
def test_the_ends_of_a_type_are_written_in_a_line(kind: RelationType, words: str) -> None:
    assert ends_words(kind) == words


def test_places_and_counts() -> None:
    assert place_words(place("Jeddah"), STATE.paragraph_of) == "¶1  51–57"
    assert place_words((*place("Jeddah"), *place("Moscow")), STATE.paragraph_of).endswith("(2 parts)")
    counts = type_counts(STATE.annotations)
    assert {name: count for (_, name), count in counts.items()} == {
        "ROLE": 1, "PERSON": 2, "GPE": 1, "HOLDS_ROLE": 1, "VISITED": 1,
    }  # fmt: skip
