"""Turns tags of tokens (IOB1, IOB2, BIOES, BILUO and mixtures of them) into spans of tokens, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence

IOB2, IOB1, BIOES, BILUO = "IOB2", "IOB1", "BIOES", "BILUO"
SCHEMES = (IOB2, IOB1, BIOES, BILUO)
OUTSIDE = frozenset({"O", "o", "_", "-", ""})
_TAG = re.compile(r"[BIESLUM]-\S.*|O")
_ENDS = {BIOES: ("E", "S"), BILUO: ("L", "U")}

TokenSpan = tuple[int, int, str]
"""First token, last token + 1, label."""


def is_tag(value: str) -> bool:
    """Tell whether a value is a tag of any scheme."""
    return _TAG.fullmatch(value) is not None


def spans_of(tags: Sequence[str]) -> tuple[list[TokenSpan], dict[int, str]]:
    """Give the spans that tags mark, as a lenient reader sees them, and by place why a tag means nothing.

    A label without a prefix goes on or begins; so does an inside or an end without a beginning. A token with a tag
    that means nothing is outside.
    """
    found: list[TokenSpan] = []
    odd: dict[int, str] = {}
    start, current = 0, ""

    def close(end: int) -> None:
        nonlocal current
        if current:
            found.append((start, end, current))
        current = ""

    for index, tag in enumerate(tags):
        if tag == "O" and not current:  # as of most tokens
            continue
        prefix, label, why = _parts(tag)
        if why:
            odd[index] = why
        if not label:
            close(index)
            continue
        if prefix in "BSU" or label != current:
            close(index)
            start, current = index, label
        if prefix in "ELSU":
            close(index + 1)
    close(len(tags))
    return found, odd


def _parts(tag: str) -> tuple[str, str, str]:
    """Give prefix and label, split at the first hyphen, and why where a tag means nothing; that has no label."""
    prefix, hyphen, label = tag.partition("-")
    if tag in OUTSIDE:
        return "O", "", ""
    if hyphen and len(prefix) == 1 and prefix in "BIESLUM" and label.strip():
        return prefix, label.strip(), ""
    if len(tag) == 1 or (hyphen and not label.strip()):
        return "O", "", f"the tag {tag!r} has no label"
    if hyphen and len(prefix) == 1 and prefix.isupper():
        return "O", "", f"the tag {tag!r} begins with no prefix of any scheme"
    return "I", tag, ""


def tags_of(count: int, spans: Sequence[TokenSpan], scheme: str) -> list[str]:
    """Give the tags of `count` tokens for spans that lie apart."""
    tags = ["O"] * count
    before: TokenSpan | None = None
    for start, end, label in sorted(spans):
        first = "B"
        if scheme == IOB1 and not (before is not None and before[1] == start and before[2] == label):
            first = "I"
        tags[start:end] = [f"{first}-{label}", *[f"I-{label}"] * (end - start - 1)]
        if scheme in _ENDS:
            last, single = _ENDS[scheme]
            tags[end - 1] = f"{single if end - start == 1 else last}-{label}"
        before = (start, end, label)
    return tags
