"""How a command opens a project, and under whose name."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from annotator.model.errors import UserError
from annotator.workflows.session import Session


def annotator_name() -> str:
    """Give the name under which decisions are kept: `ANNOTATOR_NAME`, else the account's."""
    named = os.environ.get("ANNOTATOR_NAME", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "annotator"


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[Session]:
    """Open a project for a command and close it after.

    Raises:
        UserError: it is not there, or cannot be opened.
    """
    from annotator.workflows.projects import open_project

    if not path.exists():
        raise UserError(f"{path} is not there.", f"Look at its name, or make it: annotator new {path}.")
    session = open_project(path, annotator=annotator_name(), read_only=read_only)
    if session.care:
        click.echo(session.care, err=True)
    try:
        yield session
    finally:
        if left := session.close().words():
            click.echo(left, err=True)
