"""Says in plain words what went wrong between here and the server: of the network, of certificates, of its answers."""

from __future__ import annotations

import errno
import json
import ssl
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from annotator.sync.remote import (
    CertificateError,
    LoginError,
    OtherServerError,
    RefusedError,
    ServerError,
    UnreachableError,
)

if TYPE_CHECKING:
    import requests

_LOGGED_OUT = "Authentication credentials were not provided."
_WORDS = 500
"""Most of what a server says that is shown, in code points."""
_OF_NETWORK = (
    # The first that fits; a proxy refuses like a server, and a name that is not known like a connection.
    (
        {"SSLError"},
        "What answers at {} does not encrypt as it should.",
        "Try the address with http:// instead.",
    ),
    (
        {"ProxyError"},
        "{} cannot be reached: the proxy of this machine does not let the request through.",
        "Look at the proxy settings of the system.",
    ),
    ({"ConnectTimeout"}, "{} does not answer.", "Check the address, and whether you are online."),
    ({"ReadTimeout", "ReadTimeoutError"}, "{} takes too long to answer.", "Try again later."),
    (
        {"NameResolutionError", "gaierror"},
        "There is no server by the name in {}.",
        "Check its spelling, and whether you are online.",
    ),
    (
        {"Refused"},
        "Nothing answers at {}.",
        "Check the address and its port, and whether doccano runs there.",
    ),
    ({"Unreached"}, "No network leads to {}.", "Check the address, and whether you are online."),
    (
        {"InvalidURL", "InvalidSchema", "MissingSchema", "LocationParseError"},
        "“{}” is not the address of a server.",
        "Write it as https://name.",
    ),
)
"""Names of exceptions of requests, urllib3 and the system; none of their modules is loaded for their sake."""
_OF_SYSTEM = {
    errno.ECONNREFUSED: "Refused",
    errno.ENETUNREACH: "Unreached",
    errno.ENETDOWN: "Unreached",
    errno.EHOSTUNREACH: "Unreached",
}
_ANOTHER_NAME = {62, 64}
"""OpenSSL's numbers for a certificate that is made out to another name or address."""
_WHY_NOT = {
    9: "it is not valid yet (or the clock of this machine is wrong)",
    10: "it has expired",
    18: "it is signed by nobody but the server itself",
    19: "its chain ends in a certificate that this machine does not know",
    20: "this machine does not know who signed it",
    21: "this machine does not know who signed it",
}


def of_network(error: Exception, address: str) -> ServerError:
    """Turn an exception of requests into words; `address` is the server's."""
    names = set()
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _of_certificate(cause, address)
        names.add(type(cause).__name__)
        if isinstance(cause, OSError):
            names.add(_OF_SYSTEM.get(cause.errno or 0, ""))
    for known, what, todo in _OF_NETWORK:
        if names & known:
            return UnreachableError(what.format(address), todo)
    return UnreachableError(f"The connection with {address} broke off.", "Try again.")


def of_answer(answer: requests.Response, address: str) -> ServerError:
    """Turn an answer that is no success into words."""
    status, words = answer.status_code, said_by(answer)
    if answer.is_redirect or 300 <= status < 400:
        where = answer.headers.get("location", "")
        return OtherServerError(
            f"{address} sends on to {where or 'another address'}.", "Use that address instead."
        )
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} and words in {_LOGGED_OUT, "Invalid token."}:
        return LoginError(f"{address} no longer knows who you are.", "Log in again.")
    if status in {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}:
        return UnreachableError(
            f"{address} is not at work at the moment (it says {status}).",
            "It may be under maintenance: try later.",
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return UnreachableError(f"{address} is asked too much at the moment.", "Try again later.")
    if words is None and status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
        return not_doccano(address)
    return _refusal(status, words, address)


def not_doccano(address: str) -> OtherServerError:
    """Say that what answers is not doccano."""
    return OtherServerError(
        f"What answers at {address} is not doccano.", "Check the address: it is that of doccano's own page."
    )


def another_version(address: str, what: str) -> OtherServerError:
    """Say that an answer has another shape than it should; `what` names what is missing."""
    return OtherServerError(
        f"{address} answers otherwise than doccano 1.8 does ({what[:_WORDS]}).",
        "It may be another version, which this program cannot work with yet.",
    )


def said_by(answer: requests.Response) -> str | None:
    """Give what the server says of an error, in one line; None if the answer is none of doccano's (no JSON)."""
    try:
        body = json.loads(answer.content)
    except ValueError:
        return None
    return "; ".join(_sentences(body))[:_WORDS] if isinstance(body, dict | list) else None


def causes(error: BaseException, depth: int = 0) -> Iterator[BaseException]:
    """Yield an exception and all that lies behind it, however it was wrapped."""
    yield error
    inner: list[Any] = [error.__cause__, error.__context__, getattr(error, "reason", None), *error.args]
    for cause in inner if depth < 8 else ():
        if isinstance(cause, BaseException):
            yield from causes(cause, depth + 1)


def _refusal(status: int, words: str | None, address: str) -> RefusedError:
    said = f": {words}" if words else "."
    if status == HTTPStatus.FORBIDDEN:
        return RefusedError(
            f"{address} does not let this account do that{said}",
            "Ask whoever administers the project to make you a member, or an administrator of it.",
            status=status,
        )
    if status == HTTPStatus.NOT_FOUND:
        return RefusedError(f"It is no longer there on {address}{said}", status=status)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return RefusedError(f"The file is larger than {address} takes.", status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return RefusedError(f"{address} failed over a request ({status}){said}", status=status)
    return RefusedError(f"{address} refuses{said}", status=status)


def _of_certificate(error: ssl.SSLCertVerificationError, address: str) -> CertificateError:
    if error.verify_code in _ANOTHER_NAME:
        return CertificateError(
            f"The certificate of {address} is made out to another name.",
            "Use the name that stands in it, or ask who runs the server.",
        )
    why = _WHY_NOT.get(error.verify_code, error.verify_message or "it does not hold").rstrip(".")
    return CertificateError(
        f"The certificate of {address} cannot be trusted: {why}.",
        "If you know the server, ask who runs it for its certificate, and trust that one.",
    )


def _sentences(body: Any) -> Iterator[str]:
    """Yield what stands in an error of Django's REST framework, with the names of fields but for its own words."""
    if isinstance(body, dict):
        for key, value in body.items():
            for sentence in _sentences(value):
                yield sentence if key in {"detail", "non_field_errors", "error"} else f"{key}: {sentence}"
    elif isinstance(body, list):
        for value in body:
            yield from _sentences(value)
    elif isinstance(body, str):
        yield body
