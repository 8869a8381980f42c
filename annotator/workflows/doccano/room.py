"""A folder for the files of a sync."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def room() -> Iterator[Path]:
    """Give a folder for files of a sync; it goes afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="annotator-doccano-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
