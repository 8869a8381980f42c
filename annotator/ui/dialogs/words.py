"""Words that several dialogs say alike: counts, days, paths, sizes, languages. No widget lives here."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QDate, QDateTime, QLocale

from annotator.model.wording import counted
from annotator.ui.dialogs.tables import Choice

ENGLISH = QLocale(QLocale.Language.English)
LANGUAGES = (
    *(
        "en",
        "ar",
        "bg",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "es",
        "et",
        "fa",
        "fi",
        "fr",
        "ga",
        "he",
        "hi",
        "hr",
        "hu",
    ),
    *(
        "id",
        "it",
        "ja",
        "ko",
        "lb",
        "lt",
        "lv",
        "mk",
        "mr",
        "nb",
        "nl",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sq",
    ),
    *("sr", "sv", "sw", "ta", "th", "tl", "tr", "uk", "ur", "vi", "zh"),
)
"""Codes that are offered; English first, the others by their codes."""
ANY = "xx"
"""The code that stands for any language, or several."""


def listed(names: list[str], *, limit: int = 4) -> str:
    """Give names in a row, and how many more there are: `ORG, GPE, 3 more`."""
    shown = names[:limit]
    rest = len(names) - len(shown)
    return ", ".join([*shown, f"{rest} more"] if rest > 0 else shown)


def language_words(code: str) -> str:
    """Give the English name of a language code, or the code where Qt knows none."""
    if code == ANY:
        return "Several languages"
    language = QLocale(code.replace("-", "_")).language()
    if language in {QLocale.Language.C, QLocale.Language.AnyLanguage}:
        return code
    # Qt's own name for it is longer than anybody needs.
    return "Norwegian" if code == "nb" else QLocale.languageToString(language)


def language_choices(*more: str) -> list[Choice]:
    """List languages by name, English first, several languages last; `more` are codes that must be among them."""
    codes = dict.fromkeys([*LANGUAGES, *(code for code in more if code and code != ANY)])
    first, *others = (Choice(code, language_words(code)) for code in codes)
    return [first, *sorted(others, key=lambda each: each.words), Choice(ANY, language_words(ANY))]


def day_words(at: float, *, now: float | None = None) -> str:
    """Say when something was: `today, 10:52`, `yesterday`, `3 November`, `3 November 2024`."""
    moment = QDateTime.fromSecsSinceEpoch(int(at))
    today = QDateTime.fromSecsSinceEpoch(int(time.time() if now is None else now)).date()
    day: QDate = moment.date()
    if day == today:
        return f"today, {moment.toString('HH:mm')}"
    if day.addDays(1) == today:
        return "yesterday"
    return ENGLISH.toString(day, "d MMMM" if day.year() == today.year() else "d MMMM yyyy")


def moment_words(at: float) -> str:
    """Say when something was, to the minute: `today, 10:52`, `yesterday, 10:52`, `3 November 2024, 10:52`."""
    words = day_words(at)
    time_of_day = QDateTime.fromSecsSinceEpoch(int(at)).toString("HH:mm")
    return words if words.endswith(time_of_day) else f"{words}, {time_of_day}"


def path_words(path: Path) -> str:
    """Give a path as people write it, their own folder as `~`."""
    home = Path.home()
    return (
        f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) and path != home else str(path)
    )


def path_of(words: str) -> Path:
    """Read a path as people write it."""
    return Path(words.strip()).expanduser()


def size_words(count: int) -> str:
    """Give a number of bytes: `812 bytes`, `14 kB`, `2.1 MB`."""
    if count < 1000:
        return counted(count, "byte")
    if count < 1_000_000:
        return f"{count / 1000:,.0f} kB"
    return f"{count / 1_000_000:,.1f} MB"


def seconds_words(seconds: float) -> str:
    """Give a duration: `48 s`, `3 min 20 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def file_stem(name: str) -> str:
    """Make a file name without suffix of what a person calls something: `News 2025` becomes `news-2025`."""
    kept = "".join(sign if sign.isalnum() else "-" for sign in name.strip().lower())
    return "-".join(part for part in kept.split("-") if part) or "project"
