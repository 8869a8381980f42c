"""Reads the versions of a review task that nobody has reviewed: what each annotator said becomes a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REVIEW = "review"
"""Name of the suggester of what came from versions."""
_PLACE = ("start", "end", "token_start", "token_end", "label", "text")
_JOINED = ("head", "child", "head_span", "child_span", "label")


def proposed_by(versions: object) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give the spans and relations of all versions, each once, undecided.

    The score of each is the share of annotators who have it; a version without names counts as one annotator, and one
    that was not accepted as none who has it.
    """
    there = [each for each in versions if isinstance(each, dict)] if isinstance(versions, list) else []
    everybody = sum(map(_annotators, there))
    return _shared(there, "spans", _PLACE, everybody), _shared(there, "relations", _JOINED, everybody)


def _annotators(version: Mapping[str, Any]) -> int:
    sessions = version.get("sessions")
    return max(1, len(sessions)) if isinstance(sessions, list) else 1


def _shared(
    versions: list[dict[str, Any]], name: str, fields: tuple[str, ...], everybody: int
) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    counts: dict[str, int] = {}
    for version in versions:
        items = version.get(name)
        if version.get("answer", "accept") != "accept" or not isinstance(items, list):
            continue
        seen = set()
        for item in items:
            if not isinstance(item, dict) or item.get("answer", "accept") != "accept":
                continue
            key = repr([item.get(field) for field in fields if field != "text"])
            found.setdefault(key, {field: item[field] for field in fields if field in item})
            if key not in seen:
                seen.add(key)
                counts[key] = counts.get(key, 0) + _annotators(version)
    return [
        {**item, "answer": "ignore", "source": REVIEW, "score": round(counts[key] / everybody, 4)}
        for key, item in found.items()
    ]
