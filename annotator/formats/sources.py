"""Lists the files that an import reads: one file, all of a folder, what an archive holds."""

from __future__ import annotations

import os
from pathlib import Path

from annotator.formats.base import shown
from annotator.formats.packed import LeftOut, Unpacking, is_packed
from annotator.formats.registry import by_suffix, detect
from annotator.formats.text_files import head_of
from annotator.model.errors import FormatError


def sources_in(
    path: Path, left_out: LeftOut | None = None, *, unpacking: Unpacking | None = None
) -> list[Path]:
    """List the files to import: the file itself, or all readable files in a folder and its folders, sorted.

    Hidden files and folders (a leading dot) are left out. So is what no format fits, and every link that leads to a
    folder or out of this one; `left_out` is told of those with the reason. Archives are read as folders where there is
    a place to unpack them. A file that belongs to another, as the text beside its annotations, comes with that one.

    Raises:
        FormatError: there is nothing of this name, or it may not be read or unpacked.
    """
    if not path.is_dir():
        return _sources_of_file(path, left_out or _nobody, unpacking)
    return _without_owned(_sources_of_folder(path, left_out or _nobody, unpacking))


def _nobody(_path: Path, _error: FormatError) -> None:
    """Tell nobody."""


def _sources_of_file(path: Path, left_out: LeftOut, unpacking: Unpacking | None) -> list[Path]:
    head = head_of(path)
    if unpacking is None or not is_packed(path, head):
        return [path]
    # What an archive holds is not unpacked again: archives in archives are how one fills a disk.
    found = _without_owned(_sources_of_folder(unpacking.unpack(path, left_out), left_out, None))
    if not found:
        raise FormatError(f"{shown(path)} holds nothing that can be read.", "Look what is in it.")
    return found


def _sources_of_folder(folder: Path, left_out: LeftOut, unpacking: Unpacking | None) -> list[Path]:
    found: list[Path] = []
    for candidate in sorted(_files_in(folder), key=lambda each: each.relative_to(folder).parts):
        try:
            _check_link(candidate, folder)
            if unpacking is not None and is_packed(candidate, head_of(candidate)):
                found += _sources_of_file(candidate, left_out, unpacking)
                continue
            if by_suffix(candidate) is None:  # what is named like a format and is none, that format tells of
                detect(candidate)
            found.append(candidate)
        except FormatError as error:
            left_out(candidate, error)
    return found


def _without_owned(found: list[Path]) -> list[Path]:
    """Leave out the files that come with another one."""
    owned: set[Path] = set()
    for path in found:
        try:
            owned.update(detect(path).companions(path))
        except FormatError:
            continue
    return [path for path in found if path not in owned]


def _files_in(folder: Path) -> list[Path]:
    def refuse(error: OSError) -> None:
        where = shown(Path(error.filename or folder))
        raise FormatError(
            f"{where} may not be read: {error.strerror}.", "Ask for the right to read it."
        ) from error

    found: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        visible = [Path(parent, name) for name in files if not name.startswith(".")]
        found.extend(each for each in visible if each.is_file())
        found.extend(link for name in folders if (link := Path(parent, name)).is_symlink())
    return found


def _check_link(path: Path, folder: Path) -> None:
    """Refuse a link that leads to a folder or out of the folder that is imported: a stranger may have made it."""
    if not path.is_symlink():
        return
    if path.is_dir():
        raise FormatError(
            f"{shown(path.relative_to(folder))} is a link to another folder.", "Import that one."
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise FormatError(
            f"{shown(path.relative_to(folder))} is a link to a file outside this folder.", "Import that file."
        )
