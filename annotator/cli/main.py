"""The entry point: `annotator [PROJECT]` opens the window, `annotator COMMAND ...` works in the terminal."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from annotator import __version__
from annotator.cli.opening import annotator_name
from annotator.model.errors import UserError
from annotator.model.wording import printable

EXIT_REFUSED = 2
"""Nothing was done."""
_IN_NO_NAME = frozenset("./\\")
"""What paths have and names of commands have not."""


class _Program(click.Group):
    """Takes a path, or nothing, as the wish to open the window, which waits for no other command to be loaded."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        wishes = {"--help", "--version", "--self-test"}
        if args and not wishes.intersection(args[:1]) and self.get_command(ctx, args[0]) is None:
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        if found is None and _IN_NO_NAME.isdisjoint(cmd_name):
            self._load()
            found = super().get_command(ctx, cmd_name)
        return found

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load()
        return super().list_commands(ctx)

    def _load(self) -> None:
        from annotator.cli.every_command import COMMANDS

        for command in COMMANDS:
            self.add_command(command)


@click.group(cls=_Program, invoke_without_command=True)
@click.version_option(__version__, message="annotator %(version)s")
@click.option("--self-test", is_flag=True, help="Check this installation: one line of JSON, exit code 0.")
@click.pass_context
def program(context: click.Context, self_test: bool) -> None:
    """Label articles for training corpora.

    Without a command the window opens, on PROJECT if one is named.
    """
    if self_test:
        from annotator.cli.self_test import run as check

        context.exit(check(context.obj.draw_picture))
    if context.invoked_subcommand is None:
        context.invoke(open_window)


@dataclass(frozen=True, slots=True)
class Faces:
    """What the terminal is handed to open the other face of the program."""

    open_window: Callable[[Path | None, str], int]
    draw_picture: Callable[[Path, Path, str, str], None]


@click.command("open", hidden=True)
@click.argument("project", type=click.Path(path_type=Path), required=False)
@click.option(
    "--picture", type=click.Path(path_type=Path), default=None, help="Write a picture of the window instead."
)
@click.option(
    "--theme", type=click.Choice(["light", "dark", "contrast"]), default="light", help="Of the picture."
)
@click.pass_obj
def open_window(
    faces: Faces, project: Path | None = None, picture: Path | None = None, theme: str = "light"
) -> None:
    """Open the window on a project."""
    if picture is None:
        click.get_current_context().exit(faces.open_window(project, annotator_name()))
    if project is None:
        raise UserError("A picture needs a project.", "Name one.")
    faces.draw_picture(project, picture, theme, annotator_name())


program.add_command(open_window)


def run(
    *,
    open_window: Callable[[Path | None, str], int],
    draw_picture: Callable[[Path, Path, str, str], None],
    arguments: list[str] | None = None,
) -> None:
    """Run the program; ends the process with 0, 1 (some records refused) or 2 (nothing done)."""
    multiprocessing.freeze_support()
    try:
        faces = Faces(open_window, draw_picture)
        code = program.main(args=arguments, prog_name="annotator", standalone_mode=False, obj=faces)
    except UserError as error:
        click.echo(f"annotator: {printable(str(error))}", err=True)
        sys.exit(EXIT_REFUSED)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_REFUSED)
    except (click.Abort, KeyboardInterrupt):
        click.echo("annotator: stopped.", err=True)
        sys.exit(EXIT_REFUSED)
    sys.exit(code if isinstance(code, int) else 0)
