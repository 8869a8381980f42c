"""Words of others in one line of a screen."""

from __future__ import annotations

import pytest

from annotator.model.wording import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[2J", r"\u001b[2J"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("a\u2028b", r"a\u2028b"),
        ("مریم\u200cها 👩\u200d🚀", "مریم\u200cها 👩\u200d🚀"),
        ("\x00\ud800", r"\u0000\ud800"),
        ("<b>&amp;</b> %s", "<b>&amp;</b> %s"),
    ],
)
def test_what_would_act_is_spelled_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_what_is_too_long_is_cut() -> None:
    assert printable("x" * 100, limit=100) == "x" * 100
    assert printable("x" * 101, limit=100) == "x" * 100 + "…"
