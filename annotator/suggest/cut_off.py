"""Remembers the pattern lists that a worker process was lost with, so that each costs the waiting once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.suggest.base import GivenPatterns, Settings, Suggestions
from annotator.suggest.worker_link import LostError


class CutOff:
    """The lists that are left out until they are others, each with the reason."""

    def __init__(self) -> None:
        self._lists: dict[str, tuple[tuple[str, ...], str]] = {}

    def note(self, lists: Iterable[GivenPatterns], lost: LostError) -> bool:
        """Keep that the process was lost on one of some lists; False where it was lost on something else."""
        kind = "" if lost.beginning is None else lost.beginning.kind
        for each in lists:
            if each.kind == kind and lost.beginning is not None and not self._reason(each):
                name = lost.beginning.suggester
                reason = f"{name[:1].upper()}{name[1:]} was cut off: the worker process {lost.how}."
                self._lists[kind] = (each.blocks, reason)
                return True
        return False

    def left(self, settings: Settings) -> tuple[Settings, str]:
        """Give the settings without these lists, and why they are left out; empty where none is."""
        told = {each.kind: reason for each in settings.patterns if (reason := self._reason(each))}
        if not told:
            return settings, ""
        patterns = tuple(each for each in settings.patterns if each.kind not in told)
        enabled = settings.enabled
        if enabled is not None:
            enabled = tuple(kind for kind in enabled if kind not in told)
        reasons = " ".join(f"{reason} Its list is left out until it is changed." for reason in told.values())
        return replace(settings, patterns=patterns, enabled=enabled), reasons

    def _reason(self, each: GivenPatterns) -> str:
        blocks, reason = self._lists.get(each.kind, ((), ""))
        return reason if blocks == each.blocks else ""


def with_reason(answers: Iterable[Suggestions], reason: str) -> list[Suggestions]:
    """Say in every answer why something was left out."""
    return [replace(each, skipped=" ".join(filter(None, (reason, each.skipped)))) for each in answers]
