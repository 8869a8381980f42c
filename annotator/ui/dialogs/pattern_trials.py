"""What patterns find, looked for in the background: the newest wish counts, older ones are stopped."""

from __future__ import annotations

from contextlib import closing

from PySide6.QtCore import QObject, Signal

from annotator.editing.commands import ChangePatterns
from annotator.model.errors import Cancelled, UserError
from annotator.model.patterns import Pattern, PatternList
from annotator.ui.dialogs.parts import while_alive
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.jobs import Job, Work
from annotator.workflows.patterns import (
    ListedPatterns,
    Record,
    Trial,
    check_patterns,
    patterns_of,
    try_list,
    try_pattern,
)
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session
from annotator.workflows.suggester_records import SuggesterRecord, records_so_far

AT_ONCE = 20_000
"""Most patterns that are read while the window waits."""


class Trials(QObject):
    """Runs trials one at a time.

    Signals: `loaded(patterns)` of the list that is shown; `tried(Trial, Record, is_typed)`; `checked(command)` once
    spaCy took what a command adds; `faulty(sentence)` where it did not; `counted()` when `counts` are others.
    """

    loaded = Signal(object)
    tried = Signal(object, object, bool)
    checked = Signal(object)
    faulty = Signal(str)
    counted = Signal()

    def __init__(self, run: RunJob, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._job: Job | None = None
        self.records: dict[int, Record] = {}
        self.counts: dict[str, SuggesterRecord] = {}

    def stop(self) -> None:
        """Let nothing come any more of what was begun."""
        if self._job is not None:
            self._job.cancel()
        self._job = None

    def forget(self) -> None:
        """Know nothing any more: another project is shown."""
        self.stop()
        self.records.clear()
        self.counts.clear()

    def count(self, session: Session) -> None:
        """Count how the suggesters that come with the program did so far."""

        def work(report: Report) -> dict[str, SuggesterRecord]:
            report(0, 0, "Counting decisions")
            with closing(session.clone()) as own:
                return records_so_far(own)

        job = self._run("Counting decisions", work)
        job.finished.connect(while_alive(self, self._on_counted))

    def _on_counted(self, counts: dict[str, SuggesterRecord]) -> None:
        self.counts.clear()
        self.counts.update(counts)
        self.counted.emit()

    def show_list(self, session: Session, each: ListedPatterns, document: int | None) -> None:
        """Read the patterns of a list, and try them."""
        small = each.patterns <= AT_ONCE
        if small:
            self.loaded.emit(patterns_of(session, each.list.key))

        def work(report: Report) -> tuple[list[Pattern] | None, Trial, Record]:
            with closing(session.clone()) as own:
                patterns = None if small else patterns_of(own, each.list.key)
                return patterns, *try_list(own, each.list, report, document=document)

        job = self._begin("Trying the patterns", work)
        job.finished.connect(while_alive(self, lambda found: self._on_tried(job, each.list.key, *found)))

    def try_typed(self, session: Session, pattern: Pattern, like: PatternList, document: int | None) -> None:
        """Try a pattern that is being written, as one of a list."""

        def work(report: Report) -> tuple[Trial, Record]:
            with closing(session.clone()) as own:
                return try_pattern(own, pattern, like, report, document=document)

        job = self._begin("Trying a pattern", work)
        job.finished.connect(while_alive(self, lambda found: self._on_typed(job, *found)))

    def check(self, session: Session, command: ChangePatterns) -> None:
        """Let spaCy look at the token patterns that a command adds; what holds none is checked at once."""
        if not any(each.is_tokens for each in command.added):
            self.checked.emit(command)
            return

        def work(report: Report) -> None:
            report(0, 0, "Looking at the pattern")
            check_patterns(session, command.added)

        job = self._begin("Looking at the pattern", work)
        job.finished.connect(while_alive(self, lambda _found: self._on_checked(job, command)))
        job.failed.connect(while_alive(self, lambda error: self._on_faulty(job, error)))

    def _begin(self, title: str, work: Work) -> Job:
        self.stop()
        self._job = self._run(title, work)
        return self._job

    def _on_tried(
        self, job: Job, key: int, patterns: list[Pattern] | None, trial: Trial, record: Record
    ) -> None:
        if job is not self._job:
            return
        if patterns is not None:
            self.loaded.emit(patterns)
        self.records[key] = record
        self.tried.emit(trial, record, False)

    def _on_typed(self, job: Job, trial: Trial, record: Record) -> None:
        if job is self._job:
            self.tried.emit(trial, record, True)

    def _on_checked(self, job: Job, command: ChangePatterns) -> None:
        if job is self._job:
            self.checked.emit(command)

    def _on_faulty(self, job: Job, error: object) -> None:
        if job is self._job and isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.faulty.emit(str(error))
