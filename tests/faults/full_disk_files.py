"""Files that are made on a full disk: projects, copies, exports, settings; and commands of the terminal there.

python -m tests.faults.full_disk_files SCENARIO FOLDER
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.editing import commands
from annotator.model.document import Part, State
from annotator.model.errors import FormatError, ProjectError
from annotator.model.record import Record
from annotator.model.schema import Schema
from annotator.store import migrate
from annotator.workflows.backups import BackupSettings, keep_backup_settings, list_backups, make_backup
from annotator.workflows.exporting import ExportOptions, export
from annotator.workflows.projects import open_project, save_schema
from annotator.workflows.recent import recent_projects, remember
from annotator.workflows.session import Session
from tests.builders import SCHEMA, a_document, a_project, bring, plain_tokens
from tests.faults.ledger import Ledger, refused
from tests.faults.readying import WORDS, a_disk, make_new, ready
from tests.faults.small_disk import SmallDisk, run_scenario


def new_on_a_full_disk(folder: Path) -> None:
    """Make a project where there is no room, or hardly any: nothing of it is left."""
    disk = a_disk(folder)
    for leave in (0, 4096, 20_000, 60_000, 120_000, 200_000, 300_000):
        disk.fill(leave=leave)
        if leave < 200_000 or not _is_made(disk.folder / "new.annot"):
            error = refused(lambda: make_new(disk.folder / "new.annot"), "new.annot")
            assert "full" in str(error) or "No space" in str(error), error
            assert {each.name for each in disk.folder.iterdir()} == {"filler"}
        disk.free()


def _is_made(path: Path) -> bool:
    with contextlib.suppress(ProjectError):
        make_new(path)
        return True
    return False


def migration(folder: Path) -> None:
    """Bring a project up to date where there is no room for it: it stays as it was, and can be brought later."""
    disk = a_disk(folder)
    with ready(disk) as (ledger, _key):
        path = ledger.session.path
    before = path.read_bytes()
    bulky = "CREATE TABLE bulky (content BLOB); INSERT INTO bulky VALUES (zeroblob(400000));"
    scripts = (*migrate.migrations(), bulky)
    migrate.migrations = lambda: scripts  # type: ignore[assignment]
    keep_backup_settings(replace(BackupSettings(), folder=str(disk.folder / "backups")))
    for leave in (0, 8192, 100_000, len(before) + 50_000):
        disk.fill(leave=leave)
        error = refused(lambda: open_project(path, annotator="Mara"), path.name)
        assert "full" in str(error) or "There is no room" in str(error), error
        assert path.read_bytes() == before, f"{leave}: the project was changed"
        kept = {each.name for each in disk.folder.rglob("*") if each.is_file()} - {path.name, "filler"}
        assert all(each.startswith("test.annot.backup-") or "before update" in each for each in kept), kept
        disk.free()
    session = open_project(path, annotator="Mara")
    assert session.project.value("SELECT length(content) FROM bulky") == 400_000
    session.close()


def exporting(folder: Path) -> None:
    """Export to a full place: the older files stay as they were and nothing is left beside them."""
    disk = a_disk(folder)
    session = a_project(folder)
    text = "Ada met Bob. " * 60
    for number in range(6):
        words = f"{number} {text}"
        bring(session, Record(text=words, source=str(number), tokens=plain_tokens(words), state=State.DONE))
    session.do(commands.SetPart(documents=tuple(session.document_keys()[:3]), part=Part.DEV))
    session.do(commands.SetPart(documents=tuple(session.document_keys()[3:]), part=Part.TRAIN))
    for options, target in (
        (ExportOptions(format="prodigy"), disk.folder / "out.jsonl"),
        (ExportOptions(format="docbin"), disk.folder / "out.spacy"),
        (ExportOptions(format="prodigy", part="each"), disk.folder / "parts"),
    ):
        _export_refused(session, disk, target, options)
    session.close()


def _export_refused(session: Session, disk: SmallDisk, target: Path, options: ExportOptions) -> None:
    done = export(session, target, options)
    session.do(commands.SetNote(kind=None, key=session.document_keys()[0], note=str(target)))
    before = _files_in(disk.folder)
    size = sum(path.stat().st_size for path in done.files)
    for leave in (0, size // 3, size - 8192, size + 4096):
        disk.fill(leave=leave)
        error = refused(lambda: export(session, target, options), str(target.name).partition(".")[0], "full")
        assert isinstance(error, FormatError)
        disk.free()
        assert _files_in(disk.folder) == before, f"{leave}: an older file was changed, or something was left"
    export(session, target, options)


def _files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def small_files(folder: Path) -> None:
    """Keep schema, list of recent projects and settings on a full disk: the older ones stay, and nothing breaks."""
    disk = a_disk(folder)
    os.environ["ANNOTATOR_SETTINGS"] = str(disk.folder / "settings")
    session = a_project(folder)
    remember(session)
    keep_backup_settings(BackupSettings(days=7))
    save_schema(SCHEMA, disk.folder / "types.toml", name="types")
    before = _files_in(disk.folder)
    disk.fill()
    remember(session)
    refused(lambda: save_schema(Schema(), disk.folder / "types.toml", name="types"), "types.toml", "full")
    refused(lambda: keep_backup_settings(BackupSettings(days=3)), "settings of backups")
    disk.free()
    assert _files_in(disk.folder) == before
    assert [each.path for each in recent_projects()] == [session.path]
    session.close()


def backups(folder: Path) -> None:
    """Let the place of backups be full: work goes on, the older backup stays, and no half of one is left."""
    disk = a_disk(folder)
    keep_backup_settings(replace(BackupSettings(), folder=str(disk.folder)))
    session = a_project(folder)
    key = a_document(session, WORDS)
    make_backup(session.path, asked=True)
    before = _files_in(disk.folder)
    ledger = Ledger(session)
    disk.fill(leave=50_000)
    refused(lambda: make_backup(session.path, asked=True), "room")
    ledger.done(lambda: session.do(commands.SetNote(kind=None, key=key, note="while backups fail")))
    disk.free()
    assert _files_in(disk.folder) == before
    assert len(list_backups(session.path)) == 1
    session.close()
    ledger.opened_again().close()


def terminal(folder: Path) -> None:
    """Let commands of the terminal be refused: exit code 2, one message that says what to do, and nothing changed."""
    disk = a_disk(folder)
    source = folder / "more.jsonl"
    span = {"start": 0, "end": 3, "label": "PERSON", "score": 0.7}
    tokens = [{"text": "Ada", "start": 0, "end": 3, "id": 0, "ws": False}]
    source.write_text(json.dumps({"text": "Ada", "tokens": tokens, "spans": [span]}), encoding="utf-8")
    with ready(disk) as (ledger, _key):
        project = str(ledger.session.path)
    disk.fill()
    for arguments in (
        ["import", project, str(source)],
        ["accept", project],
        ["new", f"{project[:-6]}2.annot"],
    ):
        code, said = _command(*arguments)
        assert code == 2, (arguments, said)
        assert said.startswith("annotator: "), said
        assert "full" in said or "No space" in said, (arguments, said)
    disk.free()
    ledger.opened_again(Path(project)).close()
    disk.forbid_writing()
    for arguments in (["import", project, str(source)], ["accept", project]):
        code, said = _command(*arguments)
        assert code == 2, (arguments, said)
        assert "Read-only" in said, (arguments, said)
        assert "another place" in said, (arguments, said)
    code, said = _command("info", project)
    assert code == 0, said
    disk.allow_writing()
    ledger.opened_again(Path(project)).close()


def _command(*arguments: str) -> tuple[int, str]:
    """Run a command of the terminal and give its exit code and what it said on standard error."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), pytest.raises(SystemExit) as end:
        run(open_window=lambda *_: 1, draw_picture=lambda *_: None, arguments=list(arguments))
    return int(end.value.code or 0), said.getvalue()


SCENARIOS: tuple[Callable[[Path], None], ...] = (
    *(new_on_a_full_disk, migration, exporting, small_files, backups, terminal),
)


if __name__ == "__main__":
    run_scenario(SCENARIOS)
