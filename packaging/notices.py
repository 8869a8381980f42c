"""Writes the notices of everything that the frozen program holds, for its About dialog and for the packages.

    python packaging/notices.py [FOLDER]       look at a frozen program, and list what it says

For each Python package, shared library, font and pipeline there is a text: version, licence, copyright, and the
licences' own words. They come from the packages themselves, from the system's records, and from notices.toml; where
none of them has one, the build fails. Standard library only.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import shutil
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import bundle
from building import INSIDE, PACKAGING, ROOT, BuildError, version
from bundle import Owner

TEXTS = PACKAGING / "licences"
_LICENCE = re.compile(r"(licen[cs]e|copying|notice|copyright|authors)", re.IGNORECASE)
_NOT_TEXT = re.compile(r"\.(py|pyc|so|json|html|toml|c|h)$")
#: Always in a frozen program, though its files are none of a package: what starts it, and what prepares its modules.
_STARTER = ("pyinstaller", "pyinstaller-hooks-contrib")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is said of one part: its name, version, licence in a few words, and the whole text."""

    name: str
    version: str
    licence: str
    text: str


def write(inside: Path) -> str:
    """Write the notices into a frozen program, and return a line that says how many there are.

    Raises:
        BuildError: a part has none, or a file is nobody's.
    """
    made = collected(inside)
    target = inside / "annotator" / "notices"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    index = []
    for number, each in enumerate(made):
        file = f"{number:03d}-{re.sub(r'[^A-Za-z0-9.+-]+', '-', each.name)}.txt"
        (target / file).write_text(each.text, encoding="utf-8", newline="\n")
        index.append({**{key: value for key, value in asdict(each).items() if key != "text"}, "file": file})
    listed = json.dumps(index, ensure_ascii=False, indent=1)
    (target / "index.json").write_text(listed + "\n", encoding="utf-8", newline="\n")
    return f"{len(made)} parts have their notices."


def collected(inside: Path) -> list[Notice]:
    """Collect the notices of all parts, ours and Qt's first, then by name.

    Raises:
        BuildError: a part has none, or a file is nobody's.
    """
    table = tomllib.loads((PACKAGING / "notices.toml").read_text(encoding="utf-8"))
    owned = bundle.owners(inside, table)
    found = [_ours(), _qt(table["qt"], owned), _python(table["python"])]
    found += [_text_alone("GNU LGPL", "3", "LGPL-3.0")]
    found += [_text_alone("GNU GPL", "3", "GPL-3.0")]
    packages = {owner.name for owner in owned if owner.kind == bundle.PACKAGE}
    rest = [_package(name, table["distribution"]) for name in {*packages, *_STARTER} if name != _OWN]
    rest += [_system(owner.name, owned[owner]) for owner in owned if owner.kind == bundle.SYSTEM]
    for kind in (bundle.LIBRARY, bundle.FONT):
        rest += [_from_table(each, kind) for each in table[kind] if Owner(kind, each["name"]) in owned]
    return [*found, *sorted(rest, key=lambda each: each.name.casefold())]


_OWN = "annotator-desktop"


def _ours() -> Notice:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    return Notice(name="annotator", version=version(), licence="MIT", text=f"annotator {version()}\n\n{text}")


def _qt(told: dict[str, Any], owned: dict[Owner, set[str]]) -> Notice:
    """Say under which terms Qt is used, how it is swapped, and what others' code it holds.

    Raises:
        BuildError: a module is shipped of which the table says nothing.
    """
    number = importlib.metadata.version("PySide6-Essentials")
    names = {name for owner, files in owned.items() if owner.kind == bundle.QT for name in files}
    library = re.compile(r"(?:^|/)(?:lib)?Qt6?([A-Z]\w*)\.(?:so|dll|framework|abi3|pyd)")
    modules = sorted({match[1] for name in names if (match := library.search(name))})
    strange = [each for each in modules if each not in told["modules"]]
    if strange or not modules:
        raise BuildError(f"packaging/notices.toml says nothing of these modules of Qt: {', '.join(strange)}.")
    python = ".".join(platform.python_version_tuple()[:2])
    parts = [
        told["about"].strip().format(version=number, python=python, modules=", ".join(modules)),
        "Code of others in these modules, with their licences:",
    ]
    parts += _of_others([each for each in told["third"] if each["module"] in modules])
    return Notice(
        name="Qt and PySide6", version=number, licence="LGPL-3.0-only", text="\n\n".join(parts) + "\n"
    )


def _of_others(told: list[dict[str, Any]]) -> list[str]:
    """Say whose code is compiled in, and then each licence once."""
    parts = []
    used: dict[str, None] = {}
    for each in told:
        place = f" (in Qt {each['module']})" if "module" in each else ""
        lines = "\n".join(f"    {line}" for line in each["copyright"])
        parts.append(f"{each['name']}{place}: {each['licence']}\n{lines}")
        used.update(dict.fromkeys(each["licence"].split(" AND ")))
    return parts + [_shelf(name) for name in used if name != "Public domain"]


def _shelf(name: str) -> str:
    file = TEXTS / f"{name}.txt"
    if not file.is_file():
        raise BuildError(f"packaging/licences has no text of {name}.")
    return f"{'-' * 72}\n{name}\n{'-' * 72}\n\n{file.read_text(encoding='utf-8').strip()}"


def _text_alone(name: str, number: str, file: str) -> Notice:
    text = (TEXTS / f"{file}.txt").read_text(encoding="utf-8")
    return Notice(name=name, version=number, licence="of Qt, PySide6 and some libraries", text=text)


def _python(told: list[dict[str, Any]]) -> Notice:
    number = platform.python_version()
    places = (Path(json.__file__).parents[1] / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt")
    text = next((place.read_text(encoding="utf-8") for place in places if place.is_file()), "")
    if not text:
        raise BuildError("This Python came without its LICENSE.txt; take one that has it.")
    parts = [
        f"Python {number}",
        text.strip(),
        "Code of others in Python's own libraries, with their licences:",
    ]
    text = "\n\n".join([*parts, *_of_others(told)]) + "\n"
    return Notice(name="Python", version=number, licence="PSF-2.0", text=text)


def _package(name: str, told: dict[str, Any]) -> Notice:
    """Collect what a Python package says of its licence.

    Raises:
        BuildError: nothing, and the table neither.
    """
    package = importlib.metadata.distribution(name)
    plain = re.sub(r"[-_.]+", "-", name).lower()
    entry = told.get(plain, {})
    stated = str(entry.get("licence") or _stated(package))
    texts = [
        Path(str(package.locate_file(file))).read_text(encoding="utf-8", errors="replace").strip()
        for file in package.files or ()
        if _LICENCE.search(file.name) and not _NOT_TEXT.search(file.name)
    ]
    if "texts" in entry:
        texts += ["\n".join(entry["copyright"]), *map(_shelf, entry["texts"])]
    if not texts:
        raise BuildError(
            f"The package {name} has no file with its licence. Read which it is ({stated or 'it does not say'}), "
            "and write it in packaging/notices.toml."
        )
    inner = _compiled_in(package)
    parts = [f"{name} {package.version}", stated, *dict.fromkeys(texts), *inner]
    text = "\n\n".join(part for part in parts if part) + "\n"
    return Notice(name=name, version=package.version, licence=stated or "see its text", text=text)


def _stated(package: importlib.metadata.Distribution) -> str:
    for field in ("License-Expression", "License"):
        for value in package.metadata.get_all(field) or ():
            text = str(value).strip()
            if text and "\n" not in text and len(text) < 80:
                return text
    classifiers = package.metadata.get_all("Classifier") or []
    return "; ".join(each.split(" :: ")[-1] for each in classifiers if each.startswith("License ::"))


def _compiled_in(package: importlib.metadata.Distribution) -> list[str]:
    """List what a package's own bill of materials says was compiled into its libraries."""
    lines: dict[str, None] = {}
    for file in package.files or ():
        if "sboms" in file.parts and file.name.endswith(".json"):
            told = json.loads(Path(str(package.locate_file(file))).read_text(encoding="utf-8"))
            for each in told.get("components", []):
                licences = [
                    entry.get("expression") or entry.get("license", {}).get("id") or ""
                    for entry in each.get("licenses", [])
                ]
                lines[
                    f"    {each['name']} {each.get('version', '')}: {', '.join(licences) or 'see its maker'}"
                ] = None
    return ["Compiled into it, as its own bill of materials says:\n" + "\n".join(lines)] if lines else []


def _system(name: str, files: set[str]) -> Notice:
    """Take the notice that the system keeps of one of its packages.

    Raises:
        BuildError: there is none.
    """
    file = Path("/usr/share/doc") / name / "copyright"
    if not file.is_file():
        raise BuildError(f"The system's package {name} has no copyright file; {', '.join(sorted(files))}.")
    number = bundle.debian_version(name)
    head = f"{name} {number}\n\nShared libraries of the system that built the program: {', '.join(sorted(files))}"
    text = file.read_text(encoding="utf-8", errors="replace")
    return Notice(name=name, version=number, licence="see its text", text=f"{head}\n\n{text}")


def _from_table(each: dict[str, Any], kind: str) -> Notice:
    if kind == bundle.FONT:
        text = (ROOT / each["text"]).read_text(encoding="utf-8")
        return Notice(name=f"{each['name']} (font)", version="", licence="OFL-1.1", text=text)
    texts = [each["name"], each["licence"], "\n".join(each["copyright"]), *map(_shelf, each["texts"])]
    return Notice(name=each["name"], version="", licence=each["licence"], text="\n\n".join(texts) + "\n")


if __name__ == "__main__":
    try:
        for part in collected(Path(sys.argv[1]) if len(sys.argv) > 1 else INSIDE):
            sys.stdout.write(f"{part.name} {part.version}: {part.licence} ({len(part.text):,} characters)\n")
    except BuildError as trouble:
        sys.exit(str(trouble))
