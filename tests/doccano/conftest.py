"""One server for all tests, and accounts that are logged in on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.sync.client import DoccanoServer, log_in
from annotator.sync.remote import RemoteProject
from annotator.workflows.session import Session
from tests.builders import a_project
from tests.doccano.installing import ACCOUNTS, UnavailableError
from tests.doccano.server import Server, started
from tests.workflows.conftest import PlainMachine

_state = {"tested": 0, "why": "no test of it was asked for"}

Account = Callable[[str], DoccanoServer]
MakeProject = Callable[..., RemoteProject]
OpenProject = Callable[[str], Session]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.doccano)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and not report.skipped and "doccano" in report.keywords:
        _state["tested"] = 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.ensure_newline()
    terminalreporter.write_line(
        "doccano: tested" if _state["tested"] else f"doccano: NOT tested ({_state['why']})"
    )


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give the server that all tests share; whoever kills it starts it again."""
    try:
        with started(tmp_path_factory.mktemp("doccano"), is_quick=True) as server:
            yield server
    except UnavailableError as error:
        _state["why"] = str(error)
        pytest.skip(f"doccano: {error}")


@pytest.fixture(scope="session")
def documents() -> int:
    """How many documents those tests work with that work with many."""
    return int(os.environ.get("DOCUMENTS", "1000"))


@pytest.fixture
def account(server: Server) -> Iterator[Account]:
    """Give a function that logs somebody in, once a test."""
    opened: dict[str, DoccanoServer] = {}

    def logged_in(name: str) -> DoccanoServer:
        if name not in opened:
            opened[name] = log_in(server.address, name, ACCOUNTS[name])
        return opened[name]

    yield logged_in
    for remote in opened.values():
        remote.close()


@pytest.fixture
def admin(account: Account) -> DoccanoServer:
    """Give who may do everything."""
    return account("admin")


@pytest.fixture
def project(admin: DoccanoServer) -> MakeProject:
    """Give a function that makes a project of admin's, with members as annotators."""

    def make(*members: str, **wanted: bool | str) -> RemoteProject:
        made = admin.create_project(
            RemoteProject(**{"id": 0, "name": "Articles", "kind": "SequenceLabeling"} | wanted)  # type: ignore[arg-type]
        )
        users = {row["username"]: row["id"] for row in admin._connection.read("users", list[dict[str, Any]])}
        roles = {row["name"]: row["id"] for row in admin._connection.read("roles", list[dict[str, Any]])}
        for name in members:
            place = {"user": users[name], "role": roles["annotator"]}
            admin._connection.write("POST", f"projects/{made.id}/members", dict[str, Any], place)
        return made

    return make


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenProject]:
    """Give a function that makes a project and opens it."""
    sessions = []

    def make(name: str) -> Session:
        session = a_project(tmp_path, name=name)
        session.machine = PlainMachine()
        sessions.append(session)
        return session

    yield make
    for session in sessions:
        session.close()


@pytest.fixture
def session(opened: OpenProject) -> Session:
    """Give an empty project."""
    return opened("here")
