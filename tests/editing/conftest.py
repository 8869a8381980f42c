"""An open project for the tests of commands, and a look at its rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.workflows.session import Session
from tests.builders import a_project


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open an empty project."""
    session = a_project(tmp_path)
    yield session
    session.close()
