"""A project that is read only in this window: why, what can be done about it, and following whoever writes in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from annotator.model.errors import UserError
from annotator.ui.doorbell import is_answered, ring
from annotator.ui.plain import plain_tip
from annotator.ui.strips import Answer, make_strip
from annotator.workflows.following import EVERY, Follower, WriterState
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

STRIP = "read_only"
_AFTER_A_FAULT = 5.0
"""Seconds until a project is looked at again that could not be read."""


class ReadOnly(QObject):
    """Says it in a strip and follows the project; the strip changes when the writer goes."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session: Session | None = None
        self._follower: Follower | None = None
        self._told = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def begin(self, session: Session) -> None:
        """Say why a project is read only, and follow it."""
        self._session = session
        if session.left_behind:
            self._offer_take_over(session.holder)
        elif session.holder:
            self._say_held(session)
        else:
            self._show(
                "Read only: the file cannot be written.",
                Answer(text="Try again", run=lambda: self._open_again(session.path)),
            )
        try:
            self._follower = Follower(session, on_writer=self._on_writer)
        except UserError as error:
            self._window.show_problem(error)
            return
        self._timer.start(round(EVERY * 1000))

    def end(self) -> None:
        """Follow no more: the project is closed here."""
        self._timer.stop()
        self._session = self._follower = None

    # ------------------------------------------------------------------ following

    def _look(self) -> None:
        if self._follower is None:
            return
        try:
            wait = self._follower.look()
            self._told = ""
        except UserError as error:
            wait = _AFTER_A_FAULT
            if error.what != self._told:
                self._told = error.what
                self._window.show_problem(error)
        self._timer.start(round(wait * 1000))

    def _on_writer(self, state: WriterState) -> None:
        session = self._session
        if session is None:
            return
        if state.writer == "here":
            self._say_held(session)
        elif state.writer == "left":
            self._offer_take_over(state.words)
        elif state.writer == "replaced":
            self._show(
                "Another file is at the place of this project now, such as a backup that was put back.",
                Answer(text="Show that", run=lambda: self._open_again(session.path), kind="soft"),
            )
        else:
            self._show(
                "Nobody writes in this project any more. You can work in it here now.",
                Answer(text="Work here", run=lambda: self._open_again(session.path), kind="soft"),
                icon_name="edit",
            )

    # ------------------------------------------------------------------ the strip

    def _say_held(self, session: Session) -> None:
        window = self._window
        if is_answered(session.path):
            show = Answer(text="Show it", run=lambda: self._show_other(session.path))
            self._show("Read only: open in another window.", show)
        else:
            self._show(f"Read only. {session.holder}" if session.holder else "Read only: open elsewhere.")
        if session.holder:
            window.log.say(session.holder, "note")

    def _offer_take_over(self, words: str) -> None:
        session = self._session
        if session is not None:
            self._show(
                f"Read only. {words}",
                Answer(
                    text="Take over",
                    run=lambda: self._open_again(session.path, take_over=True),
                    kind="soft",
                ),
            )

    def _show(self, words: str, *answers: Answer, icon_name: str = "lock") -> None:
        window = self._window
        copy = Answer(text="Open a copy", run=window.keeping.open_copy)
        strip = make_strip(words, *answers, copy, tone="warn", icon_name=icon_name)
        if self._session is not None:
            strip.setToolTip(plain_tip(self._session.holder))
        window.centre.strips.show_strip(STRIP, strip)

    def _show_other(self, path: Path) -> None:
        if not ring(path):
            self._window.log.say("The other window does not answer.", "note")

    def _open_again(self, path: Path, *, take_over: bool = False) -> None:
        """Open the project for writing, at the document where we are; it is read on where that is refused."""
        window = self._window
        document = window.controller.document
        window.projects.let_go()
        if window.projects.open_path(path, take_over=take_over) and document is not None:
            session = window.controller.session
            if session is not None and document != window.controller.document:
                window.controller.open_document(document)
