"""The rows of the table of actions that act on the article: candidates, spans, relations, and letters over words."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.ui.action import DIGITS, SHIFT_DIGITS, Action, MenuRows


def candidates() -> Iterator[Action]:
    """Give the rows of the menu Candidates."""
    row = MenuRows("Candidates")
    for group in (_deciding, _stepping, _labelling, _reshaping, _alike, _proposing):
        yield from group(row)
        row.line()


def _deciding(row: MenuRows) -> Iterator[Action]:
    tip, needs = "Accept the candidate and go on", "write item"
    yield row("accept", "Accept", tip, "A Return Enter", needs, "check", scope="article")
    tip = "Reject the candidate, or remove what was accepted, and go on"
    yield row("reject", "Reject or remove", tip, "X Delete Backspace", needs, "cross", scope="article")
    tip = "Take the decision on the selection back"
    yield row("reopen", "Back to undecided", tip, "U", "write decided", scope="article")


def _stepping(row: MenuRows) -> Iterator[Action]:
    yield row("next", "Next undecided", "Go on, leaving this open", "Tab Space", "made left", scope="article")
    tip = "Go back to the undecided one before"
    yield row("previous", "Previous undecided", tip, "Shift+Tab Shift+Space", "made left", scope="article")
    yield row(
        "least_sure",
        "Least sure one",
        "Go to the candidate with the lowest score",
        "Q",
        "made left",
        scope="article",
    )
    tip = "Go to the next span or relation, decided or not"
    yield row("next_span", "Next span or relation", tip, "Ctrl+Down", "document", scope="article")
    tip = "Go to the span or relation before, decided or not"
    yield row("previous_span", "Previous span or relation", tip, "Ctrl+Up", "document", scope="article")


def _labelling(row: MenuRows) -> Iterator[Action]:
    tip, needs = "Label the words, the span or the relation", "write labelled"
    keys, more = " ".join(DIGITS), " ".join(SHIFT_DIGITS)
    yield row("label", "Give this label", tip, keys, needs, "tag", scope="article", shown_keys="1–9, 0")
    tip, shown = "Labels 11 to 20", "Shift+1–9, 0"
    yield row("label_more", "Give a label beyond ten", tip, more, needs, scope="article", shown_keys=shown)
    tip = "Give the label that has a letter: L, then that letter"
    yield row("label_letter", "Give a label by its letter…", tip, "L", needs, scope="article")
    tip = "Type to find a label or relation type"
    yield row("find_label", "Find a label…", tip, "E", needs, "search", scope="article")


def _reshaping(row: MenuRows) -> Iterator[Action]:
    yield row(
        "reading", "Next reading", "Show another reading of this candidate", "C", "readings", scope="article"
    )
    yield row(
        "reading_back", "Previous reading", "Show the reading before", "Shift+C", "readings", scope="article"
    )
    yield row(
        "outer", "Outer span", "Select the span around this one, then round", "W", "placed", scope="article"
    )
    yield from _edges(row)


def _alike(row: MenuRows) -> Iterator[Action]:
    tip = "Accept the same words with the same label in this document"
    yield row("accept_alike", "Accept all alike", tip, "Shift+A", "write alike", scope="article")
    tip = "Accept the same words with the same label in all documents; says first how many there are"
    needs = "write alike"
    yield row("accept_alike_all", "Accept all alike in all documents…", tip, "Y", needs, scope="article")
    tip = "Reject the same words with the same label in this document"
    yield row("reject_alike", "Reject all alike", tip, "Shift+X", "write alike", scope="article")
    tip, needs = "Propose these words with this label wherever they stand in this document", "write same"
    yield row("same_here", "Same words in this document", tip, "O", needs, scope="article")
    tip = "Propose these words with this label wherever they stand in the project"
    yield row("same_everywhere", "Same words in all documents", tip, "Shift+O", needs, scope="article")
    tip = "Add these words to a pattern list, which proposes them wherever they stand"
    yield row("words_to_list", "Add to a pattern list", tip, "Shift+L", needs, "plus", scope="article")
    tip = "Go to the next place where the same words carry another label; Alt ← comes back"
    yield row("otherwise", "Labelled otherwise", tip, "M", "otherwise", scope="article")
    tip = "Accept candidates from a score on"
    yield row("accept_above", "Accept all above a score…", tip, "Ctrl+Shift+A", "write document", "check")
    tip, text = "Accept candidates of all documents from a score on", "Accept above a score in all documents…"
    yield row("accept_above_all", text, tip, "Shift+Y", "write", scope="article")


def _proposing(row: MenuRows) -> Iterator[Action]:
    tip = "Look for candidates in this document again"
    yield row("suggest_here", "Make candidates here", tip, "F5", "write document unfinished", "wand")
    tip = "Look for candidates in all unfinished documents again"
    yield row("suggest_all", "Make candidates everywhere", tip, "Shift+F5", "write", "wand")
    tip = "Show only candidates with a higher score; the others are kept"
    yield row("show_fewer", "Fewer candidates", tip, "Ctrl+Alt+Left", "write")
    yield row(
        "show_more", "More candidates", "Show candidates with a lower score, too", "Ctrl+Alt+Right", "write"
    )


def _edges(row: MenuRows) -> Iterator[Action]:
    tip = "Select the sentence around the selection; again, the next one as well"
    yield row("sentence", "Select the sentence", tip, "Shift+W", "words", scope="article")
    for name, text, keys, character in (
        ("left_out", "Left edge out", "S Ctrl+Shift+Left", "Shift+S"),
        ("left_in", "Left edge in", "D Ctrl+Shift+Right", "Shift+D"),
        ("right_in", "Right edge in", "F Shift+Left", "Shift+F"),
        ("right_out", "Right edge out", "G Shift+Right", "Shift+G"),
    ):
        # Without a selection the arrows begin one; so these ask for a document only.
        needs = "write document"
        yield row(name, text, f"{text} by a word", keys, needs, scope="article", parent="Edges")
        text = f"{text} by a character"  # noqa: PLW2901 - the same edge, more finely
        tip = f"{text}; a handle does so with Alt, or with Ctrl and Shift"
        yield row(f"{name}_character", text, tip, character, needs, scope="article", parent="Edges")
    tip = "Keep the selection and choose words of another fragment; with the mouse: Ctrl and a click or drag"
    yield row("fragment", "Begin another fragment", tip, "P", "write words", scope="article")
    tip = (
        "Take the fragment under the word cursor away, or a span's last one; with the mouse: Ctrl and a click"
    )
    yield row("drop_fragment", "Take a fragment away", tip, "Shift+P", "write words", scope="article")


def relations() -> Iterator[Action]:
    """Give the rows of the menu Relations."""
    row = MenuRows("Relations")
    tip = "Pick a partner for the span; on a relation: move its end"
    yield row(
        "relation", "Relation from here", tip, "R", "write item", "relation", scope="article", check=True
    )
    tip = "Let the relation run the other way"
    yield row("reverse", "Turn round", tip, "V", "write relation", "swap", scope="article")
    tip = "Go along the relation to its other end; Alt ← comes back"
    yield row("along", "To the other end", tip, "T", "item", scope="article")


def while_picking() -> Iterator[Action]:
    """Give what can be done while a partner is picked."""
    row = MenuRows("")
    for name, text, tip, keys in (
        ("partners_next", "Further partners", "Bring the letters to the partners further on", "PgDown"),
        ("partners_previous", "Partners before", "Bring the letters to the partners before", "PgUp"),
        ("other_end", "Move the other end", "Keep this end and move the other one", "Tab"),
        ("likeliest", "Take the likeliest", "Take the type that is marked in the list", "Return Enter"),
        ("turn_choice", "Turn round", "Let the new relation run the other way", "Space"),
        ("leave_relation", "One step out", "Leave without making a relation", "Esc"),
    ):
        yield row(name, text, tip, keys, scope="relation")
    tip = "Ring only what this type may join"
    yield row("only_type", "Only this type", tip, " ".join(DIGITS), scope="relation", shown_keys="1–9, 0")
    keys, shown = " ".join(SHIFT_DIGITS), "Shift+1–9, 0"
    yield row("only_type_more", "Only this type, beyond ten", tip, keys, scope="relation", shown_keys=shown)


def while_lettered() -> Iterator[Action]:
    """Give what can be done while letters stand over words, or the letter of a label is waited for."""
    row = MenuRows("")
    for name, text, tip, keys in (
        ("jump_next", "Words further on", "Scroll on and put the letters over the words there", "PgDown"),
        ("jump_previous", "Words before", "Scroll back and put the letters over the words there", "PgUp"),
        ("jump_back", "Forget a letter", "Forget the letter typed last, or leave", "Backspace"),
        ("leave_jump", "One step out", "Take the letters away", "Esc"),
    ):
        yield row(name, text, tip, keys, scope="jump")
    tip = "Give the label that is marked in the list"
    yield row("take_letter", "Give the marked label", tip, "Return Enter", scope="letter")
    yield row("leave_letters", "One step out", "Give no label", "Esc Backspace", scope="letter")
