"""The frame that all dialogs share: a head, a body that scrolls when it must, a foot with the buttons.

Enter presses the primary button, Esc closes. What cannot be done is said in the dialog itself, above its foot.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.model.errors import UserError
from annotator.ui.style import set_look, set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, ElidedLabel, Hairline, Kind, Strip, make_label

WIDTH, HEIGHT = 780, 600
"""The size of a large dialog in pixels at 100 %."""
_MARGIN = 24


class DialogFrame(QDialog):
    """A dialog of head, body and foot.

    Args:
        title: what it is, in the head and as the name of the window.
        subtitle: a line below the title. width, height: in pixels at 100 %; height 0 takes what the body needs.
        scrolls: the body scrolls when there is too little room; without it the body's own parts must.
    """

    def __init__(
        self,
        title: str,
        parent: QWidget | None = None,
        *,
        subtitle: str = "",
        width: int = WIDTH,
        height: int = HEIGHT,
        scrolls: bool = True,
        padded: bool = True,
    ) -> None:
        super().__init__(parent)
        self._wanted = (width, height)
        self._scrolls = scrolls
        self._padded = padded
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        set_surface(self, "raised")
        self._title = make_label(title, "title")
        self._subtitle = make_label(subtitle, "dim", wrap=True)
        self._subtitle.setVisible(bool(subtitle))
        self.head = QHBoxLayout()
        self.body = QVBoxLayout()
        self.foot = QHBoxLayout()
        self._fault = Strip("", tone="bad")
        self._fault.hide()
        self._buttons: list[Button] = []
        self._assemble()
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def _assemble(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        self.head.addLayout(words, 1)
        self._ground = QWidget()
        self._ground.setLayout(self.body)
        self._area: QScrollArea | None = None
        middle: QWidget = self._ground
        if self._scrolls:
            self._area = plain_scroll_area(self._ground)
            middle = self._area
        self._notice = QVBoxLayout()
        self._notice.addWidget(self._fault)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.head)
        column.addWidget(Hairline())
        column.addWidget(middle, 1)
        column.addLayout(self._notice)
        column.addWidget(Hairline())
        column.addLayout(self.foot)
        self._note = ElidedLabel("", "dim")
        self._note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.foot.addWidget(self._note, 1)

    def set_note(self, text: str, *, token: str = "dim") -> None:
        """Say something in the foot, beside the buttons, in the colour `dim`, `warn`, `good` or `bad`."""
        self._note.setText(text)
        set_look(self._note, "warn" if token == "warn" else "good" if token == "good" else "dim")

    @property
    def note(self) -> str:
        """What stands in the foot beside the buttons."""
        return self._note.text()

    def set_title(self, title: str, *, subtitle: str = "") -> None:
        """Say something else in the head."""
        self.setWindowTitle(title)
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))

    def add_button(self, text: str, *, kind: Kind = "plain", key: str = "") -> Button:
        """Add a button at the end of the foot; a primary one is what Enter presses."""
        button = Button(text, kind=kind, key=key)
        self.foot.addWidget(button)
        self._buttons.append(button)
        if kind == "primary":
            button.setDefault(True)
        return button

    def add_cancel(self, text: str = "Cancel") -> Button:
        """Add the button that closes the dialog as Esc does."""
        button = self.add_button(text)
        button.setToolTip("Close this  (Esc)")
        button.clicked.connect(self.reject)
        return button

    def add_to_foot(self, item: QWidget | QLayout) -> None:
        """Put something at the beginning of the foot, after what is there already."""
        place = self.foot.indexOf(self._note)
        if isinstance(item, QLayout):
            self.foot.insertLayout(place, item)
        else:
            self.foot.insertWidget(place, item)

    @property
    def fault(self) -> str:
        """What the dialog says cannot be done; empty if nothing."""
        return "" if self._fault.isHidden() else self._fault.text

    def set_fault(self, fault: str | UserError) -> None:
        """Say above the foot what cannot be done and what to do; empty takes it away."""
        text = str(fault)
        self._fault.set_message(text)
        self._fault.setVisible(bool(text))
        self._place_notice()

    def scroll_to(self, widget: QWidget) -> None:
        """Bring a part of the body into view."""
        if self._area is not None:
            self._area.ensureWidgetVisible(widget)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A primary button that cannot be pressed now must not hand Enter on to another.
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers()
        if is_enter and any(each.isDefault() and not each.isEnabled() for each in self._buttons):
            event.accept()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        for button in self.findChildren(Button):
            # Enter presses the button that has the focus, wherever it stands.
            button.setAutoDefault(True)
        super().showEvent(event)

    def sizeHint(self) -> QSize:
        width, height = (theme_hub().px(length) for length in self._wanted)
        if not height:
            needed = self._ground.layout()
            inner = needed.totalHeightForWidth(width) if needed and needed.hasHeightForWidth() else 0
            # Below its least height the body would get a scroll bar; a field whose hint may wrap asks for more.
            inner = max(inner, self._ground.sizeHint().height(), self._ground.minimumSizeHint().height())
            chrome = self.head.sizeHint().height() + self.foot.sizeHint().height() + 2
            height = inner + chrome + self._notice.sizeHint().height()
        screen = self.screen().availableGeometry().size()
        return QSize(min(width, screen.width() - 40), min(height, screen.height() - 60))

    def fit(self) -> None:
        """Take the size the dialog wants at the text size in force, within the screen."""
        self.resize(self.sizeHint())

    def _place_notice(self) -> None:
        hub = theme_hub()
        shown = not self._fault.isHidden()
        side = hub.px(_MARGIN) if shown else 0
        self._notice.setContentsMargins(side, 0, side, hub.px(12) if shown else 0)

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        side = hub.px(_MARGIN)
        self.head.setContentsMargins(side, hub.px(14), side, hub.px(14))
        self.head.setSpacing(hub.px(16))
        inner = side if self._padded else 0
        self.body.setContentsMargins(
            inner, hub.px(16) if self._padded else 0, inner, hub.px(16) if self._padded else 0
        )
        self.body.setSpacing(hub.px(12))
        self.foot.setContentsMargins(side, hub.px(12), side, hub.px(12))
        self.foot.setSpacing(hub.px(8))
        self._place_notice()
        self.setMinimumSize(min(hub.px(360), 640), min(hub.px(160), 400))
        self.fit()


def plain_scroll_area(inner: QWidget) -> QScrollArea:
    """Put a widget into an area without a frame that scrolls down when it must, never sideways by itself."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    inner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    return area
