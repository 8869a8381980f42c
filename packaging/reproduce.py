"""Freeze the same commit a second time, in another folder, and say in what the two programs differ.

    python packaging/reproduce.py       compares with build/frozen, which `make frozen` made

The packages made of a frozen folder are the same to the byte when the folders are; `make installer` on two machines
with the same system packages gives the same SHA256SUMS. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from building import BUILD, FOLDER, PROGRAM, ROOT, BuildError, commit_time, files_in, hash_of, run

AGAIN = BUILD / "again"


def main() -> int:
    """Build again, compare, and return the exit code: 0 where both are the same."""
    try:
        if not PROGRAM.is_file():
            raise BuildError("There is no frozen program yet: make frozen.")
        differ = compared(FOLDER, build_again())
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(AGAIN)], check=False)
    for name in differ:
        print(f"differs: {name}")
    print(f"{len(differ)} files differ." if differ else "Both builds are the same to the byte.")
    return 1 if differ else 0


def build_again() -> Path:
    """Freeze the last commit in a folder of its own, and return the frozen folder."""
    shutil.rmtree(AGAIN, ignore_errors=True)
    run(["git", "-C", str(ROOT), "worktree", "prune"], trouble="git failed.")
    run(["git", "-C", str(ROOT), "worktree", "add", "--detach", str(AGAIN), "HEAD"], trouble="git failed.")
    environment = {**os.environ, "PYTHONPATH": str(AGAIN), "SOURCE_DATE_EPOCH": str(commit_time())}
    command = [sys.executable, "-c", "import freeze; freeze.freeze()"]
    subprocess.run(command, cwd=AGAIN / "packaging", env=environment, check=True)
    return AGAIN / "build" / "frozen" / "annotator"


def compared(one: Path, other: Path) -> list[str]:
    """Return the names of files that are not the same in two folders."""
    first, second = _hashes(one), _hashes(other)
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): str(path.readlink()) if path.is_symlink() else hash_of(path)
        for path in files_in(folder)
    }


if __name__ == "__main__":
    sys.exit(main())
