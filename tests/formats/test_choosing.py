"""Options of formats are drawn from what they declare, and made of what was chosen."""

from __future__ import annotations

import pytest

from annotator.formats import FORMATS
from annotator.formats.choosing import options_made, options_of
from annotator.formats.conll import ConllOptions
from annotator.formats.offset_units import OffsetOptions
from annotator.model.errors import FormatError


def test_every_format_can_be_drawn_and_made_at_its_defaults() -> None:
    for found in FORMATS:
        for kind in (found.options, found.read_options):
            options = options_of(kind)
            assert options_made(kind, {each.name: each.default for each in options}, what="x") == kind()


def test_words_of_the_terminal_become_values() -> None:
    told = {"scheme": "BIOES", "assume_done": "yes", "unknown": "x"}
    assert options_made(ConllOptions, told, what="CoNLL") == ConllOptions(scheme="BIOES", assume_done=True)


@pytest.mark.parametrize("written", ["UTF-16 units", "utf16", "utf-16", "UTF16units"])
def test_a_choice_may_be_written_by_its_beginning(written: str) -> None:
    assert options_made(OffsetOptions, {"offsets": written}, what="x") == OffsetOptions(
        offsets="UTF-16 units"
    )


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"scheme": "IOB9"}, "Scheme of CoNLL cannot be 'IOB9'"),
        ({"scheme": "IOB"}, "It can be IOB2, IOB1, BIOES, BILUO"),
        ({"assume_done": "perhaps"}, "is yes or no, not 'perhaps'"),
    ],
)
def test_a_value_that_cannot_be_is_told(told: dict[str, str], words: str) -> None:
    with pytest.raises(FormatError, match=words):
        options_made(ConllOptions, told, what="CoNLL")
