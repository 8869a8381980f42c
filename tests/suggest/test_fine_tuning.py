"""A pipeline is fine-tuned alike on the same documents, and used where it is better; work on it ends at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.model.errors import Cancelled
from annotator.model.schema import EntityType, Schema
from annotator.suggest import advice, fine_tuned, fine_tuning
from annotator.suggest.base import Settings
from annotator.suggest.fine_tuned import Made, fits, keep, made, weights_of
from annotator.suggest.fine_tuning import FineTuningError, fine_tune, fine_tune_apart
from annotator.suggest.pipelines import find_pipeline
from annotator.suggest.worker_link import Link
from tests.suggest.helpers import NEWS, a_text
from tests.suggest.small_pipeline import finished, later, small_pipeline

SCHEMA = Schema((EntityType(name="PERSON"), EntityType(name="GPE")))


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    return small_pipeline(tmp_path_factory.mktemp("pipelines") / "small")


@pytest.fixture
def settings(pipeline: str, tmp_path: Path) -> Settings:
    return Settings(schema=SCHEMA, pipeline=pipeline, fine_tuned=str(tmp_path / "learnt" / "tuned"))


@pytest.fixture(scope="module")
def tuned(pipeline: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Fine-tune it on thirty documents, once."""
    path = str(tmp_path_factory.mktemp("tuned") / "tuned")
    settings = Settings(schema=SCHEMA, pipeline=pipeline, fine_tuned=path)
    fine_tune(finished(30), settings)
    return settings


def _proposed(settings: Settings) -> set[tuple[str, str]]:
    tuned = advice.fine_tuned_for(settings)
    assert tuned is not None
    text = later()
    (heard,) = tuned.hear([text])
    assert heard.advice is not None
    tokens = text.tokens
    return {
        (text.text[tokens.starts[place.first] : tokens.ends[place.last - 1]], place.label)
        for place in heard.advice.places
    }


def test_it_finds_more_than_before_and_is_used(tuned: Settings) -> None:
    told = made(tuned.fine_tuned)
    assert told is not None
    assert told.is_better
    assert (told.tried_on, told.title) == (6, "small")
    assert [document for document, _ in told.lessons] == list(range(1, 31))
    assert told.labels == {"PERSON": "PERSON", "GPE": "GPE"}
    assert told.counts["GPE"][0] <= told.counts["GPE"][1]
    assert _proposed(tuned) == {("Eve", "PERSON"), ("Porto", "GPE")}


def test_of_what_it_was_made_of_and_cannot_read_it_says_nothing(tuned: Settings) -> None:
    asked = advice.fine_tuned_for(tuned)
    assert asked is not None
    german = a_text("Then Ada went to Odda.", document=77, language="de")
    assert [each.advice for each in asked.hear([finished(1)[0].text, german])] == [None, None]


def test_the_same_documents_give_the_same(tuned: Settings, settings: Settings) -> None:
    assert fine_tune(finished(30), settings) == made(tuned.fine_tuned)
    assert weights_of(settings.fine_tuned) == weights_of(tuned.fine_tuned)


def test_one_that_is_no_better_is_not_used_and_known_to_have_been_tried(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tuning, "LEARN_RATE", 0.0)
    told = fine_tune(finished(10), settings)
    assert not told.is_better
    assert made(settings.fine_tuned) == told
    assert weights_of(settings.fine_tuned) == b""
    assert advice.fine_tuned_for(settings) is None


def test_without_spans_there_is_nothing_to_train(settings: Settings) -> None:
    bare = [replace(each, text=replace(each.text, accepted=())) for each in finished(10)]
    assert not fine_tune(bare, settings).is_better


def test_work_is_bounded_by_tokens(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    tokens = len(finished(1)[0].text.tokens)
    monkeypatch.setattr(fine_tuning, "WORK", 10 * tokens * fine_tuning.FEWEST_EPOCHS)
    fine_tune(finished(40), settings, tell=lambda done, of: told.append((done, of)))
    assert {of for _, of in told} == {(8 * 6 + 10 * 5) * tokens}
    assert told == sorted(told)
    assert told[-1][0] <= told[-1][1]


def test_other_labels_and_another_pipeline_do_not_fit(tuned: Settings, tmp_path: Path) -> None:
    told = made(tuned.fine_tuned)
    assert told is not None
    assert fits(told, tuned)
    assert fits(told, replace(tuned, schema=NEWS))
    without = Schema((EntityType(name="PERSON"), EntityType(name="PLACE")))
    another = replace(tuned, pipeline=small_pipeline(tmp_path / "small", seed=1))
    for other in (replace(tuned, schema=without), another):
        assert not fits(told, other)
        assert advice.fine_tuned_for(other) is None


@pytest.mark.parametrize("damage", [b"", b"no archive"])
def test_a_damaged_file_counts_as_none(settings: Settings, tuned: Settings, damage: bytes) -> None:
    told = made(tuned.fine_tuned)
    assert told is not None
    keep(told, damage, settings.fine_tuned)
    assert advice.fine_tuned_for(settings) is None
    Path(settings.fine_tuned).write_bytes(damage)
    assert made(settings.fine_tuned) is None
    assert advice.fine_tuned_for(settings) is None


def test_another_layout_counts_as_none(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(Made(pipeline="x", title="x", lessons=()), b"", settings.fine_tuned)
    monkeypatch.setattr(fine_tuned, "FORMAT", 0)
    assert made(settings.fine_tuned) is None


def test_a_place_that_cannot_be_written_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FineTuningError, match="cannot be written"):
        fine_tune(finished(5), replace(settings, fine_tuned=str(tmp_path / "file" / "tuned")))


# --------------------------------------------------------------------------- in a process of its own


def _apart(settings: Settings, count: int = 30, check: object = lambda: None) -> Made:
    return fine_tune_apart(finished(count), settings, tell=lambda *_: None, check=check)  # type: ignore[arg-type]


def test_apart_it_comes_to_the_same(tuned: Settings, settings: Settings) -> None:
    assert _apart(settings) == made(tuned.fine_tuned)
    assert weights_of(settings.fine_tuned) == weights_of(tuned.fine_tuned)


def test_it_ends_where_nobody_waits_and_leaves_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int | None] = []
    end = Link.end

    def noted(link: Link) -> None:
        ended.append(link.process_id)
        end(link)
        assert link.process_id is None

    monkeypatch.setattr(Link, "end", noted)
    has_begun = False

    def tell(_done: int, _of: int) -> None:
        nonlocal has_begun
        has_begun = True

    def check() -> None:
        if has_begun:
            raise Cancelled

    with pytest.raises(Cancelled):
        fine_tune_apart(finished(200), settings, tell=tell, check=check)
    assert ended[-1] is not None
    assert not Path(settings.fine_tuned).exists()


def test_a_process_that_grows_is_cut_off_and_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tuning, "MEMORY", 60_000_000)
    with pytest.raises(FineTuningError, match=r"cut off: its process used more than 0\.1 GB of memory"):
        _apart(settings)


def test_a_pipeline_that_cannot_be_fine_tuned_is_refused(settings: Settings, tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Ada"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "rules")
    assert find_pipeline(str(tmp_path / "rules")) is not None
    with pytest.raises(FineTuningError, match="no entity component that can be fine-tuned"):
        _apart(replace(settings, pipeline=str(tmp_path / "rules")))
