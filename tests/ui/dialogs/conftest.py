"""What the tests of the dialogs stand on: a look, jobs that end, a project, and a pipeline that needs no process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.model.schema import Schema
from annotator.ui import style
from annotator.ui.dialogs import mapping_editor
from annotator.ui.jobs import Jobs
from annotator.ui.theme import LIGHT
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session
from annotator.workflows.suggesting import MappingRow, PipelineInfo, mapping_for
from tests.builders import a_document, a_project
from tests.ui.driving import let_live, wait_until

PIPELINE = PipelineInfo(name="tiny", language="en", version="1.0", labels=("PERSON", "GPE", "MONEY"))

Show = Callable[[QWidget], None]


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> Iterator[None]:
    """Dress the widgets as the program does."""
    style.apply(qapp, LIGHT)
    yield
    style.apply(qapp, LIGHT)


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    """Run jobs for a dialog, and wait for the last of them."""
    del qtbot  # asked for all the same: it closes the widgets afterwards
    made = Jobs()
    faults: list[object] = []
    made.crashed.connect(faults.append)
    yield made
    made.close()
    wait_until(lambda: not made.running, what="the jobs to end")
    assert faults == []


@pytest.fixture
def wait(jobs: Jobs) -> Callable[[], None]:
    """Wait until no job runs."""

    def until_done() -> None:
        let_live(20)
        wait_until(lambda: not jobs.running, what="the jobs to end")

    return until_done


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Put a widget on the screen, with the focus."""

    def shown(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)

    return shown


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project of two documents with candidates."""
    made = a_project(tmp_path)
    a_document(made, "[Ada](PERSON) met [Bob](PERSON) in [Oslo](GPE).", source="one.txt")
    a_document(made, "[Cleo](PERSON) left [Rome](GPE).", source="two.txt")
    yield made
    made.close()


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> PipelineInfo:
    """Install one tiny pipeline whose hits are made up, in the place of all others."""

    def hits(
        texts: Sequence[tuple[str, str]], found: PipelineInfo, schema: Schema, report: Report
    ) -> list[MappingRow]:
        report(len(texts), len(texts), "Looking")
        mapping = mapping_for(found, schema)
        rows = {"PERSON": ("Ada", "Bob"), "GPE": ("Oslo",)}
        return [
            MappingRow(
                label=label,
                target=mapping[label],
                hits=len(rows.get(label, ())),
                examples=rows.get(label, ()),
            )
            for label in found.labels
        ]

    monkeypatch.setattr(mapping_editor, "pipelines", lambda: [PIPELINE])
    monkeypatch.setattr(mapping_editor, "first_hits", hits)
    return PIPELINE
