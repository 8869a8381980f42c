"""The menu bar, made from the table of actions, and the Qt actions that carry the window's keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from annotator.ui import icons
from annotator.ui.action import Action, key_words
from annotator.ui.actions import ACTIONS, MENUS


class Menus:
    """All Qt actions by id, and the menus they stand in.

    Keys of scope `window` are shortcuts of the Qt action; keys of the article are only written beside it (they
    belong to the article's key handler, and two owners of one key would silence both).
    """

    def __init__(self, owner: QWidget, bar: QMenuBar, run: Callable[[str], None]) -> None:
        self.actions: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self._run = run
        self._groups: dict[str, QActionGroup] = {}
        for title in MENUS:
            menu = bar.addMenu(f"&{title}")
            menu.setToolTipsVisible(True)
            self.menus[title] = menu
            self._fill(owner, menu, [action for action in ACTIONS if action.menu == title])

    def _fill(self, owner: QWidget, menu: QMenu, actions: list[Action]) -> None:
        submenus: dict[str, QMenu] = {}
        group = actions[0].group if actions else 0
        for action in actions:
            if action.group != group and not (action.parent and action.parent in submenus):
                menu.addSeparator()
                group = action.group
            target = menu
            if action.parent:
                if action.parent not in submenus:
                    submenus[action.parent] = menu.addMenu(action.parent)
                target = submenus[action.parent]
            made = self._make(owner, action)
            target.addAction(made)

    def _make(self, owner: QWidget, action: Action) -> QAction:
        text = action.text.replace("&", "&&")
        made = QAction(text, owner)
        made.setObjectName(action.id)
        made.setToolTip(action.tooltip)
        made.setStatusTip("")
        if action.icon:
            made.setIcon(icons.icon(action.icon, role="dim"))
        if action.check:
            made.setCheckable(True)
        if action.id.startswith("theme_"):
            self._group("theme", owner).addAction(made)
        if action.scope == "window" and action.keys:
            made.setShortcuts([QKeySequence(key) for key in action.keys])
            made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        elif action.key:
            # A tab sets what follows where shortcuts stand, without making it one.
            made.setText(f"{text}\t{key_words(action.key)}")
        made.triggered.connect(lambda _checked=False, name=action.id: self._run(name))
        owner.addAction(made)
        self.actions[action.id] = made
        return made

    def _group(self, name: str, owner: QWidget) -> QActionGroup:
        if name not in self._groups:
            self._groups[name] = QActionGroup(owner)
        return self._groups[name]

    def update(self, *, hindrances: Mapping[str, str], checked: Mapping[str, bool]) -> None:
        """Enable what can be done, say in its tooltip why the rest cannot, and set the ticks."""
        for name, made in self.actions.items():
            why_not = hindrances.get(name, "")
            if made.isEnabled() == bool(why_not):
                made.setEnabled(not why_not)
            if made.isCheckable():
                made.setChecked(checked.get(name, False))
