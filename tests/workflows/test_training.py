"""A pipeline trained from decisions: a folder of spaCy's own kind, tried beside the one in use, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing.commands import SetPart, SetState
from annotator.model.annotation import SpanKey
from annotator.model.document import Part, State
from annotator.model.errors import Cancelled, FormatError
from annotator.suggest.training import TrainingError
from annotator.workflows import training
from annotator.workflows.session import Session
from annotator.workflows.training import (
    Score,
    TrainOptions,
    TrainReport,
    plan_training,
    score_of,
    train,
    use,
)
from tests.builders import a_project, a_record, bring, place

STEPS = 40
PEOPLE = ("Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Hana", "Ivo", "Jana", "Karl")
PLACES = ("Rome", "Oslo", "Lima", "Graz", "Kyiv", "Bern", "Cork", "Pisa")


def a_corpus(folder: Path, *, name: str = "test") -> Session:
    """Make a project of 40 done documents that say where somebody went."""
    session = a_project(folder, name=name)
    records = [
        a_record(
            f"[{person}](PERSON) went to [{PLACES[number % 8]}](GPE) in week {number}.", source=f"{number}"
        )
        for number, person in enumerate(PEOPLE * 4)
    ]
    bring(session, *records)
    session.do(SetState(documents=tuple(session.document_keys()), state=State.DONE))
    return session


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, TrainReport]]:
    folder = tmp_path_factory.mktemp("training")
    session = a_corpus(folder)
    try:
        yield session, train(session, folder / "my pipeline", TrainOptions(layout="ents", most_steps=STEPS))
    finally:
        session.close()


def test_what_is_trained_is_a_pipeline_that_names_no_place_of_this_machine(
    trained: tuple[Session, TrainReport],
) -> None:
    import spacy

    _, report = trained
    nlp = spacy.load(report.folder)
    assert nlp.pipe_names == ["tok2vec", "ner"]
    assert (nlp.meta["name"], nlp.meta["made_by"]) == ("my_pipeline", "annotator")
    assert str(report.folder.parent) not in (report.folder / "config.cfg").read_text(encoding="utf-8")
    assert nlp.config["training"]["logger"]["@loggers"].startswith("spacy.")
    found = [(each.text, each.label_) for each in nlp("Ada went to Rome in week 3.").ents]
    assert found == [("Ada", "PERSON"), ("Rome", "GPE")]
    assert [each.name for each in report.folder.parent.iterdir() if each.name.endswith(".part")] == []


def test_it_is_tried_on_documents_that_it_did_not_learn_from(trained: tuple[Session, TrainReport]) -> None:
    session, report = trained
    assert sum(report.parts.values()) == 40
    assert report.tried_on == report.parts["dev"] > 0
    decided = {label: score.decided for label, score in report.new.labels.items()}
    assert decided == {"GPE": report.tried_on, "PERSON": report.tried_on}
    assert report.new.score.f1 > 0.8
    assert report.is_better == (report.old is None or report.new.score.f1 > report.old.score.f1)
    assert STEPS <= report.steps <= STEPS + 1
    assert session.suggest_settings().pipeline == "", "nothing is used that nobody chose"


def test_it_can_be_used_and_trained_anew_in_its_place(
    trained: tuple[Session, TrainReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, report = trained
    use(session, report.folder)
    chosen = session.suggest_settings()
    assert chosen.pipeline == str(report.folder)
    assert chosen.mapping["PERSON"] == "PERSON"
    before = (report.folder / "meta.json").stat().st_mtime_ns

    def stop(done: int, _total: int, text: str) -> None:
        if text.startswith("Training, step") and done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        train(session, report.folder, TrainOptions(layout="ents", most_steps=STEPS), stop)
    assert (report.folder / "meta.json").stat().st_mtime_ns == before, "a stop leaves the older one"
    assert sorted(each.name for each in report.folder.parent.iterdir() if each.name.startswith(".")) == []


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    session = a_corpus(tmp_path)
    own = tmp_path / "thesis"
    own.mkdir()
    (own / "chapter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FormatError, match="holds something else"):
        train(session, own)
    assert [each.name for each in own.iterdir()] == ["chapter.txt"]
    session.close()


def test_without_done_documents_or_spans_there_is_nothing_to_learn_from(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    bring(session, a_record("Nobody was there."), a_record("It rained on Monday.", source="b.txt"))
    with pytest.raises(FormatError, match="No document is done"):
        train(session, tmp_path / "out")
    session.do(SetState(documents=tuple(session.document_keys()), state=State.DONE))
    with pytest.raises(TrainingError, match="no span to learn from"):
        train(session, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    session.close()


def test_where_chance_left_none_to_try_it_on_some_are_kept_for_that(tmp_path: Path) -> None:
    session = a_corpus(tmp_path)
    session.do(SetPart(documents=tuple(session.document_keys()), part=Part.TRAIN))
    target = tmp_path / "out"
    plan = plan_training(session, target, TrainOptions())
    assert (plan.obstacle, plan.parts, plan.tried_on) == (None, {"train": 36, "dev": 4}, 4)
    report = train(session, target, TrainOptions(layout="ents", most_steps=STEPS))
    assert (report.parts, report.tried_on) == (plan.parts, plan.tried_on)
    assert sum(score.decided for score in report.new.labels.values()) == 8
    session.close()


def test_a_plan_counts_what_is_learnt_from_and_names_what_is_in_the_way(tmp_path: Path) -> None:
    session = a_corpus(tmp_path)
    plan = plan_training(session, tmp_path / "out", TrainOptions())
    assert (sum(plan.parts.values()), plan.spans, plan.obstacle) == (40, 80, None)
    assert 0 < plan.tried_on <= plan.parts["dev"]
    assert plan.is_little
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert "holds something else" in str(plan_training(session, tmp_path, TrainOptions()).obstacle)
    with pytest.raises(FormatError, match="No document has a field"):
        plan_training(session, tmp_path / "out", TrainOptions(group_by="author"))
    session.close()


def test_a_plan_refuses_too_little(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    bring(session, a_record("Nobody was there."), a_record("[Ada](PERSON) was there.", source="b.txt"))
    first, second = session.document_keys()
    target, options = tmp_path / "out", TrainOptions()
    assert "No document is done" in str(plan_training(session, target, options).obstacle)
    session.do(SetState(documents=(first,), state=State.DONE))
    assert "no span to learn from" in str(plan_training(session, target, options).obstacle)
    session.do(SetState(documents=(first,), state=State.TODO))
    session.do(SetState(documents=(second,), state=State.DONE))
    for part in Part:
        session.do(SetPart(documents=(second,), part=part))
        assert "two documents that differ" in str(plan_training(session, target, options).obstacle)
    session.close()


def test_the_place_must_be_there(tmp_path: Path) -> None:
    session = a_corpus(tmp_path)
    with pytest.raises(FormatError, match="cannot be made"):
        train(session, tmp_path / "nowhere" / "out")
    session.close()


def test_a_pipeline_in_use_that_is_gone_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = a_corpus(tmp_path)
    use(session, tmp_path / "gone")
    assert training._tried_old(session, [], lambda *_: None) is None
    session.close()


def test_scores_count_label_and_extent_exactly() -> None:
    text = "Ada met Bob in Rome."
    ada, bob, rome = (place(text, word) for word in ("Ada", "Bob", "Rome"))
    decided = [SpanKey(ada, "PERSON"), SpanKey(bob, "PERSON"), SpanKey(rome, "GPE")]
    proposed = [SpanKey(ada, "PERSON"), SpanKey(rome, "PERSON"), SpanKey(place(text, "Bob in"), "PERSON")]
    assert score_of(proposed, decided) == {"PERSON": Score(1, 3, 2), "GPE": Score(0, 0, 1)}
    assert Score(1, 3, 2).f1 == pytest.approx(0.4)
    assert Score().f1 == 0.0
