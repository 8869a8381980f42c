"""What a person chooses for the window. Each choice holds at once; the window keeps them (`annotator.ui.settings`)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

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
_SPACING = (Choice(False, "Normal"), Choice(True, "Closer"))


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
        self.motion_card = CheckCard("Nothing moves by itself", "no fading and no gliding")
        self.motion_card.setChecked(settings.reduced_motion)
        self.borders_card = CheckCard("Strong borders", "frames of fields and keys are easier to see")
        self.borders_card.setChecked(settings.strong_borders)
        self._arrange()
        self._connect()
        self.name_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit()

    def _arrange(self) -> None:
        self.body.addWidget(self._name)
        self.body.addWidget(Hairline())
        self.body.addWidget(make_label("Look", "head"))
        sizes = [
            FormField("Theme", self.theme_box),
            FormField("Text of the window", self.window_box),
        ]
        self.body.addWidget(RowOfFields(sizes, narrowest=200))
        article = [FormField("Text of the article", self.text_box), FormField("Lines", self.spacing_box)]
        self.body.addWidget(RowOfFields(article, narrowest=200))
        self.body.addWidget(self.borders_card)
        self.body.addWidget(self.motion_card)
        self.body.addWidget(Hairline())
        self.body.addWidget(make_label("Deciding", "head"))
        self.body.addWidget(FormField("After a decision", self.after_box))
        self.body.addStretch(1)
        self.set_note("Everything holds at once.")
        self.close_button = self.add_button("Close", kind="primary", key="Return")
        self.close_button.clicked.connect(self.accept)

    def _connect(self) -> None:
        settings = self._settings
        for box, name in (
            (self.theme_box, "theme"),
            (self.text_box, "text_size"),
            (self.window_box, "window_size"),
            (self.spacing_box, "compact"),
            (self.after_box, "stays_after_decision"),
        ):
            box.activated.connect(lambda _index, box=box, name=name: setattr(settings, name, box.value))
        for card, name in ((self.motion_card, "reduced_motion"), (self.borders_card, "strong_borders")):
            card.clicked.connect(lambda on, name=name: setattr(settings, name, on))
        self.name_field.textEdited.connect(
            lambda text: self._name.set_fault("" if text.strip() else "Decisions need a name.")
        )

    def done(self, result: int) -> None:
        """Close; a name that was changed is taken over, an empty one is not."""
        name = self.name_field.text().strip()
        super().done(result)
        if name and name != self._annotator:
            self.annotator_changed.emit(name)


def _sizes(smallest: int, now: int) -> list[Choice]:
    steps = {*range(smallest, 151, 10), *range(160, LARGEST + 1, 20), now}
    return [Choice(percent, f"{percent} %") for percent in sorted(steps)]
