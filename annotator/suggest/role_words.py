"""The words that roles are made of, in English. Small letters; hyphens are blanks.

Data only: `roles.py` says when one of them counts as a role.
"""

from __future__ import annotations

from annotator.suggest.word_sets import word_set

OFFICES = word_set(
    """
    president minister premier chancellor governor senator ambassador mayor mayoress spokesman
    spokeswoman spokesperson secretary undersecretary commissioner congressman congresswoman envoy
    chairman chairwoman chairperson ceo cfo coo cto archbishop taoiseach ombudsman
    """
)
"""Heads that mean an office wherever they stand in the singular."""

POSTS = word_set(
    """
    director commander admiral professor coach editor correspondent founder cofounder judge prosecutor
    attorney sheriff inspector superintendent adviser advisor aide negotiator mediator emissary consul
    councillor councilman councilwoman councilor congressperson alderman mp mep magistrate registrar
    rector dean provost headteacher headmaster headmistress treasurer captain skipper manager curator
    conductor sergeant colonel lieutenant corporal brigadier commodore marshal general major chief
    officer chair head leader executive administrator coordinator king queen prince princess emperor
    empress sultan emir sheikh duke duchess pope bishop cardinal rabbi imam patriarch speaker whip
    principal convener counsel legislator representative fellow lecturer justice boss
    """
)
"""Heads that mean an office beside a person, an organisation or a place, or behind an owner."""

TRADES = word_set(
    """
    lawyer barrister solicitor diplomat lawmaker parliamentarian notary trainer goalkeeper striker
    midfielder defender referee chef producer publisher columnist anchor presenter broadcaster reporter
    journalist economist analyst strategist historian physicist chemist biologist astronomer geologist
    glaciologist botanist zoologist virologist epidemiologist immunologist neurologist cardiologist
    oncologist psychologist psychiatrist sociologist anthropologist archaeologist archeologist
    palaeontologist paleontologist climatologist meteorologist seismologist ecologist oceanographer
    mathematician statistician linguist philosopher scientist researcher engineer architect designer
    developer programmer physician doctor surgeon nurse midwife pharmacist paediatrician pediatrician
    dentist vet veterinarian therapist paramedic firefighter teacher librarian astronaut cosmonaut pilot
    auditor banker broker investor trader entrepreneur industrialist activist campaigner novelist author
    writer poet playwright screenwriter actor actress singer composer musician violinist pianist cellist
    guitarist painter sculptor photographer choreographer dancer filmmaker swimmer runner sprinter
    cyclist footballer golfer boxer skier gymnast rower sailor jockey umpire owner farmer fisherman
    detective constable investigator ranger warden priest pastor vicar chaplain organiser organizer
    """
)
"""Heads that are trades: roles where the project asks for professions, or in a chief, lead or deputy position."""

WEAK = word_set(
    """
    general major chief chair head leader executive fellow king queen prince cardinal principal speaker
    whip captain officer counsel representative justice editor boss marshal
    """
)
"""Heads with other meanings: without a word of `MODIFIERS` they need a person or a body beside them."""

NEVER_ALONE = word_set(
    """
    general major fellow executive justice officer representative cardinal marshal
    """
)
"""Heads that mean nothing without a modifier, unless a person's name follows at once."""

RANKS = word_set(
    """
    chief head lead senior deputy assistant principal executive managing associate vice
    """
)
"""Modifiers that make an office of a trade: "chief scientist"."""

MODIFIERS = word_set(
    """
    prime vice deputy assistant associate executive managing general chief head foreign first second
    special press national security defence defense finance health education interior home justice trade
    energy environment environmental agriculture agricultural transport transportation labour labor
    culture cultural sport sports science technology economy economic economics treasury budget climate
    housing tourism fisheries fishery planning development communications information digital
    immigration migration internal external affairs state shadow cabinet parliamentary permanent
    resident lord high royal presidential federal regional district county provincial municipal police
    army navy naval air military intelligence counterterrorism fire opposition majority minority party
    union team youth senior junior lead principal honorary artistic musical music creative scientific
    medical clinical nursing technical sporting operating financial legal commercial marketing sales
    editorial political diplomatic research project programme program campaign media human resources
    investment risk compliance data product policy strategy corporate goalkeeping fitness supreme appeal
    appeals trial investigating attorney inspector surgeon visiting homeland veterans mining oil
    industry commerce business innovation equality women family children social welfare pensions
    employment infrastructure works aviation maritime space marine forestry mission expedition flight
    relief peace presiding competition antitrust enlargement market neighbourhood consumer railway rail
    election tax customs
    """
)
"""Words that stand before a head and belong to the role: "deputy foreign minister"."""

FIELDS = MODIFIERS | word_set(
    """
    defence interior state justice finance war peace treasury exchequer law medicine history physics
    chemistry mathematics music philosophy art arts engineering surgery operations communication
    transport schools police staff mission government parliament congress delegation research studies
    languages literature
    """
)
"""What somebody may be minister, professor or head of."""

FIELD_ENDINGS = (
    "ology",
    "ics",
    "graphy",
    "istry",
    "ture",
    "onomy",
    "omics",
    "ations",
    "studies",
    "safety",
    "works",
)
"""Ends of words that name a field of work."""

FIELD_HEADS = word_set(
    """
    minister secretary undersecretary commissioner professor lecturer director head chief president
    manager officer envoy coordinator chair reader
    """
)
"""Heads behind which "of" or "for" and a field belong to the role."""

TAILS = {
    ("general",): word_set(
        """
    secretary attorney director governor inspector surgeon solicitor consul auditor postmaster
    """
    ),
    ("elect",): word_set("president governor mayor senator premier"),
    ("designate",): word_set("president minister secretary governor director"),
    ("in", "chief"): word_set("commander editor"),
    ("at", "large"): frozenset({"editor", "ambassador"}),
    ("emeritus",): frozenset({"professor", "director"}),
    ("of", "the", "house"): frozenset({"speaker"}),
}
"""Words after a head that belong to the role, and the heads they follow."""

SHORT_TITLES = word_set("prof gov sen rep gen col lt sgt capt maj adm cmdr pres")
"""Short forms of titles, written before a name, often with a full stop."""

ADDRESSES = word_set(
    """
    mr mrs ms miss mx dr sir madam lord lady dame herr frau señor monsieur madame
    """
)
"""Forms of address: a name follows them, but they are no roles."""

NAME_LIKE = word_set(
    """
    dean king major bishop marshal prince pope judge duke earl baron cardinal page chancellor pilot
    justice general head
    """
)
"""Heads that are surnames or first names too: never cut off a name of two words."""

OWNERS = word_set("his her its their my our whose")
"""Owners that make an office of the head after them: "her coach"."""

APPOINTING = word_set("as became become becomes remains named appointed elected")
"""Words after which a head is a role: "was elected president"."""

OF_WORDS = word_set("of for at to in with")
"""What joins a role to what it is a role of."""
