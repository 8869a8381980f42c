"""Writes documents as lines of text, one document after the other, whatever the lines mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from annotator.formats.base import WriteContext, half_a_pair, name_of
from annotator.formats.holding import Keeper, with_tokens
from annotator.formats.whole_files import write_compared
from annotator.model.record import Record


def write_lines(
    path: Path,
    records: Iterable[Record],
    context: WriteContext,
    *,
    keeper: Keeper,
    lines: Callable[[Record], Iterable[str]],
) -> None:
    """Write the lines of each document that the keeper keeps.

    Args:
        lines: gives those of one document, without line ends; the number of documents so far, it among them, is in
            `context.written`.
    """

    def put(file: BinaryIO) -> None:
        for record in records:
            kept = keeper.keep(with_tokens(record, context.tokenize))
            if kept is None:
                continue
            context.written.add(kept)
            try:
                file.write("\n".join([*lines(kept), ""]).encode())
            except UnicodeEncodeError as error:
                raise half_a_pair(name_of(record)) from error

    write_compared(path, put)
