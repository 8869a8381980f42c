"""Mends what a pipeline finds: cuts, trims, and one label for the same words all through a document.

Pure functions over `Found` spans, applied by `mended` in a fixed order; no library, no schema. Labels are still
the pipeline's own here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.model.document import Tokens
from annotator.suggest.word_sets import word_set

NAME_LABELS = word_set("PERSON PER ORG GPE LOC FAC NORP PRODUCT EVENT WORK_OF_ART LAW MISC")
"""Labels of names: only these are cut, voted on and spread."""
_OWNERS = frozenset({"PERSON", "PER", "ORG", "GPE", "LOC"})
_PERSONS = frozenset({"PERSON", "PER"})

TOLD = 1.2
"""How much a label counts that the words around tell."""
MAJORITY = 0.57
"""Share of the votes that a label needs to be taken over by the same words."""

_EDGES = "\"'“”‘’«»„‚`,;:–—-*_ \t\r\n\u00a0\u2028\u2029"
_DASH = re.compile(r"\s*[–—]\s*|\s+-\s+")
_NEWLINE = re.compile(r"[\r\n\u2028\u2029]+")
_POSSESSIVE = re.compile(r"['’]s?\s")
_OWN_NAME = re.compile(r"(?:College|Hospital|Cathedral|Church|Cross|University|School|Bank|Park|Day)\b")
_RESULT = re.compile(r"\s+\d+[-–:]\d+$")
_ARTICLE = re.compile(r"(?:the|a|an)\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A span as a pipeline found it.

    Args:
        start, end: code points, end exclusive. label: the pipeline's label.
        was: the label before a rule changed it, else empty. why: what made the rule act, in words.
        spread: it was not found here but taken over from the same words elsewhere.
        score: what the pipeline itself says, 0 to 1, or None.
    """

    start: int
    end: int
    label: str
    was: str = ""
    why: str = ""
    spread: bool = False
    score: float | None = None


def mended(
    text: str,
    tokens: Tokens,
    found: Iterable[Found],
    *,
    correct: Callable[[list[Found]], list[Found]] | None = None,
    weights: Mapping[str, float] | None = None,
) -> list[Found]:
    """Apply all fixes to the spans of one document; the result is sorted and free of doubles.

    `correct` may change labels and borders after cutting and trimming, before the document's majority is asked.
    `weights` says how much a label's word counts in it (its precision), 1 for labels that are not in it.
    """
    spans = [part for each in found for part in _split(text, each)]
    spans = [_without_possessive(text, each) for each in spans]
    spans = [_trimmed(text, _without_result(text, each)) for each in spans]
    spans = [each for each in spans if each.end > each.start and _is_name_like(text, each)]
    spans = [
        each for each in (_without_article(text, tokens, each) for each in spans) if each.end > each.start
    ]
    spans = _unique(spans)
    if correct is not None:
        spans = _unique(correct(spans))
    majority = majorities(text, spans, weights or {})
    spans = [_consistent(text, each, majority) for each in spans]
    return _unique([*spans, *_spread(text, tokens, spans, majority)])


def majorities(text: str, spans: Iterable[Found], weights: Mapping[str, float]) -> dict[str, str]:
    """Give for each surface text the label that most of its occurrences have, where there is a clear majority.

    A person's name of several words gives two votes to its last word and one and a half to its first, an
    organisation's .6 to its first; `weights` says how much the votes of a label count.
    """
    votes: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for each in spans:
        if each.label not in NAME_LABELS:
            continue
        surface = text[each.start : each.end]
        weight = TOLD if each.why else weights.get(each.label, 1.0)
        votes[surface][each.label] += weight
        words = surface.split()
        if each.label in _PERSONS and len(words) > 1:
            votes[words[-1]][each.label] += 2 * weight
            votes[words[0]][each.label] += 1.5 * weight
        elif each.label == "ORG" and len(words) > 1:
            votes[words[0]][each.label] += 0.6 * weight
    found = {}
    for surface, counts in votes.items():
        label, most = max(counts.items(), key=lambda item: (item[1], item[0]))
        if most > MAJORITY * sum(counts.values()):
            found[surface] = label
    return found


def aligned(text: str, tokens: Tokens, each: Found) -> Found | None:
    """Put a span on token borders, taking in signs but no letters; None where that cannot be."""
    if tokens.on_borders(each.start, each.end):
        return each
    snapped = tokens.snap(each.start, each.end)
    if snapped is None:
        return None
    start, end = snapped
    added = text[start : max(start, each.start)] + text[min(end, each.end) : end]
    if start > each.start or end < each.end or any(character.isalnum() for character in added):
        return None
    return replace(each, start=start, end=end)


def occurrences(text: str, tokens: Tokens, surfaces: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Yield first token, last token + 1 and surface of every place where a surface stands on token borders."""
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for surface in surfaces:
        by_first[surface.split(maxsplit=1)[0][:2]].append(surface)
    ends = {end: index for index, end in enumerate(tokens.ends)}
    for first, start in enumerate(tokens.starts):
        for surface in by_first.get(text[start : start + 2], ()):
            last = ends.get(start + len(surface))
            if last is not None and text.startswith(surface, start):
                yield first, last + 1, surface


def _split(text: str, each: Found) -> list[Found]:
    parts = _parts(text, each, _NEWLINE)
    if each.label in NAME_LABELS:
        parts = [piece for part in parts for piece in _parts(text, part, _DASH)]
    return parts


def _parts(text: str, each: Found, pattern: re.Pattern[str]) -> list[Found]:
    parts = []
    after = each.start
    for cut in pattern.finditer(text, each.start, each.end):
        parts.append(replace(each, start=after, end=cut.start()))
        after = cut.end()
    parts.append(replace(each, start=after))
    return [part for part in parts if part.end > part.start]


def _without_possessive(text: str, each: Found) -> Found:
    """Keep the owner of "Facebook's Developer Conference", but leave "King's College" whole."""
    surface = text[each.start : each.end]
    if each.label in _OWNERS:
        cut = _POSSESSIVE.search(surface)
        if (
            cut is not None
            and 0 < len(surface[: cut.start()].split()) <= 4
            and (each.label in _PERSONS or not _OWN_NAME.match(surface, cut.end()))
        ):
            return replace(each, end=each.start + cut.start())
    if each.label in NAME_LABELS or each.label in {"DATE", "TIME"}:
        for ending in ("'s", "’s"):
            if surface.endswith(ending):
                return replace(each, end=each.end - 2)
        if surface.endswith(("s'", "s’")) and each.label in NAME_LABELS:
            return replace(each, end=each.end - 1)
    return each


def _without_result(text: str, each: Found) -> Found:
    """Leave "4-1" of "Denmark 4-1" outside."""
    result = _RESULT.search(text[each.start : each.end]) if each.label in NAME_LABELS else None
    return each if result is None else replace(each, end=each.start + result.start())


def _trimmed(text: str, each: Found) -> Found:
    start, end = each.start, each.end
    while start < end:
        before = (start, end)
        if (
            text[start] in _EDGES
            or _is_symbol(text[start])
            or (text[start] in "([{" and not _closes(text, start, end))
        ):
            start += 1
        elif (
            text[end - 1] in _EDGES
            or _is_symbol(text[end - 1])
            or (text[end - 1] in ")]}" and not _opens(text, start, end))
        ):
            end -= 1
        elif text[start] in "([{" and text[end - 1] in ")]}":
            start, end = start + 1, end - 1
        if (start, end) == before:
            break
    return replace(each, start=start, end=max(start, end))


def _is_symbol(character: str) -> bool:
    """Tell whether a character is an emoji or the like, or a part of one."""
    return not character.isascii() and unicodedata.category(character) in {"So", "Sk", "Cf", "Cn"}


def _closes(text: str, start: int, end: int) -> bool:
    return any(character in ")]}" for character in text[start:end])


def _opens(text: str, start: int, end: int) -> bool:
    return any(character in "([{" for character in text[start:end])


def _is_name_like(text: str, each: Found) -> bool:
    """Refuse names without a capital letter; scripts without capitals pass."""
    if each.label not in NAME_LABELS:
        return True
    letters = [character for character in text[each.start : each.end] if character.isalpha()]
    if not letters:
        return False
    return any(character.isupper() or not character.islower() for character in letters)


def _without_article(text: str, tokens: Tokens, each: Found) -> Found:
    """Strip a leading article; one written large inside a sentence ("The Hague") belongs to the name."""
    if each.label not in NAME_LABELS and each.label != "DATE":
        return each
    article = _ARTICLE.match(text, each.start, each.end)
    if article is None:
        return each
    rest = text[article.end() : each.end]
    if text[each.start].isupper() and each.label in NAME_LABELS:
        first = tokens.at(each.start)
        begins = first < len(tokens) and tokens.sentence_of(first)[0] == first
        before = text[max(0, each.start - 2) : each.start].strip()
        if rest == "Hague" or not (begins or (before and not before[-1].isalnum())):
            return each
    return replace(each, start=article.end())


def _consistent(text: str, each: Found, majority: dict[str, str]) -> Found:
    label = majority.get(text[each.start : each.end])
    if label is None or each.label not in NAME_LABELS or label == each.label or each.why:
        return each
    return replace(
        each, label=label, was=each.was or each.label, why=f"the same words are mostly {label} here"
    )


def _spread(text: str, tokens: Tokens, spans: Sequence[Found], majority: dict[str, str]) -> list[Found]:
    """Take the majority's label over to the same words where nothing was found."""
    counts = Counter(text[each.start : each.end] for each in spans)
    persons = (text[each.start : each.end] for each in spans if each.label in _PERSONS)
    last_names = {name.rsplit(maxsplit=1)[-1] for name in persons if " " in name}
    wanted = {
        surface: label
        for surface, label in majority.items()
        if len(surface) > 1
        and surface[0].isupper()
        and (" " in surface or counts[surface] >= 2 or surface in last_names)
    }
    if not wanted:
        return []
    taken = [False] * (len(tokens) + 1)
    for each in spans:
        first, last = tokens.covering(each.start, each.end)
        taken[first:last] = [True] * (last - first)
    found = []
    places = sorted(occurrences(text, tokens, wanted), key=lambda place: (place[0], -place[1]))
    for first, last, surface in places:
        if any(taken[first:last]) or (" " not in surface and _is_part_of_name(text, tokens, first, last)):
            continue
        taken[first:last] = [True] * (last - first)
        found.append(Found(tokens.starts[first], tokens.ends[last - 1], wanted[surface], spread=True))
    return found


def _is_part_of_name(text: str, tokens: Tokens, first: int, last: int) -> bool:
    """Tell whether a single word goes on in another capitalised word: "Martin Luther", "Kennedy Airport"."""
    if last >= len(tokens) or tokens.sentence_of(first) != tokens.sentence_of(last):
        return False
    gap = text[tokens.ends[last - 1] : tokens.starts[last]]
    following = text[tokens.starts[last] : tokens.ends[last]]
    return gap == " " and following[0].isupper() and following.isalpha()


def _unique(spans: Iterable[Found]) -> list[Found]:
    """Sort, and keep one of several spans of the same extent and label."""
    seen: dict[tuple[int, int, str], Found] = {}
    for each in spans:
        seen.setdefault((each.start, each.end, each.label), each)
    return sorted(seen.values(), key=lambda each: (each.start, each.end, each.label))
