"""Scenes of dialogs that bring documents in and out: what is looked at, what is lost, and what was refused."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from annotator.ui import style
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.import_report import ImportReportDialog
from annotator.ui.dialogs.importing import ImportDialog
from annotator.ui.jobs import Jobs
from annotator.workflows.importing import import_documents
from annotator.workflows.projects import new_project
from annotator.workflows.session import Session
from tests.builders import bring
from tests.pictures import articles
from tests.pictures.taking import Studio, picture_of
from tests.ui.driving import let_live, wait_until

_LOOK = 200
"""Milliseconds after which a dialog of exports has begun to look ahead."""


def project(folder: Path) -> Session:
    """Make a project of eleven seeds; the first is decided for a third, all others to their ends."""
    session = new_project(
        folder / "News 2025.annot", name="News 2025", schema=articles.news(), language="en", annotator="Mara"
    )
    bring(
        session,
        *(articles.seed_record(number, decided=0.35 if number == 1 else 1.0) for number in range(1, 12)),
    )
    return session


def exporting(studio: Studio, ratio: int, *, theme: str, format_name: str) -> QImage:
    """Show what an export into a format would hold and lose."""

    def make(session: Session, jobs: Jobs, _folder: Path) -> QWidget:
        dialog = ExportDialog(session, jobs.run)
        dialog.fields.documents_box.choose("all")
        dialog.format_list.choose(format_name)
        return dialog

    return _dialog(studio, ratio, theme=theme, make=make)


def importing(studio: Studio, ratio: int, *, theme: str) -> QImage:
    """Show what files hold before they come in: one is good, one brings types, one is broken, one is no text."""

    def make(session: Session, jobs: Jobs, folder: Path) -> QWidget:
        return ImportDialog(session, jobs.run, sources=_files(folder))

    return _dialog(studio, ratio, theme=theme, make=make)


def report(studio: Studio, ratio: int, *, theme: str) -> QImage:
    """Show what was refused and repaired."""

    def make(session: Session, _jobs: Jobs, folder: Path) -> QWidget:
        return ImportReportDialog(import_documents(session, _files(folder)), folder=folder)

    return _dialog(studio, ratio, theme=theme, make=make)


def _files(folder: Path) -> list[Path]:
    text = "Ada Lovelace met Charles Babbage in London."
    good = {"text": text, "spans": [{"start": 0, "end": 12, "label": "PERSON"}], "answer": "accept"}
    blank = {"text": text[:33], "spans": [{"start": 12, "end": 33, "label": "PERSON"}]}
    wrong = {"text": text, "spans": [{"start": 50, "end": 60, "label": "PERSON"}]}
    contents = {
        "letter.txt": f"{text}\n".encode(),
        "tasks.jsonl": "\n".join(map(json.dumps, (good, blank, wrong))).encode() + b'\n{"text": cut\n',
        "genes.doccano.jsonl": json.dumps(
            {"text": "BRCA1 is a gene 🧬.", "label": [[0, 5, "GENE"]]}
        ).encode(),
        "old.txt": "Der Bürgermeister grüßte die Gäste.".encode("cp1252"),
        "photo.jpg": b"\xff\xd8\xff\xe0picture",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def _dialog(
    studio: Studio, ratio: int, *, theme: str, make: Callable[[Session, Jobs, Path], QWidget]
) -> QImage:
    style.choose(theme)
    folder = Path(tempfile.mkdtemp(dir=studio.folder))
    session, jobs = project(folder), Jobs()
    try:
        dialog = make(session, jobs, folder)
        studio.show(dialog, (dialog.width(), dialog.height()))
        let_live(_LOOK)
        wait_until(lambda: not jobs.running, what="quiet")
        studio.settle()
        return picture_of(dialog, ratio)
    finally:
        jobs.close()
        wait_until(lambda: not jobs.running, what="the jobs to end")
        session.close()


_SCENES: Mapping[str, Callable[..., QImage]] = {
    "import": importing,
    "import_report": report,
    "export": partial(exporting, format_name="docbin"),
    "export_conll": partial(exporting, format_name="conll"),
    "export_text": partial(exporting, format_name="text"),
}
DIALOGS: Mapping[str, Callable[[Studio, int], QImage]] = {
    f"{name}_{theme}": partial(scene, theme=theme)
    for name, scene in _SCENES.items()
    for theme in ("light", "dark")
}
