"""Options that several commands share, and the choices of formats that are written NAME=VALUE."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from annotator.workflows.format_list import FormatTold, known_formats
from annotator.workflows.projects import with_ending

Target = click.Path(path_type=Path)


class _ProjectFile(click.Path):
    """The place of a project; as `new` does, it may be named without its ending."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the path, with the ending where that alone is there."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        whole = with_ending(path)
        return whole if whole.is_file() and not path.exists() else path


project_argument = click.argument("project", type=_ProjectFile(path_type=Path))


def _settings(_context: click.Context, _parameter: click.Parameter, told: Sequence[str]) -> dict[str, str]:
    """Give the choices by their names."""
    found: dict[str, str] = {}
    for each in told:
        name, sign, chosen = each.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(f"{each!r} is not of the form NAME=VALUE, such as scheme=BIOES.")
        found[name.strip().replace("-", "_")] = chosen.strip()
    return found


json_option = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
layout_option = click.option(
    "--layout",
    type=click.Choice(["auto", "ents", "spans", "both"]),
    default="auto",
    show_default=True,
    help="Where a DocBin keeps spans.",
)
documents_option = click.option(
    "--documents",
    type=click.Choice(["done", "decided", "all"]),
    default="done",
    show_default=True,
    help="Which documents; those not done are never gold negatives.",
)
from_option = click.option(
    "--from", "read_format", default="", help="Format of the sources; otherwise told by their content."
)
language_option = click.option(
    "--language",
    default="",
    help="Language of texts whose file names none; in a project otherwise the project's.",
)
encoding_option = click.option(
    "--encoding", default="", help="Encoding of text files that are not UTF-8, for example cp1252."
)
_LISTED = "`annotator formats` lists them. Can be repeated."
set_option = click.option(
    "--set",
    "details",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_settings,
    help=f"A choice of the format that is written, such as scheme=BIOES; {_LISTED}",
)
set_when_read_option = click.option(
    "--set",
    "details",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_settings,
    help=f"A choice of the format that is read, such as offsets=utf16; {_LISTED}",
)
read_set_option = click.option(
    "--read-set",
    "read_details",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_settings,
    help="The same for the format of the source, such as offsets=utf16.",
)


def written_choices(told: Mapping[str, str], format_name: str, *, reading_switch: str = "") -> dict[str, str]:
    """Give the choices for a format that is written, a tokenizer that a person named among them.

    Args:
        reading_switch: the switch that tells the same command what the source's format is told; empty for none.

    Raises:
        UsageError: the format has no such choice; it says which it has, and where the named one belongs.
    """
    from annotator.workflows.tokenizers import chosen_by_hand

    found = next((each for each in known_formats() if each.name == format_name and each.writes), None)
    if found is not None:
        elsewhere = {}
        if reading_switch:
            elsewhere = {name: f"{reading_switch} {name}=…" for name in _names_read(known_formats())}
        known = [each.name for each in found.options]
        _must_know(told, known, what=f"{found.title}, written,", elsewhere=elsewhere)
    return {name: chosen_by_hand(value) if name == "tokenizer" else value for name, value in told.items()}


def read_choices(told: Mapping[str, str], format_name: str) -> dict[str, str]:
    """Give the choices for what is read; without a format's name those that any format has.

    Raises:
        UsageError: there is no such choice; it says which there are.
    """
    formats = [each for each in known_formats() if each.reads and format_name in ("", each.name)]
    if formats:
        what = f"{formats[0].title}, read," if format_name else "What is read"
        _must_know(told, _names_read(formats), what=what)
    return dict(told)


def must_stand_alone(because: str, names: Iterable[str]) -> None:
    """Refuse what a person wrote beside a switch that leaves it no meaning.

    Args:
        because: the end of the sentence that says so. names: those of the parameters that would have none.

    Raises:
        UsageError: one of them was written.
    """
    context, unwanted = click.get_current_context(), set(names)
    for each in context.command.params:
        is_written = context.get_parameter_source(each.name or "") is ParameterSource.COMMANDLINE
        if each.name in unwanted and is_written:
            raise click.UsageError(f"{each.opts[0]} {because}")


def _names_read(formats: Iterable[FormatTold]) -> list[str]:
    return sorted({option.name for each in formats for option in each.read_options})


def _must_know(
    told: Iterable[str], known: Sequence[str], *, what: str, elsewhere: Mapping[str, str] | None = None
) -> None:
    switches = {switch for each in click.get_current_context().command.params for switch in each.opts}
    for name in told:
        if name in known:
            continue
        switch = f"--{name.replace('_', '-')}"
        if switch in switches:
            raise click.UsageError(f"{name} is not set like that: say {switch}.")
        there = f"can be told {', '.join(known)}" if known else "can be told nothing"
        place = (elsewhere or {}).get(name, "")
        more = f" For the source say {place}." if place else ""
        raise click.UsageError(f"{what} knows no {name!r}; it {there}.{more}")
