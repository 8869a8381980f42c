"""What a person chose for the window, kept between sittings. Settings of a project are kept in the project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, overload

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from annotator.ui.canvas.style import MEASURES
from annotator.workflows.recent import settings_folder

THEMES = ("system", "light", "dark", "high_contrast")
SMALLEST, NORMAL, LARGEST = 65, 100, 200
"""Sizes of the article's text in percent; those of the window's own begin with the normal one."""
ARTICLE_PIXELS = 17
"""Height of the article's text at 100 %."""
USUAL_MEASURE = 75
LESS_MOTION = ("system", "always", "never")

T = TypeVar("T")


class _Kept(Generic[T]):
    """A setting under its own name; `read` makes something sound of what is in the file (None: nothing) or is set."""

    def __init__(self, read: Callable[[object], T]) -> None:
        self._read = read
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, settings: None, owner: type) -> _Kept[T]: ...
    @overload
    def __get__(self, settings: Settings, owner: type) -> T: ...
    def __get__(self, settings: Settings | None, owner: type) -> _Kept[T] | T:
        if settings is None:
            return self
        return self._read(settings.kept(self._name))

    def __set__(self, settings: Settings, value: T) -> None:
        sound = self._read(value)
        if sound != self._read(settings.kept(self._name)):
            settings.keep(self._name, sound)


def _switch(value: object) -> bool:
    return str(value).lower() in {"true", "1"}


def _words(value: object) -> str:
    return "" if value is None else str(value)


def _one_of(choices: Sequence[str]) -> Callable[[object], str]:
    return lambda value: str(value) if value in choices else choices[0]


def _number(lowest: int, highest: int, usual: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        try:
            return min(highest, max(lowest, int(str(value))))
        except ValueError:
            return usual

    return read


class Settings(QObject):
    """Typed settings over the person's configuration file; `changed(name)` tells which one became another.

    theme: one of `THEMES`. annotator: the name that decisions carry, empty: that of the account.
    window_size, text_size: of the window's own text and the article's, percent. strong_borders: of fields and keys.
    article_font: `serif` or `sans`, the shipped ones, or the name of a family of this computer. measure: characters
    a line of the article where there is room. compact: lines are set closer.
    less_motion: one of `LESS_MOTION`, whether nothing may move by itself.
    stays_after_decision: the selection stays where it is.
    """

    changed = Signal(str)

    theme = _Kept(_one_of(THEMES))
    annotator = _Kept(_words)
    window_size = _Kept(_number(NORMAL, LARGEST, NORMAL))
    text_size = _Kept(_number(SMALLEST, LARGEST, NORMAL))
    strong_borders = _Kept(_switch)
    article_font = _Kept(lambda value: _words(value) or "serif")
    measure = _Kept(_number(MEASURES[-1], MEASURES[0], USUAL_MEASURE))
    compact = _Kept(_switch)
    less_motion = _Kept(_one_of(LESS_MOTION))
    stays_after_decision = _Kept(_switch)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = QSettings(str(settings_folder() / "window.ini"), QSettings.Format.IniFormat, self)

    @property
    def text_pixels(self) -> int:
        """Give the height of the article's text in pixels, before the window's own size is counted in."""
        return round(ARTICLE_PIXELS * self.text_size / 100)

    def take_text_pixels(self, pixels: int) -> None:
        """Keep the height that the article's text was given in the article itself."""
        if pixels != self.text_pixels:
            self.text_size = round(100 * pixels / ARTICLE_PIXELS)

    def geometry(self, name: str) -> QByteArray:
        """Give the kept geometry of a window or splitter; empty if there is none."""
        value = self._store.value(f"geometry/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_geometry(self, name: str, value: QByteArray) -> None:
        """Keep the geometry of a window or splitter."""
        self._store.setValue(f"geometry/{name}", value)

    def width(self, name: str, default: int) -> int:
        """Give the kept width of a panel in pixels."""
        try:
            return int(str(self._store.value(f"width/{name}", default)))
        except ValueError:
            return default

    def keep_width(self, name: str, width: int) -> None:
        """Keep the width of a panel in pixels."""
        self._store.setValue(f"width/{name}", width)

    def is_shown(self, name: str) -> bool:
        """Tell whether a panel is shown."""
        return _switch(self._store.value(f"shown/{name}", True))

    def keep_shown(self, name: str, *, shown: bool) -> None:
        """Keep whether a panel is shown."""
        self._store.setValue(f"shown/{name}", shown)

    def sync(self) -> None:
        """Write what was set."""
        self._store.sync()

    def kept(self, name: str) -> object:
        """Give what the file holds under a name; None for nothing."""
        return self._store.value(name)

    def keep(self, name: str, value: object) -> None:
        """Put a value under a name and tell of it."""
        self._store.setValue(name, value)
        self.changed.emit(name)
