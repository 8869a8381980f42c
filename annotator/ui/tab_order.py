"""Where Tab goes in the window: through its parts in reading order, and in each by rows.

Rows of panels come and go all day; Qt would put each new one at the end of its own order.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def beside(parts: Iterable[QWidget], focus: QWidget, *, forward: bool) -> QWidget | None:
    """Give what Tab reaches from a widget, going round; None if that is in none of the parts."""
    order = [stop for part in parts for stop in stops(part)]
    here = next((index for index, stop in enumerate(order) if stop is focus), None)
    if here is None:
        return None
    return order[(here + (1 if forward else -1)) % len(order)]


def stops(part: QWidget) -> list[QWidget]:
    """List what Tab stops at in a part of the window: from above, each row as it is read."""
    root = part.window()
    found = [
        each
        for each in (part, *part.findChildren(QWidget))
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.isVisible()
        and each.isEnabled()
        and each.focusProxy() is None
        and each.window() is root
    ]
    places = {each: each.mapTo(root, each.rect().center()) for each in found}
    found.sort(key=lambda each: places[each].y())
    sign = -1 if part.layoutDirection() is Qt.LayoutDirection.RightToLeft else 1
    rows: list[list[QWidget]] = []
    bottom = -1
    for each in found:
        if rows and places[each].y() < bottom:
            rows[-1].append(each)
        else:
            rows.append([each])
            bottom = places[each].y() + each.height() // 2
    return [each for row in rows for each in sorted(row, key=lambda one: sign * places[one].x())]
