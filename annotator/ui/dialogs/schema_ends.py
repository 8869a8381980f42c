"""Which relations a label can take part in, and which labels a relation type may join."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from annotator.model.schema import EntityType, RelationType, Schema
from annotator.ui import fonts
from annotator.ui.dialogs.chip_toggles import ChipToggles
from annotator.ui.dialogs.tables import VALUE, AnyIndex, CellDelegate, PlainTable, cell
from annotator.ui.plain import plain_entry
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, CheckCard, chip_size, make_label, paint_chip
from annotator.ui.widgets.painting import paint_words


class RelationsOfLabel(QWidget):
    """The relation types that a label may stand at an end of. Enter or a double click goes to one."""

    changed = Signal(object)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label: EntityType | None = None
        self._schema = Schema()
        self.add_button = Button("+ add", kind="link")
        self.add_button.clicked.connect(self._offer)
        self._nothing = make_label("None yet.", "dim")
        self._model = QStandardItemModel(0, 4, self)
        self.table = PlainTable("Relations it can take part in", row_height=32)
        self.table.setItemDelegate(_Ends(self.table))
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.activated.connect(self._go)
        head = QHBoxLayout()
        head.addWidget(make_label("Relations it can take part in", "label"), 1)
        head.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.table)
        column.addWidget(self._nothing)
        theme_hub().changed.connect(self._fit)

    def show_label(self, label: EntityType, schema: Schema, used: dict[str, int]) -> None:
        """Show the relation types of a label; `used` counts relations by type."""
        self._label, self._schema = label, schema
        self._model.clear()
        self._model.setHorizontalHeaderLabels(["Relation", "From", "To", "Used"])
        head = self._model.horizontalHeaderItem(3)
        if head is not None:
            head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for each in schema.relations:
            if not _takes(each, label.name):
                continue
            ends = []
            for names in (each.heads, each.children):
                item = cell(", ".join(names) or "any")
                item.setData([_chip_of(schema, name) for name in names], VALUE)
                ends.append(item)
            name = cell(each.shown or each.name, value=each.name)
            self._model.appendRow([name, *ends, cell(f"{used.get(each.name, 0):,}", right=True)])
        self.table.show_model(self._model, widths=(130, 0, 0, 64))
        has_any = self._model.rowCount() > 0
        self.table.setVisible(has_any)
        self._nothing.setVisible(not has_any)
        self.add_button.setVisible(bool(self._open_ends()))
        self._fit()

    def set_writable(self, writable: bool) -> None:  # noqa: FBT001 - a setter of one flag, as Qt's own
        """Let relation types be added, or only be read."""
        self.add_button.setEnabled(writable)

    def _open_ends(self) -> list[tuple[str, RelationType]]:
        """List what the label could be added to: what the menu says, and the relation type as it would be."""
        label = self._label
        if label is None:
            return []
        found = []
        for each in self._schema.relations:
            if each.heads and label.name not in each.heads:
                found.append((f"as the start of {each.name}", replace(each, heads=(*each.heads, label.name))))
            if each.children and label.name not in each.children:
                found.append(
                    (f"as the end of {each.name}", replace(each, children=(*each.children, label.name)))
                )
        return found

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, wanted in self._open_ends():
            action = menu.addAction(plain_entry(words))
            action.triggered.connect(lambda _checked=False, each=wanted: self.changed.emit(each))
        menu.popup(self.add_button.mapToGlobal(self.add_button.rect().bottomLeft()))

    def _go(self, index: QModelIndex) -> None:
        self.chosen.emit(str(index.siblingAtColumn(0).data(VALUE)))

    def _fit(self) -> None:
        self.table.setFixedHeight(self.table.height_of_rows())


class EndsOfRelation(QWidget):
    """What a relation type may join: labels at its start and its end as toggles, and whether it has a direction."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._type: RelationType | None = None
        self.heads = ChipToggles("From")
        self.children_toggles = ChipToggles("To")
        self._from = make_label("", "label")
        self._to = make_label("", "label")
        self.symmetric_card = CheckCard(
            "Without direction", "both ends mean the same, such as MET: it is written once and read both ways"
        )
        self.heads.changed.connect(lambda names: self._hand_on(heads=names))
        self.children_toggles.changed.connect(lambda names: self._hand_on(children=names))
        self.symmetric_card.clicked.connect(
            lambda _checked=False: self._hand_on(symmetric=self.symmetric_card.isChecked())
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        for widget in (self._from, self.heads, self._to, self.children_toggles, self.symmetric_card):
            column.addWidget(widget)
            if widget in (self.heads, self.children_toggles):
                column.addSpacing(6)

    def show_type(self, each: RelationType, schema: Schema) -> None:
        """Show a relation type."""
        self._type = each
        self.heads.show_types(schema.entities, each.heads)
        self.children_toggles.show_types(schema.entities, each.children)
        self.symmetric_card.setChecked(each.symmetric)
        self._from.setText("From" if each.heads else "From: any label, as none is chosen")
        self._to.setText("To" if each.children else "To: any label, as none is chosen")

    def _hand_on(self, **values: object) -> None:
        if self._type is not None:
            wanted = replace(self._type, **values)  # type: ignore[arg-type]
            self.changed.emit(wanted)


class _Ends(CellDelegate):
    """Draws the ends of a relation type as chips, in a row, and how many more there are."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        chips = index.data(VALUE) if index.column() in {1, 2} else None
        if not chips:
            super().paint(painter, option, index)
            return
        hub, theme = theme_hub(), theme_hub().theme
        row: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, theme.wash if self._table.hasFocus() else theme.hover)
        painter.fillRect(QRect(row.left(), row.bottom(), row.width(), 1), theme.line)
        left = row.left() + hub.px(8)
        for number, (text, color) in enumerate(chips):
            size = chip_size(text)
            rest = len(chips) - number
            room = row.right() - left - (hub.px(28) if rest > 1 else 0)
            if size.width() > room:
                where = QRect(left, row.top(), row.right() - left, row.height())
                paint_words(painter, where, f"+{rest}", font=fonts.sans(11), color=theme.dim)
                return
            place = QRect(left, row.top() + (row.height() - size.height()) // 2, size.width(), size.height())
            paint_chip(painter, place, text, color, theme)
            left += size.width() + hub.px(4)


def _takes(each: RelationType, label: str) -> bool:
    return not each.heads or not each.children or label in (*each.heads, *each.children)


def _chip_of(schema: Schema, name: str) -> tuple[str, str]:
    found = schema.entity(name)
    return (found.shown or found.name, found.color) if found is not None else (name, "slate")
