"""The dialog that removes documents for good: it says what goes and which backups hold it, and asks twice.

Looking for it opens every backup, so that happens in a job. Removing is the window's to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from annotator.model.errors import UserError
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.parts import IconLine, while_alive
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.words import day_words, size_words
from annotator.ui.plain import plain_tip
from annotator.ui.widgets import CheckCard, FormField, Hairline, make_label
from annotator.workflows.backups import Backup
from annotator.workflows.removing import Removal, plan_removal, taken_out
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session


class RemoveForGoodDialog(DialogFrame):
    """`wanted(documents, backups)`: row keys and `Backup`s, both as tuples, once it was asked for twice.

    Args:
        documents: row keys; the dialog offers those that were removed before as well. run: starts a job.
    """

    wanted = Signal(object, object)

    def __init__(
        self, session: Session, documents: Sequence[int], run: RunJob, parent: QWidget | None = None
    ) -> None:
        super().__init__("Remove for good", parent, width=560, height=0)
        self._session, self._run = session, run
        self._documents = tuple(documents)
        self._before = tuple(key for key in taken_out(session) if key not in self._documents)
        self._removal: Removal | None = None
        self._looks = 0
        self.removed_card = CheckCard(
            f"Also {counted(len(self._before), 'document')} removed before",
            "out of the project already, but still in its file",
        )
        self.removed_card.setVisible(bool(self._before))
        self.removed_card.setChecked(not self._documents)
        self.removed_card.clicked.connect(lambda _checked=False: self._look())
        self.backup_cards: list[CheckCard] = []
        self._told = QWidget()
        self._told_column = QVBoxLayout(self._told)
        self._told_column.setContentsMargins(0, 0, 0, 0)
        self.count_field = QLineEdit()
        self._count = FormField("Documents that go", self.count_field)
        self._again = make_label("", "strong", wrap=True)
        self.count_field.textChanged.connect(lambda _text: self._show())
        self._arrange()
        if session.read_only:
            self.set_fault("This project is read only: nothing can be removed.")
        self._look()

    def _arrange(self) -> None:
        self.body.addWidget(self.removed_card)
        self.body.addWidget(self._told)
        self.body.addWidget(
            IconLine("warning", "warn", "Nothing brings this back: no undo, no history, no redo.")
        )
        self.body.addWidget(
            make_label("Exports, and copies that lie elsewhere, are yours to delete.", "dim", wrap=True)
        )
        self.body.addWidget(self._again)
        self.body.addWidget(self._count)
        self.body.addStretch(1)
        self._again.hide()
        self._count.hide()
        self.cancel_button = self.add_cancel()
        self.first_button = self.add_button("Remove for good…", kind="danger")
        self.second_button = self.add_button("Remove for good", kind="danger")
        self.second_button.hide()
        self.first_button.clicked.connect(self._ask_again)
        self.second_button.clicked.connect(self._go_on)

    @property
    def documents(self) -> tuple[int, ...]:
        """Give the row keys of what would go."""
        return self._documents + (self._before if self.removed_card.isChecked() else ())

    @property
    def backups(self) -> tuple[Backup, ...]:
        """Give the backups that are ticked."""
        if self._removal is None:
            return ()
        pairs = zip(self._removal.backups, self.backup_cards, strict=True)
        return tuple(backup for backup, card in pairs if card.isChecked())

    # ------------------------------------------------------------------ what goes

    def _look(self) -> None:
        """Find out what goes; an answer that another question overtook is dropped."""
        self._removal = None
        self._looks += 1
        self._fill([make_label("Looking what goes, and which backups hold it …", "dim")])
        self._show()
        if not self.documents:
            self._fill([make_label("Nothing is chosen.", "dim")])
            return
        job = self._run("Looking what goes", partial(_plan, self._session, self.documents, self._looks))
        job.finished.connect(while_alive(self, self._on_looked))
        job.failed.connect(while_alive(self, self._on_failed))

    def _on_failed(self, error: object) -> None:
        if isinstance(error, UserError):
            self.set_fault(error)

    def _on_looked(self, found: tuple[int, Removal]) -> None:
        looks, removal = found
        if looks != self._looks:
            return
        self._removal = removal
        self._fill([*self._what_goes(removal), *self._backups_of(removal)])
        if removal.free < removal.needed:
            self.set_fault(
                f"The file is written anew for this and needs {size_words(removal.needed)} free on the disk; "
                f"{size_words(removal.free)} are. Free some room first."
            )
        self._show()
        self._fit_soon()

    def _fit_soon(self) -> None:
        """Take the size that is needed once what is new has been laid out."""
        QTimer.singleShot(0, self, self.fit)

    def _fill(self, widgets: Sequence[QWidget]) -> None:
        while (item := self._told_column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for each in widgets:
            self._told_column.addWidget(each)

    def _what_goes(self, removal: Removal) -> list[QWidget]:
        going = removal.going
        self.set_title("Remove for good", subtitle=_titles(removal))
        lines = [
            (going.documents, "document", "with text, title and notes"),
            (going.spans, "span", ""),
            (going.relations, "relation", ""),
            (going.rejections, "rejection", ""),
            (going.candidates, "candidate", ""),
            (going.entries, "step", "of the history"),
        ]
        if going.shortened:
            lines.append((going.shortened, "step", "of the history lose their part of it"))
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (count, noun, more) in enumerate(lines):
            number = make_label(f"{count:,}", "strong")
            words = f"{counted(count, noun).split(' ', 1)[1]} {more}".strip()
            grid.addWidget(number, row, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(make_label(words), row, 1)
        return [make_label("What goes", "head"), box]

    def _backups_of(self, removal: Removal) -> list[QWidget]:
        self.backup_cards = []
        them = "it" if len(removal.documents) == 1 else "them"
        if not removal.backups:
            return [make_label(f"No backup holds {them}.", "dim")]
        widgets: list[QWidget] = [
            Hairline(),
            make_label(f"Backups that still hold {them}", "head"),
            make_label(
                "Ticked ones are deleted as a whole, with all else that is in them.", "dim", wrap=True
            ),
        ]
        for backup in removal.backups:
            why = f", {backup.reason}" if backup.reason else ""
            card = CheckCard(f"{day_words(backup.at)}{why}", f"{size_words(backup.size)}, {backup.path.name}")
            card.setToolTip(plain_tip(str(backup.path)))
            card.clicked.connect(lambda _checked=False: self._show())
            self.backup_cards.append(card)
            widgets.append(card)
        return widgets

    # ------------------------------------------------------------------ asking twice

    def _show(self) -> None:
        removal = self._removal
        can = removal is not None and not self._session.read_only and removal.free >= removal.needed
        self.first_button.setEnabled(can)
        number = 0 if removal is None else len(removal.documents)
        is_typed = self.count_field.text().strip().replace(",", "") == str(number)
        self.second_button.setEnabled(can and is_typed)
        left = len(self.backup_cards) - len(self.backups) if removal is not None else 0
        still = f"{counted(left, 'backup')} will still hold {'it' if number == 1 else 'them'}"
        self.set_note(still if left else "", token="warn")

    def _ask_again(self) -> None:
        if self._removal is None:
            return
        number = len(self._removal.documents)
        them = "it" if number == 1 else "them"
        self._again.setText(f"Sure? Type {number:,}, the number of documents, to remove {them} for good.")
        self._again.show()
        self._count.show()
        self.first_button.hide()
        self.second_button.show()
        self.second_button.setDefault(True)
        self.removed_card.setEnabled(False)
        self._fit_soon()
        QTimer.singleShot(0, self, lambda: self.scroll_to(self._count))
        self.count_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()

    def _go_on(self) -> None:
        documents, backups = self.documents, self.backups
        self.accept()
        self.wanted.emit(documents, backups)


def _titles(removal: Removal) -> str:
    more = len(removal.documents) - len(removal.titles)
    return ", ".join(f"“{title}”" for title in removal.titles) + (f" and {more:,} more" if more > 0 else "")


def _plan(session: Session, documents: tuple[int, ...], looks: int, report: Report) -> tuple[int, Removal]:
    """Find out what goes; runs in a thread of its own."""
    with closing(session.clone()) as own:
        report(0, 0, "Looking what goes")
        return looks, plan_removal(own, documents)
