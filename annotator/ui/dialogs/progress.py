"""A card that shows how far a piece of long work is, how long it will take, and stops it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.ui.fonts import sans
from annotator.ui.jobs import Job
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, Card, ElidedLabel, ThinProgress, make_label


class ProgressCard(Card):
    """Lives as long as its job; it goes away by itself when that ends.

    Args:
        note: what one can do meanwhile, behind the time that is left.
    """

    def __init__(
        self, job: Job, parent: QWidget | None = None, *, note: str = "you can go on working"
    ) -> None:
        super().__init__(parent, is_floating=True)
        self._job = job
        self._note = note
        self.setAccessibleName(job.title)
        self._title = ElidedLabel(job.title, "strong")
        self._count = make_label("", "dim")
        self._left = ElidedLabel("", "dim")
        self.progress = ThinProgress(name=job.title)
        self.cancel_button = Button("Cancel", kind="quiet")
        self.cancel_button.clicked.connect(self._cancel)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._title, 1)
        row.addWidget(self._count)
        row.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.progress)
        column.addWidget(self._left)
        job.progress.connect(self._show)
        job.ended.connect(self._on_ended)
        self._show(job.done, job.total, job.text)
        self.setMinimumWidth(theme_hub().px(360))

    def _show(self, done: int, total: int, text: str) -> None:
        self.progress.set_progress(done, total)
        self.progress.setVisible(bool(total))
        self._count.setText(f"{done:,} of {total:,}" if total else f"{done:,}" if done else "")
        # The count must not push the title about while it grows.
        width = QFontMetrics(sans(12)).horizontalAdvance(f"{max(done, total):,} of {total:,}")
        self._count.setMinimumWidth(width)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        left = self._job.seconds_left
        told = [text] if not total and text != self._job.title else []
        told += [_time_words(left)] if left is not None else []
        self._left.setText(" · ".join([*told, self._note]))

    def _cancel(self) -> None:
        self._job.cancel()
        self.cancel_button.setEnabled(False)
        self._left.setText("stopping …")

    def _on_ended(self) -> None:
        self.hide()
        self.deleteLater()


def _time_words(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / 60)} min left"
