"""What makes candidates: the pipeline, what becomes of each of its labels, and the rules for roles and relations.

Shared by the last step of a new project and by the dialog of an open one. The first hits in real texts are found by
a job, in a process of its own; nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.model.errors import Cancelled, UserError
from annotator.model.schema import Schema
from annotator.model.wording import counted
from annotator.ui.dialogs.adding_pipelines import AddingPipelines
from annotator.ui.dialogs.parts import while_alive
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.tables import CellDelegate, Choice, ChoiceBox, PlainTable, cell, choice_cell
from annotator.ui.dialogs.words import ANY, language_words, listed
from annotator.ui.jobs import Job
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, CheckCard, Strip, ThinProgress
from annotator.workflows.preparing import base_language, first_hits, languages_in, pipeline_in, role_label
from annotator.workflows.reporting import Report
from annotator.workflows.session import SuggestSettings
from annotator.workflows.suggesting import MappingRow, PipelineInfo, mapping_for, pipelines

FirstTexts = Callable[[Report], Sequence[tuple[str, str]]]
"""Gives the first texts, each with its language; called in the thread of a job."""
SAMPLES = 5
"""How many texts are looked at."""
_HEADS = ("Its label", "Becomes", "First hits in your texts", "Hits")


@dataclass(frozen=True, slots=True)
class _Found:
    """What a job found: hits of each label, languages the texts seem to be in, how many texts those were."""

    rows: tuple[MappingRow, ...]
    languages: Counter[str]
    texts: int


class MappingEditor(QWidget):
    """Pipeline, table and switches; `settings` is what was chosen, `changed()` tells of a change by the person."""

    changed = Signal()

    def __init__(self, run: RunJob, texts: FirstTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run, self._texts = run, texts
        self._schema = Schema()
        self._language = "en"
        self._chosen = SuggestSettings()
        self._pipelines: list[PipelineInfo] = pipelines()
        self._found: dict[str, _Found] = {}
        self._failed: dict[str, str] = {}
        self._targets: dict[str, str] = {}
        self._job: Job | None = None
        self._looks_again = False
        self._build()
        self._offer_pipelines()

    def _build(self) -> None:
        self.pipeline_card = CheckCard("Pipeline", " ")
        self.pipeline_card.setChecked(True)
        self.pipeline_card.clicked.connect(self._on_switched)
        self.pipeline_box = ChoiceBox()
        self.pipeline_box.setAccessibleName("Pipeline")
        self.pipeline_box.activated.connect(self._on_pipeline_chosen)
        self.folder_button = Button("From a folder …", kind="quiet", icon_name="folder")
        self.folder_button.setToolTip("Use a pipeline where it lies, such as one you trained")
        self.folder_button.clicked.connect(self._choose_folder)
        self.adding = AddingPipelines(self._run, self)
        self.adding.added.connect(self._on_added)
        self.adding.removed.connect(self._on_removed)
        self.adding.failed.connect(self._say)
        self.adding.working.connect(self._show_work)
        self.adding.ended.connect(self._on_added_ended)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.pipeline_card, 1)
        row.addWidget(self.pipeline_box)
        row.addWidget(self.adding.remove_button)
        row.addWidget(self.adding.add_button)
        row.addWidget(self.folder_button)
        self.strip = Strip("", tone="warn")
        self.progress = ThinProgress(name="Looking at the first texts")
        self._model = QStandardItemModel(0, 4, self)
        self.table = PlainTable("What becomes of the pipeline's labels", row_height=34)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        delegate = self.table.itemDelegate()
        assert isinstance(delegate, CellDelegate), "the table draws its own cells"
        delegate.chosen.connect(self._on_target_chosen)
        self.roles_card = CheckCard("Roles before and after names", " ")
        self.relations_card = CheckCard("Relations between neighbours that the schema allows", " ")
        for card in (self.roles_card, self.relations_card):
            card.clicked.connect(self.changed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addLayout(row)
        for widget in (self.strip, self.progress):
            self._column.addWidget(widget)
        self._column.addWidget(self.table, 1)
        for card in (self.roles_card, self.relations_card):
            self._column.addWidget(card)
        self.progress.hide()
        self.strip.hide()

    # ------------------------------------------------------------------ what is chosen

    @property
    def pipeline(self) -> PipelineInfo | None:
        """Give the pipeline that is chosen; None where there is none."""
        name = self.pipeline_box.value
        return next((each for each in self._pipelines if each.name == name), None)

    @property
    def settings(self) -> SuggestSettings:
        """Give what was chosen; with the pipeline switched off, all its labels are left out."""
        pipeline = self.pipeline
        is_on = self.pipeline_card.isChecked()
        return replace(
            self._chosen,
            pipeline=pipeline.name if pipeline is not None else "",
            mapping={label: target if is_on else "" for label, target in self._targets.items()},
            uses_pipeline=is_on,
            roles=self.roles_card.isChecked() and self.roles_card.isEnabled(),
            relations=self.relations_card.isChecked() and self.relations_card.isEnabled(),
        )

    def show_settings(self, schema: Schema, chosen: SuggestSettings, *, language: str) -> None:
        """Show what was chosen for a schema and texts of a language, and look at the first texts."""
        self._schema, self._chosen, self._language = schema, chosen, language
        if chosen.pipeline and chosen.pipeline not in {each.name for each in self._pipelines}:
            self._add_folder(Path(chosen.pipeline))
        self._offer_pipelines(chosen.pipeline)
        ignores_all = bool(chosen.mapping) and not any(chosen.mapping.values())
        is_on = chosen.uses_pipeline and not ignores_all
        self.pipeline_card.setChecked(self.pipeline is not None and is_on)
        self._targets = self._default_targets(SuggestSettings() if ignores_all else chosen)
        role = role_label(schema)
        self.roles_card.setChecked(chosen.roles)
        self.roles_card.setEnabled(bool(role))
        self.relations_card.setChecked(chosen.relations)
        self.relations_card.setEnabled(bool(schema.relations))
        self._show_rules(role)
        self._show()
        self.look()

    def _default_targets(self, chosen: SuggestSettings) -> dict[str, str]:
        pipeline = self.pipeline
        if pipeline is None:
            return {}
        targets = mapping_for(pipeline, self._schema, chosen)
        return {label: target if self._schema.entity(target) else "" for label, target in targets.items()}

    def _show_rules(self, role: str) -> None:
        holds = next((each.name for each in self._schema.relations if role and role in each.children), "")
        gives = f"{role} and {holds}" if holds else role
        self.roles_card.set_words(
            "Roles before and after names",
            f"“President Vladimir Putin” gives {gives}"
            if role
            else "this schema has no label for offices and titles",
        )
        self.relations_card.set_words(
            "Relations between neighbours that the schema allows",
            "hints only; most will need a look"
            if self._schema.relations
            else "this schema has no relation types",
        )

    def _offer_pipelines(self, name: str = "") -> None:
        titles = [Choice(each.name, f"{each.title} {each.version}") for each in self._pipelines]
        self.pipeline_box.offer(titles)
        self.pipeline_box.choose(name or None)
        self.pipeline_box.setVisible(len(titles) > 1)
        self.pipeline_card.setEnabled(bool(titles))
        if not titles:
            self.pipeline_card.setChecked(False)

    # ------------------------------------------------------------------ the first hits

    def look(self) -> None:
        """Find the first hits of the chosen pipeline, unless that was done or is not wanted."""
        pipeline = self.pipeline
        wanted = pipeline is not None and self.pipeline_card.isChecked()
        if pipeline is None or not wanted:
            return
        if self._job is not None:
            self._looks_again = True
            return
        if pipeline.name in self._found or pipeline.name in self._failed:
            return
        texts, schema = self._texts, self._schema

        def work(report: Report) -> _Found:
            taken = list(texts(report))
            rows = first_hits(taken, pipeline, schema, report) if taken else []
            languages = languages_in(text for text, _ in taken)
            return _Found(tuple(rows), languages, len(taken))

        job = self._run(f"Looking with {pipeline.title}", work)
        self._job = job
        self._show_work(0, 1)
        job.progress.connect(while_alive(self, lambda done, total, _text: self._show_work(done, total)))
        job.finished.connect(while_alive(self, lambda found: self._keep(job, pipeline.name, found)))
        job.failed.connect(while_alive(self, lambda error: self._on_failed(pipeline.name, error)))
        job.ended.connect(while_alive(self, self._on_ended))
        self._show()

    def forget_hits(self) -> None:
        """Look anew when next asked: the texts are others."""
        self.stop()
        self._found.clear()
        self._failed.clear()

    def stop(self) -> None:
        """End the job, if one runs."""
        if self._job is not None:
            self._job.cancel()

    def _keep(self, job: Job, name: str, found: _Found) -> None:
        if job.is_stopping:
            # It was stopped too late to notice, and may have seen other texts.
            return
        self._found[name] = found
        self._show()

    def _on_failed(self, name: str, error: object) -> None:
        if not isinstance(error, Cancelled):
            # What is no `UserError` is told by the window; here it only ends the looking.
            self._failed[name] = str(error) if isinstance(error, UserError) else "It could not be tried."

    def _on_ended(self) -> None:
        self._job = None
        self.progress.hide()
        self._show_pipeline()
        # Only what was asked for meanwhile: a job that the window stopped must not begin anew.
        if self._looks_again and self.isVisible():
            self._looks_again = False
            self.look()

    # ------------------------------------------------------------------ showing

    def _show(self) -> None:
        self._show_pipeline()
        self._show_table()

    def _show_pipeline(self) -> None:
        pipeline = self.pipeline
        self.adding.show_pipeline(pipeline)
        if pipeline is None:
            self.pipeline_card.set_words(
                "No pipeline is installed",
                "Add one, or go on: the rules below need none.",
            )
            self.strip.hide()
            return
        found = self._found.get(pipeline.name)
        self.pipeline_card.set_words(f"Pipeline: {pipeline.title} {pipeline.version}", self._told(found))
        warning = self._failed.get(pipeline.name, "") or self._warning(pipeline, found)
        self.strip.set_message(warning)
        self.strip.setVisible(bool(warning))

    def _told(self, found: _Found | None) -> str:
        if self._job is not None and found is None:
            return "looking at your first texts …"
        if found is None:
            return "finds names, places and dates"
        if not found.texts:
            return "no texts to look at yet"
        hits = sum(row.hits for row in found.rows)
        place = "your first article" if found.texts == 1 else f"your first {found.texts} articles"
        return f"{counted(hits, 'hit')} in {place}"

    def _warning(self, pipeline: PipelineInfo, found: _Found | None) -> str:
        """Say which languages the pipeline does not read, if it is on."""
        reads = base_language(pipeline.language)
        if not self.pipeline_card.isChecked() or reads == ANY:
            return ""
        own = language_words(reads)
        name = pipeline.title
        chosen = base_language(self._language)
        if chosen not in {reads, ANY}:
            return f"{name} reads {own}. Texts in {language_words(chosen)} get no candidates from it."
        others = [] if found is None else [code for code in found.languages if code not in {reads, ""}]
        if found is None or not others:
            return ""
        count = sum(found.languages[code] for code in others)
        names = listed([language_words(code) for code in others])
        verb = "is" if count == 1 else "are"
        return (
            f"{name} reads {own}. {count} of your first {found.texts} texts {verb} in {names}: "
            "they get no candidates from it."
        )

    def _show_table(self) -> None:
        pipeline = self.pipeline
        self._model.clear()
        self._model.setHorizontalHeaderLabels(list(_HEADS))
        if pipeline is not None:
            found = self._found.get(pipeline.name)
            rows = {row.label: row for row in found.rows} if found is not None else {}
            # What was hit comes first: it matters; the rest keeps the pipeline's order.
            ordered = sorted(self._targets, key=lambda label: -(rows[label].hits if label in rows else 0))
            for label in ordered:
                self._add_row(label, rows.get(label))
        head = self._model.horizontalHeaderItem(3)
        if head is not None:
            head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.show_model(self._model, widths=(130, 150, 0, 64))
        self.table.setVisible(pipeline is not None)
        self.table.setEnabled(self.pipeline_card.isChecked())
        self.table.setMinimumHeight(min(self.table.height_of_rows(), theme_hub().px(34 * 4 + 30)))

    def _add_row(self, label: str, row: MappingRow | None) -> None:
        choices = [Choice("", "Leave out")]
        choices += [Choice(each.name, each.shown or each.name, each.color) for each in self._schema.entities]
        examples = " · ".join(" ".join(words.split()) for words in row.examples) if row is not None else ""
        hits = f"{row.hits:,}" if row is not None and row.hits else "–"
        self._model.appendRow(
            [
                cell(label, face="mono", value=label),
                choice_cell(choices, self._targets[label], name=f"{label} becomes"),
                cell(examples, face="serif", tip=examples),
                cell(hits, right=True, token="ink" if hits != "–" else "faint"),
            ]
        )

    # ------------------------------------------------------------------ acting

    def _on_target_chosen(self, index: QPersistentModelIndex, value: object) -> None:
        item = self._model.item(index.row(), 0)
        if item is not None:
            self._targets[item.text()] = str(value)
            self.changed.emit()

    def _on_pipeline_chosen(self, _index: int) -> None:
        self.strip.hide()
        self.stop()
        self._targets = self._default_targets(self._chosen)
        self.pipeline_card.setChecked(True)
        self._on_switched()

    def _on_switched(self) -> None:
        self._show()
        self.look()
        self.changed.emit()

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Choose the folder of a spaCy pipeline")
        if name and self._add_folder(Path(name)):
            self._offer_pipelines(name)
            self._on_pipeline_chosen(0)

    def _add_folder(self, folder: Path) -> bool:
        try:
            found = pipeline_in(folder)
        except UserError as error:
            self._say(str(error))
            return False
        self._keep_pipeline(found)
        return True

    def _keep_pipeline(self, found: PipelineInfo) -> None:
        self._pipelines = [*(each for each in self._pipelines if each.name != found.name), found]
        for known in (self._found, self._failed):
            known.pop(found.name, None)

    def _on_added(self, found: PipelineInfo) -> None:
        self._keep_pipeline(found)
        self._offer_pipelines(found.name)
        self._on_pipeline_chosen(0)

    def _on_removed(self, name: str) -> None:
        self._pipelines = [each for each in self._pipelines if each.name != name]
        self._offer_pipelines()
        self._on_pipeline_chosen(0)

    def _say(self, message: str) -> None:
        self.strip.set_message(message)
        self.strip.show()

    def _show_work(self, done: int, total: int) -> None:
        self.progress.set_progress(done, total)
        self.progress.show()

    def _on_added_ended(self) -> None:
        if self._job is None:
            self.progress.hide()
