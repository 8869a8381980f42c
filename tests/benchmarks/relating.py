"""Lets the simulated annotator decide relations in a real project: between gold entities, and between candidates.

Between gold entities these are put in first, and the candidates of the document are made anew, as a person does who
labels entities beforehand. Between candidates, entities and relations are decided in one go; a relation that is shown
is right only where both its ends are. As in `working.py`, a document is counted before it is learnt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from annotator.editing.commands import AcceptSpan, AddSpan, RejectSpan
from annotator.model.schema import RelationType, Schema
from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.suggesting import suggest
from tests.benchmarks.annotator import Annotator, Step
from tests.benchmarks.at_work import SessionHands
from tests.benchmarks.learning_corpora import Annotated, Corpus
from tests.benchmarks.needs import WEIGHTS, Gold, Need, directed, gold_of, key_of, needs_of
from tests.benchmarks.working import (
    Course,
    Tally,
    course_of,
    learn_and_go_on,
    project_of,
    relations_in,
    remembering_pipeline,
    shuffles,
)

NOTHING = SuggestSettings(uses_pipeline=False, roles=False, relations=False, learns=False)
PATTERNS = SuggestSettings(learns=False)
LEARNT = SuggestSettings()
WAYS = {"nothing": NOTHING, "patterns": PATTERNS, "learnt": LEARNT}
"""What proposes relations, for each way of working."""


def with_relations(corpus: Corpus) -> Corpus:
    """Give a corpus whose schema has a type for every relation in it."""
    known = {each.name for each in corpus.schema.relations}
    labels = {each.label for document in corpus.documents for each in document.relations}
    more = tuple(RelationType(name=label) for label in sorted(labels - known))
    return replace(corpus, schema=Schema(corpus.schema.entities, (*corpus.schema.relations, *more)))


def simulate(corpus: Corpus, *, orders: int, gold_entities: bool) -> Course:
    """Work through a corpus in its own order and in shuffled ones; the buckets hold all of them together."""
    documents = corpus.documents
    course = course_of(len(documents))
    with remembering_pipeline():
        alone = {
            name: _work(corpus, documents, WAYS[name], gold_entities=gold_entities)
            for name in ("nothing", "patterns")
        }
        for numbers in shuffles(len(documents), orders):
            for name, rows in alone.items():
                course.add(name, [rows[each] for each in numbers])
            row = [documents[each] for each in numbers]
            course.add("learnt", _work(corpus, row, LEARNT, course, gold_entities=gold_entities))
    return course


def _work(
    corpus: Corpus,
    documents: Sequence[Annotated],
    settings: SuggestSettings,
    course: Course | None = None,
    *,
    gold_entities: bool,
) -> list[Tally]:
    with project_of(corpus, documents, settings) as session:
        keys = session.document_keys()
        suggest(session, documents=keys[:2] if settings.learns else keys)
        found = []
        for number, (key, document) in enumerate(zip(keys, documents, strict=True)):
            gold = gold_of(document.gold, document.relations, session.schema)
            if gold_entities:
                put_spans(session, key, gold)
                suggest(session, documents=[key])
                put_spans(session, key, gold)
            found.append(work_on(session, key, gold))
            if course is not None:
                learn_and_go_on(session, number, course)
    return found


def put_spans(session: Session, key: int, gold: Gold) -> None:
    """Let exactly the gold spans be accepted, one decision each, and nothing of spans be undecided."""
    while session.annotations(key).undecided:
        readings = session.annotations(key).undecided[0]
        whats = tuple(each.what for each in readings.candidates)
        right = next((what for what in whats if what in gold.spans), None)
        session.do(RejectSpan(key, whats) if right is None else AcceptSpan(document=key, candidate=right))
    there = {span.identity for span in session.annotations(key).spans}
    for what in sorted(gold.spans - there):
        session.do(AddSpan(key, what.fragments, what.label))


def work_on(session: Session, key: int, gold: Gold) -> Tally:
    """Count the relations that a document shows, and work through it.

    Actions are those about relations; presses are all: a key that accepts an entity leads to the next relation, too.

    Raises:
        AssertionError: what is accepted then is not the gold.
    """
    annotations = session.annotations(key)
    shown = {directed(key_of(each), session.schema) for each in annotations.undecided_relations}
    needs = [each for each in needs_of(annotations, gold, session.schema) if _is_about_relations(each)]
    steps = Annotator(gold).work(SessionHands(session, key))
    after = relations_in(session, key)
    assert after == gold.relations, f"not the gold: {after ^ gold.relations}"
    own: list[Step] = [each for each in steps if _is_about_relations(each.need)]
    return Tally(
        right=len(shown & gold.relations),
        shown=len(shown),
        gold=len(gold.relations),
        actions=sum(WEIGHTS[each.act] for each in needs),
        done=sum(WEIGHTS[each.act] for each in own),
        presses=sum(each.presses for each in steps),
        tokens=len(session.tokens(key)),
        documents=1,
    )


def _is_about_relations(need: Need) -> bool:
    return need.place[1] == 1
