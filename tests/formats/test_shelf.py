"""Pieces of bytes that wait outside the memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from annotator.formats import shelf
from annotator.formats.shelf import Shelf


@pytest.mark.parametrize("in_memory", [10, 1_000])
def test_pieces_come_back_by_their_numbers(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_IN_MEMORY", in_memory)
    pieces = [b"first", b"", b"\0second", b"x" * 20, b"last"]
    with Shelf() as waiting:
        for number, piece in enumerate(pieces):
            waiting.add(piece)
            assert waiting[number] == piece
        assert list(waiting) == pieces
        assert [waiting[number] for number in (4, 0, 2)] == [b"last", b"first", b"\0second"]
        assert (len(waiting), waiting.size) == (5, 36)
        assert waiting.stretch(3, 8) == b"st\0se"
        for number in (-1, 5):
            with pytest.raises(IndexError):
                waiting[number]


def test_many_bytes_wait_in_a_file_of_the_folder_which_shows_nothing_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = tempfile.TemporaryFile

    def watched(*, dir: str, **told: Any) -> Any:  # noqa: A002 - called so
        made.append(dir)
        return real(dir=dir, **told)

    monkeypatch.setattr(tempfile, "TemporaryFile", watched)
    with Shelf(tmp_path) as waiting:
        waiting.add(b"x" * 200_000)
        assert made == []
        waiting.add(b"y" * 200_000)
        assert made == [str(tmp_path)]
        assert waiting[1] == b"y" * 200_000
    assert list(tmp_path.iterdir()) == []
