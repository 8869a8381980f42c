"""Web pages: the text as its readers see it, taken out by resiliparse; nothing of a page is ever run or shown as HTML.

Lines, lists and tables keep their line ends; scripts, styles and comments are gone. The title becomes that of the
document, and what a page says of its author, date and kind its metadata. There is no writer.
"""

from __future__ import annotations

import codecs
import dataclasses
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.formats.base import (
    Format,
    ReadOptions,
    Report,
    Reporter,
    file_name,
    option,
    shown,
    source_of,
)
from annotator.formats.text_files import decoded, mark_of, opened, read_most
from annotator.model.document import title_of
from annotator.model.record import Record
from annotator.model.wording import counted

SUFFIXES = (".html", ".htm", ".xhtml")
SIZE = 32_000_000
"""Largest page that is read, in bytes; its tree takes many times that."""
ALL, MAIN = "all", "main"
_BEGINNING = 2_000
_PAGE = re.compile(rb"(?i)<(?:!doctype\s+html|html)\b")
_CHARSET = re.compile(rb"(?i)<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)")
_SIGN = "\ufffd"
_KEPT = re.compile(
    r"(?i)(?:author|byl|date|pubdate|description|keywords|news_keywords|publisher|copyright|section"
    r"|(?:article|og|dc|dcterms|citation|parsely)[:._-].+)"
)
"""What a page says of itself that is about its text, and not for browsers and machines."""
_MOST = 100
"""Pieces of metadata of one page."""
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions(ReadOptions):
    """How web pages are read."""

    content: str = option(
        default=ALL,
        title="Of web pages",
        about="Take all text, or the main text without menus and the like, as far as these can be told.",
        choices=(ALL, MAIN),
    )


def sniff(head: bytes, path: Path) -> float:
    """Tell by how a page begins; a file that is named as a text is taken literally."""
    mark = mark_of(head)
    start = (head[len(mark[0]) :] if mark else head)[:_BEGINNING].replace(b"\0", b"")
    name = path.name.lower()
    if start.lstrip().startswith(b"<") and _PAGE.search(start):
        return 0.4 if name.endswith((".txt", ".text")) else 0.9
    return 0.6 if name.endswith(SUFFIXES) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the document of a page, or report why there is none."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > SIZE:
            reporter.refused(f"{name} has more than {SIZE // 1_000_000} MB. Save its text as .txt.")
            return
        raw = read_most(file, SIZE)
    html = _decoded(raw, name, options, reporter)
    if html is None:
        return
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(html)
    only_main = isinstance(options, PageOptions) and options.content == MAIN
    text = extract_plain_text(
        tree, preserve_formatting=True, main_content=only_main, list_bullets=False, alt_texts=False
    ).strip()
    if not text:
        reporter.refused(f"{name} holds no text.")
        return
    strange = text.count(_SIGN) - html.count(_SIGN)
    if strange > 0:
        reporter.repaired(f"{counted(strange, 'character')} of {name} that no page may hold became {_SIGN}.")
    title = " ".join((tree.title or "").split())
    yield Record(
        text=text,
        source=source_of(path, options),
        title=title or title_of(text) or name,
        language=options.language or _language(tree),
        metadata=_metadata(tree),
    )


def _decoded(raw: bytes, name: str, options: ReadOptions, reporter: Reporter) -> str | None:
    """Give the characters of a page, read as was asked for, as its mark or its own words say, else as UTF-8."""
    declared = _CHARSET.search(raw[:8_000])
    if options.encoding or mark_of(raw) or declared is None:
        return decoded(raw, name=name, options=options, reporter=reporter)
    told = declared[1].decode("ascii")
    encoding = _usable(told)
    if not encoding:
        reporter.repaired(f"{name} says that it is {told}, which is no encoding; it was read as UTF-8.")
    elif encoding != "utf-8" and not raw.isascii():
        if _is_utf8(raw):
            reporter.repaired(f"{name} says that it is {told}, but it is UTF-8; it was read as that.")
        else:
            reporter.repaired(f"{name} was read as {told}, as it says.")
            options = dataclasses.replace(options, encoding=encoding)
    return decoded(raw, name=name, options=options, reporter=reporter)


def _usable(told: str) -> str:
    """Give the encoding that a page means by a name, as browsers take it; empty if there is none."""
    try:
        name = codecs.lookup(told).name
        "".encode(name)
    except (LookupError, ValueError):
        return ""
    if name.startswith(
        ("utf-8", "utf-16", "utf-32", "utf-7")
    ):  # read as ASCII so far, it cannot be a wide one
        return "utf-8"
    return "cp1252" if name in ("iso8859-1", "ascii") else name


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _language(tree: Any) -> str:
    root = tree.document.query_selector("html")
    found = _LANGUAGE.fullmatch(root.getattr("lang") or "") if root is not None else None
    return found[1].lower() if found else ""


def _metadata(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.document.query_selector_all("meta"):
        name = meta.getattr("name") or meta.getattr("property") or meta.getattr("itemprop") or ""
        content = (meta.getattr("content") or "").strip()
        if content and _KEPT.fullmatch(name) and len(found) < _MOST:
            found.setdefault(name, content)
    link = tree.document.query_selector('link[rel="canonical"]')
    url = (link.getattr("href") or "").strip() if link is not None else ""
    return {**found, "url": url} if url else found


FORMAT = Format(
    name="html", title="Web page", suffixes=SUFFIXES, sniff=sniff, read=read, read_options=PageOptions
)
