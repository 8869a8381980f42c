"""Tells dates from durations, ages and times of day, and cuts a pipeline's dates to what says when. English only."""

from __future__ import annotations

import re
from dataclasses import replace

from annotator.suggest import name_words as vocabulary
from annotator.suggest.fixes import Found
from annotator.suggest.word_sets import word_set

_NUMBER = (
    r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|half)"
)
_UNIT = r"(?:days?|weeks?|months?|years?|decades?|centur(?:y|ies)|seasons?)"
_VAGUE = (
    r"(?:such|about|almost|nearly|around|more than|over|under|less than|at least|up to|some|the|only|just|another|"
    r"several|many|few|a few|a couple of|couple of|dozens of|hundreds of|thousands of|"
    rf"(?:first|last|next)(?=\s+{_NUMBER}[\s-]))"
)
_DURATION = re.compile(
    rf"(?:{_VAGUE}\s+)*"
    rf"(?:{_NUMBER}[\s-]+(?:and a half[\s-]+)?(?:(?:to|or|and)\s+{_NUMBER}[\s-]+)?)?"
    rf"(?:(?:more|full|long|whole|consecutive|straight)\s+)?{_UNIT}(?:[\s-]olds?|[\s-]long)?"
    rf"|(?:first|second|third|fourth|fifth|sixth|seventh|final|\d+(?:st|nd|rd|th)) (?:day|week|month|year)s?"
    rf"|\d{{1,2}}|aged? \d+|(?:almost )?(?:every|each|per|a) {_UNIT}",
    re.IGNORECASE,
)
_TIMES = word_set("overnight morning afternoon evening night noon midnight")
_BETWEEN = re.compile(r"between\s+(.+?)\s+and\s+(.+)", re.IGNORECASE)
_LEADING = re.compile(
    r"(?:between|from|since|until|till|during|in|on|by|before|after)\s+(?=\S)", re.IGNORECASE
)
_MONTH_AND_NAME = re.compile(rf"({'|'.join(sorted(vocabulary.MONTHS))})\s+([^\W\d_]+)$", re.IGNORECASE)


def is_duration(surface: str) -> bool:
    """Tell whether a date says how long or how old ("nine years", "30-day", "58"), not when."""
    return len(surface) < 80 and _DURATION.fullmatch(surface) is not None


def is_time_of_day(surface: str) -> bool:
    """Tell whether a date is only a part of a day ("overnight", "the evening")."""
    return surface.lower().removeprefix("the ") in _TIMES


def cut_dates(text: str, each: Found) -> list[Found]:
    """Take prepositions, durations and names off a date: "between 2028 and 2030", "May Kask"."""
    surface = text[each.start : each.end]
    pair = _BETWEEN.fullmatch(surface)
    if pair is not None:
        return [replace(each, start=each.start + pair.start(n), end=each.start + pair.end(n)) for n in (1, 2)]
    leading = _LEADING.match(surface)
    start = each.start + (leading.end() if leading is not None else 0)
    end = each.end
    first, comma, rest = text[start:end].partition(", ")
    if comma and is_duration(rest) and not rest.strip().isdigit():
        end = start + len(first)
    named = _MONTH_AND_NAME.search(text[start:end])
    if (
        named is not None
        and named[2][0].isupper()
        and named[2].lower() not in vocabulary.FEASTS | vocabulary.DAYS
    ):
        end = start + named.end(1)
    return [replace(each, start=start, end=end)]
