"""The merge of three: nothing is lost, nothing is doubled, and doing it again does nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.sync.content import Base, Content, Place, Tie, Values
from annotator.sync.merging import Change, Deciding, Merge, Side, begun, merge, next_base, settled
from tests.sync.contents import three

ANY = st.booleans()
TRIPLES = ANY.flatmap(lambda overlap: st.tuples(st.just(overlap), three(overlap=overlap)))
Triple = tuple[bool, tuple[Base | None, Content, Content]]


def always(side: Side) -> Deciding:
    """Decide conflicts for one side, all else for the side that changed it."""
    return lambda each: side if each.is_conflict else each.side


def done(
    base: Base | None, here: Content, there: Content, side: Side, *, overlap: bool
) -> tuple[Base, Content, Content, Merge]:
    found = merge(base, here, there, allows_overlap=overlap)
    decide = always(side)
    after = settled(found, here, there, decide)
    return next_base(base, *after, found=found, decide=decide), *after, found


def is_sound(content: Content, *, overlap: bool) -> bool:
    ends = {end for tie in content.relations for end in (tie.head, tie.child)}
    places = sorted(content.spans)
    return ends <= content.spans and (
        overlap or all(one.end <= other.start for one, other in pairwise(places))
    )


@given(TRIPLES, st.sampled_from(list(Side)))
def test_both_sides_stay_sound_whatever_is_chosen(given: Triple, side: Side) -> None:
    overlap, (base, here, there) = given
    _, mine, theirs, _ = done(base, here, there, side, overlap=overlap)
    assert is_sound(mine, overlap=overlap)
    assert is_sound(theirs, overlap=overlap)


@given(TRIPLES, st.sampled_from([Side.MINE, Side.THEIRS]))
def test_both_sides_are_the_same_afterwards_and_a_second_time_does_nothing(given: Triple, side: Side) -> None:
    overlap, (base, here, there) = given
    after, mine, theirs, _ = done(base, here, there, side, overlap=overlap)
    if base is not None or here.values.metadata == there.values.metadata:
        assert mine == theirs
    assert merge(after, mine, theirs, allows_overlap=overlap).is_empty
    assert done(after, mine, theirs, side, overlap=overlap)[:3] == (after, mine, theirs)


@given(TRIPLES)
def test_what_is_left_is_found_again_and_the_rest_is_not(given: Triple) -> None:
    overlap, (base, here, there) = given
    after, mine, theirs, found = done(base, here, there, Side.LEAVE, overlap=overlap)
    again = merge(after, mine, theirs, allows_overlap=overlap)
    assert all(each.is_conflict for each in again.changes)
    assert {each.items for each in again.clusters} == {
        each.items for each in found.clusters if each.is_conflict
    }
    assert {each.name for each in again.differences} == {
        each.name for each in found.differences if each.is_conflict
    }


@given(TRIPLES)
def test_what_only_one_side_changed_goes_to_the_other(given: Triple) -> None:
    overlap, (base, here, _) = given
    if base is None:
        return
    before = Content(values=base.here).having(base.items)
    for sides in ((here, before), (before, here)):
        _, mine, theirs, found = done(base, *sides, Side.LEAVE, overlap=overlap)
        assert (mine, theirs) == (here, here)
        assert not found.conflicts


@given(TRIPLES, st.sampled_from([Side.MINE, Side.THEIRS]))
def test_a_choice_is_respected_in_each_conflict(given: Triple, side: Side) -> None:
    overlap, (base, here, there) = given
    _, mine, _, found = done(base, here, there, side, overlap=overlap)
    wanted = here if side is Side.MINE else there
    for cluster in (each for each in found.clusters if each.is_conflict):
        assert cluster.items & mine.items == cluster.items & wanted.items
    for each in found.differences:
        if each.is_conflict:
            assert getattr(mine.values, each.name) == getattr(wanted.values, each.name)


@given(TRIPLES)
def test_nothing_goes_that_nobody_took_out(given: Triple) -> None:
    overlap, (base, here, there) = given
    known = here.items & there.items if base is None else base.items
    taken = (known - here.items) | (known - there.items)
    for side in Side:
        _, mine, theirs, found = done(base, here, there, side, overlap=overlap)
        lost = (here.items - mine.items) | (there.items - theirs.items)
        conflicts = frozenset().union(*(each.items for each in found.clusters if each.is_conflict))
        assert lost <= taken | conflicts


@given(TRIPLES)
def test_the_server_being_half_way_counts_as_done(given: Triple) -> None:
    overlap, (base, here, there) = given
    _, mine, theirs, found = done(base, here, there, Side.MINE, overlap=overlap)
    decide = always(Side.MINE)
    going = begun(base, here, there, found=found, decide=decide, target=theirs)
    # Half of what goes has gone, nothing has come yet.
    half = there.having(
        item
        for item in there.items & theirs.items
        if isinstance(item, Place) or {item.head, item.child} <= there.items & theirs.items
    )
    again, ours, whole, found = done(going, mine, half, Side.LEAVE, overlap=overlap)
    assert not found.conflicts
    assert ours == mine
    assert whole.items == theirs.items
    assert again.going is None


# ---------------------------------------------------------------------- each kind of conflict by name

B = Place(8, 11, "PER")
ADA = Place(0, 3, "PER")


def found_in(base: Content, here: Content, there: Content, *, overlap: bool = False) -> tuple[Change, ...]:
    """Give the conflicts."""
    known = Base(items=base.items, here=base.values, there=base.values)
    return merge(known, here, there, allows_overlap=overlap).conflicts


@pytest.mark.parametrize("overlap", [False, True])
@pytest.mark.parametrize(
    ("here", "there"),
    [
        ([B._replace(label="ORG")], [B._replace(label="LOC")]),
        ([], [B._replace(label="LOC")]),
        ([B._replace(end=14)], []),
        ([B._replace(end=14)], [B._replace(label="LOC")]),
        ([], [B, ADA, Tie(ADA, B, "MET")]),
    ],
    ids=[
        "relabelled twice",
        "deleted and relabelled",
        "moved and deleted",
        "moved and relabelled",
        "an end deleted",
    ],
)
def test_a_place_that_both_changed_is_one_conflict(
    here: list[Place], there: list[Place | Tie], *, overlap: bool
) -> None:
    (conflict,) = found_in(
        Content().having([B]), Content().having(here), Content().having(there), overlap=overlap
    )
    assert conflict.is_conflict


def test_a_relation_with_two_new_labels_is_a_conflict() -> None:
    base = Content().having([ADA, B, Tie(ADA, B, "MET")])
    here, there = (base.having([ADA, B, Tie(ADA, B, label)]) for label in ("KNOWS", "SAW"))
    assert len(found_in(base, here, there)) == 1


def test_overlap_that_both_added_is_a_conflict_only_where_it_is_forbidden() -> None:
    longer = B._replace(end=14)
    sides = Content(), Content().having([B]), Content().having([longer])
    assert len(found_in(*sides)) == 1
    assert not found_in(*sides, overlap=True)


@pytest.mark.parametrize(
    "told",
    [
        [Values(note=each) for each in "abc"],
        [Values(categories=frozenset(each)) for each in "abc"],
        [Values(metadata=each) for each in "123"],
    ],
    ids=["note", "categories", "metadata"],
)
def test_values_that_both_changed_are_conflicts(told: list[Values]) -> None:
    (conflict,) = found_in(*(Content(values=each) for each in told))
    assert conflict.is_conflict


def test_a_state_that_both_changed_is_the_same_state() -> None:
    done = Content(values=Values(confirmed=True))
    assert not found_in(Content(), done, done)


def test_a_note_that_is_being_replaced_there_is_no_change_of_theirs() -> None:
    base = Base(here=Values(note="old"), there=Values(note="old"))
    going = replace(base, going=Content(values=Values(note="new")))
    here = Content(values=Values(note="new"))
    for between in ("old\n\nnew", "", "new", "old"):
        found = merge(going, here, Content(values=Values(note=between)), allows_overlap=True)
        assert not found.conflicts
        assert [each.side for each in found.differences] == ([Side.MINE] if between != "new" else [])
