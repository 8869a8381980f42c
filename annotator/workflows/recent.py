"""The list of projects that were opened lately, kept in the person's own settings folder."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from annotator.workflows.session import Session

LIMIT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A project that was opened lately."""

    path: Path
    name: str
    opened_at: float
    documents: int
    done: int
    annotator: str

    @property
    def missing(self) -> bool:
        """Tell whether the file is not where it was."""
        return not self.path.is_file()


def settings_folder() -> Path:
    """Give the folder in which the program keeps a person's settings; `ANNOTATOR_SETTINGS` names another one."""
    named = os.environ.get("ANNOTATOR_SETTINGS")
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("annotator", appauthor=False)


def keep_as_json(content: Any, path: Path) -> None:
    """Write a small file of settings, which is there whole or as it was; its folder is made where it is missing.

    Raises:
        OSError: no room, or no right to write there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    try:
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def recent_projects() -> list[Recent]:
    """List them, newest first; a list that cannot be read is empty."""
    found = []
    for item in _read():
        with contextlib.suppress(KeyError, TypeError, ValueError):
            found.append(
                Recent(
                    path=Path(item["path"]),
                    name=str(item["name"]),
                    opened_at=float(item["opened_at"]),
                    documents=int(item["documents"]),
                    done=int(item["done"]),
                    annotator=str(item["annotator"]),
                )
            )
    return found


def remember(session: Session) -> None:
    """Put a project at the top of the list, with its counts of now."""
    counts = session.counts()
    mine = Recent(
        path=session.path.absolute(),
        name=session.name,
        opened_at=time.time(),
        documents=counts.all,
        done=counts.done,
        annotator=session.annotator,
    )
    _write([mine, *(each for each in recent_projects() if each.path != mine.path)])


def forget(path: Path) -> None:
    """Take a project off the list; the file itself stays."""
    _write([each for each in recent_projects() if each.path != path])


def _file() -> Path:
    return settings_folder() / "recent.json"


def _read() -> list[dict[str, Any]]:
    try:
        content = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [item for item in content if isinstance(item, dict)] if isinstance(content, list) else []


def _write(projects: list[Recent]) -> None:
    """Keep the list; a settings folder that cannot be written only means that nothing is remembered."""
    content = [{**asdict(each), "path": str(each.path)} for each in projects[:LIMIT]]
    with contextlib.suppress(OSError):
        keep_as_json(content, _file())
