"""From an imported article to both exports with the keyboard alone, in the real window with the real worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from annotator.model.annotation import Origin
from annotator.model.document import State
from annotator.resources_path import seeds_folder
from annotator.ui.app import make_application
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.window import MainWindow
from annotator.workflows.importing import import_documents
from annotator.workflows.projects import load_schema, new_project, open_project
from tests.ui.driving import Person, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with two imported articles and no candidates."""
    session = new_project(
        tmp_path / "news.annot", name="News", schema=load_schema("news"), language="en", annotator="Mara"
    )
    import_documents(session, sorted(seeds_folder().glob("0[12]-*.txt")))
    session.close()
    return session.path


@pytest.fixture
def person(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """Somebody before the real window, with the candidates made by the worker process."""
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    application = make_application()
    window = MainWindow(annotator="Mara")
    window.resize(1440, 900)
    window.show()
    assert window.open_project(project)
    window.activateWindow()
    window.focus_article()
    wait_until(lambda: window.controller.things.undecided, patience=120, what="candidates")
    wait_until(lambda: not window.jobs.running, patience=120, what="the end of the run")
    yield Person(window)
    window.close()
    window.deleteLater()
    application.processEvents()


def decide_first_article(person: Person) -> None:
    """Use every kind of decision once, then take the rest as proposed."""
    controller = person.window.controller
    person.press("A")
    person.press("X")
    person.press("3")
    while person.kind != "candidate":
        person.press("Tab")
    person.press("G", "F", "A")
    while person.kind != "relation_candidate":
        person.press("A")
    person.press("A")
    while person.kind != "candidate":
        person.press("A")
    person.press("R")
    if controller.mode == "relation":
        letters = next(iter(sorted(filter(None, person.window.relation.hints.values()), key=len)))
        person.press(*letters)
        if person.window.relation.is_on:
            person.press("Return")
    person.press("A")


def export_as(person: Person, name: str, folder: Path) -> Path:
    """Open the export dialog by its key, choose a format by the arrows, and press Enter; then close the result."""
    before = set(folder.iterdir())
    person.press("Ctrl+E")
    dialog = person.dialog()
    assert isinstance(dialog, ExportDialog)
    dialog.format_list.setFocus()
    while dialog._format != name:
        person.press("Down")
    wait_until(lambda: dialog.plan is not None and dialog.export_button.isEnabled(), what="the plan")
    dialog.export_button.setFocus()
    person.press("Return")
    wait_until(lambda: dialog.exported is not None, patience=120, what="the result")
    wait_until(lambda: not person.window.jobs.running, what="the end of writing")
    written = [path for path in set(folder.iterdir()) - before if "manifest" not in path.name]
    person.press("Esc")
    wait_until(lambda: not isinstance(QApplication.activeModalWidget(), QDialog), what="the dialog to close")
    (path,) = written
    return path


def test_from_candidates_to_both_exports_by_keys_alone(person: Person, project: Path, tmp_path: Path) -> None:
    window = person.window
    first = window.controller.document
    decide_first_article(person)
    found = window.controller.annotations
    assert {span.provenance.origin for span in found.spans} >= {Origin.CANDIDATE, Origin.FIXED}
    assert found.rejections
    assert found.relations

    while window.controller.document == first:
        person.press("Ctrl+Return")
    second = window.controller.document
    while window.controller.session is not None and window.controller.session.counts().done < 2:
        person.press("Ctrl+Return")
    session = window.controller.session
    assert session is not None
    assert first is not None
    assert second is not None
    assert [session.document(key).state for key in (first, second)] == [State.DONE, State.DONE]
    before = [session.annotations(key) for key in (first, second)]
    assert all(not each.undecided and not each.undecided_relations for each in before)

    docbin = export_as(person, "docbin", tmp_path)
    jsonl = export_as(person, "prodigy", tmp_path)
    check_exports(docbin, jsonl, spans=sum(len(each.spans) for each in before))

    person.press("Ctrl+W")
    wait_until(lambda: window.controller.session is None)
    assert window.open_project(project)
    session = window.controller.session
    assert session is not None
    assert not session.read_only
    assert [session.annotations(key) for key in (first, second)] == before
    person.press("Ctrl+Q")
    again = open_project(project, annotator="Mara")
    assert [again.annotations(key) for key in (first, second)] == before
    again.close()


def check_exports(docbin: Path, jsonl: Path, *, spans: int) -> None:
    """Read both files as others do and count what they hold."""
    import spacy
    from spacy.tokens import Doc, DocBin

    if not Doc.has_extension("rel"):
        Doc.set_extension("rel", default={})
    documents = list(DocBin().from_disk(docbin).get_docs(spacy.blank("en").vocab))
    assert len(documents) == 2
    assert sum(len(each.ents) + len(each.spans.get("sc", ())) for each in documents) >= spans
    assert any(
        value == 1.0 for each in documents for types in each._.rel.values() for value in types.values()
    )
    records = [json.loads(line) for line in jsonl.read_text(encoding="utf-8").splitlines()]
    accepted = [span for record in records for span in record["spans"] if span.get("answer") != "reject"]
    assert len(accepted) == spans
    assert any(record["relations"] for record in records)
