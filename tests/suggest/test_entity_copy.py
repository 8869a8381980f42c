"""A copy of an entity component: for itself, in the project's tokens, in parts of some sentences."""

from __future__ import annotations

from pathlib import Path

from annotator.model.document import Tokens
from annotator.suggest.base import Text
from annotator.suggest.entity_copy import PART, EntityCopy, why_not
from annotator.suggest.pipelines import Pipeline, entity_digest, find_pipeline, load
from tests.builders import plain_tokens
from tests.suggest.small_pipeline import later, small_pipeline


def _pipeline(folder: Path, *, listens: bool = False) -> Pipeline:
    found = find_pipeline(small_pipeline(folder, listens=listens))
    assert found is not None
    return found


def test_all_tokens_are_in_one_part_and_few_in_each(tmp_path: Path) -> None:
    copy = EntityCopy(_pipeline(tmp_path / "small"), {})
    text = "one two three. " * 60 + "word " * 500 + "end."
    plain = plain_tokens(text)
    sentences = [0, *(4 * number for number in range(1, 61))]
    tokens = Tokens(plain.starts, plain.ends, sentences)
    parts = list(copy.documents(Text(document=1, text=text, language="en", tokens=tokens)))
    assert [first for first, _ in parts] == [
        sum(len(part) for _, part in parts[:number]) for number in range(len(parts))
    ]
    assert sum(len(part) for _, part in parts) == len(tokens)
    assert max(len(part) for _, part in parts) <= 2 * PART
    assert {len(part) for _, part in parts[:3]} == {PART}
    assert "".join(part.text_with_ws for _, part in parts) == text
    assert list(copy.documents(Text(document=1, text="", language="en", tokens=Tokens([], [], [])))) == []


def test_labels_are_added_to_the_copy_alone(tmp_path: Path) -> None:
    pipeline = _pipeline(tmp_path / "small")
    copy = EntityCopy(pipeline, {"PERSON": "PERSON", "GPE": "GPE"})
    assert set(copy.component.labels) == {"PERSON", "GPE"}
    assert load(pipeline).get_pipe("ner").labels == ("PERSON",)  # type: ignore[attr-defined]


def test_shared_vectors_are_copied(tmp_path: Path) -> None:
    pipeline = _pipeline(tmp_path / "small", listens=True)
    assert why_not(pipeline) == ""
    copy = EntityCopy(pipeline, {"PERSON": "PERSON"})
    assert copy.nlp.pipe_names == ["ner"]
    text = later()
    (found,) = copy.places([text])
    said = {(entity.start, entity.end, entity.label_) for entity in load(pipeline)(text.text).ents}
    assert set(found) == said


def test_what_cannot_be_fine_tuned_is_said() -> None:
    assert why_not(None) == "No spaCy pipeline is installed."
    large = Pipeline(
        name="large",
        language="en",
        version="1",
        labels=("ORG",),
        components=(("transformer", "curated_transformer"), ("ner", "ner")),
    )
    assert why_not(large) == "large is too large to be fine-tuned while one works."


def test_the_digest_is_another_one_for_another_component(tmp_path: Path) -> None:
    first = _pipeline(tmp_path / "one" / "small")
    again = _pipeline(tmp_path / "two" / "small")
    assert entity_digest(first) == entity_digest(again)
    with (tmp_path / "two" / "small" / "ner" / "model").open("ab") as file:
        file.write(b"more")
    meta = tmp_path / "two" / "small" / "meta.json"
    meta.write_bytes(meta.read_bytes() + b"\n")
    assert entity_digest(again) != entity_digest(first)
