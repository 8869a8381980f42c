"""Times keys in the real window while it learns and makes candidates, beside the same keys while it is quiet.

Run by hand: `python -m tests.benchmarks.busy_bench [pairs of blocks]`. The worker processes learn anew from finished
documents and make candidates for many others, while a person accepts, rejects, relabels, moves edges and takes it back
in an open article. Quiet and busy blocks take turns in one run, since machines are shared. From the key to the painted
article, the durable commit included, in milliseconds. Where the system tells how long the window's thread waited for a
core (Linux does), the same stands there without that: what the program itself lets a key wait for.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.model.document import State
from annotator.model.record import Record
from annotator.suggest.worker import Worker
from annotator.ui.app import make_application
from annotator.ui.window import MainWindow
from annotator.workflows.learning import forget_learnt
from annotator.workflows.projects import load_schema
from annotator.workflows.session import DocumentFilter, SuggestSettings
from annotator.workflows.suggesting import suggest
from tests.benchmarks.canvas_bench import at
from tests.benchmarks.canvas_documents import SAMPLES, sample_record
from tests.benchmarks.canvas_measures import PaintWatch, step_to_candidate
from tests.builders import a_project, bring
from tests.ui.driving import let_live, wait_until

PAIRS, ROUNDS = 6, 4
"""Blocks of each kind, and how often all keys are pressed in one."""
FINISHED, OPEN = 40, 240
"""Documents to learn from, and to make candidates for."""
LIMIT = 20.0
"""Milliseconds that a key may take at the 95th percentile, whatever else is done."""
_SCHEDULED = Path("/proc/thread-self/schedstat")
HANDS = 15
"""Milliseconds between two keys: nobody presses faster, and what comes next is laid out meanwhile."""
_NONE, _CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
KEYS = {
    "Tab": (Qt.Key.Key_Tab, _NONE),
    "A": (Qt.Key.Key_A, _NONE),
    "X": (Qt.Key.Key_X, _NONE),
    "digit": (Qt.Key.Key_3, _NONE),
    "edge": (Qt.Key.Key_G, _NONE),
    "undo": (Qt.Key.Key_Z, _CONTROL),
}


Taken = dict[str, list[tuple[float, float]]]
"""For each key: milliseconds, and how many of them its thread waited for a core."""


def _nothing_taken() -> Taken:
    return {name: [] for name in KEYS}


def waited_for_a_core() -> float:
    """Give the milliseconds that this thread was ready to run and did not, since it began; 0 where nobody knows."""
    try:
        return int(_SCHEDULED.read_text(encoding="ascii").split()[1]) / 1e6
    except (OSError, IndexError):
        return 0.0


@dataclass(slots=True)
class Times:
    """What keys took, quiet and busy; and at how many busy keys the window learnt, and made candidates."""

    quiet: Taken = field(default_factory=_nothing_taken)
    busy: Taken = field(default_factory=_nothing_taken)
    learning: int = 0
    suggesting: int = 0


class CoreWatch(PaintWatch):
    """Notes, with the moment, how long this thread had waited for a core by then."""

    waited = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the window paint, and look at the clocks."""
        was_shown = self.shown
        answer = super().eventFilter(watched, event)
        if self.shown and not was_shown:
            self.waited = waited_for_a_core()
        return answer


class Measured:
    """A window with an open article, and keys that are timed in it."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.watch = CoreWatch(window, window.centre.view.viewport())
        session = window.controller.session
        assert session is not None
        self.session = session
        self.others = session.document_keys(DocumentFilter(state=State.TODO))

    def press(self, name: str) -> tuple[float, float]:
        """Press a key; give the milliseconds until it is on screen, and how many of them a core was waited for."""
        key, modifier = KEYS[name]
        self.watch.begin()
        start, waited = time.perf_counter(), waited_for_a_core()
        QTest.keyClick(self.window.centre.view, key, modifier)
        wait_until(self._is_painted, patience=10, what=f"{name} paints")
        taken = (self.watch.shown - start) * 1000, self.watch.waited - waited
        let_live(HANDS)
        return taken

    def _is_painted(self) -> bool:
        QApplication.processEvents()
        return bool(self.watch.shown)

    def round(self, times: Taken) -> Iterator[None]:
        """Press every key once, and take back what it did."""
        for name in KEYS:
            if name == "undo":
                continue
            step_to_candidate(self.window)
            let_live(HANDS)
            yield
            times[name].append(self.press(name))
            if name != "Tab":
                yield
                times["undo"].append(self.press("undo"))

    def be_quiet(self) -> None:
        """Stop all work and wait until nothing is done."""
        wait_until(self._is_stopped, what="quiet")
        let_live(200)

    def _is_stopped(self) -> bool:
        running = self.window.jobs.running
        for job in running:
            job.cancel()
        if running and isinstance(self.session.machine, Worker):
            self.session.machine.cancel()
        return not running

    def be_busy(self) -> None:
        """Begin to learn anew and to make candidates, where that is not under way."""
        if not self.window.learning.is_learning:
            forget_learnt(self.session)
            self.window.learning.learn()
        if not self.window.work.is_suggesting:
            self.window.work.suggest_again(self.others)


def measure(pairs: int = PAIRS) -> Times:
    """Press keys in quiet and in busy blocks, in turn."""
    times = Times()
    with tempfile.TemporaryDirectory() as folder, patch.dict("os.environ", ANNOTATOR_SETTINGS=folder):
        path = _project(Path(folder))
        app = make_application()
        window = MainWindow(annotator="Mara")
        window.resize(1440, 900)
        window.show()
        QTest.qWaitForWindowActive(window)
        assert window.open_project(path)
        window.focus_article()
        let_live(100)
        measured = Measured(window)
        measured.be_quiet()
        for _ in measured.round(_nothing_taken()):  # fills what is kept from act to act
            pass
        for _ in range(pairs):
            measured.be_quiet()
            for _ in range(ROUNDS):
                for _ in measured.round(times.quiet):
                    pass
            measured.be_busy()
            wait_until(lambda: window.learning.is_learning and window.work.is_suggesting, what="busy")
            for _ in range(ROUNDS):
                for _ in measured.round(times.busy):
                    measured.be_busy()
                    times.learning += window.learning.is_learning
                    times.suggesting += window.work.is_suggesting
        measured.be_quiet()
        window.close()
        app.processEvents()
    return times


def _project(folder: Path) -> Path:
    """Make a project: an article that is begun, finished ones to learn from, and others to make candidates for."""
    samples = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    samples = [each for each in samples if each.get("meta", {}).get("language", "en") == "en"]
    with closing(a_project(folder, schema=load_schema("news"), name="busy")) as session:
        session.set_suggest_settings(SuggestSettings(imported_is_gold=True))
        records: list[Record] = [sample_record()]
        finished = replace(_all_accepted(sample_record()), state=State.DONE)
        for number in range(FINISHED):
            text = f"{finished.text}\n\n{number}"
            records.append(replace(finished, text=text, source=f"done {number}", tokens=None))
        for number in range(OPEN):
            text = f"{samples[number % len(samples)]['text']}\n\n{number}"
            records.append(Record(text=text, source=f"open {number}", language="en"))
        bring(session, *records, on_duplicate="keep")
        first = session.document_keys()[0]
        suggest(session, documents=session.document_keys(DocumentFilter(state=State.TODO))[:1])
        with session.project.writing() as connection:
            rows = [(key, "bench", "", 0.0) for key in session.document_keys()]
            connection.executemany(
                "INSERT OR REPLACE INTO suggested (document, version, skipped, at) VALUES (?, ?, ?, ?)", rows
            )
        assert session.annotations(first).undecided
    return session.path


def _all_accepted(record: Record) -> Record:
    spans = tuple(replace(each, score=None, suggester="") for each in record.spans)
    relations = tuple(replace(each, score=None, suggester="") for each in record.relations)
    return replace(record, spans=spans, relations=relations)


def table(times: Times) -> Iterator[str]:
    """Write p50, p95 and max of each key, quiet and busy, the ratio of the p95, and whether the limit is kept."""
    count = sum(map(len, times.busy.values()))
    yield (
        f"key to repaint while {FINISHED} documents are learnt and {OPEN} get candidates, ms p50/p95/max; "
        f"{count} keys, learning at {times.learning / count:.0%} of them, making candidates at "
        f"{times.suggesting / count:.0%}"
    )
    rows = {name: (times.quiet[name], times.busy[name]) for name in KEYS}
    rows["all"] = _together(times.quiet), _together(times.busy)
    yield from _columns("as a person sees it", rows, waits=True)
    if any(waited for _, waited in rows["all"][1]):
        yield from _columns("without waiting for a core", rows, waits=False)


def _together(taken: Taken) -> list[tuple[float, float]]:
    return [each for row in taken.values() for each in row]


def _columns(
    name: str, rows: dict[str, tuple[list[tuple[float, float]], list[tuple[float, float]]]], *, waits: bool
) -> Iterator[str]:
    yield f"  {name:28}{'quiet':>20}{'busy':>20}{'ratio':>8}   limit p95 < {LIMIT:g}"
    for key, sides in rows.items():
        quiet, busy = ([taken - (0 if waits else waited) for taken, waited in side] for side in sides)
        ratio = at(busy, 0.95) / max(at(quiet, 0.95), 0.01)
        share = at(busy, 0.95) / LIMIT
        verdict = f"{share:.2f} of it: " + ("met" if share < 1 else "MISSED")
        yield f"    {key:26}{_three(quiet):>20}{_three(busy):>20}{ratio:>8.2f}   {verdict}"


def _three(times: list[float]) -> str:
    return f"{at(times, 0.5):.1f}/{at(times, 0.95):.1f}/{max(times):.1f}"


def main(arguments: list[str]) -> None:
    """Print the table."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(*table(measure(int(arguments[0]) if arguments else PAIRS)), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
