"""The notices of all that comes with the program: name, version, licence, and the licence's own words.

A frozen program carries them as files, written when it was built; elsewhere they are those of the installed packages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from annotator.resources_path import built_notices, resource_path

DISTRIBUTION = "annotator-desktop"
_FONTS = {"Inter (font)": "OFL-Inter.txt", "Noto Serif (font)": "OFL-NotoSerif.txt"}
_FIELDS = ("License-Expression", "License")
_SHIPPED = ("PySide6-Essentials", "shiboken6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that comes with the program; `text()` reads its notice."""

    name: str
    version: str
    text: Callable[[], str] = field(compare=False)


def parts() -> list[Part]:
    """List what comes with the program; what was written when it was built goes before what packages say."""
    folder = built_notices()
    if folder is not None:
        listed = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        return [
            Part(name=each["name"], version=each["version"], text=_reader(folder / each["file"]))
            for each in listed
        ]
    fonts = [
        Part(name=name, version="", text=_reader(resource_path("fonts", file)))
        for name, file in _FONTS.items()
    ]
    return [*fonts, *(_described(each) for each in _packages())]


def _reader(file: Path) -> Callable[[], str]:
    return lambda: file.read_text(encoding="utf-8")


def _described(package: metadata.Distribution) -> Part:
    return Part(name=package.metadata["Name"], version=package.version, text=lambda: _licence_of(package))


def _packages() -> list[metadata.Distribution]:
    """List the installed packages that the program stands on, with theirs, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [DISTRIBUTION, *_SHIPPED]
    while waiting:
        name = waiting.pop()
        plain = re.sub(r"[-_.]+", "-", name).lower()
        if plain in found:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[plain] = package
        # Extras are what somebody may add, not what comes along.
        waiting += [
            match[0]
            for line in package.requires or ()
            if "extra ==" not in line and (match := re.match(r"[\w.-]+", line))
        ]
    found.pop(DISTRIBUTION, None)
    return sorted(found.values(), key=lambda each: each.metadata["Name"].casefold())


def _licence_of(package: metadata.Distribution) -> str:
    """Give what a package's files say of its licence, after what its description says."""
    told = [f"{package.metadata['Name']} {package.version}"]
    stated = next((text for name in _FIELDS for text in package.metadata.get_all(name) or () if text), "")
    if not stated:
        classifiers = package.metadata.get_all("Classifier") or []
        stated = "; ".join(each.split(" :: ")[-1] for each in classifiers if each.startswith("License ::"))
    told.append(stated or "No licence is stated in its description.")
    told += [file.read_text(encoding="utf-8") for file in package.files or () if _is_licence(file.name)]
    return "\n\n".join(told)


def _is_licence(name: str) -> bool:
    return name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE"))
