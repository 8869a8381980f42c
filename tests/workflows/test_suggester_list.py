"""The suggesters that come with the program: listed, switched, and judged by single decisions."""

from __future__ import annotations

from dataclasses import replace

from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.suggester_list import IMPORTED, built_in_suggesters, switched

TEXT = "Ada met Bob, Cleo and Dan."


def test_each_is_listed_and_switched_by_its_kind(session: Session) -> None:
    kinds = [each.kind for each in built_in_suggesters(session)]
    assert kinds == ["pipeline", "roles", "relations", "learnt"]
    for kind in kinds:
        session.set_suggest_settings(switched(session.suggest_settings(), kind, is_on=False))
        assert not next(each for each in built_in_suggesters(session) if each.kind == kind).is_on
        session.set_suggest_settings(switched(session.suggest_settings(), kind, is_on=True))
    assert session.suggest_settings() == SuggestSettings()
    assert switched(SuggestSettings(), IMPORTED, is_on=True).imported_is_gold


def test_a_pipeline_that_ignored_everything_is_mapped_by_name_once_it_is_on() -> None:
    silent = SuggestSettings(mapping={"ORG": "", "GPE": ""}, uses_pipeline=False)
    assert switched(silent, "pipeline", is_on=True) == SuggestSettings()
    chosen = replace(silent, mapping={"ORG": "", "GPE": "PLACE"})
    assert switched(chosen, "pipeline", is_on=True).mapping == chosen.mapping


def test_a_pipeline_that_is_not_there_is_named(session: Session) -> None:
    session.set_suggest_settings(SuggestSettings(pipeline="xx_not_there"))
    assert "no spaCy pipeline xx_not_there" in built_in_suggesters(session)[0].detail
