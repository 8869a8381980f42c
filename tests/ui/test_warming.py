"""After the start: every script is met once, the heap is settled, and nothing is left of it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.resources_path import resource_path
from annotator.ui import fonts, warming
from annotator.ui.warming import SAMPLES, Warming


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_scripts_are_met_one_at_a_time_and_the_heap_is_frozen_last(qapp: QApplication, qtbot: QtBot) -> None:
    owner = QObject(qapp)
    at_work = Warming(fonts.serif(17), owner)
    before = gc.get_freeze_count()
    for left in range(len(SAMPLES) - 1, -1, -1):
        at_work.step()
        assert len(at_work._left) == left
        assert gc.get_freeze_count() == before
    at_work.step()
    assert gc.get_freeze_count() > before
    qtbot.waitUntil(lambda: not shiboken6.isValid(at_work))


def test_garbage_is_looked_for_from_the_start_of_the_window_on(qapp: QApplication) -> None:
    gc.disable()
    try:
        Warming(fonts.serif(17), QObject(qapp)).settle()
        assert gc.isenabled()
    finally:
        gc.enable()
    assert gc.get_freeze_count() > 0


def test_it_begins_by_itself_when_the_window_has_stood_a_while(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "_AFTER", 0)
    monkeypatch.setattr(warming, "_BETWEEN", 1)
    at_work = Warming(fonts.serif(17), QObject(qapp))
    assert len(at_work._left) == len(SAMPLES)
    qtbot.waitUntil(lambda: not shiboken6.isValid(at_work))


def test_the_shipped_fonts_have_no_letters_of_the_samples(qapp: QApplication) -> None:
    for name in ("NotoSerif-Regular.ttf", "Inter-Regular.otf"):
        shipped = QRawFont(str(resource_path("fonts", name)), 17)
        assert shipped.supportsCharacter(ord("A"))
        assert not any(shipped.supportsCharacter(ord(sample[0])) for sample in SAMPLES)
