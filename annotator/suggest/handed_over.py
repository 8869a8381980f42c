"""Takes what was learnt along to workers of another machine, as the bytes of its file.

The file is this person's own, and so are the workers: whoever can send them work can let them run anything. A worker
writes the bytes into a folder that nobody else can write to, once, and drops it when it ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class _Unpacked:
    """What this process was handed last: where it lies, and the digest of its bytes."""

    digest: str = ""
    folder: tempfile.TemporaryDirectory[str] | None = field(default=None)


_unpacked = _Unpacked()


def packed(path: str) -> bytes:
    """Read a file of learnt things; nothing where nothing was learnt."""
    with contextlib.suppress(OSError):
        return Path(path).read_bytes() if path else b""
    return b""


def unpacked(learnt: bytes) -> str:
    """Write what was packed into a folder of this process, unless it lies there, and give the path; empty for nothing.

    Raises:
        OSError: it cannot be written.
    """
    if not learnt:
        return ""
    digest = hashlib.sha256(learnt).hexdigest()
    if _unpacked.folder is None or _unpacked.digest != digest:
        folder = tempfile.TemporaryDirectory(prefix="annotator-")  # readable by this person alone
        Path(folder.name, "learnt").write_bytes(learnt)
        before, _unpacked.folder, _unpacked.digest = _unpacked.folder, folder, digest
        if before is not None:
            before.cleanup()
    return str(Path(_unpacked.folder.name, "learnt"))
