"""Writes the manual page from the program's own commands, so that it never says anything else than `--help`.

python packaging/man_page.py > annotator.1
"""

from __future__ import annotations

import datetime as dt
import sys

import click
from building import ROOT, commit_time, version

sys.path.insert(0, str(ROOT))

from annotator.cli.every_command import COMMANDS
from annotator.cli.main import program


def page() -> str:
    """Return the page as roff."""
    day = dt.datetime.fromtimestamp(commit_time(), dt.UTC).date().isoformat()
    lines = [
        f'.TH ANNOTATOR 1 "{day}" "annotator {version()}" "User Commands"',
        ".SH NAME",
        r"annotator \- label articles with entities and relations",
        ".SH SYNOPSIS",
        ".B annotator",
        "[\\fIPROJECT\\fR]",
        ".br",
        ".B annotator",
        "\\fICOMMAND\\fR [\\fIARGUMENTS\\fR]...",
        ".SH DESCRIPTION",
        *_text(
            "Without a command the window opens, on PROJECT if one is named: a file that ends in .annot. "
            "With a command the work is done in the terminal. Everything stays on this computer."
        ),
        ".SH COMMANDS",
    ]
    context = click.Context(program, info_name="annotator")
    for command in sorted(COMMANDS, key=lambda each: each.name or ""):
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            for inner in sorted(command.commands):
                between = " ".join(each.make_metavar(context) for each in _arguments(command))
                lines += _command(
                    f"{command.name} {between} {inner}".replace("  ", " "), command.commands[inner]
                )
        else:
            lines += _command(command.name or "", command)
    lines += [
        ".SH EXIT STATUS",
        *_text(
            "0: all well. 1: done, but some records were refused, each named. 2: nothing done. "
            "Of check and of --self-test: 1 where something was found."
        ),
        ".SH ENVIRONMENT",
        ".TP",
        ".B ANNOTATOR_SETTINGS",
        "Names another folder for the settings.",
        ".TP",
        ".B ANNOTATOR_NAME",
        "The name under which decisions are kept.",
        ".SH FILES",
        *_text(
            "Settings lie in ~/.config/annotator; backups and added pipelines in ~/.local/share/annotator."
        ),
    ]
    return "\n".join(lines) + "\n"


def _command(name: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=name)
    metavars = " ".join(each.make_metavar(context) for each in _arguments(command))
    lines = [f'.SS "{_escaped(f"{name} {metavars}".strip())}"', *_text(command.help or "")]
    for each in command.params:
        if isinstance(each, click.Option) and (record := each.get_help_record(context)):
            lines += [".TP", f".B {_escaped(record[0])}", _escaped(" ".join(record[1].split()))]
    return lines


def _arguments(command: click.Command) -> list[click.Argument]:
    return [each for each in command.params if isinstance(each, click.Argument)]


def _text(text: str) -> list[str]:
    lines: list[str] = []
    for paragraph in text.replace("\b", "").strip().split("\n\n"):
        lines += [".PP", _escaped(" ".join(paragraph.split()))]
    return lines


def _escaped(text: str) -> str:
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    sys.stdout.write(page())
