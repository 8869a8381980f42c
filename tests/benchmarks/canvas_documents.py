"""Makes the documents on which the article view is measured, each in a project file of its own; the same at every run.

    article     a news article of the samples (some 440 words) with its gold annotation, half of it still to decide
    big         1.0 MB in 4,700 paragraphs, 10,000 spans, 2,000 relations
    giant       the same text without a line break
    dense       100 kB with as many spans and relations
    line        5 MB in a single line, 10,000 spans, 2,000 relations
    many        1.0 MB in paragraphs, 20,000 spans, 4,000 relations

Half of the spans are accepted (seven in ten where they are dense), the others are candidates that touch no other span,
so that all of them are drawn.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.workflows.projects import load_schema
from tests.builders import a_project, bring, plain_tokens

_WORDS = """
the of and to in a is that for it was on with be by at from or had officials said talks ceasefire
negotiations President region Secretary Ukrainian Russian American government Moscow Washington forces
agreement military proposal direct conflict diplomatic statement reporters
"""
LABELS = {
    "PERSON": "blue",
    "ROLE": "slate",
    "ORG": "teal",
    "GPE": "orange",
    "LOC": "coral",
    "FAC": "indigo",
    "NORP": "pink",
    "DATE": "olive",
    "EVENT": "violet",
}
SCHEMA = Schema(
    tuple(EntityType(name=name, color=color) for name, color in LABELS.items()),
    (RelationType(name="MET", shown="met with", heads=tuple(LABELS), children=tuple(LABELS)),),
).with_defaults()
SAMPLES = Path(__file__).parents[2] / "seeds" / "gold.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a document is made: its text, how many spans and relations, and the share of spans left to decide."""

    length: int
    paragraph: int
    spans: int = 10_000
    relations: int = 2_000
    open: float = 0.5


DOCUMENTS = {
    "article": None,
    "big": Made(length=1_000_000, paragraph=205),
    "giant": Made(length=1_000_000, paragraph=0),
    "dense": Made(length=100_000, paragraph=205, open=0.3),
    "line": Made(length=5_000_000, paragraph=0),
    "many": Made(length=1_000_000, paragraph=205, spans=20_000, relations=4_000),
}


def make_project(name: str, folder: Path) -> Path:
    """Make the project that holds a document, and behind it a short one; give its path."""
    made = DOCUMENTS[name]
    schema = load_schema("news") if made is None else SCHEMA
    record = sample_record() if made is None else made_record(made)
    session = a_project(folder, schema=schema, name=name)
    try:
        bring(session, record, Record(text="Nothing.", source="other", tokens=plain_tokens("Nothing.")))
        with session.project.writing() as connection:
            # Nothing is left to propose, or the window would let a machine propose anew.
            rows = [(key, "bench", "", 0.0) for key in session.document_keys()]
            connection.executemany(
                "INSERT INTO suggested (document, version, skipped, at) VALUES (?, ?, ?, ?)", rows
            )
    finally:
        session.close()
    return session.path


def sample_record() -> Record:
    """Give the first sample with its gold: every second span and relation is a candidate."""
    found = json.loads(SAMPLES.read_text(encoding="utf-8").splitlines()[0])
    spans = tuple(
        _span(each["start"], each["end"], each["label"], is_open=number % 2 == 1)
        for number, each in enumerate(found["spans"])
    )
    places = {(each.fragments[0].start, each.fragments[0].end): at for at, each in enumerate(spans)}
    relations = []
    for number, each in enumerate(found["relations"]):
        head, child = (places[each[end]["start"], each[end]["end"]] for end in ("head_span", "child_span"))
        is_open = number % 2 == 1 or not _are_accepted(spans, head, child)
        relations.append(_relation(head, child, each["label"], is_open=is_open))
    text = found["text"]
    return Record(
        text=text, source="article", tokens=plain_tokens(text), spans=spans, relations=tuple(relations)
    )


def made_record(made: Made) -> Record:
    """Make a text with spans of one to four tokens and relations between neighbours."""
    text = made_text(length=made.length, paragraph=made.paragraph)
    found = [(match.start(), match.end()) for match in re.finditer(r"\w+|[^\w\s]", text)]
    tokens = Tokens([start for start, _ in found], [end for _, end in found], range(0, len(found), 20))
    spans = _spans(text, found, made)
    chance = random.Random(4)
    relations: dict[tuple[int, int], RecordRelation] = {}
    while len(relations) < made.relations:
        head = chance.randrange(len(spans) - 9)
        child = head + chance.choice([1, 1, 1, 2, 3, 8])
        is_open = chance.random() < 0.5 or not _are_accepted(spans, head, child)
        relations[head, child] = _relation(head, child, "MET", is_open=is_open)
    return Record(
        text=text, source="made", tokens=tokens, spans=tuple(spans), relations=tuple(relations.values())
    )


def made_text(*, length: int, paragraph: int, seed: int = 1) -> str:
    """Make a text of about `length` code points with paragraphs of about `paragraph` (0: one line)."""
    chance = random.Random(seed)
    words = _WORDS.split()
    parts: list[str] = []
    total = since = 0
    while total < length:
        word = chance.choice(words) + chance.choice(["", "", "", "", "", "", ",", "."])
        since += len(word) + 1
        end = "\n" if paragraph and since > paragraph else " "
        since = 0 if end == "\n" else since
        parts.append(word + end)
        total += len(word) + 1
    return "".join(parts)


def _spans(text: str, found: list[tuple[int, int]], made: Made) -> list[RecordSpan]:
    """Place candidates first, where nothing is; then accepted spans, which may meet one another."""
    chance = random.Random(2)
    candidates: set[int] = set()
    spans: dict[tuple[int, int, str], RecordSpan] = {}
    wanted = round(made.spans * made.open)
    while len(spans) < made.spans:
        is_open = len(spans) < wanted
        first = chance.randrange(len(found))
        last = min(len(found) - 1, first + chance.choice([0, 0, 1, 1, 2, 3]))
        start, end = found[first][0], found[last][1]
        if "\n" in text[start:end] or not candidates.isdisjoint(range(first, last + 1)):
            continue
        if is_open:
            candidates.update(range(first, last + 1))
        label = chance.choice(list(LABELS))
        spans[start, end, label] = _span(start, end, label, is_open=is_open)
    return [spans[key] for key in sorted(spans)]


def _span(start: int, end: int, label: str, *, is_open: bool) -> RecordSpan:
    fragments = (Fragment(start, end),)
    if is_open:
        return RecordSpan(fragments=fragments, label=label, score=0.8, suggester="bench")
    return RecordSpan(fragments=fragments, label=label)


def _relation(head: int, child: int, label: str, *, is_open: bool) -> RecordRelation:
    if is_open:
        return RecordRelation(head=head, child=child, label=label, score=0.8, suggester="bench")
    return RecordRelation(head=head, child=child, label=label)


def _are_accepted(spans: list[RecordSpan] | tuple[RecordSpan, ...], head: int, child: int) -> bool:
    return not spans[head].suggester and not spans[child].suggester
