"""Which file systems are trusted: told by the mounts of the system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from annotator.store.file_systems import file_system_of, is_local, mounted_as

TABLE = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / {here} rw,relatime - nfs4 server:/share rw
41 40 0:36 / {here}/my\040disk rw shared:9 master:2 - fuseblk /dev/sdb1 rw
42 22 0:37 / {here}ger rw - cifs //server/share rw
broken line
"""


@pytest.mark.skipif(sys.platform == "win32", reason="mounts are written with slashes")
def test_the_innermost_mount_counts(tmp_path: Path) -> None:
    table = TABLE.replace("{here}", str(tmp_path))
    assert mounted_as(tmp_path, table) == "nfs4"
    assert mounted_as(tmp_path / "a" / "b", table) == "nfs4"
    assert mounted_as(tmp_path / "my disk" / "a", table) == "fuseblk"
    assert mounted_as(tmp_path.parent, table) == "ext4"
    assert mounted_as(tmp_path, "") == ""


@pytest.mark.parametrize(
    ("name", "local"),
    [
        *(("ext4", True), ("btrfs", True), ("tmpfs", True), ("overlay", True), ("fuseblk", True), ("", True)),
        *(("nfs", False), ("nfs4", False), ("cifs", False), ("smb3", False), ("fuse.sshfs", False)),
        *(("fuse.rclone", False), ("9p", False), ("vboxsf", False)),
    ],
)
def test_what_lies_on_another_machine_is_not_trusted(name: str, *, local: bool) -> None:
    assert is_local(name) is local


def test_the_disk_of_the_tests_can_be_told(tmp_path: Path) -> None:
    found = file_system_of(tmp_path)
    assert found.trusted == (not found.name or is_local(found.name))
