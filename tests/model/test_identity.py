"""Names that outlive a row are UUIDs of version 7, made one at a time or many at once."""

from __future__ import annotations

import time
import uuid

from annotator.model.identity import new_id, new_packed_ids, packed_id, unpacked_id


def test_many_names_at_once_are_as_good_as_one() -> None:
    before = time.time_ns() // 1_000_000
    made = [uuid.UUID(bytes=each) for each in new_packed_ids(500)] + [uuid.UUID(new_id())]
    after = time.time_ns() // 1_000_000
    assert len(set(made)) == 501
    assert {(each.version, each.variant) for each in made} == {(7, uuid.RFC_4122)}
    assert all(before <= each.int >> 80 <= after for each in made)
    assert new_packed_ids(0) == []


def test_chance_reaches_every_free_bit() -> None:
    made = [uuid.UUID(bytes=each).int for each in new_packed_ids(200)]
    free = (1 << 80) - 1 & ~(0xF << 76) & ~(0x3 << 62)
    ever = never = made[0]
    for each in made:
        ever |= each
        never &= each
    assert ever & free == free
    assert never & free == 0


def test_a_name_survives_packing() -> None:
    name = new_id()
    assert unpacked_id(packed_id(name)) == name
    assert packed_id("from a file") == "from a file"
