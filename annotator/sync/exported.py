"""Reads the export of a doccano server: a zip with one file of JSON lines, or one for each member.

What stands in it (doccano 1.8): `all.jsonl` in a shared project, else `<username>.jsonl` for each member, each with all
documents, in the order in which they were made, and that member's spans, relations, categories and comments.

    with relations      {"id", "text", metadata..., "entities": [{id, label, start_offset, end_offset}],
                         "relations": [{id, from_id, to_id, type}], "Comments": [{id, comment}]}
    without             {"id", "text", metadata..., "label": [[start, end, label]], "Comments": ["..."]}
    of categories       {"id", "text", metadata..., "label": ["..."]}
    of both             {"id", "text", metadata..., "cats": ["..."], "entities": [[start, end, label]], ...}

Neither who made a thing, nor when, nor what is confirmed stands in it. Metadata lie on the top level: a key that a
document lacks is null, whole numbers in a column with gaps are floats, floats have ten decimals. Metadata called `id`
stand in the place of the document's number, so numbers are only believed once the server's list agrees (`client.py`).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from annotator.model.limits import CELL_LIMIT
from annotator.sync.remote import (
    OtherServerError,
    RemoteComment,
    RemoteDocument,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    ServerError,
)

SHARED = "all"
"""Name of the file of a shared project, without its suffix."""
OWN = "annotator"
"""The key under which this program's uploads keep what must come back as it was."""
_SUFFIX = ".jsonl"
_OWN_FILE = f"{OWN}/documents{_SUFFIX}"
"""In a folder: no member of a project can have a slash in their name."""
_WHOLE = 2.0**53
"""From here on a float no longer tells one whole number from the next."""


class Entity(msgspec.Struct):
    """A span with its number."""

    id: int
    label: str
    start_offset: int
    end_offset: int


class Relation(msgspec.Struct):
    """A relation with its number."""

    id: int
    from_id: int
    to_id: int
    type: str


class Comment(msgspec.Struct):
    """A comment with its number."""

    id: int
    comment: str


class _Head(msgspec.Struct):
    id: Any
    text: str | None


_Triple = tuple[int, int, str]
_LABELS = list[Entity | _Triple | str] | None
"""However they are written: with their numbers, without, or the bare names of categories."""
_RELATIONS = list[Relation] | None
_COMMENTS = list[str | Comment] | None


@dataclass(frozen=True, slots=True)
class Head:
    """Number and text of a document, as an export has them; the text by its hash (of this process)."""

    id: object
    text: int


def heads(path: Path, member: str = "") -> Sequence[Head]:
    """Give numbers and texts of documents, in their order, out of a member's file.

    Every member's file has all documents, so any will do, unless it is an export of the confirmed ones.
    """
    decoder = msgspec.json.Decoder(_Head)
    with _opened(path) as archive:
        names = [n for n in _members(archive) if not member or n in {SHARED + _SUFFIX, member + _SUFFIX}]
        found = (_decoded(decoder, line, path) for line in _lines(archive, names[0])) if names else ()
        return [Head(head.id, hash(head.text)) for head in found]


def read(path: Path, project: RemoteProject, true: Sequence[TrueHead | None]) -> Iterator[RemoteDocument]:
    """Yield the documents of an export, member by member.

    Args:
        true: for each document in its order, what the server's list has where the export cannot be believed.
    """
    decoder = msgspec.json.Decoder(dict[str, Any])
    with _opened(path) as archive:
        for name in _members(archive):
            owner = "" if project.is_shared else PurePosixPath(name).name.removesuffix(_SUFFIX)
            for place, line in enumerate(_lines(archive, name)):
                try:
                    document = _document(_decoded(decoder, line, path), owner)
                except (msgspec.ValidationError, KeyError, TypeError) as error:
                    raise _not_readable(path, f"line {place + 1} of {name}: {error}") from error
                known = true[place] if place < len(true) else None
                yield known.over(document) if known is not None else document


@dataclass(frozen=True, slots=True)
class TrueHead:
    """What the server's list has of a document."""

    id: int
    text: str
    metadata: Mapping[str, Any]

    def over(self, document: RemoteDocument) -> RemoteDocument:
        """Put it in the place of what the export says."""
        return RemoteDocument(
            id=self.id,
            text=self.text,
            owner=document.owner,
            metadata=self.metadata,
            spans=document.spans,
            relations=document.relations,
            categories=document.categories,
            comments=document.comments,
        )


def is_own(path: Path) -> bool:
    """Tell whether this program made the file, for somebody who may not have an export."""
    with _opened(path) as archive:
        return _OWN_FILE in archive.namelist()


def write_own(path: Path, documents: Iterable[RemoteDocument]) -> None:
    """Write documents that were asked for one by one; they are in the order of their numbers afterwards."""
    lines = {document.id: msgspec.json.encode(document) for document in documents}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_OWN_FILE, b"".join(lines[number] + b"\n" for number in sorted(lines)))


def read_own(path: Path) -> Iterator[RemoteDocument]:
    """Yield the documents of a file that this program made."""
    decoder = msgspec.json.Decoder(RemoteDocument)
    with _opened(path) as archive:
        for line in _lines(archive, _OWN_FILE):
            yield _decoded(decoder, line, path)


def mended(value: Any) -> Any:
    """Make whole numbers of floats that are such, as far as a float tells them apart."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    return value


def _document(row: dict[str, Any], owner: str) -> RemoteDocument:
    number, text = row.pop("id"), row.pop("text")
    comments = msgspec.convert(row.pop("Comments", None), _COMMENTS) or []
    relations = msgspec.convert(row.pop("relations", None), _RELATIONS) or []
    labels: list[Any] = []
    for name in ("entities", "label", "cats"):
        labels += msgspec.convert(row.pop(name, None), _LABELS) or []
    return RemoteDocument(
        id=number if isinstance(number, int) else 0,
        text=text if isinstance(text, str) else str(text),
        owner=owner,
        metadata={key: mended(value) for key, value in row.items() if value is not None},
        spans=tuple(_span(label) for label in labels if not isinstance(label, str)),
        relations=tuple(
            RemoteRelation(head=r.from_id, child=r.to_id, label=r.type, id=r.id) for r in relations
        ),
        categories=tuple(label for label in labels if isinstance(label, str)),
        comments=tuple(
            RemoteComment(text=c.comment, id=c.id) if isinstance(c, Comment) else RemoteComment(text=c)
            for c in comments
        ),
    )


def _span(label: Entity | _Triple) -> RemoteSpan:
    if isinstance(label, tuple):
        return RemoteSpan(start=label[0], end=label[1], label=label[2])
    return RemoteSpan(start=label.start_offset, end=label.end_offset, label=label.label, id=label.id)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise _not_readable(path, str(error)) from error


def _members(archive: zipfile.ZipFile) -> Sequence[str]:
    return sorted(name for name in archive.namelist() if name.endswith(_SUFFIX))


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield the lines of a file that are not blank; none may be longer than the longest text could make it."""
    try:
        with archive.open(name) as stream:
            while line := stream.readline(CELL_LIMIT + 1):
                if len(line) > CELL_LIMIT:
                    raise _not_readable(Path(archive.filename or name), f"a line of {name} is too long")
                if not line.isspace():
                    yield line
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise _not_readable(Path(archive.filename or name), f"{name}: {error}") from error


def _decoded(decoder: msgspec.json.Decoder[Any], line: bytes, path: Path) -> Any:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _not_readable(path, str(error)) from error


def _not_readable(path: Path, why: str) -> ServerError:
    return OtherServerError(
        f"The export of the server cannot be read ({path.name}: {why}).",
        "Try again; if it stays so, the server may be of another version.",
    )
