"""Small passive things: icons, hairlines, labels that are cut with an ellipsis, progress as a thin line."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QWidget

from annotator.ui.icons import GRID, paint_icon
from annotator.ui.plain import plain_tip
from annotator.ui.style import Look, set_look
from annotator.ui.theme import mixed, theme_hub

ProgressTone = Literal["accent", "good", "warn", "bad"]


def make_label(
    text: str = "", look: Look | None = None, parent: QWidget | None = None, *, wrap: bool = False
) -> QLabel:
    """Make a label of the type scale; its text is taken as it is, never as markup."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if look is not None:
        set_look(label, look)
    return label


class Sign(QWidget):
    """An icon as a widget, in the colour of a token; `size` in pixels at 100 %.

    It says nothing to screen readers unless it is given an accessible name: words beside it do.
    """

    def __init__(self, icon_name: str, parent: QWidget | None = None, *, size: int = GRID) -> None:
        super().__init__(parent)
        self._icon_name, self._role, self._size = icon_name, "dim", size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme_hub().changed.connect(self._on_look_changed)

    def set_icon_name(self, name: str, *, role: str | None = None) -> None:
        """Show another icon, in the same colour unless a token is named."""
        self._icon_name = name
        self._role = role or self._role
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(self._size), theme_hub().px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_hub().theme
        color = theme.color(self._role) if self.isEnabled() else theme.off
        side = theme_hub().px(self._size)
        area = QRect(0, 0, side, side)
        area.moveCenter(self.rect().center())
        paint_icon(QPainter(self), self._icon_name, area, color)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class Hairline(QWidget):
    """A line of one pixel between two parts of the window."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
    ) -> None:
        super().__init__(parent)
        if orientation == Qt.Orientation.Horizontal:
            self.setFixedHeight(1)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        else:
            self.setFixedWidth(1)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme_hub().changed.connect(self._on_look_changed)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme_hub().theme.line)

    def _on_look_changed(self) -> None:
        self.update()


class ElidedLabel(QLabel):
    """A label of one line that may be narrower than its text; then it ends in an ellipsis and has a tooltip."""

    def __init__(
        self,
        text: str = "",
        look: Look | None = None,
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if look is not None:
            set_look(self, look)

    def is_cut(self) -> bool:
        """Tell whether less than the whole text can be seen."""
        return self._shown() != self._line()

    def minimumSizeHint(self) -> QSize:
        whole = super().sizeHint()
        return QSize(min(whole.width(), theme_hub().px(24)), whole.height())

    def sizeHint(self) -> QSize:
        whole = super().sizeHint()
        # The label measures in whole pixels; a fraction too little would cut a text that fits.
        return QSize(whole.width() + 1, whole.height())

    def event(self, event: QEvent) -> bool:
        """Settle what the tooltip says just before it is asked for."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(plain_tip(self.text()) if self.is_cut() else "")
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(QLabel.alignment(self)) | Qt.TextFlag.TextSingleLine,
            self.palette(),
            self.isEnabled(),
            self._shown(),
            self.foregroundRole(),
        )

    def _line(self) -> str:
        return " ".join(self.text().split("\n"))

    def _shown(self) -> str:
        return self.fontMetrics().elidedText(self._line(), self._mode, self.contentsRect().width())


class ThinProgress(QProgressBar):
    """Progress as a thin line; `height` 2 to 4 pixels. What it counts is said by `setAccessibleName`."""

    def __init__(
        self, parent: QWidget | None = None, *, height: int = 4, tone: ProgressTone = "accent", name: str = ""
    ) -> None:
        super().__init__(parent)
        self._height = height
        self._tone: ProgressTone = tone
        self.setTextVisible(False)
        self.setRange(0, 100)
        self.setValue(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name or self.tr("Progress"))
        theme_hub().changed.connect(self._on_look_changed)

    def set_progress(self, done: int, total: int) -> None:
        """Show `done` of `total`; nothing when there is nothing to do."""
        self.setRange(0, max(1, total))
        self.setValue(min(done, max(1, total)))

    def set_tone(self, tone: ProgressTone) -> None:
        """Show it in another colour."""
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(88), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_hub().px(24), self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_hub().theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = min(self._height, self.height())
        groove = QRectF(0, (self.height() - height) / 2, self.width(), height)
        # Two pixels run from edge to edge under a head; more than two stand free and are rounded.
        radius = height / 2 if height > 2 else 0.0
        path = QPainterPath()
        path.addRoundedRect(groove, radius, radius)
        # On raised grounds the hairline tone of the dark theme could not be seen.
        painter.fillPath(path, mixed(theme.line, theme.key_edge, 0.4 if theme.is_dark else 0.0))
        part = self._part()
        if part <= 0:
            return
        done = QRectF(groove)
        done.setWidth(max(groove.width() * part, height))
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            done.moveRight(groove.right())
        filled = QPainterPath()
        filled.addRoundedRect(done, radius, radius)
        painter.fillPath(filled, theme.color(self._tone))

    def _part(self) -> float:
        span = self.maximum() - self.minimum()
        return (self.value() - self.minimum()) / span if span > 0 else 0.0

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()
