"""What is mended in a pipeline's finds, each fix by itself."""

from __future__ import annotations

import pytest

from annotator.suggest.dates import is_duration, is_time_of_day
from annotator.suggest.fixes import Found, aligned, mended
from annotator.suggest.names import corrected
from annotator.suggest.tokenizing import tokenize
from annotator.suggest.word_sets import word_set
from annotator.suggest.words import Words
from tests.builders import marked

LABELS = word_set("PERSON ORG GPE LOC FAC NORP DATE EVENT PRODUCT WORK_OF_ART")


def _mended(written: str) -> list[tuple[str, str]]:
    text, spans = marked(written)
    found = [Found(*key.fragments[0], key.label) for key in spans]
    return [(text[each.start : each.end], each.label) for each in mended(text, tokenize(text, "en"), found)]


def _corrected(written: str) -> list[tuple[str, str]]:
    text, spans = marked(written)
    found = [Found(*key.fragments[0], key.label) for key in spans]
    words = Words(text, tokenize(text, "en"))
    return [(text[each.start : each.end], each.label) for each in corrected(words, found, LABELS)]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("[Nora Quist\nMalmö](PERSON)", ["Nora Quist", "Malmö"]),
        ("[Riga—Tallinn](GPE)", ["Riga", "Tallinn"]),
        ("[Riga - Tallinn](GPE)", ["Riga", "Tallinn"]),
        ("[Anne-Marie Bakker](PERSON) left", ["Anne-Marie Bakker"]),
        ("[Ostberg's Harvest Fair](ORG) opened", ["Ostberg"]),
        ("[King's College](ORG) opened", ["King's College"]),
        ("[Ostberg's](ORG) shares", ["Ostberg"]),
        ("[the Netherlands’](GPE) coast", ["Netherlands"]),
        ('He read "[“Riga](GPE),', ["Riga"]),
        ("[(Riga)](GPE)", ["Riga"]),
        ("[Bank (Estonia)](ORG)", ["Bank (Estonia)"]),
        ("[Riga 🌊](GPE)", ["Riga"]),
        ("[Norway 4-1](GPE)", ["Norway"]),
        ("[the parliament](ORG) met", []),
        ("In [the Hague](GPE) and [the North Sea](LOC)", ["Hague", "North Sea"]),
        ("She lives in [The Hague](GPE) now", ["The Hague"]),
        ("[The Kremlin](ORG) said so", ["Kremlin"]),
        ("[the 1990s](DATE)", ["1990s"]),
    ],
)
def test_a_fix_leaves_the_name(written: str, names: list[str]) -> None:
    assert [words for words, _ in _mended(written)] == names


def test_the_same_words_get_one_label_in_a_document() -> None:
    written = "[Lindqvist](ORG) spoke. [Maja Lindqvist](PERSON) left. [Lindqvist](PERSON) came back."
    assert {label for _, label in _mended(written)} == {"PERSON"}


def test_without_a_clear_majority_labels_stay() -> None:
    assert _mended("[Avon](ORG) rose. [Avon](GPE) fell.") == [("Avon", "ORG"), ("Avon", "GPE")]


def test_a_name_spreads_to_where_it_was_missed() -> None:
    written = "[Maja Lindqvist](PERSON) left. Nobody asked Lindqvist why. Maja Lindqvist shrugged."
    assert _mended(written) == [
        ("Maja Lindqvist", "PERSON"),
        ("Lindqvist", "PERSON"),
        ("Maja Lindqvist", "PERSON"),
    ]


def test_a_single_word_does_not_spread_into_a_longer_name_or_inside_a_word() -> None:
    written = "[Maja Lind](PERSON) and [Maja Lind](PERSON) crossed Lind Bridge into Lindberg."
    assert _mended(written) == [("Maja Lind", "PERSON"), ("Maja Lind", "PERSON")]


def test_a_span_takes_in_signs_but_no_letters_to_meet_token_borders() -> None:
    text = "in Moscow, Kryvyy-Rih"
    tokens = tokenize("in Moscow, Kryvyy-Rih", "en")
    whole = tokens.__class__((0, 3, 11), (2, 10, 21), (0,))
    assert aligned(text, tokens, Found(3, 9, "GPE")) == Found(3, 9, "GPE")
    assert aligned(text, whole, Found(3, 9, "GPE")) == Found(3, 10, "GPE")
    assert aligned(text, whole, Found(18, 21, "GPE")) is None


@pytest.mark.parametrize(
    "words",
    [
        "nine years",
        "a month",
        "30-day",
        "the last nine years",
        "58",
        "two to three weeks",
        "every year",
        "more than 20 years",
        "aged 58",
        "several decades",
        "a couple of weeks",
        "twenty-one days",
        "third day",
    ],
)
def test_durations_and_ages_are_told(words: str) -> None:
    assert is_duration(words)


@pytest.mark.parametrize(
    "words", ["last year", "Tuesday", "2024", "next week", "9 June", "late February", "1980s", "19th century"]
)
def test_dates_are_no_durations(words: str) -> None:
    assert not is_duration(words)


def test_times_of_day_are_told() -> None:
    assert is_time_of_day("overnight")
    assert is_time_of_day("the evening")
    assert not is_time_of_day("Sunday")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("We saw [Vilde Bridge](ORG).", ("Vilde Bridge", "FAC")),
        ("They crossed [Lake Orrin](PERSON).", ("Lake Orrin", "LOC")),
        ("After the [Nordic Ski Championships](ORG).", ("Nordic Ski Championships", "EVENT")),
        ("It struck as [Hurricane Petra](PERSON).", ("Hurricane Petra", "EVENT")),
        ("The [University](ORG) of Tartu said so.", ("University of Tartu", "ORG")),
        ("in the [Bay of](LOC) Fundy today", ("Bay of Fundy", "LOC")),
        ("They met in [Tartu](ORG), of all places.", ("Tartu", "GPE")),
        ("a suburb, the capital of [Kashuria](ORG).", ("Kashuria", "GPE")),
        ("They flew to [Kalmar](PERSON) at once.", ("Kalmar", "GPE")),
        ("He worked in [NATO](ORG) for years.", ("NATO", "ORG")),
        ("at the [Valby Museum](ORG) in May", ("Valby Museum", "FAC")),
        ("the [Valby Museum](PERSON) bought it", ("Valby Museum", "ORG")),
        ("in [East Africa](GPE)", ("East Africa", "LOC")),
        ("across the [Sorvik](GPE) region, where", ("Sorvik region", "LOC")),
        ("to [Santa Rosa](PERSON) das Ilhas", ("Santa Rosa das Ilhas", "GPE")),
        ("Then [Paloma Ferrer](ORG) sang.", ("Paloma Ferrer", "PERSON")),
        ("their envoy to Oslo, [Rhys Tarn](ORG), left", ("Rhys Tarn", "PERSON")),
        ("[Rhys Tarn](PRODUCT), who left, wrote", ("Rhys Tarn", "PERSON")),
        ("[Helen Marsh](PERSON) left", ("Helen Marsh", "PERSON")),
        ("[Dr Oda Falk](PERSON) left", ("Oda Falk", "PERSON")),
        ("In [May Falk](DATE) left", ("May", "DATE")),
        ("built [between 1998 and 2004](DATE)", ("1998", "DATE")),
        ("on [Saturday, nine months](DATE) later", ("Saturday", "DATE")),
        ("[Vilde Gallery in Bergen](ORG)", ("Bergen", "GPE")),
        ("[Odda, Voss](ORG) and others", ("Voss", "ORG")),
        ("the [Acme, Inc.](ORG) shares", ("Acme, Inc.", "ORG")),
    ],
)
def test_the_words_in_and_around_a_name_tell_its_kind(written: str, expected: tuple[str, str]) -> None:
    assert expected in _corrected(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Then Judge Amara Osei read it out.", ("Amara Osei", "PERSON")),
        ("Mr. Falk agreed.", ("Falk", "PERSON")),
        ("She was born in Skelby and stayed.", ("Skelby", "GPE")),
        ("They left the Sorvik region at noon.", ("Sorvik region", "LOC")),
        ("He saw Vilde Bridge from afar.", ("Vilde Bridge", "FAC")),
        ("Towns such as Odda, Voss and Lom flooded.", ("Lom", "GPE")),
        ("the islands: Fedje, Utsira", ("Fedje", "LOC")),
    ],
)
def test_names_that_are_announced_are_found(written: str, expected: tuple[str, str]) -> None:
    assert expected in _corrected(written)


@pytest.mark.parametrize(
    "written",
    ["He spoke in English.", "They met in May.", "She said no in Parliament.", "What Lies in Store for Us"],
)
def test_not_all_behind_in_is_a_place(written: str) -> None:
    assert _corrected(written) == []


def test_no_label_is_given_that_the_pipeline_does_not_know() -> None:
    text = "We saw Vilde Bridge in Skelby."
    words = Words(text, tokenize(text, "en"))
    assert corrected(words, [Found(7, 19, "ORG")], {"ORG", "PER"}) == [Found(7, 19, "ORG")]
