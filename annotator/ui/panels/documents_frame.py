"""Head and foot of the left panel: the project's name with its menu, import and export; what is shown, and where.

They know no project: the panel tells them words and figures and hears what is wanted.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QActionGroup, QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from annotator.model.document import State
from annotator.ui import fonts
from annotator.ui.action import key_words
from annotator.ui.actions import BY_ID
from annotator.ui.icons import paint_icon
from annotator.ui.panels.parts import RowButton
from annotator.ui.plain import plain_tip
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, ElidedLabel, Hairline, IconButton, Sign, make_label
from annotator.ui.widgets.painting import paint_words
from annotator.workflows.queueing import ENOUGH, Order
from annotator.workflows.session import Counts, DocumentFilter


class ProjectName(RowButton):
    """The name as a button; too long a name is cut, and the tooltip has the whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_name(self, name: str) -> None:
        """Show another project's name."""
        self.setText(name)
        self.setToolTip(plain_tip(name))
        self.setAccessibleName(self.tr("Project {name}, menu").format(name=name))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = theme_hub().px
        width = QFontMetrics(fonts.sans(14, 600)).horizontalAdvance(self.text())
        return QSize(width + px(8 + 6 + 14 + 8), px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_hub().px(64), self.sizeHint().height())

    def _paint_row(self, painter: QPainter) -> None:
        if not self.text():
            return
        theme, px = theme_hub().theme, theme_hub().px
        font = fonts.sans(14, 600)
        room = self.width() - px(8 + 6 + 14 + 4)
        width = min(QFontMetrics(font).horizontalAdvance(self.text()) + 1, room)
        words = QRect(px(8), 0, width, self.height())
        paint_words(painter, self.mirrored(words), self.text(), font=font, color=theme.ink, align=self.start)
        sign = QRect(words.right() + px(6), (self.height() - px(14)) // 2, px(14), px(14))
        paint_icon(painter, "chevron_down", self.mirrored(sign), theme.dim)


class DocumentsHead(QWidget):
    """The project's name, import and export.

    Signals: `menu_wanted(QPoint)` place on the screen, `import_wanted()`, `export_wanted()`.
    """

    menu_wanted = Signal(QPoint)
    import_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ProjectName()
        self.name.clicked.connect(self._ask_menu)
        self.importing = IconButton("import", self.tr("Import"), key="Ctrl+I")
        self.importing.clicked.connect(self.import_wanted)
        self.exporting = IconButton("export", self.tr("Export"), key="Ctrl+E")
        self.exporting.clicked.connect(self.export_wanted)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.name, 1)
        self._row.addWidget(self.importing)
        self._row.addWidget(self.exporting)
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()

    def set_project(self, name: str, *, can_write: bool) -> None:
        """Show another project; an empty name is none."""
        self.name.set_name(name)
        self.name.setEnabled(bool(name))
        self.importing.setEnabled(can_write)
        self.exporting.setEnabled(bool(name))

    def _ask_menu(self) -> None:
        self.menu_wanted.emit(self.name.mapToGlobal(QPoint(0, self.name.height())))

    def _lay_out(self) -> None:
        px = theme_hub().px
        self._row.setContentsMargins(px(10), px(7), px(10), px(5))
        self._row.setSpacing(px(2))


class OrderLine(QWidget):
    """Says in which order the documents are listed, where that is not the file's; `leave_wanted()` to go back to it."""

    leave_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = Sign("sort")
        self._words = ElidedLabel("", "dim")
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.leave_button = IconButton("close", self.tr("Back to file order"), key=BY_ID["order_file"].key)
        self.leave_button.clicked.connect(self.leave_wanted)
        self._row = QHBoxLayout()
        self._row.addWidget(self._sign)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self.leave_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addWidget(Hairline())
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()
        self.set_order(Order.FILE)

    def set_order(self, order: Order) -> None:
        """Say another order; of file order nothing is said."""
        self._words.setText(BY_ID[order_action(order)].text)
        self.setVisible(order is not Order.FILE)

    def _lay_out(self) -> None:
        px = theme_hub().px
        self._row.setContentsMargins(px(19), px(1), px(8), px(1))
        self._row.setSpacing(px(8))


class DocumentsFoot(QWidget):
    """Which documents are shown, with a menu of those that have no tab, and where the open one is among them.

    Signals: `show_wanted(str)` what to type into the filter: `is:flagged`, `is:skipped`, or nothing;
    `order_wanted(str)` the id of an action.
    """

    show_wanted = Signal(str)
    order_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Counts | None = None
        self._order = Order.FILE
        self.button = Button(self.tr("Show: all"), kind="quiet", icon_name="filter")
        self.button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.button.setAccessibleName(self.tr("Which documents are shown"))
        self.button.clicked.connect(self._open_menu)
        self.order_button = IconButton("sort", self.tr("Order of the documents"))
        self.order_button.clicked.connect(lambda: _above(self.make_order_menu(), self.order_button))
        self.place = make_label("", "dim")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.button)
        self._row.addWidget(self.order_button)
        self._row.addStretch(1)
        self._row.addWidget(self.place)
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()

    def set_counts(self, counts: Counts) -> None:
        """Take the figures that the menu shows."""
        self._counts = counts

    def set_filter(self, wanted: DocumentFilter) -> None:
        """Say which documents are shown."""
        if wanted.flagged:
            words = self.tr("Show: flagged")
        elif wanted.state is State.SKIPPED:
            words = self.tr("Show: skipped")
        else:
            words = self.tr("Show: all") if wanted == DocumentFilter() else self.tr("Show: filtered")
        self.button.setText(words)

    def set_order(self, order: Order) -> None:
        """Take the order in force, which the menu ticks."""
        self._order = order

    def set_place(self, place: int | None, total: int, *, is_whole: bool = True) -> None:
        """Say where the open document is, counted from 0, or that it is not among those shown.

        As long as the list still grows (`is_whole` is false), there are more than `total`.
        """
        counted = f"{total:,}" if is_whole else self.tr("more than {total}").format(total=f"{total:,}")
        if total == 0:
            words = ""
        elif place is None:
            words = self.tr("{total} shown").format(total=counted)
        else:
            words = self.tr("{place} of {total}").format(place=f"{place + 1:,}", total=counted)
        self.place.setText(words)

    def make_menu(self) -> QMenu:
        """Make the menu: all, flagged, skipped, each with its count."""
        menu = QMenu(self)
        counts = self._counts
        choices = (
            (self.tr("All documents"), "", counts.all if counts else 0),
            (self.tr("Flagged"), "is:flagged", counts.flagged if counts else 0),
            (self.tr("Skipped"), "is:skipped", counts.skipped if counts else 0),
        )
        for words, typed, count in choices:
            action = menu.addAction(f"{words}\t{count:,}")
            action.triggered.connect(lambda _checked=False, typed=typed: self.show_wanted.emit(typed))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def make_order_menu(self) -> QMenu:
        """Make the menu of orders; that of most use waits until enough is finished."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        for order in Order:
            kind = BY_ID[order_action(order)]
            action = menu.addAction(f"{kind.text}\t{key_words(kind.key)}")
            group.addAction(action)
            action.setCheckable(True)
            action.setChecked(order is self._order)
            is_early = self._counts is None or self._counts.done < ENOUGH
            action.setEnabled(order is not Order.USEFUL or not is_early)
            action.triggered.connect(lambda _checked=False, name=kind.id: self.order_wanted.emit(name))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open_menu(self) -> None:
        _above(self.make_menu(), self.button)

    def _lay_out(self) -> None:
        px = theme_hub().px
        self._row.setContentsMargins(px(6), px(3), px(16), px(3))


def order_action(order: Order) -> str:
    """Give the id of the action that chooses an order."""
    return f"order_{order.value}"


def _above(menu: QMenu, button: QWidget) -> None:
    corner = button.mapToGlobal(QPoint(0, 0))
    menu.popup(QPoint(corner.x(), corner.y() - menu.sizeHint().height()))
