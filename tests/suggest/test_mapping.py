"""Pipeline labels and project labels find each other by name."""

from __future__ import annotations

import pytest

from annotator.model.schema import EntityType, Schema
from annotator.suggest.mapping import complete_mapping, default_mapping, label_for, meanings
from tests.suggest.helpers import NEWS


def _schema(*names: str) -> Schema:
    return Schema(tuple(EntityType(name=name) for name in names))


@pytest.mark.parametrize(
    ("names", "label", "target"),
    [
        (("PERSON", "ORG"), "PERSON", "PERSON"),
        (("Person", "Organisation"), "PERSON", "Person"),
        (("Person", "Organisation"), "ORG", "Organisation"),
        (("people",), "PER", "people"),
        (("LOCATION",), "GPE", "LOCATION"),
        (("LOCATION",), "FAC", "LOCATION"),
        (("LOC", "COUNTRY"), "GPE", "COUNTRY"),
        (("LOC", "GPE"), "GPE", "GPE"),
        (("GPE",), "LOC", ""),
        (("MISC",), "NORP", "MISC"),
        (("Nationality", "MISC"), "NORP", "Nationality"),
        (("Temporal",), "DATE", "Temporal"),
        (("Temporal",), "TIME", "Temporal"),
        (("DATE",), "TIME", ""),
        (("work-of-art",), "WORK_OF_ART", "work-of-art"),
        (("TITLE",), "WORK_OF_ART", ""),
        (("DRUG",), "PERSON", ""),
    ],
)
def test_labels_are_mapped_by_name(names: tuple[str, ...], label: str, target: str) -> None:
    assert default_mapping([label], _schema(*names)) == {label: target}


def test_the_shown_name_of_a_type_counts_too() -> None:
    schema = Schema((EntityType(name="T01", shown="Organization"),))
    assert default_mapping(["ORG", "PERSON"], schema) == {"ORG": "T01", "PERSON": ""}


def test_what_a_person_chose_wins_and_types_that_are_gone_count_as_ignored() -> None:
    chosen = {"NORP": "GPE", "DATE": "", "ORG": "COMPANY", "OTHER": "GPE"}
    table = complete_mapping(["NORP", "DATE", "ORG", "PERSON"], NEWS, chosen)
    assert table == {"NORP": "GPE", "DATE": "", "ORG": "", "PERSON": "PERSON"}


@pytest.mark.parametrize("name", ["ROLE", "title", "Position", "PROFESSION", "Function"])
def test_the_label_for_roles_is_found(name: str) -> None:
    assert label_for("ROLE", _schema("PERSON", name)) == name
    assert meanings(name) == {"ROLE"}


def test_a_schema_without_roles_has_no_label_for_them() -> None:
    assert label_for("ROLE", _schema("PERSON", "ORG", "DRUG")) == ""
    assert meanings("DRUG") == frozenset()
