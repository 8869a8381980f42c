"""Label types of a server and types of the schema: which belongs to which, and what has to be done to either.

Both sides may rename a type; what belongs together is known by the numbers of both, kept in a table with the project's
link. In contents a type has one name, the common one; only `Labels` turns it into that of a side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.model.annotation import Kind
from annotator.model.errors import RuleError
from annotator.model.hues import color_of, hex_of
from annotator.model.limits import LABEL_LIMIT
from annotator.model.schema import EntityType, RelationType, Schema, Type, check_name
from annotator.sync.remote import RemoteType, TypeKind

KINDS = {Kind.SPAN: TypeKind.SPAN, Kind.RELATION: TypeKind.RELATION}
_HERE = re.compile(r"(Shift\+)?([0-9])|L ([a-zA-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A line of the table: a type that both sides had at some time.

    Args:
        number: its number in bases, never given twice. local: stable id here. remote: number on the server.
        here, there: name, colour (`#rrggbb`) and key of either side at the last sync.
    """

    number: int
    kind: Kind
    local: str
    remote: int
    here: tuple[str, str, str]
    there: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A type as it is on both sides now; `known` is None where it was never synced."""

    kind: Kind
    local: Type | None = None
    remote: RemoteType | None = None
    known: Known | None = None
    common: str = ""

    @property
    def is_new_here(self) -> bool:
        """Tell whether it is here and never was on the server."""
        return (
            self.local is not None and self.remote is None and (self.known is None or not self.known.remote)
        )

    @property
    def is_new_there(self) -> bool:
        """Tell whether it is on the server and never was here."""
        return self.remote is not None and self.local is None and (self.known is None or not self.known.local)

    @property
    def is_gone_here(self) -> bool:
        """Tell whether both sides had it, and it was deleted here."""
        return bool(self.local is None and self.remote is not None and self.known and self.known.local)

    @property
    def is_gone_there(self) -> bool:
        """Tell whether both sides had it, and it was deleted on the server."""
        return bool(self.local is not None and self.remote is None and self.known and self.known.remote)

    def _changed(self, index: int) -> tuple[bool, bool]:
        if self.known is None or self.local is None or self.remote is None:
            return False, False
        here, there = look_here(self.local), look_there(self.remote)
        return here[index] != self.known.here[index], there[index] != self.known.there[index]

    def changes(self, *, here: bool) -> tuple[int, ...]:
        """Give which of name, colour and key one side changed since the last sync, by index."""
        return tuple(index for index in range(3) if self._changed(index)[0 if here else 1])

    @property
    def differs(self) -> bool:
        """Tell whether both sides changed it and say different things, or it was renamed here."""
        if self.local is None or self.remote is None or self.known is None:
            return False
        here, there = look_here(self.local), look_there(self.remote)
        return any(
            here[index] != there[index] and (mine and (theirs or not index))
            for index in range(3)
            for mine, theirs in (self._changed(index),)
        )


def key_here(remote: RemoteType) -> str:
    """Give the key that a label type has here: digits as they are, letters behind `L`; empty where there is none."""
    key, prefix = remote.key, remote.prefix or ""
    if len(key) != 1 or not key.isascii() or not key.isalnum() or prefix not in {"", "shift"}:
        return ""
    if key.isdigit():
        return f"Shift+{key}" if prefix else key
    return f"L {key.lower()}"


def key_there(shortcut: str) -> tuple[str, str]:
    """Give prefix and key that a type has on a server; both empty where it has none."""
    found = _HERE.fullmatch(shortcut)
    if found is None:
        return "", ""
    return ("shift" if found[1] else ""), (found[2] or found[3]).lower()


def look_here(each: Type) -> tuple[str, str, str]:
    """Give name, colour and key of a type."""
    return each.name, hex_of(each.color), each.shortcut


def look_there(remote: RemoteType) -> tuple[str, str, str]:
    """Give name, colour and key of a label type, the key as it would be here."""
    return remote.name, remote.background.lower(), key_here(remote)


def states_of(table: Sequence[Known], schema: Schema, remotes: Iterable[RemoteType]) -> tuple[State, ...]:
    """Put the types of both sides together: by the table, else by name."""
    found: list[State] = []
    for kind, wanted in KINDS.items():
        local = {each.id: each for each in _types(schema, kind)}
        remote = {each.id: each for each in remotes if each.kind is wanted and is_usable(each.name)}
        for known in table:
            if known.kind is kind:
                mine, theirs = local.pop(known.local, None), remote.pop(known.remote, None)
                found.append(State(kind=kind, local=mine, remote=theirs, known=known))
        by_name = {each.name: each for each in remote.values()}
        for each in local.values():
            theirs = by_name.pop(each.name, None)
            found.append(State(kind=kind, local=each, remote=theirs))
        found += [State(kind=kind, remote=each) for each in by_name.values()]
    return _named(_rejoined(found))


def _rejoined(states: Sequence[State]) -> list[State]:
    """Put a type that is gone on one side together with a new one of its name there: it was made again."""
    found = list(states)
    for index, state in enumerate(found):
        if state.known is None or (state.local is None) is (state.remote is None):
            continue
        name = state.local.name if state.local is not None else state.remote.name if state.remote else ""
        for other, new in enumerate(found):
            if new.known is not None or new.kind is not state.kind:
                continue
            fits = (
                new.remote is not None
                and new.local is None
                and new.remote.name == name
                and state.remote is None
            )
            back = (
                new.local is not None
                and new.remote is None
                and new.local.name == name
                and state.local is None
            )
            if fits or back:
                found[index] = _begun(state.known, state.local or new.local, state.remote or new.remote)
                found[other] = replace(new, local=None, remote=None)
    return [
        each for each in found if each.local is not None or each.remote is not None or each.known is not None
    ]


def _begun(known: Known, local: Type | None, remote: RemoteType | None) -> State:
    """Give a type whose sides belong together from now on, as they are."""
    assert local is not None
    assert remote is not None
    known = replace(known, local=local.id, remote=remote.id, here=look_here(local), there=look_there(remote))
    return State(kind=known.kind, local=local, remote=remote, known=known)


def _named(states: Iterable[State]) -> tuple[State, ...]:
    """Give every type a common name of its own: the one here, else the server's, else the last one."""
    taken: set[tuple[Kind, str]] = set()
    found = []
    ordered = sorted(states, key=lambda each: (each.local is None, each.remote is None))
    for state in ordered:
        sides = [side.name for side in (state.local, state.remote) if side is not None]
        name = sides[0] if sides else state.known.here[0] if state.known else ""
        while (state.kind, name) in taken:
            name += "′"
        taken.add((state.kind, name))
        found.append(replace(state, common=name))
    return tuple(found)


def is_usable(name: str) -> bool:
    """Tell whether a type may have this name here."""
    try:
        check_name(name)
    except RuleError:
        return False
    return True


def made_here(remote: RemoteType) -> Type:
    """Make the type that a label type becomes here."""
    color, key = color_of(remote.background), key_here(remote)
    if remote.kind is TypeKind.RELATION:
        return RelationType(name=remote.name, color=color or "slate", shortcut=key)
    return EntityType(name=remote.name, color=color, shortcut=key)


def made_there(local: Type, taken: Iterable[RemoteType]) -> RemoteType:
    """Make the label type that a type becomes on a server; a key that another one has there is none."""
    kind = TypeKind.RELATION if isinstance(local, RelationType) else TypeKind.SPAN
    prefix, key = key_there(local.shortcut)
    if any((each.prefix or "", each.key) == (prefix, key) for each in taken if each.kind is kind):
        prefix = key = ""
    return RemoteType(kind=kind, name=local.name, background=hex_of(local.color), key=key, prefix=prefix)


def joined_here(state: State, fields: Iterable[int]) -> Type:
    """Give the type of here with these of name, colour and key taken over from the server."""
    assert state.local is not None
    assert state.remote is not None
    made = made_here(state.remote)
    names = ("name", "color", "shortcut")
    return replace(state.local, **{names[index]: getattr(made, names[index]) for index in fields})


def joined_there(state: State, fields: Iterable[int], taken: Iterable[RemoteType]) -> RemoteType:
    """Give the label type of the server with these of name, colour and key taken over from here."""
    assert state.local is not None
    assert state.remote is not None
    others = [each for each in taken if each.id != state.remote.id]
    made = made_there(state.local, others)
    told: dict[str, Any] = {}
    for index in fields:
        told |= (
            {"name": made.name},
            {"background": made.background},
            {"key": made.key, "prefix": made.prefix},
        )[index]
    return replace(state.remote, **told)


def is_too_long(name: str) -> bool:
    """Tell whether a server refuses this name."""
    return len(name) > LABEL_LIMIT


@dataclass(frozen=True, slots=True)
class Labels:
    """Turns names of types of either side into common names, and these into names and numbers of either side.

    Args:
        commons: common names that stand already, by the number in the table, so that contents keep meaning the same
            while types are renamed.
    """

    states: tuple[State, ...]
    commons: Mapping[int, str] = field(default_factory=dict)
    _here: dict[tuple[Kind, str], str] = field(init=False, repr=False, compare=False, default_factory=dict)
    _there: dict[tuple[Kind, str], str] = field(init=False, repr=False, compare=False, default_factory=dict)
    _by_common: dict[tuple[Kind, str], State] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _by_number: dict[tuple[Kind, int], str] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        for state in self.states:
            number = state.known.number if state.known is not None else 0
            common = self.commons.get(number, state.common)
            self._by_common[state.kind, common] = state
            if number:
                self._by_number[state.kind, number] = common
            if state.local is not None:
                self._here[state.kind, state.local.name] = common
            if state.remote is not None:
                self._there[state.kind, state.remote.name] = common

    def from_here(self, kind: Kind, name: str) -> str:
        """Give the common name of a type of here."""
        return self._here.get((kind, name), name)

    def from_there(self, kind: Kind, name: str) -> str | None:
        """Give the common name of a label type of the server; None where it can have none here."""
        found = self._there.get((kind, name))
        return name if found is None and is_usable(name) else found

    def here(self, kind: Kind, common: str) -> str:
        """Give the name here."""
        state = self._by_common.get((kind, common))
        return common if state is None or state.local is None else state.local.name

    def there(self, kind: Kind, common: str) -> RemoteType | None:
        """Give the label type of the server; None where it has none."""
        state = self._by_common.get((kind, common))
        return None if state is None else state.remote

    def number(self, kind: Kind, common: str) -> int:
        """Give the number of a type in the table.

        Raises:
            KeyError: it is not in it.
        """
        state = self._by_common[kind, common]
        if state.known is None:
            raise KeyError(common)
        return state.known.number

    def name(self, kind: Kind, number: int) -> str:
        """Give the common name of a number; one that the table does not have is its own."""
        return self._by_number.get((kind, number), f"type {number}")

    def is_symmetric(self, common: str) -> bool:
        """Tell whether a relation type of here has no direction."""
        state = self._by_common.get((Kind.RELATION, common))
        return state is not None and isinstance(state.local, RelationType) and state.local.symmetric

    def common_by_number(self) -> dict[int, str]:
        """Give the common names that stand, by number in the table."""
        return {number: name for (_, number), name in self._by_number.items()}


def table_of(states: Iterable[State], *, settled: Iterable[Known] = ()) -> tuple[Known, ...]:
    """Give the table after a sync: both sides as they are now.

    `settled` are lines that stay as they were, of types that were left in conflict.
    """
    states = list(states)
    kept = {each.number: each for each in settled}
    last = max([0, *(state.known.number for state in states if state.known is not None)])
    found = []
    for state in states:
        known = state.known
        if known is not None and known.number in kept:
            found.append(kept[known.number])
            continue
        if known is None and state.remote is None:
            continue  # what never was on the server is in no base
        number = known.number if known is not None else (last := last + 1)
        found.append(
            Known(
                number=number,
                kind=state.kind,
                local=state.local.id if state.local is not None else known.local if known else "",
                remote=state.remote.id if state.remote is not None else known.remote if known else 0,
                here=look_here(state.local)
                if state.local is not None
                else known.here
                if known
                else ("", "", ""),
                there=look_there(state.remote)
                if state.remote is not None
                else known.there
                if known
                else ("", "", ""),
            )
        )
    return tuple(sorted(found, key=lambda each: each.number))


def packed_table(table: Iterable[Known]) -> list[list[Any]]:
    """Write the table as lists of JSON."""
    return [
        [each.number, each.kind.value, each.local, each.remote, list(each.here), list(each.there)]
        for each in table
    ]


def unpacked_table(written: Any) -> tuple[Known, ...]:
    """Read what `packed_table` wrote.

    Raises:
        ValueError: it is none of that.
    """
    try:
        return tuple(
            Known(
                number=int(number),
                kind=Kind(kind),
                local=str(local),
                remote=int(remote),
                here=(str(here[0]), str(here[1]), str(here[2])),
                there=(str(there[0]), str(there[1]), str(there[2])),
            )
            for number, kind, local, remote, here, there in written
        )
    except (TypeError, IndexError) as error:
        raise ValueError("no table of types") from error


def _types(schema: Schema, kind: Kind) -> Sequence[Type]:
    return schema.entities if kind is Kind.SPAN else schema.relations
