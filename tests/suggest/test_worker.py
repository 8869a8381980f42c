"""The worker process: it answers, dies, hangs, grows, is replaced, and ends with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from annotator.model.errors import Cancelled, UserError
from annotator.suggest.base import Settings
from annotator.suggest.in_process import InProcess
from annotator.suggest.worker import Worker, WorkerError
from annotator.suggest.worker_process import resident_bytes
from tests.house import source
from tests.suggest.helpers import NEWS, a_text, echo_settings, needs_pipeline, said

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


def _until(is_over: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not is_over() and time.monotonic() < end:
        time.sleep(0.02)
    return is_over()


def test_it_cuts_texts_as_this_process_does(worker: Worker) -> None:
    items = [("Dr. Ada left. She's back.", "en"), ("東京で。", "ja"), ("", "en"), ("Ça va.", "fr-CA")]
    assert worker.tokenize(items) == InProcess().tokenize(items)


def test_it_proposes_as_this_process_does(worker: Worker) -> None:
    texts = [a_text("The mayor of Echo.", document=5), a_text("Nothing.", document=6)]
    assert worker.propose(texts, echo_settings()) == InProcess().propose(texts, echo_settings())
    assert worker.propose([], echo_settings()) == []


@needs_pipeline
def test_it_lists_pipelines(worker: Worker) -> None:
    assert [each.name for each in worker.pipelines()] == [each.name for each in InProcess().pipelines()]


def test_what_a_person_can_mend_comes_through(worker: Worker) -> None:
    settings = Settings(schema=NEWS, pipeline="xx_not_there")
    with pytest.raises(WorkerError) as caught:
        worker.propose([a_text("Hello.")], settings)
    assert "no spaCy pipeline xx_not_there" in caught.value.what
    assert caught.value.todo
    with pytest.raises(UserError):
        InProcess().propose([a_text("Hello.")], settings)


def test_a_suggester_that_raises_does_not_end_the_process(worker: Worker) -> None:
    before = worker.process_id
    found = worker.propose([a_text("RAISE")], echo_settings())
    assert "ZeroDivisionError" in found[0].skipped
    assert worker.process_id == before


def test_several_threads_take_turns(worker: Worker) -> None:
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(len(worker.tokenize([("a b c", "en")])[0])))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [3] * 6


@on_posix
def test_a_suggester_that_kills_the_process_is_named_and_the_rest_goes_on() -> None:
    texts = [a_text(f"The mayor of Echo {number}.", document=number) for number in range(5)]
    texts[3] = a_text("The mayor will DIE.", document=3)
    with Worker() as worker:
        found = worker.propose(texts, echo_settings())
        assert [each.document for each in found] == [0, 1, 2, 3, 4]
        assert [each.skipped for each in found if each.document != 3] == [""] * 4
        assert (
            found[3].skipped
            == "echo (tests) was cut off on this document: the worker process was ended by signal 9."
        )
        assert said(texts[3], found[3].proposals) == {("mayor", "ROLE")}
        assert said(texts[4], found[4].proposals) == {("mayor", "ROLE"), ("Echo", "PERSON")}


def test_a_suggester_that_hangs_is_cut_off() -> None:
    texts = [a_text("Echo.", document=1), a_text("HANG, mayor.", document=2)]
    with Worker(silence=4.0) as worker:
        worker.tokenize([("ready", "en")])
        found = worker.propose(texts, echo_settings())
    assert "did not answer for 4 seconds" in found[1].skipped
    assert said(texts[0], found[0].proposals) == {("Echo", "PERSON")}
    assert said(texts[1], found[1].proposals) == {("mayor", "ROLE")}


@on_linux
def test_a_suggester_that_grows_is_cut_off() -> None:
    with Worker(memory=800_000_000) as worker:
        found = worker.propose([a_text("GROW")], echo_settings())
    assert "used more than 0.8 GB of memory" in found[0].skipped


@on_posix
def test_too_many_losses_give_the_call_up() -> None:
    texts = [a_text("DIE", document=number) for number in range(8)]
    with Worker() as worker, pytest.raises(WorkerError, match=r"echo \(tests\) was cut off on 6 documents"):
        worker.propose(texts, echo_settings())


@on_posix
def test_a_process_that_died_idle_is_replaced_unseen() -> None:
    with Worker() as worker:
        worker.tokenize([("a", "en")])
        before = worker.process_id
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert _until(lambda: resident_bytes(before) == 0 or not sys.platform.startswith("linux"))
        assert len(worker.tokenize([("a b", "en")])[0]) == 2
        assert worker.process_id != before


def test_a_call_can_be_cancelled_and_the_next_one_is_answered() -> None:
    with Worker() as worker:
        worker.tokenize([("ready", "en")])
        ended: list[type[BaseException]] = []

        def call() -> None:
            try:
                worker.propose([a_text("SLOW Echo.")], echo_settings())
            except Cancelled as error:
                ended.append(type(error))

        thread = threading.Thread(target=call)
        thread.start()
        time.sleep(0.3)
        begun = time.monotonic()
        worker.cancel()
        thread.join()
        assert ended == [Cancelled]
        assert time.monotonic() - begun < 1
        text = a_text("Echo again.")
        assert said(text, worker.propose([text], echo_settings())[0].proposals) == {("Echo", "PERSON")}


def test_closing_ends_calls_and_process_and_can_be_repeated() -> None:
    worker = Worker()
    worker.start()
    worker.close()
    worker.close()
    assert worker.process_id is None
    with pytest.raises(WorkerError, match="closed"):
        worker.start()
    with pytest.raises((WorkerError, Cancelled)):
        worker.tokenize([("a", "en")])


@on_linux
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_the_process_ends_with_its_parent(ending: int) -> None:
    program = (
        "import signal, sys, time\n"
        "from annotator.suggest.worker import Worker\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # background jobs of a shell have it ignored
        "def main():\n"
        "    worker = Worker()\n"
        "    worker.tokenize([('a', 'en')])\n"
        "    print(worker.process_id, flush=True)\n"
        "    time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=source.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert resident_bytes(child) > 0
        parent.send_signal(ending)
        assert _until(lambda: resident_bytes(child) == 0)


def test_a_hanging_tokenizer_is_a_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with Worker() as worker:
        worker.tokenize([("ready", "en")])
        worker._silence = 0.5
        monkeypatch.setattr("annotator.suggest.worker._LENGTH_A_SECOND", 1e9)
        slow = ("(" * 59 + " ") * 40_000
        with pytest.raises(WorkerError, match=r"Text 2 of 2 could not be cut into words"):
            worker.tokenize([("fine", "en"), (slow, "en")])
        worker._silence = 20.0
        assert len(worker.tokenize([("still here", "en")])[0]) == 2


@on_posix
def test_rejected_and_accepted_spans_travel_too(worker: Worker) -> None:
    text = a_text("The mayor of Echo.")
    mayor = next(each.what for each in worker.propose([text], echo_settings())[0].proposals)
    again = worker.propose([replace(text, rejected=(mayor,))], echo_settings())[0]  # type: ignore[arg-type]
    assert mayor not in {each.what for each in again.proposals}
