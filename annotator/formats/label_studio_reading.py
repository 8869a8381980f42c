"""Reads Label Studio's JSON: exports with annotations or predictions, older ones with completions, and JSON_MIN.

A task is a document. Of several annotations one is read: the ground truth, else the newest that was not cancelled; the
others are kept as they are. Predictions become candidates where nobody has annotated. Regions that are no labelled text
(choices, ratings, rectangles) are kept and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from annotator.formats.base import ReadOptions, Report, Reporter, file_name, shown
from annotator.formats.collecting import Collector, is_usable_text
from annotator.formats.json_files import counting_of, documents_of, values_of
from annotator.formats.jsonl import is_whole, kind_of
from annotator.formats.offset_units import Counting, Places, Unit, Votes
from annotator.formats.record_fields import choice
from annotator.formats.text_files import opened
from annotator.model.document import Part, State, title_of
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.wording import counted

NAME = "label_studio"
OWN = "annotator"
"""The key under a task's `meta` where this program keeps what Label Studio has no place for."""
MADE = "annotator-"
"""How ids of regions begin that were made for a file only."""
UNKNOWN = "unknown"
"""Said of a state where an annotation stands of which nobody knows whether it is finished."""
UNNAMED = "relation"
"""Label of relations that have none."""
CANCELLED = "cancelled"
"""Reason of documents whose annotation was cancelled."""
_WAYS = (Counting(), Counting(Unit.UTF16))
_TASK = re.compile(rb'"(?:annotations|completions|predictions)"\s*:\s*\[')
_DATA = re.compile(rb'"data"\s*:\s*\{')
_REGION = re.compile(rb'"(?:hypertext)?labels"\s*:\s*\[')
_START = re.compile(rb'"start"\s*:\s*\d')
_URL = re.compile(r"(?:https?|s3|gs|file)://\S+|/data/\S+")
_TASK_FIELDS = frozenset({"data", "annotations", "completions", "predictions"})


def sniff(head: bytes, path: Path) -> float:
    """Tell by tasks with data and annotations, or by labels that are objects with places."""
    del path
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip()
    if not start.startswith((b"{", b"[")):
        return 0.0
    if _DATA.search(start) and (_TASK.search(start) or _REGION.search(start)):
        return 0.95
    is_min = b'"label"' in start and _REGION.search(start) and _START.search(start)
    return 0.9 if is_min else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    with opened(path) as file:
        counting = counting_of(file, _vote, name=name, options=options, reporter=reporter, ways=_WAYS)
        values = values_of(file, name=name, options=options, reporter=reporter)
        make = partial(made_of, options=options, counting=counting)
        yield from documents_of(values, make, path=path, options=options, reporter=reporter)


def _vote(value: object, votes: Votes) -> None:
    if not isinstance(value, dict):
        return
    text = _text_of(value)
    if not isinstance(text, str) or text.isascii():
        return
    places = []
    for region in _all_regions(value):
        inner = region.get("value")
        if isinstance(inner, dict) and is_whole(inner.get("start")) and is_whole(inner.get("end")):
            words = inner.get("text")
            places.append((inner["start"], inner["end"], words if isinstance(words, str) else None))
    votes.add(text, places)


def _all_regions(task: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for result in (*_answers(task), *_list(task.get("predictions"))):
        if isinstance(result, dict):
            yield from (each for each in _list(result.get("result")) if isinstance(each, dict))
    yield from ({"value": each} for each in _list(task.get("label")) if isinstance(each, dict))


def _answers(task: Mapping[str, Any]) -> list[Any]:
    return _list(task.get("annotations")) or _list(task.get("completions"))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text_of(task: Mapping[str, Any]) -> object:
    """Give the text of a task: its field of that name, else the only or longest text of its data."""
    data = task.get("data")
    data = data if isinstance(data, dict) else task
    if "text" in data:
        return data["text"]
    texts = [each for name, each in data.items() if isinstance(each, str) and name not in ("html", "id")]
    return max(texts, key=len, default=None)


def made_of(
    task: object, reporter: Reporter, source: str, *, options: ReadOptions, counting: Counting
) -> Record | None:
    """Make a document of a task; None and a report where it is none."""
    if not isinstance(task, dict):
        reporter.refused(f"This is {kind_of(task)}, not a task; it was left out.")
        return None
    identity = task.get("id")
    reporter = reporter if identity is None else reporter.at(line=reporter.line, record=str(identity))
    text = _text_of(task)
    why = _why_no_text(task, text)
    if why:
        reporter.refused(f"This task {why}; it was left out.")
        return None
    if not is_usable_text(text, reporter):
        return None
    reading = _Reading(text, counting, reporter)
    answer, kept = _chosen(task, reporter)
    if isinstance(task.get("label"), list) and not answer:
        reading.take([_region_of_min(item, number) for number, item in enumerate(task["label"])])
        answer = {"result": task["label"]}
    elif answer:
        reading.take(_list(answer.get("result")))
    else:
        _take_predictions(task, reading)
    own = _own(task)
    state = _state(own, answer, reading, reporter)
    return Record(
        text=text,
        source=_words(own, "source") or source,
        id=_words(own, "id"),
        title=_words(own, "title") or title_of(text),
        language=_words(own, "language") or options.language,
        state=state,
        reason=_words(own, "reason") or (CANCELLED if state is State.SKIPPED and not own else ""),
        part=choice(Part, own.get("part"), "part", reporter),
        flagged=own.get("flagged") is True,
        note=_words(own, "note"),
        spans=tuple(reading.collector.spans),
        relations=tuple(reading.collector.relations),
        metadata=_metadata(task, text),
        attributes=_attributes(task, kept, reading),
    )


def _why_no_text(task: Mapping[str, Any], text: object) -> str:
    data = task.get("data")
    if isinstance(text, str) and _URL.fullmatch(text.strip()):
        return f"only says where its text is ({text.strip()[:60]})"
    if text is None and isinstance(data, dict) and isinstance(data.get("html"), str):
        return "is HTML; its places count within that, not within a text"
    if text is None:
        return "has no text"
    return ""


def _chosen(task: Mapping[str, Any], reporter: Reporter) -> tuple[Mapping[str, Any], list[Any]]:
    """Give the annotation that is read, empty if there is none, and those that are only kept."""
    answers = _answers(task)
    usable = [each for each in answers if isinstance(each, dict) and not each.get("was_cancelled")]
    if not usable:
        cancelled = next((each for each in answers if isinstance(each, dict)), {})
        return cancelled, answers[1:]
    best = next((each for each in usable if each.get("ground_truth")), None)
    if best is None:
        best = max(usable, key=lambda each: str(each.get("updated_at") or each.get("created_at") or ""))
        if not best.get("updated_at") and not best.get("created_at"):
            best = usable[-1]
    if len(answers) > 1:
        which = f"number {best['id']}" if "id" in best else "one of them"
        why = (
            "it is the ground truth"
            if best.get("ground_truth")
            else "it is the newest that was not cancelled"
        )
        reporter.repaired(
            f"The task has {counted(len(answers), 'annotation')}; {which} was read, as {why}. The others were kept."
        )
    return best, [each for each in answers if each is not best]


def _state(
    own: Mapping[str, Any], answer: Mapping[str, Any], reading: _Reading, reporter: Reporter
) -> State | None:
    if own.get("state") == UNKNOWN:
        return None
    told = choice(State, own.get("state"), "state", reporter)
    if told is not None:
        return told
    if not answer:
        return None
    if answer.get("was_cancelled"):
        return State.SKIPPED
    if reading.collector.refused:
        reporter.repaired("As regions were left out, the document counts as in progress, not as done.")
        return State.IN_PROGRESS
    return State.DONE


def _own(task: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = task.get("meta")
    own = meta.get(OWN) if isinstance(meta, dict) else None
    return own if isinstance(own, dict) else {}


def _words(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _metadata(task: Mapping[str, Any], text: str) -> dict[str, Any]:
    data = task.get("data")
    if not isinstance(data, dict):
        return {}
    named = next((name for name in ("text", *data) if data.get(name) == text), "text")
    return {name: value for name, value in data.items() if name != named}


def _attributes(task: Mapping[str, Any], kept: list[Any], reading: _Reading) -> dict[str, Any]:
    fields = {name: value for name, value in task.items() if name not in _TASK_FIELDS}
    if not isinstance(task.get("data"), dict):
        fields = {name: value for name, value in fields.items() if name not in ("text", "label")}
    meta = fields.get("meta")
    if isinstance(meta, dict) and OWN in meta:
        rest = {name: value for name, value in meta.items() if name != OWN}
        fields = {**fields, "meta": rest} if rest else {n: v for n, v in fields.items() if n != "meta"}
    if kept:
        fields["annotations"] = kept
    if reading.others:
        fields["result"] = reading.others
    return {NAME: fields} if fields else {}


def _region_of_min(item: object, number: int) -> object:
    if not isinstance(item, dict):
        return item
    return {"type": "labels", "id": item.get("id", f"min {number}"), "value": item}


def _take_predictions(task: Mapping[str, Any], reading: _Reading) -> None:
    for prediction in _list(task.get("predictions")):
        if isinstance(prediction, dict):
            model = prediction.get("model_version")
            reading.suggester = model if isinstance(model, str) and model else "Label Studio"
            reading.score = _score(prediction.get("score"))
            reading.take(_list(prediction.get("result")))


def _score(value: object) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return float(value) if good and isinstance(value, int | float) else None


class _Reading:
    """Collects the regions of one task."""

    def __init__(self, text: str, counting: Counting, reporter: Reporter) -> None:
        self.collector = Collector(text, reporter)
        self.others: list[Any] = []
        self.suggester = ""
        self.score: float | None = None
        self._places = Places(text)
        self._counting = counting
        self._reporter = reporter

    def take(self, regions: Sequence[object]) -> None:
        """Take the regions of an annotation or a prediction: spans first, since relations name them."""
        by_id: dict[str, list[int]] = {}
        kinds: dict[str, int] = {}
        relations = []
        for number, region in enumerate(regions, start=1):
            name = f"Region {number}"
            if not isinstance(region, dict):
                self.collector.refuse(name, f"it is {kind_of(region)}, not an object.")
            elif region.get("type") == "relation":
                relations.append((name, region))
            elif isinstance(_labels_of(region), list) and "start" in _value_of(region):
                by_id.setdefault(str(region.get("id")), []).extend(self._spans(region, name))
            else:
                kinds[str(region.get("type"))] = kinds.get(str(region.get("type")), 0) + 1
                self.others.append(region)
        for name, region in relations:
            self._relations(region, name, by_id)
        for kind, count in kinds.items():
            verb = "is" if count == 1 else "are"
            what = f"{counted(count, 'region')} of type {kind} {verb} no labelled text"
            self._reporter.repaired(f"{what}; kept, but not read.")

    def _spans(self, region: Mapping[str, Any], name: str) -> list[int]:
        value = _value_of(region)
        labels = _labels_of(region)
        start, end = value.get("start"), value.get("end")
        if isinstance(start, str) or isinstance(end, str):
            self.collector.refuse(name, "its places count within HTML, not within a text.")
            return []
        if not labels:
            self.collector.refuse(name, "it has no label.")
            return []
        if is_whole(start) and is_whole(end):
            pair = self._places.pair(start, end, self._counting)
            if pair is None:
                self.collector.refuse(name, f"{start} to {end} does not lie in this text.")
                return []
            start, end = pair
        fragments = self.collector.stretch(start, end, name)
        if fragments is None or self.collector.disagrees(fragments, value.get("text"), name):
            return []
        facts = self._facts(region)
        checked = [self.collector.label(label, name) for label in labels]
        return [
            self.collector.add_span(RecordSpan(fragments=fragments, label=label, **facts), name)
            for label in checked
            if label is not None
        ]

    def _relations(self, region: Mapping[str, Any], name: str, by_id: Mapping[str, list[int]]) -> None:
        heads, children = (by_id.get(str(region.get(key)), []) for key in ("from_id", "to_id"))
        if not heads or not children:
            missing = "from_id" if not heads else "to_id"
            self.collector.refuse(name, f"its {missing} {region.get(missing)!r} is no region that was read.")
            return
        labels = _list(region.get("labels")) or [UNNAMED]
        if not region.get("labels"):
            self._reporter.repaired(f"{name} is a relation without a label; it was called {UNNAMED}.")
        head, child = heads[0], children[0]
        direction = region.get("direction")
        ends = [(child, head)] if direction == "left" else [(head, child)]
        if direction == "bi":
            ends.append((child, head))
        facts = {name: value for name, value in self._facts(region).items() if name != "attributes"}
        for label in labels:
            checked = self.collector.label(label, name)
            for first, second in ends if checked is not None else ():
                self.collector.add_relation(
                    RecordRelation(head=first, child=second, label=checked or "", **facts), name
                )

    def _facts(self, region: Mapping[str, Any]) -> dict[str, Any]:
        meta = region.get("meta")
        told = meta.get("text") if isinstance(meta, dict) else None
        lines = told if isinstance(told, list) else [told]
        facts: dict[str, Any] = {"note": "\n".join(each for each in lines if isinstance(each, str))}
        own = {name: region[name] for name in ("id", "parentID", "origin") if name in region}
        if str(own.get("id", "")).startswith(MADE):
            del own["id"]
        if own:
            facts["attributes"] = {NAME: own}
        if self.suggester:
            score = _score(region.get("score"))
            told = region.get("suggester")
            facts["suggester"] = told if isinstance(told, str) else self.suggester
            facts["score"] = self.score if score is None else score
        return facts


def _value_of(region: Mapping[str, Any]) -> Mapping[str, Any]:
    value = region.get("value")
    return value if isinstance(value, dict) else {}


def _labels_of(region: Mapping[str, Any]) -> Any:
    value = _value_of(region)
    return value.get("labels", value.get("hypertextlabels"))
