"""The words before and after a place: whole ones, of the text itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.workflows.words_around import ROOM, words_after, words_before

SENTENCE = "Something was said by many people about Paris, which lies on a river of no little fame in France."


def test_no_word_is_cut() -> None:
    at = SENTENCE.index("Paris")
    assert words_before(SENTENCE, at) == "Something was said by many people about "
    assert words_before(f"x{SENTENCE}", at + 1) == "was said by many people about "
    assert words_before(f"x {SENTENCE}", at + 2) == "Something was said by many people about "
    assert words_after(SENTENCE, at + 5) == ", which lies on a river of no little"
    assert words_after("Paris.", 5) == "."


@given(st.lists(st.text("abc", min_size=1, max_size=60), max_size=12), st.data())
def test_what_is_given_are_words_of_the_text(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    at = data.draw(st.integers(0, len(text)))
    before, after = words_before(text, at), words_after(text, at)
    assert len(before) <= ROOM + 1
    assert len(after) <= ROOM + 1
    assert text[:at].endswith(before)
    assert text[at:].startswith(after)
    if len(before) < min(ROOM, at):
        assert text[at - len(before) - 1] == " "
    if len(after) < min(ROOM, len(text) - at):
        assert text[at + len(after)] == " "
