"""One thing that a person can do in the window, and how the rows of the table of all of them are written. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["window", "article", "relation", "jump", "letter"]
DIGITS = tuple("1234567890")
SHIFT_DIGITS = tuple(f"Shift+{digit}" for digit in DIGITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do.

    Args:
        id: stable name. text: as in the menu, an ellipsis when something is asked.
        keys: strokes such as `Ctrl+K`, `Shift+A`, `Return`; the first is the one that is shown.
        scope: where the keys act: `window` everywhere, `article` while the article has the focus,
            `relation` while a partner is picked, `jump` while letters stand over the words, `letter` while the
            letter of a label is waited for.
        article_keys: further strokes of a window action that act in the article alone.
        menu: which menu; group: entries of one group stand together. Empty menu: in a mode only.
        icon: name of an icon, or empty. tip: what it does, in a sentence without the key.
        needs: facts that must hold for it to be possible (`facts.py`).
        check: it can be ticked.
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
    check: bool = False
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


class MenuRows:
    """Makes the rows of one menu; `keys` and `needs` are written with blanks between them."""

    def __init__(self, menu: str) -> None:
        self._menu = menu
        self._group = 0

    def line(self) -> None:
        """Begin another group: a line stands in the menu."""
        self._group += 1

    def __call__(  # noqa: PLR0917 - a row of a table: its columns stand in the order in which one reads them
        self,
        name: str,
        text: str,
        tip: str,
        keys: str = "",
        needs: str = "",
        icon: str = "",
        *,
        scope: Scope = "window",
        article_keys: str = "",
        check: bool = False,
        parent: str = "",
        shown_keys: str = "",
    ) -> Action:
        """Make a row."""
        return Action(
            id=name,
            text=text,
            tip=tip,
            keys=tuple(keys.split()),
            scope=scope,
            article_keys=tuple(article_keys.split()),
            menu=self._menu,
            group=self._group,
            icon=icon,
            needs=tuple(needs.split()),
            check=check,
            parent=parent,
            shown_keys=shown_keys,
        )


_WORDS = {
    "Return": "Enter",
    "PgDown": "PgDn",
    "Delete": "Del",
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
}


def key_words(stroke: str) -> str:
    """Write a stroke as it stands on a key cap: `Ctrl+PgDown` becomes `Ctrl PgDn`."""
    head, plus, last = stroke[:-1].rpartition("+")
    parts = [*head.split("+"), last + stroke[-1:]] if plus else [stroke]
    return " ".join(_WORDS.get(part, part) for part in parts if part)
