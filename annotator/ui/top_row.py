"""The first row of the window: menus, the command field, six buttons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenuBar, QSizePolicy, QToolButton, QWidget

from annotator.ui import fonts, icons
from annotator.ui.action import key_words
from annotator.ui.actions import BY_ID
from annotator.ui.style import set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import key_cap_size, paint_focus_ring, paint_frame, paint_key_cap
from annotator.ui.widgets.painting import RADIUS_CONTROL, paint_words

BUTTONS = ("undo", "redo", "", "relation", "finish", "", "documents_panel", "work_panel")
"""The actions that have a button; an empty name is a gap with a line."""


_MENUS_ONLY = 760
"""Below this width of the window (pixels at 100 %) only the panels have buttons."""
_NARROW = 100
"""Below this width (pixels at 100 %) the command field shows its icon alone."""
_PLAIN = {"documents_panel", "work_panel"}


class TopRow(QWidget):
    """Menus at the left, the command field and the buttons at the right; `palette_wanted()` when the field is used."""

    palette_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_surface(self, "panel")
        self.menu_bar = QMenuBar(self)
        self.menu_bar.setNativeMenuBar(True)
        self.menu_bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        more = self.menu_bar.findChild(QToolButton, "qt_menubar_ext_button")
        if more is not None:  # it leads to the menus for which there is no room
            more.setIcon(icons.icon("chevron_down", role="ink"))
            more.setStyleSheet("padding: 0; border: none;")
            more.setAccessibleName("More menus")
        self.field = CommandField(self)
        self.field.wanted.connect(self.palette_wanted)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 0, 12, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self.menu_bar, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        self._row.addWidget(self.field)
        self._row.addSpacing(8)
        self.buttons: dict[str, QToolButton] = {}
        self._dispensable: list[QWidget] = []
        theme_hub().changed.connect(self._on_scale_changed)
        self._on_scale_changed()

    def add_buttons(self, actions: dict[str, QAction]) -> None:
        """Make the buttons of the actions."""
        for name in BUTTONS:
            if not name:
                divider = _Divider(self)
                self._row.addWidget(divider)
                self._dispensable.append(divider)
                continue
            button = QToolButton(self)
            button.setAutoRaise(True)
            if name in _PLAIN:
                # Which panels are there can be seen; a pressed look would only be loud.
                button.setIcon(actions[name].icon())
                button.clicked.connect(actions[name].trigger)
                actions[name].enabledChanged.connect(button.setEnabled)
                button.setEnabled(actions[name].isEnabled())
            else:
                button.setDefaultAction(actions[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setAccessibleName(BY_ID[name].text)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(BY_ID[name].tooltip)
            self._row.addWidget(button)
            self.buttons[name] = button
            if name not in _PLAIN:
                self._dispensable.append(button)
        self._on_scale_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where it is very narrow (large text), the menus keep their room; what the buttons do stands in them."""
        for widget in self._dispensable:
            widget.setVisible(self.width() >= theme_hub().px(_MENUS_ONLY))

    def _on_scale_changed(self) -> None:
        hub = theme_hub()
        self._fit()
        self.setFixedHeight(hub.px(40))
        for button in self.buttons.values():
            button.setIconSize(QSize(hub.px(16), hub.px(16)))
            button.setFixedSize(hub.px(30), hub.px(30))
        self.field.updateGeometry()


class CommandField(QAbstractButton):
    """Looks like a field and opens the palette; to a screen reader it is the button that it is."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName("Go to or do anything")
        self.setToolTip(BY_ID["palette"].tooltip)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.wanted)
        theme_hub().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        hub = theme_hub()
        window = self.window().width()
        if window < hub.px(900):
            return QSize(hub.px(36), hub.px(30))  # the menus need the room more
        return QSize(hub.px(300 if window >= hub.px(1400) else 230), hub.px(30))

    def minimumSizeHint(self) -> QSize:
        hub = theme_hub()
        return QSize(hub.px(36), hub.px(30))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        painter = QPainter(self)
        area = self.rect()
        paint_frame(painter, area, fill=theme.raised, border=theme.control, radius=RADIUS_CONTROL)
        if self.hasFocus():
            paint_focus_ring(painter, area, theme)
        icon = area.adjusted(hub.px(9), 0, 0, 0)
        icon.setWidth(hub.px(16))
        icons.paint_icon(painter, "search", icon, theme.dim)
        if self.width() < hub.px(_NARROW):
            painter.end()
            return
        cap = key_words(BY_ID["palette"].key)
        size = key_cap_size(cap)
        place = area.adjusted(area.width() - size.width() - hub.px(7), 0, -hub.px(7), 0)
        place.setTop(area.center().y() - size.height() // 2 + 1)
        place.setSize(size)
        paint_key_cap(painter, place, cap, theme)
        words = area.adjusted(hub.px(33), 0, -size.width() - hub.px(12), 0)
        paint_words(painter, words, "Go to or do anything", font=fonts.sans(13), color=theme.faint)
        painter.end()


class _Divider(QWidget):
    """A line between two groups of buttons."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(9)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(4, 0, 1, self.height(), theme_hub().theme.line)
        painter.end()
