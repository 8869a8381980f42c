"""Build the frozen program into build/frozen/annotator, let it test itself, and say how large it became.

    python packaging/freeze.py

PyInstaller does the work by annotator.spec; here is what comes before and after it: stripping, a look for
missing libraries and dangling links, the hashes of the pipeline, the notices of all that is shipped, and the
self-test and the commands in an environment that knows nothing of this checkout. Standard library only.
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
import notices
import pipeline_hashes
import try_commands
from building import (
    BUILD,
    FOLDER,
    FROZEN,
    INSIDE,
    PACKAGING,
    PROGRAM,
    ROOT,
    BuildError,
    bare_environment,
    build_environment,
    commit_time,
    files_in,
)

LOG = BUILD / "freezing.log"
#: How long the self-test may take, in seconds; it loads a pipeline in a worker process.
PATIENCE = 180


def main() -> int:
    """Build, test and measure; return the exit code."""
    try:
        freeze()
        for line in try_commands.tried([str(PROGRAM)]):
            say(line)
    except BuildError as error:
        say(str(error))
        return 1
    measure()
    return 0


def freeze() -> None:
    """Build the folder and let it test itself.

    Raises:
        BuildError: something failed, is missing, or has no notice.
    """
    started = time.monotonic()
    build()
    strip_debug_information()
    look_for_holes()
    pipeline_hashes.check(INSIDE)
    say(notices.write(INSIDE))
    set_times()
    say(f"Built {FOLDER.relative_to(ROOT)} in {time.monotonic() - started:.0f} s.")
    test_itself()


def say(text: str) -> None:
    """Print one line to the person who waits."""
    print(f"frozen: {text}", flush=True)


def build() -> None:
    """Run PyInstaller on the recipe; what it says goes into a log."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    BUILD.mkdir(exist_ok=True)
    say("Building, which takes about two minutes ...")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", str(FROZEN), "--workpath", str(BUILD / "freezing")]
    with LOG.open("w", encoding="utf-8") as log:
        run = subprocess.run(
            [*command, str(PACKAGING / "annotator.spec")],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=build_environment(),
            check=False,
        )
    if run.returncode != 0 or not PROGRAM.is_file():
        for line in LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]:
            print(f"    {line}")
        raise BuildError(f"PyInstaller failed; all that it said stands in {LOG.relative_to(ROOT)}.")


def strip_debug_information() -> None:
    """Take the debug information out of the libraries that ship it, and of Python itself."""
    strip = shutil.which("strip")
    if not sys.platform.startswith("linux") or strip is None:
        return
    files = [path for name in frozen_parts.STRIPPED for path in sorted((INSIDE / name).rglob("*.so"))]
    files += [path for path in INSIDE.glob("libpython3*") if not path.is_symlink()]
    if files:
        subprocess.run([strip, "--strip-unneeded", *map(str, files)], check=True)


def look_for_holes() -> None:
    """Remove links whose target was dropped; refuse a folder where a library lacks another."""
    for path in FOLDER.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()
    if not sys.platform.startswith("linux"):
        return
    environment = {**os.environ, "LD_LIBRARY_PATH": str(INSIDE)}
    files = [str(path) for path in sorted(INSIDE.rglob("*.so*"))]
    # A line that ends in a colon names the file that the next ones are about.
    listing = subprocess.run(["ldd", *files], env=environment, capture_output=True, text=True, check=False)
    holes: dict[str, set[str]] = {}
    user = ""
    for line in listing.stdout.splitlines():
        if line.endswith(":") and not line.startswith("\t"):
            user = Path(line[:-1]).relative_to(INSIDE).as_posix()
        elif "not found" in line:
            holes.setdefault(line.strip().partition(" ")[0], set()).add(user)
    if holes:
        lines = "; ".join(f"{name} (needed by {', '.join(sorted(users))})" for name, users in holes.items())
        raise BuildError(f"Libraries are missing: {lines}.")


def set_times() -> None:
    """Give every file the time of the commit, and the rights of files that anybody may read."""
    when = commit_time()
    for path in files_in(FOLDER):
        if not path.is_symlink():
            path.chmod(0o755 if path == PROGRAM or ".so" in path.name else 0o644)
            os.utime(path, (when, when))


def test_itself() -> None:
    """Run the program's self-test offscreen, away from this checkout and from any network, and print its one line.

    Raises:
        BuildError: it failed.
    """
    with tempfile.TemporaryDirectory(prefix="annotator-frozen-") as folder:
        home = Path(folder)
        try:
            run = subprocess.run(
                [*without_network(), str(PROGRAM), "--self-test"],
                cwd=home,
                env=bare_environment(home),
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise BuildError(f"The self-test did not end within {PATIENCE} s.") from late
        left = [path.name for path in home.iterdir() if path.name != "run"]
    print(run.stdout.strip())
    if run.returncode != 0:
        print(run.stderr.strip(), file=sys.stderr)
        raise BuildError(f"The self-test failed with exit code {run.returncode}.")
    try:
        json.loads(run.stdout)
    except ValueError as error:
        raise BuildError(f"The self-test did not print one line of JSON: {error}") from error
    if left:
        raise BuildError(f"The self-test left {', '.join(left)} in the person's folder.")
    say("The self-test passed" + (", without a network interface." if without_network() else "."))


def without_network() -> list[str]:
    """Return the words that start a command where there is no network interface; none where the system has no such."""
    apart = ["unshare", "--user", "--map-root-user", "--net"]
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        return []
    works = subprocess.run([*apart, "true"], capture_output=True, check=False).returncode == 0
    return apart if works else []


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
