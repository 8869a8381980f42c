"""How often Python looks for objects that hold nothing but each other, while long work makes many that do not."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

MADE = 20_000
"""Objects that long work makes before Python looks for some that can go."""


@contextlib.contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let Python look seldom; work of this kind inside other work of this kind changes nothing."""
    before = gc.get_threshold()
    if not 0 < before[0] < MADE:
        yield
        return
    gc.set_threshold(MADE, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
