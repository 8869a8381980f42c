"""How long work tells its progress: one function, called often, that may raise `Cancelled`."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[int, int, str], None]
"""`report(done, total, text)`; a total of 0 means that it is not known."""


def silent(_done: int, _total: int, _text: str) -> None:
    """Report to nobody."""


class Remembering:
    """Passes progress on, and says the last of it once more when it is asked to, so that whoever waits can stop."""

    def __init__(self, report: Report, text: str) -> None:
        self._report = report
        self._last: tuple[int, int, str] = (0, 0, text)

    def __call__(self, done: int, total: int, text: str) -> None:
        """Pass it on."""
        self._last = done, total, text
        self._report(done, total, text)

    def again(self) -> None:
        """Say the last of it once more."""
        self._report(*self._last)
