"""Opens a session with a doccano server: its address made whole, its certificate looked at, an account logged in."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import msgspec

from annotator.sync import failures
from annotator.sync.remote import CertificateError, LoginError, ServerError, UnreachableError

if TYPE_CHECKING:
    import requests

CONNECT, READ = 10.0, 60.0
"""Seconds that a connection, and the next piece of an answer, may take."""
_OF_DOCCANO = {"v1", "projects", "auth", "login", "admin", "swagger"}
"""Paths of doccano itself, which stand in an address that was copied from a browser."""
_LOCAL = {"localhost", "127.0.0.1", "::1"}


def whole_address(typed: str) -> str:
    """Make an address whole: with http or https, without what a browser shows after it.

    Raises:
        UnreachableError: it is none.
    """
    written = typed.strip()
    if "://" not in written:
        # Without a name, urlsplit would take "localhost:8000" for a scheme.
        host = urlsplit(f"//{written}").hostname or ""
        written = f"{'http' if host in _LOCAL else 'https'}://{written}"
    try:
        parts = urlsplit(written)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or any(c.isspace() for c in host):
        raise UnreachableError(
            f"“{typed.strip()}” is not the address of a server.", "Write it as https://name."
        )
    steps: list[str] = []
    for step in filter(None, parts.path.split("/")):
        if step in _OF_DOCCANO:
            break
        steps.append(step)
    netloc = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    return urlunsplit((parts.scheme, netloc, "/".join(("", *steps)), "", "")).rstrip("/")


def opened(address: str, name: str, password: str, trust: Path | None) -> requests.Session:
    """Log in, and give the session.

    Before the password is sent, what answers is looked at: only doccano is told it.

    Args:
        address: made whole. trust: a certificate file (PEM) to trust beside those of the system.

    Raises:
        LoginError, UnreachableError, CertificateError, OtherServerError: as they say.
    """
    import requests
    from doccano_client.beta import DoccanoClient

    client = DoccanoClient(address)
    session: requests.Session = client.client_session
    session.mount("https://", _adapter(_context(trust)))
    session.mount("http://", _adapter(None))
    # An account of this machine's .netrc has no business here.
    session.auth = _as_it_is
    try:
        _look_at(session, address)
        client.login(name, password)
    except (requests.RequestException, OSError) as error:
        session.close()
        # doccano-client reads an error as JSON, and trips over a page: what was answered lies behind that.
        answers = (getattr(cause, "response", None) for cause in failures.causes(error))
        answer = next((found for found in answers if found is not None), None)
        raise (
            failures.of_network(error, address) if answer is None else _not_logged_in(answer, address)
        ) from error
    except BaseException:
        session.close()
        raise
    return session


def _look_at(session: requests.Session, address: str) -> None:
    """Raise unless what answers looks like doccano before anybody logs in."""
    answer = session.get(f"{address}/v1/me", allow_redirects=False)
    if answer.ok and not answer.is_redirect:
        # Some other service says yes to everything; doccano only does when one is logged in.
        try:
            msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise failures.not_doccano(address) from None
        raise failures.another_version(address, "it does not ask who one is")
    error = failures.of_answer(answer, address)
    if not isinstance(error, LoginError):
        known = failures.said_by(answer) is not None and answer.status_code in {401, 403}
        raise failures.another_version(address, error.what) if known else error


def _not_logged_in(answer: requests.Response, address: str) -> ServerError:
    """Say why nobody was logged in."""
    if answer.status_code in {400, 401} and (said := failures.said_by(answer)) is not None:
        return LoginError(
            f"{address} does not know this account and password ({said.rstrip('.')}).",
            "Check both, and try again.",
        )
    return failures.of_answer(answer, address)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _context(trust: Path | None) -> ssl.SSLContext:
    """Give what certificates are looked at with: the system's authorities, certifi's, and a file of the person's."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if trust is not None:
        try:
            context.load_verify_locations(trust)
        except (OSError, ssl.SSLError) as error:
            raise CertificateError(
                f"“{trust.name}” cannot be used as a certificate: {_short(error)}.",
                "Name a file that begins with -----BEGIN CERTIFICATE-----.",
            ) from error
        # The certificate of one server may stand in it, which nobody made out as carefully as an authority's.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _short(error: OSError) -> str:
    return "it holds none" if isinstance(error, ssl.SSLError) else (error.strerror or str(error))


def _adapter(context: ssl.SSLContext | None) -> Any:
    """Give a transport that has time limits of its own and never looks away from a certificate."""
    from requests.adapters import HTTPAdapter

    class Timely(HTTPAdapter):
        def init_poolmanager(self, *places: Any, **options: Any) -> Any:
            if context is not None:
                options["ssl_context"] = context
            return super().init_poolmanager(*places, **options)

        def proxy_manager_for(self, *places: Any, **options: Any) -> Any:
            if context is not None:
                options["ssl_context"] = context
            return super().proxy_manager_for(*places, **options)

        def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
            # The context holds all that is trusted; requests would read its own file again for each connection.
            del url, verify, cert
            conn.cert_reqs = "CERT_REQUIRED"

        def send(self, request: Any, *places: Any, **options: Any) -> Any:
            options["timeout"] = options.get("timeout") or (CONNECT, READ)
            return super().send(request, *places, **options)

    return Timely()
