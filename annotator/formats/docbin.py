"""spaCy DocBin: the format, and its writer.

One layout for a whole file, never one for each document: `ents` (`doc.ents` alone), `spans` (every span in
`doc.spans["sc"]`, which every document has) or `both`. Rejected spans are in `doc.spans["incorrect"]`, relations
in `doc._.rel` by the first tokens of their ends, and everything else a record knows in
`doc.user_data["annotator"]`, so that reading the file back gives the same record. `docbin_plan.py` decides what goes
where, `docbin_windows.py` cuts long documents, `docbin_writing.py` packs and checks, `docbin_reading.py` reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from annotator.formats.base import Format, Tokenize, WriteContext, is_accepted
from annotator.formats.docbin_options import DocBinOptions, docbin_options
from annotator.formats.docbin_packing import Packing
from annotator.formats.docbin_plan import (
    APART,
    AUTO,
    BOTH,
    ENTS,
    UNFINISHED,
    WINDOWS,
    is_left_out,
    loss_counter,
    plan,
)
from annotator.formats.docbin_reading import NAME, read, sniff
from annotator.formats.docbin_windows import apart
from annotator.formats.docbin_writing import DocBinWriter, cut, spelling_of
from annotator.formats.whole_files import folder_of, write_compared
from annotator.model.document import State
from annotator.model.record import Loss, Record
from annotator.model.rules import without_overlaps
from annotator.model.schema import Schema

__all__ = ["FORMAT", "DocBinOptions", "layout_of", "leaves_out", "losses", "write"]


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as a DocBin.

    Raises:
        FormatError: also when every document would be left out.
    """
    options = docbin_options(context.options)
    with Packing(folder_of(path)) as packing:
        writer = DocBinWriter(packing, options, context)

        def put(file: BinaryIO) -> None:
            for record in records:
                writer.add(record)
            writer.settle()
            writer.put(file, writer.entries)

        write_compared(path, put)
        writer.count()


def losses(
    records: Iterable[Record],
    options: object,
    tokenize: Tokenize | None = None,
    schema: Schema | None = None,
) -> list[Loss]:
    """Count what spaCy's own layers would not hold."""
    chosen = docbin_options(options)
    layouts = (ENTS, BOTH) if chosen.layout == AUTO else (chosen.layout,)
    counters = {layout: loss_counter(layout) for layout in layouts}
    overlaps = False
    for record in records:
        pieces = cut(record, chosen, tokenize)
        for layout, counter in counters.items():
            if is_left_out(
                record.state, layout=layout, unfinished=chosen.unfinished, assume_done=chosen.assume_done
            ):
                counter.add(UNFINISHED, record)
                continue
            if len(pieces) > 1:
                counter.add(WINDOWS, record)
                for _ in range(apart(record, pieces)):
                    counter.add(APART, record)
            start = 0
            for piece in pieces:
                made = plan(
                    piece,
                    spelling_of(piece, tokenize),
                    layout=layout,
                    schema=schema or Schema(),
                    assume_done=chosen.assume_done,
                    counter=counter.within(record, start),
                    zeros=False,
                )
                start += len(piece.text)
                overlaps |= layout == BOTH and made.overlaps
    return counters[BOTH if chosen.layout == AUTO and overlaps else layouts[0]].result()


def leaves_out(state: State | None, options: object) -> bool:
    """Tell whether a document stays out; under `auto`, whether it does where the layout comes to `both`."""
    chosen = docbin_options(options)
    layout = BOTH if chosen.layout == AUTO else chosen.layout
    return is_left_out(state, layout=layout, unfinished=chosen.unfinished, assume_done=chosen.assume_done)


def layout_of(records: Iterable[Record], options: DocBinOptions) -> str:
    """Tell which layout `auto` comes to for these records, so that several files of one export get the same."""
    if options.layout != AUTO:
        return options.layout
    for record in records:
        if leaves_out(record.state, options):
            continue
        spelling = spelling_of(record, None)
        spans = (span for span in record.spans if is_accepted(span))
        places = [place for span in spans if (place := spelling.place(span.fragments)) is not None]
        if without_overlaps([(first, last, 0) for first, last in places])[1]:
            return BOTH
    return ENTS


FORMAT = Format(
    name=NAME,
    title="spaCy DocBin",
    suffixes=(".spacy",),
    sniff=sniff,
    read=read,
    write=write,
    options=DocBinOptions,
    losses=losses,
    leaves_out=leaves_out,
)
