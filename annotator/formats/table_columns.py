"""Finds out what the columns of a table hold: by what they are called, and by what stands in them."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.formats.jsonl import is_whole
from annotator.formats.table_cells import are_spans, listed

TEXT, SPANS, RELATIONS, OWN = "text", "spans", "relations", "annotator"
TOKENS, TAGS = "tokens", "ner_tags"
OURS = (TEXT, SPANS, RELATIONS, OWN)
"""The columns of tables that this program wrote."""
TEXT_NAMES = (
    *(TEXT, "content", "body", "article", "full_text", "fulltext", "document", "sentence", "data"),
    *("message", "tweet", "abstract", "review", "description", "headline", "comment", "passage", "paragraph"),
)
"""What columns of texts are called, the likeliest first."""
SPAN_NAMES = (SPANS, "entities", "annotations", "label", "labels", "ents", "ner")
TOKEN_NAMES = (TOKENS, "words")
TAG_NAMES = (TAGS, "tags", "ner", "labels", "ner_tag", "fine_ner_tags", "entities")
KNOWN = frozenset({*TEXT_NAMES, *SPAN_NAMES, *TOKEN_NAMES, *TAG_NAMES, *OURS, "id", "title"})
"""Names by which a first row is known to be a header."""


class NoTextError(Exception):
    """Say why a table holds no texts that can be found; the message goes behind the name of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what, by name; empty where there is none.

    Args:
        own: ours, with all that the others have no place for. rest: what becomes metadata.
        guessed: nothing but its content says that the column of texts is one.
    """

    text: str = ""
    spans: str = ""
    relations: str = ""
    tokens: str = ""
    tags: str = ""
    title: str = ""
    own: str = ""
    rest: tuple[str, ...] = ()
    guessed: bool = False


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a first row names the columns: by a name that is known, or by cells unlike those below them."""
    names = [each.strip() for each in first]
    if not KNOWN.isdisjoint(name.lower() for name in names):
        return True
    are_names = all(0 < len(each) <= 40 and not each[0].isdigit() and "\n" not in each for each in names)
    if not rows or not are_names or len(set(names)) < len(names):
        return False
    below = [[row[place] for row in rows if place < len(row) and row[place]] for place in range(len(names))]
    return any(
        cells
        and (all(each[0].isdigit() for each in cells) or statistics.fmean(map(len, cells)) > 2 * len(name))
        for name, cells in zip(names, below, strict=True)
    )


def unique(first: Sequence[str]) -> list[str]:
    """Give names for columns, each once, from the cells of a header."""
    names: dict[str, None] = {}
    for number, cell in enumerate(first, start=1):
        name = cell.strip() or f"column {number}"
        while name in names:
            name = f"{name} {number}"
        names[name] = None
    return list(names)


def columns_of(names: Sequence[str], sample: Sequence[Mapping[str, Any]], *, wanted: str = "") -> Columns:
    """Find out what each column holds.

    Args:
        names: of all columns. sample: some rows. wanted: name or number of the column of texts; empty finds it.

    Raises:
        NoTextError: no column holds texts, or not the one that is wanted.
    """
    if set(OURS) <= set(names) and wanted in ("", TEXT):
        rest = tuple(name for name in names if name not in OURS)
        return Columns(text=TEXT, spans=SPANS, relations=RELATIONS, own=OWN, rest=rest)
    tokens, tags = _tagged(names, sample)
    text, guessed = _text(names, sample, wanted, taken={tokens, tags}, needed=not tokens)
    spans = _spans(names, sample, taken={text, tokens, tags})
    relations = next((name for name in names if name.lower() == RELATIONS and spans), "")
    used = {text, spans, relations, tokens, tags}
    title = next((name for name in names if name.lower() == "title" and name not in used), "")
    rest = tuple(name for name in names if name not in used)
    return Columns(
        text=text,
        spans=spans,
        relations=relations,
        tokens=tokens,
        tags=tags,
        title=title,
        rest=rest,
        guessed=guessed,
    )


def _text(
    names: Sequence[str], sample: Sequence[Mapping[str, Any]], wanted: str, *, taken: set[str], needed: bool
) -> tuple[str, bool]:
    """Give the column of texts, and whether that is a guess."""
    if wanted:
        return _wanted(names, wanted), False
    lowered = {name.lower(): name for name in reversed(names)}
    for known in TEXT_NAMES:
        found = lowered.get(known)
        if found is not None and found not in taken and _length(found, sample) is not None:
            return found, found.lower() != TEXT
    if not needed:
        return "", False
    lengths = {name: length for name in names if name not in taken and (length := _length(name, sample))}
    best = max(lengths, key=lambda name: lengths[name], default="")
    if not best:
        raise NoTextError(
            f"has no column that looks like texts. Its columns are {_listed(names)}; say which it is."
        )
    return best, True


def _wanted(names: Sequence[str], wanted: str) -> str:
    by_name = next((name for name in names if name.lower() == wanted.lower()), None)
    if by_name is not None:
        return next((name for name in names if name == wanted), by_name)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    raise NoTextError(f"has no column {wanted!r}. Its columns are {_listed(names)}.")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "")


def _length(name: str, sample: Sequence[Mapping[str, Any]]) -> float | None:
    """Give how long the texts of a column are; None if they are none, 0 where they are no longer than a number."""
    cells = [row.get(name) for row in sample]
    told = [each for each in cells if each is not None and each != ""]
    texts = [each for each in told if isinstance(each, str) and not _is_number(each) and listed(each) is None]
    if not told:
        return 0.0
    if len(texts) * 2 < len(told) or not texts:
        return None
    return sum(map(len, texts)) / len(texts)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _tagged(names: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Give the columns of tokens and of their tags, empty where there are none."""
    tokens = next(
        (each for each in _called(names, TOKEN_NAMES) if _are_lists_of(each, sample, (str,))),
        "",
    )
    if not tokens:
        return "", ""
    tags = next(
        (
            each
            for each in _called(names, TAG_NAMES)
            if each != tokens
            and _are_lists_of(each, sample, (str, int))
            and _are_as_long(each, tokens, sample)
        ),
        "",
    )
    return tokens, tags


def _called(names: Sequence[str], known: Sequence[str]) -> list[str]:
    return [name for each in known for name in names if name.lower() == each]


def _are_lists_of(name: str, sample: Sequence[Mapping[str, Any]], kinds: tuple[type, ...]) -> bool:
    lists = [value for row in sample if (value := listed(row.get(name)))]
    return bool(lists) and all(
        isinstance(each, list) and all(isinstance(item, kinds) or item is None for item in each)
        for each in lists
    )


def _are_as_long(name: str, tokens: str, sample: Sequence[Mapping[str, Any]]) -> bool:
    pairs = [(listed(row.get(name)), listed(row.get(tokens))) for row in sample]
    sizes = [(len(a), len(b)) for a, b in pairs if isinstance(a, list) and isinstance(b, list)]
    return sum(a == b for a, b in sizes) * 2 > len(sizes)


def _spans(names: Sequence[str], sample: Sequence[Mapping[str, Any]], *, taken: set[str]) -> str:
    """Give the column that holds lists of spans, empty if there is none."""
    free = [name for name in names if name not in taken]
    if SPANS in free:
        return SPANS
    called = _called(free, SPAN_NAMES)
    for name in [*called, *(each for each in free if each not in called)]:
        if any(are_spans(listed(row.get(name))) for row in sample):
            return name
    # One that is called so, and holds nothing but empty lists, has spans further down or none at all.
    return next((each for each in _called(free, ("entities",)) if _holds_lists_alone(each, sample)), "")


def _holds_lists_alone(name: str, sample: Sequence[Mapping[str, Any]]) -> bool:
    told = [row.get(name) for row in sample if row.get(name) not in (None, "")]
    return all(listed(each) == [] for each in told) and not any(map(is_whole, told))
