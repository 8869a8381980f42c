"""Files of doccano's JSONL, as they are uploaded."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from annotator.sync.client import DoccanoServer
from annotator.sync.remote import RemoteDocument, RemoteProject, Uploaded

_numbers = itertools.count()


def quiet(done: int, total: int, text: str) -> None:
    """Be told of progress, and say nothing."""


def _forget(task: str) -> None:
    """Be told of a task that nobody will wait for again."""


def line(
    text: str,
    *spans: tuple[int, int, str],
    relations: Sequence[tuple[int, int, str]] = (),
    **more: Any,
) -> dict[str, Any]:
    """Give a line of a project with relations; relations name spans by their place among these."""
    entities = [
        {"id": number, "start_offset": start, "end_offset": end, "label": label}
        for number, (start, end, label) in enumerate(spans)
    ]
    links = [
        {"id": number, "from_id": head, "to_id": child, "type": label}
        for number, (head, child, label) in enumerate(relations)
    ]
    return {"text": text, "entities": entities, "relations": links, **more}


def plain(text: str, *spans: tuple[int, int, str], **more: Any) -> dict[str, Any]:
    """Give a line of a project without relations."""
    return {"text": text, "label": [list(span) for span in spans], **more}


def uploaded(
    remote: DoccanoServer, project: RemoteProject, folder: Path, lines: Sequence[dict[str, Any] | str]
) -> Uploaded:
    """Upload lines."""
    file = folder / f"lines-{next(_numbers)}.jsonl"
    written = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in lines)
    file.write_text("\n".join(written), encoding="utf-8")
    return remote.upload(project, file, started=_forget, progress=quiet)


def pulled(remote: DoccanoServer, project: RemoteProject, folder: Path) -> list[RemoteDocument]:
    """Export, and read it."""
    return list(remote.documents(project, remote.export(project.id, folder, quiet)))
