"""Reads what a shared library or program of Linux is linked against, with readelf of binutils.

Standard library only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from building import files_in, run

_NEEDED = re.compile(r"\(NEEDED\)\s+Shared library: \[(.+)\]")
_VERSION = re.compile(r"Name: (GLIBC|GLIBCXX)_(\d+(?:\.\d+)*)\b")


@dataclass(frozen=True, slots=True)
class Linked:
    """What a folder's files are linked against.

    Args:
        needed: names of libraries that do not lie in the folder, and one file that asks for each.
        newest: the newest version that is asked for, by GLIBC and GLIBCXX.
    """

    needed: dict[str, str]
    newest: dict[str, tuple[int, ...]]


def linked(folder: Path) -> Linked:
    """Look at all files of a folder: plugins are opened while the program runs, so none may be left out."""
    elves = [path for path in files_in(folder) if not path.is_symlink() and is_elf(path)]
    own = {path.name for path in files_in(folder)}
    needed: dict[str, str] = {}
    newest: dict[str, tuple[int, ...]] = {}
    for path in elves:
        told = run(["readelf", "-dVW", str(path)], trouble=f"{path.name} cannot be read.")
        for name in _NEEDED.findall(told):
            if name not in own:
                needed.setdefault(name, path.relative_to(folder).as_posix())
        for kind, text in _VERSION.findall(told):
            version = tuple(int(part) for part in text.split("."))
            newest[kind] = max(newest.get(kind, ()), version)
    return Linked(needed, newest)


def is_elf(path: Path) -> bool:
    """Tell whether a file is a program or a library of Linux."""
    with path.open("rb") as content:
        return content.read(4) == b"\x7fELF"
