"""Writes documents as doccano's JSONL for an upload, each with the id by which its new number is found afterwards.

The server makes a table of a file: a field that one line lacks, or that holds numbers of two kinds, spoils it for all.
So only metadata that every document of an upload has, in one plain type, are fields; all of it goes along as a text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from annotator.model.annotation import Kind
from annotator.sync.content import Place
from annotator.sync.labels import Labels
from annotator.sync.mapping import OWN, TAKEN, Here
from annotator.sync.remote import RemoteProject
from annotator.sync.units import Offsets, Unit

AT_ONCE = 5_000
"""Documents of one upload: the server looks for a new one once a second, and cuts it into pieces by itself."""
LARGE = 20_000_000
"""Code points of texts after which an upload is full, whatever the number of its documents."""


def in_uploads(documents: Sequence[Here]) -> Iterable[list[Here]]:
    """Cut documents into uploads."""
    some: list[Here] = []
    size = 0
    for each in documents:
        some.append(each)
        size += len(each.text)
        if len(some) >= AT_ONCE or size >= LARGE:
            yield some
            some, size = [], 0
    if some:
        yield some


def write_upload(
    path: Path, documents: Sequence[Here], *, project: RemoteProject, labels: Labels, unit: Unit
) -> None:
    """Write the file of an upload."""
    names = _uniform([each.document.metadata for each in documents])
    first = 1
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for each in documents:
            line, first = _line(each, first, names, project=project, labels=labels, unit=unit)
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _uniform(metadata: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give the names of fields that all have, each in one plain type."""
    names = set(metadata[0]).difference(TAKEN)
    for each in metadata:
        names.intersection_update(each)
    kinds = {name: {type(each[name]) for each in metadata} for name in names}
    return sorted(name for name, found in kinds.items() if found in ({int}, {str}, {bool}))


def _line(
    here: Here, first: int, names: Iterable[str], *, project: RemoteProject, labels: Labels, unit: Unit
) -> tuple[dict[str, Any], int]:
    """Give the fields of a document, and the number of the next thing of the file."""
    offsets = Offsets(here.text, unit)
    metadata = here.document.metadata
    line: dict[str, Any] = {"text": here.text}
    line |= {name: metadata[name] for name in names}
    line[OWN] = {"id": here.document.id}
    if metadata:
        line[OWN]["metadata"] = json.dumps(metadata, ensure_ascii=False)
    numbers: dict[Place, int] = {}
    spans = []
    for place in sorted(here.content.spans):
        kind, found = labels.there(Kind.SPAN, place.label), offsets.there(place.start, place.end)
        if kind is not None and found is not None:
            numbers[place] = first + len(numbers)
            spans.append((numbers[place], *found, kind.name))
    triples = [[start, end, label] for _, start, end, label in spans]
    if project.holds_categories:
        return line | {"entities": triples, "cats": sorted(here.content.values.categories)}, first + len(
            numbers
        )
    if not project.has_relations:
        return line | {"label": triples}, first + len(numbers)
    line["entities"] = [
        {"id": number, "start_offset": start, "end_offset": end, "label": label}
        for number, start, end, label in spans
    ]
    relations: list[dict[str, Any]] = []
    for tie in sorted(here.content.relations):
        kind = labels.there(Kind.RELATION, tie.label)
        if kind is not None and tie.head in numbers and tie.child in numbers:
            relations.append(
                {
                    "id": first + len(relations),
                    "from_id": numbers[tie.head],
                    "to_id": numbers[tie.child],
                    "type": kind.name,
                }
            )
    line["relations"] = relations
    return line, first + max(len(numbers), len(relations))
