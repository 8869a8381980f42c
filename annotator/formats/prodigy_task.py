"""Makes the fields of the Prodigy task of a record, and counts what they have no place for; `prodigy.py` writes them.

Spans are written with the tokens they cover (the last one inclusive), relations by the last token of each
end. What Prodigy cannot hold (spans of several fragments, relations of such, who decided) goes under our own key
`annotator` of the task or span, so that reading the file back gives the same record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.formats.base import Tokenize, is_accepted, is_bare, is_candidate
from annotator.formats.loss_counting import LossCounter
from annotator.formats.prodigy_annotations import NAME, VIEWS, decided_by, decision
from annotator.formats.prodigy_reading import IMPLIED_REASONS, OUR_FIELDS, REJECTED, without_blanks
from annotator.formats.record_fields import detail_fields, relation_fields, span_fields
from annotator.formats.spelling import Spelling, spelled_out
from annotator.model.document import State, title_of
from annotator.model.record import Record, RecordRelation, RecordSpan

_DISCONTINUOUS, _OFF_BORDERS, _LINKS, _DETAILS = "discontinuous", "off borders", "relations", "details"
MESSAGES = {
    _DISCONTINUOUS: (
        "span",
        '{what} of several fragments: Prodigy has none such; kept whole under the key "annotator" alone.',
    ),
    _OFF_BORDERS: (
        "span",
        "{what} off token borders: written without token numbers, so Prodigy will not show them.",
    ),
    _LINKS: (
        "relation",
        '{what} with an end that has no token numbers: kept under the key "annotator", not in "relations".',
    ),
    _DETAILS: ("document", "Ids, notes, flags, and who decided and when are left out of {what}, as asked."),
}


class Task:
    """Makes the fields of one task."""

    def __init__(
        self, record: Record, tokenize: Tokenize | None, counter: LossCounter, *, details: bool
    ) -> None:
        tokens = record.tokens
        if tokens is None and tokenize is not None:
            tokens = tokenize(record.text, record.language)
        self._record = record
        self._counter = counter
        self._details = details
        self._tokens = tokens
        self._spelling: Spelling | None = None if tokens is None else spelled_out(record.text, tokens)
        self._kept = _kept(record.attributes)
        self._answer = self._chosen_answer()
        self._is_accepting = decision({}, self._answer) == "accept"
        self._by = decided_by(self._kept)
        self._own: dict[str, Any] = {}
        self._places: dict[int, tuple[int, int]] = {}
        self.view = 0
        self.spans_written = 0
        self.relations_written = 0
        self.has_foreign_view = self._kept.get("_view_id", "ner_manual") not in VIEWS
        if not self.has_foreign_view:
            self._kept.pop("_view_id", None)

    def count(self) -> None:
        """Count what Prodigy has no place for, without making the rest of the task."""
        if self._tells_spans():
            self._span_items()
        self._relation_items()

    def fields(self) -> dict[str, Any]:
        """Give the task, but for a view of ours, which goes last."""
        record, tells_spans = self._record, self._tells_spans()
        extra = self._kept.pop("tokens", None)
        kept_answer = {"answer": self._kept.pop("answer")} if "answer" in self._kept else {}
        fields: dict[str, Any] = {"text": record.text}
        meta = self._meta()
        if meta:
            fields["meta"] = meta
        fields.update(
            {name: value for name, value in self._kept.items() if name not in OUR_FIELDS or name == "meta"}
        )
        if self._spelling is not None:
            fields["tokens"] = self._token_items(self._spelling, extra if isinstance(extra, dict) else {})
        if tells_spans:
            fields["spans"] = self._span_items()
        if record.relations:
            fields["relations"] = self._relation_items()
        if self._answer is not None:
            fields["answer"] = self._answer
        elif record.state is None:
            fields.update(kept_answer)
        own = {**self._heads(), **self._own} if self._details else self._own
        if own:
            fields["annotator"] = own
        return fields

    def _tells_spans(self) -> bool:
        # An accepted task without spans would say that there are none, which nobody said of a state unknown.
        record = self._record
        return bool(record.spans) or record.state is not None or self._kept.get("answer") != "accept"

    def _chosen_answer(self) -> str | None:
        """Give the answer that says the state; what is only half answered stays so."""
        record, kept = self._record, self._kept
        yes_or_no = kept.get("_is_binary") is True or kept.get("_view_id") == "ner"
        if record.state is State.DONE:
            if yes_or_no:
                kept["_is_binary"] = False
                kept["_view_id"] = VIEWS[0]
            return "accept"
        if record.state is State.SKIPPED:
            return "reject" if record.reason == REJECTED else "ignore"
        if record.state is State.IN_PROGRESS and yes_or_no and kept.get("answer") == "accept":
            return "accept"
        return None

    def _meta(self) -> dict[str, Any]:
        record = self._record
        meta = dict(record.metadata)
        if (
            not meta.keys().isdisjoint(("title", "language", "partial"))
            or meta.get("source") == record.source
        ):
            self._own["metadata"] = record.metadata
            meta.pop("partial", None)  # it means that a document is in progress, and nothing else
        if record.title and record.title != title_of(record.text):
            meta["title"] = record.title
        if record.language:
            meta["language"] = record.language
        if record.source and "source" not in meta:
            meta["source"] = record.source
        if record.state is State.IN_PROGRESS and self._answer is None:
            meta["partial"] = True
        return meta

    def _heads(self) -> dict[str, Any]:
        """Give what is known of the document and has no place in a task."""
        record = self._record
        own: dict[str, Any] = {
            name: value
            for name, value in (("id", record.id), ("source", record.source), ("note", record.note))
            if value
        }
        if not record.title and title_of(record.text):
            own["title"] = ""
        if record.state is not None:
            own["state"] = record.state.value
        if record.reason != IMPLIED_REASONS.get(self._answer or "", ""):
            own["reason"] = record.reason
        if record.part is not None:
            own["part"] = record.part.value
        if record.flagged:
            own["flagged"] = True
        others = {name: value for name, value in record.attributes.items() if name != NAME}
        if others:
            own["attributes"] = others
        tokens = record.tokens
        if tokens is not None and tokens.sentences:
            own["sentences"] = list(tokens.sentences)
        if tokens is not None and tokens.tokenizer != "source":
            own["tokenizer"] = tokens.tokenizer
        return own

    def _token_items(self, spelling: Spelling, extra: dict[str, Any]) -> list[dict[str, Any]]:
        text = self._record.text
        words = [text[start:end] for start, end in zip(spelling.starts, spelling.ends, strict=True)]
        places = zip(range(len(words)), words, spelling.starts, spelling.ends, spelling.spaces, strict=True)
        items: list[dict[str, Any]] = [
            {"text": word, "start": start, "end": end, "id": index, "ws": space}
            for index, word, start, end, space in places
        ]
        own = spelling.own if spelling.own is not None else range(len(items))
        if extra and self._tokens is not None and self._tokens.tokenizer == "source":
            for index, more in extra.items():
                if index.isdecimal() and int(index) < len(own):
                    items[own[int(index)]].update(dict(more))
        if self._record.tokens is not None and list(own) != without_blanks(words):
            self._own["tokens"] = list(own)
        return items

    def _span_items(self) -> list[dict[str, Any]]:
        items, own = [], []
        reach = 0
        for index, span in enumerate(self._record.spans):
            if len(span.fragments) > 1:
                self._counter.add(_DISCONTINUOUS, self._record, span)
                own.append({**self._own_item(span, span_fields(span)), "index": index})
                continue
            items.append(self._span_item(index, span))
            self.spans_written += is_accepted(span)
        for item in sorted(items, key=lambda item: int(item["start"])):
            if item["start"] < reach:
                self.view = max(self.view, 1)
            reach = max(reach, item["end"])
        if own:
            self._own["spans"] = own
        if not self._details:
            self._counter.add(_DETAILS, self._record)
        return items

    def _span_item(self, index: int, span: RecordSpan) -> dict[str, Any]:
        start, end = span.fragments[0]
        item: dict[str, Any] = {"start": start, "end": end}
        place = None if self._spelling is None else self._spelling.place(span.fragments)
        if place is not None:
            self._places[index] = place
            item["token_start"], item["token_end"] = place[0], place[1] - 1
        elif self._spelling is not None:
            self._counter.add(_OFF_BORDERS, self._record, span)
        item["label"] = span.label
        if self._record.relations:
            item["type"] = "span"
        self._add_facts(item, span)
        text = self._record.text
        if text[start].isspace() or text[end - 1].isspace():
            item.setdefault("annotator", {})["exact"] = True
        return item

    def _relation_items(self) -> list[dict[str, Any]]:
        items, own = [], []
        for index, relation in enumerate(self._record.relations):
            head, child = self._places.get(relation.head), self._places.get(relation.child)
            if head is None or child is None:
                self._counter.add(_LINKS, self._record, relation)
                fields = self._own_item(relation, relation_fields(relation))
                own.append({**fields, **self._own_ends(relation), "index": index})
                continue
            item: dict[str, Any] = {
                "head": head[1] - 1,
                "child": child[1] - 1,
                "head_span": self._end_item(relation.head, head),
                "child_span": self._end_item(relation.child, child),
                "label": relation.label,
            }
            self._add_facts(item, relation)
            items.append(item)
            self.view = 2
            self.relations_written += is_accepted(relation)
        if own:
            self._own["relations"] = own
        return items

    def _end_item(self, index: int, place: tuple[int, int]) -> dict[str, Any]:
        span = self._record.spans[index]
        start, end = span.fragments[0]
        return {
            "start": start,
            "end": end,
            "token_start": place[0],
            "token_end": place[1] - 1,
            "label": span.label,
        }

    def _own_ends(self, relation: RecordRelation) -> dict[str, Any]:
        ends = {"head": self._record.spans[relation.head], "child": self._record.spans[relation.child]}
        return {
            name: {"fragments": [list(each) for each in span.fragments], "label": span.label}
            for name, span in ends.items()
        }

    def _own_item(self, item: RecordSpan | RecordRelation, fields: dict[str, Any]) -> dict[str, Any]:
        if self._details:
            return fields
        wanted = {"fragments", "label", "rejected"} | (
            {"score", "suggester"} if is_candidate(item) else set()
        )
        return {name: value for name, value in fields.items() if name in wanted}

    def _add_facts(self, item: dict[str, Any], annotation: RecordSpan | RecordRelation) -> None:
        """Add id, other programs' fields, who decided, and an answer where it does not go without saying."""
        if is_bare(annotation) and not annotation.rejected and self._is_accepting:
            return
        if annotation.id and self._details:
            item["id"] = annotation.id
        item.update({name: value for name, value in _kept(annotation.attributes).items() if name not in item})
        candidate = is_candidate(annotation)
        details = detail_fields(annotation)
        details.pop("rejected", None)
        if candidate:
            if details.pop("score", None) is not None:
                item["score"] = annotation.score
            if details.pop("suggester", NAME) != NAME:
                item["source"] = annotation.suggester
        else:
            for name, value in self._by.items():
                if name in details and details[name] == value:
                    del details[name]
        others = {name: value for name, value in annotation.attributes.items() if name != NAME}
        details.pop("attributes", None)
        if others:
            details["attributes"] = others
        if details and self._details:
            item["annotator"] = details
        decided = "ignore" if candidate else "reject" if annotation.rejected else "accept"
        if decision(item, self._answer) != decided:
            item["answer"] = decided


def _kept(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of other programs that a Prodigy file once held."""
    kept = attributes.get(NAME)
    return dict(kept) if isinstance(kept, dict) else {}
