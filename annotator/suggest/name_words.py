"""Words that tell what a name is a name of: "... Airport", "Lake ...", "Ministry of ...". English, small letters.

Data only: `names.py` says how they are used.
"""

from __future__ import annotations

from annotator.suggest.word_sets import word_set

FACILITIES = word_set(
    """
    airport airfield bridge stadium arena palace castle tower cathedral basilica square street avenue
    boulevard road highway motorway tunnel terminal harbour harbor port pier quay lighthouse dam plant
    refinery factory mine hotel inn hall mansion villa fortress monument memorial zoo aquarium velodrome
    racecourse circuit station works auditorium pavilion courthouse embassy barracks prison jail sewer
    canal lock dock shipyard
    """
)
"""Last words of names of buildings and other things built."""

HOUSES = word_set(
    """
    museum gallery hospital clinic theatre theater library church mosque synagogue temple abbey
    monastery school centre center office house opera park garden gardens cinema studio laboratory
    observatory market mall camp base
    """
)
"""Last words of names that are buildings where something happens "in" or "at" them, organisations elsewhere."""

LANDSCAPES = word_set(
    """
    sea ocean river lake mountain mountains mount valley desert peninsula coast gulf strait straits
    delta basin island islands isle archipelago forest highlands lowlands alps hills plateau glacier
    cape bay lagoon reef fjord swamp swamps marsh marshes wetlands bight channel steppe savannah plain
    plains cliffs falls region province oblast county district
    """
)
"""Last words of names of landscapes and regions."""

LANDSCAPE_FIRST = word_set(
    """
    lake mount river gulf bay strait isle sea mont cerro lago isla île ilha golfo
    """
)
"""First words of such names: "Lake Victoria", "Gulf of Finland"."""

TOWN_FIRST = word_set("san santa são sao puerto punta ciudad fort porto vila las los bad")
"""First words of names of towns in many countries."""

NAME_PARTICLES = word_set("de da do das dos del della di du sur am an der ob upon")
"""Small words inside names of towns: "Santa Cruz das Flores"."""

SURNAMES = word_set(
    """
    marsh lake lakes hall castle hills forest street bay cape church temple abbey house park garden
    gardens banks guard times post press fair derby inn mine pier open cup storm base camp plant fields
    rally steppe falls moore cross school league services trust news journal island war wars motors
    lodge office centre square bridges
    """
)
"""Words for buildings, landscapes and bodies that are surnames too."""

KINDS_OF = {
    "GPE": word_set(
        """
    city cities town towns village villages country countries nation nations capitals municipalities
    """
    ),
    "LOC": word_set(
        """
    island islands region regions province provinces river rivers lake lakes mountains valleys
    """
    ),
    "ORG": word_set(
        """
    company companies bank banks newspaper newspapers universities clubs parties airlines firms
    """
    ),
}
"""Nouns whose examples ("cities such as ...", "islands: ...") have a label for sure."""

FACILITY_FIRST = word_set(
    """
    plaza piazza palais palazzo palacio palácio château schloss castello castillo stadio estadio estádio
    stade casa puente gare estación aeropuerto aeroporto théâtre teatro museo musée hotel hôtel
    """
)
"""First words of names of buildings and squares in other languages."""

BODY_FIRST = word_set(
    """
    banco banque banca universidad université università universidade universität instituto institut
    ministerio ministère diario academia asociación association club deutsche crédit radio télé
    """
)
"""First words of names of organisations in other languages."""

EVENTS = word_set(
    """
    championship championships olympics games cup festival conference summit marathon fair tournament
    expo biennale forum symposium convention rally congress prix open derby regatta carnival jamboree
    triathlon hackathon war wars revolution uprising earthquake hurricane typhoon cyclone storm
    """
)
"""Last words of names of events."""

EVENT_FIRST = word_set("hurricane typhoon cyclone storm")
"""First words of names of events: "Hurricane Lorenzo"."""

BODIES = word_set(
    """
    ministry council committee agency association society party bank court commission corporation inc
    ltd llc plc group foundation university institute institution college academy union federation
    confederation organisation organization department company holdings partners airlines airways
    authority parliament senate assembly bureau board trust alliance network league club brigade guard
    service services police army navy force forces front movement fund chamber tribunal directorate
    secretariat syndicate cooperative consortium press times post herald tribune gazette journal news
    broadcasting television radio orchestra philharmonic choir ensemble technologies systems energy
    motors pharmaceuticals industries solutions capital ventures labs
    """
)
"""Last words of names of organisations."""

OF_BODIES = word_set(
    """
    ministry council committee agency association society party bank court commission foundation
    university institute institution college academy union federation confederation organisation
    organization department bureau board alliance league house chamber office church school faculty
    """
)
"""Words that begin a name of an organisation and go on with "of" or "for": "University of Kyoto"."""

NOT_PLACES = word_set(
    """
    congress parliament bundestag knesset duma senate nato unesco unicef interpol europol internet
    facebook twitter instagram telegram whatsapp youtube tiktok english french german spanish latin
    arabic russian chinese
    """
)
"""What may stand behind "in" without being a place."""

MONTHS = word_set(
    """
    january february march april may june july august september october november december
    """
)

COMMON_OPENERS = word_set(
    """
    the a an his her its their our my this that these those in on at of and but for from by with he she
    it they we
    """
)
"""Words that are large at the beginning of a sentence without being names."""

DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")

REGIONS = word_set(
    """
    region province oblast peninsula archipelago district county valley desert islands
    """
)
"""Words for a region that belong to its name, even written small: "Kursk region"."""

CONTINENTS = word_set("africa asia europe america antarctica oceania")

DIRECTIONS = word_set(
    """
    north south east west central northern southern eastern western northeast northwest southeast
    southwest
    """
)
"""Words that make a part of a continent."""

MOTIONS = word_set(
    """
    fly flies flew flown flying travel travels travelled traveled travelling traveling went gone return
    returns returned returning moved come comes came drive drives drove driven sail sails sailed headed
    heading trip visit journey tour flight flights
    """
)
"""Words before "to" that make what follows a place."""

FUNCTION_WORDS = word_set(
    """
    and or on with by for at to when where since before after as from who which was is has had were but
    while until
    """
)
"""Small words that cannot be the noun an adjective belongs to."""

FEASTS = word_set(
    """
    christmas easter ramadan passover diwali hanukkah eid advent lent whitsun midsummer eve day
    """
)
"""Large words that a date may hold besides months and days."""
