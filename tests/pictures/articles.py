"""Articles for pictures: seeds with their gold, hard scripts, dense annotation, and every state there is."""

from __future__ import annotations

import functools
import json
import random
from dataclasses import replace
from typing import Any

from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.schema import Schema
from annotator.resources_path import seeds_folder
from annotator.ui.canvas.items import Article, RelationItem, SpanItem
from annotator.ui.models.article_items import label_color, relation_words
from annotator.workflows.projects import load_schema
from tests.ui.canvas.articles import a_relation, a_span, tokens_of

LABELS = ("PERSON", "ROLE", "ORG", "GPE", "LOC", "FAC", "NORP", "DATE", "EVENT")


@functools.cache
def news() -> Schema:
    """Give the schema of the seeds."""
    return load_schema("news")


def seed(number: int) -> Article:
    """Give a seed article (1 to 11), all its gold accepted."""
    gold = _gold(number)
    spans = {
        (each["start"], each["end"]): _span(f"s{index}", each["start"], each["end"], each["label"])
        for index, each in enumerate(gold["spans"])
    }
    relations = tuple(
        RelationItem(
            f"r{index}",
            spans[_place(each["head_span"])].id,
            spans[_place(each["child_span"])].id,
            each["label"],
            relation_words(each["label"], news()),
            symmetric=(kind := news().relation(each["label"])) is not None and kind.symmetric,
        )
        for index, each in enumerate(gold["relations"])
    )
    return Article(gold["text"], _tokens(gold), tuple(spans.values()), relations)


def seed_record(number: int, *, decided: float) -> Record:
    """Give a seed as a record: gold up to a share of its text, candidates after it, some of them doubtful."""
    gold = _gold(number)
    border = decided * len(gold["text"])
    spans, places = [], {}
    for index, each in enumerate(gold["spans"]):
        places[_place(each)] = index
        open_ = each["end"] > border
        spans.append(
            RecordSpan(
                fragments=(Fragment(each["start"], each["end"]),),
                label=each["label"],
                score=(0.48, 0.71, 0.83, 0.94)[index % 4] if open_ else None,
                suggester="en_core_web_sm" if open_ else "",
            )
        )
    relations = [
        RecordRelation(
            head=places[_place(each["head_span"])],
            child=places[_place(each["child_span"])],
            label=each["label"],
            score=0.74 if (open_ := each["head_span"]["end"] > border) else None,
            suggester="neighbour relations" if open_ else "",
        )
        for each in gold["relations"]
    ]
    return Record(
        text=gold["text"],
        source=gold["meta"]["source"],
        title=gold["text"].split("\n", 1)[0],
        tokens=_tokens(gold),
        spans=tuple(spans),
        relations=tuple(relations),
        metadata={"source": "Morning Courier", "date": "13 March 2025"},
    )


def hard_scripts() -> Article:
    """Give paragraphs of emoji, both directions, Chinese, and combining marks, with relations across them."""
    text = (
        "Emoji paragraph 👨\u200d👩\u200d👧\u200d👦 with 🇺🇦 flags and 🎉🎉 astral 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 "
        "shifts every offset after it 😀 end.\n"
        "قال الرئيس فلاديمير بوتين إن المحادثات في Moscow ستبدأ يوم 12 مارس 2025 مع وفد أمريكي.\n"
        "ראש הממשלה אמר כי ההסכם עם Ukraine ייחתם בקרוב בירושלים.\n"
        "美国官员将前往俄罗斯讨论乌克兰停火问题，此前乌克兰当局同意为期三十天的停战。克里姆林宫发言人德米特里·佩斯科夫说。\n"
        "Combining: Ame\u0301lie nai\u0308ve Za\u030algo हिन्दी में क्षत्रिय शब्द।"
    )
    wanted = (
        ("👨\u200d👩\u200d👧\u200d👦", "PERSON"),
        ("🇺🇦", "GPE"),
        ("𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "ORG"),
        ("فلاديمير بوتين", "PERSON"),
        ("الرئيس فلاديمير بوتين إن المحادثات في Moscow", "EVENT"),
        ("Moscow", "GPE"),
        ("12 مارس 2025", "DATE"),
        ("Ukraine", "GPE"),
        ("בירושלים", "GPE"),
        ("俄罗斯", "GPE"),
        ("乌克兰", "GPE"),
        ("克里姆林宫", "ORG"),
        ("克里姆林宫发言人", "ROLE"),
        ("德米特里·佩斯科夫", "PERSON"),
        ("Ame\u0301lie", "PERSON"),
        ("क्षत्रिय", "NORP"),
    )
    spans = tuple(
        _span(f"s{index}", text.index(words), text.index(words) + len(words), label)
        for index, (words, label) in enumerate(wanted)
    )
    joined = (
        ("s0", "s1", "waves"),
        ("s3", "s5", "visits"),
        ("s5", "s14", "near"),
        ("s8", "s7", "signs with"),
        ("s9", "s10", "talks"),
        ("s13", "s11", "speaks for"),
    )
    relations = tuple(
        a_relation(f"r{index}", head, child, shown=shown) for index, (head, child, shown) in enumerate(joined)
    )
    return Article(text, tokens_of(text), spans, relations, language="zh")


def dense() -> Article:
    """Give a text with overlapping spans everywhere and many relations, as machines and quarrels make them."""
    chance = random.Random(7)
    text = "\n".join(_gold(number)["text"] for number in (1, 2, 3))
    tokens = tokens_of(text)
    spans: dict[tuple[int, int, str], SpanItem] = {}
    while len(spans) < len(tokens) // 3:
        first = chance.randrange(len(tokens))
        last = min(len(tokens) - 1, first + chance.choice((0, 0, 0, 1, 2, 4)))
        start, end = tokens.starts[first], tokens.ends[last]
        label = chance.choice(LABELS)
        if "\n" not in text[start:end]:
            spans[start, end, label] = _span(f"s{start}-{end}{label}", start, end, label)
    ordered = sorted(spans.values(), key=lambda item: (item.start, item.end))
    relations = []
    for number in range(len(ordered) // 5):
        index = chance.randrange(len(ordered) - 8)
        other = index + chance.choice((1, 2, 3, 7))
        words = chance.choice(("visited", "opposes", "leads", "part of", "met with", "located in"))
        relations.append(a_relation(f"r{number}", ordered[index].id, ordered[other].id, shown=words))
    return Article(text, tokens, tuple(ordered), tuple(relations))


def states() -> Article:
    """Give one span and one relation of every state, each named by its words."""
    written: tuple[tuple[str, str, str, dict[str, object]], ...] = (
        ("", "accepted", "PERSON", {}),
        ("", "candidate", "ROLE", {"state": "candidate", "score": 0.81}),
        ("", "doubtful", "ORG", {"state": "candidate", "doubtful": True, "score": 0.48}),
        ("", "readings", "GPE", {"state": "candidate", "readings": 3}),
        ("", "rejected", "LOC", {"state": "rejected"}),
        (".\n", "selected", "NORP", {}),
        ("", "hovered", "DATE", {}),
        ("", "noted", "EVENT", {"noted": True}),
        ("", "flagged", "FAC", {"flagged": True}),
        ("", "unlearnab", "GPE", {"learnable": False}),
        ("le.\nThis ", "in", "ROLE", {}),
        ("is ", "pieces", "", {}),
        (", ", "met", "PERSON", {}),
        ("and ", "might have met", "ROLE", {"state": "candidate"}),
        (", ", "each other", "ORG", {}),
        ("of ", "no kind", "GPE", {}),
        (", ", "not so", "LOC", {}),
    )
    text, spans = "", list[SpanItem]()
    for before, words, label, more in written:
        glue = "" if before.startswith(("le", ".", ",")) else " " if text and not text.endswith(" ") else ""
        text += glue + before
        start = len(text)
        text += words
        if label:
            spans.append(replace(_span(words, start, len(text), label), **more))  # type: ignore[arg-type]
        else:
            begun = spans.pop()
            spans.append(replace(begun, fragments=(*begun.fragments, Fragment(start, len(text)))))
    text += "."
    relations = (
        a_relation("accepted relation", "in", "met", shown="accepted"),
        a_relation("candidate", "might have met", "met", shown="candidate", state="candidate"),
        a_relation("symmetric", "might have met", "each other", shown="symmetric", symmetric=True),
        a_relation("illegal", "each other", "no kind", shown="illegal", illegal=True),
        a_relation("rejected", "no kind", "not so", shown="rejected", state="rejected"),
    )
    return Article(text, tokens_of(text), tuple(spans), relations)


@functools.cache
def _gold(number: int) -> dict[str, Any]:
    lines = (seeds_folder() / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    found: dict[str, Any] = json.loads(lines[number - 1])
    return found


def _tokens(gold: dict[str, Any]) -> Tokens:
    starts, ends = ([each[key] for each in gold["tokens"]] for key in ("start", "end"))
    return Tokens(starts, ends, [0])


def _place(span: dict[str, Any]) -> tuple[int, int]:
    return span["start"], span["end"]


def _span(item: str, start: int, end: int, label: str) -> SpanItem:
    return a_span(item, start, end, label, color=label_color(label, news()))
