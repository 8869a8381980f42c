"""What the scripts that build share: where things lie, the version, the time of the commit, one kind of error.

Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"
BUILD = ROOT / "build"
FROZEN = BUILD / "frozen"
FOLDER = FROZEN / "annotator"
PROGRAM = FOLDER / ("annotator.exe" if sys.platform == "win32" else "annotator")
INSIDE = FOLDER / "_internal"
#: What PyInstaller put into the folder and from where: pairs of name and source, written by the recipe.
CONTENTS = BUILD / "freezing" / "contents.json"
DIST = ROOT / "dist"


class BuildError(Exception):
    """What went wrong and what to do; shown without a traceback."""


def version() -> str:
    """Return the version of the program, as `annotator/__init__.py` says it."""
    text = (ROOT / "annotator" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise BuildError("annotator/__init__.py names no version.")
    return found[1]


def commit_time() -> int:
    """Return the time that all files of a build carry, in seconds since 1970: that of the commit.

    SOURCE_DATE_EPOCH says otherwise; without git, it is the time of the file that holds the version.
    """
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if said.isdigit():
        return int(said)
    try:
        command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        asked = None
    if asked is not None and asked.stdout.strip().isdigit():
        return int(asked.stdout)
    return int((ROOT / "annotator" / "__init__.py").stat().st_mtime)


def build_environment() -> dict[str, str]:
    """Return the environment in which tools give the same bytes for the same commit."""
    return {**os.environ, "SOURCE_DATE_EPOCH": str(commit_time()), "PYTHONHASHSEED": "1", "TZ": "UTC"}


def bare_environment(home: Path) -> dict[str, str]:
    """Return an environment that knows nothing of this checkout, of a display, or of the person's settings.

    What runs leaves behind by itself goes into the folder `run` in it, which is made.
    """
    running = home / "run"
    running.mkdir(mode=0o700, exist_ok=True)
    kept = ("LANG", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "WINDIR")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PATH": os.defpath,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "APPDATA": str(home),
        "LOCALAPPDATA": str(home),
        "XDG_RUNTIME_DIR": str(running),
        "QT_QPA_PLATFORM": "offscreen",
    }


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder, links to files among them, in the order of their names."""
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink())


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def run(command: list[str], *, trouble: str, cwd: Path | None = None) -> str:
    """Run a tool and return what it prints.

    Raises:
        BuildError: it is missing or failed; with the end of what it said.
    """
    try:
        done = subprocess.run(
            command, cwd=cwd, env=build_environment(), capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise BuildError(f"{trouble} {command[0]} cannot be started: {error.strerror}.") from error
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise BuildError(f"{trouble}\n{said}")
    return done.stdout
