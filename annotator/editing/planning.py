"""What every plan needs: the rows as they are, new rows with keys and ids, and who is asking.

A plan is a function that reads through a `Planner` and gives a `Plan`; it writes nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from annotator.model.annotation import (
    Fragments,
    How,
    Kind,
    Origin,
    Provenance,
    Reason,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
    surface,
)
from annotator.model.article import Annotations, annotations_of
from annotator.model.candidate import Candidate, Proposal, RelationCandidate
from annotator.model.change import Change
from annotator.model.document import Document, State
from annotator.model.errors import RuleError, StaleError
from annotator.model.identity import new_id
from annotator.model.patterns import PatternBlock, PatternList
from annotator.model.schema import Schema
from annotator.store import articles, documents
from annotator.store.project import Project
from annotator.store.tables import RELATION, SPAN

K = TypeVar("K")


@dataclass(slots=True)
class Plan:
    """What an act would do: changes in the order in which they are written.

    Args:
        name: what the journal and the history call it. message: what the status line says.
        proposals: candidates to add beside it, by document. everywhere: too much to list for listeners.
        closed: documents that somebody finished elsewhere; what the machine proposed there and nobody decided goes.
    """

    name: str
    message: str = ""
    changes: list[Change] = field(default_factory=list)
    proposals: list[tuple[int, Proposal]] = field(default_factory=list)
    everywhere: bool = False
    closed: list[int] = field(default_factory=list)

    def add(self, row: Any) -> None:
        """Plan a new row."""
        self.changes.append(Change(None, row))

    def remove(self, row: Any) -> None:
        """Plan the removal of a row."""
        self.changes.append(Change(row, None))

    def replace(self, before: Any, after: Any) -> None:
        """Plan another value for a row, unless it is the same."""
        if before != after:
            self.changes.append(Change(before, after))


class Planner:
    """Reads rows for plans and makes new ones."""

    def __init__(self, project: Project, *, annotator: str, at: float) -> None:
        self.project = project
        self.annotator = annotator
        self.at = at
        self._documents: dict[int, Document] = {}
        self._annotations: dict[int, Annotations] = {}
        self._texts: dict[int, str] = {}
        self._claimed: set[tuple[int, SpanKey]] = set()
        self._last_keys: dict[str, int] = {}

    @property
    def schema(self) -> Schema:
        """Give the types of the project."""
        return self.project.types.schema

    def document(self, key: int) -> Document:
        """Give a visible document.

        Raises:
            StaleError: it is gone.
        """
        if key not in self._documents:
            self._documents[key] = documents.document(self.project, key)
        return self._documents[key]

    def text(self, key: int) -> str:
        """Give the text of a document."""
        if key not in self._texts:
            self._texts[key] = documents.text_of(self.project, key)
        return self._texts[key]

    def annotations(self, key: int) -> Annotations:
        """Give what is decided and undecided in a document."""
        if key not in self._annotations:
            self._annotations[key] = articles.annotations_in(self.project, key)
        return self._annotations[key]

    def span(self, key: int) -> Span:
        """Give an accepted span.

        Raises:
            StaleError: it is gone.
        """
        rows = self.project.rows("SELECT * FROM span WHERE key = ?", (key,))
        if not rows:
            raise StaleError("This span is gone.", "Choose another one.")
        span: Span = SPAN.from_columns(rows[0], self.project.types)
        self.document(span.document)
        return span

    def relation(self, key: int) -> Relation:
        """Give an accepted relation.

        Raises:
            StaleError: it is gone.
        """
        rows = self.project.rows("SELECT * FROM relation WHERE key = ?", (key,))
        if not rows:
            raise StaleError("This relation is gone.", "Choose another one.")
        relation: Relation = RELATION.from_columns(rows[0], self.project.types)
        self.document(relation.document)
        return relation

    def relations_on(self, spans: Iterable[int]) -> list[Relation]:
        """Give the relations that have one of these spans as an end."""
        found: dict[int, Relation] = {}
        for key in spans:
            for row in self.project.rows(
                "SELECT * FROM relation WHERE head = ?1 OR child = ?1 ORDER BY key", (key,)
            ):
                found[row["key"]] = RELATION.from_columns(row, self.project.types)
        return list(found.values())

    def words(self, document: int, fragments: Fragments) -> str:
        """Give the words of a span for a message, shortened."""
        return shortened(surface(self.text(document), fragments))

    def check_entity(self, label: str) -> None:
        """Refuse a label that is no entity type."""
        if self.schema.entity(label) is None:
            raise RuleError(f"This project has no entity type {label}.", "Add it to the schema first.")

    def provenance(
        self,
        *,
        how: How = How.SINGLE,
        origin: Origin = Origin.MANUAL,
        candidate: Candidate | RelationCandidate | None = None,
    ) -> Provenance:
        """Say who decides now, and what had been proposed."""
        if candidate is None:
            return Provenance(annotator=self.annotator, at=self.at, how=how, origin=origin)
        return Provenance(
            annotator=self.annotator,
            at=self.at,
            how=how,
            origin=origin,
            suggesters=tuple(dict.fromkeys(proposal.suggester for proposal in candidate.proposals)),
            score=candidate.score,
        )

    def new_key(self, table: str) -> int:
        """Give a row key that was never used; nothing is written for it, so that a refused act writes nothing."""
        if table not in self._last_keys:
            self._last_keys[table] = self.project.last_key(table)
        self._last_keys[table] += 1
        return self._last_keys[table]

    def new_span(self, document: int, what: SpanKey, provenance: Provenance) -> Span:
        """Make an accepted span with a new key."""
        return Span(
            key=self.new_key("span"),
            id=new_id(),
            document=document,
            layer=articles.layer_of(self.project, document),
            fragments=what.fragments,
            label=what.label,
            provenance=provenance,
        )

    def new_relation(
        self, document: int, *, head: int, child: int, label: str, provenance: Provenance
    ) -> Relation:
        """Make an accepted relation with a new key."""
        return Relation(
            key=self.new_key("relation"),
            id=new_id(),
            document=document,
            layer=articles.layer_of(self.project, document),
            head=head,
            child=child,
            label=label,
            provenance=provenance,
        )

    def new_rejection(
        self, document: int, what: SpanKey | RelationKey, reason: Reason, provenance: Provenance
    ) -> Rejection:
        """Make a rejection with a new key."""
        return Rejection(
            key=self.new_key("rejection"),
            id=new_id(),
            document=document,
            layer=articles.layer_of(self.project, document),
            what=what,
            reason=reason,
            provenance=provenance,
        )

    def begin_document(self, plan: Plan, key: int) -> None:
        """Plan that a document is in progress, if this is its first decision."""
        document = self.document(key)
        if document.state in (State.TODO, State.SKIPPED):
            after = replace(document, state=State.IN_PROGRESS, reason="")
            plan.replace(document, after)
            self._documents[key] = after

    def finish_document(self, plan: Plan, key: int) -> None:
        """Plan that a document is done."""
        document = self.document(key)
        after = replace(document, state=State.DONE, reason="")
        plan.replace(document, after)
        self._documents[key] = after

    def reject(
        self, plan: Plan, document: int, what: SpanKey | RelationKey, reason: Reason, provenance: Provenance
    ) -> None:
        """Plan a rejection, unless the same one stands already."""
        if not self.annotations(document).rejections_of(what):
            plan.add(self.new_rejection(document, what, reason, provenance))

    def withdraw_rejection(self, plan: Plan, document: int, what: SpanKey | RelationKey) -> None:
        """Plan that a rejection of this very thing goes."""
        for rejection in self.annotations(document).rejections_of(what):
            plan.remove(rejection)

    def check_free(self, document: int, what: SpanKey, *, besides: int = 0) -> None:
        """Refuse a second span of the same place and label, in the document or in this plan."""
        span = self.annotations(document).accepted(what)
        if (span is not None and span.key != besides) or (document, what) in self._claimed:
            raise RuleError(f"{self.words(document, what.fragments)} is {what.label} already.")
        self._claimed.add((document, what))

    def left_after(self, plan: Plan, document: int) -> int:
        """Count what would be undecided in a document after a plan that only adds decisions."""
        added = [change.row for change in plan.changes if getattr(change.row, "document", None) == document]
        found = self.annotations(document)
        candidates, relation_candidates = articles.candidates_of(self.project, document)
        return annotations_of(
            spans=[*found.spans, *(row for row in added if isinstance(row, Span))],
            relations=[*found.relations, *(row for row in added if isinstance(row, Relation))],
            rejections=found.rejections,
            candidates=candidates,
            relation_candidates=relation_candidates,
        ).left


Planning = Callable[[Planner, Any], Plan]
"""A function that turns a command of one class into a plan."""


def touch_patterns(changes: Iterable[Change]) -> bool:
    """Tell whether pattern lists are among what was changed."""
    return any(isinstance(change.row, PatternList | PatternBlock) for change in changes)


def shortened(words: str) -> str:
    """Cut words for a message to at most 40 code points, in one line; no full stop stays at the end."""
    words = " ".join(words.split()).rstrip(".…")
    return words if len(words) <= 40 else words[:39].rstrip() + "…"


def chosen(keys: Iterable[K]) -> list[K]:
    """Give what a command names, each once.

    Raises:
        StaleError: it names nothing.
    """
    found = list(dict.fromkeys(keys))
    if not found:
        raise StaleError("Nothing is chosen.", "Choose something first.")
    return found


def kind_word(kind: Kind) -> str:
    """Name a kind of type for the screen."""
    return "entity type" if kind is Kind.SPAN else "relation type"
