"""What both sides hold of a document, in the same terms: from rows of a project, and from what a server gives.

What the other side cannot hold is left out of contents and named: spans of several fragments, with blanks at their ends
or over others where the server forbids it stay here; places outside their text, or cutting a character, stay there.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from annotator.model.annotation import Kind, Relation, Span
from annotator.model.document import Document, State
from annotator.model.offsets import is_grapheme_border
from annotator.model.rules import trimmed
from annotator.sync.content import Content, Item, Place, Tie, Values, hash_of, normal_note, note_of
from annotator.sync.labels import Labels
from annotator.sync.remote import RemoteComment, RemoteDocument, RemoteProject, RemoteRelation, RemoteSpan
from annotator.sync.units import Offsets, Unit

OWN = "annotator"
"""The field of metadata under which an upload says which document of ours it is."""
TAKEN = frozenset(
    {
        *("id", "data", "text", "label", "labels", "entities", "relations", "categories", "cats", "Comments"),
        *("filename", "upload_name", "example_uuid", "#line_number", OWN),
    }
)
"""Names that a server does not take for metadata."""
ATTRIBUTES = "doccano"
"""The name under which a document keeps what came from a server and has no other place here."""
CATEGORIES = "categories"


class Why(StrEnum):
    """Why something stays here."""

    FRAGMENTS = "fragments"
    BLANKS = "blanks"
    OVERLAP = "overlap"
    PLACE = "place"
    LABEL = "label"
    RELATIONS = "relations"
    END = "end"


@dataclass(frozen=True, slots=True)
class Here:
    """A document of the project: its content, the rows behind it, what stays here, and `mark_of` its rows."""

    document: Document
    text: str
    content: Content
    spans: Mapping[Place, Span] = field(default_factory=dict)
    relations: Mapping[Tie, Relation] = field(default_factory=dict)
    stays: tuple[tuple[Why, Span | Relation], ...] = ()
    mark: int = 0


@dataclass(frozen=True, slots=True)
class There:
    """A document of the server: its content, the things behind it, and what is odd.

    Args:
        blocked: code points of places that lie there and cannot be here; where overlap is forbidden they are taken.
        odd: in words, what was left there; `left` counts it.
    """

    document: RemoteDocument
    content: Content
    spans: Mapping[Place, tuple[RemoteSpan, ...]] = field(default_factory=dict)
    relations: Mapping[Tie, tuple[RemoteRelation, ...]] = field(default_factory=dict)
    blocked: tuple[tuple[int, int], ...] = ()
    odd: tuple[str, ...] = ()
    left: int = 0

    @property
    def doubled(self) -> frozenset[Item]:
        """Give what stands there more than once."""
        spans = frozenset(place for place, found in self.spans.items() if len(found) > 1)
        return spans | frozenset(tie for tie, found in self.relations.items() if len(found) > 1)


def own_id(document: RemoteDocument) -> str:
    """Give the id of our document that a server's came from; empty where it came from elsewhere."""
    own = document.metadata.get(OWN)
    found = own.get("id") if isinstance(own, Mapping) else None
    return found if isinstance(found, str) else ""


def metadata_of(document: RemoteDocument) -> dict[str, Any]:
    """Give the metadata of a server's document: of our own ones as they were sent, of others as they came out.

    An export cuts floats, also inside lists and objects; only texts come back exactly. What stands beside the text of
    ours and says something else was written there since.
    """
    plain = {
        name: value for name, value in document.metadata.items() if name not in TAKEN and value is not None
    }
    own = document.metadata.get(OWN)
    exact = own.get("metadata") if isinstance(own, Mapping) else None
    if isinstance(exact, str):
        with contextlib.suppress(ValueError, RecursionError):
            found = json.loads(exact)
            if isinstance(found, dict):
                return found | {
                    name: value for name, value in plain.items() if not _is_same(found.get(name), value)
                }
    return plain


def _is_same(exact: Any, exported: Any) -> bool:
    """Tell whether an export may have made this of a value; of what is no plain value it is not known."""
    if isinstance(exact, int | float) and isinstance(exported, int | float):
        return math.isclose(exact, exported, rel_tol=1e-9, abs_tol=1e-9)
    return exact == exported or isinstance(exact, Mapping | list)


def metadata_there(ours: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Give the metadata that a server's document gets for ours; what ours cannot name stays as it was `before`."""
    own = before.get(OWN)
    kept = {name: value for name, value in before.items() if name in TAKEN}
    told = {name: value for name, value in ours.items() if name not in TAKEN}
    exact = {"metadata": json.dumps(ours, ensure_ascii=False)}
    return kept | told | {OWN: {**(own if isinstance(own, Mapping) else {}), **exact}}


def tie_of(labels: Labels, head: Place, child: Place, label: str) -> Tie:
    """Give a relation; one without direction from the earlier end."""
    if labels.is_symmetric(label) and child < head:
        head, child = child, head
    return Tie(head, child, label)


# ---------------------------------------------------------------------- from the server


def read_there(document: RemoteDocument, labels: Labels, unit: Unit) -> There:
    """Read what a server holds of a document; its comments and confirmed state are those that stand in it."""
    reading = _Reading(document, labels, Offsets(document.text, unit))
    for span in document.spans:
        reading.span(span)
    for relation in document.relations:
        reading.relation(relation)
    values = Values(
        note=note_of(each.text for each in oldest_first(document.comments)),
        confirmed=document.is_confirmed,
        categories=frozenset(document.categories),
        metadata=hash_of(metadata_of(document)),
    )
    content = Content(frozenset(reading.spans), frozenset(reading.relations), values)
    return There(
        document=document,
        content=content,
        spans={place: tuple(found) for place, found in reading.spans.items()},
        relations={tie: tuple(found) for tie, found in reading.relations.items()},
        blocked=tuple(reading.blocked),
        odd=tuple(reading.odd),
        left=reading.left,
    )


def oldest_first(comments: Iterable[RemoteComment]) -> list[RemoteComment]:
    """Give comments in the order in which they were written."""
    return sorted(comments, key=lambda each: each.id)


class _Reading:
    """Collects what stands in a document of a server."""

    def __init__(self, document: RemoteDocument, labels: Labels, offsets: Offsets) -> None:
        self.spans: dict[Place, list[RemoteSpan]] = {}
        self.relations: dict[Tie, list[RemoteRelation]] = {}
        self.blocked: list[tuple[int, int]] = []
        self.odd: list[str] = []
        self.left = 0
        self._text = document.text
        self._labels = labels
        self._offsets = offsets
        self._by_id: dict[int, Place] = {}

    def span(self, span: RemoteSpan) -> None:
        """Take a span, or say why it is left there."""
        label = self._labels.from_there(Kind.SPAN, span.label)
        found = self._offsets.here(span.start, span.end)
        if label is None:
            self._leave(
                f"The label {span.label[:40]!r} cannot be used here; its spans are left there.", found
            )
        elif found is None:
            self._leave(
                f"{span.label} from {span.start} to {span.end} does not lie in this text; left there."
            )
        elif (inner := trimmed(self._text, *found))[0] >= inner[1]:
            self._leave(f"{span.label} from {span.start} to {span.end} holds only blanks; left there.", found)
        elif not all(is_grapheme_border(self._text, offset) for offset in inner):
            words = self._text[inner[0] : inner[1]][:40]
            self._leave(f"{span.label} “{words}” would cut a character in two; left there.", found)
        else:
            place = Place(*inner, label)
            self.spans.setdefault(place, []).append(span)
            if span.id:
                self._by_id[span.id] = place

    def relation(self, relation: RemoteRelation) -> None:
        """Take a relation, or say why it is left there."""
        label = self._labels.from_there(Kind.RELATION, relation.label)
        head, child = self._by_id.get(relation.head), self._by_id.get(relation.child)
        if label is None:
            self._leave(f"The relation {relation.label[:40]!r} cannot be used here; left there.")
        elif head is None or child is None:
            self._leave(f"{relation.label} lost an end that is left there; it is left there, too.")
        elif head == child:
            self._leave(f"{relation.label} joins a span with itself; left there.")
        else:
            self.relations.setdefault(tie_of(self._labels, head, child, label), []).append(relation)

    def _leave(self, why: str, place: tuple[int, int] | None = None) -> None:
        self.left += 1
        self.odd.append(why)
        if place is not None:
            self.blocked.append(place)


# ---------------------------------------------------------------------- from the project


def read_here(
    document: Document,
    text: str,
    spans: Sequence[Span],
    relations: Sequence[Relation],
    *,
    labels: Labels,
    project: RemoteProject,
    prior: Iterable[Place] = (),
    blocked: Sequence[tuple[int, int]] = (),
    lacks: frozenset[tuple[Kind, str]] = frozenset(),
) -> Here:
    """Read what a project holds of a document.

    Args:
        prior: spans that stand on the server or did: of those that overlap they come first.
        blocked: places of the server that cannot be here. lacks: common names of types that the server will not have.
    """
    stays: list[tuple[Why, Span | Relation]] = []
    places: dict[int, Place] = {}
    for span in spans:
        label = labels.from_here(Kind.SPAN, span.label)
        why = _held_back(text, span) or (Why.LABEL if (Kind.SPAN, label) in lacks else None)
        if why is None:
            places[span.key] = Place(span.start, span.end, label)
        else:
            stays.append((why, span))
    if not project.allows_overlap:
        over = _overlapping(places, frozenset(prior), blocked)
        stays += [(Why.OVERLAP, span) for span in spans if span.key in over]
        places = {key: place for key, place in places.items() if key not in over}
    kept: dict[Tie, Relation] = {}
    for relation in relations:
        label = labels.from_here(Kind.RELATION, relation.label)
        head, child = places.get(relation.head), places.get(relation.child)
        if not project.has_relations:
            stays.append((Why.RELATIONS, relation))
        elif (Kind.RELATION, label) in lacks:
            stays.append((Why.LABEL, relation))
        elif head is None or child is None:
            stays.append((Why.END, relation))
        else:
            kept[tie_of(labels, head, child, label)] = relation
    by_place = {places[span.key]: span for span in spans if span.key in places}
    content = Content(frozenset(by_place), frozenset(kept), values_here(document))
    mark = mark_of(document, spans, relations)
    return Here(document, text, content, by_place, kept, tuple(stays), mark)


def mark_of(document: Document, spans: Iterable[Span], relations: Iterable[Relation]) -> int:
    """Give a number that is another one when any of these rows is changed."""
    return hash(
        (
            (document.version, document.note, document.state),
            frozenset((each.key, each.version) for each in spans),
            frozenset((each.key, each.version) for each in relations),
        )
    )


def values_here(document: Document) -> Values:
    """Give what a document of the project has one of."""
    own = document.attributes.get(ATTRIBUTES)
    found = own.get(CATEGORIES) if isinstance(own, Mapping) else None
    return Values(
        note=normal_note(document.note),
        confirmed=document.state is State.DONE,
        categories=frozenset(map(str, found)) if isinstance(found, list) else frozenset(),
        metadata=hash_of(document.metadata),
    )


def _held_back(text: str, span: Span) -> Why | None:
    if len(span.fragments) > 1:
        return Why.FRAGMENTS
    if text[span.start].isspace() or text[span.end - 1].isspace():
        return Why.BLANKS
    if not (is_grapheme_border(text, span.start) and is_grapheme_border(text, span.end)):
        return Why.PLACE
    return None


def _overlapping(
    places: Mapping[int, Place], prior: frozenset[Place], blocked: Sequence[tuple[int, int]]
) -> set[int]:
    """Give the spans that have to give way: those that were there before stay, then the longest, then the first."""
    in_order = sorted(places.values())
    if not blocked and all(one.end <= other.start for one, other in pairwise(in_order)):
        return set()
    taken = [Place(start, end, "") for start, end in blocked]
    over: set[int] = set()
    ranked = sorted(
        places.items(), key=lambda each: (each[1] not in prior, each[1].start - each[1].end, each[1])
    )
    for key, place in ranked:
        if any(place.meets(other) for other in taken):
            over.add(key)
        else:
            taken.append(place)
    return over
