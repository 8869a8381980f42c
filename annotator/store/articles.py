"""Asks for what stands in a document: decisions, candidates, and how often each type is used."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from annotator.model.annotation import Kind, Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.article import Annotations, annotations_of
from annotator.model.candidate import KEPT, Asked, Candidate, Proposal, RelationCandidate, is_shown
from annotator.model.change import Change
from annotator.model.document import Document
from annotator.model.followed import FollowedArticle
from annotator.model.limits import LABEL_LIMIT, LINE_LIMIT
from annotator.model.schema import Schema
from annotator.model.wording import printable
from annotator.store.asked import asked_in
from annotator.store.documents import VISIBLE
from annotator.store.project import Project
from annotator.store.rows import what_columns, what_of
from annotator.store.showing import least_shown
from annotator.store.soundness import sound
from annotator.store.tables import REJECTION, RELATION, SPAN
from annotator.store.type_rows import Types

_ARTICLE, _ARRIVING = "article", "arriving article"


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

    Spans that are not shown by themselves may be readings of others; relations that are not are left out.
    What the schema does not allow cannot be accepted and is left out: labels of an import that was undone, relations
    between other ends. `arriving` lets the unpublished types of an import count.
    """
    types = project.types
    proposals: dict[SpanKey | RelationKey, list[Proposal]] = defaultdict(list)
    hidden = set() if arriving else types.hidden
    made = [
        proposal_of(row, types)
        for row in _candidate_rows(project, document)
        if hidden.isdisjoint((row["type"], row["head_type"], row["child_type"]))
    ]
    asked = [each.proposal for each in asked_in(project, document, besides=hidden)]
    for proposal in sorted(made + asked, key=lambda each: -each.score) if asked else made:
        if _is_allowed(types.schema, proposal.what, arriving=arriving):
            proposals[proposal.what].append(proposal)
    least = least_shown(project)
    spans = [
        Candidate(what=what, proposals=tuple(found), shown_from=least)
        for what, found in proposals.items()
        if isinstance(what, SpanKey)
    ]
    relations = [
        RelationCandidate(what=what, proposals=tuple(found))
        for what, found in proposals.items()
        if isinstance(what, RelationKey) and is_shown(found, least)
    ]
    return spans, relations


def _candidate_rows(project: Project, document: int) -> list[Any]:
    return project.rows("SELECT * FROM candidate WHERE document = ? ORDER BY score DESC, key", (document,))


@sound("candidate")
def proposal_of(row: Any, types: Types) -> Proposal:
    """Read a row of the table `candidate`."""
    return Proposal(
        what=what_of(row, types),
        suggester=printable(row["suggester"], limit=LABEL_LIMIT),
        score=row["score"],
        reason=printable(row["reason"], limit=LINE_LIMIT),
    )


def _is_allowed(schema: Schema, what: SpanKey | RelationKey, *, arriving: bool) -> bool:
    if isinstance(what, SpanKey):
        return arriving or schema.entity(what.label) is not None
    if not all(_is_allowed(schema, end, arriving=arriving) for end in (what.head, what.child)):
        return False
    kind = schema.relation(what.label)
    return arriving if kind is None else kind.allows(head=what.head.label, child=what.child.label)


def annotations_in(project: Project, document: int, *, arriving: bool = False) -> Annotations:
    """Give all that is decided and all that is left to decide in a document; `arriving` as in `candidates_of`."""
    kind = _ARRIVING if arriving else _ARTICLE
    kept: FollowedArticle | None = project.kept(kind, document)
    if kept is None:
        mark = project.mark()
        kept = project.keep(kind, document, read_article(project, document, arriving=arriving), read=mark)
    return kept.annotations


def read_article(project: Project, document: int, *, arriving: bool = False) -> FollowedArticle:
    """Read all of a document's annotations from the file, whatever is kept; `arriving` as in `candidates_of`."""
    candidates, relation_candidates = candidates_of(project, document, arriving=arriving)
    found = annotations_of(
        spans=spans_of(project, document),
        relations=relations_of(project, document),
        rejections=rejections_of(project, document),
        candidates=candidates,
        relation_candidates=relation_candidates,
    )
    return FollowedArticle(found, candidates, relation_candidates)


@dataclass(frozen=True, slots=True)
class Held:
    """What was read of a document before an act, and still held when it began; none where nothing did."""

    document: int = 0
    article: FollowedArticle | None = None

    def keep(self, project: Project) -> None:
        """Keep it on, as nothing was written meanwhile that it does not know; inside `writing`."""
        if self.article is not None:
            project.keep(_ARTICLE, self.document, self.article)

    def or_read(self, project: Project) -> Held:
        """Hold what was read meanwhile where nothing was; inside `writing`."""
        return self if self.article is not None else held(project)

    def after(self, project: Project, changes: Iterable[Change], *, besides: Collection[int] = ()) -> Held:
        """Follow what an act wrote so far, and keep it; inside `writing`, when all it wrote is in `changes`.

        Nothing is held any more where candidates are others now: of the documents `besides`, of other types.
        """
        article = self.article
        if article is None or self.document in besides or not all(map(_can_be_followed, changes)):
            return Held()
        mine = [each for each in changes if getattr(each.row, "document", None) == self.document]
        try:
            article.follow(mine)
        except LookupError:
            return Held()
        self.keep(project)
        return self


def held(project: Project) -> Held:
    """Give what was read of a document last, if nothing was written since; inside `writing`, before the first word."""
    document = project.kept_key(_ARTICLE)
    return Held() if document is None else Held(document, project.kept(_ARTICLE, document))


def _can_be_followed(change: Change) -> bool:
    if isinstance(change.row, Document):
        before, after = change.before, change.after
        return (
            isinstance(before, Document) and isinstance(after, Document) and before.removed == after.removed
        )
    return isinstance(change.row, Span | Relation | Rejection | Asked)


def layer_of(project: Project, document: int) -> int:
    """Give the row key of the layer of a document."""
    key: int = project.value("SELECT key FROM layer WHERE document = ? ORDER BY key LIMIT 1", (document,))
    return key


def set_candidates(
    project: Project, document: int, proposals: Iterable[Proposal], *, version: str, skipped: str = ""
) -> None:
    """Replace the candidates of a document; inside `writing`. Proposals of types that are gone are dropped."""
    connection = project.connection
    project.writes.of(document)
    marks = ", ".join("?" * len(KEPT))
    connection.execute(
        f"DELETE FROM candidate WHERE document = ? AND suggester NOT IN ({marks})", (document, *KEPT)
    )
    add_candidates(project, document, proposals)
    connection.execute(
        "INSERT OR REPLACE INTO suggested (document, version, skipped, at) VALUES (?, ?, ?, ?)",
        (document, version, skipped, time.time()),
    )


def has_candidates(project: Project, document: int) -> bool:
    """Tell whether suggesters were run over a document."""
    return bool(project.value("SELECT 1 FROM suggested WHERE document = ?", (document,)))


def set_relations(
    project: Project, document: int, proposals: Iterable[Proposal], *, suggesters: Collection[str]
) -> bool:
    """Replace the relations that these suggesters proposed in a document, and tell whether any is another now.

    Inside `writing`. Those that are as they were keep their rows, so that nothing moves that stays.
    """
    types = project.types
    wanted: dict[tuple[Any, ...], Proposal] = {}
    for each in proposals:
        with contextlib.suppress(KeyError):
            wanted[each.suggester, each.score, each.reason, *what_columns(each.what, types).values()] = each
    gone = []
    for row in _candidate_rows(project, document):
        if row["child"] is None or row["suggester"] not in suggesters:
            continue
        columns = what_columns(what_of(row, types), types).values()
        if wanted.pop((row["suggester"], row["score"], row["reason"], *columns), None) is None:
            gone.append((row["key"],))
    if not gone and not wanted:
        return False
    project.writes.of(document)
    project.connection.executemany("DELETE FROM candidate WHERE key = ?", gone)
    add_candidates(project, document, wanted.values())
    project.connection.execute("UPDATE suggested SET at = ? WHERE document = ?", (time.time(), document))
    return True


def forget_undecided(project: Project, documents: Iterable[int]) -> None:
    """Drop what suggesters proposed in some documents and nobody decided; inside `writing`.

    Those documents count as ones over which no suggester was run. What is not shown goes, too.
    """
    types, least = project.types, least_shown(project)
    for document in documents:
        found = annotations_in(project, document)
        open_ones: set[SpanKey | RelationKey] = {each.candidate.what for each in found.undecided_relations}
        open_ones |= {each.what for readings in found.undecided for each in readings.candidates}
        rows = project.rows("SELECT * FROM candidate WHERE document = ?", (document,))
        project.connection.executemany(
            "DELETE FROM candidate WHERE key = ?",
            [
                (row["key"],)
                for row in rows
                if row["suggester"] not in KEPT and (row["score"] < least or what_of(row, types) in open_ones)
            ],
        )
        project.connection.execute("DELETE FROM suggested WHERE document = ?", (document,))
        refresh_tally(project, document)


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
        "SELECT document.key FROM document WHERE document.key IN (SELECT document FROM candidate "
        "WHERE ?1 IN (type, head_type, child_type) UNION SELECT document FROM asked WHERE type = ?1) "
        f"AND {VISIBLE}",
        (kind,),
    )
    return {row[0] for row in rows}


def proposals_with(project: Project, kind: int) -> list[tuple[int, Proposal]]:
    """Give every proposal that has a type, or an end of it, by its row key, with its document."""
    types = project.types
    rows = project.rows("SELECT * FROM candidate WHERE ?1 IN (type, head_type, child_type)", (kind,))
    return [(row["document"], proposal_of(row, types)) for row in rows]


def refresh_tally(project: Project, document: int, *, arriving: bool = False) -> Annotations:
    """Count again what stands in a document, and give it; inside `writing`. `arriving` as in `candidates_of`."""
    found = annotations_in(project, document, arriving=arriving)
    kept = None if arriving else project.kept(_ARTICLE, document)
    project.connection.execute(
        "INSERT OR REPLACE INTO tally (document, spans, relations, rejected, undecided) VALUES (?, ?, ?, ?, ?)",
        (document, len(found.spans), len(found.relations), found.rejected, found.left),
    )
    if kept is not None:
        project.keep(_ARTICLE, document, kept)  # counting it changed nothing that was read
    return found


def left_in(project: Project, document: int) -> int:
    """Give how much is left to decide in a document, as it was counted last."""
    return project.value("SELECT undecided FROM tally WHERE document = ?", (document,)) or 0


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
