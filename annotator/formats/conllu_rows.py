"""What the lines of CoNLL-U mean: rows of ten columns, words as they stand in the text, and the blanks between them.

A range such as `3-4` is one word of the text; the words in it, and empty nodes such as `5.1`, are none. Blanks are what
MISC says, else what the sentence's own text shows, else one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from annotator.model.document import Tokens

WIDTH = 10
ID, FORM, MISC = 0, 1, 9
NEW_DOCUMENT, NEW_PARAGRAPH, TEXT, ENTITY, OWN = (
    "# newdoc",
    "# newpar",
    "# text = ",
    "# global.Entity",
    "# annotator = ",
)
_BLANKS = re.compile(r"\s+")
_ID = re.compile(r"[0-9]{1,9}(?:[-.][0-9]{1,9})?")
BEFORE, AFTER, NO_SPACE, INSIDE = "SpacesBefore=", "SpacesAfter=", "SpaceAfter=No", "SpacesInToken="
_ESCAPES = {"\\": "\\\\", " ": "\\s", "\t": "\\t", "\n": "\\n", "\r": "\\r", "|": "\\p"}
_MEANINGS = {written: meant for meant, written in _ESCAPES.items()}


@dataclass(slots=True)
class Sentence:
    """A sentence as its lines have it; `lines` are their numbers in the file, where they are of one."""

    comments: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in the text: its signs, the blanks around it (None: not said), and its rows by number."""

    signs: str
    before: str
    after: str | None
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """The text of a document with its tokens, and for each token its sentence and its rows there.

    `odd` numbers the sentences whose own text is another than that of their words.
    """

    text: str
    tokens: Tokens
    places: list[tuple[int, tuple[int, ...]]]
    odd: list[int]


def is_row(cells: Sequence[str]) -> bool:
    """Tell whether cells are a row: ten, with an id and a form."""
    return len(cells) == WIDTH and bool(cells[FORM].strip()) and _ID.fullmatch(cells[ID]) is not None


def items_of(misc: str) -> list[str]:
    """Give the items of a MISC cell."""
    return [] if misc == "_" else [item for item in misc.split("|") if item]


def escaped(words: str, signs: str = "\\ \t\n\r|") -> str:
    """Write signs that would part columns or items in another way."""
    return "".join(_ESCAPES[sign] if sign in signs else sign for sign in words)


def meant(words: str) -> str:
    """Undo `escaped`."""
    return (
        words if "\\" not in words else re.sub(r"\\[\\stnrp]", lambda found: _MEANINGS[found.group()], words)
    )


def words_of(rows: Sequence[Sequence[str]]) -> Iterator[Word]:
    """Give the words of a sentence as they stand in its text."""
    inside = -1
    for number, cells in enumerate(rows):
        identity = cells[ID]
        if "-" in identity:
            first, inside = map(int, identity.split("-"))
            yield _word(cells, (number, *_covered(rows, number + 1, first, inside)))
        elif "." not in identity and int(identity) > inside:
            yield _word(cells, (number,))


def _covered(rows: Sequence[Sequence[str]], at: int, first: int, last: int) -> Iterator[int]:
    """Give the rows from one on that a range covers, up to the first that it does not; empty nodes are none."""
    for row in range(at, len(rows)):
        identity = rows[row][ID]
        if "." in identity:
            continue
        if not (identity.isdigit() and first <= int(identity) <= last):
            return
        yield row


def _word(cells: Sequence[str], rows: tuple[int, ...]) -> Word:
    signs, before, after = cells[FORM].strip(), "", None
    if "Space" not in cells[MISC]:  # as with most words
        return Word(signs, before, after, rows)
    for item in items_of(cells[MISC]):
        name, equals, value = item.partition("=")
        told = meant(value)
        if item == NO_SPACE:
            after = ""
        elif f"{name}{equals}" == INSIDE:
            signs = told.strip() or signs
        elif told.strip():
            continue  # blanks that are none
        elif f"{name}{equals}" == AFTER:
            after = told
        elif f"{name}{equals}" == BEFORE:
            before = told
    return Word(signs, before, after, rows)


def joined(sentences: Sequence[Sentence]) -> Joined:
    """Put the text of a document together."""
    pieces: list[str] = []
    starts, ends, firsts = list[int](), list[int](), list[int]()
    places: list[tuple[int, tuple[int, ...]]] = []
    odd: list[int] = []
    at = 0
    gap: str | None = ""
    for number, sentence in enumerate(sentences):
        words = list(words_of(sentence.rows))
        if not words:
            continue
        gaps, fits = _gaps(words, next(_texts(sentence.comments), None))
        if not fits:
            odd.append(number)
        if any(comment.startswith(NEW_PARAGRAPH) for comment in sentence.comments) and gap is None:
            gap = "\n\n"
        firsts.append(len(starts))
        for word, after in zip(words, gaps, strict=True):
            blanks = (" " if gap is None else gap) + word.before
            pieces += (blanks, word.signs)
            starts.append(at + len(blanks))
            at += len(blanks) + len(word.signs)
            ends.append(at)
            places.append((number, word.rows))
            gap = after
    pieces.append(gap or "")
    return Joined("".join(pieces), Tokens(starts, ends, firsts, "source"), places, odd)


def _texts(comments: Iterable[str]) -> Iterator[str]:
    return (comment.removeprefix(TEXT) for comment in comments if comment.startswith(TEXT))


def _gaps(words: Sequence[Word], text: str | None) -> tuple[list[str | None], bool]:
    """Give what follows each word, None for the last where nothing says it, and whether the sentence's text agrees."""
    said = any(word.after is not None or word.before for word in words)
    plain = [" " if word.after is None else word.after for word in words]
    gaps: list[str | None] = [*plain[:-1], words[-1].after]
    if text is None:
        return gaps, True
    whole = "".join(word.before + word.signs + gap for word, gap in zip(words, plain, strict=True))
    if whole.split() == text.split():
        return gaps, True
    found: list[str | None] = []
    at = 0
    for word in words:
        start = text.find(word.signs, at)
        if said or start < 0 or text[at:start].strip():
            return gaps, False
        found.append(text[at:start])
        at = start + len(word.signs)
    return [*found[1:], None], not text[at:].strip()


def spaced(signs: str, *, before: str, after: str, is_last: bool) -> tuple[str, str]:
    """Give form and MISC of a word with the blanks around it; `is_last` is the last one of a document."""
    items = []
    if after != ("" if is_last else " "):
        items.append(NO_SPACE if not after else AFTER + escaped(after))
    if before:
        items.append(BEFORE + escaped(before))
    form = _BLANKS.sub(" ", signs)
    if form != signs:
        items.append(INSIDE + escaped(signs))
    return form, "|".join(items) or "_"
