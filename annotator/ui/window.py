"""The window: its parts, who tells whom, and what is kept between sittings. What acts do stands elsewhere.

controller   what is open and selected          deciding, finishing, relation   what keys do
projects     opening and closing                work                            long work in jobs
acts         the window's own acts              centre, page                    what is seen
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from annotator.model.errors import UserError
from annotator.ui import icons, style
from annotator.ui.actions import ACTIONS, Action
from annotator.ui.acts import Acts
from annotator.ui.article_keys import ArticleKeys
from annotator.ui.article_menu import ArticleMenu
from annotator.ui.centre import Centre
from annotator.ui.controller import Controller
from annotator.ui.deciding import Deciding
from annotator.ui.facts import EVERYWHERE, facts_of, hindrance
from annotator.ui.finishing import Finishing
from annotator.ui.handlers import run
from annotator.ui.jobs import Jobs
from annotator.ui.label_letters import LabelLetters
from annotator.ui.menus import Menus
from annotator.ui.messages import MessageLog, StatusRow
from annotator.ui.opening import SUFFIX, Projects
from annotator.ui.palette import Palette
from annotator.ui.panel_wiring import PanelWiring
from annotator.ui.panels.documents import DocumentsPanel
from annotator.ui.panels.work import WorkPanel
from annotator.ui.places import Places
from annotator.ui.popups import LabelFinder, TypeChooser
from annotator.ui.project_page import ProjectPage
from annotator.ui.project_search import ProjectSearch
from annotator.ui.relation_mode import RelationMode
from annotator.ui.same_places import SamePlaces
from annotator.ui.searching import Searching
from annotator.ui.settings import Settings
from annotator.ui.stepping import Stepping
from annotator.ui.telling import Telling
from annotator.ui.theme import theme_hub
from annotator.ui.top_row import TopRow
from annotator.ui.undoing import Undoing
from annotator.ui.widgets import Hairline
from annotator.ui.word_jump import WordJump
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
    work: LongWork
    acts: Acts
    places: Places
    telling: Telling
    panel_wiring: PanelWiring
    page: ProjectPage
    jump: WordJump
    letters: LabelLetters
    same_places: SamePlaces
    project_search: ProjectSearch
    article_menu: ArticleMenu

    def __init__(self, *, annotator: str, settings: Settings | None = None) -> None:
        super().__init__()
        self.annotator = annotator
        self.settings = settings or Settings(self)
        # Widgets take their font from the application when they are made, so its look comes first.
        self._apply_theme()
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
        self.finishing = Finishing(self.controller, seen=self.centre.view.seen_ids)
        self.projects = Projects(self)
        self.work = LongWork(self)
        self.acts = Acts(self)
        self._build()
        self.places = Places(self)
        self.telling = Telling(self)
        self.panel_wiring = PanelWiring(self)
        # After the panels' wiring: a document that is chosen is open before its words are marked.
        self.project_search = ProjectSearch(self)
        self.article_menu = ArticleMenu(self)
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
        ):
            signal.connect(self.update_actions)
        controller.annotations_changed.connect(lambda _changes: self.update_actions())
        controller.mode_changed.connect(lambda _mode: self.update_actions())
        self.page.shown_changed.connect(self.update_actions)
        self.centre.find_bar.found.connect(lambda *_: self.update_actions())
        self.centre.extent_dragged.connect(self._on_extent_dragged)
        self.centre.end_dragged.connect(self._on_end_dragged)
        self.centre.partner_clicked.connect(self.relation.pick)
        self.centre.words_clicked.connect(self.relation.offer_words)
        self.centre.view.scrolled.connect(self.relation.follow)
        self.centre.view.scrolled.connect(self.jump.follow)
        self.centre.hint_bar.keys_wanted.connect(self._on_keys_wanted)
        self.top.palette_wanted.connect(self.acts.palette)
        self.label_finder.taken.connect(self._on_label_found)
        self.label_finder.closed.connect(self.focus_article)
        self.palette_box.closed.connect(self.focus_article)
        self.settings.changed.connect(self._on_setting_changed)
        self.jobs.crashed.connect(self._on_crashed)

    def _restore(self) -> None:
        geometry = self.settings.geometry("window")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            room = self.screen().availableSize()
            # The frame that the desktop draws needs room, too.
            self.resize(min(USUAL[0], room.width() - 8), min(USUAL[1], room.height() - 40))
        self._apply_look()

    # ------------------------------------------------------------------ actions

    def run(self, name: str, stroke: str = "") -> None:
        """Carry out an action by id; what goes wrong is told, and the next key works again."""
        try:
            run(self, name, stroke)
        except UserError as error:
            self.show_problem(error)
        except Exception:  # noqa: BLE001 - a fault must not run through Qt's own code, which may end the program
            sys.excepthook(*sys.exc_info())

    def facts(self) -> frozenset[str]:
        """Collect what actions ask for."""
        has_found = self.centre.find_bar.isVisible() and bool(self.centre.find_bar.hits)
        facts = facts_of(
            self.controller, self.undoing, can_repeat=self.deciding.can_repeat, has_found=has_found
        )
        # What acts on the article is off where it cannot be seen.
        return facts if self.pages.currentWidget() is self.page else facts & EVERYWHERE

    def hindrance(self, action: Action) -> str:
        """Say why an action is not possible now; empty if it is."""
        return hindrance(action, self.facts())

    def update_actions(self) -> None:
        """Enable, disable and tick all actions; in the middle of an act its end is waited for."""
        if self.controller.is_settling:
            return
        facts = self.facts()
        self.menus.update(
            hindrances={action.id: hindrance(action, facts) for action in ACTIONS}, checked=self.checked()
        )

    def checked(self) -> dict[str, bool]:
        """Tell which actions are ticked."""
        info, settings = self.controller.info, self.settings
        themes = {
            f"theme_{name}": settings.theme == name for name in ("system", "light", "dark", "high_contrast")
        }
        return {
            "documents_panel": self.page.is_shown("documents"),
            "work_panel": self.page.is_shown("work"),
            **self.looks,
            "compact": settings.compact,
            "full_screen": self.isFullScreen(),
            "flag": info is not None and info.flagged,
            "exclude": info is not None and info.excluded,
            "relation": self.controller.mode == "relation",
            **themes,
        }

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

    def show_schema(self) -> None:
        """Show the page of labels and relations."""
        self.places.show_schema()

    def focus_article(self) -> None:
        """Put the focus on the article, so that its keys mean something."""
        if self.pages.currentWidget() is self.page:
            self.centre.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, error: UserError) -> None:
        """Say what could not be done, and keep it until it is read."""
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
            session.set_setting("view", {"document": document})

    def _on_keys_wanted(self) -> None:
        self.places.show_keys()

    def _on_crashed(self, error: object) -> None:
        self.places.show_crash(error)

    # ------------------------------------------------------------------ what the mouse did

    def _on_extent_dragged(self, fragments: object) -> None:
        if isinstance(fragments, tuple) and self.controller.writable:
            self.deciding.set_extent(fragments)

    def _on_end_dragged(self, relation: str, end: str, span: str) -> None:
        self.deciding.drag_end(relation, is_head=end == "head", span=span)

    def _on_label_found(self, name: str) -> None:
        self.deciding.label(name)
        self.focus_article()

    # ------------------------------------------------------------------ look

    def _on_setting_changed(self, _name: str) -> None:
        self._apply_look()
        self.update_actions()

    def _apply_theme(self) -> None:
        settings = self.settings
        style.choose(
            settings.theme, text_scale=settings.window_size / 100, strong_borders=settings.strong_borders
        )

    def _apply_look(self) -> None:
        settings, view = self.settings, self.centre.view
        self._apply_theme()
        view.set_font_size(round(17 * settings.text_size / 100))
        view.set_spacing("compact" if settings.compact else "comfortable")
        view.set_reduced_motion(settings.reduced_motion)
        self.status.setFixedHeight(theme_hub().px(28))

    # ------------------------------------------------------------------ events

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
        if _paths(event.mimeData()) or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        paths, text = _paths(event.mimeData()), event.mimeData().text()
        # The other program waits until the drop is over; what follows may ask questions.
        QTimer.singleShot(0, self, lambda: self._take(paths, text))

    def _take(self, paths: list[Path], text: str) -> None:
        projects = [path for path in paths if path.suffix == SUFFIX]
        if projects:
            self.projects.open_path(projects[0])
        elif paths and self.controller.writable:
            self.work.import_paths(paths)
        elif paths:
            self.places.ask_new_project(tuple(paths))
        elif text.strip() and self.controller.writable:
            self.places.ask_paste(text)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.keep_geometry("window", self.saveGeometry())
        self.projects.let_go()
        self.jobs.close()
        self.settings.sync()
        event.accept()


def _paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
