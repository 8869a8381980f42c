"""What a target cannot hold: a line for each kind with its count, which opens to examples one can go to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.record import Example, Loss
from annotator.model.wording import counted
from annotator.ui.dialogs.parts import IconLine, clear_layout
from annotator.ui.dialogs.tables import PlainTable, cell
from annotator.ui.widgets import Button, make_label
from annotator.workflows.losses import is_aside


class LossLines(QWidget):
    """The lines; `example_wanted(Loss, int)` asks to go to one example of a loss."""

    example_wanted = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[LossLine, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_losses(self, losses: Sequence[Loss], *, opened: Collection[str] = ()) -> None:
        """Show other losses; `opened` names the kinds whose examples are shown from the beginning."""
        if tuple(line.loss for line in self.lines) == tuple(losses):
            return  # what is opened and chosen stays
        clear_layout(self._column)
        self.lines = tuple(LossLine(loss, self) for loss in losses)
        for line in self.lines:
            line.example_wanted.connect(self.example_wanted)
            line.set_open(line.loss.kind in opened)
            self._column.addWidget(line)
        self.setVisible(bool(losses))

    @property
    def opened(self) -> frozenset[str]:
        """Give the kinds whose examples are shown."""
        return frozenset(line.loss.kind for line in self.lines if line.is_open)


class LossLine(QWidget):
    """One kind of loss."""

    example_wanted = Signal(object, int)

    def __init__(self, loss: Loss, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss = loss
        set_aside = is_aside(loss)
        self._line = IconLine(
            "info" if set_aside else "warning", "dim" if set_aside else "warn", loss.message
        )
        self.button = Button("", kind="link")
        self.button.clicked.connect(lambda: self.set_open(not self.is_open))
        self.button.setVisible(bool(loss.examples))
        self.table: ExampleTable | None = None
        self._more = make_label(_more_words(loss), "hint")
        self._more.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._line, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(row)
        self._column.addWidget(self._more)
        self.set_open(False)

    @property
    def is_open(self) -> bool:
        """Tell whether its examples are shown."""
        return self.table is not None and not self.table.isHidden()

    def set_open(self, is_open: bool) -> None:  # noqa: FBT001 - a setter of one flag, as Qt's own
        """Show its examples, or put them away."""
        if is_open and self.table is None and self.loss.examples:
            self.table = ExampleTable(self.loss.examples, self)
            self.table.example_chosen.connect(lambda at: self.example_wanted.emit(self.loss, at))
            self._column.insertWidget(1, self.table)
        if self.table is not None:
            self.table.setVisible(is_open)
        self._more.setVisible(is_open and bool(self._more.text()))
        shown = counted(len(self.loss.examples), "example")
        self.button.setText("Hide" if is_open else f"Show {shown}")
        self.button.setAccessibleName(f"{'Hide' if is_open else 'Show'} {shown}: {self.loss.message}")


class ExampleTable(PlainTable):
    """Examples of a loss; a click or Enter chooses one: `example_chosen(int)`."""

    example_chosen = Signal(int)

    def __init__(self, examples: Sequence[Example], parent: QWidget | None = None) -> None:
        super().__init__("Examples", parent, row_height=30)
        model = QStandardItemModel(0, 2, self)
        for example in examples:
            model.appendRow(_row(example))
        self.show_model(model, widths=(0, 200))
        self.horizontalHeader().hide()
        self.setToolTip("A click, or Enter, goes there")
        self.clicked.connect(lambda index: self.example_chosen.emit(index.row()))
        self._on_look_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index: QModelIndex = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and index.isValid():
            self.example_chosen.emit(index.row())
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_look_changed(self) -> None:
        super()._on_look_changed()
        self.setFixedHeight(self.height_of_rows())


def _row(example: Example) -> list[QStandardItem]:
    told = str(example)
    if not example.places:
        return [cell(example.document, tip=told), cell("the document", token="dim")]
    words = cell(f"{example.label}  {example.words}", tip=told)
    return [words, cell(example.document, token="dim", tip=told)]


def _more_words(loss: Loss) -> str:
    listed = len(loss.examples)
    return f"The first {listed} of {loss.count:,}." if loss.count > listed else ""
