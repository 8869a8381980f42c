"""What other systems call our things, and what is kept of them until the next sync: the table `external_id`.

A row is known by its system and what it is called there. `local` is the stable id of ours, `hash` that of the text, and
`base` JSON whose meaning is the sync's. A base may hold the words of a note: it goes when its document is removed for
good, and only that there was one stays known, so that it does not come again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.model.annotation import Relation, Span
from annotator.model.change import BatchState
from annotator.model.document import Document
from annotator.model.identity import unpacked_id
from annotator.store.cells import unpacked_hash
from annotator.store.documents import VISIBLE
from annotator.store.forgetting import KEYS, values_of
from annotator.store.project import Project
from annotator.store.rows import document_of
from annotator.store.soundness import sound
from annotator.store.tables import RELATION, SPAN

DOCUMENT = "document/"
"""How the name of a document begins in another system."""
AT_ONCE = 400
"""Documents whose decisions are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A row: what something of ours is called in another system."""

    system: str
    remote: str
    local: str = ""
    hash: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a document stands here.

    Args:
        is_there: a person can see it. is_removed: a person took it out; otherwise its import was undone.
    """

    key: int
    id: str
    source: str
    hash: str
    is_there: bool
    is_removed: bool
    is_excluded: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A document with its text and what is accepted in it."""

    document: Document
    text: str
    spans: list[Span]
    relations: list[Relation]


@sound("link")
def _link(row: Any) -> Link:
    return Link(
        system=row["system"], remote=row["remote"], local=row["local"], hash=row["hash"], base=row["base"]
    )


def links_of(project: Project, system: str) -> list[Link]:
    """List the rows of a system."""
    return [_link(row) for row in project.rows("SELECT * FROM external_id WHERE system = ?", (system,))]


def linked_systems(project: Project, beginning: str) -> list[str]:
    """List the systems whose names begin so."""
    rows = project.rows(
        "SELECT DISTINCT system FROM external_id WHERE substr(system, 1, ?) = ? ORDER BY system",
        (len(beginning), beginning),
    )
    return [row[0] for row in rows]


def keep_links(project: Project, rows: Iterable[Link]) -> None:
    """Write rows, in place of those of the same names; in a turn of its own or inside `writing`."""
    with project.writing() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO external_id (system, remote, local, hash, base) VALUES (?, ?, ?, ?, ?)",
            [(each.system, each.remote, each.local, each.hash, each.base) for each in rows],
        )


def drop_links(project: Project, system: str, remotes: Iterable[str]) -> None:
    """Delete rows by name."""
    with project.writing() as connection:
        connection.executemany(
            "DELETE FROM external_id WHERE system = ? AND remote = ?", [(system, each) for each in remotes]
        )


def standings(project: Project) -> list[Standing]:
    """Say of every document how it stands; those that an import is bringing are left out."""
    rows = project.rows(
        f"""SELECT document.key, document.id, source, hash, removed, excluded, {VISIBLE} AS there FROM document
        JOIN batch ON batch.key = document.batch WHERE batch.state <> ? ORDER BY document.key""",
        (BatchState.PENDING.value,),
    )
    return [_standing(row) for row in rows]


@sound("document")
def _standing(row: Any) -> Standing:
    return Standing(
        key=row["key"],
        id=unpacked_id(row["id"]),
        source=row["source"],
        hash=unpacked_hash(row["hash"]),
        is_there=bool(row["there"]),
        is_removed=bool(row["removed"]),
        is_excluded=bool(row["excluded"]),
    )


def brought_by(project: Project, batch: int) -> list[tuple[str, str, str]]:
    """List the documents of an import: stable id, source and hash of the text."""
    rows = project.rows("SELECT id, source, hash FROM document WHERE batch = ? ORDER BY key", (batch,))
    return [(unpacked_id(row[0]), row[1], unpacked_hash(row[2])) for row in rows]


def count_rejected(project: Project) -> int:
    """Count what was rejected in the documents that can be seen."""
    counted: int = project.value(
        f"SELECT coalesce(sum(tally.rejected), 0) FROM tally JOIN document ON document.key = tally.document "
        f"WHERE {VISIBLE}"
    )
    return counted


def decided_in(project: Project, keys: Sequence[int]) -> Iterator[Decided]:
    """Give documents with their texts, accepted spans and relations, in the order of their keys."""
    for first in range(0, len(keys), AT_ONCE):
        values = values_of(keys[first : first + AT_ONCE])
        types = project.types
        found = {
            row["key"]: Decided(document_of(row), row["text"], [], [])
            for row in project.rows(
                f"SELECT document.*, content.text FROM document JOIN content ON content.document = document.key "
                f"WHERE document.key IN {KEYS} ORDER BY document.key",
                values,
            )
        }
        for row in project.rows(f"SELECT * FROM span WHERE document IN {KEYS} ORDER BY key", values):
            found[row["document"]].spans.append(SPAN.from_columns(row, types))
        for row in project.rows(f"SELECT * FROM relation WHERE document IN {KEYS} ORDER BY key", values):
            found[row["document"]].relations.append(RELATION.from_columns(row, types))
        yield from found.values()
