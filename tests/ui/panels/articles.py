"""Builders: a small document in every state a panel can be asked to show, and a session that lists documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from annotator.model.annotation import (
    Fragments,
    Origin,
    Provenance,
    Reason,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
    fragments_of,
)
from annotator.model.article import Readings, RelationToDecide, annotations_of
from annotator.model.candidate import Candidate, Proposal, RelationCandidate
from annotator.model.document import Document, State
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.ui.models.article_items import Value, value_of
from annotator.ui.panels.state import SelectionKind, SelectionState, WorkState, place_words
from annotator.ui.selection import Things
from annotator.workflows.session import Counts, DocumentFilter, DocumentRow
from tests.builders import plain_tokens

TEXT = (
    "Press Secretary Karoline Leavitt met Mike Waltz in Jeddah.\n"
    "National Security Adviser Waltz flew to Moscow, the Kremlin said."
)
SCHEMA = Schema(
    (
        EntityType(name="PERSON", color="blue", summary="people by name", guideline="**Full** names."),
        EntityType(name="ROLE", color="slate"),
        EntityType(name="ORG", color="teal"),
        EntityType(name="GPE", color="orange"),
    ),
    (
        RelationType(name="HOLDS_ROLE", heads=("PERSON",), children=("ROLE",)),
        RelationType(name="VISITED", heads=("PERSON",), children=("GPE",)),
        RelationType(name="MET", heads=("PERSON",), children=("PERSON",), symmetric=True),
    ),
).with_defaults()
MARA = Provenance(
    annotator="Mara", at=1_741_855_920.0, origin=Origin.CANDIDATE, suggesters=("sm",), score=0.9
)


def place(words: str, *, number: int = 0) -> Fragments:
    """Give where some words stand, the n-th time."""
    start = -1
    for _ in range(number + 1):
        start = TEXT.index(words, start + 1)
    return fragments_of((start, start + len(words)))


def a_span(key: int, words: str, label: str, *, note: str = "", flagged: bool = False) -> Span:
    """Make an accepted span."""
    return Span(
        key=key, id=f"s{key}", document=1, layer=1, fragments=place(words), label=label, provenance=MARA,
        note=note, flagged=flagged,
    )  # fmt: skip


def a_candidate(
    words: str, label: str, score: float, *suggesters: str, reason: str = "", number: int = 0
) -> Candidate:
    """Make a candidate that each of the suggesters proposed."""
    what = SpanKey(place(words, number=number), label)
    proposals = tuple(
        Proposal(what=what, suggester=name, score=score, reason=reason) for name in suggesters or ("sm",)
    )
    return Candidate(what=what, proposals=proposals)


def a_relation(key: int, label: str, *, head: int, child: int, note: str = "") -> Relation:
    """Make an accepted relation."""
    return Relation(
        key=key,
        id=f"r{key}",
        document=1,
        layer=1,
        head=head,
        child=child,
        label=label,
        provenance=MARA,
        note=note,
    )


def a_state() -> WorkState:
    """Make a document: 4 accepted spans, 2 relations (one illegal), 2 spans and 1 relation to decide, 1 rejection."""
    spans = (
        a_span(1, "Press Secretary", "ROLE"),
        a_span(2, "Karoline Leavitt", "PERSON", note="full name"),
        a_span(3, "Mike Waltz", "PERSON"),
        a_span(4, "Jeddah", "GPE", flagged=True),
    )
    relations = (
        a_relation(1, "HOLDS_ROLE", head=2, child=1),
        a_relation(2, "VISITED", head=4, child=3, note="the wrong way round"),
    )
    role = a_candidate(
        "National Security Adviser", "ROLE", 0.71, "roles", "memory", reason="a title before a name"
    )
    other = a_candidate("National Security", "ORG", 0.62)
    waltz = a_candidate("Waltz", "PERSON", 0.9, number=1)
    what = RelationKey(waltz.what, role.what, "HOLDS_ROLE")
    proposed = RelationCandidate(
        what=what,
        proposals=(Proposal(what=what, suggester="near", score=0.74, reason="They are neighbours."),),
    )
    rejection = Rejection(
        key=1,
        id="x1",
        document=1,
        layer=1,
        what=SpanKey(place("Kremlin"), "GPE"),
        reason=Reason.WRONG,
        provenance=MARA,
    )
    return WorkState(
        schema=SCHEMA,
        document=a_document(),
        text=TEXT,
        tokens=plain_tokens(TEXT),
        annotations=annotations_of(
            spans=spans,
            relations=relations,
            rejections=(rejection,),
            candidates=(role, other, waltz),
            relation_candidates=(proposed,),
        ),
        paragraph_of=lambda offset: TEXT.count("\n", 0, offset) + 1,
    )


def a_document(**changes: object) -> Document:
    """Make the document itself."""
    document = Document(
        key=1,
        id="d1",
        batch=1,
        title="Talks",
        language="en",
        length=len(TEXT),
        hash="",
        source="a",
    )
    return replace(document, **changes)  # type: ignore[arg-type]


_KINDS: dict[type[Value], SelectionKind] = {
    Span: "span",
    Readings: "candidate",
    Relation: "relation",
    RelationToDecide: "relation_candidate",
    Rejection: "rejection",
}


def selected(state: WorkState, item_id: str, *, reading: int = 0) -> WorkState:
    """Give the same state with a thing selected."""
    value: Value | None = value_of(state.annotations, item_id)
    assert value is not None, item_id
    fragments = Things(state.annotations).fragments(value)
    if isinstance(value, Readings):
        fragments = value.candidates[reading].fragments
    selection = SelectionState(
        kind=_KINDS[type(value)],
        id=item_id,
        thing=value,
        reading=reading,
        fragments=fragments,
        place=place_words(fragments, state.paragraph_of),
    )
    return replace(state, selection=selection)


def candidate_of(state: WorkState, label: str) -> str:
    """Give the id of the span to decide whose best reading has a label."""
    best = next(each.best for each in state.annotations.undecided if each.best.label == label)
    return f"c:{best.fragments[0].start}-{best.fragments[-1].end}:{label}"


def a_row(key: int, title: str = "", **changes: object) -> DocumentRow:
    """Make a line of the list of documents."""
    row = DocumentRow(
        key=key, title=title or f"Document {key}", state=State.TODO, flagged=False, reason="",
        excluded=False, language="en", spans=0, relations=0, rejected=0, undecided=0, suggested=True,
        skipped_by_suggester="",
    )  # fmt: skip
    return replace(row, **changes)  # type: ignore[arg-type]


class Listing:
    """A session that only lists documents, and counts how it is asked."""

    name = "News"
    read_only = False
    schema = SCHEMA
    language = "en"

    def __init__(self, rows: list[DocumentRow]) -> None:
        self.rows = rows
        self.asked = 0
        self.counted = 0

    def _found(self, wanted: DocumentFilter | None) -> list[DocumentRow]:
        wanted = wanted or DocumentFilter()
        return [
            row
            for row in self.rows
            if (wanted.state is None or row.state is wanted.state)
            and (row.flagged or not wanted.flagged)
            and all(word.lower() in row.title.lower() for word in wanted.text.split())
        ]

    def document_keys(self, wanted: DocumentFilter | None = None) -> list[int]:
        """List row keys."""
        return [row.key for row in self._found(wanted)]

    def documents(
        self, wanted: DocumentFilter | None = None, *, after: int | None = None, limit: int = 100
    ) -> list[DocumentRow]:
        """Give a page."""
        self.asked += 1
        found = [row for row in self._found(wanted) if after is None or row.key > after]
        return found[:limit]

    def keys_between(
        self, wanted: DocumentFilter, *, after: int, before: int | None = None, limit: int = -1
    ) -> list[int]:
        """List row keys of a stretch."""
        found = [
            row.key for row in self._found(wanted) if row.key > after and (before is None or row.key < before)
        ]
        return found if limit < 0 else found[:limit]

    def last_key(self) -> int:
        """Give the last row key."""
        return max((row.key for row in self.rows), default=0)

    def rows_of(self, keys: Sequence[int]) -> list[DocumentRow]:
        """Give some lines."""
        self.asked += 1
        wanted = set(keys)
        return [row for row in self.rows if row.key in wanted]

    def row(self, key: int) -> DocumentRow:
        """Give one line."""
        self.asked += 1
        return next(row for row in self.rows if row.key == key)

    def counts(self) -> Counts:
        """Count by state."""
        self.counted += 1
        states = [row.state for row in self.rows]
        return Counts(
            all=len(states),
            todo=states.count(State.TODO),
            in_progress=states.count(State.IN_PROGRESS),
            done=states.count(State.DONE),
            skipped=states.count(State.SKIPPED),
            flagged=sum(row.flagged for row in self.rows),
        )
