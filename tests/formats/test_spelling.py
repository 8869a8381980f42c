"""Spelling a text out in tokens, beside what spaCy does with the same text."""

from __future__ import annotations

import spacy
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.spelling import spelled_out
from annotator.model.annotation import fragments_of
from annotator.model.document import Tokens
from tests.formats.samples import texts, words_in

TOKENIZER = spacy.blank("xx").tokenizer


@given(st.text(st.sampled_from("ab \t\n\r\u00a0\u2028😀"), min_size=1, max_size=20))
def test_blanks_become_tokens_as_in_spacy(text: str) -> None:
    """Leaving the blanks out of spaCy's own tokens and spelling them out again gives spaCy's tokens."""
    doc = TOKENIZER(text)
    words = [token for token in doc if not token.is_space]
    spelling = spelled_out(
        text, Tokens([token.idx for token in words], [token.idx + len(token) for token in words])
    )
    assert list(spelling.starts) == [token.idx for token in doc]
    assert list(spelling.ends) == [token.idx + len(token) for token in doc]
    assert list(spelling.spaces) == [bool(token.whitespace_) for token in doc]


@given(texts())
def test_tokens_and_spaces_rebuild_any_text(drawn: tuple[str, Tokens]) -> None:
    text, tokens = drawn
    spelling = spelled_out(text, tokens)
    places = zip(spelling.starts, spelling.ends, spelling.spaces, strict=True)
    assert "".join(text[start:end] + " " * space for start, end, space in places) == text
    own = spelling.own if spelling.own is not None else range(len(spelling.starts))
    assert [spelling.starts[index] for index in own] == list(tokens.starts)


def test_what_no_token_covers_becomes_tokens_too() -> None:
    text = "Ada, met  Bob!"
    spelling = spelled_out(text, Tokens([0, 10], [3, 13]))
    places = list(zip(spelling.starts, spelling.ends, spelling.spaces, strict=True))
    assert [(text[start:end], space) for start, end, space in places] == [
        ("Ada", False),
        (",", True),
        ("met", True),
        (" ", False),
        ("Bob", False),
        ("!", False),
    ]
    assert spelling.own == [0, 4]


def test_places_need_both_borders() -> None:
    text = "Ada Lovelace wrote"
    spelling = spelled_out(text, words_in(text))
    assert spelling.place(fragments_of((0, 12))) == (0, 2)
    assert spelling.place(fragments_of((0, 11))) is None
    assert spelling.place(fragments_of((1, 12))) is None
    assert spelling.place(fragments_of((0, 3), (13, 18))) is None
    assert spelling.touched(fragments_of((1, 2), (11, 18))) == [0, 1, 2]
