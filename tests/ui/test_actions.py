"""The one table of actions: no key twice, nothing without a handler, a place and a tooltip."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.resources_path import resource_path
from annotator.ui import icons
from annotator.ui.action import DIGITS, Action, key_words
from annotator.ui.actions import ACTIONS, BY_ID, MENUS
from annotator.ui.facts import FACTS
from annotator.ui.handlers import handled
from annotator.ui.keys import KeyMap
from annotator.workflows.projects import load_schema


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(ACTIONS)


def test_no_two_actions_share_a_key_in_a_scope() -> None:
    KeyMap(ACTIONS)


def test_a_shared_key_is_refused_and_names_both() -> None:
    first = Action(id="one", text="One", tip="One", keys=("Ctrl+J",))
    second = Action(id="two", text="Two", tip="Two", keys=("Ctrl+J",))
    with pytest.raises(ValueError, match=r"Ctrl\+J is both one and two"):
        KeyMap((first, second))


def test_every_action_has_a_handler_and_every_handler_an_action() -> None:
    assert handled() == set(BY_ID)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_an_action_is_complete(action: Action) -> None:
    assert action.text
    assert action.tip
    assert action.menu in MENUS or action.scope in {"relation", "jump", "letter"}
    assert set(action.needs) <= set(FACTS)
    assert action.keys, "every act has a key"
    assert key_words(action.key) in action.tooltip
    if action.icon:
        assert action.icon in icons.names()


@pytest.mark.parametrize("name", ["note", "flag", "rename", "exclude", "remove_document", "remove_for_good"])
def test_what_writes_in_a_document_needs_that_and_nothing_else(name: str) -> None:
    assert BY_ID[name].needs == ("write", "document")


def test_window_keys_are_never_plain_letters() -> None:
    plain = [key for action in ACTIONS if action.scope == "window" for key in action.keys if len(key) == 1]
    assert plain == []


@pytest.mark.parametrize("path", sorted(resource_path("schemas").glob("*.toml")), ids=lambda path: path.stem)
def test_keys_of_a_schema_do_not_clash(path: Path) -> None:
    schema = load_schema(str(path))
    for types in (schema.entities, schema.relations):
        keys = [each.shortcut for each in types if each.shortcut]
        assert len(set(keys)) == len(keys)
        assert all(key.removeprefix("Shift+") in DIGITS or key.startswith("L ") for key in keys)


def test_strokes_are_written_as_on_key_caps() -> None:
    assert key_words("Ctrl+Shift+Return") == "Ctrl Shift Enter"
    assert key_words("Ctrl++") == "Ctrl +"
    assert key_words("Ctrl+PgDown") == "Ctrl PgDn"
    assert key_words("Left") == "←"
