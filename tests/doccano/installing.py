"""Installs doccano into an environment of its own, once, and makes a data base with some accounts in it.

Everything lies in `build/doccano`, or in the folder that ANNOTATOR_DOCCANO names.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parent
REQUIREMENTS, CONSTRAINTS = HERE / "requirements.txt", HERE / "constraints.txt"
PLACE = "ANNOTATOR_DOCCANO"
PATIENCE = 240.0
"""Seconds that the installation may take."""
ACCOUNTS = {"admin": "admin-ladder-51", "anna": "kestrel-7431", "ben": "walnut-2290", "cleo": "harbour-6604"}
"""Passwords by name; admin may do everything."""
_MAKE_ACCOUNTS = """
import sys, json, django
django.setup()
from django.contrib.auth.models import User
for name, password in json.loads(sys.argv[1]).items():
    make = User.objects.create_superuser if name == "admin" else User.objects.create_user
    make(name, f"{name}@example.org", password)
"""
_QUICK_SETTINGS = """
import kombu.transport.sqlalchemy

from config.settings.production import *

kombu.transport.sqlalchemy.Transport.polling_interval = 0.1
"""
"""doccano's own settings, but for the second that it lets go by between two looks for a task."""


class UnavailableError(Exception):
    """The server cannot be had here; says why, in a few words."""


def place() -> Path:
    """Give the folder in which the environment lies."""
    named = os.environ.get(PLACE, "")
    return Path(named).absolute() if named else HERE.parent.parent / "build" / "doccano"


def environment(home: Path, *, is_quick: bool = False) -> Mapping[str, str]:
    """Give the environment variables of a server whose data lie in a folder; a quick one looks for tasks more often."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "DOCCANO_HOME": str(home),
        "STANDALONE": "True",
        "DJANGO_SETTINGS_MODULE": "quick_settings" if is_quick else "config.settings.production",
        "PYTHONPATH": str(place()),
        "DATABASE_URL": f"sqlite:///{home}/db.sqlite3",
        # In a file of its own: the queue and the pages would wait for each other's locks.
        "CELERY_BROKER_URL": f"sqla+sqlite:///{home}/broker.sqlite3",
        "MEDIA_ROOT": str(home / "media"),
        "PYTHONWARNINGS": "ignore",
    }


def installed() -> Path:
    """Give the folder of the environment, which is made unless it is there.

    Raises:
        UnavailableError: it cannot be made; what was begun is made anew next time.
    """
    folder = place()
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + CONSTRAINTS.read_bytes()).hexdigest()
    with _alone(folder):
        stamp = folder / "installed"
        if not stamp.is_file() or stamp.read_text() != wanted or not (folder / "venv/bin/python").exists():
            stamp.unlink(missing_ok=True)
            shutil.rmtree(folder / "venv", ignore_errors=True)
            shutil.rmtree(folder / "blank", ignore_errors=True)
            _install(folder / "venv")
            stamp.write_text(wanted)
        (folder / "quick_settings.py").write_text(_QUICK_SETTINGS)
        if not (folder / "blank" / "whole").exists():
            _make_blank(folder)
    return folder


def backend(folder: Path) -> Path:
    """Give the folder of doccano's own code."""
    (found,) = folder.glob("venv/lib/python3*/site-packages/backend")
    return found


def _install(venv: Path) -> None:
    run = (str(venv / "bin/python"), "-m", "pip", "install", "--quiet", "--no-compile")
    limits = ("--disable-pip-version-check", "--retries", "1", "--timeout", "15")
    _do([_python(), "-m", "venv", str(venv)], "no environment can be made")
    _do([*run, *limits, "-r", str(REQUIREMENTS), "-c", str(CONSTRAINTS)], "it cannot be installed")


def _python() -> str:
    """Give an interpreter that is old enough."""
    if tuple(sys.version_info) < (3, 12):
        return sys.executable
    found = shutil.which("python3.11") or shutil.which("python3.10")
    if found is None:
        raise UnavailableError("it needs Python 3.11 or older, and there is none")
    return found


def _make_blank(folder: Path) -> None:
    """Make a data base with the accounts, to be copied for every server: making one takes longer than a start."""
    import json

    home = folder / "blank"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    env = dict(environment(home))
    _do([str(folder / "venv/bin/doccano"), "init"], "its data base cannot be made", env)
    env["PYTHONPATH"] = str(backend(folder))
    python = str(folder / "venv/bin/python")
    _do([python, "-c", _MAKE_ACCOUNTS, json.dumps(ACCOUNTS)], "its accounts cannot be made", env)
    (home / "whole").touch()


def _do(command: list[str], why: str, env: Mapping[str, str] | None = None) -> None:
    try:
        run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"{why}: it takes more than {PATIENCE:.0f} seconds") from None
    except OSError as error:
        raise UnavailableError(f"{why}: {error.strerror}") from None
    if run.returncode != 0:
        lines = [line for line in (run.stderr or run.stdout).splitlines() if line.strip()]
        said = next(
            (line for line in reversed(lines) if line.startswith("ERROR")), lines[-1] if lines else ""
        )
        raise UnavailableError(f"{why}: {said[:200]}")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process install at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
