"""What a person sees after a fault in the program: that their work is safe, what it was, and a report to copy."""

from __future__ import annotations

import traceback
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator.ui.dialogs.about import version_line
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.parts import TintedLabel
from annotator.ui.fonts import mono
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import make_label


class CrashDialog(DialogFrame):
    """Go on, copy the report, look at it. The report holds places in the program and no text of a document."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(
            "Something went wrong in the program. Your work is safe.", parent, width=560, height=0
        )
        self.report = report_of(error)
        words = "Every decision was written to the project file as it was made. You can go on."
        self.body.addWidget(make_label(words, wrap=True))
        short = TintedLabel(f"{place_of(error)} · {version_line()}", token="dim", size=12, is_mono=True)
        short.setWordWrap(True)
        self.body.addWidget(short)
        self.body.addWidget(make_label("No text of yours is in the report.", "hint"))
        self.text = QPlainTextEdit(self.report)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Report")
        self.text.setFont(mono(12))
        self.text.setMinimumHeight(theme_hub().px(180))
        self.text.hide()
        self.body.addWidget(self.text, 1)
        self.details_button = self.add_button("Details", kind="quiet")
        self.copy_button = self.add_button("Copy the report")
        self.go_on_button = self.add_button("Go on", kind="primary", key="Return")
        self.details_button.clicked.connect(self._show_details)
        self.copy_button.clicked.connect(self._copy)
        self.go_on_button.clicked.connect(self.accept)
        self.go_on_button.setFocus()
        self.fit()

    def _show_details(self) -> None:
        self.text.setVisible(self.text.isHidden())
        self.details_button.setText("Fewer details" if not self.text.isHidden() else "Details")
        self.fit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
        self.copy_button.setText("Copied")


def place_of(error: BaseException) -> str:
    """Say what was raised and where: `IndexError in canvas/layout.py:214`."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    last = frames[-1]
    return f"{type(error).__name__} in {'/'.join(Path(last.filename).parts[-2:])}:{last.lineno}"


def report_of(error: BaseException) -> str:
    """Give versions and the places that the fault went through; no values, for those may hold a person's text."""
    lines = [version_line(), ""]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(place_of(seen))
        lines += [
            f"  {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(lines) + "\n"
