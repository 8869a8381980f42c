"""The dialog that settles a new project in three steps: sources, schema, candidates.

Enter goes on, Alt+Left goes back, Esc asks before what was chosen is dropped. The dialog makes nothing itself: what
was settled is a `NewProjectPlan`, handed to `make`; what `make` refuses is said here and can be mended here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from annotator.model.errors import UserError
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.mapping_editor import SAMPLES, MappingEditor
from annotator.ui.dialogs.parts import add_browse
from annotator.ui.dialogs.project_plan import NewProjectPlan, requests_for
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.schema_step import SchemaStep
from annotator.ui.dialogs.source_table import SourceTable
from annotator.ui.dialogs.sources import DropArea, RunJob, Sources, dropped_paths
from annotator.ui.dialogs.tables import ChoiceBox
from annotator.ui.dialogs.words import file_stem, language_choices, path_of, path_words
from annotator.ui.widgets import FormField, Stepper, Strip, make_label
from annotator.workflows.preparing import first_texts
from annotator.workflows.reporting import Report
from annotator.workflows.session import SuggestSettings

SUFFIX = ".annot"
_STEPS = ("Sources", "Schema", "Candidates")
_NEXT = ("Next: schema", "Next: candidates", "Make the project")


def usual_folder() -> Path:
    """Give the folder in which documents are kept on this system, where there is one, else the home folder."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents) if documents and Path(documents).is_dir() else Path.home()


class NewProjectDialog(DialogFrame):
    """Three steps in one dialog; `plan_made(NewProjectPlan)` when the project was made.

    Args:
        run: starts long work. make: makes the project, or raises `UserError` with what is in the way.
        sources: files and folders that come in at once. folder: where projects are kept.
    """

    plan_made = Signal(object)

    def __init__(
        self,
        run: RunJob,
        parent: QWidget | None = None,
        *,
        make: Callable[[NewProjectPlan], object],
        sources: Sequence[Path] = (),
        folder: Path | None = None,
    ) -> None:
        super().__init__("New project", parent, scrolls=True)
        self._make = make
        self._folder = folder or usual_folder()
        self._names_itself = self._places_itself = self._maps_itself = True
        self._was_settled = False
        self.sources = Sources(run, self)
        self._build_head_and_foot()
        self._build_sources()
        self.schema_step = SchemaStep()
        self.mapping = MappingEditor(run, self._first_texts)
        self._pages.addWidget(self.schema_step)
        self._pages.addWidget(self.mapping)
        self.mapping.changed.connect(self._on_settled)
        self.sources.changed.connect(self._on_sources_changed)
        self.sources.looked.connect(lambda _path: self._on_sources_changed())
        self.sources.progressed.connect(lambda _text: self._show_counts())
        self.setAcceptDrops(True)
        self._show_step()
        self._on_sources_changed()
        self._check()
        if sources:
            self._take(sources)
        self.name_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_head_and_foot(self) -> None:
        self.stepper = Stepper(_STEPS)
        self.stepper.step_chosen.connect(self.go_to)
        self.head.addWidget(self.stepper)
        self._pages = QStackedWidget()
        self.body.addWidget(self._pages)
        self._question = Strip("Drop what you chose?", tone="question")
        self._question.add_button("Drop it").clicked.connect(self._drop)
        self._question.add_button("Go on choosing", key="Esc").clicked.connect(self._question.hide)
        self._question.hide()
        self.body.addWidget(self._question)
        self.back_button = self.add_button("Back", key="Alt+Left")
        self.foot.removeWidget(self.back_button)
        self.add_to_foot(self.back_button)
        self.cancel_button = self.add_cancel()
        self.next_button = self.add_button(_NEXT[0], kind="primary", key="Return")
        self.next_button.clicked.connect(self.go_on)
        self.back_button.clicked.connect(self.go_back)
        back = QShortcut(QKeySequence("Alt+Left"), self)
        back.activated.connect(self.go_back)

    def _build_sources(self) -> None:
        self.name_field = QLineEdit()
        self.name_field.setPlaceholderText("such as News 2025")
        self.place_field = QLineEdit()
        add_browse(self.place_field, "Choose the place", self._choose_place)
        self.language_box = ChoiceBox(language_choices())
        self._name = FormField("Name", self.name_field)
        self._place = FormField("Kept in", self.place_field)
        fields = RowOfFields([self._name, self._place, FormField("Language of the texts", self.language_box)])
        self.name_field.textEdited.connect(self._on_name_edited)
        self.place_field.textEdited.connect(self._on_place_edited)
        self.language_box.activated.connect(lambda _index: self._on_settled())
        area = DropArea()
        area.dropped.connect(self._take)
        self.drop_area = area
        self.source_table = SourceTable(self.sources, lambda: self.schema_step.schema)
        self._no_sources = make_label(
            "Without files the project begins empty; texts can be imported or pasted at any time.",
            "dim",
            wrap=True,
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(fields)
        column.addWidget(area)
        column.addWidget(self._no_sources)
        column.addWidget(self.source_table, 1)
        self._pages.addWidget(page)

    # ------------------------------------------------------------------ steps

    @property
    def step(self) -> int:
        """Give the step one is at, from 0."""
        return self._pages.currentIndex()

    def go_on(self) -> None:
        """Go to the next step, or make the project; what is missing is said in its place."""
        if not self._check(says_it=True):
            return
        if self.step == len(_STEPS) - 1:
            self._finish()
        else:
            self.go_to(self.step + 1)

    def go_back(self) -> None:
        """Go to the step before."""
        if self.step:
            self.go_to(self.step - 1)

    def go_to(self, step: int) -> None:
        """Go to a step."""
        self._pages.setCurrentIndex(step)
        self._question.hide()
        if step == 2:
            self.mapping.show_settings(self.schema_step.schema, self._suggest(), language=self.language)
        self._show_step()
        first = (self.name_field, self._checked_card(), self.mapping.pipeline_card)[step]
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _checked_card(self) -> QWidget:
        cards = self.schema_step.cards.values()
        return next((card for card in cards if card.isChecked()), self.next_button)

    def _suggest(self) -> SuggestSettings:
        return self.mapping.settings if not self._maps_itself else SuggestSettings()

    def _show_step(self) -> None:
        for number in range(self._pages.count()):
            # Only the page one sees may ask for room.
            wanted = QSizePolicy.Policy.Expanding if number == self.step else QSizePolicy.Policy.Ignored
            page = self._pages.widget(number)
            if page is not None:
                page.setSizePolicy(wanted, wanted)
        self.stepper.set_current(self.step)
        self.back_button.setVisible(self.step > 0)
        self.next_button.setText(_NEXT[self.step])
        self.set_fault("")
        self._show_counts()

    def _show_counts(self) -> None:
        totals = self.sources.totals()
        told = ""
        if self.sources.is_looking:
            waiting = sum(each.look is None for each in self.sources.all)
            told = f"Looking, {counted(waiting, 'source')} left; you can go on"
        elif self.sources.all:
            parts = [counted(totals.documents, "document")]
            parts += (
                [counted(totals.spans, "span"), counted(totals.relations, "relation")] if totals.spans else []
            )
            told = ", ".join(parts)
        self.set_note(told)

    # ------------------------------------------------------------------ what is settled

    @property
    def language(self) -> str:
        """Give the code of the language that was chosen."""
        return str(self.language_box.value or "en")

    @property
    def path(self) -> Path:
        """Give where the project will be kept."""
        path = path_of(self.place_field.text())
        return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)

    @property
    def plan(self) -> NewProjectPlan:
        """Give what is settled so far."""
        ways = {each.path: each.options() for each in self.sources.readable}
        return NewProjectPlan(
            path=self.path,
            name=self.name_field.text().strip(),
            language=self.language,
            schema=self.schema_step.schema,
            imports=requests_for(ways),
            suggest=self.mapping.settings,
        )

    def _first_texts(self, report: Report) -> list[tuple[str, str]]:
        ways = [(each.path, each.options(self.language)) for each in self.sources.readable]
        return first_texts(ways, limit=SAMPLES, report=report)

    def _finish(self) -> None:
        plan = self.plan
        try:
            self._make(plan)
        except UserError as error:
            self.set_fault(error)
            return
        self.sources.stop()
        self.mapping.stop()
        self.plan_made.emit(plan)
        self.accept()

    def _check(self, *, says_it: bool = False) -> bool:
        """Tell whether name and place will do; `says_it` marks what will not."""
        name = self.name_field.text().strip()
        fault = "" if name else "Give the project a name."
        place = ""
        if name and not self.place_field.text().strip():
            place = "Say where it shall be kept."
        elif name and self.path.exists():
            place = f"{self.path.name} is there already. Choose another name or place."
        if says_it or not fault:
            self._name.set_fault(fault)
        self._place.set_fault(place)
        if says_it and (fault or place):
            self.go_to(0)
            (self.name_field if fault else self.place_field).setFocus()
        return not fault and not place

    # ------------------------------------------------------------------ acting

    def _take(self, paths: object) -> None:
        if not isinstance(paths, Sequence) or not paths:
            return
        self._was_settled = True
        if self._names_itself and not self.name_field.text():
            first: Path = paths[0]
            self._set_name(first.name if first.is_dir() else first.stem)
        self.sources.add(paths)
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_name(self, name: str) -> None:
        self.name_field.setText(name)
        self._on_name_changed()

    def _on_name_edited(self, _text: str) -> None:
        self._names_itself = False
        self._on_settled()
        self._on_name_changed()

    def _on_name_changed(self) -> None:
        if self._places_itself:
            name = self.name_field.text().strip()
            place = self._folder / (file_stem(name) + SUFFIX)
            self.place_field.setText(path_words(place) if name else "")
            self.place_field.setCursorPosition(0)
        self._check()

    def _on_place_edited(self, _text: str) -> None:
        self._places_itself = False
        self._on_settled()
        self._check()

    def _choose_place(self) -> None:
        start = self.place_field.text().strip()
        where = str(self.path if start else self._folder / f"project{SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self, "Keep the project in", where, f"Projects (*{SUFFIX})")
        if name:
            self.place_field.setText(path_words(Path(name)))
            self._on_place_edited(name)

    def _on_settled(self) -> None:
        self._was_settled = True
        if self.step == 2:
            self._maps_itself = False

    def _on_sources_changed(self) -> None:
        has_any = bool(self.sources.all)
        self._no_sources.setVisible(not has_any)
        self.drop_area.set_small(has_any)
        self.source_table.setVisible(has_any)
        self.schema_step.set_totals(self.sources.totals())
        self.mapping.forget_hits()
        self._show_counts()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.step == 0 and dropped_paths(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._take(dropped_paths(event))

    def reject(self) -> None:
        """Close; where something was chosen, ask first, and take a second Esc for going on."""
        if self._was_settled and self._question.isHidden():
            self._question.show()
            self.scroll_to(self._question)
            self._question.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif self._was_settled:
            self._question.hide()
            self.next_button.setFocus()
        else:
            self._drop()

    def _drop(self) -> None:
        self.sources.stop()
        self.mapping.stop()
        super().reject()
