"""CoNLL-2003 and its kin: the format, and its writer. Reading is in `conll_reading.py`.

One token a line with its tag, a blank line between sentences, `-DOCSTART-` before each document. Blanks of the text,
overlapping spans and all that is no span of whole tokens have no place and are declared losses; so are documents that
are not done, whose every bare word would count as a negative.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from annotator.formats.base import Format, WriteContext, option, options_as
from annotator.formats.conll_reading import START, SUFFIXES, TokenLinesOptions, joined, read, sniff
from annotator.formats.conll_tags import IOB2, SCHEMES, TokenSpan, tags_of
from annotator.formats.holding import (
    DISCONTINUOUS,
    FinishedOptions,
    Holding,
    Keeper,
    keeps_by,
    leaves_unfinished,
    losses_by,
)
from annotator.formats.line_writing import write_lines
from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.model.record import Record
from annotator.model.schema import Schema

BLANKS, LABELS, STARTS = "blanks", "labels", "starts"
INSTEAD = START.replace("-", "_")
"""Written for the word that would begin a document; of the same length."""
HOLDING = Holding(document=frozenset({"tokens"}), overlaps=False, off_tokens=False, unfinished=False)
_MESSAGES = {
    BLANKS: ("document", "Blanks and line ends of {what} are lost: tokens stand on lines of their own."),
    LABELS: ("span", "The labels of {what} have blanks, which become _ where blanks part the columns."),
    STARTS: ("document", f"A word of {{what}} is {START}, by which documents begin: it becomes {INSTEAD}."),
    DISCONTINUOUS: ("span", "{what} of several fragments: tags know none such; left out."),
}
TWO, FOUR = "2", "4"
TAB, BLANK = "tab", "blank"
_EMPTY = {TWO: (), FOUR: ("-X-", "-X-")}
"""What stands between token and tag."""
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConllOptions(FinishedOptions):
    """How tagged tokens are written."""

    scheme: str = option(
        default=IOB2, title="Scheme", about="How tags mark where spans begin and end.", choices=SCHEMES
    )
    columns: str = option(
        default=TWO,
        title="Columns",
        about="Token and tag (2), or the four columns of CoNLL-2003, the middle ones empty (4).",
        choices=(TWO, FOUR),
    )
    separator: str = option(
        default=TAB, title="Between columns", about="What parts the columns.", choices=(TAB, BLANK)
    )


class _Keeper(Keeper):
    """Gives texts as tokens and line ends leave them."""

    def __init__(self, options: ConllOptions) -> None:
        super().__init__(HOLDING, _MESSAGES, assume_done=options.assume_done)
        self._blank = options.separator == BLANK

    def keep(self, record: Record) -> Record | None:
        """Give what a file holds of a record."""
        cut = (
            record
            if record.tokens is not None
            else dataclasses.replace(record, tokens=_at_blanks(record.text))
        )
        kept = super().keep(cut)
        if kept is None:
            return None
        assert kept.tokens is not None, "tokens are held"
        old = kept.tokens
        words = [kept.text[start:end] for start, end in zip(old.starts, old.ends, strict=True)]
        if _BLANKS.search("".join(words)):
            words = [_BLANKS.sub("_", word) for word in words]
        text, tokens = joined(words, old.sentences or ([0] if words else []))
        if text != record.text:
            self.lose(BLANKS, record)
        if START in words:
            self.lose(STARTS, record)
            text, _ = joined([INSTEAD if word == START else word for word in words], tokens.sentences)
        spans = []
        for span in kept.spans:
            label = re.sub(r"\s", "_", span.label) if self._blank else span.label
            if label != span.label:
                self.lose(LABELS, record, span)
            first, last = old.covering(*span.fragments[0])
            place = (Fragment(tokens.starts[first], tokens.ends[last - 1]),)
            spans.append(dataclasses.replace(span, fragments=place, label=label))
        return dataclasses.replace(kept, text=text, tokens=tokens, spans=tuple(spans))


def _at_blanks(text: str) -> Tokens:
    found = [match.span() for match in re.finditer(r"\S+", text)]
    return Tokens([start for start, _ in found], [end for _, end in found], [0] if found else [])


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as tagged tokens."""
    options = options_as(ConllOptions, context.options)
    write_lines(path, records, context, keeper=_Keeper(options), lines=lambda kept: _lines(kept, options))


def _lines(record: Record, options: ConllOptions) -> Iterator[str]:
    tokens = record.tokens
    assert tokens is not None, "the keeper makes them"
    between = "\t" if options.separator == TAB else " "
    middle = between.join(["", *_EMPTY[options.columns], ""])
    spans: list[TokenSpan] = [(*tokens.covering(*span.fragments[0]), span.label) for span in record.spans]
    tags = tags_of(len(tokens), spans, options.scheme)
    rows = [
        f"{record.text[start:end]}{middle}{tag}"
        for start, end, tag in zip(tokens.starts, tokens.ends, tags, strict=True)
    ]
    yield f"{START}{middle}O"
    yield ""
    for first, last in pairwise([*tokens.sentences, len(tokens)]):
        yield from rows[first:last]
        yield ""


def _keeper(options: object, _schema: Schema | None) -> _Keeper:
    return _Keeper(options_as(ConllOptions, options))


FORMAT = Format(
    name="conll",
    title="CoNLL (tagged tokens)",
    suffixes=SUFFIXES,
    sniff=sniff,
    read=read,
    write=write,
    options=ConllOptions,
    read_options=TokenLinesOptions,
    losses=losses_by(_keeper),
    keeps=keeps_by(_keeper),
    leaves_out=leaves_unfinished,
)
