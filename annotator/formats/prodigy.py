"""Prodigy JSONL: the format, and its writer. What a line holds is in `prodigy_task.py`; `prodigy_reading.py` reads."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

from annotator.formats.base import Format, ReadOptions, Tokenize, WriteContext, option, shown
from annotator.formats.ledger import Proof
from annotator.formats.loss_counting import LossCounter
from annotator.formats.prodigy_annotations import NAME, VIEWS
from annotator.formats.prodigy_reading import made_of, read, sniff
from annotator.formats.prodigy_task import MESSAGES, Task
from annotator.formats.whole_files import folder_of, write_compared
from annotator.model.record import Loss, Record
from annotator.model.schema import Schema

_END = b',"_view_id":"ner_manual"}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class ProdigyOptions:
    """How Prodigy JSONL is written."""

    details: bool = option(
        default=True,
        title="Keep details",
        about='Write ids, notes, flags, and who decided and when under the key "annotator".',
    )


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as Prodigy tasks."""
    options = _options(context.options)
    counter = LossCounter(MESSAGES)
    proof = Proof(shown(path), partial(made_of, options=ReadOptions()))

    def put(file: BinaryIO) -> None:
        view = 0
        # The name of the view, the same in all lines, is known only after the last one.
        with tempfile.TemporaryFile(dir=folder_of(path)) as draft:
            for record in records:
                task = Task(record, context.tokenize, counter, details=options.details)
                draft.write(_with_view(proof.line(task.fields(), record), task))
                view = max(view, task.view)
                context.written.documents += 1
                context.written.spans += task.spans_written
                context.written.relations += task.relations_written
            draft.seek(0)
            _copy(draft, file, view)

    write_compared(path, put)


def losses(
    records: Iterable[Record],
    options: object,
    tokenize: Tokenize | None = None,
    schema: Schema | None = None,
) -> list[Loss]:
    """Count what Prodigy's own fields would not hold."""
    del schema
    counter = LossCounter(MESSAGES)
    chosen = _options(options)
    for record in records:
        Task(record, tokenize, counter, details=chosen.details).count()
    return counter.result()


def _options(given: object) -> ProdigyOptions:
    return given if isinstance(given, ProdigyOptions) else ProdigyOptions()


def _with_view(line: bytes, task: Task) -> bytes:
    return line if task.has_foreign_view else line[:-2] + _END


def _copy(draft: IO[bytes], file: BinaryIO, view: int) -> None:
    if not view:
        shutil.copyfileobj(draft, file, 1 << 20)
        return
    end = _END.replace(b"ner_manual", VIEWS[view].encode())
    file.writelines(line[: -len(_END)] + end if line.endswith(_END) else line for line in draft)


FORMAT = Format(
    name=NAME,
    title="Prodigy JSONL",
    suffixes=(".jsonl", ".ndjson"),
    sniff=sniff,
    read=read,
    write=write,
    options=ProdigyOptions,
    losses=losses,
)
