"""What was learnt survives in a file, which is there whole or as it was."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from annotator.suggest.learning import keeping
from annotator.suggest.learning.learner import Learner
from tests.suggest.learning.lessons import a_corpus, a_page, taught

PAGE = a_page("Ada Lovelace and Ivy Stone went to Odda.", ("Ivy Stone", "PERSON", "PERSON"))


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "made" / "learnt")


def _forget() -> None:
    keeping._hold("", (0, 0), None)


def test_a_learner_read_again_proposes_the_same_and_learns_on(path: str) -> None:
    learner = taught(*a_corpus(7))
    keeping.keep(learner, path, settings="x")
    _forget()
    again = keeping.taken(path)
    assert again is not None
    assert again.propose(PAGE) == learner.propose(PAGE)
    more = a_corpus(9)[7:]
    for each in (learner, again):
        for lesson in more:
            each.learn(lesson)
        each.train()
    assert again.propose(PAGE) == learner.propose(PAGE)


def test_what_a_file_was_made_of_is_told(path: str) -> None:
    assert keeping.known(path) is None
    keeping.keep(taught(*a_corpus(2)), path, settings="x")
    told = keeping.known(path)
    assert told == keeping.Known(
        settings="x", lessons=((1, ""), (2, "")), labels=frozenset({"PERSON", "GPE"})
    )


def test_another_file_under_the_same_name_is_read_anew(path: str) -> None:
    keeping.keep(taught(*a_corpus(1)), path, settings="x")
    first = keeping.learner_at(path)
    assert keeping.learner_at(path) is first
    keeping.keep(taught(*a_corpus(3)), path, settings="x")
    second = keeping.learner_at(path)
    assert second is not None
    assert len(second.lessons) == 3


@pytest.mark.parametrize("damage", [b"", b"PK\x05\x06" + bytes(18), b"no archive"])
def test_a_damaged_file_counts_as_none(path: str, damage: bytes) -> None:
    keeping.keep(Learner(), path, settings="x")
    Path(path).write_bytes(damage)
    assert keeping.learner_at(path) is None
    assert keeping.known(path) is None


def test_another_layout_counts_as_none(path: str) -> None:
    Path(path).parent.mkdir()
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("known.json", '{"format": 0, "settings": "", "lessons": [], "labels": []}')
    assert keeping.learner_at(path) is None
    assert keeping.known(path) is None


def test_a_file_that_cannot_be_written_leaves_the_older_one(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.keep(taught(*a_corpus(1)), path, settings="x")
    before = Path(path).read_bytes()

    def refuse(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="no room"):
        keeping.keep(taught(*a_corpus(2)), path, settings="x")
    assert Path(path).read_bytes() == before
    assert [each.name for each in Path(path).parent.iterdir()] == ["learnt"]
