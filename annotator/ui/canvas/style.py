"""Fonts, measures and colours of the article at one size, in one theme.

Every length is whole pixels, so that lines lie alike wherever they are scrolled.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from annotator.ui import fonts
from annotator.ui.canvas.items import SpanItem
from annotator.ui.canvas.lanes import LANES, Lane
from annotator.ui.theme import Hue, Theme, hue

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
MEASURES = (91, 83, 75, 67, 59, 51)
"""Characters a line, from wide windows to narrow ones."""
SIDE_MARGIN = 56


class Metrics:
    """Lengths at one text size, in pixels; lines are measured from their baseline."""

    def __init__(self, size: int, *, compact: bool) -> None:
        scale = sixteenths(size / 17)
        self.size = size
        self.scale = scale
        self.compact = compact
        self.ascent = round(0.86 * size)  # top of the highlight above the baseline
        self.descent = round(0.29 * size)  # its bottom below the baseline, where the first underline lies
        self.line_pad = max(2, round(3 * scale))
        self.tag_height = round(13 * scale)
        self.tag_pitch = self.tag_height + 1
        self.tag_pad = sixteenths(3.6 * scale)
        self.row_pitch = max(3, round(3 * scale))
        self.underline = sixteenths(2 * scale)
        self.dashes = sixteenths(1.6 * scale)
        self.foot = max(2, round((1 if compact else 3) * scale))
        self.first_level = round(15 * scale)  # from the tags to the lowest arc
        self.level_pitch = round(14 * scale)
        self.level_cap = round(7 * scale)  # from the highest arc to the line's top, for its words
        self.paragraph_gap = round(15 * scale)
        self.blank = round(0.5 * size)
        self.corner = sixteenths(6 * scale)
        # The lanes fit into the margin at any size; what leaves a line stays inside the first of them.
        self.lane_first = round(min(15 * scale, 20))
        self.lane_pitch = min(max(6, round(9 * scale)), (SIDE_MARGIN - 4 - self.lane_first) // (LANES - 1))
        self.wrap = min(round(9 * scale), self.lane_first - round(3 * scale) - 1)
        self.arrow = sixteenths(6.5 * scale)

    def line_height(self, *, tag_rows: int = 1, levels: int = 0, rows: int = 1) -> int:
        """Give a line's height for so many rows of tags, levels of arcs and rows of underlines."""
        if self.compact:
            return max(round(1.6 * self.size), self.ascent + self.descent + self.rows_height(rows))
        return self.above(tag_rows=tag_rows, levels=levels) + self.descent + self.rows_height(rows)

    def above(self, *, tag_rows: int, levels: int) -> int:
        """Give the distance from a line's top to its baseline."""
        if self.compact:
            return self.line_pad + self.ascent + 1
        arcs = self.first_level + (levels - 1) * self.level_pitch + self.level_cap if levels else 0
        return self.line_pad + arcs + tag_rows * self.tag_pitch + self.ascent

    def lane_x(self, lane: Lane, *, measure: int) -> float:
        """Give the middle of a lane, from the left edge of a text so wide."""
        out = self.lane_first + lane.number * self.lane_pitch
        return (measure + out if lane.side > 0 else -out) + 0.5

    def rows_height(self, rows: int) -> int:
        """Give the height of so many underlines and the foot below them."""
        return round(self.underline) + (max(1, rows) - 1) * self.row_pitch + self.foot


class Style:
    """How the article is drawn: one text size, one theme, one spacing."""

    def __init__(
        self,
        theme: Theme,
        *,
        size: int = 17,
        compact: bool = False,
        language: str = "",
        family: str = "serif",
    ) -> None:
        self.theme = theme
        self.size = size
        self.compact = compact
        self.language = language
        self.family = family
        self.body: QFont = fonts.article(size, family=family, language=language)
        # The fonts follow the window's text size, so what Qt will really draw sets the measures.
        self.metrics = Metrics(self.body.pixelSize(), compact=compact)
        self.tag_font: QFont = fonts.sans(0.60 * size, 600)
        self.arc_font: QFont = fonts.sans(0.62 * size)
        self.number_font: QFont = fonts.sans(0.65 * size)
        self.hint_font: QFont = fonts.sans(0.68 * size, 700)
        self._tag_metrics = QFontMetricsF(self.tag_font)
        self._arc_metrics = QFontMetricsF(self.arc_font)
        self._widths: dict[tuple[str, bool], float] = {}
        self._inks: dict[str, Hue] = {}
        self._blends: dict[tuple[int, int, float], QColor] = {}
        self.character = QFontMetricsF(self.body).horizontalAdvance(_LETTERS) / len(_LETTERS)
        self.color = theme.tokens()
        self.is_high_contrast = theme.high_contrast

    def with_changes(
        self,
        *,
        theme: Theme | None = None,
        size: int | None = None,
        compact: bool | None = None,
        language: str | None = None,
        family: str | None = None,
    ) -> Style:
        """Make a style that differs in what is named."""
        return Style(
            theme if theme is not None else self.theme,
            size=size if size is not None else self.size,
            compact=compact if compact is not None else self.compact,
            language=language if language is not None else self.language,
            family=family if family is not None else self.family,
        )

    def inks(self, color: str) -> Hue:
        """Give the colours of a label's hue."""
        found = self._inks.get(color)
        if found is None:
            found = self._inks[color] = hue(self.theme, color)
        return found

    def deeper(self, color: str) -> QColor:
        """Give the tint of a hovered or selected span: a step towards its line, alike for all hues."""
        its = self.inks(color)
        apart = abs(its.line.lightnessF() - its.tint.lightnessF())
        return self.blend(its.line, min(0.30, 0.075 / max(0.05, apart)), on=its.tint)

    def blend(self, color: QColor, share: float, *, on: QColor | None = None) -> QColor:
        """Mix a colour into the page (or another), as if it were drawn with that opacity."""
        under = on if on is not None else self.color["page"]
        key = (color.rgb(), under.rgb(), share)
        found = self._blends.get(key)
        if found is None:
            rest = 1 - share
            found = self._blends[key] = QColor(
                round(color.red() * share + under.red() * rest),
                round(color.green() * share + under.green() * rest),
                round(color.blue() * share + under.blue() * rest),
            )
        return found

    def tag_words(self, item: SpanItem, *, with_score: bool) -> str:
        """Give what stands on a span's tag, the signs of its states included."""
        words = item.shown
        if item.state == "candidate" and item.doubtful:
            words += " ?"
        if not item.learnable:
            words += " !"
        if item.noted:
            words += " •"
        if item.otherwise:
            words += " ≠"
        if with_score and item.score is not None:
            words += " " + short_score(item.score)
        return words

    def tag_width(self, words: str, *, flagged: bool = False) -> float:
        """Give the width of a tag with these words."""
        width = self._width(words, self._tag_metrics, tag=True) + 2 * self.metrics.tag_pad
        return width + (8 * self.metrics.scale if flagged else 0)

    def arc_words_width(self, words: str) -> float:
        """Give the width of the words on an arc or a chip."""
        return self._width(words, self._arc_metrics, tag=False)

    def measure(self, *, available: int, characters: int) -> int:
        """Give the width of the text: the widest step that fits, else what there is."""
        steps = [characters, *(step for step in MEASURES if step < characters)]
        for step in steps:
            width = round(step * self.character)
            if width + 2 * SIDE_MARGIN <= available:
                return width
        return max(round(12 * self.character), available - 2 * SIDE_MARGIN)

    def _width(self, words: str, metrics: QFontMetricsF, *, tag: bool) -> float:
        key = (words, tag)
        found = self._widths.get(key)
        if found is None:
            found = self._widths[key] = metrics.horizontalAdvance(words)
        return found


def short_score(score: float) -> str:
    """Write a score as on tags: two digits without the zero."""
    return "1.0" if score >= 0.995 else f".{round(score * 100):02d}"


def sixteenths(length: float) -> float:
    """Round to what keeps its value wherever it is moved to, so that edges are smoothed alike everywhere."""
    return round(length * 16) / 16
