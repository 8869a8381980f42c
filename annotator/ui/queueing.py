"""The order in which documents come: chosen in the window, made in a job, followed by the list and by “next document”.

File order needs nothing of it. The others are made anew when candidates were, and when documents come or go.
"""

from __future__ import annotations

import time
from array import array
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.model.change import ChangeSet
from annotator.model.document import Document
from annotator.model.errors import Cancelled, UserError
from annotator.ui.actions import BY_ID
from annotator.ui.jobs import Job
from annotator.ui.panels.documents_frame import order_action
from annotator.ui.strips import Answer, make_strip
from annotator.workflows.queueing import ENOUGH, Order, Ranking, choose_order, chosen_order, narrowed, ranked
from annotator.workflows.reporting import Report
from annotator.workflows.session import DocumentFilter, Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

STRIP = "order"
RARELY = 60.0
"""Seconds for which an order is good enough while single documents are learnt."""
_OFFERED = "order offered"


@dataclass(frozen=True, slots=True)
class _Made:
    """What a job made: all documents in their order, and what the filter leaves of them."""

    keys: array[int]
    ranking: Ranking


class Queueing(QObject):
    """Keeps the order of a window's documents."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.order = Order.FILE
        self._keys: array[int] | None = None
        self._job: Job | None = None
        self._is_chosen = False
        self._made_at = 0.0
        self._finished = 0
        self._panel = window.page.documents
        self._panel.model.ranking_wanted.connect(self._on_ranking_wanted)
        self._panel.order_wanted.connect(window.run)
        window.controller.session_changed.connect(self._on_session_changed)
        window.controller.document_changed.connect(self._count)
        window.controller.annotations_changed.connect(self._on_annotations_changed)
        window.work.suggested.connect(self._on_suggested)
        window.learning.learnt.connect(self._on_learnt)

    @property
    def knows_useful(self) -> bool:
        """Tell whether so many documents are finished that the most useful next one can be told."""
        return self._finished >= ENOUGH

    def choose(self, order: Order) -> None:
        """Work through the documents in another order from now on."""
        session = self._window.controller.session
        self._window.centre.strips.take_down(STRIP)
        if session is None:
            return
        if not session.read_only:
            choose_order(session, order)
        self._follow(order)
        self._window.log.say(f"Documents: {BY_ID[order_action(order)].text.lower()}.", "done")

    # ------------------------------------------------------------------ making the order

    def _follow(self, order: Order) -> None:
        self.order = order
        self._keys = None
        self._is_chosen = True
        if order is Order.FILE:
            self._stop()
            self._window.controller.order.ranking = None
        self._panel.set_order(order)
        self._window.update_actions()

    def _on_session_changed(self) -> None:
        self._stop()
        self._keys = None
        self._window.centre.strips.take_down(STRIP)
        session = self._window.controller.session
        self._follow(Order.FILE if session is None else chosen_order(session))
        self._count()

    def _on_suggested(self) -> None:
        """Put documents in order anew, as other candidates were made."""
        if self.order in {Order.CANDIDATES, Order.USEFUL}:
            self._on_ranking_wanted(anew=True)

    def _on_learnt(self) -> None:
        """Put documents in order anew, as the next ones have other candidates; not after every single document."""
        if self.order is Order.USEFUL and time.monotonic() - self._made_at > RARELY:
            self._on_ranking_wanted(anew=True)

    def _on_ranking_wanted(self, anew: bool) -> None:  # noqa: FBT001 - a slot
        session = self._window.controller.session
        self._stop()
        if session is None:
            return
        keys = None if anew else self._keys
        order, wanted = self.order, self._panel.model.filter

        def work(report: Report) -> _Made:
            return _make(session, order, keys, wanted, report)

        job = self._job = self._window.jobs.run("Putting documents in order", work)
        job.finished.connect(lambda made: self._take(job, made))
        job.failed.connect(lambda error: self._on_failed(job, error))

    def _stop(self) -> None:
        """Nobody waits any more for an order that is being made."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _take(self, job: Job, made: _Made) -> None:
        if job is not self._job:
            return
        is_wished = self._is_chosen or made.keys is self._keys
        self._job, self._is_chosen = None, False
        if made.keys is not self._keys:
            self._made_at = time.monotonic()
        self._keys = made.keys
        self._window.controller.order.ranking = made.ranking
        # What comes anew by itself must not move the list away from where somebody looks.
        self._panel.take(made.ranking, reveal=is_wished)

    def _on_failed(self, job: Job, error: object) -> None:
        if job is not self._job:
            return
        self._job = None
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self._follow(Order.FILE)
            self._window.show_problem(error)

    # ------------------------------------------------------------------ offering the most useful

    def _on_annotations_changed(self, changes: object) -> None:
        if not isinstance(changes, ChangeSet):
            return
        if changes.everywhere or any(isinstance(each.row, Document) for each in changes.changes):
            self._count()

    def _count(self) -> None:
        """Count what is finished, and offer the most useful next once there is enough."""
        window, session = self._window, self._window.controller.session
        counts = None if session is None else session.counts()
        self._finished = 0 if counts is None else counts.done
        if session is None or counts is None or session.read_only or not self.knows_useful:
            return
        if self.order is Order.FILE and counts.todo and not session.setting(_OFFERED, False):
            session.set_setting(_OFFERED, True)
            self._offer(window, counts.done)

    def _offer(self, window: MainWindow, done: int) -> None:
        words = (
            f"{done:,} documents are done. What the suggesters are least sure of can come next: "
            "useful where only a part of the documents will be labelled."
        )
        strip = make_strip(
            words,
            Answer(text="Most useful next", run=lambda: window.run("order_useful"), key="Ctrl+Shift+F12"),
            Answer(text="Stay in file order", run=self._stay),
            icon_name="sort",
        )
        window.centre.strips.show_strip(STRIP, strip)

    def _stay(self) -> None:
        self._window.centre.strips.take_down(STRIP)
        self._window.focus_article()


def _make(
    session: Session, order: Order, keys: array[int] | None, wanted: DocumentFilter, report: Report
) -> _Made:
    """Put documents in order, or only narrow those that are; runs in a thread of its own."""
    with closing(session.clone()) as own:
        found = ranked(own, order, report) if keys is None else keys
        return _Made(found, narrowed(own, found, wanted))
