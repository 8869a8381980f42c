"""A walk through all that can be asked of a server, recorded once with a real one and played back in the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annotator.sync.client import DoccanoServer
from annotator.sync.remote import (
    RefusedError,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    RemoteType,
    TypeKind,
)

PASSWORD = "open sesame"
WANTED = RemoteProject(
    id=0, name="Walk", kind="SequenceLabeling", description="a walk", guideline="go", has_relations=True
)
PERSON = RemoteType(kind=TypeKind.SPAN, name="PERSON", background="#ff8800", key="p")
MET = RemoteType(kind=TypeKind.RELATION, name="met", background="#00ff00", key="m")
SPORT = RemoteType(kind=TypeKind.CATEGORY, name="sport", background="#0000ff")
LINES = (
    {
        "text": "  Anna met 😀 Ben.",
        "entities": [
            {"id": 0, "start_offset": 2, "end_offset": 6, "label": "PERSON"},
            {"id": 1, "start_offset": 13, "end_offset": 16, "label": "PERSON"},
        ],
        "relations": [{"id": 0, "from_id": 0, "to_id": 1, "type": "met"}],
        "annotator": {"id": "a"},
        "n": 1,
    },
    {"text": "مرحبا Kyiv", "entities": [], "relations": [], "annotator": {"id": "b"}, "n": 2},
    {"text": "", "entities": [], "relations": [], "annotator": {"id": "c"}, "n": 3},
)


def walk(remote: DoccanoServer, folder: Path) -> dict[str, Any]:
    """Make a project, fill it, change what is in it, and take it apart again; give what each step gave."""
    gave: dict[str, Any] = {"account": remote.account}
    made = gave["made"] = remote.create_project(WANTED)
    gave["listed"] = made in remote.projects()
    gave["asked"] = remote.project(made.id)
    gave["members"] = remote.members(made.id)
    person = gave["person"] = remote.create_type(made.id, PERSON)
    met = gave["met"] = remote.create_type(made.id, MET)
    gave["taken"] = _refused(lambda: remote.create_type(made.id, PERSON))
    gave["types"] = remote.types(made.id)
    file = folder / "lines.jsonl"
    file.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in LINES), encoding="utf-8")
    tasks: list[str] = []
    gave["uploaded"] = remote.upload(made, file, started=tasks.append, progress=quiet)
    gave["waited"] = remote.wait(made.id, tasks[0], quiet)
    gave["count"] = remote.count(made.id)
    documents = gave["documents"] = list(remote.documents(made, remote.export(made.id, folder, quiet)))
    first, second = documents
    span = RemoteSpan(start=6, end=10, label="PERSON")
    added = gave["span"] = remote.create_span(made.id, second.id, span, person.id)
    gave["overlapping"] = _refused(lambda: remote.create_span(made.id, second.id, span, person.id))
    loop = RemoteRelation(head=added.id, child=added.id, label="met")
    relation = gave["relation"] = remote.create_relation(made.id, second.id, loop, met.id)
    comment = gave["comment"] = remote.create_comment(made.id, second.id, "  where? ")
    remote.confirm(made.id, second.id, confirmed=True)
    remote.confirm(made.id, second.id, confirmed=True)
    gave["document"] = remote.document(made, second.id)
    gave["confirmed"] = remote.confirmed(made.id, quiet)
    gave["comments"] = remote.comments(made.id, quiet)
    remote.confirm(made.id, second.id, confirmed=False)
    for _ in range(2):
        remote.delete_relation(made.id, second.id, relation.id)
        remote.delete_span(made.id, second.id, added.id)
        remote.delete_comment(made.id, second.id, comment.id)
    remote.change_metadata(made.id, second.id, {"n": 0.1234567890123456, "deep": [{"a": None}]})
    gave["metadata"] = remote.metadata(made.id, second.id)
    sport = remote.create_type(made.id, SPORT)
    for _ in range(2):
        remote.change_categories(made.id, second.id, {"sport": sport.id}, others=False)
    remote.change_categories(made.id, second.id, {}, others=False)
    for _ in range(2):
        remote.delete_type(made.id, sport)
    gave["types left"] = remote.types(made.id)
    gave["bare"] = remote.document(made, second.id)
    for _ in range(2):
        remote.delete_document(made.id, first.id)
    gave["gone"] = _refused(lambda: remote.document(made, first.id))
    changed = RemoteType(kind=TypeKind.SPAN, id=person.id, name="Human", background="#123456")
    gave["changed"] = remote.change_type(made.id, changed)
    return gave


def quiet(done: int, total: int, text: str) -> None:
    """Be told of progress, and say nothing."""


def _refused(call: Any) -> str:
    try:
        call()
    except RefusedError as error:
        return error.what
    return ""
