"""Pointing out that the words of a span carry another label elsewhere, and going through those places.

The open document is compared a moment after every change, other documents in a job beside the window; no key waits
for either.
"""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.model.change import ChangeSet
from annotator.model.errors import UserError
from annotator.ui.jobs import Job
from annotator.ui.models.otherwise import Otherwise
from annotator.workflows.other_labels import Elsewhere, LabelledPlace, labels_elsewhere
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

SOON = 40
"""Milliseconds without a change until the open document is compared."""
SPANS_A_MILLISECOND = 10
"""Where many spans are compared, a longer pause is waited for: so many spans make it longer by a millisecond."""
LATER = 400
"""Milliseconds from then to looking in others."""


class OtherPlaces(QObject):
    """Keeps what is known of the open document, and carries out `M`.

    Signals: `changed()` when other spans have such words, or other places are known.
    """

    changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.known = Otherwise()
        self._job: Job | None = None
        self._trail: list[LabelledPlace] = []
        self._at = -1
        self._soon, self._later = QTimer(self), QTimer(self)
        for timer, wait, act in ((self._soon, SOON, self._compare), (self._later, LATER, self._look)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(act)
        controller = window.controller
        controller.session_changed.connect(self._on_document_changed)
        controller.document_changed.connect(self._on_document_changed)
        controller.annotations_changed.connect(self._on_annotations_changed)

    def words_of(self, item: str) -> str:
        """Say which other labels the words of a span carry elsewhere; empty where none is known."""
        return self.known.words.get(item, "")

    def can_go(self) -> bool:
        """Tell whether there is a place to go to from the selection."""
        return bool(self.words_of(self._window.controller.selected.id)) or self._is_on_trail()

    def go(self) -> None:
        """Go to the next place where the words of the selection carry another label; `back` returns."""
        window = self._window
        controller = window.controller
        if not self._is_on_trail():
            self._trail, self._at = self.known.places(controller.selected.id), -1
        words = " ".join(controller.words(controller.selected.fragments).split())
        for _ in range(len(self._trail)):
            self._at = (self._at + 1) % len(self._trail)
            if self._visit(self._trail[self._at]):
                told = f"“{words}” as {controller.selected.label}, {self._at + 1} of {len(self._trail)}."
                controller.message.emit(f"{told} M goes on, Alt ← returns.", "note", False)
                return
        controller.message.emit("These words carry no other label elsewhere any more.", "note", False)

    def _visit(self, place: LabelledPlace) -> bool:
        """Go to a place, unless it is gone."""
        controller, session = self._window.controller, self._window.controller.session
        if session is None:
            return False
        item = f"s{place.span}"
        try:
            if session.annotations(place.document).span(place.span) is None:
                return False
        except UserError:
            return False
        if place.document == controller.document:
            controller.spots.visit(item)
        else:
            controller.open_document(place.document, item=item)
        return controller.selected.id == item

    def _is_on_trail(self) -> bool:
        """Tell whether the selection is the place that `go` came to last."""
        if not 0 <= self._at < len(self._trail):
            return False
        place, controller = self._trail[self._at], self._window.controller
        return (place.document, f"s{place.span}") == (controller.document, controller.selected.id)

    # ------------------------------------------------------------------ knowing

    def _on_document_changed(self) -> None:
        self._stop()
        had = bool(self.known.words)
        self.known = Otherwise(self._window.controller.document or 0)
        if had:
            self.changed.emit()
        if self._window.controller.document is not None:
            self._start_soon()

    def _on_annotations_changed(self, changes: object) -> None:
        document = self._window.controller.document
        if document is None:
            return
        if isinstance(changes, ChangeSet) and (changes.everywhere or changes.documents - {document}):
            # What other documents say may be another thing now.
            self._stop()
            self.known.elsewhere = {}
        self._start_soon()

    def _start_soon(self) -> None:
        """Compare in the next pause; every change puts it off."""
        annotations = self._window.controller.annotations
        spans = len(annotations.spans) + len(annotations.undecided)
        self._soon.start(SOON + spans // SPANS_A_MILLISECOND)

    def _stop(self) -> None:
        self._later.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _compare(self) -> None:
        controller = self._window.controller
        if controller.document != self.known.document:
            return
        before = self.known.words
        self.known.read(controller.annotations, controller.text, controller.readings_chosen)
        self._tell(before)
        if self.known.unknown():
            self._later.start()

    def _look(self) -> None:
        session, forms = self._window.controller.session, self.known.unknown()
        if session is None or not forms or self._job is not None:
            return
        work = partial(_look_elsewhere, session, tuple(forms), self.known.document)
        job = self._job = self._window.jobs.run("Comparing labels", work)
        job.finished.connect(lambda found: self._on_found(job, found))
        job.failed.connect(lambda _error: self._end(job))

    def _on_found(self, job: Job, found: dict[str, Elsewhere]) -> None:
        if job is not self._job:
            return
        self._end(job)
        before = self.known.words
        self.known.elsewhere.update(found)
        self.known.compare()
        self._tell(before)
        if self.known.unknown():
            self._later.start()

    def _end(self, job: Job) -> None:
        if job is self._job:
            self._job = None

    def _tell(self, before: dict[str, str]) -> None:
        if self.known.words != before:
            self.changed.emit()


def _look_elsewhere(
    session: Session, forms: tuple[str, ...], document: int, report: Report
) -> dict[str, Elsewhere]:
    """Look in the other documents; runs in a thread of its own."""
    with closing(session.clone()) as own:
        return labels_elsewhere(own, forms, report, besides=document)
