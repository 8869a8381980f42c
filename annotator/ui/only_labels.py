"""Showing the spans of some labels alone in the open document: what is asked for, and the strip that says so.

What is shown stands in the controller; it ends with the document, when something hidden is selected, and with Esc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.ui.models.article_items import label_words
from annotator.ui.strips import Answer, make_strip
from annotator.ui.widgets import Strip

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

_STRIP = "only"


class OnlyLabels(QObject):
    """Carries out `K` and `Shift+K` for a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        controller = window.controller
        controller.only_changed.connect(self._show_strip)
        controller.annotations_changed.connect(lambda _changes: self._show_strip())
        controller.schema_changed.connect(self._on_schema_changed)

    @property
    def label(self) -> str:
        """Give the label of the selected span; empty without one."""
        selected = self._window.controller.selected
        return selected.label if selected.kind in {"span", "candidate"} else ""

    @property
    def words(self) -> str:
        """Say what `toggle` would do."""
        return "Show all labels" if self._window.controller.only else f"Show only {self._shown(self.label)}"

    def words_for(self, label: str) -> str:
        """Say what `choose` would do."""
        only, shown = self._window.controller.only, self._shown(label)
        if only == {label}:
            return "Show all labels"
        if label in only:
            return f"Hide {shown}, too"
        return f"Show {shown}, too" if only else f"Show only {shown}"

    def toggle(self) -> None:
        """Show the label of the selected span alone, or all labels again."""
        controller = self._window.controller
        controller.show_only(() if controller.only else {self.label} - {""})

    def choose(self, label: str) -> None:
        """Show a label alone; where some are already, one more or one less."""
        controller = self._window.controller
        controller.show_only(controller.only ^ {label})
        self._window.focus_article()

    def find(self) -> None:
        """Offer the labels to find by typing."""
        self._window.acts.find_label(take=self.choose, relations=False)

    def _shown(self, label: str) -> str:
        return label_words(label, self._window.controller.schema)

    def _on_schema_changed(self) -> None:
        controller = self._window.controller
        if controller.only:
            controller.show_only(each for each in controller.only if controller.schema.entity(each))

    def _show_strip(self) -> None:
        window = self._window
        controller, strips = window.controller, window.centre.strips
        if not controller.only:
            strips.take_down(_STRIP)
            return
        shown = [
            self._shown(each.name) for each in controller.schema.entities if each.name in controller.only
        ]
        verb, hidden = "is" if len(shown) == 1 else "are", controller.things.hidden
        told = f"Only {_listed(shown)} {verb} shown. "
        told += f"{hidden:,} span{' of another label is' if hidden == 1 else 's of other labels are'} hidden."
        strip = strips.get(_STRIP)
        if isinstance(strip, Strip):
            strip.set_message(told)
            return
        strip = make_strip(
            told,
            Answer(text="One more label…", run=self.find, key="Shift+K"),
            Answer(text="Show all", run=self._show_all, key="Esc"),
            icon_name="filter",
        )
        strips.show_strip(_STRIP, strip)

    def _show_all(self) -> None:
        self._window.controller.show_only(())
        self._window.focus_article()


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
