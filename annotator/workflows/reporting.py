"""How long work tells its progress: one function, called often, that may raise `Cancelled`."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[int, int, str], None]
"""`report(done, total, text)`; a total of 0 means that it is not known."""


def silent(_done: int, _total: int, _text: str) -> None:
    """Report to nobody."""
