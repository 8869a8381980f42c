"""An act that could not be saved: said in a strip above the article, and tried again when the person says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.model.change import ChangeSet
from annotator.model.errors import NotSavedError
from annotator.ui.actions import BY_ID
from annotator.ui.strips import Answer, make_strip

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

STRIP = "not_saved"


class NotSaved(QObject):
    """Keeps the last act that was refused, until it is saved or given up; `changed()` tells of both."""

    changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._again: Callable[[], object] | None = None
        window.controller.not_saved.connect(self.hold)
        window.controller.annotations_changed.connect(self._on_changed)
        window.controller.session_changed.connect(self.give_up)

    @property
    def is_waiting(self) -> bool:
        """Tell whether an act waits to be tried again."""
        return self._again is not None

    def hold(self, error: NotSavedError, again: Callable[[], object]) -> None:
        """Say which act is not saved and why; `again` does it anew and holds it again where it is refused again."""
        window = self._window
        self._again = again
        window.log.say(str(error), "refused")
        action = BY_ID["try_again"]
        strip = make_strip(
            str(error),
            Answer(text=action.text, run=self.try_again, key=action.key, kind="primary"),
            Answer(text="Close", run=self._close),
            tone="bad",
        )
        window.centre.strips.show_strip(STRIP, strip)
        self.changed.emit()

    def try_again(self) -> None:
        """Do the act that was refused again."""
        again = self._again
        if again is None:
            return
        self.give_up()
        again()
        self._window.focus_article()

    def give_up(self) -> None:
        """Forget the act, and say no more of it."""
        self._window.centre.strips.take_down(STRIP)
        if self._again is not None:
            self._again = None
            self.changed.emit()

    def _close(self) -> None:
        self.give_up()
        self._window.focus_article()

    def _on_changed(self, changes: object) -> None:
        """Take the strip down once an act is saved: what is seen then is what is in the file."""
        if isinstance(changes, ChangeSet) and changes.step is not None:
            self.give_up()
