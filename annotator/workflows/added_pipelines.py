"""spaCy pipelines that a person adds to the program: from a wheel, another archive or a folder, without a network.

What is taken is the folder of the pipeline's data, which holds `meta.json` and `config.cfg`. Code that comes beside it
in a wheel is left behind: a pipeline that needs code of its own cannot be used like this, and says so when loaded.
Added pipelines lie in the person's data folder and stand beside the installed ones, known by their folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from annotator.model.errors import FormatError, UserError
from annotator.model.limits import UNPACKED_SIZE
from annotator.suggest.pipelines import Pipeline, described_folder
from annotator.workflows.recent import settings_folder
from annotator.workflows.reporting import Report, silent

_FILES = 10_000
"""Most files of a pipeline."""
_META, _CONFIG = "meta.json", "config.cfg"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}")
_CODE = frozenset({".py", ".pyc", ".pyd", ".pyx", ".so", ".dll", ".dylib", ".exe", ".sh", ".bat"})
_NEW = ".new-"
"""Begins the name of a folder that is being filled; one that is met later is what a crash left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A pipeline that was added, and how many files of code beside its data were left behind."""

    pipeline: Pipeline
    left_behind: int = 0


Check = Callable[[Pipeline], None]


def _no_check(_pipeline: Pipeline) -> None:
    pass


def pipelines_folder() -> Path:
    """Give the folder in which added pipelines lie: that of the person's own data."""
    if os.environ.get("ANNOTATOR_SETTINGS"):
        return settings_folder() / "pipelines"
    from platformdirs import user_data_path

    return user_data_path("annotator", appauthor=False) / "pipelines"


def added_pipelines() -> list[Pipeline]:
    """List the added pipelines by name, without loading one."""
    folder = pipelines_folder()
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return []
    found = [described_folder(each) for each in inside if not each.name.startswith(".")]
    return [each for each in found if each is not None and each.labels]


def archives() -> tuple[str, ...]:
    """Give how the names of files end that hold a pipeline."""
    from annotator.formats.packed import SUFFIXES  # all formats come with it, and no window waits for them

    return (".whl", *SUFFIXES)


def is_added(name: str) -> bool:
    """Tell whether a pipeline, named by its folder, was added here; compares words alone and asks no disk."""
    if not name or name.isidentifier():
        return False
    return os.path.normcase(os.path.dirname(os.path.abspath(name))) == os.path.normcase(  # noqa: PTH100, PTH120
        os.path.abspath(pipelines_folder())  # noqa: PTH100 - resolve() would touch a folder that a stranger names
    )


def add_pipeline(source: Path, report: Report = silent, *, check: Check = _no_check) -> Added:
    """Take a pipeline from a file or folder into the person's data folder; one of the same name is replaced.

    `check` is given what was found before it is put in its place, and raises where it is not to be kept.

    Raises:
        UserError: there is no pipeline in it, it is made for another spaCy, or it cannot be kept.
        Cancelled: the person stopped; nothing was changed.
    """
    if source.is_dir():
        return _take(source, source, report, check)
    if not source.is_file():
        raise UserError(f"There is no file or folder {source}.")
    from annotator.formats.packed import Unpacking

    if not source.name.lower().endswith(archives()):
        raise UserError(
            f"{source.name} is no wheel, and no other archive that can hold a pipeline.",
            "Name a .whl, .zip or .tar.gz, or the folder in which meta.json lies.",
        )
    with Unpacking() as unpacking:
        report(0, 0, f"Unpacking {source.name}")
        return _take(unpacking.unpack(source, _refuse), source, report, check)


def remove_pipeline(name: str) -> Pipeline:
    """Remove an added pipeline, named by its folder or the folder's name, and give what it was.

    Raises:
        UserError: there is none of that name, or it cannot be removed.
    """
    found = next((each for each in added_pipelines() if name in (each.name, each.title)), None)
    if found is None:
        raise UserError(
            f"No pipeline {name} was added.",
            "`annotator pipelines list` names those that were; others are installed.",
        )
    _discard(Path(found.name))
    return found


def _refuse(_path: Path, error: FormatError) -> None:
    raise error


def _take(place: Path, source: Path, report: Report, check: Check) -> Added:
    folder = _data_folder(place, source)
    meta = _meta(folder, source)
    _check_version(meta, source)
    name = f"{meta['lang']}_{meta['name']}"
    if not _NAME.fullmatch(name):
        raise UserError(
            f"{source.name} calls its pipeline {name[:80]!r}, which cannot be the name of a folder."
        )
    files = _files(folder, source)
    code = [each for each in files if each.suffix.lower() in _CODE]
    taken = [each for each in files if each.suffix.lower() not in _CODE]
    home = pipelines_folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
        growing = Path(tempfile.mkdtemp(prefix=_NEW, dir=home))
    except OSError as error:
        raise _not_kept(home, error) from error
    try:
        for number, each in enumerate(taken):
            report(number, len(taken), f"Adding {name}")
            target = growing / each.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(each, target)
        described = described_folder(growing)
        if described is None or not described.labels:
            raise UserError(f"The pipeline {name} finds no entities.", "Choose another one.")
        check(described)
        _put(growing, home / name)
    except OSError as error:
        raise _not_kept(home, error) from error
    finally:
        shutil.rmtree(growing, ignore_errors=True)
    report(len(taken), len(taken), f"Adding {name}")
    kept = described_folder(home / name)
    assert kept is not None, "it was read a moment ago"
    beside = (
        sum(1 for each in place.rglob("*") if each.suffix.lower() in _CODE) if place != folder else len(code)
    )
    return Added(pipeline=kept, left_behind=beside)


def _data_folder(place: Path, source: Path) -> Path:
    """Find the folder that holds a pipeline's data: the highest one in which meta.json and config.cfg lie."""
    found = sorted(
        (each.parent for each in place.rglob(_CONFIG) if (each.parent / _META).is_file()),
        key=lambda each: (len(each.parts), each),
    )
    if not found:
        raise UserError(
            f"{source.name} holds no spaCy pipeline: no folder in it has both {_META} and {_CONFIG}.",
            "A pipeline of spaCy 3 has both; take the wheel that its makers offer.",
        )
    if len(found) > 1 and len(found[0].parts) == len(found[1].parts):
        raise UserError(f"{source.name} holds several pipelines.", "Name the folder of one of them.")
    return found[0]


def _meta(folder: Path, source: Path) -> Mapping[str, Any]:
    try:
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"The {_META} of {source.name} cannot be read: {error}.") from error
    if not isinstance(meta, dict) or not all(isinstance(meta.get(key), str) for key in ("lang", "name")):
        raise UserError(f"The {_META} of {source.name} does not say what the pipeline is called.")
    return meta


def _check_version(meta: Mapping[str, Any], source: Path) -> None:
    """Refuse a pipeline that was made for another version of spaCy; loads no spaCy."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    wanted, here = str(meta.get("spacy_version", "")), metadata.version("spacy")
    try:
        fits = SpecifierSet(wanted).contains(here, prereleases=True)
    except InvalidSpecifier:
        raise UserError(
            f"The {_META} of {source.name} names {wanted[:80]!r} as version of spaCy, which says nothing."
        ) from None
    if not fits:
        raise UserError(
            f"{source.name} is made for spaCy {wanted}; here is {here}.",
            "Take the version made for this one.",
        )


def _files(folder: Path, source: Path) -> list[Path]:
    """List the files of a pipeline, within bounds; links are refused, since they lead anywhere."""
    found, size = [], 0
    for each in _walk(folder):
        if each.is_symlink():
            raise UserError(f"{source.name} holds a link, {each.name}; a pipeline has none.")
        found.append(each)
        size += each.stat().st_size
        if len(found) > _FILES or size > UNPACKED_SIZE:
            raise UserError(
                f"{source.name} is larger than a pipeline may be: {_FILES:,} files, {UNPACKED_SIZE // 10**9} GB."
            )
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for each in sorted(folder.rglob("*")):
        if each.is_symlink() or each.is_file():
            yield each


def _put(growing: Path, target: Path) -> None:
    """Put a folder where one of the same name may lie, which goes only when the new one is there."""
    old = Path(tempfile.mkdtemp(prefix=_NEW, dir=target.parent)) / target.name
    try:
        if target.exists():
            target.rename(old)
        growing.rename(target)
    except OSError:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)


def _discard(folder: Path) -> None:
    try:
        away = Path(tempfile.mkdtemp(prefix=_NEW, dir=folder.parent)) / folder.name
        folder.rename(away)
    except OSError as error:
        raise UserError(
            f"{folder.name} cannot be removed: {error.strerror}.", "Close what uses it, then try again."
        ) from error
    shutil.rmtree(away.parent, ignore_errors=True)


def _not_kept(home: Path, error: OSError) -> UserError:
    return UserError(
        f"The pipeline cannot be kept in {home}: {error.strerror or error}.",
        "Make room, or look at the folder's rights.",
    )
