"""Make everything that people install, as far as this system can build it, into the folder `dist`.

    python packaging/installer.py [--frozen]      --frozen takes build/frozen as it is

Everywhere: wheel and sdist. Linux: a .deb (on Debian and Ubuntu) and a .tar.gz. Windows: an installer, where NSIS is
there. macOS: a disk image. Beside them a bill of materials and SHA256SUMS. Standard library only.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from pathlib import Path

import freeze
import icons
import linux_packages
import macos_image
import sbom
import windows_installer
from building import BUILD, DIST, PROGRAM, ROOT, BuildError, commit_time, files_in, hash_of, run, version

#: Programs that only a build needs, in an environment of their own: what is frozen never sees them.
TOOLS = BUILD / "tools"


def main() -> int:
    """Make them and return the exit code."""
    parser = argparse.ArgumentParser(description="Make the installers of this system.")
    parser.add_argument("--frozen", action="store_true", help="take the frozen program that is there")
    asked = parser.parse_args()
    began = time.monotonic()
    try:
        made = make(frozen=asked.frozen)
    except BuildError as error:
        say(str(error))
        return 1
    for path in made:
        say(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")
    say(f"Version {version()}, time {commit_time()}; made in {time.monotonic() - began:.0f} s.")
    return 0


def say(text: str) -> None:
    """Print one line to the person who waits."""
    print(f"installer: {text}", flush=True)


def make(*, frozen: bool = False) -> list[Path]:
    """Make all that this system can build and return the files.

    Raises:
        BuildError: something failed or is missing.
    """
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    icons.draw()
    if not frozen:
        freeze.freeze()
    elif not PROGRAM.is_file():
        raise BuildError("There is no frozen program yet: make frozen.")
    tools = provide_tools()
    made = [*make_wheel(tools), sbom.make_sbom(tools)]
    if sys.platform == "win32":
        made.append(windows_installer.make())
    elif sys.platform == "darwin":
        made.append(macos_image.make())
    else:
        say("Packing, which takes some minutes ...")
        made.append(linux_packages.make_tar())
        if linux_packages.is_debian():
            made.append(linux_packages.make_deb())
    sums = DIST / "SHA256SUMS"
    sums.write_text("".join(f"{hash_of(path)}  {path.name}\n" for path in sorted(made)), encoding="utf-8")
    return sorted(files_in(DIST))


def provide_tools() -> Path:
    """Install what the extra `package` names into an environment of its own; return its folder of programs."""
    programs = TOOLS / ("Scripts" if sys.platform == "win32" else "bin")
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted: list[str] = told["project"]["optional-dependencies"]["package"]
    stamp = TOOLS / "stamp"
    key = f"{sys.version} {wanted}"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == key:
        return programs
    say("Installing the tools of the build ...")
    shutil.rmtree(TOOLS, ignore_errors=True)
    venv.create(TOOLS, with_pip=True, symlinks=sys.platform != "win32")
    pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, *wanted], trouble="The tools of the build could not be installed.")
    stamp.write_text(key, encoding="utf-8")
    return programs


def make_wheel(tools: Path) -> list[Path]:
    """Make wheel and sdist, and have twine look at them."""
    python = str(tools / "python")
    run([python, "-m", "hatchling", "build", "-d", str(DIST)], trouble="The wheel failed.", cwd=ROOT)
    made = sorted(DIST.glob("annotator_desktop-*"))
    checked = subprocess.run(
        [python, "-m", "twine", "check", "--strict", *map(str, made)],
        capture_output=True,
        text=True,
        check=False,
    )
    if checked.returncode != 0:
        raise BuildError(f"twine refuses the wheel or the sdist:\n{checked.stdout}{checked.stderr}")
    return made


if __name__ == "__main__":
    sys.exit(main())
