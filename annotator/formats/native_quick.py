"""Reads a line of our own JSONL as we write it, of which nothing is to be said; `native.py` reads all others with care.

msgspec makes values of the right kinds while it reads, and refuses all else. Places and ends are left to look at.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from annotator.formats.collecting import are_names, are_plain, cuts_nothing, fragment_of, has_text
from annotator.formats.jsonl import OWN_DEPTH_LIMIT, is_surely_within
from annotator.formats.record_fields import are_rising, are_tokens
from annotator.model.annotation import How
from annotator.model.document import Part, State, Tokens
from annotator.model.record import Record, RecordRelation, RecordSpan


class _Details(msgspec.Struct, forbid_unknown_fields=True):
    """What spans and relations have in common; the order is that of `RecordSpan`."""

    label: str
    id: str = ""
    rejected: bool = False
    score: float | int | None = None
    suggester: str = ""
    annotator: str = ""
    how: How | None = None
    at: float | int | None = None
    flagged: bool = False
    note: str = ""
    attributes: dict[str, Any] = {}


class _Span(_Details, forbid_unknown_fields=True, kw_only=True):
    fragments: tuple[tuple[int, int]]


class _Relation(_Details, forbid_unknown_fields=True, kw_only=True):
    head: int
    child: int


class _Tokens(msgspec.Struct, forbid_unknown_fields=True):
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    tokenizer: str = "source"


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    annotator: Literal[1]
    text: str
    source: str
    id: str = ""
    title: str = ""
    language: str = ""
    reason: str = ""
    note: str = ""
    state: State | None = None
    part: Part | None = None
    flagged: bool = False
    metadata: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    tokens: _Tokens | None = None
    spans: list[_Span] = []
    relations: list[_Relation] = []


_READER = msgspec.json.Decoder(_Line)


def record_in(raw: bytes) -> Record | None:
    """Give the document of a line in UTF-8; None where it must be read with care."""
    try:
        line = _READER.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    text, tokens = line.text, None
    places = [(*each.fragments[0], each.label) for each in line.spans]
    if (
        not has_text(text)
        or not are_plain(text, places, is_simple=cuts_nothing(text))
        or not _are_relations(line.relations, len(places))
        or not is_surely_within(raw, OWN_DEPTH_LIMIT)
    ):
        return None
    if line.tokens is not None:
        told = line.tokens
        tokens = Tokens(told.starts, told.ends, told.sentences, told.tokenizer)
        if not are_rising(told.sentences) or not are_tokens(tokens, text):
            return None
    return Record(
        text=text,
        source=line.source,
        id=line.id,
        title=line.title,
        language=line.language,
        tokens=tokens,
        state=line.state,
        reason=line.reason,
        part=line.part,
        flagged=line.flagged,
        note=line.note,
        spans=tuple([_span(each) for each in line.spans]),
        relations=tuple([_relation(each) for each in line.relations]),
        metadata=line.metadata,
        attributes=line.attributes,
    )


def _span(told: _Span) -> RecordSpan:
    return RecordSpan(
        (fragment_of(told.fragments[0]),),
        told.label,
        told.id,
        told.rejected,
        told.score,
        told.suggester,
        told.annotator,
        told.how,
        told.at,
        told.flagged,
        told.note,
        told.attributes,
    )


def _relation(told: _Relation) -> RecordRelation:
    return RecordRelation(
        head=told.head,
        child=told.child,
        label=told.label,
        id=told.id,
        rejected=told.rejected,
        score=told.score,
        suggester=told.suggester,
        annotator=told.annotator,
        how=told.how,
        at=told.at,
        flagged=told.flagged,
        note=told.note,
        attributes=told.attributes,
    )


def _are_relations(told: list[_Relation], spans: int) -> bool:
    """Tell whether relations join two spans each, none twice."""
    return (
        all(0 <= each.head < spans and 0 <= each.child < spans and each.head != each.child for each in told)
        and are_names(each.label for each in told)
        and len({(each.head, each.child, each.label) for each in told}) == len(told)
    )
