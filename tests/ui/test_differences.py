"""Rows that are kept in order, however much of them changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.differences import Ordered, cuts_in, rejoined


def test_names_stay_in_order_whether_few_or_many_change() -> None:
    names: Ordered[tuple[int, str]] = Ordered()
    for many in (1, 200):
        for number in range(0, 400, many):
            some = {f"n{each}": (-each, f"n{each}") for each in range(number, number + many)}
            names.change(some, some)
        assert names.names == tuple(f"n{each}" for each in reversed(range(400)))
    names.change({"n7", "n9"}, {"n9": None})
    assert "n7" not in names.names
    assert "n9" not in names.names


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_a_row_is_rejoined_in_order(there: set[int], gone: set[int], new: set[int]) -> None:
    gone &= there
    new -= there - gone
    row = sorted(there, reverse=True)
    found = rejoined(row, cuts_in(row, gone, new, place=lambda value: -value))
    assert found == sorted((there - gone) | new, reverse=True)
