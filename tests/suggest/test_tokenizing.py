"""Tokens and sentences: spaCy's where it has rules, ours where it has none, and always in bounded time."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.offsets import is_grapheme_border
from annotator.suggest import tokenizing
from annotator.suggest.tokenizing import pieces, readable, tokenize, tokenize_all, tokenizer_note
from tests.suggest.helpers import a_text, words_of


def _sentences(written: str, language: str = "en") -> list[str]:
    text = a_text(written, language=language)
    starts = [text.tokens.starts[index] for index in text.tokens.sentences]
    return [
        written[start:end].strip() for start, end in zip(starts, [*starts[1:], len(written)], strict=True)
    ]


def test_english_is_cut_by_spacys_rules() -> None:
    words = words_of(a_text("Dr. Ada didn't go to St. Ives (2024)."))
    assert words == ["Dr.", "Ada", "did", "n't", "go", "to", "St.", "Ives", "(", "2024", ")", "."]


def test_blanks_are_no_tokens() -> None:
    assert words_of(a_text("  a \n\n b\t")) == ["a", "b"]
    assert len(tokenize(" \n ", "en")) == 0
    assert tokenize("", "en").sentences == ()


@pytest.mark.parametrize(
    ("written", "language", "words"),
    [
        (
            "東京でApple社が2024年に。",
            "ja",
            ["東", "京", "で", "Apple", "社", "が", "2024", "年", "に", "。"],
        ),
        ("我们去Oslo。", "zh", ["我", "们", "去", "Oslo", "。"]),
        ("ที่นี่ Oslo", "th", ["ที่", "นี่", "Oslo"]),
    ],
)
def test_scripts_without_blanks_are_cut_into_characters(
    written: str, language: str, words: list[str]
) -> None:
    text = a_text(written, language=language)
    if not text.tokens.tokenizer.startswith("spacy-xx"):
        pytest.skip("spaCy has its further packages for this language here")
    assert words_of(text) == words
    assert "characters" in tokenizer_note(text.tokens.tokenizer, language)


def test_a_language_without_rules_gets_those_for_many_and_says_so() -> None:
    text = a_text("Bonvolu, amiko.", language="eo")
    assert words_of(text) == ["Bonvolu", ",", "amiko", "."]
    assert "rules for many languages" in tokenizer_note(text.tokens.tokenizer, "eo")
    assert tokenizer_note(tokenize("Yes.", "en").tokenizer, "en") == ""


def test_characters_as_people_see_them_stay_whole() -> None:
    words = words_of(a_text("Go 🇺🇸👩‍🚀 e\u0301tude ❤️!"))
    assert words == ["Go", "🇺🇸", "👩‍🚀", "e\u0301tude", "❤️", "!"]


def test_lone_surrogates_do_no_harm() -> None:
    assert readable("a\ud800b") == "a\ufffdb"
    assert words_of(a_text("a\ud800 b")) == ["a", "\ud800", "b"]


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("It rained. We left.", ["It rained.", "We left."]),
        ('"Go!" he said. "Now."', ['"Go!" he said.', '"Now."']),
        ("He lives in the U.S. The house is old.", ["He lives in the U.S.", "The house is old."]),
        ("Dr. Ada met J. Smith. Both left.", ["Dr. Ada met J. Smith.", "Both left."]),
        ("A headline\nThe text goes on", ["A headline", "The text goes on"]),
        ("Was it so?! Yes… Perhaps", ["Was it so?!", "Yes…", "Perhaps"]),
        ("Sie kam (spät.) Er ging.", ["Sie kam (spät.)", "Er ging."]),
    ],
)
def test_sentences_begin_where_people_see_them(written: str, sentences: list[str]) -> None:
    assert _sentences(written) == sentences


def test_chinese_sentences_end_without_a_blank() -> None:
    assert _sentences("他走了。她留下。", "zh") == ["他走了。", "她留下。"]


def test_the_tokenizers_name_is_the_same_in_every_process() -> None:
    program = "from annotator.suggest.tokenizing import tokenize; print(tokenize('a', 'en').tokenizer)"
    named = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert named == {tokenize("b", "en").tokenizer}
    name, version, rules = named.pop().split()
    assert name == "spacy-en"
    assert version.count(".") == 2
    assert len(rules) == 8


@pytest.mark.parametrize("unit", ["!", "a", "ab,c! ", "(" * 59 + " ", "'s", "x." * 140 + " "])
def test_a_line_of_a_hundred_thousand_is_cut_in_bounded_time(unit: str) -> None:
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    begun = time.monotonic()
    tokens = tokenize(text, "en")
    assert time.monotonic() - begun < 20
    assert tokens.ends[-1] == len(text.rstrip())


def test_long_texts_are_cut_at_paragraph_ends_and_give_the_same_tokens() -> None:
    paragraph = "Mr. Ada went (quietly) to St. Ives; nobody's there.\n"
    text = paragraph * 3_000
    found = list(pieces(text))
    assert len(found) > 1
    assert "".join(piece for _, piece in found) == text
    assert all(piece.endswith("\n") for _, piece in found[:-1])
    once = tokenize(paragraph, "en")
    many = tokenize(text, "en")
    assert len(many) == 3_000 * len(once)
    assert len(many.sentences) == 3_000 * len(once.sentences)


_WORDS = st.text(st.sampled_from("aB1.,'\"!?-—()»é\u0301🇺\u200d京。 \n\r\t\u00a0\u2028\ud800"), max_size=60)
_TEXTS = st.one_of(
    _WORDS, st.text(max_size=40), st.sampled_from(["x" * 400, "Dr. No didn't. He left. —", "8a.m.", "", " "])
)


@settings(max_examples=60)
@given(texts=st.lists(_TEXTS, max_size=6), language=st.sampled_from(["en", "de", "fr", "ja", "xx"]))
def test_a_text_gets_the_same_tokens_whatever_is_cut_beside_it(texts: list[str], language: str) -> None:
    together = tokenize_all([(text, language) for text in texts])
    assert together == [tokenize(text, language) for text in texts]


def test_a_long_word_is_seen_wherever_it_stands() -> None:
    for before in range(130):
        for length in (59, 60):
            text = ("ab cd" * 30)[:before] + " " * (before > 0) + "x" * length + " end"
            longest = max(map(len, text.split()))
            assert tokenizing._has_long_word(text) == (longest >= 60)


@settings(max_examples=60)
@given(text=st.text(max_size=80), language=st.sampled_from(["en", "de", "ja", "th", "xx", "nn-NO", ""]))
def test_tokens_hold_every_letter_of_any_text_once(text: str, language: str) -> None:
    tokens = tokenize(text, language)
    after = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        assert after <= start < end <= len(text)
        assert not text[after:start].strip()
        assert not text[start:end].isspace()
        assert is_grapheme_border(text, start)
        after = end
    assert not text[after:].strip()
    assert list(tokens.sentences) == sorted(set(tokens.sentences))
    assert (not len(tokens)) or tokens.sentences[0] == 0
    assert tokens == tokenize(text, language)


@settings(max_examples=200, deadline=None)
@given(
    pieces_of=st.lists(
        st.tuples(
            st.sampled_from("a!\u00e9\u65e5 \u2003\x1c\n_"), st.sampled_from((1, 2, 59, 60, 61, 299, 300))
        ),
        max_size=6,
    )
)
def test_runs_that_take_long_are_looked_for_wherever_there_may_be_one(
    pieces_of: list[tuple[str, int]],
) -> None:
    text = "".join(sign * count for sign, count in pieces_of)
    assert tokenizing._has_long_word(text) or not tokenizing._SLOW.search(text)
    assert not tokenizing._has_long_word("Words of usual length, and as many as you like. " * 20)
