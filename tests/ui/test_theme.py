"""Colours, fonts and style sheet: the contrasts that were promised, and themes that can be changed at any time."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from annotator.model.schema import COLORS
from annotator.resources_path import resource_path
from annotator.ui import fonts, icons, style
from annotator.ui.theme import (
    DARK,
    HIGH_CONTRAST,
    LIGHT,
    READABLE,
    THEMES,
    VISIBLE,
    Theme,
    contrast,
    faded,
    hue,
    mixed,
    theme_for_system,
    theme_hub,
    with_strong_borders,
)

GROUNDS = ("page", "panel", "raised")
ALL = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)

#: How people without one kind of cone see linear sRGB (Machado, Oliveira, Fernandes 2009, severity 1).
SIGHTS: dict[str, Sequence[Sequence[float]]] = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


@pytest.fixture(autouse=True)
def _back_to_light(qapp: QApplication) -> Iterator[None]:
    style.apply(qapp, LIGHT)
    yield
    style.apply(qapp, LIGHT)


# ---------------------------------------------------------------------------------------------- contrast


@pytest.mark.parametrize(
    ("theme", "token", "ground", "measured"),
    [
        (LIGHT, "dim", "panel", 5.8),
        (DARK, "dim", "panel", 7.5),
        (LIGHT, "faint", "page", 4.9),
        (DARK, "faint", "page", 5.5),
        (LIGHT, "accent", "panel", 5.9),
        (DARK, "accent", "panel", 8.4),
        (LIGHT, "edge", "page", 3.3),
        (DARK, "edge", "raised", 3.5),
        (LIGHT, "arc_word", "page", 7.4),
        (DARK, "arc_word", "page", 8.6),
    ],
)
def test_the_measured_contrasts_hold(theme: Theme, token: str, ground: str, measured: float) -> None:
    assert contrast(theme.color(token), theme.color(ground)) == pytest.approx(measured, abs=0.06)


def test_contrast_is_that_of_the_standard() -> None:
    white, black, grey = QColor("#ffffff"), QColor("#000000"), QColor("#767676")
    assert contrast(white, black) == pytest.approx(21.0)
    assert contrast(black, white) == pytest.approx(21.0)
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)
    assert contrast(grey, grey) == 1.0


@ALL
@pytest.mark.parametrize("token", ["ink", "dim", "faint", "accent", "good", "warn", "bad", "arc_word"])
def test_words_can_be_read_on_every_ground(theme: Theme, token: str) -> None:
    least = min(contrast(theme.color(token), theme.color(ground)) for ground in GROUNDS)
    assert least >= (9 if theme.high_contrast else READABLE)


@ALL
@pytest.mark.parametrize(
    ("word", "ground"),
    [
        ("on_accent", "accent"),
        ("on_wash", "wash"),
        ("ink", "wash"),
        ("dim", "wash"),
        ("good", "good_wash"),
        ("warn", "warn_wash"),
        ("bad", "bad_wash"),
        ("ink", "warn_wash"),
        ("ink", "hover"),
        ("ink", "press"),
        ("dim", "press"),
    ],
)
def test_words_can_be_read_on_coloured_grounds(theme: Theme, word: str, ground: str) -> None:
    assert contrast(theme.color(word), theme.color(ground)) >= (9 if theme.high_contrast else READABLE)


@ALL
def test_lines_that_carry_meaning_can_be_seen(theme: Theme) -> None:
    assert min(contrast(theme.edge, theme.color(ground)) for ground in GROUNDS) >= VISIBLE
    assert min(contrast(theme.accent, theme.color(ground)) for ground in GROUNDS) >= VISIBLE


def test_strong_borders_can_be_seen_too() -> None:
    for theme in (LIGHT, DARK):
        strong = with_strong_borders(theme)
        assert contrast(theme.control, theme.panel) < VISIBLE
        assert contrast(strong.control, strong.panel) >= VISIBLE
        assert contrast(strong.key_edge, strong.panel) >= VISIBLE
        assert strong.ink == theme.ink


# ---------------------------------------------------------------------------------------------- hues


@ALL
def test_every_colour_of_a_schema_has_a_hue(theme: Theme) -> None:
    assert set(theme.hues) == set(COLORS)


@pytest.mark.parametrize(
    ("theme", "word", "ink"), [(LIGHT, 6.2, 10.9), (DARK, 8.0, 7.0), (HIGH_CONTRAST, 9, 9)]
)
def test_labels_and_the_words_under_them_can_be_read(theme: Theme, word: float, ink: float) -> None:
    assert min(contrast(each.word, each.tint) for each in theme.hues.values()) >= word
    assert min(contrast(each.word, theme.raised) for each in theme.hues.values()) >= word
    assert min(contrast(theme.ink, each.tint) for each in theme.hues.values()) >= ink


@ALL
def test_the_line_of_every_label_can_be_seen(theme: Theme) -> None:
    assert min(contrast(each.line, theme.page) for each in theme.hues.values()) >= 3.6 > VISIBLE


@pytest.mark.parametrize(("theme", "apart", "slate_apart"), [(LIGHT, 0.070, 0.109), (DARK, 0.074, 0.105)])
def test_hues_stay_apart_in_all_kinds_of_sight(theme: Theme, apart: float, slate_apart: float) -> None:
    distances = {
        (first, second): min(
            _distance(theme.hues[first].line, theme.hues[second].line, sight) for sight in SIGHTS
        )
        for first, second in itertools.combinations(theme.hues, 2)
    }
    assert min(distances.values()) >= apart
    assert min(value for pair, value in distances.items() if "slate" in pair) >= slate_apart


@ALL
@given(value=st.integers(min_value=0, max_value=0xFFFFFF))
def test_any_colour_becomes_a_hue_that_can_be_read(theme: Theme, value: int) -> None:
    found = hue(theme, f"#{value:06x}")
    for ground in (found.tint, theme.page, theme.panel, theme.raised):
        assert contrast(found.word, ground) >= READABLE
    assert contrast(found.line, theme.page) >= VISIBLE
    assert contrast(theme.ink, found.tint) >= READABLE


def test_a_mixed_hue_keeps_its_colour() -> None:
    found = hue(LIGHT, "#cc0000")
    assert found.line == QColor("#cc0000")
    assert found.tint.red() > found.tint.blue()
    assert hue(LIGHT, "#CC0000") == found


@pytest.mark.parametrize("name", ["mauve", "", "#12345", "#1234567", "#zzzzzz"])
def test_what_is_no_colour_becomes_the_neutral_hue(name: str) -> None:
    assert hue(DARK, name) is DARK.hues["slate"]


def test_high_contrast_has_no_tints() -> None:
    assert {each.tint.name() for each in HIGH_CONTRAST.hues.values()} == {HIGH_CONTRAST.page.name()}
    assert hue(HIGH_CONTRAST, "#336699").tint == HIGH_CONTRAST.page


def test_mixing_and_fading_leave_the_tokens_alone() -> None:
    before = LIGHT.accent.name(QColor.NameFormat.HexArgb)
    assert mixed(LIGHT.accent, LIGHT.ink, 0.0) == LIGHT.accent
    assert mixed(LIGHT.accent, LIGHT.ink, 1.0) == LIGHT.ink
    assert faded(LIGHT.accent, 0.5).alpha() == 128
    assert LIGHT.accent.name(QColor.NameFormat.HexArgb) == before


def test_a_token_that_is_none_is_refused() -> None:
    assert LIGHT.color("accent") is LIGHT.accent
    for name in ("mauve", "name", "hues"):
        with pytest.raises(KeyError):
            LIGHT.color(name)


# ---------------------------------------------------------------------------------------------- choice


@pytest.mark.parametrize(
    ("scheme", "wants_contrast", "expected"),
    [
        (Qt.ColorScheme.Light, False, LIGHT),
        (Qt.ColorScheme.Dark, False, DARK),
        (Qt.ColorScheme.Unknown, False, LIGHT),
        (Qt.ColorScheme.Light, True, HIGH_CONTRAST),
    ],
)
def test_the_desktop_is_followed(scheme: Qt.ColorScheme, wants_contrast: bool, expected: Theme) -> None:  # noqa: FBT001
    preference = Qt.ContrastPreference.HighContrast if wants_contrast else Qt.ContrastPreference.NoPreference
    access = SimpleNamespace(contrastPreference=lambda: preference)
    hints = SimpleNamespace(colorScheme=lambda: scheme, accessibility=lambda: access)
    app = SimpleNamespace(styleHints=lambda: hints)
    assert theme_for_system(cast("QGuiApplication", app)) is expected


def test_an_older_qt_that_knows_no_contrast_is_followed_too() -> None:
    hints = SimpleNamespace(colorScheme=lambda: Qt.ColorScheme.Dark)
    app = SimpleNamespace(styleHints=lambda: hints)
    assert theme_for_system(cast("QGuiApplication", app)) is DARK


def test_a_choice_is_put_into_force_and_heard_of(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme_hub().changed):
        assert style.choose("dark") is DARK
    assert theme_hub().theme is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == DARK.panel
    style.choose(style.SYSTEM)
    assert theme_hub().theme is theme_for_system(qapp)


def test_a_desktop_that_comes_to_want_more_contrast_gets_it(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    style.choose(style.SYSTEM)
    monkeypatch.setattr(style, "theme_for_system", lambda _app: HIGH_CONTRAST)
    hints = qapp.styleHints().accessibility()
    hints.contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    assert theme_hub().theme is HIGH_CONTRAST


def test_the_desktop_is_no_longer_followed_after_a_choice(qapp: QApplication, qtbot: QtBot) -> None:
    style.choose("high_contrast")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme_hub().theme is HIGH_CONTRAST
    style.choose(style.SYSTEM)


def test_strong_borders_are_a_choice(qtbot: QtBot) -> None:
    theme = style.choose("light", strong_borders=True)
    assert theme.control == LIGHT.edge
    with qtbot.assertNotEmitted(theme_hub().changed):
        style.choose("light", strong_borders=True)
    style.choose(style.SYSTEM)


def test_an_unknown_choice_is_refused(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        style.choose("sepia")


def test_the_same_look_again_disturbs_nobody(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme_hub().changed):
        style.apply(qapp, LIGHT)


@pytest.mark.parametrize(("asked", "taken"), [(0.5, 1.0), (1.25, 1.25), (2.0, 2.0), (9.0, 2.0)])
def test_text_grows_to_twice_its_size_and_no_further(qapp: QApplication, asked: float, taken: float) -> None:
    style.apply(qapp, LIGHT, text_scale=asked)
    assert theme_hub().text_scale == taken
    assert theme_hub().px(10) == round(10 * taken)
    assert qapp.font().pixelSize() == round(13 * taken)


# ---------------------------------------------------------------------------------------------- fonts


def test_both_families_are_shipped_with_their_licence() -> None:
    assert {fonts.SERIF, fonts.SANS} <= set(fonts.load())
    for family in ("NotoSerif", "Inter"):
        licence = resource_path("fonts", f"OFL-{family}.txt").read_text(encoding="utf-8")
        assert licence.startswith("Copyright")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_the_fonts_are_the_files_they_are_said_to_be() -> None:
    told = dict(
        re.findall(
            r"^([0-9a-f]{64})  (\S+)$", resource_path("fonts", "README.md").read_text("utf-8"), re.MULTILINE
        )
    )
    found = {
        hashlib.sha256(resource_path("fonts", name).read_bytes()).hexdigest(): name for name in fonts.FILES
    }
    assert found == told


@pytest.mark.parametrize("make", [fonts.sans, fonts.serif])
def test_weights_are_drawn_as_such(qapp: QApplication, make: Callable[[float, int], QFont]) -> None:
    widths = [QFontMetricsF(make(13, weight)).horizontalAdvance("Ceasefire talks") for weight in (400, 700)]
    assert widths[0] < widths[1]
    assert QFontInfo(make(13, 700)).weight() == 700


def test_the_sans_has_four_weights() -> None:
    words = "Ceasefire talks in Jeddah"
    widths = [
        QFontMetricsF(fonts.sans(40, weight)).horizontalAdvance(words) for weight in (400, 500, 600, 700)
    ]
    assert widths == sorted(set(widths))


def test_fonts_follow_the_size_of_text(qapp: QApplication) -> None:
    style.apply(qapp, LIGHT, text_scale=1.5)
    assert fonts.serif(17).pixelSize() == round(17 * 1.5)
    assert fonts.sans(12).pixelSize() == 18
    assert fonts.mono(12).pixelSize() == 18


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("ja", "JP"),
        ("ko-KR", "KR"),
        ("zh_TW", "TC"),
        ("zh-Hant-HK", "TC"),
        ("zh", "SC"),
        ("en", "SC"),
        ("", "SC"),
    ],
)
def test_the_language_settles_the_shapes_of_chinese_characters(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, language: str, family: str
) -> None:
    known = [
        "Noto Serif",
        *(f"Noto Sans CJK {region}" for region in ("SC", "TC", "JP", "KR")),
        "Noto Color Emoji",
    ]
    monkeypatch.setattr("annotator.ui.fonts.QFontDatabase.families", lambda: known)
    fonts._families.cache_clear()
    found = fonts.serif(17, language=language).families()
    fonts._families.cache_clear()
    assert found[:2] == ["Noto Serif", f"Noto Sans CJK {family}"]
    assert found[-1] == "Noto Color Emoji"
    assert len(found) == len(known)


def test_tests_may_turn_hinting_off(qapp: QApplication) -> None:
    fonts.load(hinting=QFont.HintingPreference.PreferNoHinting)
    try:
        assert fonts.sans(13).hintingPreference() == QFont.HintingPreference.PreferNoHinting
    finally:
        fonts.load()
    assert fonts.sans(13).hintingPreference() == QFont.HintingPreference.PreferDefaultHinting


def test_a_missing_font_is_named(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FILES", ("Nothing.ttf",))
    fonts._load_files.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match=r"Nothing\.ttf"):
            fonts.load()
    finally:
        monkeypatch.undo()
        fonts._load_files.cache_clear()
        fonts.load()


# ---------------------------------------------------------------------------------------------- sheet


@ALL
@pytest.mark.parametrize("text_scale", [1.0, 1.3, 2.0])
def test_the_style_sheet_is_filled_in(theme: Theme, text_scale: float) -> None:
    sheet = style.style_sheet(theme, text_scale=text_scale)
    assert "@" not in sheet
    assert sheet.count("{") == sheet.count("}")
    for path in re.findall(r'url\("([^"]+)"\)', sheet):
        assert resource_path(path).is_file()


@pytest.mark.parametrize("line", ["QLabel { color: @mauve; }", "QLabel { image: @image(mauve); }"])
def test_a_sheet_that_asks_for_what_there_is_not_is_refused(
    monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(style, "_sheet", lambda: line)
    with pytest.raises(KeyError, match="mauve"):
        style.style_sheet(LIGHT)


@ALL
def test_the_drawings_of_the_sheet_are_those_of_the_icons(theme: Theme) -> None:
    """A sheet takes files alone; when icon or token changes, write `icons.colored(icon, token)` to the file named."""
    folder = resource_path("themes", theme.name)
    found = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*")}
    assert found == {
        name: icons.colored(icon, theme.color(token)) for name, (icon, token) in style.IMAGES.items()
    }


@ALL
def test_the_sheet_colours_qts_own_widgets(qapp: QApplication, qtbot: QtBot, theme: Theme) -> None:
    style.apply(qapp, theme)
    button = QPushButton("Go")
    qtbot.addWidget(button)
    button.setProperty("kind", "primary")
    button.resize(button.sizeHint())
    button.show()
    assert button.grab().toImage().pixelColor(5, button.height() // 2) == theme.accent


@pytest.mark.parametrize("text_scale", [1.0, 1.25, 1.5, 2.0])
def test_the_ring_of_focus_moves_nothing(qapp: QApplication, qtbot: QtBot, text_scale: float) -> None:
    style.apply(qapp, LIGHT, text_scale=text_scale)
    for widget in (QPushButton("Go"), QLineEdit("Go")):
        qtbot.addWidget(widget)
        widget.show()
        before = widget.sizeHint()
        widget.activateWindow()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(widget.hasFocus)
        assert widget.sizeHint() == before
        assert before.height() == round(28 * text_scale) + 2


def test_a_label_changes_its_look_in_place(qtbot: QtBot) -> None:
    label = QLabel("54 of 95")
    qtbot.addWidget(label)
    label.show()
    style.set_look(label, "title")
    assert (label.font().pixelSize(), label.font().weight()) == (16, 600)
    style.set_look(label, "hint")
    assert label.font().pixelSize() == 11
    assert label.palette().color(label.foregroundRole()) == LIGHT.faint


def test_a_widget_takes_the_ground_of_its_place(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    label.resize(20, 20)
    style.set_surface(label, "page")
    label.show()
    assert label.grab().toImage().pixelColor(10, 10) == LIGHT.page


def _distance(first: QColor, second: QColor, sight: str) -> float:
    return math.dist(_oklab(_seen(first, sight)), _oklab(_seen(second, sight)))


def _seen(color: QColor, sight: str) -> list[float]:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    ]
    rows = SIGHTS[sight]
    return [min(1.0, max(0.0, sum(a * b for a, b in zip(row, parts, strict=True)))) for row in rows]


def _oklab(linear: Sequence[float]) -> tuple[float, float, float]:
    """Björn Ottosson, "A perceptual color space for image processing" (2020)."""
    red, green, blue = linear
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )
