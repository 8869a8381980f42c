"""Writes down what a real server answers on the walk of `tests/sync/walk.py`, without times, cookies and places.

python -m tests.doccano.recording
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from annotator.sync.client import log_in
from tests.doccano.installing import ACCOUNTS
from tests.doccano.proxy import Proxy
from tests.doccano.server import started
from tests.sync.little_server import Answer, Asked
from tests.sync.replaying import RECORDED, as_value
from tests.sync.walk import PASSWORD, walk

_SCRUBBED = (
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "2026-01-01T00:00:00.000000Z"),
    (re.compile(r'"(csrftoken|sessionid)=[^"]*"'), r'"\1=recorded; Path=/"'),
    (re.compile(r'"key": "[0-9a-f]+"'), '"key": "recorded"'),
    (re.compile(r'"(filename|result)": "(https?:/)?/[^"]*"'), r'"\1": "/media/recorded"'),
    (re.compile(r'"filename": "[^"]*filepond[^"]*"'), '"filename": "/media/recorded"'),
    (re.compile(r'"(next|previous)": "[^"]*"'), r'"\1": null'),
    (re.compile(re.escape(ACCOUNTS["admin"])), PASSWORD),
)


class _Recorder(Proxy):
    """Writes down what goes through it; of the looks at a task that is under way only the first."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.values: list[dict[str, Any]] = []

    def forwarded(self, asked: Asked) -> Answer:
        answer = super().forwarded(asked)
        value = as_value(asked, answer)
        if value not in self.values or "/tasks/" not in asked.path:
            self.values.append(value)
        return answer


def main() -> None:
    """Record."""
    with tempfile.TemporaryDirectory() as folder, started(Path(folder) / "home") as server:
        with _Recorder(server.address) as recorder:
            remote = log_in(recorder.address, "admin", ACCOUNTS["admin"])
            walk(remote, Path(folder))
            remote.close()
        text = json.dumps(recorder.values, ensure_ascii=False, indent=0)
    for pattern, instead in _SCRUBBED:
        text = pattern.sub(instead, text)
    RECORDED.parent.mkdir(exist_ok=True)
    RECORDED.write_text(f"{text}\n", encoding="utf-8")
    print(f"{len(recorder.values)} answers, {len(text)} bytes: {RECORDED}")


if __name__ == "__main__":
    main()
