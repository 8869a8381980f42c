"""Letters on partners: nearest first, unambiguous, pairs only where they are needed."""

from __future__ import annotations

import pytest

from annotator.ui.relation_letters import ALPHABET, letters_for, matches


@pytest.mark.parametrize("count", [0, 1, 14, 18, 19, 60, 86])
def test_no_name_begins_another(count: int) -> None:
    names = letters_for(count)
    assert len(set(names)) == count
    assert not any(a != b and b.startswith(a) for a in names for b in names)
    assert set("".join(names)) <= set(ALPHABET)


def test_the_nearest_have_the_easiest_letters() -> None:
    assert letters_for(3) == ["S", "D", "F"]
    assert letters_for(20)[13:16] == ["O", "NS", "ND"]


def test_beyond_all_pairs_there_are_none() -> None:
    names = letters_for(100)
    assert len(names) == 100
    assert names[86:] == [""] * 14


def test_typing_narrows() -> None:
    names = letters_for(30)
    assert matches(names, "S") == [0]
    assert [names[index] for index in matches(names, "N")] == [f"N{second}" for second in ALPHABET[:16]]
    assert matches(names, "X") == []
