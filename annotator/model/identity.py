"""Names that outlive a row: UUIDs of version 7 (RFC 9562), which sort by the time they were made."""

from __future__ import annotations

import os
import re
import time
import uuid

_PLAIN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_RANDOM = (1 << 80) - 1
_VERSION, _VARIANT = 0x7 << 76, 0x2 << 62
_MOMENT = (1 << 48) - 1
_AS_VERSION = bytes(0x70 | each & 0x0F for each in range(256))
_AS_VARIANT = bytes(0x80 | each & 0x3F for each in range(256))
"""What becomes of the bytes of chance that hold version and variant."""
_FREE = _RANDOM & ~(0xF << 76) & ~(0x3 << 62)


def new_id(*, milliseconds: int | None = None) -> str:
    """Make a UUIDv7 as 36 characters; `milliseconds` since 1970 default to now."""
    moment = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    return str(uuid.UUID(bytes=_made(moment, os.urandom(10))))


def new_packed_ids(count: int) -> list[bytes]:
    """Make many UUIDv7 at once, each as its 16 bytes."""
    moment = (time.time_ns() // 1_000_000 & _MOMENT).to_bytes(6)
    chance = bytearray(os.urandom(10 * count))
    chance[0::10] = chance[0::10].translate(_AS_VERSION)
    chance[2::10] = chance[2::10].translate(_AS_VARIANT)
    made = bytes(chance)
    return [moment + made[first : first + 10] for first in range(0, 10 * count, 10)]


def _made(moment: int, chance: bytes) -> bytes:
    value = (moment & _MOMENT) << 80 | int.from_bytes(chance) & _FREE | _VERSION | _VARIANT
    return value.to_bytes(16)


def packed_id(identity: str) -> bytes | str:
    """Give the 16 bytes of a UUID written in the usual way; any other name, as files may bring, stays as it is."""
    return bytes.fromhex(identity.replace("-", "")) if _PLAIN.fullmatch(identity) else identity


def unpacked_id(packed: bytes | str) -> str:
    """Give back what `packed_id` packed."""
    if isinstance(packed, str):
        return packed
    digits = packed.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
