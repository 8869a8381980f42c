"""Where Qt itself paints the selection of some text: found as pixels, with nothing of our own geometry.

Qt paints the right place for whole glyphs. Of a ligature's parts it misplaces those in the middle, and in
right-to-left text all, so these are not asked about here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBitmap, QBrush, QColor, QImage, QPainter, QRegion, QTextCharFormat, QTextLayout

from annotator.ui.canvas.layout import Piece
from annotator.ui.canvas.view import ArticleView

RED = QColor(255, 0, 0)
_MARGIN = 8
_CLEAR = QColor(0, 0, 0, 0)

Run = tuple[float, float]


@dataclass(frozen=True)
class Seen:
    """The red pixels of a stretch: runs of columns on each line of its block, and a place in their middle.

    Runs are pixels from the text's left edge; the place is in the viewport.
    """

    runs: dict[int, list[Run]]
    middle: QPoint


def seen(view: ArticleView, start: int, end: int) -> Seen | None:
    """Let Qt select a stretch that lies in one block; None where it paints nothing."""
    block = view.scene.blocks.at(start)
    drawing = view.scene.drawing(block)
    ratio = round(view.devicePixelRatioF())
    region = _red(view, block, start, end, ratio=ratio)
    metrics = view.scene.style.metrics
    runs = {}
    for index, line in enumerate(drawing.lines):
        # The rows of the letters, where no other line's selection reaches.
        high, low = line.highlight(metrics.ascent, metrics.descent)
        band = QRect(0, (_MARGIN + high) * ratio, 1 << 20, (low - high) * ratio)
        found = _columns(region.intersected(band), ratio)
        if found:
            runs[index] = found
    if not runs:
        return None
    rects = region.boundingRect()
    widest = max(next(iter(runs.values())), key=lambda run: run[1] - run[0])
    x = floor((widest[0] + widest[1]) / 2)
    y = (
        floor(rects.center().y() / ratio) - _MARGIN
        if len(runs) == 1
        else drawing.lines[min(runs)].baseline - 4
    )
    return Seen(runs, QPoint(view.left + x, view.scroller.top_of(block) + y))


def joined(pieces: Iterable[Piece]) -> dict[int, list[Run]]:
    """Put pieces into the form of `Seen.runs`; neighbours that touch are one."""
    found: dict[int, list[Run]] = {}
    for line, left, right in sorted(pieces):
        runs = found.setdefault(line, [])
        if runs and left <= runs[-1][1] + 1:
            runs[-1] = runs[-1][0], max(right, runs[-1][1])
        else:
            runs.append((left, right))
    return found


def agree(ours: dict[int, list[Run]], theirs: dict[int, list[Run]], *, within: float = 2.0) -> bool:
    """Tell whether the same columns are covered, gaps included, no edge being farther off than `within` pixels."""
    if ours.keys() != theirs.keys() or any(len(ours[line]) != len(theirs[line]) for line in ours):
        return False
    pairs = [pair for line in ours for pair in zip(ours[line], theirs[line], strict=True)]
    return all(
        abs(one - other) <= within
        for own, other_run in pairs
        for one, other in zip(own, other_run, strict=True)
    )


def changed_columns(one: QImage, other: QImage, *, top: int, bottom: int) -> list[Run]:
    """Give the runs of columns, in pixels, in which two pictures of a viewport differ between two heights."""
    ratio = round(one.devicePixelRatio())
    both = one.copy(0, top * ratio, one.width(), (bottom - top) * ratio)
    both.setDevicePixelRatio(1)
    painter = QPainter(both)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(
        QRect(0, 0, both.width(), both.height()), other, QRect(0, top * ratio, both.width(), both.height())
    )
    painter.end()
    same = both.createMaskFromColor(QColor("black").rgb(), Qt.MaskMode.MaskInColor)
    return [
        (left + _MARGIN, right + _MARGIN) for left, right in _columns(QRegion(QBitmap.fromImage(same)), ratio)
    ]


def _red(view: ArticleView, block: int, start: int, end: int, *, ratio: int) -> QRegion:
    drawing = view.scene.drawing(block)
    chosen = QTextLayout.FormatRange()
    chosen.start, chosen.length = drawing.text.units(start, end)
    look = QTextCharFormat()
    look.setBackground(QBrush(RED))
    chosen.format = look
    width, height = view.scene.measure + 2 * _MARGIN, drawing.height + 2 * _MARGIN
    image = QImage(width * ratio, height * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.translate(_MARGIN, _MARGIN)
    painter.setPen(_CLEAR)  # the letters themselves would hide some of it
    drawing.text.draw(painter, [chosen], QRectF())
    painter.end()
    return QRegion(QBitmap.fromImage(image.createMaskFromColor(RED.rgb(), Qt.MaskMode.MaskOutColor)))


def _columns(region: QRegion, ratio: int) -> list[Run]:
    runs: list[Run] = []
    rects: Iterable[QRect] = region  # type: ignore[assignment]
    for left, right in sorted((rect.left(), rect.right() + 1) for rect in rects):
        if runs and left <= runs[-1][1]:
            runs[-1] = runs[-1][0], max(right, runs[-1][1])
        else:
            runs.append((left, right))
    return [(left / ratio - _MARGIN, right / ratio - _MARGIN) for left, right in runs]
