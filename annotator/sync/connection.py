"""One session of HTTP with a doccano server: time limits, repeated reads, calls at once, plain words for failures.

doccano-client logs in; all else goes over the session it keeps (`client_session`), since it reaches only part of what
is needed and has no time limits. Requests run in threads of their own, so that whoever waits can be stopped at any
moment.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from annotator.model.errors import Cancelled, UserError
from annotator.sync import failures
from annotator.sync.in_flight import Flight
from annotator.sync.remote import Progress, RefusedError, ServerError, UnreachableError
from annotator.sync.session import CONNECT, READ

if TYPE_CHECKING:
    import requests

T = TypeVar("T")
PAUSES = (0.5, 1.5)
"""Seconds before a read is tried again: so many times."""
BEAT = 0.1
"""Seconds between two looks whether somebody wants to stop."""
_CHUNK = 1 << 18


class Connection:
    """A session with a server; may be used by several threads.

    Args:
        address: of the server, without a slash at its end. session: a session of requests, opened by `session.opened`.
        pauses: seconds before each further try of a read.
    """

    def __init__(self, address: str, session: requests.Session, *, pauses: Sequence[float] = PAUSES) -> None:
        self.address = address
        self._session = session
        self._pauses = tuple(pauses)
        self._here = threading.local()

    @contextlib.contextmanager
    def stopping(self, check: Callable[[], None]) -> Iterator[None]:
        """Have `check` called while this thread waits; see `Remote.stopping`."""
        before = self._checks()
        self._here.checks = (*before, check)
        try:
            yield
        finally:
            self._here.checks = before

    def together(
        self, calls: Sequence[Callable[[], T]], progress: Progress, text: str = ""
    ) -> Iterator[tuple[int, T | ServerError]]:
        """Do calls several at a time; see `Remote.together`."""
        if getattr(self._here, "aloft", None) is not None:
            # Within such a call: what is on its way at once is bounded by the outer one.
            for number, call in enumerate(calls):
                try:
                    yield number, call()
                except RefusedError as error:
                    yield number, error
            return
        flight = Flight(calls, prepare=self._board)
        failure: ServerError | None = None
        done = 0
        try:
            while not flight.is_over:
                progress(done, len(calls), text)
                self._look()
                landed = flight.next(BEAT)
                if landed is None:
                    continue
                number, value = landed
                if failure is not None and isinstance(value, Cancelled):
                    # It stopped because another one failed, which is what there is to tell.
                    continue
                if isinstance(value, BaseException) and not isinstance(value, ServerError):
                    raise value
                if isinstance(value, ServerError) and not isinstance(value, RefusedError):
                    failure = failure or value
                    flight.stop()
                done += 1
                yield number, value
        finally:
            flight.stop()
            flight.wait()
        if failure is not None:
            raise failure

    def pause(self, seconds: float) -> None:
        """Let some time go by, and be stopped meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._look()
            time.sleep(min(left, BEAT))
        self._look()

    def read(self, path: str, shape: type[T], **query: Any) -> T:
        """Ask for something and read it as JSON of that shape; repeated when the network or the server fails."""
        return self._shaped(self._again(lambda: self._request("GET", path, params=query)), shape)

    def write(self, method: str, path: str, shape: type[T], body: object = None, **query: Any) -> T:
        """Have something made, changed or deleted, once, and read what the server says as JSON of that shape."""
        answer = self._waiting(lambda: self._request(method, path, params=query, json=body))
        return self._shaped(answer, shape)

    def delete(self, path: str) -> bool:
        """Delete something; tell whether it was there."""
        try:
            self._waiting(lambda: self._request("DELETE", path))
        except RefusedError as error:
            if error.status != 404:
                raise
            return False
        return True

    def send_file(self, path: str, name: str, file: Path) -> str:
        """Hand a file over, as a field of a form, and give the answer's text.

        It is repeated like a read: what is handed over and not used is thrown away by the server.
        """

        def send() -> requests.Response:
            with file.open("rb") as stream:
                # The session says that it sends and takes JSON; this is a form, and answered by bare text.
                kind: dict[str, Any] = {"content-type": None, "accept": "text/plain, */*"}
                form = {name: (file.name, stream, "application/jsonl")}
                return self._request("POST", path, files=form, headers=kind)

        return self._again(send).text

    def fetch(self, path: str, target: Path, progress: Callable[[int, int], None], **query: Any) -> None:
        """Fetch a file, with `progress(bytes, bytes of all)`; repeated like a read, from its beginning."""

        def fetch() -> None:
            answer = self._request("GET", path, params=query, stream=True)
            with contextlib.closing(answer), target.open("wb") as stream:
                if "json" in answer.headers.get("content-type", ""):
                    said = failures.said_by(answer)
                    raise RefusedError(f"{self.address} has no file to give: {said}", status=404)
                size = int(answer.headers.get("content-length") or 0)
                for piece in self._pieces(answer):
                    stream.write(piece)
                    came[:] = [stream.tell(), size]

        came = [0, 0]
        try:
            with self.stopping(lambda: progress(*came)):
                self._again(fetch)
        except OSError as error:
            raise UserError(
                f"What comes from {self.address} cannot be kept in {target.parent}: {error.strerror}.",
                "Make room there, and try again.",
            ) from error

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def _again(self, work: Callable[[], T]) -> T:
        """Do what may be repeated, and repeat it when the network or the server fails."""
        for seconds in self._pauses:
            try:
                return self._waiting(work)
            except UnreachableError:
                self.pause(seconds)
            except RefusedError as error:
                if error.status < 500:
                    raise
                self.pause(seconds)
        return self._waiting(work)

    def _waiting(self, work: Callable[[], T]) -> T:
        """Do something that takes time beside this thread, which looks meanwhile whether it shall stop."""
        self._look()
        if getattr(self._here, "aloft", None) is not None or not self._checks():
            return work()
        promise: Future[T] = Future()

        def fulfil() -> None:
            try:
                promise.set_result(work())
            except BaseException as error:  # noqa: BLE001  it is raised where somebody waits for it
                promise.set_exception(error)

        # A daemon: whoever stops does not wait for an answer that may never come.
        threading.Thread(target=fulfil, name="request", daemon=True).start()
        while True:
            try:
                return promise.result(BEAT)
            except NotYet:
                if promise.done():
                    return promise.result()
                self._look()

    def _request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send one request; raise a ServerError unless it succeeded."""
        with self._in_words():
            answer = self._session.request(
                method,
                f"{self.address}/v1/{path}",
                timeout=(CONNECT, READ),
                allow_redirects=False,
                **options,
            )
        if not answer.ok or answer.is_redirect:
            raise failures.of_answer(answer, self.address)
        return answer

    def _pieces(self, answer: requests.Response) -> Iterator[bytes]:
        pieces = answer.iter_content(_CHUNK)
        while True:
            with self._in_words():
                piece = next(pieces, b"")
            if not piece:
                return
            yield piece

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        """Say what went wrong with the network."""
        import requests

        try:
            yield
        except (requests.RequestException, OSError) as error:
            raise failures.of_network(error, self.address) from error

    def _shaped(self, answer: requests.Response, shape: type[T]) -> T:
        """Read an answer as JSON of a shape."""
        content = answer.content
        if shape is type(None):
            return msgspec.convert(None, shape)
        try:
            return msgspec.json.decode(content, type=shape)
        except msgspec.ValidationError as error:
            raise failures.another_version(self.address, str(error)) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise failures.not_doccano(self.address) from error

    def _board(self, stopped: threading.Event) -> None:
        """Make this thread one that is on its way: it asks directly, and ends its pauses when all shall stop."""
        self._here.aloft = stopped

    def _checks(self) -> tuple[Callable[[], None], ...]:
        found: tuple[Callable[[], None], ...] = getattr(self._here, "checks", ())
        return found

    def _look(self) -> None:
        """Raise what ends the wait, if anything does."""
        stopped: threading.Event | None = getattr(self._here, "aloft", None)
        if stopped is not None and stopped.is_set():
            raise Cancelled
        for check in self._checks():
            check()
