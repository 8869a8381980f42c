"""What the window says of itself: title, status row, strips, the hints under the article, what stands in its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from annotator.model.change import Step
from annotator.model.document import State
from annotator.model.errors import UserError
from annotator.ui.coming import Outlook
from annotator.ui.hints import hints_for
from annotator.ui.messages import NOT_SAVED
from annotator.ui.models.article_items import label_color, label_words
from annotator.ui.painted import OncePainted
from annotator.ui.panels.telling import can_turn
from annotator.ui.plain import window_words
from annotator.ui.strips import Answer, RelationStrip, make_strip
from annotator.ui.widgets import EmptyState
from annotator.workflows.session import UndoRefusedError

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow


class Telling(QObject):
    """Keeps everything that is said up to date."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._pipeline: str | None = None
        self._stays: int | None = None
        self._empty = EmptyState("import", "", parent=window.centre)
        window.centre.place.addWidget(self._empty)
        controller = window.controller
        controller.session_changed.connect(self._on_session_changed)
        controller.document_changed.connect(self._on_document_changed)
        controller.annotations_changed.connect(self._on_annotations_changed)
        controller.selection_changed.connect(self.show_hints)
        window.centre.coming.changed.connect(self._show_outlook)
        controller.mode_changed.connect(lambda _mode: self.show_relation())
        controller.only_changed.connect(self._show_nothing_left)
        window.undoing.asked.connect(self._ask_undo)
        window.undoing.refused.connect(self._ask_undo_with_later)
        window.relation.changed.connect(self.show_relation)
        window.relation.left.connect(self.show_relation)
        window.jump.changed.connect(self._show_jump)
        window.letters.changed.connect(self.show_hints)
        window.finishing.ready_changed.connect(self._show_ready)
        window.jobs.changed.connect(self._show_place)
        window.not_saved.changed.connect(self.show_facts)
        window.status.undo_wanted.connect(window.undoing.undo)

    # ------------------------------------------------------------------ everything

    def show_all(self) -> None:
        """Say everything anew."""
        self._on_session_changed()
        self._on_document_changed()

    def _on_session_changed(self) -> None:
        window, session = self._window, self._window.controller.session
        window.setWindowTitle("annotator" if session is None else f"{window_words(session.name)} – annotator")
        window.centre.strips.clear()
        self._pipeline = None
        self.show_facts()
        if session is not None:
            OncePainted(window, self._look_for_pipeline)
        self._show_place()
        self.show_hints()

    def _on_document_changed(self) -> None:
        self._stays = None
        for name in ("remove", "undo", "ready"):
            self._window.centre.strips.take_down(name)
        self._show_document()

    def _on_annotations_changed(self, changes: object) -> None:
        if changes is not None:
            self._window.centre.strips.take_down("undo")
        self._show_document()

    def _show_document(self) -> None:
        self._show_place()
        self._show_outlook()
        self.show_facts()

    def _show_outlook(self) -> None:
        self._show_nothing_left()
        self._show_no_candidates()
        self.show_hints()

    # ------------------------------------------------------------------ status row

    def show_facts(self) -> None:
        """Show how many documents are done, what makes candidates, that all is saved, who works."""
        window, session = self._window, self._window.controller.session
        if session is None:
            window.status.show_facts(done=0, total=0, pipeline="", saved="", annotator=window.annotator)
            return
        counts = session.counts()
        saved = "Read only" if session.read_only else "Everything is saved"
        saved = NOT_SAVED if window.not_saved.is_waiting else saved
        window.status.show_facts(
            done=counts.done,
            total=counts.all,
            pipeline=self._pipeline_words(),
            saved=saved,
            annotator=session.annotator,
        )

    def _pipeline_words(self) -> str:
        window, session = self._window, self._window.controller.session
        if session is None or session.read_only:
            return ""
        if self._pipeline is None:
            self._pipeline = session.suggest_settings().pipeline or None
        if self._pipeline is None:
            return ""
        if not self._pipeline:
            return "no pipeline"
        # One that was trained here is a folder: its name says enough.
        return f"{Path(self._pipeline).name} {'at work' if window.work.is_suggesting else 'ready'}"

    def _look_for_pipeline(self) -> None:
        # Where the project names none; that asks all that is installed.
        session = self._window.controller.session
        if session is not None and not session.read_only and self._pipeline is None:
            self._pipeline = _first_pipeline(session.language)
            self.show_facts()

    def forget_pipeline(self) -> None:
        """Look anew for what makes candidates."""
        self._pipeline = None
        self.show_facts()
        self._look_for_pipeline()

    # ------------------------------------------------------------------ hints and relation mode

    def show_hints(self) -> None:
        """Show the keys of the situation; in the middle of an act its end is waited for."""
        if self._window.controller.is_settling:
            return
        window = self._window
        controller, mode, selected = window.controller, window.relation, window.controller.selected
        if window.letters.is_on:
            situation = "letters"
        elif window.jump.is_on:
            situation = "jump"
        elif mode.is_on:
            situation = "chooser" if mode.choices else "relation_move" if mode.moving else "relation_mode"
        elif controller.document is None:
            situation = "empty"
        elif not controller.writable:
            situation = "read_only"
        elif selected.kind == "none" and not controller.things.undecided:
            outlook = window.centre.coming.outlook
            if outlook is Outlook.UNSAID:
                return
            situation = "done" if outlook is Outlook.SETTLED else outlook.name
        else:
            situation = "grows" if selected.grows else selected.kind
        has_readings = selected.readings is not None and len(selected.readings.candidates) > 1
        turns = can_turn(selected.thing, controller.annotations, controller.schema)
        window.centre.hint_bar.show_hints(hints_for(situation, has_readings=has_readings, can_turn=turns))

    def _show_jump(self) -> None:
        """Show letters over the words, or take them away."""
        self._window.centre.view.set_word_hints(self._window.jump.hints)
        self.show_hints()

    def show_relation(self) -> None:
        """Show rings and letters, the strip and the chooser of the relation mode, or take them away."""
        window = self._window
        mode, view, strips = window.relation, window.centre.view, window.centre.strips
        start = mode.start
        if start is None:
            view.clear_hints()
            strips.take_down("relation")
            window.chooser.hide()
        else:
            lettered = {item: letters for item, letters in mode.hints.items() if letters}
            view.set_hints(lettered or mode.hints, start.item)
            strip = strips.get("relation")
            if not isinstance(strip, RelationStrip):
                strip = RelationStrip()
                strips.show_strip("relation", strip)
                # The strip takes room: what is on screen is settled only after that.
                QTimer.singleShot(0, mode, mode.follow)
            self._fill(strip)
            self._place_chooser()
        window.panel_wiring.show_work()
        self.show_hints()

    def _fill(self, strip: RelationStrip) -> None:
        window = self._window
        controller, mode = window.controller, window.relation
        start = mode.start
        if start is None:
            return
        after = "Type the letters of its partner, or click it."
        if mode.words_offered:
            after = f"“{controller.words(mode.words_offered)}” is no span: a label's digit makes it one and joins them."
        elif mode.target is not None:
            after = f"to {controller.words(mode.target.value.fragments)}: which type?"
        elif mode.typed:
            after = f"{mode.typed} …"
        elif mode.only:
            after = f"{mode.only} only. Type the letters, or its digit again for all."
        on_screen, further = mode.on_screen_count, mode.further_count
        count = f"{on_screen} legal {'partner' if on_screen == 1 else 'partners'} on screen"
        count += f", {further} further on" if further else ""
        strip.show_start(
            before=f"Move the end of {mode.moving} from" if mode.moving else "Relation from",
            label=label_words(start.label, controller.schema),
            color=label_color(start.label, controller.schema),
            is_candidate=not start.item.startswith("s"),
            words=controller.words(start.value.fragments),
            after=after,
            count="" if mode.target is not None else count,
        )

    def _place_chooser(self) -> None:
        window = self._window
        mode, view = window.relation, window.centre.view
        if not mode.choices or mode.target is None:
            window.chooser.hide()
            return
        rect = view.rect_of(mode.target.item)
        rect.moveTopLeft(view.viewport().mapTo(window.centre, rect.topLeft()))
        window.chooser.show_at(rect, window.centre.rect().adjusted(8, 0, -8, -40))

    # ------------------------------------------------------------------ strips

    def _show_ready(self) -> None:
        window = self._window
        if not window.finishing.is_ready:
            window.centre.strips.take_down("ready")
            return
        left, unseen = len(window.controller.things.undecided), len(window.finishing.unseen())
        doubtful = len(window.finishing.doubtful())
        parts = [f"{left} left"]
        parts += [f"{unseen} not seen"] if unseen else []
        parts += [f"{doubtful} doubtful"] if doubtful else []
        strip = make_strip(
            f"{', '.join(parts)}. Decide them, or accept the rest and go on.",
            Answer(text="Accept the rest, next", run=window.finishing.finish, key="Ctrl+Enter"),
            Answer(text="Not yet", run=window.finishing.disarm, key="Esc"),
        )
        window.centre.strips.show_strip("ready", strip)

    def _show_nothing_left(self) -> None:
        window = self._window
        controller, strips = window.controller, window.centre.strips
        info = controller.info
        is_over = (
            info is not None
            and controller.writable
            and info.state in {State.IN_PROGRESS, State.TODO}
            and not controller.things.undecided
            and not controller.things.hidden_left
            and controller.annotations.decided > 0
            and self._stays != info.key
            and not window.centre.coming.may_come
        )
        if not is_over or info is None:
            strips.take_down("nothing_left")
            return
        words = f"Nothing left to decide here. {window.finishing.summary()}"
        shown = strips.get("nothing_left")
        if shown is not None and shown.accessibleName() == words:
            return
        key = info.key

        def stay() -> None:
            self._stays = key
            strips.take_down("nothing_left")
            window.focus_article()

        strip = make_strip(
            words,
            Answer(text="Done, next document", run=window.finishing.finish, key="Ctrl+Enter", kind="primary"),
            Answer(text="Stay", run=stay),
            tone="good",
        )
        strips.show_strip("nothing_left", strip)

    def _show_no_candidates(self) -> None:
        """Say so where the suggesters found nothing in an article nobody has worked on."""
        window = self._window
        controller, strips = window.controller, window.centre.strips
        session, info = controller.session, controller.info
        is_bare = (
            session is not None
            and info is not None
            and controller.writable
            and info.state is State.TODO
            and not controller.annotations.left
            and not controller.annotations.decided
            and self._stays != info.key
        )
        row = session.row(info.key) if is_bare and session is not None and info is not None else None
        if row is None or not row.suggested:
            strips.take_down("no_candidates")
            return
        why = row.skipped_by_suggester or "Nothing was found that fits this schema."
        if window.centre.coming.outlook is Outlook.NO_SUGGESTER:
            why = "No suggester is on."
        words = f"No candidates in this article. {why.rstrip('.')}. Select words and press a label key."
        strip = make_strip(
            words,
            Answer(text="Where they come from", run=window.places.show_mapping),
            Answer(text="Mark done", run=window.finishing.finish, key="Ctrl+Enter"),
            icon_name="wand",
        )
        strips.show_strip("no_candidates", strip)

    def _ask_undo(self, step: object) -> None:
        if isinstance(step, Step):
            self._ask(
                f"Undo “{step.name}”? It touches {step.documents:,} document{'' if step.documents == 1 else 's'}.",
                lambda: self._window.undoing.undo(asked=True),
            )

    def _ask_undo_with_later(self, error: object) -> None:
        if isinstance(error, UndoRefusedError):
            count = len(error.later)
            later = "1 later act goes" if count == 1 else f"{count:,} later acts go"
            self._ask(
                f"Undo “{error.step.name}”? {later} too.",
                lambda: self._window.undoing.undo(with_later=True, asked=True),
            )

    def _ask(self, words: str, undo: object) -> None:
        window = self._window
        strips = window.centre.strips

        def answer() -> None:
            strips.take_down("undo")
            if callable(undo):
                undo()
            window.focus_article()

        def keep() -> None:
            strips.take_down("undo")
            window.focus_article()

        strip = make_strip(
            words, Answer(text="Undo it", run=answer), Answer(text="Keep", run=keep), icon_name="undo"
        )
        strips.show_strip("undo", strip)

    def show_problem(self, error: UserError) -> None:
        """Say what could not be done: in a strip where a project is open, and in the status row."""
        window = self._window
        window.log.say(str(error), "refused")
        if window.controller.session is None:
            window.places.tell(error)
            return
        strips = window.centre.strips

        def close() -> None:
            strips.take_down("problem")
            window.focus_article()

        strips.show_strip("problem", make_strip(str(error), Answer(text="Close", run=close), tone="bad"))

    # ------------------------------------------------------------------ in place of the article

    def _show_place(self) -> None:
        """Show the article, or what there is to do where there is none."""
        window = self._window
        controller, place = window.controller, window.centre.place
        if controller.document is not None or controller.session is None:
            place.setCurrentWidget(window.centre.view)
            return
        if place.currentWidget() is self._empty and self._empty.buttons:
            return
        self._empty.remove_buttons()
        if controller.session.counts().all:
            self._empty.set_words("file", "No document is open", "Choose one from the list at the left.")
        else:
            self._empty.set_words(
                "import", "No documents yet", "Drop text files, a folder, JSONL, DocBin or other files here."
            )
            button = self._empty.add_button("Import …", kind="primary", key="Ctrl+I")
            button.clicked.connect(lambda _checked=False: window.places.ask_import())
            paste = self._empty.add_button("Paste a text", kind="quiet", key="Ctrl+V")
            paste.clicked.connect(window.work.paste)
        place.setCurrentWidget(self._empty)


def _first_pipeline(language: str) -> str:
    from annotator.workflows.suggesting import pipelines

    found = pipelines()
    return next((each.name for each in found if each.language == language), "")
