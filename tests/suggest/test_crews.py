"""Several that propose at once: in order, with few shards under way, and whole where one of them is lost."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.model.annotation import SpanKey
from annotator.model.errors import Cancelled
from annotator.suggest import crews
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.crews import Cluster, Crew, CrewError, Workers
from annotator.suggest.engine import learn_all, propose_all
from annotator.suggest.handed_over import packed, unpacked, without_files
from annotator.suggest.in_process import InProcess
from annotator.suggest.teaching import Decided
from annotator.suggest.worker import WorkerError
from tests.builders import place
from tests.suggest.helpers import NEWS, a_text, echo_settings, said

Shards = list[tuple[int, list[Text]]]


def some_shards(count: int, *, size: int = 3) -> Shards:
    """Make shards of texts of which every second says Echo."""
    return [
        (
            number,
            [a_text(f"The {'Echo' if each % 2 else 'end'}.", document=each) for each in _keys(number, size)],
        )
        for number in range(count)
    ]


def _keys(number: int, size: int) -> range:
    return range(number * size + 1, (number + 1) * size + 1)


def alone(shards: Shards) -> list[tuple[int, list[Suggestions]]]:
    """Give what this process makes of them."""
    return [(own, InProcess().propose(texts, echo_settings())) for own, texts in shards]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with closing(Workers(2)) as made:
        yield made


@contextmanager
def a_cluster(*, failures: int = 1) -> Iterator[Cluster]:
    """Start a scheduler and two workers on this machine; a task may lose so many workers."""
    dask = pytest.importorskip("dask")
    distributed = pytest.importorskip("distributed")
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": failures}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0"
        ) as made,
        closing(Cluster(made.scheduler_address)) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with a_cluster() as made:
        yield made


def test_workers_give_what_one_process_gives_in_order(workers: Workers) -> None:
    shards = some_shards(7)
    assert list(workers.propose_stream(iter(shards), echo_settings())) == alone(shards)


def test_a_cluster_gives_what_one_process_gives_in_order(cluster: Cluster) -> None:
    shards = some_shards(7)
    assert list(cluster.propose_stream(iter(shards), echo_settings())) == alone(shards)


def _learnt(folder: Path) -> Settings:
    """Learn a name that nothing else proposes."""
    settings = replace(echo_settings(), learnt=str(folder / "learnt"))
    text = a_text("So Zora Quill spoke to the end.", document=1)
    name = SpanKey(place(text.text, "Zora Quill"), "PERSON")
    lessons = [
        Decided(text=replace(text, document=number, accepted=(name,)), evidence=str(number))
        for number in range(1, 4)
    ]
    learn_all(lessons, settings, anew=True)
    return settings


def test_what_was_learnt_is_used_by_workers_and_clusters_too(
    workers: Workers, cluster: Cluster, tmp_path: Path
) -> None:
    settings = _learnt(tmp_path)
    shards = [(1, [a_text("Then Zora Quill sang.", document=9)]), (2, [a_text("Echo", document=10)])]
    expected = [(own, propose_all(texts, settings)) for own, texts in shards]
    assert said(shards[0][1][0], expected[0][1][0].proposals) == {("Zora Quill", "PERSON")}
    assert list(workers.propose_stream(shards, settings)) == expected
    assert list(cluster.propose_stream(shards, settings)) == expected


def test_what_was_handed_over_is_written_once_and_replaced(tmp_path: Path) -> None:
    bare = Settings(schema=NEWS)
    assert packed(bare) == packed(replace(bare, learnt=str(tmp_path / "none"))) == {}
    assert unpacked({}, bare) == bare
    for name in ("learnt", "fine_tuned"):
        (tmp_path / name).write_text(name)
    here = replace(bare, learnt=str(tmp_path / "learnt"), fine_tuned=str(tmp_path / "fine_tuned"))
    assert without_files(here) == bare
    first = unpacked(packed(here), bare)
    assert unpacked(packed(here), bare) == first
    assert (Path(first.learnt).read_text(), Path(first.fine_tuned).read_text()) == ("learnt", "fine_tuned")
    second = unpacked({"learnt": b"two"}, bare)
    assert (Path(second.learnt).read_bytes(), second.fine_tuned) == (b"two", "")
    assert not Path(first.learnt).exists()


def few_under_way(crew: Crew) -> None:
    """Look that no shard is asked for long before an earlier one was given."""
    asked = 0

    def shards() -> Iterator[tuple[int, Sequence[Text]]]:
        nonlocal asked
        for shard in some_shards(30, size=1):
            asked += 1
            yield shard

    for given, (own, _) in enumerate(crew.propose_stream(shards(), echo_settings())):
        assert own == given
        assert asked - given <= 4, "two for each of two"


def test_few_shards_are_under_way(workers: Workers, cluster: Cluster) -> None:
    few_under_way(workers)
    few_under_way(cluster)


def test_what_is_too_much_for_a_worker_process_is_named(workers: Workers) -> None:
    shards = [(0, [a_text("Echo", document=1)]), (1, [a_text("RAISE", document=2)])]
    (_, first), (_, second) = workers.propose_stream(shards, echo_settings())
    assert (first[0].skipped, len(first[0].proposals)) == ("", 1)
    assert "ZeroDivisionError" in second[0].skipped


def test_nobody_waits_for_workers_that_are_left(workers: Workers) -> None:
    shards = [(number, [a_text("SLOW Echo", document=number)]) for number in range(4)]
    stream = workers.propose_stream(shards, echo_settings())
    assert next(stream)[0] == 0
    stream.close()  # type: ignore[attr-defined]
    assert [own for own, _ in workers.propose_stream(some_shards(3), echo_settings())] == [0, 1, 2]


def test_a_pipeline_that_is_missing_is_said_once(workers: Workers, cluster: Cluster) -> None:
    settings = replace(echo_settings(), enabled=("pipeline",), pipeline="xx_not_there")
    with pytest.raises(WorkerError, match="xx_not_there"):
        list(workers.propose_stream(some_shards(3), settings))
    with pytest.raises(Exception, match="xx_not_there"):
        list(cluster.propose_stream(some_shards(3), settings))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_lost_worker_of_a_cluster_costs_nothing_and_doubles_nothing() -> None:
    shards = some_shards(40, size=2)
    shards[:2] = [(own, [*texts, a_text("SLOW", document=1000 + own)]) for own, texts in shards[:2]]
    with a_cluster() as cluster:
        victim = min(cluster._client.run(os.getpid).values())
        threading.Timer(0.5, os.kill, (victim, signal.SIGKILL)).start()
        found = list(cluster.propose_stream(shards, echo_settings()))
        assert found == alone(shards)
        assert victim not in cluster._client.run(os.getpid).values()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_document_that_costs_workers_is_left_out_by_name() -> None:
    shards = [(0, [a_text("DIE", document=1), a_text("Echo", document=2)]), *some_shards(3)[1:]]
    with a_cluster(failures=0) as cluster:
        found = dict(cluster.propose_stream(shards, echo_settings()))
    assert [each.document for each in found[0]] == [1, 2]
    assert "workers of the cluster that were on it were lost" in found[0][0].skipped
    assert (found[0][1].skipped, len(found[0][1].proposals)) == ("", 1)
    assert len(found[1]) == len(found[2]) == 3


def test_another_version_of_the_program_is_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "version_here", lambda: "99.0")
    with pytest.raises(CrewError, match=r"here it is 99\.0"):
        list(cluster.propose_stream(some_shards(2), echo_settings()))


def test_an_address_where_nobody_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(crews, "_ANSWERS", 0.3)
    with pytest.raises(CrewError, match="No Dask scheduler answers at tcp://127"):
        Cluster("tcp://127.0.0.1:9")


def test_what_a_cluster_needs_is_said_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CrewError, match="pip install distributed"):
        Cluster("tcp://127.0.0.1:9")


def test_a_closed_crew_refuses(workers: Workers) -> None:
    own = Workers(1)
    own.close()
    with pytest.raises((WorkerError, Cancelled)):
        list(own.propose_stream(some_shards(1), echo_settings()))
