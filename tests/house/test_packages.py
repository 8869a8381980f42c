"""What packages for systems hold: the same bytes every time, and words that agree with the program's own."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import tarfile
from pathlib import Path
from xml.etree import ElementTree as ET

import bundle
import elf
import icons
import linux_packages
import man_page
import pytest
from building import PACKAGING, version
from PySide6.QtWidgets import QApplication

from annotator.cli.every_command import COMMANDS
from annotator.store.migrate import APPLICATION_ID
from tests.house import source

LINUX = PACKAGING / "linux"
TYPE = "application/x-annotator-project"


def test_a_project_is_known_by_its_ending_and_by_its_first_bytes() -> None:
    spaces = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    root = ET.parse(LINUX / "annotator.xml").getroot()  # noqa: S314 - a file of our own
    kind = root.find("m:mime-type", spaces)
    assert kind is not None
    assert kind.get("type") == TYPE
    glob, inner = kind.find("m:glob", spaces), kind.find("m:magic/m:match/m:match", spaces)
    assert glob is not None
    assert glob.get("pattern") == "*.annot"
    assert inner is not None
    assert (inner.get("offset"), int(inner.get("value", "0"), 16)) == ("68", APPLICATION_ID)


def test_the_type_is_the_same_everywhere() -> None:
    assert f"MimeType={TYPE};" in (LINUX / "annotator.desktop").read_text(encoding="utf-8")
    assert f"<mediatype>{TYPE}</mediatype>" in (LINUX / "org.annotator.desktop.metainfo.xml").read_text(
        "utf-8"
    )


def test_the_manual_page_names_every_command_and_option() -> None:
    page = man_page.page().replace(r"\-", "-")
    for command in COMMANDS:
        if not command.hidden:
            assert f'.SS "{command.name}' in page
    assert "--imported-is-gold" in page
    assert re.findall(r"^\.(?!br$)[^A-Z]", page, re.MULTILINE) == []


def test_icons_hold_pictures_of_every_size(qapp: QApplication, tmp_path: Path) -> None:
    # Drawn on an application that may have windows: a lesser one would stay, and later tests of widgets abort.
    icons.draw(tmp_path)
    icon = (tmp_path / "annotator.ico").read_bytes()
    count = struct.unpack_from("<HHH", icon)[2]
    for number in range(count):
        size, start = struct.unpack_from("<II", icon, 6 + 16 * number + 8)
        assert icon[start : start + 4] == b"\x89PNG"
        assert start + size <= len(icon)
    apple = (tmp_path / "annotator.icns").read_bytes()
    assert struct.unpack(">I", apple[4:8])[0] == len(apple)
    assert (tmp_path / "512.png").stat().st_size > (tmp_path / "16.png").stat().st_size


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a small folder in the place of the frozen program."""
    folder = tmp_path / "frozen" / "annotator"
    (folder / "_internal").mkdir(parents=True)
    (folder / "annotator").write_bytes(b"a program")
    (folder / "annotator").chmod(0o755)
    (folder / "_internal" / "liba.so").write_bytes(b"a library")
    (folder / "_internal" / "libb.so").symlink_to("liba.so")
    monkeypatch.setattr(linux_packages, "FOLDER", folder)
    monkeypatch.setattr(linux_packages, "BUILD", tmp_path / "build")
    monkeypatch.setattr("depends.depends", lambda _folder: ["libc6 (>= 2.35)"])
    monkeypatch.setattr(bundle, "owners", lambda _inside, _table: {})
    monkeypatch.setattr("notices.write", lambda _inside: "")
    return folder


def test_an_archive_is_the_same_every_time_and_belongs_to_root(frozen: Path, tmp_path: Path) -> None:
    first = linux_packages.make_tar(tmp_path / "one")
    (frozen / "annotator").touch()
    second = linux_packages.make_tar(tmp_path / "two")
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        entries = archive.getmembers()
    names = [each.name.partition("/")[2] for each in entries]
    assert names == sorted(names)
    assert {"annotator", "_internal/libb.so", "README.txt", "LICENSE"} <= set(names)
    assert {(each.uid, each.uname, each.mtime) for each in entries} == {(0, "root", entries[0].mtime)}
    assert next(each for each in entries if each.name.endswith("/annotator")).mode == 0o755


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is Debian's")
def test_a_deb_is_the_same_every_time_and_starts_by_name(frozen: Path, tmp_path: Path) -> None:
    first = linux_packages.make_deb(tmp_path / "one", packing="none")
    second = linux_packages.make_deb(tmp_path / "two", packing="none")
    assert first.read_bytes() == second.read_bytes()
    listed = subprocess.run(["dpkg-deb", "-c", str(first)], capture_output=True, text=True, check=True).stdout
    assert "./usr/bin/annotator -> ../lib/annotator/annotator" in listed
    assert "root/root" in listed
    assert "./usr/share/mime/packages/annotator.xml" in listed
    told = subprocess.run(["dpkg-deb", "-f", str(first)], capture_output=True, text=True, check=True).stdout
    assert f"Version: {version()}\n" in told
    assert "fonts-noto-core" in told


@pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf is of binutils")
def test_what_a_library_is_linked_against_is_read_from_it(tmp_path: Path) -> None:
    import msgspec

    (library,) = Path(msgspec.__file__).parent.glob("_core*.so")
    shutil.copy(library, tmp_path)
    found = elf.linked(tmp_path)
    assert "libc.so.6" in found.needed
    assert found.newest["GLIBC"] >= (2, 2)


def test_the_version_fits_what_windows_wants() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", version())
    assert '"${VERSION}.0"' in (PACKAGING / "windows" / "annotator.nsi").read_text(encoding="utf-8")


def test_every_script_stands_in_the_list() -> None:
    listed = (PACKAGING / "README.md").read_text(encoding="utf-8")
    scripts = [each.name for each in PACKAGING.iterdir() if each.suffix in {".py", ".sh", ".spec", ".toml"}]
    assert [name for name in scripts if f"`{name}`" not in listed] == []
    assert (source.ROOT / ".github" / "workflows" / "release.yml").is_file()
