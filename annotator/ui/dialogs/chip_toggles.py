"""Labels to switch on and off, for the ends a relation type allows. They fold into as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from annotator.model.schema import EntityType
from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import chip_size, paint_chip, paint_focus_ring, paint_frame
from annotator.ui.widgets.painting import paint_words


class ChipToggles(QWidget):
    """Entity types, each on or off; none on means any. `changed(tuple of names)` in the schema's order."""

    changed = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.toggles: list[_Toggle] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)
        theme_hub().changed.connect(self._place)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names that are on."""
        return tuple(each.name for each in self.toggles if each.isChecked())

    def show_types(self, types: Sequence[EntityType], chosen: Sequence[str]) -> None:
        """Show these types with those switched on."""
        if [each.name for each in self.toggles] != [each.name for each in types]:
            for old in self.toggles:
                old.hide()
                old.deleteLater()
            self.toggles = [_Toggle(each.name, self) for each in types]
            for toggle in self.toggles:
                toggle.clicked.connect(lambda _checked=False: self.changed.emit(self.names))
                toggle.walked.connect(self._walk)
                toggle.show()
        for toggle, each in zip(self.toggles, types, strict=True):
            toggle.show_type(each, is_on=each.name in chosen)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        hub = theme_hub()
        corner = QPoint(0, 0)
        height = hub.px(26)
        for toggle in self.toggles:
            size = toggle.sizeHint()
            if corner.x() and corner.x() + size.width() > self.width():
                corner = QPoint(0, corner.y() + height + hub.px(6))
            toggle.setGeometry(QRect(corner, size))
            corner = QPoint(corner.x() + size.width() + hub.px(6), corner.y())
        self.setMinimumHeight(corner.y() + height)

    def _walk(self, by: int) -> None:
        sender = self.sender()
        at = next((index for index, each in enumerate(self.toggles) if each is sender), 0)
        self.toggles[(at + by) % len(self.toggles)].setFocus(Qt.FocusReason.TabFocusReason)


class _Toggle(QAbstractButton):
    """One label with a check before it when it is on."""

    walked = Signal(int)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self._shown, self._color = name, "slate"
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_type(self, each: EntityType, *, is_on: bool) -> None:
        """Show a type, on or off."""
        self._shown, self._color = each.shown or each.name, each.color
        self.setAccessibleName(self._shown)
        self.setChecked(is_on)
        self.update()

    def sizeHint(self) -> QSize:
        hub = theme_hub()
        return QSize(chip_size(self._shown).width() + hub.px(30), hub.px(26))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self.walked.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        painter = QPainter(self)
        is_on, can = self.isChecked(), self.isEnabled()
        ground = theme.hover if self.underMouse() and can else theme.raised if can else theme.panel
        paint_frame(painter, self.rect(), fill=ground, border=theme.edge if is_on else theme.line, radius=6)
        side = hub.px(12)
        sign = QRect(hub.px(6), (self.height() - side) // 2, side, side)
        if is_on:
            paint_icon(painter, "check", sign, theme.ink if can else theme.off)
        size = chip_size(self._shown)
        place = QRect(hub.px(22), (self.height() - size.height()) // 2, size.width(), size.height())
        if is_on:
            paint_chip(painter, place, self._shown, self._color, theme)
        else:
            inner = place.adjusted(hub.px(6), 0, 0, 0)
            paint_words(painter, inner, self._shown, font=fonts.sans(11, 600), color=theme.dim)
        if self.hasFocus():
            paint_focus_ring(painter, self.rect(), theme)
