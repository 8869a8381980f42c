"""Makes the installer for Windows from the frozen program, with NSIS.

    python packaging/windows_installer.py --try       compile the script over a small payload, on any system

Standard library only.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from building import BUILD, DIST, FOLDER, PACKAGING, BuildError, run, version

SCRIPT = PACKAGING / "windows" / "annotator.nsi"
#: Where NSIS installs itself, beside what the search path names.
_USUAL = (r"C:\Program Files (x86)\NSIS\makensis.exe", r"C:\Program Files\NSIS\makensis.exe")


def make(payload: Path = FOLDER, target: Path = DIST) -> Path:
    """Make the installer of a folder and return its path.

    Raises:
        BuildError: NSIS is missing, or it refuses the script.
    """
    program = shutil.which("makensis") or next((each for each in _USUAL if Path(each).is_file()), None)
    if program is None:
        raise BuildError("NSIS is missing, which makes the installer for Windows: install it.")
    file = target / f"annotator-{version()}-windows-setup.exe"
    names = {
        "VERSION": version(),
        "PAYLOAD": payload,
        "ICON": BUILD / "icons" / "annotator.ico",
        "TARGET": file,
    }
    # A warning is a fault: NSIS warns of what it leaves out.
    command = [program, "-V2", "-WX", *(f"-D{name}={value}" for name, value in names.items())]
    run([*command, str(SCRIPT)], trouble="NSIS could not make the installer.")
    return file


def compile_over_little() -> Path:
    """Compile the script over a payload of three files, to see that it is sound."""
    import icons

    icons.draw()
    target = BUILD / "windows"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        payload = Path(folder)
        (payload / "_internal").mkdir()
        for name in ("annotator.exe", "annotator-desktop.exe", "_internal/base_library.zip"):
            (payload / name).write_bytes(b"MZ")
        return make(payload, target)


if __name__ == "__main__":
    try:
        print(compile_over_little() if "--try" in sys.argv else make())
    except BuildError as trouble:
        sys.exit(str(trouble))
