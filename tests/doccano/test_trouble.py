"""The real server behind a network that loses, doubles and delays, and killed in the middle."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.sync.client import DoccanoServer, log_in
from annotator.sync.remote import (
    CertificateError,
    RemoteProject,
    RemoteSpan,
    ServerError,
    UnreachableError,
)
from tests.doccano.conftest import Account, MakeProject
from tests.doccano.files import line, plain, pulled, quiet, uploaded
from tests.doccano.installing import ACCOUNTS
from tests.doccano.proxy import Proxy, Rule, Trouble
from tests.doccano.server import Server
from tests.sync.little_server import CERTIFICATES


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something holds; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def through(proxy: Proxy) -> DoccanoServer:
    remote = log_in(proxy.address, "admin", ACCOUNTS["admin"], trust=CERTIFICATES / "here.pem")
    remote._connection._pauses = (0.05, 0.05)
    return remote


@pytest.fixture
def filled(project: MakeProject, account: Account, tmp_path: Path) -> RemoteProject:
    """Give a project with twenty documents of one span."""
    made = project(has_relations=True)
    uploaded(account("admin"), made, tmp_path, [line(f"Anna {n} met Ben", (0, 4, "PER")) for n in range(20)])
    return made


def test_a_certificate_nobody_vouches_for(server: Server) -> None:
    with Proxy(server.address, certificate="here.pem") as proxy:
        with pytest.raises(CertificateError, match="cannot be trusted"):
            log_in(proxy.address, "admin", ACCOUNTS["admin"])
        remote = through(proxy)
        assert remote.account.name == "admin"
        remote.close()


def test_all_goes_through_tls(server: Server, filled: RemoteProject, tmp_path: Path) -> None:
    with Proxy(server.address, certificate="here.pem") as proxy:
        remote = through(proxy)
        documents = pulled(remote, filled, tmp_path)
        assert uploaded(remote, filled, tmp_path, [line("Anna", (0, 4, "PER"))]).errors == ()
        remote.confirm(filled.id, documents[0].id, confirmed=True)
        assert remote.document(filled, documents[0].id).is_confirmed
        assert (len(documents), remote.count(filled.id)) == (20, 21)
        remote.close()


@pytest.mark.parametrize("trouble", [Trouble.LOST, Trouble.BUSY, Trouble.CUT, Trouble.LATE, Trouble.DOUBLED])
def test_reading_survives(server: Server, filled: RemoteProject, tmp_path: Path, trouble: Trouble) -> None:
    with Proxy(server.address) as proxy:
        remote = through(proxy)
        whole = pulled(remote, filled, tmp_path)
        proxy.rules = (Rule(trouble, "GET", every=2, by_path=True),)
        assert pulled(remote, filled, tmp_path) == whole
        assert remote.document(filled, whole[3].id).text == whole[3].text
        assert len(proxy.troubles) > 3
        remote.close()


@pytest.mark.parametrize(
    ("trouble", "made"), [(Trouble.LOST, 1), (Trouble.UNANSWERED, 2), (Trouble.DOUBLED, 3)]
)
def test_writing_is_left_to_who_asked(
    server: Server, overlapping: tuple[RemoteProject, int], account: Account, trouble: Trouble, made: int
) -> None:
    wanted, number = overlapping
    (kind,) = account("admin").types(wanted.id)
    span = RemoteSpan(start=9, end=12, label="PER")
    with Proxy(server.address, Rule(trouble, "POST", "/spans$")) as proxy:
        remote = through(proxy)
        if trouble == Trouble.DOUBLED:
            remote.create_span(wanted.id, number, span, kind.id)
        else:
            with pytest.raises(UnreachableError):
                remote.create_span(wanted.id, number, span, kind.id)
        remote.close()
    assert len(account("admin").document(wanted, number).spans) == made


@pytest.fixture
def overlapping(project: MakeProject, account: Account, tmp_path: Path) -> tuple[RemoteProject, int]:
    """Give a project in which the same span can be made twice, and the number of its only document."""
    made = project(allows_overlap=True, has_relations=True)
    uploaded(account("admin"), made, tmp_path, [line("Anna met Ben", (0, 4, "PER"))])
    (document,) = pulled(account("admin"), made, tmp_path)
    return made, document.id


def test_a_doubled_toggle_is_set_right(
    server: Server, filled: RemoteProject, account: Account, tmp_path: Path
) -> None:
    (number, *_) = [document.id for document in pulled(account("admin"), filled, tmp_path)]
    with Proxy(server.address, Rule(Trouble.DOUBLED, "POST", "/states$", times=1)) as proxy:
        remote = through(proxy)
        remote.confirm(filled.id, number, confirmed=True)
        assert proxy.troubles
        remote.close()
    assert account("admin").document(filled, number).is_confirmed


def test_an_upload_whose_answer_is_lost_is_there_all_the_same(
    server: Server, filled: RemoteProject, account: Account, tmp_path: Path
) -> None:
    with Proxy(server.address, Rule(Trouble.UNANSWERED, "POST", "/upload$")) as proxy:
        remote = through(proxy)
        with pytest.raises(UnreachableError):
            uploaded(remote, filled, tmp_path, [line("late")])
        remote.close()
    wait_for(lambda: account("admin").count(filled.id) == 21)


@pytest.mark.slow
def test_what_was_there_before_a_kill_is_there_after_it(
    server: Server, filled: RemoteProject, account: Account, tmp_path: Path
) -> None:
    admin = account("admin")
    before = pulled(admin, filled, tmp_path)
    (kind,) = admin.types(filled.id)
    killed = threading.Event()

    def kill() -> None:
        if not killed.is_set():
            killed.set()
            server.kill()

    with Proxy(server.address, Rule(Trouble.LATE, "POST", "/spans$", every=5, before=kill)) as proxy:
        remote = through(proxy)
        span = RemoteSpan(start=5, end=6, label="PER")
        calls = [
            lambda number=document.id: remote.create_span(filled.id, number, span, kind.id)
            for document in before
        ]
        done: list[object] = []
        with pytest.raises(UnreachableError):
            done.extend(value for _, value in remote.together(calls, quiet))
        remote.close()
    server.start()
    # The session outlives the server: it lies in the data base.
    after = pulled(admin, filled, tmp_path)
    made = sum(len(document.spans) for document in after) - 20
    assert [document.id for document in after] == [document.id for document in before]
    assert made >= sum(not isinstance(value, ServerError) for value in done) > 0


@pytest.mark.slow
def test_a_task_that_was_killed_is_lost_and_told(
    server: Server, filled: RemoteProject, account: Account, tmp_path: Path
) -> None:
    admin = account("admin")
    server.kill()
    # Pages alone: the task waits in the queue of a server that is then killed as well.
    server.start_pages()
    wait_for(server.answers)
    file = tmp_path / "lines.jsonl"
    file.write_text('{"text": "waits", "entities": [], "relations": []}\n')
    tasks: list[str] = []

    def begun(task: str) -> None:
        tasks.append(task)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        admin.upload(filled, file, started=begun, progress=quiet)
    (server.home / "broker.sqlite3").unlink()
    server.kill()
    server.start()
    admin.lost_after = 3.0
    assert admin.wait(filled.id, tasks[0], quiet).lost
    assert admin.count(filled.id) == 20


def test_a_project_without_relations_is_not_asked_for_any(
    server: Server, project: MakeProject, account: Account, tmp_path: Path
) -> None:
    made = project()
    uploaded(account("admin"), made, tmp_path, [plain("one", (0, 3, "A"))])
    (found,) = pulled(account("admin"), made, tmp_path)
    with Proxy(server.address) as proxy:
        remote = through(proxy)
        remote.document(made, found.id)
        remote.close()
        assert not any("relations" in asked.path for asked in proxy.asked)
