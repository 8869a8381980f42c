"""The page of suggesters and the way pattern files come in, wired to the window."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from annotator.model.annotation import Fragment
from annotator.model.change import ChangeSet
from annotator.model.document import State
from annotator.model.errors import Cancelled, UserError
from annotator.workflows.machine import machine_of
from annotator.workflows.patterns import SUFFIXES, Adding, ArrivingPatterns, add_lists, read_files
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session, SuggestSettings

if TYPE_CHECKING:
    from annotator.ui.dialogs.suggesters_page import SuggestersPage
    from annotator.ui.window import MainWindow


class SuggesterPlaces(QObject):
    """Shows the page, and does what is asked for there."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: SuggestersPage | None = None
        self._has_changed = False

    @property
    def page(self) -> SuggestersPage:
        """Give the page, made when it is first wanted."""
        if self._page is None:
            from annotator.ui.dialogs.suggesters_page import SuggestersPage

            window = self._window
            page = self._page = SuggestersPage(window.jobs.run, window)
            page.command_wanted.connect(window.controller.do)
            page.settings_wanted.connect(self._keep_settings)
            page.files_wanted.connect(self.add_files)
            page.mapping_wanted.connect(window.places.show_mapping)
            page.again_wanted.connect(window.work.suggest_all)
            page.place_wanted.connect(self._go)
            page.least_wanted.connect(window.showing.show_from)
            window.showing.changed.connect(page.refresh)
            page.closed.connect(self.leave)
            window.controller.annotations_changed.connect(self._on_changed)
            window.controller.session_changed.connect(lambda: page.set_session(window.controller.session))
            window.pages.addWidget(page)
        return self._page

    def show(self) -> None:
        """Show the suggesters of the open project."""
        window = self._window
        if window.controller.session is None:
            return
        self._has_changed = False
        page = self.page
        page.set_session(window.controller.session, window.controller.document)
        # A change of a list touches no document: undo here is about the newest act of all.
        window.undoing.is_everywhere = True
        window.pages.setCurrentWidget(page)
        page.take_focus()
        window.update_actions()

    def new_list(self) -> None:
        """Begin a pattern list on the page."""
        window = self._window
        if self._page is None or window.pages.currentWidget() is not self._page:
            self.show()
        self.page.new_list()

    def leave(self) -> None:
        """Go back to the project; what is proposed in the open article follows the lists as they are now."""
        window = self._window
        window.places.show_project()
        window.focus_article()
        info = window.controller.info
        if self._has_changed:
            window.learning.learn()
        if self._has_changed and info is not None and info.state in {State.TODO, State.IN_PROGRESS}:
            window.work.suggest_here()
        self._has_changed = False

    def add_files(self, paths: Sequence[Path] = ()) -> None:
        """Bring pattern files in, or ask for some; what is found in them is shown before it is kept."""
        window, session = self._window, self._window.controller.session
        if session is None or session.read_only:
            return
        if not paths:
            endings = " ".join(f"*{suffix}" for suffix in SUFFIXES)
            names, _ = QFileDialog.getOpenFileNames(
                window, "Add pattern files", filter=f"Patterns ({endings});;All files (*)"
            )
            paths = [Path(name) for name in names]
        if not paths:
            return
        if self._page is None or window.pages.currentWidget() is not self._page:
            self.show()
        name = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
        job = window.jobs.run(f"Reading {name}", partial(_read, session, tuple(paths)))
        job.finished.connect(lambda arriving: self._ask(session, arriving))
        job.failed.connect(self._on_failed)

    def _ask(self, session: Session, arriving: ArrivingPatterns) -> None:
        from annotator.ui.dialogs.add_patterns import AddPatternsDialog

        if session is not self._window.controller.session:
            return
        dialog = AddPatternsDialog(arriving, session.schema, parent=self._window)
        dialog.wanted.connect(lambda adding: self._add(session, arriving, adding))
        self._window.places.open_dialog(dialog)

    def _add(self, session: Session, arriving: ArrivingPatterns, adding: Adding) -> None:
        """Add what was read; many patterns are written off the window's thread."""
        job = self._window.jobs.run("Adding patterns", partial(_add, session, arriving, adding))
        job.finished.connect(lambda changes: self._on_added(session, changes))
        job.failed.connect(self._on_failed)

    def _on_added(self, session: Session, changes: ChangeSet) -> None:
        if session is self._window.controller.session:
            session.deliver()
            self._window.log.say(changes.message, "done", changes.step is not None)

    def _on_failed(self, error: object) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.page.say(error)

    def _keep_settings(self, settings: SuggestSettings) -> None:
        session = self._window.controller.session
        if session is None:
            return
        try:
            session.set_suggest_settings(settings)
        except UserError as error:
            self.page.say(error)
            return
        self._has_changed = True
        self._window.fine_tuning.take_settings()

    def _on_changed(self, changes: ChangeSet) -> None:
        if changes.patterns or changes.schema or changes.everywhere:
            self._has_changed |= changes.patterns
            self.page.refresh()

    def _go(self, document: int, start: int, end: int) -> None:
        """Go to a place in an article, with its words selected."""
        window = self._window
        self.leave()
        if document != window.controller.document:
            window.controller.open_document(document)
        window.controller.select_text((Fragment(start, end),))
        window.controller.text_reveal_wanted.emit(start)


def _read(session: Session, paths: tuple[Path, ...], report: Report) -> ArrivingPatterns:
    return read_files(machine_of(session), paths, report)


def _add(session: Session, arriving: ArrivingPatterns, adding: Adding, report: Report) -> ChangeSet:
    report(0, 0, "Adding patterns")
    with closing(session.clone()) as own:
        return add_lists(own, arriving, adding)
