"""Two windows on one project: the second reads, follows, and comes to work when the first is gone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from annotator.store.connections import log_of, side_file
from annotator.store.file_systems import FileSystem
from annotator.ui.doorbell import is_answered, ring
from annotator.ui.models.documents import KEY_ROLE, ROW_ROLE
from annotator.ui.read_only import STRIP
from annotator.ui.widgets import Button, Strip
from annotator.ui.window import MainWindow
from annotator.workflows.projects import open_project
from tests.builders import a_record, bring
from tests.house.source import ROOT
from tests.store.test_locking import left, somebody
from tests.ui.driving import Person, wait_until


@pytest.fixture
def second(person: Person, application: QApplication) -> Iterator[MainWindow]:
    """Open a second window on the project that `person` works in."""
    assert person.window.controller.session is not None
    window = MainWindow(annotator="Ben")
    window.resize(1280, 800)
    window.show()
    path = path_of(person.window)
    wait_until(lambda: is_answered(path), what="the door")
    assert window.open_project(path)
    yield window
    window.close()
    window.deleteLater()
    application.processEvents()


def strip(window: MainWindow) -> Strip:
    found = window.centre.strips.get(STRIP)
    assert isinstance(found, Strip)
    return found


def button(window: MainWindow, text: str) -> Button:
    return next(each for each in strip(window).buttons if each.text() == text)


def path_of(window: MainWindow) -> Path:
    assert window.controller.session is not None
    return window.controller.session.path


def test_the_second_window_says_so_and_changes_nothing(person: Person, second: MainWindow) -> None:
    assert strip(second).text == "Read only: open in another window."
    assert [each.text() for each in strip(second).buttons] == ["Show it", "Open a copy"]
    assert "Mara" in strip(second).toolTip()
    assert not second.controller.writable
    Person(second).press("A")
    assert second.controller.annotations.spans == ()


def test_what_one_decides_the_other_shows(person: Person, second: MainWindow) -> None:
    person.press("A", "A")
    wait_until(lambda: len(second.controller.annotations.spans) == 2, what="two decisions")
    assert second.centre.decided.text() == person.window.centre.decided.text()
    model = second.page.documents.list.model()
    wait_until(lambda: model.data(model.index(0, 0), ROW_ROLE).decided == 2, what="the list")
    person.press("Ctrl+Z")
    wait_until(lambda: len(second.controller.annotations.spans) == 1, what="the undo")


def test_documents_labels_and_candidates_of_the_other_window_appear(
    person: Person, second: MainWindow
) -> None:
    session = person.window.controller.session
    assert session is not None
    bring(session, a_record("[Cleo](QUEEN) spoke.", source="c.txt"))
    wait_until(lambda: second.page.documents.list.model().rowCount() == 3, what="the document")
    assert "QUEEN" in {each.name for each in second.controller.schema.entities}


def test_show_it_brings_the_other_window_to_the_front(
    person: Person, second: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[bool] = []
    person.window.doorbell.rung.connect(lambda: rung.append(True))
    person.window.showMinimized()
    button(second, "Show it").click()
    wait_until(lambda: rung, what="the bell")
    assert not person.window.isMinimized()


def test_nobody_answers_for_a_project_that_is_closed(person: Person) -> None:
    path = path_of(person.window)
    wait_until(lambda: is_answered(path), what="the door")
    person.window.projects.close()
    assert not is_answered(path)
    assert not ring(path)


def test_when_the_first_window_closes_the_second_can_work(person: Person, second: MainWindow) -> None:
    second.controller.open_document(second.page.documents.list.model().index(1, 0).data(KEY_ROLE))
    document = second.controller.document
    path = path_of(second)
    person.window.projects.close()
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert f"{path.name}-wal belongs to it" in box.informativeText()
    box.close()
    wait_until(lambda: strip(second).text.startswith("Nobody writes"), what="the strip")
    button(second, "Work here").click()
    assert second.controller.writable
    assert second.controller.document == document
    Person(second).press("A")
    assert len(second.controller.annotations.spans) == 1
    second.projects.close()
    assert not log_of(path).exists()
    assert not side_file(path).exists()


def test_a_window_that_closes_under_a_reader_says_what_belongs_to_the_project(
    person: Person, second: MainWindow
) -> None:
    person.window.close()
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert person.window.isVisible()
    box.close()
    wait_until(lambda: not person.window.isVisible(), what="the window to go")


def test_a_holder_that_is_gone_is_explained_and_taken_over(window: MainWindow, project: Path) -> None:
    left(side_file(project), somebody(), seconds=7200)
    assert window.open_project(project)
    assert "Mara on desk-4" in strip(window).text
    assert "no sign of life for 2 hours" in strip(window).text
    button(window, "Take over").click()
    assert window.controller.writable
    assert window.centre.strips.get(STRIP) is None


def test_a_copy_is_opened_instead(
    person: Person, second: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "mine.annot"
    monkeypatch.setattr(
        "annotator.ui.keeping.QFileDialog.getSaveFileName", lambda *_values, **_options: (str(target), "")
    )
    button(second, "Open a copy").click()
    wait_until(lambda: second.controller.writable, what="the copy")
    assert path_of(second) == target
    Person(second).press("A")
    assert person.window.controller.annotations.spans == ()


def test_a_command_is_refused_while_the_window_writes(person: Person) -> None:
    path = path_of(person.window)
    ended = subprocess.run(
        [sys.executable, "-m", "annotator", "accept", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "Mara on " in ended.stderr
    assert "open for writing" in ended.stderr


def test_a_window_follows_another_process(window: MainWindow, project: Path) -> None:
    editing = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import sys; from pathlib import Path\n"
                "from annotator.editing.commands import AcceptMany\n"
                "from annotator.workflows.projects import open_project\n"
                f"session = open_project(Path({str(project)!r}), annotator='Mara')\n"
                "print('open', flush=True); sys.stdin.readline()\n"
                "session.do(AcceptMany()); print('done', flush=True); sys.stdin.readline()\n"
                "session.close()"
            ),
        ],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert editing.stdin is not None
    assert editing.stdout is not None
    assert editing.stdout.readline() == "open\n"
    assert window.open_project(project)
    assert strip(window).text.startswith("Read only. Mara on ")
    assert not window.controller.annotations.spans
    editing.stdin.write("\n")
    editing.stdin.flush()
    assert editing.stdout.readline() == "done\n"
    wait_until(lambda: window.controller.annotations.spans, what="the decisions")
    editing.stdin.close()
    editing.wait()
    editing.stdout.close()
    wait_until(lambda: strip(window).text.startswith("Nobody writes"), what="the strip")


def test_on_a_disk_that_cannot_be_trusted_all_works_and_is_said(
    person: Person, application: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(person.window)
    person.window.projects.close()
    wait_until(lambda: not person.window.jobs.running, what="the backup")
    monkeypatch.setattr(
        "annotator.store.project.file_system_of", lambda _folder: FileSystem("nfs4", trusted=False)
    )
    assert person.window.open_project(path)
    assert any("locks cannot be trusted (nfs4)" in each.text for each in person.window.log.messages)
    wait_until(lambda: is_answered(path), what="the door")
    second = MainWindow(annotator="Ben")
    second.show()
    assert second.open_project(path)
    assert strip(second).text == "Read only: open in another window."
    person.press("A")
    wait_until(lambda: len(second.controller.annotations.spans) == 1, what="the decision")
    (tmp_path / "more.txt").write_text("Dora wrote to Emil.", encoding="utf-8")
    person.window.work.import_paths([tmp_path / "more.txt"])
    wait_until(lambda: second.page.documents.list.model().rowCount() == 3, what="the document")
    wait_until(lambda: not person.window.jobs.running, what="quiet")
    person.window.keeping._on_time()
    wait_until(lambda: not person.window.jobs.running, what="the backup")
    assert not log_of(path).exists()
    person.window.projects.close()
    assert QApplication.activeModalWidget() is None
    second.close()
    second.deleteLater()
    application.processEvents()
    assert sorted(each.name for each in path.parent.glob(f"{path.name}*")) == [path.name]


def test_a_project_that_was_not_closed_is_told_once_it_is_open(window: MainWindow, project: Path) -> None:
    killed = (
        "import os; from pathlib import Path; from annotator.workflows.projects import open_project\n"
        f"open_project(Path({str(project)!r}), annotator='Mara')\n"
        "os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", killed], check=False, cwd=ROOT)
    assert window.open_project(project)
    assert window.controller.writable
    assert any("did not close this project" in each.text for each in window.log.messages)


def test_a_closed_project_is_one_file(person: Person) -> None:
    path = path_of(person.window)
    person.press("A")
    person.window.projects.close()
    wait_until(lambda: not person.window.jobs.running, what="the backup")
    assert [each.name for each in path.parent.glob(f"{path.name}*")] == [path.name]
    session = open_project(path, annotator="Mara", read_only=True)
    assert len(session.annotations(session.document_keys()[0]).spans) == 1
    session.close()
