"""The labels in two columns and the relation types one under the other: what can be given, by key or by click.

Both mark what the selection has and say how often each is used in the document. They know no schema beyond the
types they are handed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from annotator.model.schema import EntityType, RelationType
from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.panels.parts import RowButton
from annotator.ui.panels.telling import ends_words
from annotator.ui.plain import plain_tip
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import chip_size, key_cap_size, paint_chip, paint_frame, paint_key_cap
from annotator.ui.widgets.painting import RADIUS_CONTROL, paint_words

MANY = 10
"""With more labels than this, rows are low."""
MOST_ROWS = 10
"""So many rows of labels are seen at once; the others are scrolled to."""
_CELL, _LOW_CELL, _TYPE_ROW = 30, 28, 38


def shortcut_words(shortcut: str) -> str:
    """Write the shortcut of a type on its cap: `1`, `⇧1`, `L x`."""
    return shortcut.replace("Shift+", "⇧")


class TypeRow(RowButton):
    """A type as a row: its key, what it is, how often it is used. `is_current` marks what the selection has."""

    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.key_name = ""
        self.count = 0
        self.is_current = False
        self.is_dimmed = False
        self._content: object = None

    def is_new(self, content: object) -> bool:
        """Take note of what is shown, and tell whether it is something else than before."""
        if content == self._content:
            return False
        self._content = content
        return True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self.rect().center() if event.reason() == QContextMenuEvent.Reason.Keyboard else event.pos()
        self.menu_wanted.emit(self.mapToGlobal(place))

    def key_area(self, left: int) -> QRect:
        """Give the place of the key cap that begins at `left`; empty without a key."""
        if not self.key_name:
            return QRect(left, 0, 0, 0)
        size = key_cap_size(shortcut_words(self.key_name))
        return QRect(left, (self.height() - size.height()) // 2, size.width(), size.height())

    def paint_key(self, painter: QPainter, area: QRect) -> None:
        """Paint the key cap, if the type has a key."""
        if self.key_name:
            off = self.is_dimmed or not self.isEnabled()
            tone = "off" if off and not self.is_current else "accent" if self.is_current else "plain"
            words = shortcut_words(self.key_name)
            paint_key_cap(painter, self.mirrored(area), words, theme_hub().theme, tone=tone)  # type: ignore[arg-type]

    def paint_count(self, painter: QPainter, right: int) -> int:
        """Paint how often the type is used, ending at `right`; gives where the count begins."""
        if not self.count:
            return right
        font, words = fonts.sans(12), f"{self.count:,}"
        width = QFontMetrics(font).horizontalAdvance(words) + 1
        theme = theme_hub().theme
        color = theme.off_word if self.is_dimmed or not self.isEnabled() else theme.dim
        area = QRect(right - width, 0, width, self.height())
        paint_words(painter, self.mirrored(area), words, font=font, color=color, align=self.finish)
        return right - width


class LabelCell(TypeRow):
    """One label of the grid."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = ""
        self.color = "slate"
        self.is_low = False

    def set_type(self, kind: EntityType, *, count: int, current: bool, low: bool) -> None:
        """Show a label; the same one as before paints nothing anew."""
        if not self.is_new((kind, count, current, low)):
            return
        self.name, self.shown, self.color = kind.name, kind.shown or kind.name, kind.color
        self.key_name, self.count, self.is_current, self.is_low = kind.shortcut, count, current, low
        self.setAccessibleName(f"{self.name}{', chosen' if current else ''}")
        self.setAccessibleDescription(f"key {shortcut_words(kind.shortcut)}, {count} in this document")
        self.setToolTip(plain_tip(f"{self.name}: {kind.summary}" if kind.summary else self.name))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = theme_hub().px
        return QSize(px(110), px(_LOW_CELL if self.is_low else _CELL))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_hub().px(72), self.sizeHint().height())

    def _paint_ground(self, painter: QPainter) -> None:
        if self.is_current:
            theme = theme_hub().theme
            fill = theme.wash if theme.high_contrast else theme.hover
            paint_frame(painter, self.rect(), fill=fill, border=None, radius=RADIUS_CONTROL)
        else:
            super()._paint_ground(painter)

    def _paint_row(self, painter: QPainter) -> None:
        px = theme_hub().px
        key = self.key_area(px(6))
        self.paint_key(painter, key)
        left = key.right() + 1 + px(8) if self.key_name else px(32)
        end = self.paint_count(painter, self.width() - px(6)) - px(6)
        size = chip_size(self.shown)
        chip = QRect(left, (self.height() - size.height()) // 2, min(size.width(), end - left), size.height())
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        paint_chip(painter, self.mirrored(chip), self.shown, self.color, theme_hub().theme)
        painter.setOpacity(1.0)


class NewLabelCell(RowButton):
    """The last cell of the grid: add a label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_low = False
        self.setText(self.tr("new label"))
        self.setAccessibleName(self.tr("New label"))

    def sizeHint(self) -> QSize:
        px = theme_hub().px
        return QSize(px(110), px(_LOW_CELL if self.is_low else _CELL))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_hub().px(72), self.sizeHint().height())

    def _paint_row(self, painter: QPainter) -> None:
        theme, px = theme_hub().theme, theme_hub().px
        color = theme.dim if self.isEnabled() else theme.off_word
        icon = QRect(px(8), (self.height() - px(14)) // 2, px(14), px(14))
        paint_icon(painter, "plus", self.mirrored(icon), color)
        words = QRect(px(32), 0, self.width() - px(36), self.height())
        paint_words(
            painter, self.mirrored(words), self.text(), font=fonts.sans(12), color=color, align=self.start
        )


class RelationTypeRow(TypeRow):
    """One relation type: its exact name over the ends it takes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ends = ""

    def set_type(self, kind: RelationType, *, count: int, current: bool, dimmed: bool) -> None:
        """Show a relation type; dimmed where it is not legal."""
        if not self.is_new((kind, count, current, dimmed)):
            return
        self.name, self.ends = kind.name, ends_words(kind)
        self.key_name, self.count, self.is_current, self.is_dimmed = kind.shortcut, count, current, dimmed
        state = ", chosen" if current else ", not legal here" if dimmed else ""
        self.setAccessibleName(f"{self.name}, {self.ends}{state}")
        self.setAccessibleDescription(f"key {shortcut_words(kind.shortcut)}, {count} in this document")
        tip = f"{self.name}: {kind.summary}" if kind.summary else self.name
        self.setToolTip(plain_tip(f"{tip}\n{self.ends}"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(160), theme_hub().px(_TYPE_ROW))

    def _paint_ground(self, painter: QPainter) -> None:
        if self.is_current:
            paint_frame(painter, self.rect(), fill=theme_hub().theme.wash, border=None, radius=RADIUS_CONTROL)
        else:
            super()._paint_ground(painter)

    def _paint_row(self, painter: QPainter) -> None:
        theme, px = theme_hub().theme, theme_hub().px
        key = self.key_area(px(8))
        self.paint_key(painter, key)
        left = key.right() + 1 + px(10) if self.key_name else px(36)
        end = self.paint_count(painter, self.width() - px(10)) - px(8)
        quiet = self.is_dimmed or not self.isEnabled()
        name = QRect(left, px(3), end - left, px(17))
        ends = QRect(left, px(19), end - left, px(15))
        color = theme.off_word if quiet else theme.ink
        paint_words(
            painter, self.mirrored(name), self.name, font=fonts.sans(12, 600), color=color, align=self.start
        )
        color = theme.off_word if quiet else theme.dim
        paint_words(
            painter, self.mirrored(ends), self.ends, font=fonts.sans(11), color=color, align=self.start
        )


class _Rows(QWidget):
    """Rows among which the arrows move; Tab leaves them as one thing."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, RowButton):
            self._make_entry(watched)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            target = self.neighbour(watched, event.key())
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def rows(self) -> Sequence[RowButton]:
        """List the rows that are shown, in order."""
        raise NotImplementedError

    def neighbour(self, row: QObject, key: int) -> RowButton | None:
        """Give the row that an arrow leads to, or None."""
        rows = list(self.rows())
        if row not in rows:
            return None
        step = self._steps().get(key)
        place = rows.index(row) + step if step is not None else -1
        return rows[place] if 0 <= place < len(rows) else None

    def _steps(self) -> Mapping[int, int]:
        return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}

    def _make_entry(self, entry: RowButton | None) -> None:
        for row in self.rows():
            is_entry = row is entry
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_entry else Qt.FocusPolicy.ClickFocus)

    def _settle_entry(self) -> None:
        """Let Tab come to one row: that with the focus, else the current one, else the first."""
        rows = list(self.rows())
        entry = next((row for row in rows if row.hasFocus()), None) or next(
            (row for row in rows if isinstance(row, TypeRow) and row.is_current), rows[0] if rows else None
        )
        self._make_entry(entry)


class LabelGrid(_Rows):
    """All labels, column by column, then `+ new label`.

    Signals: `label_chosen(str)` name, `new_wanted()`, `menu_wanted(str, QPoint)`.
    """

    label_chosen = Signal(str)
    new_wanted = Signal()
    menu_wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: list[LabelCell] = []
        self._shown = 0
        self._new = NewLabelCell(self)
        self._new.clicked.connect(self.new_wanted)
        self._new.installEventFilter(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._lay_out()
        theme_hub().changed.connect(self._lay_out)
        self.setAccessibleName(self.tr("Labels"))

    def set_types(
        self, types: Sequence[EntityType], *, counts: Mapping[str, int], current: str, can_add: bool
    ) -> None:
        """Show labels, with how often each is used; `current` is the one the selection has."""
        low = len(types) > MANY
        while len(self._cells) < len(types):
            self._add_cell()
        changed = self._shown != len(types) or self._new.is_low != low or self._new.isHidden() == can_add
        for cell, kind in zip(self._cells, types, strict=False):
            cell.set_type(kind, count=counts.get(kind.name, 0), current=kind.name == current, low=low)
        self._shown = len(types)
        self._new.is_low = low
        self._new.setVisible(can_add)
        if changed:
            self._arrange()
        self._settle_entry()

    def rows(self) -> Sequence[RowButton]:
        """List the cells that are shown, labels first."""
        return [*self._cells[: self._shown], *([] if self._new.isHidden() else [self._new])]

    @property
    def row_height(self) -> int:
        """Give the height of a row, in pixels."""
        return theme_hub().px(_LOW_CELL if self._new.is_low else _CELL)

    @property
    def row_count(self) -> int:
        """Count the rows of the grid."""
        return -(-len(self.rows()) // 2)

    def _steps(self) -> Mapping[int, int]:
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        across = -self.row_count if is_mirrored else self.row_count
        return {**super()._steps(), Qt.Key.Key_Right: across, Qt.Key.Key_Left: -across}

    def _add_cell(self) -> None:
        cell = LabelCell(self)
        cell.installEventFilter(self)
        cell.clicked.connect(lambda: self.label_chosen.emit(cell.name))
        cell.menu_wanted.connect(lambda place: self.menu_wanted.emit(cell.name, place))
        self._cells.append(cell)

    def _arrange(self) -> None:
        rows = self.row_count
        for cell in self._cells[self._shown :]:
            cell.hide()
        last: QWidget | None = None
        for number, row in enumerate(self.rows()):
            self._grid.addWidget(row, number % rows, number // rows)
            row.show()
            if last is not None:
                QWidget.setTabOrder(last, row)
            last = row

    def _lay_out(self) -> None:
        self._grid.setHorizontalSpacing(theme_hub().px(8))


class RelationTypeList(_Rows):
    """All relation types, one under the other.

    Signals: `type_chosen(str)` name, `menu_wanted(str, QPoint)`.
    """

    type_chosen = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[RelationTypeRow] = []
        self._shown = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.setAccessibleName(self.tr("Relation types"))

    def set_types(
        self,
        types: Sequence[RelationType],
        *,
        counts: Mapping[str, int],
        current: frozenset[str],
        legal: frozenset[str] | None,
    ) -> None:
        """Show relation types; those not in `legal` are dimmed, None dims none."""
        while len(self._rows) < len(types):
            self._add_row()
        for row, kind in zip(self._rows, types, strict=False):
            dimmed = legal is not None and kind.name not in legal | current
            count = counts.get(kind.name, 0)
            row.set_type(kind, count=count, current=kind.name in current, dimmed=dimmed)
        self._shown = len(types)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(types))
        self._settle_entry()

    def rows(self) -> Sequence[RowButton]:
        """List the types that are shown."""
        return self._rows[: self._shown]

    @property
    def row_height(self) -> int:
        """Give the height of a row with the gap after it, in pixels."""
        return theme_hub().px(_TYPE_ROW) + 1

    def _add_row(self) -> None:
        row = RelationTypeRow(self)
        row.installEventFilter(self)
        row.clicked.connect(lambda: self._choose(row))
        row.menu_wanted.connect(lambda place: self.menu_wanted.emit(row.name, place))
        self._rows.append(row)
        self._column.addWidget(row)

    def _choose(self, row: RelationTypeRow) -> None:
        if not row.is_dimmed:
            self.type_chosen.emit(row.name)
