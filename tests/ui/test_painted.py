"""What waits until a widget was painted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from annotator.ui import style
from annotator.ui.look import choose_style
from annotator.ui.painted import OncePainted
from annotator.ui.settings import Settings
from annotator.ui.widgets import EmptyState
from tests.ui.driving import let_live, wait_until


class Painted(QWidget):
    """Writes down when it is painted."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self._told = told

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        self._told.append("painted")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def widget(qapp: QApplication, told: list[str]) -> Iterator[QWidget]:
    del qapp  # asked for all the same: widgets need one
    made = Painted(told)
    made.resize(80, 60)
    yield made
    made.close()
    made.deleteLater()


def test_steps_come_after_the_painting_in_their_order(widget: QWidget, told: list[str]) -> None:
    widget.show()
    OncePainted(widget, lambda: told.append("first"), lambda: told.append("second"))
    assert told == []
    wait_until(lambda: "second" in told, what="the steps")
    assert told.index("painted") < told.index("first") < told.index("second")
    assert (told.count("first"), told.count("second")) == (1, 1)


def test_what_was_painted_before_is_painted_again(widget: QWidget, told: list[str]) -> None:
    widget.show()
    wait_until(lambda: "painted" in told, what="the painting")
    let_live(50)
    told.clear()
    OncePainted(widget, lambda: told.append("step"))
    wait_until(lambda: "step" in told, what="the step")
    assert told[0] == "painted"


def test_a_hidden_widget_is_not_waited_for(widget: QWidget, told: list[str]) -> None:
    OncePainted(widget, lambda: told.append("step"))
    wait_until(lambda: "step" in told, what="the step")
    assert told == ["step"]


def test_it_is_gone_when_all_is_done(widget: QWidget, told: list[str]) -> None:
    OncePainted(widget, lambda: told.append("step"))
    assert len(widget.findChildren(OncePainted)) == 1
    wait_until(lambda: not widget.findChildren(OncePainted), what="its end")
    assert told == ["step"]


def test_widgets_made_before_their_sheet_look_alike(qapp: QApplication) -> None:
    settings = Settings()
    choose_style(settings)
    before = _picture()
    sheet = qapp.styleSheet()
    try:
        qapp.setStyleSheet("")
        with style.sheet_at_end(qapp):
            choose_style(settings)
            made = _made()
            assert qapp.styleSheet() == ""
        assert qapp.styleSheet() == sheet
        assert _picture(made) == before
    finally:
        qapp.setStyleSheet(sheet)


def _made() -> QWidget:
    made = EmptyState("file", "No document is open", "Choose one from the list at the left.")
    made.add_button("Import", kind="primary", key="Ctrl+I")
    made.resize(500, 300)
    return made


def _picture(made: QWidget | None = None) -> object:
    made = made or _made()
    image = made.grab().toImage()
    made.deleteLater()
    return image
