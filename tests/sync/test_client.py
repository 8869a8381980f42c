"""All that can be asked of a server, on what version 1.8.4 answered when the walk was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from annotator.sync.client import DoccanoServer, log_in
from annotator.sync.remote import (
    LoginError,
    Member,
    OtherServerError,
    RefusedError,
    Remote,
    RemoteComment,
    RemoteDocument,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    RemoteType,
    TypeKind,
    UnreachableError,
    Uploaded,
)
from tests.sync.little_server import Answer, Asked, Dropped, LittleServer
from tests.sync.replaying import replayed
from tests.sync.walk import MET, PASSWORD, PERSON, WANTED, quiet, walk

ME = b'{"id": 1, "username": "admin", "is_superuser": true, "is_staff": true}'
NOT_LOGGED_IN = Answer(403, b'{"detail":"Authentication credentials were not provided."}')


@pytest.fixture(scope="module")
def gave(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    with replayed() as server:
        remote = log_in(server.address, "admin", PASSWORD)
        return walk(remote, tmp_path_factory.mktemp("walk"))


def test_who_is_logged_in_is_known(gave: Mapping[str, Any]) -> None:
    assert gave["account"] == Member(user=1, name="admin")


def test_a_project_is_made_listed_and_asked_for(gave: Mapping[str, Any]) -> None:
    made = gave["made"]
    assert made == RemoteProject(
        id=made.id, name="Walk", kind=WANTED.kind, description="a walk", guideline="go", has_relations=True
    )
    assert gave["listed"]
    assert gave["asked"] == made
    assert gave["members"] == [Member(user=1, name="admin", role="project_admin")]


def test_types_come_with_colour_key_and_number(gave: Mapping[str, Any]) -> None:
    for wanted, made in ((PERSON, gave["person"]), (MET, gave["met"])):
        assert made.id
        assert (made.kind, made.name, made.background, made.key) == (
            wanted.kind,
            wanted.name,
            wanted.background,
            wanted.key,
        )
    assert gave["types"] == [gave["person"], gave["met"]]
    assert "There is a label PERSON" in gave["taken"]
    assert gave["changed"] == RemoteType(
        kind=TypeKind.SPAN, id=gave["person"].id, name="Human", background="#123456"
    )


def test_an_upload_tells_the_lines_that_were_not_taken(gave: Mapping[str, Any]) -> None:
    assert gave["uploaded"] == gave["waited"] == Uploaded(errors=("line 3: Invalid data in line 3",))
    assert gave["count"] == 2


def test_documents_come_with_all_that_hangs_on_them(gave: Mapping[str, Any]) -> None:
    first, second = gave["documents"]
    ends = tuple(span.id for span in first.spans)
    assert first == RemoteDocument(
        id=first.id,
        text="  Anna met 😀 Ben.",
        metadata={"annotator": {"id": "a"}, "n": 1},
        spans=(
            RemoteSpan(start=2, end=6, label="PERSON", id=ends[0]),
            RemoteSpan(start=13, end=16, label="PERSON", id=ends[1]),
        ),
        relations=(RemoteRelation(head=ends[0], child=ends[1], label="met", id=first.relations[0].id),),
    )
    assert second == RemoteDocument(
        id=second.id, text="مرحبا Kyiv", metadata={"annotator": {"id": "b"}, "n": 2}
    )


def test_single_things_are_made_and_asked_for(gave: Mapping[str, Any]) -> None:
    second = gave["documents"][1]
    assert gave["span"] == RemoteSpan(start=6, end=10, label="PERSON", id=gave["span"].id, user=1)
    assert "overlapping is not allowed" in gave["overlapping"]
    comment = RemoteComment(text="where?", id=gave["comment"].id, user=1, username="admin")
    assert gave["comment"] == comment
    assert gave["document"] == RemoteDocument(
        id=second.id,
        text=second.text,
        metadata=second.metadata,
        spans=(gave["span"],),
        relations=(gave["relation"],),
        comments=(comment,),
        is_confirmed=True,
    )
    assert gave["confirmed"] == {second.id}
    assert gave["comments"] == {second.id: [comment]}


def test_what_is_deleted_is_gone_however_often(gave: Mapping[str, Any]) -> None:
    second = gave["documents"][1]
    assert gave["bare"] == RemoteDocument(id=second.id, text=second.text, metadata=gave["metadata"])
    assert gave["metadata"] == {"n": 0.1234567890123456, "deep": [{"a": None}]}
    assert gave["types left"] == [gave["person"], gave["met"]]
    assert "no longer there" in gave["gone"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_it_is_what_the_rest_of_the_program_asks_for(gave: Mapping[str, Any]) -> None:
    asked_for: type[Remote] = DoccanoServer
    assert asked_for is DoccanoServer


class Doccano:
    """A server of which a test says what single paths answer; nobody is logged in before they log in."""

    def __init__(self, **answers: object) -> None:
        self.answers: dict[str, object] = dict(answers)
        self.logged_in = False

    def __call__(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix("/v1/").split("?")[0]
        if path == "auth/login/":
            self.logged_in = True
            return Answer(200, b'{"key":"x"}', headers=(("set-cookie", "csrftoken=abc; Path=/"),))
        if not self.logged_in:
            return NOT_LOGGED_IN
        answer = ME if path == "me" else self.answers[path]
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, Answer):
            return answer
        return Answer(200, answer if isinstance(answer, bytes) else json.dumps(answer).encode())


@pytest.fixture
def doccano() -> Iterator[tuple[Doccano, DoccanoServer]]:
    answers = Doccano()
    with LittleServer(answers) as server:
        remote = log_in(server.address, "admin", PASSWORD)
        remote._connection._pauses = (0.01, 0.01)
        yield answers, remote
        remote.close()


Pair = tuple[Doccano, DoccanoServer]


def test_the_sign_of_the_session_goes_with_what_writes(doccano: Pair) -> None:
    answers, remote = doccano
    seen: list[str | None] = []

    def comment(asked: Asked) -> Answer:
        seen.append(asked.headers.get("X-CSRFToken"))
        made = {"id": 3, "user": 1, "username": "admin", "example": "9", "text": "x", "created_at": ""}
        return Answer(201, json.dumps(made).encode())

    answers.answers["projects/1/comments"] = comment
    remote.create_comment(1, 9, "x")
    assert seen == ["abc"]


def test_long_lists_are_read_page_by_page(doccano: Pair) -> None:
    answers, remote = doccano
    rows = [
        {"id": n, "user": 1, "username": "admin", "example": n % 7, "text": str(n), "created_at": ""}
        for n in range(1234)
    ]

    def page(asked: Asked) -> Answer:
        query = dict(part.split("=") for part in asked.path.split("?")[1].split("&"))
        offset, limit = int(query["offset"]), int(query["limit"])
        found = {"count": len(rows), "next": None, "previous": None, "results": rows[offset : offset + limit]}
        return Answer(200, json.dumps(found).encode())

    answers.answers["projects/1/comments"] = page
    found = remote.comments(1, quiet)
    assert {number: [int(c.text) for c in comments] for number, comments in found.items()} == {
        number: list(range(number, 1234, 7)) for number in range(7)
    }


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        (
            {"count": 1, "results": [{"id": 1, "name": "Old", "project_type": "SequenceLabeling"}]},
            "collaborative",
        ),
        ([{"id": 1, "name": "Older"}], "object"),
        ({"projects": []}, "count"),
    ],
)
def test_another_version_is_named_with_what_is_missing(doccano: Pair, answer: object, missing: str) -> None:
    answers, remote = doccano
    answers.answers["projects"] = answer
    with pytest.raises(OtherServerError, match=f"otherwise than doccano 1.8 does .*{missing}"):
        remote.projects()


def test_a_session_that_ended_is_told(doccano: Pair) -> None:
    answers, remote = doccano
    answers.answers["projects/1"] = NOT_LOGGED_IN
    with pytest.raises(LoginError, match="no longer knows who you are"):
        remote.project(1)


def test_who_is_no_member_is_told(doccano: Pair, folder: Path) -> None:
    answers, remote = doccano
    denied = Answer(403, b'{"detail":"You do not have permission to perform this action."}')
    answers.answers["projects/1/download"] = answers.answers["projects/1"] = denied
    with pytest.raises(Exception, match="does not let this account"):
        remote.export(1, folder, quiet)


def test_an_export_that_failed_is_told(doccano: Pair, folder: Path) -> None:
    answers, remote = doccano
    answers.answers["projects/1/download"] = {"task_id": "t"}
    answers.answers["tasks/status/t"] = {"ready": True, "result": None, "error": {"text": "disk full"}}
    answers.answers["projects/1/examples"] = {"count": 0, "results": []}
    with pytest.raises(Exception, match="could not write an export"):
        remote.export(1, folder, quiet)


def test_an_export_that_is_cut_off_is_fetched_again(doccano: Pair, folder: Path) -> None:
    answers, remote = doccano
    tries = iter([Answer(200, b"x" * 100_000, "application/zip", cut=50_000)])
    whole = Answer(200, b"y" * 100_000, "application/zip")

    def download(asked: Asked) -> Answer:
        return Answer(200, b'{"task_id":"t"}') if asked.method == "POST" else next(tries, whole)

    answers.answers["projects/1/download"] = download
    answers.answers["tasks/status/t"] = {"ready": True, "result": "/x.zip", "error": None}
    answers.answers["projects/1/examples"] = {"count": 0, "results": []}
    path = remote.export(1, folder, quiet)
    assert path.read_bytes() == b"y" * 100_000


def test_a_task_that_failed_is_told(doccano: Pair) -> None:
    answers, remote = doccano
    answers.answers["tasks/status/t"] = {"ready": True, "result": None, "error": {"text": "KeyError"}}
    assert remote.wait(1, "t", quiet) == Uploaded(failure="KeyError")


def test_a_task_nobody_knows_is_lost_when_the_queue_works(doccano: Pair) -> None:
    answers, remote = doccano
    _never_ready(answers, queue="OK")
    remote.lost_after = 0.0
    assert remote.wait(1, "t", quiet) == Uploaded(lost=True)


def test_a_task_is_waited_for_while_the_queue_gives_no_sign(
    doccano: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, remote = doccano
    _never_ready(answers, queue="unavailable")
    remote.lost_after = 0.0
    monkeypatch.setattr("annotator.sync.tasks.GIVEN_UP", 0.05)
    with pytest.raises(UnreachableError, match="the queue of tasks gives no sign"):
        remote.wait(1, "t", quiet)


def test_an_export_that_was_lost_is_told(doccano: Pair, folder: Path) -> None:
    answers, remote = doccano
    _never_ready(answers, queue="OK")
    answers.answers["projects/1/examples"] = {"count": 0, "results": []}
    answers.answers["projects/1/download"] = {"task_id": "t"}
    remote.lost_after = 0.0
    with pytest.raises(RefusedError, match="nothing came of it"):
        remote.export(1, folder, quiet)


def test_a_task_is_waited_for_while_documents_come(doccano: Pair) -> None:
    answers, remote = doccano
    _never_ready(answers, queue="OK")
    remote.lost_after = 0.0
    counts = iter(range(3))
    looked: list[int] = []

    def examples(asked: Asked) -> Answer:
        count = next(counts, 2)
        looked.append(count)
        return Answer(200, json.dumps({"count": count, "results": []}).encode())

    answers.answers["projects/1/examples"] = examples
    assert remote.wait(1, "t", quiet) == Uploaded(lost=True)
    assert looked[:3] == [0, 1, 2]


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.sync.tasks._COUNTED", 0.0)
    monkeypatch.setattr("annotator.sync.tasks._LOOKS", (0.01,))


def _never_ready(answers: Doccano, *, queue: str) -> None:
    answers.answers["tasks/status/t"] = {"ready": False, "result": None, "error": None}
    answers.answers["projects/1/examples"] = {"count": 3, "results": []}
    answers.answers["health/"] = {"CeleryHealthCheckCelery": queue}


def test_an_upload_is_never_begun_twice(doccano: Pair, folder: Path) -> None:
    answers, remote = doccano
    begun: list[Asked] = []

    def upload(asked: Asked) -> Answer:
        begun.append(asked)
        raise Dropped

    sent = iter([Answer(502, b"<html>", "text/html")])
    answers.answers["fp/process/"] = lambda _asked: next(sent, Answer(200, b"abc", "text/plain"))
    answers.answers["projects/1/upload"] = upload
    file = folder / "x.jsonl"
    file.write_text("{}\n")
    started: list[str] = []
    project = RemoteProject(id=1, name="x", kind="SequenceLabeling")
    with pytest.raises(UnreachableError):
        remote.upload(project, file, started=started.append, progress=quiet)
    assert len(begun) == 1
    assert json.loads(begun[0].body)["uploadIds"] == ["abc"]
    assert started == []


def test_a_state_that_somebody_else_sets_to_the_contrary_is_told(doccano: Pair) -> None:
    answers, remote = doccano
    answers.answers["projects/1/examples/9/states"] = lambda asked: (
        Answer(201, b"{}") if asked.method == "POST" else Answer(200, b'{"count": 0, "results": []}')
    )
    with pytest.raises(Exception, match="to the contrary"):
        remote.confirm(1, 9, confirmed=True)


def _listing(answers: Doccano, rows: list[tuple[int, str, dict[str, Any]]]) -> list[str]:
    """Have the server list documents; give the places that are asked for, as they are."""
    asked_for: list[str] = []

    def listed(asked: Asked) -> Answer:
        query = dict(part.split("=") for part in asked.path.split("?")[1].split("&"))
        offset, limit = int(query["offset"]), int(query["limit"])
        asked_for.append(f"{offset}+{limit}")
        found = [
            {"id": n, "text": text, "meta": meta, "is_confirmed": False, "comment_count": 0}
            for n, text, meta in rows[offset : offset + limit]
        ]
        return Answer(200, json.dumps({"count": len(rows), "results": found}).encode())

    answers.answers["projects/1/examples"] = listed
    return asked_for


def _export(folder: Path, numbers: list[int]) -> Path:
    import zipfile

    path = folder / "export.zip"
    lines = (
        json.dumps({"id": n, "text": f"text {place}", "label": [], "Comments": []})
        for place, n in enumerate(numbers)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("all.jsonl", "\n".join(lines))
    return path


PROJECT = RemoteProject(id=1, name="x", kind="SequenceLabeling")
TRUE = [*range(5, 25), *range(40, 60)]


def test_numbers_are_believed_when_the_ends_of_their_runs_are_right(doccano: Pair, folder: Path) -> None:
    answers, remote = doccano
    asked_for = _listing(answers, [(n, f"text {place}", {}) for place, n in enumerate(TRUE)])
    assert [d.id for d in remote.documents(PROJECT, _export(folder, TRUE))] == TRUE
    assert {"0+2", "19+2", "39+2"} <= set(asked_for)
    assert all(place.endswith("+2") for place in asked_for)


@pytest.mark.parametrize(
    "claimed",
    [
        list(range(1, 41)),
        [*range(5, 24), 30, *range(40, 60)],
        [*range(5, 25), *range(41, 61)],
        [7] * 40,
        [*range(40, 60), *range(5, 25)],
    ],
)
def test_numbers_that_are_metadata_are_found_out(doccano: Pair, folder: Path, claimed: list[int]) -> None:
    answers, remote = doccano
    metas = [{"id": number} for number in claimed]
    _listing(answers, [(n, f"text {p}", metas[p]) for p, n in enumerate(TRUE)])
    found = list(remote.documents(PROJECT, _export(folder, claimed)))
    assert [d.id for d in found] == TRUE
    assert [d.metadata for d in found] == metas


def test_documents_that_come_and_go_meanwhile_are_told(doccano: Pair, folder: Path) -> None:
    answers, remote = doccano
    _listing(answers, [(n, f"text {place}", {}) for place, n in enumerate(TRUE[1:])])
    with pytest.raises(Exception, match="came or went"):
        remote.documents(PROJECT, _export(folder, TRUE))


def test_an_export_of_nothing_has_no_documents(doccano: Pair, folder: Path) -> None:
    _, remote = doccano
    assert list(remote.documents(PROJECT, _export(folder, []))) == []
