"""Exports a copy of a project: whole, or clean for strangers."""

from __future__ import annotations

from pathlib import Path

from annotator.model.errors import ProjectError
from annotator.store.project import SUFFIX
from annotator.store.whole_copies import CopyError, copy_whole
from annotator.workflows.reporting import Report, silent

__all__ = ["CopyError", "copy_project", "free_name"]


def copy_project(path: Path, target: Path, *, clean: bool, report: Report = silent) -> Path:
    """Copy a project, which may be open meanwhile, and give the file that was made.

    A clean copy has no journal, no rejections, no removed documents, no paths and no file names; annotators are called
    `annotator-1` and so on. Texts, labels, notes and candidates that nobody decided on stay.

    Raises:
        CopyError: something is there already, or a disk refuses. ProjectError: there is no such project.
        Cancelled: `report` said so; nothing is left.
    """
    if target.suffix != SUFFIX:
        target = target.with_name(target.name + SUFFIX)
    if not path.is_file():
        raise ProjectError(f"{path} is not there.", "Choose a project file; its name ends in .annot.")
    if target.exists():
        raise CopyError(f"{target} exists already.", "Choose another name.")
    if not target.parent.is_dir():
        raise CopyError(f"There is no folder {target.parent}.", "Make it first, or choose another place.")

    def step(done: int, total: int) -> None:
        report(done, total, f"Copying {path.name}")

    if clean:
        from annotator.store.copying import clean_copy

        clean_copy(path, target, step=step)
    else:
        copy_whole(path, target, step=step)
    return target


def free_name(path: Path, *, addition: str = "copy", folder: Path | None = None) -> Path:
    """Give a name beside a project that is not taken: `news copy.annot`, `news copy 2.annot`."""
    place = path.parent if folder is None else folder
    number = 1
    while True:
        stem = f"{path.stem} {addition}" + (f" {number}" if number > 1 else "")
        target = place / f"{stem}{SUFFIX}"
        if not target.exists():
            return target
        number += 1
