"""Everything a person can do in the window, in ONE table: `ACTIONS`.

Menus, the palette, tooltips, the list of keys, the key handler and the tests read it. Nothing is carried out here
(`handlers.py` says who does it), and no Qt is needed to read it.
"""

from __future__ import annotations

from collections.abc import Iterator

from annotator.ui.action import Action, MenuRows
from annotator.ui.article_actions import candidates, relations, while_lettered, while_picking

MENUS = ("File", "Edit", "View", "Document", "Candidates", "Relations", "Tools", "Help")
"""The menus, in the order in which they stand."""


def _file() -> Iterator[Action]:
    row = MenuRows("File")
    yield row("new_project", "New project…", "Start a project: name, labels, articles", "Ctrl+N", "", "plus")
    yield row("open_project", "Open project…", "Open a project file", "Ctrl+O", "", "folder")
    yield row(
        "open_sample",
        "Open the sample project",
        "Look at a project with short articles",
        "Ctrl+T",
        "",
        "file",
    )
    row.line()
    yield row(
        "import", "Import…", "Bring in texts, JSONL, DocBin and other files", "Ctrl+I", "write", "import"
    )
    yield row(
        "import_folder",
        "Import a folder…",
        "Bring in all files of a folder",
        "Ctrl+Shift+I",
        "write",
        "folder",
    )
    tip = "Make a document of the text on the clipboard"
    yield row("paste_text", "Paste text as a document…", tip, "Ctrl+V", "write", "file")
    yield row("export", "Export…", "Write files that train a model", "Ctrl+E", "project", "export")
    tip = "Go to the next place that the export, or doccano, pointed at"
    yield row("next_example", "Next place of the export", tip, "Ctrl+F3", "example")
    tip = "Go to the place before that the export, or doccano, pointed at"
    yield row("previous_example", "Previous place of the export", tip, "Ctrl+Shift+F3", "example")
    tip = "Bring in what a team labels on a doccano server, and take it back"
    yield row("doccano", "Sync with doccano…", tip, "Ctrl+Shift+S", "", "refresh")
    row.line()
    tip = "Copy the project: whole, or clean for strangers"
    yield row("export_copy", "Export a copy…", tip, "Ctrl+Shift+E", "project", "copy")
    tip = "See the backups of this project, make one, put one back"
    yield row("backups", "Backups…", tip, "Ctrl+Shift+B", "project", "clock")
    tip = "Read what is left of a damaged project into a new one"
    yield row("repair", "Repair a damaged project…", tip, "Ctrl+Shift+D", "", "warning")
    row.line()
    yield row(
        "close_project", "Close the project", "Close the project; everything is saved", "Ctrl+W", "project"
    )
    yield row("quit", "Quit", "Leave the program; everything is saved", "Ctrl+Q")


def _edit() -> Iterator[Action]:
    row = MenuRows("Edit")
    yield row("undo", "Undo", "Take back the last act and go where it was", "Ctrl+Z", "undo", "undo")
    yield row("redo", "Redo", "Do again what was taken back", "Ctrl+Shift+Z Ctrl+Y", "redo", "redo")
    tip = "Do the last act again, on what is selected now"
    yield row("repeat", "Repeat", tip, ".", "write repeat", "refresh", scope="article")
    tip = "Save the last act that could not be saved, once its disk takes it"
    yield row("try_again", "Try again", tip, "F9", "refused", "refresh")
    yield row(
        "history", "History…", "See what was done, and go back to before it", "Ctrl+H", "project", "clock"
    )
    row.line()
    yield row("copy", "Copy", "Copy the selected words", "Ctrl+C", "words", "copy", scope="article")
    row.line()
    yield row("find", "Find in this document…", "Find words in this document", "Ctrl+F", "document", "search")
    yield row("find_next", "Find next", "Go to the next place found", "F3", "found")
    yield row("find_previous", "Find previous", "Go to the place found before", "Shift+F3", "found")
    tip = "Select the words that were found, to label them"
    yield row("find_take", "Select what was found", tip, "F4", "found")
    tip = "Find words only with their capitals as they are typed"
    yield row("find_case", "Find with capitals", tip, "F8", "finding", check=True)
    tip = "Find whole words only"
    yield row("find_whole", "Find whole words", tip, "Shift+F8", "finding", check=True)
    tip = "Find the documents that hold some words, and mark them there"
    yield row("find_in_project", "Find in all documents…", tip, "Ctrl+Shift+F", "project", "search")
    row.line()
    tip = "Put letters over the words on screen; typing them selects a word"
    yield row("jump", "Jump to a word", tip, "J", "document", scope="article")
    for name, text, key in (
        ("word_left", "Word to the left", "Left"),
        ("word_right", "Word to the right", "Right"),
        ("line_up", "Line up", "Up"),
        ("line_down", "Line down", "Down"),
        ("select_up", "Select a line up", "Shift+Up"),
        ("select_down", "Select a line down", "Shift+Down"),
        ("line_start", "To the start of the line", "Home"),
        ("line_end", "To the end of the line", "End"),
        ("select_line_start", "Select to the start of the line", "Shift+Home"),
        ("select_line_end", "Select to the end of the line", "Shift+End"),
        ("text_start", "To the start of the text", "Ctrl+Home"),
        ("text_end", "To the end of the text", "Ctrl+End"),
        ("select_text_start", "Select to the start of the text", "Ctrl+Shift+Home"),
        ("select_text_end", "Select to the end of the text", "Ctrl+Shift+End"),
        ("page_up", "Page up", "PgUp"),
        ("page_down", "Page down", "PgDown"),
        ("select_page_up", "Select a page up", "Shift+PgUp"),
        ("select_page_down", "Select a page down", "Shift+PgDown"),
    ):
        tip = f"{text}, in the article"
        yield row(name, text, tip, key, "document", scope="article", parent="Move")
    tip = "Leave the mode, close what is open, drop the selection"
    yield row("escape", "One step out", tip, "Esc", "document", scope="article")
    tip = "Open the menu of what is selected"
    yield row("context_menu", "Menu of the selection", tip, "Shift+F10 Menu", "document", scope="article")
    row.line()
    tip = "Look, text size, your name, what a decision does next"
    yield row("settings", "Settings…", tip, "Ctrl+,", "", "settings")


def _view() -> Iterator[Action]:
    row = MenuRows("View")
    tip = "Search actions, labels, documents"
    yield row("palette", "Go to or do anything…", tip, "Ctrl+K", "", "search")
    row.line()
    tip = "Show or hide the documents"
    yield row("documents_panel", "Documents panel", tip, "Ctrl+1", "project", "panel_left", check=True)
    tip = "Show or hide labels and selection"
    yield row("work_panel", "Work panel", tip, "Ctrl+2", "project", "panel_right", check=True)
    yield row("next_panel", "Next panel", "Go to the next part of the window", "F6")
    yield row("previous_panel", "Previous panel", "Go to the part of the window before", "Shift+F6")
    row.line()
    tip = "Show how sure the candidates are; held: as long as it is down"
    yield row("scores", "Scores on tags", tip, "I", "document", "eye", scope="article", check=True)
    tip = "Show the text alone as long as the key is down"
    yield row("plain", "Plain text while held", tip, "H", "document", "eye_off", scope="article", check=True)
    tip, needs = "Show the spans of the selected label alone; again: of all labels", "document labels"
    yield row("only_label", "Only this label", tip, "K", needs, "filter", scope="article", check=True)
    tip = "Type to find a label to show alone; with some shown alone: one more, or one less"
    yield row("only_found", "Only labels by name…", tip, "Shift+K", "document", scope="article")
    tip = "Show what was rejected, struck out"
    yield row("rejected", "Rejected candidates", tip, "Ctrl+Shift+R", "document", check=True)
    yield row(
        "compact", "Compact lines", "Set the lines closer, without tags and arcs", "Ctrl+Shift+C", check=True
    )
    row.line()
    for theme, text, keys in (
        ("system", "As the system", "F7"),
        ("light", "Light", "Shift+F7"),
        ("dark", "Dark", "Ctrl+F7"),
        ("high_contrast", "High contrast", "Ctrl+Shift+F7"),
    ):
        yield row(f"theme_{theme}", text, f"Theme: {text.lower()}", keys, parent="Theme", check=True)
    yield row("larger", "Larger", "Larger article text", "Ctrl++ Ctrl+=", parent="Text size")
    yield row("smaller", "Smaller", "Smaller article text", "Ctrl+-", parent="Text size")
    yield row("normal_size", "Normal", "Article text at its normal size", "Ctrl+0", parent="Text size")
    row.line()
    yield row("full_screen", "Full screen", "Use the whole screen", "F11", check=True)
    yield row("messages", "Messages…", "Read the messages of this sitting again", "Ctrl+M", "", "comment")


def _document() -> Iterator[Action]:
    row = MenuRows("Document")
    tip, needs = "Go to what is unseen or doubtful; again: accept the rest and go on", "write document"
    yield row("finish", "Finish, next document", tip, "Ctrl+Return Ctrl+Enter", needs, "state_done")
    tip, keys = "Leave this document out, saying why, and go on", "Ctrl+Shift+Return Ctrl+Shift+Enter"
    yield row("skip", "Skip with a reason…", tip, keys, needs, "state_skipped")
    tip = "Take the document back from done or skipped"
    yield row("unfinish", "Back to work", tip, "Ctrl+Shift+U", "write closed", "state_open")
    row.line()
    yield row("next_document", "Next document", "Open the next document", "Ctrl+PgDown", "document")
    yield row("previous_document", "Previous document", "Open the document before", "Ctrl+PgUp", "document")
    tip = "Go to the filter of the documents"
    yield row("filter", "Filter documents", tip, "Ctrl+P", "project", "filter")
    yield from _orders(row)
    row.line()
    yield row("back", "Back", "Go back to where you were", "Alt+Left", "back", "arrow_left")
    yield row("forward", "Forward", "Go forward again", "Alt+Right", "forward", "arrow_right")
    row.line()
    tip = "Write a note on the selection or the document"
    yield row("note", "Note", tip, "N", needs, "note", scope="article")
    tip = "Set or clear the flag of the document"
    yield row("flag", "Flag the document", tip, "B", needs, "flag", scope="article", check=True)
    yield row("rename", "Rename…", "Give the document another title", "F2", needs, "edit")
    tip = "Source, language, words, part, history"
    yield row("document_info", "About this document…", tip, "Alt+Return", "document", "info")
    row.line()
    tip = "Keep the document, but out of exports and counts"
    yield row("exclude", "Leave out of exports", tip, "Ctrl+Shift+X", needs, check=True)
    tip = "Take the document out; undo brings it back"
    yield row("remove_document", "Remove from the project…", tip, "Ctrl+Shift+Delete", needs, "trash")
    tip = "Take the document out of the file, the history and backups; nothing brings it back"
    yield row("remove_for_good", "Remove for good…", tip, "Ctrl+Shift+Backspace", needs, "trash")


def _orders(row: MenuRows) -> Iterator[Action]:
    for name, text, tip, keys, needs in (
        ("order_file", "File order", "List documents as the file has them", "F12", "project"),
        ("order_candidates", "Most candidates first", "Begin where most is left", "Shift+F12", "project"),
        ("order_random", "Random order", "List documents by chance, always alike", "Ctrl+F12", "project"),
        (
            "order_useful",
            "Most useful next",
            "Begin with what the suggesters are least sure of; every fourth comes from file order",
            "Ctrl+Shift+F12",
            "project useful",
        ),
    ):
        yield row(name, text, tip, keys, needs, parent="Order", check=True)


def _tools_and_help() -> Iterator[Action]:
    row = MenuRows("Tools")
    tip = "Change labels, colours, keys and guidelines"
    yield row("schema", "Labels and relations…", tip, "Ctrl+L", "project", "tag")
    tip = "Choose the pipeline and what its labels become"
    yield row("mapping", "Where candidates come from…", tip, "Ctrl+Shift+L", "write", "wand")
    tip = "Add a spaCy pipeline to the program from a file, such as a wheel; needs no network"
    yield row("add_pipeline", "Add a pipeline…", tip, "Ctrl+Shift+G", "write", "plus")
    tip = "Let spaCy learn from what was decided, and try it beside the pipeline in use"
    yield row("train", "Train a pipeline…", tip, "Ctrl+Shift+T", "project", "chart")
    tip = "Switch what proposes candidates, and try and change pattern lists"
    yield row("suggesters", "Suggesters and patterns…", tip, "Ctrl+G", "project", "lines")
    tip = "Begin a pattern list of your own; words are typed into it"
    yield row("new_patterns", "New pattern list", tip, "Ctrl+Shift+N", "write", "plus")
    tip = "Propose the words of a file: TXT, CSV, or JSONL of spaCy and Prodigy"
    yield row("add_patterns", "Add a pattern file…", tip, "Ctrl+Shift+P", "write", "plus")
    row = MenuRows("Help")
    tip = "Read how everything is done, beside the window"
    yield row("handbook", "Handbook…", tip, "Ctrl+F1", "", "book")
    yield row("keys", "All keys", "List every key", "F1", "", "keyboard", article_keys="?")
    row.line()
    yield row("about", "About annotator", "Version, licences, where things are", "Shift+F1", "", "info")


ACTIONS: tuple[Action, ...] = (
    *_file(),
    *_edit(),
    *_view(),
    *_document(),
    *candidates(),
    *relations(),
    *_tools_and_help(),
    *while_picking(),
    *while_lettered(),
)
"""Every action, in the order of the menus."""
BY_ID = {action.id: action for action in ACTIONS}
