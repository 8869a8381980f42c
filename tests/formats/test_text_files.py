"""Plain texts and lines: encodings, marks, line ends, and what is said of bytes that are no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.formats import ReadOptions, format_named
from annotator.formats import text_files as files
from annotator.formats.plain_text import FORMAT, TextOptions
from annotator.model import limits
from annotator.model.errors import FormatError
from annotator.model.record import Record
from tests.formats.samples import read_all, refused


def read_bytes(
    folder: Path, content: bytes, *, encoding: str = "", name: str = "a.txt"
) -> tuple[list[Record], list[tuple[bool, int, str]]]:
    path = folder / name
    path.write_bytes(content)
    back, problems = read_all(FORMAT, path, ReadOptions(encoding=encoding, language="en"))
    return back, [(problem.refused, problem.line, problem.message) for problem in problems]


@pytest.mark.parametrize(
    "text",
    [
        "First line\r\nSecond – “line”.\r\n\r\nLast without end",
        "e\u0301 stays two code points, é one",
        "NUL \0, ESC \x1b[31m, bell \a, DEL \x7f, <script>alert(1)</script> {{7*7}}",
        "👨\u200d👩\u200d👧 𠮷野家 \u202bעברית\u202c\u200f",
        "one\rtwo\u2028three\x85four\x0cfive",
        " \n leading blanks and trailing \t",
        "\ufeffa second mark inside",
    ],
)
def test_a_text_is_kept_character_by_character(tmp_path: Path, text: str) -> None:
    back, problems = read_bytes(tmp_path, b"\xef\xbb\xbf" + text.encode())
    if not text.startswith("\ufeff"):
        assert back[0].text == text
    assert problems == []
    (record,), _ = read_bytes(tmp_path, text.removeprefix("\ufeff").encode())
    assert record.text == text.removeprefix("\ufeff")
    assert (record.source, record.language, record.state, record.tokens) == ("a.txt", "en", None, None)


def test_the_title_is_the_first_line_that_holds_something(tmp_path: Path) -> None:
    (record,), _ = read_bytes(tmp_path, b"\n  \nThe headline\nand more")
    assert record.title == "The headline"
    (record,), _ = read_bytes(tmp_path, b"\n" * 3000 + b"late")
    assert record.title == "a.txt"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t\n", "\u00a0\u2003".encode()])
def test_an_empty_text_is_refused(tmp_path: Path, content: bytes) -> None:
    assert read_bytes(tmp_path, content) == ([], [(True, 0, "a.txt holds no text.")])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_mark_says_the_encoding(tmp_path: Path, encoding: str) -> None:
    content = "\ufeffHello Zoë 😀\n".encode(encoding)
    (record,), problems = read_bytes(tmp_path, content)
    assert record.text == "Hello Zoë 😀\n"
    assert problems == [(False, 0, f"a.txt was read as {encoding[:6].upper()}.")]


def test_other_bytes_are_refused_with_byte_place_and_line(tmp_path: Path) -> None:
    back, problems = read_bytes(tmp_path, b"line 1\nline 2\n" + b"x" * 1190 + b"caf\xe9")
    assert back == []
    ((is_refused, line, message),) = problems
    assert is_refused
    assert line == 3
    assert message.startswith("a.txt is not UTF-8: byte 0xE9 at position 1,207. ")
    assert "say which encoding" in message


def test_positions_count_the_mark(tmp_path: Path) -> None:
    _, ((_, _, message),) = read_bytes(tmp_path, b"\xef\xbb\xbfab\xff")
    assert "byte 0xFF at position 5." in message


def test_the_encoding_asked_for_is_used(tmp_path: Path) -> None:
    (record,), problems = read_bytes(tmp_path, "“Zoë”".encode("cp1252"), encoding="cp1252")
    assert record.text == "“Zoë”"
    assert problems == []
    (record,), problems = read_bytes(tmp_path, "\ufeffZoë".encode(), encoding="UTF8")
    assert record.text == "Zoë"
    (record,), problems = read_bytes(tmp_path, "\ufeffZoë".encode("utf-16-be"), encoding="utf-16")
    assert (record.text, problems) == ("Zoë", [])


def test_a_wrong_encoding_is_told_too(tmp_path: Path) -> None:
    back, ((is_refused, _, message),) = read_bytes(tmp_path, b"\x81", encoding="cp1252")
    assert (back, is_refused) == ([], True)
    assert message.startswith("a.txt is not cp1252: byte 0x81 at position 0.")


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", "undefined"])
def test_what_is_no_text_encoding_is_an_error(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(FormatError, match=f"no text encoding named '{encoding}'"):
        read_bytes(tmp_path, b"abc", encoding=encoding)


def test_utf_16_without_its_mark_is_guessed_in_the_message(tmp_path: Path) -> None:
    _, ((_, _, message),) = read_bytes(tmp_path, "Zoë und Ada".encode("utf-16-be"))
    assert "looks like UTF-16 without its mark" in message


def test_a_text_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.formats.plain_text.TEXT_LIMIT", 10)
    for content in (b"x" * 11, b"x" * 100):
        assert read_bytes(tmp_path, content) == (
            [],
            [(True, 0, "a.txt has more than 10 characters. Cut it into several files.")],
        )
    assert read_bytes(tmp_path, "😀".encode() * 10)[0][0].text == "😀" * 10
    assert limits.TEXT_LIMIT == 50_000_000


def test_the_source_is_named_from_the_root_of_the_import(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.txt"
    path.parent.mkdir(parents=True)
    path.write_text("Text.", encoding="utf-8")
    (record,), _ = read_all(FORMAT, path, ReadOptions(root=tmp_path))
    assert record.source == "deep/er/a.txt"


def test_only_line_feeds_end_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "a\u2028b\x85c"}\r\n\n  \n{"text": "d\x0ce"}'.encode())
    back, problems = read_all(format_named("prodigy"), path)
    assert [(record.text, record.source) for record in back] == [("a\u2028b\x85c", "a.jsonl:1")]
    ((line, message),) = refused(problems)
    assert line == 4
    assert message.startswith("This line is not JSON: invalid control character")


def test_a_line_that_is_no_text_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "caf\xe9"}\n{"text": "good"}\n')
    back, problems = read_all(format_named("prodigy"), path)
    assert [record.text for record in back] == ["good"]
    assert refused(problems) == [(1, "Line 1 is not UTF-8: byte 0xE9 at its position 13. It was left out.")]
    back, problems = read_all(format_named("prodigy"), path, ReadOptions(encoding="latin-1"))
    assert [record.text for record in back] == ["café", "good"]


def test_lines_of_utf_16_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "one 😀"}\r\n\n{"text": "two \u0a0a"}\n'.encode("utf-16"))
    back, problems = read_all(format_named("prodigy"), path)
    assert [(record.text, record.source) for record in back] == [
        ("one 😀", "a.jsonl:1"),
        ("two \u0a0a", "a.jsonl:3"),
    ]
    assert [problem.message for problem in problems] == ["a.jsonl was read as UTF-16."]


def test_utf_16_that_breaks_off_keeps_what_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "HEAD", 8)
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "one"}\n{"text": "two"}\n'.encode("utf-16") + b"\x00\xdc\x00\x00")
    back, problems = read_all(format_named("prodigy"), path)
    assert [record.text for record in back] == ["one", "two"]
    assert refused(problems)[0][0] == 3


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LINE_LIMIT", 40)
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "' + "x" * 200 + '"}\n{"text": "good"}\n', encoding="utf-8")
    back, problems = read_all(format_named("prodigy"), path)
    assert [(record.text, record.source) for record in back] == [("good", "a.jsonl:2")]
    assert refused(problems) == [(1, "Line 1 is longer than 40 bytes; it was left out.")]


def test_a_text_that_looks_binary_says_so(tmp_path: Path) -> None:
    _, ((_, _, message),) = read_bytes(tmp_path, b"abcdefgh\0\xff" + b"abc" * 10)
    assert message.endswith("It does not look like text.")


@pytest.mark.parametrize(
    ("error", "words"),
    [(PermissionError(13, "denied"), "may not be read"), (OSError(5, "broken disk"), "broken disk")],
)
def test_a_file_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FormatError) as caught:
        read_all(FORMAT, tmp_path / "a.txt")
    assert words in caught.value.what
    assert str(tmp_path / "a.txt") in caught.value.what
    assert caught.value.todo


def test_a_record_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.formats.collecting.TEXT_LIMIT", 10)
    path = tmp_path / "a.jsonl"
    path.write_text('\ufeff{"text": "12345678901"}\n{"text": "short"}\n', encoding="utf-8")
    back, problems = read_all(format_named("prodigy"), path)
    assert [record.text for record in back] == ["short"]
    assert refused(problems) == [(1, "The text has 11 characters, more than 10; the record was left out.")]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Zoë säe — “quoted” naïve café, très déjà"),
        ("cp1251", "Привет, как дела? Это новости из Москвы."),
        ("cp1253", "Καλημέρα κόσμε, τι κάνετε σήμερα;"),
        ("cp932", "日本語のテキストです。東京は首都である。"),
        ("gb18030", "今天天气很好，我们去北京吧。"),
    ],
)
def test_the_encoding_of_other_texts_is_guessed(encoding: str, text: str) -> None:
    assert files.guessed_encoding((text * 5).encode(encoding)) == encoding


def test_a_guess_is_told_and_never_taken_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Der Bürgermeister grüßte die Gäste und ging früh nach Hause.".encode("cp1252"))
    records, problems = read_all(format_named("text"), path)
    assert records == []
    assert "It may be cp1252. Save it as UTF-8, or say which encoding it has." in problems[0].message


@pytest.mark.parametrize(
    ("one_each", "expected"),
    [
        ("file", [("One\r\nstill one\n\n \n  Two\nthree\n", "a.txt")]),
        ("line", [("One", "a.txt:1"), ("still one", "a.txt:2"), ("Two", "a.txt:5"), ("three", "a.txt:6")]),
        ("paragraph", [("One\nstill one", "a.txt:1"), ("Two\nthree", "a.txt:5")]),
    ],
)
def test_a_document_is_a_file_a_line_or_a_paragraph(
    tmp_path: Path, one_each: str, expected: list[tuple[str, str]]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"One\r\nstill one\n\n \n  Two\nthree\n")
    back, problems = read_all(FORMAT, path, TextOptions(one_each=one_each))
    assert [(each.text, each.source) for each in back] == expected
    assert problems == []


@pytest.mark.parametrize("one_each", ["file", "line", "paragraph"])
def test_a_text_of_blanks_holds_no_document(tmp_path: Path, one_each: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\n \n\t\n")
    back, problems = read_all(FORMAT, path, TextOptions(one_each=one_each))
    assert (back, refused(problems)) == ([], [(0, "a.txt holds no text.")])
