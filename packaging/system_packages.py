"""Debian's and Ubuntu's packages that Qt, the tests and the picture of the window need.

Qt comes with pip, but opens these libraries when it starts; a PySide6 without them says only that no
platform plugin could be initialised. Names of newer releases come first where a library was renamed.
Standard library only.
"""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

#: Each line is one package, under the names that it has in different releases.
QT: tuple[tuple[str, ...], ...] = (
    ("libglib2.0-0t64", "libglib2.0-0"),
    ("libdbus-1-3",),
    ("libfontconfig1",),
    ("libfreetype6",),
    ("libegl1",),
    ("libgl1",),
    ("libx11-6",),
    ("libx11-xcb1",),
    ("libxcb1",),
    ("libxcb-cursor0",),
    ("libxcb-glx0",),
    ("libxcb-icccm4",),
    ("libxcb-image0",),
    ("libxcb-keysyms1",),
    ("libxcb-randr0",),
    ("libxcb-render0",),
    ("libxcb-render-util0",),
    ("libxcb-shape0",),
    ("libxcb-shm0",),
    ("libxcb-sync1",),
    ("libxcb-util1",),
    ("libxcb-xfixes0",),
    ("libxcb-xkb1",),
    ("libxkbcommon0",),
    ("libxkbcommon-x11-0",),
    ("libwayland-client0",),
    ("libwayland-cursor0",),
    ("libwayland-egl1",),
)
FONTS: tuple[tuple[str, ...], ...] = (
    ("fontconfig",),
    ("fonts-noto-core",),
    ("fonts-noto-cjk",),
    ("fonts-noto-color-emoji",),
)
#: A screen and a window manager for the tests, what PyInstaller asks about libraries, and a compiler for the small
#: library that watches and refuses writes in the tests of faults.
TOOLS: tuple[tuple[str, ...], ...] = (("xvfb",), ("openbox",), ("binutils",), ("gcc",), ("libc6-dev",))

#: Elsewhere, a look at a few of them tells whether Qt can open a window: what for, and the library.
SIGNS_OF_QT = (("OpenGL", "EGL"), ("the keyboard", "xkbcommon"), ("the cursor", "xcb-cursor"))


def provide(say: Callable[[str], None], *, log: Path) -> None:
    """Install what is missing where that can be done, else say plainly what is missing and go on."""
    if not sys.platform.startswith("linux"):
        return
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        _look_elsewhere(say)
        return
    wanted = [*QT, *FONTS, *TOOLS]
    if importlib.util.find_spec("ensurepip") is None and sys.executable.startswith("/usr/bin/"):
        wanted.append((f"python3.{sys.version_info.minor}-venv",))
    missing = _missing(wanted)
    if not missing:
        return
    names = " ".join(alternatives[-1] for alternatives in missing)
    tried = log.with_name("set-up.tried")
    if os.geteuid() != 0:
        say("Some system packages are missing; the window or the tests may not work without them. Install:")
        say(f"    sudo apt-get install {names}")
    elif tried.is_file() and tried.read_text(encoding="utf-8") == names:
        say(f"Still not installed: {names}. To try again, delete {tried}.")
    else:
        _install(missing, say, log=log)
        left = " ".join(alternatives[-1] for alternatives in _missing(missing))
        if left:
            tried.write_text(left, encoding="utf-8")


def _missing(wanted: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the packages of which no alternative is installed."""
    names = [name for alternatives in wanted for name in alternatives]
    query = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {
        package
        for line in query.stdout.splitlines()
        for package, _, status in [line.partition(" ")]
        if status == "installed"
    }
    return [alternatives for alternatives in wanted if not installed.intersection(alternatives)]


def _install(missing: Sequence[tuple[str, ...]], say: Callable[[str], None], *, log: Path) -> None:
    log.parent.mkdir(exist_ok=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    say(f"Installing {len(missing)} system packages (Qt's libraries, fonts, a screen for the tests) ...")
    with log.open("a", encoding="utf-8") as output:

        def apt(*arguments: str) -> bool:
            patience = ("-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::http::Timeout=30")
            command = ["apt-get", "--quiet", "--yes", *patience, *arguments]
            run = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, check=False
            )
            return run.returncode == 0

        if not apt("update"):
            say("The list of system packages could not be renewed; going on with the one at hand.")
        names = [name for alternatives in missing for name in _known(alternatives)[:1]]
        install = ("install", "--no-install-recommends")
        if apt(*install, *names):
            return
        # One that this release does not have must not keep the others away.
        failed = [name for name in names if not apt(*install, name)]
    if failed:
        say(f"Not installed: {' '.join(failed)}. The window or the tests may not work without them.")
        say(f"What apt-get said stands in {log.name} in {log.parent}.")


def _known(alternatives: tuple[str, ...]) -> list[str]:
    """Return the names that this release has, or the last one to let apt-get say what it thinks of it."""
    known = [
        name
        for name in alternatives
        if subprocess.run(["apt-cache", "show", name], capture_output=True, check=False).returncode == 0
    ]
    return known or [alternatives[-1]]


def _look_elsewhere(say: Callable[[str], None]) -> None:
    lost = [
        f"{what} (lib{library})" for what, library in SIGNS_OF_QT if ctypes.util.find_library(library) is None
    ]
    if lost:
        say("Libraries that the window needs were not found: " + ", ".join(lost) + ".")
        say("Install them with your system's package manager; without them only offscreen work is possible.")
    if shutil.which("Xvfb") is None:
        say("Xvfb is not installed: the tests will run without a screen.")
    fonts = (
        subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout
        if shutil.which("fc-list")
        else ""
    )
    for font in ("Noto Sans", "Noto Sans CJK", "Noto Color Emoji"):
        if font not in fonts:
            say(f"The font {font} was not found: some scripts may show as boxes.")
