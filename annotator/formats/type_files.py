"""Writes files of types for other programs, and says what of the types such a file has no room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from annotator.formats.ledger import misread
from annotator.formats.loss_counting import EXAMPLES
from annotator.formats.whole_files import write_safely
from annotator.model.record import Example, Loss
from annotator.model.schema import Schema, Type
from annotator.model.wording import counted

_FIELDS = ("shortcut", "color", "shown", "summary", "guideline", "heads", "children", "symmetric")
_TYPES = "types"
_MESSAGES = {
    _TYPES: "{what} left out: this file has no place for such.",
    "shortcut": "The keys of {what} are not in the file, or others there.",
    "color": "The colours of {what} are not in the file.",
    "shown": "The names on screen of {what} are not in the file.",
    "summary": "The summaries of {what} are not in the file.",
    "guideline": "The guidelines of {what} are not in the file.",
    "heads": "What {what} may begin at is not in the file.",
    "children": "What {what} may end at is not in the file.",
    "symmetric": "That {what} go both ways is not in the file.",
}


def write_types(
    path: Path, schema: Schema, content: str, *, kept: Schema, read: Callable[[Path], Schema]
) -> tuple[Loss, ...]:
    """Write a file of types that appears only when it is whole, and give what of them is not in it.

    Args:
        kept: the types that the file has a place for. read: reads the file back.

    Raises:
        FormatError: it cannot be written, or does not hold the types.
    """
    found = Schema()

    def write(part: Path) -> None:
        part.write_text(content, encoding="utf-8", newline="")

    def check(part: Path) -> None:
        nonlocal found
        found = read(part)
        if [each.name for each in _types(found)] != [each.name for each in _types(kept)]:
            raise misread(str(path), "its types came back changed")

    write_safely(path, write, check)
    return _losses(schema, found)


def _types(schema: Schema) -> Iterator[Type]:
    yield from schema.entities
    yield from schema.relations


def _losses(schema: Schema, found: Schema) -> tuple[Loss, ...]:
    lost: dict[str, list[str]] = {}
    there = {(type(each), each.name): each for each in _types(found)}
    for each in _types(schema):
        back = there.get((type(each), each.name))
        if back is None:
            lost.setdefault(_TYPES, []).append(each.name)
            continue
        for name in _FIELDS:
            if (told := getattr(each, name, None)) and told != getattr(back, name):
                lost.setdefault(name, []).append(each.name)
    return tuple(
        Loss(
            kind=kind,
            count=len(names),
            message=_MESSAGES[kind].format(what=counted(len(names), "type")),
            examples=tuple(Example(document=name) for name in names[:EXAMPLES]),
        )
        for kind, names in lost.items()
    )
