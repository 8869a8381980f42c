"""The words that roles are made of, in English. Small letters; hyphens are blanks.

Data only: `roles.py` says when one of them counts as a role.
"""

from __future__ import annotations

OFFICES = frozenset(
    """
    president minister premier chancellor governor senator ambassador mayor mayoress spokesman spokeswoman
    spokesperson secretary undersecretary commissioner congressman congresswoman envoy chairman chairwoman
    chairperson ceo cfo coo cto archbishop taoiseach ombudsman
    """.split()
)
"""Heads that mean an office wherever they stand in the singular."""

POSTS = frozenset(
    """
    director commander admiral professor coach editor correspondent founder cofounder judge prosecutor attorney
    sheriff inspector superintendent adviser advisor aide negotiator mediator emissary consul councillor councilman
    councilwoman councilor congressperson alderman mp mep magistrate registrar rector dean provost headteacher
    headmaster headmistress treasurer captain skipper manager curator conductor sergeant colonel lieutenant corporal
    brigadier commodore marshal general major chief officer chair head leader executive administrator coordinator
    king queen prince princess emperor empress sultan emir sheikh duke duchess pope bishop cardinal rabbi imam
    patriarch speaker whip principal convener counsel legislator representative fellow lecturer justice boss
    """.split()
)
"""Heads that mean an office beside a person, an organisation or a place, or behind an owner."""

TRADES = frozenset(
    """
    lawyer barrister solicitor diplomat lawmaker parliamentarian notary trainer goalkeeper striker midfielder
    defender referee chef producer publisher columnist anchor presenter broadcaster reporter journalist economist
    analyst strategist historian physicist chemist biologist astronomer geologist glaciologist botanist zoologist
    virologist epidemiologist immunologist neurologist cardiologist oncologist psychologist psychiatrist sociologist
    anthropologist archaeologist archeologist palaeontologist paleontologist climatologist meteorologist
    seismologist ecologist oceanographer mathematician statistician linguist philosopher scientist researcher
    engineer architect designer developer programmer physician doctor surgeon nurse midwife pharmacist paediatrician
    pediatrician dentist vet veterinarian therapist paramedic firefighter teacher librarian astronaut cosmonaut pilot
    auditor banker broker investor trader entrepreneur industrialist activist campaigner novelist author writer poet
    playwright screenwriter actor actress singer composer musician violinist pianist cellist guitarist painter
    sculptor photographer choreographer dancer filmmaker swimmer runner sprinter cyclist footballer golfer boxer
    skier gymnast rower sailor jockey umpire owner farmer fisherman detective constable investigator ranger warden
    priest pastor vicar chaplain organiser organizer
    """.split()
)
"""Heads that are trades: roles where the project asks for professions, or in a chief, lead or deputy position."""

WEAK = frozenset(
    """
    general major chief chair head leader executive fellow king queen prince cardinal principal speaker whip captain
    officer counsel representative justice editor boss marshal
    """.split()
)
"""Heads with other meanings: without a word of `MODIFIERS` they need a person or a body beside them."""

NEVER_ALONE = frozenset("general major fellow executive justice officer representative cardinal marshal".split())
"""Heads that mean nothing without a modifier, unless a person's name follows at once."""

RANKS = frozenset("chief head lead senior deputy assistant principal executive managing associate vice".split())
"""Modifiers that make an office of a trade: "chief scientist"."""

MODIFIERS = frozenset(
    """
    prime vice deputy assistant associate executive managing general chief head foreign first second special press
    national security defence defense finance health education interior home justice trade energy environment
    environmental agriculture agricultural transport transportation labour labor culture cultural sport sports
    science technology economy economic economics treasury budget climate housing tourism fisheries fishery planning
    development communications information digital immigration migration internal external affairs state shadow
    cabinet parliamentary permanent resident lord high royal presidential federal regional district county provincial
    municipal police army navy naval air military intelligence counterterrorism fire opposition majority minority
    party union team youth senior junior lead principal honorary artistic musical music creative scientific
    medical clinical nursing technical sporting operating financial legal commercial marketing sales editorial
    political diplomatic research project programme program campaign media human resources investment risk
    compliance data product policy strategy corporate goalkeeping fitness supreme appeal appeals trial investigating
    attorney inspector surgeon visiting homeland veterans mining oil industry commerce business innovation
    equality women family children social welfare pensions employment infrastructure works aviation maritime space
    marine forestry mission expedition flight relief peace presiding competition antitrust enlargement market
    neighbourhood consumer railway rail cabinet election tax customs police
    """.split()
)
"""Words that stand before a head and belong to the role: "deputy foreign minister"."""

FIELDS = MODIFIERS | frozenset(
    """
    defence interior state justice finance war peace treasury exchequer law medicine history physics chemistry
    mathematics music philosophy art arts engineering surgery operations communication transport schools police staff
    mission government parliament congress delegation research studies languages literature
    """.split()
)
"""What somebody may be minister, professor or head of."""

FIELD_ENDINGS = ("ology", "ics", "graphy", "istry", "ture", "onomy", "omics", "ations", "studies", "safety", "works")
"""Ends of words that name a field of work."""

FIELD_HEADS = frozenset(
    "minister secretary undersecretary commissioner professor lecturer director head chief president manager "
    "officer envoy coordinator chair reader".split()
)
"""Heads behind which "of" or "for" and a field belong to the role."""

TAILS = {
    ("general",): frozenset(
        "secretary attorney director governor inspector surgeon solicitor consul auditor postmaster".split()
    ),
    ("elect",): frozenset("president governor mayor senator premier".split()),
    ("designate",): frozenset("president minister secretary governor director".split()),
    ("in", "chief"): frozenset("commander editor".split()),
    ("at", "large"): frozenset({"editor", "ambassador"}),
    ("emeritus",): frozenset({"professor", "director"}),
    ("of", "the", "house"): frozenset({"speaker"}),
}
"""Words after a head that belong to the role, and the heads they follow."""

SHORT_TITLES = frozenset("prof gov sen rep gen col lt sgt capt maj adm cmdr pres".split())
"""Short forms of titles, written before a name, often with a full stop."""

ADDRESSES = frozenset("mr mrs ms miss mx dr sir madam lord lady dame herr frau señor monsieur madame".split())
"""Forms of address: a name follows them, but they are no roles."""

NAME_LIKE = frozenset(
    "dean king major bishop marshal prince pope judge duke earl baron cardinal page chancellor pilot justice general"
    " head".split()
)
"""Heads that are surnames or first names too: never cut off a name of two words."""

OWNERS = frozenset("his her its their my our whose".split())
"""Owners that make an office of the head after them: "her coach"."""

APPOINTING = frozenset("as became become becomes remains named appointed elected".split())
"""Words after which a head is a role: "was elected president"."""

OF_WORDS = frozenset("of for at to in with".split())
"""What joins a role to what it is a role of."""
