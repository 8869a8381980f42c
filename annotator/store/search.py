"""The index of words in titles and texts; scripts without blanks are indexed and asked for sign by sign."""

from __future__ import annotations

import re

from annotator.store.project import Project

_SIGN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff]"
)
"""One sign of a script that puts no blanks between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""


def searchable(text: str, title: str) -> str:
    """Give what is indexed of a document."""
    return _apart(text if text.startswith(title.rstrip("…")) else f"{title} {text}")


def _apart(words: str) -> str:
    return words if words.isascii() else _SIGN.sub(r" \g<0> ", words)


def add_to_index(project: Project, *, document: int, words: str) -> None:
    """Put a document into the index; inside `writing`."""
    project.connection.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (document, words))


def remove_from_index(project: Project, *, document: int, words: str) -> None:
    """Take a document out of the index; `words` are those it was put in with. Inside `writing`."""
    project.connection.execute(
        "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", (document, words)
    )


def index_title(project: Project, document: int, *, old: str, new: str) -> None:
    """Let a document be found by its new title and no longer by the old one; inside `writing`."""
    text = project.value("SELECT text FROM content WHERE document = ?", (document,))
    before, after = searchable(text, old), searchable(text, new)
    if before != after:
        remove_from_index(project, document=document, words=before)
        add_to_index(project, document=document, words=after)


FREQUENT = 1_000
"""Documents from which on what was typed counts as whole words, and its last one no longer as a beginning."""


def match_expression(asked: str, *, is_beginning: bool = True) -> str:
    """Turn what a person typed into a query: every word must stand there, the last one may go on (`is_beginning`).

    A word is asked for as the phrase that the index made of it. Empty where there is nothing to look for.
    """
    phrases = [_phrase(word) for word in asked.split() if any(map(str.isalnum, word))]
    return " AND ".join(phrases) + ("*" if is_beginning else "") if phrases else ""


def phrase_expression(words: str) -> str:
    """Turn words into a query for them as they stand, one after the other; empty without a letter or digit."""
    return _phrase(words) if any(map(str.isalnum, words)) else ""


def _phrase(words: str) -> str:
    return '"' + _apart(words).replace('"', " ").replace("\0", " ") + '"'


def fitting_expression(project: Project, asked: str) -> str:
    """Turn what a person typed into a query that is quick in this project.

    For the beginning of a word the index gathers the documents of all words that begin so, however few are wanted; so
    words that are frequent themselves are looked for as they stand.
    """
    whole = match_expression(asked, is_beginning=False)
    if not whole:
        return ""
    found = project.value(
        "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)", (whole, FREQUENT)
    )
    return whole if found >= FREQUENT else match_expression(asked)
