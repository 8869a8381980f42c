"""What a person types to filter documents, read into a `DocumentFilter`. No Qt.

grain corridor          documents that hold both words
label:GPE               with an accepted span of this type, whatever its case; label:"two words"
is:flagged              also is:todo, is:open, is:done, is:skipped
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.model.document import State
from annotator.workflows.session import DocumentFilter

STATES = {
    "todo": State.TODO,
    "open": State.IN_PROGRESS,
    "done": State.DONE,
    "skipped": State.SKIPPED,
}
"""What may stand after `is:` for a state."""
FLAGGED = "flagged"

_PART = re.compile(r'(?P<name>label|is):(?P<value>"[^"]*"?|\S*)|\S+', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedFilter:
    """What was typed, understood: the filter, and a sentence on what was not understood, or empty."""

    wanted: DocumentFilter
    problem: str = ""


def read_filter(typed: str, *, labels: Iterable[str] = ()) -> TypedFilter:
    """Read what was typed; `labels` are the names of the entity types there are.

    A part that is still being typed (`label:`) filters nothing. What is not understood is said and left out.
    """
    words: list[str] = []
    label, flagged, problem = "", False, ""
    state: State | None = None
    by_lower = {name.lower(): name for name in labels}
    for part in _PART.finditer(typed):
        name, value = (part["name"] or "").lower(), (part["value"] or "").strip('"')
        if not name:
            words.append(part[0])
        elif not value:
            continue
        elif name == "label":
            label = by_lower.get(value.lower(), value)
            if by_lower and value.lower() not in by_lower:
                problem = f"This project has no label {value}."
        elif value.lower() == FLAGGED:
            flagged = True
        elif value.lower() in STATES:
            state = STATES[value.lower()]
        else:
            problem = (
                f"is:{value} is unknown. There is {', '.join(f'is:{each}' for each in (*STATES, FLAGGED))}."
            )
    return TypedFilter(
        DocumentFilter(state=state, flagged=flagged, text=" ".join(words), label=label), problem
    )
