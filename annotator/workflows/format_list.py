"""Tells of the formats what a person may want to know before choosing one."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.formats import FORMATS
from annotator.formats.choosing import Option, options_of

_ALWAYS = frozenset({"language", "encoding", "layout", "assume_done"})
"""Options that commands and dialogs ask for by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatTold:
    """A format: its name, its title, the endings of its files, what it can do, and what can be chosen."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    reads: bool
    writes: bool
    read_options: tuple[Option, ...]
    options: tuple[Option, ...]


def known_formats() -> tuple[FormatTold, ...]:
    """List all formats."""

    def chosen(kind: type) -> tuple[Option, ...]:
        return tuple(option for option in options_of(kind) if option.name not in _ALWAYS)

    return tuple(
        FormatTold(
            name=each.name,
            title=each.title,
            suffixes=each.suffixes,
            reads=each.read is not None,
            writes=each.write is not None,
            read_options=chosen(each.read_options),
            options=chosen(each.options),
        )
        for each in FORMATS
    )


def unused_formats() -> tuple[str, ...]:
    """Say of each format that another package adds and that is not used why."""
    return FORMATS.skipped
