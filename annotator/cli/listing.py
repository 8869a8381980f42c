"""The command that lists the formats: what each is called, what it can do, and what can be chosen of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from annotator.cli.options import json_option
from annotator.cli.output import say
from annotator.workflows.format_list import FormatTold, known_formats, unused_formats


@click.command("formats")
@json_option
def formats(*, as_json: bool) -> None:
    """List the formats that can be read and written, with their choices.

    Choices for reading are told with --set by import and with --read-set by convert, those for writing with --set.
    """
    for why in unused_formats():
        click.echo(why, err=True)
    listed = known_formats()
    lines = (line for each in listed for line in _lines(each))
    say([_fields(each) for each in listed], lines, as_json=as_json)


def _lines(told: FormatTold) -> Iterator[str]:
    does = " and ".join(word for word, can in (("read", told.reads), ("written", told.writes)) if can)
    yield f"{told.name}: {told.title} ({', '.join(told.suffixes) or 'a folder'}); {does}."
    for verb, options in (("reading", told.read_options), ("writing", told.options)):
        for option in options:
            values = "yes, no" if option.is_switch else ", ".join(option.choices)
            default = ("yes" if option.default else "no") if option.is_switch else option.default
            yield f"    {verb}: --set {option.name}={default or '…'}  {option.about}"
            if values:
                yield f"        one of {values}"


def _fields(told: FormatTold) -> dict[str, Any]:
    def options(some: Any) -> list[dict[str, Any]]:
        return [
            {"name": each.name, "about": each.about, "default": each.default, "choices": list(each.choices)}
            for each in some
        ]

    return {
        "name": told.name,
        "title": told.title,
        "suffixes": list(told.suffixes),
        "reads": told.reads,
        "writes": told.writes,
        "read_options": options(told.read_options),
        "options": options(told.options),
    }
