"""The index of words: titles and texts as their tokens separated by blanks, so that Thai and Chinese are found too."""

from __future__ import annotations

import re

from annotator.model.document import Tokens
from annotator.store.project import Project


def searchable(text: str, tokens: Tokens, title: str) -> str:
    """Give what is indexed of a document."""
    words = " ".join(text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True))
    return words if text.startswith(title.rstrip("…")) else f"{title} {words}"


def add_to_index(project: Project, *, document: int, words: str) -> None:
    """Put a document into the index; inside `writing`."""
    project.connection.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (document, words))


def match_expression(asked: str) -> str:
    """Turn what a person typed into a query: every word must stand there, the last one may go on.

    Characters of scripts without blanks are asked for as a phrase of single characters.
    """
    phrases = []
    for word in asked.split():
        pieces = re.findall(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]|[^\W_]+", word)
        if pieces:
            phrases.append('"' + " ".join(pieces) + '"')
    if not phrases:
        return ""
    return " AND ".join(phrases) + "*"
