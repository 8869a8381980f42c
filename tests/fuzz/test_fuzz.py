"""A short run of the fuzzers: what breaks is refused with words, and nothing ends the program or hangs.

`ANNOTATOR_FUZZ=20` does twenty times as much; `python -m tests.fuzz` goes on for as long as it is told.
"""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given

from tests.data.make_old_project import make
from tests.fuzz import schemas
from tests.fuzz.projects import BREAKERS, run_case

TIMES = int(os.environ.get("ANNOTATOR_FUZZ", "1"))
BUNCH = 15
"""Cases of one test."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the project that is broken."""
    return make(tmp_path_factory.mktemp("sound"))[0]


@pytest.mark.parametrize("bunch", range(4 * TIMES))
@pytest.mark.parametrize("breaker", BREAKERS)
def test_a_broken_project_opens_or_is_refused(sound: Path, breaker: str, bunch: int) -> None:
    done = [run_case(sound, breaker, seed) for seed in range(bunch * BUNCH, (bunch + 1) * BUNCH)]
    assert len(done) == BUNCH


@hypothesis.settings(max_examples=200 * TIMES)
@given(schemas.tables.map(schemas.as_file))
def test_any_table_is_a_schema_or_refused(content: str) -> None:
    schemas.read(content)


@hypothesis.settings(max_examples=200 * TIMES)
@given(schemas.sensible.map(schemas.as_file))
def test_what_is_nearly_a_schema_is_one_or_refused(content: str) -> None:
    schemas.read(content)


@hypothesis.settings(max_examples=100 * TIMES)
@given(hypothesis.strategies.text())
def test_any_text_is_refused_or_read(content: str) -> None:
    schemas.read(content)
