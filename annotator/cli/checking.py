"""`annotator check`: names every rule of a project that does not hold, or what a spaCy model could not learn of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.commands import opened, set_option
from annotator.cli.output import progress
from annotator.model.wording import printable
from annotator.workflows.checking import CheckReport

if TYPE_CHECKING:
    from annotator.workflows.exporting import ExportOptions
    from annotator.workflows.preflight import Preflight

SHOWN = 50
"""Most breaches, or findings, shown to people; `--json` lists more."""
_MENDS = ("trim", "extend", "shrink", "drop")


@click.command("check")
@click.argument("project", type=click.Path(path_type=Path))
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
@click.option(
    "--layout",
    type=click.Choice(["auto", "ents", "spans", "both"]),
    default="auto",
    show_default=True,
    help="With --for-spacy: where the DocBin will keep spans.",
)
@click.option(
    "--documents",
    type=click.Choice(["done", "decided", "all"]),
    default="done",
    show_default=True,
    help="With --for-spacy: which documents.",
)
@click.option(
    "--fix",
    "mends",
    type=click.Choice(_MENDS),
    multiple=True,
    help="With --for-spacy: mend like this and check again. trim: blanks off edges; extend or shrink: to token "
    "borders; drop: empty and duplicate spans. Each is one step that undo takes back. Can be repeated.",
)
@set_option
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
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
        from annotator.workflows.tokenizers import chosen_by_hand

        told = {**details, "tokenizer": chosen_by_hand(tokenizer)}
        options = ExportOptions(layout=layout, documents=documents, details=told)
        _check_for_spacy(project, options, mends, as_json=as_json)
        return
    from annotator.workflows.checking import check_project

    if mends or details:
        raise click.UsageError("--fix and --set go with --for-spacy.")
    with progress(as_json=as_json) as report:
        found = check_project(project, report)
    print(_as_json(found) if as_json else _as_lines(found, project))
    click.get_current_context().exit(0 if found.is_clean else 1)


def _as_json(found: CheckReport) -> str:
    return json.dumps(
        {
            "clean": found.is_clean,
            "documents": found.documents,
            "breaches": [
                {"rule": breach.rule, "document": breach.document, "message": breach.message}
                for breach in found.breaches
            ],
            "breaches_total": found.total,
        },
        ensure_ascii=False,
    )


def _as_lines(found: CheckReport, project: Path) -> str:
    if found.is_clean:
        documents = f"{found.documents:,} document{'' if found.documents == 1 else 's'}"
        return f"{project.name} keeps all rules: {documents}."
    lines = [f"{project.name} breaks {found.total:,} {'rule' if found.total == 1 else 'rules'}:"]
    for breach in found.breaches[:SHOWN]:
        where = "" if breach.document is None else f" document {breach.document}:"
        lines.append(f"  {breach.rule}:{where} {printable(breach.message)}")
    if found.total > SHOWN:
        lines.append(f"  … and {found.total - SHOWN:,} more; --json lists up to {len(found.breaches):,}.")
    return "\n".join(lines)


def _check_for_spacy(project: Path, options: ExportOptions, mends: Sequence[str], *, as_json: bool) -> None:
    from annotator.workflows import preflight as checks

    steps: list[str] = []
    with opened(project, read_only=not mends) as session, progress(as_json=as_json) as report:
        for each in mends:
            how = checks.Mend(each)
            if checks.preflight(session, options, report).mendable.get(how):
                steps.append(checks.mend(session, options, how, report).message)
        found = checks.preflight(session, options, report)
        pairs = checks.pairs_by_window(session, options, report)
    if as_json:
        print(json.dumps(_findings(found, steps, pairs), ensure_ascii=False))
    else:
        print("\n".join(printable(line) for line in _spacy_lines(found, steps, pairs)))
    click.get_current_context().exit(1 if found.total else 0)


def _spacy_lines(found: Preflight, steps: Sequence[str], pairs: Sequence[str]) -> list[str]:
    looked = (
        f"{found.spans:,} span{'' if found.spans == 1 else 's'} of {found.documents:,} "
        f"document{'' if found.documents == 1 else 's'} against the tokens of {found.tokenizer}, layout {found.layout}"
    )
    lines = [*steps, f"{looked}: spaCy can learn all of them." if not found.total else f"{looked}:"]
    for flaw, count in found.counts.items():
        spots = [each for each in found.spots if each.flaw is flaw]
        ways = dict.fromkeys(how.value for each in spots for how in each.mends)
        offered = f"  ({', '.join(f'--fix {way}' for way in ways)})" if ways else ""
        lines.append(f"  {count:,} {flaw.value}{offered}")
        for each in spots[:SHOWN]:
            place = f"{each.title}, at {each.start:,}: {each.label} “{each.words}”"
            lines.append(f"    {place}. {each.told}")
        if count > SHOWN:
            lines.append(f"    … and {count - SHOWN:,} more; --json lists more.")
    if pairs:
        lines += [
            "For relations, rel_component looks at (--set windows=…):",
            *(f"  {each}" for each in pairs),
        ]
    return lines


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
