"""Shows where the lines of relations cross in the sample articles."""

from __future__ import annotations

import pytest

from tests.seeds import crossings


@pytest.mark.usefixtures("qapp")
def test_the_crossings_of_the_sample_articles(capsys: pytest.CaptureFixture[str]) -> None:
    crossings.main([])
    shown = capsys.readouterr().out
    with capsys.disabled():
        print(f"\n{shown}", end="")
    assert "10-storm-ottilie.txt" in shown
