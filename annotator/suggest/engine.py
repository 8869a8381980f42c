"""Runs the suggesters over a batch of texts and makes one set of proposals for each document.

Order: what finds entities, then roles beside them, then a selection (`selecting.py`), then relations between what is
left and what was accepted before. The same texts and settings always give the same proposals. Which process
this happens in is `worker.py`'s matter.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from annotator.suggest.added import AddedSuggester
from annotator.suggest.base import (
    FINE_TUNED,
    LEARNT,
    PIPELINE,
    RELATIONS,
    ROLES,
    Settings,
    Suggester,
    Suggestions,
    Text,
)
from annotator.suggest.failure import Failure
from annotator.suggest.hints import Heard, heard_of, joined, keys_of, proposals_of
from annotator.suggest.learning.keeping import learner_at
from annotator.suggest.learning.learner import Learner
from annotator.suggest.patterns import PatternSuggester
from annotator.suggest.relations import KEPT, SHOWN, RelationSuggester
from annotator.suggest.roles import RoleSuggester
from annotator.suggest.selecting import cut_by_roles, selected
from annotator.suggest.spacy_pipeline import PipelineSuggester
from annotator.suggest.teaching import Decided, proposed, teach
from annotator.suggest.ties import held, ranked_relations

BATCH = 64
"""Texts that are worked on together."""
BATCH_LENGTH = 400_000
"""Code points after which a batch is full."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A suggester at work: what switches it (`KINDS` or an import path), its name, and the documents it is on."""

    kind: str
    name: str
    documents: tuple[int, ...]


Note = Callable[[Stage], None]
"""Is told which suggester begins on which documents."""


def propose_all(texts: Sequence[Text], settings: Settings, *, note: Note | None = None) -> list[Suggestions]:
    """Run all suggesters that are switched on; give one answer for each text, in their order.

    A suggester that fails on a text is named in that answer's `skipped`, and the others go on.

    Raises:
        UserError: the pipeline that was asked for is missing or cannot be loaded.
    """
    found: list[Suggestions] = []
    for batch in batches(texts):
        found += _propose(batch, settings, note or _silent)
    return found


def batches(texts: Sequence[Text]) -> list[list[Text]]:
    """Cut texts into batches of `BATCH` or `BATCH_LENGTH`, whichever is reached first."""
    found: list[list[Text]] = []
    length = 0
    for each in texts:
        if not found or len(found[-1]) >= BATCH or length + len(each.text) > BATCH_LENGTH:
            found.append([])
            length = 0
        found[-1].append(each)
        length += len(each.text)
    return found


def _silent(stage: Stage) -> None:
    """Tell nobody."""


def _propose(texts: Sequence[Text], settings: Settings, note: Note) -> list[Suggestions]:
    learner = _learner(settings)
    if settings.between:
        answers = [Suggestions(document=each.document, proposals=each.proposed) for each in texts]
    else:
        answers = _spans(texts, learner, settings, note)
    if settings.runs(RELATIONS) and settings.schema.relations:
        relations = RelationSuggester(settings)
        note(Stage(RELATIONS, relations.name, tuple(each.document for each in texts)))
        answers = [
            _with_relations(text, answer, relations, learner, settings)
            for text, answer in zip(texts, answers, strict=True)
        ]
    return answers


def _spans(
    texts: Sequence[Text], learner: Learner | None, settings: Settings, note: Note
) -> list[Suggestions]:
    heard = hear_all(texts, settings, vectors=learner is not None and learner.wants_vectors, note=note)
    if learner is None:
        return [selected(each.text, proposals_of(each), settings) for each in heard]
    heard = _advised(heard, settings, note)
    note(Stage(LEARNT, "what was learnt", tuple(each.document for each in texts)))
    return [_ranked(each, learner, settings) for each in heard]


def _learner(settings: Settings) -> Learner | None:
    """Give what was learnt, if it was and speaks of labels that there are: of others it is learnt anew soon."""
    learner = learner_at(settings.learnt) if settings.learnt else None
    if learner is None or not learner.labels <= {each.name for each in settings.schema.entities}:
        return None
    return learner


def _ranked(heard: Heard, learner: Learner, settings: Settings) -> Suggestions:
    """Let the learner speak; where it fails, the others alone."""
    with Failure() as failure:
        return proposed(heard, learner, settings)
    skipped = _unread("what was learnt", failure)
    return selected(
        heard.text, proposals_of(joined(heard, Heard(text=heard.text, skipped=skipped))), settings
    )


def learn_all(decided: Sequence[Decided], settings: Settings, *, anew: bool, note: Note | None = None) -> int:
    """Learn from finished documents, in their order; give how often the tagger was trained.

    Args:
        decided: the documents. settings: `learnt` names the file in which it is kept. anew: begin from nothing.
        note: is told what begins.

    Raises:
        UserError: the pipeline that was asked for is missing or cannot be loaded, or the file cannot be written.
    """
    told = note or _silent
    return teach(
        decided,
        settings,
        hear=lambda texts: [
            heard
            for batch in batches(texts)
            for heard in _advised(hear_all(batch, settings, vectors=True, note=told), settings, told)
        ],
        anew=anew,
        note=lambda document: told(Stage(LEARNT, "the tagger", (document,))),
    )


def hear_all(
    texts: Sequence[Text], settings: Settings, *, vectors: bool, note: Note | None = None
) -> list[Heard]:
    """Ask all suggesters that do not learn; give what they say of each text, in their order.

    Args:
        texts: the texts. settings: what is switched on. vectors: also ask how
            a pipeline sees each token. note: is told who begins.

    Raises:
        UserError: the pipeline that was asked for is missing or cannot be loaded.
    """
    note = note or _silent
    answers = [Heard(text=each) for each in texts]
    for kind, suggester in _entity_suggesters(settings, note):
        ask = functools.partial(_hear, suggester, vectors=vectors)
        answers = list(map(joined, answers, _run(Stage(kind, suggester.name, ()), ask, texts, note)))
    roles = RoleSuggester(settings)
    if roles.label:
        note(Stage(ROLES, roles.name, tuple(each.document for each in texts)))
        answers = [_with_roles(answer, roles) for answer in answers]
    return answers


def _advised(heard: list[Heard], settings: Settings, note: Note) -> list[Heard]:
    """Add what the fine-tuned pipeline says of texts in its language, where there is one that can be asked."""
    if not settings.fine_tuned:
        return heard
    from annotator.suggest.advice import fine_tuned_for

    tuned = fine_tuned_for(settings)
    if tuned is None:
        return heard
    stage = Stage(FINE_TUNED, "the fine-tuned pipeline", ())
    return list(map(joined, heard, _run(stage, tuned.hear, [each.text for each in heard], note)))


def _hear(suggester: Suggester, texts: Sequence[Text], *, vectors: bool) -> list[Heard]:
    if isinstance(suggester, PipelineSuggester):
        return suggester.hear(texts, vectors=vectors)
    answers = suggester.propose(texts)
    if [answer.document for answer in answers] != [each.document for each in texts]:
        raise ValueError("it did not answer for each text")
    is_measured = isinstance(suggester, PatternSuggester)
    return [
        heard_of(text, answer, is_measured=is_measured) for text, answer in zip(texts, answers, strict=True)
    ]


def _entity_suggesters(settings: Settings, note: Note) -> list[tuple[str, Suggester]]:
    """Make those that find entities by themselves, each with what switches it.

    Raises:
        UserError: one cannot be made.
    """
    made: list[tuple[str, Suggester]] = []
    if settings.runs(PIPELINE):
        made.append((PIPELINE, PipelineSuggester(settings)))
    made.extend(_pattern_suggesters(settings, note))
    made.extend(
        (each.kind, AddedSuggester(each, settings)) for each in settings.others if settings.runs(each.kind)
    )
    return made


def _pattern_suggesters(settings: Settings, note: Note) -> Iterator[tuple[str, Suggester]]:
    for each in settings.patterns:
        if settings.runs(each.kind):
            announce = functools.partial(Stage, each.kind)
            yield (
                each.kind,
                PatternSuggester(each, settings, lambda *about, stage=announce: note(stage(*about))),
            )


def _run(
    stage: Stage, ask: Callable[[Sequence[Text]], list[Heard]], texts: Sequence[Text], note: Note
) -> list[Heard]:
    """Ask one suggester about a batch; where that fails, about its halves, until the culprit is named."""
    note(replace(stage, documents=tuple(each.document for each in texts)))
    with Failure() as failure:
        return ask(texts)
    if len(texts) == 1:
        return [Heard(text=texts[0], skipped=_unread(stage.name, failure))]
    half = len(texts) // 2
    return [*_run(stage, ask, texts[:half], note), *_run(stage, ask, texts[half:], note)]


def _unread(name: str, failure: Failure) -> str:
    return f"{name} could not read this document ({failure.text})."


def _with_roles(heard: Heard, roles: RoleSuggester) -> Heard:
    """Add roles, and cut them off the names they were found in."""
    text = heard.text
    with Failure() as failure:
        known = keys_of(heard) | set(text.accepted)
        found = heard_of(text, roles.propose_beside(text, sorted(known)))
        return joined(replace(heard, hints=cut_by_roles(text, heard.hints, found.hints)), found)
    return joined(heard, Heard(text=text, skipped=_unread(roles.name, failure)))


def _with_relations(
    text: Text,
    answer: Suggestions,
    relations: RelationSuggester,
    learner: Learner | None,
    settings: Settings,
) -> Suggestions:
    with Failure() as failure:
        between = relations.propose_between(text, answer.proposals, least=KEPT * SHOWN).proposals
        if learner is None:
            between = tuple(map(held, between))
        else:
            between = ranked_relations(text, answer.proposals, between, learner.relations, settings.schema)
        return replace(answer, proposals=answer.proposals + between)
    skipped = " ".join(filter(None, (answer.skipped, _unread(relations.name, failure))))
    return replace(answer, skipped=skipped)
