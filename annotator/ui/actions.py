"""Everything a person can do in the window, in ONE table: `ACTIONS`.

Menus, the palette, tooltips, the hint bar, the list of keys, the key handler and the tests read it.
Nothing is carried out here (`handlers.py` says who does it), and no Qt is needed to read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Scope = Literal["window", "article", "relation"]
MENUS = ("File", "Edit", "View", "Document", "Candidates", "Relations", "Tools", "Help")
"""The menus, in the order in which they stand."""
DIGITS = tuple("1234567890")
SHIFT_DIGITS = tuple(f"Shift+{digit}" for digit in DIGITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do.

    Args:
        id: stable name. text: as in the menu, an ellipsis when something is asked.
        keys: strokes such as `Ctrl+K`, `Shift+A`, `Return`; the first is the one that is shown.
        scope: where the keys act: `window` everywhere, `article` while the article has the focus,
            `relation` while a partner is picked.
        article_keys: further strokes of a window action that act in the article alone.
        menu: which menu; group: entries of one group stand together. Empty menu: relation mode only.
        icon: name of an icon, or empty. tip: what it does, in a sentence without the key.
        needs: facts that must hold for it to be possible (`facts.py`).
        check: a name of a setting or state that a tick shows, or empty.
        parent: text of the submenu it stands in, or empty.
        shown_keys: how the keys are written where there are many, such as `1-9`.
    """

    id: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    scope: Scope = "window"
    article_keys: tuple[str, ...] = ()
    menu: str = ""
    group: int = 0
    icon: str = ""
    needs: tuple[str, ...] = ()
    check: str = ""
    parent: str = ""
    shown_keys: str = ""

    @property
    def key(self) -> str:
        """Give the stroke that is shown beside it, or an empty string."""
        return self.shown_keys or (self.keys[0] if self.keys else "")

    @property
    def tooltip(self) -> str:
        """Say what it does and which key does it."""
        return f"{self.tip}  ({key_words(self.key)})" if self.key else self.tip


def _file() -> Iterable[Action]:
    yield Action(id="new_project", text="New project…", tip="Start a project: name, labels, articles",
                 keys=("Ctrl+N",), menu="File", group=1, icon="plus")
    yield Action(id="open_project", text="Open project…", tip="Open a project file",
                 keys=("Ctrl+O",), menu="File", group=1, icon="folder")
    yield Action(id="open_sample", text="Open the sample project", tip="Look at a finished set-up with short articles",
                 menu="File", group=1, icon="file")
    yield Action(id="import", text="Import…", tip="Bring in texts, JSONL, DocBin and other files",
                 keys=("Ctrl+I",), menu="File", group=2, icon="import", needs=("write",))
    yield Action(id="import_folder", text="Import a folder…", tip="Bring in all files of a folder",
                 menu="File", group=2, icon="folder", needs=("write",))
    yield Action(id="paste_text", text="Paste text as a document", tip="Make a document of the text on the clipboard",
                 keys=("Ctrl+V",), menu="File", group=2, icon="file", needs=("write",))
    yield Action(id="export", text="Export…", tip="Write files that train a model",
                 keys=("Ctrl+E",), menu="File", group=2, icon="export", needs=("project",))
    yield Action(id="close_project", text="Close the project", tip="Close the project; everything is saved",
                 keys=("Ctrl+W",), menu="File", group=3, needs=("project",))
    yield Action(id="quit", text="Quit", tip="Leave the program; everything is saved",
                 keys=("Ctrl+Q",), menu="File", group=3)


def _edit() -> Iterable[Action]:
    yield Action(id="undo", text="Undo", tip="Take back the last act and go where it was",
                 keys=("Ctrl+Z",), menu="Edit", group=1, icon="undo", needs=("undo",))
    yield Action(id="redo", text="Redo", tip="Do again what was taken back",
                 keys=("Ctrl+Shift+Z", "Ctrl+Y"), menu="Edit", group=1, icon="redo", needs=("redo",))
    yield Action(id="repeat", text="Repeat", tip="Do the last act again, on what is selected now",
                 keys=(".",), scope="article", menu="Edit", group=1, needs=("write", "repeat"))
    yield Action(id="copy", text="Copy", tip="Copy the selected words",
                 keys=("Ctrl+C",), scope="article", menu="Edit", group=2, icon="copy", needs=("words",))
    yield Action(id="find", text="Find in this document…", tip="Find words in this document",
                 keys=("Ctrl+F",), menu="Edit", group=3, icon="search", needs=("document",))
    yield Action(id="find_next", text="Find next", tip="Go to the next place found",
                 keys=("F3",), menu="Edit", group=3, needs=("found",))
    yield Action(id="find_previous", text="Find previous", tip="Go to the place found before",
                 keys=("Shift+F3",), menu="Edit", group=3, needs=("found",))
    yield Action(id="settings", text="Settings…", tip="Look, text size, what a decision does next",
                 keys=("Ctrl+,",), menu="Edit", group=4, icon="settings")


def _view() -> Iterable[Action]:
    yield Action(id="palette", text="Go to or do anything…", tip="Search actions, labels, documents",
                 keys=("Ctrl+K",), menu="View", group=1, icon="search")
    yield Action(id="documents_panel", text="Documents panel", tip="Show or hide the documents",
                 keys=("Ctrl+1",), menu="View", group=2, icon="panel_left", needs=("project",), check="documents_panel")
    yield Action(id="work_panel", text="Work panel", tip="Show or hide labels and selection",
                 keys=("Ctrl+2",), menu="View", group=2, icon="panel_right", needs=("project",), check="work_panel")
    yield Action(id="next_panel", text="Next panel", tip="Go to the next part of the window",
                 keys=("F6",), menu="View", group=2)
    yield Action(id="previous_panel", text="Previous panel", tip="Go to the part of the window before",
                 keys=("Shift+F6",), menu="View", group=2)
    yield Action(id="scores", text="Scores on tags", tip="Show how sure the candidates are",
                 keys=("I",), scope="article", menu="View", group=3, needs=("document",), check="scores")
    yield Action(id="plain", text="Plain text while held", tip="Show the text alone as long as the key is down",
                 keys=("H",), scope="article", menu="View", group=3, needs=("document",), check="plain")
    yield Action(id="rejected", text="Rejected candidates", tip="Show what was rejected, struck out",
                 menu="View", group=3, needs=("document",), check="rejected")
    yield Action(id="compact", text="Compact lines", tip="Set the lines closer",
                 menu="View", group=3, check="compact")
    for theme, text in (("system", "As the system"), ("light", "Light"), ("dark", "Dark"),
                        ("high_contrast", "High contrast")):
        yield Action(id=f"theme_{theme}", text=text, tip=f"Theme: {text.lower()}", menu="View", group=4,
                     parent="Theme", check=f"theme_{theme}")
    yield Action(id="larger", text="Larger", tip="Larger article text", keys=("Ctrl++", "Ctrl+="),
                 menu="View", group=4, parent="Text size")
    yield Action(id="smaller", text="Smaller", tip="Smaller article text", keys=("Ctrl+-",),
                 menu="View", group=4, parent="Text size")
    yield Action(id="normal_size", text="Normal", tip="Article text at its normal size", keys=("Ctrl+0",),
                 menu="View", group=4, parent="Text size")
    yield Action(id="full_screen", text="Full screen", tip="Use the whole screen", keys=("F11",),
                 menu="View", group=5, check="full_screen")
    yield Action(id="messages", text="Messages…", tip="Read the messages of this sitting again",
                 menu="View", group=5)


def _document() -> Iterable[Action]:
    yield Action(id="finish", text="Finish, next document",
                 tip="Go to what is unseen or doubtful; again: accept the rest and go on",
                 keys=("Ctrl+Return", "Ctrl+Enter"), menu="Document", group=1, icon="state_done",
                 needs=("write", "document"))
    yield Action(id="skip", text="Skip with a reason…", tip="Leave this document out, saying why, and go on",
                 keys=("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), menu="Document", group=1, icon="state_skipped",
                 needs=("write", "document"))
    yield Action(id="unfinish", text="Back to work", tip="Take the document back from done or skipped",
                 menu="Document", group=1, needs=("write", "closed"))
    yield Action(id="next_document", text="Next document", tip="Open the next document",
                 keys=("Ctrl+PgDown",), menu="Document", group=2, needs=("document",))
    yield Action(id="previous_document", text="Previous document", tip="Open the document before",
                 keys=("Ctrl+PgUp",), menu="Document", group=2, needs=("document",))
    yield Action(id="filter", text="Filter documents", tip="Go to the filter of the documents",
                 keys=("Ctrl+P",), menu="Document", group=2, icon="search", needs=("project",))
    yield Action(id="back", text="Back", tip="Go back to where you were",
                 keys=("Alt+Left",), menu="Document", group=3, needs=("back",))
    yield Action(id="forward", text="Forward", tip="Go forward again",
                 keys=("Alt+Right",), menu="Document", group=3, needs=("forward",))
    yield Action(id="note", text="Note", tip="Write a note on the selection or the document",
                 keys=("N",), scope="article", menu="Document", group=4, icon="note", needs=("write", "document"))
    yield Action(id="flag", text="Flag the document", tip="Set or clear the flag of the document",
                 keys=("B",), scope="article", menu="Document", group=4, icon="flag",
                 needs=("write", "document"), check="flagged")
    yield Action(id="rename", text="Rename…", tip="Give the document another title",
                 keys=("F2",), menu="Document", group=4, icon="edit", needs=("write", "document"))
    yield Action(id="exclude", text="Leave out of exports", tip="Keep the document, but out of exports and counts",
                 menu="Document", group=5, needs=("write", "document"), check="excluded")
    yield Action(id="remove_document", text="Remove from the project", tip="Take the document out; undo brings it back",
                 menu="Document", group=5, icon="trash", needs=("write", "document"))


def _candidates() -> Iterable[Action]:
    yield _article("accept", "Accept", "Accept the candidate and go on", ("A", "Return", "Enter"), 1, "check", "item")
    yield _article("reject", "Reject or remove", "Reject the candidate, or remove what was accepted, and go on",
                   ("X", "Delete", "Backspace"), 1, "cross", "item")
    yield _article("reopen", "Back to undecided", "Take the decision on the selection back", ("U",), 1, "", "decided")
    yield _article("next", "Next undecided", "Go on, leaving this open", ("Tab", "Space"), 2, "", "left", write=False)
    yield _article("previous", "Previous undecided", "Go back to the undecided one before",
                   ("Shift+Tab", "Shift+Space"), 2, "", "left", write=False)
    yield _article("least_sure", "Least sure one", "Go to the candidate with the lowest score",
                   ("Q",), 2, "", "left", write=False)
    yield _article("next_span", "Next span", "Go to the next span, decided or not", ("Ctrl+Down",), 2, "",
                   "document", write=False)
    yield _article("previous_span", "Previous span", "Go to the span before, decided or not", ("Ctrl+Up",), 2, "",
                   "document", write=False)
    yield Action(id="label", text="Give this label", tip="Label the words, the span or the relation", keys=DIGITS,
                 scope="article", menu="Candidates", group=3, icon="tag", needs=("write", "labelled"), shown_keys="1–9")
    yield Action(id="label_more", text="Give the eleventh label and on", tip="Labels 11 to 20", keys=SHIFT_DIGITS,
                 scope="article", menu="Candidates", group=3, needs=("write", "labelled"), shown_keys="Shift+1–9")
    yield _article("find_label", "Find a label…", "Type to find a label or relation type", ("E",), 3, "search",
                   "labelled")
    yield _article("reading", "Next reading", "Show another reading of this candidate", ("C",), 4, "", "readings",
                   write=False)
    yield _article("reading_back", "Previous reading", "Show the reading before", ("Shift+C",), 4, "", "readings",
                   write=False)
    yield _article("outer", "Outer span", "Select the span around this one, then round", ("W",), 4, "", "item",
                   write=False)
    for name, text, keys in (
        ("left_out", "Left edge out", ("S", "Ctrl+Shift+Left")), ("left_in", "Left edge in", ("D", "Ctrl+Shift+Right")),
        ("right_in", "Right edge in", ("F", "Shift+Left")), ("right_out", "Right edge out", ("G", "Shift+Right")),
    ):
        yield Action(id=name, text=text, tip=f"{text} by a word", keys=keys, needs=("write", "edges"),
                     group=5, parent="Edges", scope="article", menu="Candidates")
    for name, text, key in (
        ("left_out_character", "Left edge out by a character", "Shift+S"),
        ("left_in_character", "Left edge in by a character", "Shift+D"),
        ("right_in_character", "Right edge in by a character", "Shift+F"),
        ("right_out_character", "Right edge out by a character", "Shift+G"),
    ):
        yield Action(id=name, text=text, tip=text, keys=(key,), needs=("write", "edges"), group=5, parent="Edges",
                     scope="article", menu="Candidates")
    yield _article("accept_alike", "Accept all alike", "Accept the same words with the same label in this document",
                   ("Shift+A",), 6, "", "alike")
    yield _article("reject_alike", "Reject all alike", "Reject the same words with the same label in this document",
                   ("Shift+X",), 6, "", "alike")
    yield Action(id="accept_above", text="Accept all above a score…", tip="Accept candidates from a score on",
                 keys=("Ctrl+Shift+A",), menu="Candidates", group=6, icon="check", needs=("write", "document"))
    yield Action(id="suggest_here", text="Make candidates here", tip="Look for candidates in this document again",
                 menu="Candidates", group=7, icon="wand", needs=("write", "document"))
    yield Action(id="suggest_all", text="Make candidates everywhere", tip="Look for candidates in all open documents",
                 menu="Candidates", group=7, icon="wand", needs=("write",))
    yield from _cursor()


def _cursor() -> Iterable[Action]:
    for name, text, key in (
        ("word_left", "Word to the left", "Left"), ("word_right", "Word to the right", "Right"),
        ("line_up", "Line up", "Up"), ("line_down", "Line down", "Down"),
        ("select_up", "Select a line up", "Shift+Up"), ("select_down", "Select a line down", "Shift+Down"),
        ("line_start", "To the start of the line", "Home"), ("line_end", "To the end of the line", "End"),
        ("text_start", "To the start of the text", "Ctrl+Home"), ("text_end", "To the end of the text", "Ctrl+End"),
        ("page_up", "Page up", "PgUp"), ("page_down", "Page down", "PgDown"),
    ):
        yield Action(id=name, text=text, tip=f"{text}, with the word cursor", keys=(key,), needs=("document",),
                     group=8, parent="Move", scope="article", menu="Edit")
    yield Action(id="escape", text="One step out", tip="Leave the mode, drop the selection", keys=("Esc",),
                 scope="article", menu="Edit", group=9, needs=("document",))


def _relations() -> Iterable[Action]:
    yield Action(id="relation", text="Relation from here", keys=("R",), scope="article", menu="Relations", group=1,
                 icon="relation", tip="Pick a partner for the span; on a relation: move its end",
                 needs=("write", "item"), check="relation_mode")
    yield Action(id="reverse", text="Turn round", keys=("V",), scope="article", menu="Relations", group=1, icon="swap",
                 tip="Let the relation run the other way", needs=("write", "relation"))
    for name, text, tip, keys in (
        ("partners_next", "Further partners", "Bring the letters to the partners further on", ("PgDown",)),
        ("partners_previous", "Partners before", "Bring the letters to the partners before", ("PgUp",)),
        ("other_end", "Move the other end", "Keep this end and move the other one", ("Tab",)),
        ("likeliest", "Take the likeliest", "Take the first type of the list", ("Return", "Enter")),
        ("turn_choice", "Turn round", "Let the new relation run the other way", ("Space",)),
        ("leave_relation", "Leave", "Leave without making a relation", ("Esc",)),
    ):
        yield Action(id=name, text=text, tip=tip, keys=keys, scope="relation")
    yield Action(id="only_type", text="Only this type", tip="Ring only what this type may join", keys=DIGITS,
                 scope="relation", shown_keys="1–9")
    yield Action(id="only_type_more", text="Only this type, 11 to 20", tip="Ring only what this type may join",
                 keys=SHIFT_DIGITS, scope="relation", shown_keys="Shift+1–9")


def _tools_and_help() -> Iterable[Action]:
    yield Action(id="schema", text="Labels and relations…", tip="Change labels, colours, keys and guidelines",
                 menu="Tools", group=1, icon="tag", needs=("project",))
    yield Action(id="mapping", text="Where candidates come from…",
                 tip="Choose the pipeline and what its labels become", menu="Tools", group=1, icon="wand",
                 needs=("write",))
    yield Action(id="keys", text="All keys", tip="List every key", keys=("F1",), article_keys=("?",),
                 menu="Help", group=1, icon="keyboard")
    yield Action(id="about", text="About annotator", tip="Version, licences, where things are", menu="Help", group=2)


def _article(
    name: str, text: str, tip: str, keys: tuple[str, ...], group: int, icon: str, need: str, *, write: bool = True
) -> Action:
    """Make an action of the Candidates menu whose keys act in the article."""
    return Action(id=name, text=text, tip=tip, keys=keys, scope="article", menu="Candidates", group=group, icon=icon,
                  needs=("write", need) if write else (need,))


ACTIONS: tuple[Action, ...] = (
    *_file(), *_edit(), *_view(), *_document(), *_candidates(), *_relations(), *_tools_and_help(),
)
"""Every action, in the order of the menus."""
BY_ID = {action.id: action for action in ACTIONS}

_WORDS = {
    "Return": "Enter", "Esc": "Esc", "PgDown": "PgDn", "PgUp": "PgUp", "Delete": "Del", "Left": "←", "Right": "→",
    "Up": "↑", "Down": "↓", "Ctrl++": "Ctrl +",
}


def key_words(stroke: str) -> str:
    """Write a stroke as it stands on a key cap: `Ctrl+PgDown` becomes `Ctrl PgDn`."""
    if stroke in _WORDS:
        return _WORDS[stroke]
    return " ".join(_WORDS.get(part, part) for part in stroke.replace("++", "+\0").split("+")).replace("\0", "+")
