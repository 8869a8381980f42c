"""Imports and exports happen whole or not at all; cancelled or killed in the middle, nothing half done is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.document import State
from annotator.model.errors import Cancelled, FormatError
from annotator.model.record import Record
from annotator.suggest.worker import Worker
from annotator.workflows.checking import check
from annotator.workflows.exporting import ExportOptions, export, plan_export
from annotator.workflows.importing import ImportOptions, import_documents
from annotator.workflows.machine import start_worker
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, a_record, bring, place, plain_tokens

TABLES = (
    "document",
    "content",
    "tokenization",
    "layer",
    "span",
    "relation",
    "candidate",
    "tally",
    "batch",
    "type",
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open an empty project."""
    session = a_project(tmp_path)
    yield session
    session.close()


def sizes(session: Session) -> dict[str, int]:
    """Count the rows of every table."""
    return {table: session.project.value(f"SELECT count(*) FROM {table}") for table in TABLES}


def a_file(folder: Path, count: int) -> Path:
    """Write a JSONL file of many small documents with tokens and a label that the project lacks."""
    path = folder / "many.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for number in range(count):
            text = f"Comet {number} passed."
            tokens = plain_tokens(text)
            spans = [{"start": 0, "end": 5, "label": "THING"}]
            written = [
                {
                    "text": text[start:end],
                    "start": start,
                    "end": end,
                    "id": index,
                    "ws": text[end : end + 1] == " ",
                }
                for index, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True))
            ]
            lines.write(
                json.dumps({"text": text, "tokens": written, "spans": spans, "answer": "accept"}) + "\n"
            )
    return path


def test_a_cancelled_import_leaves_nothing(session: Session, tmp_path: Path) -> None:
    before = sizes(session)

    def stop_soon(done: int, _total: int, _text: str) -> None:
        if done >= 200:
            raise Cancelled

    with pytest.raises(Cancelled):
        import_documents(session, [a_file(tmp_path, 450)], ImportOptions(), stop_soon)
    assert sizes(session) == before
    assert session.schema.entity("THING") is None
    assert import_documents(session, [a_file(tmp_path, 450)]).documents == 450


def test_an_import_that_is_killed_is_gone_at_the_next_opening(session: Session, tmp_path: Path) -> None:
    path = session.path
    before = sizes(session)
    session.close()
    script = f"""
import os, signal
from pathlib import Path
from annotator.workflows.importing import import_documents, ImportOptions
from annotator.workflows.machine import start_worker
from annotator.workflows.projects import open_project
session = open_project(Path({str(path)!r}), annotator="killed")
def report(done, total, text):
    if done >= 200:
        os.kill(os.getpid(), signal.{"SIGKILL" if hasattr(signal, "SIGKILL") else "SIGTERM"})
import_documents(session, [Path({str(a_file(tmp_path, 450))!r})], ImportOptions(), report)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    again = open_project(path, annotator="Mara")
    assert sizes(again) == before
    assert again.counts().all == 0
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_an_import_whose_worker_process_is_killed_is_whole(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"text": f"Comet {number} passed."}) + "\n" for number in range(350)))
    worker = start_worker(session)
    assert isinstance(worker, Worker)
    killed: list[int] = []

    def report(done: int, _total: int, _text: str) -> None:
        if done >= 100 * (len(killed) + 1) and worker.process_id is not None:
            killed.append(worker.process_id)
            os.kill(killed[-1], signal.SIGKILL)

    brought = import_documents(session, [path], ImportOptions(), report)
    assert len(killed) >= 2
    assert (brought.documents, brought.problems, session.counts().all) == (350, (), 350)
    assert {len(session.tokens(key)) for key in session.document_keys()} == {4}
    assert check(session.project).is_clean


def test_known_documents_are_skipped_kept_or_replaced(session: Session) -> None:
    first = a_document(session, "[Ada](PERSON) met Bob in Paris and they spoke for an hour.", source="a.txt")
    text = session.text(first)
    session.do(commands.AddSpan(first, place(text, "Ada"), "PERSON"))
    session.do(commands.AddSpan(first, place(text, "hour"), "GPE"))
    same = Record(text=text, source="a.txt", tokens=plain_tokens(text))
    assert bring(session, same).duplicates == 1
    moved = Record(text=text, source="b.txt", tokens=plain_tokens(text))
    report = bring(session, moved)
    assert (report.documents, report.duplicates) == (0, 1)
    assert "already" in report.problems[0].message
    assert bring(session, moved, on_duplicate="keep").documents == 1
    changed = text.replace("an hour.", "two days.")
    other = Record(text=changed, source="a.txt", tokens=plain_tokens(changed))
    assert bring(session, other).documents == 0
    report = bring(session, other, on_duplicate="replace")
    assert (report.documents, report.replaced) == (1, 1)
    assert report.first_document is not None
    carried = session.annotations(report.first_document).spans
    assert [changed[span.start : span.end] for span in carried] == ["Ada"]
    assert any("hour" in problem.message for problem in report.problems)
    assert session.counts().all == 2
    session.undo(None)
    assert session.annotations(first).spans[1].label == "GPE"
    assert session.counts().all == 2


def test_only_what_is_done_and_visible_is_exported(session: Session, tmp_path: Path) -> None:
    done = bring(session, a_record("[Ada](PERSON) met Bob.", source="done")).first_document
    open_one = bring(session, a_record("[Eve](PERSON) met Kim.", source="open")).first_document
    left_out = bring(session, a_record("[Uma](PERSON) met Lee.", source="excluded")).first_document
    removed = bring(session, a_record("[Ira](PERSON) met Max.", source="removed")).first_document
    assert done is not None
    assert open_one is not None
    assert left_out is not None
    assert removed is not None
    with pytest.raises(FormatError, match="No document is done"):
        export(session, tmp_path / "out.jsonl", ExportOptions(format="prodigy"))
    for key in (done, left_out, removed):
        session.do(commands.FinishDocument(document=key))
    session.do(commands.ExcludeDocuments(documents=(left_out,)))
    session.do(commands.RemoveDocuments((removed,)))
    assert session.document(open_one).state is State.IN_PROGRESS
    result = export(session, tmp_path / "out.jsonl", ExportOptions(format="prodigy"))
    (line,) = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["text"] == "Ada met Bob."
    manifest = json.loads(result.manifest.read_text(encoding="utf-8"))
    assert [document["id"] for document in manifest["documents"]] == [session.document(done).id]
    assert "Ada" not in result.manifest.read_text(encoding="utf-8")
    assert str(tmp_path) not in result.manifest.read_text(encoding="utf-8")
    assert plan_export(session, None, ExportOptions(documents="decided")).documents == 2


def test_an_older_export_stays_when_the_new_one_fails(session: Session, tmp_path: Path) -> None:
    key = bring(session, a_record("[Ada](PERSON) met Bob.", source="done")).first_document
    assert key is not None
    session.do(commands.FinishDocument(document=key))
    target = tmp_path / "out.spacy"
    target.write_bytes(b"older")

    def stop(_done: int, _total: int, text: str) -> None:
        if text.startswith("Writing"):
            raise Cancelled

    with pytest.raises(Cancelled):
        export(session, target, ExportOptions(), stop)
    assert target.read_bytes() == b"older"
    assert {path.name for path in tmp_path.iterdir() if "out" in path.name} == {"out.spacy"}


def test_a_killed_program_loses_nothing_that_was_said_to_be_done(session: Session, tmp_path: Path) -> None:
    document = a_document(session, "[Ada](PERSON) met [Bob](PERSON) in [Paris](GPE).")
    path = session.path
    session.close()
    script = f"""
import os, sys
from pathlib import Path
from annotator.editing.commands import AcceptSpan
from annotator.workflows.machine import start_worker
from annotator.workflows.projects import open_project
session = open_project(Path({str(path)!r}), annotator="killed")
for readings in session.annotations({document}).undecided[:2]:
    session.do(AcceptSpan(document={document}, candidate=readings.best.what))
    print(readings.best.label, flush=True)
os.kill(os.getpid(), 9)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    said = ended.stdout.split()
    assert said == ["PERSON", "PERSON"], ended.stderr
    again = open_project(path, annotator="Mara")
    found = again.annotations(document)
    assert [span.label for span in found.spans] == said
    assert len(found.undecided) == 1
    assert again.project.value("PRAGMA integrity_check") == "ok"
    again.close()
    assert {each.name for each in path.parent.iterdir()} == {path.name}
    assert os.access(path, os.R_OK)
