"""The folder for the files of a sync."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from annotator.workflows.doccano.room import room


def test_texts_that_a_killed_sync_left_do_not_stay_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with room() as old, room() as fresh:
        (old / "upload.jsonl").write_text("Ada")
        long_ago = time.time() - 100_000
        os.utime(old, (long_ago, long_ago))
        with room() as mine:
            assert not old.exists()
            assert fresh.exists()
            assert mine.exists()
    assert list(tmp_path.iterdir()) == []
