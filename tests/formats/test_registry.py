"""Which format a file has, and which files of a folder are read."""

from __future__ import annotations

import os
import sys
import zlib
from pathlib import Path

import pytest

from annotator.formats import FORMATS, by_suffix, detect, format_named, sources_in
from annotator.model.errors import FormatError
from tests.formats.samples import lines


def test_a_format_is_found_by_name() -> None:
    assert format_named("prodigy").title == "Prodigy JSONL"


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(FormatError, match="no format named 'word'") as caught:
        format_named("word")
    assert all(each.name in caught.value.todo for each in FORMATS)


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b'{"text": "Ada.", "spans": []}\n', "a.txt", "prodigy"),
        (b'{"text": "Ada."}\n', "a.jsonl", "prodigy"),
        (b'\xef\xbb\xbf\n\n{"text": "Ada.", "meta": {}}', "a.dat", "prodigy"),
        ('{"text": "Ada.", "answer": null}'.encode("utf-16"), "a.jsonl", "prodigy"),
        (b'{"annotator": 1, "text": "Ada."}\n', "a.jsonl", "native"),
        (b'{"annotator": {"id": 3}, "text": "Ada."}\n', "a.jsonl", "prodigy"),
        (b"broken from the start\n", "a.jsonl", "prodigy"),
        (b"", "a.jsonl", "prodigy"),
        (b'{"label": "DRUG", "pattern": "x"}', "patterns.jsonl", "prodigy"),
        (b"Some text.", "a.txt", "text"),
        (b"Some text.", "no suffix", "text"),
        (b"", "a.txt", "text"),
        (b"caf\xe9", "a.TXT", "text"),
        (b"junk", "a.spacy", "docbin"),
        (b"a,b\n1,2\n", "a.csv", "csv"),
        (b"id,text\n1,Ada left.\n2,Bob stayed.\n", "a.txt", "csv"),
        (b"id;content\n1;Ada left.\n2;Bob stayed.\n", "export", "csv"),
        ("text\tn\nAda\t1\nBob\t2\n".encode("utf-16"), "a.dat", "csv"),
        (b"Text, they say, is\nnot a table, is it\n", "a.txt", "text"),
        (b"EU\tB-ORG\nrejects\tO\n", "a.tsv", "conll"),
        (b"PAR1....", "a.bin", "parquet"),
        (b'{"id": "0", "tokens": ["Ada"], "ner_tags": ["B-PER"]}\n', "a.jsonl", "huggingface"),
        (b'{"id": 0, "tokens": ["Ada"], "ner_tags": [1], "text": "Ada"}\n', "a.json", "huggingface"),
        (b"<!DOCTYPE html><p>Ada", "page", "html"),
        (b"\n<html lang=en><body>Ada", "a.php", "html"),
        (b"<html><script>x</script>", "a.txt", "text"),
        (zlib.compress(b"\x81\xa7version\xa30.1"), "anything.bin", "docbin"),
    ],
)
def test_content_goes_before_suffix(tmp_path: Path, content: bytes, name: str, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert detect(path).name == expected


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.bin", "is empty"),
        (b"%PDF-1.7 ...", "a.pdf", "is a PDF"),
        (b"PK\x03\x04....", "a.docx", "ZIP archive or an office document"),
        (b"SQLite format 3\0....", "a.annot", "a database, perhaps a project"),
        (b"\x89PNG\r\n", "a.png", "a picture"),
        (b"a,b\n1,2\n", "a.dat", "text of a kind that is not known here"),
        (b"\x00\x01\x02\x03\xff\xfe", "a.dat", "not a text"),
        (b"\x00\x01\x02\x03", "no suffix", "not a text"),
    ],
)
def test_what_is_no_format_is_told_in_words(tmp_path: Path, content: bytes, name: str, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FormatError) as caught:
        detect(path)
    assert words in caught.value.what
    assert str(path) in caught.value.what
    assert caught.value.todo


def test_a_folder_has_no_format(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="is a folder"):
        detect(tmp_path)


def test_a_missing_file_has_no_format(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="does not exist"):
        detect(tmp_path / "a.txt")


def test_the_longest_suffix_wins() -> None:
    names = {"x.jsonl": "prodigy", "x.annot.jsonl": "native", "x.SPACY": "docbin", "x.txt": "text"}
    assert {name: found.name for name in names if (found := by_suffix(Path(name)))} == names
    assert by_suffix(Path("x.docx")) is None


def test_a_folder_gives_all_that_can_be_read_in_order(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a/z.txt",
        "a/no_suffix",
        "a/emoji😀.txt",
        "with blank.txt",
        "c/.hidden/x.txt",
        ".y.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("Some text.", encoding="utf-8")
    lines(tmp_path / "a" / "tasks.jsonl", {"text": "Ada."})
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "broken.spacy").write_bytes(b"junk")
    left_out: list[tuple[str, str]] = []
    found = sources_in(tmp_path, lambda path, error: left_out.append((path.name, error.what)))
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "a/emoji😀.txt",
        "a/no_suffix",
        "a/tasks.jsonl",
        "a/z.txt",
        "b.txt",
        "broken.spacy",
        "empty.txt",
        "with blank.txt",
    ]
    assert [name for name, _ in left_out] == ["picture.png"]
    assert "a picture" in left_out[0][1]


def test_a_file_is_its_own_source(tmp_path: Path) -> None:
    path = tmp_path / ".hidden.csv"
    path.write_text("x", encoding="utf-8")
    assert sources_in(path) == [path]
    with pytest.raises(FormatError, match="does not exist"):
        sources_in(tmp_path / "nowhere")


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
def test_what_is_no_ordinary_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "a.txt").write_text("Some text.", encoding="utf-8")
    assert [path.name for path in sources_in(tmp_path)] == ["a.txt"]


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str | Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(FormatError, match="may not be read") as caught:
        sources_in(tmp_path)
    assert str(tmp_path) in caught.value.what


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs a right on Windows")
def test_links_out_of_a_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "out"
    (folder / "deep").mkdir(parents=True)
    outside.mkdir()
    for place in (folder / "a.txt", folder / "deep" / "b.txt", outside / "secret.txt"):
        place.write_text("Ada met Bob.", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "inner.txt").symlink_to(folder / "deep" / "b.txt")
    (folder / "shelf").symlink_to(outside)
    (folder / "round").symlink_to(folder)
    (folder / "nowhere.txt").symlink_to(tmp_path / "gone.txt")
    told: list[str] = []
    found = sources_in(folder, lambda path, error: told.append(f"{path.name}: {error.what}"))
    assert [each.name for each in found] == ["a.txt", "b.txt", "inner.txt"]
    assert sorted(told) == [
        "link.txt: link.txt is a link to a file outside this folder.",
        "round: round is a link to another folder.",
        "shelf: shelf is a link to another folder.",
    ]
    assert sources_in(folder / "link.txt") == [folder / "link.txt"]
