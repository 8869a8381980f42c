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


@pytest.mark.parametrize("module", ["annotator.workflows", "annotator.cli.main", "annotator.__main__"])
def test_importing_the_program_loads_nothing_slow(module: str) -> None:
    assert _loaded_by(f"import {module}") == []


def test_a_slow_library_would_be_noticed() -> None:
    assert _loaded_by("import numpy") == ["numpy"]


def _loaded_by(statement: str) -> list[str]:
    program = f"import sys; {statement}; print(*(name for name in {SLOW!r} if name in sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=source.ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.split()
