"""Training in a process of its own: what ends it is said in words, and nobody waits for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.errors import Cancelled
from annotator.suggest import worker_process
from annotator.suggest.training import TrainingError, train_apart
from annotator.suggest.worker_link import Link


def apart(folder: Path, check: object = lambda: None) -> None:
    train_apart(folder, {}, most_steps=1, tell=lambda *_: None, check=check)  # type: ignore[arg-type]


def test_a_folder_that_spacy_cannot_train_on_is_refused_with_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"spaCy could not train: .*config\.cfg"):
        apart(tmp_path)


def test_nobody_waits_for_what_was_stopped(tmp_path: Path) -> None:
    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1
        if asked > 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        apart(tmp_path, check)


def test_a_process_that_is_lost_is_named_and_not_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = 0
    begin = Link.begin

    def counted(link: Link) -> None:
        nonlocal begun
        begun += link.process_id is None
        begin(link)

    monkeypatch.setattr(Link, "begin", counted)
    monkeypatch.setattr("annotator.suggest.training.MEMORY", 60_000_000)
    with pytest.raises(TrainingError, match=r"used more than 0\.1 GB of memory"):
        apart(tmp_path)
    assert begun <= 2, "a process lost before it began gets one successor"


def test_progress_passes_through_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[worker_process.Progress] = []
    link = Link(memory=1 << 40, told=told.append)
    messages: list[worker_process.Message] = [
        worker_process.Ready(),
        worker_process.Progress(1, 3, 10, 0.5),
        worker_process.Answer(1, "done"),
    ]

    class Pipe:
        def poll(self, _seconds: float) -> bool:
            return True

        def recv(self) -> worker_process.Message:
            return messages.pop(0)

        def send(self, _request: object) -> None: ...

        def close(self) -> None: ...

    monkeypatch.setattr(Link, "begin", lambda _: None)
    monkeypatch.setattr(Link, "_is_alive", lambda _: True)
    monkeypatch.setattr(link, "_connection", Pipe())
    answer = link.ask("train", (), limit=1.0, check=lambda: None)
    assert answer == worker_process.Answer(1, "done")
    assert told == [worker_process.Progress(1, 3, 10, 0.5)]
