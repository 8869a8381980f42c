"""Collects what readers refuse and repair: everything is counted, by kind, and of each kind some are kept."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath

from annotator.model.record import Problem

PROBLEM_LIMIT = 1000
"""Most problems that a report lists; it counts them all."""
ALIKE_LIMIT = 200
"""Most problems of one kind that a report lists, so that one kind does not hide the others."""
_KINDS_LIMIT = 1000
_VARIABLE = re.compile(r"'[^'\n]*'|“[^”\n]*”|\"[^\"\n]*\"|\b0x[0-9A-Fa-f]+\b|\d[\d,.]*\d|\d")
"""What differs between problems of one kind: quoted words and numbers."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Problems that say the same of different places: the words they share, and whether something was left out."""

    words: str
    refused: bool


def kind_of(problem: Problem) -> Kind:
    """Give the kind of a problem: its message without what is quoted, numbers, and the name of its file."""
    message = problem.message
    if name := PurePath(problem.file).name:
        message = message.replace(problem.file, "…").replace(name, "…")
    return Kind(_VARIABLE.sub("…", message), problem.refused)


class Problems:
    """Takes problems as readers report them."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.total = 0
        self.kinds: Counter[Kind] = Counter()

    def __call__(self, problem: Problem) -> None:
        """Take one."""
        self.total += 1
        kind = kind_of(problem)
        if kind not in self.kinds and len(self.kinds) >= _KINDS_LIMIT:
            kind = Kind("…", problem.refused)
        self.kinds[kind] += 1
        if len(self.kept) < PROBLEM_LIMIT and self.kinds[kind] <= ALIKE_LIMIT:
            self.kept.append(problem)
