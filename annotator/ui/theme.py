"""Colours of the window: the tokens of the three themes, the hues of labels, and the hub that tells of a change.

Whoever paints asks `theme_hub()`: `theme_hub().theme` is the theme in force, `theme_hub().px(30)` a length at the
text size in force, and `theme_hub().changed` is emitted when either became another. A widget connects that signal to
a slot that lays itself out and paints anew; there is no other way to hear of a theme. Only `style.py` sets the hub.
Widgets that the style sheet draws need nothing of this. No fonts (`fonts.py`), no style sheet (`style.py`) here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication

READABLE = 4.5
"""Least contrast of words with what lies under them (WCAG 2.2, 1.4.3)."""
VISIBLE = 3.0
"""Least contrast of a line that carries meaning (WCAG 2.2, 1.4.11)."""

_WELL_READABLE = 6.0
"""What the words of mixed hues reach, so that they look no weaker than those of the nine."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")


@dataclass(frozen=True, slots=True)
class Hue:
    """The colours of one label: `tint` lies under words, `line` under or around them, `word` is the tag's text."""

    tint: QColor
    line: QColor
    word: QColor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Theme:
    """All colours of one look of the window; a painter takes them as they are and never changes one.

    Args:
        page: under the article. panel: under all else. raised: fields, cards, dialogs, menus.
        hover, press: under what the pointer is on, or holds down. line: hairlines between panels.
        key_edge: border of key caps. edge: a border that must reach 3 : 1. control: border of fields and buttons.
        ink, dim, faint: words, secondary words, hints. off, off_word: icon and words that cannot be used now.
        accent, on_accent: the one accent and what stands on it. wash, on_wash: chosen row, soft button.
        good, warn, bad: words and icons of that meaning, each with the wash under it.
        arc, arc_word: relations in the article and their types. hues: by the colour name of a schema.
    """

    name: str
    title: str
    is_dark: bool
    high_contrast: bool
    page: QColor
    panel: QColor
    raised: QColor
    hover: QColor
    press: QColor
    line: QColor
    key_edge: QColor
    edge: QColor
    control: QColor
    ink: QColor
    dim: QColor
    faint: QColor
    off: QColor
    off_word: QColor
    accent: QColor
    on_accent: QColor
    wash: QColor
    on_wash: QColor
    good: QColor
    good_wash: QColor
    warn: QColor
    warn_wash: QColor
    bad: QColor
    bad_wash: QColor
    arc: QColor
    arc_word: QColor
    hues: Mapping[str, Hue]

    def color(self, token: str) -> QColor:
        """Give the colour of a token by name.

        Raises:
            KeyError: there is no such token.
        """
        found = getattr(self, token, None)
        if not isinstance(found, QColor):
            raise KeyError(token)
        return found

    def tokens(self) -> Mapping[str, QColor]:
        """Give every colour by the name of its token; the hues of labels are not among them."""
        return {
            each.name: value for each in fields(self) if isinstance(value := getattr(self, each.name), QColor)
        }


def contrast(first: QColor, second: QColor) -> float:
    """Give the contrast of two opaque colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """Give a new colour that lies `share` (0 to 1) of the way from `first` to `second`."""
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * share,
        first.greenF() + (second.greenF() - first.greenF()) * share,
        first.blueF() + (second.blueF() - first.blueF()) * share,
    )


def faded(color: QColor, opacity: float) -> QColor:
    """Give a new colour that covers what lies under it only by `opacity` (0 to 1)."""
    result = QColor(color)
    result.setAlphaF(opacity)
    return result


@functools.lru_cache(maxsize=256)
def hue(theme: Theme, color_name: str) -> Hue:
    """Give the colours of a label.

    A name of the schema's nine hues has colours of its own in each theme. From `#rrggbb` (imported schemas) they are
    mixed so that the words are more than `READABLE` on tint, page and panel and the line `VISIBLE` on the page.
    Anything else becomes the neutral hue: the tag's text still tells.
    """
    if color_name in theme.hues:
        return theme.hues[color_name]
    if not _HEX.match(color_name):
        return theme.hues["slate"]
    base = QColor(color_name)
    if theme.high_contrast:
        line = _until(base, theme.ink, (theme.page,), READABLE)
        return Hue(tint=QColor(theme.page), line=line, word=QColor(theme.ink))
    tint = mixed(theme.page, base, 0.24 if theme.is_dark else 0.18)
    return Hue(
        tint=tint,
        line=_until(base, theme.ink, (theme.page,), VISIBLE),
        word=_until(base, theme.ink, (tint, theme.page, theme.panel, theme.raised), _WELL_READABLE),
    )


def with_strong_borders(theme: Theme) -> Theme:
    """Give the same theme with borders of controls and keys that reach 3 : 1."""
    return replace(theme, control=theme.edge, key_edge=theme.edge)


def theme_for_system(app: QGuiApplication) -> Theme:
    """Choose the theme that the desktop asks for: more contrast first (Qt 6.10 and later know), then dark or light."""
    hints = app.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    if (
        accessibility is not None
        and accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
    ):
        return HIGH_CONTRAST
    return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT


class ThemeHub(QObject):
    """What the window looks like now; one for the program, see `theme_hub`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._text_scale = 1.0

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._theme

    @property
    def text_scale(self) -> float:
        """The size of text in force, 1.0 to 2.0."""
        return self._text_scale

    def px(self, length: float) -> int:
        """Give a length in whole pixels at the text size in force; for all that holds text, not for hairlines."""
        return round(length * self._text_scale)

    def keep(self, theme: Theme, *, text_scale: float) -> bool:
        """Take over what holds from now on, without telling anybody yet; says whether it is another than before."""
        before = (self._theme, self._text_scale)
        self._theme, self._text_scale = theme, text_scale
        return before != (theme, text_scale)


@functools.cache
def theme_hub() -> ThemeHub:
    """Give the one hub of the program."""
    return ThemeHub()


def _luminance(color: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def _until(color: QColor, goal: QColor, grounds: tuple[QColor, ...], least: float) -> QColor:
    """Move a colour towards `goal` in steps of 2 % until it stands out from every ground by `least`."""
    for step in range(51):
        found = mixed(color, goal, step / 50)
        if all(contrast(found, ground) >= least for ground in grounds):
            return found
    return QColor(goal)


def _hues(table: str) -> Mapping[str, Hue]:
    rows = (line.split() for line in table.strip().splitlines())
    return MappingProxyType(
        {name: Hue(QColor(tint), QColor(line), QColor(word)) for name, tint, line, word in rows}
    )


LIGHT = Theme(
    name="light",
    title="Light",
    is_dark=False,
    high_contrast=False,
    page=QColor("#fdfdfb"),
    panel=QColor("#f6f6f3"),
    raised=QColor("#ffffff"),
    hover=QColor("#eeeeea"),
    press=QColor("#e4e4df"),
    line=QColor("#e3e3dd"),
    key_edge=QColor("#c4c8cd"),
    edge=QColor("#878d95"),
    control=QColor("#c4c8cd"),
    ink=QColor("#1f2328"),
    dim=QColor("#5b6169"),
    faint=QColor("#6a7078"),
    off=QColor("#c4c8cd"),
    off_word=QColor("#6a7078"),
    accent=QColor("#0b57d0"),
    on_accent=QColor("#ffffff"),
    wash=QColor("#e6eefb"),
    on_wash=QColor("#0a47a9"),
    good=QColor("#1a6b3c"),
    good_wash=QColor("#e3f3e8"),
    warn=QColor("#7d4e00"),
    warn_wash=QColor("#fbf0d9"),
    bad=QColor("#b3261e"),
    bad_wash=QColor("#fbe9e7"),
    arc=QColor("#7c8592"),
    arc_word=QColor("#4d5560"),
    hues=_hues("""
        blue    #e0eafe  #4b77dc  #334f8f
        slate   #e0e7ee  #2e363f  #38444f
        teal    #caf4eb  #0c7365  #066054
        orange  #ffe4cf  #a95f0a  #7a4202
        coral   #ffe2db  #c76b4b  #843824
        indigo  #e8e7fc  #51409a  #51468b
        pink    #fedff5  #ae6ba2  #773869
        olive   #f2eac8  #615206  #615201
        violet  #f3e2fe  #9059af  #673e7e
    """),
)

DARK = Theme(
    name="dark",
    title="Dark",
    is_dark=True,
    high_contrast=False,
    page=QColor("#1b1d21"),
    panel=QColor("#16181b"),
    raised=QColor("#24272c"),
    hover=QColor("#23262b"),
    press=QColor("#2d3137"),
    line=QColor("#2c3036"),
    key_edge=QColor("#4a515b"),
    edge=QColor("#727a85"),
    control=QColor("#4a515b"),
    ink=QColor("#e3e4e6"),
    dim=QColor("#a3a9b2"),
    faint=QColor("#8d949e"),
    off=QColor("#4a515b"),
    off_word=QColor("#8d949e"),
    accent=QColor("#8ab4f8"),
    on_accent=QColor("#0b1a33"),
    wash=QColor("#23324a"),
    on_wash=QColor("#b9d2fb"),
    good=QColor("#7fd09b"),
    good_wash=QColor("#1d3326"),
    warn=QColor("#e8b95f"),
    warn_wash=QColor("#382c15"),
    bad=QColor("#f2958c"),
    bad_wash=QColor("#402220"),
    arc=QColor("#78818e"),
    arc_word=QColor("#b3bac4"),
    hues=_hues("""
        blue    #27344e  #97b9fe  #bbd1fe
        slate   #33393e  #d4dce5  #d8dfe6
        teal    #0f3c35  #0ea28f  #9ae2d3
        orange  #472e18  #d78840  #f6c6a0
        coral   #4a2b22  #ffb98f  #fec0af
        indigo  #33304c  #796dc4  #cecafe
        pink    #442a3e  #d996c3  #f1bfe4
        olive   #3c3413  #917b09  #dfd199
        violet  #3d2c47  #b884d7  #e2c3f5
    """),
)

HIGH_CONTRAST = Theme(
    name="high_contrast",
    title="High contrast",
    is_dark=True,
    high_contrast=True,
    page=QColor("#000000"),
    panel=QColor("#000000"),
    raised=QColor("#000000"),
    hover=QColor("#1c1c1c"),
    press=QColor("#333333"),
    line=QColor("#8c8c8c"),
    key_edge=QColor("#ffffff"),
    edge=QColor("#ffffff"),
    control=QColor("#ffffff"),
    ink=QColor("#ffffff"),
    dim=QColor("#ffffff"),
    faint=QColor("#d6d6d6"),
    off=QColor("#8c8c8c"),
    off_word=QColor("#8c8c8c"),
    accent=QColor("#ffd84a"),
    on_accent=QColor("#000000"),
    wash=QColor("#332a00"),
    on_wash=QColor("#ffd84a"),
    good=QColor("#7dff9b"),
    good_wash=QColor("#000000"),
    warn=QColor("#ffb347"),
    warn_wash=QColor("#000000"),
    bad=QColor("#ff8a80"),
    bad_wash=QColor("#000000"),
    arc=QColor("#ffffff"),
    arc_word=QColor("#ffffff"),
    # No tints: tags are outlined in the lines of the dark theme, which keep their distance in all kinds of sight.
    hues=_hues("""
        blue    #000000  #97b9fe  #ffffff
        slate   #000000  #d4dce5  #ffffff
        teal    #000000  #0ea28f  #ffffff
        orange  #000000  #d78840  #ffffff
        coral   #000000  #ffb98f  #ffffff
        indigo  #000000  #796dc4  #ffffff
        pink    #000000  #d996c3  #ffffff
        olive   #000000  #917b09  #ffffff
        violet  #000000  #b884d7  #ffffff
    """),
)

THEMES: Mapping[str, Theme] = MappingProxyType({each.name: each for each in (LIGHT, DARK, HIGH_CONTRAST)})
"""The themes by name, in the order in which a menu lists them."""
