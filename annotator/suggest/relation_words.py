"""The patterns of relations, as data: what may stand between, before and after two spans. English.

A pattern is a regular expression over small words with one blank between; a span in between is written
`<person>`, `<role>`, `<org>`, `<gpe>`, `<norp>`, `<loc>`, `<fac>`, `<date>` or `<other>`. `relations.py` applies them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.suggest.word_sets import word_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One way in which a text says that two spans are related.

    Args:
        between: must match all that stands between them. before, after: must match the words before the first and
            after the second, if given.
        first: which end comes first in the text, `head`, `child` or `any`.
        score: 0 to 1. reason: in words, for the screen.
        wide: the ends stand with all that belongs to them ("Irish Prime Minister Micheál Martin, 58,").
        fact: a negation or a plan in between takes most of the score.
        list: both ends are members of one list ("Ada and Bob").
    """

    between: str
    score: float
    reason: str
    first: str = "head"
    before: str = ""
    after: str = ""
    wide: bool = False
    fact: bool = False
    list: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Patterns of one well-known kind of relation.

    Args:
        names: words of a type's name that mean this kind.
        heads, children: what its ends mean, empty for anything.
        one_child: a head has one child at most.
    """

    names: frozenset[str]
    patterns: tuple[Pattern, ...]
    heads: frozenset[str] = field(default_factory=frozenset)
    children: frozenset[str] = field(default_factory=frozenset)
    one_child: bool = False


BODY = "<(?:org|gpe|norp|loc|fac)>"
PLACE = "<(?:gpe|loc|fac)>"
_SMALL = "(?:the|a|an|his|her|its|their|this|new|old|central|northern|southern|eastern|western|downtown|nearby|own)"
SMALL = f"(?: {_SMALL}){{0,3}}"
STOP = (
    "who|whom|which|that|said|says|told|added|has|had|have|was|is|were|are|will|would|and|but|when|where|after|before|"
    "while|as|with|by|from|because|if|so|<person>|<role>"
)
APPOSED = f"(?: (?!(?:{STOP})(?: |$))\\S+)"
FORMER = (
    "(?:former|then|new|top|first|current|outgoing|incoming|acting|interim|own|longtime|late|next|senior|ex)"
)
ARTICLES = "the|a|an|his|her|its|their"
_OFFICE = f"(?: (?:the|a|an|its|their|his|her|{BODY}|'s|{FORMER})){{0,4}}"
RUN = "(?:(?!.*<person>).*? )?"
LISTED = ".*"

HOLDS_ROLE = (
    Pattern(between="", first="child", score=0.95, reason="a {child} stands right before a {head}"),
    Pattern(
        before="(?!(?:.* )?the$).*",
        between="and <role>",
        first="child",
        score=0.85,
        reason="two {child} stand right before a {head}",
    ),
    Pattern(between=",", first="child", score=0.85, reason="a comma joins a {child} and a {head}"),
    Pattern(
        between=f"(?:of|for|at|to|in)(?: the)?(?: \\w+)? {BODY}(?: ,)?",
        first="child",
        score=0.85,
        reason="a {child} and its organisation or place stand before a {head}",
    ),
    Pattern(between=f",{APPOSED}{{0,7}}", score=0.85, reason="a {child} explains a {head} after a comma"),
    Pattern(
        between=f",{APPOSED}{{0,5}} <role>(?: (?:of|for|at) (?:the )?{BODY})?(?: ,)? and{_OFFICE}",
        score=0.7,
        reason="a second {child} explains a {head} after a comma",
    ),
    Pattern(
        between=f",(?: \\S+){{0,4}} (?:who|which) (?:is|was|became|has been|had been|serves as|served as){_OFFICE}",
        score=0.8,
        reason="“who is” or “who became” stands between",
    ),
    Pattern(
        between=f"(?:is|was|became|becomes|remains|has been|had been){_OFFICE}",
        score=0.75,
        reason="“is”, “was” or “became” stands between",
    ),
    Pattern(
        between=f"{RUN}(?:named|appointed|elected|sworn in as|promoted to){_OFFICE}",
        score=0.7,
        reason="the {head} was named or elected",
    ),
    Pattern(
        between=f"{RUN}as{_OFFICE}",
        score=0.55,
        reason="“as” stands before the {child}",
    ),
    Pattern(between="\\(", score=0.7, reason="a {child} follows a {head} in brackets"),
)
"""A person (head) and the role (child) that he or she holds."""

ROLE_OF = (
    Pattern(between="", first="child", score=0.9, reason="a {child} stands right before a {head}"),
    Pattern(between=f"{FORMER}", first="child", score=0.85, reason="a {child} stands right before a {head}"),
    Pattern(
        between=f"'s?(?: (?:{FORMER}|\\w+)){{0,2}}",
        first="child",
        score=0.87,
        reason="the {head} belongs to the {child}",
    ),
    Pattern(
        between=f"(?!(?:{STOP}|{ARTICLES})\\b)\\w+(?: (?!(?:{STOP}|{ARTICLES})\\b)\\w+)?",
        first="child",
        score=0.5,
        reason="a {child} stands before a {head}",
    ),
    Pattern(between=", whose", first="child", score=0.6, reason="“whose” joins a {child} and a {head}"),
    Pattern(
        between="(?:(?:(?!<(?:org|gpe|norp)>).)*? )?(?:its|their|the country 's|the company 's|the club 's)(?: \\w+)?",
        first="child",
        score=0.5,
        reason="“its” may mean the {child}",
    ),
    Pattern(
        between="(?:of|for)(?: the)? <norp> \\w+ (?:of|in)(?: the)?",
        score=0.9,
        reason="“of” joins a {head} and a {child}",
    ),
    Pattern(between="of(?: (?:the|a|an|\\w+)){0,3}", score=0.87, reason="“of” joins a {head} and a {child}"),
    Pattern(
        between="(?:for|at)(?: (?:the|a|an|\\w+)){0,3}",
        score=0.72,
        reason="“for” or “at” joins a {head} and a {child}",
    ),
    Pattern(between="(?:with|in)(?: the)?", score=0.5, reason="“in” or “with” joins a {head} and a {child}"),
    Pattern(between="to(?: the)?", score=0.45, reason="“to” joins a {head} and a {child}"),
    Pattern(
        between="<person> (?:of|from)(?: the)?",
        score=0.6,
        reason="the person with this {head} is “of” the {child}",
    ),
)
"""A role (head) and the organisation, place or people (child) it belongs to."""

PRONOUNS = word_set("he she")
"""Words that stand for the person named before."""

OWNERS = word_set("its their")
"""Words that stand for the organisation or place named before."""

NEGATIONS = word_set(
    """
    not n't never without refused declined denied failed yet nor unable instead cancelled
    """
)
"""Words that deny what follows."""

PLANS = word_set(
    """
    will would could may might should shall 'll plans planned plan hopes hoped intends intended wants
    wanted expected due scheduled set whether if invited invites offered ready prepared upcoming next
    tomorrow possible agreed
    """
)
"""Words that make a plan of what follows."""

PREPOSITIONS = word_set("of in for at with to from by on")
"""Words of a type's name that may themselves join its ends."""

SILENT = word_set(
    """
    the a an of in for at with to from by on is has have be as and or relation rel type entity end
    between other
    """
)
"""Words of a type's name or summary that say nothing about how a text puts it."""
