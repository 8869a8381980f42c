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
from pathlib import Path

from annotator.formats.base import Format, WriteContext, name_of, option, shown
from annotator.formats.conll_reading import START, SUFFIXES, ConllReadOptions, joined, read, sniff
from annotator.formats.conll_tags import IOB2, SCHEMES, TokenSpan, tags_of
from annotator.formats.holding import DISCONTINUOUS, Holding, Keeper, losses_by, with_tokens
from annotator.formats.ledger import Ledger
from annotator.formats.whole_files import write_safely
from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Problem, Record

BLANKS, LABELS = "blanks", "labels"
HOLDING = Holding(document=frozenset({"tokens"}), overlaps=False, off_tokens=False, unfinished=False)
_MESSAGES = {
    BLANKS: ("document", "Blanks and line ends of {what} are lost: tokens stand on lines of their own."),
    LABELS: ("span", "The labels of {what} have blanks, which become _ where blanks part the columns."),
    DISCONTINUOUS: ("span", "{what} of several fragments: tags know none such; left out."),
}
TWO, FOUR = "2", "4"
TAB, BLANK = "tab", "blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConllOptions:
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
    assume_done: bool = option(
        default=False,
        title="Take all as done",
        about="Write documents too of which nobody said that they are done.",
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
        words = [
            re.sub(r"\s+", "_", kept.text[start:end]) for start, end in zip(old.starts, old.ends, strict=True)
        ]
        text, tokens = joined(words, old.sentences or ([0] if words else []))
        if text != record.text:
            self.lose(BLANKS, record)
        firsts = {start: index for index, start in enumerate(old.starts)}
        lasts = {end: index for index, end in enumerate(old.ends)}
        spans = []
        for span in kept.spans:
            label = re.sub(r"\s", "_", span.label) if self._blank else span.label
            if label != span.label:
                self.lose(LABELS, record, span)
            first, last = firsts[span.fragments[0].start], lasts[span.fragments[0].end]
            place = (Fragment(tokens.starts[first], tokens.ends[last]),)
            spans.append(dataclasses.replace(span, fragments=place, label=label))
        return dataclasses.replace(kept, text=text, tokens=tokens, spans=tuple(spans))


def _at_blanks(text: str) -> Tokens:
    found = [match.span() for match in re.finditer(r"\S+", text)]
    return Tokens([start for start, _ in found], [end for _, end in found], [0] if found else [])


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as tagged tokens."""
    options = _options(context.options)
    keeper, ledger = _Keeper(options), Ledger()

    def into(temporary: Path) -> None:
        with temporary.open("wb") as file:
            for record in records:
                kept = keeper.keep(with_tokens(record, context.tokenize))
                if kept is None:
                    continue
                ledger.enter(kept)
                lines = "".join(f"{line}\n" for line in _lines(kept, options))
                try:
                    file.write(lines.encode())
                except UnicodeEncodeError as error:
                    what = f"{name_of(record)} holds half a surrogate pair."
                    raise FormatError(what, "Take the broken character out.") from error
                context.written.documents += 1
                context.written.spans += len(kept.spans)

    def check(temporary: Path) -> None:
        problems: list[Problem] = []
        ledger.compare(read(temporary, ConllReadOptions(), problems.append), shown(path), problems)

    write_safely(path, into, check)


def _options(given: object) -> ConllOptions:
    return given if isinstance(given, ConllOptions) else ConllOptions()


def _lines(record: Record, options: ConllOptions) -> Iterator[str]:
    tokens = record.tokens
    assert tokens is not None, "the keeper makes them"
    between = "\t" if options.separator == TAB else " "
    middle = ["-X-", "-X-"] if options.columns == FOUR else []
    yield between.join([START, *middle, "O"])
    yield ""
    firsts = {start: index for index, start in enumerate(tokens.starts)}
    lasts = {end: index + 1 for index, end in enumerate(tokens.ends)}
    spans: list[TokenSpan] = [
        (firsts[span.fragments[0].start], lasts[span.fragments[0].end], span.label) for span in record.spans
    ]
    begins = set(tokens.sentences)
    tags = tags_of(len(tokens), spans, options.scheme)
    for index, (start, end, tag) in enumerate(zip(tokens.starts, tokens.ends, tags, strict=True)):
        if index and index in begins:
            yield ""
        yield between.join([record.text[start:end], *middle, tag])
    yield ""


FORMAT = Format(
    name="conll",
    title="CoNLL (tagged tokens)",
    suffixes=SUFFIXES,
    sniff=sniff,
    read=read,
    write=write,
    options=ConllOptions,
    read_options=ConllReadOptions,
    losses=losses_by(lambda options, _schema: _Keeper(_options(options))),
    keeps=lambda record, options, _schema: _Keeper(_options(options)).keep(record),
)
