"""The status row, and the list of what it said. Short news stands there six seconds; questions are strips."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.ui import icons
from annotator.ui.jobs import Job, Jobs
from annotator.ui.style import set_look, set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, ElidedLabel, Hairline, KeyCap, ThinProgress
from annotator.ui.widgets.lines import make_label

STAYS = 6000
"""Milliseconds for which a message stands in the status row."""
KEPT = 200
NOT_SAVED = "NOT saved"
"""What stands at the right of the status row while an act waits to be saved."""
_ICONS = {"done": ("check", "ink"), "note": ("info", "dim"), "refused": ("warning", "warn")}


@dataclass(frozen=True, slots=True)
class Message:
    """What was said: words, kind (`done`, `note`, `refused`), whether undo takes it back, seconds since 1970."""

    text: str
    kind: str
    undoable: bool
    at: float


class MessageLog(QObject):
    """Keeps the messages of this sitting, newest first."""

    added = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: deque[Message] = deque(maxlen=KEPT)

    @property
    def messages(self) -> tuple[Message, ...]:
        """Give what was said, newest first."""
        return tuple(self._kept)

    def say(self, text: str, kind: str = "note", undoable: bool = False) -> None:  # noqa: FBT001, FBT002 - a slot
        """Say something: `done`, `note` or `refused`."""
        message = Message(text, kind, undoable, time.time())
        self._kept.appendleft(message)
        self.added.emit(message)


class IconLabel(QWidget):
    """An icon in the colour of a token, which follows the theme."""

    def __init__(self, name: str = "", role: str = "dim", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role = name, role
        self._resize()
        theme_hub().changed.connect(self._resize)

    def show_icon(self, name: str, role: str = "dim") -> None:
        """Show another icon; an empty name shows none."""
        self._name, self._role = name, role
        self.setVisible(bool(name))
        self.update()

    def _resize(self) -> None:
        length = theme_hub().px(16)
        self.setFixedSize(length, length)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._name:
            painter = QPainter(self)
            icons.paint_icon(painter, self._name, self.rect(), theme_hub().theme.color(self._role))
            painter.end()


class StatusRow(QWidget):
    """The last row of the window: the newest message, documents done, work in hand, what is saved, who works."""

    undo_wanted = Signal()

    def __init__(self, log: MessageLog, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_surface(self, "panel")
        self.setAccessibleName("Status")
        self._jobs = jobs
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self._icon = IconLabel(parent=self)
        self._text = ElidedLabel("", None, self)
        self._text.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._key = KeyCap("Ctrl Z", self)
        self._undoes = make_label("undoes it", parent=self)
        set_look(self._undoes, "dim")
        row.addWidget(self._icon)
        row.addWidget(self._text)
        row.addWidget(self._key)
        row.addWidget(self._undoes)
        row.addStretch(1)
        self._job = _JobCell(jobs, self)
        row.addWidget(self._job)
        self._bar = ThinProgress(self, name="Documents done")
        self._bar.setFixedWidth(88)
        row.addWidget(self._bar)
        self._progress = (-1, -1)
        self._lines: list[QWidget] = []
        self._has_cell = False
        self._cells = [self._cell(row) for _ in range(4)]
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._clear)
        log.added.connect(self.show_message)
        self._clear()

    def _cell(self, row: QHBoxLayout) -> QLabel:
        if self._has_cell:
            line = Hairline(self, orientation=Qt.Orientation.Vertical)
            line.setFixedHeight(18)
            row.addWidget(line)
            self._lines.append(line)
        self._has_cell = True
        label = make_label(parent=self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        set_look(label, "dim")
        row.addWidget(label)
        return label

    def show_message(self, message: Message) -> None:
        """Show a message for six seconds."""
        name, role = _ICONS.get(message.kind, _ICONS["note"])
        self._icon.show_icon(name, role)
        self._text.setText(message.text)
        self._key.setVisible(message.undoable)
        self._undoes.setVisible(message.undoable)
        self._timer.start(STAYS)

    def show_facts(self, *, done: int, total: int, pipeline: str, saved: str, annotator: str) -> None:
        """Show what stands at the right: documents done, the pipeline, what is saved, who works."""
        if (done, total) != self._progress:
            self._progress = done, total
            self._bar.set_progress(done, total)
        documents = f"{done:,} of {total:,} documents done" if total else ""
        for cell, text in zip(self._cells, (documents, pipeline, saved, annotator), strict=True):
            cell.setText(text)
        set_look(self._cells[2], "bad" if saved == NOT_SAVED else "dim")
        set_look(self._cells[3], "strong" if annotator else "dim")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def _fit(self) -> None:
        """Show all there is to say; where it is narrow the pipeline goes first, then bar and count. Nothing is cut."""
        self._bar.setVisible(self._progress[1] > 0)
        for cell in self._cells:
            cell.setVisible(bool(cell.text()))
        row = self.layout()
        for least in (self._cells[1], self._bar, self._cells[0]):
            for line, before in zip(self._lines, self._cells, strict=False):
                line.setVisible(not before.isHidden())
            if row is None or row.minimumSize().width() <= self.width():
                return
            least.hide()

    def _clear(self) -> None:
        self._icon.show_icon("")
        self._text.setText("")
        self._key.hide()
        self._undoes.hide()


class _JobCell(QWidget):
    """The work in hand: words, a thin bar, a button that stops it. Several jobs: the oldest, and how many more."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(8)
        self._words = make_label(parent=self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = ThinProgress(self, name="Work in hand")
        self._bar.setFixedWidth(72)
        self._cancel = Button("Cancel", self, kind="quiet")
        self._cancel.clicked.connect(self._on_cancel)
        for widget in (self._words, self._bar, self._cancel):
            row.addWidget(widget)
        jobs.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        shown = self._jobs.shown
        self.setVisible(bool(shown))
        if not shown:
            return
        job = shown[0]
        self._words.setText(job_words(job) + (f"  (+{len(shown) - 1})" if len(shown) > 1 else ""))
        self._bar.setVisible(job.total > 0)
        self._bar.set_progress(job.done, job.total)
        self._cancel.setEnabled(not job.is_stopping)

    def _on_cancel(self) -> None:
        if self._jobs.shown:
            self._jobs.shown[0].cancel()
            self._show()


def job_words(job: Job) -> str:
    """Say how far a job is: `Making candidates, 128 of 214, about 14 s left`."""
    if job.is_stopping:
        return f"{job.title}: stopping"
    words = job.text or job.title
    if job.total and f"{job.total:,}" not in words:
        words += f", {job.done:,} of {job.total:,}"
    left = job.seconds_left
    if left is not None and left >= 1:
        words += f", about {left:,.0f} s left" if left < 90 else f", about {left / 60:,.0f} min left"
    return words


class MessagesDialog(QDialog):
    """Lists the messages of this sitting, newest first."""

    def __init__(self, log: MessageLog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Messages")
        self.resize(560, 420)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        if log.messages:
            found = QListWidget(self)
            found.setAccessibleName("Messages, newest first")
            found.setWordWrap(True)
            for message in log.messages:
                name, role = _ICONS.get(message.kind, _ICONS["note"])
                clock = time.strftime("%H:%M:%S", time.localtime(message.at))
                found.addItem(QListWidgetItem(icons.icon(name, role=role), f"{clock}   {message.text}"))
            column.addWidget(found)
        else:
            empty = make_label("Nothing was said yet.", parent=self)
            set_look(empty, "dim")
            column.addWidget(empty, 1, Qt.AlignmentFlag.AlignCenter)
        close: QPushButton = Button("Close", self)
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
