"""What is shown around a place that a pattern finds."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from annotator.ui.dialogs.pattern_hits import whole_words


def test_what_stands_around_a_place_is_cut_at_blanks(qapp: QApplication) -> None:
    metrics = QFontMetricsF(qapp.font())
    text = "Something else of the same kind"
    for room in range(0, int(metrics.horizontalAdvance(text)) + 2, 3):
        end = whole_words(text, metrics, room, ending=True)
        start = whole_words(text, metrics, room, ending=False)
        assert metrics.horizontalAdvance(end) <= room
        assert metrics.horizontalAdvance(start) <= room
        assert f" {text}".endswith(end.replace("…", " ") if end else "")
        assert f"{text} ".startswith(start.replace("…", " ") if start else "")
    assert whole_words(text, metrics, metrics.horizontalAdvance(text), ending=True) == text
