"""Proposes relations by patterns over the words between two spans of one sentence; no parser, no library.

Joins accepted spans and likely proposals, only as the schema allows, with the best type for each ordered pair.
`mentions.py` arranges the spans of a sentence, `relation_rules.py` chooses the patterns of a type, and the patterns
themselves are data (`relation_words.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotator.model import candidate
from annotator.model.annotation import RelationKey, SpanKey
from annotator.model.candidate import Proposal
from annotator.model.schema import RelationType
from annotator.suggest import relation_words as vocabulary
from annotator.suggest.base import RELATIONS, Settings, Suggestions, Text
from annotator.suggest.mentions import Mention, Scene, mark_of, scenes
from annotator.suggest.relation_rules import Compiled, Rules, rules_of
from annotator.suggest.relation_words import Pattern
from annotator.suggest.words import Words

SHOWN = 0.35
"""Relations scored below this are held back: kept for who wants to see more."""
KEPT = candidate.SHOWN_FROM[-1] / candidate.SHOWN
"""Share of the limit of showing that a relation must reach to be kept."""
LIKELY = 0.5
"""Proposed spans scored below this are not joined."""
PRONOUN = 0.75
"""What is left of a score where a pronoun stands for one end."""
REACH = 40
"""Most words between two spans that are joined."""
NEIGHBOURS = 14
"""Most spans after a span that are looked at."""
LONGEST = 600
"""Most code points between two spans that are joined."""
DENIED = 0.4
"""What is left of a score where the text denies, plans or asks."""

_INFINITIVE = re.compile(
    r"\bto (?:visit|meet|tour|travel|fly|speak|talk|go|join|receive|host|welcome|hold|call|sit)\b"
)


class RelationSuggester:
    """Proposes relations between the spans of one sentence, by patterns."""

    name = "relation patterns"
    version = "1"

    def __init__(self, settings: Settings) -> None:
        self._rules = (
            [rules_of(each, settings) for each in settings.schema.relations]
            if settings.runs(RELATIONS)
            else []
        )

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Propose relations between the accepted spans of each text."""
        return [self.propose_between(each, ()) for each in texts]

    def propose_between(self, text: Text, spans: Iterable[Proposal], *, least: float = SHOWN) -> Suggestions:
        """Propose relations between the accepted spans of a text and likely ones among proposals, down to a score."""
        keys = set(text.accepted) | likely(spans)
        if not self._rules or len(keys) < 2:
            return Suggestions(document=text.document)
        found: list[Proposal] = []
        words = Words(text.text, text.tokens)
        for scene in scenes(words, keys):
            found += self._in_scene(scene, least)
        return Suggestions(document=text.document, proposals=tuple(found))

    def _in_scene(self, scene: Scene, least: float) -> list[Proposal]:
        scored: dict[RelationKey, Proposal] = {}
        for rules in self._rules:
            for proposal in _apply(scene, rules, least, suggester=self.name):
                assert isinstance(proposal.what, RelationKey)
                known = scored.get(proposal.what)
                if known is None or known.score < proposal.score:
                    scored[proposal.what] = proposal
        best: dict[tuple[SpanKey, SpanKey], Proposal] = {}
        for key, proposal in scored.items():
            pair = (key.head, key.child)
            if pair not in best or best[pair].score < proposal.score:
                best[pair] = proposal
        # What is held back takes nothing away from what is shown.
        kept = _without_detours([each for each in best.values() if each.score >= SHOWN])
        kept += [each for each in _without_detours(list(best.values())) if each.score < SHOWN]
        return sorted(kept, key=lambda each: each.what)


def likely(spans: Iterable[Proposal]) -> set[SpanKey]:
    """Give the proposed spans that are likely enough to be joined, the best reading of each place."""
    best: dict[object, tuple[float, SpanKey]] = {}
    for each in spans:
        if isinstance(each.what, SpanKey) and each.score >= LIKELY:
            place = each.what.fragments
            best[place] = max(best.get(place, (0.0, each.what)), (each.score, each.what))
    return {key for _, key in best.values()}


def held_back(score: float, shown: float) -> float:
    """Give a relation's score as it is handed over: below the limit of showing it is scored as candidates are there.

    Args:
        score: 0 to 1. shown: the limit, which for relations is higher than for spans.
    """
    if score >= shown:
        return score
    return min(round(score * candidate.SHOWN / shown, 3), candidate.SHOWN - 0.001)


def _apply(scene: Scene, rules: Rules, least: float, *, suggester: str) -> list[Proposal]:
    """Give the relations of one type in a sentence, those that cannot stand beside a better one left out."""
    found: list[_Scored] = []
    for head, child in _pairs(scene, rules):
        score, reason = _score(scene, rules, head, child)
        if head.stands_for or child.stands_for:
            score *= PRONOUN
        if score >= least:
            found.append(_Scored(head, child, score, reason))
    return [
        Proposal(
            what=_relation_key(each.head, each.child, rules.relation),
            suggester=suggester,
            score=round(each.score, 3),
            reason=each.reason.format(head=each.head.key.label, child=each.child.key.label),
        )
        for each in _only_best(found, rules)
    ]


def _pairs(scene: Scene, rules: Rules) -> Iterator[tuple[Mention, Mention]]:
    """Yield head and child of all pairs that stand near enough and that the schema allows."""
    for index, one in enumerate(scene.mentions):
        for other in scene.mentions[index + 1 : index + 1 + NEIGHBOURS]:
            if other.first <= one.last or other.first - one.last > REACH or one.key == other.key:
                continue
            for head, child in ((one, other), (other, one)):
                if head is other and rules.relation.symmetric:
                    continue
                if not rules.may_join(head=head.mark, child=child.mark):
                    continue
                if rules.relation.allows(head=head.key.label, child=child.key.label):
                    yield head, child


@dataclass(frozen=True, slots=True)
class _Scored:
    head: Mention
    child: Mention
    score: float
    reason: str

    @property
    def rank(self) -> tuple[float, int, int, int]:
        apart = abs(self.head.first - self.child.first)
        return -self.score, apart, self.head.first, self.child.first


def _relation_key(head: Mention, child: Mention, relation: RelationType) -> RelationKey:
    """Name a relation by its ends; of a symmetric one the end that comes first in the text is the head."""
    if (
        relation.symmetric
        and child.key < head.key
        and relation.allows(head=child.key.label, child=head.key.label)
    ):
        return RelationKey(child.key, head.key, relation.name)
    return RelationKey(head.key, child.key, relation.name)


def _only_best(found: Iterable[_Scored], rules: Rules) -> list[_Scored]:
    """Give a role one holder and one body, and a place one larger place: the best, then the nearest."""
    taken: set[int] = set()
    kept = []
    for each in sorted(found, key=lambda each: each.rank):
        role = next((end for end in (each.head, each.child) if end.mark == "ROLE"), None)
        single = role if role is not None else each.head if rules.one_child else None
        if single is None or single.first not in taken:
            kept.append(each)
        if single is not None:
            taken.add(single.first)
    return kept


def _score(scene: Scene, rules: Rules, head: Mention, child: Mention) -> tuple[float, str]:
    """Give the score and reason of the best pattern that fits a pair; patterns come best first."""
    one, other = (head, child) if head.first < child.first else (child, head)
    order = "head" if one is head else "child"
    in_list = one.group >= 0 and one.group == other.group
    narrow = _between(scene, one.last, other.first)
    wide = _between(scene, *_wide_ends(scene, one, other))
    if len(narrow) > LONGEST:
        return 0.0, ""
    best = (0.0, "")
    for each in rules.patterns:
        pattern = each.pattern
        if pattern.score <= best[0]:
            break
        if pattern.first not in {order, "any"}:
            continue
        if pattern.list != in_list and (pattern.list or pattern.wide or pattern.between == ","):
            continue
        text = wide if pattern.wide else narrow
        if each.between.fullmatch(text) is not None:
            score = pattern.score * _distance(text) * _fitting(scene, each, one, other, text)
            best = max(best, (score, pattern.reason), key=lambda scored: scored[0])
    return best


def _fitting(scene: Scene, each: Compiled, one: Mention, other: Mention, text: str) -> float:
    """Give what the words around leave of a score: 0 where they do not match, less where nothing is stated."""
    if each.before is None and each.after is None and not each.pattern.fact:
        return 1.0
    first, last = _outer_ends(scene, one, other, each.pattern)
    opening = _between(scene, max(scene.first, first - 12) - 1, first)
    closing = _between(scene, last, min(scene.last + 1, last + 12))
    if each.before is not None and each.before.fullmatch(opening) is None:
        return 0.0
    if each.after is not None and each.after.fullmatch(closing) is None:
        return 0.0
    return _is_fact(scene, each.pattern, opening, text, closing) if each.pattern.fact else 1.0


def _distance(text: str) -> float:
    words = text.count(" ") + 1
    return 1.0 if words <= 9 else 0.85 if words <= 15 else 0.6


def _is_fact(scene: Scene, pattern: Pattern, opening: str, text: str, closing: str) -> float:
    """Give 1 for a fact, .4 for what is denied, planned or asked."""
    said = set(text.split())
    if pattern.before or pattern.list:
        said |= set(opening.split()[-6:])
    if pattern.after:
        said |= set(closing.split()[:4])
    if said & (vocabulary.NEGATIONS | vocabulary.PLANS):
        return DENIED
    if _INFINITIVE.search(text):
        return DENIED
    end = scene.words[scene.last].text
    return DENIED if end == "?" or scene.words[max(scene.first, scene.last - 1)].text == "?" else 1.0


def _wide_ends(scene: Scene, one: Mention, other: Mention) -> tuple[int, int]:
    """Give the last word of the first end and the first word of the second, with all that belongs to them."""
    last = max(each.wide_last for each in _with_list(scene, one))
    first = min(each.wide_first for each in _with_list(scene, other))
    if last >= first:
        last = one.last
    return (last, first) if last < first else (one.last, other.first)


def _with_list(scene: Scene, mention: Mention) -> list[Mention]:
    if mention.group < 0:
        return [mention]
    return [each for each in scene.mentions if each.group == mention.group]


def _outer_ends(scene: Scene, one: Mention, other: Mention, pattern: Pattern) -> tuple[int, int]:
    if pattern.list:
        members = _with_list(scene, one)
        return min(each.wide_first for each in members), max(each.wide_last for each in members)
    return (one.wide_first, other.wide_last) if pattern.wide else (one.first, other.last)


def _between(scene: Scene, last: int, first: int) -> str:
    """Write what stands between two words: small words, spans as `<mark>`; the rest of a cut compound as `-based`."""
    parts: list[str] = []
    ended = scene.at.get(last)
    if ended is not None:
        rest = scene.words.text[scene.mentions[ended].key.fragments[-1].end : scene.words[last].end]
        if rest.startswith("-"):
            parts.append(rest.lower())
    index = last + 1
    while index < first:
        number = scene.at.get(index)
        if number is not None:
            parts.append(f"<{scene.mentions[number].mark.lower()}>")
            index = max(index, scene.mentions[number].last)
        else:
            parts.append(scene.words[index].lower.replace("’", "'"))
        index += 1
    return " ".join(parts)


def _without_detours(found: Sequence[Proposal]) -> list[Proposal]:
    """Leave out that a person belongs to what his or her office already belongs to."""
    steps: dict[SpanKey, set[SpanKey]] = {}
    for each in found:
        assert isinstance(each.what, RelationKey)
        steps.setdefault(each.what.head, set()).add(each.what.child)
        steps.setdefault(each.what.child, set()).add(each.what.head)
    kept = []
    for each in found:
        assert isinstance(each.what, RelationKey)
        head, child = each.what.head, each.what.child
        if mark_of(head.label) == "PERSON" and mark_of(child.label) == "ORG":
            offices = {key for key in steps.get(head, ()) if mark_of(key.label) == "ROLE"}
            if any(child in steps.get(office, ()) for office in offices):
                continue
        kept.append(each)
    return kept
