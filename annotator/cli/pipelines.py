"""`annotator pipelines`: adds spaCy pipelines to the program from files, lists and removes them; no network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.options import Target, json_option
from annotator.cli.output import progress, say
from annotator.model.wording import counted

if TYPE_CHECKING:
    from annotator.workflows.suggesting import PipelineInfo


@click.group("pipelines")
def pipelines() -> None:
    """Keep spaCy pipelines beside the one that comes with the program, without a network."""


@pipelines.command("add")
@click.argument("sources", type=Target, nargs=-1, required=True)
@json_option
def add(*, sources: tuple[Path, ...], as_json: bool) -> None:
    """Add pipelines from wheels, other archives or folders, and see whether each can be loaded.

    Only its data are taken, the folder with meta.json and config.cfg; code in a wheel is left behind.
    """
    from annotator.workflows.added_pipelines import add_pipeline
    from annotator.workflows.suggesting import PipelineInfo, try_pipeline

    told, lines = [], []
    with progress(as_json=as_json) as report:
        for source in sources:
            done = add_pipeline(source, report, check=try_pipeline)
            each = PipelineInfo.of(done.pipeline)
            told.append({**_fields(each), "code_left_behind": done.left_behind})
            lines.append(f"Added {_line(each)}")
            if done.left_behind:
                lines.append(f"  Left behind: {counted(done.left_behind, 'file')} of code beside it.")
    say({"pipelines": told}, lines, as_json=as_json)


@pipelines.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the pipelines that can be chosen: those that came with the program, and those that were added."""
    from annotator.workflows.suggesting import pipelines as known

    found = known()
    lines = [_line(each) for each in found]
    told = {"pipelines": [_fields(each) for each in found]}
    say(told, lines or ["No pipeline: annotator pipelines add FILE."], as_json=as_json)


@pipelines.command("remove")
@click.argument("names", nargs=-1, required=True)
@json_option
def remove(*, names: Sequence[str], as_json: bool) -> None:
    """Remove added pipelines by name; a project that uses one goes on without it and says so."""
    from annotator.workflows.added_pipelines import remove_pipeline

    gone = [remove_pipeline(name).title for name in dict.fromkeys(names)]
    say({"removed": gone}, [f"Removed {name}." for name in gone], as_json=as_json)


def _fields(each: PipelineInfo) -> dict[str, Any]:
    return {
        "name": each.title,
        "folder": each.name if each.is_added else "",
        "language": each.language,
        "version": each.version,
        "labels": list(each.labels),
        "added": each.is_added,
    }


def _line(each: PipelineInfo) -> str:
    whence = "added" if each.is_added else "installed"
    return f"{each.title} {each.version} ({each.language}, {whence}): {', '.join(each.labels)}."
