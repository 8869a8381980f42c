"""The table of sources: what came in, what each is read as, and how much is in it; and what is wrong with some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPersistentModelIndex, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.schema import Schema
from annotator.model.wording import counted
from annotator.ui.dialogs.source_details import SourceDetails
from annotator.ui.dialogs.sources import Source, Sources, beginnings, encoding_title
from annotator.ui.dialogs.tables import VALUE, CellDelegate, Choice, PlainTable, cell, choice_cell
from annotator.ui.dialogs.words import path_words
from annotator.ui.style import set_look
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, Strip, make_label
from annotator.workflows.patterns import is_pattern_file
from annotator.workflows.preparing import readable_formats

_HEADS = ("What came in", "Read as", "Documents", "Spans", "Relations")
_WIDTHS = (0, 210, 96, 76, 88)
_NOTHING = (None, ())


class SourceTable(QWidget):
    """The table, and under it one strip for what is wrong. Delete takes a row off the list, Space opens its choice.

    `schema` gives the types there are, whose colours the first texts are shown in.
    Where `takes_patterns` is set, `patterns_wanted(Path)` asks to bring a refused file in as a list of patterns.
    """

    changed = Signal()
    patterns_wanted = Signal(object)

    def __init__(
        self,
        sources: Sources,
        schema: Callable[[], Schema],
        parent: QWidget | None = None,
        *,
        takes_patterns: bool = False,
    ) -> None:
        super().__init__(parent)
        self._sources = sources
        self._takes_patterns = takes_patterns
        self._model = QStandardItemModel(0, len(_HEADS), self)
        self._model.setHorizontalHeaderLabels(list(_HEADS))
        for column in (2, 3, 4):
            head = self._model.horizontalHeaderItem(column)
            if head is not None:
                head.setTextAlignment(cell("", right=True).textAlignment())
        self.table = PlainTable("What came in")
        self.table.show_model(self._model, widths=_WIDTHS)
        self.table.remove_wanted.connect(self._remove)
        self.table.setProperty("keeps_choice", True)
        delegate = self.table.itemDelegate()
        assert isinstance(delegate, CellDelegate), "the table draws its own cells"
        delegate.chosen.connect(self._on_chosen)
        self.remove_button = Button("Take off the list", kind="link")
        self.remove_button.clicked.connect(lambda: self._remove(self.table.currentIndex().row()))
        self.details = SourceDetails(sources, schema)
        self.strip = Strip("", tone="warn")
        self._preview = make_label("", "dim")
        self._words = make_label("")
        self._preview_row = QHBoxLayout()
        self._preview_row.addWidget(self._preview)
        self._preview_row.addWidget(self._words, 1)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(8)
        stack.addWidget(self.table, 1)
        stack.addWidget(self.details)
        stack.addWidget(self.strip)
        stack.addLayout(self._preview_row)
        stack.addStretch(1)
        set_look(self._words, "quote")
        self._offered: tuple[object, ...] = _NOTHING
        self._pattern_file: Path | None = None
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_current())
        theme_hub().changed.connect(self._fit)
        sources.changed.connect(self._show)
        sources.looked.connect(self._show_one)
        self._show()

    def _show(self) -> None:
        current = self.table.currentIndex().row()
        self._model.removeRows(0, self._model.rowCount())
        for source in self._sources.all:
            self._model.appendRow(_row(source))
        if self._model.rowCount():
            self.table.setCurrentIndex(self._model.index(max(0, min(current, self._model.rowCount() - 1)), 0))
        self._fit()
        self._show_current()
        self.changed.emit()

    def _fit(self) -> None:
        """Give the table the height of its rows, so that what is below stands near; less where there are many."""
        height = self.table.height_of_rows()
        self.table.setMinimumHeight(min(height, theme_hub().px(34 * 6)))
        self.table.setMaximumHeight(height)

    def _show_details(self) -> None:
        sources, row = self._sources.all, self.table.currentIndex().row()
        self.details.show_source(sources[row] if 0 <= row < len(sources) else None)

    def _show_current(self) -> None:
        self._show_faults()
        self._show_details()

    def _show_one(self, path: object) -> None:
        """Put what was found into its row alone, so that an open choice elsewhere stays open."""
        for number, source in enumerate(self._sources.all):
            if source.path == path:
                for column, item in enumerate(_row(source)):
                    self._model.setItem(number, column, item)
        self._show_current()
        self.changed.emit()

    def _show_faults(self) -> None:
        """Say what is wrong: of the current source if it cannot be read, else of the first such one."""
        sources, row = self._sources.all, self.table.currentIndex().row()
        current = sources[row : row + 1] if row >= 0 else ()
        problems = sum(each.problems for each in sources)
        in_turn = [*current, *sources]
        wrong = next((each for each in in_turn if each.wants_encoding), None)
        refused = next((each for each in in_turn if each.is_refused), None)
        told = [] if (shown := wrong or refused) is None else [_why(shown)]
        others = sum(each.is_refused for each in sources) - (shown is not None and shown.is_refused)
        if others:
            verb = "cannot be read either and stays" if others == 1 else "cannot be read either and stay"
            told.append(f"{counted(others, 'other source')} {verb} out.")
        if problems:
            verb = "has a problem" if problems == 1 else "have problems"
            told.append(f"{counted(problems, 'record')} {verb}; the report after the import names each.")
        self.strip.setVisible(bool(told))
        self.strip.set_message(" ".join(told))
        self._offer_encodings(wrong)
        self._offer_patterns([each for each in in_turn if each.is_refused] if wrong is None else [])

    def _offer_encodings(self, wrong: Source | None) -> None:
        found = beginnings(wrong.path)[:2] if wrong is not None else []
        offered = (wrong and wrong.path, tuple(found))
        self._preview.setVisible(bool(found))
        self._words.setVisible(bool(found))
        if offered == self._offered:
            return
        self._offered = offered
        self.strip.remove_buttons()
        if wrong is None:
            return
        for name, _ in found:
            button = self.strip.add_button(f"Read as {encoding_title(name)}")
            button.clicked.connect(
                lambda _checked=False, encoding=name: self._sources.read_as(
                    wrong.path, format_name=wrong.format, encoding=encoding
                )
            )
        leave = self.strip.add_button("Leave it out")
        leave.clicked.connect(lambda: self._sources.remove(wrong.path))
        if found:
            self._preview.setText(f"As {encoding_title(found[0][0])} it would begin:")
            self._words.setText(found[0][1])

    def _offer_patterns(self, refused: Sequence[Source]) -> None:
        """Offer to take the first file of patterns among what cannot be imported as what it is."""
        taken = (each.path for each in refused if self._takes_patterns and is_pattern_file(each.path))
        found = next(taken, None)
        if found == self._pattern_file:
            return
        if self._offered == _NOTHING:  # else the buttons are about something else by now
            self.strip.remove_buttons()
        self._pattern_file = found
        if found is not None:
            button = self.strip.add_button("Add as patterns")
            button.clicked.connect(lambda: self.patterns_wanted.emit(found))

    def _on_chosen(self, index: QPersistentModelIndex, value: object) -> None:
        sources = self._sources.all
        if index.isValid() and 0 <= index.row() < len(sources) and isinstance(value, tuple):
            format_name, encoding = value
            self._sources.read_as(sources[index.row()].path, format_name=format_name, encoding=encoding)

    def _remove(self, row: int) -> None:
        sources = self._sources.all
        if 0 <= row < len(sources):
            self._sources.remove(sources[row].path)


def _why(source: Source) -> str:
    """Say why a source, or something in it, cannot be read; it is called by its name, as in the table."""
    look = source.look
    assert look is not None, "somebody looked"
    if source.wants_encoding:
        message = next(each.message for each in look.problems if each.refused)
    else:
        message = look.refusal or f"{source.path.name} holds no document."
    return message.replace(str(source.path), source.path.name)


def _row(source: Source) -> list[QStandardItem]:
    found = source.look
    icon = "folder:dim" if source.path.is_dir() else "file:dim"
    name = source.path.name + ("/" if source.path.is_dir() else "")
    tip = path_words(source.path)
    if found is None:
        first = cell(name, icon=icon, tip=tip)
        return [first, cell("looking …", token="faint"), *(cell("", right=True) for _ in range(3))]
    if source.is_refused:
        icon = "warning:bad"
        tip = found.refusal
    # Which reading was chosen is one value: format and encoding.
    reading = choice_cell(_readings(source), (source.format, source.encoding), name=f"Read {name} as")
    counts = [
        f"{found.documents:,}",
        *(f"{count:,}" if count else "–" for count in (found.spans, found.relations)),
    ]
    tokens = ["bad" if source.is_refused else "ink", "ink", "ink"]
    first = cell(name, icon=icon, tip=tip, value=source.path)
    first.setData(str(source.path), VALUE)
    return [
        first,
        reading,
        *(cell(count, right=True, token=token) for count, token in zip(counts, tokens, strict=True)),
    ]


def _readings(source: Source) -> list[Choice]:
    """List the ways in which a source can be read; the first finds the format by itself."""
    found = source.look
    titles = {each.name: each.title for each in readable_formats()}
    if source.format or source.encoding or found is None or not found.format:
        by_content = "By what is in it"
    else:
        by_content = found.title + (", one a file" if source.path.is_dir() and found.format == "text" else "")
    choices = [Choice(("", ""), by_content)]
    choices += [Choice((name, ""), title) for name, title in titles.items()]
    current = (source.format, source.encoding)
    if source.encoding:
        title = titles.get(source.format, found.title if found is not None and found.title else "By content")
        choices.append(Choice(current, f"{title}, {encoding_title(source.encoding)}"))
    return choices
