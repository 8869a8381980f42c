"""From a finding in the export dialog to its span in the article, and back to the dialog as it was."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.editing.commands import AddSpan, FinishDocument
from annotator.model.annotation import Fragment
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.window import MainWindow
from tests.ui.driving import Person, wait_until


def the_dialog(window: MainWindow) -> ExportDialog:
    """Open the export dialog and wait for what it finds."""
    window.places.show_export()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ExportDialog)
    wait_until(
        lambda: dialog.plan is not None and dialog.preflight.found is not None and not window.jobs.running,
        what="the look at the export",
    )
    return dialog


def test_a_finding_leads_to_its_span_and_the_dialog_comes_back_as_it_was(
    person: Person, window: MainWindow
) -> None:
    session = window.controller.session
    assert session is not None
    first, second = session.document_keys()
    session.do(AddSpan(second, (Fragment(1, 5),), "ROLE"))
    wanted = next(span.key for span in session.annotations(second).spans if span.label == "ROLE")
    session.do(FinishDocument(document=second, accept_rest=True))
    window.controller.open_document(first)
    dialog = the_dialog(window)
    dialog.fields.layout_box.choose("spans")
    dialog.fields.documents_box.choose("all")
    dialog._on_chosen()
    wait_until(lambda: dialog.plan is not None and not window.jobs.running, what="the look at the export")
    table = dialog.preflight.table
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert window.controller.document == second
    assert window.controller.selected.id == f"s{wanted}"
    assert "Off token borders." in window.centre.strips.words()["export"]
    wait_until(lambda: QApplication.activeModalWidget() is None, what="the dialog to close")
    again = the_dialog(window)
    assert (again.options.layout, again.options.documents) == ("spans", "all")
    again.reject()
    wait_until(lambda: QApplication.activeModalWidget() is None, what="the dialog to close")
    assert the_dialog(window).options.layout == "auto"
    modal = QApplication.activeModalWidget()
    assert isinstance(modal, ExportDialog)
    modal.reject()
