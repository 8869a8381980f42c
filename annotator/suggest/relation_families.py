"""The well-known kinds of relations between persons, organisations and places, as patterns. English; data only.

How patterns are written stands in `relation_words.py`; which of them a type gets, in `relation_rules.py`.
"""

from __future__ import annotations

from annotator.suggest import role_words
from annotator.suggest.relation_words import (
    APPOSED,
    ARTICLES,
    FORMER,
    LISTED,
    PLACE,
    RUN,
    SMALL,
    STOP,
    Family,
    Pattern,
)
from annotator.suggest.word_sets import word_set

_PREPOSITION = "(?:to|from|with|by|for|on|at|of|in|after|before|and|but|into|as)"
_OBJECT = f"(?: (?!{_PREPOSITION}(?: |$))\\S+){{0,4}}"
_TRADES = "|".join(sorted(role_words.TRADES | word_set("player member employee worker lawmaker mp")))

MEMBER = Family(
    names=word_set(
        "member membership employ employs employed employee work works worked affiliation affiliated plays play player "
        "team staff belongs"
    ),
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
            between=f"{RUN}(?:joined|joins|(?:play|work)(?:s|ed|ing)? (?:for|at|with)|(?:employed|hired) by|"
            f"(?:is|was|became|,)(?: also)? (?:a |the )?member of|(?:served|serves) (?:in|with)|signed (?:for|with)|"
            f"(?:belongs|belonged) to|on the (?:board|staff|team) of|(?:teaches|taught|studies|studied) at|"
            f"played in|leads|led|heads|headed|runs|chairs)"
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
            between="in the (?:south|north|east|west|centre|center|heart|middle|suburbs|outskirts|far \\w+|\\w+east|"
            f"\\w+west) of{SMALL}",
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
            between=f",(?: (?!(?:{STOP}|at)(?: |$))[^\\s<]+){{1,6}} (?:in|of|on){SMALL}",
            score=0.65,
            reason="a {child} explains a {head} after a comma",
        ),
        Pattern(
            between=f"(?:(?:(?!{PLACE}).)*? )?(?:is|was|lies|stands|sits|lay|stood|based|located|situated|"
            f"headquartered|headquarters|seat|offices|home) (?:in|at|on){SMALL}",
            score=0.65,
            reason="a word for lying in a place stands between",
        ),
        Pattern(
            between="(?:, |is |was )?(?:the |a )?(?:\\w+ )?(?:capital|part|suburb|district|town|city|port|village|"
            f"island) (?:of|in|on){SMALL}",
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
    names=word_set(
        """
    visit visits visited visiting travel travels travelled traveled trip went goes arrived
    """
    ),
    heads=frozenset({"PERSON"}),
    children=frozenset({"GPE", "LOC", "FAC"}),
    patterns=(
        Pattern(
            between=f"{RUN}(?:visited|visits|visit|visiting|toured|touring|tours|inspected|revisited){_OBJECT}",
            score=0.75,
            wide=True,
            fact=True,
            reason="a word for visiting stands between",
        ),
        Pattern(
            between=f"{RUN}(?:{_GONE})(?: (?:(?!<(?:person|gpe|loc|fac)>)\\S+|from(?: the)? <\\w+>)){{0,6}}? "
            f"(?:to|in|at|into|through|of|on)(?: (?:{ARTICLES}|city|town|capital|of|<norp>|{FORMER})){{0,4}}",
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
            between=f"{RUN}(?:received|welcomed|greeted|hosted)(?: \\S+){{0,5}}? (?:at|in){SMALL}",
            score=0.65,
            wide=True,
            fact=True,
            reason="the {head} was received there",
        ),
        Pattern(
            before="(?:.* )?(?:received|welcomed|greeted|hosted|hosting|welcoming|receiving)",
            between=f"(?:, )?(?:at|in|inside){SMALL}",
            score=0.6,
            wide=True,
            fact=True,
            reason="the {head} was received there",
        ),
        Pattern(
            between=f"{RUN}spent(?: \\S+){{0,5}} (?:in|at|on){SMALL}",
            score=0.6,
            wide=True,
            fact=True,
            reason="the {head} spent time there",
        ),
        Pattern(
            before="(?:.* )?(?:visiting|visited|touring|(?:arriving|landing) (?:in|at)|visit to|trip to|tour of)"
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
            between=f"{RUN}(?:met|meets)(?: up)?(?: with)?(?: (?:{ARTICLES}|two|three|briefly)){{0,2}}",
            first="any",
            score=0.78,
            wide=True,
            fact=True,
            reason="a word for meeting stands between",
        ),
        Pattern(
            between=f"{RUN}(?:alongside|next to|beside|side by side with|together with|accompanied by|flanked by|"
            f"in the company of|hands with|(?:sat down|sitting|dined|stood|walked|meeting|talks) with|signed .* with|"
            f"embraced|hugged|welcomed|received|greeted|hosted|receiving|welcoming|hosting|"
            f"(?:lunch|dinner|breakfast|tea|coffee) with){SMALL}",
            first="any",
            score=0.62,
            wide=True,
            fact=True,
            reason="a word for being together stands between",
        ),
        Pattern(
            between=f"{RUN}(?:welcomed|received|greeted|hosted|met|accompanied|joined)"
            f"(?: (?!<person>)\\S+){{0,6}}? by{SMALL}",
            first="any",
            score=0.7,
            wide=True,
            fact=True,
            reason="a word for meeting stands between",
        ),
        Pattern(
            between=LISTED,
            after="(?:(?!said|says|told)\\S+ ){0,3}(?:met|meet|shook hands|embraced|signed|sat down|posed|"
            "appeared together|held talks)(?! with )(?: .*)?",
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
            before=f"(?:.* )?(?:{_MEETING}) (?:of|between|with){SMALL}",
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
    names=word_set(
        """
    spoke speak speaks spoken talk talks talked told tell called conversation discussed
    """
    ),
    heads=frozenset({"PERSON"}),
    children=frozenset({"PERSON"}),
    patterns=(
        Pattern(
            between=f"{RUN}(?:spoke|spoken|speaks|speaking|talked|talking|chatted|conferred|argued|discussed|quarrelled|"
            f"agreed|consulted)(?: (?!<person>)\\S+){{0,9}}? (?:to|with){SMALL}",
            first="any",
            score=0.75,
            wide=True,
            fact=True,
            reason="a word for speaking stands between",
        ),
        Pattern(
            between=f"{RUN}(?:told|phoned|telephoned|rang|asked|assured|informed|reminded|texted|messaged)"
            f"(?: (?:the|a|an|his|her|its|their)){{0,1}}",
            first="any",
            score=0.6,
            wide=True,
            fact=True,
            reason="a word for speaking stands between",
        ),
        Pattern(
            between=f"{RUN}(?:call|calls|conversation|exchange|argument|discussion|discussions|talk|interview|phone|row|"
            f"telephone)(?: (?!<person>)\\S+){{0,3}}? with{SMALL}",
            first="any",
            score=0.7,
            wide=True,
            fact=True,
            reason="a word for a talk stands between",
        ),
        Pattern(
            between=LISTED,
            after="(?:(?!said|says|told)\\S+ ){0,3}(?:spoke|talked|discussed|argued|exchanged|debated|quarrelled|"
            "agreed)(?!(?: \\S+)? (?:to|with) )(?: .*)?",
            first="any",
            score=0.6,
            list=True,
            fact=True,
            reason="a word for speaking follows both",
        ),
        Pattern(
            before="(?:.* )?(?:exchange|call|conversation|argument|discussion|dispute|row|debate|quarrel)"
            f"(?: \\S+){{0,2}} (?:of|between|with|among){SMALL}",
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
            between=f"{RUN}born(?: (?!{PLACE})\\S+){{0,6}}? (?:in|at|near|on){SMALL}"
            "(?: (?:town|city|village|capital|port) of)?",
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
            between=f"{RUN}(?:lives?|lived|living|resides?|resided|settled|moved|grew up|home)(?: \\S+){{0,4}}? "
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
