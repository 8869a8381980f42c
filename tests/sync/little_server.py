"""A server of HTTP on this machine that answers as a test wants it to, with or without TLS."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CERTIFICATES = Path(__file__).parent / "certificates"
"""Certificates of one key, made out by itself: for this machine, for this machine until 2021, and for another name."""


@dataclass(frozen=True)
class Asked:
    """A request; its path begins with a slash and ends with the query."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """An answer; of its body only the first `cut` bytes are sent before the connection ends, if that is not None."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None


class Dropped(Exception):
    """Ends the connection without an answer."""


class LittleServer:
    """A server that runs within a `with`; `asked` holds what it was asked.

    Args:
        answer: gives the answer; called in a thread for each connection. certificate: file name of one, for TLS.
    """

    def __init__(self, answer: Callable[[Asked], Answer], certificate: str = "") -> None:
        self.asked: list[Asked] = []
        self._answer = answer
        self._server = _Quiet(("127.0.0.1", 0), _handler_of(self))
        self._scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATES / certificate, CERTIFICATES / "server.key")
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            self._scheme = "https"

    @property
    def address(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def answered(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self._answer(asked)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 32

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is what some tests are about."""


def _handler_of(server: LittleServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length))
            try:
                answer = server.answered(asked)
            except Dropped:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("content-type", answer.kind)
            self.send_header("content-length", str(len(answer.body)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _any  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
