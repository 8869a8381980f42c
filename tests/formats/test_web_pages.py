"""Web pages: which text is taken, what a page says of itself, and pages that are broken, huge or say wrong things."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.formats import ReadOptions, web_pages
from annotator.formats.web_pages import FORMAT, PageOptions
from annotator.model.record import Problem, Record
from tests.formats.samples import read_all, refused

PAGE = """<!DOCTYPE html><html lang="de-AT"><head><title> A &amp;
B </title><meta name="author" content="Ada"><meta property="article:published_time" content="2024-05-01">
<meta name="viewport" content="width=1"><link rel="canonical" href="https://example.org/a">
<script>var x = "<p>never</p>"</script><style>p { color: red }</style></head><body>
<nav><ul><li><a href="/">Home</a></li></ul></nav><main><h1>Title</h1><p>First <b>bo</b>ld,
second&nbsp;&lt;b&gt;.<br>Next line 👍.<!-- never --></p><ul><li>one<li>two</ul>%s</main></body></html>"""


def read(
    folder: Path, content: str | bytes, options: ReadOptions | None = None
) -> tuple[list[Record], list[Problem]]:
    path = folder / "a.html"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_all(FORMAT, path, options)


def test_the_text_is_what_readers_see(tmp_path: Path) -> None:
    (record,), problems = read(tmp_path, PAGE % "")
    assert record.text.split("\n") == [
        *("Home", "", "Title", "", "First bold, second\xa0<b>.", "Next line 👍.", "", "  one", "  two"),
    ]
    assert (record.title, record.language) == ("A & B", "de")
    assert record.metadata == {
        "author": "Ada",
        "article:published_time": "2024-05-01",
        "url": "https://example.org/a",
    }
    assert problems == []


def test_menus_are_left_out_where_asked(tmp_path: Path) -> None:
    (record,), _ = read(tmp_path, PAGE % "", PageOptions(content="main"))
    assert "Home" not in record.text
    assert "First bold" in record.text


def test_tables_within_tables_keep_their_rows(tmp_path: Path) -> None:
    inner = "<table><tr><td>in 1<td>in 2</table>"
    (record,), _ = read(tmp_path, PAGE % f"<table><tr><td>a<td>b{inner}<tr><td>c<td>d</table>")
    found = [line.split() for line in record.text.split("\n")]
    assert ["c", "d"] in found
    assert ["in", "1", "in", "2"] in found


@pytest.mark.parametrize(
    "content",
    [
        "<p>One<p>Two",
        "<div><b>One</div>Two",
        "One</p></div></html>\n<p>Two",
        "<table><p>One<tr>Two",
        "One<br/>Two",
    ],
)
def test_broken_pages_lose_no_text(tmp_path: Path, content: str) -> None:
    (record,), _ = read(tmp_path, content)
    assert sorted(record.text.split()) == ["One", "Two"]


def test_very_deep_pages_are_read(tmp_path: Path) -> None:
    (record,), _ = read(tmp_path, "<div>" * 30_000 + "Deep" + "<table><tr><td>" * 2_000 + "Deeper")
    assert record.text.split() == ["Deep", "Deeper"]


@pytest.mark.parametrize(
    ("declared", "encoding", "told"),
    [
        ("utf-8", "utf-8", []),
        ("windows-1252", "cp1252", ["read as windows-1252"]),
        ("iso-8859-1", "cp1252", ["read as iso-8859-1"]),
        ("shift_jis", "shift_jis", ["read as shift_jis"]),
        ("iso-8859-1", "utf-8", ["but it is UTF-8"]),
        ("utf-16", "utf-8", []),
        ("klingon", "utf-8", ["which is no encoding"]),
    ],
)
def test_encodings(tmp_path: Path, declared: str, encoding: str, told: list[str]) -> None:
    text = "東京" if encoding == "shift_jis" else "Zoë “said”"
    (record,), problems = read(tmp_path, f'<meta charset="{declared}"><p>{text}'.encode(encoding))
    assert record.text == text
    assert len(problems) == len(told)
    assert all(words in each.message for words, each in zip(told, problems, strict=True))


def test_a_mark_and_what_is_asked_for_go_first(tmp_path: Path) -> None:
    content = '<meta charset="utf-8"><p>Zoë'
    assert read(tmp_path, content.encode("utf-16"))[0][0].text == "Zoë"
    assert read(tmp_path, content.encode("cp1252"), PageOptions(encoding="cp1252"))[0][0].text == "Zoë"


def test_bytes_that_are_no_text_are_refused_with_a_guess(tmp_path: Path) -> None:
    content = "<p>Le café était fermé à midi, dit-elle à l’élève".encode("cp1252")
    found, problems = read(tmp_path, content)
    assert found == []
    assert "It may be cp125" in refused(problems)[0][1]


def test_signs_that_no_page_may_hold_are_told(tmp_path: Path) -> None:
    (record,), problems = read(tmp_path, "<p>a&#xD800;b")
    assert record.text == "a\ufffdb"
    assert "1 character" in problems[0].message


def test_pages_without_text_or_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(read(tmp_path, "<html><script>x</script></html>")[1]) == [(0, "a.html holds no text.")]
    monkeypatch.setattr(web_pages, "SIZE", 100)
    assert "Save its text as .txt" in refused(read(tmp_path, PAGE % "")[1])[0][1]
