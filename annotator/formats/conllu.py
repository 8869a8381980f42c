"""CoNLL-U: the format, and its writer. Reading is in `conllu_reading.py`.

A document begins with `# newdoc`; its blanks stand in MISC, so that the text comes back to the letter. Spans stand in
MISC too, as tags of words or as brackets, which hold overlaps and several pieces. What came with a treebank goes back
to it. Names and metadata travel in a comment of our own; relations have no place.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.formats.base import Format, WriteContext, name_of, option, options_as
from annotator.formats.conll_reading import TokenLinesOptions
from annotator.formats.conll_tags import IOB2, tags_of
from annotator.formats.conllu_reading import NAME, NAMES, SUFFIXES, read, sniff
from annotator.formats.conllu_rows import (
    FORM,
    MISC,
    NEW_DOCUMENT,
    NEW_PARAGRAPH,
    OWN,
    TEXT,
    Sentence,
    escaped,
    is_row,
    items_of,
    joined,
    spaced,
)
from annotator.formats.conllu_spans import BRACKETS, GLOBAL, NE, WAYS, Pieces, brackets_of
from annotator.formats.holding import (
    ATTRIBUTES,
    FinishedOptions,
    Holding,
    Keeper,
    keeps_by,
    leaves_unfinished,
    losses_by,
)
from annotator.formats.jsonl import json_line
from annotator.formats.line_writing import write_lines
from annotator.model.document import Tokens, title_of
from annotator.model.record import Record
from annotator.model.schema import Schema

HOLDING = Holding(
    document=frozenset({"tokens", "metadata", *NAMES}),
    overlaps=False,
    off_tokens=False,
    unfinished=False,
    own=NAME,
)
_WHOLE = dataclasses.replace(HOLDING, overlaps=True, discontinuous=True)
_MESSAGES = {
    ATTRIBUTES: (
        "document",
        "Fields of other programs, or a tree of other words, left out of {what}{names}.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConlluOptions(FinishedOptions):
    """How CoNLL-U is written."""

    spans: str = option(
        default=NE,
        title="Spans",
        about="How MISC tells spans: tags (NE=B-PER, NER=B-PER), or brackets, which hold overlaps (Entity=(e1-PER).",
        choices=WAYS,
    )


class _Keeper(Keeper):
    """Gives tokens as rows hold them, and a treebank's own columns while they fit the words."""

    def __init__(self, options: ConlluOptions) -> None:
        holding = _WHOLE if options.spans == BRACKETS else HOLDING
        super().__init__(holding, _MESSAGES, assume_done=options.assume_done)

    def keep(self, record: Record) -> Record | None:
        """Give what a file holds of a record."""
        kept = super().keep(dataclasses.replace(record, tokens=_tokens(record)))
        if kept is None or NAME not in kept.attributes:
            return kept
        if _fitting(kept) is None:
            self.lose(ATTRIBUTES, record, names=[f"{NAME}.{each}" for each in kept.attributes[NAME]])
            return dataclasses.replace(kept, attributes={})
        return kept


_RUN, _PIECE = re.compile(r"\S+(?:\s+\S+)*"), re.compile(r"\S+")
_EMPTY = ("_",) * (MISC - FORM - 1)


def _tokens(record: Record) -> Tokens:
    """Give tokens that cover all but the blanks; a document without any sentence is one."""
    old, text = record.tokens if record.tokens is not None else Tokens([], []), record.text
    pairs, at = list[tuple[int, int]](), 0
    for start, end in zip([*old.starts, len(text)], [*old.ends, len(text)], strict=True):
        # What no token covers is cut at blanks; a token loses those at its ends.
        if at < start and not text[at:start].isspace():
            pairs += (found.span() for found in _PIECE.finditer(text, at, start))
        if (run := _RUN.search(text, start, end)) is not None:
            pairs.append(run.span())
        at = end
    starts, ends = [start for start, _ in pairs], [end for _, end in pairs]
    firsts = {0} if pairs else set()
    for begin in (old.starts[index] for index in old.sentences):
        first = bisect_left(starts, begin)
        if 0 < first < len(starts) and ends[first - 1] <= begin:
            firsts.add(first)
    return Tokens(starts, ends, sorted(firsts), "source")


def _fitting(record: Record) -> list[Sentence] | None:
    """Give the sentences that came with a document, where they are still those of its text."""
    told = record.attributes[NAME].get("sentences")
    sentences = []
    for each in told if isinstance(told, list) else ():
        if not (isinstance(each, list) and len(each) == 2 and all(isinstance(part, list) for part in each)):
            return None
        comments, rows = each
        if not all(isinstance(comment, str) and comment.startswith("#") for comment in comments):
            return None
        if not all(isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in rows):
            return None
        if not all(map(is_row, rows)) or any(_is_torn(cell) for part in (comments, *rows) for cell in part):
            return None
        sentences.append(Sentence(list(comments), [list(row) for row in rows]))
    together, tokens = joined(sentences), record.tokens
    assert tokens is not None, "the keeper makes them"
    same = (
        together.text == record.text
        and list(together.tokens.starts) == list(tokens.starts)
        and list(together.tokens.ends) == list(tokens.ends)
        and list(together.tokens.sentences) == list(tokens.sentences)
    )
    return sentences if sentences and same else None


def _is_torn(cell: str) -> bool:
    return "\n" in cell or "\t" in cell or cell != cell.strip("\r\n \t")


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as CoNLL-U."""
    options = options_as(ConlluOptions, context.options)
    write_lines(
        path,
        records,
        context,
        keeper=_Keeper(options),
        lines=lambda kept: _lines(kept, context.written.documents, options),
    )


def _lines(record: Record, number: int, options: ConlluOptions) -> Iterator[str]:
    sentences = _fitting(record) if NAME in record.attributes else None
    if sentences:
        words = [sentences[place].rows[rows[0]] for place, rows in joined(sentences).places]
    else:
        sentences = _made(record, number)
        words = [cells for sentence in sentences for cells in sentence.rows]
    for mark, cells in zip(_marks(record, options), words, strict=True):
        if mark and cells[MISC] == "_":
            cells[MISC] = mark
        elif mark:
            cells[MISC] = "|".join(sorted([*items_of(cells[MISC]), mark], key=str.casefold))
    first = [] if any(each.startswith(NEW_DOCUMENT) for each in sentences[0].comments) else [NEW_DOCUMENT]
    if options.spans == BRACKETS and number == 1:
        first.append(GLOBAL)
    if own := _own(record):
        first.append(OWN + json_line(own, what=name_of(record)).decode().rstrip("\n"))
    for index, sentence in enumerate(sentences):
        yield from first if not index else ()
        yield from sentence.comments
        yield from ("\t".join(cells) for cells in sentence.rows)
        yield ""


def _own(record: Record) -> dict[str, Any]:
    """Give what a comment of our own says of the document."""
    own: dict[str, Any] = {name: value for name in NAMES if (value := getattr(record, name))}
    if own.get("title") == title_of(record.text):
        del own["title"]
    if record.metadata:
        own["metadata"] = dict(record.metadata)
    return own


def _made(record: Record, number: int) -> list[Sentence]:
    """Make the sentences of a document that came with none."""
    tokens, text = record.tokens, record.text
    assert tokens is not None, "the keeper makes them"
    count, next_starts = len(tokens), [*tokens.starts[1:], len(text)]
    sentences: list[Sentence] = []
    for place, (first, last) in enumerate(
        zip(tokens.sentences, [*tokens.sentences[1:], count], strict=True), start=1
    ):
        before = text[: tokens.starts[0]] if not first else ""
        gap = text[tokens.ends[first - 1] : tokens.starts[first]] if first else ""
        paragraph = [NEW_PARAGRAPH] if not first or gap.count("\n") > 1 else []
        words = re.sub(r"\s", " ", text[tokens.starts[first] : tokens.ends[last - 1]])
        sentence = Sentence([*paragraph, f"# sent_id = {number}-{place}", TEXT + words])
        for index in range(first, last):
            form, misc = spaced(
                text[tokens.starts[index] : tokens.ends[index]],
                before=before if index == first else "",
                after=text[tokens.ends[index] : next_starts[index]],
                is_last=index + 1 == count,
            )
            sentence.rows.append([str(index - first + 1), form, *_EMPTY, misc])
        sentences.append(sentence)
    return sentences


def _marks(record: Record, options: ConlluOptions) -> Sequence[str]:
    """Give what MISC says of spans at each word; empty where nothing."""
    tokens = record.tokens
    assert tokens is not None, "the keeper makes them"
    spans: list[tuple[Pieces, str]] = [
        (tuple(tokens.covering(*each) for each in span.fragments), span.label) for span in record.spans
    ]
    if options.spans == BRACKETS:
        marks = brackets_of(len(tokens), spans)
        return [f"{BRACKETS}={mark}" if mark else "" for mark in marks]
    tags = tags_of(len(tokens), [(*pieces[0], escaped(label, "\\|")) for pieces, label in spans], IOB2)
    return [f"{options.spans}={tag}" for tag in tags]


def _keeper(options: object, _schema: Schema | None) -> _Keeper:
    return _Keeper(options_as(ConlluOptions, options))


FORMAT = Format(
    name=NAME,
    title="CoNLL-U",
    suffixes=SUFFIXES,
    sniff=sniff,
    read=read,
    write=write,
    options=ConlluOptions,
    read_options=TokenLinesOptions,
    losses=losses_by(_keeper),
    keeps=keeps_by(_keeper),
    leaves_out=leaves_unfinished,
)
