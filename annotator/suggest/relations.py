"""Proposes relations by patterns over the words between two spans of one sentence; no parser, no library.

Joins accepted spans and likely proposals, only as the schema allows, with the best type for each ordered pair. The
patterns are data (`relation_words.py`); a type that is not well known is looked for by the words of its name, of its
summary, and of a line `Cues: ...` in its guideline.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from annotator.model.annotation import RelationKey, SpanKey
from annotator.model.candidate import Proposal
from annotator.model.schema import RelationType
from annotator.suggest import relation_words as vocabulary
from annotator.suggest.base import RELATIONS, Settings, Suggestions, Text
from annotator.suggest.mapping import meanings, means_ends
from annotator.suggest.relation_words import Pattern
from annotator.suggest.words import Words

SHOWN = 0.35
"""Relations scored below this are not proposed."""
LIKELY = 0.5
"""Proposed spans scored below this are not joined."""
PRONOUN = 0.75
"""What is left of a score where a pronoun stands for one end."""
REACH = 40
"""Most words between two spans that are joined."""
NEIGHBOURS = 14
"""Most spans after a span that are looked at."""

_BODIES = frozenset({"ORG", "GPE", "NORP", "LOC", "FAC"})
_MARKS = ("PERSON", "ROLE", "ORG", "GPE", "NORP", "LOC", "FAC", "DATE")
_LINKS = frozenset({",", "and", "or", "&"})
_BEFORE_NAMES = frozenset(
    "the a an his her its their former then new top acting interim current first late mr mrs ms dr ' 's".split()
)
_OPPOSITES = frozenset("counterpart colleague predecessor successor rival namesake deputy wife husband son daughter".split())


@dataclass(slots=True)
class Mention:
    """A span as an end of relations: its key, what it is about, and the words it stands on.

    `first` and `last` are its words; `wide_first` and `wide_last` take in titles before and explanations after it;
    `group` numbers the list it is a member of, -1 for none; `stands_for` says that a pronoun stands there.
    """

    key: SpanKey
    mark: str
    first: int
    last: int
    wide_first: int = 0
    wide_last: int = 0
    group: int = -1
    stands_for: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one relation type, in the direction of the type."""

    relation: RelationType
    patterns: tuple[tuple[Pattern, re.Pattern[str], re.Pattern[str] | None, re.Pattern[str] | None], ...]
    heads: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    one_child: bool = False


@dataclass(slots=True)
class Scene:
    """One sentence: the words of the document, the sentence's mentions in text order, its first and last word."""

    words: Words
    mentions: list[Mention]
    first: int
    last: int
    at: dict[int, int] = field(default_factory=dict)


class RelationSuggester:
    """Proposes relations between the spans of one sentence, by patterns."""

    name = "relation patterns"
    version = "1"

    def __init__(self, settings: Settings) -> None:
        self._schema = settings.schema
        self._rules = [rules_of(each, settings) for each in settings.schema.relations] if settings.runs(RELATIONS) else []

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Propose relations between the accepted spans of each text."""
        return [self.propose_between(each, ()) for each in texts]

    def propose_between(self, text: Text, spans: Iterable[Proposal]) -> Suggestions:
        """Propose relations between the accepted spans of a text and the likely ones among proposals."""
        keys = set(text.accepted)
        keys.update(
            each.what for each in spans if isinstance(each.what, SpanKey) and each.score >= LIKELY
        )
        if not self._rules or len(keys) < 2:
            return Suggestions(document=text.document)
        found: list[Proposal] = []
        words = Words(text.text, text.tokens)
        for scene in scenes(words, keys):
            found += self._in_scene(scene)
        return Suggestions(document=text.document, proposals=tuple(found))

    def _in_scene(self, scene: Scene) -> list[Proposal]:
        scored: dict[RelationKey, Proposal] = {}
        for rules in self._rules:
            for proposal in _apply(scene, rules, suggester=self.name):
                assert isinstance(proposal.what, RelationKey)
                known = scored.get(proposal.what)
                if known is None or known.score < proposal.score:
                    scored[proposal.what] = proposal
        best: dict[tuple[SpanKey, SpanKey], Proposal] = {}
        for key, proposal in scored.items():
            pair = (key.head, key.child)
            if pair not in best or best[pair].score < proposal.score:
                best[pair] = proposal
        kept = [each for each in best.values() if each.score >= SHOWN]
        return sorted(_without_detours(kept), key=lambda each: each.what)


def scenes(words: Words, keys: Iterable[SpanKey]) -> Iterator[Scene]:
    """Yield the sentences that hold two spans or more; a span over a sentence's end belongs to none."""
    mentions: dict[int, list[Mention]] = {}
    for key in sorted(keys):
        first, last = words.covering(key.fragments[0].start, key.fragments[-1].end)
        if last > first and words[first].sentence == words[last - 1].sentence:
            mark = _mark(key.label)
            mentions.setdefault(words[first].sentence, []).append(Mention(key, mark, first, last - 1, first, last - 1))
    borders: dict[int, tuple[int, int]] = {}
    for index, word in enumerate(words):
        start, _ = borders.get(word.sentence, (index, index))
        borders[word.sentence] = (start, index)
    for sentence, found in sorted(_with_pronouns(words, mentions, borders).items()):
        if len(found) < 2:
            continue
        scene = Scene(words, found, *borders[sentence])
        for number, mention in enumerate(found):
            for index in range(mention.first, mention.last + 1):
                scene.at.setdefault(index, number)
        _widen(scene)
        _group(scene)
        yield scene


def _with_pronouns(
    words: Words, mentions: dict[int, list[Mention]], borders: dict[int, tuple[int, int]]
) -> dict[int, list[Mention]]:
    """Add "he" and "she", "its" and "their" as mentions of what was named last: here, or a sentence before.

    Before means in the same paragraph. A person named first in a sentence is taken for its subject.
    """
    found = {sentence: list(each) for sentence, each in mentions.items()}
    for sentence, (first, last) in borders.items():
        for index in range(first, last + 1):
            lower = words[index].lower
            if lower not in vocabulary.PRONOUNS and lower not in vocabulary.OWNERS:
                continue
            wanted = {"PERSON"} if lower in vocabulary.PRONOUNS else {"ORG", "GPE"}
            meant = _meant(words, mentions, sentence, index, wanted)
            if meant is not None:
                pronoun = Mention(meant.key, meant.mark, index, index, index, index, stands_for=True)
                found.setdefault(sentence, []).append(pronoun)
    for each in found.values():
        each.sort(key=lambda mention: (mention.first, mention.last))
    return found


def _meant(
    words: Words, mentions: dict[int, list[Mention]], sentence: int, index: int, wanted: set[str]
) -> Mention | None:
    here = [each for each in mentions.get(sentence, ()) if each.mark in wanted and each.last < index]
    if here:
        return here[-1]
    before = [each for each in mentions.get(sentence - 1, ()) if each.mark in wanted]
    if not before or "\n" in words.text[words[before[-1].last].end : words[index].start]:
        return None
    return before[0]


@functools.lru_cache(maxsize=512)
def _mark(label: str) -> str:
    meaning = meanings(label)
    return next((mark for mark in _MARKS if mark in meaning), "OTHER")


def _widen(scene: Scene) -> None:
    """Take titles before a person, and an explanation between commas after, into its wide extent."""
    for mention in scene.mentions:
        if mention.mark != "PERSON":
            continue
        index = mention.first - 1
        while index >= scene.first and _belongs_before(scene, index):
            index = scene.mentions[scene.at[index]].first - 1 if index in scene.at else index - 1
        mention.wide_first = index + 1
        comma = mention.last + 1
        if comma <= scene.last and scene.words[comma].text in {",", "("}:
            mention.wide_last = _explained_until(scene, comma, mention.last)


def _belongs_before(scene: Scene, index: int) -> bool:
    """Tell whether a word left of a name belongs to it: a title, its organisation, an article."""
    word = scene.words[index]
    if index in scene.at:
        return scene.mentions[scene.at[index]].mark in {"ROLE", *_BODIES}
    if word.lower.replace("’", "'") in _BEFORE_NAMES or word.lower in _OPPOSITES:
        return True
    before = index - 1
    if word.text != "," or before < scene.first:
        return False
    if before in scene.at:
        return scene.mentions[scene.at[before]].mark == "ROLE" or (
            scene.mentions[scene.at[before]].mark in _BODIES and _role_stands_before(scene, before)
        )
    return scene.words[before].lower in _OPPOSITES


def _role_stands_before(scene: Scene, index: int) -> bool:
    """Tell whether "ROLE of" stands before the body at an index."""
    start = scene.mentions[scene.at[index]].first
    for before in range(start - 1, max(scene.first, start - 4) - 1, -1):
        if before in scene.at:
            return scene.mentions[scene.at[before]].mark == "ROLE"
        if scene.words[before].lower not in {"of", "for", "to", "at", "the", "in"}:
            return False
    return False


def _explained_until(scene: Scene, comma: int, last: int) -> int:
    """Give the last word of an explanation that begins at a comma or bracket; `last` where there is none."""
    closing = "," if scene.words[comma].text == "," else ")"
    if comma + 1 > scene.last:
        return last
    opener = scene.words[comma + 1]
    is_role = any(
        scene.mentions[scene.at[index]].mark == "ROLE"
        for index in range(comma + 1, min(comma + 8, scene.last + 1))
        if index in scene.at
    )
    opens = opener.lower in {"who", "whose", "which", "a", "an", "the", "aged", "his", "her", "its"}
    if not (opens or is_role or opener.text[0].isdigit() or closing == ")"):
        return last
    for index in range(comma + 1, min(comma + 24, scene.last + 1)):
        if scene.words[index].text == closing:
            nested = scene.words.get(index + 1)
            goes_on = opener.text[0].isdigit() and nested is not None and closing == "," and index == comma + 2
            return _explained_until(scene, index, index) if goes_on else index
        if index in scene.at and scene.mentions[scene.at[index]].mark == "PERSON":
            return last
    return last


def _group(scene: Scene) -> None:
    """Number the lists: mentions of one kind with commas or "and" between, and at least one "and", or three."""
    run: list[Mention] = []
    linked = False
    number = 0
    for mention in [*scene.mentions, None]:
        if run and mention is not None:
            between = [scene.words[index].lower for index in range(run[-1].last + 1, mention.wide_first)]
            if (
                _same_kind(run[-1], mention)
                and between
                and len(between) <= 3
                and set(between) <= _LINKS | {"the"}
                and _LINKS & set(between)
            ):
                run.append(mention)
                linked = linked or bool({"and", "or", "&"} & set(between))
                continue
        if mention is not None and run and mention.mark in {"ROLE", "ORG", "GPE", "NORP"} and _leads_on(scene, mention, run):
            continue
        if len(run) > 1 and (linked or len(run) > 2):
            for member in run:
                member.group = number
            number += 1
        run = [mention] if mention is not None else []
        linked = False


def _leads_on(scene: Scene, mention: Mention, run: Sequence[Mention]) -> bool:
    """Tell whether a mention is only the title of the list's next member."""
    if run[-1].mark != "PERSON":
        return False
    following = next((each for each in scene.mentions if each.mark == "PERSON" and each.first > mention.last), None)
    return following is not None and following.wide_first <= mention.first and following.wide_first > run[-1].last


def _same_kind(first: Mention, second: Mention) -> bool:
    places = {"GPE", "LOC", "FAC"}
    return first.mark == second.mark or {first.mark, second.mark} <= places


def rules_of(relation: RelationType, settings: Settings) -> Rules:
    """Choose the patterns of a relation type by the meaning of its ends, its name, summary and guideline."""
    heads, children = means_ends(relation, settings.schema)
    narrow_heads = frozenset().union(*(meanings(label) for label in relation.heads))
    narrow_children = frozenset().union(*(meanings(label) for label in relation.children))
    if "PERSON" in narrow_heads and narrow_children == {"ROLE"}:
        return _rules(relation, vocabulary.HOLDS_ROLE)
    if narrow_heads == {"ROLE"} and "PERSON" in narrow_children:
        return _rules(relation, [_turned(each) for each in vocabulary.HOLDS_ROLE])
    if narrow_heads == {"ROLE"} and narrow_children and narrow_children <= _BODIES:
        return _rules(relation, vocabulary.ROLE_OF, one_child=True)
    if narrow_children == {"ROLE"} and narrow_heads and narrow_heads <= _BODIES:
        return _rules(relation, [_turned(each) for each in vocabulary.ROLE_OF])
    spoken = _name_words(relation)
    for family in vocabulary.FAMILIES:
        if family.names & set(spoken) and family.heads & heads and family.children & children:
            own = _own_patterns(relation, cues=_guideline_cues(relation))
            return _rules(
                relation,
                [*family.patterns, *own],
                heads=family.heads,
                children=family.children,
                one_child=family.one_child,
            )
    return _rules(relation, _own_patterns(relation, cues=[*_stems(spoken), *_guideline_cues(relation)], by_name=True))


def _rules(
    relation: RelationType,
    patterns: Iterable[Pattern],
    *,
    heads: frozenset[str] = frozenset(),
    children: frozenset[str] = frozenset(),
    one_child: bool = False,
) -> Rules:
    compiled = tuple(
        (
            each,
            re.compile(each.between),
            re.compile(each.before) if each.before else None,
            re.compile(each.after) if each.after else None,
        )
        for each in sorted(patterns, key=lambda each: -each.score)
    )
    return Rules(relation, compiled, heads, children, one_child)


def _turned(pattern: Pattern) -> Pattern:
    first = {"head": "child", "child": "head"}.get(pattern.first, pattern.first)
    reason = pattern.reason.replace("{head}", "{x}").replace("{child}", "{head}").replace("{x}", "{child}")
    return replace(pattern, first=first, reason=reason)


def _name_words(relation: RelationType) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", relation.name)
    return [word for word in re.split(r"[\W_\d]+", spaced.lower()) if word]


def _stems(words: Iterable[str]) -> list[str]:
    """Give what a cue must begin with: `found` for founded, `acquir` for acquires."""
    found = []
    for word in words:
        if word in vocabulary.SILENT or len(word) < 3:
            continue
        stem = re.sub(r"(?:ations?|ation|ions?|ing|ers?|ors?|ed|es|s|e)$", "", word)
        found.append(re.escape(stem if len(stem) >= 3 else word))
    return list(dict.fromkeys(found))


def _guideline_cues(relation: RelationType) -> list[str]:
    """Read the words of a line `Cues: buys, takes over` in the guideline; a cue may be of several words."""
    found = []
    for line in relation.guideline.splitlines():
        match = re.match(r"[\s*_>-]*cues?[\s*_]*:[\s*_]*(.*)", line, re.IGNORECASE)
        if match is not None:
            found += [re.escape(cue.strip(" *_.\"“”").lower()) for cue in re.split(r"[,;]", match[1])]
    return [cue for cue in found if cue]


def _own_patterns(relation: RelationType, *, cues: Sequence[str], by_name: bool = False) -> list[Pattern]:
    """Make patterns from the words that a type itself gives."""
    patterns = []
    if cues:
        cue = f"(?:{'|'.join(cues)})\\w*"
        by = "by" in _name_words(relation)
        active, passive = ("child", "head") if by else ("head", "child")
        reason = "a word of the type's name or guideline stands between"
        if relation.symmetric:
            active = passive = "any"
        patterns += [
            Pattern(
                between=f"(?:(?!<)\\S+ ){{0,5}}{cue}(?: (?!by )(?!<)\\S+){{0,4}}", first=active, score=0.6, fact=True, reason=reason
            ),
            Pattern(
                between=f"(?:(?!<)\\S+ ){{0,5}}{cue}(?: (?!<)\\S+){{0,2}} by(?: (?!<)\\S+){{0,2}}",
                first=passive,
                score=0.62,
                fact=True,
                reason=reason,
            ),
            Pattern(between=f"'s?(?: \\w+)?(?: {cue})(?: ,)?", first="child", score=0.6, reason=reason),
        ]
    if not by_name:
        return patterns
    summary = _stems(word for word in re.findall(r"[a-z]{5,}", relation.summary.lower()) if word not in _VAGUE)
    if summary:
        patterns.append(
            Pattern(
                between=f"(?:(?!<)\\S+ ){{0,4}}(?:{'|'.join(summary)})\\w*(?: (?!<)\\S+){{0,3}}",
                first="any" if relation.symmetric else "head",
                score=0.42,
                fact=True,
                reason="a word of the type's summary stands between",
            )
        )
    joints = vocabulary.PREPOSITIONS & set(_name_words(relation)[-1:])
    for joint in sorted(joints):
        patterns.append(
            Pattern(
                between=f"{joint}(?: (?:the|a|an|\\w+)){{0,1}}", score=0.45, reason=f"“{joint}” joins a {{head}} and a {{child}}"
            )
        )
    return patterns


_VAGUE = frozenset(
    "person people place places organisation organization entity which where their there these those about other "
    "another between related something somebody first second other".split()
)


def _apply(scene: Scene, rules: Rules, *, suggester: str) -> list[Proposal]:
    """Give the relations of one type in a sentence, those that cannot stand beside a better one left out."""
    found: list[tuple[float, int, Mention, Mention, str]] = []
    for index, one in enumerate(scene.mentions):
        for other in scene.mentions[index + 1 : index + 1 + NEIGHBOURS]:
            if other.first <= one.last or other.first - one.last > REACH:
                continue
            for head, child in ((one, other), (other, one)):
                if (head is other and rules.relation.symmetric) or head.key == child.key:
                    continue
                if not rules.relation.allows(head=head.key.label, child=child.key.label):
                    continue
                if (rules.heads and head.mark not in rules.heads) or (rules.children and child.mark not in rules.children):
                    continue
                score, reason = _score(scene, rules, head, child)
                if one.stands_for or other.stands_for:
                    score *= PRONOUN
                if score >= SHOWN:
                    found.append((score, other.first - one.last, head, child, reason))
    kept = _only_best(found, rules)
    return [
        Proposal(
            what=_relation_key(head, child, rules.relation),
            suggester=suggester,
            score=round(score, 3),
            reason=reason.format(head=head.key.label, child=child.key.label),
        )
        for score, _, head, child, reason in kept
    ]


def _relation_key(head: Mention, child: Mention, relation: RelationType) -> RelationKey:
    """Name a relation by its ends; of a symmetric one the end that comes first in the text is the head."""
    if relation.symmetric and child.key < head.key and relation.allows(head=child.key.label, child=head.key.label):
        return RelationKey(child.key, head.key, relation.name)
    return RelationKey(head.key, child.key, relation.name)


def _only_best(
    found: list[tuple[float, int, Mention, Mention, str]], rules: Rules
) -> list[tuple[float, int, Mention, Mention, str]]:
    """Give a role one holder and one body, and a place one larger place: the best, then the nearest."""
    found.sort(key=lambda each: (-each[0], each[1], each[2].first, each[3].first))
    taken: set[int] = set()
    kept = []
    for each in found:
        head, child = each[2], each[3]
        role = next((end for end in (head, child) if end.mark == "ROLE"), None)
        single = role if role is not None else head if rules.one_child else None
        if single is not None:
            if id(single) in taken:
                continue
            taken.add(id(single))
        kept.append(each)
    return kept


def _score(scene: Scene, rules: Rules, head: Mention, child: Mention) -> tuple[float, str]:
    """Give the score and reason of the best pattern that fits a pair; patterns come best first."""
    one, other = (head, child) if head.first < child.first else (child, head)
    order = "head" if one is head else "child"
    narrow = wide = None
    best = (0.0, "")
    for pattern, between, before, after in rules.patterns:
        if pattern.score <= best[0] or pattern.first not in {order, "any"}:
            continue
        in_list = one.group >= 0 and one.group == other.group
        if pattern.list != in_list and (pattern.list or pattern.wide or pattern.between == ","):
            continue
        if pattern.wide:
            wide = wide if wide is not None else _between(scene, *_wide_ends(scene, one, other))
            text = wide
        else:
            narrow = narrow if narrow is not None else _between(scene, one.last, other.first)
            text = narrow
        if between.fullmatch(text) is None:
            continue
        score = pattern.score * _distance(text)
        if before is not None or after is not None or pattern.fact:
            first, last = _outer_ends(scene, one, other, pattern)
            opening = _between(scene, max(scene.first, first - 12) - 1, first)
            if before is not None and before.fullmatch(opening) is None:
                continue
            closing = _between(scene, last, min(scene.last + 1, last + 12))
            if after is not None and after.fullmatch(closing) is None:
                continue
            if pattern.fact:
                score *= _is_fact(scene, pattern, opening, text, closing)
        if score > best[0]:
            best = (score, pattern.reason)
    return best


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
        return 0.4
    if re.search(r"\bto (?:visit|meet|tour|travel|fly|speak|talk|go|join|receive|host|welcome|hold|call|sit)\b", text):
        return 0.4
    end = scene.words[scene.last].text
    return 0.4 if end == "?" or scene.words[max(scene.first, scene.last - 1)].text == "?" else 1.0


def _wide_ends(scene: Scene, one: Mention, other: Mention) -> tuple[int, int]:
    """Give the last word of the first end and the first word of the second, with all that belongs to them."""
    ending = max((each for each in scene.mentions if each is one or (one.group >= 0 and each.group == one.group)), key=_end)
    starting = min(
        (each for each in scene.mentions if each is other or (other.group >= 0 and each.group == other.group)),
        key=lambda each: each.wide_first,
    )
    last, first = ending.wide_last, starting.wide_first
    if last >= first:
        last = one.last
    return (last, first) if last < first else (one.last, other.first)


def _end(mention: Mention) -> int:
    return mention.wide_last


def _outer_ends(scene: Scene, one: Mention, other: Mention, pattern: Pattern) -> tuple[int, int]:
    if pattern.list:
        members = [each for each in scene.mentions if each.group == one.group]
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
        if _mark(head.label) == "PERSON" and _mark(child.label) == "ORG":
            offices = {key for key in steps.get(head, ()) if _mark(key.label) == "ROLE"}
            if any(child in steps.get(office, ()) for office in offices):
                continue
        kept.append(each)
    return kept
