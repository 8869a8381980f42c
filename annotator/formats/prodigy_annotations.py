"""Reads the spans and relations of one Prodigy task; the rest of the task is read in `prodigy_reading.py`.

Spans and relations that Prodigy has no place for stand under our own key `annotator`, each with the `index`
it had among the others.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from annotator.formats.base import Reporter
from annotator.formats.collecting import Collector
from annotator.formats.jsonl import is_whole, kind_of
from annotator.formats.record_fields import details_of, fragments_of_fields
from annotator.model.annotation import Fragment, SpanKey
from annotator.model.document import Tokens
from annotator.model.record import RecordRelation, RecordSpan

NAME = "prodigy"
"""Name of the format, and of the suggester of spans whose source is not said."""
SPAN_FIELDS = frozenset(
    {"start", "end", "token_start", "token_end", "label", "text", "type", "id", "answer", "annotator"}
)
_PLAIN = frozenset({"start", "end", "token_start", "token_end", "label", "text"})
"""Fields of a span of which only place and label are its own: the rest is the same for all such spans of a task."""
RELATION_FIELDS = frozenset(
    {"head", "child", "head_span", "child_span", "label", "type", "id", "answer", "annotator"}
)
VIEWS = ("ner_manual", "spans_manual", "relations")
"""Names of the views that show spans and relations; which one a file names is decided when it is written."""
ANSWERS = ("accept", "reject", "ignore")


def decision(item: Mapping[str, Any], answer: str | None) -> str:
    """Tell whether a span or relation of a task is `accept`, `reject` or undecided (`ignore`)."""
    own = item.get("answer")
    if own in ANSWERS:
        return str(own)
    if own is not None:
        return "ignore"
    if answer in ANSWERS:
        return str(answer)
    proposed = isinstance(item.get("source"), str) or _score(item.get("score")) is not None
    return "ignore" if proposed else "accept"


@functools.lru_cache(maxsize=64)
def _plain_facts(answer: str | None, annotator: str, at: float | None) -> dict[str, Any]:
    """Give what is known of a span of which the file says place and label alone; shared, so not to be changed."""
    decided = decision({}, answer)
    if decided == "ignore":
        return {"suggester": NAME}
    facts = {"rejected": decided == "reject", "annotator": annotator, "at": at}
    return {
        name: value
        for name, value in facts.items()
        if value is not None and value is not False and value != ""
    }


def decided_by(task: Mapping[str, Any]) -> dict[str, Any]:
    """Give who decided a task and when, as arguments for spans and relations, as far as the task says it."""
    names = [task.get(name) for name in ("_annotator_id", "_session_id")]
    at = task.get("_timestamp")
    return {
        "annotator": next((name for name in names if isinstance(name, str)), ""),
        "at": at if isinstance(at, int | float) and not isinstance(at, bool) else None,
    }


@dataclass(frozen=True, slots=True)
class SourceTokens:
    """The tokens of a task: all of them as the file counts them, and those that the document keeps."""

    starts: list[int]
    ends: list[int]
    own: Tokens | None


class TaskReading:
    """Reads the spans and relations of one task."""

    def __init__(
        self, text: str, tokens: SourceTokens, answer: str | None, reporter: Reporter, by: dict[str, Any]
    ) -> None:
        self.collector = Collector(text, reporter)
        self._text = text
        self._tokens = tokens
        self._answer = answer
        self._reporter = reporter
        self._by = by
        self._read: list[tuple[dict[str, Any], int]] = []
        self._by_last_token: dict[int, list[int]] = {}

    def add_spans(self, spans: list[Any], own: list[Any]) -> None:
        """Read the task's spans, and those under our own key at the places they had among them."""
        if own:
            for item, name, is_own in _merged(spans, own, "Span"):
                self._add_span(item, name, is_own=is_own)
            return
        plain = self._plain_places(spans)
        facts = _plain_facts(self._answer, self._by["annotator"], self._by["at"])
        if plain is not None and self.collector.take_plain(plain, repeat(facts) if facts else None):
            self._read += zip(spans, range(len(spans)), strict=True)
            return
        for number, item in enumerate(spans, start=1):
            self._add_span(item, f"Span {number}", is_own=False)

    def _add_span(self, item: Any, name: str, *, is_own: bool) -> None:
        if not isinstance(item, dict):
            self.collector.refuse(name, f"it is {kind_of(item)}, not an object.")
            return
        span = self._own_span(item, name) if is_own else self._span(item, name)
        if span is not None:
            index = self.collector.add_span(span, name)
            if not is_own:
                self._read.append((item, index))

    def add_relations(self, relations: list[Any], own: list[Any]) -> None:
        """Read the task's relations, and those under our own key at the places they had among them."""
        for item, name, is_own in _merged(relations, own, "Relation"):
            if not isinstance(item, dict):
                self.collector.refuse(name, f"it is {kind_of(item)}, not an object.")
                continue
            label = self.collector.label(item.get("label"), name)
            find = self._own_end if is_own else self._end
            head = None if label is None else find(item, "head", name)
            child = None if head is None else find(item, "child", name)
            if label is None or head is None or child is None:
                continue
            facts = self._facts(item, RELATION_FIELDS if not is_own else None)
            self.collector.add_relation(RecordRelation(head=head, child=child, label=label, **facts), name)

    def _plain_places(self, spans: list[Any]) -> list[tuple[object, object, object]] | None:
        """Give start, end and label of spans, if the file says no more of any, as of most; else None."""
        places: list[tuple[object, object, object]] = []
        for item in spans:
            if type(item) is not dict or not _PLAIN.issuperset(item):
                return None
            start, end = item.get("start"), item.get("end")
            if "text" in item and not (
                is_whole(start) and is_whole(end) and self._text[start:end] == item["text"]
            ):
                return None
            places.append((start, end, item.get("label")))
        return places

    def _span(self, item: dict[str, Any], name: str) -> RecordSpan | None:
        label = self.collector.label(item.get("label"), name)
        if label is None:
            return None
        details = item.get("annotator")
        exact = isinstance(details, dict) and details.get("exact") is True
        fragments = self.collector.stretch(item.get("start"), item.get("end"), name, exact=exact)
        if fragments is None or self.collector.disagrees(fragments, item.get("text"), name):
            return None
        return RecordSpan(fragments=fragments, label=label, **self._facts(item, SPAN_FIELDS))

    def _own_span(self, item: dict[str, Any], name: str) -> RecordSpan | None:
        label = self.collector.label(item.get("label"), name)
        fragments = fragments_of_fields(item.get("fragments"), name, self.collector)
        if label is None or fragments is None:
            return None
        return RecordSpan(fragments=fragments, label=label, **self._facts(item, None))

    def _facts(self, item: dict[str, Any], known: frozenset[str] | None) -> dict[str, Any]:
        """Give all of a span or relation but its place and label; `known` is None for our own items."""
        identity = item.get("id")
        if known is None:
            return {"id": identity if isinstance(identity, str) else "", **details_of(item, self._reporter)}
        details = item.get("annotator")
        facts = details_of(details if isinstance(details, dict) else {}, self._reporter)
        extra = (
            {} if item.keys() <= known else {key: value for key, value in item.items() if key not in known}
        )
        if isinstance(identity, str):
            facts["id"] = identity
        elif identity is not None:
            extra["id"] = identity
        decided = decision(item, self._answer)
        facts["rejected"] = decided == "reject"
        if decided == "ignore":
            facts["score"] = _score(item.get("score"))
            if facts["score"] is not None:
                del extra["score"]
            source = extra.pop("source", "")
            facts["suggester"] = source if isinstance(source, str) and source else NAME
        else:
            facts["annotator"] = facts["annotator"] or self._by["annotator"]
            facts["at"] = self._by["at"] if facts["at"] is None else facts["at"]
        if extra:
            facts["attributes"] = {**facts["attributes"], NAME: extra}
        return facts

    def _ending_with(self, token: int) -> list[int]:
        """Give the indexes of the spans of which a token of the file is the last."""
        for item, index in self._read:
            last = self._last_token(item, self.collector.spans[index])
            if last is not None and index not in self._by_last_token.setdefault(last, []):
                self._by_last_token[last].append(index)
        self._read.clear()
        return self._by_last_token.get(token, [])

    def _last_token(self, item: dict[str, Any], span: RecordSpan) -> int | None:
        """Give the index of the span's last token as the file counts, by the tokens or, without, its word."""
        ends = self._tokens.ends
        if not ends:
            last = item.get("token_end")
            return last if is_whole(last) else None
        index = bisect_left(ends, span.fragments[-1].end)
        return index if index < len(ends) and ends[index] == span.fragments[-1].end else None

    def _own_end(self, item: dict[str, Any], end: str, name: str) -> int | None:
        given = item.get(end)
        given = given if isinstance(given, dict) else {}
        label, pairs = given.get("label"), given.get("fragments")
        fragments = fragments_of_fields(pairs, f"{name} ({end})", self.collector)
        found = (
            self.collector.find(SpanKey(fragments, label)) if fragments and isinstance(label, str) else None
        )
        if fragments is not None and found is None:
            self.collector.refuse(name, f"its {end} is no span of this record.")
        return found

    def _end(self, item: dict[str, Any], end: str, name: str) -> int | None:
        given = item.get(f"{end}_span")
        if isinstance(given, dict):
            return self._end_by_span(item, given, end, name)
        token = item.get(end)
        ending = self._ending_with(token) if is_whole(token) else []
        if len(ending) == 1:
            return ending[0]
        if len(ending) > 1:
            why = f"{len(ending)} spans end with token {token}, its {end}, and nothing says which is meant."
        elif is_whole(token) and 0 <= token < len(self._tokens.ends):
            word = self._text[self._tokens.starts[token] : self._tokens.ends[token]]
            why = f"its {end} is the token {word!r}, not a span."
        else:
            why = f"its {end} ({token!r}) is no token of this record."
        self.collector.refuse(name, why)
        return None

    def _end_by_span(self, item: dict[str, Any], given: dict[str, Any], end: str, name: str) -> int | None:
        label, start, stop = given.get("label"), given.get("start"), given.get("end")
        if isinstance(label, str) and is_whole(start) and is_whole(stop):
            found = self.collector.find(SpanKey((Fragment(start, stop),), label.strip()))
            if found is not None:
                return found
        if label is None:
            self.collector.refuse(name, f"its {end} is a plain token, not a span.")
            return None
        label = self.collector.label(label, f"{name} ({end})")
        fragments = None if label is None else self.collector.stretch(start, stop, f"{name} ({end})")
        if label is None or fragments is None:
            return None
        found = self.collector.find(SpanKey(fragments, label))
        if found is None:
            facts = self._facts({"answer": decision(item, self._answer)}, SPAN_FIELDS)
            found = self.collector.add_span(RecordSpan(fragments=fragments, label=label, **facts), name)
            self._reporter.repaired(
                f"{name}: its {end}, {label} from {fragments[0].start} to {fragments[0].end}, was no "
                "span of the record; it was added as one."
            )
        return found


def _merged(spans: list[Any], own: list[Any], noun: str) -> list[tuple[Any, str, bool]]:
    """Put our own items between the others at the index they name; say for each whether it is our own."""
    merged = [(item, f"{noun} {number}", False) for number, item in enumerate(spans, start=1)]
    if not own:
        return merged
    placed: list[Any] = [item for item in own if isinstance(item, dict) and is_whole(item.get("index"))]
    placed.sort(key=lambda item: int(item["index"]))
    placed += [item for item in own if not any(item is each for each in placed)]
    for number, item in enumerate(placed, start=1):
        at = item.get("index") if isinstance(item, dict) else None
        at = max(0, at) if is_whole(at) else len(merged)
        merged.insert(at, (item, f'{noun} {number} under "annotator"', True))
    return merged


def _score(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return value
