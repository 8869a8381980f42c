"""Small widgets that every part of the window shares; none knows a document, a project or a command.

Each paints with the tokens of `theme_hub().theme` and fonts of `fonts.py`, and lays itself out anew when
`theme_hub().changed` says so: theme and text size (up to 200 %) may change while it is on screen. Each has an
accessible name. Views that draw rows themselves take the painters: `paint_key_cap`, `paint_chip`, `paint_row`.
May import the theme, fonts, icons and style; start reading with `painting.py`. What Qt's own widgets look like
is `resources/themes/window.qss`.
"""

from annotator.ui.widgets.button import Button, IconButton, Kind
from annotator.ui.widgets.cards import ActionCard, Card, CheckCard, RadioCard
from annotator.ui.widgets.chip import Chip, ChipForm, ChipSize, chip_size, paint_chip
from annotator.ui.widgets.empty import EmptyState
from annotator.ui.widgets.fields import FormField, SearchField
from annotator.ui.widgets.keycap import KeyCap, KeyTone, key_cap_size, key_words, paint_key_cap
from annotator.ui.widgets.lines import ElidedLabel, Hairline, Sign, ThinProgress, make_label
from annotator.ui.widgets.markdown import MarkdownText
from annotator.ui.widgets.painting import paint_focus_ring, paint_frame, paint_row
from annotator.ui.widgets.stepper import Stepper
from annotator.ui.widgets.strip import Strip, Tone
from annotator.ui.widgets.tabs import CountTabs

__all__ = [
    "ActionCard",
    "Button",
    "Card",
    "CheckCard",
    "Chip",
    "ChipForm",
    "ChipSize",
    "CountTabs",
    "ElidedLabel",
    "EmptyState",
    "FormField",
    "Hairline",
    "IconButton",
    "KeyCap",
    "KeyTone",
    "Kind",
    "MarkdownText",
    "RadioCard",
    "SearchField",
    "Sign",
    "Stepper",
    "Strip",
    "ThinProgress",
    "Tone",
    "chip_size",
    "key_cap_size",
    "key_words",
    "make_label",
    "paint_chip",
    "paint_focus_ring",
    "paint_frame",
    "paint_key_cap",
    "paint_row",
]
