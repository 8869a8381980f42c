"""What stands in the export of a doccano server. The lines are those that version 1.8.4 wrote."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotator.sync.exported import TrueHead, heads, is_own, mended, read, read_own, write_own
from annotator.sync.remote import (
    OtherServerError,
    RemoteComment,
    RemoteDocument,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
)

SHARED = RemoteProject(id=1, name="Shared", kind="SequenceLabeling", has_relations=True)
SINGLE = RemoteProject(id=2, name="Each their own", kind="SequenceLabeling", is_shared=False)
WITH_RELATIONS = (
    '{"id":1,"text":"  Anna met Ben. ","annotator":{"id":"u1"},"n":7,"f":1.123456789,"s":"x","b":true,'
    '"entities":[{"id":1,"label":"PER","start_offset":2,"end_offset":6},'
    '{"id":2,"label":"PER","start_offset":11,"end_offset":14}],'
    '"relations":[{"id":1,"from_id":1,"to_id":2,"type":"met"}],"Comments":[{"id":4,"comment":"who?"}]}'
)
WITHOUT = '{"id":77,"text":"two three","label":[[0,3,"A"],[4,9,"A"]],"Comments":["one","two"]}'


def packed(folder: Path, **files: str) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.jsonl", content)
    return path


def only(path: Path, project: RemoteProject = SHARED) -> RemoteDocument:
    (document,) = read(path, project, ())
    return document


def test_spans_and_relations_come_with_their_numbers(tmp_path: Path) -> None:
    document = only(packed(tmp_path, all=WITH_RELATIONS))
    assert document.text == "  Anna met Ben. "
    assert document.spans == (
        RemoteSpan(start=2, end=6, label="PER", id=1),
        RemoteSpan(start=11, end=14, label="PER", id=2),
    )
    assert document.relations == (RemoteRelation(head=1, child=2, label="met", id=1),)
    assert document.comments == (RemoteComment(text="who?", id=4),)
    assert document.metadata == {"annotator": {"id": "u1"}, "n": 7, "f": 1.123456789, "s": "x", "b": True}
    assert document.owner == ""


def test_without_relations_spans_have_no_numbers(tmp_path: Path) -> None:
    document = only(packed(tmp_path, all=WITHOUT))
    assert document.spans == (
        RemoteSpan(start=0, end=3, label="A"),
        RemoteSpan(start=4, end=9, label="A"),
    )
    assert document.comments == (RemoteComment(text="one"), RemoteComment(text="two"))


@pytest.mark.parametrize(
    ("line", "spans", "categories"),
    [
        ('"label":["news","sport"]', (), ("news", "sport")),
        (
            '"cats":["news"],"entities":[[0,3,"A"]]',
            (RemoteSpan(start=0, end=3, label="A"),),
            ("news",),
        ),
        ('"label":[]', (), ()),
        ('"label":null', (), ()),
    ],
)
def test_categories_are_told_from_spans(
    tmp_path: Path, line: str, spans: tuple[RemoteSpan, ...], categories: tuple[str, ...]
) -> None:
    document = only(packed(tmp_path, all=f'{{"id":1,"text":"one",{line},"Comments":[]}}'))
    assert (document.spans, document.categories) == (spans, categories)


def test_every_member_has_a_file(tmp_path: Path) -> None:
    path = packed(tmp_path, **{"anna": WITHOUT, "b.en@x": WITHOUT})
    assert [document.owner for document in read(path, SINGLE, ())] == ["anna", "b.en@x"]


def test_the_files_of_those_who_confirmed_nothing_are_blank(tmp_path: Path) -> None:
    path = packed(tmp_path, admin="\n", anna=WITHOUT)
    assert [head.id for head in heads(path, "anna")] == [77]
    assert heads(path, "admin") == []
    assert [document.owner for document in read(path, SINGLE, ())] == ["anna"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2.0, 2), (2.5, 2.5), (1e300, 1e300), (2.0**53, 2.0**53), ("2.0", "2.0"), (True, True), (3, 3)],
)
def test_whole_numbers_are_mended_as_far_as_can_be_known(value: Any, expected: Any) -> None:
    found = mended(value)
    assert (found, type(found)) == (expected, type(expected))


def test_null_is_a_key_that_the_document_lacks(tmp_path: Path) -> None:
    line = '{"id":1,"text":"one","n":2.0,"s":null,"deep":{"a":[1.0,null]},"label":[],"Comments":[]}'
    assert only(packed(tmp_path, all=line)).metadata == {"n": 2, "deep": {"a": [1.0, None]}}


def test_what_the_list_of_the_server_says_goes_before(tmp_path: Path) -> None:
    path = packed(tmp_path, anna=WITHOUT, ben=WITHOUT)
    found = list(read(path, SINGLE, [TrueHead(9, "two three!", {"id": 77})]))
    assert [(d.id, d.text, d.metadata, d.owner) for d in found] == [
        (9, "two three!", {"id": 77}, "anna"),
        (9, "two three!", {"id": 77}, "ben"),
    ]
    assert len(found[0].spans) == len(found[0].comments) == 2


def test_lines_end_where_json_says(tmp_path: Path) -> None:
    text = "one\u2028two\x85three\x0bfour"
    line = json.dumps({"id": 1, "text": text, "label": [], "Comments": []}, ensure_ascii=False)
    assert only(packed(tmp_path, all=f"{line}\n")).text == text


@pytest.mark.parametrize(
    "line", ['{"id":1', '["one"]', '{"text":"one"}', '{"id":1,"text":"one","entities":[{"id":"x"}]}', "\xff"]
)
def test_lines_of_another_kind_are_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(OtherServerError, match=r"export\.zip"):
        list(read(packed(tmp_path, all=line), SHARED, ()))


def test_a_file_that_is_no_zip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(b"<html>")
    with pytest.raises(OtherServerError, match="not a zip"):
        heads(path)


def test_a_zip_that_was_cut_off_is_named(tmp_path: Path) -> None:
    path = packed(tmp_path, all="\n".join([WITH_RELATIONS] * 2000))
    whole = bytearray(path.read_bytes())
    whole[200:400] = bytes(200)
    path.write_bytes(whole)
    with pytest.raises(OtherServerError, match=r"export\.zip"):
        list(read(path, SHARED, ()))


def test_what_was_asked_for_one_by_one_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "own.zip"
    whole = [
        RemoteDocument(
            id=number,
            text="one\ntwo 😀",
            owner="anna",
            metadata={"id": 3, "f": 2.0, "deep": [None, {"a": 1}]},
            spans=(RemoteSpan(start=0, end=3, label="A", id=4, user=5),),
            relations=(RemoteRelation(head=4, child=4, label="r", id=6, user=5),),
            categories=("news",),
            comments=(RemoteComment(text="who?", id=7, user=5, username="anna"),),
            is_confirmed=True,
        )
        for number in (1, 2)
    ]
    write_own(path, reversed(whole))
    assert is_own(path)
    assert list(read_own(path)) == whole
    assert type(next(read_own(path)).metadata["f"]) is float


def test_an_export_of_the_server_is_not_ours(tmp_path: Path) -> None:
    assert not is_own(packed(tmp_path, all=WITHOUT))
