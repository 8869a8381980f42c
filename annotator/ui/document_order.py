"""The order in which documents are gone through: a filter over them, and a ranking where one was made. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.workflows.queueing import Ranking, following
from annotator.workflows.session import DocumentFilter

if TYPE_CHECKING:
    from annotator.ui.controller import Controller


class DocumentOrder:
    """What is listed (`filter`) and in which order: that of the file, or another one (`ranking`)."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self.filter = DocumentFilter()
        self.ranking: Ranking | None = None

    def forget(self) -> None:
        """Go through all documents in file order, as of another project."""
        self.filter, self.ranking = DocumentFilter(), None

    def neighbour(self, *, forward: bool, unfinished: bool = False) -> int | None:
        """Give the next or previous document, or None."""
        session, here = self._controller.session, self._controller.document
        if session is None or here is None:
            return None
        if self.ranking is not None:
            return following(session, self.ranking, here, forward=forward, unfinished=unfinished)
        return session.neighbour(here, forward=forward, unfinished=unfinished, wanted=self.filter)

    def first_left(self) -> int | None:
        """Give the first document that is not finished, or None."""
        session = self._controller.session
        if session is None:
            return None
        if self.ranking is not None:
            return following(session, self.ranking, None, unfinished=True)
        return session.neighbour(0, unfinished=True, wanted=self.filter)
