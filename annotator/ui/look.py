"""The look that a person chose: theme and sizes of the window, type and lines of the article, what may move."""

from __future__ import annotations

from PySide6.QtCore import QObject

from annotator.ui import style
from annotator.ui.canvas.view import ArticleView
from annotator.ui.motion import Motion
from annotator.ui.settings import Settings


class Look(QObject):
    """Puts the settings of the look into force: the theme at once, the article's when there is one to `dress`.

    What is zoomed in the article goes back into the settings.
    """

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._view: ArticleView | None = None
        self._motion = Motion(self)
        # Widgets take their font from the application when they are made, so this comes before the first.
        self.apply()

    def dress(self, view: ArticleView) -> None:
        """Let an article follow the settings from now on."""
        self._view = view
        view.font_size_changed.connect(self._settings.take_text_pixels)
        self._motion.changed.connect(view.set_reduced_motion)
        self.apply()

    def apply(self) -> None:
        """Take over what the settings say now."""
        settings, view = self._settings, self._view
        choose_style(settings)
        if view is None:
            return
        view.set_font_size(settings.text_pixels)
        view.set_font_family(settings.article_font)
        view.set_measure(settings.measure)
        view.set_spacing("compact" if settings.compact else "comfortable")
        self._motion.choose(settings.less_motion)


def choose_style(settings: Settings) -> None:
    """Put the theme and the sizes of the window into force."""
    style.choose(
        settings.theme, text_scale=settings.window_size / 100, strong_borders=settings.strong_borders
    )
