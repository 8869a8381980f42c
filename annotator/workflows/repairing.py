"""Repairs a damaged project into a copy, and says what came back and what did not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.formats.loss_counting import EXAMPLES
from annotator.model.document import Tokens
from annotator.model.errors import Cancelled, LockedError, ProjectError
from annotator.model.record import Example, Loss, Problem
from annotator.store.connections import side_file
from annotator.store.faults import told
from annotator.store.holders import held_words, life_of, read_holder
from annotator.store.project import SUFFIX
from annotator.store.repair.report import Lost, Salvage
from annotator.store.repair.salvage import Repair, salvage
from annotator.suggest.in_process import InProcess
from annotator.suggest.worker import Worker, WorkerError
from annotator.workflows.checking import check
from annotator.workflows.making import making
from annotator.workflows.reporting import Report, silent

if TYPE_CHECKING:
    from annotator.workflows.machine import Machine

_NAMES = {
    "text": ("text", "texts"),
    "tokens": ("tokens of a text", "tokens of texts"),
    "span": ("span", "spans"),
    "relation": ("relation", "relations"),
    "rejection": ("rejection", "rejections"),
    "asked": ("thing asked for", "things asked for"),
    "type": ("type", "types"),
    "pattern_list": ("pattern list", "pattern lists"),
    "pattern_block": ("block of patterns", "blocks of patterns"),
    "step": ("step of the history", "steps of the history"),
    "candidate": ("candidate", "candidates"),
    "setting": ("setting", "settings"),
}
_PLAIN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReport:
    """What a repair did.

    Args:
        path: the new project. documents, spans, relations: what is in it.
        whole: everything came back as it was. problems: what did not, each named; `problems_total` counts all.
        losses: how many of each kind are lost. remarks: sentences on the file as a whole.
    """

    path: Path
    documents: int
    spans: int
    relations: int
    whole: bool
    counts: tuple[tuple[str, int, int], ...]
    problems: tuple[Problem, ...]
    problems_total: int
    losses: tuple[Loss, ...]
    remarks: tuple[str, ...]


def repaired_path(path: Path) -> Path:
    """Give a free name beside a project for its repaired copy."""
    names = (f"{path.stem} repaired{'' if number == 1 else f' {number}'}{SUFFIX}" for number in count(1))
    return next(other for name in names if not (other := path.with_name(name)).exists())


def repair_project(
    path: Path,
    target: Path | None = None,
    *,
    annotator: str,
    machine: Machine | None = None,
    apart: bool = False,
    report: Report = silent,
) -> RepairReport:
    """Read what is left of a project and write it into a new one; the damaged file is only read.

    Args:
        target: the new file, which must not be there yet; by default beside the old one.
        machine: what makes lost tokens again; by default this process, or with `apart` one of its own.

    Raises:
        ProjectError: nothing can be read, it is no project, or the target cannot be written.
        LockedError: somebody writes in it. Cancelled: `report` said so; nothing is left behind.
    """
    target = repaired_path(path) if target is None else _with_suffix(target)
    _check(path)
    with making(target) as growing, salvage(path, growing, report) as repair:
        _make_tokens(repair, machine, report, apart=apart)
        repair.finish(report, source=path.name, annotator=annotator)
        outcome = repair.outcome
        for breach in check(repair.project, report).breaches:
            outcome.lose("setting", f"Rule {breach.rule}", breach.message, mended=True)
    return _told(outcome, path=path, target=target)


def _with_suffix(target: Path) -> Path:
    return target if target.suffix == SUFFIX else target.with_name(target.name + SUFFIX)


def _check(path: Path) -> None:
    """Refuse what is no file, and what somebody writes in at this moment."""
    try:
        if not path.is_file():
            kind = "a folder" if path.is_dir() else "not there"
            raise ProjectError(f"{path} is {kind}.", "Choose a project file; its name ends in .annot.")
        holder = read_holder(side_file(path))
        if holder is not None and life_of(holder, folder=path.parent) == "alive":
            raise LockedError(held_words(holder, path.name), "Close it there first, then repair it.")
    except OSError as error:
        raise told(error, path) from error


def _make_tokens(repair: Repair, machine: Machine | None, report: Report, *, apart: bool) -> None:
    """Make lost tokens again: by the rules of the language, or by a plain rule where there are none at hand."""
    done = 0
    started: Machine | None = None
    try:
        for some in repair.missing_tokens():
            if machine is None:
                machine = started = Worker() if apart else InProcess()
            for (key, _, _), tokens in zip(some, _tokens_of(some, machine), strict=True):
                how = (
                    ", cut at blanks and signs: spaCy's rules are not at hand"
                    if tokens.tokenizer == "plain"
                    else ""
                )
                repair.set_tokens(key, tokens, how=how)
                done += 1
                report(done, 0, "Making tokens again")
    finally:
        if started is not None:
            started.close()


def _tokens_of(some: Sequence[tuple[int, str, str]], machine: Machine) -> list[Tokens]:
    try:
        return machine.tokenize([(text, language) for _, text, language in some])
    except Cancelled:
        raise
    except (
        ImportError,
        RuntimeError,
        OSError,
        WorkerError,
    ):  # no spaCy here, or its worker died on this text
        return [_plain_tokens(text) for _, text, _ in some]


def _plain_tokens(text: str) -> Tokens:
    found = list(_PLAIN.finditer(text))
    return Tokens([m.start() for m in found], [m.end() for m in found], [0] if found else [], "plain")


def _told(outcome: Salvage, *, path: Path, target: Path) -> RepairReport:
    problems = [_problem(path, lost) for lost in outcome.lost]
    if outcome.undo_ends:
        problems.append(Problem(file=path.name, record="History", message=outcome.undo_ends))
    counts = tuple(outcome.counts())
    return RepairReport(
        path=target,
        documents=outcome.back["document"],
        spans=outcome.back["span"],
        relations=outcome.back["relation"],
        whole=outcome.whole,
        counts=counts,
        problems=tuple(problems),
        problems_total=outcome.told + bool(outcome.undo_ends),
        losses=tuple(_loss(kind, lost, outcome) for kind, _, lost in counts if lost),
        remarks=tuple(outcome.remarks),
    )


def _problem(path: Path, lost: Lost) -> Problem:
    return Problem(file=path.name, record=lost.what, message=lost.why, refused=not lost.mended)


def _loss(kind: str, lost: int, outcome: Salvage) -> Loss:
    one, many = _NAMES[kind]
    named = (each.what for each in outcome.lost if each.kind == kind and not each.mended)
    examples = tuple(Example(document=what) for what in islice(named, EXAMPLES))
    return Loss(kind=kind, count=lost, message=f"{lost:,} {one if lost == 1 else many}", examples=examples)


def kind_words(kind: str, number: int) -> str:
    """Write how many of a kind there are: `1 span`, `1,204 spans`."""
    return f"{number:,} {_NAMES[kind][number != 1]}"
