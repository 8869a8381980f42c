"""What a sync is about while it is carried out: both sides, what was found and chosen, and what was done so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from annotator.editing.commands import RemoveDocuments, TakeOver
from annotator.model.annotation import Kind
from annotator.model.record import Problem
from annotator.store.batches import chunks
from annotator.store.links import Link, keep_links
from annotator.sync.content import Base
from annotator.sync.doing import Where
from annotator.sync.labels import Labels
from annotator.sync.plan import Choices, Conflict, Deed, Thing, Way
from annotator.sync.remote import Remote, RemoteProject
from annotator.workflows.doccano.facts import Facts, maker_of
from annotator.workflows.doccano.links import document_link
from annotator.workflows.doccano.telling import problem
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

ROWS_AT_ONCE = 1_000
"""Rows of links that are written in one turn."""


@dataclass(slots=True, kw_only=True)
class Ledger:
    """One sync that is being carried out.

    Args:
        labels: names of types from now on. known: types that the schema has now.
        steps: of the journal, oldest first. first: row key of the first document that came.
    """

    session: Session
    remote: Remote
    project: RemoteProject
    facts: Facts
    choices: Choices
    report: Report
    labels: Labels
    known: frozenset[tuple[Kind, str]] = frozenset()
    done: Counter[tuple[Way, Deed, Thing]] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    differences: list[Problem] = field(default_factory=list)
    healed: list[str] = field(default_factory=list)
    left: list[Conflict] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    first: int | None = None

    @property
    def name(self) -> str:
        """Give what steps of the journal are called."""
        return f"Sync with {self.project.name}"

    @property
    def where(self) -> Where:
        """Give what calls need."""
        return Where(remote=self.remote, project=self.project, labels=self.labels, unit=self.facts.unit)

    @property
    def by(self) -> str:
        """Name who made what nothing is known of."""
        return maker_of(self.facts)

    def goes(self, way: Way) -> bool:
        """Tell whether anything is to be done this way."""
        return self.choices.only in (None, way)

    def row(self, number: int, local: str, content: str, base: Base) -> Link:
        """Make the row of a document; `content` is the hash of its text."""
        return document_link(
            self.facts.system, number, local=local, content=content, base=base, labels=self.labels
        )

    def keep(self, rows: Sequence[Link]) -> None:
        """Write rows."""
        for some in chunks(rows, ROWS_AT_ONCE):
            keep_links(self.session.project, some)

    def do(self, command: TakeOver | RemoveDocuments, along: Callable[[], None]) -> None:
        """Carry out a command, with what is written in the same turn."""
        step = self.session.do(command, along=along).step
        if step is not None:
            self.steps.append(step.key)

    def tell(self, number: int, message: str) -> None:
        """Tell something of a document of the server."""
        self.problems.append(problem(self.project.name, number, message))

    def leave(self, document: str, thing: Thing | None = None) -> None:
        """Note that the conflicts of a document are left."""
        self.left += [
            each
            for each in self.facts.conflicts
            if each.document == document and (thing is None or each.thing is thing)
        ]
