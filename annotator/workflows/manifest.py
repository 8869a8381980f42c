"""The manifest beside an export: what it holds and how it came about, without texts and without paths."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections import Counter
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from annotator import __version__
from annotator.formats.base import Format
from annotator.model.annotation import Relation, Span
from annotator.model.document import Document
from annotator.model.errors import FormatError
from annotator.model.record import Loss
from annotator.model.schema import write_schema
from annotator.workflows.saving import save_text
from annotator.workflows.session import Session


def place_of(target: Path, files: Sequence[Path]) -> Path:
    """Give where the manifest of an export stands: beside its file, or in the folder of its parts."""
    first = files[0]
    if len(files) > 1 or first.parent == target:
        return first.parent / "manifest.json"
    return first.with_name(first.name + ".manifest.json")


def write(
    session: Session,
    *,
    files: Sequence[tuple[Path, Sequence[Document]]],
    options: Any,
    losses: Sequence[Loss],
    format: Format,  # noqa: A002 - the field's word
    path: Path,
) -> None:
    """Write the manifest of an export into a path.

    Raises:
        FormatError: it cannot be written.
    """
    content = describe(session, files=files, options=options, losses=losses, format_name=format.name)
    save_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def describe(
    session: Session,
    *,
    files: Sequence[tuple[Path, Sequence[Document]]],
    options: Any,
    losses: Sequence[Loss],
    format_name: str,
) -> dict[str, Any]:
    """Give the content of a manifest."""
    schema = write_schema(session.schema)
    labels: dict[str, Counter[str]] = {}
    annotators: Counter[str] = Counter()
    how: Counter[str] = Counter()
    tokenizers: set[str] = set()
    documents = []
    for path, chosen in files:
        for document in chosen:
            found = session.annotations(document.key)
            count = labels.setdefault(document.part.value, Counter())
            decided: list[Span | Relation] = [*found.spans, *found.relations]
            for item in decided:
                count[item.label] += 1
                annotators[item.provenance.annotator] += 1
                how[item.provenance.how.value] += 1
            tokenizers.add(session.tokens(document.key).tokenizer)
            documents.append(
                {
                    "id": document.id,
                    "hash": document.hash,
                    "part": document.part.value,
                    "state": document.state.value,
                    "file": path.name,
                }
            )
    return {
        "program": f"annotator {__version__}",
        "spacy": metadata.version("spacy"),
        "tokenizers": sorted(tokenizers),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "project": session.setting("id", ""),
        "format": format_name,
        "options": dataclasses.asdict(options),
        "schema": schema,
        "schema_hash": hashlib.sha256(schema.encode()).hexdigest(),
        "documents": documents,
        "labels": {part: dict(sorted(count.items())) for part, count in sorted(labels.items())},
        "annotators": dict(annotators.most_common()),
        "decisions": dict(how),
        "losses": [{"kind": loss.kind, "count": loss.count, "message": loss.message} for loss in losses],
    }


def options_like(path: Path) -> dict[str, Any]:
    """Read the options of an earlier export from its manifest.

    Raises:
        FormatError: it is not one.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        options = content["options"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(
            f"{path.name} is not the manifest of an export.", "Choose a manifest.json."
        ) from error
    if not isinstance(options, dict):
        raise FormatError(f"{path.name} is not the manifest of an export.", "Choose a manifest.json.")
    return options
