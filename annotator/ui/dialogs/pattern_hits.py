"""The right side of the page of suggesters: where patterns stand, how often, and how often they were right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.model.wording import counted
from annotator.ui import fonts
from annotator.ui.dialogs.tables import AnyIndex
from annotator.ui.style import set_look
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import make_label, paint_focus_ring, paint_row
from annotator.ui.widgets.painting import paint_words
from annotator.workflows.patterns import Place, Record, Trial

_PLACE = int(Qt.ItemDataRole.UserRole)
_HEIGHT = 48


class HitsPanel(QWidget):
    """`place_wanted(document, start, end)` goes to one of the places."""

    place_wanted = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = make_label("", "head", wrap=True)
        self._counts = make_label("", "second", wrap=True)
        self._record = make_label("", "second", wrap=True)
        self._nothing = make_label("", "dim", wrap=True)
        self.places = PlaceList()
        self.places.chosen.connect(self.place_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 8)
        column.setSpacing(6)
        for label in (self._head, self._counts, self._record, self._nothing):
            column.addWidget(label)
        column.addWidget(self.places, 1000)
        column.addStretch(1)
        self.show_nothing("")

    @property
    def words(self) -> str:
        """Everything it says above the list."""
        labels = (self._head, self._counts, self._record, self._nothing)
        return " ".join(each.text() for each in labels if not each.isHidden())

    def show_nothing(self, why: str) -> None:
        """Say why no place is shown."""
        self._show("", "", "", why, ())

    def show_trying(self, what: str) -> None:
        """Say that places are being looked for; those of before stay until others come."""
        self._head.setText(what)
        self._head.show()

    def show_trial(self, what: str, trial: Trial, record: Record) -> None:
        """Show what a list or a pattern finds.

        Args:
            what: is named in the head.
        """
        if trial.problem:
            self._show(what, trial.problem, "", "", (), is_wrong=True)
            return
        which = "the" if trial.documents == 1 else "all" if trial.is_all else "the first"
        where = f"{which} {counted(trial.documents, 'document')}"
        counts = f"{counted(trial.hits, 'place')} in {where}, {len(trial.here):,} in the open one."
        right = "Nothing that it finds was decided yet."
        if record.decided:
            right = f"Right so far: {record.right:,} of {record.decided:,}."
        nothing = "" if trial.hits or trial.here else "It stands nowhere here."
        self._show(what, counts, right, nothing, trial.places)

    def _show(
        self,
        head: str,
        counts: str,
        record: str,
        nothing: str,
        places: Sequence[Place],
        *,
        is_wrong: bool = False,
    ) -> None:
        for label, words in (
            (self._head, head),
            (self._counts, counts),
            (self._record, record),
            (self._nothing, nothing),
        ):
            label.setText(words)
            label.setVisible(bool(words))
        set_look(self._counts, "bad" if is_wrong else "second")
        self.places.show_places(places)
        self.places.setVisible(bool(places))


class PlaceList(QListWidget):
    """Places in texts, each with the words around; Enter or a click goes there."""

    chosen = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Places")
        self.setAccessibleDescription("Enter goes to the place in its article.")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(self))
        self.itemClicked.connect(self._go)
        theme_hub().changed.connect(self.doItemsLayout)

    def show_places(self, places: Sequence[Place]) -> None:
        """Show these."""
        self.clear()
        for each in places:
            item = QListWidgetItem(f"{each.before}{each.words}{each.after}", self)
            item.setData(_PLACE, each)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, each.title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self._go(item)
            return
        super().keyPressEvent(event)

    def _go(self, item: QListWidgetItem) -> None:
        each: Place = item.data(_PLACE)
        self.chosen.emit(each.document, each.hit.start, each.hit.end)


def whole_words(text: str, metrics: QFontMetricsF, room: float, *, ending: bool) -> str:
    """Give as many words of the beginning or the `ending` of a text as have room (pixels), and `…` for the others."""
    if metrics.horizontalAdvance(text) <= room:
        return text
    blanks = [at for at, sign in enumerate(text) if sign.isspace()]
    shorter = (f"…{text[at + 1 :]}" for at in blanks) if ending else (f"{text[:at]}…" for at in blanks[::-1])
    return next((each for each in shorter if metrics.horizontalAdvance(each) <= room), "")


class _Rows(QStyledItemDelegate):
    """Draws a place: the found words stand out among those around, the title stands under them."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        each: Place = index.data(_PLACE)
        area: QRect = option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        paint_row(painter, area, theme, chosen=is_chosen and has_focus, hovered=hovered or is_chosen)
        if is_chosen and has_focus:
            paint_focus_ring(painter, area, theme)
        inner = area.adjusted(hub.px(8), hub.px(3), -hub.px(8), -hub.px(3))
        line = inner.height() // 2
        first = QRect(inner.left(), inner.top(), inner.width(), line)
        plain, strong = fonts.serif(14), fonts.serif(14, 600)
        metrics = QFontMetricsF(plain)
        found = QFontMetricsF(strong).horizontalAdvance(each.words)
        room = max(0, int((first.width() - found) * 0.4))
        before = whole_words(each.before, metrics, room, ending=True)
        left = first.left() + paint_words(painter, first, before, font=plain, color=theme.dim)
        rest = QRect(round(left), first.top(), max(0, first.right() - round(left)), line)
        left += paint_words(painter, rest, each.words, font=strong, color=theme.ink)
        after = QRect(round(left), first.top(), max(0, first.right() - round(left)), line)
        words = whole_words(each.after, metrics, after.width(), ending=False)
        paint_words(painter, after, words, font=plain, color=theme.dim)
        second = QRect(inner.left(), inner.top() + line, inner.width(), line)
        paint_words(painter, second, each.title, font=fonts.sans(11), color=theme.faint)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(theme_hub().px(120), theme_hub().px(_HEIGHT))
