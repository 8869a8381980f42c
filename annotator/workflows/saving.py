"""Writes a small text that a person wants to keep as a file: whole, or not at all."""

from __future__ import annotations

from pathlib import Path

from annotator.formats.whole_files import write_safely
from annotator.model.errors import FormatError


def save_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, its line ends as they are, in place of an older file.

    Raises:
        FormatError: the place cannot be written; the older file stays.
    """
    written = text.encode("utf-8")

    def write(part: Path) -> None:
        part.write_bytes(written)

    def check(part: Path) -> None:
        if part.read_bytes() != written:
            raise FormatError(f"{path.name} was not written as it should be.", "Try again, or elsewhere.")

    write_safely(path, write, check)
