"""`annotator check`: names every rule of a project that does not hold, or what a spaCy model could not learn of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.opening import opened
from annotator.cli.options import (
    documents_option,
    json_option,
    layout_option,
    must_stand_alone,
    project_argument,
    set_option,
    written_choices,
)
from annotator.cli.output import KINDS, first_places, other_kinds, progress, say
from annotator.model.wording import counted
from annotator.workflows.checking import CheckReport

if TYPE_CHECKING:
    from annotator.workflows.exporting import ExportOptions
    from annotator.workflows.preflight import Preflight, Spot

ALL = "all"
_MENDS = (ALL, "trim", "extend", "shrink", "drop")


@click.command("check")
@project_argument
@click.option(
    "--for-spacy",
    "tokenizer",
    metavar="[TOKENIZER]",
    is_flag=False,
    flag_value="",
    default=None,
    help="Check instead which spans spaCy cannot learn: against the project's own tokens, or those of a language "
    "(en) or a pipeline (its name or folder) named here.",
)
@layout_option
@documents_option
@click.option(
    "--fix",
    "mends",
    type=click.Choice(_MENDS),
    multiple=True,
    help="With --for-spacy: mend like this and check again. all: each span by its safe fix; trim: blanks off edges; "
    "extend or shrink: to token borders; drop: empty and duplicate spans. Each is one step that undo takes back. "
    "Can be repeated.",
)
@set_option
@json_option
def check(
    *,
    project: Path,
    tokenizer: str | None,
    layout: str,
    documents: str,
    mends: Sequence[str],
    details: dict[str, str],
    as_json: bool,
) -> None:
    """Verify all rules of a project and name each breach; or look what spaCy could not learn (--for-spacy).

    Exit code 0: clean. 1: breaches or findings. 2: it cannot be opened.
    """
    if tokenizer is not None:
        from annotator.workflows.exporting import ExportOptions

        told = written_choices({**details, "tokenizer": tokenizer}, "docbin")
        options = ExportOptions(layout=layout, documents=documents, details=told)
        _check_for_spacy(project, options, mends, as_json=as_json)
        return
    from annotator.workflows.checking import check_project

    must_stand_alone("goes with --for-spacy.", ("layout", "documents", "mends", "details"))
    with progress(as_json=as_json) as report:
        found = check_project(project, report)
    say(_fields(found), _lines(found, project), as_json=as_json, code=0 if found.is_clean else 1)


def _fields(found: CheckReport) -> dict[str, Any]:
    return {
        "clean": found.is_clean,
        "documents": found.documents,
        "breaches": [
            {"rule": breach.rule, "document": breach.document, "message": breach.message}
            for breach in found.breaches
        ],
        "breaches_total": found.total,
    }


def _lines(found: CheckReport, project: Path) -> Iterator[str]:
    if found.is_clean:
        yield f"{project.name} keeps all rules: {counted(found.documents, 'document')}."
        return
    yield f"{project.name} breaks {counted(found.total, 'rule')}:"
    for kind in found.kinds[:KINDS]:
        told = [
            f"{'' if each.document is None else f'document {each.document}: '}{each.message}"
            for each in kind.first
        ]
        if kind.count == 1:
            yield f"  {kind.rule}: {told[0]}"
            continue
        yield f"  {kind.rule}: {kind.count:,} × {kind.words}"
        yield from first_places(told, kind.count)
    if len(found.kinds) > KINDS:
        yield other_kinds([kind.count for kind in found.kinds[KINDS:]])


def _check_for_spacy(project: Path, options: ExportOptions, mends: Sequence[str], *, as_json: bool) -> None:
    from annotator.workflows import preflight as checks

    steps: list[str] = []
    with opened(project, read_only=not mends) as session, progress(as_json=as_json) as report:
        for each in mends:
            how = None if each == ALL else checks.Mend(each)
            looked = checks.preflight(session, options, report)
            if looked.fixable if how is None else looked.mendable.get(how):
                steps.append(checks.mend(session, options, how, report).message)
        found = checks.preflight(session, options, report)
        pairs = checks.pairs_by_window(session, options, report)
    lines = [*steps, *_spacy_lines(found), *_pair_lines(pairs)]
    say(_findings(found, steps, pairs), lines, as_json=as_json, code=1 if found.total else 0)


def _spacy_lines(found: Preflight) -> Iterator[str]:
    if not found.documents:
        yield "No document fits this choice, so spaCy has nothing to learn. Finish one, or say --documents all."
        return
    looked = (
        f"{counted(found.spans, 'span')} of {counted(found.documents, 'document')} "
        f"against the tokens of {found.tokenizer}, layout {found.layout}"
    )
    yield f"{looked}: spaCy can learn all of them." if not found.total else f"{looked}:"
    for flaw, count in found.counts.items():
        spots = [each for each in found.spots if each.flaw is flaw]
        ways = dict.fromkeys(how.value for each in spots for how in each.mends)
        offered = f"  ({', '.join(f'--fix {way}' for way in ways)})" if ways else ""
        yield f"  {count:,} {flaw.value}{offered}"
        yield from first_places(map(_place, spots), count)


def _place(spot: Spot) -> str:
    return f"{spot.title}, at {spot.start:,}: {spot.label} “{spot.words}”. {spot.told}"


def _pair_lines(pairs: Sequence[str]) -> list[str]:
    told = [f"  {each}" for each in pairs]
    return ["For relations, rel_component looks at (--set windows=…):", *told] if pairs else []


def _findings(found: Preflight, steps: Sequence[str], pairs: Sequence[str]) -> dict[str, Any]:
    return {
        "clean": not found.total,
        "tokenizer": found.tokenizer,
        "layout": found.layout,
        "documents": found.documents,
        "spans": found.spans,
        "counts": {flaw.value: count for flaw, count in found.counts.items()},
        "findings": [
            {
                "document": each.document,
                "title": each.title,
                "flaw": each.flaw.value,
                "label": each.label,
                "words": each.words,
                "start": each.start,
                "message": each.told,
                "fixes": [how.value for how in each.mends],
            }
            for each in found.spots
        ],
        "findings_total": found.total,
        "fixed": list(steps),
        "pairs": list(pairs),
    }
