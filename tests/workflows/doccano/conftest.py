"""A server in memory that behaves, and misbehaves, like the real one; nobody waits for it."""

from __future__ import annotations

import pytest

from annotator.workflows.doccano import (
    reading,
)
from tests.sync.fake_server import FakeServer


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAUSE", 0.0)


@pytest.fixture
def server() -> FakeServer:
    """Give a server with nothing on it."""
    return FakeServer()
