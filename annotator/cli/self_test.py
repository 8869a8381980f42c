"""Checks an installation: a seed project goes the whole way from texts to files that are read back and compared."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from annotator import __version__
from annotator.editing.commands import AcceptMany
from annotator.model.errors import UserError
from annotator.resources_path import pipeline_hashes

_PICTURE = b"\x89PNG\r\n\x1a\n"
_EMPTY = 20_000
"""Bytes below which a picture of the window shows no article."""


def run(draw_picture: Callable[[Path, Path, str, str], None]) -> int:
    """Do it, print one line of JSON, and give the exit code: 0 where everything agreed.

    Nothing is left behind, and the person's settings are neither read nor written. The window is drawn off the screen
    unless `QT_QPA_PLATFORM` says otherwise.
    """
    began = time.perf_counter()
    result: dict[str, Any] = {"version": __version__}
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
            os.environ["ANNOTATOR_SETTINGS"] = str(Path(folder) / "settings")
            result |= _check(Path(folder), draw_picture)
    except (UserError, OSError) as error:
        result |= {"ok": False, "error": str(error)}
    result["seconds"] = round(time.perf_counter() - began, 2)
    print(json.dumps(result, ensure_ascii=False))
    return 0 if result["ok"] else 1


def _check(folder: Path, draw_picture: Callable[[Path, Path, str, str], None]) -> dict[str, Any]:
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
    picture = folder / "window.png"
    draw_picture(path, picture, "light", "self-test")
    drawn = picture.read_bytes()
    changed = _changed_files()
    seen = drawn.startswith(_PICTURE) and len(drawn) > _EMPTY
    return {
        "ok": agree and seen and not changed and made.spans > 0 and documents > 0 and pages == 1,
        "documents": documents,
        "candidates": [made.spans, made.relations],
        "pipelines": pipelines,
        "exports": written,
        "window": len(drawn),
        "changed": changed,
    }


def _changed_files() -> list[str]:
    """Name the files of the bundled pipeline that are not as they were built; none where nothing was bundled.

    Code lies packed in the program, where the system's package manager watches over it.
    """
    changed = []
    for line in pipeline_hashes().splitlines():
        wanted, _, name = line.partition("  ")
        package, _, inner = name.partition("/")
        if inner.endswith(".py"):
            continue
        found = importlib.util.find_spec(package)
        file = Path(found.origin).parent / inner if found is not None and found.origin else Path(name)
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            changed.append(name)
    return changed
