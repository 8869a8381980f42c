"""Takes out of texts and values what tells of a person or a machine: paths, file names, names of annotators."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

_WHERE_KEYS = frozenset(
    {
        *("path", "file", "filename", "file_name", "filepath", "file_path", "folder", "directory", "dir"),
        *("source_file", "source_path", "origin_file", "document_path", "doc_path"),
    }
)
"""Keys of metadata whose value says where something lay, however it is written."""
_ROOTED = re.compile(r"(?:file:|[A-Za-z]:[\\/]|\\\\|~[\\/]|/|\.{1,2}[\\/])")
_WITH_FOLDERS = re.compile(r"[^\s:]+[\\/]\S*\.\w{1,8}")
_FILE = re.compile(
    r"[^\s/\\]+\.(?:txt|md|jsonl?|ndjson|spacy|html?|xml|pdf|docx?|rtf|odt|csv|tsv|ann|conllu?|bio|iob|annot"
    r"|parquet|xlsx?|zip|gz)",
    re.IGNORECASE,
)
_ROOTED_WITHIN = re.compile(r"(?:file:/{1,3}|\b[A-Za-z]:[\\/]|\\\\|~/|(?<![\w.:/<])/)[^\s\"'<>|,;()]+")
_PATH_WITHIN = re.compile(
    r"(?:file:/{1,3}|\b[A-Za-z]:[\\/]|\\\\|~/|(?<![\w.:/<])/[^\s/\"'<>|,;()]+/)[^\s\"'<>|,;()]+"
)
"""A path of several folders, or from a root, among other words; one slash alone makes none."""
_SHORTEST = 3


def is_place(value: str) -> bool:
    """Tell whether a value is a path or a file name; an address on the web is none."""
    return bool(_ROOTED.match(value) or _WITH_FOLDERS.fullmatch(value) or _FILE.fullmatch(value))


def without_places(value: Any) -> Any:
    """Give a value of JSON without the keys and members that are paths or file names, and without paths in texts."""
    if isinstance(value, dict):
        return {
            key: without_places(each)
            for key, each in value.items()
            if not is_place(key)
            and not (isinstance(each, str) and (is_place(each) or key.lower() in _WHERE_KEYS))
        }
    if isinstance(value, list):
        return [without_places(each) for each in value if not (isinstance(each, str) and is_place(each))]
    if isinstance(value, str):
        return "" if is_place(value) else without_paths(value)
    return value


def without_paths(text: str | None) -> str | None:
    """Give a text with `(path)` in the place of paths; addresses on the web stay."""
    return _PATH_WITHIN.sub("(path)", text) if text else text


def json_without_places(written: str | None) -> str | None:
    """Give JSON without paths and file names; what is no JSON is emptied."""
    if not written:
        return written
    try:
        value = json.loads(written)
    except ValueError:
        return "{}"
    return json.dumps(without_places(value), ensure_ascii=False, separators=(",", ":"))


def renamer(names: Mapping[str, str]) -> Callable[[str | None], str | None]:
    """Give a function that puts other names for whole words in a text; names of one or two signs are left.

    Longer names go first, so that of two of which one begins the other neither is cut.
    """
    wanted = sorted((name for name in names if len(name) >= _SHORTEST), key=len, reverse=True)
    if not wanted:
        return lambda text: text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")
    return lambda text: pattern.sub(lambda match: names[match[0]], text) if text else text


def place_remover(folders: Iterable[str]) -> Callable[[str | None], str | None]:
    """Give a function that puts `pipeline` for paths in a text, and for the names of some folders."""
    known = sorted(
        {name for folder in folders for name in (folder, _last(folder)) if name}, key=len, reverse=True
    )
    pattern = re.compile("|".join(map(re.escape, known))) if known else None

    def remove(text: str | None) -> str | None:
        if not text:
            return text
        if pattern is not None:
            text = pattern.sub("pipeline", text)
        return _ROOTED_WITHIN.sub("pipeline", text)

    return remove


def _last(folder: str) -> str:
    kind = PureWindowsPath if "\\" in folder else PurePosixPath
    return kind(folder).name
