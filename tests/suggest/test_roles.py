"""Roles by rule: heads, modifiers, fields, and what stands beside them."""

from __future__ import annotations

import pytest

from annotator.model.schema import EntityType, Schema
from annotator.suggest.base import Settings
from annotator.suggest.roles import RoleSuggester
from tests.builders import marked
from tests.suggest.helpers import NEWS, a_text, said


def _roles(written: str, schema: Schema = NEWS, *, language: str = "en") -> list[str]:
    text, spans = marked(written)
    suggester = RoleSuggester(Settings(schema=schema))
    made = a_text(text, language=language)
    return sorted(words for words, _ in said(made, suggester.propose_beside(made, spans).proposals))


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("[Danish](NORP) Prime Minister [Signe Holt](PERSON) left.", ["Prime Minister"]),
        ("[Signe Holt](PERSON), the [Danish](NORP) prime minister, left.", ["prime minister"]),
        ("[US](GPE) Vice-President [Ann Roe](PERSON) spoke.", ["Vice-President"]),
        ("National Security Secretary [Ann Roe](PERSON) spoke.", ["National Security Secretary"]),
        ("their top military commander, [Ann Roe](PERSON), spoke.", ["military commander"]),
        ("Attorney General [Ann Roe](PERSON) spoke.", ["Attorney General"]),
        ("Director-General [Ann Roe](PERSON) spoke.", ["Director-General"]),
        ("Secretary of State [Ann Roe](PERSON) spoke.", ["Secretary of State"]),
        ("[Ann Roe](PERSON), minister for transport, spoke.", ["minister for transport"]),
        (
            "[Ann Roe](PERSON), professor of glaciology at [Tromsø University](ORG).",
            ["professor of glaciology"],
        ),
        ("[Ann Roe](PERSON), chair of the [Reef Council](ORG), spoke.", ["chair"]),
        ("[Ann Roe](PERSON), chief scientist at [Norlab](ORG), spoke.", ["chief scientist"]),
        ("[Ann Roe](PERSON) was elected mayor.", ["mayor"]),
        (
            "[Ann Roe](PERSON), 58, president and chief executive of [Norlab](ORG).",
            ["chief executive", "president"],
        ),
        ("the former governor of [Belz](GPE)", ["governor"]),
        ("ex-president [Ann Roe](PERSON)", ["president"]),
        ("[Kremlin](ORG) spokesman [Ilya Orlov](PERSON)", ["spokesman"]),
        ("A spokeswoman for the ministry said so.", ["spokeswoman"]),
        ("her coach, [Ann Roe](PERSON), laughed", ["coach"]),
        ("The captain of [Norway](GPE) lifted it.", ["captain"]),
        ("[Governor Ann Roe](PERSON) left.", ["Governor"]),
        ("Governor Annika Rønn left.", ["Governor"]),
        ("the deputy foreign and defence minister left", ["deputy foreign and defence minister"]),
        ("the judge asked again", ["judge"]),
    ],
)
def test_a_role_is_found_with_what_belongs_to_it(written: str, roles: list[str]) -> None:
    assert _roles(written) == roles


@pytest.mark.parametrize(
    "written",
    [
        "Officials and ministers said nothing.",
        "In general, a major problem is the chair in the hall.",
        "The nurse and the lawyer [Ann Roe](PERSON) left.",
        "The Air Pilots Association met.",
        "[Governor Street](FAC) is closed.",
        "He bought a Press Club ticket.",
        "[Dean Holt](PERSON) left.",
        "The envoys head for [Oslo](GPE).",
        "[Ann King](PERSON) left.",
    ],
)
def test_what_is_no_office_of_one_person_is_left(written: str) -> None:
    assert _roles(written) == []


def test_trades_count_where_the_project_asks_for_professions() -> None:
    schema = Schema((EntityType(name="PERSON"), EntityType(name="PROFESSION")))
    assert _roles("the virologist [Ann Roe](PERSON) left", schema) == ["virologist"]


def test_nothing_is_proposed_without_a_label_for_roles() -> None:
    assert _roles("President [Ann Roe](PERSON)", Schema((EntityType(name="PERSON"),))) == []


def test_nothing_is_proposed_in_other_languages() -> None:
    assert _roles("Director [Ann Roe](PERSON) kam", language="de") == []


def test_the_reason_and_score_say_how_sure_it_is() -> None:
    text, spans = marked("President [Ann Roe](PERSON) left. The president slept.")
    made = a_text(text)
    near, alone = RoleSuggester(Settings(schema=NEWS)).propose_beside(made, spans).proposals
    assert near.score > 0.8
    assert 0.5 <= alone.score < 0.6
    assert "before a person" in near.reason
    assert near.suggester == "roles"
