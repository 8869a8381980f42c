"""Whose tokens are counted in: the project's, a language's, a pipeline's, and no folder that nobody chose."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy

from annotator.formats.docbin import DocBinOptions
from annotator.model.document import Tokens
from annotator.model.errors import UserError
from annotator.model.record import Record
from annotator.workflows.converting import convert
from annotator.workflows.exporting import ExportOptions, export, options_from
from annotator.workflows.machine import in_process
from annotator.workflows.session import Session
from annotator.workflows.tokenizers import (
    TokenizerChoice,
    TokenizerError,
    chosen_by_hand,
    cutter,
    prepared,
    title_of,
    tokenizers_for,
)
from tests.builders import a_document, a_project, plain_tokens

TEXT = "Ada can't stay. Bob left."


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the choices of these tests to themselves."""
    monkeypatch.setattr("annotator.workflows.recent.settings_folder", lambda: tmp_path / "settings")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project of one document."""
    session = a_project(tmp_path)
    a_document(session, TEXT)
    yield session
    session.close()


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    """Make a pipeline whose tokenizer cuts at blanks alone, and with a component that would refuse any text."""
    nlp = spacy.blank("en")
    nlp.tokenizer = spacy.tokenizer.Tokenizer(nlp.vocab)
    nlp.add_pipe("sentencizer")
    folder = tmp_path / "by-blanks"
    nlp.to_disk(folder)
    return folder


def words(record: Record) -> list[str]:
    assert record.tokens is not None
    return [
        record.text[start:end] for start, end in zip(record.tokens.starts, record.tokens.ends, strict=True)
    ]


def cut_by(name: str, *, text: str = TEXT) -> list[str]:
    record = Record(text=text, tokens=Tokens([0], [3]))
    (made,) = prepared([record], in_process(), DocBinOptions(tokenizer=name))
    return words(made)


def test_a_language_and_a_pipeline_cut_by_their_rules(pipeline: Path) -> None:
    assert cut_by("") == ["Ada"]
    assert cut_by("en") == ["Ada", "ca", "n't", "stay", ".", "Bob", "left", "."]
    assert cut_by("en-GB") == cut_by("en_US") == cut_by("en")
    assert cut_by(chosen_by_hand(str(pipeline))) == ["Ada", "can't", "stay.", "Bob", "left."]


def test_a_folder_is_used_only_where_somebody_chose_it_here(pipeline: Path) -> None:
    with pytest.raises(TokenizerError, match="never chosen on this machine"):
        cutter(str(pipeline))
    chosen_by_hand(str(pipeline))
    assert cutter(str(pipeline)).endswith(str(pipeline))


@pytest.mark.parametrize("name", ["qq", "no_such_package", "my_model"])
def test_what_is_neither_language_nor_pipeline_is_refused(name: str) -> None:
    with pytest.raises(TokenizerError, match="neither a language nor a pipeline"):
        cutter(name)


def test_a_folder_without_a_pipeline_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty-one").mkdir()
    name = chosen_by_hand(str(tmp_path / "empty-one"))
    with pytest.raises(UserError, match="There is no spaCy pipeline"):
        cut_by(name)


def test_a_manifest_of_somebody_else_brings_no_folder_into_use(
    session: Session, pipeline: Path, tmp_path: Path
) -> None:
    options = ExportOptions(documents="all", details={"tokenizer": "en"})
    result = export(session, tmp_path / "one.spacy", options)
    told = options_from(result.manifest)
    assert told.details == {"tokenizer": "en"}
    foreign = dataclasses.replace(told, details={"tokenizer": str(pipeline)})
    with pytest.raises(TokenizerError, match="never chosen"):
        export(session, tmp_path / "two.spacy", foreign)
    assert not (tmp_path / "two.spacy").exists()


def test_sentences_are_found_in_tokens_that_have_none() -> None:
    record = Record(text=TEXT, tokens=dataclasses.replace(plain_tokens(TEXT), sentences=()))
    (made,) = prepared([record], in_process(), DocBinOptions(windows="1"))
    assert made.tokens is not None
    assert words(made) == words(record)
    assert list(made.tokens.sentences) == [0, 6]


def test_what_is_offered_begins_with_the_project(session: Session) -> None:
    offered = tokenizers_for(session)
    assert offered[:2] == (
        TokenizerChoice("", "Of the project"),
        TokenizerChoice("en", "Of spaCy's rules for English"),
    )
    assert title_of("/somewhere/by-blanks/") == "by-blanks"
    assert title_of("de") == "spaCy's rules for German"


def test_a_file_is_converted_with_other_tokens_and_into_a_folder(tmp_path: Path, pipeline: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"text": "Ada can\'t stay.", "spans": [{"start": 4, "end": 9, "label": "X"}]}\n'
        '{"text": "Bob left.", "spans": [{"start": 0, "end": 3, "label": "X"}]}\n'
    )
    done = convert(source, tmp_path / "out.spacy", details={"tokenizer": "en"})
    assert (done.spans, done.losses) == (2, ())
    done = convert(source, tmp_path / "out.spacy", details={"tokenizer": chosen_by_hand(str(pipeline))})
    assert (done.spans, done.losses) == (2, ())
    done = convert(source, tmp_path / "folder", write_format="spacy_folder", assume_done=True)
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == [
        "README.md",
        "config.cfg",
        "dev.spacy",
        "train.spacy",
    ]
    assert done.told[-1].startswith("Documents: train 1, dev 1.")
