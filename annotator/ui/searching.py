"""What the palette finds in an open window: actions, labels, words of the article, documents, paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.model.document import State
from annotator.ui.actions import BY_ID
from annotator.ui.models.article_items import label_words
from annotator.ui.palette_entries import Entry, action_entries, best, match, narrowing
from annotator.ui.text_search import find_all
from annotator.workflows.session import DocumentFilter, DocumentRow

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

_DOCUMENTS = 40
_PLACES = 1_000
_ICONS = {
    State.TODO: "state_todo",
    State.IN_PROGRESS: "state_open",
    State.DONE: "state_done",
    State.SKIPPED: "state_skipped",
}


class Searching:
    """Searches a window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def entries(self, typed: str) -> list[Entry]:
        """Give what answers to what was typed, by section, best first."""
        sign, words = narrowing(typed)
        if sign == ":":
            return list(self._paragraphs(words))
        found: list[Entry] = []
        if sign in {"", ">"}:
            found += self._actions(words)
        if sign in {"", "@"} and (words or sign):
            found += self._labels(words)
        if not sign and words:
            found += self._words(words)
        if sign in {"", "#"} and (words or sign):
            found += self._documents(words)
        return best(found, narrowed=bool(sign))

    def _actions(self, words: str) -> Iterator[Entry]:
        window = self._window
        checked = window.states.checked()
        yield from action_entries(
            words,
            run=window.run,
            why_not=lambda name: window.hindrance(BY_ID[name]),
            checked=lambda name: checked.get(name, False),
            more=self._more(),
        )

    def _more(self) -> dict[str, str]:
        """Say of the acts on all that is alike what they would touch."""
        controller = self._window.controller
        label, words, count = self._window.deciding.alike_count()
        if not count:
            return {}
        told = f": “{words}” as {label}, {count} in this document"
        return {"accept_alike": told, "reject_alike": told} if controller.writable else {}

    def _labels(self, words: str) -> Iterator[Entry]:
        window = self._window
        selected = window.controller.selected
        is_relation = selected.kind in {"relation", "relation_candidate"}
        can = selected.kind not in {"none", "rejection"} and window.controller.writable
        for each in window.controller.schema.entities:
            found = match(each.name, words)
            if found is not None:
                yield Entry(
                    section="Labels and words",
                    text="",
                    chip=(label_words(each.name, window.controller.schema), each.color),
                    note=each.summary,
                    keys=each.shortcut,
                    rank=found[0],
                    why_not="" if can and not is_relation else "Select words or a span first.",
                    run=lambda name=each.name: window.deciding.label(name),  # type: ignore[misc]
                )
        for kind in window.controller.schema.relations:
            found = match(kind.name, words)
            if found is not None:
                yield Entry(
                    section="Labels and words",
                    text=kind.name,
                    matched=found[1],
                    icon="relation",
                    note=kind.summary,
                    keys=kind.shortcut,
                    rank=found[0],
                    why_not="" if can and is_relation else "Select a relation first.",
                    run=lambda name=kind.name: window.deciding.label(name),  # type: ignore[misc]
                )

    def _words(self, words: str) -> Iterator[Entry]:
        window = self._window
        count = len(find_all(window.controller.text, words, limit=_PLACES))
        if count:
            more = "+" if count == _PLACES else ""
            places = f"{count:,}{more} place{'' if count == 1 else 's'}"

            def find() -> None:
                window.acts.find()
                window.centre.find_bar.field.setText(words)

            yield Entry(
                section="Labels and words",
                text=f"Find “{words}” in this document",
                icon="search",
                note=places,
                keys="Ctrl F",
                run=find,
            )

    def _documents(self, words: str) -> Iterator[Entry]:
        window = self._window
        session = window.controller.session
        if session is None:
            return
        for row in session.documents(DocumentFilter(text=words), limit=_DOCUMENTS):
            found = match(row.title, words)
            yield Entry(
                section="Documents",
                text=row.title,
                matched=found[1] if found else None,
                icon=_ICONS[row.state],
                note=_left_words(row),
                rank=found[0] if found else 3,
                run=lambda key=row.key: self._open(key),  # type: ignore[misc]
            )

    def _open(self, key: int) -> None:
        self._window.show_project()
        self._window.controller.open_document(key)

    def _paragraphs(self, words: str) -> Iterator[Entry]:
        window = self._window
        controller, view = window.controller, window.centre.view
        if controller.document is None or not (words.isdecimal() or not words):
            return
        begin = 0
        for line in controller.text.splitlines(keepends=True):
            number = view.paragraph_of(begin)
            if line.strip() and str(number).startswith(words):
                yield Entry(
                    section="Labels and words",
                    text=f"¶{number}  {' '.join(line.split())[:90]}",
                    icon="file",
                    run=lambda offset=begin: self._go(offset),  # type: ignore[misc]
                )
            begin += len(line)

    def _go(self, offset: int) -> None:
        controller = self._window.controller
        controller.spots.leave()
        controller.text_reveal_wanted.emit(offset)
        controller.spots.remember()


def _left_words(row: DocumentRow) -> str:
    total = row.decided + row.undecided
    if row.state is State.DONE:
        return f"{row.spans} spans · {row.relations} relations"
    if row.state is State.SKIPPED:
        return "skipped"
    return f"{row.undecided} left of {total}" if row.decided else f"{row.undecided} candidates"
