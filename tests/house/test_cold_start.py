"""The quick start: what must not be loaded before the window is on screen."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house import source

SLOW = (
    "PySide6",
    "spacy",
    "thinc",
    "pandas",
    "numpy",
    "pyarrow",
    "openpyxl",
    "resiliparse",
    "pycrfsuite",
    "requests",
    "doccano_client",
)
LATER = (
    *(name for name in SLOW if name != "PySide6"),
    "annotator.cli.every_command",
    "annotator.formats",
    "annotator.store.repair",
    "annotator.suggest",
    "annotator.sync",
    "annotator.workflows.doccano",
    "annotator.workflows.importing",
    "annotator.workflows.learning",
    "annotator.workflows.training",
)
"""What only the work in the window needs, or its dialogs: the window is on screen before any of it."""


@pytest.mark.parametrize(
    "module", ["annotator.workflows", "annotator.cli.every_command", "annotator.__main__"]
)
def test_importing_the_program_loads_nothing_slow(module: str) -> None:
    assert _loaded_by(f"import {module}", SLOW) == []


def test_the_window_loads_nothing_that_can_wait() -> None:
    assert _loaded_by("import annotator.__main__, annotator.ui.app", LATER) == []


@pytest.mark.parametrize("arguments", [[], ["news.annot"], ["./folder/news"]])
def test_the_way_to_the_window_loads_no_other_command(arguments: list[str]) -> None:
    way = f"run(open_window=lambda *_: 0, draw_picture=print, arguments={arguments!r})"
    imports = "from contextlib import suppress; from annotator.cli.main import run"
    assert _loaded_by(f"{imports}\nwith suppress(SystemExit): {way}", LATER) == []


def test_a_slow_library_would_be_noticed() -> None:
    assert _loaded_by("import numpy", SLOW) == ["numpy"]
    assert "annotator.formats" in _loaded_by("import annotator.cli.every_command", LATER)


def _loaded_by(statement: str, names: tuple[str, ...]) -> list[str]:
    program = f"import sys; {statement}\nprint(*(name for name in {names!r} if name in sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=source.ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.split()
