"""Accepting all candidates alike in all documents: how many there are is said first, and asked."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.editing.commands import AcceptMany
from annotator.model.annotation import Kind
from annotator.model.wording import counted
from annotator.ui.accepting_many import AcceptingMany
from annotator.ui.strips import Answer, make_strip
from annotator.workflows.alike import Alike, find_alike
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

STRIP = "alike"


class AlikePlaces(QObject):
    """Carries out `Y` for a window: pressed again while it asks, it accepts."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._accepting = AcceptingMany(window)
        self._asked: tuple[Session, Alike] | None = None
        window.controller.document_changed.connect(self._forget)
        window.controller.selection_changed.connect(self._on_selection_changed)

    def ask(self) -> None:
        """Look for candidates alike; asked already, accept them."""
        window = self._window
        session, selected = window.controller.session, window.controller.selected
        if session is None or window.controller.document is None:
            return
        window.deciding.remember(self.ask)
        label, words = selected.label, window.controller.words(selected.fragments)
        if self._asked is not None and self._is_asked(label, words):
            self._accept(*self._asked)
            return
        if len(selected.fragments) != 1:
            window.deciding.accept_alike()  # words in pieces are looked for in this document alone
            return
        here = window.controller.document
        job = window.jobs.run("Looking for candidates alike", partial(_find, session, label, words, here))
        job.finished.connect(lambda found: self._on_found(session, found))
        job.failed.connect(self._accepting.on_failed)

    def _on_found(self, session: Session, found: Alike) -> None:
        window = self._window
        if session is not window.controller.session:
            return
        document, elsewhere = window.controller.document, len(found.documents)
        if not found.count:
            window.log.say(f"No candidate “{_short(found.words)}” as {found.label} is left.", "note")
            return
        if found.documents == (document,):
            window.deciding.accept_alike()
            return
        here = window.deciding.alike_count()[2] if document in found.documents else 0
        self._asked = session, found
        words = (
            f"“{_short(found.words)}” as {found.label}: {counted(found.count, 'candidate')} "
            f"in {counted(elsewhere, 'document')}{', and more in others' if found.more else ''}."
        )
        answers = [
            Answer(text=f"Accept {'it' if found.count == 1 else 'all'}", run=self._accept_asked, key="Y")
        ]
        answers += (
            [
                Answer(
                    text="Only this one" if here == 1 else f"Only the {here} here",
                    run=self._only_here,
                    key="Shift+A",
                )
            ]
            if here
            else []
        )
        answers.append(Answer(text="Leave them", run=self._leave))
        window.centre.strips.show_strip(STRIP, make_strip(words, *answers, icon_name="check"))

    def _accept_asked(self) -> None:
        if self._asked is not None:
            self._accept(*self._asked)

    def _accept(self, session: Session, found: Alike) -> None:
        self._forget()
        command = AcceptMany(
            documents=found.documents, label=found.label, words=found.words, kinds=(Kind.SPAN,)
        )
        self._accepting.accept(session, command, title="Accepting candidates alike")

    def _only_here(self) -> None:
        self._forget()
        self._window.deciding.accept_alike()
        self._window.focus_article()

    def _leave(self) -> None:
        self._forget()
        self._window.focus_article()

    def _is_asked(self, label: str, words: str) -> bool:
        strip = self._window.centre.strips.get(STRIP)
        return (
            strip is not None
            and self._asked is not None
            and self._asked[1].label == label
            and self._asked[1].words == words
        )

    def _on_selection_changed(self) -> None:
        """Ask no longer about what is not selected any more."""
        if self._asked is None:
            return
        selected = self._window.controller.selected
        if not self._is_asked(selected.label, self._window.controller.words(selected.fragments)):
            self._forget()

    def _forget(self) -> None:
        self._asked = None
        self._window.centre.strips.take_down(STRIP)


def _find(session: Session, label: str, words: str, here: int | None, report: Report) -> Alike:
    with closing(session.clone()) as own:
        return find_alike(own, label, words, report, here=here)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 40 else words[:39] + "…"
