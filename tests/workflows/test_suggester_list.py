"""The suggesters of the program and of other packages: listed and switched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.editing.commands import AcceptSpan
from annotator.suggest.added import Installed
from annotator.suggest.base import GivenSuggester
from annotator.workflows import suggester_list, suggester_records, suggesting
from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.suggester_list import IMPORTED, built_in_suggesters, switched, unused_suggesters
from annotator.workflows.suggester_records import records_so_far
from annotator.workflows.suggesting import settings_of
from tests.builders import a_document, propose


def test_each_is_listed_and_switched_by_its_kind(session: Session) -> None:
    kinds = [each.kind for each in built_in_suggesters(session)]
    assert kinds == ["pipeline", "roles", "relations", "learnt", "fine_tuned"]
    for kind in kinds:
        session.set_suggest_settings(switched(session.suggest_settings(), kind, is_on=False))
        assert not next(each for each in built_in_suggesters(session) if each.kind == kind).is_on
        session.set_suggest_settings(switched(session.suggest_settings(), kind, is_on=True))
        assert next(each for each in built_in_suggesters(session) if each.kind == kind).is_on
    assert session.suggest_settings() == SuggestSettings(fine_tunes=True)
    assert switched(SuggestSettings(), IMPORTED, is_on=True).imported_is_gold


def test_a_pipeline_that_ignored_everything_is_mapped_by_name_once_it_is_on() -> None:
    silent = SuggestSettings(mapping={"ORG": "", "GPE": ""}, uses_pipeline=False)
    assert switched(silent, "pipeline", is_on=True) == SuggestSettings()
    chosen = replace(silent, mapping={"ORG": "", "GPE": "PLACE"})
    assert switched(chosen, "pipeline", is_on=True).mapping == chosen.mapping


def test_suggesters_of_other_packages_are_listed_and_switched_by_name(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    shouts = GivenSuggester("shouts", "more:Shouts", "more-suggesters", "1.0")
    found = Installed((shouts,), ("The suggester bare of the package more-suggesters is not used: why.",))
    for module in (suggester_list, suggesting, suggester_records):
        monkeypatch.setattr(module, "installed", lambda: found)
    assert unused_suggesters() == found.skipped
    last = built_in_suggesters(session)[-1]
    assert (last.kind, last.title, last.detail, last.is_on) == (
        "added:shouts",
        "shouts",
        "more-suggesters 1.0",
        True,
    )
    assert settings_of(session).others == (shouts,)
    session.set_suggest_settings(switched(session.suggest_settings(), last.kind, is_on=False))
    assert session.suggest_settings().added_off == ["shouts"]
    assert settings_of(session).others == ()
    session.set_suggest_settings(switched(session.suggest_settings(), last.kind, is_on=True))
    assert session.suggest_settings() == SuggestSettings()
    document = a_document(session, "[Ada](PERSON) left.")
    (group,) = session.annotations(document).undecided
    propose(session, document, [group.best.what], suggester=shouts.title)
    session.do(AcceptSpan(document=document, candidate=group.best.what))
    assert records_so_far(session)[last.kind].right == 1


def test_wild_names_of_suggesters_that_are_off_are_nobodys(session: Session) -> None:
    session.set_setting("suggest", {"added_off": ["shouts", 7]})
    assert session.suggest_settings().added_off == []


def test_a_pipeline_that_is_not_there_is_named(session: Session) -> None:
    session.set_suggest_settings(SuggestSettings(pipeline="xx_not_there"))
    assert "no spaCy pipeline xx_not_there" in built_in_suggesters(session)[0].detail
