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
@click.option(
    "--fine-tune/--no-fine-tune",
    default=None,
    help="Whether the spaCy pipeline is fine-tuned on them, too, which takes a minute; kept for this project.",
)
@json_option
def learn(*, project: Path, imported_is_gold: bool | None, fine_tune: bool | None, as_json: bool) -> None:
    """Learn from the documents that were finished since the last time.

    The window does so by itself. What was learnt is used by `annotator suggest`.
    """
    from annotator.workflows import fine_tuning, learning

    with opened(project) as session, progress(as_json=as_json) as report:
        settings = session.suggest_settings()
        if imported_is_gold is not None:
            settings = replace(settings, imported_is_gold=imported_is_gold)
        if fine_tune is not None:
            settings = replace(settings, fine_tunes=fine_tune)
        if settings != session.suggest_settings():
            session.set_suggest_settings(settings)
        done = learning.learn(session, report)
        tuned = fine_tuning.fine_tune(session, report)
    more = {"anew": done.anew, "trainings": done.trainings, "fine_tuned": tuned.documents}
    outcome = Outcome(documents=done.documents, more=more)
    if not settings.learns:
        outcome.lines = ["Learning is switched off in this project; Suggesters in the window switches it on."]
    elif not done.documents:
        outcome.lines = ["Nothing new to learn: no document was finished by hand since the last time."]
    else:
        begun = ", all of them anew" if done.anew else ""
        documents = "1 document" if done.documents == 1 else f"{done.documents:,} documents"
        outcome.lines = [f"Learnt from {documents}{begun}."]
    if tuned.documents:
        outcome.lines.append(tuned.words())
    outcome.finish(as_json=as_json)
