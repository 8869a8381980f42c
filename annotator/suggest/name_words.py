"""Words that tell what a name is a name of: "... Airport", "Lake ...", "Ministry of ...". English, small letters.

Data only: `names.py` says how they are used.
"""

from __future__ import annotations

FACILITIES = frozenset(
    """
    airport airfield bridge stadium arena palace castle tower cathedral basilica square street avenue boulevard road
    highway motorway tunnel terminal harbour harbor port pier quay lighthouse dam plant refinery factory mine
    hotel inn hall mansion villa fortress monument memorial zoo aquarium velodrome racecourse circuit station
    works auditorium pavilion courthouse embassy barracks prison jail sewer canal lock dock shipyard
    """.split()
)
"""Last words of names of buildings and other things built."""

HOUSES = frozenset(
    """
    museum gallery hospital clinic theatre theater library church mosque synagogue temple abbey monastery school
    centre center office house opera park garden gardens cinema studio laboratory observatory market mall camp base
    """.split()
)
"""Last words of names that are buildings where something happens "in" or "at" them, organisations elsewhere."""

LANDSCAPES = frozenset(
    """
    sea ocean river lake mountain mountains mount valley desert peninsula coast gulf strait straits delta basin
    island islands isle archipelago forest highlands lowlands alps hills plateau glacier cape bay lagoon reef fjord
    swamp swamps marsh marshes wetlands bight channel steppe savannah plain plains cliffs falls region province oblast county district
    """.split()
)
"""Last words of names of landscapes and regions."""

LANDSCAPE_FIRST = frozenset(
    "lake mount river gulf bay strait isle sea mont cerro lago isla île ilha golfo".split()
)
"""First words of such names: "Lake Victoria", "Gulf of Finland"."""

TOWN_FIRST = frozenset("san santa são sao puerto punta ciudad fort porto vila las los bad".split())
"""First words of names of towns in many countries."""

NAME_PARTICLES = frozenset("de da do das dos del della di du sur am an der ob upon".split())
"""Small words inside names of towns: "Santa Cruz das Flores"."""

SURNAMES = frozenset(
    "marsh lake lakes hall castle hills forest street bay cape church temple abbey house park garden gardens banks guard "
    "times post press fair derby inn mine pier open cup storm base camp plant fields church rally steppe falls moore cross "
    "school guard league services trust news journal island war wars motors lodge office centre square bridges".split()
)
"""Words for buildings, landscapes and bodies that are surnames too."""

KINDS_OF = {
    "GPE": frozenset("city cities town towns village villages country countries nation nations capitals municipalities".split()),
    "LOC": frozenset("island islands region regions province provinces river rivers lake lakes mountains valleys".split()),
    "ORG": frozenset("company companies bank banks newspaper newspapers universities clubs parties airlines firms".split()),
}
"""Nouns whose examples ("cities such as ...", "islands: ...") have a label for sure."""

FACILITY_FIRST = frozenset(
    "plaza piazza palais palazzo palacio palácio château schloss castello castillo stadio estadio estádio stade casa puente "
    "gare estación aeropuerto aeroporto théâtre teatro museo musée hotel hôtel".split()
)
"""First words of names of buildings and squares in other languages."""

BODY_FIRST = frozenset(
    "banco banque banca universidad université università universidade universität instituto institut ministerio "
    "ministère diario academia asociación association club deutsche crédit radio télé".split()
)
"""First words of names of organisations in other languages."""

EVENTS = frozenset(
    """
    championship championships olympics games cup festival conference summit marathon fair tournament expo biennale
    forum symposium convention rally congress prix open derby regatta carnival jamboree triathlon hackathon
    war wars revolution uprising earthquake hurricane typhoon cyclone storm
    """.split()
)
"""Last words of names of events."""

EVENT_FIRST = frozenset("hurricane typhoon cyclone storm".split())
"""First words of names of events: "Hurricane Lorenzo"."""

BODIES = frozenset(
    """
    ministry council committee agency association society party bank court commission corporation inc ltd llc plc
    group foundation university institute institution college academy union federation confederation organisation
    organization department company holdings partners airlines airways authority parliament senate assembly bureau
    board trust alliance network league club brigade guard service services police army navy force forces front
    movement fund chamber tribunal directorate secretariat syndicate cooperative consortium press times post
    herald tribune gazette journal news broadcasting television radio orchestra philharmonic choir ensemble
    technologies systems energy motors pharmaceuticals industries solutions capital ventures labs
    """.split()
)
"""Last words of names of organisations."""

OF_BODIES = frozenset(
    """
    ministry council committee agency association society party bank court commission foundation university institute
    institution college academy union federation confederation organisation organization department bureau board
    alliance league house chamber office church school faculty
    """.split()
)
"""Words that begin a name of an organisation and go on with "of" or "for": "University of Kyoto"."""

NOT_PLACES = frozenset(
    """
    congress parliament bundestag knesset duma senate nato unesco unicef interpol europol internet facebook twitter
    instagram telegram whatsapp youtube tiktok parliament english french german spanish latin arabic russian chinese
    """.split()
)
"""What may stand behind "in" without being a place."""

MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)

COMMON_OPENERS = frozenset(
    "the a an his her its their our my this that these those in on at of and but for from by with he she it they we".split()
)
"""Words that are large at the beginning of a sentence without being names."""

DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())

REGIONS = frozenset("region province oblast peninsula archipelago district county valley desert islands".split())
"""Words for a region that belong to its name, even written small: "Kursk region"."""

CONTINENTS = frozenset("africa asia europe america antarctica oceania".split())

DIRECTIONS = frozenset(
    "north south east west central northern southern eastern western northeast northwest southeast southwest".split()
)
"""Words that make a part of a continent."""

MOTIONS = frozenset(
    """
    fly flies flew flown flying travel travels travelled traveled travelling traveling went gone return returns returned
    returning moved come comes came drive drives drove driven sail sails sailed headed heading trip visit journey tour
    flight flights
    """.split()
)
"""Words before "to" that make what follows a place."""

FUNCTION_WORDS = frozenset(
    "and or on with by for at to when where since before after as from who which was is has had were but while until".split()
)
"""Small words that cannot be the noun an adjective belongs to."""

FEASTS = frozenset("christmas easter ramadan passover diwali hanukkah eid advent lent whitsun midsummer eve day".split())
"""Large words that a date may hold besides months and days."""
