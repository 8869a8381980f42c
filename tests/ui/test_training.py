"""Training in the window: chosen, followed, left alone, stopped, used where it is better. Only the loop stands in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from annotator.editing.commands import SetState
from annotator.model.document import State
from annotator.suggest.training import TrainingError
from annotator.ui.dialogs.training import TrainingDialog
from annotator.ui.dialogs.training_result import TrainingResultPage, labels_of
from annotator.ui.dialogs.words import seconds_words
from annotator.ui.training import Trainings
from annotator.ui.widgets import Strip
from annotator.ui.window import MainWindow
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session
from annotator.workflows.training import Score, TrainOptions, TrainReport, Tried
from tests.ui.driving import Person, wait_until, wait_until_quiet
from tests.workflows.test_training import a_corpus


def a_report(folder: Path, *, new: int = 8, old: int | None = 5) -> TrainReport:
    """Make a report of ten people, of whom so many were found; `old` None where no pipeline was in use."""

    def tried(name: str, right: int) -> Tried:
        people = Score(right, 10, 10)
        return Tried(name=name, score=people, labels={"PERSON": people, "EVENT": Score(0, 1, 0)})

    return TrainReport(
        folder=folder,
        parts={"train": 30, "dev": 10},
        tried_on=10,
        new=tried("news", new),
        old=None if old is None else tried("en_core_web_sm", old),
        steps=1400,
        seconds=128.4,
    )


class Loop:
    """Stands in for training: goes on until it is told to end, with a report or an error."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, TrainOptions]] = []
        self.result: object = None
        self._over = threading.Event()

    def __call__(
        self, _session: Session, target: Path, options: TrainOptions, report: Report = silent
    ) -> TrainReport:
        self.asked.append((target, options))
        step = 0
        while not self._over.wait(0.005):
            step += 20
            report(step, 0, f"Training, step {step:,}, best score 0.71")
        self._over.clear()
        if isinstance(self.result, Exception):
            raise self.result
        assert isinstance(self.result, TrainReport)
        return self.result

    def end(self, result: object) -> None:
        """Let the training that is under way come to this."""
        self.result = result
        self._over.set()


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    loop = Loop()
    monkeypatch.setattr("annotator.workflows.training.train", loop)
    return loop


@pytest.fixture
def trainer(window: MainWindow, tmp_path: Path, loop: Loop) -> Iterator[Person]:
    """Somebody with 40 documents, of which 39 are done."""
    session = a_corpus(tmp_path, name="News")
    session.do(SetState(documents=(session.document_keys()[0],), state=State.IN_PROGRESS))
    session.close()
    assert window.open_project(session.path)
    window.focus_article()
    wait_until_quiet(window)
    yield Person(window)
    loop.end(Exception())


def asked(person: Person) -> TrainingDialog:
    """Press the key and wait until it is said what can be learnt from."""
    person.press("Ctrl+Shift+T")
    dialog = person.dialog()
    assert isinstance(dialog, TrainingDialog)
    wait_until(lambda: dialog.plan is not None or dialog.report is not None, what="the count")
    return dialog


def begun(person: Person) -> TrainingDialog:
    dialog = asked(person)
    person.press("Return")
    wait_until(lambda: dialog.main_button.text() == "Go on working" and "best score" in said(dialog))
    return dialog


def said(dialog: TrainingDialog) -> str:
    """Give everything the dialog says in labels, in order."""
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def test_it_says_what_there_is_to_learn_from_and_asks_for_a_training(trainer: Person, loop: Loop) -> None:
    dialog = asked(trainer)
    assert "Done: 39 of 40" in [dialog.fields.documents_box.itemText(index) for index in range(2)]
    wait_until(lambda: "39 documents with 78 spans" in said(dialog))
    assert "to learn from" in said(dialog)
    assert "little to learn from" in said(dialog)
    dialog.fields.documents_box.setFocus()
    trainer.press("Down")
    wait_until(lambda: "40 documents with 80 spans" in said(dialog))
    trainer.press("Return")
    wait_until(lambda: loop.asked, what="the training")
    target, options = loop.asked[0]
    assert (target.name, options.documents, options.layout) == ("news-pipeline", "decided", "auto")


def test_too_little_is_refused_in_words(person: Person) -> None:
    dialog = asked(person)
    wait_until(lambda: "No document is done yet" in said(dialog))
    assert not dialog.main_button.isEnabled()
    person.press("Return")
    assert dialog.isVisible()


def test_a_folder_that_holds_other_things_is_refused(trainer: Person, tmp_path: Path) -> None:
    own = tmp_path / "thesis"
    own.mkdir()
    (own / "chapter.txt").write_text("mine", encoding="utf-8")
    dialog = asked(trainer)
    dialog.fields.place_field.setFocus()
    dialog.fields.place_field.selectAll()
    trainer.type(str(own))
    wait_until(lambda: "holds something else" in said(dialog))
    assert not dialog.main_button.isEnabled()


def test_both_pipelines_are_told_label_by_label_and_the_better_one_is_used(
    trainer: Person, loop: Loop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = begun(trainer)
    folder = tmp_path / "news-pipeline"
    loop.end(a_report(folder))
    wait_until(lambda: dialog.report is not None, what="the report")
    assert dialog.windowTitle() == "Trained: better than the one in use"
    words = said(dialog)
    assert "F1 0.80" in words
    assert "F1 0.50" in words
    assert "1,400 steps, 2 min 8 s in all" in words
    model = dialog.result_page.table.model()
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    assert rows == [["PERSON", "10", "0.80", "0.50"], ["EVENT", "0", "–", "–"]]
    session = trainer.window.controller.session
    made: list[bool] = []
    assert session is not None
    monkeypatch.setattr(trainer.window.work, "suggest_after_mapping", made.append)
    trainer.press("Return")
    wait_until(lambda: made, what="candidates")
    assert made == [True]
    assert session.suggest_settings().pipeline == str(folder)
    assert trainer.has_heard("news-pipeline proposes candidates from now on.")
    wait_until(lambda: trainer.window.telling._pipeline_words() == "news-pipeline ready", what="quiet")


def test_one_that_is_not_better_is_used_only_deliberately(
    trainer: Person, loop: Loop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = begun(trainer)
    loop.end(a_report(tmp_path / "news-pipeline", new=4))
    wait_until(lambda: dialog.report is not None, what="the report")
    assert dialog.note == "Not better than the one in use."
    assert not dialog.main_button.isEnabled()
    dialog.result_page.anyway_card.setFocus()
    trainer.press("Space")
    assert dialog.note == ""
    dialog.result_page.again_card.setFocus()
    trainer.press("Space")
    made: list[bool] = []
    monkeypatch.setattr(trainer.window.work, "suggest_after_mapping", made.append)
    dialog.main_button.setFocus()
    trainer.press("Return")
    wait_until(lambda: made, what="candidates")
    assert made == [False], "only where there are none"


def test_work_goes_on_meanwhile_and_the_end_is_told_above_the_article(
    trainer: Person, loop: Loop, tmp_path: Path
) -> None:
    begun(trainer)
    trainer.press("Return")
    window = trainer.window
    assert window.jobs.running
    dialog = asked_again(trainer)
    assert "best score" in said(dialog)
    trainer.press("Escape")
    loop.end(a_report(tmp_path / "news-pipeline"))
    wait_until(lambda: window.centre.strips.get(Trainings.STRIP), what="the strip")
    told = window.centre.strips.words()[Trainings.STRIP]
    assert "F1 on 10 documents: news 0.80, en_core_web_sm 0.50." in told
    strip = window.centre.strips.get(Trainings.STRIP)
    assert isinstance(strip, Strip)
    next(each for each in strip.buttons if each.text() == "Look at it").click()
    look = trainer.dialog()
    assert isinstance(look, TrainingDialog)
    assert look.report is not None
    assert window.centre.strips.get(Trainings.STRIP) is None
    trainer.press("Escape")
    assert asked(trainer).report is None, "what was looked at is over"


def asked_again(person: Person) -> TrainingDialog:
    person.press("Ctrl+Shift+T")
    dialog = person.dialog()
    assert isinstance(dialog, TrainingDialog)
    wait_until(lambda: "best score" in said(dialog))
    return dialog


def test_a_project_that_is_closed_takes_its_training_along(trainer: Person) -> None:
    dialog = begun(trainer)
    trainer.window.projects.close()
    assert not dialog.isVisible()
    wait_until(lambda: not trainer.window.jobs.running, what="the end of the training")
    assert trainer.window.centre.strips.get(Trainings.STRIP) is None


def test_it_can_be_stopped_and_nothing_stays(trainer: Person) -> None:
    dialog = begun(trainer)
    dialog.stop_button.setFocus()
    trainer.press("Space")
    wait_until(lambda: dialog.note == "Stopped. Nothing was kept.", what="the end")
    assert dialog.main_button.text() == "Train"
    assert dialog.main_button.isEnabled()
    wait_until(lambda: not trainer.window.jobs.running, what="quiet")


def test_what_goes_wrong_is_told_in_the_dialog_or_above_the_article(trainer: Person, loop: Loop) -> None:
    error = TrainingError("Training was not finished: its process died.", "Nothing was kept. Try again.")
    dialog = begun(trainer)
    loop.end(error)
    wait_until(lambda: dialog.fault, what="the fault")
    assert dialog.fault == str(error)
    trainer.press("Return")
    wait_until(lambda: dialog.main_button.text() == "Go on working")
    trainer.press("Escape")
    loop.end(error)
    wait_until(lambda: "problem" in trainer.window.centre.strips.words(), what="the strip")
    assert "its process died" in trainer.window.centre.strips.words()["problem"]


def test_without_a_pipeline_in_use_there_is_one_column(
    qapp: QApplication, session: Session, tmp_path: Path
) -> None:
    page = TrainingResultPage(session)
    page.show_report(a_report(tmp_path, old=None))
    assert page.table.model().columnCount() == 3
    assert page.may_use
    assert page.hindrance == ""
    page.deleteLater()


def test_labels_stand_by_what_was_decided(tmp_path: Path) -> None:
    assert labels_of(a_report(tmp_path)) == ["PERSON", "EVENT"]
    assert [seconds_words(each) for each in (48.2, 200)] == ["48 s", "3 min 20 s"]
