"""Lists all formats and tells which one a file has: by its content first, by its suffix where that says nothing."""

from __future__ import annotations

import codecs
from pathlib import Path

from annotator.formats import (
    brat,
    brat_conf,
    conll,
    conllu,
    delimited,
    docbin,
    doccano,
    doccano_types,
    excel,
    huggingface,
    label_studio,
    native,
    parquet,
    plain_text,
    prodigy,
    spacy_folder,
    web_pages,
    webanno,
)
from annotator.formats.added import Registry
from annotator.formats.base import Format, shown
from annotator.formats.text_files import head_of, mark_of
from annotator.model.errors import FormatError

_OWN: tuple[Format, ...] = (
    prodigy.FORMAT,
    docbin.FORMAT,
    spacy_folder.FORMAT,
    doccano.FORMAT,
    doccano_types.FORMAT,
    label_studio.FORMAT,
    brat.FORMAT,
    brat_conf.FORMAT,
    conll.FORMAT,
    conllu.FORMAT,
    webanno.FORMAT,
    delimited.FORMAT,
    parquet.FORMAT,
    excel.FORMAT,
    huggingface.FORMAT,
    plain_text.FORMAT,
    web_pages.FORMAT,
    native.FORMAT,
)
FORMATS = Registry(_OWN)
"""All formats, in the order in which they are offered: the program's own, then what other packages add."""
_SURE = 0.2
_KINDS = (
    (b"SQLite format 3\0", "a database, perhaps a project", "Open a project instead of importing it."),
    (b"%PDF-", "a PDF", "Save its text as .txt first."),
    (b"PK\x03\x04", "a ZIP archive or an office document", "Unpack it, or save its text as .txt first."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"BZh", "a bzip2 archive", "Unpack it first."),
    (b"\xfd7zXZ\0", "an xz archive", "Unpack it first."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first."),
    (b"{\\rtf", "an RTF document", "Save its text as .txt first."),
    (b"\xd0\xcf\x11\xe0", "an old office document", "Save its text as .txt first."),
    (b"\x89PNG", "a picture", "Only texts can be read."),
    (b"\xff\xd8\xff", "a picture", "Only texts can be read."),
    (b"GIF8", "a picture", "Only texts can be read."),
    (b"\x7fELF", "a program", "Only texts can be read."),
    (b"MZ", "a program", "Only texts can be read."),
)


def format_named(name: str) -> Format:
    """Give the format of this name.

    Raises:
        FormatError: there is none; it lists those there are.
    """
    found = next((each for each in FORMATS if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in FORMATS)
        raise FormatError(f"There is no format named {name!r}.", f"Known are {known}.")
    return found


def by_suffix(path: Path) -> Format | None:
    """Give the format whose suffix a file name ends with, the longest one first; None if there is none."""
    name = path.name.lower()
    fitting = [(len(suffix), each) for each in FORMATS for suffix in each.suffixes if name.endswith(suffix)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def detect(path: Path) -> Format:
    """Tell the format of a file by its content, and by its suffix where the content says nothing.

    Raises:
        FormatError: no format fits, in plain words for what the file is; or it cannot be read.
    """
    if path.is_dir():
        raise FormatError(f"{shown(path)} is a folder.", "Choose the files in it.")
    head = head_of(path)
    readable = [each for each in FORMATS if each.read is not None]
    score, best = max(((each.sniff(head, path), each) for each in readable), key=lambda pair: pair[0])
    if score >= _SURE:
        return best
    named = by_suffix(path)
    if named is not None and named.read is not None:
        return named
    what, todo = _kind_of(head)
    raise FormatError(f"{shown(path)} is {what}.", todo)


def _kind_of(head: bytes) -> tuple[str, str]:
    if not head:
        return "empty", "Choose a file that holds something."
    for magic, what, todo in _KINDS:
        if head.startswith(magic):
            return what, todo
    if looks_like_text(head):
        return "text of a kind that is not known here", "Give it the suffix .txt, or say its format."
    return "not a text, nor anything else that can be read here", "Choose another file."


def looks_like_text(head: bytes) -> bool:
    """Tell whether bytes begin a text: UTF-8, or UTF-16 with its mark."""
    if mark_of(head) is not None:
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head
