"""How long work tells its progress."""

from __future__ import annotations

import pytest

from annotator.model.errors import Cancelled
from annotator.workflows.reporting import Remembering


def test_who_waits_is_told_again_what_for_and_can_stop() -> None:
    told: list[tuple[int, int, str]] = []

    def report(done: int, total: int, text: str) -> None:
        told.append((done, total, text))
        if len(told) == 4:
            raise Cancelled

    progress = Remembering(report, "Asking")
    progress.again()
    progress(1, 2, "Reading")
    progress.again()
    assert told == [(0, 0, "Asking"), (1, 2, "Reading"), (1, 2, "Reading")]
    with pytest.raises(Cancelled):
        progress.again()
