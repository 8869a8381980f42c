"""The command that lists the formats: what each is called, what it can do, and what can be chosen of it."""

from __future__ import annotations

import json
from typing import Any

import click

from annotator.workflows.format_list import FormatTold, known_formats, unused_formats


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def formats(*, as_json: bool) -> None:
    """List the formats that can be read and written, with their choices."""
    for why in unused_formats():
        click.echo(why, err=True)
    if as_json:
        click.echo(json.dumps([_fields(each) for each in known_formats()], ensure_ascii=False))
        return
    for each in known_formats():
        does = " and ".join(word for word, can in (("read", each.reads), ("written", each.writes)) if can)
        click.echo(f"{each.name}: {each.title} ({', '.join(each.suffixes) or 'a folder'}); {does}.")
        for verb, options in (("reading", each.read_options), ("writing", each.options)):
            for option in options:
                values = "yes, no" if option.is_switch else ", ".join(option.choices)
                default = ("yes" if option.default else "no") if option.is_switch else option.default
                click.echo(f"    {verb}: --set {option.name}={default or '…'}  {option.about}")
                if values:
                    click.echo(f"        one of {values}")


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
