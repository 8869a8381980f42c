"""The place of an open project changes under it: folders go, files are replaced or may not grow. Any Linux can try it.

python -m tests.faults.lost_place_acts SCENARIO FOLDER
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from annotator.editing import commands
from annotator.model.errors import NotSavedError, ProjectError
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project
from tests.faults.ledger import Ledger, refused
from tests.faults.readying import WORDS, fold_in
from tests.faults.small_disk import run_scenario
from tests.faults.states import state_of


def folder_taken_away(folder: Path) -> None:
    """Take the folder of an open project away: what would be written out of sight is refused; then put it back."""
    place_of = folder / "place"
    place_of.mkdir()
    session = a_project(place_of)
    key = a_document(session, WORDS)
    ledger = Ledger(session)
    path = session.path
    place_of.rename(folder / "elsewhere")
    words = (str(path), "not there any more", "Put it back", "NOT saved")

    def act() -> object:
        return session.do(commands.SetNote(kind=None, key=key, note="out of sight"))

    for _ in range(2):
        error = refused(act, *words)
        assert isinstance(error, NotSavedError)
    assert state_of(session.project) == ledger.state
    clone = refused(session.clone, str(path))
    assert isinstance(clone, ProjectError)
    (folder / "elsewhere").rename(place_of)
    ledger.done(act)
    session.close()
    ledger.opened_again().close()


def folder_removed(folder: Path) -> None:
    """Remove the folder of an open project: acts are refused, what is known can still be read, closing works."""
    place_of = folder / "place"
    place_of.mkdir()
    session = a_project(place_of)
    key = a_document(session, WORDS)
    shutil.rmtree(place_of)
    refused(
        lambda: session.do(commands.SetNote(kind=None, key=key, note="gone")),
        "not there any more",
        "Put it back",
    )
    assert len(session.annotations(key).undecided) == 5
    session.close()
    assert not place_of.exists()


def file_replaced(folder: Path) -> None:
    """Put another file in the place of an open project: nothing is written into either, and it is said."""
    session = a_project(folder)
    key = a_document(session, WORDS)
    ledger = Ledger(session)
    path = session.path
    path.rename(folder / "kept.annot")
    shutil.copy(folder / "kept.annot", path)

    def act() -> object:
        return session.do(commands.SetNote(kind=None, key=key, note="where?"))

    refused(act, "replaced", "NOT saved")
    (folder / "kept.annot").replace(path)
    ledger.done(act)
    session.close()
    ledger.opened_again().close()


def log_removed(folder: Path) -> None:
    """Remove the log of an open project: acts are refused, and closing writes everything into the one file."""
    session = a_project(folder)
    key = a_document(session, WORDS)
    session.do(commands.SetNote(kind=None, key=key, note="before"))
    state = state_of(session.project)
    path = session.path
    path.with_name(path.name + "-wal").unlink()
    refused(
        lambda: session.do(commands.SetNote(kind=None, key=key, note="after")),
        "-wal",
        "taken away",
        "close the project",
    )
    assert state_of(session.project) == state
    session.close()
    again = open_project(path, annotator="Mara")
    assert state_of(again.project) == state, "what was done before is gone"
    again.close()


def no_larger_files(folder: Path) -> None:
    """Let files not grow beyond a limit, as some disks and quotas do: the act is refused, and works in time."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    session = a_project(folder)
    key = a_document(session, WORDS)
    ledger = Ledger(session)
    fold_in(session)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))

    def act() -> object:
        return session.do(commands.SetNote(kind=None, key=key, note="x" * 40_000))

    ledger.refused(act, "The disk refused to write", str(session.path), "then try again")
    ledger.refused(act, "“Note on")
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    ledger.done(act)
    session.close()
    ledger.opened_again().close()


SCENARIOS: tuple[Callable[[Path], None], ...] = (
    *(folder_taken_away, folder_removed, file_replaced, log_removed, no_larger_files),
)


if __name__ == "__main__":
    run_scenario(SCENARIOS)
