"""Plays back what a real doccano server once answered; `tests/doccano/recording.py` writes it down."""

from __future__ import annotations

import base64
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.sync.little_server import Answer, Asked, LittleServer

RECORDED = Path(__file__).parent / "recorded" / "walk.json"


def key_of(asked: Asked) -> str:
    """Give what tells one request from another; of a file that is sent only that it was."""
    if asked.path.startswith("/v1/fp/"):
        return f"{asked.method} {asked.path}"
    return f"{asked.method} {asked.path} {asked.body.decode()}".strip()


def as_value(asked: Asked, answer: Answer) -> dict[str, Any]:
    """Write a request and its answer down."""
    value: dict[str, Any] = {"asked": key_of(asked), "status": answer.status, "kind": answer.kind}
    if answer.kind.startswith("application/json"):
        value["body"] = json.loads(answer.body)
    elif answer.kind.startswith("application/zip"):
        value["packed"] = base64.b64encode(answer.body).decode()
    else:
        value["text"] = answer.body.decode()
    cookies = [text for name, text in answer.headers if name == "set-cookie"]
    return value | ({"cookies": cookies} if cookies else {})


def replayed() -> LittleServer:
    """Give a server that answers like the recorded one: the same request in the same order, then as the last time."""
    answers: dict[str, list[Answer]] = defaultdict(list)
    for value in json.loads(RECORDED.read_text(encoding="utf-8")):
        answers[value["asked"]].append(_answer_of(value))
    lock = threading.Lock()

    def answer(asked: Asked) -> Answer:
        with lock:
            known = answers.get(key_of(asked))
            if not known:
                raise AssertionError(f"nobody recorded {key_of(asked)}")
            return known.pop(0) if len(known) > 1 else known[0]

    return LittleServer(answer)


def _answer_of(value: dict[str, Any]) -> Answer:
    body = b"".join(_parts(value))
    headers = tuple(("set-cookie", text) for text in value.get("cookies", ()))
    return Answer(status=value["status"], body=body, kind=value["kind"], headers=headers)


def _parts(value: dict[str, Any]) -> Iterator[bytes]:
    if "body" in value:
        yield json.dumps(value["body"], ensure_ascii=False).encode()
    yield base64.b64decode(value.get("packed", ""))
    yield value.get("text", "").encode()
