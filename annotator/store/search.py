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
    return _SIGN.sub(r" \g<0> ", words)


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


def match_expression(asked: str) -> str:
    """Turn what a person typed into a query: every word must stand there, the last one may go on.

    A word is asked for as the phrase that the index made of it. Empty where there is nothing to look for.
    """
    words = [word for word in asked.split() if any(map(str.isalnum, word))]
    phrases = ['"' + _apart(word).replace('"', " ").replace("\0", " ") + '"' for word in words]
    return " AND ".join(phrases) + "*" if phrases else ""
