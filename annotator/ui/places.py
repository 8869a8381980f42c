"""The pages of the window and the dialogs over it: made when they are first wanted, wired here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QInputDialog, QMessageBox

from annotator.model.annotation import Kind
from annotator.model.errors import UserError
from annotator.model.record import Loss
from annotator.ui.doccano import Syncs
from annotator.ui.messages import MessagesDialog
from annotator.ui.plain import set_plain
from annotator.ui.strips import Answer
from annotator.ui.training import Trainings
from annotator.workflows.recent import recent_projects
from annotator.workflows.session import Closed

if TYPE_CHECKING:
    from annotator.ui.dialogs.handbook import HandbookDialog
    from annotator.ui.dialogs.mapping import MappingDialog
    from annotator.ui.dialogs.schema_page import SchemaPage
    from annotator.ui.dialogs.welcome import WelcomePage
    from annotator.ui.export_places import ExportPlaces
    from annotator.ui.suggester_places import SuggesterPlaces
    from annotator.ui.window import MainWindow
    from annotator.workflows.importing import ImportReport


class Places(QObject):
    """Shows pages and dialogs of a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._welcome: WelcomePage | None = None
        self._schema: SchemaPage | None = None
        self._crashing = False
        self._export: ExportPlaces | None = None
        self._handbook: HandbookDialog | None = None
        self.trainings: Trainings = Trainings(window)
        self.syncs: Syncs = Syncs(window)
        self._suggesters: SuggesterPlaces | None = None

    # ------------------------------------------------------------------ pages

    def show_project(self) -> None:
        """Show the open project."""
        self._window.undoing.is_everywhere = False
        self._window.pages.setCurrentWidget(self._window.page)
        self._window.update_actions()

    def show_welcome(self) -> None:
        """Show recent projects and the ways to begin."""
        page = self._welcome_page()
        page.set_projects(recent_projects())
        self._window.pages.setCurrentWidget(page)
        page.take_focus()
        self._window.update_actions()

    def refresh_welcome(self) -> None:
        """List the recent projects anew."""
        self._welcome_page().set_projects(recent_projects())

    def show_schema(self, *, kind: Kind | None = None, name: str = "", new: bool = False) -> None:
        """Show the page of labels and relations, at one of them if it is named, or at a new label."""
        window = self._window
        if window.controller.session is None:
            return
        page = self._schema_page()
        page.set_session(window.controller.session)
        if kind is not None and name:
            page.choose(kind, name)
        elif new:
            page.begin_label()
        # A change of a type touches no document: undo here is about the newest act of all.
        window.undoing.is_everywhere = True
        window.pages.setCurrentWidget(page)
        window.update_actions()

    def leave_schema(self) -> None:
        """Go back to the project."""
        self.show_project()
        self._window.focus_article()

    @property
    def suggesters(self) -> SuggesterPlaces:
        """Give what shows the page of suggesters."""
        if self._suggesters is None:
            from annotator.ui.suggester_places import SuggesterPlaces

            self._suggesters = SuggesterPlaces(self._window)
        return self._suggesters

    def _welcome_page(self) -> WelcomePage:
        if self._welcome is None:
            from annotator.ui.dialogs.welcome import WelcomePage

            window = self._window
            page = self._welcome = WelcomePage(window)
            page.new_wanted.connect(window.projects.new)
            page.open_wanted.connect(window.projects.open)
            page.sample_wanted.connect(window.projects.open_sample)
            page.doccano_wanted.connect(self.syncs.show_dialog)
            page.recent_chosen.connect(window.projects.open_path)
            page.locate_wanted.connect(window.projects.locate)
            page.forget_wanted.connect(window.projects.forget)
            page.keys_wanted.connect(self.show_keys)
            page.settings_wanted.connect(self.show_settings)
            window.pages.addWidget(page)
        return self._welcome

    def _schema_page(self) -> SchemaPage:
        if self._schema is None:
            from annotator.ui.dialogs.schema_page import SchemaPage

            window = self._window
            page = self._schema = SchemaPage(window)
            page.command_wanted.connect(window.controller.do)
            page.closed.connect(self.leave_schema)
            window.controller.annotations_changed.connect(lambda _changes: page.refresh())
            window.controller.session_changed.connect(lambda: page.set_session(window.controller.session))
            window.pages.addWidget(page)
        return self._schema

    def bring(self, paths: Sequence[Path]) -> None:
        """Bring dropped files in: files of patterns as pattern lists, all else as documents.

        Where a name tells nothing, the dialog says first what each file seems to be.
        """
        from annotator.workflows.patterns import is_pattern_file
        from annotator.workflows.preparing import is_readable

        patterns = [path for path in paths if is_pattern_file(path)]
        if patterns:
            self.suggesters.add_files(patterns)
        documents = [path for path in paths if path not in patterns]
        if not all(map(is_readable, documents)):
            self.ask_import(documents)
        elif documents:
            self._window.work.import_paths(documents)

    # ------------------------------------------------------------------ dialogs

    def ask_new_project(self, sources: Sequence[Path] = ()) -> None:
        """Ask for what a new project needs."""
        from annotator.ui.dialogs.new_project import NewProjectDialog

        window = self._window
        self.open_dialog(
            NewProjectDialog(
                window.jobs.run, make=window.projects.make, sources=tuple(sources), parent=window
            )
        )

    def ask_import(self, sources: Sequence[Path] = ()) -> None:
        """Ask what to bring in and how."""
        from annotator.ui.dialogs.importing import ImportDialog

        window = self._window
        if window.controller.session is None:
            return
        dialog = ImportDialog(
            window.controller.session, window.jobs.run, sources=tuple(sources), parent=window
        )
        dialog.import_wanted.connect(window.work.import_requests)
        dialog.patterns_wanted.connect(self.suggesters.add_files)
        self.open_dialog(dialog)

    def show_import_report(self, report: ImportReport) -> None:
        """Show what an import did, if there is something to look at."""
        from annotator.ui.dialogs.import_report import ImportReportDialog, needs_report

        window = self._window
        if needs_report(report):
            dialog = ImportReportDialog(report, parent=window)
            dialog.document_wanted.connect(window.controller.open_document)
            dialog.patterns_wanted.connect(self.suggesters.add_files)
            self.open_dialog(dialog)

    def show_export(self) -> None:
        """Ask what to export and do it."""
        self._pointing().show_dialog()

    def go_to_example(self, loss: Loss, at: int, *, back: Answer) -> None:
        """Go to something that a dialog pointed at; `back` opens the dialog again."""
        self._pointing().go_to_example(loss, at, back=back)

    def _pointing(self) -> ExportPlaces:
        if self._export is None:
            from annotator.ui.export_places import ExportPlaces

            self._export = ExportPlaces(self._window)
        return self._export

    @property
    def can_step_export(self) -> bool:
        """Tell whether the export pointed at other places than the one that is shown."""
        return self._export is not None and self._export.can_step

    def step_export(self, by: int) -> None:
        """Go to the next place that the export pointed at, or to the one before."""
        if self._export is not None:
            self._export.step(by)

    def show_mapping(self) -> MappingDialog | None:
        """Choose the pipeline and what its labels become; gives the dialog, none without a project."""
        from annotator.ui.dialogs.mapping import MappingDialog

        window = self._window
        if window.controller.session is None:
            return None
        dialog = MappingDialog(window.controller.session, window.jobs.run, parent=window)
        dialog.suggest_wanted.connect(window.work.suggest_after_mapping)
        dialog.finished.connect(window.telling.forget_pipeline)
        self.open_dialog(dialog)
        return dialog

    def add_pipeline(self) -> None:
        """Ask for the file of a pipeline; what becomes of its labels is chosen where it arrives."""
        dialog = self.show_mapping()
        if dialog is not None:
            dialog.editor.adding.choose_file()

    def ask_paste(self, text: str) -> None:
        """Ask how to call a pasted text."""
        from annotator.ui.dialogs.paste import PasteDialog

        window = self._window
        if window.controller.session is not None:
            dialog = PasteDialog(window.controller.session, text=text, parent=window)
            dialog.paste_wanted.connect(window.work.import_pasted)
            self.open_dialog(dialog)

    def ask_skip(self) -> None:
        """Ask why a document is skipped."""
        from annotator.ui.dialogs.skip import SkipDialog

        window = self._window
        session, info = window.controller.session, window.controller.info
        if session is not None and info is not None:
            dialog = SkipDialog(session, info.title, parent=window)
            dialog.skip_wanted.connect(window.finishing.skip)
            self.open_dialog(dialog)

    def show_history(self) -> None:
        """Show what was done, with a way back."""
        from annotator.ui.dialogs.history import HistoryDialog

        window = self._window
        if window.controller.session is not None:
            dialog = HistoryDialog(window.controller.session, window.controller.document, parent=window)
            dialog.undo_wanted.connect(window.undoing.undo_steps)
            dialog.redo_wanted.connect(window.undoing.redo_step)
            self.open_dialog(dialog)

    def ask_remove_for_good(self, key: int | None = None) -> None:
        """Say what goes with a document, the open one if none is named, and ask twice."""
        from annotator.ui.dialogs.remove_for_good import RemoveForGoodDialog

        window = self._window
        session, key = window.controller.session, key or window.controller.document
        if session is not None and key is not None:
            dialog = RemoveForGoodDialog(session, (key,), window.jobs.run, parent=window)
            dialog.wanted.connect(window.work.remove_for_good)
            self.open_dialog(dialog)

    def show_document_info(self, key: int | None = None) -> None:
        """Show what is known about a document, the open one if none is named."""
        from annotator.ui.dialogs.document_info import DocumentInfoDialog

        window = self._window
        session, key = window.controller.session, key or window.controller.document
        if session is not None and key is not None:
            dialog = DocumentInfoDialog(session, key, window.jobs.run, parent=window)
            dialog.command_wanted.connect(window.controller.do)
            self.open_dialog(dialog)

    def show_handbook(self) -> None:
        """Show the handbook beside the window; asked for again, it comes to the front where it was."""
        from annotator.ui.dialogs.handbook import HandbookDialog

        if self._handbook is None:
            dialog = self._handbook = HandbookDialog(parent=self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.action_wanted.connect(self._window.run)
            dialog.finished.connect(self._on_handbook_closed)
        self._handbook.show()
        self._handbook.raise_()
        self._handbook.activateWindow()

    def _on_handbook_closed(self) -> None:
        self._handbook = None
        self._on_dialog_finished()

    def show_keys(self) -> None:
        """List every key."""
        from annotator.ui.dialogs.keys_list import KeysDialog

        dialog = KeysDialog(parent=self._window)
        dialog.action_wanted.connect(self._window.run)
        self.open_dialog(dialog)

    def show_settings(self) -> None:
        """Show what a person can choose for the window."""
        from annotator.ui.dialogs.settings import SettingsDialog

        window = self._window
        dialog = SettingsDialog(window.settings, window.annotator, parent=window)
        dialog.annotator_changed.connect(window.set_annotator)
        self.open_dialog(dialog)

    def show_about(self) -> None:
        """Say what this program is."""
        from annotator.ui.dialogs.about import AboutDialog

        self.open_dialog(AboutDialog(parent=self._window))

    def show_messages(self) -> None:
        """Show the messages of this sitting."""
        self.open_dialog(MessagesDialog(self._window.log, self._window))

    def ask_title(self) -> None:
        """Ask for another title of the document."""
        window = self._window
        info = window.controller.info
        if info is None:
            return
        dialog = QInputDialog(window)
        dialog.setWindowTitle("Rename the document")
        dialog.setLabelText("Title")
        dialog.setTextValue(info.title)
        dialog.resize(480, dialog.height())
        dialog.textValueSelected.connect(window.acts.rename)
        self.open_dialog(dialog)

    def show_crash(self, error: object) -> None:
        """Say that something went wrong in the program; a fault in saying so is not told in turn."""
        if self._crashing or not isinstance(error, BaseException):
            return
        self._crashing = True
        from annotator.ui.dialogs.crash import CrashDialog

        dialog = CrashDialog(error, parent=self._window)
        dialog.finished.connect(self._on_crash_told)
        self.open_dialog(dialog)

    def _on_crash_told(self) -> None:
        self._crashing = False

    def tell(self, error: UserError) -> None:
        """Tell what could not be done where no project is open to show a strip."""
        box = set_plain(QMessageBox(self._window))
        box.setWindowTitle("annotator")
        box.setText(error.what)
        box.setInformativeText(error.todo)
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        self.open_dialog(box)

    def say_closed(self, closed: Closed, *, then: Callable[[], object] | None = None) -> None:
        """Say which file belongs to a project that was closed under a reader; `then` follows when that was read."""
        box = set_plain(QMessageBox(self._window))
        box.setWindowTitle("annotator")
        box.setText("The project is closed, in two files for now.")
        box.setInformativeText(closed.words())
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        if then is not None:
            box.finished.connect(lambda _result: then())
        self.open_dialog(box)

    def open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog over the window; the program goes on meanwhile, and the article has the focus afterwards."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    def _on_dialog_finished(self) -> None:
        self._window.focus_article()
        self._window.update_actions()
