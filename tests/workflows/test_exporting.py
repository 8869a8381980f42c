"""Exports: which documents go out, into which files, what the manifest says, and what never leaves."""

from __future__ import annotations

import contextlib
import errno
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.editing import commands
from annotator.formats import format_named
from annotator.formats.base import ReadOptions
from annotator.model.annotation import How
from annotator.model.document import Part, State
from annotator.model.errors import Cancelled, FormatError
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.workflows.converting import convert
from annotator.workflows.exporting import (
    ExportOptions,
    export,
    export_formats,
    format_for,
    options_from,
    plan_export,
    suffix_for,
)
from annotator.workflows.records import record_of, records
from annotator.workflows.sealing import all_or_none
from annotator.workflows.session import Session
from tests.builders import a_document, a_record, as_nobody, bring

TEXTS = ("[Ada](PERSON) left.", "[Bob](PERSON) rules [Oslo](GPE).", "[Eve](PERSON) sang.", "Nobody came.")


@pytest.fixture
def documents(session: Session) -> list[int]:
    """Bring in four texts: two done, one in progress, one to do."""
    keys = [a_document(session, text, source=f"{number}.txt") for number, text in enumerate(TEXTS)]
    session.do(commands.AcceptMany(documents=tuple(keys[:3])))
    session.do(commands.SetState(documents=tuple(keys[:2]), state=State.DONE))
    session.do(commands.SetPart(documents=(keys[1],), part=Part.DEV))
    return keys


def read_back(path: Path, name: str = "native") -> list[Record]:
    problems: list[Any] = []
    found = format_named(name)
    assert found.read is not None
    back = list(found.read(path, ReadOptions(), problems.append))
    assert not [problem for problem in problems if problem.refused]
    return back


def exported(session: Session, folder: Path, **options: Any) -> list[str]:
    result = export(session, folder / "out.annot.jsonl", ExportOptions(format="native", **options))
    return [record.text for path in result.files for record in read_back(path)]


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ({}, [0, 1]),
        ({"documents": "decided"}, [0, 1, 2]),
        ({"documents": "all"}, [0, 1, 2, 3]),
        ({"part": "dev"}, [1]),
        ({"part": "train"}, [0]),
        ({"part": "train", "documents": "all"}, [0, 2, 3]),
    ],
)
def test_the_documents_asked_for_go_out(
    session: Session, documents: list[int], tmp_path: Path, options: dict[str, str], texts: list[int]
) -> None:
    assert exported(session, tmp_path, **options) == [session.text(documents[number]) for number in texts]


def test_what_is_left_out_removed_skipped_or_undone_never_goes_out(
    session: Session, documents: list[int], tmp_path: Path
) -> None:
    session.do(commands.SetState(documents=(documents[2],), state=State.SKIPPED, reason="x"))
    gone = bring(session, replace(a_record("[Zoe](PERSON) left.", source="z"), state=State.DONE))
    assert exported(session, tmp_path) == [
        session.text(key) for key in (*documents[:2], gone.first_document or 0)
    ]
    session.undo(None)
    session.do(commands.ExcludeDocuments(documents=(documents[0],)))
    assert exported(session, tmp_path) == [session.text(documents[1])]
    session.do(commands.RemoveDocuments((documents[1],)))
    with pytest.raises(FormatError, match="No document fits this choice"):
        exported(session, tmp_path)


def test_each_part_goes_into_a_file_of_its_own(
    session: Session, documents: list[int], tmp_path: Path
) -> None:
    result = export(session, tmp_path / "corpus", ExportOptions(format="native", part="each"))
    assert [path.relative_to(tmp_path).as_posix() for path in result.files] == [
        "corpus/train.annot.jsonl",
        "corpus/dev.annot.jsonl",
    ]
    assert result.parts == {"train": 1, "dev": 1}
    assert [len(read_back(path)) for path in result.files] == [1, 1]
    assert result.manifest == tmp_path / "corpus" / "manifest.json"


def test_the_result_counts_what_was_read_and_written(
    session: Session, documents: list[int], tmp_path: Path
) -> None:
    plan = plan_export(session, tmp_path / "out.jsonl", ExportOptions(format="prodigy"))
    result = export(session, tmp_path / "out.jsonl", ExportOptions(format="prodigy"))
    assert (plan.documents, plan.spans, plan.relations, plan.files) == (2, 3, 0, result.files)
    assert (result.documents, result.spans, result.relations) == (2, 3, 0)
    assert (result.read_documents, result.read_spans, result.read_relations) == (2, 3, 0)
    assert len(read_back(result.files[0], "prodigy")) == 2


def test_nothing_to_export_is_said_with_what_to_do(session: Session, tmp_path: Path) -> None:
    a_document(session, TEXTS[0])
    with pytest.raises(FormatError, match=r"No document is done yet.*Finish a document first"):
        export(session, tmp_path / "out.jsonl")
    session.do(commands.AcceptMany(done=True))
    with pytest.raises(FormatError, match="No document fits this choice"):
        export(session, tmp_path / "out.jsonl", ExportOptions(part="dev"))
    with pytest.raises(FormatError, match="no format named 'x'"):
        export(session, tmp_path / "out.jsonl", ExportOptions(format="x"))
    with pytest.raises(FormatError, match="can be read but not written"):
        export(session, tmp_path / "out.html", ExportOptions(format="html"))
    assert list(tmp_path.glob("out*")) == []


def test_the_manifest_says_what_went_out_without_texts_and_paths(
    session: Session, documents: list[int], tmp_path: Path
) -> None:
    folder = tmp_path / "secret place"
    result = export(session, folder / "out.jsonl", ExportOptions(format="prodigy"))
    assert result.manifest == folder / "out.jsonl.manifest.json"
    written = result.manifest.read_text(encoding="utf-8")
    told = json.loads(written)
    assert [(each["part"], each["state"], each["file"]) for each in told["documents"]] == [
        ("train", "done", "out.jsonl"),
        ("dev", "done", "out.jsonl"),
    ]
    assert [each["id"] for each in told["documents"]] == [session.document(key).id for key in documents[:2]]
    assert [each["hash"] for each in told["documents"]] == [
        session.document(key).hash for key in documents[:2]
    ]
    assert told["labels"] == {"dev": {"GPE": 1, "PERSON": 1}, "train": {"PERSON": 1}}
    assert told["annotators"] == {"Mara": 3}
    assert told["decisions"] == {How.BULK.value: 3}
    assert told["format"] == "prodigy"
    assert told["project"] == session.setting("id")
    assert told["tokenizers"] == ["source"]
    assert "[[entity]]" in told["schema"]
    for secret in ("secret", str(tmp_path), "Ada", "Oslo", "0.txt"):
        assert secret not in written


def test_an_export_is_repeated_like_an_earlier_one(
    session: Session, documents: list[int], tmp_path: Path
) -> None:
    options = ExportOptions(format="prodigy", documents="all", part="each")
    first = export(session, tmp_path / "one", options)
    assert options_from(first.manifest) == options
    again = export(session, tmp_path / "two", options_from(first.manifest))
    assert [path.name for path in again.files] == [path.name for path in first.files]
    assert [path.read_bytes() for path in again.files] == [path.read_bytes() for path in first.files]


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"options": 3}', '{"options": {"nope": "x"}}', '{"options": {"part": 3}}', "\udcff"],
)
def test_a_file_that_is_no_manifest_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(FormatError, match="is not the manifest of an export"):
        options_from(path)
    with pytest.raises(FormatError, match="is not the manifest of an export"):
        options_from(tmp_path / "missing.json")


def test_a_stopped_or_refused_export_leaves_the_old_file(
    session: Session, documents: list[int], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "out.jsonl"
    target.write_text("old")

    def stop(done: int, total: int, text: str) -> None:
        if text.startswith("Writing") and done == total:
            raise Cancelled

    with pytest.raises(Cancelled):
        export(session, target, ExportOptions(format="prodigy"), stop)
    assert target.read_text() == "old"
    if sys.platform != "win32":
        folder.chmod(0o555)
        with (
            as_nobody(tmp_path),
            pytest.raises(FormatError, match=r"cannot be (written|made)|may not be changed"),
        ):
            export(session, target, ExportOptions(format="prodigy"))
        with as_nobody(tmp_path), pytest.raises(FormatError, match="cannot be made"):
            export(session, folder / "deeper" / "out.jsonl", ExportOptions(format="prodigy"))
        folder.chmod(0o755)
    assert [path.name for path in folder.iterdir()] == ["out.jsonl"]
    assert target.read_text() == "old"


NAMES = ("train.jsonl", "dev.jsonl", "manifest.json")


@pytest.mark.parametrize(
    ("refused", "left"),
    [
        ("train.jsonl", {"train.jsonl": "old", "dev.jsonl": "old", "manifest.json": "old"}),
        ("dev.jsonl", {"train.jsonl": "new", "dev.jsonl": "old"}),
        ("", {"train.jsonl": "new", "dev.jsonl": "new", "manifest.json": "new"}),
    ],
)
def test_a_manifest_never_stands_beside_files_of_two_exports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str, left: dict[str, str]
) -> None:
    targets = [tmp_path / name for name in NAMES]
    for target in targets:
        target.write_text("old")
    replace = Path.replace

    def put(self: Path, target: Path) -> Path:
        if target.name == refused and self.read_text() == "new":
            raise OSError(errno.ENOSPC, "full")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", put)
    expected = pytest.raises(FormatError, match="the disk is full") if refused else contextlib.nullcontext()
    with expected, all_or_none(targets) as written:
        for path in written.values():
            path.write_text("new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == left


def test_the_name_of_a_target_tells_its_format() -> None:
    told = {name: format_for(Path(name)) for name in ("a.spacy", "a.jsonl", "a.annot.jsonl", "a")}
    assert told == {
        "a.spacy": "docbin",
        "a.jsonl": "prodigy",
        "a.annot.jsonl": "native",
        "a": "docbin",
    }
    with pytest.raises(FormatError, match="--format"):
        format_for(Path("a.xyz"))
    assert {"docbin", "prodigy", "native"} <= {each.name for each in export_formats()}


def test_everything_known_of_a_document_survives_its_record(session: Session, tmp_path: Path) -> None:
    record = a_record("[Ada](PERSON) met [Bob](PERSON) in [Paris](GPE).")
    ada, bob, paris = record.spans
    spans = (
        replace(
            ada,
            flagged=True,
            note="sure?",
            attributes={"prodigy": {"x": 1}},
            annotator="Ben",
            how=How.SINGLE,
            at=5.0,
        ),
        bob,
        paris,
        RecordSpan(fragments=ada.fragments, label="GPE", rejected=True),
    )
    relations = (
        RecordRelation(head=0, child=1, label="MET", note="twice"),
        RecordRelation(head=0, child=2, label="VISITED", rejected=True),
    )
    full = replace(
        record,
        spans=spans,
        relations=relations,
        title="A meeting",
        language="de",
        state=State.DONE,
        part=Part.TEST,
        flagged=True,
        note="read again",
        metadata={"date": "2026-01-01", "group": "g"},
        attributes={"native": {"y": [1]}},
    )
    document = bring(session, full).first_document
    assert document is not None
    session.do(commands.SetState(documents=(document,), state=State.SKIPPED, reason="odd"))
    out = record_of(session, document)
    for name in ("text", "source", "title", "language", "part", "flagged", "note", "metadata", "attributes"):
        assert getattr(out, name) == getattr(full, name), name
    assert (out.state, out.reason) == (State.SKIPPED, "odd")
    assert [(each.fragments, each.label, each.rejected) for each in out.spans] == [
        (each.fragments, each.label, each.rejected) for each in spans
    ]
    first = out.spans[0]
    assert (first.flagged, first.note, first.attributes) == (True, "sure?", {"prodigy": {"x": 1}})
    assert (first.annotator, first.how, first.at) == ("Ben", How.SINGLE, 5.0)
    assert [(each.head, each.child, each.label, each.rejected) for each in out.relations] == [
        (0, 1, "MET", False),
        (0, 2, "VISITED", True),
    ]
    assert out.relations[0].note == "twice"
    session.do(commands.RemoveDocuments((document,)))
    again = bring(session, out).first_document
    assert again is not None
    back = record_of(session, again)
    assert replace(back, id="", spans=(), relations=()) == replace(out, id="", spans=(), relations=())
    assert [replace(each, id="") for each in back.spans] == [replace(each, id="") for each in out.spans]


def test_candidates_are_nobodys_decision(session: Session) -> None:
    document = a_document(session, TEXTS[0])
    assert record_of(session, document).spans == ()


def test_records_report_how_far_they_are(session: Session) -> None:
    keys = [a_document(session, f"Text {number}.") for number in range(30)]
    told: list[tuple[int, int]] = []
    list(records(session, keys, lambda done, total, _text: told.append((done, total))))
    assert told == [(done, 30) for done in range(31)]


def test_a_file_is_converted_and_counted(session: Session, documents: list[int], tmp_path: Path) -> None:
    source = tmp_path / "in.annot.jsonl"
    export(session, source, ExportOptions(format="native"))
    done = convert(source, tmp_path / "out.jsonl")
    assert (done.documents, done.spans, done.read_documents, done.read_spans) == (2, 3, 2, 3)
    assert [record.text for record in read_back(tmp_path / "out.jsonl", "prodigy")] == [
        session.text(key) for key in documents[:2]
    ]
    back = convert(tmp_path / "out.jsonl", tmp_path / "back.annot.jsonl")
    assert back.spans == 3
    assert (tmp_path / "back.annot.jsonl").read_text().startswith('{"annotator"')


def test_a_conversion_that_cannot_be_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "Ada left."}\n{broken\n')
    with pytest.raises(FormatError, match="is not there"):
        convert(tmp_path / "no.jsonl", tmp_path / "out.jsonl")
    with pytest.raises(FormatError, match="does not tell a format"):
        convert(source, tmp_path / "out.xyz")
    with pytest.raises(FormatError, match="can be read but not written"):
        convert(source, tmp_path / "out", write_format="webanno")
    with pytest.raises(FormatError, match="no format named"):
        convert(source, tmp_path / "out.jsonl", read_format="xyz")
    empty = tmp_path / "empty.jsonl"
    empty.write_text("{broken\n")
    with pytest.raises(FormatError, match=r"Nothing in empty\.jsonl could be read"):
        convert(empty, tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()
    done = convert(source, tmp_path / "out.jsonl")
    assert (done.documents, done.problems_total, done.problems[0].line) == (1, 1, 2)


@pytest.mark.usefixtures("documents")
def test_a_folder_goes_out_whole_and_only_over_one_of_its_kind(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "news.ann"
    result = export(session, target, ExportOptions(format="brat"))
    folder = tmp_path / "news"
    assert result.files == (folder,)
    assert sorted(path.name for path in folder.iterdir()) == [
        "0.ann",
        "0.txt",
        "1.ann",
        "1.txt",
        "annotation.conf",
    ]
    assert (folder / "0.ann").read_text(encoding="utf-8") == "T1\tPERSON 0 3\tAda\n"
    assert result.manifest.is_file()
    export(session, target, ExportOptions(format="brat", part="dev"))
    assert sorted(path.name for path in folder.iterdir()) == ["1.ann", "1.txt", "annotation.conf"]
    (folder / "mine.docx").touch()
    with pytest.raises(FormatError, match="holds other things"):
        export(session, target, ExportOptions(format="brat"))
    result = export(session, tmp_path / "parts", ExportOptions(format="brat", part="each"))
    assert sorted(path.name for path in result.files) == ["dev", "train"]
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == ["dev", "manifest.json", "train"]


@pytest.mark.usefixtures("documents")
def test_texts_go_out_as_a_folder_or_by_choice_as_one_file(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "news.txt"
    plain, by_line = (ExportOptions(format="text", details=each) for each in ({}, {"one_each": "line"}))
    assert (suffix_for(plain), suffix_for(by_line), suffix_for(replace(by_line, part="each"))) == (
        "",
        ".txt",
        "",
    )
    result = export(session, target, plain)
    assert sorted(path.name for path in result.files[0].iterdir()) == ["0.txt", "1.txt"]
    assert (result.documents, result.spans, result.read_spans) == (2, 0, 3)
    assert [loss.count for loss in result.losses if loss.kind == "spans"] == [3]
    result = export(session, target, by_line)
    assert result.files == (target,)
    assert target.read_text(encoding="utf-8") == "Ada left.\nBob rules Oslo.\n"
    result = export(session, tmp_path / "parts", replace(by_line, part="each"))
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == [
        "dev.txt",
        "manifest.json",
        "train.txt",
    ]
    done = convert(tmp_path / "news", tmp_path / "again.txt", details={"one_each": "line"})
    assert (done.place, done.documents) == (tmp_path / "again.txt", 2)
    assert done.place.read_bytes() == target.read_bytes()
    done = convert(target, tmp_path / "new" / "lines.txt", read_details={"one_each": "line"})
    assert sorted(path.name for path in done.place.iterdir()) == ["news.txt-1.txt", "news.txt-2.txt"]
    assert done.place == tmp_path / "new" / "lines"
