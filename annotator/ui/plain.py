"""Words of others (labels, titles, notes, file names) where Qt would take them for markup or for a key.

Tooltips guess whether a text is markup, menus and buttons take `&` for the key behind it. Labels and message boxes
are told once that their text is plain (`widgets/lines.py`); everything else comes through here.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from annotator.model.wording import printable

TIP_LIMIT = 2000
"""Most characters of a tooltip: nobody reads more in one."""
MENU_LIMIT = 100
"""Most characters of one entry of a menu."""


def plain_tip(text: str) -> str:
    """Give a text for a tooltip, which shows it as it is, in its own lines."""
    lines = shortened_lines(text)
    if "<" not in lines and "&lt;" not in lines:
        return lines  # nothing in it that Qt would take for markup
    import html

    return f'<span style="white-space: pre-wrap">{html.escape(lines)}</span>'


def shortened_lines(text: str) -> str:
    """Give a text of several lines, cut at `TIP_LIMIT`, in which nothing turns the direction or acts on a screen."""
    short = text if len(text) <= TIP_LIMIT else text[:TIP_LIMIT] + "…"
    return short if short.isprintable() else "\n".join(map(printable, short.split("\n")))


def plain_entry(text: str) -> str:
    """Give a text for an entry of a menu or the words of a button: no letter of it becomes a key."""
    return printable(text, limit=MENU_LIMIT).replace("&", "&&")


def window_words(text: str) -> str:
    """Give a text for the title of a window, in which `[*]` stands for a mark of what is not saved."""
    return printable(text, limit=MENU_LIMIT).replace("[*]", "[*][*]")


def set_plain(box: QMessageBox) -> QMessageBox:
    """Let a message box show its words as they are; its second text follows the format of the first."""
    box.setTextFormat(Qt.TextFormat.PlainText)
    return box
