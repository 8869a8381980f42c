"""What a person chose for the window, kept between sittings. Settings of a project are kept in the project."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from annotator.workflows.recent import settings_folder

THEMES = ("system", "light", "dark", "high_contrast")
SMALLEST, NORMAL, LARGEST = 80, 100, 200


class Settings(QObject):
    """Typed settings over the person's configuration file; `changed(name)` tells what was set."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = QSettings(str(settings_folder() / "window.ini"), QSettings.Format.IniFormat, self)

    @property
    def theme(self) -> str:
        """Give the theme: one of `THEMES`."""
        theme = str(self._store.value("theme", "system"))
        return theme if theme in THEMES else "system"

    @theme.setter
    def theme(self, theme: str) -> None:
        self._set("theme", theme)

    @property
    def annotator(self) -> str:
        """Give the name that decisions carry; empty means the name of the account."""
        return str(self._store.value("annotator", ""))

    @annotator.setter
    def annotator(self, name: str) -> None:
        self._set("annotator", name)

    @property
    def text_size(self) -> int:
        """Give the size of the article's text in percent, 80 to 200."""
        return min(LARGEST, max(SMALLEST, self._int("text_size", NORMAL)))

    @text_size.setter
    def text_size(self, percent: int) -> None:
        self._set("text_size", min(LARGEST, max(SMALLEST, percent)))

    @property
    def window_size(self) -> int:
        """Give the size of the window's own text in percent, 100 to 200."""
        return min(LARGEST, max(NORMAL, self._int("window_size", NORMAL)))

    @window_size.setter
    def window_size(self, percent: int) -> None:
        self._set("window_size", min(LARGEST, max(NORMAL, percent)))

    @property
    def strong_borders(self) -> bool:
        """Tell whether borders of fields and keys are drawn stronger."""
        return self._bool("strong_borders", default=False)

    @strong_borders.setter
    def strong_borders(self, wanted: bool) -> None:
        self._set("strong_borders", wanted)

    @property
    def compact(self) -> bool:
        """Tell whether lines are set closer."""
        return self._bool("compact", default=False)

    @compact.setter
    def compact(self, wanted: bool) -> None:
        self._set("compact", wanted)

    @property
    def reduced_motion(self) -> bool:
        """Tell whether nothing may move by itself."""
        return self._bool("reduced_motion", default=False)

    @reduced_motion.setter
    def reduced_motion(self, wanted: bool) -> None:
        self._set("reduced_motion", wanted)

    @property
    def stays_after_decision(self) -> bool:
        """Tell whether the selection stays where it is after a decision."""
        return self._bool("stays_after_decision", default=False)

    @stays_after_decision.setter
    def stays_after_decision(self, wanted: bool) -> None:
        self._set("stays_after_decision", wanted)

    def geometry(self, name: str) -> QByteArray:
        """Give the kept geometry of a window or splitter; empty if there is none."""
        value = self._store.value(f"geometry/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_geometry(self, name: str, value: QByteArray) -> None:
        """Keep the geometry of a window or splitter."""
        self._store.setValue(f"geometry/{name}", value)

    def width(self, name: str, default: int) -> int:
        """Give the kept width of a panel in pixels."""
        return self._int(f"width/{name}", default)

    def keep_width(self, name: str, width: int) -> None:
        """Keep the width of a panel in pixels."""
        self._store.setValue(f"width/{name}", width)

    def is_shown(self, name: str) -> bool:
        """Tell whether a panel is shown."""
        return self._bool(f"shown/{name}", default=True)

    def keep_shown(self, name: str, *, shown: bool) -> None:
        """Keep whether a panel is shown."""
        self._store.setValue(f"shown/{name}", shown)

    def sync(self) -> None:
        """Write what was set."""
        self._store.sync()

    def _set(self, name: str, value: object) -> None:
        self._store.setValue(name, value)
        self.changed.emit(name)

    def _int(self, name: str, default: int) -> int:
        value = self._store.value(name, default)
        try:
            return int(str(value))
        except ValueError:
            return default

    def _bool(self, name: str, *, default: bool) -> bool:
        return str(self._store.value(name, default)).lower() in {"true", "1"}
