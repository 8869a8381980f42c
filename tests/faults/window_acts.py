"""A person before the real window while the disk is full, forbidden or gone (`small_disk.py`).

python -m tests.faults.window_acts SCENARIO FOLDER
"""

from __future__ import annotations

import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from annotator.editing import commands
from annotator.model.schema import EntityType
from annotator.store.project import Project
from annotator.ui import opening
from annotator.ui.app import make_application
from annotator.ui.widgets import Button, Strip
from annotator.ui.window import MainWindow
from annotator.workflows.projects import open_project
from tests.builders import a_project
from tests.faults.small_disk import SmallDisk
from tests.faults.states import faults_in, state_of
from tests.ui.conftest import filled, plain_machine
from tests.ui.driving import Person, let_live, wait_until

_faults: list[BaseException] = []


class Desk:
    """A window with a project open that lies on a disk, and somebody before it."""

    def __init__(self, place: Path) -> None:
        session = filled(a_project(place, name="News"))
        self.path = session.path
        session.close()
        opening.start_worker = plain_machine  # type: ignore[attr-defined]
        sys.excepthook = lambda _kind, error, _traceback: _faults.append(error)
        self.window = MainWindow(annotator="Mara")
        self.window.resize(1280, 800)
        self.window.show()
        assert self.window.open_project(self.path)
        self.window.activateWindow()
        self.window.focus_article()
        self.quiet()
        self.person = Person(self.window)

    def quiet(self) -> None:
        """Wait until no work is in hand."""
        wait_until(lambda: not self.window.jobs.running, what="quiet")

    def fold_in(self) -> None:
        """Let the log be empty, so that the next act needs room."""
        self.project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def project(self) -> Project:
        """Give the open project."""
        session = self.window.controller.session
        assert session is not None
        return session.project

    @property
    def state(self) -> str:
        """Give the state of the open project."""
        return state_of(self.project)

    @property
    def strip(self) -> Strip | None:
        """Give the strip of what is not saved, if there is one."""
        found = self.window.centre.strips.get("not_saved")
        return found if isinstance(found, Strip) else None

    @property
    def saved(self) -> str:
        """Say what the status row says of saving."""
        return self.window.status._cells[2].text()

    def is_refused(self, *words: str) -> None:
        """Look whether the last act is said not to be saved, in all the places where that is said."""
        strip = self.strip
        assert strip is not None, (words, self.person.said)
        assert strip.isVisible()
        for each in (*words, "is NOT saved; all before it are."):
            assert each in strip.text, (each, strip.text)
        assert strip.text == self.person.said
        assert self.saved == "NOT saved"
        assert [button.text() for button in strip.buttons] == ["Try again", "Close"]

    def is_saved(self) -> None:
        """Look whether nothing waits to be saved."""
        assert self.strip is None, self.strip.text
        assert self.saved == "Everything is saved"

    def answer(self) -> None:
        """Press Try again in the strip."""
        strip = self.strip
        assert strip is not None
        button: Button = strip.buttons[0]
        button.click()

    def leave(self) -> None:
        """Close the window, open the project elsewhere and look whether all is there; and that nothing crashed."""
        self.window.keep_place()
        state = self.state
        self.window.close()
        self._gone()
        session = open_project(self.path, annotator="Mara")
        assert state_of(session.project) == state, "something that was said to be done is gone"
        assert faults_in(session.project) == []
        session.close()

    def _gone(self) -> None:
        QApplication.processEvents()
        assert not self.window.isVisible()
        assert _faults == [], _faults


def deciding(folder: Path) -> None:
    """Fill the disk while somebody decides: it is said, keys go on working, and with room again the act is done."""
    disk = SmallDisk(folder / "disk", size="4m")
    desk = Desk(disk.folder)
    person = desk.person
    person.press("A")
    desk.is_saved()
    first, words, state = person.selected.id, person.words, desk.state
    desk.fold_in()
    disk.fill()
    person.press("A")
    desk.is_refused("The disk is full.", f"Your last act, “Accept {words} as", str(disk.folder), "try again")
    assert desk.state == state
    assert person.selected.id == first, "the selection stays at what is not saved"
    person.press("Tab")
    assert person.selected.id not in ("", first), "keys that write nothing work"
    person.press("F9")
    desk.is_refused(words)
    assert person.selected.id == first, "trying again goes back to it"
    person.press("X")
    desk.is_refused(f"Reject {words}")
    disk.free()
    person.press("Shift+Tab", "F9")
    desk.is_saved()
    assert person.said.startswith(f"Rejected {words} as ")
    assert desk.state != state
    assert person.selected.id not in ("", first), "it goes on as after any decision"
    desk.leave()


def undoing(folder: Path) -> None:
    """Refuse undo, redo, finishing and a new label while the disk is full; each works when tried again."""
    disk = SmallDisk(folder / "disk", size="4m")
    desk = Desk(disk.folder)
    person, window = desk.person, desk.window
    person.press("A", "A")

    def finish() -> None:
        person.press("Ctrl+Return", "Ctrl+Return")

    def add_label() -> None:
        window.controller.do(commands.AddType(EntityType(name="EVENT", color="teal")))

    acts: list[tuple[Callable[[], None], str]] = [
        (lambda: person.press("Ctrl+Z"), "“Undo: Accept"),
        (lambda: person.press("Ctrl+Shift+Z"), "“Redo: Accept"),
        (add_label, "“Add"),
        (lambda: person.press("B"), "“Flag"),
        (finish, "“Finish"),
    ]
    for act, name in acts:
        state = desk.state
        desk.fold_in()
        disk.fill()
        act()
        desk.is_refused("The disk is full.", name)
        assert desk.state == state
        disk.free()
        desk.answer()
        desk.is_saved()
        assert desk.state != state, name
    desk.leave()


def importing(folder: Path) -> None:
    """Refuse an import, a paste and candidates while the disk is full, and try them again from the strip."""
    disk = SmallDisk(folder / "disk", size="4m")
    desk = Desk(disk.folder)
    work = desk.window.work
    source = folder / "more.txt"
    source.write_text("Somebody else came by.\n", encoding="utf-8")
    acts: list[tuple[Callable[[], None], str]] = [
        (lambda: work.import_paths([source]), "Import more.txt"),
        (lambda: work.import_pasted("Somebody left.", "left", "en"), "Paste"),
        (work.suggest_here, "Make candidates"),
    ]
    for act, name in acts:
        state = desk.state
        desk.fold_in()
        disk.fill()
        act()
        desk.quiet()
        wait_until(lambda: desk.strip is not None, what=name)
        desk.is_refused("The disk is full.", name)
        assert desk.state == state
        disk.free()
        desk.answer()
        desk.quiet()
        assert desk.state != state, f"{name} again"
        desk.is_saved()
    let_live(50)
    desk.quiet()
    desk.leave()


def closing(folder: Path) -> None:
    """Close the window while the disk is full: what stays beside the project is said before it goes."""
    disk = SmallDisk(folder / "disk", size="4m")
    desk = Desk(disk.folder)
    desk.project.connection.execute("PRAGMA wal_autocheckpoint = 0")
    desk.fold_in()
    for number in range(12):
        note = f"{number} " + "x" * 6000
        desk.window.controller.do(
            commands.SetNote(kind=None, key=desk.window.controller.document or 0, note=note)
        )
    state = desk.state
    disk.fill()
    desk.window.settings.theme = "dark"
    desk.window.close()
    dialog = desk.person.dialog()
    said = " ".join(label for label in (dialog.windowTitle(), *_texts(dialog)))
    assert "The disk is full" in said, said
    assert "News.annot-wal" in said, said
    dialog.accept()
    wait_until(lambda: not desk.window.isVisible(), what="the window to close")
    assert _faults == [], _faults
    disk.free()
    session = open_project(desk.path, annotator="Mara")
    assert state_of(session.project) == state
    session.close()


def _texts(dialog: object) -> list[str]:
    from PySide6.QtWidgets import QLabel, QWidget

    assert isinstance(dialog, QWidget)
    return [label.text() for label in dialog.findChildren(QLabel)]


def taken_away(folder: Path) -> None:
    """Take the folder of the open project away while somebody decides, and put it back."""
    place = folder / "place"
    place.mkdir()
    desk = Desk(place)
    person = desk.person
    person.press("A")
    state = desk.state
    place.rename(folder / "elsewhere")
    person.press("A")
    desk.is_refused(str(desk.path), "not there any more", "Put it back")
    desk.window.work.import_paths([folder / "nothing.txt"])
    desk.quiet()
    assert _faults == [], _faults
    assert desk.state == state
    (folder / "elsewhere").rename(place)
    person.press("A")
    desk.is_saved()
    assert desk.state != state
    desk.leave()


def removed(folder: Path) -> None:
    """Remove the folder of the open project: acts are refused, and the window can be closed."""
    place = folder / "place"
    place.mkdir()
    desk = Desk(place)
    shutil.rmtree(place)
    desk.person.press("A", "Tab", "X")
    desk.is_refused("not there any more")
    desk.window.close()
    for _ in range(20):
        if not desk.window.isVisible():
            break
        over = QApplication.activeModalWidget()
        if over is not None:
            over.close()
        let_live(50)
    desk._gone()
    assert not place.exists()


def read_only(folder: Path) -> None:
    """Open a project that lies on a read-only disk: it can be read, and every key that writes says why not."""
    disk = SmallDisk(folder / "disk", size="4m")
    session = filled(a_project(disk.folder, name="News"))
    path, state = session.path, state_of(session.project)
    session.close()
    disk.forbid_writing()
    opening.start_worker = plain_machine  # type: ignore[attr-defined]
    sys.excepthook = lambda _kind, error, _traceback: _faults.append(error)
    window = MainWindow(annotator="Mara")
    window.show()
    assert window.open_project(path)
    window.activateWindow()
    window.focus_article()
    person = Person(window)
    strip = window.centre.strips.get("read_only")
    assert strip is not None
    assert "Read only" in strip.accessibleName(), strip.accessibleName()
    person.press("A", "X", "Tab", "Ctrl+Z", "B", "Ctrl+Return", "1")
    assert window.controller.session is not None
    assert state_of(window.controller.session.project) == state
    window.close()
    QApplication.processEvents()
    assert not window.isVisible()
    assert _faults == [], _faults


SCENARIOS: tuple[Callable[[Path], None], ...] = (deciding, undoing, importing, closing, read_only)
"""What needs a small disk."""
WITHOUT_A_DISK: tuple[Callable[[Path], None], ...] = (taken_away, removed)
"""What any machine with Linux can do."""


def main(name: str, folder: str) -> None:
    """Run a scenario."""
    make_application()
    try:
        next(each for each in (*SCENARIOS, *WITHOUT_A_DISK) if each.__name__ == name)(Path(folder))
    except BaseException:  # noqa: BLE001 - it ends the process
        traceback.print_exc()  # what nobody caught goes to the list of faults by now
        os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
