"""Chooses the patterns of a relation type: by what its ends mean, by its name, summary and guideline.

A type that is not well known gets patterns from its own words; `relations.py` applies them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from annotator.model.schema import RelationType
from annotator.suggest import relation_words as vocabulary
from annotator.suggest.base import Settings
from annotator.suggest.mapping import meanings, means_ends
from annotator.suggest.mentions import BODIES
from annotator.suggest.relation_families import FAMILIES
from annotator.suggest.relation_words import Pattern
from annotator.suggest.word_sets import word_set

_VAGUE = word_set(
    """
    person people place places organisation organization entity which where their there these those
    about other another between related something somebody first second
    """
)
_PLAIN = "(?!<)\\S+"
"""A word that is no span."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern with its expressions compiled."""

    pattern: Pattern
    between: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one relation type, best first, in the direction of the type.

    `heads` and `children` are the marks its ends may have, empty for any; `one_child` says that a head has one child.
    """

    relation: RelationType
    patterns: tuple[Compiled, ...]
    heads: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    one_child: bool = False

    def may_join(self, *, head: str, child: str) -> bool:
        """Tell whether spans of these marks may be its ends."""
        return (not self.heads or head in self.heads) and (not self.children or child in self.children)


def rules_of(relation: RelationType, settings: Settings) -> Rules:
    """Choose the patterns of a relation type by the meaning of its ends, its name, summary and guideline."""
    said = _name_words(relation)
    of_roles = _rules_of_roles(relation, said)
    if of_roles is not None:
        return of_roles
    heads, children = means_ends(relation, settings.schema)
    for family in FAMILIES:
        if family.names & set(said) and family.heads & heads and family.children & children:
            own = _patterns_of_cues(relation, _guideline_cues(relation))
            patterns = [*family.patterns, *own]
            ends = {"heads": family.heads, "children": family.children}
            return _rules(relation, patterns, one_child=family.one_child, **ends)
    cues = [*_stems(said), *_guideline_cues(relation)]
    return _rules(relation, [*_patterns_of_cues(relation, cues), *_patterns_of_name(relation)])


def _rules_of_roles(relation: RelationType, said: Sequence[str]) -> Rules | None:
    """Give the rules of a type between persons and roles, or roles and what they belong to; else None."""
    heads = frozenset().union(*(meanings(label) for label in relation.heads))
    children = frozenset().union(*(meanings(label) for label in relation.children))
    if not heads and not children and {"role", "title", "position"} & set(said):
        if "of" in said:
            return _rules(
                relation, vocabulary.ROLE_OF, heads=frozenset({"ROLE"}), children=BODIES, one_child=True
            )
        return _rules(
            relation, vocabulary.HOLDS_ROLE, heads=frozenset({"PERSON"}), children=frozenset({"ROLE"})
        )
    if "PERSON" in heads and children == {"ROLE"}:
        return _rules(relation, vocabulary.HOLDS_ROLE)
    if heads == {"ROLE"} and "PERSON" in children:
        return _rules(relation, [_turned(each) for each in vocabulary.HOLDS_ROLE])
    if heads == {"ROLE"} and children and children <= BODIES:
        return _rules(relation, vocabulary.ROLE_OF, one_child=True)
    if children == {"ROLE"} and heads and heads <= BODIES:
        return _rules(relation, [_turned(each) for each in vocabulary.ROLE_OF])
    return None


def _rules(
    relation: RelationType,
    patterns: Iterable[Pattern],
    *,
    heads: frozenset[str] = frozenset(),
    children: frozenset[str] = frozenset(),
    one_child: bool = False,
) -> Rules:
    best_first = sorted(patterns, key=lambda each: -each.score)
    compiled = tuple(
        Compiled(each, re.compile(each.between), _maybe(each.before), _maybe(each.after))
        for each in best_first
    )
    return Rules(relation, compiled, heads, children, one_child)


def _maybe(pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None


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
            found += [re.escape(cue.strip(' *_."“”').lower()) for cue in re.split(r"[,;]", match[1])]
    return [cue for cue in found if cue]


def _patterns_of_cues(relation: RelationType, cues: Sequence[str]) -> list[Pattern]:
    """Make patterns from words that a type's name or guideline gives; "by" turns the direction round."""
    if not cues:
        return []
    cue = f"(?:{'|'.join(cues)})\\w*"
    passive_name = "by" in _name_words(relation)
    active, passive = ("child", "head") if passive_name else ("head", "child")
    if relation.symmetric:
        active = passive = "any"
    reason = "a word of the type's name or guideline stands between"
    opening = f"(?:{_PLAIN} ){{0,5}}{cue}"
    return [
        Pattern(
            between=f"{opening}(?: (?!by ){_PLAIN}){{0,4}}", first=active, score=0.6, fact=True, reason=reason
        ),
        Pattern(
            between=f"{opening}(?: {_PLAIN}){{0,2}} by(?: {_PLAIN}){{0,2}}",
            first=passive,
            score=0.62,
            fact=True,
            reason=reason,
        ),
        Pattern(between=f"'s?(?: \\w+)?(?: {cue})(?: ,)?", first="child", score=0.6, reason=reason),
    ]


def _patterns_of_name(relation: RelationType) -> list[Pattern]:
    """Make weaker patterns from a type's summary, and from a preposition at the end of its name."""
    patterns = []
    first = "any" if relation.symmetric else "head"
    summary = _stems(
        word for word in re.findall(r"[a-z]{5,}", relation.summary.lower()) if word not in _VAGUE
    )
    if summary:
        between = f"(?:{_PLAIN} ){{0,4}}(?:{'|'.join(summary)})\\w*(?: {_PLAIN}){{0,3}}"
        reason = "a word of the type's summary stands between"
        patterns.append(Pattern(between=between, first=first, score=0.42, fact=True, reason=reason))
    for joint in vocabulary.PREPOSITIONS & set(_name_words(relation)[-1:]):
        between = f"{joint}(?: (?:the|a|an|\\w+)){{0,1}}"
        reason = f"“{joint}” joins a {{head}} and a {{child}}"
        patterns.append(Pattern(between=between, first=first, score=0.45, reason=reason))
    return patterns
