"""Articles for these tests, built from marked-up or random text."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise

from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.model.offsets import grapheme_starts
from annotator.ui.canvas.items import Article, RelationItem, SpanItem

COLORS = {"PERSON": "blue", "ROLE": "slate", "ORG": "teal", "GPE": "orange", "NORP": "pink", "DATE": "olive"}
_MARK = re.compile(r"\[([^\]]*)\]\((\w+)\)")


def tokens_of(text: str) -> Tokens:
    """Cut a text into words and signs; a sentence begins after a full stop."""
    found = [(match.start(), match.end()) for match in re.finditer(r"\w+|[^\w\s]", text)]
    sentences = [0] if found else []
    for index, (start, end) in enumerate(found[:-1]):
        if text[start:end] in ".!?":
            sentences.append(index + 1)
    return Tokens([start for start, _ in found], [end for _, end in found], sentences)


def a_span(item: str, start: int, end: int, label: str = "PERSON", **more: object) -> SpanItem:
    """Make a span item of one fragment."""
    made = SpanItem(item, (Fragment(start, end),), label, label, COLORS.get(label, "blue"))
    return replace(made, **more)  # type: ignore[arg-type]


def a_relation(item: str, head: str, child: str, **more: object) -> RelationItem:
    """Make a relation item."""
    return replace(RelationItem(item, head, child, "MET", "met with"), **more)  # type: ignore[arg-type]


def marked(written: str, *relations: tuple[str, str]) -> Article:
    """Make an article from `[Ada](PERSON) met [Bob](PERSON)`; ids are `s0`, `s1` and so on, in order."""
    text, last = "", 0
    spans: list[SpanItem] = []
    for match in _MARK.finditer(written):
        text += written[last : match.start()]
        spans.append(a_span(f"s{len(spans)}", len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        last = match.end()
    text += written[last:]
    joined = tuple(a_relation(f"r{index}", head, child) for index, (head, child) in enumerate(relations))
    return Article(text, tokens_of(text), tuple(spans), joined)


def prose(paragraphs: int, *, words: int = 45, seed: int = 1) -> str:
    """Make paragraphs of invented words."""
    chance = random.Random(seed)
    syllables = ("ka", "lo", "mi", "ter", "an", "so", "ur", "be", "stra", "i", "fl")
    lines = []
    for _ in range(paragraphs):
        made = ("".join(chance.choice(syllables) for _ in range(chance.randint(1, 4))) for _ in range(words))
        lines.append(" ".join(made).capitalize() + ".")
    return "\n".join(lines)


def annotated(text: str, *, spans: int, relations: int, seed: int = 2) -> Article:
    """Make an article with random spans of one to three tokens and relations between near ones."""
    chance = random.Random(seed)
    tokens = tokens_of(text)
    items: dict[str, SpanItem] = {}
    while len(items) < spans:
        first = chance.randrange(len(tokens))
        last = min(len(tokens) - 1, first + chance.choice((0, 0, 1, 2)))
        start, end = tokens.starts[first], tokens.ends[last]
        if "\n" in text[start:end]:
            continue
        label = chance.choice(list(COLORS))
        name = f"c:{start}-{end}:{label}"
        items[name] = a_span(name, start, end, label, state=chance.choice(("accepted", "candidate")))
    ordered = sorted(items.values(), key=lambda item: item.start)
    joined = []
    for number in range(relations):
        index = chance.randrange(len(ordered))
        other = min(len(ordered) - 1, index + chance.choice((1, 1, 2, 5)))
        if other != index:
            state = chance.choice(("accepted", "candidate"))
            joined.append(a_relation(f"r{number}", ordered[index].id, ordered[other].id, state=state))
    return Article(text, tokens, tuple(ordered), tuple(joined))


def whole_tokens(text: str) -> Tokens:
    """Cut a text into words, Chinese characters and signs, no grapheme being cut."""
    found: list[tuple[int, int]] = []
    word = False
    for start, end in pairwise([*grapheme_starts(text), len(text)]):
        first = text[start]
        before, word = word, first.isalnum() and not "\u3040" <= first <= "\u9fff"
        if word and before and found[-1][1] == start:
            found[-1] = found[-1][0], end
        elif not first.isspace() and unicodedata.category(first) != "Cf":
            found.append((start, end))
    return Tokens([start for start, _ in found], [end for _, end in found], (0,))
