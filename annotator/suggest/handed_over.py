"""Takes what was learnt along to workers of another machine, as the bytes of its files.

The files are this person's own, and so are the workers: whoever can send them work can let them run anything. A worker
writes the bytes into a folder that nobody else can write to, once, and drops it when it ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotator.suggest.base import Settings

_FILES = ("learnt", "fine_tuned")
"""The settings that name a file of this machine."""


@dataclass(slots=True)
class _Unpacked:
    """What this process was handed last: where it lies, and the digest of its bytes."""

    digest: str = ""
    folder: tempfile.TemporaryDirectory[str] | None = field(default=None)


_unpacked = _Unpacked()


def packed(settings: Settings) -> dict[str, bytes]:
    """Read the files that settings name, by the name of the setting; those that are not there are left out."""
    found = {}
    for name in _FILES:
        path = getattr(settings, name)
        with contextlib.suppress(OSError):
            if path and (read := Path(path).read_bytes()):
                found[name] = read
    return found


def without_files(settings: Settings) -> Settings:
    """Give settings that name no file."""
    return replace(settings, learnt="", fine_tuned="")


def unpacked(given: Mapping[str, bytes], settings: Settings) -> Settings:
    """Write what was packed into a folder of this process, unless it lies there, and give settings that name it.

    Raises:
        OSError: it cannot be written.
    """
    if not given:
        return settings
    digest = hashlib.sha256(
        b"".join(hashlib.sha256(given.get(name, b"")).digest() for name in _FILES)
    ).hexdigest()
    if _unpacked.folder is None or _unpacked.digest != digest:
        folder = tempfile.TemporaryDirectory(prefix="annotator-")  # readable by this person alone
        for name, read in given.items():
            Path(folder.name, name).write_bytes(read)
        before, _unpacked.folder, _unpacked.digest = _unpacked.folder, folder, digest
        if before is not None:
            before.cleanup()
    there = Path(_unpacked.folder.name)
    learnt, fine_tuned = (str(there / name) if name in given else "" for name in _FILES)
    return replace(settings, learnt=learnt, fine_tuned=fine_tuned)
