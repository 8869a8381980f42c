"""Finds out whose each file of the frozen program is: a Python package's, Python's, the system's, Qt's, or ours.

The recipe writes down what PyInstaller took from where. Standard library only.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from building import CONTENTS, PACKAGING, ROOT, BuildError, files_in

PYTHON, SYSTEM, PACKAGE, QT, OURS, LIBRARY, FONT = (
    *("python", "system", "package", "qt", "ours", "library", "font"),
)
#: Made by the build itself beside what the recipe lists: PyInstaller packs Python's first modules into it.
_MADE = re.compile(r"^(base_library\.zip|annotator/notices/.*)$")
_QT = re.compile(r"(^|/)(PySide6/(Qt/|Qt\w+\.)|(lib)?Qt6?\w+\.(so|dll|framework)|plugins/)")
_WHEELS = ("PySide6_Essentials", "PySide6", "PySide6_Addons")


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """Whose a file is: the kind, and the name of the package, library or font."""

    kind: str
    name: str


def owners(inside: Path, table: dict[str, list[dict[str, str]]]) -> dict[Owner, set[str]]:
    """Return the files of a frozen program by their owners.

    Args:
        inside: the folder `_internal`. table: what `notices.toml` says of libraries and fonts by their names.

    Raises:
        BuildError: files lie there that nobody is known to own.
    """
    contents = json.loads(CONTENTS.read_text(encoding="utf-8"))
    sources: dict[str, str] = dict(contents["files"])
    finder = _Finder(table)
    found: dict[Owner, set[str]] = {}
    unknown = []
    for path in files_in(inside):
        name = path.relative_to(inside).as_posix()
        if path.is_symlink() or _MADE.match(name):
            continue
        owner = finder.owner(name, sources.get(name, ""))
        if owner is None:
            unknown.append(name)
        else:
            found.setdefault(owner, set()).add(name)
    for name, source in contents["modules"]:
        owner = finder.owner(name, source) if source and source != "-" else Owner(PYTHON, "Python")
        if owner is None:
            unknown.append(f"the module {name}")
        else:
            found.setdefault(owner, set())
    if unknown:
        raise BuildError(
            f"Nobody knows whose these are, so no notice can be shown: {', '.join(sorted(unknown)[:8])}. "
            "Say it in packaging/notices.toml, or leave them out in packaging/frozen_parts.py."
        )
    return found


class _Finder:
    """Looks owners up: by the table, by the lists of installed packages, by where Python and the system keep files."""

    def __init__(self, table: dict[str, list[dict[str, str]]]) -> None:
        self._table = [
            (Owner(kind, each["name"]), re.compile(each["match"]))
            for kind in (LIBRARY, FONT)
            for each in table.get(kind, [])
        ]
        self._packages: dict[Path, str] = {}
        for each in importlib.metadata.distributions():
            for file in each.files or ():
                self._packages[Path(str(each.locate_file(file))).resolve()] = each.metadata["Name"]
        self._python = Path(sys.base_prefix).resolve()
        self._system: dict[Path, str | None] = {}

    def owner(self, name: str, source: str) -> Owner | None:
        """Return the owner of a file that has this name in the folder and came from there; None if it is unknown."""
        if not source:
            return None
        for owner, pattern in self._table:
            if pattern.search(name):
                return owner
        path = Path(source).resolve()
        package = self._packages.get(path)
        if package in _WHEELS and _QT.search(name):
            return Owner(QT, "Qt")
        if package is not None:
            return Owner(PACKAGE, package)
        if path.is_relative_to(PACKAGING) or any(
            path.is_relative_to(ROOT / each) for each in ("annotator", "resources", "seeds")
        ):
            return Owner(OURS, "annotator")
        if path.is_relative_to(self._python) and "site-packages" not in path.parts:
            return Owner(PYTHON, "Python")
        system = self._of_the_system(path)
        return None if system is None else Owner(SYSTEM, system)

    def _of_the_system(self, path: Path) -> str | None:
        if path not in self._system:
            self._system[path] = debian_package(path)
        return self._system[path]


def debian_package(path: Path) -> str | None:
    """Return the Debian package that a file came with; None where there is none."""
    for name in (str(path), str(path).removeprefix("/usr")):
        try:
            asked = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        except OSError:
            return None
        if asked.returncode == 0:
            return asked.stdout.partition(": ")[0].partition(",")[0].partition(":")[0]
    return None


def debian_version(package: str) -> str:
    """Return the version of an installed Debian package."""
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Version}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()
