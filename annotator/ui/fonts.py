"""Fonts: the serif of the article and the sans of the program, with the families that help out in other scripts.

Both families are shipped (`resources/fonts`), so that the window looks alike everywhere; `load` makes them known to Qt
once, before the first widget. Sizes are pixels at 100 %: what comes out follows the text size of `theme_hub()`.
Widgets that the style sheet draws have their font from it; painters and the article view ask `sans` and `serif`.
"""

from __future__ import annotations

import functools
import re

from PySide6.QtGui import QFont, QFontDatabase

from annotator.resources_path import resource_path
from annotator.ui.theme import theme_hub

SERIF = "Noto Serif"
SANS = "Inter"

FILES = (
    "NotoSerif-Regular.ttf",
    "NotoSerif-Bold.ttf",
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
)

# Colour emoji last: such fonts hold digits as well. Names of Windows and macOS stand after the free ones.
_CJK = {
    "zh": ("Noto Serif CJK SC", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC"),
    "zh-tw": ("Noto Serif CJK TC", "Noto Sans CJK TC", "Microsoft JhengHei", "PingFang TC"),
    "ja": ("Noto Serif CJK JP", "Noto Sans CJK JP", "Yu Gothic", "Hiragino Sans"),
    "ko": ("Noto Serif CJK KR", "Noto Sans CJK KR", "Malgun Gothic", "Apple SD Gothic Neo"),
}
_SERIF_HELP = ("Noto Serif Thai", "Noto Naskh Arabic", "Noto Serif Hebrew", "Noto Serif Devanagari")
_SANS_HELP = ("Noto Sans Thai", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari")
_EMOJI = ("Noto Color Emoji", "Segoe UI Emoji", "Apple Color Emoji")
_MONO = ("Noto Sans Mono", "DejaVu Sans Mono", "Cascadia Mono", "Consolas", "Menlo")

_hinting = QFont.HintingPreference.PreferDefaultHinting


def load(
    *, hinting: QFont.HintingPreference = QFont.HintingPreference.PreferDefaultHinting
) -> tuple[str, ...]:
    """Make the shipped fonts known to Qt, once, and say which families they brought.

    Needs a QGuiApplication. `hinting` goes into every font made from now on; tests that compare pixels or widths
    take `PreferNoHinting`, which makes them alike on all machines.

    Raises:
        FileNotFoundError: a font file is missing or is none: the installation is incomplete.
    """
    global _hinting  # noqa: PLW0603 - as much a fact of the program as the fonts that Qt has loaded
    if hinting is not _hinting:
        _hinting = hinting
        _families.cache_clear()
    return _load_files()


def sans(pixel_size: float, weight: int = 400) -> QFont:
    """Make a font of the program's own words; `pixel_size` at 100 %, `weight` 400 to 700."""
    return _font(_families(SANS), pixel_size, weight)


def serif(pixel_size: float, weight: int = 400, *, language: str = "") -> QFont:
    """Make a font for words from a text; `pixel_size` at 100 %, `weight` 400 to 700.

    `language` (a BCP 47 tag) settles which shapes Chinese characters take.
    """
    return _font(_families(SERIF, _east_asian(language)), pixel_size, weight)


def article(pixel_size: float, *, family: str = "serif", language: str = "") -> QFont:
    """Make the font of the article: `serif`, `sans`, or a family of this machine; the serif if it has none of the name.

    What the family has no letters for comes from the serif and its helpers.
    """
    if family == "sans":
        return _font(_families(SANS, _east_asian(language)), pixel_size, 400)
    font = serif(pixel_size, language=language)
    if family != "serif" and family in own_families():
        font.setFamilies([family, *font.families()])
    return font


@functools.cache
def own_families() -> tuple[str, ...]:
    """List the families of this machine that an article can be set in, beside the shipped ones."""
    families = (name for name in QFontDatabase.families() if QFontDatabase.isSmoothlyScalable(name))
    # Where two makers have a family of one name, its name alone will do.
    bare = {re.sub(r" \[.*\]$", "", name) for name in families if not QFontDatabase.isPrivateFamily(name)}
    return tuple(sorted(name for name in bare if not name.startswith((SANS, *_EMOJI)) and name != SERIF))


def mono(pixel_size: float) -> QFont:
    """Make a font with letters of one width, for raw records; the system's own."""
    font = _font(_families("mono"), pixel_size, 400)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def _font(families: tuple[str, ...], pixel_size: float, weight: int) -> QFont:
    # A copy: whoever asks may change it.
    return QFont(_made(families, max(1, round(pixel_size * theme_hub().text_scale)), weight, _hinting))


@functools.cache
def _made(families: tuple[str, ...], pixels: int, weight: int, hinting: QFont.HintingPreference) -> QFont:
    font = QFont()
    font.setFamilies(families)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(hinting)
    return font


def _east_asian(language: str) -> str:
    tag = language.lower().replace("_", "-")
    if tag.startswith(("zh-tw", "zh-hant", "zh-hk")):
        return "zh-tw"
    return tag[:2] if tag[:2] in _CJK else "zh"


@functools.cache
def _load_files() -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in FILES:
        number = QFontDatabase.addApplicationFont(str(resource_path("fonts", name)))
        families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        if not families:
            raise FileNotFoundError(
                f"The installation is incomplete: no font in {resource_path('fonts', name)}."
            )
        found.update(dict.fromkeys(families))
    return tuple(found)


@functools.cache
def _families(first: str, east_asian: str = "zh") -> tuple[str, ...]:
    """List a family and its helpers in order, but only those this machine has: Qt searches long for absent ones."""
    known = set(QFontDatabase.families())
    if first == "mono":
        return (*(name for name in _MONO if name in known), SANS, *(name for name in _EMOJI if name in known))
    east = [east_asian, *(tag for tag in _CJK if tag != east_asian)]
    serif_first = first == SERIF
    help_names: list[str] = []
    for tag in east:
        help_names += [name for name in _CJK[tag] if serif_first or "Serif" not in name]
    help_names += [*(_SERIF_HELP if serif_first else ()), *_SANS_HELP, *_EMOJI]
    return (first, *(name for name in help_names if name in known))
