"""The problems of an import as a table: those of one kind stand under a line with their count, which opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QStandardItem
from PySide6.QtWidgets import QWidget

from annotator.model.record import Problem
from annotator.model.wording import counted
from annotator.ui.dialogs.tables import ICON, PlainTable, cell
from annotator.workflows.problems import Alike

ALL, LEFT_OUT, CHANGED = range(3)
"""Which problems are shown."""
PROBLEM, GROUP = (int(Qt.ItemDataRole.UserRole) + number for number in (20, 21))
"""Roles: the problem of a row, or the `Alike` of a head; and the number of the kind, where several are alike."""
OPEN, SHUT = "chevron_down:dim", "chevron_right:dim"
"""Icons of heads."""


class ProblemTable(PlainTable):
    """A table in which Space, the arrows or a click open and shut a kind: `turned(index, bool | None)`."""

    turned = Signal(QModelIndex, object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = {Qt.Key.Key_Space: None, Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}
        index = self.currentIndex()
        if event.key() in wanted and index.isValid():
            self.turned.emit(index.siblingAtColumn(0), wanted[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint()).siblingAtColumn(0)
        if index.isValid() and index.data(ICON) in {OPEN, SHUT}:
            self.turned.emit(index, None)


class ProblemFilter(QSortFilterProxyModel):
    """Leaves the problems of one tab that hold some words; without words, of several alike the head alone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = ALL
        self._words: list[str] = []
        self._opened: set[int] = set()

    def narrow(self, *, kind: int, words: str) -> None:
        """Leave only these."""
        self.beginResetModel()
        self._kind, self._words = kind, words.casefold().split()
        self.endResetModel()

    def turn(self, number: int, wanted: bool | None) -> bool:  # noqa: FBT001 - both, or the other than now
        """Open or shut a kind, and tell which it is now."""
        is_open = number not in self._opened if wanted is None else wanted
        (self._opened.add if is_open else self._opened.discard)(number)
        self.invalidate()
        return is_open

    def fits(self, problem: Problem) -> bool:
        """Tell whether tab and words leave a problem."""
        if self._kind != ALL and problem.refused != (self._kind == LEFT_OUT):
            return False
        text = f"{problem.file} {problem.record} {problem.message}".casefold()
        return all(word in text for word in self._words)

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # type: ignore[override]
        index = self.sourceModel().index(row, 0)
        number, found = index.data(GROUP), index.data(PROBLEM)
        if isinstance(found, Alike):
            return any(map(self.fits, found.problems))
        is_open = number is None or number in self._opened or bool(self._words)
        return is_open and self.fits(found)


def has_head(alike: Alike) -> bool:
    """Tell whether problems of one kind stand under a line of their own."""
    return len(alike.problems) > 1


def rows_of(alike: Alike, number: int) -> Iterator[list[QStandardItem]]:
    """Give the rows of one kind: a head where there are several, and each problem."""
    if has_head(alike):
        yield _head(alike, number)
    for problem in alike.problems:
        yield _row(problem, number if has_head(alike) else None)


def _head(alike: Alike, number: int) -> list[QStandardItem]:
    files = list(dict.fromkeys(Path(each.file).name or each.file for each in alike.problems))
    named = files[0] if len(files) == 1 else counted(len(files), "file")
    first = cell(named, icon=SHUT, face="strong", tip="Space opens and shuts it")
    first.setData(alike, PROBLEM)
    first.setData(number, GROUP)
    count = cell(f"{alike.count:,} ×", right=True, face="strong")
    words = cell(alike.kind.words, face="strong", tip=alike.kind.words)
    problem = alike.problems[0]
    return [first, count, words, cell(done_words(problem), icon=_icon(problem))]


def _row(problem: Problem, group: int | None) -> list[QStandardItem]:
    indent = "" if group is None else "      "
    first = cell(f"{indent}{Path(problem.file).name or problem.file}", tip=problem.file)
    first.setData(problem, PROBLEM)
    first.setData(group, GROUP)
    return [
        first,
        cell(f"{problem.line:,}" if problem.line else "–", right=True),
        cell(without_folder(problem), tip=problem.message),
        cell(done_words(problem), icon=_icon(problem)),
    ]


def without_folder(problem: Problem) -> str:
    """Give what is wrong without the folder of the file that it names, which stands beside it."""
    name = Path(problem.file).name
    return problem.message.replace(problem.file, name) if name else problem.message


def _icon(problem: Problem) -> str:
    return "cross:warn" if problem.refused else "check:good"


def done_words(problem: Problem) -> str:
    """Say what became of what has a problem."""
    return "left out" if problem.refused else "changed, kept"
