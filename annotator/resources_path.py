"""Where the files shipped with the program lie: icons, presets, help (`resources`), samples (`seeds`).

Three places are tried: inside the package (an installed wheel), beside it (a checkout), and the
folder a frozen program unpacks to. Nothing is read here; what a file means is its reader's matter.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """Return the path of a shipped resource, such as `resource_path("schemas", "news.toml")`.

    The file itself need not exist. Raises FileNotFoundError when the installation has no resources.
    """
    return _shipped_folder("resources").joinpath(*parts)


def seeds_folder() -> Path:
    """Return the folder of the sample articles and their gold annotation.

    Raises FileNotFoundError when the installation has no samples.
    """
    return _shipped_folder("seeds")


def pipeline_hashes() -> str:
    """Return the list of the bundled pipeline's files, as `sha256sum` writes it; empty where none was bundled."""
    file = _built_in("pipeline.sha256")
    return file.read_text(encoding="utf-8") if file is not None else ""


def built_notices() -> Path | None:
    """Return the folder of the notices that were written when the program was frozen; None elsewhere."""
    return _built_in("notices")


def _built_in(name: str) -> Path | None:
    """Return a file or folder that only a frozen program has; None where it is not one."""
    unpacked = getattr(sys, "_MEIPASS", None)
    place = Path(unpacked or "") / "annotator" / name
    return place if unpacked is not None and place.exists() else None


@functools.cache
def _shipped_folder(name: str) -> Path:
    package = Path(__file__).resolve().parent
    places = [package / name, package.parent / name]
    unpacked = getattr(sys, "_MEIPASS", None)
    if unpacked is not None:
        places += [Path(unpacked) / "annotator" / name, Path(unpacked) / name]
    for place in places:
        if place.is_dir():
            return place
    looked = ", ".join(str(place) for place in places)
    raise FileNotFoundError(f"The installation is incomplete: no folder {name!r} at any of {looked}.")
