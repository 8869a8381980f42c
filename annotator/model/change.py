"""Changes, steps and the journal's words: how an act is told to whoever looks at the project."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from annotator.model.annotation import Rejection, Relation, Span
from annotator.model.candidate import Asked
from annotator.model.document import Document, Tokens
from annotator.model.patterns import PatternBlock, PatternList
from annotator.model.schema import EntityType, RelationType


class BatchState(StrEnum):
    """Whether the rows of an import can be seen."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One import or other bulk arrival of documents; its rows are seen only while it is published."""

    key: int
    id: str
    name: str
    state: BatchState
    at: float
    annotator: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenization:
    """The tokens of a document; `key` is the document's."""

    key: int
    tokens: Tokens
    version: int = 0


Row = (
    Document
    | Tokenization
    | Span
    | Relation
    | Rejection
    | Asked
    | EntityType
    | RelationType
    | Batch
    | PatternList
    | PatternBlock
)


@dataclass(frozen=True, slots=True)
class Change:
    """What one act did to one row: made it (no `before`), removed it (no `after`) or replaced it."""

    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """Give the row as it is now, or as it was when it was removed."""
        row = self.after if self.after is not None else self.before
        assert row is not None, "a change is about a row"
        return row


class StepKind(StrEnum):
    """An act, the undoing of steps, the redoing of what was undone, or what nothing undoes.

    `REMOVAL` removed something for good; `PAST` is an entry before the end of undo, which a repair had to set.
    """

    ACT = "act"
    UNDO = "undo"
    REDO = "redo"
    REMOVAL = "removal"
    PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An entry of the journal: one act with a readable name.

    Args:
        documents: how many documents it touches.
        undone: it was undone and not redone since.
        redoable: it is an undo that can be taken back.
        targets: for an undo or a redo, keys of the acts it is about.
    """

    key: int
    id: str
    kind: StepKind
    name: str
    at: float
    annotator: str
    documents: int
    undone: bool = False
    redoable: bool = False
    targets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What listeners are told after a commit.

    Args:
        step: the journal's entry, None for what is not journalled (candidates, published imports of others).
        changes: the rows, in the order in which they were written; empty for large acts (`everywhere`).
        documents: row keys of the documents concerned; empty with `everywhere` means all.
        everywhere: too much changed to list: read again what is shown.
        schema: types changed. candidates: candidates of these documents changed. patterns: pattern lists changed.
        message: what to say in the status line, e.g. `Accepted Moscow as GPE.`
        initiator: who asked, to tell one's own acts from others'.
    """

    step: Step | None = None
    changes: tuple[Change, ...] = ()
    documents: frozenset[int] = frozenset()
    everywhere: bool = False
    schema: bool = False
    candidates: bool = False
    patterns: bool = False
    message: str = ""
    initiator: object = None
