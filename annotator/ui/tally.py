"""What was decided in a document, counted as a person counts. No Qt.

A candidate that was fixed is one decision, though its old reading is kept as a rejection.
"""

from __future__ import annotations

from dataclasses import dataclass

from annotator.model.annotation import Origin
from annotator.model.article import Annotations


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


def tally(annotations: Annotations) -> Tally:
    """Count the decisions of a document."""
    origins = [span.provenance.origin for span in annotations.spans]
    origins += [relation.provenance.origin for relation in annotations.relations]
    return Tally(
        accepted=sum(origin in {Origin.CANDIDATE, Origin.IMPORTED} for origin in origins),
        changed=origins.count(Origin.FIXED),
        rejected=annotations.rejected,
        added=origins.count(Origin.MANUAL),
        left=annotations.left,
    )
