"""Stands between this program and a server, and makes trouble: requests are lost, doubled, late, or never answered."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from tests.sync.little_server import Answer, Asked, Dropped, LittleServer

_OF_A_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "date", "server"}


class Trouble(StrEnum):
    """What happens to a request."""

    LOST = "lost"
    """It never reaches the server, and the connection breaks."""
    UNANSWERED = "unanswered"
    """The server does what it says, and the connection breaks before the answer."""
    DOUBLED = "doubled"
    """The server is asked twice; the second answer comes back."""
    LATE = "late"
    """It waits a moment."""
    BUSY = "busy"
    """What stands in front of the server says that it is under maintenance."""
    CUT = "cut"
    """Half of the answer comes back."""


@dataclass(frozen=True)
class Rule:
    """Which requests have trouble: method and path (a pattern), every how many of them, at most how many times.

    Args:
        by_path: those to each path are counted by themselves, and the first has trouble.
        before: called before it happens, to kill the server in that moment, say.
    """

    trouble: Trouble
    method: str = ""
    path: str = ""
    every: int = 1
    times: int = 1_000_000
    seconds: float = 0.2
    by_path: bool = False
    before: Callable[[], None] | None = None

    def concerns(self, asked: Asked) -> bool:
        return self.method in {"", asked.method} and re.search(self.path, asked.path) is not None


class Proxy(LittleServer):
    """A proxy in front of a server.

    Args:
        target: address of the server. rules: the first that concerns a request may make trouble for it.
        certificate: file name of one, for TLS.
    """

    def __init__(self, target: str, *rules: Rule, certificate: str = "") -> None:
        super().__init__(self._through, certificate)
        self.rules = rules
        self.troubles: list[tuple[Trouble, str]] = []
        self._target = urlsplit(target)
        self._seen: dict[tuple[int, str], int] = {}
        self._lock = threading.Lock()

    def _through(self, asked: Asked) -> Answer:
        rule = self._rule_for(asked)
        if rule is None:
            return self.forwarded(asked)
        if rule.before is not None:
            rule.before()
        match rule.trouble:
            case Trouble.LOST:
                raise Dropped
            case Trouble.UNANSWERED:
                self.forwarded(asked)
                raise Dropped
            case Trouble.DOUBLED:
                self.forwarded(asked)
            case Trouble.LATE:
                time.sleep(rule.seconds)
            case Trouble.BUSY:
                return Answer(503, b"<html>Back soon.</html>", "text/html")
            case Trouble.CUT:
                whole = self.forwarded(asked)
                return Answer(whole.status, whole.body, whole.kind, whole.headers, len(whole.body) // 2)
        return self.forwarded(asked)

    def forwarded(self, asked: Asked) -> Answer:
        """Ask the server."""
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in _OF_A_HOP}
        connection = http.client.HTTPConnection(self._target.netloc, timeout=60)
        try:
            connection.request(asked.method, asked.path, asked.body or None, headers)
            answer = connection.getresponse()
            body = answer.read()
        except OSError:
            raise Dropped from None
        finally:
            connection.close()
        names = _OF_A_HOP | {"content-type"}
        back = tuple((n.lower(), v) for n, v in answer.headers.items() if n.lower() not in names)
        return Answer(answer.status, body, answer.headers.get("content-type", ""), back)

    def _rule_for(self, asked: Asked) -> Rule | None:
        with self._lock:
            for place, rule in enumerate(self.rules):
                if not rule.concerns(asked):
                    continue
                key = (place, asked.path if rule.by_path else "")
                self._seen[key] = seen = self._seen.get(key, 0) + 1
                if seen % rule.every == int(rule.by_path) % rule.every and seen // rule.every <= rule.times:
                    self.troubles.append((rule.trouble, f"{asked.method} {asked.path}"))
                    return rule
                return None
        return None
