"""What is measured of the article view, of a plain editor and of the window; each in a process of its own.

    python -m tests.benchmarks.canvas_measures view|plain|window PROJECT

prints the milliseconds of every act, and the memory in MB above the empty window, as JSON. An act is done `MOST`
times, or fewer where it is slow: no more is begun after `PATIENCE` seconds. `CLOCK=cpu` in the environment counts the
time that this process computes, for machines on which others are at work; what the disk takes is then left out.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QPlainTextEdit, QWidget

from annotator.editing.commands import RelabelSpans
from annotator.model.annotation import Span
from annotator.model.errors import UserError
from annotator.ui import fonts, opening
from annotator.ui.app import make_application
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.style import Style
from annotator.ui.canvas.view import ArticleView
from annotator.ui.models.article_items import relation_items, span_items
from annotator.ui.models.item_memory import ItemMemory
from annotator.ui.theme import theme_hub
from annotator.ui.window import MainWindow
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.ui.driving import let_live

SIZE = (1200, 1000)
MOST, PATIENCE = 60, 2.0
OPENINGS = 7
CHARACTERS = 75
"""Characters in a line, as the view has them."""
CLOCK = time.process_time if os.environ.get("CLOCK") == "cpu" else time.perf_counter
Times = dict[str, list[float]]


def timed(act: Callable[[], object]) -> float:
    """Run something and give the milliseconds it took."""
    start = CLOCK()
    act()
    return (CLOCK() - start) * 1000


def many(act: Callable[[], object], *, most: int = MOST) -> list[float]:
    """Run something again and again and give the milliseconds of each."""
    end = time.perf_counter() + PATIENCE
    found = [timed(act)]
    while len(found) < most and time.perf_counter() < end:
        found.append(timed(act))
    return found


def memory() -> float:
    """Give the resident memory of this process in MB, after a collection."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def wheel(area: QAbstractScrollArea) -> None:
    """Turn the wheel by a notch over a text, down and from the end up again, and let it paint."""
    bar, widget = area.verticalScrollBar(), area.viewport()
    down = bool(area.property("down"))
    if bar.value() >= bar.maximum() if down else bar.value() <= bar.minimum():
        down = not down
        area.setProperty("down", down)
    event = QWheelEvent(
        QPointF(300, 300),
        QPointF(widget.mapToGlobal(QPoint(300, 300))),
        QPoint(),
        QPoint(0, -120 if down else 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    QApplication.processEvents()


# --------------------------------------------------------------------------- the view


class OneArticle:
    """The article of a project, read and made into items as the window does it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.key, self._other = session.document_keys()
        self.schema = session.schema
        self.memory = ItemMemory()

    def read(self) -> None:
        """Read it anew, whatever the project remembers."""
        self.session.annotations(self._other)
        key = self.key
        self.info, self.text = self.session.document(key), self.session.text(key)
        self.tokens, self.annotations = self.session.tokens(key), self.session.annotations(key)

    def article(self) -> Article:
        """Give it as the view wants it."""
        spans = span_items(self.annotations, self.schema, self.tokens, self.text, memory=self.memory)
        relations = relation_items(self.annotations, self.schema, self.tokens, self.text, memory=self.memory)
        return Article(self.text, self.tokens, spans, relations, self.info.language)


def time_view(path: Path) -> Times:
    """Time the article view alone."""
    session = open_project(path, annotator="Mara")
    one = OneArticle(session)
    view = ArticleView()
    view.resize(*SIZE)
    view.show()
    QTest.qWaitForWindowExposed(view)
    before = memory()

    def open_it() -> None:
        one.read()
        view.set_article(one.article())
        view.viewport().repaint()

    times: Times = {"open to painted": [timed(open_it)]}
    times["memory, opened"] = [memory() - before]
    article = one.article()

    def show_it() -> None:
        view.set_article(article)
        view.viewport().repaint()

    times["first paint"] = many(show_it, most=OPENINGS)
    chance = random.Random(3)

    def cold_page() -> None:
        view.page(1)
        view.viewport().repaint()

    def cold_jump() -> None:
        view.scroll_to(chance.randrange(len(article.text)))
        view.viewport().repaint()

    times["wheel frame"] = many(lambda: wheel(view), most=2 * MOST)
    times["cold page"] = many(cold_page)
    times["cold jump"] = many(cold_jump)
    times["full repaint"] = many(view.viewport().repaint)
    times["label edit"] = _label_edits(one, view)
    times["memory, used"] = [memory() - before]

    def open_again() -> None:
        view.set_article(None)
        one.memory = ItemMemory()
        times["open to painted"].append(timed(open_it))

    many(open_again, most=OPENINGS - 1)
    session.close()
    return times


def _label_edits(one: OneArticle, view: ArticleView) -> list[float]:
    """Relabel spans on the screen: the time from the annotations of after the act to the painted article."""
    chance = random.Random(5)
    found: list[float] = []
    end = time.perf_counter() + 2 * PATIENCE
    low, high = view.visible_range()
    while len(found) < MOST and time.perf_counter() < end:
        seen = [span for span in one.annotations.spans if low <= span.start < high]
        span: Span = chance.choice(seen or list(one.annotations.spans))
        others = [each.name for each in one.schema.entities if each.name != span.label]
        try:
            one.session.do(RelabelSpans((span.key,), chance.choice(others)))
        except UserError:  # it has this label there already
            continue
        one.annotations = one.session.annotations(one.key)

        def show_it() -> None:
            article = one.article()
            view.set_items(article.spans, article.relations)
            QCoreApplication.sendPostedEvents(view, QEvent.Type.UpdateRequest)

        found.append(timed(show_it))
    return found


# --------------------------------------------------------------------------- the plain editor


def time_plain(path: Path) -> Times:
    """Time Qt's own plain text editor with the same text, in the same font and measure, without any annotation."""
    session = open_project(path, annotator="Mara")
    text = session.text(session.document_keys()[0])
    session.close()
    edit = QPlainTextEdit()
    edit.setFont(fonts.serif(17))
    edit.resize(*SIZE)
    measure = Style(theme_hub().theme).measure(available=SIZE[0], characters=CHARACTERS)
    edit.document().setDocumentMargin((SIZE[0] - measure) / 2)
    edit.show()
    QTest.qWaitForWindowExposed(edit)
    before = memory()

    def open_it() -> None:
        edit.setPlainText(text)
        edit.viewport().repaint()

    times: Times = {"first paint": [timed(open_it)]}
    times["memory, opened"] = [memory() - before]
    times["first paint"] += many(open_it, most=OPENINGS)
    bar = edit.verticalScrollBar()
    chance = random.Random(3)

    def go(value: int) -> None:
        bar.setValue(value)
        edit.viewport().repaint()

    times["wheel frame"] = many(lambda: wheel(edit), most=2 * MOST)
    times["cold page"] = many(lambda: go(bar.value() + bar.pageStep()))
    times["cold jump"] = many(lambda: go(chance.randrange(bar.maximum() + 1)))
    times["full repaint"] = many(edit.viewport().repaint)
    times["memory, used"] = [memory() - before]
    return times


# --------------------------------------------------------------------------- the window


class PaintWatch(QObject):
    """Notes the moment at which a window has shown what a widget in it painted."""

    def __init__(self, window: QWidget, widget: QWidget) -> None:
        super().__init__(widget)
        self._window = window
        self._is_painted = False
        self.shown = 0.0
        window.installEventFilter(self)
        widget.installEventFilter(self)

    def begin(self) -> None:
        """Wait for the next time."""
        self._is_painted = False
        self.shown = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the window paint here, so that its end is known."""
        if watched is self._window and event.type() == QEvent.Type.UpdateRequest:
            self._window.event(event)
            if self._is_painted and not self.shown:
                self.shown = CLOCK()
            return True
        self._is_painted = self._is_painted or event.type() == QEvent.Type.Paint
        return False


def step_to_candidate(window: MainWindow) -> None:
    """Go to the next span to decide; a relation lacks some of the keys."""
    for _ in range(200):
        QTest.keyClick(window.centre.view, Qt.Key.Key_Tab)
        if window.controller.selected.kind == "candidate":
            return


def time_window(path: Path) -> Times:
    """Time keys in the real window, from the key to the painted article, the durable commit included."""
    setattr(opening, "start_worker", lambda _session: None)  # noqa: B010 - for this process alone
    window = MainWindow(annotator="Mara")
    setattr(window.work, "suggest_missing", lambda: None)  # noqa: B010
    window.resize(1440, 900)
    window.show()
    QTest.qWaitForWindowActive(window)
    window.open_project(path)
    view = window.centre.view
    window.focus_article()
    let_live(100)
    watch = PaintWatch(window, view.viewport())

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> float:
        watch.begin()
        start = CLOCK()
        QTest.keyClick(view, key, modifier)
        end = time.perf_counter() + 5
        while not watch.shown and time.perf_counter() < end:
            QApplication.processEvents()
        assert watch.shown, f"{key.name} paints"
        taken = (watch.shown - start) * 1000
        let_live(15)  # a person's hands leave it time to lay out what comes next
        return taken

    acts = {"A": Qt.Key.Key_A, "digit": Qt.Key.Key_3, "X": Qt.Key.Key_X}
    times: Times = {f"key to repaint, {name}": [] for name in (*acts, "undo")}
    end = time.perf_counter() + 3 * PATIENCE
    for number in range(MOST // 2):
        step_to_candidate(window)
        for name, key in acts.items():
            taken = press(key), press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            if number:  # the first round fills what is kept from act to act
                times[f"key to repaint, {name}"].append(taken[0])
                times["key to repaint, undo"].append(taken[1])
        if time.perf_counter() > end and number:
            break
    window.close()
    return times


MEASURES: dict[str, Callable[[Path], Times]] = {
    "view": time_view,
    "plain": time_plain,
    "window": time_window,
}


def main(what: str, path: str) -> None:
    """Measure one thing and print it."""
    app: Any = make_application()
    times = MEASURES[what](Path(path))
    print(json.dumps(times))
    app.processEvents()


if __name__ == "__main__":
    main(*sys.argv[1:])
