"""The corpora on which learning is measured: texts with tokens and gold spans; those that are not here are left out.

The sample articles are always there. The others lie outside the checkout: in the folder that `ANNOTATOR_SHARED` names,
or in `../shared/data`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from annotator.formats import format_named, sources_in
from annotator.model.annotation import RelationKey, SpanKey, fragments_of, overlaps
from annotator.model.document import Tokens
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.schema import EntityType, Schema, parse_schema
from annotator.resources_path import resource_path, seeds_folder
from annotator.suggest.base import Text
from annotator.suggest.sentences import sentence_starts
from annotator.suggest.tokenizing import tokenize_all

SENTENCES = 5
"""Sentences of one document of a corpus that is one long file."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text and what is truly in it: spans of one fragment that do not overlap, and relations between them."""

    text: Text
    gold: frozenset[SpanKey]
    relations: frozenset[RelationKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached at 100 documents, or in the last bucket: F1, and the share of the actions of nothing."""

    f1: float
    actions: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus in file order."""

    name: str
    schema: Schema
    documents: tuple[Annotated, ...]
    goal: Goal | None = None


def shared_folder() -> Path:
    """Give the folder of corpora outside the checkout, whether it is there or not."""
    named = os.environ.get("ANNOTATOR_SHARED")
    return Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"


def corpora(names: Iterable[str] = ()) -> Iterator[Corpus]:
    """Read the corpora that are here, all or those named."""
    wanted = tuple(names) or tuple(_CORPORA)
    for name in wanted:
        read, goal = _CORPORA[name]
        try:
            found = list(read())
        except FileNotFoundError:
            continue
        texts = _texts(found)
        documents = tuple(map(_annotated, found, texts))
        yield Corpus(name, _schema(name, documents), documents, goal)


def _annotated(record: Record, text: Text) -> Annotated:
    gold = _flat(record, text)
    spans = [each.identity for each in record.spans]
    relations = (RelationKey(spans[each.head], spans[each.child], each.label) for each in record.relations)
    between = frozenset(each for each in relations if each.head in gold and each.child in gold)
    return Annotated(text, gold, between)


def _texts(records: list[Record]) -> list[Text]:
    """Make texts of records, with their own tokens where they bring some."""
    cut = iter(tokenize_all([(each.text, "en") for each in records if each.tokens is None]))
    found = []
    for number, each in enumerate(records, start=1):
        tokens = next(cut) if each.tokens is None else _with_sentences(each.text, each.tokens)
        found.append(Text(document=number, text=each.text, language=each.language or "en", tokens=tokens))
    return found


def _with_sentences(text: str, tokens: Tokens) -> Tokens:
    if len(tokens.sentences) > 1:
        return tokens
    starts = sentence_starts(text, starts=tokens.starts, ends=tokens.ends)
    return Tokens(tokens.starts, tokens.ends, starts, tokens.tokenizer)


def _flat(record: Record, text: Text) -> frozenset[SpanKey]:
    """Keep the longest spans of those that overlap; those of several fragments are left out."""
    spans = {each.identity for each in record.spans if len(each.fragments) == 1 and not each.rejected}
    kept: list[SpanKey] = []
    for span in sorted(spans, key=lambda each: (each.fragments[0].start - each.fragments[0].end, each)):
        if text.tokens.snap(*span.fragments[0]) is not None and not any(
            overlaps(span.fragments, other.fragments) for other in kept
        ):
            kept.append(span)
    return frozenset(kept)


def _schema(name: str, documents: Iterable[Annotated]) -> Schema:
    if name == "seeds":
        return parse_schema(resource_path("schemas", "news.toml").read_text(encoding="utf-8"))
    labels = sorted({span.label for each in documents for span in each.gold})
    return Schema(tuple(EntityType(name=label) for label in labels))


# --------------------------------------------------------------------------- the files


def _read(name: str, path: Path) -> Iterator[Record]:
    found = format_named(name)
    assert found.read is not None, "it is read"
    yield from found.read(path, found.read_options(), lambda _problem: None)


def _prodigy(*path: str) -> Callable[[], Iterator[Record]]:
    return lambda: _read("prodigy", shared_folder().joinpath(*path))


def _seeds() -> Iterator[Record]:
    for each in _read("prodigy", seeds_folder() / "gold.jsonl"):
        if each.metadata.get("language", "en") == "en":
            yield each


def _brat(*path: str) -> Callable[[], Iterator[Record]]:
    def read() -> Iterator[Record]:
        folder = shared_folder().joinpath(*path)
        if not folder.is_dir():
            raise FileNotFoundError(folder)
        for source in sources_in(folder):
            yield from _read("brat", source)

    return read


def _re3d() -> Iterator[Record]:
    for folder in sorted((shared_folder() / "relations").glob("re3d_*")):
        entities = [json.loads(line) for line in _lines(folder / "entities.json")]
        entities.sort(key=lambda each: each["documentId"])
        by_document = {key: list(group) for key, group in groupby(entities, lambda each: each["documentId"])}
        relations = [json.loads(line) for line in _lines(folder / "relations.json")]
        for told in map(json.loads, _lines(folder / "documents.json")):
            spans = [
                RecordSpan(fragments=fragments_of((each["begin"], each["end"])), label=each["type"])
                for each in by_document.get(told["_id"], ())
                if told["text"][each["begin"] : each["end"]] == each["value"]
            ]
            tied = tuple(_relations(spans, (each for each in relations if each["documentId"] == told["_id"])))
            yield Record(text=told["text"], source=told["_id"], spans=tuple(spans), relations=tied)


def _relations(spans: Sequence[RecordSpan], told: Iterable[dict[str, Any]]) -> Iterator[RecordRelation]:
    numbers = {tuple(each.fragments[0]): number for number, each in enumerate(spans)}
    for each in told:
        head = numbers.get((each["sourceBegin"], each["sourceEnd"]))
        child = numbers.get((each["targetBegin"], each["targetEnd"]))
        if head is not None and child is not None and head != child:
            yield RecordRelation(head=head, child=child, label=each["type"])


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]


def _sec() -> Iterator[Record]:
    """Read one long file as documents of a few sentences."""
    return _in_blocks(shared_folder() / "conll" / "sec_FIN3.txt")


def _in_blocks(path: Path) -> Iterator[Record]:
    whole = path.read_text(encoding="utf-8").split("\n\n")
    sentences = [each for each in whole if each.strip() and not each.startswith("-DOCSTART-")]
    for begin in range(0, len(sentences), SENTENCES):
        yield _block(sentences[begin : begin + SENTENCES], f"{path.name}:{begin}")


def _block(sentences: list[str], source: str) -> Record:
    text = ""
    starts: list[int] = []
    ends: list[int] = []
    begins: list[int] = []
    spans: list[tuple[int, int, str]] = []
    for sentence in sentences:
        begins.append(len(starts))
        before = "O"
        for line in sentence.strip().split("\n"):
            cells = line.split()
            word, tag = cells[0], cells[-1]
            starts.append(len(text))
            text += word
            ends.append(len(text))
            if tag != "O":
                if tag.startswith("I-") and before[2:] == tag[2:]:
                    spans[-1] = (spans[-1][0], len(text), tag[2:])
                else:
                    spans.append((starts[-1], len(text), tag[2:]))
            before = tag
            text += " "
        text = text[:-1] + "\n"
    return Record(
        text=text[:-1],
        source=source,
        tokens=Tokens(starts, ends, begins),
        spans=tuple(
            RecordSpan(fragments=fragments_of((start, end)), label=label) for start, end, label in spans
        ),
    )


_NEWS = ("prodigy", "recipes_annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl")
_CORPORA: dict[str, tuple[Callable[[], Iterable[Record]], Goal | None]] = {
    "seeds": (_seeds, None),
    "news": (_prodigy(*_NEWS), Goal(0.75, 0.5)),
    "re3d": (_re3d, Goal(0.60, 0.45)),
    "sec": (_sec, Goal(0.85, 0.20)),
    "rel_component": (_prodigy("prodigy", "rel_component_dev60.jsonl"), Goal(0.80, 0.30)),
    "drugs": (_prodigy("prodigy", "drugs_eval.jsonl"), Goal(0.55, 0.70)),
    "materials": (_brat("brat", "materials"), Goal(0.70, 0.36)),
}


def names() -> list[str]:
    """Name all corpora, those that are not here among them."""
    return list(_CORPORA)
