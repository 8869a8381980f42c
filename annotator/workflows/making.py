"""Lets a project grow under a hidden name and take its own only when it is whole, so that nobody finds half of one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from annotator.model.errors import NotSavedError, ProjectError
from annotator.store.project import check_free
from annotator.store.whole_copies import clear_parts, part_of, put_in_place, remove_part


@contextlib.contextmanager
def making(path: Path) -> Iterator[Path]:
    """Give the name under which a project can grow; when the block ends it is renamed, or removed if it failed.

    What an earlier making left that was killed goes too.

    Raises:
        ProjectError: something has the name already, or the place cannot be written.
    """
    check_free(path)
    clear_parts(path.parent, of=path.name)
    growing = part_of(path)
    try:
        yield growing
        check_free(path)
        put_in_place(growing, path)
    except OSError as error:
        raise ProjectError(
            f"{path} cannot be made: {error.strerror or error}.", "Choose another place."
        ) from error
    except NotSavedError as error:  # of the hidden file, which nobody knows
        why = error.why.replace(growing.name, path.name)
        raise ProjectError(
            f"{path} cannot be made. {why}", "Free some room there, or choose another place."
        ) from error
    except ProjectError as error:
        if growing.name not in error.what:
            raise
        raise ProjectError(error.what.replace(growing.name, path.name), error.todo) from error
    finally:
        with contextlib.suppress(OSError):
            remove_part(growing)
