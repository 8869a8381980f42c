"""Whichever call to the disk is refused, memory and file agree afterwards, and the next act works."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.faults.watching import quick_place, run_watched


@pytest.mark.parametrize("how", ["log", "rollback"])
def test_each_call_of_an_act_may_be_refused(how: str) -> None:
    with tempfile.TemporaryDirectory(dir=quick_place()) as folder:
        project = Path(folder).resolve() / "p.annot"
        said = run_watched("tests.faults.refused_calls", str(project), how, project=project)
    refused, done, there = map(int, said.split())
    assert refused > 30, "hardly anything was refused"
    assert there <= (refused // 4 if how == "rollback" else 0)
    assert done < refused, "what is refused while the log is folded in does not concern the act"
