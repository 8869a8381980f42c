"""Label Studio's JSON: the format, and its writer. Reading is in `label_studio_reading.py`.

The file is one array of tasks, as Label Studio exports and imports them. What people decided is an annotation; the
candidates of a document in which nobody has decided anything are a prediction. What a task has no place for travels
under `meta`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from annotator.formats.base import Format, ReadOptions, WriteContext, is_accepted, is_candidate, option, shown
from annotator.formats.holding import NOTES, Holding, Keeper, keeps_by, losses_by
from annotator.formats.label_studio_reading import MADE, NAME, OWN, UNKNOWN, made_of, read, sniff
from annotator.formats.ledger import Proof
from annotator.formats.offset_units import Counting, OffsetOptions, Unit
from annotator.formats.whole_files import write_compared
from annotator.model.document import State, title_of
from annotator.model.offsets import Utf16Map
from annotator.model.record import Record, RecordRelation, RecordSpan

HOLDING = Holding(
    document=frozenset(
        {"id", "source", "title", "language", "state", "reason", "part", "flagged", "note", "metadata"}
    ),
    item=frozenset({"note", "score", "suggester"}),
    relations=True,
    candidates=True,
    own=NAME,
    reserved=frozenset({"text"}),
)
_MESSAGES = {NOTES: ("note or flag/notes or flags", "{what} of spans or relations left out.")}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelStudioOptions:
    """How Label Studio's JSON is written."""

    offsets: str = option(
        default=Unit.CODE_POINTS.value,
        title="Offsets",
        about="What offsets count; Label Studio's own exports count code points.",
        choices=(Unit.CODE_POINTS.value, Unit.UTF16.value),
    )


class _Keeper(Keeper):
    """Keeps candidates only where nobody has decided: beside an annotation a prediction is an old guess."""

    def holds_candidates(self, record: Record) -> bool:
        """Tell whether the candidates of a record have a place."""
        is_open = record.state not in (State.DONE, State.SKIPPED)
        items: list[RecordSpan | RecordRelation] = [*record.spans, *record.relations]
        return is_open and not any(map(is_accepted, items))


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as tasks."""
    options = context.options if isinstance(context.options, LabelStudioOptions) else LabelStudioOptions()
    keeper, counting = _Keeper(HOLDING, _MESSAGES), Counting(Unit(options.offsets))
    proof = Proof(shown(path), partial(made_of, options=ReadOptions(), counting=counting))

    def put(file: BinaryIO) -> None:
        before = b"[\n"
        for number, record in enumerate(records, start=1):
            kept = keeper.keep(record)
            assert kept is not None, "documents in any state are held"
            file.write(before + proof.line(_Task(kept, number, counting).fields(), kept).rstrip(b"\n"))
            before = b",\n"
            context.written.add(kept)
        file.write(b"\n]\n" if before == b",\n" else b"[]\n")

    write_compared(path, put)


class _Task:
    """Makes the fields of one task."""

    def __init__(self, record: Record, number: int, counting: Counting) -> None:
        self._record = record
        self._number = number
        self._kept = _fields(record.attributes)
        self._units = Utf16Map(record.text) if counting.unit is Unit.UTF16 else None

    def fields(self) -> dict[str, Any]:
        """Give the task."""
        record = self._record
        kept = {name: value for name, value in self._kept.items() if name not in ("data", "predictions")}
        others, results, meta = (
            kept.pop("annotations", None),
            kept.pop("result", None),
            kept.pop("meta", None),
        )
        task: dict[str, Any] = {"id": kept.pop("id")} if "id" in kept else {}
        task.update({"data": {"text": record.text, **record.metadata}, "annotations": [], "predictions": []})
        regions = [*self._regions(), *(results if isinstance(results, list) else [])]
        proposed = next((span for span in record.spans if is_candidate(span)), None)
        is_open = record.state in (None, State.TODO) and not regions
        if proposed is not None:
            task["predictions"] = [{"model_version": proposed.suggester or OWN, "result": regions}]
        elif not is_open:
            task["annotations"] = [
                {
                    "id": self._number,
                    "was_cancelled": record.state is State.SKIPPED,
                    "ground_truth": bool(others),
                    "result": regions,
                }
            ]
        task["annotations"] += others if isinstance(others, list) else []
        own = self._own(is_open=is_open or proposed is not None)
        task["meta"] = {**(meta if isinstance(meta, dict) else {}), **({OWN: own} if own else {})}
        return {**({name: value for name, value in task.items() if name != "meta" or value}), **kept}

    def _own(self, *, is_open: bool) -> dict[str, Any]:
        record = self._record
        state = "" if record.state is None else record.state.value
        own: dict[str, Any] = {
            "id": record.id,
            "source": record.source,
            "language": record.language,
            "title": record.title if record.title != title_of(record.text) else "",
            "note": record.note,
            "reason": record.reason,
            "state": state or ("" if is_open else UNKNOWN),
            "part": "" if record.part is None else record.part.value,
            "flagged": record.flagged,
        }
        return {name: value for name, value in own.items() if value}

    def _regions(self) -> list[dict[str, Any]]:
        record = self._record
        ids = self._ids()
        model = next((span.suggester for span in record.spans if is_candidate(span)), "") or OWN
        found = [self._region(span, ids[index], model) for index, span in enumerate(record.spans)]
        joined: dict[tuple[Any, ...], dict[str, Any]] = {}
        for relation in record.relations:
            key = (relation.head, relation.child, relation.note, relation.score, relation.suggester)
            there = joined.get(key)
            if there is not None:  # Label Studio takes one relation a pair, with several labels
                there["labels"].append(relation.label)
                continue
            joined[key] = {
                "type": "relation",
                "from_id": ids[relation.head],
                "to_id": ids[relation.child],
                "direction": "right",
                "labels": [relation.label],
                **_details(relation, model),
            }
        return [*found, *joined.values()]

    def _ids(self) -> list[str]:
        """Give every region the id it came with, or one for this file where that is missing or stands twice."""
        found: list[str] = []
        for index, span in enumerate(self._record.spans):
            own = _fields(span.attributes).get("id")
            is_free = isinstance(own, str) and own and own not in found
            found.append(str(own) if is_free else f"{MADE}{index}")
        return found

    def _region(self, span: RecordSpan, identity: str, model: str) -> dict[str, Any]:
        start, end = span.fragments[0]
        places = (start, end)
        if self._units is not None:
            places = (self._units.to_utf16(start), self._units.to_utf16(end))
        kept = {
            name: value for name, value in _fields(span.attributes).items() if name in ("parentID", "origin")
        }
        return {
            "id": identity,
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": places[0],
                "end": places[1],
                "text": self._record.text[start:end],
                "labels": [span.label],
            },
            **kept,
            **_details(span, model),
        }


def _details(item: RecordSpan | RecordRelation, model: str) -> dict[str, Any]:
    told: dict[str, Any] = {"meta": {"text": [item.note]}} if item.note else {}
    if is_candidate(item):
        told |= {"suggester": item.suggester} if item.suggester != model else {}
        told |= {} if item.score is None else {"score": item.score}
    return told


def _fields(attributes: Any) -> dict[str, Any]:
    own = attributes.get(NAME)
    return dict(own) if isinstance(own, dict) else {}


FORMAT = Format(
    name="label-studio",
    title="Label Studio JSON",
    suffixes=(".ls.json",),
    sniff=sniff,
    read=read,
    write=write,
    options=LabelStudioOptions,
    read_options=OffsetOptions,
    losses=losses_by(lambda _options, _schema: _Keeper(HOLDING, _MESSAGES)),
    keeps=keeps_by(lambda _options, _schema: _Keeper(HOLDING, _MESSAGES)),
)
