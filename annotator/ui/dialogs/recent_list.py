"""The projects opened lately, as cards that the arrow keys walk through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.words import day_words, path_words
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, ElidedLabel, ThinProgress, make_label, paint_frame
from annotator.workflows.recent import Recent


class RecentList(QWidget):
    """Cards of projects: Enter opens, Delete takes off the list, the arrows walk."""

    chosen = Signal(object)
    locate_wanted = Signal(object)
    forget_wanted = Signal(object)
    left_upwards = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Recent projects")
        self.cards: list[RecentCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def set_projects(self, recents: Sequence[Recent]) -> None:
        """Show these projects."""
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [RecentCard(each) for each in recents]
        for card in self.cards:
            self._column.addWidget(card)
            card.chosen.connect(self.chosen)
            card.locate_wanted.connect(self.locate_wanted)
            card.forget_wanted.connect(self.forget_wanted)
            card.step_wanted.connect(self._step)

    def first(self) -> Recent | None:
        """Give the first project, or None."""
        return self.cards[0].recent if self.cards else None

    def take_focus(self) -> bool:
        """Put the focus on the first card; tell whether there is one."""
        if not self.cards:
            return False
        self.cards[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _step(self, by: int) -> None:
        sender = self.sender()
        place = next((index for index, card in enumerate(self.cards) if card is sender), 0) + by
        if place < 0:
            self.left_upwards.emit()
        elif place < len(self.cards):
            self.cards[place].setFocus(Qt.FocusReason.TabFocusReason)


class RecentCard(QAbstractButton):
    """One project: name and path, how far it is, when and by whom it was opened; or that it is gone."""

    chosen = Signal(object)
    locate_wanted = Signal(object)
    forget_wanted = Signal(object)
    step_wanted = Signal(int)

    def __init__(self, recent: Recent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.recent = recent
        self._is_missing = recent.missing
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.clicked.connect(self._act)
        self.setAccessibleName(recent.name)
        self._grid = QGridLayout(self)
        self._grid.setColumnStretch(0, 1)
        self._build()
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def _build(self) -> None:
        recent = self.recent
        self._name = ElidedLabel(recent.name, "head")
        self._place = ElidedLabel(path_words(recent.path), "dim", mode=Qt.TextElideMode.ElideMiddle)
        self._grid.addWidget(self._name, 0, 0)
        self._grid.addWidget(self._place, 1, 0)
        if self._is_missing:
            self._build_missing()
            return
        self.progress = ThinProgress(name="Documents done")
        self.progress.set_progress(recent.done, recent.documents)
        is_done = recent.documents > 0 and recent.done >= recent.documents
        self.progress.set_tone("good" if is_done else "accent")
        if not recent.documents:
            told = "no documents yet"
        elif is_done:
            told = f"all {counted(recent.documents, 'document')} done"
        else:
            told = f"{recent.done:,} of {counted(recent.documents, 'document')}"
        self._far = make_label(told, "dim")
        when = make_label(day_words(recent.opened_at))
        who = make_label(recent.annotator, "dim")
        self._grid.addWidget(self.progress, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(self._far, 1, 1)
        self._grid.addWidget(when, 0, 2, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(who, 1, 2, Qt.AlignmentFlag.AlignRight)
        for label in (self._name, self._place, self._far, when, who, self.progress):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleDescription(
            f"{told}, {day_words(recent.opened_at)}, {recent.annotator}. {recent.path}"
        )

    def _build_missing(self) -> None:
        self._place.setText(f"not found: was {path_words(self.recent.path)}")
        self._place.setProperty("look", "warn")
        self.locate_button = Button("Locate …", kind="link")
        self.forget_button = Button("Forget", kind="link")
        self.locate_button.clicked.connect(lambda: self.locate_wanted.emit(self.recent.path))
        self.forget_button.clicked.connect(lambda: self.forget_wanted.emit(self.recent.path))
        self._grid.addWidget(self.locate_button, 0, 1, 2, 1)
        self._grid.addWidget(self.forget_button, 0, 2, 2, 1)
        self.setAccessibleDescription(
            f"Not found. It was {self.recent.path}. Enter looks for it, Delete forgets it."
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.step_wanted.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._act()
        elif key == Qt.Key.Key_Delete:
            self.forget_wanted.emit(self.recent.path)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_hub().theme
        border = theme.accent if self.hasFocus() else theme.edge if theme.high_contrast else theme.line
        ground = theme.press if self.isDown() else theme.hover if self.underMouse() else theme.raised
        if self._is_missing and not self.underMouse():
            ground = theme.page
        painter = QPainter(self)
        paint_frame(
            painter, self.rect(), fill=ground, border=border, radius=8, width=2.0 if self.hasFocus() else 1.0
        )

    def _act(self) -> None:
        (self.locate_wanted if self._is_missing else self.chosen).emit(self.recent.path)

    def _show_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        if self._is_missing:
            menu.addAction("Locate …", lambda: self.locate_wanted.emit(self.recent.path))
        else:
            menu.addAction("Open", lambda: self.chosen.emit(self.recent.path))
            folder = QUrl.fromLocalFile(str(self.recent.path.parent))
            menu.addAction("Show in its folder", lambda: QDesktopServices.openUrl(folder))
        menu.addAction("Take off this list", lambda: self.forget_wanted.emit(self.recent.path))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(where))

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        self._grid.setContentsMargins(hub.px(18), hub.px(10), hub.px(18), hub.px(10))
        self._grid.setHorizontalSpacing(hub.px(20))
        self._grid.setVerticalSpacing(hub.px(2))
        self.setMinimumHeight(hub.px(64))
        if not self._is_missing:
            self.progress.setFixedWidth(hub.px(120))
            self._far.setMinimumWidth(hub.px(132))
            self._grid.setColumnMinimumWidth(2, hub.px(116))
        else:
            dim = hub.theme.dim.name()
            self._name.setStyleSheet(f"color: {dim};")
        self.update()
