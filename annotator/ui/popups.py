"""Small lists that float in the article: the types a relation may have, labels and partners to find by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from annotator.model.annotation import surface
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.ui.models.article_items import label_color, label_words
from annotator.ui.palette_entries import match
from annotator.ui.partners import Partner
from annotator.ui.relation_mode import RelationMode
from annotator.ui.rows import Floating, Row, Rows
from annotator.ui.theme import theme_hub

if TYPE_CHECKING:
    from annotator.workflows.patterns import ListedPatterns

_MOST = 200
"""Partners that are listed."""


def place_beside(widget: QWidget, rect: QRect, room: QRect) -> None:
    """Put a floating card under a rectangle, or above it where there is no room below; both in its parent's pixels."""
    widget.adjustSize()
    size, edge = widget.size(), Floating.SHADOW
    x = min(max(rect.left() - edge, room.left()), max(room.left(), room.right() - size.width()))
    y = rect.bottom() + 6 - edge
    if y + size.height() - edge > room.bottom():
        y = max(room.top() - edge, rect.top() - 6 - size.height() + edge)
    widget.move(x, y)


class TypeChooser(Floating):
    """The types that may join start and target, each with its own digit; keys are the article's."""

    def __init__(self, parent: QWidget, mode: RelationMode) -> None:
        super().__init__(parent, margin=6, accent=True)
        self._mode = mode
        self.setAccessibleName("Type of the relation")
        self.rows = Rows(self, row_height=34)
        self.rows.chosen.connect(self._on_chosen)
        self.column.addWidget(self.rows)

    def show_at(self, rect: QRect, room: QRect) -> None:
        """Show the choices of the mode at a rectangle."""
        mode = self._mode
        rows = []
        for index, choice in enumerate(mode.choices):
            way = "no direction" if choice.symmetric else "from there to here" if choice.turned else ""
            beside = "; ".join(part for part in (_short(choice.summary), way) if part)
            rows.append(
                Row(
                    text=choice.name,
                    key=choice.shortcut,
                    beside=beside,
                    cap="Enter" if index == mode.current else "",
                )
            )
        self.rows.set_rows(tuple(rows), current=mode.current)
        self.rows.setFixedWidth(min(self.rows.sizeHint().width() + theme_hub().px(40), theme_hub().px(520)))
        place_beside(self, rect, room)
        self.show()
        self.raise_()

    def _on_chosen(self, index: int) -> None:
        self._mode.move_choice(index - self._mode.current)
        self._mode.take()


class Finder(Floating):
    """A field and the rows that answer to what is typed in it; `closed()` when it goes.

    What a row stands for is a name: it is told when one is marked and when one is taken.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, *, name: str, hint: str, width: int) -> None:
        super().__init__(parent, margin=6)
        self._width = width
        self._found: list[str] = []
        self._then: Callable[[str], None] = lambda _name: None
        self.setAccessibleName(name)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.rows = Rows(row_height=30)
        self.rows.chosen.connect(self._take)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self.rows)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setStyleSheet("background: transparent;")
        self.column.addWidget(self.field)
        self.column.addSpacing(6)
        self.column.addWidget(self._scroll)

    def leave(self) -> None:
        """Close it without taking anything."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _show_at(self, rect: QRect, room: QRect) -> None:
        self.field.clear()
        self._search()
        self.setFixedWidth(theme_hub().px(self._width) + 2 * self.SHADOW)
        place_beside(self, rect, room)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _answers(self, words: str) -> list[tuple[str, Row]]:
        """List what answers to some words, by name, the best first."""
        raise NotImplementedError

    def _mark(self, name: str) -> None:
        """Hear which one is marked."""

    def _search(self) -> None:
        answers = self._answers(self.field.text())
        self._found = [name for name, _ in answers]
        self.rows.set_rows(tuple(row for _, row in answers))
        self._scroll.setFixedHeight(min(self.rows.sizeHint().height(), theme_hub().px(270)))
        self.adjustSize()

    def _take(self, index: int) -> None:
        if 0 <= index < len(self._found):
            self.leave()
            self._then(self._found[index])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field:
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Escape:
                    self.leave()
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._take(self.rows.current)
                case Qt.Key.Key_Down | Qt.Key.Key_Tab:
                    self._move(1)
                case Qt.Key.Key_Up | Qt.Key.Key_Backtab:
                    self._move(-1)
                case _:
                    return False
            return True
        if event.type() == QEvent.Type.FocusOut:
            self.leave()
        return False

    def _move(self, by: int) -> None:
        self.rows.move(by)
        if self.rows.current >= 0:
            rect = self.rows.rect_of(self.rows.current)
            self._scroll.ensureVisible(0, rect.center().y(), 0, rect.height())
            self._mark(self._found[self.rows.current])


class LabelFinder(Finder):
    """Finds labels (or relation types); `taken(name)`."""

    taken = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, name="Find a label", hint="Type to find a label", width=300)
        self._types: tuple[EntityType | RelationType, ...] = ()
        self._schema = Schema()

    def open(
        self,
        schema: Schema,
        *,
        relations: bool,
        rect: QRect,
        room: QRect,
        take: Callable[[str], None] | None = None,
    ) -> None:
        """Offer the labels, or relation types, of a schema at a rectangle; `take` is told instead of `taken`."""
        self._schema = schema
        self._then = take or self.taken.emit
        self._types = schema.relations if relations else schema.entities
        self._show_at(rect, room)

    def _answers(self, words: str) -> list[tuple[str, Row]]:
        ranked = []
        for index, each in enumerate(self._types):
            found = [match(text, words) for text in (each.name, each.shown, each.summary)]
            ranks = [hit[0] + 3 * at for at, hit in enumerate(found) if hit is not None]
            if ranks:
                ranked.append((min(ranks), index, each))
        ranked.sort(key=lambda item: item[:2])
        return [(each.name, self._row(each)) for _, _, each in ranked]

    def _row(self, each: EntityType | RelationType) -> Row:
        if isinstance(each, EntityType):
            return Row(
                text="",
                chip=(label_words(each.name, self._schema), each.color),
                beside=_short(each.summary),
                key=each.shortcut,
            )
        return Row(text=each.name, beside=_short(each.summary), key=each.shortcut)


class ListFinder(Finder):
    """Finds a pattern list by its name or label; the last row begins one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, name="Find a pattern list", hint="Type to find a pattern list", width=340)
        self._lists: list[tuple[str, str, Row]] = []

    def open(
        self,
        lists: Sequence[ListedPatterns],
        *,
        schema: Schema,
        rect: QRect,
        room: QRect,
        take: Callable[[int], None],
    ) -> None:
        """Offer lists at a rectangle; `take` is told the row key of the one chosen, 0 for a new one."""
        self._then = lambda name: take(int(name))
        self._lists = []
        for each in lists:
            label = label_words(each.list.label, schema)
            beside = f"{each.patterns:,} {'pattern' if each.patterns == 1 else 'patterns'}"
            row = Row(text=each.list.name, chip=(label, label_color(each.list.label, schema)), beside=beside)
            self._lists.append((str(each.list.key), f"{each.list.name} {label}".casefold(), row))
        self._show_at(rect, room)

    def _answers(self, words: str) -> list[tuple[str, Row]]:
        wanted = words.strip().casefold()
        found = [(key, row) for key, text, row in self._lists if wanted in text]
        return [*found[:_MOST], ("0", Row(text="New list"))]


class PartnerFinder(Finder):
    """Finds a partner of a relation by its words; one that is marked is shown in the article: `marked(item id)`."""

    marked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, name="Find a partner", hint="Type words of a partner", width=420)
        self._partners: list[tuple[str, str, Row]] = []

    def open(
        self,
        partners: Sequence[Partner],
        *,
        text: str,
        schema: Schema,
        paragraph_of: Callable[[int], int],
        rect: QRect,
        room: QRect,
        take: Callable[[str], None],
    ) -> None:
        """Offer partners, which lie in a text, at a rectangle; `take` is told the item id of the one chosen."""
        self._then = take
        self._partners = []
        for each in partners:
            words = " ".join(surface(text, each.value.fragments).split())
            chip = (label_words(each.label, schema), label_color(each.label, schema))
            place = f"¶{paragraph_of(each.value.fragments[0].start)}"
            self._partners.append((each.item, words, Row(text=words, chip=chip, beside=place)))
        self._show_at(rect, room)

    def _answers(self, words: str) -> list[tuple[str, Row]]:
        wanted = " ".join(words.split()).casefold()
        found = [(item, row) for item, text, row in self._partners if wanted in text.casefold()]
        return found[:_MOST]

    def _search(self) -> None:
        super()._search()
        if self.isVisible() and self._found:
            self._mark(self._found[0])

    def _mark(self, name: str) -> None:
        self.marked.emit(name)


def _short(summary: str) -> str:
    """Give the part of a summary before its first colon or semicolon."""
    return summary.split(":", maxsplit=1)[0].split(";", maxsplit=1)[0]
