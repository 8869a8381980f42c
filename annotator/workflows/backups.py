"""Backups as a person has them: when one is due, where they go, which are kept, and the two ways back.

Settings are the person's, for all projects, and stand beside the window's. Making one is for a thread of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from annotator.model.errors import ProjectError
from annotator.store import backups as stored
from annotator.store.backups import Backup, remove_backups
from annotator.store.whole_copies import CopyError, copy_whole
from annotator.workflows.recent import keep_as_json, settings_folder
from annotator.workflows.reporting import Report, silent

__all__ = [
    "AT_CLOSING",
    "AT_OPENING",
    "AT_WORK",
    "Backup",
    "BackupSettings",
    "CopyError",
    "backup_root",
    "backup_settings",
    "backups_holding",
    "copy_backup",
    "is_due",
    "keep_backup_settings",
    "list_backups",
    "make_backup",
    "may_hold",
    "own_place",
    "put_back",
    "remove_backups",
    "why_not_open",
]

AT_OPENING, AT_WORK, AT_CLOSING = 12 * 3600.0, 4 * 3600.0, 3600.0
"""How old the newest backup must be for another to be made, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """What a person chose for backups.

    Args:
        on: whether they are made by themselves. folder: where they go; empty for the program's own place.
        days: of so many days on which there were backups, one is kept. megabytes: most that those of a project take.
    """

    on: bool = True
    folder: str = ""
    days: int = 14
    megabytes: int = 2_000


def backup_settings() -> BackupSettings:
    """Read them; what cannot be read is as if nothing was chosen."""
    chosen = BackupSettings()
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        found = json.loads(_file().read_text(encoding="utf-8"))
        known = {
            name: found[name]
            for name, value in asdict(chosen).items()
            if type(found.get(name)) is type(value)
        }
        chosen = replace(chosen, **known)
    return replace(chosen, days=max(1, chosen.days), megabytes=max(1, chosen.megabytes))


def keep_backup_settings(settings: BackupSettings) -> None:
    """Keep them.

    Raises:
        ProjectError: the folder of settings cannot be written.
    """
    try:
        keep_as_json(asdict(settings), _file())
    except OSError as error:
        raise ProjectError(
            f"The settings of backups cannot be kept: {error.strerror}.", f"Look at {_file().parent}."
        ) from error


def own_place() -> Path:
    """Give where backups go unless a person chose another place: the folder of the person's own data."""
    if os.environ.get("ANNOTATOR_SETTINGS"):
        return settings_folder() / "backups"
    from platformdirs import user_data_path

    return user_data_path("annotator", appauthor=False) / "backups"


def backup_root() -> Path:
    """Give the folder in which every project has a folder for its backups."""
    chosen = backup_settings().folder
    return Path(chosen).expanduser() if chosen else own_place()


def list_backups(path: Path) -> list[Backup]:
    """List the backups of a project, newest first, whether or not the project itself can be opened."""
    return stored.list_backups(backup_root(), path, identity=stored.identity_of(path))


def why_not_open(backup: Backup) -> str:
    """Say why a backup cannot be opened; empty if it can."""
    return stored.why_not_open(backup.path)


def backups_holding(path: Path, ids: Sequence[str]) -> list[Backup]:
    """List the backups of a project that hold one of these documents, or may, because they cannot be read."""
    return [backup for backup in list_backups(path) if may_hold(backup, ids)]


def may_hold(backup: Backup, ids: Sequence[str]) -> bool:
    """Tell whether a backup holds one of these documents, or cannot be read so that nobody knows."""
    try:
        return bool(stored.documents_in(backup.path, ids))
    except ProjectError:
        return True


def is_due(path: Path, *, age: float, now: float | None = None) -> bool:
    """Tell whether a project was changed since its newest backup, and that is older than so many seconds.

    An empty project needs none.

    Raises:
        ProjectError: the project cannot be read.
    """
    if not backup_settings().on:
        return False
    state = stored.state_of(path)
    if not any(state[1:]):
        return False
    newest = max(_here(path), key=lambda each: each.at, default=None)
    if newest is None:
        return True
    if (time.time() if now is None else now) - newest.at < age:
        return False
    try:
        return stored.state_of(newest.path) != state
    except ProjectError:
        return True


def make_backup(path: Path, report: Report = silent, *, asked: bool = False) -> Backup:
    """Make a backup of a project and let those go that need not be kept.

    Raises:
        CopyError: the place or the project does not allow it. Cancelled: `report` said so.
    """
    settings = backup_settings()
    folder = _folder(path)
    made = stored.make_backup(
        path,
        folder,
        reason="asked for" if asked else "",
        step=lambda done, total: report(done, total, "Making a backup"),
    )
    old = stored.superfluous(stored.backups_in(folder), days=settings.days, megabytes=settings.megabytes)
    remove_backups([each for each in old if each.path != made.path])
    return made


def copy_backup(backup: Backup, target: Path, report: Report = silent) -> None:
    """Make a project of its own of a backup.

    Raises:
        CopyError: something is there already, or the place does not allow it.
    """
    if target.exists():
        raise CopyError(f"{target} exists already.", "Choose another name.")
    copy_whole(
        backup.path, target, step=lambda done, total: report(done, total, f"Copying {backup.path.name}")
    )


def put_back(path: Path, backup: Backup, *, annotator: str, report: Report = silent) -> Path | None:
    """Let a backup be the project from now on; gives where the project as it was is kept, None if there was none.

    Raises:
        LockedError: somebody has it open for writing. CopyError: somebody reads it, or a disk refuses.
    """
    from annotator.store.restoring import put_back as put

    return put(
        path,
        backup.path,
        annotator=annotator,
        folder=_folder(path),
        step=lambda done, total: report(done, total, f"Putting back {backup.path.name}"),
    )


def _folder(path: Path) -> Path:
    return stored.folder_of(backup_root(), path, identity=stored.identity_of(path))


def _here(path: Path) -> list[Backup]:
    return stored.backups_in(_folder(path))


def _file() -> Path:
    return settings_folder() / "backups.json"
