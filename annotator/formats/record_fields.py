"""Turns what is in a record, but for its text, into plain JSON values and back, losing nothing.

The native format writes these values as they are; DocBin carries them beside its own layers. What a file
holds is checked on the way in: what cannot be is left out and reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from operator import lt
from typing import Any, TypeGuard, TypeVar

from annotator.formats.base import Reporter, is_bare
from annotator.formats.collecting import Collector
from annotator.formats.jsonl import is_whole, kind_of
from annotator.model.annotation import Fragments, How
from annotator.model.document import Part, State, Tokens
from annotator.model.record import Record, RecordRelation, RecordSpan

_TEXTS = ("id", "source", "title", "language", "reason", "note")
HEAD_FIELDS = (*_TEXTS, "state", "part", "flagged", "metadata", "attributes")
"""Names of all that `head_fields` may give."""
_Choice = TypeVar("_Choice", bound=Enum)


def head_fields(record: Record) -> dict[str, Any]:
    """Give the fields of a record but for its text, tokens, spans and relations, without the empty ones."""
    fields: dict[str, Any] = {name: value for name in _TEXTS if (value := getattr(record, name))}
    if record.state is not None:
        fields["state"] = record.state.value
    if record.part is not None:
        fields["part"] = record.part.value
    if record.flagged:
        fields["flagged"] = True
    if record.metadata:
        fields["metadata"] = dict(record.metadata)
    if record.attributes:
        fields["attributes"] = dict(record.attributes)
    return fields


def span_fields(span: RecordSpan) -> dict[str, Any]:
    """Give all fields of a span that are not empty."""
    fields = {"fragments": [[start, end] for start, end in span.fragments], "label": span.label}
    return fields if is_bare(span) and not span.rejected else {**fields, **detail_fields(span, ids=True)}


def relation_fields(relation: RecordRelation) -> dict[str, Any]:
    """Give all fields of a relation that are not empty; `head` and `child` count the spans of the record."""
    ends = {"head": relation.head, "child": relation.child, "label": relation.label}
    return {**ends, **detail_fields(relation, ids=True)}


def detail_fields(item: RecordSpan | RecordRelation, *, ids: bool = False) -> dict[str, Any]:
    """Give what is known of a span or relation beside its place and label; the id only with `ids`."""
    fields: dict[str, Any] = {"id": item.id} if ids and item.id else {}
    if item.rejected:
        fields["rejected"] = True
    if item.score is not None:
        fields["score"] = item.score
    if item.suggester:
        fields["suggester"] = item.suggester
    if item.annotator:
        fields["annotator"] = item.annotator
    if item.note:
        fields["note"] = item.note
    if item.how is not None:
        fields["how"] = item.how.value
    if item.at is not None:
        fields["at"] = item.at
    if item.flagged:
        fields["flagged"] = True
    if item.attributes:
        fields["attributes"] = dict(item.attributes)
    return fields


def token_fields(tokens: Tokens) -> dict[str, Any]:
    """Give tokens as starts, ends, first tokens of sentences, and the name of the tokenizer."""
    return {
        "starts": list(tokens.starts),
        "ends": list(tokens.ends),
        "sentences": list(tokens.sentences),
        "tokenizer": tokens.tokenizer,
    }


def record_of(text: str, fields: Mapping[str, Any], reporter: Reporter, *, tokens: Tokens | None) -> Record:
    """Make a record from a checked text and the fields that came with it."""
    heads = {name: texts(fields, name, reporter) for name in _TEXTS}
    spans, relations = annotations_of(text, fields, reporter)
    return Record(
        text=text,
        **heads,
        tokens=tokens,
        state=choice(State, fields.get("state"), "state", reporter),
        part=choice(Part, fields.get("part"), "part", reporter),
        flagged=fields.get("flagged") is True,
        spans=spans,
        relations=relations,
        metadata=mapping(fields, "metadata", reporter),
        attributes=mapping(fields, "attributes", reporter),
    )


def annotations_of(
    text: str, fields: Mapping[str, Any], reporter: Reporter
) -> tuple[tuple[RecordSpan, ...], tuple[RecordRelation, ...]]:
    """Give the spans and relations of native fields; what is broken is left out and reported."""
    collector = Collector(text, reporter)
    given = items(fields, "spans", reporter)
    plain = _plain_spans(given)
    if plain is not None and collector.take_plain(*plain):
        indexes: list[int | None] = list(range(len(given)))
    else:
        indexes = _careful_spans(given, collector, reporter)
    for number, item in enumerate(items(fields, "relations", reporter), start=1):
        relation = _relation(item, f"Relation {number}", collector, indexes, reporter)
        if relation is not None:
            collector.add_relation(relation, f"Relation {number}")
    return tuple(collector.spans), tuple(collector.relations)


def fragments_of_fields(value: object, name: str, collector: Collector) -> Fragments | None:
    """Give checked fragments of a list of [start, end], or None and a report."""
    pairs = value if isinstance(value, list | tuple) else ()
    if not pairs or not all(
        isinstance(pair, list | tuple) and len(pair) == 2 and is_whole(pair[0]) and is_whole(pair[1])
        for pair in pairs
    ):
        collector.refuse(name, "its fragments are no list of [start, end].")
        return None
    return collector.fragments([(pair[0], pair[1]) for pair in pairs], name)


_NOTHING: Mapping[str, Any] = {}
_NO_DETAILS: Mapping[str, Any] = {
    "score": None,
    "at": None,
    "how": None,
    "suggester": "",
    "annotator": "",
    "note": "",
    "rejected": False,
    "flagged": False,
}


def details_of(fields: Mapping[str, Any], reporter: Reporter) -> dict[str, Any]:
    """Give what `detail_fields` wrote as arguments for a span or relation."""
    if not fields:
        return {**_NO_DETAILS, "attributes": {}}
    details: dict[str, Any] = {
        "score": number(fields, "score", reporter),
        "at": number(fields, "at", reporter),
        "how": choice(How, fields.get("how"), "how", reporter),
    }
    for name in ("suggester", "annotator", "note"):
        details[name] = texts(fields, name, reporter)
    for name in ("rejected", "flagged"):
        details[name] = fields.get(name) is True
    details["attributes"] = mapping(fields, "attributes", reporter)
    return details


def tokens_of(value: object, text: str, reporter: Reporter) -> Tokens | None:
    """Give the tokens that `token_fields` wrote, or None and a report where they do not fit the text."""
    if value is None:
        return None
    if isinstance(value, dict):
        starts, ends, sentences = value.get("starts"), value.get("ends"), value.get("sentences")
        tokenizer = value.get("tokenizer", "source")
        if are_whole(starts) and are_whole(ends) and are_rising(sentences) and isinstance(tokenizer, str):
            tokens = Tokens(starts, ends, sentences, tokenizer)
            if are_tokens(tokens, text):
                return tokens
    reporter.repaired("The tokens of this record do not fit its text; they were left out.")
    return None


def are_tokens(tokens: Tokens, text: str) -> bool:
    """Tell whether tokens lie in order in a text and leave nothing but blanks between them."""
    if len(tokens.starts) != len(tokens.ends):
        return False
    at = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        # Nothing lies between tokens that overlap, and nothing is no blank.
        if end <= start or (start != at and (gap := text[at:start]) != " " and not gap.isspace()):
            return False
        at = end
    if at > len(text) or (at < len(text) and not text[at:].isspace()):
        return False
    return are_sentences(tokens.sentences, len(tokens))


def are_sentences(firsts: Sequence[int], tokens: int) -> bool:
    """Tell whether rising numbers can be the first tokens of the sentences of so many tokens."""
    return not firsts or (firsts[0] == 0 and firsts[-1] < tokens)


def are_rising(value: object) -> TypeGuard[list[int]]:
    """Tell whether a JSON value is a list of whole numbers from 0 on, each larger than the one before."""
    return are_whole(value) and (not value or (value[0] >= 0 and all(map(lt, value, value[1:]))))


def are_whole(value: object) -> TypeGuard[list[int]]:
    """Tell whether a JSON value is a list of whole numbers."""
    return isinstance(value, list) and list(map(type, value)).count(int) == len(value)


def number(fields: Mapping[str, Any], name: str, reporter: Reporter) -> float | None:
    """Give a number field, None where it is absent; another kind of value is reported and left out."""
    value = fields.get(name)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    reporter.repaired(f'The field "{name}" is {kind_of(value)}, not a number; it was left out.')
    return None


def texts(fields: Mapping[str, Any], name: str, reporter: Reporter) -> str:
    """Give a text field, empty where it is absent; another kind of value is reported and left out."""
    value = fields.get(name, "")
    if isinstance(value, str):
        return value
    reporter.repaired(f'The field "{name}" is {kind_of(value)}, not text; it was left out.')
    return ""


def mapping(fields: Mapping[str, Any], name: str, reporter: Reporter) -> dict[str, Any]:
    """Give an object field, empty where it is absent; another kind of value is reported and left out."""
    value = fields.get(name, {})
    if isinstance(value, dict):
        return value
    reporter.repaired(f'The field "{name}" is {kind_of(value)}, not an object; it was left out.')
    return {}


def items(fields: Mapping[str, Any], name: str, reporter: Reporter) -> list[Any]:
    """Give a list field, empty where it is absent or null; another kind of value is reported and left out."""
    value = fields.get(name)
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return list(value)
    reporter.refused(f'The field "{name}" is {kind_of(value)}, not a list; it was left out.')
    return []


def choice(kind: type[_Choice], value: object, name: str, reporter: Reporter) -> _Choice | None:
    """Give the member of an enumeration that a value names; None where it is absent or, reported, unknown."""
    if value is None:
        return None
    try:
        return kind(value)
    except ValueError:
        reporter.repaired(f'"{name}" is {value!r}, which is not known; it was left out.')
        return None


_PLAIN_KINDS: Mapping[str, frozenset[type]] = {
    **dict.fromkeys(("id", "suggester", "annotator", "note"), frozenset({str})),
    **dict.fromkeys(("score", "at"), frozenset({int, float, type(None)})),
    **dict.fromkeys(("rejected", "flagged"), frozenset({bool})),
    "attributes": frozenset({dict}),
}
_HOWS: Mapping[object, How] = {how.value: how for how in How}


def _plain_spans(
    spans: list[Any],
) -> tuple[list[tuple[object, object, object]], list[Mapping[str, Any]] | None] | None:
    """Give place and label, and the details, of spans of one piece each, if nothing in their details is odd."""
    places: list[tuple[object, object, object]] = []
    facts: list[Mapping[str, Any]] = []
    for item in spans:
        fragments = item.get("fragments") if type(item) is dict else None
        if type(fragments) is not list or len(fragments) != 1:
            return None
        pair = fragments[0]
        if type(pair) is not list or len(pair) != 2:
            return None
        details = _plain_details(item) if len(item) > 2 else _NOTHING
        if details is None:
            return None
        places.append((pair[0], pair[1], item.get("label")))
        facts.append(details)
    return places, facts if any(facts) else None


def _plain_details(item: dict[str, Any]) -> dict[str, Any] | None:
    """Give what `detail_fields` wrote as arguments for a span; None where anything in it is odd."""
    details: dict[str, Any] = {}
    for name, value in item.items():
        if name == "how":
            if type(value) is not str or value not in _HOWS:
                return None
            details[name] = _HOWS[value]
        elif name in _PLAIN_KINDS:
            if type(value) not in _PLAIN_KINDS[name]:
                return None
            details[name] = value
    return details


def _careful_spans(spans: list[Any], collector: Collector, reporter: Reporter) -> list[int | None]:
    """Add spans one by one and give the index of each; None for what was left out."""
    indexes: list[int | None] = []
    for number, item in enumerate(spans, start=1):
        span = _span(item, f"Span {number}", collector, reporter)
        indexes.append(None if span is None else collector.add_span(span, f"Span {number}"))
    return indexes


def _span(item: object, name: str, collector: Collector, reporter: Reporter) -> RecordSpan | None:
    if not isinstance(item, dict):
        collector.refuse(name, f"it is {kind_of(item)}, not an object.")
        return None
    label = collector.label(item.get("label"), name)
    fragments = None if label is None else fragments_of_fields(item.get("fragments"), name, collector)
    if label is None or fragments is None:
        return None
    identity = texts(item, "id", reporter)
    return RecordSpan(fragments=fragments, label=label, id=identity, **details_of(item, reporter))


def _relation(
    item: object, name: str, collector: Collector, places: list[int | None], reporter: Reporter
) -> RecordRelation | None:
    if not isinstance(item, dict):
        collector.refuse(name, f"it is {kind_of(item)}, not an object.")
        return None
    label = collector.label(item.get("label"), name)
    ends = [item.get("head"), item.get("child")]
    found = [_at(places, end) for end in ends]
    if label is None:
        return None
    if found[0] is None or found[1] is None:
        collector.refuse(name, f"one of its ends ({ends[0]!r}, {ends[1]!r}) is no span of this record.")
        return None
    identity = texts(item, "id", reporter)
    return RecordRelation(
        head=found[0], child=found[1], label=label, id=identity, **details_of(item, reporter)
    )


def _at(places: list[int | None], index: object) -> int | None:
    return places[index] if is_whole(index) and 0 <= index < len(places) else None
