"""A folder that spaCy trains on as it is, and relations on which a model trains as rel_component does."""

from __future__ import annotations

import random
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.model.annotation import Fragment
from annotator.model.document import Part, State
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.resources_path import seeds_folder
from annotator.workflows.exporting import ExportOptions, export
from annotator.workflows.importing import import_documents
from annotator.workflows.projects import load_schema, new_project
from annotator.workflows.session import Session
from tests.builders import a_project, bring, plain_tokens

pytestmark = pytest.mark.training
DOCUMENTS = 120
NAMES = ("Ada", "Bob", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hal", "Ida", "Jo")
TOWNS = ("Oslo", "Rome", "Lima", "Kyiv", "Bonn", "Cork", "Nice", "Riga", "Bern", "York")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project of generated documents, in which some texts stand twice."""
    session = a_project(tmp_path)
    chance = random.Random(5)
    records = [_record(number, chance) for number in range(DOCUMENTS)]
    bring(session, *records, on_duplicate="keep")
    yield session
    session.close()


def _record(number: int, chance: random.Random) -> Record:
    """Make a done document of some sentences; each twelfth has the words of another one."""
    text, spans, relations = "", [], []
    chance = random.Random(7) if number % 12 == 0 else chance
    for _ in range(chance.randint(2, 4)):
        who, where = chance.choice(NAMES), chance.choice(TOWNS)
        lead = chance.choice(("Yesterday", "Later", "In May"))
        head = len(text) + len(lead) + 1
        sentence = f"{lead} {who} left {where} by train. "
        child = head + len(who) + len(" left ")
        spans += [
            RecordSpan(fragments=(Fragment(head, head + len(who)),), label="PERSON", annotator="Mara"),
            RecordSpan(fragments=(Fragment(child, child + len(where)),), label="GPE", annotator="Mara"),
        ]
        relations.append(RecordRelation(head=len(spans) - 2, child=len(spans) - 1, label="VISITED"))
        text += sentence
        # "train" was proposed as a town, and rejected.
        train = Fragment(len(text) - len("train. "), len(text) - len(". "))
        spans.append(RecordSpan(fragments=(train,), label="GPE", rejected=True, annotator="Mara"))
    return Record(
        text=text,
        source=f"{number}.txt",
        language="en",
        tokens=plain_tokens(text),
        state=State.DONE,
        part=Part.DEV if number % 12 == 6 else Part.TRAIN,
        spans=tuple(spans),
        relations=tuple(relations),
        metadata={"author": f"author {number % 20}"},
    )


def documents_in(path: Path) -> list[Any]:
    """Read a DocBin with spaCy alone."""
    import spacy
    from spacy.tokens import Doc, DocBin

    if not Doc.has_extension("rel"):
        Doc.set_extension("rel", default={})
    return list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))


def test_spacy_trains_on_the_folder_and_finds_no_error_in_it(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`spacy debug data` and `spacy train`, as their commands call them, in the folder as it was written."""
    from spacy.cli.debug_data import debug_data
    from spacy.cli.train import train

    folder = tmp_path / "out"
    export(session, folder, ExportOptions(format="spacy_folder"))
    train_documents, dev_documents = (documents_in(folder / f"{part}.spacy") for part in ("train", "dev"))
    assert len(train_documents) + len(dev_documents) == DOCUMENTS
    assert len(train_documents) >= 100
    assert len(dev_documents) >= 5
    assert not {doc.text for doc in train_documents} & {doc.text for doc in dev_documents}
    assert [span.text for span in train_documents[0].spans["incorrect"]][:2] == ["train", "train"]
    assert 'incorrect_spans_key = "incorrect"' in (folder / "config.cfg").read_text(encoding="utf-8")
    monkeypatch.chdir(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries below spaCy
        # It ends the program with 1 where it finds an error.
        debug_data(Path("config.cfg"), silent=True)
        steps = {"training.max_steps": 10, "training.eval_frequency": 5}
        train("config.cfg", Path("model"), overrides=steps)
    assert (folder / "model" / "model-last" / "config.cfg").is_file()


def test_no_author_is_in_two_files(session: Session, tmp_path: Path) -> None:
    result = export(session, tmp_path / "out", ExportOptions(format="spacy_folder", group_by="author"))
    authors: dict[str, set[str]] = {}
    for part in ("train", "dev", "test"):
        path = tmp_path / "out" / f"{part}.spacy"
        for doc in documents_in(path) if path.exists() else ():
            authors.setdefault(doc.user_data["annotator"]["metadata"]["author"], set()).add(part)
    assert len(authors) == 20
    assert all(len(parts) == 1 for parts in authors.values())
    assert result.documents == DOCUMENTS


class TinyRelations:
    """A model of one layer over pairs of entities, fed and trained as rel_component's trainer does.

    Pairs are those of entities at most `max_length` tokens apart; their truth is what `doc._.rel` says under the first
    tokens of both, and zero where it says nothing.
    """

    def __init__(self, labels: list[str], kinds: list[str], *, max_length: int = 100) -> None:
        from thinc.api import Adam, Linear, Logistic, chain, fix_random_seed

        fix_random_seed(7)
        self.labels, self.kinds, self.max_length = labels, kinds, max_length
        self.model: Any = chain(Linear(nO=len(labels), nI=2 * len(kinds) + 12), Logistic())
        self.model.initialize()
        self.optimizer = Adam(0.02)

    def instances(self, doc: Any) -> list[tuple[Any, Any]]:
        """Give the ordered pairs of entities that are near enough."""
        return [
            (one, other)
            for one in doc.ents
            for other in doc.ents
            if one != other and abs(other.start - one.start) <= self.max_length
        ]

    def truth(self, example: Any) -> Any:
        """Give what is so of each pair and label."""
        import numpy as np

        pairs = self.instances(example.predicted)
        gold = np.zeros((len(pairs), len(self.labels)), dtype="f")
        for row, (one, other) in enumerate(pairs):
            related = example.reference._.rel.get((one.start, other.start), {})
            for column, label in enumerate(self.labels):
                gold[row, column] = related.get(label, 0)
        return gold

    def features(self, doc: Any) -> Any:
        """Describe each pair: both labels, which comes first, and how far apart they are."""
        import numpy as np

        pairs = self.instances(doc)
        found = np.zeros((len(pairs), 2 * len(self.kinds) + 12), dtype="f")
        for row, (one, other) in enumerate(pairs):
            found[row, self.kinds.index(one.label_)] = 1
            found[row, len(self.kinds) + self.kinds.index(other.label_)] = 1
            distance = min(9, abs(other.start - one.start) // 2)
            found[row, 2 * len(self.kinds) + distance] = 1
            found[row, -2 if one.start < other.start else -1] = 1
        return found

    def update(self, examples: list[Any]) -> float:
        """Train on some documents and give the loss, per pair."""
        loss = total = 0.0
        for example in examples:
            features, gold = self.features(example.predicted), self.truth(example)
            if not len(gold):
                continue
            scores, backprop = self.model.begin_update(features)
            gradient = (scores - gold) / len(gold)
            backprop(gradient)
            self.model.finish_update(self.optimizer)
            loss += float(((scores - gold) ** 2).sum())
            total += len(gold)
        return loss / total


def _examples(documents: list[Any]) -> list[Any]:
    """Give examples whose predicted side knows the entities and nothing else."""
    from spacy.tokens import Doc, Span
    from spacy.training import Example

    examples = []
    for doc in documents:
        words = [token.text for token in doc]
        bare = Doc(doc.vocab, words=words, spaces=[bool(token.whitespace_) for token in doc])
        bare.ents = [Span(bare, each.start, each.end, label=each.label_) for each in doc.ents]
        examples.append(Example(bare, doc))
    return examples


@pytest.mark.parametrize("windows", ["whole", "1"])
def test_a_relation_model_learns_from_whole_documents_and_windows(
    session: Session, tmp_path: Path, windows: str
) -> None:
    target = tmp_path / "rel.spacy"
    result = export(session, target, ExportOptions(details={"windows": windows, "tokenizer": "en"}))
    assert result.relations == result.read_relations
    assert result.told[0].startswith("For rel_component: ")
    documents = documents_in(target)
    labels = sorted({label for doc in documents for pair in doc._.rel.values() for label in pair})
    assert labels == ["HOLDS_ROLE", "MET", "VISITED"]
    model = TinyRelations(labels, ["GPE", "PERSON"])
    examples = _examples(documents)
    pairs = sum(len(model.instances(doc)) for doc in documents)
    assert f" {pairs:,} pairs " in result.told[0]
    if windows == "1":
        assert pairs == 2 * result.relations
    first = model.update(examples)
    for _ in range(5):
        last = model.update(examples)
    assert last < first / 3
    right = wrong = 0
    for example in examples:
        answer = model.model.predict(model.features(example.predicted)) > 0.5
        truth = model.truth(example) > 0.5
        right += int((answer & truth).sum())
        wrong += int((answer != truth).sum())
    assert right == result.relations
    assert wrong == 0


def test_the_relations_of_real_articles_can_be_trained_on(tmp_path: Path) -> None:
    """The gold of the seeds in windows of two sentences: the loss falls, and every label is heard."""
    session = new_project(
        tmp_path / "gold.annot", name="gold", schema=load_schema("news"), language="en", annotator="Mara"
    )
    shutil.copy(seeds_folder() / "gold.jsonl", tmp_path / "gold.jsonl")
    import_documents(session, [tmp_path / "gold.jsonl"])
    export(session, tmp_path / "rel.spacy", ExportOptions(details={"windows": "2"}))
    session.close()
    documents = documents_in(tmp_path / "rel.spacy")
    labels = sorted({label for doc in documents for pair in doc._.rel.values() for label in pair})
    kinds = sorted({span.label_ for doc in documents for span in doc.ents})
    model = TinyRelations(labels, kinds)
    examples = _examples(documents)
    assert max(len(model.instances(doc)) for doc in documents) <= 132
    losses = [model.update(examples) for _ in range(5)]
    assert losses[-1] < losses[0] * 0.7
