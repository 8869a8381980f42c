"""What was found on both sides when a plan was made; `reading.py` finds it, and carrying out goes by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from annotator.model.annotation import Kind
from annotator.model.document import title_of
from annotator.model.record import Problem
from annotator.store.links import Link, Standing
from annotator.sync.content import Base, Content
from annotator.sync.deciding import Pair
from annotator.sync.labels import Labels, State
from annotator.sync.mapping import Here, There
from annotator.sync.plan import Conflict, Deed, Thing, Way
from annotator.sync.remote import RemoteProject, RemoteSpan, RemoteType
from annotator.sync.units import Unit
from annotator.workflows.doccano.links import Links, base_of
from annotator.workflows.doccano.telling import Stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A linked document that is gone on one side; `changed` since then on the other, which is `here` or `there`."""

    number: int
    link: Link
    standing: Standing | None
    here: Here | None = None
    there: There | None = None
    changed: bool = False

    @property
    def title(self) -> str:
        """Give its title, as far as it is known."""
        if self.here is not None:
            return self.here.document.title
        return "" if self.there is None else title_there(self.there)


@dataclass(slots=True, kw_only=True)
class Facts:
    """What was found on both sides.

    Args:
        member: whose work is meant in a project that is not shared. lacks: types that the server will not have.
        users: names of members by number. is_unit_known: the texts told, or the person, what offsets count.
        pairs: documents of both sides in which something changed. settled: those in which nothing did, of which other
            things are to be kept than before.
        new_there, new_here: documents of one side alone. matched: ids of documents of here that the server has.
        forgotten: numbers of documents that are gone on both sides. doubles: of those that an upload made twice.
        makers: spans of documents that were asked for them, to know who made what.
        untold: names of values that cannot be changed on the server.
        disputed: types that the server deleted, with how often they are used here.
    """

    system: str
    links: Links
    remote_types: tuple[RemoteType, ...]
    states: tuple[State, ...]
    labels: Labels
    member: str
    lacks: frozenset[tuple[Kind, str]]
    users: dict[int, str]
    untold: frozenset[str] = frozenset()
    disputed: dict[tuple[Kind, str], int] = field(default_factory=dict)
    unit: Unit = Unit.CODE_POINTS
    is_unit_known: bool = False
    pairs: list[Pair] = field(default_factory=list)
    settled: list[tuple[int, Here, Base]] = field(default_factory=list)
    new_there: list[There] = field(default_factory=list)
    new_here: list[Here] = field(default_factory=list)
    matched: set[str] = field(default_factory=set)
    gone_here: list[Gone] = field(default_factory=list)
    gone_there: list[Gone] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    doubles: list[int] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    makers: dict[int, Sequence[RemoteSpan]] = field(default_factory=dict)
    stays: Stays = field(default_factory=Stays)
    problems: list[Problem] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def is_apart(self, gone: Gone) -> bool:
        """Tell whether a document that is gone on one side was left on the other before."""
        base = base_of(gone.link, self.labels)
        return base is not None and bool(base.apart)


def maker_of(facts: Facts) -> str:
    """Name who made what nothing is known of: the member, the only one there is, or the server."""
    names = list(facts.users.values())
    return facts.member or (names[0] if len(names) == 1 else "doccano")


def goes_there(state: State, project: RemoteProject, lacks: frozenset[tuple[Kind, str]]) -> bool:
    """Tell whether a type of here is made on the server."""
    if (state.kind, state.common) in lacks:
        return False
    return state.kind is Kind.SPAN or project.has_relations


def obstacle_of(project: RemoteProject) -> str:
    """Say why a project of a server cannot be used; empty where it can."""
    return "" if project.holds_spans else "It labels whole documents or pairs of texts, not spans."


def new_counts(
    way: Way, content: Content, *, untold: frozenset[str] = frozenset()
) -> Counter[tuple[Way, Deed, Thing]]:
    """Count what a document brings that is new on one side, but for values that the other side cannot be told."""
    values = content.values
    found = {
        Thing.DOCUMENT: 1,
        Thing.SPAN: len(content.spans),
        Thing.RELATION: len(content.relations),
        Thing.NOTE: int(bool(values.note)),
        Thing.STATE: int(values.confirmed),
        Thing.CATEGORY: int(bool(values.categories) and "categories" not in untold),
    }
    return Counter({(way, Deed.ADD, thing): count for thing, count in found.items() if count})


def title_there(there: There) -> str:
    """Give a title for a document of a server."""
    return title_of(there.document.text) or f"Document {there.document.id}"
