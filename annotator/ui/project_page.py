"""Documents, article and work side by side; panels become drawers where the window is narrow."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from annotator.ui.centre import Centre
from annotator.ui.panels.documents import DocumentsPanel
from annotator.ui.panels.work import WorkPanel
from annotator.ui.settings import Settings
from annotator.ui.theme import theme_hub

Side = Literal["documents", "work"]
LEFT_DRAWER, RIGHT_DRAWER = 1200, 1030
"""Below these widths (pixels at 100 %) the left and the right panel become drawers."""
_LIMITS: dict[str, tuple[int, int]] = {"documents": (200, 420), "work": (264, 420)}
_WIDE = {"documents": 272, "work": 304}
_NARROW = {"documents": 236, "work": 288}
_GRIP, _SHADOW = 6, 12


class ProjectPage(QWidget):
    """Lays the three parts out; `shown_changed()` tells that a panel was shown or hidden."""

    shown_changed = Signal()

    def __init__(
        self, documents: DocumentsPanel, centre: Centre, work: WorkPanel, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self.documents, self.centre, self.work = documents, centre, work
        self._panels: dict[Side, QWidget] = {"documents": documents, "work": work}
        self._open_drawer: Side | None = None
        self._lines = {"documents": _Line(self), "work": _Line(self)}
        self._shadow = _Shadow(self)
        for widget in (centre, documents, work):
            widget.setParent(self)
        self._grips = {
            "documents": _Grip(self, "documents"),
            "work": _Grip(self, "work"),
        }
        theme_hub().changed.connect(self._lay_out)

    def is_drawer(self, side: Side) -> bool:
        """Tell whether a panel lies over the article when it is open."""
        limit = LEFT_DRAWER if side == "documents" else RIGHT_DRAWER
        return self.width() < theme_hub().px(limit)

    def is_shown(self, side: Side) -> bool:
        """Tell whether a panel can be seen."""
        return self._open_drawer == side if self.is_drawer(side) else self._settings.is_shown(side)

    def toggle(self, side: Side) -> None:
        """Show or hide a panel; one that is shown over the article takes the focus."""
        self.show_panel(side, shown=not self.is_shown(side))

    def show_panel(self, side: Side, *, shown: bool) -> None:
        """Show or hide a panel."""
        had_focus = _holds_focus(self._panels[side])
        if self.is_drawer(side):
            self._open_drawer = side if shown else None
        else:
            self._settings.keep_shown(side, shown=shown)
        self._lay_out()
        if not shown and had_focus:
            self.centre.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.shown_changed.emit()

    def close_drawer(self) -> bool:
        """Close an open drawer; tell whether there was one."""
        if self._open_drawer is None:
            return False
        self.show_panel(self._open_drawer, shown=False)
        return True

    def set_width(self, side: Side, width: int) -> None:
        """Make a panel so many pixels wide, within its limits."""
        low, high = _LIMITS[side]
        hub = theme_hub()
        wanted = min(hub.px(high), max(hub.px(low), width))
        self._settings.keep_width(side, round(wanted / hub.text_scale))
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._open_drawer is not None and not self.is_drawer(self._open_drawer):
            self._open_drawer = None
        self._lay_out()
        self.shown_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._lay_out()

    def _width_of(self, side: Side) -> int:
        hub = theme_hub()
        default = (_WIDE if self.width() >= hub.px(1400) else _NARROW)[side]
        low, high = _LIMITS[side]
        return hub.px(min(high, max(low, self._settings.width(side, default))))

    def _lay_out(self) -> None:
        width, height = self.width(), self.height()
        left, right = 0, width
        for side in ("documents", "work"):
            docked = self.is_shown(side) and not self.is_drawer(side)
            if docked and side == "documents":
                left = self._width_of(side) + 1
            elif docked:
                right = width - self._width_of(side) - 1
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left, right = width - right, width - left
        self.centre.setGeometry(left, 0, right - left, height)
        self._place("documents")
        self._place("work")
        self._place_shadow()

    def _place(self, side: Side) -> None:
        panel, width, height = self._panels[side], self._width_of(side), self.height()
        line, grip, shown = self._lines[side], self._grips[side], self.is_shown(side)
        at_left = (side == "documents") != (self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
        x = 0 if at_left else self.width() - width
        panel.setGeometry(x, 0, width, height)
        edge = width if at_left else x - 1
        line.setGeometry(edge, 0, 1, height)
        grip.setGeometry(edge - _GRIP // 2, 0, _GRIP, height)
        for widget in (panel, line, grip):
            widget.setVisible(shown)
        if shown and self.is_drawer(side):
            panel.raise_()
        line.raise_()
        grip.raise_()

    def _place_shadow(self) -> None:
        side = self._open_drawer
        self._shadow.setVisible(side is not None)
        if side is None:
            return
        panel = self._panels[side].geometry()
        self._shadow.at_left = panel.left() == 0
        x = panel.right() + 1 if self._shadow.at_left else panel.left() - _SHADOW
        self._shadow.setGeometry(QRect(x, 0, _SHADOW, self.height()))
        self._shadow.raise_()


def _holds_focus(panel: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and panel.isAncestorOf(focus)


class _Line(QWidget):
    """The hairline between two parts."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme_hub().theme.line)
        painter.end()


class _Shadow(QWidget):
    """What a drawer throws on the article."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.at_left = True
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        near, far = QColor(0, 0, 0, 38), QColor(0, 0, 0, 0)
        gradient = QLinearGradient(0, 0, self.width(), 0)
        gradient.setColorAt(0, near if self.at_left else far)
        gradient.setColorAt(1, far if self.at_left else near)
        painter = QPainter(self)
        painter.fillRect(self.rect(), gradient)
        painter.end()


class _Grip(QWidget):
    """The edge of a panel, which the mouse can take."""

    def __init__(self, page: ProjectPage, side: Side) -> None:
        super().__init__(page)
        self._page, self._side = page, side
        self._from: tuple[QPoint, int] | None = None
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        panel = self._page.documents if self._side == "documents" else self._page.work
        self._from = event.globalPosition().toPoint(), panel.width()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        place, width = self._from
        moved = event.globalPosition().toPoint().x() - place.x()
        self._page.set_width(self._side, width + (moved if self.x() < self._page.width() // 2 else -moved))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None
