"""The certificate with which a server shows itself, for a person to look at before trusting it."""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from annotator.sync import failures
from annotator.sync.remote import UnreachableError
from annotator.sync.session import CONNECT, whole_address

_HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate that nobody vouches for.

    Args:
        pem: itself. fingerprint: its SHA-256, in pairs of digits. name, issuer, until: whom it is made out to, by whom,
            and the last day on which it holds (2120-01-31); empty where it does not hold even by itself.
    """

    address: str
    pem: str
    fingerprint: str
    name: str = ""
    issuer: str = ""
    until: str = ""


def certificate_of(address: str) -> Certificate:
    """Ask a server for its certificate; nothing else is said to it.

    Raises:
        UnreachableError: there is no answer, or the address is not one of https.
    """
    whole = whole_address(address)
    parts = urlsplit(whole)
    if parts.scheme != "https" or parts.hostname is None:
        raise UnreachableError(f"{whole} shows no certificate.", "Only addresses of https:// have one.")
    place = parts.hostname, parts.port or _HTTPS
    anybody = ssl.create_default_context()
    anybody.check_hostname = False
    anybody.verify_mode = ssl.CERT_NONE
    try:
        shown, _ = _shown(place, anybody)
        pem = ssl.DER_cert_to_PEM_cert(shown)
        told = _told(place, pem)
    except OSError as error:
        raise failures.of_network(error, whole) from error
    digest = hashlib.sha256(shown).hexdigest().upper()
    return Certificate(
        address=whole,
        pem=pem,
        fingerprint=":".join(digest[at : at + 2] for at in range(0, len(digest), 2)),
        name=_name(told.get("subject", ())),
        issuer=_name(told.get("issuer", ())),
        until=_day(told["notAfter"]) if "notAfter" in told else "",
    )


def _shown(place: tuple[str, int], context: ssl.SSLContext) -> tuple[bytes, dict[str, Any]]:
    """Shake hands with a server, and give its certificate, and what stands in it as far as it was looked at."""
    with (
        socket.create_connection(place, timeout=CONNECT) as plain,
        context.wrap_socket(plain, server_hostname=place[0]) as shown,
    ):
        return shown.getpeercert(binary_form=True) or b"", dict(shown.getpeercert() or {})


def _told(place: tuple[str, int], pem: str) -> dict[str, Any]:
    """Give what stands in a certificate: Python tells it of one that holds, which this one does where it is trusted."""
    context = ssl.create_default_context(cadata=pem)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    try:
        return _shown(place, context)[1]
    except ssl.SSLCertVerificationError:
        return {}


def _day(written: str) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(ssl.cert_time_to_seconds(written)))


def _name(parts: Iterable[Iterable[tuple[str, str]]]) -> str:
    found = dict(pair for each in parts for pair in each)
    return found.get("commonName", "") or found.get("organizationName", "")
