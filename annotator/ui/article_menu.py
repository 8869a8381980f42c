"""The menu at a place in the article, made of the same actions as the menu bar; which ones depends on the selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu

from annotator.model.annotation import Fragment
from annotator.model.schema import EntityType
from annotator.ui.action import key_words
from annotator.ui.actions import BY_ID
from annotator.ui.models.article_items import label_words
from annotator.ui.plain import plain_entry, plain_tip
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import paint_chip

if TYPE_CHECKING:
    from annotator.model.schema import Type
    from annotator.ui.window import MainWindow

LABELS = "labels"
"""Stands in a list of entries for the submenu of labels or relation types."""
ONLY = "only"
"""Stands for the entry that shows the label of the selection alone, or all labels again."""
_SPAN = (
    *("relation", "along", "outer", "fragment", "drop_fragment", ""),
    *("same_here", "same_everywhere", "words_to_list", "otherwise", ONLY),
)
_END = ("", "note", "copy", "find_in_project")
_ENTRIES: dict[str, tuple[str, ...]] = {
    "candidate": (
        "accept",
        "reject",
        LABELS,
        "reading",
        "",
        *_SPAN,
        "accept_alike",
        "accept_alike_all",
        "reject_alike",
        "",
        "copy",
        "find_in_project",
    ),
    "span": (
        LABELS,
        "reject",
        "reopen",
        "",
        *_SPAN,
        "accept_alike",
        "accept_alike_all",
        "reject_alike",
        *_END,
    ),
    "relation_candidate": ("accept", "reject", LABELS, "", "reverse", "relation", "along"),
    "relation": (LABELS, "reject", "reopen", "", "reverse", "relation", "along", "", "note"),
    "rejection": ("reopen", "", "copy"),
    "text": (
        LABELS,
        "find_label",
        "fragment",
        "drop_fragment",
        "",
        "same_here",
        "same_everywhere",
        "words_to_list",
        "",
        "copy",
        "find",
        "find_in_project",
    ),
    "none": (
        *("next", "next_span", "jump", "", "find", "find_in_project", "only_found", ""),
        *("accept_above", "suggest_here"),
        *("", "note", "flag", "document_info", "", "finish", "skip"),
    ),
}
"""Ids of actions by the kind of the selection; an empty one is a line."""


class ArticleMenu(QObject):
    """Opens the menu of what is selected; `menu` is the one that is open, or None."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.menu: QMenu | None = None
        window.centre.view.context_requested.connect(self._on_requested)

    def show_at_selection(self) -> None:
        """Open the menu at what is selected, or at the first line on screen."""
        window = self._window
        view = window.centre.view
        if window.controller.selected.kind == "none":
            rect = view.rect_of_text(view.top_offset())
            place = view.viewport().mapToGlobal(rect.bottomLeft())
        else:
            place = window.centre.mapToGlobal(window.acts.selected_rect().bottomLeft())
        corner = view.viewport().mapToGlobal(QPoint(0, 0))
        room = QRect(corner, view.viewport().size())
        if not room.contains(place):
            place = room.center()
        self._open(place)

    def _on_requested(self, item: str, place: QPoint) -> None:
        window = self._window
        if window.controller.document is None or self.menu is not None:
            return
        if place.isNull():
            self.show_at_selection()
            return
        window.focus_article()
        if not item:
            self._select_word_at(place)
        self._open(place)

    def _select_word_at(self, place: QPoint) -> None:
        """Select the word that was pointed at, unless it lies in the words that are selected."""
        window = self._window
        controller, view = window.controller, window.centre.view
        offset = view.offset_at(view.viewport().mapFromGlobal(place))
        selected = controller.selected
        if offset is None:
            controller.select("", reveal=False)
            return
        if selected.kind == "text" and any(start <= offset < end for start, end in selected.fragments):
            return
        tokens = controller.tokens
        first, last = tokens.covering(offset, offset + 1)
        controller.select_text((Fragment(tokens.starts[first], tokens.ends[first]),) if first < last else ())

    def _open(self, place: QPoint) -> None:
        window = self._window
        if window.controller.document is None or self.menu is not None or window.relation.is_on:
            return
        window.jump.leave()
        window.letters.leave()
        window.update_actions()
        menu = self.menu = QMenu(window)
        menu.setToolTipsVisible(True)
        kind = window.controller.selected.kind
        menu.setAccessibleName("What can be done here")
        for name in _ENTRIES[kind]:
            if not name:
                menu.addSeparator()
            elif name == LABELS:
                self._add_labels(menu)
            elif name == ONLY:
                menu.addAction(self._only_action(menu))
            else:
                menu.addAction(window.menus.actions[name])
        menu.aboutToHide.connect(self._on_closed)
        menu.popup(place)

    def _only_action(self, menu: QMenu) -> QAction:
        window = self._window
        action = BY_ID["only_label"]
        made = QAction(f"{plain_entry(window.only_labels.words)}\t{key_words(action.key)}", menu)
        made.setObjectName(action.id)
        made.setToolTip(plain_tip(action.tooltip))
        made.triggered.connect(lambda _checked=False: window.run(action.id))
        return made

    def _add_labels(self, menu: QMenu) -> None:
        window = self._window
        controller, selected = window.controller, window.controller.selected
        is_relation = selected.kind in {"relation", "relation_candidate"}
        types: tuple[Type, ...] = controller.schema.relations if is_relation else controller.schema.entities
        titles = {"text": "Label", "relation": "Other type", "relation_candidate": "Accept with type"}
        title = titles.get(selected.kind, "Other label" if selected.kind == "span" else "Accept as")
        submenu = menu.addMenu(title)
        submenu.setToolTipsVisible(True)
        submenu.setEnabled(bool(types) and not window.hindrance(BY_ID["label"]))
        for each in types:
            submenu.addAction(self._label_action(submenu, each, is_current=each.name == selected.label))
        submenu.addSeparator()
        submenu.addAction(window.menus.actions["find_label"])

    def _label_action(self, menu: QMenu, each: Type, *, is_current: bool) -> QAction:
        window = self._window
        shown = (
            label_words(each.name, window.controller.schema) if isinstance(each, EntityType) else each.name
        )
        shown = plain_entry(shown)
        action = QAction(f"{shown}\t{key_words(each.shortcut)}" if each.shortcut else shown, menu)
        action.setObjectName(each.name)
        action.setToolTip(plain_tip(each.summary or each.name))
        if isinstance(each, EntityType):
            action.setIcon(chip_icon(each.color, ratio=window.devicePixelRatioF()))
        if is_current:
            font = action.font()
            font.setBold(True)
            action.setFont(font)
        action.triggered.connect(lambda _checked=False, name=each.name: window.deciding.label(name))
        return action

    def _on_closed(self) -> None:
        menu, self.menu = self.menu, None
        if menu is not None:
            menu.deleteLater()


def chip_icon(color_name: str, *, ratio: float = 1.0) -> QIcon:
    """Draw the chip of a label without its words, as an icon that a menu sets beside them."""
    side = theme_hub().px(16)
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_chip(painter, QRectF(0, 2, side, side - 4), "", color_name, theme_hub().theme, form="hollow")
    paint_chip(painter, QRectF(1, 3, side - 2, side - 6), "", color_name, theme_hub().theme)
    painter.end()
    return QIcon(pixmap)
