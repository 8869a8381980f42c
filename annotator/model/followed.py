"""The annotations of one document, followed from act to act: what an act did not touch is not looked at again.

Pure. `annotations_of` says what stands in a document; this gives the very same from what it was before and the rows
that were changed, at a cost that hangs on the act and hardly on the document. Candidates are those of the beginning,
and what a person asked for since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotator.model.article import Annotations, Lookup
from annotator.model.candidate import Asked, Candidate, RelationCandidate
from annotator.model.change import Change
from annotator.model.followed_candidates import OpenCandidates, OpenRelations
from annotator.model.followed_rows import Rows


class FollowedArticle:
    """What stands in a document, and what it takes to follow changes of its rows.

    Args:
        found: what `annotations_of` made of these very candidates.
        candidates, relation_candidates: everything proposed, decided or not, as given there.
    """

    def __init__(
        self,
        found: Annotations,
        candidates: Sequence[Candidate],
        relation_candidates: Sequence[RelationCandidate],
    ) -> None:
        self.annotations = found
        self._candidates = candidates
        self._relation_candidates = relation_candidates
        self._lookup: Lookup | None = None
        self._rows: Rows | None = None
        self._open: OpenCandidates | None = None
        self._relations: OpenRelations | None = None

    def follow(self, changes: Iterable[Change]) -> Annotations:
        """Take over what an act made of spans, relations, rejections and what was asked for; gives what stands now.

        Raises:
            LookupError: the act changed what does not stand here; nothing can be said of the article any more.
        """
        lookup, rows = self._lookup, self._rows
        if lookup is None or rows is None:  # only what is worked on pays for this
            lookup = self._lookup = self.annotations.lookup
            rows = self._rows = Rows(self.annotations, lookup)
            self._open = OpenCandidates(self._candidates, self.annotations, lookup)
            self._relations = OpenRelations(self._relation_candidates, rows, self._open, self.annotations)
        assert self._open is not None, "all three are made together"
        assert self._relations is not None, "all three are made together"
        lookup.version += 1
        changes = list(changes)
        touched = rows.change(changes)
        for change in changes:
            if isinstance(change.before, Asked):
                touched.add(self._open.withdraw(change.before.proposal))
            if isinstance(change.after, Asked):
                touched.add(self._open.propose(change.after.proposal))
        if not touched:
            return self.annotations.knowing(lookup, None)
        touched |= self._open.decide(touched, rows)
        self._relations.decide(touched, rows, self._open)
        before, rejections = self.annotations, rows.rejections.given()
        self.annotations = Annotations(
            rows.spans.given(),
            rows.relations.given(),
            rejections,
            self._open.groups.given(),
            self._relations.shown.given(),
        ).knowing(lookup, before.rejected if rejections is before.rejections else None)
        return self.annotations
