"""The look of the program and a document to work on, for tests of the panels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from annotator.ui import style
from annotator.ui.panels.state import WorkState
from annotator.ui.panels.work import WorkPanel
from annotator.ui.theme import LIGHT
from tests.ui.panels.articles import a_state


@pytest.fixture(autouse=True)
def _look(qapp: object) -> Iterator[None]:
    """Give every test the light look at 100 %."""
    style.apply(qapp, LIGHT)  # type: ignore[arg-type]
    yield
    style.apply(qapp, LIGHT)  # type: ignore[arg-type]


@pytest.fixture
def state() -> WorkState:
    """Return a document with accepted spans, candidates, relations and a rejection."""
    return a_state()


@pytest.fixture
def panel(qtbot: QtBot, state: WorkState) -> WorkPanel:
    """Return the right panel, shown, with that document."""
    made = WorkPanel()
    qtbot.addWidget(made)
    made.resize(304, 900)
    made.set_state(state)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made
