"""The certificate of a server, as a person looks at it."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import pytest

from annotator.sync.certificates import certificate_of
from annotator.sync.client import log_in
from annotator.sync.remote import CertificateError, LoginError, UnreachableError
from tests.sync.little_server import CERTIFICATES, Answer, Asked, LittleServer
from tests.sync.walk import PASSWORD


def refuses(_asked: Asked) -> Answer:
    return Answer(403, b'{"detail": "Authentication credentials were not provided."}')


@pytest.mark.parametrize(
    ("name", "made_out_to"),
    [("here.pem", "localhost"), ("elsewhere.pem", "elsewhere.example.org"), ("expired.pem", "")],
)
def test_it_is_told_whatever_it_is_worth(name: str, made_out_to: str) -> None:
    pem = (CERTIFICATES / name).read_text(encoding="ascii")
    with LittleServer(refuses, name) as server:
        found = certificate_of(server.address)
        assert server.asked == []
    shown = ssl.PEM_cert_to_DER_cert(found.pem)
    assert shown == ssl.PEM_cert_to_DER_cert(pem)
    assert found.fingerprint.replace(":", "").lower() == hashlib.sha256(shown).hexdigest()
    assert (found.name, found.issuer) == (made_out_to, made_out_to)
    assert found.until == ("2120-01-01" if made_out_to else "")


def test_who_trusts_what_was_shown_gets_through(tmp_path: Path) -> None:
    with LittleServer(refuses, "here.pem") as server:
        with pytest.raises(CertificateError):
            log_in(server.address, "anna", PASSWORD)
        trusted = tmp_path / "trusted.pem"
        trusted.write_text(certificate_of(server.address).pem, encoding="ascii")
        with pytest.raises(LoginError):
            log_in(server.address, "anna", PASSWORD, trust=trusted)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "https://127.0.0.1:1"])
def test_where_there_is_none_it_is_said(address: str) -> None:
    with pytest.raises(UnreachableError):
        certificate_of(address)
