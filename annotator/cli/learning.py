"""The command that lets the suggesters learn from finished documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from annotator.cli.opening import opened
from annotator.cli.options import json_option, project_argument
from annotator.cli.output import Outcome, progress


@click.command("learn")
@project_argument
@click.option(
    "--imported-is-gold/--imported-is-not-gold",
    default=None,
    help="Whether documents that came done with an import are learnt from, too; kept for this project.",
)
@json_option
def learn(*, project: Path, imported_is_gold: bool | None, as_json: bool) -> None:
    """Learn from the documents that were finished since the last time.

    The window does so by itself. What was learnt is used by `annotator suggest`.
    """
    from annotator.workflows import learning

    with opened(project) as session, progress(as_json=as_json) as report:
        settings = session.suggest_settings()
        if imported_is_gold is not None:
            session.set_suggest_settings(replace(settings, imported_is_gold=imported_is_gold))
        done = learning.learn(session, report)
    outcome = Outcome(documents=done.documents, more={"anew": done.anew, "trainings": done.trainings})
    if not settings.learns:
        outcome.lines = ["Learning is switched off in this project; Suggesters in the window switches it on."]
    elif not done.documents:
        outcome.lines = ["Nothing new to learn: no document was finished by hand since the last time."]
    else:
        begun = ", all of them anew" if done.anew else ""
        documents = "1 document" if done.documents == 1 else f"{done.documents:,} documents"
        outcome.lines = [f"Learnt from {documents}{begun}."]
    outcome.finish(as_json=as_json)
