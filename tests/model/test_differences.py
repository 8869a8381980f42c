"""What is told of two rows is what only one of them holds."""

from __future__ import annotations

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.differences import EditedRow, differing


def test_rows_differ_between_what_is_the_same_at_both_ends() -> None:
    one, two, three, four = (object() for _ in range(4))
    assert differing((one, two, three), (one, four, three)) == ((two,), (four,))
    assert differing((one, three), (one, two, three)) == ((), (two,))
    assert differing((one, one), (one,)) == ((one,), ())
    assert differing((), (one,)) == ((), (one,))


@given(st.sets(st.integers(1000, 1040)), st.data())
def test_an_edited_row_tells_what_differs(there: set[int], data: st.DataObject) -> None:
    universe = list(range(1000, 1041))
    plain = [each for each in universe if each in there]
    row = EditedRow(tuple(plain))
    for _ in range(3):
        before = row.given()
        for _ in range(data.draw(st.integers(0, 4))):
            first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(universe))] * 2)))
            some = [each for each in universe[first:last] if data.draw(st.booleans())]
            low, high = (bisect_left(plain, 1000 + each) for each in (first, last))
            if data.draw(st.booleans()):
                row.replace(low, high, some)
            else:
                for _ in range(low, high):
                    row.pop(low)
                for number, each in enumerate(some):
                    row.insert(low + number, each)
            plain[low:high] = some
        now = row.given()
        assert now == tuple(plain)
        assert (now is before) is (now == before)
        told = tuple(map(set, differing(before, now)))
        assert told == (set(before) - set(now), set(now) - set(before))
