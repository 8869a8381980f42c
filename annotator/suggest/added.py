"""Suggesters that other packages add, by the entry point group `annotator.suggesters`.

An entry point names a factory that is given `Settings` and gives a `Suggester`. What is installed is read from what
packages say of themselves: nothing of theirs is loaded but in the worker process, when texts are handed to it. One that
cannot be made, or fails at its work, is named where it did; the others go on.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points

from annotator.model.annotation import SpanKey
from annotator.model.candidate import Proposal
from annotator.suggest.base import GivenSuggester, Settings, Suggester, Suggestions, Text

GROUP = "annotator.suggesters"
LONGEST = 300
"""Code points of a reason that are kept."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_PATH = re.compile(r"[\w.]+:[\w.]+")


@dataclass(frozen=True, slots=True)
class Installed:
    """What is installed: suggesters that can be tried, and of each other one why not, as a sentence."""

    suggesters: tuple[GivenSuggester, ...] = ()
    skipped: tuple[str, ...] = ()


@functools.cache
def installed() -> Installed:
    """Find what other packages add, without loading any of it; looked for once."""
    found: dict[str, GivenSuggester] = {}
    skipped = []
    for entry in entry_points(group=GROUP):
        package = entry.dist.name if entry.dist is not None else entry.module
        why = _fault(entry, found)
        if why:
            skipped.append(f"The suggester {entry.name} of the package {package} is not used: {why}.")
        else:
            version = entry.dist.version if entry.dist is not None else ""
            found[entry.name] = GivenSuggester(entry.name, entry.value, package, version)
    return Installed(tuple(found.values()), tuple(skipped))


def _fault(entry: EntryPoint, found: dict[str, GivenSuggester]) -> str:
    if not _NAME.fullmatch(entry.name):
        return "its name is not one of small letters, digits, - and _"
    if entry.name in found:
        return f"there is one of that name in the package {found[entry.name].package}"
    return "" if _PATH.fullmatch(entry.value) else f"{entry.value!r} names no module:factory"


class AddedSuggester:
    """One of them at work: made when texts are handed to it first, and held to what a suggester may say."""

    version = ""

    def __init__(self, given: GivenSuggester, settings: Settings) -> None:
        self._given = given
        self._settings = replace(settings, patterns=(), learnt="", enabled=None)

    @property
    def name(self) -> str:
        """Give the name shown beside each proposal."""
        return self._given.title

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Give one answer for each text, in their order.

        Raises:
            ValueError: it said what no suggester may say. Exception: whatever it raises itself.
        """
        made = _made(self._given, self._settings)
        if isinstance(made, str):
            why = f"{self.name} cannot be used: {made}."
            return [Suggestions(document=text.document, skipped=why) for text in texts]
        answers = list(made.propose(texts))
        return [self._checked(answer) for answer in answers]

    def _checked(self, answer: Suggestions) -> Suggestions:
        proposals = [self._as_own(each) for each in answer.proposals]
        return replace(answer, proposals=tuple(proposals), skipped=str(answer.skipped)[:LONGEST])

    def _as_own(self, each: Proposal) -> Proposal:
        what, score = each.what, float(each.score)
        if not isinstance(what, SpanKey) or not what.fragments:
            raise ValueError(f"it proposed {type(what).__name__}, not a span")
        if not 0 <= score <= 1:
            raise ValueError(f"it gave a score of {score}")
        return Proposal(what=what, suggester=self.name, score=score, reason=str(each.reason)[:LONGEST])


_MADE: dict[str, tuple[Settings, Suggester | str]] = {}
"""By path: what was made last, or why it could not be, and for which settings."""


def _made(given: GivenSuggester, settings: Settings) -> Suggester | str:
    kept = _MADE.get(given.path)
    if kept is None or kept[0] != settings:
        kept = _MADE[given.path] = (settings, _make(given.path, settings))
    return kept[1]


def _make(path: str, settings: Settings) -> Suggester | str:
    module, _, name = path.partition(":")
    try:
        factory = functools.reduce(getattr, name.split("."), importlib.import_module(module))
        made: Suggester = factory(settings)  # type: ignore[operator]  # what others wrote may be anything
        made.propose  # noqa: B018 - one without it is told of here
    except Exception as error:  # noqa: BLE001 - what others wrote may raise anything
        return f"{type(error).__name__}: {error}".replace("\n", " ")[:LONGEST].rstrip(".")
    return made
