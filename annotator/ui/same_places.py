"""Asking for the same words at other places, in this document or in all: which words, which label, what is said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.model.annotation import Fragments, SpanKey
from annotator.model.errors import Cancelled, UserError
from annotator.model.wording import counted
from annotator.workflows.reporting import Report
from annotator.workflows.same_words import SameWords, SameWordsReport, propose_same_words
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow


class SamePlaces(QObject):
    """Carries out `O` and `Shift+O` for a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def ask(self, *, everywhere: bool) -> None:
        """Propose the words of the selection elsewhere with its label; for bare words the label is asked first."""
        window = self._window
        controller, selected = window.controller, window.controller.selected
        document = controller.document
        if document is None:
            return
        window.deciding.remember(lambda: self.ask(everywhere=everywhere))
        words = controller.words(selected.fragments)
        if selected.kind == "text":
            fragments = selected.fragments
            window.acts.find_label(
                take=lambda label: self._ask_for_words(words, fragments, label, everywhere=everywhere)
            )
            return
        reason = f"the same words as a span you labelled {selected.label}"
        if selected.kind == "candidate":
            reason = f"the same words as another candidate for {selected.label}"
        wanted = SameWords(
            words=words, label=selected.label, reason=reason, asked_at=(document, selected.fragments)
        )
        self._look(wanted, document, everywhere=everywhere)

    def _ask_for_words(self, words: str, fragments: Fragments, label: str, *, everywhere: bool) -> None:
        """Propose selected words, where they were selected and elsewhere."""
        window = self._window
        document = window.controller.document
        window.focus_article()
        if document is not None:
            wanted = SameWords(
                words=words, label=label, reason=f"the same words as those you chose {label} for"
            )
            self._look(wanted, document, everywhere=everywhere, here=SpanKey(fragments, label))

    def _look(
        self, wanted: SameWords, document: int, *, everywhere: bool, here: SpanKey | None = None
    ) -> None:
        """Look in a document at once, in all of them in the background; `here` is selected afterwards."""
        window = self._window
        session = window.controller.session
        if session is None:
            return
        again = partial(self._look, wanted, document, everywhere=everywhere, here=here)
        if everywhere:
            title = f"Looking for “{_short(wanted.words)}”"
            job = window.jobs.run(title, partial(_in_all, session, wanted))
            job.finished.connect(lambda report: self._on_found(session, wanted, report, here))
            job.failed.connect(lambda error: self._on_failed(session, error, again))
            return
        try:
            report = propose_same_words(session, wanted, documents=[document])
        except UserError as error:
            window.show_problem(error, again)
            return
        self._select(here)
        self._tell(wanted, report, everywhere=False)

    def _on_found(
        self, session: Session, wanted: SameWords, report: SameWordsReport, here: SpanKey | None
    ) -> None:
        if session is self._window.controller.session:
            session.deliver()
            self._select(here)
            self._tell(wanted, report, everywhere=True)

    def _select(self, here: SpanKey | None) -> None:
        """Select the candidate that the selected words became, unless somebody went on meanwhile."""
        controller = self._window.controller
        selected = controller.selected
        if here is not None and selected.kind == "text" and selected.fragments == here.fragments:
            item = controller.things.of_key(here)
            if item:
                controller.select(item)

    def _on_failed(self, session: Session, error: object, again: Callable[[], object]) -> None:
        window = self._window
        if session is window.controller.session:
            session.deliver()
        if isinstance(error, Cancelled):
            window.log.say("Stopped. Nothing was proposed.", "note")
        elif isinstance(error, UserError):
            window.show_problem(error, again)

    def _tell(self, wanted: SameWords, report: SameWordsReport, *, everywhere: bool) -> None:
        words = found_words(wanted, report, everywhere=everywhere)
        self._window.log.say(words, "done" if report.added else "note", report.step is not None)


def found_words(wanted: SameWords, report: SameWordsReport, *, everywhere: bool) -> str:
    """Say what was found: how many places, in how many documents, and what was left alone."""
    words = f"“{_short(wanted.words)}”"
    where = "in the project" if everywhere else "in this document"
    if report.added:
        if everywhere:
            where = f"in {counted(report.documents, 'document')}"
        told = f"{words} as {wanted.label}: {counted(report.added, 'new candidate')} {where}."
        told += f" {counted(report.known, 'place')} had it already." if report.known else ""
    elif report.known:
        verb = "is a candidate" if report.known == 1 else "are candidates"
        told = f"Nothing new: {words} {verb} for {wanted.label} at {counted(report.known, 'place')} {where}."
    elif report.finished and not everywhere:
        return "This document is finished. Ctrl Shift U takes it back to work first."
    else:
        told = f"No other {words} is left to label {where}."
    if report.finished:
        verb = "was" if report.finished == 1 else "were"
        told += f" {counted(report.finished, 'finished document')} {verb} left alone."
    return told


def _in_all(session: Session, wanted: SameWords, report: Report) -> SameWordsReport:
    """Look in all documents; runs in a thread of its own."""
    with closing(session.clone()) as own:
        return propose_same_words(own, wanted, report)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 40 else words[:39] + "…"
