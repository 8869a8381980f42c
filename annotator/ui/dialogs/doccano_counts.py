"""What a sync does, in words and as a table: each kind of thing, what comes here of it and what goes there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.parts import TintedLabel
from annotator.ui.dialogs.tables import PlainTable, cell
from annotator.ui.widgets import make_label
from annotator.workflows.doccano import Deed, Thing, Way

Counts = Mapping[tuple[Way, Deed, Thing], int]
NOUNS = {
    Thing.DOCUMENT: "document",
    Thing.SPAN: "span",
    Thing.RELATION: "relation",
    Thing.NOTE: "note",
    Thing.STATE: "finished state",
    Thing.METADATA: "metadata",
    Thing.CATEGORY: "category",
    Thing.TYPE: "label",
}
_MANY = {Thing.METADATA: "metadata", Thing.CATEGORY: "categories"}
_DEEDS = {Deed.ADD: "new", Deed.CHANGE: "changed", Deed.DELETE: "deleted"}


def total(counts: Counts, way: Way) -> int:
    """Give how many things go one way."""
    return sum(count for (each, _, _), count in counts.items() if each is way)


def counted_things(count: int, thing: Thing) -> str:
    """Give a number of things with their noun."""
    return counted(count, NOUNS[thing], _MANY.get(thing, ""))


def deeds_words(counts: Counts, way: Way, thing: Thing) -> str:
    """Say what becomes of one kind of thing, one way: `12 new, 3 deleted`; empty for nothing."""
    told = [
        f"{count:,} {words}" for deed, words in _DEEDS.items() if (count := counts.get((way, deed, thing), 0))
    ]
    return ", ".join(told)


def way_words(counts: Counts, way: Way) -> str:
    """Say all that goes one way in a line: `2 documents, 14 spans`."""
    told = []
    for thing in Thing:
        count = sum(number for (each, _, what), number in counts.items() if each is way and what is thing)
        told += [counted_things(count, thing)] if count else []
    return ", ".join(told) or "nothing"


def figure(number: int, words: str, *, token: str) -> QVBoxLayout:
    """Make a large figure over its words, in the colour of a token; nought is dim."""
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(TintedLabel(f"{number:,}", "figure", token=token if number else "dim"))
    column.addWidget(make_label(words, "strong"))
    return column


class CountsTable(PlainTable):
    """A row for each kind of thing that changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What is new, changed and deleted", parent, row_height=32)

    def show_counts(self, counts: Counts, *, here: str, there: str) -> None:
        """Show other counts under these heads."""
        model = QStandardItemModel(0, 3, self)
        model.setHorizontalHeaderLabels(["", here, there])
        for thing in Thing:
            ways = [deeds_words(counts, way, thing) for way in (Way.HERE, Way.THERE)]
            if any(ways):
                name = counted_things(2, thing).removeprefix("2 ").capitalize()
                model.appendRow(
                    [cell(name), *(cell(words or "–", token="" if words else "dim") for words in ways)]
                )
        self.show_model(model, widths=(150, 0, 0))
        self.setVisible(model.rowCount() > 0)
        self._on_look_changed()

    def _on_look_changed(self) -> None:
        super()._on_look_changed()
        self.setFixedHeight(self.height_of_rows())
