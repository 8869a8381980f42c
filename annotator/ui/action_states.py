"""Which actions can be done now in a window, why the others cannot, and which are ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.ui.actions import ACTIONS
from annotator.ui.facts import EVERYWHERE, facts_of, hindrance
from annotator.workflows.queueing import Order

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

_THEMES = ("system", "light", "dark", "high_contrast")


class ActionStates:
    """Reads the parts of a window; changes nothing."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def facts(self) -> frozenset[str]:
        """Collect what actions ask for."""
        window = self._window
        bar = window.centre.find_bar
        in_window = {
            "made": not window.centre.coming.may_come,
            "repeat": window.deciding.can_repeat,
            "finding": bar.isVisible(),
            "found": bar.isVisible() and bool(bar.hits),
            "refused": window.not_saved.is_waiting,
            "otherwise": window.other_places.can_go(),
            "example": window.places.can_step_export,
            "useful": window.queueing.knows_useful,
            "labels": bool(window.controller.only) or bool(window.only_labels.label),
        }
        facts = facts_of(window.controller, window.undoing, in_window=in_window)
        # What acts on the article is off where it cannot be seen.
        return facts if window.pages.currentWidget() is window.page else facts & EVERYWHERE

    def hindrances(self) -> dict[str, str]:
        """Say of each action, by id, why it is not possible now; empty if it is."""
        facts = self.facts()
        return {action.id: hindrance(action, facts) for action in ACTIONS}

    def checked(self) -> dict[str, bool]:
        """Tell which actions are ticked."""
        window = self._window
        info, settings = window.controller.info, window.settings
        return {
            "documents_panel": window.page.is_shown("documents"),
            "work_panel": window.page.is_shown("work"),
            **window.looks,
            "compact": settings.compact,
            "full_screen": window.isFullScreen(),
            "flag": info is not None and info.flagged,
            "exclude": info is not None and info.excluded,
            "relation": window.controller.mode == "relation",
            "only_label": bool(window.controller.only),
            "find_case": window.centre.find_bar.case.isChecked(),
            "find_whole": window.centre.find_bar.whole.isChecked(),
            **{f"order_{order.value}": window.queueing.order is order for order in Order},
            **{f"theme_{name}": settings.theme == name for name in _THEMES},
        }
