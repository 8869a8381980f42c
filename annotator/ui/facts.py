"""What is true in the window now, as words that actions ask for (`Action.needs`). No Qt, no widget."""

from __future__ import annotations

from collections.abc import Mapping

from annotator.model.document import State
from annotator.ui.action import Action
from annotator.ui.controller import Controller
from annotator.ui.undoing import Undoing

FACTS = {
    "project": "No project is open.",
    "write": "Nothing can be changed here: the project is read only, or none is open.",
    "document": "No document is open.",
    "closed": "The document is neither done nor skipped.",
    "unfinished": "This document is done or skipped. Put it back to work first.",
    "item": "Select a span or relation first.",
    "decided": "Select something decided first.",
    "span": "Select a span first.",
    "alike": "Select a span first: alike means the same words and label.",
    "readings": "The selection has only one reading.",
    "relation": "Select a relation first.",
    "labelled": "Select words, a span or a relation first.",
    "words": "Select words or a span first.",
    "same": "Select words, a span or a candidate first.",
    "placed": "Select words, a span or a relation first.",
    "made": "Candidates are coming.",
    "left": "Nothing is left to decide here.",
    "undo": "Nothing to undo.",
    "redo": "Nothing to redo.",
    "repeat": "Nothing was done yet.",
    "refused": "Everything is saved.",
    "back": "This is the first place.",
    "forward": "This is the last place.",
    "found": "Search for something first.",
    "otherwise": "These words carry no other label elsewhere, as far as is known.",
    "labels": "Select a span first: its label is then shown alone.",
    "useful": "Finish 50 documents first: the suggesters need something to learn from.",
    "example": "Go to an example from the export dialog first: Ctrl E.",
    "finding": "Ctrl F finds words first.",
}
"""Every fact, with what to say when it does not hold."""

EVERYWHERE = frozenset({"project", "write", "undo", "redo", "refused"})
"""Facts that hold on every page; all others are about the article."""

_BY_KIND = {
    "none": (),
    "text": ("placed", "labelled", "words", "same"),
    "span": ("placed", "item", "decided", "span", "alike", "labelled", "words", "same"),
    "candidate": ("placed", "item", "span", "alike", "labelled", "words", "same"),
    "relation": ("placed", "item", "decided", "relation", "labelled"),
    "relation_candidate": ("placed", "item", "relation", "labelled"),
    "rejection": ("placed", "item", "decided", "words"),
}


def facts_of(controller: Controller, undoing: Undoing, *, in_window: Mapping[str, bool]) -> frozenset[str]:
    """Collect what holds now; `in_window` says of some facts, which the window alone knows, whether they do."""
    info, selected = controller.info, controller.selected
    holds = {
        "project": controller.session is not None,
        "write": controller.writable,
        "document": info is not None,
        "closed": info is not None and info.state in {State.DONE, State.SKIPPED},
        "unfinished": info is not None and info.state in {State.TODO, State.IN_PROGRESS},
        "readings": selected.readings is not None and len(selected.readings.candidates) > 1,
        "left": bool(controller.things.undecided or controller.things.hidden_left),
        "undo": undoing.next_undo() is not None,
        "redo": undoing.next_redo() is not None,
        "back": controller.spots.can_travel(forward=False),
        "forward": controller.spots.can_travel(forward=True),
        **in_window,
    }
    found = frozenset([name for name, is_so in holds.items() if is_so]).union(_BY_KIND[selected.kind])
    return found | {"item"} if selected.grows else found


def hindrance(action: Action, facts: frozenset[str]) -> str:
    """Say why an action is not possible now; empty if it is."""
    missing = next((need for need in action.needs if need not in facts), "")
    return FACTS[missing] if missing else ""
