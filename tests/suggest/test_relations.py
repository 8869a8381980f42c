"""Relations by pattern, on accepted spans: one sentence for each rule."""

from __future__ import annotations

import pytest

from annotator.model.annotation import RelationKey
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.suggest.base import Settings
from annotator.suggest.relations import RelationSuggester
from tests.suggest.helpers import NEWS, accepted_text, related


def _relations(written: str, schema: Schema = NEWS) -> set[tuple[str, ...]]:
    text = accepted_text(written)
    return {*related(text, RelationSuggester(Settings(schema=schema)).propose([text])[0].proposals)}


def _read(written: str) -> set[tuple[str, ...]]:
    """Read `Holt > MET > Roe; Holt > VISITED > Odda`."""
    return {tuple(each.split(" > ")) for each in written.split("; ") if each}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "[Danish](NORP) [Prime Minister](ROLE) [Signe Holt](PERSON)",
            "Signe Holt > HOLDS_ROLE > Prime Minister; Prime Minister > ROLE_OF > Danish",
        ),
        (
            "[Signe Holt](PERSON), the [mayor](ROLE) of [Odda](GPE), left.",
            "Signe Holt > HOLDS_ROLE > mayor; mayor > ROLE_OF > Odda",
        ),
        (
            "[Odda](GPE)'s former [mayor](ROLE), [Signe Holt](PERSON)",
            "Signe Holt > HOLDS_ROLE > mayor; mayor > ROLE_OF > Odda",
        ),
        (
            "The [minister](ROLE) and [mayor](ROLE) [Signe Holt](PERSON) came.",
            "Signe Holt > HOLDS_ROLE > mayor",
        ),
        (
            "[Minister](ROLE) and [mayor](ROLE) [Signe Holt](PERSON) came.",
            "Signe Holt > HOLDS_ROLE > Minister; Signe Holt > HOLDS_ROLE > mayor",
        ),
        ("[Signe Holt](PERSON) was elected [mayor](ROLE).", "Signe Holt > HOLDS_ROLE > mayor"),
        ("[Signe Holt](PERSON), who became [mayor](ROLE) in May", "Signe Holt > HOLDS_ROLE > mayor"),
        (
            "[Norlab](ORG) said that its [director](ROLE), [Signe Holt](PERSON), left.",
            "Signe Holt > HOLDS_ROLE > director; director > ROLE_OF > Norlab",
        ),
        ("[Signe Holt](PERSON) of the [Reef Party](ORG) spoke.", "Signe Holt > MEMBER_OF > Reef Party"),
        ("[Signe Holt](PERSON) joined [Norlab](ORG) in May.", "Signe Holt > MEMBER_OF > Norlab"),
        ("[Norlab](ORG)'s [Signe Holt](PERSON) agreed.", "Signe Holt > MEMBER_OF > Norlab"),
        ("[Odda](GPE), [Norway](GPE).", "Odda > LOCATED_IN > Norway"),
        ("[Norlab](ORG) in [Odda](GPE)", "Norlab > LOCATED_IN > Odda"),
        ("[Odda](GPE)-based [Norlab](ORG)", "Norlab > LOCATED_IN > Odda"),
        ("[Odda](GPE), a town in the west of [Norway](GPE)", "Odda > LOCATED_IN > Norway"),
        ("[Norlab](ORG) has its headquarters in [Odda](GPE).", "Norlab > LOCATED_IN > Odda"),
        (
            "[Signe Holt](PERSON) visited [Odda](GPE) and [Voss](GPE).",
            "Signe Holt > VISITED > Odda; Signe Holt > VISITED > Voss",
        ),
        ("[Signe Holt](PERSON) flew from [Odda](GPE) to [Voss](GPE).", "Signe Holt > VISITED > Voss"),
        ("[Holt](PERSON)’s visit to [Odda](GPE)", "Holt > VISITED > Odda"),
        ("[Holt](PERSON) met [Roe](PERSON).", "Holt > MET > Roe"),
        ("[Holt](PERSON) and [Roe](PERSON) met at noon.", "Holt > MET > Roe"),
        (
            "[Holt](PERSON) met [Irish](NORP) [envoy](ROLE) [Roe](PERSON).",
            "Holt > MET > Roe; Roe > HOLDS_ROLE > envoy; envoy > ROLE_OF > Irish",
        ),
        ("[Holt](PERSON) walked alongside [Roe](PERSON).", "Holt > MET > Roe"),
        ("[Holt](PERSON) spoke by telephone with [Roe](PERSON).", "Holt > SPOKE_WITH > Roe"),
        (
            "a quarrel between [Ash](PERSON), [Holt](PERSON), and [Roe](PERSON)",
            "Ash > SPOKE_WITH > Holt; Ash > SPOKE_WITH > Roe; Holt > SPOKE_WITH > Roe",
        ),
        ("[Holt](PERSON) was born in [Odda](GPE).", "Holt > BORN_IN > Odda"),
        ("[Odda](GPE)-born [Holt](PERSON)", "Holt > BORN_IN > Odda"),
        ("in [Odda](GPE), where [Holt](PERSON) was born", "Holt > BORN_IN > Odda"),
        ("[Holt](PERSON) smiled. She met [Roe](PERSON).", "Holt > MET > Roe"),
        ("[Norlab](ORG) grew. Its [director](ROLE) left.", "director > ROLE_OF > Norlab"),
    ],
)
def test_a_pattern_finds_its_relations_and_no_others(written: str, expected: str) -> None:
    assert _relations(written) == _read(expected)


@pytest.mark.parametrize(
    "written",
    [
        "[Holt](PERSON) did not meet [Roe](PERSON).",
        "[Holt](PERSON) will visit [Odda](GPE).",
        "[Holt](PERSON) plans to visit [Odda](GPE).",
        "Would [Holt](PERSON) talk to [Roe](PERSON)?",
        "[Odda](GPE), [Voss](GPE) and [Lom](GPE) flooded.",
        "[Holt](PERSON) left. [Roe](PERSON) came.",
        "[Holt](PERSON) left.\nShe met [Roe](PERSON).",
        "[Holt](PERSON) said [Roe](PERSON) slept.",
        "[Paris](GPE) wants to end the crisis in [Syria](GPE).",
        "[Holt](PERSON) disinvited the visitors of [Odda](GPE).",
        "A [spokeswoman](ROLE) for the [Ministry](ORG) said [Holt](PERSON) slept.",
    ],
)
def test_nothing_is_made_of_what_is_not_stated(written: str) -> None:
    found = {label for _, label, _ in _relations(written)}
    assert found <= {"ROLE_OF"}


def test_a_symmetric_relation_comes_once_from_the_end_that_comes_first() -> None:
    text = accepted_text("[Roe](PERSON) was met by [Holt](PERSON).")
    found = RelationSuggester(Settings(schema=NEWS)).propose([text])[0].proposals
    assert related(text, found) == {("Roe", "MET", "Holt")}


def test_the_best_type_wins_for_a_pair() -> None:
    text = accepted_text("[Holt](PERSON) met and spoke with [Roe](PERSON).")
    found = RelationSuggester(Settings(schema=NEWS)).propose([text])[0].proposals
    pairs = [(each.what.head, each.what.child) for each in found if isinstance(each.what, RelationKey)]
    assert len(pairs) == len(set(pairs)) == 1


def _one_type(relation: RelationType, *labels: str) -> Schema:
    return Schema(tuple(EntityType(name=label) for label in labels), (relation,))


@pytest.mark.parametrize(
    ("relation", "written", "expected"),
    [
        (
            RelationType(name="FOUNDED", heads=("PER",), children=("ORG",)),
            "[Holt](PER) founded [Norlab](ORG).",
            "Holt > FOUNDED > Norlab",
        ),
        (
            RelationType(name="FOUNDED", heads=("PER",), children=("ORG",)),
            "[Norlab](ORG) was founded by [Holt](PER).",
            "Holt > FOUNDED > Norlab",
        ),
        (
            RelationType(name="FOUNDED_BY", heads=("ORG",), children=("PER",)),
            "[Norlab](ORG) was founded by [Holt](PER).",
            "Norlab > FOUNDED_BY > Holt",
        ),
        (
            RelationType(name="FOUNDED_BY", heads=("ORG",), children=("PER",)),
            "[Holt](PER) founded [Norlab](ORG).",
            "Norlab > FOUNDED_BY > Holt",
        ),
        (
            RelationType(name="OWNS", heads=("ORG",), children=("ORG",), guideline="Cues: takes over, buys"),
            "[Norlab](ORG) takes over [Sunfab](ORG).",
            "Norlab > OWNS > Sunfab",
        ),
        (
            RelationType(name="R1", heads=("ORG",), children=("ORG",), summary="who sponsors whom"),
            "[Norlab](ORG) sponsors [Sunfab](ORG).",
            "Norlab > R1 > Sunfab",
        ),
        (
            RelationType(name="Live_In", heads=("PER",), children=("GPE",)),
            "[Holt](PER) lives in [Odda](GPE).",
            "Holt > Live_In > Odda",
        ),
        (
            RelationType(name="OrgBased_In", heads=("ORG",), children=("GPE",)),
            "[Norlab](ORG) in [Odda](GPE)",
            "Norlab > OrgBased_In > Odda",
        ),
        (
            RelationType(name="HELD_BY", heads=("ROLE",), children=("PER",)),
            "[mayor](ROLE) [Holt](PER)",
            "mayor > HELD_BY > Holt",
        ),
        (RelationType(name="HAS_TITLE"), "[mayor](ROLE) [Holt](PER)", "Holt > HAS_TITLE > mayor"),
        (
            RelationType(name="TREATS", heads=("DRUG",), children=("ILL",)),
            "[Axolin](DRUG) does not treat [gout](ILL).",
            "",
        ),
    ],
)
def test_other_types_are_read_from_their_name_and_guideline(
    relation: RelationType, written: str, expected: str
) -> None:
    assert _relations(written, _one_type(relation, "PER", "ORG", "GPE", "ROLE", "DRUG", "ILL")) == _read(
        expected
    )


def test_the_schema_is_kept() -> None:
    schema = _one_type(
        RelationType(name="VISITED", heads=("ORG",), children=("GPE",)), "PERSON", "ORG", "GPE"
    )
    assert _relations("[Holt](PERSON) visited [Odda](GPE).", schema) == set()


def test_reasons_are_words() -> None:
    text = accepted_text("[Prime Minister](ROLE) [Signe Holt](PERSON)")
    found = RelationSuggester(Settings(schema=NEWS)).propose([text])[0].proposals
    assert [each.reason for each in found] == ["a ROLE stands right before a PERSON"]
    assert found[0].score > 0.9


def test_a_crowded_sentence_takes_bounded_time() -> None:
    names = " ".join(f"[Holt{index}](PERSON) met" for index in range(600))
    text = accepted_text(names + " [Roe](PERSON).")
    assert len(RelationSuggester(Settings(schema=NEWS)).propose([text])[0].proposals) >= 600
