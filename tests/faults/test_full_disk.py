"""A disk that is full, read only or gone refuses acts in plain words; nothing that was said to be done is lost."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.faults import full_disk_acts, full_disk_files, lost_place_acts, window_acts
from tests.faults.small_disk import run_on_small_disk
from tests.faults.watching import ROOT, run_module

ON_A_SMALL_DISK = [
    (module.__name__, each.__name__)
    for module in (full_disk_acts, full_disk_files, window_acts)
    for each in module.SCENARIOS
]
IN_A_LOST_PLACE = [
    (module.__name__, each.__name__)
    for module, scenarios in (
        (lost_place_acts, lost_place_acts.SCENARIOS),
        (window_acts, window_acts.WITHOUT_A_DISK),
    )
    for each in scenarios
]


@pytest.mark.parametrize(("module", "scenario"), ON_A_SMALL_DISK)
def test_on_a_small_disk(tmp_path: Path, module: str, scenario: str) -> None:
    run_on_small_disk(module, scenario, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file can be neither moved nor removed there")
@pytest.mark.parametrize(("module", "scenario"), IN_A_LOST_PLACE)
def test_a_place_that_changes_under_an_open_project(tmp_path: Path, module: str, scenario: str) -> None:
    run_module(module, scenario, str(tmp_path), environment=_environment(tmp_path))


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "ANNOTATOR_SETTINGS": str(folder / "settings")}
