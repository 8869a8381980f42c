"""Pattern lists as a person works with them: from files, on documents, and judged by what was decided."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.editing.commands import AddPatternLists, NewPatternList
from annotator.model.annotation import Kind, SpanKey
from annotator.model.document import State
from annotator.model.errors import Cancelled, FormatError, RuleError, StaleError, UserError
from annotator.model.patterns import phrase, token_pattern, typed_pattern
from annotator.model.schema import EntityType, Schema
from annotator.store.copying import clean_copy
from annotator.suggest.base import GivenPatterns
from annotator.suggest.phrases import Hit
from annotator.workflows import patterns
from annotator.workflows.machine import machine_of
from annotator.workflows.pattern_records import outermost, recorded_lists
from annotator.workflows.projects import new_project, open_project
from annotator.workflows.session import Session
from annotator.workflows.suggesting import settings_of, suggest
from tests.builders import SCHEMA, a_document, a_record, bring, place, propose
from tests.workflows.conftest import PlainMachine

TEXT = "Paris and Rome. Then Paris again, and New York City."


def written(tmp_path: Path, *lines: object, name: str = "places.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines))
    return path


def read(session: Session, *paths: Path) -> patterns.ArrivingPatterns:
    return patterns.read_files(machine_of(session), paths)


def add(session: Session, *words: str, label: str = "GPE", name: str = "Cities") -> GivenPatterns:
    """Add a list of phrases, and give it as it is tried."""
    made = tuple(map(typed_pattern, words))
    session.do(AddPatternLists((NewPatternList(name=name, label=label, patterns=made),)))
    return patterns.list_as_given(session, patterns.list_named(session, name))


def test_a_file_becomes_a_list_of_each_label(session: Session, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"label": "GPE", "pattern": "Paris"},
        {"label": "PER", "pattern": "Ada"},
        {"label": "GPE", "pattern": [{"LOWER": "rome"}]},
        {"label": "GPE", "pattern": "Paris"},
        {"label": "SHIP", "pattern": "Vasa"},
        {"label": "GPE", "pattern": [{"FOO": "x"}]},
        {"label": "GPE"},
    )
    arriving = read(session, path)
    assert [(each.label, each.name, len(each.patterns)) for each in arriving.lists] == [
        ("GPE", "places GPE", 2),
        ("PER", "places PER", 1),
        ("SHIP", "places SHIP", 1),
    ]
    assert [(each.line, each.message) for each in arriving.problems] == [
        (7, 'This line has no "pattern"; it was left out.'),
        (6, "spaCy knows nothing of this name: token 1, FOO. It was left out."),
    ]
    targets = patterns.targets_of(arriving, session.schema)
    assert targets == {"GPE": "GPE", "PER": "PERSON", "SHIP": ""}
    patterns.add_lists(session, arriving, patterns.Adding(targets))
    assert [(each.list.name, each.list.label, each.patterns) for each in patterns.listed(session)] == [
        ("places GPE", "GPE", 2),
        ("places PER", "PERSON", 1),
    ]
    patterns.add_lists(session, arriving, patterns.Adding({"SHIP": "SHIP"}, name="Ships"))
    assert session.schema.entity("SHIP") is not None
    ships = patterns.list_named(session, "Ships")
    assert (ships.source, patterns.patterns_of(session, ships.key)) == ("places.jsonl", [phrase("Vasa")])


def test_a_file_without_labels_is_added_once_one_is_said(session: Session, tmp_path: Path) -> None:
    arriving = read(session, written(tmp_path, "Paris", "Rome", name="cities.txt"))
    assert patterns.targets_of(arriving, session.schema) == {"": ""}
    with pytest.raises(RuleError, match="No label is chosen"):
        patterns.add_lists(session, arriving, patterns.Adding({"": ""}))
    patterns.add_lists(session, arriving, patterns.Adding({"": "GPE"}, ignore_case=True))
    assert patterns.list_named(session, "cities").ignore_case


def test_a_file_that_holds_none_is_refused_with_the_first_reason(session: Session, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"bad\.jsonl holds no patterns\. This line is not JSON"):
        read(session, written(tmp_path, "{oops", name="bad.jsonl"))
    with pytest.raises(FormatError, match="does not exist"):
        read(session, tmp_path / "missing.txt")
    with pytest.raises(FormatError, match="is a folder"):
        read(session, tmp_path)


def test_token_patterns_beyond_the_limit_are_left_out_and_those_of_words_are_not_counted(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "TOKEN_PATTERN_LIMIT", 1)
    lines = [{"label": "GPE", "pattern": [{"LOWER": word, "OP": "+"}]} for word in ("a", "b")]
    lines += [{"label": "GPE", "pattern": [{"LOWER": word}]} for word in ("c", "d")]
    arriving = read(session, written(tmp_path, *lines))
    assert len(arriving.lists[0].patterns) == 3
    assert [(each.line, "1 such token patterns" in each.message) for each in arriving.problems] == [(2, True)]


def test_reading_stops_when_somebody_wishes(session: Session, tmp_path: Path) -> None:
    def stop(_done: int, _total: int, _text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        patterns.read_files(machine_of(session), [written(tmp_path, "a", name="a.txt")], stop)


def test_a_list_that_is_not_there_is_told_with_those_that_are(session: Session) -> None:
    with pytest.raises(StaleError, match="Add one first"):
        patterns.list_named(session, "Cities")
    add(session, "Paris")
    with pytest.raises(StaleError, match="Known are: Cities"):
        patterns.list_named(session, "Towns")


def test_a_pattern_that_spacy_does_not_take_is_told(session: Session) -> None:
    add(session, "Paris")
    cities = patterns.list_named(session, "Cities")
    wrong, right = token_pattern([{"FOO": 1}]), token_pattern([{"LOWER": "rome"}])
    with pytest.raises(RuleError, match="knows nothing of this name"):
        patterns.check_patterns(session, [right, wrong])
    patterns.check_patterns(session, [right, phrase("Paris")])
    trial, record = patterns.try_pattern(session, wrong, cities)
    assert (trial.problem, record.decided) == ("spaCy knows nothing of this name: token 1, FOO.", 0)
    document = a_document(session, TEXT)
    assert patterns.try_pattern(session, right, cities, document=document)[0].hits == 1
    assert patterns.try_list(session, cities)[0].hits == 2


def test_a_trial_counts_hits_and_shows_where_they_are(session: Session) -> None:
    first, second = a_document(session, TEXT, source="one"), a_document(session, "Rome!", source="two")
    cities = add(session, "Paris", "Rome", "New York", "New York City")
    done = patterns.try_patterns(session, cities, document=second)
    assert (done.documents, done.hits, done.counts, done.problem) == (2, 5, {0: 2, 1: 2, 3: 1}, "")
    assert [(each.document, each.words, each.after) for each in done.here] == [(second, "Rome", "!")]
    assert [(each.document, each.words) for each in done.places] == [
        (second, "Rome"),
        (first, "Paris"),
        (first, "Rome"),
        (first, "Paris"),
        (first, "New York City"),
    ]
    assert done.places[2].before == "Paris and "
    alone = patterns.try_patterns(session, cities, document=second, first=1)
    assert (alone.documents, alone.hits, len(alone.here)) == (1, 4, 1)
    assert (done.is_all, alone.is_all) == (True, False)
    typed = patterns.pattern_as_given(phrase("again"), patterns.list_named(session, "Cities"))
    assert patterns.try_patterns(session, typed).hits == 1


def test_a_trial_that_cannot_be_says_why(
    session: Session, machine: PlainMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> list[list[Hit]]:
        raise UserError("Pattern 1 of Cities was cut off.", "Change it.")

    a_document(session, TEXT)
    cities = add(session, "Paris")
    monkeypatch.setattr(machine, "find_patterns", lost)
    assert patterns.try_patterns(session, cities).problem == "Pattern 1 of Cities was cut off. Change it."
    assert patterns.recorded(session, cities).decided == 0
    monkeypatch.undo()
    assert patterns.recorded(session, cities).decided == 0
    again = add(session, "Paris", "Rome", name="Others")
    assert patterns.try_patterns(session, again).hits == 3


def record(session: Session, name: str = "Cities") -> dict[str, tuple[int, int]]:
    """Give right and decided for each pattern of which something is known."""
    each = patterns.list_named(session, name)
    words = patterns.patterns_of(session, each.key)
    found = patterns.recorded(session, patterns.list_as_given(session, each))
    assert (found.right, found.decided) == (
        sum(right for right, _ in found.patterns.values()),
        sum(decided for _, decided in found.patterns.values()),
    )
    return {words[number].text: told for number, told in sorted(found.patterns.items())}


def test_single_decisions_tell_how_good_a_pattern_is(session: Session) -> None:
    document = a_document(session, TEXT, source="one")
    add(session, "Paris", "Rome", "New York", "New York City")
    assert record(session) == {}
    session.do(commands.AddSpan(document, place(TEXT, "Paris"), "GPE"))
    assert record(session) == {"Paris": (1, 1)}
    propose(session, document, [SpanKey(place(TEXT, "Rome"), "GPE")])
    session.do(commands.RejectSpan(document, (SpanKey(place(TEXT, "Rome"), "GPE"),)))
    assert record(session) == {"Paris": (1, 1), "Rome": (0, 1)}
    session.undo(document)
    assert record(session) == {"Paris": (1, 1)}
    session.do(commands.AddSpan(document, place(TEXT, "Rome"), "PERSON"))
    session.do(commands.FinishDocument(document=document, accept_rest=True))
    assert record(session) == {"Paris": (1, 2), "Rome": (0, 1), "New York City": (0, 1)}
    session.do(commands.SetState(documents=(document,), state=State.IN_PROGRESS))
    assert record(session) == {"Paris": (1, 1)}


def test_bulk_and_imported_decisions_tell_nothing(session: Session) -> None:
    imported = bring(session, a_record("[Paris](GPE) and Rome", source="one")).first_document
    assert imported is not None
    session.do(commands.FinishDocument(document=imported))
    document = a_document(session, "[Rome](GPE) and Oslo.", source="two")
    add(session, "Paris", "Rome", "Oslo")
    session.do(commands.AcceptMany(documents=(document,), done=True))
    assert session.document(document).state is State.DONE
    assert record(session) == {}
    session.do(commands.AddSpan(imported, place("Paris and Rome", "and"), "GPE"))
    assert record(session) == {"Rome": (0, 1)}


def test_a_record_follows_the_label_and_the_words_of_its_list(session: Session) -> None:
    document = a_document(session, TEXT, source="one")
    add(session, "Paris", "Rome")
    session.do(commands.AddSpan(document, place(TEXT, "Paris"), "GPE"))
    assert record(session) == {"Paris": (1, 1)}
    gpe = session.schema.entity("GPE")
    assert gpe is not None
    session.do(commands.ChangeType(replace(gpe, name="PLACE")))
    assert record(session) == {"Paris": (1, 1)}
    session.do(commands.MergeTypes(kind=Kind.SPAN, source="PLACE", target="PERSON"))
    assert record(session) == {"Paris": (1, 1)}
    key = patterns.list_named(session, "Cities").key
    session.do(commands.ChangePatterns(list=key, removed=(phrase("Paris"),)))
    assert record(session) == {}


def test_only_lists_that_are_on_are_handed_to_the_suggesters(session: Session) -> None:
    add(session, "Paris")
    add(session, name="Empty")
    add(session, "Rome", name="Off")
    session.do(commands.ChangePatternList(replace(patterns.list_named(session, "Off"), enabled=False)))
    assert [each.name for each in settings_of(session).patterns] == ["Cities"]
    assert [each.name for each in recorded_lists(session)] == ["Cities"]


def test_candidates_of_a_list_say_why_and_follow_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    session = new_project(
        tmp_path / "p.annot", name="P", schema=Schema((EntityType(name="GPE"),)), language="en", annotator="M"
    )
    document = a_document(session, TEXT, source="one")
    add(session, "Paris", "Rome")
    session.do(commands.AddSpan(document, place(TEXT, "Paris"), "GPE"))
    suggest(session, documents=[document], again=True)
    found = {
        (each.suggester, each.reason)
        for group in session.annotations(document).undecided
        for candidate in group.candidates
        for each in candidate.proposals
        if "patterns" in each.suggester
    }
    assert found == {
        ("Cities (patterns)", "Paris is in the pattern list Cities, right 1 of 1 times"),
        ("Cities (patterns)", "Rome is in the pattern list Cities, whose patterns were right 1 of 1 times"),
    }
    session.close()


def test_lists_are_there_after_a_restart_and_in_a_clean_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    session = new_project(tmp_path / "p.annot", name="P", schema=SCHEMA, language="en", annotator="M")
    arriving = read(session, written(tmp_path, "Paris", name="cities.txt"))
    patterns.add_lists(session, arriving, patterns.Adding({"": "GPE"}))
    session.close()
    clean_copy(tmp_path / "p.annot", tmp_path / "copy.annot")
    for name, source in (("p.annot", "cities.txt"), ("copy.annot", "")):
        session = open_project(tmp_path / name, annotator="M")
        each = patterns.list_named(session, "cities")
        assert (each.label, each.source) == ("GPE", source)
        assert patterns.patterns_of(session, each.key) == [phrase("Paris")]
        session.close()


def test_what_lies_within_another_hit_is_left_out() -> None:
    hits = [Hit(4, 8, 1), Hit(0, 8, 2), Hit(0, 8, 3), Hit(0, 3, 4), Hit(6, 12, 5), Hit(9, 12, 6)]
    assert outermost(hits) == [Hit(0, 8, 2), Hit(0, 8, 3), Hit(6, 12, 5)]
