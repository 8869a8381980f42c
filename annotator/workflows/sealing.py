"""Lets the files of one export take their places together, with a seal that says they belong together."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from annotator.formats.whole_files import beside, discard, put_in_place
from annotator.model.errors import FormatError


@contextlib.contextmanager
def all_or_none(targets: Sequence[Path], *, folder_of: tuple[str, ...] = ()) -> Iterator[dict[Path, Path]]:
    """Give a hidden file for each target; when the block ends all take their places, or none where it failed.

    With `folder_of`, all but the last are folders of files whose names end so.

    The last target is the seal: its older file goes before the others are replaced, and it comes last. Whatever ends
    the program in between, files beside which no seal stands may be of two exports, and files beside one are not.

    Raises:
        FormatError: a place that cannot be written. What is raised of a hidden file speaks of its target.
    """
    written = {target: beside(target, endings=folder_of or None) for target in targets[:-1]}
    written[targets[-1]] = beside(targets[-1])
    try:
        yield written
        _take_places(written, seal=Path(os.path.realpath(targets[-1])))
    except FormatError as error:
        what = error.what
        for target, path in written.items():
            what = what.replace(str(path), str(target)).replace(path.name, target.name)
        raise FormatError(what, error.todo) from error
    finally:
        for path in written.values():
            discard(path)


def make_folder(folder: Path) -> None:
    """Make the folder of what is about to be written, and those above it, where they are not there.

    Raises:
        FormatError: the system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(f"{folder} cannot be made: {error.strerror}.", "Choose another place.") from error


def _take_places(written: Mapping[Path, Path], *, seal: Path) -> None:
    older = beside(seal)
    placed = 0
    try:
        seal.replace(older)
    except FileNotFoundError:
        pass  # it is the first export here
    except OSError as error:
        raise FormatError(
            f"{seal} cannot be replaced: {error.strerror or error}.", "Close the program that holds it."
        ) from error
    try:
        for target, path in written.items():
            put_in_place(path, target)
            placed += 1
    except FormatError:
        if not placed:  # all is as it was, so the older seal is true
            with contextlib.suppress(OSError):
                older.replace(seal)
        raise
    finally:
        older.unlink(missing_ok=True)
