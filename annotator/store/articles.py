"""Asks for what stands in a document: decisions, candidates, and how often each type is used."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.model.annotation import Kind, Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.article import Annotations, annotations_of
from annotator.model.candidate import Candidate, Proposal, RelationCandidate
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


def candidates_of(project: Project, document: int) -> tuple[list[Candidate], list[RelationCandidate]]:
    """Give everything proposed for a document, decided or not, each with its proposals, best first."""
    types = project.types
    proposals: dict[SpanKey | RelationKey, list[Proposal]] = defaultdict(list)
    for row in project.rows(
        "SELECT * FROM candidate WHERE document = ? ORDER BY score DESC, key", (document,)
    ):
        what = what_of(row, types)
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


def annotations_in(project: Project, document: int) -> Annotations:
    """Give all that is decided and all that is left to decide in a document."""
    candidates, relation_candidates = candidates_of(project, document)
    return annotations_of(
        spans=spans_of(project, document),
        relations=relations_of(project, document),
        rejections=rejections_of(project, document),
        candidates=candidates,
        relation_candidates=relation_candidates,
    )


def layer_of(project: Project, document: int) -> int:
    """Give the row key of the layer of a document."""
    key: int = project.value("SELECT key FROM layer WHERE document = ? ORDER BY key LIMIT 1", (document,))
    return key


def set_candidates(
    project: Project, document: int, proposals: Iterable[Proposal], *, version: str, skipped: str = ""
) -> None:
    """Replace the candidates of a document; inside `writing`. Proposals of types that are gone are dropped."""
    connection = project.connection
    connection.execute(
        "DELETE FROM candidate WHERE document = ? AND suggester NOT IN (?, ?)", (document, *KEPT)
    )
    add_candidates(project, document, proposals)
    connection.execute(
        "INSERT OR REPLACE INTO suggested (document, version, skipped, at) VALUES (?, ?, ?, ?)",
        (document, version, skipped, time.time()),
    )


KEPT = ("hand", "file")
"""Suggesters whose candidates a new run leaves: what a person took back, and what came with an import."""


def add_candidates(
    project: Project, document: int, proposals: Iterable[Proposal], *, types: Types | None = None
) -> None:
    """Add candidates to a document; inside `writing`. The same word of the same suggester is replaced."""
    types = types or project.types
    for proposal in proposals:
        try:
            what = what_columns(proposal.what, types)
        except KeyError:
            continue
        project.connection.execute(
            "DELETE FROM candidate WHERE document = ? AND suggester = ? AND type = ? AND head = ? AND child IS ? "
            "AND head_type IS ? AND child_type IS ?",
            (
                *(document, proposal.suggester, what["type"], what["head"], what["child"]),
                *(what["head_type"], what["child_type"]),
            ),
        )
        project.connection.execute(
            "INSERT INTO candidate (document, type, head, head_type, child, child_type, suggester, score, reason) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (document, *what.values(), proposal.suggester, proposal.score, proposal.reason),
        )


def refresh_tally(project: Project, document: int) -> None:
    """Count again what stands in a document; inside `writing`."""
    found = annotations_in(project, document)
    project.connection.execute(
        "INSERT OR REPLACE INTO tally (document, spans, relations, rejected, undecided) VALUES (?, ?, ?, ?, ?)",
        (document, len(found.spans), len(found.relations), len(found.rejections), found.left),
    )


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
