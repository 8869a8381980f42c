"""What becomes of requests when the network, the server or the person does otherwise than hoped."""

from __future__ import annotations

import errno
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from annotator.model.errors import Cancelled
from annotator.sync import session
from annotator.sync.client import log_in
from annotator.sync.connection import Connection
from annotator.sync.remote import (
    IN_FLIGHT,
    CertificateError,
    LoginError,
    OtherServerError,
    RefusedError,
    ServerError,
    UnreachableError,
)
from tests.sync.little_server import CERTIFICATES, Answer, Asked, Dropped, LittleServer
from tests.sync.replaying import replayed
from tests.sync.walk import PASSWORD, quiet

ASKS_WHO = Answer(403, b'{"detail":"Authentication credentials were not provided."}')
PAGE = Answer(200, b"<!doctype html><title>Welcome</title>", "text/html")


def connected(server: LittleServer, pauses: tuple[float, ...] = (0.01, 0.01)) -> Connection:
    """Give a connection on which nobody had to log in."""
    import requests

    return Connection(server.address, requests.Session(), pauses=pauses)


def in_turn(*answers: Answer | type[Exception]) -> Callable[[Asked], Answer]:
    """Answer like this, one after the other, and then like the last."""
    left = list(answers)

    def answer(asked: Asked) -> Answer:
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Answer):
            return found
        raise found

    return answer


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("labels.example.org", "https://labels.example.org"),
        (" https://labels.example.org/ ", "https://labels.example.org"),
        ("http://labels.example.org:8000/projects/3/dataset?page=1", "http://labels.example.org:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8000/auth", "http://127.0.0.1:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("HTTPS://Labels.Example.org/team/doccano/projects", "https://labels.example.org/team/doccano"),
        ("https://name:secret@labels.example.org", "https://labels.example.org"),
        ("https://labels.example.org/v1/", "https://labels.example.org"),
    ],
)
def test_an_address_is_made_whole(typed: str, whole: str) -> None:
    assert session.whole_address(typed) == whole


@pytest.mark.parametrize(
    "typed", ["", "https://", "ftp://labels.example.org", "http://a b", "http://a:port", "http://[::1"]
)
def test_what_is_no_address_is_told(typed: str) -> None:
    with pytest.raises(UnreachableError, match="is not the address of a server"):
        session.whole_address(typed)


# --- logging in ----------------------------------------------------------------------------------


def test_a_wrong_password_is_told() -> None:
    refused = Answer(400, b'{"non_field_errors":["Unable to log in with provided credentials."]}')
    with LittleServer(in_turn(ASKS_WHO, refused)) as server, pytest.raises(LoginError) as told:
        log_in(server.address, "anna", "wrong")
    assert "does not know this account and password" in told.value.what
    assert "wrong" not in str(told.value)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (PAGE, "is not doccano"),
        (Answer(404, b"<html>Not found</html>", "text/html"), "is not doccano"),
        (Answer(404, b'{"message":"no such route"}'), "no longer there|is not doccano|otherwise"),
        (Answer(200, b'{"hello":"world"}'), "otherwise than doccano 1.8"),
        (Answer(301, headers=(("location", "https://elsewhere.example.org/"),)), "sends on to https://else"),
        (Answer(403, b"<html>Forbidden</html>", "text/html"), "does not let|is not doccano"),
    ],
)
def test_only_doccano_is_told_the_password(answer: Answer, words: str) -> None:
    with LittleServer(in_turn(answer)) as server, pytest.raises(ServerError, match=words):
        log_in(server.address, "anna", PASSWORD)
    assert not any(PASSWORD.encode() in asked.body for asked in server.asked)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_maintenance_while_logging_in_is_told(status: int) -> None:
    busy = Answer(status, b"<html>Back soon</html>", "text/html")
    with LittleServer(in_turn(ASKS_WHO, busy)) as server, pytest.raises(ServerError) as told:
        log_in(server.address, "anna", PASSWORD)
    assert not isinstance(told.value, LoginError | OtherServerError)
    assert str(status) in told.value.what


def test_a_server_of_another_version_is_told() -> None:
    logged_in = Answer(200, b'{"key":"x"}')
    other = Answer(200, b'{"user":"anna"}')
    with (
        LittleServer(in_turn(ASKS_WHO, logged_in, other)) as server,
        pytest.raises(OtherServerError, match=r"otherwise than doccano 1\.8 does .*id"),
    ):
        log_in(server.address, "anna", PASSWORD)


def test_an_account_of_netrc_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with replayed() as server:
        log_in(server.address, "admin", PASSWORD).close()
    assert not any("Authorization" in asked.headers for asked in server.asked)


# --- reaching it ---------------------------------------------------------------------------------


def test_nothing_that_answers_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UnreachableError, match="Nothing answers"):
            log_in(address, "anna", PASSWORD)


def test_a_name_that_nobody_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_places: object, **_options: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UnreachableError, match="no server by the name"):
        log_in("https://labels.invalid", "anna", PASSWORD)


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH])
def test_a_machine_without_a_network_is_told(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def lost(*_places: object) -> None:
        raise OSError(number, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", lost)
    with pytest.raises(UnreachableError, match="No network leads to http://127"):
        log_in("http://127.0.0.1:9", "anna", PASSWORD)


def test_a_server_that_takes_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "READ", 0.1)
    ended = threading.Event()

    def slow(asked: Asked) -> Answer:
        ended.wait(10)
        return ASKS_WHO

    with LittleServer(slow) as server, pytest.raises(UnreachableError, match="takes too long"):
        log_in(server.address, "anna", PASSWORD)
    ended.set()


def test_every_request_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    import requests.adapters

    limits: list[object] = []
    send = requests.adapters.HTTPAdapter.send

    def watched(self: object, request: object, **options: object) -> object:
        limits.append(options["timeout"])
        return send(self, request, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", watched)
    with replayed() as server:
        log_in(server.address, "admin", PASSWORD).close()
    assert limits == [(session.CONNECT, session.READ)] * 3


# --- certificates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("here.pem", "signed by nobody but the server itself"),
        ("expired.pem", "expired|signed by nobody"),
        ("elsewhere.pem", "signed by nobody"),
    ],
)
def test_a_certificate_nobody_vouches_for_is_told(certificate: str, words: str) -> None:
    with (
        LittleServer(in_turn(ASKS_WHO), certificate) as server,
        pytest.raises(CertificateError, match=words) as told,
    ):
        log_in(server.address, "anna", PASSWORD)
    assert server.asked == []
    assert told.value.todo


def test_a_certificate_that_a_person_trusts_is_taken() -> None:
    answers = in_turn(ASKS_WHO, Answer(200, b'{"key":"x"}'), Answer(200, b'{"id": 1, "username": "anna"}'))
    with LittleServer(answers, "here.pem") as server:
        remote = log_in(server.address, "anna", PASSWORD, trust=CERTIFICATES / "here.pem")
        assert remote.account.name == "anna"
        remote.close()


@pytest.mark.parametrize(
    ("certificate", "words"), [("expired.pem", "expired"), ("elsewhere.pem", "made out to another name")]
)
def test_trust_is_not_blind(certificate: str, words: str) -> None:
    with LittleServer(in_turn(ASKS_WHO), certificate) as server, pytest.raises(CertificateError, match=words):
        log_in(server.address, "anna", PASSWORD, trust=CERTIFICATES / certificate)
    assert server.asked == []


def test_another_certificate_does_not_vouch() -> None:
    with LittleServer(in_turn(ASKS_WHO), "here.pem") as server, pytest.raises(CertificateError):
        log_in(server.address, "anna", PASSWORD, trust=CERTIFICATES / "elsewhere.pem")


@pytest.mark.parametrize("content", [None, b"", b"hello", b"-----BEGIN CERTIFICATE-----\nx\n"])
def test_a_file_that_is_no_certificate_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "mine.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CertificateError, match=r"“mine\.pem” cannot be used as a certificate"):
        log_in("https://127.0.0.1:1", "anna", PASSWORD, trust=path)


def test_a_server_without_tls_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        LittleServer(in_turn(ASKS_WHO)) as server,
        pytest.raises(UnreachableError, match="does not encrypt as it should"),
    ):
        log_in(server.address.replace("http:", "https:"), "anna", PASSWORD)


# --- reading and writing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble", [Dropped, Answer(503, b"<html>", "text/html"), Answer(500), Answer(200, b"[1,2]", cut=2)]
)
def test_what_only_reads_is_repeated(trouble: Answer | type[Exception]) -> None:
    with LittleServer(in_turn(trouble, trouble, Answer(200, b"[1,2]"))) as server:
        assert connected(server).read("numbers", list[int]) == [1, 2]
    assert len(server.asked) == 3


def test_it_is_not_repeated_for_ever() -> None:
    with LittleServer(in_turn(Dropped)) as server, pytest.raises(UnreachableError, match="broke off"):
        connected(server).read("numbers", list[int])
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_what_is_refused_is_not_repeated(status: int) -> None:
    with (
        LittleServer(in_turn(Answer(status, b'{"detail":"No, no."}'))) as server,
        pytest.raises(RefusedError, match=r"No, no\.") as refused,
    ):
        connected(server).read("numbers", list[int])
    assert refused.value.status == status
    assert len(server.asked) == 1


@pytest.mark.parametrize("trouble", [Dropped, Answer(503, b"", "text/html"), Answer(500, b"", "text/html")])
def test_what_writes_is_never_repeated(trouble: Answer | type[Exception]) -> None:
    with LittleServer(in_turn(trouble, Answer(201, b"{}"))) as server, pytest.raises(ServerError):
        connected(server).write("POST", "numbers", dict[str, int], {"n": 1})
    assert [(asked.method, json.loads(asked.body)) for asked in server.asked] == [("POST", {"n": 1})]


def test_what_is_deleted_is_never_deleted_twice() -> None:
    with LittleServer(in_turn(Dropped, Answer(204))) as server, pytest.raises(UnreachableError):
        connected(server).delete("numbers/1")
    assert len(server.asked) == 1


def test_what_is_gone_already_counts_as_deleted() -> None:
    with LittleServer(in_turn(Answer(204), Answer(404, b'{"detail":"No Span matches."}'))) as server:
        connection = connected(server)
        assert (connection.delete("numbers/1"), connection.delete("numbers/1")) == (True, False)


def test_a_page_in_the_place_of_json_is_told() -> None:
    with LittleServer(in_turn(PAGE)) as server, pytest.raises(OtherServerError, match="is not doccano"):
        connected(server).read("numbers", list[int])


def test_the_words_of_a_refusal_name_their_fields() -> None:
    body = b'{"suffix_key":["Too long.","No letter."],"non_field_errors":["Twice."],"a":{"b":["c"]}}'
    with LittleServer(in_turn(Answer(400, body))) as server, pytest.raises(RefusedError) as refused:
        connected(server).read("numbers", list[int])
    assert refused.value.what.endswith(
        "refuses: suffix_key: Too long.; suffix_key: No letter.; Twice.; a: b: c"
    )


def test_a_longer_sermon_is_cut() -> None:
    body = json.dumps({"detail": "no " * 5000}).encode()
    with LittleServer(in_turn(Answer(400, body))) as server, pytest.raises(RefusedError) as refused:
        connected(server).read("numbers", list[int])
    assert len(refused.value.what) < 700


def test_a_redirection_in_the_middle_is_not_followed() -> None:
    away = Answer(302, headers=(("location", "/login"),))
    with LittleServer(in_turn(away)) as server, pytest.raises(OtherServerError, match="sends on to /login"):
        connected(server).read("numbers", list[int])
    assert len(server.asked) == 1


# --- stopping ------------------------------------------------------------------------------------


def _raise_when(event: threading.Event) -> Callable[[], None]:
    def check() -> None:
        if event.is_set():
            raise Cancelled

    return check


def test_one_who_waits_for_an_answer_can_stop() -> None:
    asked, ended = threading.Event(), threading.Event()

    def never(_asked: Asked) -> Answer:
        asked.set()
        ended.wait(20)
        return Answer(200, b"[]")

    with LittleServer(never) as server:
        connection = connected(server)
        with pytest.raises(Cancelled), connection.stopping(_raise_when(asked)):
            connection.read("numbers", list[int])
        assert not ended.is_set()
        ended.set()


def test_one_who_waits_for_the_next_try_can_stop() -> None:
    asked = threading.Event()

    def dropped(_asked: Asked) -> Answer:
        asked.set()
        raise Dropped

    with LittleServer(dropped) as server:
        connection = connected(server, pauses=(60.0,))
        with pytest.raises(Cancelled), connection.stopping(_raise_when(asked)):
            connection.read("numbers", list[int])
    assert len(server.asked) == 1


def test_checks_end_with_their_block() -> None:
    with LittleServer(in_turn(Answer(200, b"[]"))) as server:
        connection = connected(server)
        with pytest.raises(Cancelled), connection.stopping(_stop):
            connection.read("numbers", list[int])
        assert connection.read("numbers", list[int]) == []
    assert len(server.asked) == 1


def _stop() -> None:
    raise Cancelled


# --- several at a time ---------------------------------------------------------------------------


def test_calls_are_on_their_way_together() -> None:
    met = threading.Barrier(IN_FLIGHT)

    def together(asked: Asked) -> Answer:
        # It answers only when all are there, which they never are if one waits for another.
        met.wait(20)
        return Answer(200, asked.path.rsplit("/", 1)[1].encode())

    with LittleServer(together) as server:
        connection = connected(server)
        calls = [lambda n=n: connection.read(f"numbers/{n}", int) for n in range(IN_FLIGHT * 5)]
        assert sorted(connection.together(calls, quiet)) == [(n, n) for n in range(IN_FLIGHT * 5)]


def test_no_more_are_on_their_way_than_may_be() -> None:
    lock = threading.Lock()
    now: list[int] = []
    most: list[int] = []

    def counted(_asked: Asked) -> Answer:
        with lock:
            now.append(1)
            most.append(len(now))
        time.sleep(0.01)
        with lock:
            now.pop()
        return Answer(200, b"1")

    with LittleServer(counted) as server:
        connection = connected(server)
        assert len(list(connection.together([lambda: connection.read("n", int)] * 40, quiet))) == 40
    assert 1 < max(most) <= IN_FLIGHT


def test_a_refusal_concerns_one_call_alone() -> None:
    def odd_ones(asked: Asked) -> Answer:
        number = int(asked.path.rsplit("/", 1)[1])
        return Answer(400, b'{"detail":"odd"}') if number % 2 else Answer(200, str(number).encode())

    with LittleServer(odd_ones) as server:
        connection = connected(server)
        calls = [lambda n=n: connection.read(f"numbers/{n}", int) for n in range(20)]
        found = dict(connection.together(calls, quiet))
    assert [n for n, value in sorted(found.items()) if isinstance(value, RefusedError)] == list(
        range(1, 20, 2)
    )


def test_a_server_that_goes_away_ends_all() -> None:
    def until_ten(asked: Asked) -> Answer:
        if int(asked.path.rsplit("/", 1)[1]) >= 10:
            raise Dropped
        return Answer(200, b"1")

    found: list[object] = []
    with LittleServer(until_ten) as server:
        connection = connected(server, pauses=())
        calls = [lambda n=n: connection.read(f"numbers/{n}", int) for n in range(1000)]
        with pytest.raises(UnreachableError):
            found.extend(value for _, value in connection.together(calls, quiet))
    assert found.count(1) == 10
    assert len(server.asked) <= 10 + 2 * IN_FLIGHT


def test_what_was_to_be_tried_again_does_not_hide_why_all_ended() -> None:
    with LittleServer(in_turn(Dropped)) as server:
        connection = connected(server, pauses=(0.3,))
        calls = [lambda: connection.read("n", int)] * 50
        with pytest.raises(UnreachableError):
            list(connection.together(calls, quiet))


def test_a_chain_of_requests_is_stopped_between_two() -> None:
    asked = threading.Event()

    def answer(_asked: Asked) -> Answer:
        asked.set()
        return Answer(200, b"1")

    with LittleServer(answer) as server:
        connection = connected(server)

        def chain() -> list[int]:
            return [connection.read("n", int) for _ in range(100_000)]

        def stop(_done: int, _total: int, _text: str) -> None:
            if asked.is_set():
                raise Cancelled

        with pytest.raises(Cancelled):
            list(connection.together([chain], stop))
        threads = [thread for thread in threading.enumerate() if thread.name == "in flight"]
        assert not any(thread.is_alive() for thread in threads)


def test_stopping_begins_nothing_new() -> None:
    with LittleServer(in_turn(Answer(200, b"1"))) as server:
        connection = connected(server)
        calls = [lambda: connection.read("n", int)] * 1000

        def enough(done: int, _total: int, _text: str) -> None:
            if done >= 5:
                raise Cancelled

        with pytest.raises(Cancelled):
            list(connection.together(calls, enough))
        asked = len(server.asked)
        assert 5 <= asked < 1000


def test_a_fault_of_ours_is_no_failure_of_the_server() -> None:
    def faulty() -> int:
        raise ZeroDivisionError

    with LittleServer(in_turn(Answer(200, b"1"))) as server, pytest.raises(ZeroDivisionError):
        list(connected(server).together([faulty], quiet))


def test_calls_within_calls_go_one_after_the_other() -> None:
    with LittleServer(lambda asked: Answer(200, asked.path.rsplit("/", 1)[1].encode())) as server:
        connection = connected(server)

        def inner(number: int) -> list[tuple[int, int | ServerError]]:
            calls = [lambda n=n: connection.read(f"n/{number}{n}", int) for n in range(3)]
            return list(connection.together(calls, quiet))

        found = dict(connection.together([partial(inner, n) for n in range(1, 4)], quiet))
    assert found == {place: [(n, 10 * (place + 1) + n) for n in range(3)] for place in range(3)}


def test_a_refusal_within_calls_within_calls_is_a_value_too() -> None:
    with LittleServer(in_turn(Answer(400, b'{"detail":"no"}'))) as server:
        connection = connected(server)

        def inner() -> list[tuple[int, int | ServerError]]:
            return list(connection.together([lambda: connection.read("n", int)] * 2, quiet))

        ((_, found),) = connection.together([inner], quiet)
    assert not isinstance(found, ServerError)
    assert all(isinstance(value, RefusedError) for _, value in found)


def test_the_certificates_of_these_tests_are_of_one_key() -> None:
    for path in CERTIFICATES.glob("*.pem"):
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path, CERTIFICATES / "server.key")
