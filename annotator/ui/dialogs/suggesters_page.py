"""The page of suggesters: what proposes candidates on the left, one of them in the middle, what it finds on the right.

Every change is asked for by a signal and shown when it came back; nothing here writes. What patterns find is looked for
in a job of its own, on a connection of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from annotator.editing.commands import (
    AddPatternLists,
    ChangePatternList,
    ChangePatterns,
    NewPatternList,
    RemovePatternLists,
)
from annotator.model.errors import UserError
from annotator.model.patterns import Pattern, PatternList, free_name
from annotator.model.schema import Schema
from annotator.model.wording import counted
from annotator.ui.actions import BY_ID
from annotator.ui.dialogs.built_in import BuiltIn
from annotator.ui.dialogs.page_frame import FramedPage
from annotator.ui.dialogs.pattern_editor import PatternEditor
from annotator.ui.dialogs.pattern_hits import HitsPanel
from annotator.ui.dialogs.pattern_trials import Trials
from annotator.ui.dialogs.sources import RunJob, dropped_paths
from annotator.ui.dialogs.suggester_lists import LIST, SuggesterLists, id_of
from annotator.ui.style import set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, EmptyState, Hairline
from annotator.workflows.patterns import ListedPatterns, Record, Trial, listed
from annotator.workflows.session import Session
from annotator.workflows.showing import least_shown
from annotator.workflows.suggester_list import built_in_suggesters, switched, unused_suggesters
from annotator.workflows.suggester_records import SuggesterRecord


class SuggestersPage(FramedPage):
    """Shows the suggesters of a project.

    Signals: `command_wanted(command)`; `settings_wanted(SuggestSettings)`; `files_wanted(paths)` to bring pattern files
    in, none to ask for them; `mapping_wanted()`; `again_wanted()` to make candidates; `place_wanted(document, start,
    end)`; `least_wanted(score)` from which on candidates are shown; `closed()` to go back to the article.
    """

    command_wanted = Signal(object)
    settings_wanted = Signal(object)
    files_wanted = Signal(object)
    mapping_wanted = Signal()
    again_wanted = Signal()
    place_wanted = Signal(int, int, int)
    least_wanted = Signal(float)

    def __init__(self, run: RunJob, parent: QWidget | None = None) -> None:
        super().__init__("Suggesters", parent)
        self.setAcceptDrops(True)
        self._document: int | None = None
        self._lists: list[ListedPatterns] = []
        self._known: set[int] | None = None
        self._current = ""
        self._tried: Pattern | None = None
        self._trials = Trials(run, self)
        self._build()
        self._trials.loaded.connect(self.editor.show_patterns)
        self._trials.tried.connect(self._on_tried)
        self._trials.checked.connect(self._on_checked)
        self._trials.faulty.connect(self.editor.set_fault)
        self._trials.counted.connect(self._on_counted)

    def _build(self) -> None:
        self.lists = SuggesterLists()
        self.lists.chosen.connect(self.choose)
        self.lists.switched.connect(self._switch)
        self.lists.remove_wanted.connect(self._remove)
        self.lists.pattern_lists.add_button.clicked.connect(self.new_list)
        self.lists.how_many.chosen.connect(self.least_wanted)
        self.editor = PatternEditor()
        self.editor.changed.connect(lambda each: self.command_wanted.emit(ChangePatternList(each)))
        self.editor.put.connect(self._put)
        self.editor.typed.connect(self._on_typed)
        self.editor.remove_wanted.connect(lambda: self._remove(self._current))
        self.built_in = BuiltIn()
        self.built_in.switched.connect(self._switch)
        self.built_in.mapping_wanted.connect(self.mapping_wanted)
        self.empty = EmptyState(
            "tag",
            "No pattern lists yet",
            "Words and token patterns that are proposed wherever they stand. Take a file: words in TXT or CSV, "
            "or the JSONL of spaCy and Prodigy. Or drop one here.",
        )
        add_button = self.empty.add_button("Add a file…", kind="primary", key="Ctrl+Shift+P")
        add_button.clicked.connect(lambda: self.files_wanted.emit([]))
        new_button = self.empty.add_button("New list", key="Ctrl+Shift+N")
        new_button.setToolTip(BY_ID["new_patterns"].tooltip)
        new_button.clicked.connect(self.new_list)
        self._hits_line = Hairline(orientation=Qt.Orientation.Vertical)
        self.hits = HitsPanel()
        set_surface(self.hits, "panel")
        self.hits.place_wanted.connect(self.place_wanted)
        below = QHBoxLayout()
        for widget in (self.editor, self.built_in, self.empty):
            below.addWidget(widget, 1)
        below.addWidget(self._hits_line)
        below.addWidget(self.hits)
        self._put_in(self.lists, self._build_buttons(), below)

    def _build_buttons(self) -> tuple[QWidget, ...]:
        self.add_button = Button("Add a file…", kind="quiet", key="Ctrl+Shift+P")
        self.again_button = Button("Make candidates again", kind="quiet", key="Shift+F5")
        self.again_button.setToolTip(BY_ID["suggest_all"].tooltip)
        self.add_button.clicked.connect(lambda: self.files_wanted.emit([]))
        self.again_button.clicked.connect(self.again_wanted)
        return self.add_button, self.again_button

    # ------------------------------------------------------------------ showing

    def set_session(self, session: Session | None, document: int | None = None) -> None:
        """Show the suggesters of another project, or of none, beside the document that is open."""
        if session is not self._session:
            self._current, self._lists, self._known = "", [], None
            self._trials.forget()
            if session is not None and (unused := unused_suggesters()):
                self._tell(" ".join(unused), tone="warn")
        self._session, self._document = session, document
        self.refresh()

    def take_focus(self) -> None:
        """Give the focus to the lists, or to what adds the first one."""
        if self.empty.isVisible() and self._writable:
            self.empty.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.lists.take_focus()

    def choose(self, identity: str) -> None:
        """Show one of the suggesters, by the id of its row."""
        if identity != self._current:
            self._current = identity
            self._show_current()

    @property
    def current_list(self) -> PatternList | None:
        """Give the pattern list that is shown."""
        found = (each.list for each in self._lists if id_of(each) == self._current)
        return next(found, None)

    def _read(self) -> None:
        session = self._session
        self._is_stale = False
        self._lists = [] if session is None else listed(session)
        keys = {each.list.key for each in self._lists}
        new = sorted(keys - self._known) if self._known is not None else []
        self._known = keys
        if new:
            self._current = f"{LIST}{new[0]}"
        if session is not None:
            self.lists.how_many.show_least(least_shown(session))
        self._show_rows()
        patterns = sum(each.patterns for each in self._lists)
        lists = counted(len(self._lists), "pattern list")
        self._about.setText(f"{lists}, {counted(patterns, 'pattern')}" if self._lists else "")
        if self._current not in self.lists.ids:
            self._current = id_of(self._lists[0]) if self._lists else ""
        self._show_writable()
        self._show_current()

    def _show_rows(self) -> None:
        if self._session is not None:
            self.lists.show_suggesters(self._session, self._lists, self._trials.records, self._trials.counts)
            self.lists.choose(self._current)

    def _on_counted(self) -> None:
        self._show_rows()
        if self.current_list is None:
            self._show_built_in()

    def _show_current(self) -> None:
        session, each = self._session, self.current_list
        self.lists.choose(self._current)
        is_empty = each is None and not self._current
        self.editor.setVisible(each is not None)
        self.built_in.setVisible(each is None and not is_empty)
        self.empty.setVisible(is_empty)
        self.hits.setVisible(each is not None)
        self._hits_line.setVisible(each is not None)
        if session is None:
            return
        if each is None:
            self._trials.stop()
            self._show_built_in()
            return
        self.editor.show_list(each, session.schema)
        self._try_list()

    def _show_built_in(self) -> None:
        session = self._session
        found = [] if session is None else built_in_suggesters(session)
        each = next((one for one in found if one.kind == self._current), None)
        if each is None:
            return
        record = self._trials.counts.get(each.kind, SuggesterRecord())
        self.built_in.show_suggester(each, record, writable=self._writable)

    def _show_writable(self) -> None:
        writable = self._writable
        self.editor.set_writable(writable)
        self.lists.set_writable(writable)
        for button in (self.add_button, self.again_button, *self.empty.buttons):
            button.setEnabled(writable)
        if self._session is not None and not writable:
            self._tell("Read only: suggesters can be looked at here, not changed.", tone="warn")

    # ------------------------------------------------------------------ what patterns find

    def _on_typed(self, pattern: Pattern | None) -> None:
        session, each = self._session, self.current_list
        if session is None or each is None:
            return
        self._tried = pattern
        if pattern is None:
            self._try_list()
        else:
            self.hits.show_trying(_short(pattern))
            self._trials.try_typed(session, pattern, each, self._document)

    def _try_list(self) -> None:
        session, self._tried = self._session, None
        each = next((one for one in self._lists if id_of(one) == self._current), None)
        if session is None or each is None:
            return
        if each.patterns:
            self._trials.show_list(session, each, self._document)
        else:
            self._trials.stop()
            self.editor.show_patterns(())
            self.hits.show_nothing(
                "No patterns yet. Write one in the field: what it finds is shown here, Enter adds it."
            )

    def _on_tried(self, trial: Trial, record: Record, is_typed: bool) -> None:  # noqa: FBT001 - a slot
        each = self.current_list
        if each is None:
            return
        if is_typed and self._tried is not None:
            self.hits.show_trial(_short(self._tried), trial, record)
            return
        self.editor.show_trial(trial, record)
        self.hits.show_trial(each.name, trial, record)
        self._show_rows()

    # ------------------------------------------------------------------ acting

    def new_list(self) -> None:
        """Add an empty list of the first label, to be named and filled."""
        session = self._session
        if session is None or not self._writable:
            return
        schema: Schema = session.schema
        if not schema.entities:
            self.say(UserError("This project has no labels yet.", "Add one with Ctrl L."))
            return
        name = free_name("New list", [each.list.name for each in self._lists])
        self.command_wanted.emit(AddPatternLists((NewPatternList(name=name, label=schema.entities[0].name),)))
        if self.current_list is not None:
            self.editor.name_field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.editor.name_field.selectAll()

    def _switch(self, identity: str, is_on: bool) -> None:  # noqa: FBT001 - a slot
        session = self._session
        if session is None:
            return
        each = next((one.list for one in self._lists if id_of(one) == identity), None)
        if each is not None:
            self.command_wanted.emit(ChangePatternList(replace(each, enabled=is_on)))
        else:
            self.settings_wanted.emit(switched(session.suggest_settings(), identity, is_on=is_on))
            self.refresh()

    def _remove(self, identity: str) -> None:
        if identity.startswith(LIST) and self._writable:
            self.command_wanted.emit(RemovePatternLists((int(identity.removeprefix(LIST)),)))

    def _put(self, removed: Sequence[Pattern], added: Sequence[Pattern]) -> None:
        session, each = self._session, self.current_list
        if session is not None and each is not None:
            command = ChangePatterns(list=each.key, removed=tuple(removed), added=tuple(added))
            self._trials.check(session, command)

    def _on_checked(self, command: ChangePatterns) -> None:
        was_changing = self.editor.changing is not None
        self.command_wanted.emit(command)
        if command.added:
            self.editor.stop_changing()
            if was_changing:
                self.editor.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------ as Qt asks

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self._writable:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths: list[Path] = dropped_paths(event)
        if paths and self._writable:
            event.acceptProposedAction()
            self.files_wanted.emit(paths)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.editor.isVisible() and self.editor.leave_field():
            return
        elif self._tried is not None:  # one pattern alone is looked at
            self._try_list()
            self.lists.take_focus()
        else:
            self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._session is not None:
            self._trials.count(self._session)

    def _arrange(self) -> None:
        super()._arrange()
        hub = theme_hub()
        for side in (self.hits, self.built_in.record):
            side.setFixedWidth(min(hub.px(240 if self._is_narrow else 320), round(self.width() * 0.32)))
        self.again_button.setVisible(self.width() >= hub.px(960))


def _short(pattern: Pattern) -> str:
    return pattern.text if len(pattern.text) <= 60 else pattern.text[:59] + "…"
