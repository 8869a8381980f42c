"""The studio: an application with fixed fonts, and widgets drawn into images at any ratio of pixels."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from annotator.ui import fonts, style
from annotator.ui.app import make_application
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import theme_hub

RATIOS = (1, 2)


class Studio:
    """Holds the application and a folder of its own while pictures are taken, and leaves both as they were."""

    def __init__(self) -> None:
        self.application: QApplication = make_application()
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._before = os.environ.get("ANNOTATOR_SETTINGS")
        self._shown: list[QWidget] = []

    def __enter__(self) -> Self:
        # Not the settings of whoever takes the pictures; and no hinting, which differs between machines.
        os.environ["ANNOTATOR_SETTINGS"] = str(self.folder / "settings")
        fonts.load(hinting=QFont.HintingPreference.PreferNoHinting)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for widget in self._shown:
            widget.close()
            widget.deleteLater()
        self.application.processEvents()
        if self._before is None:
            del os.environ["ANNOTATOR_SETTINGS"]
        else:
            os.environ["ANNOTATOR_SETTINGS"] = self._before
        fonts.load()
        style.choose("light")
        self._folder.cleanup()

    @property
    def folder(self) -> Path:
        """Give a folder that goes with the studio."""
        return Path(self._folder.name)

    def view(
        self, article: Article, *, theme: str = "light", size: tuple[int, int] = (1200, 1311)
    ) -> ArticleView:
        """Show an article in a theme (its name), `size` in pixels at 1x."""
        style.choose(theme)
        view = ArticleView()
        view.set_theme(theme_hub().theme)
        self.show(view, size)
        view.set_article(article)
        return view

    def show(self, widget: QWidget, size: tuple[int, int]) -> None:
        """Lay a widget out as if it were on screen."""
        self._shown.append(widget)
        widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        widget.resize(*size)
        widget.show()
        self.settle()

    def settle(self) -> None:
        """Let everything that was asked for happen."""
        for _ in range(3):
            self.application.processEvents()


def picture_of(widget: QWidget, ratio: int) -> QImage:
    """Draw a widget with so many pixels a point."""
    image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    painter.end()
    return image


def side_by_side(images: list[QImage]) -> QImage:
    """Put pictures of one ratio beside each other."""
    width = sum(image.width() for image in images)
    result = QImage(width, max(image.height() for image in images), QImage.Format.Format_RGB32)
    ratio = images[0].devicePixelRatio()
    result.setDevicePixelRatio(ratio)
    result.fill(QColor("white"))
    painter = QPainter(result)
    left = 0.0
    for image in images:
        painter.drawImage(int(left), 0, image)
        left += image.width() / ratio
    painter.end()
    return result
