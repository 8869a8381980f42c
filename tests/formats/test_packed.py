"""Archives are read as folders, within bounds, and nothing in them leads out of their place."""

from __future__ import annotations

import gzip
import io
import random
import stat
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotator.formats import sources_in
from annotator.formats.packed import Unpacking, is_packed
from annotator.formats.text_files import head_of
from annotator.model.errors import FormatError


def a_zip(path: Path, files: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def a_tar(path: Path, files: dict[str, str | bytes], *more: tarfile.TarInfo) -> Path:
    packed = "gz" if path.suffix in (".gz", ".tgz") else ""
    with tarfile.open(path, f"w:{packed}") as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            entry, raw = tarfile.TarInfo(name), content.encode() if isinstance(content, str) else content
            entry.size = len(raw)
            archive.addfile(entry, io.BytesIO(raw))
        for entry in more:
            archive.addfile(entry)
    return path


def names_in(path: Path) -> tuple[dict[str, str], list[str]]:
    """Give the files of an archive with what they hold, and what was said of those left out."""
    told: list[str] = []
    with Unpacking() as unpacking:
        found = sources_in(path, lambda _path, error: told.append(error.what), unpacking=unpacking)
        texts = {}
        for each in found:
            root = unpacking.root_of(each)
            assert root is not None
            texts[each.relative_to(root).as_posix()] = each.read_text(encoding="utf-8")
    assert not any(each.exists() for each in found)
    return texts, told


def test_a_zip_is_read_as_a_folder(tmp_path: Path) -> None:
    path = a_zip(
        tmp_path / "news.zip",
        {
            "b.txt": "Two.",
            "in/a.txt": "One.",
            "__MACOSX/b.txt": "x",
            ".hid.txt": "x",
            "p.png": b"\x89PNG\r\n",
        },
    )
    texts, told = names_in(path)
    assert texts == {"news.zip/b.txt": "Two.", "news.zip/in/a.txt": "One."}
    assert len(told) == 1
    assert "a picture" in told[0]


@pytest.mark.parametrize("name", ["news.tar", "news.tar.gz", "news.tgz", "news.dat"])
def test_a_tar_is_read_as_a_folder_whatever_its_name(tmp_path: Path, name: str) -> None:
    link, pipe = tarfile.TarInfo("link.txt"), tarfile.TarInfo("pipe.txt")
    link.type, link.linkname, pipe.type = tarfile.SYMTYPE, "/etc/passwd", tarfile.FIFOTYPE
    files: dict[str, str | bytes] = {
        "b.txt": "Two.",
        "in/emoji 😀.txt": "One.",
        ".hid.txt": "x",
        "../astray.txt": "Out.",
        "/astray.txt": "Out.",
    }
    texts, told = names_in(a_tar(tmp_path / name, files, link, pipe))
    assert texts == {f"{name}/b.txt": "Two.", f"{name}/in/emoji 😀.txt": "One."}
    assert ["leads out" in each for each in told] == [True, True, False, False]
    assert "is a link" in told[2]
    assert "is no file" in told[3]
    assert not list(tmp_path.parent.glob("**/astray.txt"))


def test_a_gzip_file_goes_by_its_name_without_the_ending(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "Ada."}\n') + gzip.compress(b'{"text": "Bob."}\n'))
    assert names_in(path)[0] == {"tasks.jsonl.gz/tasks.jsonl": '{"text": "Ada."}\n{"text": "Bob."}\n'}


def test_archives_in_a_folder_are_read_too_but_none_within_archives(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    inner = a_zip(tmp_path / "inner.zip", {"c.txt": "Three."})
    a_zip(folder / "outer.zip", {"a.txt": "One.", "inner.zip": inner.read_bytes()})
    told: list[str] = []
    with Unpacking() as unpacking:
        found = sources_in(folder, lambda _path, error: told.append(error.what), unpacking=unpacking)
        assert [each.name for each in found] == ["a.txt"]
    assert "ZIP archive" in told[0]


@pytest.mark.parametrize(
    "name", ["../astray.txt", "/astray.txt", "a\\..\\..\\astray.txt", "C:/astray.txt", "in/../../astray.txt"]
)
def test_names_that_lead_out_are_left_out(tmp_path: Path, name: str) -> None:
    texts, told = names_in(a_zip(tmp_path / "bad.zip", {name: "Out.", "good.txt": "In."}))
    assert texts == {"bad.zip/good.txt": "In."}
    assert len(told) == 1
    assert "leads out of its folder" in told[0]
    assert not list(tmp_path.parent.glob("**/astray.txt"))


def test_links_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("link.txt")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
        archive.writestr("a.txt", "One.")
    texts, told = names_in(path)
    assert list(texts) == ["link.zip/a.txt"]
    assert "is a link" in told[0]


@pytest.mark.parametrize("kind", ["zip", "gz", "tar.gz", "hidden.tar.gz", "sparse.tar.gz"])
def test_what_unpacks_to_too_much_is_refused(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.formats.unpacking.ALWAYS", 1_000_000)
    bomb, path = b"x" * 30_000_000, tmp_path / f"bomb.{kind}"
    if kind == "zip":
        a_zip(path, {"x.txt": bomb})
    elif kind == "sparse.tar.gz":  # says that it holds much, and holds nothing
        huge = tarfile.TarInfo("x.txt")
        huge.pax_headers = {
            "GNU.sparse.map": "0,0",
            "GNU.sparse.size": "30000000",
            "GNU.sparse.realsize": "30000000",
            "GNU.sparse.numblocks": "1",
        }
        a_tar(path, {}, huge)
    elif kind.endswith("tar.gz"):
        a_tar(path, {".x.txt" if kind.startswith("hidden") else "x.txt": bomb})
    else:
        path.write_bytes(gzip.compress(bomb))
    with pytest.raises(FormatError, match="unpacks to more"):
        names_in(path)
    assert not list(Path(tempfile.gettempdir()).glob("annotator-*/*/bomb*"))


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    noise = random.Random(3).randbytes(4_000).hex()
    whole = a_zip(tmp_path / "a.zip", {"a.txt": noise}).read_bytes()
    packed = gzip.compress(noise.encode())
    tarred = a_tar(tmp_path / "a.tar.gz", {"a.txt": noise}).read_bytes()
    plain = a_tar(tmp_path / "a.tar", {"a.txt": noise}).read_bytes()
    for name, content in {
        "cut.zip": whole[: len(whole) // 2],
        "wrong.zip": whole[:60] + b"\xff\xff\xff\xff" + whole[64:],
        "cut.txt.gz": packed[: len(packed) // 2],
        "cut.tar.gz": tarred[: len(tarred) // 2],
        "wrong.tar": plain[:100] + b"\xff" * 100 + plain[200:],
        "wrong.txt.gz": packed[:60] + b"\xff\xff\xff\xff" + packed[64:],
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(FormatError, match="is a damaged archive"):
            names_in(path)


def test_a_locked_file_is_left_out(tmp_path: Path) -> None:
    content = bytearray(a_zip(tmp_path / "a.zip", {"a.txt": "One."}).read_bytes())
    content[6] |= 1  # what says so stands in both heads of the file
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "locked.zip"
    path.write_bytes(content)
    with pytest.raises(FormatError, match="holds nothing that can be read"):
        names_in(path)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "One.")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", "Two.")
    with pytest.raises(FormatError, match=r"holds two files named a\.txt"):
        names_in(path)


def test_an_office_document_is_no_archive_to_unpack(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "a.docx", {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
    assert not is_packed(path, head_of(path))


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_zip(tmp_path / "a.zip", {"a.txt": "One."})

    class Full(io.BytesIO):
        def write(self, _content: object) -> int:
            raise OSError(28, "No space left on device")

    plain = Path.open

    def opened(self: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        return Full() if "x" in mode else plain(self, mode, *more, **named)

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(FormatError, match="cannot be unpacked: No space left on device"):
        names_in(path)


def test_messages_name_the_archive(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "news.zip", {"in/a.txt": "One."})
    with Unpacking() as unpacking:
        (found,) = sources_in(path, unpacking=unpacking)
        assert unpacking.told(f"{found} is odd.") == f"{path / 'in' / 'a.txt'} is odd."
        assert unpacking.told("Nothing here.") == "Nothing here."
