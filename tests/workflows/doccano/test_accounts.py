"""Accounts on servers: which were used last, and passwords, which the system's keyring keeps or nobody."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import keyring
import pytest
from keyring.backend import KeyringBackend

from annotator.workflows.doccano import accounts
from annotator.workflows.doccano.accounts import (
    Account,
    connect,
    forget_password,
    keep_password,
    keeps_passwords,
    last_accounts,
    password_of,
)
from tests.sync.fake_server import FakeServer

ADA = Account(address="https://labels.example.org", name="ada")


class Kept(KeyringBackend):
    """Keeps passwords in memory."""

    priority: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Locked(Kept):
    """Refuses everything."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError(f"locked: {service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"locked: {service} {username} {password}")


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Give a keyring to the system."""
    kept = Kept()
    monkeypatch.setattr(keyring, "get_keyring", lambda: kept)
    return kept


def test_a_password_is_kept_by_the_keyring_and_forgotten(ring: Kept) -> None:
    assert keeps_passwords()
    assert password_of(ADA) is None
    assert keep_password(ADA, "secret")
    assert ring.kept == {("annotator https://labels.example.org", "ada"): "secret"}
    same = Account(address="https://labels.example.org/projects", name="ada")
    assert password_of(same) == "secret"
    forget_password(ADA)
    forget_password(ADA)
    assert password_of(ADA) is None


def test_where_there_is_no_keyring_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fails(Kept):
        pass

    Fails.__module__ = "keyring.backends.fail"
    monkeypatch.setattr(keyring, "get_keyring", Fails)
    assert not keeps_passwords()
    assert not keep_password(ADA, "secret")
    assert password_of(ADA) is None
    forget_password(ADA)


def test_a_file_that_anybody_may_read_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain(Kept):
        pass

    Plain.__module__ = "keyrings.alt.file"
    monkeypatch.setattr(keyring, "get_keyring", Plain)
    assert not keep_password(ADA, "secret")


def test_a_keyring_that_fails_is_as_if_there_was_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", Locked)
    assert password_of(ADA) is None
    assert not keep_password(ADA, "secret")

    def breaks() -> None:
        raise OSError("no bus")

    monkeypatch.setattr(keyring, "get_keyring", breaks)
    assert not keeps_passwords()


def test_accounts_are_remembered_without_passwords(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path))
    monkeypatch.setattr("annotator.sync.client.log_in", _log_in)
    assert last_accounts() == []
    for name in ("ada", "bob", "ada"):
        connect(Account(address="labels.example.org", name=name, trust=tmp_path / "c.pem"), "secret")
    whole = [Account(address="http://fake", name=name, trust=tmp_path / "c.pem") for name in ("ada", "bob")]
    assert last_accounts() == whole
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert "secret" not in written
    (tmp_path / "doccano.json").write_text('[1, {}, {"address": "x"}]', encoding="utf-8")
    assert last_accounts() == []
    (tmp_path / "doccano.json").write_text("{", encoding="utf-8")
    assert last_accounts() == []
    assert accounts.keeps_passwords is keeps_passwords


def _log_in(address: str, name: str, password: str, *, trust: Path | None) -> FakeServer:
    assert (address, password) == ("labels.example.org", "secret")
    assert name
    assert trust is not None
    return FakeServer()
