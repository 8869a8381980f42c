"""Which project label a pipeline's label stands for, found by their names; people see and edit the table.

Also knows what a label of the project is about (a person, a place, a role), however the project calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from annotator.model.schema import EntityType, RelationType, Schema

_NAMES: Mapping[str, str] = {
    "PERSON": "person per pers people human individual name persname character",
    "ROLE": "role title position profession function occupation job office post jobtitle",
    "ORG": "org organisation organization orgname company corporation corp institution institute agency business",
    "GPE": "gpe country city nation state geopolitical geopoliticalentity settlement town",
    "LOC": "loc location place geo geographic placename region area",
    "FAC": "fac facility building structure venue site",
    "NORP": "norp nationality nationalities people group demonym ethnicity religion politicalgroup",
    "DATE": "date dates day temporal timex datetime",
    "TIME": "time times clock duration temporal timex datetime",
    "EVENT": "event events happening incident",
    "PRODUCT": "product products brand goods device",
    "WORK_OF_ART": "workofart work art creativework book film",
    "LAW": "law legal statute regulation act treaty",
    "LANGUAGE": "language lang languages",
    "MONEY": "money currency price amount value moneyamount",
    "PERCENT": "percent percentage number amount",
    "QUANTITY": "quantity measure measurement amount number unit",
    "CARDINAL": "cardinal number num numeral count amount quantity",
    "ORDINAL": "ordinal rank number num",
    "MISC": "misc miscellaneous other others entity",
}
"""For each of the best known pipeline labels the names that projects give to the same thing, best first."""

_BROADER: Mapping[str, tuple[str, ...]] = {
    "GPE": ("LOC",),
    "FAC": ("LOC",),
    "LOC": (),
    "NORP": ("MISC",),
    "EVENT": ("MISC",),
    "PRODUCT": ("MISC",),
    "WORK_OF_ART": ("MISC",),
    "LAW": ("MISC",),
    "LANGUAGE": ("MISC",),
}
"""Where the project has no such label: what it may be counted with instead."""

_SAME: Mapping[str, str] = {
    "PER": "PERSON",
    "PERS": "PERSON",
    "ORGANIZATION": "ORG",
    "LOCATION": "LOC",
    "FACILITY": "FAC",
    "PERSNAME": "PERSON",
    "ORGNAME": "ORG",
    "PLACENAME": "LOC",
    "GEOPOLITICAL": "GPE",
    "DATETIME": "DATE",
    "NAT_REL_POL": "NORP",
}
"""Labels of other pipelines for the same things."""


def default_mapping(labels: Iterable[str], schema: Schema) -> dict[str, str]:
    """Map each pipeline label to a project label by their names, `""` where the project has none for it."""
    return {label: _mapped(label, schema) for label in labels}


def complete_mapping(labels: Iterable[str], schema: Schema, chosen: Mapping[str, str]) -> dict[str, str]:
    """Put what a person chose over the default; what is no longer in the schema counts as ignored."""
    table = default_mapping(labels, schema)
    for label in table:
        if label in chosen:
            table[label] = chosen[label] if schema.entity(chosen[label]) is not None else ""
    return table


def meanings(label: str) -> frozenset[str]:
    """Tell what a project label may be about: some of `PERSON`, `ROLE`, `ORG`, `GPE`, `LOC`, ... by its name."""
    plain = _plain(label)
    canonical = _canonical(label)
    found = {meaning for meaning, names in _NAMES.items() if plain in names.split()}
    if canonical in _NAMES:
        found = {canonical}
    return frozenset(found)


def label_for(meaning: str, schema: Schema) -> str:
    """Give the project label that stands for one of the well-known things, empty if there is none."""
    return _mapped(meaning, schema)


def means_ends(relation: RelationType, schema: Schema) -> tuple[frozenset[str], frozenset[str]]:
    """Give the meanings of all labels that a relation type allows as head and as child."""
    names = tuple(each.name for each in schema.entities)
    heads = frozenset().union(*(meanings(name) for name in relation.heads or names))
    children = frozenset().union(*(meanings(name) for name in relation.children or names))
    return heads, children


def _mapped(label: str, schema: Schema) -> str:
    plain = _plain(label)
    for entity in schema.entities:
        if plain in _plain_names(entity):
            return entity.name
    canonical = _canonical(label)
    for name in (canonical, *_BROADER.get(canonical, ())):
        for wanted in (_plain(name), *_NAMES.get(name, "").split()):
            for entity in schema.entities:
                if wanted in _plain_names(entity):
                    return entity.name
    return ""


def _canonical(label: str) -> str:
    upper = label.strip().upper().replace(" ", "_").replace("-", "_")
    return _SAME.get(upper, upper)


def _plain_names(entity: EntityType) -> tuple[str, ...]:
    shown = _plain(entity.shown)
    return (_plain(entity.name), shown) if shown else (_plain(entity.name),)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
