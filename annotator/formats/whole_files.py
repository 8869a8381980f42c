"""Writes files and folders that appear only when they are whole: beside the target first, then in its place.

What a file holds is made sure of in one of two ways: its bytes are read back from the disk and compared with those that
were meant (`write_compared`), or a writer that has another library fill the file looks at it itself (`write_safely`).
"""

from __future__ import annotations

import contextlib
import errno
import glob
import io
import os
import shutil
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast
from zlib import crc32

from annotator.formats.base import shown
from annotator.formats.ledger import misread
from annotator.model.errors import FormatError

FORGOTTEN = 3600.0
"""Seconds after which what a killed program left half written is removed."""
_CHUNK = 1 << 20


class Sink(io.BufferedIOBase):
    """A file that is being written and remembers a checksum of its bytes, by which it is known again.

    What it has to find out is a disk that errs, not somebody who forges: a digest against that would take as long as
    making the bytes does.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("wb", buffering=_CHUNK)
        self._sum = 0

    def writable(self) -> bool:
        """Tell that one can write."""
        return True

    def write(self, content: Any) -> int:
        """Write bytes and give their number."""
        self._sum = crc32(content, self._sum)
        return self._file.write(content)

    def tell(self) -> int:
        """Give the number of bytes so far."""
        return self._file.tell()

    def flush(self) -> None:
        """Hand what is here to the system."""
        if not self._file.closed:
            self._file.flush()

    def close(self) -> None:
        """Write no more."""
        self._file.close()
        super().close()

    def compare(self, path: Path, target: str) -> None:
        """Read the file back; `target` names it in messages.

        Raises:
            FormatError: it holds other bytes than were written.
        """
        there = 0
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                there = crc32(chunk, there)
        if there != self._sum:
            raise misread(target, "the disk gave other bytes than were written")


def write_compared(target: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file as `write_safely` does, and compare its bytes with those that `write` wrote into what it is given.

    Raises:
        FormatError: no folder, no rights, no room, or the disk holds other bytes. The old file is as it was.
    """
    sinks: list[Sink] = []

    def into(temporary: Path) -> None:
        with Sink(temporary) as sink:
            sinks.append(sink)
            write(cast("BinaryIO", sink))

    def check(temporary: Path) -> None:
        sinks[0].compare(temporary, shown(target))

    write_safely(target, into, check)


def write_safely(target: Path, write: Callable[[Path], None], check: Callable[[Path], None]) -> None:
    """Write a file that appears only when it is whole: beside the target, checked, then put in its place.

    A program that is killed leaves a hidden file ending in `.part`; a later writing of the same target removes it.

    Args:
        target: the file to make or replace.
        write: writes into the path it is given. check: reads that path and raises if it is wrong.

    Raises:
        FormatError: no folder, no rights, no room, or whatever `check` found. The old file is as it was.
    """
    _write_beside(beside(target), target, write, check)


def write_folder_compared(
    target: Path, write: Callable[[Callable[[str], Sink]], object], *, endings: tuple[str, ...]
) -> None:
    """Write a folder as `write_folder_safely` does, and compare its files as `write_compared` does.

    Args:
        write: is given what opens a file of the folder by its name, to be used in `with`.
    """
    sinks: dict[str, Sink] = {}

    def into(temporary: Path) -> None:
        def opened(name: str) -> Sink:
            sinks[name] = Sink(temporary / name)
            return sinks[name]

        write(opened)

    def check(temporary: Path) -> None:
        for name, sink in sinks.items():
            sink.compare(temporary / name, shown(target / name))

    write_folder_safely(target, into, check, endings=endings)


def write_folder_safely(
    target: Path, write: Callable[[Path], None], check: Callable[[Path], None], *, endings: tuple[str, ...]
) -> None:
    """Write a folder that appears only when it is whole, as `write_safely` does for a file.

    Args:
        endings: how the names of all files in an older folder end that may be replaced; one that holds anything else
            is somebody's own and stays.

    Raises:
        FormatError: as for a file; or the older folder holds other files.
    """
    temporary = beside(target, endings=endings)
    _write_beside(temporary, target, write, check, endings=endings)


def _write_beside(
    temporary: Path,
    target: Path,
    write: Callable[[Path], None],
    check: Callable[[Path], None],
    *,
    endings: tuple[str, ...] | None = None,
) -> None:
    try:
        try:
            if endings is None:
                temporary.touch(exist_ok=False)
            else:
                temporary.mkdir()
            write(temporary)
            _flush(temporary)
        except OSError as error:
            raise _told(error, shown(target)) from error
        check(temporary)
        put_in_place(temporary, target)
    finally:
        discard(temporary)


def folder_of(target: Path) -> Path:
    """Give the folder in which a target really lies; what waits to be written there waits there too."""
    return Path(os.path.realpath(target)).parent


def discard(path: Path) -> None:
    """Remove a hidden file or folder that is not needed any more, as far as the system lets one."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    with contextlib.suppress(OSError):  # gone, or the folder with it
        path.unlink(missing_ok=True)


def beside(target: Path, *, endings: tuple[str, ...] | None = None) -> Path:
    """Give a hidden name beside a target, for what will take its place with `put_in_place`; nothing has it yet.

    Args:
        endings: None for a file; for a folder, how the names of the files in an older one end.

    Raises:
        FormatError: the target is something else, may not be written, or is a folder with other files.
    """
    final = Path(os.path.realpath(target))
    try:
        if endings is None:
            _look_before(final, shown(target))
        else:
            _look_before_folder(final, shown(target), endings)
    except OSError as error:  # a folder above it may not be entered
        raise _told(error, shown(target)) from error
    _remove_forgotten(final)
    return final.with_name(f".{final.name[:60]}.{uuid.uuid4().hex[:12]}.part")


def put_in_place(written: Path, target: Path) -> None:
    """Let what is whole, and was written beside its target, take its place; the rights of an older one stay.

    Raises:
        FormatError: the system refuses.
    """
    final = Path(os.path.realpath(target))
    try:
        if final.exists():
            shutil.copymode(final, written)
        if written.is_dir() and final.exists():
            _exchange(written, final)
        else:
            written.replace(final)
        _flush_folder(final.parent)
    except OSError as error:
        raise _told(error, shown(target)) from error


def _exchange(written: Path, final: Path) -> None:
    """Put a folder in the place of another, which no system does in one step; the older one comes back on a refusal."""
    older = written.with_name(f"{written.name.removesuffix('.part')}.older")
    final.replace(older)
    try:
        written.replace(final)
    except OSError:
        older.replace(final)
        raise
    shutil.rmtree(older, ignore_errors=True)


def _remove_forgotten(final: Path) -> None:
    """Remove what a killed program left of this file, once it is so old that nobody can be at it any more."""
    name, sign = glob.escape(final.name[:60]), "[0-9a-f]" * 12
    # Of an export of several files each grows beside a hidden one, which is put in place with all others.
    hidden = f"..{glob.escape(final.name[:40])}*.{sign}.part"
    for left in [*final.parent.glob(f".{name}.{sign}.part"), *final.parent.glob(hidden)]:
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > FORGOTTEN:
                discard(left)


def _look_before_folder(final: Path, name: str, endings: tuple[str, ...]) -> None:
    if not final.parent.is_dir():
        raise FormatError(
            f"{name} cannot be written: its folder does not exist.", "Make the folder or choose another."
        )
    if not final.exists():
        return
    if not final.is_dir():
        raise FormatError(f"{name} is a file; this format writes a folder.", "Choose another name.")
    for inside in final.iterdir():
        if inside.is_dir() or not inside.name.endswith(endings):
            raise FormatError(
                f"{name} is a folder that holds other things, such as {shown(Path(inside.name))}.",
                "Choose a new or an empty folder.",
            )


def _look_before(final: Path, name: str) -> None:
    if final.is_dir():
        raise FormatError(f"{name} is a folder.", "Give the name of a file in it.")
    if not final.parent.is_dir():
        raise FormatError(
            f"{name} cannot be written: its folder does not exist.", "Make the folder or choose another."
        )
    if final.exists() and not final.is_file():
        raise FormatError(f"{name} is not an ordinary file.", "Choose another name.")
    if final.exists() and not os.access(final, os.W_OK):
        raise FormatError(
            f"{name} may not be changed: it is write-protected.", "Take that off or choose another name."
        )


def _told(error: OSError, name: str) -> FormatError:
    """Turn a refusal of the operating system into a message with something to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FormatError(
            f"{name} cannot be written: the disk is full.", "Free some room or choose another place."
        )
    if error.errno == errno.EROFS:
        return FormatError(f"{name} cannot be written: its disk is read only.", "Choose another place.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return FormatError(
            f"{name} cannot be written: you have no right to write there.",
            "Choose another folder, or close the program that holds the file.",
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FormatError(
            f"{name} cannot be written: its folder does not exist.", "Make it or choose another."
        )
    if error.errno == errno.ENAMETOOLONG:
        return FormatError(f"{name} cannot be written: the name is too long.", "Choose a shorter one.")
    return FormatError(
        f"{name} cannot be written: {error.strerror or error}.", "Choose another place and try again."
    )


def _flush(path: Path) -> None:
    """Wait until the disk holds the file, or all files of the folder."""
    if path.is_dir():
        for inside in path.iterdir():
            _flush(inside)
        _flush_folder(path)
        return
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Wait until the disk holds the new name, where the system lets one ask for it."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network folders cannot
            raise
    finally:
        os.close(handle)
