"""Documents that are kept together are in one part, whatever else is added."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.document import Part, part_of
from annotator.model.parting import Member, parted, with_dev

MEMBERS = st.lists(
    st.builds(
        Member,
        name=st.uuids().map(str),
        part=st.none() | st.sampled_from(Part),
        kept=st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=1).map(tuple),
        ties=st.lists(st.sampled_from(["1", "2", "3"]), max_size=2).map(tuple),
    ),
    max_size=12,
)


@given(MEMBERS)
def test_what_shares_anything_shares_its_part(members: list[Member]) -> None:
    parts = parted(members, seed="s")
    for one, part in zip(members, parts, strict=True):
        for other, its in zip(members, parts, strict=True):
            if {*one.kept, *one.ties} & {*other.kept, *other.ties}:
                assert part is its
        if not one.kept and not one.ties:
            assert part is (one.part or part_of(one.name, seed="s"))


@given(MEMBERS)
def test_both_sides_get_something_where_they_can_and_groups_stay_whole(members: list[Member]) -> None:
    before = parted(members, seed="s")
    after = with_dev(members, before, seed="s")
    assert len(after) == len(before)
    for one, part in zip(members, after, strict=True):
        for other, its in zip(members, after, strict=True):
            if {*one.kept, *one.ties} & {*other.kept, *other.ties}:
                assert part is its
    if {Part.TRAIN, Part.DEV} <= set(before):
        assert after == before
    apart = [each for each in members if not each.kept and not each.ties]
    if len(apart) > 1:
        assert {Part.TRAIN, Part.DEV} <= set(after)


def test_a_value_that_is_kept_together_settles_the_part_and_adding_documents_moves_none() -> None:
    few = [Member(name=str(number), part=Part.TRAIN, kept=(f"source {number}",)) for number in range(40)]
    parts = parted(few, seed="s")
    assert set(parts) == set(Part)
    more = [*few, *(Member(name=f"x{number}", kept=(f"source {number}",)) for number in range(60))]
    assert parted(more, seed="s")[:40] == parts
    assert parted(more, seed="s")[40:80] == parts


def test_dev_gets_a_tenth() -> None:
    members = [Member(name=str(number), part=Part.TRAIN) for number in range(50)]
    parts = with_dev(members, parted(members, seed="s"), seed="s")
    assert parts.count(Part.DEV) == 5
    alone = [Member(name="one", part=Part.TRAIN)]
    assert with_dev(alone, [Part.TRAIN], seed="s") == [Part.TRAIN]
    tests = [Member(name=str(number), part=Part.TEST) for number in range(3)]
    assert {Part.TRAIN, Part.DEV} <= set(with_dev(tests, [Part.TEST] * 3, seed="s"))
