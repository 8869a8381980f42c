"""Asks the fine-tuned pipeline about texts; the one that was asked last stays loaded.

What its word weighs is the matter of `learning/advising.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.suggest.base import Settings, Text
from annotator.suggest.entity_copy import EntityCopy
from annotator.suggest.fine_tuned import Made, fits, made, weights_of
from annotator.suggest.hints import Heard
from annotator.suggest.learning.pages import Advice, Place
from annotator.suggest.pipelines import Pipeline, find_pipeline
from annotator.suggest.spacy_pipeline import PipelineSuggester


@dataclass(slots=True)
class _Held:
    """The one that was read last, and which file that was."""

    path: str = ""
    stamp: tuple[int, int] = (0, 0)
    tuned: FineTuned | None = None


_held = _Held()


class FineTuned:
    """A fine-tuned pipeline that can be asked; `reads` tells whether a text is in its language.

    Raises:
        PipelineError: spaCy cannot load the pipeline that it began with.
    """

    def __init__(
        self, made: Made, pipeline: Pipeline, weights: bytes, *, reads: Callable[[Text], bool]
    ) -> None:
        self.made = made
        self._reads = reads
        self._copy = EntityCopy(pipeline, made.labels)
        self._copy.take(weights)
        self._seen = frozenset(document for document, _ in made.lessons)

    def hear(self, texts: Sequence[Text]) -> list[Heard]:
        """Tell what it finds in each text, in their order; nothing of those that it was made of or cannot read."""
        asked = [each for each in texts if each.document not in self._seen and self._reads(each)]
        found = dict(zip((each.document for each in asked), self._copy.places(asked), strict=True))
        return [Heard(text=each, advice=self._advice(found.get(each.document))) for each in texts]

    def _advice(self, places: frozenset[Place] | None) -> Advice | None:
        if places is None:
            return None
        told = self.made
        return Advice(
            made=told.digest,
            documents=len(told.lessons),
            places=places,
            counts=told.counts,
            promises=told.promises,
        )


def fine_tuned_for(settings: Settings) -> FineTuned | None:
    """Give the fine-tuned pipeline that is to be asked, if there is one, made of the pipeline and labels in use.

    Raises:
        PipelineError: spaCy cannot load the pipeline that it began with.
    """
    stamp = _stamp(settings.fine_tuned)
    if stamp is None:
        return None
    if (_held.path, _held.stamp) != (settings.fine_tuned, stamp):
        _held.path, _held.stamp, _held.tuned = settings.fine_tuned, stamp, _read(settings)
    tuned = _held.tuned
    if tuned is None or not fits(tuned.made, settings):
        return None
    return tuned


def _read(settings: Settings) -> FineTuned | None:
    told = made(settings.fine_tuned)
    pipeline = find_pipeline(settings.pipeline)
    if told is None or pipeline is None or not told.is_better or not fits(told, settings):
        return None
    weights = weights_of(settings.fine_tuned)
    with contextlib.suppress(ValueError, KeyError, TypeError):  # damaged
        return FineTuned(told, pipeline, weights, reads=PipelineSuggester(settings).reads)
    return None


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size)
