"""Long work asked for in the window: importing, making candidates, exporting. Done by workflows, in jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from annotator.model.document import State
from annotator.model.errors import Cancelled, NotSavedError, UserError
from annotator.model.wording import counted
from annotator.ui.candidates_queue import CandidatesQueue
from annotator.ui.coming import Run
from annotator.ui.jobs import Job
from annotator.ui.strips import Answer, make_strip
from annotator.workflows.backups import Backup
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.dialogs.project_plan import ImportRequest
    from annotator.ui.window import MainWindow
    from annotator.workflows.importing import ImportOptions, ImportReport
    from annotator.workflows.removing import RemovalReport
    from annotator.workflows.suggesting import SuggestReport


class LongWork(QObject):
    """Starts long work for a window and takes its results; `suggested()` when a run of candidates is over."""

    suggested = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._queue: CandidatesQueue | None = None
        self._suggesting: Job | None = None
        window.controller.document_changed.connect(self._on_document_changed)

    # ------------------------------------------------------------------ files and texts

    def import_folder(self) -> None:
        """Ask for a folder and bring its files in."""
        name = QFileDialog.getExistingDirectory(self._window, "Import a folder")
        if name:
            self.import_paths([Path(name)])

    def import_requests(self, requests: Sequence[ImportRequest]) -> None:
        """Bring in what the dialog asked for: files that are read alike, together."""
        for request in requests:
            self.import_paths(request.sources, request.options)

    def import_paths(self, paths: Sequence[Path], options: ImportOptions | None = None) -> None:
        """Bring files and folders in, in the background."""
        session = self._writable()
        if session is None:
            return
        names = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
        work = partial(_import, session, tuple(paths), options)
        job = self._window.jobs.run(f"Importing {names}", work)
        job.finished.connect(lambda report: self._on_imported(session, report, tuple(paths)))
        job.failed.connect(lambda error: self._on_failed(error, partial(self.import_paths, paths, options)))

    def paste(self) -> None:
        """Make a document of the text on the clipboard, after a look at it."""
        session = self._writable()
        if session is None:
            return
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self._window.log.say("There is no text to paste. Copy some text first.", "note")
            return
        self._window.places.ask_paste(text)

    def import_pasted(self, text: str, title: str, language: str) -> None:
        """Bring a pasted text in."""
        session = self._writable()
        if session is None:
            return
        job = self._window.jobs.run("Pasting a text", partial(_paste, session, text, title, language))
        job.finished.connect(lambda report: self._on_imported(session, report, ()))
        again = partial(self.import_pasted, text, title, language)
        job.failed.connect(lambda error: self._on_failed(error, again))

    def _on_imported(self, session: Session, report: ImportReport, paths: tuple[Path, ...]) -> None:
        window = self._window
        if session is not window.controller.session:
            return
        session.deliver()
        window.log.say(import_words(report), "done" if report.documents else "note", report.step is not None)
        if report.first_document is not None and (window.controller.document is None or not paths):
            window.controller.open_document(report.first_document)
        self.suggest_missing()
        window.places.show_import_report(report)
        window.focus_article()

    # ------------------------------------------------------------------ removing

    def remove_for_good(self, documents: tuple[int, ...], backups: tuple[Backup, ...]) -> None:
        """Take documents out of the file, in the background; one that is open gives way to its neighbour at once."""
        session, controller = self._writable(), self._window.controller
        if session is None:
            return
        if controller.document in documents:
            following = [controller.order.neighbour(forward=forward) for forward in (True, False)]
            controller.open_document(next((key for key in following if key not in (None, *documents)), None))
        work = partial(_remove_for_good, session, documents, backups)
        job = self._window.jobs.run("Removing for good", work)
        job.finished.connect(lambda report: self._on_removed(session, report))
        job.failed.connect(lambda error: self._on_removing_failed(session, error))

    def _on_removed(self, session: Session, report: RemovalReport) -> None:
        if session is self._window.controller.session:
            session.deliver()
            self._window.log.say(
                removal_words(report), "done" if report.swept and not report.kept else "note"
            )

    def _on_removing_failed(self, session: Session, error: object) -> None:
        if session is self._window.controller.session:
            session.deliver()
        if isinstance(error, Cancelled):
            self._window.log.say(
                "Stopped. What is left of it goes at the next opening of the project.", "note"
            )
        elif isinstance(error, UserError):
            self._window.show_problem(error)

    # ------------------------------------------------------------------ candidates

    def suggest_missing(self) -> None:
        """Make candidates for all unfinished documents that have none, the open one first."""
        session = self._window.controller.session
        if session is not None and not session.read_only:
            self._suggest((), again=False)

    def suggest_here(self) -> None:
        """Make the candidates of the open document anew."""
        key = self._window.controller.document
        if key is not None:
            self._suggest([key], again=True)

    def suggest_again(self, keys: Sequence[int]) -> None:
        """Make the candidates of some documents anew."""
        self._suggest(keys, again=True)

    def suggest_all(self) -> None:
        """Make the candidates of all unfinished documents anew."""
        session = self._writable()
        if session is not None:
            self._suggest(session.document_keys(), again=True)

    def suggest_after_mapping(self, again: bool) -> None:  # noqa: FBT001 - a slot
        """Make candidates after the pipeline or its mapping changed; `again`: also where there are some."""
        if again:
            self.suggest_all()
        else:
            self.suggest_missing()

    def _suggest(self, keys: Sequence[int], *, again: bool) -> None:
        """Make the candidates of some documents anew, or (not `again`) of all that have none."""
        session = self._writable(quiet=not again)
        if session is None:
            return
        open_document = self._window.controller.document
        is_new = self._suggesting is None or self._queue is None
        if self._queue is None or is_new:
            self._queue = CandidatesQueue()
        self._queue.add(keys)
        self._queue.looks_for_missing |= not again
        if is_new:
            self._start(session, self._queue)
        if open_document is not None:
            self._queue.prefer(open_document)

    def _start(self, session: Session, queue: CandidatesQueue) -> None:
        job = self._window.jobs.run("Making candidates", partial(_make_candidates, session, queue))
        self._suggesting = job
        self._window.centre.coming.follow(Run.AT_WORK)
        job.finished.connect(lambda reports: self._on_suggested(session, reports))
        job.failed.connect(lambda error: self._on_suggest_failed(error, queue))
        job.ended.connect(self._on_suggest_ended)
        self._window.telling.show_facts()

    def _on_suggested(self, session: Session, reports: Sequence[SuggestReport]) -> None:
        window = self._window
        if session is not window.controller.session:
            return
        session.deliver()
        if not reports:
            return
        documents, spans = sum(each.documents for each in reports), sum(each.spans for each in reports)
        relations = sum(each.relations for each in reports)
        skipped = [each for report in reports for each in report.skipped]
        found = f"{counted(spans, 'span')}, {counted(relations, 'relation')}"
        words = f"Candidates for {counted(documents, 'document')}: {found}."
        if skipped:
            first = skipped[0]
            words += f" {counted(len(skipped), 'document')} passed over: “{first.title}”, {first.reason}"
            words += "" if words.endswith(".") else "."
        window.log.say(words, "done" if spans or relations else "note")

    def _on_suggest_failed(self, error: object, queue: CandidatesQueue) -> None:
        looked = queue.looks_for_missing
        left = queue.clear()  # the next ones would fare alike
        self._window.centre.coming.follow(Run.OVER if isinstance(error, Cancelled) else Run.FAILED)
        if isinstance(error, Cancelled):
            self._window.log.say(f"Stopped at {queue.done:,}. What was made is kept.", "note")
        elif isinstance(error, NotSavedError):
            again = partial(self._suggest, left, again=not looked)
            self._window.not_saved.hold(error.about("Make candidates"), again)
        elif isinstance(error, UserError):
            self._say_no_candidates(error)

    def _say_no_candidates(self, error: UserError) -> None:
        window = self._window
        strips = window.centre.strips

        def go_on() -> None:
            strips.take_down("suggest")
            window.focus_article()

        strip = make_strip(
            str(error),
            Answer(text="Look at it", run=self._window.places.show_mapping),
            Answer(text="Work without", run=go_on),
            tone="warn",
        )
        strips.show_strip("suggest", strip)

    def _on_suggest_ended(self) -> None:
        self._suggesting = None
        self._window.telling.show_facts()
        if self._queue is not None and (len(self._queue) or self._queue.looks_for_missing):
            # Documents that arrived at the very end of the run.
            session = self._writable(quiet=True)
            if session is not None:
                self._start(session, self._queue)
                return
        self._window.centre.coming.end()
        self.suggested.emit()

    def _on_document_changed(self) -> None:
        key = self._window.controller.document
        if self._suggesting is not None and self._queue is not None and key is not None:
            self._queue.prefer(key)

    def forget(self) -> None:
        """Let nothing wait any more: the project is closed."""
        self._queue = None
        self._suggesting = None

    @property
    def is_suggesting(self) -> bool:
        """Tell whether candidates are being made."""
        return self._suggesting is not None

    # ------------------------------------------------------------------ inside

    def _writable(self, *, quiet: bool = False) -> Session | None:
        session = self._window.controller.session
        if session is None or session.read_only:
            if not quiet:
                self._window.log.say("Open a project first, one that can be written.", "note")
            return None
        return session

    def _on_failed(self, error: object, again: Callable[[], object]) -> None:
        if isinstance(error, Cancelled):
            self._window.log.say("Stopped. Nothing was kept.", "note")
        elif isinstance(error, UserError):
            self._window.show_problem(error, again)


def import_words(report: ImportReport) -> str:
    """Say what an import did, such as `Imported 11 documents, 120 spans`."""
    if report.documents:
        parts = [counted(report.documents, "document")]
        parts += [counted(report.spans, "span")] if report.spans else []
        parts += [counted(report.relations, "relation")] if report.relations else []
        words = f"Imported {', '.join(parts)}."
    else:
        words = "Nothing new was imported."
    if report.duplicates:
        were = "was" if report.duplicates == 1 else "were"
        words += f" {counted(report.duplicates, 'document')} {were} there already."
    if report.problems_total:
        words += f" {counted(report.problems_total, 'problem')}."
    return words


def removal_words(report: RemovalReport) -> str:
    """Say what was removed, and what is left of it where something is."""
    words = f"Removed for good: {counted(report.documents, 'document')}."
    if report.backups:
        words += f" Deleted {counted(len(report.backups), 'backup')}."
    if report.kept:
        words += f" {counted(len(report.kept), 'backup')} could not be deleted: {report.kept[0].path}."
    if not report.swept:
        words += " Words of it may stand in the file until the project is opened again."
    return words


def _remove_for_good(
    session: Session, documents: tuple[int, ...], backups: tuple[Backup, ...], report: Report
) -> RemovalReport:
    from annotator.workflows.removing import remove_for_good

    with closing(session.clone()) as own:
        return remove_for_good(own, documents, report, backups=backups)


def _import(
    session: Session, paths: tuple[Path, ...], options: ImportOptions | None, report: Report
) -> ImportReport:
    from annotator.workflows.importing import import_documents

    with closing(session.clone()) as own:
        return import_documents(own, paths, options, report)


def _paste(session: Session, text: str, title: str, language: str, report: Report) -> ImportReport:
    from annotator.workflows.importing import import_text

    with closing(session.clone()) as own:
        return import_text(own, text, title=title, language=language, report=report)


def _make_candidates(session: Session, queue: CandidatesQueue, report: Report) -> list[SuggestReport]:
    """Work a queue off; runs in a thread of its own."""
    reports: list[SuggestReport] = []
    looked_up_to = 0
    with closing(session.clone()) as own:
        missing = own.count_without_candidates() if queue.looks_for_missing else 0
        while True:
            queue.add(each for each in queue.take_unsure() if _is_missing(own, each))
            keys = queue.take()
            if not keys:
                if not queue.looks_for_missing:
                    return reports
                queue.looks_for_missing = False  # the window may say otherwise while this looks
                found = own.without_candidates(after=looked_up_to, limit=_LOOKED_FOR)
                if found:
                    queue.looks_for_missing = True
                    queue.add(found)
                looked_up_to = found[-1] if found else 0
                continue
            total = max(queue.done + len(queue), missing)

            def tell(
                _done: int, _total: int, _text: str, total: int = total, so_far: int = queue.done
            ) -> None:
                report(so_far - 1, total, "Making candidates")

            from annotator.workflows.suggesting import suggest

            tell(0, 0, "")
            reports.append(suggest(own, tell, documents=keys))
            report(queue.done, total, "Making candidates")


_LOOKED_FOR = 500
"""Documents without candidates that are looked for at once."""


def _is_missing(session: Session, key: int) -> bool:
    try:
        row = session.row(key)
    except UserError:
        return False
    return not row.suggested and row.state in (State.TODO, State.IN_PROGRESS)
