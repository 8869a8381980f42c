"""Which keys a person presses for each act, as the program's own table of keys has them (`ui/actions.py`).

A stroke is what the table calls one: `A`, `Shift+A` and `Ctrl+Return` are one press each. `Word` and `Partner` stand
for letters that only the window knows (how many there are follows from its own rules for naming).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.model.annotation import Fragment, Fragments, RelationKey, SpanKey, fragments_of
from annotator.model.document import Tokens
from annotator.model.rules import moved_edge
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.ui.actions import BY_ID
from annotator.ui.label_letters import PREFIX
from annotator.ui.palette_entries import match
from annotator.ui.relation_letters import letters_for

FAR = 3
"""Words from which on letters over the words are quicker than arrows."""


@dataclass(frozen=True, slots=True)
class Word:
    """The letters over a word; two, as the words around the selection are named by pairs."""

    fragment: Fragment
    letters: int = 2


@dataclass(frozen=True, slots=True)
class Partner:
    """The letters on a span that may be the other end of a relation."""

    span: SpanKey
    letters: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """The key of a relation type where more than one may join the two ends; no press where the pair has one type."""

    label: str
    strokes: tuple[str, ...]


Stroke = str | Word | Partner | Choice
Strokes = tuple[Stroke, ...]


def presses(strokes: Sequence[Stroke]) -> int:
    """Count the keys that are pressed."""
    return sum(_count(each) for each in strokes)


def _count(stroke: Stroke) -> int:
    match stroke:
        case Word() | Partner():
            return stroke.letters
        case Choice():
            return len(stroke.strokes)
    return 1


def key(action: str) -> str:
    """Give the first key of an action."""
    return BY_ID[action].keys[0]


def label_strokes(name: str, types: Sequence[EntityType | RelationType]) -> tuple[str, ...]:
    """Give the keys of a label or relation type: its digit, `L` and its letter, or as much as finds it by typing."""
    shortcut = next(each.shortcut for each in types if each.name == name)
    if shortcut.startswith(PREFIX):
        return key("label_letter"), shortcut.removeprefix(PREFIX)
    if shortcut:
        return (shortcut,)
    typed = next(name[:count] for count in range(1, len(name) + 1) if _found(name[:count], types) == name)
    return (key("find_label"), *typed, "Return")


def _found(words: str, types: Sequence[EntityType | RelationType]) -> str:
    """Give the type that the finder would mark."""
    ranked = []
    for number, each in enumerate(types):
        hits = [match(text, words) for text in (each.name, each.shown, each.summary)]
        ranks = [hit[0] + 3 * at for at, hit in enumerate(hits) if hit is not None]
        if ranks:
            ranked.append((min(ranks), number, each.name))
    return min(ranked)[2] if ranked else ""


# --------------------------------------------------------------------------- borders and places


@dataclass(frozen=True, slots=True)
class Move:
    """One press that moves an edge: the action, and where the span lies then."""

    action: str
    after: Fragments


def moves(text: str, tokens: Tokens, have: Fragments, want: Fragments) -> list[Move]:
    """Give the presses that bring the edges of a span to where they belong, by words as far as that goes.

    Raises:
        ValueError: no keys reach it.
    """
    found: list[Move] = []
    here = have
    for edge in ("left", "right") if want[0].start < here[0].end else ("right", "left"):
        path = _path(text, tokens, here, edge, _edge(want, edge))
        found += path
        here = path[-1].after if path else here
    if here != want:
        raise ValueError(f"no keys lead from {have} to {want}")
    return found


def _edge(fragments: Fragments, edge: str) -> int:
    return fragments[0].start if edge == "left" else fragments[-1].end


def _path(text: str, tokens: Tokens, have: Fragments, edge: str, goal: int) -> list[Move]:
    """Go by words up to the goal and by characters the rest, or by words over it and by characters back."""
    by_words = [have]
    way = _way(goal - _edge(have, edge))
    while way and way == _way(goal - _edge(by_words[-1], edge)):
        moved = moved_edge(text, tokens, by_words[-1], edge=edge, by=way)
        if moved is None:
            break
        by_words.append(moved)
    paths = []
    for words in (by_words, by_words[:-1]):
        steps = [Move(_action(edge, way), each) for each in words[1:]]
        rest = _by_characters(text, tokens, words[-1], edge, goal) if words else None
        if rest is not None:
            paths.append(steps + rest)
    return min(paths, key=len) if paths else []


def _by_characters(text: str, tokens: Tokens, have: Fragments, edge: str, goal: int) -> list[Move] | None:
    steps: list[Move] = []
    way = _way(goal - _edge(have, edge))
    while _edge(have, edge) != goal:
        moved = moved_edge(text, tokens, have, edge=edge, by=way, characters=True)
        if moved is None or _way(goal - _edge(moved, edge)) not in {way, 0}:
            return None
        steps.append(Move(f"{_action(edge, way)}_character", moved))
        have = moved
    return steps


def _way(distance: int) -> int:
    return (distance > 0) - (distance < 0)


def _action(edge: str, way: int) -> str:
    is_out = (way > 0) == (edge == "right")
    return f"{edge}_{'out' if is_out else 'in'}"


def to_words(text: str, tokens: Tokens, selected: Fragments, want: Fragments) -> Strokes:
    """Give the presses that select words: arrows where they are near, letters over a word elsewhere, then edges.

    Args:
        text, tokens: of the document. selected: what is selected now, nothing if empty. want: the words.

    Raises:
        ValueError: no keys select exactly these.
    """
    ways = [*_by_arrows(text, tokens, selected, want), *_by_letters(text, tokens, want)]
    if not ways:
        raise ValueError(f"no keys select {want}")
    return min(ways, key=presses)


def _by_arrows(text: str, tokens: Tokens, selected: Fragments, want: Fragments) -> Iterator[Strokes]:
    if not selected:
        return
    row = [
        number
        for number in range(len(tokens))
        if not text[tokens.starts[number] : tokens.ends[number]].isspace()
    ]
    first, last = tokens.covering(selected[0].start, selected[-1].end)
    begin, end = tokens.covering(want[0].start, want[-1].end)
    if last <= first or end <= begin or last - 1 not in row or first not in row:
        return
    for action, here, there in (("word_right", last - 1, begin), ("word_left", first, end - 1)):
        if there not in row:
            continue
        steps = row.index(there) - row.index(here)
        steps = steps if action == "word_right" else -steps
        if 0 < steps <= FAR:
            word = fragments_of((tokens.starts[there], tokens.ends[there]))
            yield (key(action),) * steps + _edges(text, tokens, word, want)


def _by_letters(text: str, tokens: Tokens, want: Fragments) -> Iterator[Strokes]:
    first, last = tokens.covering(want[0].start, want[-1].end)
    for number in range(max(0, first - 1), min(len(tokens), last + 1)):
        word = Fragment(tokens.starts[number], tokens.ends[number])
        if any(map(str.isalnum, text[word.start : word.end])):
            try:
                yield key("jump"), Word(word), *_edges(text, tokens, (word,), want)
            except ValueError:
                continue


def _edges(text: str, tokens: Tokens, have: Fragments, want: Fragments) -> Strokes:
    return tuple(key(each.action) for each in moves(text, tokens, have, want))


# --------------------------------------------------------------------------- relations


def to_partner(start: SpanKey, other: SpanKey, spans: Sequence[SpanKey], schema: Schema) -> Partner:
    """Give the letters on a partner: those nearest to the start have one, where they are many the others have two."""
    there = [
        each for each in spans if each != start and schema.legal_between(first=start.label, second=each.label)
    ]
    there.sort(key=lambda each: (abs(each.fragments[0].start - start.fragments[0].start), each))
    return Partner(other, len(letters_for(len(there))[there.index(other)]) or 2)


def to_type(wanted: RelationKey, start: SpanKey, schema: Schema) -> Choice:
    """Give the keys that choose a type at the partner, none where the pair has but one."""
    other = wanted.child if start == wanted.head else wanted.head
    legal = schema.legal_between(first=start.label, second=other.label)
    return Choice(wanted.label, () if len(legal) == 1 else label_strokes(wanted.label, schema.relations))
