"""What the palette finds: actions, labels, words of this document, documents, paragraphs, settings. No widget.

A sign before the words narrows: `>` actions, `@` labels, `#` documents, `:` a paragraph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from annotator.ui.action import key_words
from annotator.ui.actions import ACTIONS

SECTIONS = ("Actions", "Labels and words", "Documents", "Settings")
LIMIT = 6
_SETTING_IDS = ("theme_", "compact", "rejected", "scores", "larger", "smaller", "normal_size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the palette.

    Args:
        section: one of `SECTIONS`. text: what stands there. chip: a label and its hue instead of an icon.
        note: small words at the right. keys: its key.
        matched: where in `text` the words that were typed stand: start, end. why_not: set if it cannot be done now.
        run: what choosing it does.
    """

    section: str
    text: str
    run: Callable[[], object]
    icon: str = ""
    chip: tuple[str, str] | None = None
    note: str = ""
    keys: str = ""
    matched: tuple[int, int] | None = None
    why_not: str = ""
    rank: int = 0


def narrowing(typed: str) -> tuple[str, str]:
    """Split what was typed into its sign (or nothing) and the words."""
    typed = typed.lstrip()
    if typed[:1] in {">", "@", "#", ":"}:
        return typed[0], typed[1:].strip()
    return "", typed.strip()


def match(text: str, words: str) -> tuple[int, tuple[int, int] | None] | None:
    """Tell how well a text answers to words: rank (lower is better) and what to set in bold; None if it does not.

    Every word must stand in the text; one that begins the text counts most, then one that begins a word of it.
    """
    if not words:
        return 3, None
    lower, parts = text.lower(), words.lower().split()
    if not all(part in lower for part in parts):
        return None
    at = lower.find(parts[0])
    matched = (at, at + len(parts[0]))
    if at == 0:
        return 0, matched
    begins = next(
        (i for i in range(1, len(lower)) if not lower[i - 1].isalnum() and lower.startswith(parts[0], i)), -1
    )
    return (1, (begins, begins + len(parts[0]))) if begins > 0 else (2, matched)


def action_entries(
    words: str,
    *,
    run: Callable[[str], object],
    why_not: Callable[[str], str],
    checked: Callable[[str], bool],
    more: Mapping[str, str],
) -> Iterator[Entry]:
    """Find actions (and settings, which are ticked actions) by their words; `more` says more of some, by id."""
    for action in ACTIONS:
        if (
            not action.menu
            or action.id in {"palette", "label", "label_more", "escape"}
            or action.parent == "Move"
        ):
            continue
        text = f"{action.parent}: {action.text}" if action.parent else action.text
        text += more.get(action.id, "")
        found = match(text, words)
        if found is None:
            continue
        is_setting = action.id.startswith(_SETTING_IDS)
        yield Entry(
            section="Settings" if is_setting else "Actions",
            text=text,
            icon="settings" if is_setting else action.icon,
            note=(("on" if checked(action.id) else "off") if action.check else "")
            if is_setting
            else action.menu,
            keys=key_words(action.key),
            matched=found[1],
            why_not=why_not(action.id),
            rank=found[0],
            run=lambda name=action.id: run(name),  # type: ignore[misc]
        )


def best(entries: Iterable[Entry], *, narrowed: bool) -> list[Entry]:
    """Sort by section and rank, what cannot be done last, and keep a handful of each section."""
    kept = []
    found = sorted(entries, key=lambda each: (bool(each.why_not), each.rank))
    for section in SECTIONS:
        of_it = [each for each in found if each.section == section]
        kept += of_it if narrowed else of_it[:LIMIT]
    return kept
