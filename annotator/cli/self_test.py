"""Checks an installation: a seed project goes the whole way from texts to files that are read back and compared."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from annotator import __version__
from annotator.editing.commands import AcceptMany
from annotator.model.errors import UserError


def run() -> int:
    """Do it, print one line of JSON, and give the exit code: 0 where everything agreed."""
    began = time.perf_counter()
    result: dict[str, Any] = {"version": __version__}
    try:
        with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
            result |= _check(Path(folder))
    except UserError as error:
        result |= {"ok": False, "error": str(error)}
    result["seconds"] = round(time.perf_counter() - began, 2)
    print(json.dumps(result, ensure_ascii=False))
    return 0 if result["ok"] else 1


def _check(folder: Path) -> dict[str, Any]:
    from annotator.workflows import suggesting
    from annotator.workflows.exporting import ExportOptions, export
    from annotator.workflows.looking import look
    from annotator.workflows.machine import start_worker
    from annotator.workflows.projects import open_project, sample_project

    path = sample_project(folder, annotator="self-test")
    session = open_project(path, annotator="self-test")
    try:
        start_worker(session)
        made = suggesting.suggest(session)
        session.do(AcceptMany(done=True))
        formats = {"docbin": "sample.spacy", "prodigy": "sample.jsonl", "csv": "sample.csv"}
        written = {}
        for name, file in formats.items():
            done = export(session, folder / file, ExportOptions(format=name))
            back = look(folder / file)
            written[name] = {
                "written": [done.documents, done.spans, done.relations],
                "read_back": [back.documents, back.spans, back.relations],
            }
        page = folder / "page.html"
        page.write_text("<title>Ada</title><p>Ada left.", encoding="utf-8")
        pages = look(page).documents
        pipelines = [each.name for each in suggesting.pipelines()]
        documents = session.counts().all
    finally:
        session.close()
    agree = all(each["written"] == each["read_back"] and each["written"][1] > 0 for each in written.values())
    return {
        "ok": agree and made.spans > 0 and documents > 0 and pages == 1,
        "documents": documents,
        "candidates": [made.spans, made.relations],
        "pipelines": pipelines,
        "exports": written,
    }
