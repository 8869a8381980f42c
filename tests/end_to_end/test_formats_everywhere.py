"""Every format of the registry is in every face: the list of the terminal, its commands, and both dialogs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from annotator.cli.main import program
from annotator.editing.commands import FinishDocument
from annotator.formats import FORMATS
from annotator.formats.base import Format
from annotator.formats.choosing import options_of
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.format_details import FormatDetails
from annotator.ui.jobs import Jobs
from annotator.workflows.exporting import ExportOptions, export_formats, plan_export
from annotator.workflows.losses import is_aside
from annotator.workflows.preparing import readable_formats
from annotator.workflows.session import Session
from tests.builders import a_document, a_project
from tests.formats.samples import is_here

WRITTEN = [each for each in FORMATS if each.write is not None]
READ = [each for each in FORMATS if each.read is not None]
SETTLED = {"language", "encoding", "layout", "assume_done"}
"""Options that have fields and flags of their own."""

every_writer = pytest.mark.parametrize("found", WRITTEN, ids=[each.name for each in WRITTEN])


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project in which nearly every format loses something."""
    made = a_project(tmp_path)
    for number in range(8):
        written = f"[Ada](PERSON) met [Bob](PERSON) in [Oslo](GPE) {number} times."
        key = a_document(made, written, source=f"{number}.txt")
        made.do(FinishDocument(document=key, accept_rest=True))
    yield made
    made.close()


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()
    qtbot.waitUntil(lambda: not made.running)


def test_the_terminal_lists_all_with_all_that_can_be_chosen() -> None:
    told = CliRunner().invoke(program, ["formats"]).output
    for found in FORMATS:
        assert f"{found.name}: {found.title}" in told
        for verb, kind in (("reading", found.read_options), ("writing", found.options)):
            for option in options_of(kind):
                assert option.name in SETTLED or f"{verb}: --set {option.name}=" in told


def test_the_export_dialog_offers_all_that_can_be_written(session: Session, jobs: Jobs, qtbot: QtBot) -> None:
    dialog = ExportDialog(session, jobs.run)
    qtbot.addWidget(dialog)
    rows = [dialog.format_list.item(row) for row in range(dialog.format_list.count())]
    assert {row.data(Qt.ItemDataRole.UserRole) for row in rows} == {each.name for each in WRITTEN}
    for row in rows:
        dialog.format_list.setCurrentItem(row)
        name = row.data(Qt.ItemDataRole.UserRole)
        assert dialog.options.format == name
        declared = {option.name for option in options_of(next(e for e in WRITTEN if e.name == name).options)}
        assert set(dialog.options.details) == declared - SETTLED


def test_the_import_dialog_offers_all_that_can_be_read(qtbot: QtBot) -> None:
    offered = {each.name: each for each in readable_formats()}
    assert set(offered) == {each.name for each in READ}
    for found in READ:
        details = FormatDetails()
        qtbot.addWidget(details)
        details.show_options(offered[found.name].options)
        assert set(details.values) == {each.name for each in options_of(found.read_options)} - SETTLED
        assert details.changed_values == {}


@every_writer
def test_what_is_lost_is_the_same_before_an_export_in_the_terminal_and_in_its_end(
    found: Format, session: Session, tmp_path: Path
) -> None:
    if not is_here(found):
        pytest.skip(f"what writes {found.name} is not installed")
    losses = plan_export(session, tmp_path / "x", ExportOptions(format=found.name)).losses
    session.close()
    run = CliRunner().invoke(
        program, ["export", str(session.path), str(tmp_path / "out"), "--format", found.name]
    )
    assert run.exit_code == 0, run.output
    head, *said = run.stderr.splitlines() or ["Not kept:"]
    assert head == "Not kept:"
    assert [line for line in said if not line.startswith("   ")] == [f"  {loss.message}" for loss in losses]
    for loss in losses:
        shown = [] if is_aside(loss) else loss.examples[:5]
        assert all(f"      {example}" in said for example in shown)


def test_nothing_of_a_format_is_written_by_hand_into_a_face() -> None:
    named = {each.name: each for each in export_formats()}
    assert list(named) == [each.name for each in WRITTEN]
    assert all(dataclasses.is_dataclass(each.options) for each in FORMATS)
