"""Sentences of the export dialog: which files are written, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.model.wording import counted
from annotator.workflows.exporting import ExportPlan
from annotator.workflows.manifest import place_of


def files_told(plan: ExportPlan, target: Path) -> str:
    """Say which files an export writes and replaces; empty where it writes nothing."""
    if not plan.written:
        return ""
    names = ", ".join(path.name for path in plan.files)
    told = f"Writes {names}, and {place_of(target, plan.files).name} with what is in it (no texts, no paths)."
    there = [path.name for path in plan.files if path.exists()]
    if there:
        verb = "is there and is replaced" if len(there) == 1 else "are there and are replaced"
        told += f" {', '.join(there)} {verb} once the new file is whole."
    if len(plan.parts) > 1:
        told += " Parts: " + ", ".join(f"{part} {count:,}" for part, count in plan.parts.items()) + "."
    return told


def held_told(plan: ExportPlan, *, is_waiting: bool, format_name: str) -> Iterator[tuple[str, str, str]]:
    """Say line by line what goes out: icon, colour and words.

    Args:
        is_waiting: only finished documents are wanted.
    """
    if not plan.documents:
        todo = "Finish one with Ctrl Enter, or choose others above." if is_waiting else "Choose others above."
        yield "info", "dim", f"Nothing goes out yet. {todo}"
        return
    counts = ((plan.documents, "document"), (plan.spans, "span"), (plan.relations, "relation"))
    yield "file", "dim", f"Chosen: {', '.join(counted(count, noun) for count, noun in counts)}."
    if not plan.losses:
        yield "check", "good", "Nothing of what was decided is lost."
    if format_name != "native":
        yield "info", "dim", "Who decided, when and how is kept beside it where the format has room."


def why_not_told(plan: ExportPlan, lost: int, *, is_waiting: bool) -> str:
    """Say what is in the way of an export, or how much goes out otherwise than it is; empty for nothing.

    Args:
        lost: how many spans and relations do not go out as they are. is_waiting: only finished documents are wanted.
    """
    if not plan.documents:
        return "No document is done yet" if is_waiting else "No document fits this choice"
    if not plan.written:
        return "This format leaves all of them out"
    return f"{counted(lost, 'span or relation', 'spans or relations')} not as they are" if lost else ""
