"""A folder for the files of a sync."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BEGINNING = "annotator-doccano-"
_OLD = 86_400.0
"""Seconds after which nobody works in a folder any more: whoever made it was killed."""


@contextmanager
def room() -> Iterator[Path]:
    """Give a folder for files of a sync; it goes afterwards, and with it what killed ones left."""
    for left in Path(tempfile.gettempdir()).glob(f"{_BEGINNING}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _OLD:
                shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=_BEGINNING))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
