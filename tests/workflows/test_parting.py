"""Exports in which documents of one source, date or other value are in one part."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing.commands import SetPart, SetState
from annotator.model.document import Part, State
from annotator.model.errors import FormatError
from annotator.model.record import Record
from annotator.workflows.export_choice import ExportOptions, chosen_documents
from annotator.workflows.exporting import export, plan_export
from annotator.workflows.parting import fields_for
from annotator.workflows.session import Session
from tests.builders import a_project, bring, plain_tokens

EACH = ExportOptions(format="prodigy", documents="all", part="each")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project of sixty documents by six authors, in files of ten."""
    session = a_project(tmp_path)
    for number in range(60):
        text = f"Text number {number}."
        metadata = {"author": f"author {number % 6}", "n": number % 3} if number else {}
        bring(
            session,
            Record(
                text=text,
                source=f"f{number // 10}.jsonl:{number % 10 + 1}",
                tokens=plain_tokens(text),
                metadata=metadata,
            ),
        )
    yield session
    session.close()


def parts_by(session: Session, field: str) -> dict[str, set[Part]]:
    options = dataclasses.replace(EACH, group_by=field)
    found: dict[str, set[Part]] = {}
    for document in chosen_documents(session, options):
        value = str(document.metadata.get(field, document.source.split(":")[0] if field == "source" else ""))
        found.setdefault(value, set()).add(document.part)
    return found


@pytest.mark.parametrize("field", ["author", "n", "source"])
def test_no_value_is_in_two_parts(session: Session, field: str) -> None:
    found = parts_by(session, field)
    assert all(len(parts) == 1 for value, parts in found.items() if value)


def test_without_a_field_the_parts_stay_as_they_are(session: Session) -> None:
    stored = {key: session.document(key).part for key in session.document_keys()}
    assert {each.key: each.part for each in chosen_documents(session, EACH)} == stored


def test_the_files_hold_the_parts_and_a_manifest_repeats_them(session: Session, tmp_path: Path) -> None:
    options = dataclasses.replace(EACH, format="native", group_by="author")
    plan = plan_export(session, tmp_path / "out", options)
    result = export(session, tmp_path / "out", options)
    assert result.parts == plan.parts
    told = json.loads(result.manifest.read_text(encoding="utf-8"))
    assert told["options"]["group_by"] == "author"
    parts = {each["id"]: (each["part"], each["file"]) for each in told["documents"]}
    for document in chosen_documents(session, options):
        assert parts[document.id] == (document.part.value, f"{document.part.value}.annot.jsonl")
    for path in result.files:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert json.loads(line).get("part", path.name.split(".")[0]) == path.name.split(".")[0]


def test_a_field_that_nobody_has_is_refused_with_those_there_are(session: Session) -> None:
    with pytest.raises(FormatError, match="No document has a field 'nope'") as caught:
        parts_by(session, "nope")
    assert "source, author, n" in caught.value.todo
    assert fields_for(session) == ("source", "author", "n")


def parts_in(manifest: Path) -> dict[str, str]:
    """Give the part of each document in a manifest, by its id."""
    told = json.loads(manifest.read_text(encoding="utf-8"))
    return {each["id"]: each["part"] for each in told["documents"]}


def test_a_training_folder_gets_some_dev_by_whole_groups(session: Session, tmp_path: Path) -> None:
    options = ExportOptions(
        format="spacy_folder", documents="all", group_by="n", details={"unfinished": True}
    )
    result = export(session, tmp_path / "out", options)
    parts = parts_in(result.manifest)
    assert {"train", "dev"} <= set(parts.values())
    by_value: dict[object, set[str]] = {}
    for document in chosen_documents(session, options):
        if document.metadata:
            by_value.setdefault(document.metadata["n"], set()).add(parts[document.id])
    assert all(len(parts) == 1 for parts in by_value.values())


def test_dev_is_taken_from_what_is_written(session: Session, tmp_path: Path) -> None:
    """Documents that stay out, being unfinished, fill no part; nor do all of one value, which stay together."""
    keys = session.document_keys()
    session.do(SetPart(documents=tuple(keys), part=Part.DEV))
    finished = [key for key in keys if session.document(key).metadata.get("n") == 1]
    session.do(SetPart(documents=tuple(finished), part=Part.TRAIN))
    session.do(SetState(documents=tuple(finished), state=State.DONE))
    options = ExportOptions(format="spacy_folder", layout="spans", documents="all")
    plan = plan_export(session, tmp_path / "out", options)
    result = export(session, tmp_path / "out", options)
    assert plan.parts == result.parts == {"train": 18, "dev": 2}
    assert sorted(parts_in(result.manifest).values()) == ["dev"] * 2 + ["train"] * 18
    assert result.told[0].startswith("Documents: train 18, dev 2.")
    with pytest.raises(FormatError, match="all kept together by n, so that none is left for dev") as caught:
        export(session, tmp_path / "other", dataclasses.replace(options, group_by="n"))
    assert caught.value.todo.startswith("Finish documents that have another value there")
    assert not (tmp_path / "other").exists()
