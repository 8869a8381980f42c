"""The first screen: make, open or try a project on the left, the ones opened lately on the right.

It only asks; the window makes and opens. What is dropped on it is the window's, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.ui import fonts
from annotator.ui.actions import BY_ID
from annotator.ui.dialogs.frame import plain_scroll_area
from annotator.ui.dialogs.recent_list import RecentList
from annotator.ui.icons import pixmap
from annotator.ui.style import set_surface
from annotator.ui.theme import faded, theme_hub
from annotator.ui.widgets import (
    ActionCard,
    Button,
    ElidedLabel,
    EmptyState,
    Hairline,
    SearchField,
    make_label,
)
from annotator.workflows.recent import Recent

MANY = 5
"""From more projects than this on there is a field to filter them."""


class WelcomePage(QWidget):
    """The page the window shows while no project is open."""

    new_wanted = Signal()
    open_wanted = Signal()
    sample_wanted = Signal()
    doccano_wanted = Signal()
    recent_chosen = Signal(object)
    locate_wanted = Signal(object)
    forget_wanted = Signal(object)
    keys_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Welcome")
        set_surface(self, "page")
        self._recents: list[Recent] = []
        self._left, self._right = QWidget(), QWidget()
        set_surface(self._left, "panel")
        set_surface(self._right, "page")
        self._line = Hairline(orientation=Qt.Orientation.Vertical)
        inner = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        for widget in (self._left, self._line, self._right):
            self._row.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = plain_scroll_area(inner)
        outer.addWidget(self._area)
        self._build_left()
        self._build_right()
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()
        self.set_projects([])

    def _build_left(self) -> None:
        self.new_button = ActionCard(
            "plus",
            "New project",
            "sources, schema, candidates",
            key=BY_ID["new_project"].key,
            is_primary=True,
        )
        self.open_button = ActionCard(
            "folder", "Open a project", "a file that ends in .annot", key=BY_ID["open_project"].key
        )
        self.sample_button = ActionCard(
            "wand",
            "Try the sample",
            "short articles, ten minutes",
            key=BY_ID["open_sample"].key,
        )
        self.doccano_button = ActionCard(
            "people", "Bring in from doccano", "what a team labels on a server", key=BY_ID["doccano"].key
        )
        self._cards = {
            self.new_button: self.new_wanted,
            self.open_button: self.open_wanted,
            self.doccano_button: self.doccano_wanted,
            self.sample_button: self.sample_wanted,
        }
        for button, signal in self._cards.items():
            button.clicked.connect(signal)
        self._links = QHBoxLayout()
        for text, icon_name, signal in (
            ("Keys", "keyboard", self.keys_wanted),
            ("Settings", "settings", self.settings_wanted),
        ):
            link = Button(text, kind="link", icon_name=icon_name)
            link.clicked.connect(signal)
            self._links.addWidget(link)
        self._links.addStretch(1)
        self._about = make_label(
            "Confirm and fix entities and relations\nin whole articles. Everything stays on this computer.",
            wrap=True,
        )
        self._column = QVBoxLayout(self._left)
        self._column.addStretch(1)
        self._column.addWidget(_WordMark())
        self._column.addSpacing(16)
        self._column.addWidget(self._about)
        self._column.addSpacing(28)
        for number, button in enumerate(self._cards):
            if number:
                self._column.addSpacing(10)
            self._column.addWidget(button)
        self._column.addSpacing(24)
        self._column.addLayout(self._links)
        self._column.addStretch(1)

    def _build_right(self) -> None:
        self._head = make_label("Recent projects", "head")
        self.filter = SearchField("Filter", name="Filter the recent projects")
        self.filter.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.filter.textChanged.connect(self._show)
        self.filter.returnPressed.connect(self._open_first)
        self.list = RecentList()
        self.list.chosen.connect(self.recent_chosen)
        self.list.locate_wanted.connect(self.locate_wanted)
        self.list.forget_wanted.connect(self.forget_wanted)
        self.list.left_upwards.connect(self._on_left_upwards)
        self._nothing = EmptyState(
            "folder",
            "No projects yet",
            "Make one from your texts, or try the sample: it comes with the program.",
        )
        self._no_match = make_label("", "dim", wrap=True)
        self._hint_icon = make_label()
        self._hint = ElidedLabel(
            "Drop text files, a folder, JSONL, DocBin or a project anywhere in this window.", "dim"
        )
        row = QHBoxLayout()
        row.addWidget(self._head, 1)
        row.addWidget(self.filter)
        hint = QHBoxLayout()
        hint.addStretch(1)
        hint.addWidget(self._hint_icon)
        hint.addWidget(self._hint)
        hint.addStretch(1)
        self._main = QVBoxLayout(self._right)
        self._main.addStretch(1)
        self._main.addLayout(row)
        for widget in (self.list, self._no_match, self._nothing):
            self._main.addWidget(widget)
        self._main.addSpacing(8)
        self._main.addLayout(hint)
        self._main.addStretch(1)

    def set_projects(self, recents: Sequence[Recent]) -> None:
        """Show the projects opened lately, newest first; the first gets the focus if the page is on screen."""
        self._recents = list(recents)
        has_any = bool(recents)
        self.filter.setVisible(len(recents) > MANY)
        self._head.setVisible(has_any)
        self._nothing.setVisible(not has_any)
        self._show()
        if self.isVisible():
            self.take_focus()

    def take_focus(self) -> None:
        """Put the focus on the first project, or on making one where there is none."""
        if not self.list.take_focus():
            self.new_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        words = self.filter.text().casefold().split()
        found = [
            each
            for each in self._recents
            if all(word in f"{each.name} {each.path}".casefold() for word in words)
        ]
        self.list.set_projects(found)
        self.list.setVisible(bool(found))
        self._no_match.setText(f"No project matches “{self.filter.text().strip()}”.")
        self._no_match.setVisible(bool(self._recents) and not found)

    def _open_first(self) -> None:
        first = self.list.first()
        if first is not None and not first.missing:
            self.recent_chosen.emit(first.path)

    def _on_left_upwards(self) -> None:
        if self.filter.isVisible():
            self.filter.setFocus(Qt.FocusReason.BacktabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the two halves under each other where they have no room beside each other."""
        hub = theme_hub()
        is_narrow = self.width() < hub.px(820)
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        self._line.setVisible(not is_narrow)
        share = hub.px(470) if self.width() >= hub.px(1180) else round(self.width() * 0.4)
        self._left.setMinimumWidth(0 if is_narrow else share)
        self._left.setMaximumWidth(16_777_215 if is_narrow else share)
        side = hub.px(72) if self.width() >= hub.px(1100) else hub.px(28)
        right = hub.px(40) if side == hub.px(72) else side
        self._column.setContentsMargins(side, hub.px(24), right, hub.px(24))
        for button in self._cards:
            button.setMaximumWidth(16_777_215 if is_narrow else hub.px(320))
        side = hub.px(56) if self.width() >= hub.px(1100) else hub.px(28)
        self._main.setContentsMargins(side, hub.px(24), side + hub.px(8), hub.px(24))

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        self._arrange()
        self._about.setStyleSheet(f"font-size: {hub.px(14)}px; color: {hub.theme.dim.name()};")
        self.filter.setFixedWidth(hub.px(180))
        self._main.setSpacing(hub.px(12))
        self._links.setSpacing(hub.px(16))
        self._hint_icon.setPixmap(pixmap("import", hub.px(16), hub.theme.dim, self.devicePixelRatioF()))


class _WordMark(QWidget):
    """The program's name in the serif of the article, underlined as an accepted span is."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("annotator")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme_hub().changed.connect(self._on_look_changed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(fonts.serif(36))
        return QSize(round(metrics.horizontalAdvance("annotator")) + 4, theme_hub().px(50))

    def paintEvent(self, event: QPaintEvent) -> None:
        hub = theme_hub()
        painter = QPainter(self)
        font = fonts.serif(36)
        width = QFontMetricsF(font).horizontalAdvance("annotator")
        painter.setFont(font)
        painter.setPen(hub.theme.ink)
        painter.drawText(QRectF(0, 0, self.width(), hub.px(44)), Qt.AlignmentFlag.AlignVCenter, "annotator")
        color = hub.theme.accent if hub.theme.high_contrast else faded(hub.theme.accent, 0.65)
        painter.fillRect(QRectF(0, self.height() - 3, width + 2, 3), color)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()
