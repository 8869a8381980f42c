"""Finding words in all documents: the filter of the documents lists where they stand, the find bar marks them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.model.wording import counted

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow


class ProjectSearch(QObject):
    """Goes on from `begin` until the filter is used otherwise: each document chosen meanwhile has its hits marked."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.is_on = False
        window.controller.session_changed.connect(self.end)
        window.page.documents.document_chosen.connect(self._on_document_chosen)

    def begin(self) -> None:
        """Go to the filter, with the selected words in it if there are some."""
        window = self._window
        controller, selected = window.controller, window.controller.selected
        window.show_project()
        window.page.show_panel("documents", shown=True)
        panel = window.page.documents
        words = controller.words(selected.fragments) if selected.kind == "text" else ""
        if words:
            panel.set_filter_text(" ".join(words.split()))
        panel.focus_filter()
        self.is_on = True
        told = "Type words: the list keeps the documents that hold them. Enter opens the first, ↓ goes to the list."
        controller.message.emit(told, "note", False)

    def end(self) -> None:
        """Mark nothing in documents that are chosen from now on."""
        self.is_on = False

    def _on_document_chosen(self, _key: int) -> None:
        window = self._window
        words = window.page.documents.current_filter().text.strip()
        if not self.is_on or not words:
            return
        bar = window.centre.find_bar
        bar.open(window.controller.text, words=words, begin=0, apart=True)
        count = len(bar.hits)
        told = f"{counted(count, 'place')} here. F3 goes on, Esc takes the marks away."
        window.controller.message.emit(
            told if count else "The words stand in the title alone.", "note", False
        )
        # The words are found: the keys of the article go on, F3 goes to the next place.
        window.focus_article()
        window.update_actions()
