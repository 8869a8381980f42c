"""Makes records for the tests of formats: by hand from marked-up text, and at random for properties."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

from annotator.formats import Format, ReadOptions, WriteContext, detect, sources_in
from annotator.formats.base import everything
from annotator.model.annotation import Fragment, How, fragments_of
from annotator.model.document import Part, State, Tokens, title_of
from annotator.model.record import Problem, Record, RecordRelation, RecordSpan
from annotator.model.schema import RelationType, Schema

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Data that some machines have beside the checkout; tests that want it are skipped elsewhere."""
SCHEMA = Schema(relations=(RelationType(name="KNOWS", symmetric=True), RelationType(name="IN")))

WHEELS = {"parquet": "pyarrow", "excel": "openpyxl"}
"""Formats that need a wheel of the extra `tables`."""


def is_here(found: Format) -> bool:
    """Tell whether this installation has what a format needs."""
    return found.name not in WHEELS or importlib.util.find_spec(WHEELS[found.name]) is not None


#: Words that a reader or writer may stumble over; none begins with a sign that joins the one before it.
WORDS = (
    "Ada",
    "naïve",
    "x-y",
    "'s",
    "日本",
    "محمد",
    "שלום",
    "e\u0301te\u0301",
    "👩🏽\u200d🚀",
    "👨\u200d👩\u200d👧",
    "🏴\U000e0067\U000e0062\U000e007f",
    "𝒜nn",
    "हिन्दी",
    "nul\0in",
    "\u200eend\u200f",
    '"quoted"',
    "back\\slash",
    "-DOCSTART-",
    "#",
    "=1+1",
    "B-PER",
    "(e1-PER)",
    "_x000D_",
    "a|b,c;d",
    "\ufeff",
)
GAPS = ("", " ", " ", " ", "  ", "\n", "\r\n", "\t", " \n ", "\u2028", "\u00a0", "\x85", "   ")
LABELS = ("PERSON", "GPE", "creative-work", "Rolle 2", "ŁABEL", "O", "a|b(%)", "B-x")


def words_in(text: str) -> Tokens:
    """Cut a text at blanks."""
    starts, ends, at = [], [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        starts.append(start)
        ends.append(at)
    return Tokens(starts, ends)


def a_span(text: str, words: str, label: str = "PERSON", **more: Any) -> RecordSpan:
    """Make a span of the first place of some words."""
    start = text.index(words)
    return RecordSpan(fragments=(Fragment(start, start + len(words)),), label=label, **more)


def a_record(text: str, *spans: RecordSpan, **more: Any) -> Record:
    """Make a finished record with tokens."""
    facts: dict[str, Any] = {
        "source": "a.txt",
        "title": "A title",
        "state": State.DONE,
        "tokens": words_in(text),
    }
    return Record(text=text, spans=spans, **{**facts, **more})


def read_all(
    found: Format, path: Path, options: ReadOptions | None = None
) -> tuple[list[Record], list[Problem]]:
    """Read a file to its end; give the records, and what was refused or repaired."""
    problems: list[Problem] = []
    assert found.read is not None
    paths = [path]
    if path.is_dir() and found.folder_of:
        # A text may look like anything, so that it must be said to be one.
        paths = [each for each in sources_in(path) if found.name == "text" or detect(each) is found]
        options = dataclasses.replace(options or found.read_options(), root=path)
    records = [
        record
        for each in paths
        for record in found.read(each, options or found.read_options(), problems.append)
    ]
    return records, problems


def write_all(
    found: Format,
    path: Path,
    records: Iterable[Record],
    options: object = None,
    schema: Schema = SCHEMA,
) -> WriteContext:
    """Write records and give the context with its counts."""
    context = WriteContext(schema=schema, options=options or found.options())
    assert found.write is not None
    found.write(path, records, context)
    return context


def read_back(found: Format, path: Path, options: object = None) -> tuple[list[Record], list[Problem]]:
    """Read what was written, told what the writer was told."""
    options = options or found.options()
    names = {each.name for each in dataclasses.fields(found.read_options)} - {"language", "encoding", "root"}
    told = {name: getattr(options, name) for name in names if hasattr(options, name)}
    return read_all(found, path, found.read_options(**told))


def held(found: Format, record: Record, options: object = None) -> Record:
    """Give what a file of a format holds of a record, with tokens as lists."""
    kept = found.keeps(record, options or found.options(), SCHEMA)
    assert kept is not None, "the record has a place"
    if found.keeps is not everything and not kept.title:
        kept = dataclasses.replace(kept, title=title_of(kept.text))
    if found.folder_of:  # files of their own kind number everything
        kept = dataclasses.replace(
            kept,
            spans=tuple(_without_id(each, found.name) for each in kept.spans),
            relations=tuple(_without_id(each, found.name) for each in kept.relations),
        )
    if found.keeps is not everything:  # relations have no order of their own in most files
        relations = sorted(kept.relations, key=lambda each: (each.head, each.child, each.label))
        kept = dataclasses.replace(kept, relations=tuple(relations))
    if found.keeps is not everything and not kept.relations:  # then nothing counts the spans
        kept = dataclasses.replace(
            kept,
            spans=tuple(sorted(kept.spans, key=lambda each: (each.fragments, each.label, each.rejected))),
        )
    return comparable(kept)


_Item = TypeVar("_Item", RecordSpan, RecordRelation)


def _without_id(item: _Item, name: str) -> _Item:
    own = {key: value for key, value in item.attributes.get(name, {}).items() if key != "id"}
    others = {key: value for key, value in item.attributes.items() if key != name}
    return dataclasses.replace(item, attributes={**others, name: own} if own else others)


def lines(path: Path, *tasks: object) -> Path:
    """Write JSONL by hand; strings go in as they are."""
    content = "".join((task if isinstance(task, str) else json.dumps(task)) + "\n" for task in tasks)
    path.write_text(content, encoding="utf-8", newline="")
    return path


def comparable(record: Record) -> Record:
    """Give a record with tokens as lists, so that two are equal if they say the same."""
    if record.tokens is None:
        return record
    tokens = record.tokens
    plain = Tokens(list(tokens.starts), list(tokens.ends), list(tokens.sentences), tokens.tokenizer)
    return dataclasses.replace(record, tokens=plain)


def refused(problems: Sequence[Problem]) -> list[tuple[int, str]]:
    """Give line and message of what was refused."""
    return [(problem.line, problem.message) for problem in problems if problem.refused]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8) | st.floats(0, 1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_NOTES = st.sampled_from(("", "a note", "Zeile 1\nZeile 2 “…”"))


@st.composite
def details(draw: st.DrawFn, *, decided_only: bool = False) -> dict[str, Any]:
    """Draw what is known of a span or relation beside its place and label."""
    kind = draw(st.sampled_from(("accepted", "accepted", "rejected", "candidate")))
    facts: dict[str, Any] = {"note": draw(_NOTES), "flagged": draw(st.booleans())}
    if kind == "candidate" and not decided_only:
        facts["suggester"] = draw(st.sampled_from(("en_core_web_sm", "patterns", "prodigy")))
        facts["score"] = draw(st.none() | st.floats(0, 1))
        return facts
    facts["rejected"] = kind == "rejected"
    facts["annotator"] = draw(st.sampled_from(("", "Ada")))
    if facts["annotator"]:
        facts["how"] = draw(st.none() | st.sampled_from(How))
        facts["score"] = draw(st.none() | st.floats(0, 1))
    facts["at"] = draw(st.none() | st.floats(0, 2e9))
    facts["attributes"] = draw(st.just({}) | st.fixed_dictionaries({"brat": _JSON}))
    return facts


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, Tokens]:
    """Draw a text with its tokens, and sometimes sentences."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
    text = draw(st.sampled_from(("", "", " ", "\n\n")))
    starts, ends = [], []
    for word in words:
        starts.append(len(text))
        text += word
        ends.append(len(text))
        text += draw(st.sampled_from(GAPS))
    sentences = sorted({0, *draw(st.lists(st.integers(0, len(words) - 1), max_size=2))})
    tokenizer = draw(st.sampled_from(("source", "rules 3.8 1234abcd")))
    return text, Tokens(starts, ends, draw(st.sampled_from(([], sentences))), tokenizer)


def _with_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch by a blank at each end, where one is there that is no half of a line end."""
    first = start - 1 if start and text[start - 1] in " \t\u00a0" else start
    return first, end + 1 if text[end : end + 1] in (" ", "\t", "\u00a0", "\x85") else end


@st.composite
def records(draw: st.DrawFn, *, decided_only: bool = False) -> Record:
    """Draw a record: nested, crossing and discontinuous spans, on and off token borders, relations, states."""
    text, tokens = draw(texts())
    last = len(tokens) - 1
    spans: dict[tuple[Any, ...], RecordSpan] = {}
    for number in range(draw(st.integers(0, 6))):
        pairs = []
        for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
            first = draw(st.integers(0, last))
            pairs.append((tokens.starts[first], tokens.ends[draw(st.integers(first, min(last, first + 3)))]))
        if (
            len(pairs) == 1
            and text[pairs[0][0] : pairs[0][0] + 2].isascii()
            and draw(st.sampled_from((False, False, True)))
        ):
            pairs = [(pairs[0][0], pairs[0][0] + 1)]
        if len(pairs) == 1 and draw(st.integers(0, 4)) == 0:
            pairs = [_with_blanks(text, *pairs[0])]
        span = RecordSpan(
            fragments=fragments_of(*pairs),
            label=draw(st.sampled_from(LABELS)),
            id=draw(st.sampled_from(("", f"id-{number}"))),
            **draw(details(decided_only=decided_only)),
        )
        spans.setdefault((span.fragments, span.label), span)
    relations: dict[tuple[int, int, str], RecordRelation] = {}
    for _ in range(draw(st.integers(0, 4)) if len(spans) > 1 else 0):
        head, child = draw(st.permutations(range(len(spans))))[:2]
        label = draw(st.sampled_from(("KNOWS", "IN", "OTHER")))
        facts = draw(details(decided_only=decided_only))
        relations.setdefault(
            (head, child, label), RecordRelation(head=head, child=child, label=label, **facts)
        )
    return Record(
        text=text,
        source=draw(st.sampled_from(("a.txt", "folder/b c.txt", "日.jsonl:3"))),
        id=draw(st.sampled_from(("", "0190-x"))),
        title=draw(st.sampled_from(("", "A title", "Über “alles”"))),
        language=draw(st.sampled_from(("", "en", "ar"))),
        tokens=tokens,
        state=draw(st.none() | st.sampled_from(State)),
        reason=draw(st.sampled_from(("", "too long", "rejected", "ignored"))),
        part=draw(st.none() | st.sampled_from(Part)),
        flagged=draw(st.booleans()),
        note=draw(_NOTES),
        spans=tuple(spans.values()),
        relations=tuple(relations.values()),
        metadata=draw(st.dictionaries(st.sampled_from(("date", "source", "title", "partial", "n")), _JSON)),
        attributes=draw(st.just({}) | st.fixed_dictionaries({"label_studio": _JSON})),
    )
