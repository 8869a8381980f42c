"""Tells what stands in a project file that annotator did not make: triggers, views, tables, changed definitions.

A project comes from anywhere. Whatever in it could act (a trigger, a view, a generated column, an expression in an
index or a default) is compared with what the migrations make, and a file that holds anything else is not opened.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache

from annotator.model.errors import NewerError, RepairableError
from annotator.model.wording import printable
from annotator.store.migrate import latest, migrate

NAMED = 3
"""How many foreign things a message names."""
_KEPT_BY_SQLITE = re.compile(r"sqlite_stat\d")
_ACTING = frozenset({"check", "generated", "as", "conflict", "collate", "references"})
"""Words of a definition that let it do something when a row is written."""
_SIGNS = re.compile(r"""["'`\[\]\s]+""")

Definition = tuple[str, str, str]
"""Kind, name and table of an entry of the file's own list of what it holds."""


class ForeignError(RepairableError):
    """A project file holds things that annotator did not make; `things` names all of them."""

    def __init__(self, name: str, things: list[str]) -> None:
        named = ", ".join(things[:NAMED]) + (
            f" and {len(things) - NAMED:,} more" if len(things) > NAMED else ""
        )
        super().__init__(
            f"{name} holds things that annotator did not make: {named}.",
            f"Repair it into a copy: annotator repair {name}.",
        )
        self.things = tuple(things)


class NewerThingsError(NewerError):
    """A newer annotator made things in the file that act when something is written; it can be read."""


def refuse_foreign(
    connection: sqlite3.Connection, *, version: int, name: str, read_only: bool = False
) -> None:
    """Refuse a project file in which anything stands that the migrations up to its version do not make.

    In a file of a newer minor version things may have been added that this program does not know. It is opened where
    they cannot act, and where they can (triggers, views, expressions) only for reading, which sets none of them off.

    Raises:
        ForeignError: something else stands there, or something of ours is missing or was changed.
        NewerThingsError: a newer minor version, for writing, with things that would act.
        sqlite3.Error: the file cannot be read.
    """
    things = foreign_things(connection, version=version)
    if things:
        raise ForeignError(name, things)
    if version > latest() and not read_only and (acting := _acting(connection)):
        raise NewerThingsError(
            f"{name} was made by a newer annotator (file format {version // 1000}.{version % 1000}), "
            f"which keeps {acting[0]} in it.",
            "Open it read only, or install the newer version.",
        )


def foreign_things(connection: sqlite3.Connection, *, version: int) -> list[str]:
    """List in plain words what differs from what the migrations up to a version make."""
    ours, found = _made_by_us(version), _definitions(connection)
    is_newer = version > latest()
    things = [] if is_newer else [_named(each) for each in sorted(found.keys() - ours.keys())]
    things += [
        f"{_named(each)} (changed)"
        for each in sorted(found.keys() & ours.keys())
        if found[each] != ours[each] and not (is_newer and _only_grew(found[each], ours[each]))
    ]
    return things + [f"no {_named(each)}" for each in sorted(ours.keys() - found.keys())]


def _acting(connection: sqlite3.Connection) -> list[str]:
    """List what a newer version added and what could act when something is written."""
    ours = _made_by_us(latest())
    return [
        _named(each)
        for each, statement in sorted(_definitions(connection).items())
        if each not in ours and not (each[0] in {"table", "index"} and _is_plain(statement))
    ]


def _only_grew(found: str, ours: str) -> bool:
    """Tell whether a table is ours with more plain columns, which SQLite writes behind our columns."""
    pairs = enumerate(zip(found, ours, strict=False))
    before = next((index for index, (one, other) in pairs if one != other), min(len(found), len(ours)))
    behind = len(ours) - before
    added = found[before : len(found) - behind].strip()
    if found[len(found) - behind :] != ours[before:] or "," not in (added[:1], added[-1:]):
        return False
    return _is_plain(f"create table x ({added})")


def _is_plain(statement: str) -> bool:
    """Tell whether a table or an index holds nothing that is worked out: no checks, expressions, other engines."""
    if not statement:  # an index that SQLite made for a key
        return True
    head, _, columns = statement.partition("(")
    words = set(re.findall(r"\w+", columns))
    return "virtual" not in head and "(" not in columns and words.isdisjoint(_ACTING)


def _named(each: Definition) -> str:
    return f"{each[0]} {printable(each[1], limit=60)}"


@cache
def _made_by_us(version: int) -> dict[Definition, str]:
    """Give what stands in a file that was made by the migrations up to a version."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, start=0, end=min(version, latest()))
        return _definitions(connection)


def _definitions(connection: sqlite3.Connection) -> dict[Definition, str]:
    """Read what a file says it holds, each with its statement; signs and blanks, in which versions differ, left out."""
    found = {}
    for kind, name, table, statement in connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
    ):
        if _KEPT_BY_SQLITE.fullmatch(str(name)) and kind == "table":
            continue  # counts for its planner; SQLite lets nobody make a table of this name
        found[str(kind), str(name), str(table)] = _SIGNS.sub(" ", statement or "").strip().casefold()
    return found
