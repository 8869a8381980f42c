"""A breach: one rule of the project file that does not hold, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule that does not hold.

    Args:
        rule: which one, as a short name that stays (`text`, `tokens`, `span`, `journal` ...).
        message: what is wrong, as a sentence with the row or number concerned.
        document: row key of the document it is in, or None where it concerns the whole project.
    """

    rule: str
    message: str
    document: int | None = None
