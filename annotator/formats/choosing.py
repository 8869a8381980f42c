"""Draws the options of a format for a dialog or the terminal, and makes them of what was chosen there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.model.errors import FormatError

_TRUE, _FALSE = ("yes", "true", "on", "1"), ("no", "false", "off", "0", "")


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name, what a dialog calls it and says of it, its default, and the values it may have, if few.

    `offers` names the list of values, such as `tokenizers`, that only somebody with a project in hand can give.
    """

    name: str
    title: str
    about: str
    default: Any
    choices: tuple[str, ...] = ()
    offers: str = ""

    @property
    def is_switch(self) -> bool:
        """Tell whether it is on or off."""
        return isinstance(self.default, bool)


def options_of(kind: type) -> tuple[Option, ...]:
    """List the options that a class of options declares, in their order."""
    return tuple(
        Option(
            each.name,
            each.metadata["title"],
            each.metadata["help"],
            each.default,
            tuple(each.metadata.get("choices", ())),
            each.metadata.get("offers", ""),
        )
        for each in dataclasses.fields(kind)
        if "title" in each.metadata
    )


def options_made(kind: type, told: Mapping[str, Any], *, what: str) -> Any:
    """Make options of what was chosen; names that the class does not know are left out.

    A choice may be written by its beginning, where no other begins so, without capitals, blanks and hyphens.

    Args:
        what: the format's title, for messages.

    Raises:
        FormatError: a value that an option cannot have; it lists those it can.
    """
    known = {each.name: each for each in options_of(kind)}
    return kind(**{name: _value(known[name], value, what) for name, value in told.items() if name in known})


def _value(option: Option, value: Any, what: str) -> Any:
    if option.is_switch:
        written = str(value).lower()
        if written not in (*_TRUE, *_FALSE):
            raise FormatError(f"{option.title} of {what} is yes or no, not {value!r}.")
        return written in _TRUE
    if not option.choices or value in option.choices:
        return value
    meant = [each for each in option.choices if value and _squeezed(each).startswith(_squeezed(str(value)))]
    if len(meant) != 1:
        known = ", ".join(option.choices)
        raise FormatError(f"{option.title} of {what} cannot be {value!r}.", f"It can be {known}.")
    return meant[0]


def _squeezed(words: str) -> str:
    """Give what is left of a choice for somebody who types it: `utf16` is how UTF-16 units begin."""
    return "".join(sign for sign in words.casefold() if sign.isalnum())
