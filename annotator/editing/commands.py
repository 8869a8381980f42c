"""Everything a person can change in a project, as frozen values; `COMMANDS` is the registry of all of them.

A command names rows by key and candidates by what they say (fragments and label), because candidates are made
and dropped at any time. Text offsets are code points, end exclusive. How each is carried out stands in `plans_*.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.model.annotation import Fragments, How, Kind, RelationKey, SpanKey
from annotator.model.document import Part, State
from annotator.model.patterns import Pattern, PatternList
from annotator.model.schema import EntityType, RelationType, Schema


@dataclass(frozen=True, slots=True)
class AddSpan:
    """Label a stretch of text; on a place that holds this very candidate it accepts that.

    In the same step it is proposed `also` at these other places of the document, which hold the same words.
    """

    document: int
    fragments: Fragments
    label: str
    also: tuple[Fragments, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveSpans:
    """Remove accepted spans with their relations; one that came from a candidate counts as rejected."""

    spans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RelabelSpans:
    """Give accepted spans another label; relations that no longer fit stay and are marked."""

    spans: tuple[int, ...]
    label: str


@dataclass(frozen=True, slots=True)
class MoveSpan:
    """Give an accepted span other fragments."""

    span: int
    fragments: Fragments


@dataclass(frozen=True, slots=True, kw_only=True)
class MendSpans:
    """Give accepted spans other fragments, and take some out, as one step.

    A span that would come to say what another one says gives way to that; relations go over to it.

    Args:
        name: what the step is called. moves: row keys with the fragments that each gets.
        drops: row keys, with that of the span to which relations go over; 0 where they go, too.
    """

    name: str
    moves: tuple[tuple[int, Fragments], ...] = ()
    drops: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptSpan:
    """Accept a candidate; with `fragments` or `label` it is fixed in the same step and the old key rejected.

    In the same step it is proposed `also` at these other places of the document, which hold the same words.
    """

    document: int
    candidate: SpanKey
    fragments: Fragments | None = None
    label: str | None = None
    also: tuple[Fragments, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectSpan:
    """Reject a candidate with all its readings given; candidate relations that hang on it are withdrawn.

    In the same step candidates `also` go that hold the same words; those that are decided by then are passed over.
    """

    document: int
    readings: tuple[SpanKey, ...]
    also: tuple[SpanKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRelation:
    """Join two spans; an end given as a candidate's key is accepted with it."""

    document: int
    head: int | SpanKey
    child: int | SpanKey
    label: str


@dataclass(frozen=True, slots=True)
class RemoveRelations:
    """Remove accepted relations."""

    relations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRelation:
    """Give an accepted relation another type or other ends; what is None stays."""

    relation: int
    label: str | None = None
    head: int | SpanKey | None = None
    child: int | SpanKey | None = None


@dataclass(frozen=True, slots=True)
class ReverseRelation:
    """Turn an accepted relation round; its type must allow the other direction."""

    relation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRelation:
    """Accept a candidate relation and its ends; `label`, `turned` or another end fix it in the same step.

    Args:
        head, child: where it goes instead, before it is turned; None is where it was proposed.
    """

    document: int
    candidate: RelationKey
    label: str | None = None
    turned: bool = False
    head: int | SpanKey | None = None
    child: int | SpanKey | None = None


@dataclass(frozen=True, slots=True)
class RejectRelation:
    """Reject a candidate relation."""

    document: int
    candidate: RelationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Take decisions back to undecided: accepted spans and relations, and rejections, by row key.

    What had been proposed is a candidate again; a span added by hand stays a candidate of `hand`.
    """

    document: int
    spans: tuple[int, ...] = ()
    relations: tuple[int, ...] = ()
    rejections: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptMany:
    """Accept undecided candidates in one step.

    Args:
        documents: row keys, or None for all documents.
        minimum: lowest score taken. label: only this label. words: only this surface text.
        kinds: spans, relations or both.
        done: mark documents done where nothing is left; one that holds no decision at all was read by nobody.
    """

    documents: tuple[int, ...] | None = None
    minimum: float = 0.0
    label: str | None = None
    words: str | None = None
    kinds: tuple[Kind, ...] = (Kind.SPAN, Kind.RELATION)
    done: bool = False
    how: How = How.BULK


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectMany:
    """Reject undecided candidate spans alike in label and words, in one step."""

    document: int
    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSpans:
    """Propose the same words at other places, as one step; places in closed documents, or asked for before, are left.

    Args:
        places: row keys of documents with the fragments there. words: what stands there, for the name of the step.
        reason: why, as a person reads it.
    """

    places: tuple[tuple[int, Fragments], ...]
    label: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishDocument:
    """Mark a document done; `accept_rest` accepts what is undecided in the same step.

    Without it a document with undecided candidates is refused.
    """

    document: int
    accept_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetState:
    """Put documents back to do or in progress, or skip them with a reason."""

    documents: tuple[int, ...]
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFlag:
    """Set or clear the flag of a document, a span or a relation."""

    kind: Kind | None
    key: int
    flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNote:
    """Write the note of a document (`kind` None), a span or a relation; empty removes it."""

    kind: Kind | None
    key: int
    note: str


@dataclass(frozen=True, slots=True)
class RenameDocument:
    """Give a document another title."""

    document: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPart:
    """Put documents into a part of the corpus."""

    documents: tuple[int, ...]
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludeDocuments:
    """Leave documents out of exports and counts, or take them in again."""

    documents: tuple[int, ...]
    excluded: bool = True


@dataclass(frozen=True, slots=True)
class RemoveDocuments:
    """Take documents out of the project; undo brings them back with all that was decided."""

    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retokenize:
    """Give a document another language and the tokens that go with it; offsets stay."""

    document: int
    language: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[int, ...]
    tokenizer: str


@dataclass(frozen=True, slots=True)
class AddType:
    """Add an entity or relation type; missing shortcut and colour are chosen."""

    type: EntityType | RelationType


@dataclass(frozen=True, slots=True)
class ChangeType:
    """Replace a type by one of the same row key (name, shortcut, colour, guideline, ends...).

    A shortcut that another type has is swapped with it.
    """

    type: EntityType | RelationType


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeTypes:
    """Give everything labelled `source` the label `target` and remove `source`; both of one kind."""

    kind: Kind
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderTypes:
    """Show the types of one kind in this order of names."""

    kind: Kind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteType:
    """Remove a type with its spans and their relations, or with its relations."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class ExtendSchema:
    """Add every type of another schema that this project lacks; the others stay as they are."""

    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPatternList:
    """A list of patterns to be added; see `PatternList` for what its fields mean."""

    name: str
    label: str
    patterns: tuple[Pattern, ...] = ()
    source: str = ""
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class AddPatternLists:
    """Add pattern lists, each under a free name, and as labels of the project those of them that it lacks."""

    lists: tuple[NewPatternList, ...]


@dataclass(frozen=True, slots=True)
class ChangePatternList:
    """Replace a pattern list by one of the same row key (name, label, case, on or off)."""

    list: PatternList


@dataclass(frozen=True, slots=True)
class RemovePatternLists:
    """Remove pattern lists, by row key, with their patterns."""

    lists: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePatterns:
    """Take patterns out of a list, by row key, and put others in; one for one stands in the same place."""

    list: int
    removed: tuple[Pattern, ...] = ()
    added: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishBatch:
    """Make the rows of a finished import visible, with the types it brought, by row key.

    `replaced` documents are taken out in the same step.
    """

    batch: int
    name: str
    types: tuple[int, ...] = ()
    replaced: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenSpan:
    """A span that comes from elsewhere, and who made it; `instead` is the row key of the one it replaces, or 0."""

    fragments: Fragments
    label: str
    annotator: str = ""
    instead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDocument:
    """What changes in a document because it was changed elsewhere.

    Args:
        spans, relations: that come. without_spans, without_relations: row keys of those that go.
        note, done, metadata, attributes: None stays as it is.
    """

    document: int
    spans: tuple[TakenSpan, ...] = ()
    relations: tuple[RelationKey, ...] = ()
    without_spans: tuple[int, ...] = ()
    without_relations: tuple[int, ...] = ()
    note: str | None = None
    done: bool | None = None
    metadata: Mapping[str, Any] | None = None
    attributes: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """Take over what was decided elsewhere, in one step; what is that way already is passed over.

    Args:
        name: what the step is called. by: who decided where nothing else is said.
    """

    name: str
    documents: tuple[TakenDocument, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Undo acts by step key, as one step; `with_later` takes the later ones that stand in the way along."""

    steps: tuple[int, ...]
    with_later: bool = False


@dataclass(frozen=True, slots=True)
class Redo:
    """Redo what an undo entry undid."""

    entry: int


Command = (
    AddSpan
    | RemoveSpans
    | RelabelSpans
    | MoveSpan
    | MendSpans
    | AcceptSpan
    | RejectSpan
    | AddRelation
    | RemoveRelations
    | ChangeRelation
    | ReverseRelation
    | AcceptRelation
    | RejectRelation
    | Reopen
    | AcceptMany
    | RejectMany
    | ProposeSpans
    | FinishDocument
    | SetState
    | SetFlag
    | SetNote
    | RenameDocument
    | SetPart
    | ExcludeDocuments
    | RemoveDocuments
    | Retokenize
    | AddType
    | ChangeType
    | MergeTypes
    | ReorderTypes
    | DeleteType
    | ExtendSchema
    | AddPatternLists
    | ChangePatternList
    | RemovePatternLists
    | ChangePatterns
    | PublishBatch
    | TakeOver
)
"""An act that is planned into changes. `Undo` and `Redo` go through the history instead."""

COMMANDS: tuple[type, ...] = Command.__args__
"""Every command; a test undoes each."""
