"""Icons: drawings of one colour that follow theme and screen."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from PySide6.QtWidgets import QApplication

from annotator.resources_path import resource_path
from annotator.ui import icons, style
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT, theme_hub

NEEDED = """
    state_todo state_open state_done state_skipped flag warning check cross search undo redo relation decision
    panel_left panel_right plus folder file export import comment note lock book chart settings clock
    arrow_right arrow_left swap chevron_down chevron_right chevron_left more grip trash people wand filter eye
    pause keyboard tag sort contrast close copy
"""
NAMES = icons.names()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _back_to_light(qapp: QApplication) -> Iterator[None]:
    style.apply(qapp, LIGHT)
    yield
    style.apply(qapp, LIGHT)


def test_every_icon_that_the_window_needs_is_there() -> None:
    assert set(NEEDED.split()) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_on_the_grid_in_one_colour(name: str) -> None:
    text = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 - a file of our own
    assert root.get("viewBox") == "0 0 16 16"
    assert (root.get("width"), root.get("height")) == ("16", "16")
    assert root.get("stroke-width") == "1.5"
    assert root.get("stroke-linecap") == "round"
    used = {each.get(key) for each in root.iter() for key in ("fill", "stroke")} - {None, "none"}
    assert used == {"currentColor"}
    assert {each.tag for each in root.iter()} <= {SVG + tag for tag in ("svg", "path", "circle", "rect")}


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_stays_within_its_grid_and_shows_something(qapp: QApplication, name: str) -> None:
    image = icons.pixmap(name, 64, QColor("#ff0000")).toImage()
    inked = [(x, y) for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() > 128]
    assert len(inked) > 40
    assert {image.pixelColor(x, y).name() for x, y in inked} == {"#ff0000"}
    edge = {(x, y) for x, y in inked if x in {0, 63} or y in {0, 63}}
    assert edge == set()


def test_no_two_icons_are_alike(qapp: QApplication) -> None:
    drawings = {icons.colored(name, QColor("#000000")) for name in NAMES}
    assert len(drawings) == len(NAMES)


def test_an_unknown_icon_is_refused_when_it_is_made(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("unicorn")


@pytest.mark.parametrize(("ratio", "pixels"), [(1.0, 16), (1.25, 20), (1.5, 24), (2.0, 32)])
def test_an_icon_is_drawn_at_the_ratio_of_the_screen(qapp: QApplication, ratio: float, pixels: int) -> None:
    for found in (
        icons.pixmap("flag", 16, LIGHT.ink, ratio),
        icons.icon("flag").pixmap(QSize(16, 16), ratio),
    ):
        assert found.size() == QSize(pixels, pixels)
        assert found.devicePixelRatio() == ratio


def test_a_pixmap_is_drawn_once(qapp: QApplication) -> None:
    first = icons.pixmap("flag", 16, QColor("#123456"), 1.0)
    assert icons.pixmap("flag", 16, QColor("#123456"), 1.0).cacheKey() == first.cacheKey()
    assert icons.pixmap("flag", 16, QColor("#123457"), 1.0).cacheKey() != first.cacheKey()


def test_an_icon_follows_the_theme_by_itself(qapp: QApplication) -> None:
    flag = icons.icon("flag")
    assert _color_of(flag) == LIGHT.ink
    style.apply(qapp, DARK)
    assert _color_of(flag) == DARK.ink


def test_an_icon_of_a_theme_stays_with_it(qapp: QApplication) -> None:
    flag = icons.icon("flag", HIGH_CONTRAST, "accent")
    style.apply(qapp, DARK)
    assert _color_of(flag) == HIGH_CONTRAST.accent


def test_a_disabled_icon_steps_back(qapp: QApplication) -> None:
    assert _color_of(icons.icon("flag"), QIcon.Mode.Disabled) == theme_hub().theme.off


def test_an_icon_survives_being_copied_and_changed(qapp: QApplication) -> None:
    original = icons.icon("flag")
    copies = [QIcon(original) for _ in range(20)]
    for copy in copies:
        copy.setIsMask(True)
    gc.collect()
    assert {_color_of(copy).name() for copy in copies} == {LIGHT.ink.name()}


def test_a_translucent_colour_is_kept(qapp: QApplication) -> None:
    image = icons.pixmap("state_done", 16, QColor(255, 0, 0, 128)).toImage()
    assert image.pixelColor(8, 12).alpha() == pytest.approx(128, abs=3)


@pytest.mark.parametrize("place", [QRect(0, 0, 16, 16), QRect(3, 5, 40, 16), QRect(0, 0, 20, 33)])
def test_an_icon_is_painted_in_the_middle(qapp: QApplication, place: QRect) -> None:
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    icons.paint_icon(painter, "state_todo", place, QColor("#000000"))
    painter.end()
    inked = [(x, y) for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() > 40]
    columns, rows = {x for x, _ in inked}, {y for _, y in inked}
    assert (min(columns) + max(columns)) / 2 == pytest.approx(place.x() + place.width() / 2 - 0.5, abs=0.6)
    assert (min(rows) + max(rows)) / 2 == pytest.approx(place.y() + place.height() / 2 - 0.5, abs=0.6)


def test_the_programs_own_sign_comes_in_all_sizes(qapp: QApplication) -> None:
    sizes = {size.width() for size in icons.application_icon().availableSizes()}
    assert sizes == set(icons.APPLICATION_SIZES)
    text = resource_path("icons", f"{icons.APPLICATION}.svg").read_text(encoding="utf-8")
    assert not re.search(r"<text|font", text)


def _color_of(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> QColor:
    image = icon.pixmap(QSize(64, 64), 1.0, mode).toImage()
    return max(
        (image.pixelColor(x, y) for x in range(64) for y in range(64)), key=lambda color: color.alpha()
    )
