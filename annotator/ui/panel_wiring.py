"""Between the panels at the sides and the controller: what they show, and what a click in them wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from annotator.editing.commands import ExcludeDocuments, SetFlag, SetNote, SetState
from annotator.model.annotation import Kind
from annotator.model.change import ChangeSet
from annotator.model.document import State
from annotator.ui.panels.state import NO_DOCUMENT, SelectionState, WorkState, place_words
from annotator.ui.plain import plain_entry
from annotator.ui.widgets import key_words

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow


_NEXT_FRAME = 1
"""Milliseconds: what waits so long comes after what is to be drawn now."""
_KINDS = {"span": Kind.SPAN, "relation": Kind.RELATION}


class PanelWiring(QObject):
    """Keeps the panels up to date and carries out what they ask for."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        controller = window.controller
        controller.session_changed.connect(self._on_session_changed)
        controller.document_changed.connect(self._on_document_changed)
        controller.annotations_changed.connect(self._on_annotations_changed)
        controller.selection_changed.connect(self.show_work)
        controller.schema_changed.connect(self.show_work)
        window.centre.coming.changed.connect(self.show_work)
        self._connect_documents()
        self._connect_work()

    def _connect_documents(self) -> None:
        panel = self._window.page.documents
        panel.document_chosen.connect(self._on_document_chosen)
        panel.import_wanted.connect(self._on_import_wanted)
        panel.export_wanted.connect(self._on_export_wanted)
        panel.project_menu_wanted.connect(self._show_project_menu)
        panel.document_menu_wanted.connect(self._show_document_menu)
        panel.filter_changed.connect(self._on_filter_changed)

    def _connect_work(self) -> None:
        window, panel = self._window, self._window.page.work
        deciding = window.deciding
        panel.label_chosen.connect(lambda name: self._act(lambda: deciding.label(name)))
        panel.relation_type_chosen.connect(self._on_relation_type_chosen)
        panel.accept_wanted.connect(lambda: self._act(deciding.accept))
        panel.reject_wanted.connect(lambda: self._act(deciding.reject))
        panel.reading_chosen.connect(self._on_reading_chosen)
        panel.item_chosen.connect(lambda item: self._act(lambda: window.controller.spots.visit(item)))
        panel.turn_wanted.connect(lambda: self._act(deciding.reverse))
        panel.relation_wanted.connect(lambda: self._act(window.relation.begin))
        panel.reopen_wanted.connect(lambda: self._act(deciding.reopen))
        panel.otherwise_wanted.connect(lambda: self._act(window.other_places.go))
        panel.find_wanted.connect(window.acts.find_label)
        panel.new_label_wanted.connect(lambda: window.places.show_schema(new=True))
        panel.type_menu_wanted.connect(self._show_type_menu)
        panel.note_changed.connect(self._on_note_changed)
        panel.flag_changed.connect(self._on_flag_changed)
        panel.article_wanted.connect(window.focus_article)

    # ------------------------------------------------------------------ showing

    def _on_session_changed(self) -> None:
        window = self._window
        window.page.documents.set_session(window.controller.session)
        window.page.work.set_session(window.controller.session)
        self.show_work()

    def _on_document_changed(self) -> None:
        window = self._window
        window.page.documents.set_current(window.controller.document)
        self.show_work()

    def _on_annotations_changed(self, changes: object) -> None:
        if isinstance(changes, ChangeSet):
            self._window.page.documents.refresh(changes)
        self.show_work()

    def show_work(self) -> None:
        """Hand the right panel what it shows; in the middle of an act its end is waited for."""
        if self._window.controller.is_settling:
            return
        panel = self._window.page.work
        if panel.updatesEnabled():
            # The article answers first: the panel is filled now, and drawn in the next frame.
            panel.setUpdatesEnabled(False)
            QTimer.singleShot(_NEXT_FRAME, panel, lambda: panel.setUpdatesEnabled(True))
        panel.set_state(self.state())

    def state(self) -> WorkState:
        """Give what the right panel shows now."""
        window = self._window
        controller = window.controller
        if controller.session is None:
            return NO_DOCUMENT
        selected = controller.selected
        selection = SelectionState(
            kind=selected.kind,
            id=selected.id,
            thing=selected.thing,
            reading=selected.reading,
            fragments=selected.fragments,
            grows=bool(selected.grows),
            place=place_words(selected.fragments, window.centre.view.paragraph_of)
            if selected.fragments
            else "",
        )
        return WorkState(
            schema=controller.schema,
            document=controller.info,
            text=controller.text,
            tokens=controller.tokens,
            annotations=controller.annotations,
            selection=selection,
            paragraph_of=window.centre.view.paragraph_of,
            readings_chosen=dict(controller.readings_chosen),
            otherwise=window.other_places.words_of(selected.id),
            outlook=window.centre.coming.sentence,
            read_only=not controller.writable,
            relation_mode=window.relation.panel_state(),
        )

    # ------------------------------------------------------------------ asked for

    def _act(self, act: object) -> None:
        """Do what was clicked and give the focus back to the article, whose keys go on."""
        if callable(act):
            act()
        self._window.focus_article()
        self._window.update_actions()

    def _on_import_wanted(self) -> None:
        self._window.places.ask_import()

    def _on_export_wanted(self) -> None:
        self._window.places.show_export()

    def _on_reading_chosen(self, index: int) -> None:
        self._act(lambda: self._window.controller.choose_reading(index))

    def _on_document_chosen(self, key: int) -> None:
        window = self._window
        if key != window.controller.document:
            window.controller.open_document(key)
        window.page.close_drawer()
        window.focus_article()

    def _on_filter_changed(self, wanted: object) -> None:
        if wanted is not None:
            self._window.controller.order.filter = wanted  # type: ignore[assignment]

    def _on_relation_type_chosen(self, name: str) -> None:
        window = self._window
        mode = window.relation
        if not mode.is_on:
            self._act(lambda: window.deciding.label(name))
            return
        found = next((index for index, choice in enumerate(mode.choices) if choice.name == name), None)
        if found is not None:
            mode.move_choice(found - mode.current)
            mode.take()
        else:
            mode.only_type(name)
        window.focus_article()

    def _on_note_changed(self, kind: str, key: int, note: str) -> None:
        self._window.controller.do(SetNote(kind=_KINDS.get(kind), key=key, note=note))

    def _on_flag_changed(self, kind: str, key: int, flagged: bool) -> None:  # noqa: FBT001 - a slot
        self._window.controller.do(SetFlag(kind=_KINDS.get(kind), key=key, flagged=flagged))

    # ------------------------------------------------------------------ menus

    def _show_project_menu(self, place: QPoint) -> None:
        window = self._window
        menu = QMenu(window)
        for name in (
            "new_project",
            "open_project",
            "",
            "schema",
            "mapping",
            "suggest_all",
            "",
            "import",
            "import_folder",
            "export",
            "",
            "close_project",
        ):
            if name:
                menu.addAction(window.menus.actions[name])
            else:
                menu.addSeparator()
        menu.exec(place)
        menu.deleteLater()

    def _show_type_menu(self, kind: str, name: str, place: QPoint) -> None:
        window = self._window
        menu = QMenu(window)
        entries = [(f"What {name} means", lambda: window.page.work.show_guide(name))]
        if kind == "span":
            only = window.only_labels
            entries.append((only.words_for(name), lambda: only.choose(name)))
            entries.append((f"Only documents with {name} in the list", lambda: self._only_label(name)))
        entries.append(
            (f"Change {name}…", lambda: window.places.show_schema(kind=_KINDS[kind], name=name)),
        )
        for text, act in entries:
            menu.addAction(plain_entry(text)).triggered.connect(lambda _checked=False, act=act: act())
        menu.exec(place)
        menu.deleteLater()

    def _only_label(self, name: str) -> None:
        self._window.page.show_panel("documents", shown=True)
        self._window.page.documents.set_filter_text(f"label:{name}")

    def _show_document_menu(self, key: int, place: QPoint) -> None:
        window, session = self._window, self._window.controller.session
        if session is None:
            return
        info = session.document(key)
        is_closed = info.state in {State.DONE, State.SKIPPED}
        back = State.IN_PROGRESS if session.row(key).decided else State.TODO
        do = window.controller.do
        menu = QMenu(window)
        entries = (
            ("Open", lambda: self._on_document_chosen(key), True, ""),
            ("Make candidates again", lambda: window.work.suggest_again([key]), not session.read_only, ""),
            ("Back to work", lambda: do(SetState(documents=(key,), state=back)), is_closed, ""),
            (
                "Clear the flag" if info.flagged else "Flag",
                lambda: do(SetFlag(kind=None, key=key, flagged=not info.flagged)),
                True,
                "B",
            ),
            (
                "Take into exports again" if info.excluded else "Leave out of exports",
                lambda: do(ExcludeDocuments(documents=(key,), excluded=not info.excluded)),
                True,
                "",
            ),
            ("Remove from the project…", lambda: window.acts.ask_remove(key, info.title), True, ""),
            ("Remove for good…", lambda: window.places.ask_remove_for_good(key), True, ""),
        )
        for text, act, can, stroke in entries:
            action = QAction(f"{text}\t{key_words(stroke)}" if stroke else text, menu)
            action.setEnabled(can and (not session.read_only or text == "Open"))
            action.triggered.connect(lambda _checked=False, act=act: act())
            menu.addAction(action)
        menu.exec(place)
        menu.deleteLater()
