"""What this program is: version, where things are kept, and the licences of all that comes with it."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QSplitter, QWidget

from annotator import __version__
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.words import path_words
from annotator.ui.plain import plain_tip
from annotator.ui.widgets import Button, make_label
from annotator.workflows.notices import parts
from annotator.workflows.recent import settings_folder


class AboutDialog(DialogFrame):
    """Version and licences; nothing is asked of anybody but this computer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        told = f"version {__version__} · Qt {qVersion()} · Python {platform.python_version()}"
        super().__init__("annotator", parent, subtitle=told, scrolls=False, width=720, height=520)
        words = "Confirm and fix entities and relations in whole articles. Everything stays on this computer."
        self.body.addWidget(make_label(words, wrap=True))
        self.body.addWidget(
            make_label(f"Your settings are in {path_words(settings_folder())}.", "dim", wrap=True)
        )
        self.body.addWidget(make_label("What comes with it, and its licences", "section"))
        self.list = QListWidget()
        self.list.setAccessibleName("Parts")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Licence")
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.list)
        split.addWidget(self.text)
        split.setStretchFactor(1, 1)
        split.setSizes([210, 460])
        split.setChildrenCollapsible(False)
        self.body.addWidget(split, 1)
        self._parts = parts()
        for each in self._parts:
            item = QListWidgetItem(each.name)
            item.setToolTip(plain_tip(f"{each.name} {each.version}".strip()))
            self.list.addItem(item)
        self.list.currentRowChanged.connect(lambda row: self.text.setPlainText(self._parts[row].text()))
        folder = Button("Show the settings folder")
        folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(settings_folder()))))
        self.copy_button = Button("Copy the version")
        self.copy_button.clicked.connect(self._copy)
        self.add_to_foot(folder)
        self.add_to_foot(self.copy_button)
        self.add_button("Close", kind="primary", key="Return").clicked.connect(self.accept)
        self.list.setCurrentRow(0)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(version_line())
        self.copy_button.setText("Copied")


def version_line() -> str:
    """Give versions of program, Qt, Python and system in one line."""
    system = f"{platform.system()} {platform.release()}"
    return f"annotator {__version__}, Qt {qVersion()}, Python {platform.python_version()}, {system}"
