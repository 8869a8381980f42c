"""What the commands of doccano print of plans and results."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from annotator.cli.output import FIRST, first_places, problem_fields
from annotator.model.record import Loss
from annotator.model.wording import counted
from annotator.workflows.doccano import Conflict, Status, SyncPlan, SyncResult, Thing, Way

_COLUMNS = ("added", "changed", "deleted")
_DEEDS = ("add", "change", "delete")
_WAYS = {Way.HERE: "into this project", Way.THERE: "to the server"}
_PLURALS = {Thing.METADATA: "metadata", Thing.CATEGORY: "categories"}
Counts = Mapping[tuple[Any, Any, Any], int]


def plan_lines(plan: SyncPlan) -> Iterator[str]:
    """Write a plan as a table, with its conflicts, for people."""
    yield f"{plan.project.name}, {'shared' if plan.project.is_shared else 'individual'}:"
    yield from table(plan.counts)
    if plan.uploads:
        yield f"{counted(plan.uploads, 'document')} by upload."
    if plan.calls:
        yield f"About {counted(plan.calls, 'call')}, {plan.seconds:,.0f} s."
    yield from conflict_lines(plan.conflicts, "Changed on both sides:")
    if plan.others:
        yield "Made by others, and left there unless you say --delete-others:"
        yield from first_places(
            (f"{each.whose}: {each.label} “{each.words}” in {each.title}" for each in plan.others),
            len(plan.others),
        )
    for count, where in ((plan.missing_here, "here"), (plan.missing_there, "on the server")):
        if count:
            yield f"{counted(count, 'linked document')} gone {where}; left alone unless you say --delete-missing."
    for each in plan.gone_types:
        where = "on the server" if each.way is Way.HERE else "here"
        yield f"Label type {each.name} gone {where}, and used nowhere; it stays unless you say --delete-missing."
    yield from plan.told
    for loss in plan.stays:
        yield loss.message
        yield from first_places(map(str, loss.examples), len(loss.examples))


def table(counts: Counts) -> Iterator[str]:
    """Write counts by way, thing and deed."""
    if not counts:
        yield "  Nothing is to be done."
        return
    yield f"  {'':28}{''.join(f'{name:>10}' for name in _COLUMNS)}"
    for way, words in _WAYS.items():
        for thing in Thing:
            numbers = [counts.get((way, deed, thing), 0) for deed in _DEEDS]
            if any(numbers):
                noun = _PLURALS.get(thing, f"{thing.value}s")
                cells = "".join(f"{number:>10,}" if number else f"{'·':>10}" for number in numbers)
                yield f"  {f'{noun} {words}':28}{cells}"


def conflict_lines(conflicts: Iterable[Conflict], head: str) -> Iterator[str]:
    """Write conflicts, the first few of them."""
    found = list(conflicts)
    if not found:
        return
    yield f"{head} {counted(len(found), 'conflict')}"
    for each in found[:FIRST]:
        whose = f" ({each.whose})" if each.whose else ""
        yield f"  {each.thing.value} in {each.title}: here {_brief(each.mine)}; there {_brief(each.theirs)}{whose}"
    if len(found) > FIRST:
        yield f"  … and {len(found) - FIRST:,} more; --json lists them."


def result_lines(done: SyncResult) -> Iterator[str]:
    """Write what a sync did."""
    yield f"Done in {done.seconds:.1f} s:"
    yield from table(done.done)
    yield from conflict_lines(done.left, "Left as they are; say --mine or --theirs:")
    if done.healed:
        yield "Put right after reading back:"
        yield from first_places(done.healed, len(done.healed))


def status_lines(found: list[Status]) -> Iterator[str]:
    """Write with which projects of servers a project is in step."""
    if not found:
        yield "This project is not linked with any of a doccano server."
    for each in found:
        when = "never"
        if each.synced_at is not None:
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(each.synced_at))
        yield f"{each.project} on {each.address}, account {each.account}, last in step {when}."
        yield (
            f"  {counted(each.linked, 'linked document')}, {each.changed_here:,} of them changed here since; "
            f"{counted(each.new_here, 'document')} not sent yet."
        )


def plan_fields(plan: SyncPlan) -> dict[str, Any]:
    """Give a plan for the line of JSON."""
    return {
        "project": {"id": plan.project.id, "name": plan.project.name, "shared": plan.project.is_shared},
        "counts": _counts(plan.counts),
        "documents": [
            {
                "document": each.document,
                "remote": each.remote,
                "title": each.title,
                "counts": _counts(each.counts),
                "conflicts": [conflict.number for conflict in each.conflicts],
            }
            for each in plan.documents
        ],
        "conflicts": [asdict(each) for each in plan.conflicts],
        "others": [asdict(each) for each in plan.others],
        "stays": [_loss(each) for each in plan.stays],
        "missing_here": plan.missing_here,
        "missing_there": plan.missing_there,
        "gone_types": [asdict(each) for each in plan.gone_types],
        "uploads": plan.uploads,
        "calls": plan.calls,
        "seconds": round(plan.seconds, 1),
        "problems": [problem_fields(each) for each in plan.problems],
        "told": list(plan.told),
    }


def result_fields(done: SyncResult) -> dict[str, Any]:
    """Give what a sync did for the line of JSON."""
    return {
        "done": _counts(done.done),
        "left": [asdict(each) for each in done.left],
        "healed": list(done.healed),
        "differences": [problem_fields(each) for each in done.differences],
        "seconds": round(done.seconds, 1),
    }


def _counts(counts: Counts) -> list[dict[str, Any]]:
    return [
        {"way": way, "deed": deed, "thing": thing, "count": count}
        for (way, deed, thing), count in sorted(counts.items())
    ]


def _loss(loss: Loss) -> dict[str, Any]:
    examples = [{"document": each.document, "id": each.id, "words": each.words} for each in loss.examples]
    return {"kind": loss.kind, "count": loss.count, "message": loss.message, "examples": examples}


def _brief(words: str) -> str:
    return words if len(words) <= 80 else words[:79] + "…"
