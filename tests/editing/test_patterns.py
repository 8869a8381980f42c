"""Acts on pattern lists: what they make, what they refuse, and what becomes of a list when types change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.editing import commands
from annotator.editing.commands import AddPatternLists, ChangePatternList, ChangePatterns, NewPatternList
from annotator.editing.history import UndoRefusedError
from annotator.model.annotation import Kind
from annotator.model.errors import RuleError, StaleError
from annotator.model.patterns import BLOCK, Pattern, PatternList, phrase, token_pattern
from annotator.model.schema import EntityType
from annotator.store.patterns import blocks_of, pattern_count, pattern_lists, patterns_in
from annotator.workflows.checking import check
from annotator.workflows.session import Session
from tests.builders import a_project


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open an empty project."""
    session = a_project(tmp_path)
    yield session
    assert check(session.project).breaches == ()
    session.close()


def add(
    session: Session, *words: str, name: str = "Cities", label: str = "GPE", ignore_case: bool = False
) -> PatternList:
    """Add a list of phrases."""
    patterns = tuple(phrase(each) for each in words)
    session.do(
        AddPatternLists((NewPatternList(name=name, label=label, patterns=patterns, ignore_case=ignore_case),))
    )
    return pattern_lists(session.project)[-1]


def inside(session: Session, found: PatternList) -> list[Pattern]:
    """Give the patterns of a list."""
    return [each for block in blocks_of(session.project, found.key) for each in patterns_in(block.patterns)]


def words_in(session: Session, found: PatternList) -> list[str]:
    return [each.text for each in inside(session, found)]


def test_lists_come_in_one_step_with_the_labels_they_need(session: Session) -> None:
    done = session.do(
        AddPatternLists(
            (
                NewPatternList(name="Cities", label="GPE", patterns=(phrase("Paris"),), source="all.jsonl"),
                NewPatternList(name="Cities", label="SHIP", patterns=(phrase("Vasa"), phrase("Vasa"))),
            )
        )
    )
    assert done.patterns
    assert done.message == "Added Cities, Cities 2 with 2 patterns. New: SHIP."
    first, second = pattern_lists(session.project)
    assert (first.name, first.label, first.source, first.enabled) == ("Cities", "GPE", "all.jsonl", True)
    assert (second.name, second.label) == ("Cities 2", "SHIP")
    assert pattern_count(session.project, second.key) == 1
    session.undo(None)
    assert pattern_lists(session.project) == []
    assert session.schema.entity("SHIP") is None


def test_doubles_differ_by_case_only_where_case_counts(session: Session) -> None:
    assert words_in(session, add(session, "Paris", "PARIS", "Paris")) == ["Paris", "PARIS"]
    assert words_in(session, add(session, "Paris", "PARIS", name="Any", ignore_case=True)) == ["Paris"]


def test_one_pattern_of_many_is_changed_in_its_place(session: Session) -> None:
    cities = add(session, *(f"Town {number}" for number in range(BLOCK + 5)))
    session.do(ChangePatterns(list=cities.key, removed=(phrase("Town 3"),), added=(phrase("Oslo"),)))
    found = words_in(session, cities)
    assert found[2:5] == ["Town 2", "Oslo", "Town 4"]
    session.do(ChangePatterns(list=cities.key, removed=(phrase("Town 1"),)))
    session.do(ChangePatterns(list=cities.key, added=(phrase("Rome"), phrase("Oslo"), phrase("Rome"))))
    assert words_in(session, cities)[-2:] == [f"Town {BLOCK + 4}", "Rome"]
    assert len(blocks_of(session.project, cities.key)) == 2
    for _ in range(3):
        session.undo(None)
    assert words_in(session, cities) == [f"Town {number}" for number in range(BLOCK + 5)]


def test_what_is_there_already_changes_nothing(session: Session) -> None:
    cities = add(session, "Paris")
    done = session.do(ChangePatterns(list=cities.key, added=(phrase("Paris"),)))
    assert done.step is None
    assert done.message == "Cities has Paris already."


def test_a_pattern_or_list_that_is_gone_is_said(session: Session) -> None:
    cities = add(session, "Paris")
    with pytest.raises(StaleError):
        session.do(ChangePatterns(list=cities.key, removed=(phrase("Rome"),)))
    with pytest.raises(StaleError):
        session.do(ChangePatterns(list=cities.key + 1, added=(phrase("Rome"),)))
    with pytest.raises(StaleError):
        session.do(commands.RemovePatternLists((cities.key, cities.key + 1)))
    assert words_in(session, cities) == ["Paris"]


def test_a_list_is_renamed_switched_and_relabelled(session: Session) -> None:
    cities = add(session, "Paris")
    add(session, "Ada", name="People", label="PERSON")
    said = [
        session.do(ChangePatternList(replace(pattern_lists(session.project)[0], **change))).message
        for change in ({"name": "Towns"}, {"enabled": False}, {"label": "PERSON"}, {"ignore_case": True})
    ]
    assert said == [
        "Cities is Towns now.",
        "Towns is off now.",
        "Towns proposes PERSON now.",
        "Towns changed.",
    ]
    with pytest.raises(RuleError, match="People already"):
        session.do(ChangePatternList(replace(cities, name="People")))
    with pytest.raises(RuleError, match="no entity type"):
        session.do(ChangePatternList(replace(cities, label="SHIP")))


def test_a_list_follows_its_label(session: Session) -> None:
    add(session, "Paris", "Rome")
    gpe = session.schema.entity("GPE")
    assert gpe is not None
    session.do(commands.ChangeType(replace(gpe, name="PLACE")))
    assert pattern_lists(session.project)[0].label == "PLACE"
    session.do(commands.MergeTypes(kind=Kind.SPAN, source="PLACE", target="PERSON"))
    assert pattern_lists(session.project)[0].label == "PERSON"
    done = session.do(commands.DeleteType(kind=Kind.SPAN, name="PERSON"))
    assert done.message.startswith("Deleted PERSON with 1 pattern list.")
    assert pattern_lists(session.project) == []
    for _ in range(3):
        session.undo(None)
    cities = pattern_lists(session.project)[0]
    assert (cities.label, words_in(session, cities)) == ("GPE", ["Paris", "Rome"])


def test_a_label_that_a_list_names_is_not_undone_alone(session: Session) -> None:
    made = session.do(commands.AddType(EntityType(name="SHIP"))).step
    add(session, "Vasa", label="SHIP")
    assert made is not None
    with pytest.raises(UndoRefusedError):
        session.do(commands.Undo(steps=(made.key,)))


def test_limits_are_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.editing.plans_patterns.PATTERN_LIMIT", 2)
    monkeypatch.setattr("annotator.editing.plans_patterns.TOKEN_PATTERN_LIMIT", 1)
    monkeypatch.setattr("annotator.editing.plans_patterns.LIST_LIMIT", 2)
    with pytest.raises(RuleError, match="at most 2 patterns; this would be 3"):
        add(session, "a", "b", "c")
    tokens = tuple(token_pattern([{"LOWER": each, "OP": "+"}]) for each in "ab")
    with pytest.raises(RuleError, match="at most 1 token patterns that say more"):
        session.do(AddPatternLists((NewPatternList(name="T", label="GPE", patterns=tokens),)))
    lists = tuple(NewPatternList(name=each, label="GPE") for each in "abc")
    with pytest.raises(RuleError, match="at most 2 pattern lists"):
        session.do(AddPatternLists(lists))


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.booleans(), st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3, unique=True)),
        max_size=8,
    )
)
def test_any_changes_are_those_of_a_plain_list(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[bool, list[str]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("annotator.editing.plans_patterns.BLOCK", 2)
        patch.setattr("annotator.model.patterns.BLOCK", 2)
        session = a_project(tmp_path_factory.mktemp("acts"))
        found = add(session, "a", "b", "c", "d", "e")
        expected = [["a", "b", "c", "d", "e"]]
        for adds, words in acts:
            now = list(expected[-1])
            known = [each for each in words if each in now]
            if adds:
                command = ChangePatterns(list=found.key, added=tuple(map(phrase, words)))
                now += [each for each in words if each not in now]
            elif known:
                command = ChangePatterns(list=found.key, removed=tuple(map(phrase, known)))
                now = [each for each in now if each not in known]
            else:
                continue
            if session.do(command).step is not None:
                expected.append(now)
            assert words_in(session, found) == now
        for state in reversed(expected):
            assert words_in(session, found) == state
            session.undo(None)
        session.close()
