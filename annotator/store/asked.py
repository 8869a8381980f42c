"""Asks for what a person asked to be proposed, and for what such an act has to know of many documents at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

from annotator.model.annotation import Fragments
from annotator.model.candidate import Asked
from annotator.model.document import State
from annotator.store.cells import fragments_from_text, fragments_to_text
from annotator.store.documents import VISIBLE
from annotator.store.project import Project
from annotator.store.tables import ASKED


def asked_in(project: Project, document: int, *, besides: Collection[int] = ()) -> list[Asked]:
    """Give what a person asked to be proposed in a document, decided or not, oldest first.

    Args:
        besides: row keys of types that do not count.
    """
    rows = project.rows("SELECT * FROM asked WHERE document = ? ORDER BY key", (document,))
    types = project.types if rows else None
    return (
        []
        if types is None
        else [ASKED.from_columns(row, types) for row in rows if row["type"] not in besides]
    )


def asked_places(
    project: Project, places: Iterable[tuple[int, Fragments]], kind: int
) -> set[tuple[int, Fragments]]:
    """Give those of some places that a person asked to be proposed with a type, by its row key.

    Costs what the places do, however many others were asked for.
    """
    written = [(document, fragments_to_text(fragments)) for document, fragments in places]
    rows = project.rows(
        "SELECT document, fragments FROM json_each(?) AS place CROSS JOIN asked "
        "ON document = json_extract(place.value, '$[0]') AND fragments = json_extract(place.value, '$[1]') "
        "AND asked.type = ?",
        (json.dumps(written), kind),
    )
    return {(row[0], fragments_from_text(row[1])) for row in rows}


def open_documents(project: Project, keys: Sequence[int]) -> set[int]:
    """Give those of some documents that a person can see and that are neither done nor skipped."""
    rows = project.rows(
        f"SELECT key FROM document WHERE key IN (SELECT value FROM json_each(?)) AND {VISIBLE} AND state IN (?, ?)",
        (json.dumps(list(keys)), State.TODO.value, State.IN_PROGRESS.value),
    )
    return {row[0] for row in rows}
