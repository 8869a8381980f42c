"""What a person settled in the new project dialog: a value that the window makes a project of. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.model.schema import EntityType, RelationType, Schema, next_color
from annotator.workflows.importing import ImportOptions
from annotator.workflows.session import SuggestSettings


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Sources that come in together, in one step, and how."""

    sources: tuple[Path, ...]
    options: ImportOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProjectPlan:
    """A project to be made.

    Args:
        path: of the project file. name: what it is called. language: of texts that do not say theirs.
        schema: its types, those that the files bring among them.
        imports: what comes in, in as few steps as the ways of reading allow; may be empty.
        suggest: what makes candidates; set it before the first run.
    """

    path: Path
    name: str
    language: str
    schema: Schema
    imports: tuple[ImportRequest, ...]
    suggest: SuggestSettings


def requests_for(ways: Mapping[Path, ImportOptions]) -> tuple[ImportRequest, ...]:
    """Put sources that are read in the same way together, in the order in which they were chosen."""
    found: list[ImportRequest] = []
    for path, options in ways.items():
        place = next((index for index, each in enumerate(found) if each.options == options), None)
        if place is None:
            found.append(ImportRequest((path,), options))
        else:
            found[place] = replace(found[place], sources=(*found[place].sources, path))
    return tuple(found)


def with_types(schema: Schema, labels: Mapping[str, int], relation_labels: Mapping[str, int]) -> Schema:
    """Give a schema with the types that files bring and it lacks, the commonest first; the others stay as they are."""
    colors = [each.color for each in schema.entities]
    entities = list(schema.entities)
    for name in sorted(labels, key=lambda each: (-labels[each], each)):
        if schema.entity(name) is None:
            colors.append(next_color(colors))
            entities.append(EntityType(name=name, color=colors[-1]))
    relations = list(schema.relations)
    ordered = sorted(relation_labels, key=lambda each: (-relation_labels[each], each))
    relations += [RelationType(name=name) for name in ordered if schema.relation(name) is None]
    return replace(schema, entities=tuple(entities), relations=tuple(relations)).with_defaults()
