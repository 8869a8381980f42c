"""A text that is kept as a file is whole, or the older one stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.errors import FormatError
from annotator.workflows.saving import save_text


def test_a_text_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    save_text(path, "a,b\r\nü,\U0001f600\n")
    assert path.read_bytes() == "a,b\r\nü,\U0001f600\n".encode()
    save_text(path, "")
    assert path.read_bytes() == b""
    assert list(tmp_path.iterdir()) == [path]


def test_a_text_that_was_not_written_leaves_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    save_text(path, "older")
    monkeypatch.setattr(Path, "write_bytes", lambda *_: 0)
    with pytest.raises(FormatError, match=r"table\.csv was not written as it should be"):
        save_text(path, "newer")
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]
