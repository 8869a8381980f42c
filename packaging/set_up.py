"""Set everything up that running, testing and freezing the program needs, and be quick the second time.

    python packaging/set_up.py            system packages (Debian, Ubuntu), virtual environment, dependencies

What was installed is remembered in `.venv/set-up.stamp`; as long as pyproject.toml and constraints.txt
stay as they were, nothing is done again. Standard library only. Which system packages there are stands
in `system_packages.py`.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "set-up.stamp"
LOG = ROOT / "build" / "set-up.log"
EXTRAS = "en,tables,cluster,dev"
OLDEST = (3, 11)


class SetUpError(Exception):
    """What went wrong and what to do about it; shown as it is, without a traceback."""


def main() -> int:
    """Set up, saying what is done; return the exit code."""
    try:
        if sys.version_info < OLDEST:
            raise SetUpError(
                f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, and this is {sys.version.split()[0]}."
                " Name another one: PYTHON=/path/to/python make run."
            )
        system_packages.provide(say, log=LOG)
        provide_environment()
    except SetUpError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped; the next run goes on from here.")
        return 130
    return 0


def say(text: str) -> None:
    """Print one line to the person who waits."""
    print(f"set-up: {text}", flush=True)


def provide_environment() -> None:
    """Make the virtual environment and install the project into it, unless the stamp says it is there."""
    wanted = key()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8").strip() == wanted and environment_works():
        return
    started = time.monotonic()
    STAMP.unlink(missing_ok=True)
    if not environment_works():
        make_environment()
    say(f"Installing the program and what it needs into {ENVIRONMENT.name} (some minutes the first time) ...")
    pip = [str(python()), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    pinned = ["--constraint", str(ROOT / "constraints.txt")]
    run_logged(
        [*pip, "install", *pinned, "--editable", f"{ROOT}[{EXTRAS}]"],
        trouble="The dependencies could not be installed. If the network was away, run this again.",
    )
    run_logged([*pip, "check"], trouble="The installed packages do not fit each other.")
    STAMP.write_text(wanted + "\n", encoding="utf-8")
    say(f"Done in {time.monotonic() - started:.0f} s.")


def key() -> str:
    """Return a hash of all that decides what is installed, and where."""
    version = re.search(
        r"^__version__ = .+$", (ROOT / "annotator" / "__init__.py").read_text(encoding="utf-8"), re.MULTILINE
    )
    parts = [
        (ROOT / "pyproject.toml").read_bytes(),
        (ROOT / "constraints.txt").read_bytes(),
        (version.group() if version else "").encode(),
        EXTRAS.encode(),
        str(ROOT).encode(),
    ]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def python() -> Path:
    """Return the interpreter of the virtual environment."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment_works() -> bool:
    """Tell whether the virtual environment has an interpreter that starts and is new enough."""
    if not python().is_file():
        return False
    check = f"import sys; sys.exit(sys.version_info < {OLDEST!r} or sys.prefix == sys.base_prefix)"
    try:
        return subprocess.run([str(python()), "-I", "-c", check], check=False).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    """Make an empty virtual environment; one that no longer starts is made anew."""
    importlib.invalidate_caches()  # ensurepip may have come with the system packages a moment ago
    if importlib.util.find_spec("ensurepip") is None:
        raise SetUpError(
            f"The Python at {sys.executable} cannot make virtual environments."
            " On Debian or Ubuntu: apt-get install python3-venv. Then run this again."
        )
    if ENVIRONMENT.exists():
        if not (ENVIRONMENT / "pyvenv.cfg").is_file() and any(ENVIRONMENT.iterdir()):
            raise SetUpError(f"{ENVIRONMENT} is no virtual environment. Move it away and run this again.")
        say(f"The environment in {ENVIRONMENT.name} no longer starts; making it anew.")
        shutil.rmtree(ENVIRONMENT)
    say(f"Making a virtual environment in {ENVIRONMENT.name} (Python {sys.version.split()[0]}).")
    try:
        venv.create(ENVIRONMENT, with_pip=True, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise SetUpError(f"The virtual environment could not be made: {error}") from error


def run_logged(command: list[str], *, trouble: str) -> None:
    """Run a command with its output in the log; on failure, show the log's end and say what to do."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        start = log.tell()
        try:
            code = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
        except OSError as error:
            raise SetUpError(f"{trouble} ({error})") from error
    if code != 0:
        lines = LOG.read_bytes()[start:].decode("utf-8", "replace").splitlines()
        for line in lines[-15:]:
            print(f"    {line}")
        raise SetUpError(f"{trouble} All that was said stands in {LOG.relative_to(ROOT)}.")


if __name__ == "__main__":
    sys.exit(main())
