"""Reads Prodigy's JSONL: one task a line, with spans, relations, tokens and answers; `prodigy.py` writes it.

What an answer means here: *accept* is a finished document; *ignore* and *reject* are skipped ones, whose
spans are undecided or rejected, so that neither becomes a positive nor, by what it leaves out, a negative.
Without an answer nothing is known of the state, and spans count as given unless a score or a source shows that
a machine proposed them. An answer on a span outweighs the record's. An accepted record of a yes-or-no question
knows only its own spans: it is in progress. Hashes and all fields that are not known here are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from annotator.formats.base import (
    ReadOptions,
    Report,
    Reporter,
    file_name,
    is_candidate,
    shown,
)
from annotator.formats.collecting import is_usable_text
from annotator.formats.json_files import beginning_of, documents_of, values_by_line
from annotator.formats.jsonl import NotJsonError, kind_of, parse_line
from annotator.formats.offset_units import PLAIN
from annotator.formats.pattern_files import is_pattern_line
from annotator.formats.prodigy_annotations import ANSWERS, NAME, VIEWS, SourceTokens, TaskReading, decided_by
from annotator.formats.prodigy_versions import proposed_by
from annotator.formats.record_fields import (
    are_rising,
    are_sentences,
    are_tokens,
    are_whole,
    choice,
    items,
    mapping,
    texts,
)
from annotator.formats.text_files import opened
from annotator.model.document import Part, State, Tokens, title_of
from annotator.model.record import Record, RecordSpan
from annotator.model.wording import counted

REJECTED, IGNORED = "rejected", "ignored"
IMPLIED_REASONS = {"reject": REJECTED, "ignore": IGNORED}
"""Why a document was skipped, by its answer, where it says nothing else."""
OUR_FIELDS = frozenset({"text", "meta", "tokens", "spans", "relations", "answer", "annotator"})
"""Fields of a task that are read; all others are kept as they are."""
TOKEN_FIELDS = frozenset({"text", "start", "end", "id", "ws"})
_STATES = {
    "accept": (State.DONE, State.IN_PROGRESS),
    "reject": (State.SKIPPED,),
    "ignore": (State.SKIPPED,),
    None: (State.TODO, State.IN_PROGRESS),
}


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    options.found.offsets.add(PLAIN.told)
    with opened(path) as file:
        wrong = _wrong_file(beginning_of(file, options)[1])
        if wrong:
            reporter.refused(f"{name} {wrong}")
            return
        values = values_by_line(file, name=name, options=options, reporter=reporter)
        make = partial(made_of, options=options)
        yield from documents_of(values, make, path=path, options=options, reporter=reporter)


def _wrong_file(line: str) -> str:
    """Say what a file is whose first line shows that no line of it can be a document."""
    if line in ("{", "["):
        return "is JSON over several lines, not JSONL: each document needs a line of its own."
    try:
        task = parse_line(line)
    except NotJsonError:  # or cut off, being longer than is looked at
        return ""
    if is_pattern_line(task):
        return "is a file of patterns, which say what to look for; it holds no documents. Add it to the pattern lists."
    return ""


def made_of(task: object, reporter: Reporter, source: str, *, options: ReadOptions) -> Record | None:
    """Make a document of the value of a line; None and a report where it is none."""
    if not isinstance(task, dict):
        reporter.refused(f"This line is {kind_of(task)}, not an object; it was left out.")
        return None
    if "text" not in task:
        reporter.refused('This record has no "text"; it was left out.')
        return None
    text = task["text"]
    if not is_usable_text(text, reporter):
        return None
    own = task.get("annotator")
    own = own if isinstance(own, dict) else {}
    kept = {name: value for name, value in task.items() if name not in OUR_FIELDS}
    if kept.get("_view_id") in VIEWS:
        del kept["_view_id"]
    answer = _answer(task, kept, reporter)
    tokens = _tokens(task.get("tokens"), text, own, kept, reporter)
    reading = TaskReading(text, tokens, answer, reporter, decided_by(task))
    proposals = proposed_by(task.get("versions")) if "spans" not in task else ([], [])
    reading.add_spans(items(task, "spans", reporter) or proposals[0], items(own, "spans", reporter))
    spans_lost = reading.collector.refused or not isinstance(task.get("spans"), list | None)
    relations = items(task, "relations", reporter) or proposals[1]
    reading.add_relations(relations, items(own, "relations", reporter))
    meta = _meta(task, own, kept, reporter)
    state = _state(task, own, answer, reading.collector.spans, reporter)
    if state is State.DONE and spans_lost:
        state = State.IN_PROGRESS
        reporter.repaired("As spans were left out, the document counts as in progress, not as done.")
    if state in (State.IN_PROGRESS, None) and answer == "accept" and "state" not in own:
        kept["answer"] = answer
    partial = meta.pop("partial", None)
    if partial is not None and partial is not True:
        meta["partial"] = partial
    title, language = _text(meta, "title"), _text(meta, "language")
    others = mapping(own, "attributes", reporter)
    reason = IMPLIED_REASONS.get(answer or "", "")
    return Record(
        text=text,
        source=texts(own, "source", reporter) or source,
        id=texts(own, "id", reporter),
        title=texts(own, "title", reporter) if "title" in own else title or title_of(text),
        language=language or options.language,
        tokens=tokens.own,
        state=state,
        reason=texts(own, "reason", reporter) if "reason" in own else reason,
        part=choice(Part, own.get("part"), "part", reporter),
        flagged=own.get("flagged") is True,
        note=texts(own, "note", reporter),
        spans=tuple(reading.collector.spans),
        relations=tuple(reading.collector.relations),
        metadata=mapping(own, "metadata", reporter) if "metadata" in own else meta,
        attributes={**others, NAME: kept} if kept else others,
    )


def _answer(task: Mapping[str, Any], kept: dict[str, Any], reporter: Reporter) -> str | None:
    """Give a known answer or None; another one is kept so that it can be written back."""
    answer = task.get("answer")
    if answer in ANSWERS:
        return str(answer)
    if "answer" in task:
        kept["answer"] = answer
    if answer is not None:
        reporter.repaired(f"The answer {answer!r} is not known; the record counts as unanswered.")
    return None


def _meta(
    task: Mapping[str, Any], own: Mapping[str, Any], kept: dict[str, Any], reporter: Reporter
) -> dict[str, Any]:
    meta = task.get("meta")
    if meta is None:
        return {}
    if not isinstance(meta, dict):
        reporter.repaired(f'The field "meta" is {kind_of(meta)}, not an object; it was kept, but not read.')
        kept["meta"] = meta
        return {}
    if "source" in own and meta.get("source") == own["source"]:
        return {name: value for name, value in meta.items() if name != "source"}
    return dict(meta)


def _text(meta: dict[str, Any], name: str) -> str:
    """Take a text out of the metadata."""
    return meta.pop(name) if isinstance(meta.get(name), str) else ""


def _state(
    task: Mapping[str, Any],
    own: Mapping[str, Any],
    answer: str | None,
    spans: list[RecordSpan],
    reporter: Reporter,
) -> State | None:
    stored = choice(State, own.get("state"), "state", reporter)
    if stored in _STATES[answer]:
        return stored
    versions = task.get("versions")
    if isinstance(versions, list):
        many = counted(len(versions), "version")
        if "spans" not in task and spans:
            reporter.repaired(
                f"The record holds {many} for review and no result; what they hold became candidates."
            )
            return None
        if "spans" not in task:
            reporter.repaired(f"The record holds {many} for review, none of them with spans, and no result.")
            return None
        reporter.repaired(f"The record's own spans were read; its {many} for review were kept, but not read.")
    meta = task.get("meta")
    partial = isinstance(meta, dict) and meta.get("partial") is True
    if answer is None:
        return State.IN_PROGRESS if partial else None
    if answer != "accept":
        return State.SKIPPED
    if "spans" not in task and not task.keys().isdisjoint(("label", "options", "accept")):
        reporter.repaired(
            "The record answers a question about categories, not about spans; its state is open."
        )
        return None
    each_answered = not own and any(
        "answer" in item for item in task.get("spans") or () if isinstance(item, dict)
    )
    yes_or_no = task.get("_is_binary") is True or task.get("_view_id") == "ner" or each_answered
    return State.IN_PROGRESS if partial or yes_or_no or any(map(is_candidate, spans)) else State.DONE


def _tokens(
    value: Any, text: str, own: Mapping[str, Any], kept: dict[str, Any], reporter: Reporter
) -> SourceTokens:
    none = SourceTokens([], [], None)
    if value is None or value == []:
        return none
    try:
        starts, ends, words = ([token[name] for token in value] for name in ("start", "end", "text"))
        fits = are_whole(starts) and are_whole(ends) and are_tokens(Tokens(starts, ends), text)
        fits = fits and [text[start:end] for start, end in zip(starts, ends, strict=True)] == words
    except (TypeError, KeyError, IndexError):  # no list of objects with these fields
        fits = False
    if not fits:
        reporter.repaired("The tokens of this record do not rebuild its text; they were left out.")
        return none
    picked = own.get("tokens")
    if not are_rising(picked) or (picked and picked[-1] >= len(starts)):
        # Blanks are what lies between tokens: no span begins or ends with one.
        picked = without_blanks(words)
    if not TOKEN_FIELDS.issuperset(set().union(*value)):
        more = ((str(new), _others(value[old])) for new, old in enumerate(picked))
        if extra := {index: fields for index, fields in more if fields}:
            kept["tokens"] = extra
    tokens = Tokens(starts, ends)
    if len(picked) < len(starts):
        tokens = Tokens([starts[index] for index in picked], [ends[index] for index in picked])
        fits = are_tokens(tokens, text)
    sentences, tokenizer = own.get("sentences", []), own.get("tokenizer", "source")
    if (
        fits
        and are_rising(sentences)
        and are_sentences(sentences, len(tokens))
        and isinstance(tokenizer, str)
    ):
        tokens = Tokens(tokens.starts, tokens.ends, sentences, tokenizer)
    return SourceTokens(starts, ends, tokens)


def without_blanks(words: Sequence[str]) -> list[int]:
    """Give the indexes of the tokens that are no blanks."""
    indexes = list(range(len(words)))
    return (
        [index for index in indexes if not words[index].isspace()]
        if any(map(str.isspace, words))
        else indexes
    )


def _others(token: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of a token that are not read, to be kept."""
    return {name: it for name, it in token.items() if name not in TOKEN_FIELDS and it is not False}


_KEY = rb'"%s"\s*:'
_MARKS = tuple(
    re.compile(_KEY % key)
    for key in (
        b"spans",
        b"tokens",
        b"answer",
        b"_input_hash",
        b"_task_hash",
        b"_view_id",
        b"relations",
        b"meta",
    )
)
_TEXT, _PATTERN = re.compile(_KEY % b"text"), re.compile(_KEY % b"pattern")


def sniff(head: bytes, path: Path) -> float:
    """Tell by the keys of the first line that begins an object, or by the suffix."""
    lines = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").split(b"\n")
    line = next((line.strip() for line in lines if line.strip().startswith(b"{")), b"")
    is_named = path.name.lower().endswith((".jsonl", ".ndjson"))
    if _TEXT.search(line):
        return 0.8 if any(mark.search(line) for mark in _MARKS) else 0.6
    if _PATTERN.search(line):
        return 0.6
    return 0.3 if is_named else 0.0
