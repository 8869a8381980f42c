"""The window: its parts, who tells whom, and what is kept between sittings. What acts do stands elsewhere.

controller   what is open and selected          deciding, finishing, relation   what keys do
projects     opening and closing                work                            long work in jobs
acts         the window's own acts              centre, page                    what is seen
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from annotator.model.errors import NotSavedError, UserError
from annotator.ui import icons
from annotator.ui.above_places import AbovePlaces
from annotator.ui.action import Action
from annotator.ui.action_states import ActionStates
from annotator.ui.acts import Acts
from annotator.ui.alike_places import AlikePlaces
from annotator.ui.announcing import Announcer
from annotator.ui.article_keys import ArticleKeys
from annotator.ui.article_menu import ArticleMenu
from annotator.ui.centre import Centre
from annotator.ui.controller import Controller
from annotator.ui.deciding import Deciding
from annotator.ui.doorbell import Doorbell
from annotator.ui.dropping import Dropping
from annotator.ui.facts import hindrance
from annotator.ui.fine_tuning import FineTuning
from annotator.ui.finishing import Finishing
from annotator.ui.handlers import run
from annotator.ui.jobs import Jobs
from annotator.ui.keeping import Keeping
from annotator.ui.label_letters import LabelLetters
from annotator.ui.learning import Learning
from annotator.ui.look import Look
from annotator.ui.menus import Menus
from annotator.ui.messages import MessageLog, StatusRow
from annotator.ui.not_saved import NotSaved
from annotator.ui.only_labels import OnlyLabels
from annotator.ui.opening import Projects
from annotator.ui.other_places import OtherPlaces
from annotator.ui.palette import Palette
from annotator.ui.panel_wiring import PanelWiring
from annotator.ui.panels.documents import DocumentsPanel
from annotator.ui.panels.work import WorkPanel
from annotator.ui.places import Places
from annotator.ui.popups import LabelFinder, PartnerFinder, TypeChooser
from annotator.ui.project_page import ProjectPage
from annotator.ui.project_search import ProjectSearch
from annotator.ui.queueing import Queueing
from annotator.ui.read_only import ReadOnly
from annotator.ui.relating import Relating
from annotator.ui.relation_mode import RelationMode
from annotator.ui.same_places import SamePlaces
from annotator.ui.searching import Searching
from annotator.ui.settings import Settings
from annotator.ui.showing import Showing
from annotator.ui.stepping import Stepping
from annotator.ui.tab_order import beside
from annotator.ui.telling import Telling
from annotator.ui.theme import theme_hub
from annotator.ui.top_row import TopRow
from annotator.ui.undoing import Undoing
from annotator.ui.widgets import Hairline
from annotator.ui.word_jump import WordJump
from annotator.ui.words_to_list import WordsToList
from annotator.ui.work import LongWork

SMALLEST = (960, 600)
USUAL = (1440, 900)


class MainWindow(QMainWindow):
    """The window of one project."""

    controller: Controller
    undoing: Undoing
    deciding: Deciding
    stepping: Stepping
    centre: Centre
    relation: RelationMode
    finishing: Finishing
    projects: Projects
    keeping: Keeping
    read_only: ReadOnly
    doorbell: Doorbell
    work: LongWork
    acts: Acts
    places: Places
    telling: Telling
    panel_wiring: PanelWiring
    page: ProjectPage
    queueing: Queueing
    jump: WordJump
    letters: LabelLetters
    same_places: SamePlaces
    words_to_list: WordsToList
    alike_places: AlikePlaces
    above_places: AbovePlaces
    only_labels: OnlyLabels
    other_places: OtherPlaces
    project_search: ProjectSearch
    article_menu: ArticleMenu
    not_saved: NotSaved
    announcer: Announcer

    def __init__(self, *, annotator: str, settings: Settings | None = None) -> None:
        super().__init__()
        self.annotator = annotator
        self.settings = settings or Settings(self)
        self.look = Look(self.settings, self)
        self.looks = {"scores": False, "plain": False, "rejected": False}
        self.log = MessageLog(self)
        self.jobs = Jobs(self)
        self.controller = Controller(self)
        self.undoing = Undoing(self.controller)
        self.stepping = Stepping(self.controller)
        self.deciding = Deciding(self.controller, self.settings, self.stepping)
        self.centre = Centre(self.controller)
        self.relation = RelationMode(self.controller, on_screen=self.centre.on_screen)
        self.jump = WordJump(self.controller, on_screen=self.centre.view.visible_range)
        self.letters = LabelLetters(self)
        self.same_places = SamePlaces(self)
        self.words_to_list = WordsToList(self)
        self.alike_places = AlikePlaces(self)
        self.above_places = AbovePlaces(self)
        self.only_labels = OnlyLabels(self)
        self.other_places = OtherPlaces(self)
        self.finishing = Finishing(self.controller, seen=self.centre.view.seen_ids)
        self.projects = Projects(self)
        self.keeping = Keeping(self)
        self.read_only = ReadOnly(self)
        self.doorbell = Doorbell(self)
        self.work = LongWork(self)
        self.learning = Learning(self)
        self.fine_tuning = FineTuning(self)
        self.relating = Relating(self)
        self.showing: Showing = Showing(self)  # named, as handlers are read first
        self.acts = Acts(self)
        self.dropping = Dropping(self)
        self.states = ActionStates(self)
        self._build()
        self.not_saved = NotSaved(self)
        self.places = Places(self)
        self.telling = Telling(self)
        self.panel_wiring = PanelWiring(self)
        # After the panels' wiring: a document that is chosen is open before its words are marked.
        self.project_search = ProjectSearch(self)
        self.queueing = Queueing(self)
        self.article_menu = ArticleMenu(self)
        self.announcer = Announcer(self)
        self._connect()
        self._restore()
        self.telling.show_all()
        self.update_actions()

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        self.setWindowIcon(icons.application_icon())
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        body = QWidget(self)
        self.top = TopRow(body)
        self.page = ProjectPage(DocumentsPanel(body), self.centre, WorkPanel(body), self.settings, body)
        self.pages = QStackedWidget(body)
        self.pages.addWidget(self.page)
        self.status = StatusRow(self.log, self.jobs, body)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top, Hairline(body), self.pages, Hairline(body), self.status):
            column.addWidget(widget, 1 if widget is self.pages else 0)
        self.setCentralWidget(body)
        self.menus = Menus(self, self.top.menu_bar, self.run)
        self.top.add_buttons(self.menus.actions)
        self.chooser = TypeChooser(self.centre, self.relation)
        self.label_finder = LabelFinder(self.centre)
        self.partner_finder = PartnerFinder(self.centre)
        self.palette_box = Palette(self, Searching(self).entries)
        self.keys = ArticleKeys(
            self.centre.view,
            self.controller,
            self.relation,
            jump=self.jump,
            letters=self.letters,
            run=self.run,
            hindrance=self.hindrance,
        )

    def _connect(self) -> None:
        controller = self.controller
        controller.message.connect(self.log.say)
        for signal in (
            controller.session_changed,
            controller.document_changed,
            controller.selection_changed,
            controller.schema_changed,
            controller.only_changed,
            controller.spots.changed,
            self.centre.coming.changed,
        ):
            signal.connect(self.update_actions)
        controller.annotations_changed.connect(lambda _changes: self.update_actions())
        controller.mode_changed.connect(lambda _mode: self.update_actions())
        controller.spots.anchor = self.centre.view.anchor
        controller.spots.anchor_wanted.connect(self._on_anchor_wanted)
        controller.place_wanted.connect(self.centre.view.show_place)
        self.partner_finder.marked.connect(self._on_partner_marked)
        self.partner_finder.closed.connect(self.focus_article)
        self.relation.left.connect(self.partner_finder.leave)
        self.page.shown_changed.connect(self.update_actions)
        self.not_saved.changed.connect(self.update_actions)
        self.centre.find_bar.found.connect(lambda *_: self.update_actions())
        self.centre.view.legal_ends = self.relation.legal_ends
        self.other_places.changed.connect(self._on_other_places_changed)
        self.centre.extent_dragged.connect(self._on_extent_dragged)
        self.centre.end_dragged.connect(self._on_end_dragged)
        self.centre.partner_clicked.connect(self.relation.pick)
        self.centre.words_clicked.connect(self.relation.offer_words)
        self.centre.view.scrolled.connect(self.relation.follow)
        self.centre.view.scrolled.connect(self.jump.follow)
        self.centre.hint_bar.keys_wanted.connect(self.places.show_keys)
        self.top.palette_wanted.connect(self.acts.palette)
        self.label_finder.taken.connect(self._on_label_found)
        self.label_finder.closed.connect(self.focus_article)
        self.palette_box.closed.connect(self.focus_article)
        self.settings.changed.connect(self._on_setting_changed)
        theme_hub().changed.connect(self._on_scale_changed)
        self.jobs.crashed.connect(self.places.show_crash)
        self.doorbell.rung.connect(self.come_to_front)

    def _restore(self) -> None:
        geometry = self.settings.geometry("window")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            room = self.screen().availableSize()
            # The frame that the desktop draws needs room, too.
            self.resize(min(USUAL[0], room.width() - 8), min(USUAL[1], room.height() - 40))
        self.look.dress(self.centre.view)
        self._on_scale_changed()

    # ------------------------------------------------------------------ actions

    def run(self, name: str, stroke: str = "") -> None:
        """Carry out an action by id; what goes wrong is told, and the next key works again."""
        try:
            run(self, name, stroke)
        except UserError as error:
            self.show_problem(error, lambda: self.run(name, stroke))
        except Exception:  # noqa: BLE001 - a fault must not run through Qt's own code, which may end the program
            sys.excepthook(*sys.exc_info())

    def hindrance(self, action: Action) -> str:
        """Say why an action is not possible now; empty if it is."""
        return hindrance(action, self.states.facts())

    def update_actions(self) -> None:
        """Enable, disable and tick all actions; in the middle of an act its end is waited for."""
        if not self.controller.is_settling:
            self.menus.update(hindrances=self.states.hindrances(), checked=self.states.checked())

    # ------------------------------------------------------------------ pages and places

    def open_project(self, path: Path) -> bool:
        """Open a project; tell whether it is open now."""
        return self.projects.open_path(path)

    def show_project(self) -> None:
        """Show the open project."""
        self.places.show_project()

    def show_welcome(self) -> None:
        """Show the welcome page."""
        self.places.show_welcome()

    def focus_article(self) -> None:
        """Put the focus on the article, so that its keys mean something."""
        if self.pages.currentWidget() is self.page:
            self.centre.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, error: UserError, again: Callable[[], object] | None = None) -> None:
        """Say what could not be done, and keep it until it is read; what was not saved can be done `again`."""
        if isinstance(error, NotSavedError) and again is not None:
            self.not_saved.hold(error, again)
        else:
            self.telling.show_problem(error)

    def set_annotator(self, name: str) -> None:
        """Let decisions from now on carry another name."""
        self.annotator = name
        self.settings.annotator = name
        session = self.controller.session
        if session is not None:
            session.call_annotator(name)
        self.telling.show_facts()

    def keep_place(self) -> None:
        """Keep in the project which document is open."""
        session, document = self.controller.session, self.controller.document
        if session is not None and not session.read_only and document is not None:
            with contextlib.suppress(UserError):  # a disk that refuses: the place is not worth a word
                session.set_setting("view", {"document": document})

    def come_to_front(self) -> None:
        """Be seen before all other windows, as far as the desktop lets a window do that by itself."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def _on_other_places_changed(self) -> None:
        self.centre.show_otherwise(self.other_places.known.words)
        self.panel_wiring.show_work()
        self.update_actions()

    # ------------------------------------------------------------------ what the mouse did

    def _on_extent_dragged(self, fragments: object) -> None:
        if isinstance(fragments, tuple) and self.controller.writable:
            self.deciding.set_extent(fragments)

    def _on_partner_marked(self, item: str) -> None:
        thing = self.controller.things.get(item)
        if thing is not None:
            self.centre.view.ensure_visible(self.controller.things.fragments(thing)[0].start)
            self.centre.view.flash(item)

    def _on_anchor_wanted(self, anchor: object) -> None:
        if isinstance(anchor, tuple):
            self.centre.view.put_anchor(*anchor)

    def _on_end_dragged(self, relation: str, end: str, span: str) -> None:
        self.deciding.drag_end(relation, is_head=end == "head", span=span)

    def _on_label_found(self, name: str) -> None:
        self.deciding.label(name)
        self.focus_article()

    # ------------------------------------------------------------------ look

    def _on_setting_changed(self, _name: str) -> None:
        self.look.apply()
        self.update_actions()

    def _on_scale_changed(self) -> None:
        self.status.setFixedHeight(theme_hub().px(28))

    # ------------------------------------------------------------------ events

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's signature
        """Let Tab go on in reading order; on other pages Qt's order is that."""
        focus = self.focusWidget()
        if self.pages.currentWidget() is not self.page or focus is None:
            return super().focusNextPrevChild(next)
        parts = (self.top, self.page.documents, self.centre, self.page.work, self.status)
        found = beside(parts, focus, forward=next)
        if found is None:
            return super().focusNextPrevChild(next)
        found.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take `Esc` from wherever nobody wanted it: one step out ends in the article."""
        if event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is self.page:
            if not self.page.close_drawer():
                self.focus_article()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.top.field.updateGeometry()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dropping.offer(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropping.take(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.keep_geometry("window", self.saveGeometry())
        closed = self.projects.let_go()
        self.settings.sync()
        if closed is not None and not closed.is_whole:
            # What belongs to the project is said before the window goes.
            event.ignore()
            self.show_welcome()
            self.places.say_closed(closed, then=self.close)
            return
        self.hide()
        self.keeping.finish()
        self.jobs.close()
        event.accept()
