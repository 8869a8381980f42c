"""What an export wrote: counts that were read back, the files, and what to do with them next."""

from __future__ import annotations

import shlex
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.frame import plain_scroll_area
from annotator.ui.dialogs.loss_lines import LossLines
from annotator.ui.dialogs.parts import IconLine, Margins, TintedLabel, clear_layout
from annotator.ui.dialogs.words import size_words
from annotator.ui.style import set_surface
from annotator.ui.widgets import Button, Card, make_label
from annotator.workflows.exporting import TRAIN_COMMAND, ExportOptions, ExportResult


class ExportResultPage(QWidget):
    """Says that it was read back and compared, and offers the folder and, for DocBin, the command that trains."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        self._command = ""
        self.folder_button = Button("Show the folder", icon_name="folder")
        self.folder_button.clicked.connect(self._show_folder)
        self.command_button = Button("Copy the train command", icon_name="copy")
        self.command_button.clicked.connect(self._copy_command)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.losses = LossLines()
        self._files = QVBoxLayout()
        self._files.setSpacing(8)
        self._command_label = TintedLabel("", token="ink", size=12, is_mono=True)
        self._command_label.setWordWrap(True)
        self._card = Card(padding=12)
        set_surface(self._card, "panel")
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(make_label("Train with spaCy, in the folder of the files", "section"))
        inside.addWidget(self._command_label)
        ground = QWidget()
        set_surface(ground, "raised")
        column = QVBoxLayout(ground)
        column.setSpacing(16)
        Margins(ground, (24, 20, 24, 20))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder_button)
        row.addWidget(self.command_button)
        row.addStretch(1)
        column.addLayout(self._lines)
        column.addWidget(self.losses)
        column.addLayout(self._files)
        column.addLayout(row)
        column.addWidget(self._card)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(plain_scroll_area(ground))

    def show_result(self, result: ExportResult, options: ExportOptions, *, language: str) -> None:
        """Show what was written; `language` is that of the project, for the training command."""
        clear_layout(self._lines)
        clear_layout(self._files)
        self._folder = result.files[0].parent
        written = (result.documents, result.spans, result.relations)
        agrees = written == (result.read_documents, result.read_spans, result.read_relations)
        if agrees:
            self._lines.addWidget(
                IconLine("check", "good", "Exported, read back and compared: all counts agree.")
            )
        else:
            self._lines.addWidget(
                IconLine(
                    "warning", "warn", "Exported, read back and compared. Less is in it than in the project:"
                )
            )
        nouns = ("document", "span", "relation")
        in_project = (result.read_documents, result.read_spans, result.read_relations)
        for noun, now, before in zip(nouns, written, in_project, strict=True):
            told = counted(now, noun) if now == before else f"{counted(now, noun)} of {before:,}"
            self._lines.addWidget(IconLine("check" if now == before else "minus", "dim", told))
        self.losses.show_losses(result.losses)
        for told in result.told:
            self._files.addWidget(IconLine("info", "dim", told))
        if len(result.parts) > 1 and options.format != "spacy_folder":  # which tells what it has become there
            parts = " · ".join(f"{part} {counted(count, 'document')}" for part, count in result.parts.items())
            self._files.addWidget(IconLine("file", "dim", parts))
        for path in (*result.files, result.manifest):
            self._files.addWidget(IconLine("file", "dim", path.name, _size_of(path)))
        self._command = train_command(result, options, language=language)
        self._command_label.setText(self._command)
        self._card.setVisible(bool(self._command))
        self.command_button.setVisible(bool(self._command))

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _copy_command(self) -> None:
        QGuiApplication.clipboard().setText(self._command)
        self.command_button.setText("Copied")


def train_command(result: ExportResult, options: ExportOptions, *, language: str) -> str:
    """Give the two lines that make a configuration and train on an export, for a shell in its folder; empty if none.

    Without a part of its own for trying, the model is tried on what it was trained with.
    """
    if options.format == "spacy_folder":
        return f"cd {shlex.quote(result.files[0].name)}\n{TRAIN_COMMAND}"
    if options.format != "docbin":
        return ""
    names = {path.stem: path.name for path in result.files}
    train = names.get("train", result.files[0].name)
    dev = names.get("dev", names.get("test", train))
    component = "spancat" if options.layout == "spans" else "ner"
    config = f"python -m spacy init config config.cfg --lang {shlex.quote(language)} --pipeline {component}"
    paths = f"--paths.train {shlex.quote(train)} --paths.dev {shlex.quote(dev)}"
    return f"{config}\npython -m spacy train config.cfg --output model {paths}"


def _size_of(path: Path) -> str:
    try:
        files = [path] if path.is_file() else path.iterdir()
        return size_words(sum(each.stat().st_size for each in files))
    except OSError:
        return ""
