"""What a suggester gets, what it gives back, and what a person can switch: values that travel to the worker.

No suggester lives here, and nothing here runs one (that is `engine.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from annotator.model.annotation import RelationKey, SpanKey
from annotator.model.candidate import Proposal
from annotator.model.document import Tokens
from annotator.model.schema import Schema

PIPELINE = "pipeline"
"""Switches the spaCy pipeline."""
ROLES = "roles"
"""Switches the rules for roles."""
RELATIONS = "relations"
"""Switches the rules for relations."""
LEARNT = "learnt"
"""Names what was learnt from decisions, where work on it is told; `Settings.learnt` switches it."""
FINE_TUNED = "fine_tuned"
"""Names the pipeline fine-tuned on decisions, where work on it is told; `Settings.fine_tuned` switches it."""
KINDS = (PIPELINE, ROLES, RELATIONS)
"""The suggesters that come with the program, in the order in which they run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One document as a suggester sees it.

    Args:
        document: row key, handed back with the proposals.
        text: the whole text. language: its code, e.g. `en`; empty where nobody said.
        tokens: the tokens stored with the document; every proposed span lies on their borders.
        accepted: spans a person has accepted: relations may join them, and no proposal overlaps them.
        rejected: spans a person has rejected: they are not proposed again, and no relation hangs on them.
        related: relations a person has accepted between accepted spans.
        proposed: spans that were proposed before and wait for a decision; read where `Settings.between` says so.
    """

    document: int
    text: str
    language: str
    tokens: Tokens
    accepted: tuple[SpanKey, ...] = ()
    rejected: tuple[SpanKey, ...] = ()
    related: tuple[RelationKey, ...] = ()
    proposed: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPatterns:
    """A pattern list as it travels to the worker.

    Args:
        id: stable id. name: as a person reads it. label: what its patterns are proposed as.
        ignore_case: of its phrases. blocks: its patterns, packed (`model/patterns.py`).
        record: how many of its hits were right, and how many were decided.
        records: the same for each of its patterns, by number in the list; those of which nothing is known are absent.
    """

    id: str
    name: str
    label: str
    ignore_case: bool
    blocks: tuple[str, ...]
    record: tuple[int, int] = (0, 0)
    records: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Give what switches it."""
        return f"patterns:{self.id}"


@dataclass(frozen=True, slots=True)
class GivenSuggester:
    """A suggester of another package: its name, where its factory is (`module:factory`), the package, its version."""

    name: str
    path: str
    package: str
    version: str = ""

    @property
    def kind(self) -> str:
        """Give what switches it."""
        return f"added:{self.name}"

    @property
    def title(self) -> str:
        """Give the name shown beside its proposals, which no suggester of the program has."""
        return f"{self.name} ({self.package})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a person can switch.

    Args:
        schema: the project's types; nothing else is proposed.
        pipeline: name of an installed pipeline or a folder that holds one; empty finds one.
        mapping: pipeline label to project label, `""` for ignored; labels that are absent go by their names.
        patterns: the pattern lists that are switched on.
        roles: propose roles by rule. relations: propose relations by rule.
        enabled: the suggesters to run (`kinds`), None for all.
        others: the suggesters of other packages that are switched on.
        learnt: file of what was learnt from decisions, empty where nothing learns; there need not be one yet.
        fine_tuned: file of the fine-tuned pipeline, which what was learnt weighs; empty where it is off.
        readings: also give other labels that were proposed for the same words, scored below the best.
        between: propose relations alone, between what is accepted and what was proposed before.
    """

    schema: Schema
    pipeline: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[GivenPatterns, ...] = ()
    roles: bool = True
    relations: bool = True
    enabled: tuple[str, ...] | None = None
    others: tuple[GivenSuggester, ...] = ()
    learnt: str = ""
    fine_tuned: str = ""
    readings: bool = True
    between: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name everything that can be switched."""
        patterns = (each.kind for each in self.patterns)
        return (*KINDS, *patterns, *(each.kind for each in self.others))

    @property
    def digest(self) -> str:
        """Give what tells apart whether the same suggesters that do not learn are asked, as hexadecimal digits.

        Of pattern lists it tells which there are, and for what. A word that comes to one is heard from then on: to
        learn anew at each word would take minutes, and every list is weighed by its own record.
        """
        others = [(each.name, each.path, each.version) for each in self.others]
        lists = sorted(
            (each.id, each.label, each.ignore_case) for each in self.patterns if self.runs(each.kind)
        )
        told = [self.pipeline, sorted(self.mapping.items()), self.roles, self.enabled, others, lists]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    def runs(self, kind: str) -> bool:
        """Tell whether one of `kinds` is switched on."""
        if (kind == ROLES and not self.roles) or (kind == RELATIONS and not self.relations):
            return False
        return self.enabled is None or kind in self.enabled


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What was proposed for one document.

    Args:
        document: row key of the document. proposals: spans in text order, then relations.
        skipped: why a suggester left the document out, in words for the screen; empty if none did.
        misaligned: proposals that were dropped because they do not fit the document's tokens.
    """

    document: int
    proposals: tuple[Proposal, ...] = ()
    skipped: str = ""
    misaligned: int = 0


class Suggester(Protocol):
    """Whatever proposes spans for texts; `name` is what a person reads, `version` changes with the results."""

    @property
    def name(self) -> str:
        """Give the name shown beside each proposal."""

    @property
    def version(self) -> str:
        """Give what, together with the name, decides the results."""

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Give one answer for each text, in their order."""
