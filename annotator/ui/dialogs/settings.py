"""What a person chooses for the window. Each choice holds at once; the window keeps them (`annotator.ui.settings`)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from annotator.ui import fonts
from annotator.ui.canvas.style import MEASURES
from annotator.ui.dialogs.backup_fields import BackupFields
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.settings import LARGEST, NORMAL, SMALLEST, Settings
from annotator.ui.widgets import CheckCard, FormField, Hairline, make_label

_THEMES = (
    Choice("system", "As the system"),
    Choice("light", "Light"),
    Choice("dark", "Dark"),
    Choice("high_contrast", "High contrast"),
)
_AFTER = (Choice(False, "Go on to the next candidate"), Choice(True, "Stay on what was decided"))
_SPACING = (Choice(False, "Comfortable"), Choice(True, "Compact, without tags"))
_FONTS = (Choice("serif", f"{fonts.SERIF}, serif"), Choice("sans", f"{fonts.SANS}, sans"))
_MOTION = (Choice("system", "As the system"), Choice("always", "Always"), Choice("never", "Never"))


class SettingsDialog(DialogFrame):
    """`annotator_changed(str)` when another name was given; all else is set in the settings themselves."""

    annotator_changed = Signal(str)

    def __init__(self, settings: Settings, annotator: str, parent: QWidget | None = None) -> None:
        super().__init__("Settings", parent, width=600, height=0)
        self._settings = settings
        self._annotator = annotator
        self.name_field = QLineEdit(annotator)
        self._name = FormField("Your name", self.name_field, hint="Every decision carries it.")
        self.theme_box = ChoiceBox(_THEMES)
        self.theme_box.choose(settings.theme)
        self.text_box = ChoiceBox(_sizes(SMALLEST, settings.text_size))
        self.text_box.choose(settings.text_size)
        self.window_box = ChoiceBox(_sizes(NORMAL, settings.window_size))
        self.window_box.choose(settings.window_size)
        self.spacing_box = ChoiceBox(_SPACING)
        self.spacing_box.choose(settings.compact)
        self.after_box = ChoiceBox(_AFTER)
        self.after_box.choose(settings.stays_after_decision)
        self.font_box = ChoiceBox(_fonts(settings.article_font))
        self.font_box.choose(settings.article_font)
        # Names of families may be long; they are read in the open list.
        self.font_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.measure_box = ChoiceBox(_measures(settings.measure))
        self.measure_box.choose(settings.measure)
        self.motion_box = ChoiceBox(_MOTION)
        self.motion_box.choose(settings.less_motion)
        self.borders_card = CheckCard("Strong borders", "frames of fields and keys")
        self.borders_card.setChecked(settings.strong_borders)
        self.backups = BackupFields(self)
        self.backups.failed.connect(self.set_fault)
        self._arrange()
        self._connect()
        self.name_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit()

    def _arrange(self) -> None:
        who = [self._name, FormField("After a decision", self.after_box)]
        self.body.addWidget(RowOfFields(who, narrowest=200))
        self.body.addWidget(Hairline())
        self.body.addWidget(make_label("Look", "head"))
        sizes = [
            FormField("Theme", self.theme_box),
            FormField("Text of the window", self.window_box),
        ]
        self.body.addWidget(RowOfFields(sizes, narrowest=200))
        motion = FormField("Nothing moves by itself", self.motion_box)
        self.body.addWidget(RowOfFields([motion, self.borders_card], narrowest=200))
        self.body.addWidget(Hairline())
        self.body.addWidget(make_label("Article", "head"))
        letters = [FormField("Font", self.font_box), FormField("Size", self.text_box)]
        self.body.addWidget(RowOfFields(letters, narrowest=200))
        lines = [FormField("Longest line", self.measure_box), FormField("Lines", self.spacing_box)]
        self.body.addWidget(RowOfFields(lines, narrowest=200))
        self.body.addWidget(Hairline())
        self.body.addWidget(make_label("Backups", "head"))
        for row in self.backups.rows:
            self.body.addWidget(row)
        self.body.addStretch(1)
        self.set_note("Everything holds at once.")
        self.close_button = self.add_button("Close", kind="primary", key="Return")
        self.close_button.clicked.connect(self.accept)

    def _connect(self) -> None:
        settings = self._settings
        for box, name in (
            (self.theme_box, "theme"),
            (self.window_box, "window_size"),
            (self.motion_box, "less_motion"),
            (self.font_box, "article_font"),
            (self.text_box, "text_size"),
            (self.measure_box, "measure"),
            (self.spacing_box, "compact"),
            (self.after_box, "stays_after_decision"),
        ):
            box.activated.connect(lambda _index, box=box, name=name: setattr(settings, name, box.value))
        self.borders_card.clicked.connect(lambda on: setattr(settings, "strong_borders", on))
        self.name_field.textEdited.connect(
            lambda text: self._name.set_fault("" if text.strip() else "Decisions need a name.")
        )

    def done(self, result: int) -> None:
        """Close; a name that was changed is taken over, an empty one is not."""
        name = self.name_field.text().strip()
        super().done(result)
        if name and name != self._annotator:
            self.annotator_changed.emit(name)


def _fonts(now: str) -> list[Choice]:
    own = [Choice(family, family) for family in fonts.own_families()]
    # A family that has gone from this computer stays chosen: it may come back.
    lost = now not in {"serif", "sans", *fonts.own_families()}
    return [*_FONTS, *([Choice(now, f"{now} (not here)")] if lost else []), *own]


def _measures(now: int) -> list[Choice]:
    return [Choice(each, f"{each} characters") for each in sorted({*MEASURES, now})]


def _sizes(smallest: int, now: int) -> list[Choice]:
    steps = {smallest, *range(smallest + -smallest % 10, 151, 10), *range(160, LARGEST + 1, 20), now}
    return [Choice(percent, f"{percent} %") for percent in sorted(steps)]
