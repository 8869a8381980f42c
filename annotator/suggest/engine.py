"""Runs the suggesters over a batch of texts and makes one set of proposals for each document.

Order: what finds entities, then roles beside them, then a selection (`selecting.py`), then relations between what is
left and what was accepted before. The same texts and settings always give the same proposals. Which process
this happens in is `worker.py`'s matter.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from annotator.model.annotation import SpanKey
from annotator.model.errors import UserError
from annotator.suggest.base import PIPELINE, RELATIONS, ROLES, Settings, Suggester, Suggestions, Text
from annotator.suggest.failure import Failure
from annotator.suggest.patterns import PatternSuggester
from annotator.suggest.relations import RelationSuggester
from annotator.suggest.roles import RoleSuggester
from annotator.suggest.selecting import cut_by_roles, selected
from annotator.suggest.spacy_pipeline import PipelineSuggester

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


class SuggesterError(UserError):
    """A suggester cannot be made at all."""


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
    answers = [Suggestions(document=each.document) for each in texts]
    for kind, suggester in _entity_suggesters(settings, note):
        answers = _joined(answers, _run(kind, suggester, texts, note))
    roles = RoleSuggester(settings)
    if roles.label:
        note(Stage(ROLES, roles.name, tuple(each.document for each in texts)))
        answers = [_with_roles(text, answer, roles) for text, answer in zip(texts, answers, strict=True)]
    answers = [selected(text, answer, settings) for text, answer in zip(texts, answers, strict=True)]
    if settings.runs(RELATIONS) and settings.schema.relations:
        relations = RelationSuggester(settings)
        note(Stage(RELATIONS, relations.name, tuple(each.document for each in texts)))
        answers = [
            _with_relations(text, answer, relations) for text, answer in zip(texts, answers, strict=True)
        ]
    return answers


def _entity_suggesters(settings: Settings, note: Note) -> list[tuple[str, Suggester]]:
    """Make those that find entities by themselves, each with what switches it.

    Raises:
        UserError: one cannot be made.
    """
    made: list[tuple[str, Suggester]] = []
    if settings.runs(PIPELINE):
        made.append((PIPELINE, PipelineSuggester(settings)))
    made.extend(_pattern_suggesters(settings, note))
    made.extend((path, _imported(path, settings)) for path in settings.others if settings.runs(path))
    return made


def _pattern_suggesters(settings: Settings, note: Note) -> Iterator[tuple[str, Suggester]]:
    for each in settings.patterns:
        if settings.runs(each.kind):
            announce = functools.partial(Stage, each.kind)
            yield (
                each.kind,
                PatternSuggester(each, settings, lambda *about, stage=announce: note(stage(*about))),
            )


def _imported(path: str, settings: Settings) -> Suggester:
    module, _, name = path.partition(":")
    try:
        factory = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise SuggesterError(
            f"The suggester {path} cannot be found: {error}.", "Install it, or take it out."
        ) from error
    made: Suggester = factory(settings)
    return made


def _run(kind: str, suggester: Suggester, texts: Sequence[Text], note: Note) -> list[Suggestions]:
    """Run one suggester over a batch; where that fails, over its halves, until the culprit is named."""
    note(Stage(kind, suggester.name, tuple(each.document for each in texts)))
    with Failure() as failure:
        answers = suggester.propose(texts)
        if [answer.document for answer in answers] != [each.document for each in texts]:
            raise ValueError("it did not answer for each text")
        return answers
    if len(texts) == 1:
        return [_failed(texts[0].document, suggester.name, failure)]
    half = len(texts) // 2
    return [*_run(kind, suggester, texts[:half], note), *_run(kind, suggester, texts[half:], note)]


def _failed(document: int, name: str, failure: Failure) -> Suggestions:
    return Suggestions(document=document, skipped=f"{name} could not read this document ({failure.text}).")


def _joined(first: Iterable[Suggestions], second: Iterable[Suggestions]) -> list[Suggestions]:
    return [
        replace(
            one,
            proposals=one.proposals + other.proposals,
            skipped=" ".join(filter(None, (one.skipped, other.skipped))),
            misaligned=one.misaligned + other.misaligned,
        )
        for one, other in zip(first, second, strict=True)
    ]


def _with_roles(text: Text, answer: Suggestions, roles: RoleSuggester) -> Suggestions:
    """Add roles, and cut them off the names they were found in."""
    known = {each.what for each in answer.proposals if isinstance(each.what, SpanKey)} | set(text.accepted)
    with Failure() as failure:
        found = roles.propose_beside(text, sorted(known))
        return replace(
            answer, proposals=cut_by_roles(text, answer.proposals, found.proposals) + found.proposals
        )
    return _joined([answer], [_failed(text.document, roles.name, failure)])[0]


def _with_relations(text: Text, answer: Suggestions, relations: RelationSuggester) -> Suggestions:
    with Failure() as failure:
        return replace(
            answer, proposals=answer.proposals + relations.propose_between(text, answer.proposals).proposals
        )
    return _joined([answer], [_failed(text.document, relations.name, failure)])[0]
