"""Tells whether a place lies on a file system whose locks, and whose shared memory, can be trusted.

On a network file system another machine's locks may not be seen, and the memory that SQLite's write-ahead log is
shared through is each machine's own. There the side file itself decides who writes (`locking.py`), and the project
keeps a rollback journal (`project.py`).
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "ceph", "lustre", "gpfs"),
        *("glusterfs", "ocfs2", "gfs2", "beegfs", "orangefs", "ncpfs", "coda", "davfs", "webdav", "9p"),
        *("vboxsf", "vmhgfs", "prl_fs", "drvfs", "virtiofs", "acfs", "moosefs", "wekafs"),
    }
)
"""Names of file systems that lie on another machine, or on the other side of a virtual one."""
_LOCAL_FUSE = frozenset({"fuseblk", "fuse.ntfs-3g", "fuse.exfat", "fuse.bindfs", "fuse.fuse-overlayfs"})
_MAC_LOCAL = 0x1000  # MNT_LOCAL of <sys/mount.h>
_WINDOWS_REMOTE = 4  # DRIVE_REMOTE


@dataclass(frozen=True, slots=True)
class FileSystem:
    """The file system of a place: its name, empty where the system does not tell, and whether to trust its locks."""

    name: str
    trusted: bool


def file_system_of(folder: Path) -> FileSystem:
    """Look which file system a folder lies on; one that cannot be told is trusted like a local disk."""
    try:
        if sys.platform == "win32":
            return _on_windows(folder)
        if sys.platform == "darwin":
            return _on_mac(folder)
        name = mounted_as(folder, Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace"))
    except (OSError, AttributeError, ValueError):
        return FileSystem("", trusted=True)
    return FileSystem(name, trusted=is_local(name))


def care_words(file_system: FileSystem, name: str) -> str:
    """Say what follows for a project of a name where the locks of its disk cannot be trusted."""
    kind = f" ({file_system.name})" if file_system.name else ""
    return (
        f"{name} lies on a disk whose locks cannot be trusted{kind}, such as one on a network. "
        f"Saving is slower there, and {name}.lock alone tells who writes: leave it where it is."
    )


def is_local(name: str) -> bool:
    """Tell whether a file system of this name lies on this machine."""
    if name.startswith("fuse"):
        return name in _LOCAL_FUSE
    return name not in NETWORK


def mounted_as(folder: Path, table: str) -> str:
    r"""Give the type of the file system that holds a folder, by the lines of Linux's `mountinfo`; empty if unknown.

    A line reads `36 35 98:0 /root /place options - type source options`, blanks in paths written as `\040`
    (proc(5)). Of several mounts over one place the last counts.
    """
    place = os.path.realpath(folder)
    best, found = -1, ""
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        fields, kinds = left.split(), right.split()
        if len(fields) < 5 or not kinds:
            continue
        mount = fields[4].encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
        if (place == mount or place.startswith(mount.rstrip("/") + "/")) and len(mount) >= best:
            best, found = len(mount), kinds[0]
    return found


def _on_mac(folder: Path) -> FileSystem:
    """Ask `statfs`: its flags lie 64 bytes in, the name of the type 72 bytes in (<sys/mount.h>, 64-bit inodes)."""
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    ask = getattr(library, "statfs$INODE64", None) or library.statfs
    room = ctypes.create_string_buffer(4096)
    if ask(os.fsencode(folder), room) != 0:
        raise OSError(ctypes.get_errno(), "statfs")
    name = room.raw[72:88].partition(b"\0")[0].decode("ascii", "replace")
    flags = int.from_bytes(room.raw[64:68], sys.byteorder)
    return FileSystem(name, trusted=bool(flags & _MAC_LOCAL) and is_local(name))


def _on_windows(folder: Path) -> FileSystem:
    import ctypes

    drive = folder.resolve().drive
    if drive.startswith("\\\\"):
        return FileSystem("share", trusted=False)
    kind = ctypes.windll.kernel32.GetDriveTypeW(drive + "\\")  # type: ignore[attr-defined,unused-ignore]
    return FileSystem("drive", trusted=kind != _WINDOWS_REMOTE)
