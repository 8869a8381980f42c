"""The command that trains a spaCy pipeline from what was decided."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.opening import opened
from annotator.cli.options import Target, json_option, project_argument
from annotator.cli.output import Outcome, progress

if TYPE_CHECKING:
    from annotator.workflows.training import TrainReport, Tried

LAYOUTS = ("auto", "ents", "spans", "both")


@click.command("train")
@project_argument
@click.argument("out", type=Target)
@click.option(
    "--layout",
    type=click.Choice(LAYOUTS),
    default="auto",
    show_default=True,
    help="What is learnt: entities (ner), spans that may overlap (spancat), or both.",
)
@click.option(
    "--documents",
    type=click.Choice(["done", "decided"]),
    default="done",
    show_default=True,
    help="Learn from documents that are done, or also from those in progress.",
)
@click.option("--group-by", default="", help="Keep documents of one source or another field in one part.")
@click.option(
    "--steps",
    type=click.IntRange(0),
    default=0,
    help="Stop after so many updates; otherwise when nothing more is gained.",
)
@click.option("--use", is_flag=True, help="Let it propose in this project where it is the better one.")
@json_option
def train(
    *,
    project: Path,
    out: Path,
    layout: str,
    documents: str,
    group_by: str,
    steps: int,
    use: bool,
    as_json: bool,
) -> None:
    """Train a spaCy pipeline in the folder OUT, and try it beside the one in use.

    Both are tried on the documents of the part dev, which are not trained on.
    """
    from annotator.workflows import training

    options = training.TrainOptions(layout=layout, documents=documents, group_by=group_by, most_steps=steps)
    with opened(project) as session, progress(as_json=as_json) as report:
        done = training.train(session, out, options, report)
        is_used = use and done.is_better
        if is_used:
            training.use(session, out)
    outcome = Outcome(documents=sum(done.parts.values()), more=_told(done, is_used=is_used))
    parts = ", ".join(f"{part} {count:,}" for part, count in done.parts.items())
    outcome.lines = [
        f"Trained {done.folder} in {done.seconds:.0f} s and {done.steps:,} steps; documents: {parts}.",
        *_beside(done),
        _what_next(done, wished=use),
    ]
    outcome.finish(as_json=as_json)


def _beside(done: TrainReport) -> list[str]:
    """Say how both did, label by label."""
    tried = [each for each in (done.new, done.old) if each is not None]
    lines = [f"F1 on {done.tried_on:,} documents of dev, exact label and extent:"]
    lines += [f"  {each.name}: {each.score.f1:.2f}" for each in tried]
    for label, score in done.new.labels.items():
        if score.decided:
            scores = ", ".join(f"{_f1(each, label):.2f}" for each in tried)
            lines.append(f"    {label}: {scores} ({score.decided:,} decided)")
    return lines


def _f1(tried: Tried, label: str) -> float:
    score = tried.labels.get(label)
    return 0.0 if score is None else score.f1


def _what_next(done: TrainReport, *, wished: bool) -> str:
    if not done.is_better:
        return "It is not better than the pipeline in use, which stays."
    if wished:
        return "It is the better one and proposes candidates in this project from now on."
    return f"It is the better one. To use it here: annotator suggest PROJECT --with {done.folder}"


def _told(done: TrainReport, *, is_used: bool) -> dict[str, Any]:
    def tried(each: Tried | None) -> dict[str, Any] | None:
        if each is None:
            return None
        labels = {label: {**asdict(score), "f1": score.f1} for label, score in each.labels.items()}
        return {"name": each.name, "f1": each.score.f1, **asdict(each.score), "labels": labels}

    return {
        "folder": str(done.folder),
        "parts": dict(done.parts),
        "tried_on": done.tried_on,
        "new": tried(done.new),
        "old": tried(done.old),
        "is_better": done.is_better,
        "is_used": is_used,
        "steps": done.steps,
        "seconds": round(done.seconds, 1),
    }
