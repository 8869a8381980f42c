"""The head of the left panel: the project's name with a chevron, which opens the project's menu."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.panels.parts import RowButton
from annotator.ui.theme import theme_hub
from annotator.ui.widgets.painting import paint_words


class ProjectName(RowButton):
    """The name as a button; too long a name is cut, and the tooltip has the whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_name(self, name: str) -> None:
        """Show another project's name."""
        self.setText(name)
        self.setToolTip(name)
        self.setAccessibleName(self.tr("Project {name}, menu").format(name=name))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = theme_hub().px
        width = QFontMetrics(fonts.sans(14, 600)).horizontalAdvance(self.text())
        return QSize(width + px(8 + 6 + 14 + 8), px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_hub().px(64), self.sizeHint().height())

    def paint_row(self, painter: QPainter) -> None:
        if not self.text():
            return
        theme, px = theme_hub().theme, theme_hub().px
        font = fonts.sans(14, 600)
        room = self.width() - px(8 + 6 + 14 + 4)
        width = min(QFontMetrics(font).horizontalAdvance(self.text()) + 1, room)
        words = QRect(px(8), 0, width, self.height())
        paint_words(painter, self.mirrored(words), self.text(), font=font, color=theme.ink, align=self.start)
        sign = QRect(words.right() + px(6), (self.height() - px(14)) // 2, px(14), px(14))
        paint_icon(painter, "chevron_down", self.mirrored(sign), theme.dim)
