"""Words that strangers chose are shown as what they are: never as markup, a key, or something that turns the line."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QLabel,
    QMenu,
    QMessageBox,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.model.errors import UserError
from annotator.ui import opening
from annotator.ui.plain import MENU_LIMIT, TIP_LIMIT, plain_entry, plain_tip, window_words
from annotator.ui.window import MainWindow
from tests.builders import a_project
from tests.house.source import PACKAGE
from tests.ui.conftest import filled
from tests.ui.driving import Person

IMAGE = "<b>x</b><img src=file:///etc/passwd>"
HOSTILE = (IMAGE, "&amp; R&D", "%s {0} $HOME", "&lt;i&gt;", "W" * 100)
TURNED = "safe \u202egnp.exe"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Fill a project with words of a stranger: titles, labels, notes, reasons, guidelines, its own name."""
    session = a_project(tmp_path)
    filled(session)
    first, second = session.document_keys()
    for each, name in zip(session.schema.entities, HOSTILE, strict=False):
        session.do(commands.ChangeType(replace(each, name=name, shown="", summary=IMAGE, guideline=IMAGE)))
    for relation, name in zip(session.schema.relations, HOSTILE[1:], strict=False):
        session.do(commands.ChangeType(replace(relation, name=name, summary=IMAGE)))
    session.do(commands.RenameDocument(first, f"{IMAGE} &amp;\n{TURNED}"))
    session.do(commands.RenameDocument(second, "W" * 5_000))
    session.do(commands.AcceptMany(documents=(first,), minimum=0.75, kinds=(Kind.SPAN,)))
    span = session.annotations(first).spans[0]
    session.do(commands.SetNote(kind=Kind.SPAN, key=span.key, note=f"{IMAGE}\n{TURNED}"))
    session.do(commands.SetNote(kind=None, key=first, note=IMAGE))
    session.do(commands.SetFlag(kind=None, key=first, flagged=True))
    session.set_setting("name", f"{IMAGE} [*]")
    session.close()
    return session.path


def widgets(person: Person) -> list[QWidget]:
    """Give every widget that lives, in the window and outside it."""
    QApplication.processEvents()
    return [
        widget
        for widget in QApplication.allWidgets()
        if widget.isVisible() or widget.window() is person.window
    ]


def takes_for_markup(text: str) -> bool:
    """Tell whether Qt would take a text for markup where nobody says what it is."""
    return bool(GuiQt.mightBeRichText(text))


def breaches(person: Person) -> list[str]:
    """Name what is shown as something else than it is."""
    found = []
    for widget in widgets(person):
        name = f"{type(widget).__name__} in {type(widget.window()).__name__}"
        if isinstance(widget, QLabel) and widget.text():
            if widget.textFormat() != Qt.TextFormat.PlainText:
                found.append(f"{name} guesses what {widget.text()[:40]!r} is")
            if any(sign in widget.text() for sign in ("&amp;lt;", "&lt;b&gt;")):
                found.append(f"{name} shows escapes: {widget.text()[:60]!r}")
        if isinstance(widget, QTextBrowser) and "<img" in widget.toHtml() and "file:" in widget.toHtml():
            found.append(f"{name} holds a picture")
        if isinstance(widget, QTextEdit) and widget.acceptRichText() and not widget.isReadOnly():
            found.append(f"{name} takes markup in")
        tip = widget.toolTip()
        if is_wrong(tip):
            found.append(f"the tooltip of {name} is markup: {tip[:60]!r}")
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += [
                f"a tooltip in {name} is markup: {tip[:60]!r}" for tip in tips_in(widget) if is_wrong(tip)
            ]
    return found


def tips_in(view: QAbstractItemView) -> Iterator[str]:
    """Give the tooltips of the first rows of a table or list."""
    model = view.model()
    for row in range(min(model.rowCount(QModelIndex()), 50)):
        for column in range(20):
            index = model.index(row, column)
            tip = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else None
            if tip:
                yield str(tip)


def is_wrong(tip: str) -> bool:
    """Tell whether a tooltip would show something else than words: markup that is not ours round escaped words."""
    return takes_for_markup(tip) and not tip.startswith('<span style="white-space: pre-wrap">')


def read(tip: str) -> str:
    """Give what a person reads in a tooltip."""
    if not takes_for_markup(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


def test_the_window_shows_words_as_they_are(person: Person) -> None:
    window = person.window
    assert breaches(person) == []
    assert IMAGE in window.centre.title.text()
    assert "\n" not in window.centre.title.text()
    assert "\u202e" not in window.centre.title.text()
    assert window.windowTitle() == f"{IMAGE} [*][*] – annotator"
    person.press("Tab")
    assert breaches(person) == []
    person.press("A")
    assert IMAGE in person.said or "&amp; R&D" in person.said or "%s {0}" in person.said
    assert breaches(person) == []


@pytest.mark.parametrize("place", ["documents", "work"])
def test_panels_and_their_tooltips(person: Person, place: Literal["documents", "work"]) -> None:
    person.window.page.show_panel(place, shown=True)
    person.press("Tab", "N")
    assert breaches(person) == []


@pytest.mark.parametrize(
    "action", ["palette", "schema", "history", "document_info", "messages", "export", "keys", "settings"]
)
def test_dialogs(person: Person, action: str) -> None:
    acts = person.window.menus.actions
    if action not in acts:
        pytest.fail(f"no action {action}; there are {sorted(acts)}")
    acts[action].trigger()
    QApplication.processEvents()
    assert breaches(person) == []
    for dialog in person.window.findChildren(QDialog):
        dialog.reject()


def test_a_menu_of_labels_shows_every_sign(person: Person) -> None:
    menu = person.window.article_menu
    menu.show_at_selection()
    QApplication.processEvents()
    shown = menu.menu
    assert shown is not None
    texts = [action.text() for sub in shown.findChildren(QMenu) for action in sub.actions()]
    names = [text.partition("\t")[0].replace("&&", "&") for text in texts]
    schema = person.window.controller.schema
    types = schema.relations if "relation" in person.kind else schema.entities
    assert {each.name for each in types} == {*names} - {"", "Find a label…"}
    assert all(re.search(r"(?<!&)&(?!&)", text.replace("&&", "")) is None for text in texts)
    assert not any(
        is_wrong(action.toolTip()) for sub in shown.findChildren(QMenu) for action in sub.actions()
    )
    shown.close()


def test_a_message_box_takes_no_markup(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[QMessageBox] = []
    monkeypatch.setattr(person.window.places, "open_dialog", shown.append)
    person.window.places.tell(UserError(f"{IMAGE} cannot be opened.", "Choose another one."))
    assert shown[0].textFormat() == Qt.TextFormat.PlainText
    assert shown[0].text() == f"{IMAGE} cannot be opened."
    shown[0].deleteLater()


@pytest.mark.parametrize(
    "text", [*HOSTILE, "plain", "a\nb <c>", "&lt;b&gt;", "AT&T\n<x>", "<", "a <b", "&#60;b&#62;"]
)
def test_a_tooltip_is_read_as_it_was_written(text: str) -> None:
    assert read(plain_tip(text)) == text


def test_a_tooltip_turns_nothing_and_has_an_end() -> None:
    assert read(plain_tip(f"{TURNED}\n<b>")) == "safe \\u202egnp.exe\n<b>"
    assert len(plain_tip("x" * 10_000_000)) == TIP_LIMIT + 1


def test_an_entry_of_a_menu_has_no_key_and_no_second_line() -> None:
    assert plain_entry("R&D\n\tx") == r"R&&D\n\tx"
    assert len(plain_entry("x" * 10_000)) == MENU_LIMIT + 1
    assert window_words("a[*]b\n") == r"a[*][*]b\n"


def test_labels_are_made_in_one_place() -> None:
    """A bare QLabel guesses whether its words are markup; `make_label` and our own labels say that they are not."""
    bare = []
    for path in sorted((PACKAGE / "ui").rglob("*.py")):
        if path.name == "lines.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bare += [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QLabel"
        ]
    assert bare == []


def test_tooltips_that_are_put_together_come_through_plain_tip() -> None:
    """What is not written out in the source may hold words of others."""
    loose = []
    for path in sorted((PACKAGE / "ui").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        loose += [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "setToolTip"
            and not _is_ours(node.args[0])
        ]
    assert loose == []


def _is_ours(node: ast.expr) -> bool:
    """Tell whether a tooltip is written out, translated from what is, of the table of actions, or made plain."""
    match node:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Name(id="plain_tip")):
            return True
        case ast.Call(func=ast.Attribute(attr="tr")):
            return all(isinstance(each, ast.Constant) for each in node.args)
        case ast.IfExp():
            return _is_ours(node.body) and _is_ours(node.orelse)
        case ast.Attribute(attr="tooltip"):
            return True
    return False


ENDLESS = "replace(hex(zeroblob(50000)), '00', 'W <b>ab')"
"""Half a million characters, made by SQLite."""


@pytest.mark.parametrize(
    ("statement", "opens"),
    [
        ("UPDATE document SET title = {0}, reason = {0}, note = {0}, source = {0}", True),
        ("UPDATE document SET metadata = json_object('a', {0}, {0}, 1)", True),
        ("UPDATE span SET note = {0}", True),
        ("UPDATE step SET name = {0}, annotator = {0}", True),
        ("UPDATE type SET guideline = {0}, summary = {0}", True),
        ("UPDATE candidate SET suggester = {0}, reason = {0}", True),
        ("UPDATE suggested SET skipped = {0}", True),
        ("UPDATE setting SET value = json_quote({0}) WHERE name IN ('name', 'language')", True),
        ("UPDATE type SET name = name || {0}", False),
        ("UPDATE type SET name = name || char(10)", False),
    ],
)
def test_words_without_end_are_cut(
    window: MainWindow, project: Path, monkeypatch: pytest.MonkeyPatch, statement: str, *, opens: bool
) -> None:
    """They are opened and shown in part; a name of a type like that is refused with words, and no project opens."""
    with closing(sqlite3.connect(project)) as connection, connection:
        connection.execute(statement.format(ENDLESS))
    said: list[object] = []
    for way in ("show_problem", "offer_repair"):
        place = window if hasattr(window, way) else opening
        monkeypatch.setattr(place, way, lambda *told: said.append(told[-1]))
    monkeypatch.setattr(window.keeping, "show_backups", lambda _path, *, fault: said.append(fault))
    assert bool(window.open_project(project)) == opens
    assert [isinstance(error, UserError) for error in said] == ([] if opens else [True])
    if not opens:
        return
    person = Person(window)
    person.press("Tab")
    assert breaches(person) == []
    for action in ("history", "document_info"):
        window.menus.actions[action].trigger()
        QApplication.processEvents()
        shown = [widget for widget in widgets(person) if isinstance(widget, QLabel)]
        assert max(len(label.text()) for label in shown) < 10_000
        person.dialog().reject()
