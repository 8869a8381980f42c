"""Which of several proposals are kept, which are readings, and how roles are cut off names."""

from __future__ import annotations

from dataclasses import replace

from annotator.model.annotation import SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.hints import Heard, Hint, proposals_of
from annotator.suggest.selecting import READINGS, cut_by_roles, selected
from tests.builders import place
from tests.suggest.helpers import NEWS, a_text, said

TEXT = a_text("President Ann Roe of Norlab left Odda.")


def _proposal(words: str, label: str, score: float, suggester: str = "one") -> Proposal:
    key = SpanKey(fragments_of(*place(TEXT.text, words)), label)
    return Proposal(what=key, suggester=suggester, score=score)


def _selected(*proposals: Proposal, text: Text = TEXT, readings: bool = True) -> list[tuple[str, str, float]]:
    answer = Suggestions(document=1, proposals=proposals)
    kept = selected(text, answer, Settings(schema=NEWS, readings=readings)).proposals
    return [(*next(iter(said(text, [each]))), each.score) for each in kept]


def test_the_best_of_what_overlaps_is_kept_and_the_others_are_its_readings() -> None:
    both = (_proposal("Ann Roe of Norlab", "ORG", 0.5), _proposal("Ann Roe", "PERSON", 0.8))
    assert _selected(*both) == [("Ann Roe", "PERSON", 0.8), ("Ann Roe of Norlab", "ORG", 0.5)]
    assert _selected(*both, readings=False) == [("Ann Roe", "PERSON", 0.8)]


def test_what_overlaps_several_is_a_reading_of_the_best() -> None:
    found = (
        _proposal("Ann Roe", "PERSON", 0.7),
        _proposal("Norlab", "ORG", 0.9),
        _proposal("Ann Roe of Norlab", "ORG", 0.68),
    )
    assert _selected(*found) == [
        ("Ann Roe", "PERSON", 0.7),
        ("Ann Roe of Norlab", "ORG", 0.68),
        ("Norlab", "ORG", 0.9),
    ]


def test_there_are_so_many_readings_and_no_more() -> None:
    names = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT")
    found = [_proposal("Odda", name, 0.9 - number / 10) for number, name in enumerate(names)]
    kept = _selected(*found)
    assert [label for _, label, _ in kept] == list(names[: READINGS + 1])


def test_a_reading_may_be_proposed_by_several() -> None:
    kept = _selected(
        _proposal("Odda", "GPE", 0.7), _proposal("Odda", "LOC", 0.5), _proposal("Odda", "LOC", 0.4, "two")
    )
    assert [score for _, _, score in kept] == [0.7, 0.5, 0.4]


def test_another_label_for_the_same_words_is_a_reading_scored_below() -> None:
    both = (_proposal("Odda", "GPE", 0.7), _proposal("Odda", "LOC", 0.68))
    assert _selected(*both) == [("Odda", "GPE", 0.7), ("Odda", "LOC", 0.63)]
    assert _selected(*both, readings=False) == [("Odda", "GPE", 0.7)]


def test_two_suggesters_may_say_the_same() -> None:
    found = _selected(_proposal("Odda", "GPE", 0.7), _proposal("Odda", "GPE", 0.6, "two"))
    assert found == [("Odda", "GPE", 0.7), ("Odda", "GPE", 0.6)]


def test_what_was_decided_stays_decided() -> None:
    accepted = replace(TEXT, accepted=(_proposal("Ann Roe", "PERSON", 1).what,))  # type: ignore[arg-type]
    rejected = replace(TEXT, rejected=(_proposal("Ann Roe", "PERSON", 1).what,))  # type: ignore[arg-type]
    again = (_proposal("Ann Roe", "PERSON", 0.9), _proposal("Roe", "GPE", 0.9))
    assert _selected(*again, text=accepted) == []
    assert _selected(*again, text=rejected) == [("Roe", "GPE", 0.9)]
    longer = (_proposal("Norlab", "ORG", 0.9), _proposal("Ann Roe of Norlab", "ORG", 0.8))
    assert _selected(*longer, text=accepted) == [("Norlab", "ORG", 0.9)]


def test_doubtful_and_unknown_ones_are_left_out() -> None:
    assert _selected(_proposal("Odda", "GPE", 0.1), _proposal("Norlab", "COMPANY", 0.9)) == []


def _hint(words: str, label: str, score: float) -> Hint:
    first, last = TEXT.tokens.covering(*place(TEXT.text, words)[0])
    return Hint(first, last, label, "one", label, score)


def _cut(role: Hint, *names: Hint) -> set[tuple[str, str]]:
    heard = Heard(text=TEXT, hints=cut_by_roles(TEXT, names, [role]))
    return said(TEXT, proposals_of(heard).proposals)


def test_a_role_is_cut_off_the_name_it_was_found_in() -> None:
    names = (_hint("President Ann Roe", "PERSON", 0.8), _hint("Norlab", "ORG", 0.8))
    assert _cut(_hint("President", "ROLE", 0.9), *names) == {("Ann Roe", "PERSON"), ("Norlab", "ORG")}


def test_what_is_only_a_part_of_a_role_goes() -> None:
    assert _cut(_hint("President", "ROLE", 0.9), _hint("President", "ORG", 0.8)) == set()


def test_a_weak_role_cuts_nothing() -> None:
    name = _hint("President Ann Roe", "PERSON", 0.8)
    assert cut_by_roles(TEXT, [name], [_hint("President", "ROLE", 0.5)]) == (name,)
