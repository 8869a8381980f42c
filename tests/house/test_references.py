"""A guard against bindings that lose references to None and True at every call.

PySide6 from 6.12 on does so on interpreters older than 3.12 and aborts after some thousand calls.
Where None and True are immortal (3.12 and later) the counts cannot move, and the fault cannot bite.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

CALLS = 100
#: What other threads and the test itself may move meanwhile; the fault moves one for each call.
SLACK = 20


class _Sender(QObject):
    """Sends what the guard watches."""

    nothing_sent = Signal(object)
    truth_sent = Signal(bool)


def test_calls_and_signals_keep_the_references_to_none(qapp: QApplication) -> None:
    widget = QWidget()
    sender = _Sender()
    received: list[None] = []

    def receive(value: None) -> None:
        received.append(value)
        received.clear()

    sender.nothing_sent.connect(receive)

    def act() -> None:
        widget.setObjectName("guarded")
        widget.setParent(None)
        sender.nothing_sent.emit(None)

    assert qapp is not None
    assert abs(_moved(None, act)) < SLACK


def test_calls_and_signals_keep_the_references_to_true(qapp: QApplication) -> None:
    widget = QWidget()
    timer = QTimer()
    sender = _Sender()
    received: list[bool] = []

    def receive(value: bool) -> None:  # noqa: FBT001 - a slot takes what the signal sends
        received.append(value)
        received.clear()

    sender.truth_sent.connect(receive)

    def act() -> None:
        widget.setEnabled(True)
        widget.isEnabled()
        timer.setSingleShot(True)
        timer.isSingleShot()
        sender.truth_sent.emit(True)

    assert qapp is not None
    assert abs(_moved(True, act)) < SLACK


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal")
def test_a_lost_reference_would_be_noticed() -> None:
    kept: list[object] = []
    assert _moved(None, lambda: kept.append(None)) >= CALLS
    assert _moved(True, lambda: kept.append(True)) >= CALLS


def _moved(value: object, act: Callable[[], object]) -> int:
    """Return by how much the count of references to a value moves over CALLS acts.

    What other threads move is not the same each time, what the fault moves is: the least of three.
    """
    act()
    return min((_moved_once(value, act) for _ in range(3)), key=abs)


def _moved_once(value: object, act: Callable[[], object]) -> int:
    gc.collect()
    gc.disable()  # what other tests left would go meanwhile
    try:
        before = sys.getrefcount(value)
        for _ in range(CALLS):
            act()
        return sys.getrefcount(value) - before
    finally:
        gc.enable()
