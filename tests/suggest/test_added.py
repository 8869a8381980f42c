"""Suggesters that other packages add: found without being loaded, named where they are broken, no harm to others."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.suggest import added
from annotator.suggest.added import installed
from annotator.suggest.base import GivenSuggester, Settings
from annotator.suggest.engine import propose_all
from annotator.suggest.worker import Worker
from tests.house.source import ROOT
from tests.suggest.helpers import NEWS, a_text, said

MODULE = """
import sys
from annotator.model.annotation import SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.suggest.base import Suggestions

MADE = []


class Shouts:
    name, version = "memory", "1"

    def __init__(self, settings):
        MADE.append(settings)
        self._labels = [each.name for each in settings.schema.entities]

    def propose(self, texts):
        return [Suggestions(document=text.document, proposals=tuple(self._found(text))) for text in texts]

    def _found(self, text):
        for start, end in zip(text.tokens.starts, text.tokens.ends, strict=True):
            words = text.text[start:end]
            if words == "RAISE":
                raise RuntimeError("so be it")
            if len(words) > 3 and words.isupper():
                score = 7.0 if words == "SEVEN" else 0.9
                what = SpanKey(fragments_of((start, end)), "ORG")
                yield Proposal(what=what, suggester="file", score=score, reason="it is shouted" * 100)


def broken(settings):
    raise ValueError("no such luck.")


nothing = lambda settings: None
"""
LINES = (
    "shouts = more_suggesters:Shouts",
    "broken = more_suggesters:broken",
    "nothing = more_suggesters:nothing",
    "gone = not_there_at_all:Suggester",
    "Odd Name = more_suggesters:Shouts",
    "bare = more_suggesters",
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Lay a package that adds suggesters, as an installer lays one."""
    place = tmp_path / "installed"
    facts = place / "more_suggesters-1.0.dist-info"
    facts.mkdir(parents=True)
    (place / "more_suggesters.py").write_text(MODULE, encoding="utf-8")
    told = "Metadata-Version: 2.1\nName: more-suggesters\nVersion: 1.0\n"
    (facts / "METADATA").write_text(told, encoding="utf-8")
    (facts / "entry_points.txt").write_text(
        "[annotator.suggesters]\n" + "\n".join(LINES) + "\n", encoding="utf-8"
    )
    return place


@pytest.fixture
def given(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, GivenSuggester]]:
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.delitem(sys.modules, "more_suggesters", raising=False)
    monkeypatch.setattr(added, "_MADE", {})
    installed.cache_clear()
    yield {each.name: each for each in installed().suggesters}
    installed.cache_clear()


def settings(*given: GivenSuggester) -> Settings:
    return Settings(schema=NEWS, enabled=tuple(each.kind for each in given), others=given)


def unused(name: str) -> str:
    return f"The suggester {name} of the package more-suggesters is not used:"


def test_they_are_found_without_being_loaded_and_the_others_named(given: dict[str, GivenSuggester]) -> None:
    assert sorted(given) == ["broken", "gone", "nothing", "shouts"]
    assert "more_suggesters" not in sys.modules
    assert given["shouts"] == GivenSuggester(
        "shouts", "more_suggesters:Shouts", "more-suggesters", version="1.0"
    )
    assert installed().skipped == (
        f"{unused('Odd Name')} its name is not one of small letters, digits, - and _.",
        f"{unused('bare')} 'more_suggesters' names no module:factory.",
    )


def test_what_one_proposes_is_its_own_under_its_own_name(given: dict[str, GivenSuggester]) -> None:
    text = a_text("The NASA flew.")
    (found,) = propose_all([text], settings(given["shouts"]))
    assert said(text, found.proposals) == {("NASA", "ORG")}
    (proposal,) = found.proposals
    assert proposal.suggester == "shouts (more-suggesters)", "not one of a person, nor of a file"
    assert len(proposal.reason) == 300


def test_it_is_made_once_for_the_same_settings(given: dict[str, GivenSuggester]) -> None:
    own = settings(given["shouts"])
    for _ in range(3):
        propose_all([a_text("The NASA flew.")], own)
    propose_all([a_text("The NASA flew.")], replace(own, learnt="elsewhere"))
    assert len(sys.modules["more_suggesters"].MADE) == 1


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("broken", "ValueError: no such luck."),
        ("nothing", "AttributeError: 'NoneType' object has no attribute 'propose'."),
        ("gone", "ModuleNotFoundError: No module named 'not_there_at_all'."),
    ],
)
def test_one_that_cannot_be_made_is_named_and_the_others_go_on(
    given: dict[str, GivenSuggester], name: str, why: str
) -> None:
    text = a_text("The NASA flew.")
    (found,) = propose_all([text], settings(given[name], given["shouts"]))
    assert found.skipped == f"{name} (more-suggesters) cannot be used: {why}"
    assert said(text, found.proposals) == {("NASA", "ORG")}


@pytest.mark.parametrize(
    ("words", "why"), [("RAISE", "RuntimeError: so be it"), ("SEVEN", "ValueError: it gave a score of 7.0")]
)
def test_one_that_fails_at_a_document_is_named_there_alone(
    given: dict[str, GivenSuggester], words: str, why: str
) -> None:
    texts = [a_text("The NASA flew.", document=1), a_text(f"{words} again.", document=2)]
    first, second = propose_all(texts, settings(given["shouts"]))
    assert len(first.proposals) == 1
    assert second.skipped == f"shouts (more-suggesters) could not read this document ({why})."


def test_it_works_in_the_worker_process_alone(given: dict[str, GivenSuggester]) -> None:
    with Worker() as worker:
        (found,) = worker.propose([a_text("The NASA flew.")], settings(given["shouts"]))
    assert [each.suggester for each in found.proposals] == ["shouts (more-suggesters)"]
    assert "more_suggesters" not in sys.modules


def test_listing_them_for_a_person_loads_none(place: Path) -> None:
    told = (
        f"import sys, json; sys.path.insert(0, {str(place)!r}); from annotator.suggest.added import installed; "
        "print(json.dumps([[each.name for each in installed().suggesters], 'more_suggesters' in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT, check=True)
    assert json.loads(done.stdout) == [["shouts", "broken", "nothing", "gone"], False]
