"""Formats that other packages add to those of the program, by the entry point group `annotator.formats`.

An entry point names a `Format`. One that cannot be loaded, or is none, is skipped and named, and one that fails at its
work is named as well: neither keeps the program from reading everything else.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import overload

from annotator.formats.base import Format, ReadOptions, Report, WriteContext
from annotator.model.errors import Cancelled, FormatError, UserError
from annotator.model.record import Record

GROUP = "annotator.formats"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class Registry(Sequence[Format]):
    """The program's own formats and those that were added, which are looked for when somebody first asks."""

    def __init__(self, own: Sequence[Format]) -> None:
        self._own = own
        self._all: tuple[Format, ...] | None = None
        self._skipped: tuple[str, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Format: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Format]: ...
    def __getitem__(self, index: int | slice) -> Format | Sequence[Format]:
        return self._loaded()[index]

    def __len__(self) -> int:
        return len(self._loaded())

    @property
    def skipped(self) -> tuple[str, ...]:
        """Say of each added format that is not used which package it is of, and why."""
        self._loaded()
        return self._skipped

    def _loaded(self) -> tuple[Format, ...]:
        if self._all is None:
            found, skipped = list(self._own), list[str]()
            for entry in entry_points(group=GROUP):
                package = entry.dist.name if entry.dist is not None else entry.module
                added = _loaded(entry, package, {each.name for each in found})
                if isinstance(added, Format):
                    found.append(added)
                else:
                    skipped.append(f"The format {entry.name} of the package {package} is not used: {added}.")
            self._all, self._skipped = tuple(found), tuple(skipped)
        return self._all


def _loaded(entry: EntryPoint, package: str, taken: set[str]) -> Format | str:
    """Give the format that an entry point names, or why it cannot be used."""
    try:
        found = entry.load()
    except Exception as error:  # noqa: BLE001 - what others wrote may raise anything
        return f"it cannot be loaded ({_told(error)})"
    if not isinstance(found, Format):
        return f"{entry.value} is no Format"
    if not _NAME.fullmatch(str(found.name)):
        return f"{found.name!r} is no name of small letters, digits, - and _"
    if found.name in taken:
        return f"there is a format named {found.name} already"
    if not found.suffixes or not all(each.startswith(".") for each in found.suffixes):
        return "it names no suffix that begins with a dot"
    if found.read is None and found.write is None:
        return "it can neither be read nor written"
    return _guarded(found, package)


def _guarded(found: Format, package: str) -> Format:
    """Give a format whose faults are told as such, and which takes no file for its own by a fault."""

    def sniff(head: bytes, path: Path) -> float:
        try:
            return min(1.0, max(0.0, float(found.sniff(head, path))))
        except Exception:  # noqa: BLE001 - what others wrote may raise anything
            return 0.0

    def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
        assert found.read is not None
        try:
            yield from found.read(path, options, report)
        except (UserError, Cancelled):
            raise
        except Exception as error:
            raise _failed("reading", error) from error

    def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
        assert found.write is not None
        try:
            found.write(path, records, context)
        except (UserError, Cancelled):
            raise
        except Exception as error:
            raise _failed("writing", error) from error

    def _failed(doing: str, error: Exception) -> FormatError:
        return FormatError(
            f"The format {found.name} of the package {package} failed in {doing}: {_told(error)}.",
            "Tell those who made the package, or remove it.",
        )

    return dataclasses.replace(
        found,
        sniff=sniff,
        read=None if found.read is None else read,
        write=None if found.write is None else write,
    )


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:300].rstrip(".")
