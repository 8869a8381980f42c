"""The nine hues as a colour each, for programs that know no others."""

from __future__ import annotations

import re

HEX = {
    "blue": "#4b77dc",
    "slate": "#5c6b7a",
    "teal": "#0c7365",
    "orange": "#a95f0a",
    "coral": "#c76b4b",
    "indigo": "#51409a",
    "pink": "#ae6ba2",
    "olive": "#615206",
    "violet": "#9059af",
}
"""`#rrggbb` by the name of the hue."""
_NAMES = {color: name for name, color in HEX.items()}
_COLOR = re.compile(r"#[0-9a-f]{6}")


def hex_of(color: str) -> str:
    """Give the `#rrggbb` of a type's colour; what is no colour is slate."""
    color = color.lower()
    return HEX.get(color) or (color if _COLOR.fullmatch(color) else HEX["slate"])


def color_of(written: object) -> str:
    """Give the colour of a type for a `#rrggbb`: one of our hues, or itself; empty for what is none."""
    color = written.lower() if isinstance(written, str) else ""
    return _NAMES.get(color, color) if _COLOR.fullmatch(color) else ""
