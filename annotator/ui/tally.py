"""What was decided in a document, counted as a person counts. No Qt.

A candidate that was fixed is one decision, though its old reading is kept as a rejection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.model.annotation import Kind, Origin, Relation, Span
from annotator.model.article import Annotations
from annotator.model.differences import differing


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many spans and relations were accepted as proposed, changed, rejected, added; how many are left."""

    accepted: int = 0
    changed: int = 0
    rejected: int = 0
    added: int = 0
    left: int = 0

    @property
    def decided(self) -> int:
        """Count the decisions."""
        return self.accepted + self.changed + self.rejected + self.added

    @property
    def total(self) -> int:
        """Count what was decided and what is left."""
        return self.decided + self.left

    @property
    def words(self) -> str:
        """Say what was decided: `81 accepted, 9 changed, 5 rejected`."""
        parts = (
            (self.accepted, "accepted"),
            (self.changed, "changed"),
            (self.rejected, "rejected"),
            (self.added, "added"),
        )
        return ", ".join(f"{count} {word}" for count, word in parts if count)


class Counted:
    """What is counted of the decisions of one document, followed from act to act.

    `origins` of accepted spans and relations, `types` of both, and how many carry a note or a flag (`noted`).
    """

    def __init__(self) -> None:
        self.annotations = Annotations()
        self.origins: Counter[Origin] = Counter()
        self.types: Counter[tuple[Kind, str]] = Counter()
        self.noted = 0

    def follow(self, annotations: Annotations) -> Counted:
        """Count what is other than before."""
        before, self.annotations = self.annotations, annotations
        spans = differing(before.spans, annotations.spans)
        relations = differing(before.relations, annotations.relations)
        for kind, (gone, new) in ((Kind.SPAN, spans), (Kind.RELATION, relations)):
            self._count(kind, gone, -1)
            self._count(kind, new, 1)
        return self

    def _count(self, kind: Kind, found: Sequence[Span | Relation], by: int) -> None:
        for each in found:
            self.origins[each.provenance.origin] += by
            self.types[kind, each.label] += by
            self.noted += by * bool(each.note or each.flagged)


_LAST = Counted()


def counted(annotations: Annotations) -> Counted:
    """Count the decisions of a document; those of the one that was counted last are not counted again."""
    return _LAST if _LAST.annotations is annotations else _LAST.follow(annotations)


def tally(annotations: Annotations) -> Tally:
    """Count the decisions of a document."""
    origins = counted(annotations).origins
    return Tally(
        accepted=origins[Origin.CANDIDATE] + origins[Origin.IMPORTED],
        changed=origins[Origin.FIXED],
        rejected=annotations.rejected,
        added=origins[Origin.MANUAL],
        left=annotations.left,
    )
