"""The page of the schema: types on the left, one type in the middle, what a change touches on the right.

Every change is one command, asked for by `command_wanted` and shown when it came back; nothing here writes.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from annotator.editing.commands import AddType, ChangeType, ExtendSchema, ReorderTypes
from annotator.model.annotation import Kind
from annotator.model.errors import UserError
from annotator.model.schema import EntityType, RelationType, Schema, Type, next_color
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import plain_scroll_area
from annotator.ui.dialogs.page_frame import FramedPage
from annotator.ui.dialogs.schema_form import TypeForm
from annotator.ui.dialogs.schema_lists import TypeSection
from annotator.ui.dialogs.schema_touch import TouchPanel
from annotator.ui.dialogs.words import file_stem
from annotator.ui.plain import plain_entry
from annotator.ui.style import set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, EmptyState, Hairline, IconButton
from annotator.workflows.projects import load_schema, preset_schemas, save_schema
from annotator.workflows.session import Session

_READ = "Schemas (*.toml *.json *.conf);;All files (*)"
_WRITTEN = "Schemas (*.toml);;doccano label types (*.types.json);;brat configuration (*.conf)"


class SchemaPage(FramedPage):
    """`command_wanted(command)` for every change, `closed()` to go back to the article."""

    command_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Schema", parent)
        self._schema = Schema()
        self._used: dict[Kind, dict[str, int]] = {Kind.SPAN: {}, Kind.RELATION: {}}
        self._current: tuple[Kind, int] | None = None
        self._adding: Kind | None = None
        self._wanted_name = ""
        self._build()

    def _build(self) -> None:
        self.entity_section, self.relation_section = TypeSection(Kind.SPAN), TypeSection(Kind.RELATION)
        self._sections = {Kind.SPAN: self.entity_section, Kind.RELATION: self.relation_section}
        lists = QWidget()
        set_surface(lists, "panel")
        column = QVBoxLayout(lists)
        column.setContentsMargins(0, 4, 0, 12)
        column.setSpacing(12)
        for kind, section in self._sections.items():
            column.addWidget(section)
            section.chosen.connect(lambda each, kind=kind: self._on_chosen(kind, each))
            section.add_wanted.connect(lambda kind=kind: self._begin(kind))
            section.order_wanted.connect(
                lambda names, kind=kind: self.command_wanted.emit(ReorderTypes(kind=kind, names=tuple(names)))
            )
            section.left.connect(lambda by, kind=kind: self._on_left(kind, by))
        column.addStretch(1)
        self.form = TypeForm()
        self.form.changed.connect(lambda each: self.command_wanted.emit(ChangeType(each)))
        self.form.relation_changed.connect(lambda each: self.command_wanted.emit(ChangeType(each)))
        self.form.relation_chosen.connect(lambda name: self.choose(Kind.RELATION, name))
        self.form.added.connect(self._add)
        self.form.typed.connect(self._on_typed)
        self._middle = plain_scroll_area(self.form)
        self.empty = EmptyState(
            "tag",
            "No labels yet",
            "Add one here, or take a preset: it brings labels, relations and their rules.",
        )
        self.empty.add_button("New entity type", kind="primary").clicked.connect(self.begin_label)
        self.touch = TouchPanel()
        set_surface(self.touch, "panel")
        self.touch.command_wanted.connect(self.command_wanted)
        self.touch.rename_wanted.connect(self._rename)
        self._right = plain_scroll_area(self.touch)
        self._right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        below = QHBoxLayout()
        below.addWidget(self._middle, 1)
        below.addWidget(self.empty, 1)
        below.addWidget(Hairline(orientation=Qt.Orientation.Vertical))
        below.addWidget(self._right)
        self._put_in(lists, self._build_buttons(), below)

    def _build_buttons(self) -> tuple[QWidget, ...]:
        self.presets_button = Button("Presets", kind="quiet")
        self.import_button = Button("Import …", kind="quiet")
        self.export_button = Button("Export …", kind="quiet")
        self.presets_button.clicked.connect(self._show_presets)
        self.import_button.clicked.connect(self._import)
        self.export_button.clicked.connect(self._export)
        self.more_button = IconButton("more", "Presets, import, export")
        self.more_button.clicked.connect(self._show_more)
        return self.presets_button, self.import_button, self.export_button, self.more_button

    # ------------------------------------------------------------------ showing

    def set_session(self, session: Session | None) -> None:
        """Show the types of another project, or of none."""
        if session is not self._session:
            self._current = self._adding = None
        self._session = session
        self.refresh()

    def choose(self, kind: Kind, name: str) -> None:
        """Show a type by name."""
        self._catch_up()
        each = self._schema.entity(name) if kind is Kind.SPAN else self._schema.relation(name)
        if each is not None:
            self._adding = None
            self._current = (kind, each.key)
            self._show_current()
            self._left.ensureWidgetVisible(self._sections[kind].list)

    def begin_label(self) -> None:
        """Ask for the name of a new entity type."""
        self._begin(Kind.SPAN)

    @property
    def current(self) -> Type | None:
        """Give the type that is shown."""
        if self._current is None:
            return None
        kind, key = self._current
        types: tuple[Type, ...] = self._schema.entities if kind is Kind.SPAN else self._schema.relations
        return next((each for each in types if each.key == key), None)

    def _read(self) -> None:
        session = self._session
        self._is_stale = False
        self._schema = session.schema if session is not None else Schema()
        usage = session.usage() if session is not None else {}
        self._used = {
            kind: {name: count for (of, name), (count, _) in usage.items() if of is kind} for kind in Kind
        }
        self._title.setText(f"Schema of {session.name}" if session is not None else "Schema")
        entities, relations = len(self._schema.entities), len(self._schema.relations)
        self._about.setText(f"{counted(entities, 'entity type')}, {counted(relations, 'relation type')}")
        self.entity_section.list.show_types(self._schema.entities, self._used[Kind.SPAN])
        self.relation_section.list.show_types(self._schema.relations, self._used[Kind.RELATION])
        self._choose_something()
        self._show_writable()
        self._show_current()

    def _choose_something(self) -> None:
        """Stay with the type that was shown; else go to the new one, or to the first."""
        if self._wanted_name:
            kind = self._adding or Kind.SPAN
            wanted: Type | None = (
                self._schema.entity(self._wanted_name)
                if kind is Kind.SPAN
                else self._schema.relation(self._wanted_name)
            )
            self._wanted_name = ""
            if wanted is not None:
                self._adding = None
                self._current = (kind, wanted.key)
                return
        if self._adding is not None or self.current is not None:
            return
        every: tuple[Type, ...] = (*self._schema.entities, *self._schema.relations)
        first = every[0] if every else None
        self._current = None if first is None else (_kind(first), first.key)

    def _show_current(self) -> None:
        session, each = self._session, self.current if self._adding is None else None
        has_any = each is not None or self._adding is not None
        self._middle.setVisible(has_any)
        self.empty.setVisible(not has_any)
        self._right.setVisible(has_any)
        for kind, section in self._sections.items():
            is_here = each is not None and self._current is not None and self._current[0] is kind
            section.list.choose(each.key if is_here and each is not None else -1)
        if session is None or not has_any:
            return
        if each is not None:
            self.form.setProperty("adds", "")
            self.form.show_type(each, self._schema, self._used[Kind.RELATION])
        self.touch.show_type(each, self._schema, session.touched_by_type, writable=self._writable)

    def _show_writable(self) -> None:
        writable = self._writable
        self.form.set_writable(writable)
        for section in self._sections.values():
            section.add_button.setEnabled(writable)
            section.list.setDragEnabled(writable)
        for button in (self.presets_button, self.import_button):
            button.setEnabled(writable)
        for button in self.empty.buttons:
            button.setEnabled(writable)
        if self._session is not None and not writable:
            self._tell("Read only: types can be looked at and exported here, not changed.", tone="warn")

    # ------------------------------------------------------------------ acting

    def _on_chosen(self, kind: Kind, each: Type) -> None:
        self._adding = None
        self._current = (kind, each.key)
        self._show_current()

    def _on_left(self, kind: Kind, by: int) -> None:
        """Go on from the end of one list to the other."""
        if kind is Kind.SPAN and by > 0 and self._schema.relations:
            self.relation_section.list.setFocus()
            self._on_chosen(Kind.RELATION, self._schema.relations[0])
        elif kind is Kind.RELATION and by < 0 and self._schema.entities:
            self.entity_section.list.setFocus()
            self._on_chosen(Kind.SPAN, self._schema.entities[-1])

    def _on_typed(self) -> None:
        self.touch.show_pending(self.form.typed_name, self.form.highlighted_key)

    def _begin(self, kind: Kind) -> None:
        if not self._writable:
            return
        self._catch_up()
        self._adding = kind
        self.form.setProperty("adds", "relation" if kind is Kind.RELATION else "label")
        self._show_current()
        self.form.show_new(kind_words="relation type" if kind is Kind.RELATION else "entity type")

    def _add(self, name: str) -> None:
        self._wanted_name = name
        if self._adding is Kind.RELATION:
            self.command_wanted.emit(AddType(RelationType(name=name)))
        else:
            color = next_color(each.color for each in self._schema.entities)
            self.command_wanted.emit(AddType(EntityType(name=name, color=color)))

    def _rename(self) -> None:
        self.form.name_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.form.name_field.selectAll()

    def _show_presets(self) -> None:
        self._menu().popup(self.presets_button.mapToGlobal(self.presets_button.rect().bottomLeft()))

    def _show_more(self) -> None:
        menu = self._menu()
        menu.addAction("Import …", self._import).setEnabled(self._writable)
        menu.addAction("Export …", self._export)
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, schema in preset_schemas():
            action = menu.addAction(plain_entry(f"Add the types of {name}"))
            action.triggered.connect(
                lambda _checked=False, schema=schema, name=name: self.extend(schema, name)
            )
            action.setEnabled(self._writable)
        return menu

    def extend(self, schema: Schema, name: str) -> None:
        """Add the types of another schema that are missing here; if none is, say so."""
        missing = [each for each in schema.entities if self._schema.entity(each.name) is None]
        links = [each for each in schema.relations if self._schema.relation(each.name) is None]
        if missing or links:
            self.strip.hide()
            self.command_wanted.emit(ExtendSchema(schema))
        else:
            self._tell(f"All types of {name} are here already; they stay as they are.", tone="question")

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Add types from", filter=_READ)
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Add the types of a schema file; what is wrong with it is said on the page."""
        try:
            schema = load_schema(str(path))
        except UserError as error:
            self.say(error)
            return
        self.extend(schema, path.name)

    def _export(self) -> None:
        session = self._session
        if session is None:
            return
        start = session.path.with_name(f"{file_stem(session.name)}.toml")
        name, _ = QFileDialog.getSaveFileName(self, "Keep the types as", str(start), _WRITTEN)
        if name:
            self.export_file(Path(name))

    def export_file(self, path: Path) -> None:
        """Write the types as TOML, or as another program's file; what is in the way, or lost, is said on the page."""
        try:
            losses = save_schema(self._schema, path, name=path.stem)
        except UserError as error:
            self.say(error)
            return
        told = " ".join(each.message for each in losses)
        self._tell(f"Written: {path.name}. {told}".strip(), tone="warn" if losses else "good")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._adding is not None:
            self._adding = None
            self._read()
        elif self.touch.is_asking:
            self.touch.close_questions()
        elif not self.form.leave_field():
            self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        kind = self._current[0] if self._current is not None else Kind.SPAN
        if self._adding is None:
            self._sections[kind].list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        super()._arrange()
        hub = theme_hub()
        self._right.setFixedWidth(min(hub.px(216 if self._is_narrow else 272), round(self.width() * 0.3)))
        has_room = self.width() >= hub.px(1000)
        for button in (self.presets_button, self.import_button, self.export_button):
            button.setVisible(has_room)
        self.more_button.setVisible(not has_room)


def _kind(each: Type) -> Kind:
    return Kind.RELATION if isinstance(each, RelationType) else Kind.SPAN
