"""Icons: drawings of our own in `resources/icons`, 16 x 16, one colour, given that colour when they are drawn.

`icon` is for widgets and actions and follows the theme by itself; `paint_icon` is for painters; `pixmap` for the few
that need one. All are drawn at the ratio of the screen they appear on and kept per name, size, colour and ratio.
The names are those of the files. What an icon means is settled where it is used.
"""

from __future__ import annotations

import functools

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from annotator.resources_path import resource_path
from annotator.ui.theme import Theme, theme_hub

GRID = 16
"""The size the icons are drawn for, in pixels at 100 %."""
APPLICATION = "annotator"
"""The program's own sign; it has colours of its own."""
APPLICATION_SIZES = (16, 24, 32, 48, 64, 128, 256)


def names() -> tuple[str, ...]:
    """List all icons but the program's own sign, by name."""
    return tuple(
        sorted(path.stem for path in resource_path("icons").glob("*.svg") if path.stem != APPLICATION)
    )


def colored(name: str, color: QColor) -> str:
    """Give the drawing of an icon, SVG, in a colour.

    Raises:
        FileNotFoundError: there is no icon of this name.
    """
    return _drawing(name).replace("currentColor", color.name())


def icon(name: str, theme: Theme | None = None, role: str = "ink") -> QIcon:
    """Make an icon in the colour of a token of the theme, `role`; disabled it takes the token `off`.

    Without a theme it follows the one in force, also after a change, so that nobody need set it again.

    Raises:
        FileNotFoundError: there is no icon of this name.
    """
    _drawing(name)
    return QIcon(_Engine(name, theme, role))


def application_icon() -> QIcon:
    """Make the icon of the program's windows."""
    result = QIcon()
    for size in APPLICATION_SIZES:
        result.addPixmap(pixmap(APPLICATION, size, QColor(), 1.0))
    return result


def pixmap(name: str, size: float, color: QColor, device_pixel_ratio: float = 1.0) -> QPixmap:
    """Draw an icon `size` logical pixels wide and high for a screen of this ratio; kept in Qt's cache of pixmaps.

    Raises:
        FileNotFoundError: there is no icon of this name.
    """
    width = max(1, round(size * device_pixel_ratio))
    key = f"annotator/{name}/{width}/{color.rgba():08x}/{device_pixel_ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    found = QPixmap(width, width)
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    painter.setOpacity(color.alphaF() if name != APPLICATION else 1.0)
    QSvgRenderer(QByteArray(colored(name, color).encode())).render(painter, QRectF(0, 0, width, width))
    painter.end()
    found.setDevicePixelRatio(device_pixel_ratio)
    QPixmapCache.insert(key, found)
    return found


def paint_icon(painter: QPainter, name: str, rect: QRect | QRectF, color: QColor) -> None:
    """Draw an icon, as large as fits, in the middle of a rectangle, sharp on whole pixels of the device.

    Raises:
        FileNotFoundError: there is no icon of this name.
    """
    area = QRectF(rect)
    size = min(area.width(), area.height())
    ratio = painter.device().devicePixelRatioF()
    corner = area.center() - QRectF(0, 0, size, size).center()
    where = QPoint(round(corner.x()), round(corner.y()))
    painter.drawPixmap(where, pixmap(name, size, color, ratio))


_clones: list[QIconEngine] = []


@functools.cache
def _drawing(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


class _Engine(QIconEngine):
    """Draws one icon in the colour its role has at that moment."""

    def __init__(self, name: str, theme: Theme | None, role: str) -> None:
        super().__init__()
        self._name = name
        self._theme = theme
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint_icon(painter, self._name, rect, self._color(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return pixmap(self._name, min(size.width(), size.height()), self._color(mode))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        return pixmap(self._name, min(size.width(), size.height()), self._color(mode), scale)

    def clone(self) -> QIconEngine:
        # Qt owns what it gets, but PySide does not know that, so it is held. Only changed icons are cloned.
        _clones.append(_Engine(self._name, self._theme, self._role))
        return _clones[-1]

    def _color(self, mode: QIcon.Mode) -> QColor:
        theme = self._theme or theme_hub().theme
        return theme.off if mode == QIcon.Mode.Disabled else theme.color(self._role)
