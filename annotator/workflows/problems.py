"""Collects what readers refuse and repair: everything is counted, by kind, and of each kind some are kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from annotator.model.record import Problem

PROBLEM_LIMIT = 1000
"""Most problems that a report lists; it counts them all."""
ALIKE_LIMIT = 200
"""Most problems of one kind that a report lists, so that one kind does not hide the others."""
_KINDS_LIMIT = 1000
NOT_UTF8 = " is not UTF-8"
"""What a message says where another encoding may help."""
_QUOTED = r"'[^'\n]*'|“[^”\n]*”|\"[^\"\n]*\""
_VARIABLE = re.compile(_QUOTED + r"|\b0x[0-9A-Fa-f]+\b|\d[\d,.]*\d|\d")
"""What differs between problems of one kind: quoted words and numbers."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Problems that say the same of different places: the words they share, and whether something was left out."""

    words: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """Problems of one kind: those that are listed, and how many there are."""

    kind: Kind
    problems: tuple[Problem, ...]
    count: int


def kind_of(problem: Problem) -> Kind:
    """Give the kind of a problem: its message without what is quoted, numbers, and the name of its file."""
    return Kind(common_words(_without_name(problem)), problem.refused)


def _without_name(problem: Problem) -> str:
    name = PurePath(problem.file).name
    return problem.message.replace(problem.file, "…").replace(name, "…") if name else problem.message


def common_words(message: str) -> str:
    """Give a message without what differs between those of one kind."""
    return _VARIABLE.sub("…", message)


def own_words(problem: Problem, kind: Kind) -> str:
    """Give what a problem says beside its kind: what it quotes, where nothing else differs; else all of it."""
    message = _without_name(problem)
    quoted: list[str] = re.findall(_QUOTED, message)
    return ", ".join(quoted) if re.sub(_QUOTED, "…", message) == kind.words else problem.message


def is_of_wrong_encoding(problems: Iterable[Problem]) -> bool:
    """Tell whether something was left out for its encoding, so that another one may help."""
    return any(problem.refused and NOT_UTF8 in problem.message for problem in problems)


def grouped(problems: Sequence[Problem], kinds: Mapping[Kind, int]) -> list[Alike]:
    """Put problems of one kind together: what was left out first, then in the order in which the kinds come.

    `kinds` counts them all.
    """
    groups: dict[Kind, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(kind_of(problem), []).append(problem)
    alike = [Alike(kind, tuple(some), kinds.get(kind, len(some))) for kind, some in groups.items()]
    return sorted(alike, key=lambda each: not each.kind.refused)


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
