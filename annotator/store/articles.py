"""Asks for what stands in a document: decisions, candidates, and how often each type is used."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from annotator.model.annotation import Kind, Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.article import Annotations, annotations_of
from annotator.model.candidate import Candidate, Proposal, RelationCandidate
from annotator.model.schema import Schema
from annotator.store.documents import VISIBLE
from annotator.store.project import Project
from annotator.store.rows import Types, what_columns, what_of
from annotator.store.tables import REJECTION, RELATION, SPAN


def spans_of(project: Project, document: int) -> list[Span]:
    """Give the accepted spans of a document, in no order."""
    types = project.types
    rows = project.rows("SELECT * FROM span WHERE document = ?", (document,))
    return [SPAN.from_columns(row, types) for row in rows]


def relations_of(project: Project, document: int) -> list[Relation]:
    """Give the accepted relations of a document, oldest first."""
    types = project.types
    rows = project.rows("SELECT * FROM relation WHERE document = ? ORDER BY key", (document,))
    return [RELATION.from_columns(row, types) for row in rows]


def rejections_of(project: Project, document: int) -> list[Rejection]:
    """Give the rejections of a document, oldest first."""
    types = project.types
    rows = project.rows("SELECT * FROM rejection WHERE document = ? ORDER BY key", (document,))
    return [REJECTION.from_columns(row, types) for row in rows]


def candidates_of(
    project: Project, document: int, *, arriving: bool = False
) -> tuple[list[Candidate], list[RelationCandidate]]:
    """Give everything proposed for a document, decided or not, each with its proposals, best first.

    What the schema does not allow cannot be accepted and is left out: labels of an import that was undone, relations
    between other ends. `arriving` lets the unpublished types of an import count.
    """
    types = project.types
    proposals: dict[SpanKey | RelationKey, list[Proposal]] = defaultdict(list)
    for row in project.rows(
        "SELECT * FROM candidate WHERE document = ? ORDER BY score DESC, key", (document,)
    ):
        what = what_of(row, types)
        if not _is_allowed(types.schema, what, arriving=arriving):
            continue
        proposals[what].append(
            Proposal(what=what, suggester=row["suggester"], score=row["score"], reason=row["reason"])
        )
    spans = [
        Candidate(what=what, proposals=tuple(found))
        for what, found in proposals.items()
        if isinstance(what, SpanKey)
    ]
    relations = [
        RelationCandidate(what=what, proposals=tuple(found))
        for what, found in proposals.items()
        if isinstance(what, RelationKey)
    ]
    return spans, relations


def _is_allowed(schema: Schema, what: SpanKey | RelationKey, *, arriving: bool) -> bool:
    if isinstance(what, SpanKey):
        return arriving or schema.entity(what.label) is not None
    if not all(_is_allowed(schema, end, arriving=arriving) for end in (what.head, what.child)):
        return False
    kind = schema.relation(what.label)
    return arriving if kind is None else kind.allows(head=what.head.label, child=what.child.label)


def annotations_in(project: Project, document: int, *, arriving: bool = False) -> Annotations:
    """Give all that is decided and all that is left to decide in a document; `arriving` as in `candidates_of`."""
    kind = "arriving article" if arriving else "article"
    kept: Annotations | None = project.kept(kind, document)
    if kept is not None:
        return kept
    candidates, relation_candidates = candidates_of(project, document, arriving=arriving)
    found = annotations_of(
        spans=spans_of(project, document),
        relations=relations_of(project, document),
        rejections=rejections_of(project, document),
        candidates=candidates,
        relation_candidates=relation_candidates,
    )
    project.keep(kind, document, found)
    return found


def layer_of(project: Project, document: int) -> int:
    """Give the row key of the layer of a document."""
    key: int = project.value("SELECT key FROM layer WHERE document = ? ORDER BY key LIMIT 1", (document,))
    return key


def set_candidates(
    project: Project, document: int, proposals: Iterable[Proposal], *, version: str, skipped: str = ""
) -> None:
    """Replace the candidates of a document; inside `writing`. Proposals of types that are gone are dropped."""
    connection = project.connection
    marks = ", ".join("?" * len(KEPT))
    connection.execute(
        f"DELETE FROM candidate WHERE document = ? AND suggester NOT IN ({marks})", (document, *KEPT)
    )
    add_candidates(project, document, proposals)
    connection.execute(
        "INSERT OR REPLACE INTO suggested (document, version, skipped, at) VALUES (?, ?, ?, ?)",
        (document, version, skipped, time.time()),
    )


SAME_WORDS = "same words"
"""Suggester of candidates that a person asked for: the words of a span, at other places."""
KEPT = ("hand", "file", SAME_WORDS)
"""Suggesters whose candidates a new run leaves: what a person took back or asked for, and what came with an import."""


def add_candidates(
    project: Project, document: int, proposals: Iterable[Proposal], *, types: Types | None = None
) -> None:
    """Add candidates to a document; inside `writing`. The same word of the same suggester is replaced."""
    types = types or project.types
    added: dict[tuple[Any, ...], Proposal] = {}
    for proposal in proposals:
        with contextlib.suppress(KeyError):
            added[proposal.suggester, *what_columns(proposal.what, types).values()] = proposal
    if not added:
        return
    there = project.rows(
        "SELECT key, suggester, type, head, head_type, child, child_type FROM candidate WHERE document = ?",
        (document,),
    )
    project.connection.executemany(
        "DELETE FROM candidate WHERE key = ?", [(key,) for key, *said in there if tuple(said) in added]
    )
    project.connection.executemany(
        "INSERT INTO candidate (document, suggester, type, head, head_type, child, child_type, score, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(document, *said, proposal.score, proposal.reason) for said, proposal in added.items()],
    )


def proposing(project: Project, kind: int) -> set[int]:
    """Give the visible documents with candidates that have a type, or an end of it, by its row key."""
    rows = project.rows(
        "SELECT DISTINCT candidate.document FROM candidate JOIN document ON document.key = candidate.document "
        f"WHERE ?1 IN (candidate.type, candidate.head_type, candidate.child_type) AND {VISIBLE}",
        (kind,),
    )
    return {row[0] for row in rows}


def proposals_with(project: Project, kind: int) -> list[tuple[int, Proposal]]:
    """Give every proposal that has a type, or an end of it, by its row key, with its document."""
    types = project.types
    found = []
    for row in project.rows("SELECT * FROM candidate WHERE ?1 IN (type, head_type, child_type)", (kind,)):
        proposal = Proposal(
            what=what_of(row, types), suggester=row["suggester"], score=row["score"], reason=row["reason"]
        )
        found.append((row["document"], proposal))
    return found


def refresh_tally(project: Project, document: int, *, arriving: bool = False) -> None:
    """Count again what stands in a document; inside `writing`. `arriving` as in `candidates_of`."""
    found = annotations_in(project, document, arriving=arriving)
    project.connection.execute(
        "INSERT OR REPLACE INTO tally (document, spans, relations, rejected, undecided) VALUES (?, ?, ?, ?, ?)",
        (document, len(found.spans), len(found.relations), found.rejected, found.left),
    )
    if not arriving:
        project.keep("article", document, found)  # counting it changed nothing that was read


def usage(project: Project) -> dict[tuple[Kind, str], tuple[int, int]]:
    """Give for each used type how many spans or relations have it, and in how many documents."""
    found = {}
    for kind, table in ((Kind.SPAN, "span"), (Kind.RELATION, "relation")):
        rows = project.rows(
            f"SELECT type.name, count(*), count(DISTINCT {table}.document) FROM {table} "
            f"JOIN type ON type.key = {table}.type JOIN document ON document.key = {table}.document "
            f"WHERE {VISIBLE} GROUP BY type.key"
        )
        for name, count, documents in rows:
            found[kind, name] = (count, documents)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a change of a type touches."""

    documents: int
    spans: int
    relations: int


def touched_by_type(project: Project, kind: Kind, name: str) -> Touched:
    """Count what deleting a type would take along."""
    key = project.types.key(kind, name)
    if kind is Kind.RELATION:
        row = project.rows("SELECT count(DISTINCT document), count(*) FROM relation WHERE type = ?", (key,))[
            0
        ]
        return Touched(documents=row[0], spans=0, relations=row[1])
    spans = project.rows("SELECT count(DISTINCT document), count(*) FROM span WHERE type = ?", (key,))[0]
    relations = project.value(
        "SELECT count(*) FROM relation WHERE head IN (SELECT key FROM span WHERE type = :type) "
        "OR child IN (SELECT key FROM span WHERE type = :type)".replace(":type", "?1"),
        (key,),
    )
    return Touched(documents=spans[0], spans=spans[1], relations=relations)
