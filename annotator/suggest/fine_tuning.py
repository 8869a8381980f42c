"""Fine-tunes a copy of the start pipeline's entity component on finished documents, and keeps it where it is better.

Every fifth document is held out, the copy is trained on the others and tried beside the pipeline as it is. Where it is
better it is trained again in the same way, on all. What comes of it follows from the documents in their order: work is
bounded by tokens, not by the clock, the seed is fixed, and one thread works.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from annotator.model.errors import UserError
from annotator.suggest import worker_process
from annotator.suggest.base import Settings, Text
from annotator.suggest.entity_copy import EntityCopy, why_not
from annotator.suggest.fine_tuned import Made, keep
from annotator.suggest.hints import Hint
from annotator.suggest.learning.keeping import learner_at
from annotator.suggest.learning.pages import Place, place_of
from annotator.suggest.pipelines import Pipeline, entity_digest, find_pipeline
from annotator.suggest.spacy_pipeline import PipelineSuggester
from annotator.suggest.teaching import Decided
from annotator.suggest.worker_link import ask_apart

if TYPE_CHECKING:
    from spacy.training import Example

HELD_OUT = 5
"""Of so many documents one is held out, the last."""
EPOCHS = 20
"""How often it goes through the documents, where they are few."""
FEWEST_EPOCHS = 5
WORK = 60_000
"""Tokens that one training goes through at most, each as often as there are epochs: there are two, of half a minute."""
TOGETHER = 8
"""Parts of texts for one step."""
LEARN_RATE, DROPOUT, SEED = 0.001, 0.35, 0
SILENCE = 600.0
"""Seconds after which a silent process is given up: it runs where a core has nothing else to do."""
MEMORY = 2_000_000_000
"""Bytes of resident memory that fine-tuning may have."""

Tell = Callable[[int, int], None]
"""`tell(done, of)`, in tokens gone through."""


class FineTuningError(UserError):
    """A pipeline cannot be fine-tuned, or what came of it cannot be kept."""


def fine_tune_apart(
    decided: Sequence[Decided], settings: Settings, *, tell: Tell, check: Callable[[], None]
) -> Made:
    """Fine-tune in a process of its own: its memory goes with it, and it is ended at once where nobody waits.

    Args:
        decided, settings, tell: as for `fine_tune`.
        check: called again and again; raises where nobody waits any more.

    Raises:
        FineTuningError: it cannot be done, or the process was lost; whatever `check` raises.
    """
    result = ask_apart(
        "fine_tune",
        (worker_process.one_by_one(decided), settings),
        memory=MEMORY,
        limit=SILENCE,
        told=lambda told: tell(told.done, told.of),
        check=check,
        error=FineTuningError,
        cut_off=("Fine-tuning was cut off", "Candidates stay as they were before."),
        failed=("spaCy could not fine-tune", "Switch fine-tuning off, or choose another pipeline."),
        idle=True,
    )
    assert isinstance(result, Made), "fine-tuning gives what was made"
    return result


@dataclass(frozen=True, slots=True)
class _Study:
    """A document that it learns from: the text, its spans, and what the pipeline says of it as it is."""

    text: Text
    gold: frozenset[Place]
    hints: tuple[Hint, ...]


def fine_tune(
    decided: Sequence[Decided], settings: Settings, *, tell: Tell = lambda _done, _of: None
) -> Made:
    """Fine-tune the pipeline in use on finished documents, in their order; give what it was made of, and keep it.

    Args:
        decided: the documents. settings: `fine_tuned` names the file in which it is kept.
        tell: is told how far it is, after each step.

    Raises:
        FineTuningError: this pipeline cannot be fine-tuned, or the file cannot be written.
        PipelineError: spaCy cannot load it.
    """
    pipeline = find_pipeline(settings.pipeline)
    reason = why_not(pipeline)
    if pipeline is None or reason:
        raise FineTuningError(reason, "Switch fine-tuning off, or choose another pipeline.")
    suggester = PipelineSuggester(settings)
    studies = _studies(decided, suggester)
    lessons = tuple((each.text.document, each.evidence) for each in decided)
    told, weights = _made(pipeline, studies, suggester.mapping, tell)
    told = replace(told, lessons=lessons, promises=_promises(settings))
    try:
        keep(told, weights, settings.fine_tuned)
    except OSError as error:
        raise FineTuningError(
            f"The fine-tuned pipeline cannot be written to {settings.fine_tuned}: {error.strerror or error}.",
            "Make room there, or switch fine-tuning off; candidates stay as they were.",
        ) from error
    return told


def _promises(settings: Settings) -> dict[str, tuple[int, float, float]]:
    """Give what came true so far beside the word of those that were fine-tuned before."""
    learner = learner_at(settings.learnt)
    before = learner.adviser.records.promises if learner is not None else {}
    return {kind: (each.right, each.expected, each.spread) for kind, each in before.items()}


def _studies(decided: Sequence[Decided], suggester: PipelineSuggester) -> list[_Study]:
    """Give the newest documents that the pipeline can read, as many as can be gone through often enough."""
    readable = [each.text for each in decided if suggester.reads(each.text)]
    left, first = WORK // FEWEST_EPOCHS, len(readable)
    while first and left >= len(readable[first - 1].tokens):
        first -= 1
        left -= len(readable[first].tokens)
    texts = readable[first:]
    heard = suggester.hear([replace(each, accepted=(), rejected=()) for each in texts], vectors=False)
    return [_Study(text, _gold(text), each.hints) for text, each in zip(texts, heard, strict=True)]


def _gold(text: Text) -> frozenset[Place]:
    places = [place_of(key, text.tokens) for key in text.accepted]
    return frozenset(each for each in places if each is not None)


def _made(
    pipeline: Pipeline, studies: Sequence[_Study], mapping: Mapping[str, str], tell: Tell
) -> tuple[Made, bytes]:
    held = studies[HELD_OUT - 1 :: HELD_OUT]
    seen = [each for at, each in enumerate(studies) if at % HELD_OUT != HELD_OUT - 1]
    told = Made(pipeline=entity_digest(pipeline), title=pipeline.title, lessons=(), tried_on=len(held))
    gold = [each.gold for each in held]
    if not any(gold) or not any(each.gold for each in seen):
        return told, b""
    work = [_work(seen), _work(studies)]

    def trained(of: Sequence[_Study], before: int) -> EntityCopy:
        return _trained(pipeline, of, mapping, lambda done: tell(before + done, sum(work)))

    copy = trained(seen, 0)
    found = copy.places([each.text for each in held])
    told = replace(told, labels=copy.labels, start=_f1(list(map(_start, held)), gold), own=_f1(found, gold))
    if not told.is_better:
        return told, b""
    last = trained(studies, work[0])
    return replace(told, labels=last.labels, counts=_counts(found, gold)), last.weights


def _start(study: _Study) -> frozenset[Place]:
    return frozenset(Place(each.first, each.last, each.label) for each in study.hints if each.label)


def _f1(found: Sequence[frozenset[Place]], gold: Sequence[frozenset[Place]]) -> float:
    right = sum(len(ours & theirs) for ours, theirs in zip(found, gold, strict=True))
    total = sum(map(len, found)) + sum(map(len, gold))
    return 2 * right / total if total else 0.0


def _counts(
    found: Sequence[frozenset[Place]], gold: Sequence[frozenset[Place]]
) -> dict[str, tuple[int, int]]:
    said = Counter(place.label for places in found for place in places)
    right = Counter(place.label for ours, theirs in zip(found, gold, strict=True) for place in ours & theirs)
    return {label: (right[label], said[label]) for label in sorted(said)}


# --------------------------------------------------------------------------- training


def _epochs(studies: Sequence[_Study]) -> int:
    tokens = sum(len(each.text.tokens) for each in studies)
    return max(FEWEST_EPOCHS, min(EPOCHS, WORK // max(tokens, 1)))


def _work(studies: Sequence[_Study]) -> int:
    return _epochs(studies) * sum(len(each.text.tokens) for each in studies)


def _trained(
    pipeline: Pipeline, studies: Sequence[_Study], mapping: Mapping[str, str], tell: Callable[[int], None]
) -> EntityCopy:
    """Train a copy; it has the mean of the weights over all steps."""
    from thinc.api import Adam, fix_random_seed

    fix_random_seed(SEED)
    copy = EntityCopy(pipeline, _own_labels(studies, mapping))
    examples = [each for study in studies for each in _examples(copy, study)]
    optimizer = Adam(LEARN_RATE, grad_clip=1.0, L2=0.01)
    order, done = random.Random(SEED), 0
    for _ in range(_epochs(studies)):
        order.shuffle(examples)
        for at in range(0, len(examples), TOGETHER):
            some = examples[at : at + TOGETHER]
            copy.component.update(some, drop=DROPOUT, sgd=optimizer, losses={})
            done += sum(len(each.reference) for each in some)
            tell(done)
    _settle(copy.component.model, optimizer.averages)
    return copy


def _settle(model: Any, averages: Mapping[tuple[int, str], Any]) -> None:
    """Put the mean weights in place of the last ones."""
    for node in model.walk():
        for name in node.param_names:
            mean = averages.get((node.id, name))
            if mean is not None:
                node.set_param(name, mean)


def _own_labels(studies: Sequence[_Study], mapping: Mapping[str, str]) -> dict[str, str]:
    """Give each label of the project one of the component, by what that stood for most often; else a new one.

    What it stands for by its name counts as if it had stood for that once.
    """
    known = set(mapping)
    counts = Counter((label, said) for said, label in mapping.items() if label)
    for study in studies:
        by_extent = {(each.first, each.last): each.label for each in study.gold}
        for hint in study.hints:
            label = by_extent.get((hint.first, hint.last))
            if label is not None and hint.said in known:
                counts[label, hint.said] += 1
    learnt = {place.label for study in studies for place in study.gold}
    found: dict[str, str] = {}
    for label, said in sorted(counts, key=lambda pair: (-counts[pair], pair)):
        if label in learnt and label not in found and said not in found.values():
            found[label] = said
    for label in sorted(learnt):
        if label not in found:
            found[label] = label if label not in known else f"{label} of the project"
    return found


def _examples(copy: EntityCopy, study: _Study) -> Iterator[Example]:
    from spacy.tokens import Span
    from spacy.training import Example

    longest_first = sorted(study.gold, key=lambda place: (place.first - place.last, place))
    documents = zip(copy.documents(study.text), copy.documents(study.text), strict=True)
    for (first, document), (_, reference) in documents:
        taken: set[int] = set()
        spans = []
        for place in longest_first:
            inside = range(place.first - first, place.last - first)
            if inside.start >= 0 and inside.stop <= len(document) and taken.isdisjoint(inside):
                taken.update(inside)
                spans.append(Span(reference, inside.start, inside.stop, copy.labels[place.label]))
        reference.set_ents(spans)
        yield Example(document, reference)
