"""The style of Qt's own widgets: palette, base font and style sheet for a theme and a text size.

`choose` is what the program calls at its start and when a person chooses another look; `apply` puts one theme into
force at once, in a running window too. The sheet is `resources/themes/window.qss`. What a widget says of itself:

- a button `kind`: primary, soft, plain, quiet, danger, link (`widgets.Button` sets it);
- a label `look`: figure, title, head, strong, item, second, section, label, dim, hint, good, warn, bad, quote
  (`set_look`);
- any widget `surface`: page, panel, raised (`set_surface`); a field `wrong`: true (`widgets.FormField` sets it).

Colours live in `theme.py`; what is painted by hand lives in `widgets/` and in the views.
"""

from __future__ import annotations

import contextlib
import functools
import math
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget

from annotator.resources_path import resource_path
from annotator.ui import fonts
from annotator.ui.theme import THEMES, Theme, mixed, theme_for_system, theme_hub, with_strong_borders

SYSTEM = "system"
"""The choice that follows the desktop."""
CHOICES = (SYSTEM, *THEMES)
"""What `choose` takes."""
TEXT_SCALES = (1.0, 2.0)
"""The smallest and the largest text size."""

Look = Literal[
    "figure",
    "title",
    "head",
    "strong",
    "item",
    "second",
    "section",
    "label",
    "dim",
    "hint",
    "good",
    "warn",
    "bad",
    "quote",
]
Surface = Literal["page", "panel", "raised"]

IMAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "check": ("check", "on_accent"),
        "check_off": ("check", "off_word"),
        "minus": ("minus", "on_accent"),
        "minus_off": ("minus", "off_word"),
        "chevron_down": ("chevron_down", "dim"),
        "chevron_down_off": ("chevron_down", "off"),
        "chevron_up": ("chevron_up", "dim"),
        "chevron_up_off": ("chevron_up", "off"),
        "chevron_right": ("chevron_right", "dim"),
        "question": ("help", "accent"),
        "information": ("info", "accent"),
        "warning": ("warning", "warn"),
        "fault": ("warning", "bad"),
        "back": ("arrow_left", "dim"),
        "forward": ("arrow_right", "dim"),
        "up": ("arrow_up", "dim"),
        "new_folder": ("folder_new", "dim"),
        "tiles": ("tiles", "dim"),
        "lines": ("lines", "dim"),
    }
)
"""Drawings in the sheet: icon and token. A sheet takes files only, so each lies in `resources/themes/THEME/`."""

_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)

_PLACEHOLDER = re.compile(r"@(\w+)(?:\((-?\w+)(?:, (-?\d+))?\))?")


def choose(choice: str, *, text_scale: float = 1.0, strong_borders: bool = False) -> Theme:
    """Put the theme of a person's choice into force, one of `CHOICES`, and keep following the desktop if so chosen.

    Raises:
        KeyError: there is no such choice.
    """
    return _follower().choose(choice, text_scale=text_scale, strong_borders=strong_borders)


def apply(app: QApplication, theme: Theme, *, text_scale: float = 1.0) -> None:
    """Give every widget, those there are and those to come, the look of a theme; `text_scale` within `TEXT_SCALES`."""
    hub = theme_hub()
    text_scale = min(max(text_scale, TEXT_SCALES[0]), TEXT_SCALES[1])
    fonts.load()
    is_first = not (app.styleSheet() or _held)
    if not hub.keep(theme, text_scale=text_scale) and not is_first:
        return
    if is_first:
        app.setStyle("Fusion")
        # Nothing moves by itself.
        for effect in _EFFECTS:
            app.setEffectEnabled(effect, False)
    app.setFont(fonts.sans(13))
    app.setPalette(palette(theme))
    QToolTip.setFont(fonts.sans(12))
    if _held is None:
        app.setStyleSheet(style_sheet(theme, text_scale=text_scale))
    else:
        _held[:] = [functools.partial(style_sheet, theme, text_scale=text_scale)]
    hub.changed.emit()


_held: list[Callable[[], str]] | None = None
"""While widgets are made without a sheet: what makes the one that is due."""


@contextlib.contextmanager
def sheet_at_end(app: QApplication) -> Iterator[None]:
    """Give the widgets that are made within it their style sheet together at the end.

    Qt goes through all children anew for the sheet whenever a widget gets a parent: a third of the work of making a
    window. Where a sheet is in force already nothing changes.
    """
    global _held  # noqa: PLW0603 - one application, one sheet
    if app.styleSheet() or _held is not None:
        yield
        return
    _held = []
    try:
        yield
    finally:
        due, _held = _held, None
        for make in due:
            app.setStyleSheet(make())


def set_look(label: QLabel, look: Look) -> None:
    """Give a label a size, weight and colour of the type scale."""
    _set_property(label, "look", look)


def set_surface(widget: QWidget, surface: Surface) -> None:
    """Give a widget the ground of the page, of a panel, or of what is raised above both."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    _set_property(widget, "surface", surface)


def set_wrong(field: QWidget, wrong: bool) -> None:  # noqa: FBT001 - a setter of one flag, as Qt's own
    """Mark a field whose content cannot be taken."""
    _set_property(field, "wrong", "true" if wrong else "false")


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at what a widget says of itself: Qt does so only when it polishes one."""
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def palette(theme: Theme) -> QPalette:
    """Make the palette of a theme, for what the style sheet does not reach."""
    result = QPalette()
    role = QPalette.ColorRole
    for where, color in {
        role.Window: theme.panel,
        role.WindowText: theme.ink,
        role.Base: theme.raised,
        role.AlternateBase: theme.panel,
        role.Text: theme.ink,
        role.PlaceholderText: theme.faint,
        role.Button: theme.raised,
        role.ButtonText: theme.ink,
        role.BrightText: theme.bad,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.ink,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.hover,
        role.Mid: theme.line,
        role.Dark: theme.edge,
        role.Shadow: theme.key_edge,
    }.items():
        result.setColor(where, color)
    for where in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        result.setColor(QPalette.ColorGroup.Disabled, where, theme.off_word)
    return result


def style_sheet(theme: Theme, *, text_scale: float = 1.0) -> str:
    """Fill in the style sheet for a theme and a text size.

    Raises:
        KeyError: the sheet asks for something there is not.
    """
    families = ", ".join(f'"{family}"' for family in fonts.serif(16).families())
    words = {"serif": families} | {
        name: color.name() for name, color in {**theme.tokens(), **_mixed_tokens(theme)}.items()
    }

    def fill(found: re.Match[str]) -> str:
        name, argument, more = found.groups()
        if argument is None:
            return words[name]
        if name == "image":
            if argument not in IMAGES:
                raise KeyError(argument)
            return f'url("{resource_path("themes", theme.name, f"{argument}.svg").as_posix()}")'
        length = (
            round(int(argument) * text_scale)
            if int(argument) >= 0
            else math.floor(int(argument) * text_scale)
        )
        return f"{length // 2 if name == 'half' else length + int(more or 0)}px"

    return _PLACEHOLDER.sub(fill, _sheet())


def _mixed_tokens(theme: Theme) -> dict[str, QColor]:
    """Give the colours that only states of a widget have: a little more of the ink, or of what stands on them."""
    return {
        "accent_hover": mixed(theme.accent, theme.ink, 0.14),
        "accent_press": mixed(theme.accent, theme.ink, 0.26),
        "wash_hover": mixed(theme.wash, theme.accent, 0.10),
        "wash_press": mixed(theme.wash, theme.accent, 0.20),
        "question_edge": theme.accent if theme.high_contrast else theme.wash,
        "warn_edge": theme.warn if theme.high_contrast else theme.warn_wash,
        "good_edge": theme.good if theme.high_contrast else theme.good_wash,
        "bad_edge": theme.bad if theme.high_contrast else theme.bad_wash,
        "warn_hover": mixed(theme.warn_wash, theme.warn, 0.10),
        "good_hover": mixed(theme.good_wash, theme.good, 0.10),
        "bad_hover": mixed(theme.bad_wash, theme.bad, 0.10),
        "soft_edge": theme.accent if theme.high_contrast else theme.wash,
        "bad_press": mixed(theme.bad_wash, theme.bad, 0.14),
        "scroll": theme.edge if theme.high_contrast else mixed(theme.key_edge, theme.page, 0.1),
    }


def _set_property(widget: QWidget, name: str, value: str) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    restyle(widget)


@functools.cache
def _sheet() -> str:
    text = resource_path("themes", "window.qss").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


class _Follower(QObject):
    """Holds what was chosen and applies it again when the desktop turns dark or light, or wants more contrast."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = ""
        self._text_scale = 1.0
        self._strong_borders = False
        app.styleHints().colorSchemeChanged.connect(self._on_desktop_changed)
        accessibility = getattr(app.styleHints(), "accessibility", None)
        if accessibility is not None:  # Qt 6.10 and later
            accessibility().contrastPreferenceChanged.connect(self._on_desktop_changed)

    def choose(self, choice: str, *, text_scale: float, strong_borders: bool) -> Theme:
        if choice not in CHOICES:
            raise KeyError(choice)
        self._choice, self._text_scale, self._strong_borders = choice, text_scale, strong_borders
        # The frames that the desktop draws round windows follow, too.
        hints = self._app.styleHints()
        if choice == SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if THEMES[choice].is_dark else Qt.ColorScheme.Light)
        return self._apply()

    def _apply(self) -> Theme:
        theme = theme_for_system(self._app) if self._choice == SYSTEM else THEMES[self._choice]
        if self._strong_borders:
            theme = _strong(theme)
        apply(self._app, theme, text_scale=self._text_scale)
        return theme

    def _on_desktop_changed(self) -> None:
        if self._choice == SYSTEM:
            self._apply()


@functools.cache
def _strong(theme: Theme) -> Theme:
    return with_strong_borders(theme)


def _follower() -> _Follower:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("A look needs a QApplication first.")
    return app.findChild(_Follower) or _Follower(app)
