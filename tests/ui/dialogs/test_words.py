"""Words that several dialogs say alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime

from annotator.model.wording import counted
from annotator.ui.dialogs.words import (
    ANY,
    day_words,
    file_stem,
    language_choices,
    language_words,
    listed,
    path_of,
    path_words,
    size_words,
)


def seconds(moment: str) -> float:
    return float(QDateTime.fromString(moment, "yyyy-MM-dd HH:mm").toSecsSinceEpoch())


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-03-14 09:05", "today, 09:05"),
        ("2026-03-13 23:59", "yesterday"),
        ("2026-01-02 12:00", "2 January"),
        ("2025-11-03 12:00", "3 November 2025"),
    ],
)
def test_a_day_is_said_as_people_say_it(moment: str, words: str) -> None:
    assert day_words(seconds(moment), now=seconds("2026-03-14 12:00")) == words


def test_a_path_at_home_begins_with_a_tilde_and_is_read_back() -> None:
    path = Path.home() / "corpus" / "news.annot"
    assert path_words(path) == "~/corpus/news.annot"
    assert path_of(" ~/corpus/news.annot ") == path
    assert path_words(Path("/media/stick/news.annot")) == "/media/stick/news.annot"


@pytest.mark.parametrize(
    ("name", "stem"), [("News 2025", "news-2025"), ("  Ärzte & Co. ", "ärzte-co"), ("///", "project")]
)
def test_a_file_name_is_made_of_any_name(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_counts_sizes_and_lists() -> None:
    assert (counted(1, "span"), counted(1204, "span"), counted(2, "entry", "entries")) == (
        "1 span",
        "1,204 spans",
        "2 entries",
    )
    assert (size_words(1), size_words(14_200), size_words(2_100_000)) == ("1 byte", "14 kB", "2.1 MB")
    assert listed(["A", "B", "C"], limit=2) == "A, B, 1 more"
    assert listed(["A", "B"], limit=2) == "A, B"


def test_languages_are_offered_by_name_with_those_that_must_be_there() -> None:
    choices = language_choices("is")
    assert choices[0].words == "English"
    assert choices[-1].value == ANY
    words = [each.words for each in choices[1:-1]]
    assert words == sorted(words)
    assert "Icelandic" in words
    assert language_words("qqq") == "qqq"
