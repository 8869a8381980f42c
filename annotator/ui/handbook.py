"""The pages of the handbook: Markdown of `resources/help`, with the keys that are in force put in.

`[[accept]]` in a page stands for the key of that action; a link to `action:accept` runs it, one to `page:04-relations`
turns to that page. No Qt is needed to read them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from annotator.resources_path import resource_path
from annotator.ui.action import key_words
from annotator.ui.actions import BY_ID

ACTION, PAGE = "action:", "page:"
"""What the targets of links begin with."""
_KEY = re.compile(r"\[\[(\w+)\]\]")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the name of its file without ending, its title, and its Markdown; `actions` that it tells the key of."""

    name: str
    title: str
    markdown: str
    actions: frozenset[str]

    @property
    def links(self) -> tuple[str, ...]:
        """Give the targets of its links."""
        return tuple(_LINK.findall(self.markdown))

    def holds(self, words: str) -> bool:
        """Tell whether all of some words stand in it, capitals or not."""
        text = self.markdown.casefold()
        return all(word in text for word in words.casefold().split())


def pages() -> tuple[Page, ...]:
    """Read all pages, in their order.

    Raises:
        KeyError: a page names an action that there is not.
    """
    return tuple(
        _page(file.stem, file.read_text(encoding="utf-8"))
        for file in sorted(resource_path("help").glob("*.md"))
    )


def _page(name: str, written: str) -> Page:
    title = written.partition("\n")[0].removeprefix("# ").strip()
    markdown = _KEY.sub(lambda found: f"`{key_words(BY_ID[found[1]].key)}`", written)
    return Page(name, title, markdown, frozenset(_KEY.findall(written)))
