"""What is exported trains: a blank spaCy model learns its own training documents from it, and only from truth."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from annotator.editing.commands import AddSpan, AddType
from annotator.model.annotation import Fragment
from annotator.model.schema import EntityType
from annotator.resources_path import seeds_folder
from annotator.workflows.exporting import ExportOptions, export
from annotator.workflows.importing import import_documents
from annotator.workflows.projects import load_schema, new_project
from annotator.workflows.session import Session

pytestmark = pytest.mark.training
EPOCHS = 40
FEW = 4
"""Documents that are learnt: enough to tell truth from noise, few enough to be quick."""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project with the gold of the seeds."""
    session = new_project(
        tmp_path / "gold.annot", name="gold", schema=load_schema("news"), language="en", annotator="Mara"
    )
    copy = tmp_path / "gold.jsonl"
    shutil.copy(seeds_folder() / "gold.jsonl", copy)
    import_documents(session, [copy])
    yield session
    session.close()


def documents_in(path: Path) -> list[Any]:
    """Read a DocBin with spaCy alone."""
    import spacy
    from spacy.tokens import Doc, DocBin

    if not Doc.has_extension("rel"):
        Doc.set_extension("rel", default={})
    return list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))


def trained_ner(
    documents: list[Any], truth: list[Any], *, enough: float, most: int = EPOCHS
) -> tuple[int, float]:
    """Train a blank NER with a fixed seed until it is good enough; give the epochs and the score against the truth."""
    import spacy
    from spacy.training import Example
    from thinc.api import fix_random_seed

    fix_random_seed(7)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = [Example(_untagged(nlp, doc), doc) for doc in documents]
    optimizer = nlp.initialize(lambda: examples)
    order = random.Random(7)
    score = 0.0
    for epoch in range(1, most + 1):
        order.shuffle(examples)
        for example in examples:
            nlp.update([example], sgd=optimizer)
        if epoch % 4 == 0 and (score := f1(nlp, truth)) >= enough:
            return epoch, score
    return most, score


def _untagged(nlp: Any, doc: Any) -> Any:
    """Give the same words without annotation."""
    from spacy.tokens import Doc

    return Doc(
        nlp.vocab, words=[token.text for token in doc], spaces=[bool(token.whitespace_) for token in doc]
    )


def f1(nlp: Any, documents: list[Any]) -> float:
    """Score a model on documents, exact spans and labels."""
    right = proposed = true = 0
    for doc in documents:
        answer = nlp(_untagged(nlp, doc))
        found = {(span.start, span.end, span.label_) for span in answer.ents}
        gold = {(span.start, span.end, span.label_) for span in doc.ents}
        right += len(found & gold)
        proposed += len(found)
        true += len(gold)
    return 2 * right / (proposed + true) if proposed + true else 0.0


def test_a_blank_ner_learns_the_exported_documents_and_not_shuffled_ones(
    session: Session, tmp_path: Path
) -> None:
    from spacy.tokens import Span

    export(session, tmp_path / "gold.spacy", ExportOptions(format="docbin"))
    documents = documents_in(tmp_path / "gold.spacy")[:FEW]
    epochs, score = trained_ner(documents, documents, enough=0.9)
    assert score >= 0.9
    shuffled = documents_in(tmp_path / "gold.spacy")[:FEW]
    labels = [span.label_ for doc in shuffled for span in doc.ents]
    random.Random(7).shuffle(labels)
    remaining = iter(labels)
    for doc in shuffled:
        doc.ents = [Span(doc, span.start, span.end, label=next(remaining)) for span in doc.ents]
    assert trained_ner(shuffled, documents, enough=2.0, most=epochs)[1] < 0.3


def trained_spancat(documents: list[Any], *, epochs: int) -> Any:
    """Train a blank span categorizer on documents, with a fixed seed."""
    import spacy
    from spacy.training import Example
    from thinc.api import fix_random_seed

    fix_random_seed(7)
    nlp = spacy.blank("en")
    config = {"suggester": {"@misc": "spacy.ngram_suggester.v1", "sizes": [1, 2, 3, 4]}, "threshold": 0.5}
    nlp.add_pipe("spancat", config=config)
    examples = [Example(_untagged(nlp, doc), doc) for doc in documents]
    optimizer = nlp.initialize(lambda: examples)
    order = random.Random(7)
    for _ in range(epochs):
        order.shuffle(examples)
        for example in examples:
            nlp.update([example], sgd=optimizer)
    return nlp


def recall(nlp: Any, documents: list[Any]) -> float:
    """Give the share of the spans in `sc` that a model finds."""
    right = true = 0
    for doc in documents:
        answer = nlp(_untagged(nlp, doc))
        found = {(span.start, span.end, span.label_) for span in answer.spans["sc"]}
        gold = {(span.start, span.end, span.label_) for span in doc.spans["sc"]}
        right += len(found & gold)
        true += len(gold)
    return right / true


def test_documents_without_overlaps_do_not_spoil_a_spancat(session: Session, tmp_path: Path) -> None:
    """One layout for a whole export: flat documents beside nested ones still teach their spans."""
    session.do(AddType(EntityType(name="TITLED")))
    keys = session.document_keys()
    nested = keys[:2]
    for key in nested:
        _nest(session, key)
    export(session, tmp_path / "mixed.spacy", ExportOptions(format="docbin"))
    mixed = documents_in(tmp_path / "mixed.spacy")
    assert all("sc" in doc.spans for doc in mixed)
    unmixed = [doc for doc in mixed if any(span.label_ == "TITLED" for span in doc.spans["sc"])]
    assert len(unmixed) == len(nested)
    alone = recall(trained_spancat(unmixed, epochs=14), unmixed)
    together = recall(trained_spancat(mixed[:FEW], epochs=14), unmixed)
    assert alone > 0.6
    assert together >= alone - 0.1


def _nest(session: Session, key: int) -> None:
    """Put a span around each pair of neighbouring spans."""
    spans = session.annotations(key).spans
    for first, second in pairwise(spans):
        if 0 < second.start - first.end <= 1:
            session.do(AddSpan(key, (Fragment(first.start, second.end),), "TITLED"))


def test_relations_are_found_by_first_tokens_and_by_span_ids(session: Session, tmp_path: Path) -> None:
    export(session, tmp_path / "gold.spacy", ExportOptions(format="docbin"))
    by_id = {
        document.user_data["annotator"]["id"]: document for document in documents_in(tmp_path / "gold.spacy")
    }
    total = 0
    for key in session.document_keys():
        doc = by_id[session.document(key).id]
        found = session.annotations(key)
        starts = {span.id_: span.start for span in doc.ents}
        listed = {tuple(item) for item in doc.user_data["annotator"]["relations"]}
        for relation in found.relations:
            head, child = found.span(relation.head), found.span(relation.child)
            assert head is not None
            assert child is not None
            assert (head.id, child.id, relation.label) in listed
            assert doc._.rel[starts[head.id], starts[child.id]][relation.label] == 1.0
            total += 1
        legal = any(each.allows(head="PERSON", child="PERSON") for each in session.schema.relations)
        people = [span.start for span in doc.ents if span.label_ == "PERSON"]
        if len(people) > 1 and legal:
            assert set(doc._.rel[people[0], people[1]].values()) <= {0.0, 1.0}
    assert total == 220
