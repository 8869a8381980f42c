"""A folder that spaCy trains on as it is: the parts of the corpus as DocBins, a configuration, and what to type.

The configuration is made by spaCy itself (`spacy init config`), for what the layout holds: `ner` for entities,
`spancat` for spans. A text that is in train is never in dev or test as well, whichever part it came with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from annotator.formats.base import Format, WriteContext
from annotator.formats.docbin import leaves_out, losses
from annotator.formats.docbin_options import DocBinOptions, docbin_options
from annotator.formats.docbin_packing import Packing
from annotator.formats.docbin_plan import ENTS, SPANS
from annotator.formats.docbin_writing import DocBinWriter, Entry
from annotator.formats.whole_files import Sink, folder_of, write_folder_compared
from annotator.model.document import Part
from annotator.model.errors import FormatError
from annotator.model.parting import Member, parted, with_dev
from annotator.model.record import Record
from annotator.model.wording import counted

if TYPE_CHECKING:
    from thinc.api import Config

NAME = "spacy_folder"
CONFIG, README = "config.cfg", "README.md"
COMMAND = f"python -m spacy train {CONFIG} --output model"
ENDINGS = (".spacy", CONFIG, README)
_SPANCAT_MOST = 12
"""Most tokens of a span that a span categorizer tries where nobody chose; it looks at every run of words up to that."""


@dataclass(slots=True)
class _Folder:
    """What is written: the documents of each part, and what the configuration must know."""

    parts: dict[Part, list[Entry]]
    language: str
    moved: int = 0


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write a folder of `train.spacy`, `dev.spacy`, perhaps `test.spacy`, `config.cfg` and `README.md`.

    Documents go to the part they have; those of none, and some where dev would be empty, are parted by their texts.

    Raises:
        FormatError: there is nothing to train on or to try it with, or the folder cannot be written.
    """
    options = docbin_options(context.options)
    made: list[_Folder] = []
    with Packing(folder_of(path)) as packing:
        writer = DocBinWriter(packing, options, context)

        def into(opened: Callable[[str], Sink]) -> None:
            languages: Counter[str] = Counter()
            for record in records:
                languages[_language_of(record)] += 1
                writer.add(record)
            writer.settle()
            found = _divided(writer.entries, languages.most_common(1)[0][0] if languages else "")
            made.append(found)
            for part, entries in found.parts.items():
                with opened(f"{part.value}.spacy") as file:
                    writer.put(cast("BinaryIO", file), entries)
            config = _config(found, writer.layout, options, has_rejected=_has_rejected(writer.entries))
            for name, content in ((CONFIG, config.to_str()), (README, _readme(found, writer.layout))):
                with opened(name) as file:
                    file.write(content.encode())

        write_folder_compared(path, into, endings=ENDINGS)
        writer.count()
    found = made[0]
    counts = ", ".join(f"{part.value} {_documents(entries):,}" for part, entries in found.parts.items())
    context.told.append(f"Documents: {counts}. To train, in the folder: {COMMAND}")
    if found.moved:
        context.told.append(f"{counted(found.moved, 'text')} of dev or test also in train: moved there.")


def _documents(entries: Iterable[Entry]) -> int:
    return len({entry.document for entry in entries})


def _language_of(record: Record) -> str:
    """Give the language whose rules cut a document: its tokenizer's where that names it, else its own."""
    name = record.tokens.tokenizer if record.tokens is not None else ""
    code = name.removeprefix("spacy-").split(" ")[0].split("+")[0] if name.startswith("spacy-") else ""
    return code or record.language.replace("_", "-").split("-")[0].lower()


def _divided(entries: Sequence[Entry], language: str) -> _Folder:
    """Put each document into its part, and texts that stand in two parts into the earlier one.

    Raises:
        FormatError: train or dev would be empty.
    """
    members: dict[int, Member] = {}
    for entry in entries:
        members.setdefault(entry.document, Member(name=entry.text.hex(), part=entry.part))
    parts = with_dev(list(members.values()), parted(list(members.values()), seed=""), seed="")
    part_by_document = dict(zip(members, parts, strict=True))
    earliest: dict[bytes, Part] = {}
    order = list(Part)
    for entry in entries:
        part = part_by_document[entry.document]
        earliest[entry.text] = min(earliest.get(entry.text, part), part, key=order.index)
    divided: dict[Part, list[Entry]] = {part: [] for part in Part}
    for entry in entries:
        divided[earliest[entry.text]].append(entry)
    for part in (Part.TRAIN, Part.DEV):
        if not divided[part]:
            raise FormatError(
                f"There is no document for {part.value}: training needs at least two that differ.",
                "Finish more documents, or keep fewer of them together.",
            )
    moved = sum(earliest[entry.text] is not part_by_document[entry.document] for entry in entries)
    return _Folder({part: found for part, found in divided.items() if found}, language or "xx", moved)


def _has_rejected(entries: Iterable[Entry]) -> bool:
    return any(entry.has_rejected for entry in entries)


def _config(found: _Folder, layout: str, options: DocBinOptions, *, has_rejected: bool) -> Config:
    """Let spaCy make the configuration, and name in it what only this export knows."""
    from spacy.cli.init_config import init_config

    pipeline = {ENTS: ["ner"], SPANS: ["spancat"]}.get(layout, ["ner", "spancat"])
    try:
        config = init_config(lang=found.language, pipeline=pipeline, optimize="efficiency")
    except (ImportError, ValueError, OSError):  # a language that spaCy has not, or only with further packages
        found.language = "xx"
        config = init_config(lang="xx", pipeline=pipeline, optimize="efficiency")
    config["paths"].update(train=f"{Part.TRAIN.value}.spacy", dev=f"{Part.DEV.value}.spacy")
    components: dict[str, Any] = config["components"]
    if "ner" in components and has_rejected:
        components["ner"]["incorrect_spans_key"] = "incorrect"
    if "spancat" in components:
        longest = max((each.longest for entries in found.parts.values() for each in entries), default=1)
        most = options.most_tokens or _SPANCAT_MOST
        components["spancat"]["suggester"] = {
            "@misc": "spacy.ngram_range_suggester.v1",
            "min_size": 1,
            "max_size": max(1, min(longest, most)),
        }
    if options.tokenizer and options.tokenizer != found.language:
        config["initialize"]["before_init"] = {
            "@callbacks": "spacy.copy_from_base_model.v1",
            "tokenizer": options.tokenizer,
            "vocab": None,
        }
    return config


def _readme(found: _Folder, layout: str) -> str:
    lines = [
        "# Training data for spaCy",
        "",
        "Written by annotator. In this folder:",
        "",
        f"    {COMMAND}",
        "",
        "The best model is then in `model/model-best`. To look at the data first:",
        "",
        f"    python -m spacy debug data {CONFIG}",
        "",
        "spaCy calls fewer than 100 training documents an error there, whatever is in them.",
        "",
        "| file | documents | spans | relations |",
        "|---|---|---|---|",
    ]
    for part, entries in found.parts.items():
        spans, relations = sum(each.spans for each in entries), sum(each.relations for each in entries)
        lines.append(f"| {part.value}.spacy | {_documents(entries):,} | {spans:,} | {relations:,} |")
    where = {ENTS: "`doc.ents`", SPANS: '`doc.spans["sc"]`'}.get(layout, '`doc.ents` and `doc.spans["sc"]`')
    lines += [
        "",
        f"Spans are in {where}, relations in `doc._.rel` as rel_component reads them, and what was rejected in",
        '`doc.spans["incorrect"]`. No text of dev or test is in train.',
        "",
    ]
    return "\n".join(lines)


FORMAT = Format(
    name=NAME,
    title="spaCy training folder",
    suffixes=(),
    sniff=lambda _head, _path: 0.0,
    write=write,
    options=DocBinOptions,
    losses=losses,
    leaves_out=leaves_out,
    folder_of=ENDINGS,
    divides=True,
)
