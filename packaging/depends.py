"""Finds the Debian packages that a folder of programs and libraries needs, by reading all of them.

    python packaging/depends.py [FOLDER]

What a library is called in newer releases stands here, so that one package installs on several. Standard library only.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from building import FOLDER, BuildError, run
from bundle import debian_package
from elf import linked

#: Renamed for times beyond 2038 (Debian 13, Ubuntu 24.04): the new name goes first.
_RENAMED = {
    "libglib2.0-0": "libglib2.0-0t64 | libglib2.0-0",
    "libssl3": "libssl3t64 | libssl3",
}
#: The first GCC whose library has a version of the symbols.
_GCC = (((3, 4, 32), "13"), ((3, 4, 30), "12"), ((3, 4, 29), "11"), ((3, 4, 26), "9"), ((3, 4, 22), "6"))
#: Used without being linked: databases of desktops, and icons' own folder.
ALWAYS = ("desktop-file-utils", "hicolor-icon-theme", "shared-mime-info")
#: Fonts for all scripts; the program draws without them, but shows boxes.
RECOMMENDS = ("fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji")


def depends(folder: Path) -> list[str]:
    """Return the packages that a folder needs, as a control file writes them.

    Raises:
        BuildError: a library is linked against one that no package of this system brings.
    """
    found = linked(folder)
    places = _places()
    packages: dict[str, str] = {}
    lost = []
    for name, user in sorted(found.needed.items()):
        package = debian_package(places[name]) if name in places else None
        if package is None:
            lost.append(f"{name} (for {user})")
        else:
            packages[package] = _RENAMED.get(package, package)
    if lost:
        raise BuildError(f"No package of this system brings {', '.join(lost)}.")
    glibc, gcc = found.newest.get("GLIBC"), found.newest.get("GLIBCXX")
    if glibc:
        packages["libc6"] = f"libc6 (>= {'.'.join(map(str, glibc))})"
    if gcc and "libstdc++6" in packages:
        first = next((number for version, number in _GCC if gcc >= version), "6")
        packages["libstdc++6"] = f"libstdc++6 (>= {first})"
    return sorted([*packages.values(), *ALWAYS])


def _places() -> dict[str, Path]:
    """Return where the system keeps each library."""
    told = run(["ldconfig", "-p"], trouble="The system's libraries cannot be listed.")
    found: dict[str, Path] = {}
    for name, path in re.findall(r"^\s+(\S+) \(.*x86-64.*\) => (\S+)$", told, re.MULTILINE):
        found.setdefault(name, Path(path).resolve())
    return found


if __name__ == "__main__":
    try:
        sys.stdout.write("\n".join(depends(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)) + "\n")
    except BuildError as trouble:
        sys.exit(str(trouble))
