"""Build the frozen program into build/frozen/annotator, let it test itself, and say how large it became.

    python packaging/freeze.py

PyInstaller does the work by annotator.spec; here is what comes before and after it: stripping, a look for
missing libraries and dangling links, the self-test in an environment that knows nothing of this checkout.
Standard library only. Installers are not made here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import frozen_parts

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "build" / "frozen"
FOLDER = BUILT / "annotator"
PROGRAM = FOLDER / ("annotator.exe" if sys.platform == "win32" else "annotator")
WORK = ROOT / "build" / "freezing"
LOG = ROOT / "build" / "freezing.log"
#: How long the self-test may take, in seconds; it loads a pipeline in a worker process.
PATIENCE = 180


class FreezeError(Exception):
    """What went wrong; shown without a traceback."""


def main() -> int:
    """Build, test and measure; return the exit code."""
    started = time.monotonic()
    try:
        build()
        strip_debug_information()
        look_for_holes()
        say(f"Built {FOLDER.relative_to(ROOT)} in {time.monotonic() - started:.0f} s.")
        test_itself()
    except FreezeError as error:
        say(str(error))
        return 1
    measure()
    return 0


def say(text: str) -> None:
    """Print one line to the person who waits."""
    print(f"frozen: {text}", flush=True)


def build() -> None:
    """Run PyInstaller on the recipe; what it says goes into a log."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    LOG.parent.mkdir(exist_ok=True)
    say("Building, which takes about two minutes ...")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(BUILT), "--workpath", str(WORK)]
    with LOG.open("w", encoding="utf-8") as log:
        run = subprocess.run(
            [*command, str(ROOT / "packaging" / "annotator.spec")],
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if run.returncode != 0 or not PROGRAM.is_file():
        for line in LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]:
            print(f"    {line}")
        raise FreezeError(f"PyInstaller failed; all that it said stands in {LOG.relative_to(ROOT)}.")


def strip_debug_information() -> None:
    """Take the debug information out of the libraries that ship it, and of Python itself."""
    strip = shutil.which("strip")
    if not sys.platform.startswith("linux") or strip is None:
        return
    inside = FOLDER / "_internal"
    files = [path for name in frozen_parts.STRIPPED for path in sorted((inside / name).rglob("*.so"))]
    files += [path for path in inside.glob("libpython3*") if not path.is_symlink()]
    if files:
        subprocess.run([strip, "--strip-unneeded", *map(str, files)], check=True)


def look_for_holes() -> None:
    """Remove links whose target was dropped; refuse a folder where a library lacks another."""
    for path in FOLDER.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()
    if not sys.platform.startswith("linux"):
        return
    inside = FOLDER / "_internal"
    environment = {**os.environ, "LD_LIBRARY_PATH": str(inside)}
    holes: dict[str, set[str]] = {}
    for path in sorted(inside.rglob("*.so*")):
        listing = subprocess.run(
            ["ldd", str(path)], env=environment, capture_output=True, text=True, check=False
        )
        for line in listing.stdout.splitlines():
            if "not found" in line:
                name = line.strip().partition(" ")[0]
                holes.setdefault(name, set()).add(path.relative_to(inside).as_posix())
    if holes:
        lines = "; ".join(f"{name} (needed by {', '.join(sorted(users))})" for name, users in holes.items())
        raise FreezeError(f"Libraries are missing: {lines}.")


def test_itself() -> None:
    """Run the program's self-test offscreen, away from this checkout, and print its one line."""
    with tempfile.TemporaryDirectory(prefix="annotator-frozen-") as home:
        environment = {
            **{
                name: os.environ[name]
                for name in ("LANG", "SYSTEMROOT", "TMPDIR", "TEMP")
                if name in os.environ
            },
            "PATH": os.defpath,
            "HOME": home,
            "USERPROFILE": home,
            "XDG_RUNTIME_DIR": home,
            "QT_QPA_PLATFORM": "offscreen",
        }
        try:
            run = subprocess.run(
                [str(PROGRAM), "--self-test"],
                cwd=home,
                env=environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise FreezeError(f"The self-test did not end within {PATIENCE} s.") from late
    print(run.stdout.strip())
    if run.returncode != 0:
        print(run.stderr.strip(), file=sys.stderr)
        raise FreezeError(f"The self-test failed with exit code {run.returncode}.")
    try:
        json.loads(run.stdout)
    except ValueError as error:
        raise FreezeError(f"The self-test did not print one line of JSON: {error}") from error
    say("The self-test passed.")


def measure() -> None:
    """Print the size of the folder and its ten largest parts, in megabytes."""
    parts: Counter[str] = Counter()
    for path in FOLDER.rglob("*"):
        if path.is_file() and not path.is_symlink():
            inner = path.relative_to(FOLDER).parts
            parts["/".join(inner[:2])] += path.stat().st_size
    say(f"{FOLDER.relative_to(ROOT)}: {parts.total() / 1e6:.0f} MB, of which")
    for name, size in parts.most_common(10):
        print(f"    {size / 1e6:7.1f} MB  {name}")


if __name__ == "__main__":
    sys.exit(main())
