"""The patterns of relations, as data: what may stand between, before and after two spans. English.

A pattern is a regular expression over small words with one blank between; a span in between is written
`<person>`, `<role>`, `<org>`, `<gpe>`, `<norp>`, `<loc>`, `<fac>`, `<date>` or `<other>`. `relations.py` applies them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.suggest import role_words
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
        one_child: a head has one child at most. one_head: a child has one head at most.
    """

    names: frozenset[str]
    patterns: tuple[Pattern, ...]
    heads: frozenset[str] = field(default_factory=frozenset)
    children: frozenset[str] = field(default_factory=frozenset)
    one_child: bool = False


BODY = "<(?:org|gpe|norp|loc|fac)>"
PLACE = "<(?:gpe|loc|fac)>"
THE = "(?: (?:the|a|an|his|her|its|their|this))?"
_SMALL = "(?:the|a|an|his|her|its|their|this|new|old|central|northern|southern|eastern|western|downtown|nearby|own)"
SMALL = f"(?: {_SMALL}){{0,3}}"
_STOP = (
    "who|whom|which|that|said|says|told|added|has|had|have|was|is|were|are|will|would|and|but|when|where|after|before|"
    "while|as|with|by|from|because|if|so|<person>|<role>"
)
APPOSED = f"(?: (?!(?:{_STOP})(?: |$))\\S+)"
FORMER = (
    "(?:former|then|new|top|first|current|outgoing|incoming|acting|interim|own|longtime|late|next|senior|ex)"
)
_PREPOSITION = "(?:to|from|with|by|for|on|at|of|in|after|before|and|but|into|as)"
_OBJECT = f"(?: (?!{_PREPOSITION}(?: |$))\\S+){{0,4}}"
_RUN = "(?:(?!.*<person>).*? )?"
LISTED = ".*"
_TRADES = "|".join(sorted(role_words.TRADES | word_set("player member employee worker lawmaker mp")))

HOLDS_ROLE = (
    Pattern(between="", first="child", score=0.95, reason="a {child} stands right before a {head}"),
    Pattern(
        between="and <role>", first="child", score=0.85, reason="two {child} stand right before a {head}"
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
        between=f",{APPOSED}{{0,5}} <role>(?: (?:of|for|at) (?:the )?{BODY})?(?: ,)? and(?: (?:the|a|{BODY}|'s|former)){{0,3}}",
        score=0.7,
        reason="a second {child} explains a {head} after a comma",
    ),
    Pattern(
        between=f",(?: \\S+){{0,4}} (?:who|which) (?:is|was|became|has been|had been|serves as|served as)"
        f"(?: (?:the|a|an|its|{BODY}|'s|{FORMER})){{0,4}}",
        score=0.8,
        reason="“who is” or “who became” stands between",
    ),
    Pattern(
        between=f"(?:is|was|became|becomes|remains|has been|had been)(?: (?:the|a|an|its|{BODY}|'s|{FORMER})){{0,4}}",
        score=0.75,
        reason="“is”, “was” or “became” stands between",
    ),
    Pattern(
        between=f"{_RUN}(?:named|appointed|elected|sworn in as|promoted to)(?: (?:the|a|an|its|{BODY}|'s|{FORMER})){{0,4}}",
        score=0.7,
        reason="the {head} was named or elected",
    ),
    Pattern(
        between=f"{_RUN}as(?: (?:the|a|an|its|their|his|her|{BODY}|'s|{FORMER})){{0,4}}",
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
        between=f"(?:(?!(?:{_STOP}) )\\w+){{1,2}}",
        first="child",
        score=0.5,
        reason="a {child} stands before a {head}",
    ),
    Pattern(between=", whose", first="child", score=0.6, reason="“whose” joins a {child} and a {head}"),
    Pattern(
        between=f"(?:(?!<(?:org|gpe|norp)>).)*?(?:its|their|the country 's|the company 's|the club 's)(?: \\w+)?",
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

MEMBER = Family(
    names=word_set(
        "member membership employ employs employed employee work works worked affiliation affiliated"
    )
    | word_set("plays play player team staff belongs"),
    heads=frozenset({"PERSON"}),
    children=frozenset({"ORG"}),
    patterns=(
        Pattern(
            between="(?:, )?of(?: the)?(?: <norp>)?", score=0.75, reason="“of” joins a {head} and a {child}"
        ),
        Pattern(
            between="(?:, )?from(?: the)?(?: <norp>)?",
            score=0.5,
            reason="“from” joins a {head} and a {child}",
        ),
        Pattern(
            between="(?:, )?(?:both )?of the(?: \\w+){1,2}",
            score=0.6,
            reason="“of” joins a {head} and a {child}",
        ),
        Pattern(between=", (?:both|all) of(?: the)?", score=0.6, reason="“of” joins a {head} and a {child}"),
        Pattern(
            before="(?:.* )?at(?: the)?",
            between=",",
            first="child",
            score=0.55,
            reason="“at” stands before the {child}",
        ),
        Pattern(between="\\(", score=0.6, reason="a {child} follows a {head} in brackets"),
        Pattern(
            between=f",{APPOSED}{{0,5}} (?:of|at|from|with|for)(?: the)?(?: <norp>)?",
            score=0.6,
            reason="a {child} explains a {head} after a comma",
        ),
        Pattern(
            between=f"{_RUN}(?:joined|joins|(?:play|plays|played|playing|work|works|worked|working) (?:for|at|with)|"
            f"(?:employed|hired) by|(?:is|was|became|,)(?: also)? (?:a |the )?member of|(?:served|serves) (?:in|with)|signed (?:for|with)|"
            f"(?:belongs|belonged) to|on the (?:board|staff|team) of|(?:teaches|taught|studies|studied) at)"
            f"(?: (?:the|a|an|<norp>|<gpe>)){{0,3}}",
            score=0.72,
            wide=True,
            fact=True,
            reason="a word for belonging stands between",
        ),
        Pattern(between="'s?", first="child", score=0.6, reason="the {head} belongs to the {child}"),
        Pattern(
            between=f"(?:'s? )?(?:\\w+ )?(?:{_TRADES})",
            first="child",
            score=0.65,
            reason="a trade stands between",
        ),
    ),
)

LOCATED = Family(
    names=word_set("located location lies situated based seat headquarters headquartered part"),
    heads=frozenset({"FAC", "ORG", "GPE", "LOC"}),
    children=frozenset({"GPE", "LOC"}),
    one_child=True,
    patterns=(
        Pattern(between=f"in{SMALL}", score=0.8, reason="“in” joins a {head} and a {child}"),
        Pattern(
            between="in the (?:south|north|east|west|centre|center|heart|middle|suburbs|outskirts|far \\w+|\\w+-?east|\\w+-?west)"
            f" of{SMALL}",
            score=0.75,
            reason="“in” joins a {head} and a {child}",
        ),
        Pattern(between=f"on{SMALL}", score=0.6, reason="“on” joins a {head} and a {child}"),
        Pattern(
            between=",",
            after="(?:[,.);:—–-]|and|in|on|$).*",
            score=0.7,
            reason="a comma joins a {head} and a {child}",
        ),
        Pattern(between="\\(", after="\\).*", score=0.6, reason="a {child} follows a {head} in brackets"),
        Pattern(
            between=f",(?: (?!(?:{_STOP}|at)(?: |$))[^\\s<]+){{1,6}} (?:in|of|on){SMALL}",
            score=0.65,
            reason="a {child} explains a {head} after a comma",
        ),
        Pattern(
            between=f"(?:(?!{PLACE}).)*?(?:is|was|lies|stands|sits|lay|stood|based|located|situated|headquartered|"
            f"headquarters|seat|offices|home) (?:in|at|on){SMALL}",
            score=0.65,
            reason="a word for lying in a place stands between",
        ),
        Pattern(
            between="(?:, |is |was )?(?:the |a )?(?:\\w+ )?(?:capital|part|suburb|district|town|city|port|village|island) "
            f"(?:of|in|on){SMALL}",
            score=0.8,
            reason="a word for a part of a place stands between",
        ),
        Pattern(between="-based(?: \\S+){0,2}", first="child", score=0.85, reason="“-based” stands between"),
        Pattern(
            between="'s (?:\\w+ ){0,2}(?:city|town|port|region|province|capital|island|district|village)(?: of| ,)?",
            first="child",
            score=0.65,
            reason="the {head} is a part of the {child}",
        ),
        Pattern(
            between="'s?(?: (?:\\w+))?", first="child", score=0.45, reason="the {head} belongs to the {child}"
        ),
    ),
)

_GONE = (
    "travelled|traveled|travelling|traveling|travels|flew|flown|flying|flies|went|gone|came|come|comes|drove|sailed|"
    "returned|returning|headed|hurried|rushed|arrived|arriving|arrives|landed|landing|lands|visit|trip|tour|journey|"
    "pilgrimage|stopover|walked|stepped|set foot"
)
VISIT = Family(
    names=word_set("visit visits visited visiting travel travels travelled traveled trip went goes arrived"),
    heads=frozenset({"PERSON"}),
    children=frozenset({"GPE", "LOC", "FAC"}),
    patterns=(
        Pattern(
            between=f"{_RUN}(?:visited|visits|visit|visiting|toured|touring|tours|inspected|revisited){_OBJECT}",
            score=0.75,
            wide=True,
            fact=True,
            reason="a word for visiting stands between",
        ),
        Pattern(
            between=f"{_RUN}(?:{_GONE})(?: (?:(?!<(?:person|gpe|loc|fac)>)\\S+|from(?: the)? <\\w+>)){{0,6}}? (?:to|in|at|into|through|of|on)"
            f"(?: (?:the|a|an|his|her|its|their|city|town|capital|of|<norp>|{FORMER})){{0,4}}",
            score=0.7,
            wide=True,
            fact=True,
            reason="a word for travelling stands between",
        ),
        Pattern(
            between=f"'s? (?:\\w+ ){{0,2}}(?:visit|trip|tour|journey|return|arrival) (?:to|of|through|in|at){SMALL}",
            score=0.75,
            fact=True,
            reason="a word for visiting stands between",
        ),
        Pattern(
            between=f"{_RUN}(?:received|welcomed|greeted|hosted)(?: \\S+){{0,5}}? (?:at|in){SMALL}",
            score=0.65,
            wide=True,
            fact=True,
            reason="the {head} was received there",
        ),
        Pattern(
            before=".*(?:received|welcomed|greeted|hosted|hosting|welcoming|receiving)",
            between=f"(?:, )?(?:at|in|inside){SMALL}",
            score=0.6,
            wide=True,
            fact=True,
            reason="the {head} was received there",
        ),
        Pattern(
            between=f"{_RUN}spent(?: \\S+){{0,5}} (?:in|at|on){SMALL}",
            score=0.6,
            wide=True,
            fact=True,
            reason="the {head} spent time there",
        ),
        Pattern(
            before=".*(?:visiting|visited|touring|arriving in|arriving at|landing in|landing at|visit to|trip to|tour of)"
            "(?: the)?",
            between="(?:(?!<person>)\\S+ ){0,6},",
            first="child",
            score=0.5,
            wide=True,
            fact=True,
            reason="a word for visiting stands before",
        ),
        Pattern(
            between=f"(?:was |were )?(?:visited|toured) by{SMALL}",
            first="child",
            score=0.7,
            wide=True,
            fact=True,
            reason="a word for visiting stands between",
        ),
    ),
)

_MEETING = "meeting|talks|summit|dinner|lunch|breakfast|handshake|encounter|signing"
MEET = Family(
    names=word_set("met meet meets meeting encounter encountered"),
    heads=frozenset({"PERSON"}),
    children=frozenset({"PERSON"}),
    patterns=(
        Pattern(
            between=f"{_RUN}(?:met|meets)(?: up)?(?: with)?(?: (?:the|a|an|his|her|its|their|two|three|briefly)){{0,2}}",
            first="any",
            score=0.78,
            wide=True,
            fact=True,
            reason="a word for meeting stands between",
        ),
        Pattern(
            between=f"{_RUN}(?:alongside|next to|beside|side by side with|together with|accompanied by|in the company of|"
            f"hands with|sat down with|sitting with|embraced|hugged|welcomed|received|greeted|hosted|receiving|welcoming|"
            f"hosting|dined with|(?:lunch|dinner|breakfast|tea|coffee) with|a meeting with|meeting with|talks with|stood with|"
            f"walked with|flanked by|signed .* with){SMALL}",
            first="any",
            score=0.62,
            wide=True,
            fact=True,
            reason="a word for being together stands between",
        ),
        Pattern(
            between=f"{_RUN}(?:welcomed|received|greeted|hosted|met|accompanied|joined)(?: (?!<person>)\\S+){{0,6}}? by{SMALL}",
            first="any",
            score=0.7,
            wide=True,
            fact=True,
            reason="a word for meeting stands between",
        ),
        Pattern(
            between=LISTED,
            after="(?:(?!said|says|told)\\S+ ){0,3}(?:met|meet|shook hands|embraced|signed|sat down|posed|appeared together|"
            "held talks)(?! with )(?: .*)?",
            first="any",
            score=0.7,
            list=True,
            fact=True,
            reason="a word for meeting follows both",
        ),
        Pattern(
            before="(?:.* )?(?:alongside|next to|beside|together with|accompanied by|standing with)",
            between="(?:(?!<person>)\\S+ ){0,5},",
            first="any",
            score=0.5,
            wide=True,
            fact=True,
            reason="a word for being together stands before",
        ),
        Pattern(
            before=f".*(?:{_MEETING}) (?:of|between|with){SMALL}",
            between=LISTED,
            first="any",
            score=0.62,
            list=True,
            fact=True,
            reason="a word for a meeting stands before both",
        ),
    ),
)

SPEAK = Family(
    names=word_set("spoke speak speaks spoken talk talks talked told tell called conversation discussed"),
    heads=frozenset({"PERSON"}),
    children=frozenset({"PERSON"}),
    patterns=(
        Pattern(
            between=f"{_RUN}(?:spoke|spoken|speaks|speaking|talked|talking|chatted|conferred|argued|discussed|quarrelled|"
            f"agreed|consulted)(?: (?!<person>)\\S+){{0,9}}? (?:to|with){SMALL}",
            first="any",
            score=0.75,
            wide=True,
            fact=True,
            reason="a word for speaking stands between",
        ),
        Pattern(
            between=f"{_RUN}(?:told|phoned|telephoned|rang|asked|assured|informed|reminded|texted|messaged)"
            f"(?: (?:the|a|an|his|her|its|their)){{0,1}}",
            first="any",
            score=0.6,
            wide=True,
            fact=True,
            reason="a word for speaking stands between",
        ),
        Pattern(
            between=f"{_RUN}(?:call|calls|conversation|exchange|argument|discussion|discussions|talk|interview|phone|row|"
            f"telephone)(?: (?!<person>)\\S+){{0,3}}? with{SMALL}",
            first="any",
            score=0.7,
            wide=True,
            fact=True,
            reason="a word for a talk stands between",
        ),
        Pattern(
            between=LISTED,
            after="(?:(?!said|says|told)\\S+ ){0,3}(?:spoke|talked|discussed|argued|exchanged|debated|quarrelled|agreed)(?!(?: \\S+)? (?:to|with) )(?: .*)?",
            first="any",
            score=0.6,
            list=True,
            fact=True,
            reason="a word for speaking follows both",
        ),
        Pattern(
            before=f".*(?:exchange|call|conversation|argument|discussion|dispute|row|debate|quarrel)(?: \\S+){{0,2}} "
            f"(?:of|between|with|among){SMALL}",
            between=LISTED,
            first="any",
            score=0.72,
            list=True,
            fact=True,
            reason="a word for a talk stands before both",
        ),
    ),
)

BORN = Family(
    names=word_set("born birth birthplace"),
    heads=frozenset({"PERSON"}),
    children=frozenset({"GPE", "LOC", "FAC"}),
    one_child=True,
    patterns=(
        Pattern(
            between=f"{_RUN}born(?: (?!{PLACE})\\S+){{0,6}}? (?:in|at|near|on){SMALL}(?: (?:town|city|village|capital|port) of)?",
            score=0.87,
            wide=True,
            reason="“born” stands between",
        ),
        Pattern(
            between=",? ?(?:the (?:place|town|city|village) )?(?:where|in which)(?: the)?",
            after="(?:was |were )?born(?: .*)?",
            first="child",
            score=0.8,
            reason="“born” follows",
        ),
        Pattern(between="-born(?: \\S+){0,3}", first="child", score=0.85, reason="“-born” stands between"),
        Pattern(
            between="(?:, |is |was )(?:a |the )?(?:native|son|daughter) of(?: the)?",
            score=0.5,
            reason="“native of” stands between",
        ),
        Pattern(
            between="(?:, |is |was )?(?:the )?birthplace of",
            first="child",
            score=0.7,
            reason="“birthplace” stands between",
        ),
    ),
)

LIVE = Family(
    names=word_set("live lives lived living residence resides resident"),
    heads=frozenset({"PERSON"}),
    children=frozenset({"GPE", "LOC", "FAC"}),
    patterns=(
        Pattern(
            between=f"{_RUN}(?:lives?|lived|living|resides?|resided|settled|moved|grew up|home)(?: \\S+){{0,4}}? "
            f"(?:in|to|on|at){SMALL}",
            score=0.7,
            wide=True,
            reason="a word for living stands between",
        ),
        Pattern(between="(?:, \\d+ ,|,)? ?(?:of|from)", score=0.5, reason="“of” or “from” stands between"),
    ),
)

FAMILIES = (MEMBER, LOCATED, VISIT, MEET, SPEAK, BORN, LIVE)
"""The well-known kinds of relations, besides those between persons, roles and what they are roles of."""

PRONOUNS = word_set("he she")
"""Words that stand for the person named before."""

OWNERS = word_set("its their")
"""Words that stand for the organisation or place named before."""

NEGATIONS = word_set("not n't never without refused declined denied failed yet nor unable instead cancelled")
"""Words that deny what follows."""

PLANS = word_set("""
    will would could may might should shall 'll plans planned plan hopes hoped intends intended wants wanted expected
    due scheduled set whether if invited invites offered ready prepared upcoming next tomorrow possible agreed
    """)
"""Words that make a plan of what follows."""

PREPOSITIONS = word_set("of in for at with to from by on")
"""Words of a type's name that may themselves join its ends."""

SILENT = word_set(
    "the a an of in for at with to from by on is has have be as and or relation rel type entity end between other"
)
"""Words of a type's name or summary that say nothing about how a text puts it."""
