"""The Guide tab: what a label means, as the schema says it in Markdown.

The text came with a schema, maybe from elsewhere: no HTML in it is read, nothing is fetched, no link is followed.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.model.schema import EntityType, RelationType
from annotator.ui.panels.parts import wrapped_label
from annotator.ui.panels.state import WorkState
from annotator.ui.panels.telling import ends_words
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Chip, EmptyState, MarkdownText, make_label


class GuidePage(QWidget):
    """The guideline of a label or relation type: that of the selection, or another one chosen here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._types: dict[str, EntityType | RelationType] = {}
        self._followed = ""
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Label"))
        self.choice.setMinimumContentsLength(8)
        self.choice.currentTextChanged.connect(self._on_chosen)
        self._chip = Chip(size="large")
        self._ends = make_label("", "dim")
        self._summary = wrapped_label("strong")
        self.text = MarkdownText()
        self.text.setAccessibleName(self.tr("Guideline"))
        self._empty = EmptyState(
            "book",
            self.tr("No guideline yet"),
            self.tr("Write one under Tools, Labels and relations."),
            measure=220,
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(self.text)
        self._pages.addWidget(self._empty)
        self._row = QHBoxLayout()
        self._row.addWidget(self._chip)
        self._row.addWidget(self._ends)
        self._row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.choice)
        self._column.addLayout(self._row)
        self._column.addWidget(self._summary)
        self._column.addWidget(self._pages, 1)
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()

    def set_state(self, state: WorkState, label: str) -> None:
        """Offer the types of a schema and open at `label`, unless it is the one followed already."""
        kinds: list[EntityType | RelationType] = [*state.schema.entities, *state.schema.relations]
        kinds = [kind for kind in kinds if not kind.hidden]
        # Should a relation type be called like a label, the label is shown.
        types = {kind.name: kind for kind in reversed(kinds)}
        names = list(dict.fromkeys(kind.name for kind in kinds))
        if types != self._types:
            self._types = types
            current = self.choice.currentText()
            with QSignalBlocker(self.choice):
                self.choice.clear()
                self.choice.addItems(names)
                self.choice.setCurrentText(current if current in types else names[0] if names else "")
        if label and label != self._followed and label in types:
            self._followed = label
            with QSignalBlocker(self.choice):
                self.choice.setCurrentText(label)
        self._on_chosen()

    def _on_chosen(self) -> None:
        kind = self._types.get(self.choice.currentText())
        self._chip.setVisible(isinstance(kind, EntityType))
        self._ends.setVisible(isinstance(kind, RelationType))
        if isinstance(kind, EntityType):
            self._chip.set_label(kind.shown or kind.name, kind.color)
        if isinstance(kind, RelationType):
            self._ends.setText(ends_words(kind))
        summary = kind.summary if kind is not None else ""
        self._summary.setText(summary[:1].upper() + summary[1:])
        self._summary.setVisible(bool(summary))
        guideline = kind.guideline.strip() if kind is not None else ""
        self.text.set_markdown(guideline)
        self._pages.setCurrentWidget(self.text if guideline else self._empty)

    def _lay_out(self) -> None:
        px = theme_hub().px
        self._column.setContentsMargins(px(16), px(12), px(12), px(12))
        self._column.setSpacing(px(8))
