"""What this program is: version, where things are kept, and the licences of all that comes with it."""

from __future__ import annotations

import platform
import re
from importlib import metadata

from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QSplitter, QWidget

from annotator import __version__
from annotator.resources_path import resource_path
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.words import path_words
from annotator.ui.widgets import Button, make_label
from annotator.workflows.recent import settings_folder

DISTRIBUTION = "annotator-desktop"
_FONTS = {"Inter (font)": "OFL-Inter.txt", "Noto Serif (font)": "OFL-NotoSerif.txt"}
_SHIPPED = ("PySide6-Essentials", "shiboken6")


class AboutDialog(DialogFrame):
    """Version and licences; the texts are those of the installed packages."""

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
        for name in (*_FONTS, *distributions()):
            self.list.addItem(name)
        self.list.currentTextChanged.connect(lambda name: self.text.setPlainText(licence_of(name)))
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


def distributions() -> list[str]:
    """List the installed packages that the program stands on, with theirs, by name."""
    found: dict[str, str] = {}
    waiting = [DISTRIBUTION, *_SHIPPED]
    while waiting:
        name = waiting.pop()
        plain = _plain(name)
        if plain in found:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[plain] = package.metadata["Name"]
        # Extras are what somebody may add, not what comes along.
        waiting += [
            match[0]
            for line in package.requires or ()
            if "extra ==" not in line and (match := re.match(r"[\w.-]+", line))
        ]
    found.pop(_plain(DISTRIBUTION), None)
    return sorted(found.values(), key=str.casefold)


def licence_of(name: str) -> str:
    """Give the licence of a part: what its files say, else what its description says."""
    if name in _FONTS:
        return resource_path("fonts", _FONTS[name]).read_text(encoding="utf-8")
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return ""
    told = [f"{package.metadata['Name']} {package.version}"]
    fields = ("License-Expression", "License")
    stated = next((text for field in fields for text in package.metadata.get_all(field) or () if text), "")
    if not stated:
        classifiers = package.metadata.get_all("Classifier") or []
        stated = "; ".join(each.split(" :: ")[-1] for each in classifiers if each.startswith("License ::"))
    told.append(stated or "No licence is stated in its description.")
    told += [file.read_text(encoding="utf-8") for file in package.files or () if _is_licence(file.name)]
    return "\n\n".join(told)


def _is_licence(name: str) -> bool:
    return name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE"))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
