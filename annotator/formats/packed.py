"""Unpacks archives (ZIP, gzip, tar) into a place of their own for as long as an import runs, with bounds.

What a stranger packed may unpack to gigabytes, hold names that lead out of the folder, or links: each file is written
under a name of its own inside the place, and what does not fit is left out with a reason.
"""

from __future__ import annotations

import gzip
import os
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, BinaryIO

from annotator.formats.base import shown
from annotator.formats.text_files import opened
from annotator.formats.unpacking import CHUNK, most_unpacked
from annotator.model.errors import FormatError
from annotator.model.wording import counted

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".gz")
"""How the names of archives end that can be unpacked; whether one is, its content tells (`is_packed`)."""
ENTRIES = 100_000
"""Most files of one archive."""
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    gzip.BadGzipFile,
    NotImplementedError,
    tarfile.TarError,
)
LeftOut = Callable[[Path, FormatError], None]
"""Is told of a file that is left out, and why."""
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_TAR, _TAR_AT = b"ustar", 257
_OFFICE = ("[Content_Types].xml", "mimetype")
"""Files by which an office document is told from other archives."""


def is_packed(path: Path, head: bytes) -> bool:
    """Tell whether a file is an archive that can be unpacked; office documents are none."""
    if head.startswith(_GZIP) or _is_tar(head):
        return True
    if not head.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return not set(_OFFICE) & set(archive.namelist()[:50])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        # What is wrong with it is said when it is unpacked; of an office document, that it is one.
        return path.suffix.lower() == ".zip"


def _is_tar(head: bytes) -> bool:
    return head.startswith(_TAR, _TAR_AT) and b"\0" in head[:_TAR_AT]


class Unpacking:
    """The place where archives lie unpacked; it is gone when the `with` ends."""

    def __init__(self) -> None:
        self._place: tempfile.TemporaryDirectory[str] | None = None
        self._archives: list[tuple[Path, Path]] = []

    def __enter__(self) -> Unpacking:  # noqa: PYI034 - nothing is derived from it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._place is not None:
            self._place.cleanup()

    def unpack(self, archive: Path, left_out: LeftOut) -> Path:
        """Unpack an archive and give the folder in which its files lie, under the archive's own name.

        Raises:
            FormatError: it is damaged, locked by a password, or holds more than is read; or there is no room.
        """
        folder = self._new_folder(archive)
        place = _Place(archive, folder, left_out)
        with opened(archive) as file:
            try:
                head = file.read(512)
                file.seek(0)
                if head.startswith(_GZIP):
                    _unpack_gzip(file, place)
                elif _is_tar(head):
                    _unpack_tar(file, _size(file), place)
                else:
                    _unpack_zip(place)
            except _DAMAGE as error:
                raise FormatError(
                    f"{shown(archive)} is a damaged archive: {error}.", "Get it again, or unpack it by hand."
                ) from error
        return folder

    def root_of(self, path: Path) -> Path | None:
        """Give the folder against which the name of an unpacked file is told; None for any other file."""
        found = self._archive_of(path)
        return None if found is None else found[0]

    def told(self, words: str) -> str:
        """Give a message in which unpacked files are called by their archive and their name in it."""
        for root, archive in self._archives:
            inside = f"{root / archive.name}{os.sep}"
            words = words.replace(inside, f"{archive}{os.sep}").replace(f"{root}{os.sep}", f"{archive}: ")
        return words

    def _archive_of(self, path: Path) -> tuple[Path, Path] | None:
        return next((each for each in self._archives if path.is_relative_to(each[0])), None)

    def _new_folder(self, archive: Path) -> Path:
        try:
            if self._place is None:
                self._place = tempfile.TemporaryDirectory(prefix="annotator-", ignore_cleanup_errors=True)
            root = Path(self._place.name, str(len(self._archives) + 1))
            folder = root / archive.name
            folder.mkdir(parents=True)
        except OSError as error:
            raise _no_room(archive, error) from error
        self._archives.append((root, archive))
        return folder


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _unpack_gzip(file: BinaryIO, place: _Place) -> None:
    with gzip.GzipFile(fileobj=file) as packed:
        is_tar = _is_tar(packed.read(512))
    file.seek(0)
    with gzip.GzipFile(fileobj=file) as packed:
        if is_tar:
            _unpack_tar(packed, _size(file), place)
            return
        archive = place.archive
        name = archive.name[: -len(archive.suffix)] if archive.suffix.lower() == ".gz" else archive.name
        _copy(packed, place.folder / (name or "file"), archive, most_unpacked(_size(file)))


class _Bounded:
    """Reads a stream up to a bound, so that what is passed over counts too."""

    def __init__(self, file: Any, archive: Path, limit: int) -> None:
        self._file = file
        self._archive = archive
        self._left = limit

    def read(self, size: int) -> bytes:
        """Give the next bytes.

        Raises:
            FormatError: there are more than may be.
        """
        found: bytes = self._file.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise _too_much(self._archive)
        return found


def _unpack_tar(file: IO[bytes] | gzip.GzipFile, size: int, place: _Place) -> None:
    left = most_unpacked(size)
    bounded: Any = _Bounded(file, place.archive, left)
    with tarfile.open(fileobj=bounded, mode="r|") as packed:
        for number, entry in enumerate(packed):
            if number >= ENTRIES:
                raise _too_many(place.archive, number + 1)
            if entry.isdir():
                continue
            why = "" if entry.isfile() else "is a link" if entry.issym() or entry.islnk() else "is no file"
            target = place.target(entry.name, why)
            inside = None if target is None else packed.extractfile(entry)
            if target is not None and inside is not None:
                left -= _copy(inside, target, place.archive, left)


def _unpack_zip(place: _Place) -> None:
    left = most_unpacked(place.archive.stat().st_size)
    with zipfile.ZipFile(place.archive) as packed:
        entries = packed.infolist()
        if len(entries) > ENTRIES:
            raise _too_many(place.archive, len(entries))
        for entry in entries:
            if entry.is_dir():
                continue
            why = "is a link" if stat.S_ISLNK(entry.external_attr >> 16) else ""
            if not why and entry.flag_bits & 1:
                why = "is locked by a password"
            target = place.target(entry.filename, why)
            if target is not None:
                with packed.open(entry) as file:
                    left -= _copy(file, target, place.archive, left)


@dataclass(frozen=True, slots=True)
class _Place:
    """The folder in which the files of an archive are laid."""

    archive: Path
    folder: Path
    left_out: LeftOut

    def target(self, written: str, why: str) -> Path | None:
        """Give where a file is unpacked to; None where it is hidden or left out, as `why` or its name says."""
        name = PurePosixPath(written)
        if name.is_absolute() or ".." in name.parts or "\\" in written or ":" in written:
            why = "has a name that leads out of its folder"
        if why:
            error = FormatError(f"{written} in {shown(self.archive)} {why}.")
            self.left_out(self.archive / name.name, error)
            return None
        if any(part.startswith(".") or part == "__MACOSX" for part in name.parts):
            return None
        target = self.folder.joinpath(*name.parts)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _no_room(self.archive, error) from error
        return target


def _too_many(archive: Path, count: int) -> FormatError:
    return FormatError(
        f"{shown(archive)} holds {counted(count, 'file')}; at most {ENTRIES:,} are read.",
        "Unpack it, and import its folders one by one.",
    )


def _too_much(archive: Path) -> FormatError:
    return FormatError(
        f"{shown(archive)} unpacks to more than a file of its size may; it was refused, since it is "
        "damaged or was made to fill the disk.",
        "Unpack it by hand if you know where it is from.",
    )


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, archive: Path, limit: int) -> int:
    """Write what is unpacked into a file and give its size."""
    total = 0
    try:
        with target.open("xb") as file:
            while chunk := packed.read(CHUNK):
                total += len(chunk)
                if total > limit:
                    raise _too_much(archive)
                file.write(chunk)
    except FileExistsError as error:
        raise FormatError(
            f"{shown(archive)} holds two files named {target.name}.", "Unpack it by hand."
        ) from error
    except gzip.BadGzipFile:  # an OSError, though not of the disk's
        raise
    except OSError as error:
        raise _no_room(archive, error) from error
    return total


def _no_room(archive: Path, error: OSError) -> FormatError:
    return FormatError(
        f"{shown(archive)} cannot be unpacked: {error.strerror or error}.",
        f"Free some room in {tempfile.gettempdir()}, or unpack it by hand.",
    )
