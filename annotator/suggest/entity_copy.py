"""A copy of a pipeline's entity component that can be trained, and the documents that it takes.

A copy is loaded for itself, so that nothing which others use changes. Documents have the project's tokens, so that
places need no aligning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from annotator.suggest.base import Text
from annotator.suggest.learning.pages import Place
from annotator.suggest.pipelines import Pipeline, PipelineError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PART = 60
"""Tokens after which a part of a text ends with the sentence, and at twice as many within one."""
_TOGETHER = 32
_UNSEEN = "unseen_classes"
"""Where a component keeps which of its acts were never trained, and are never taken; spaCy writes that nowhere."""


def why_not(pipeline: Pipeline | None) -> str:
    """Say why a pipeline cannot be fine-tuned, as a sentence; empty where it can."""
    if pipeline is None:
        return "No spaCy pipeline is installed."
    kinds = [kind for _, kind in pipeline.components]
    if kinds.count("ner") != 1:
        return f"{pipeline.title} has no entity component that can be fine-tuned."
    if any("transformer" in kind for kind in kinds):
        return f"{pipeline.title} is too large to be fine-tuned while one works."
    return ""


class EntityCopy:
    """A copy of the entity component of a pipeline, with a label of its own for each of the project's.

    Args:
        pipeline: one that `why_not` says nothing against.
        labels: label of the project to that of the component; what the component does not know is added.

    Raises:
        PipelineError: spaCy cannot load it.
    """

    def __init__(self, pipeline: Pipeline, labels: Mapping[str, str]) -> None:
        self.nlp = _alone(pipeline)
        component: Any = self.nlp.get_pipe(_name_of(pipeline))
        self.component = component
        self.labels = dict(labels)
        self._meaning = {own: label for label, own in self.labels.items()}
        for own in self.labels.values():
            if own not in self.component.labels:
                self.component.add_label(own)

    @property
    def weights(self) -> bytes:
        """Give what training made of it, for another copy with the same labels to `take`."""
        model = self.component.model
        unseen = json.dumps(sorted(model.attrs[_UNSEEN]))
        return b"\n".join((unseen.encode(), model.to_bytes()))

    def take(self, weights: bytes) -> None:
        """Have the weights of another one.

        Raises:
            ValueError, KeyError, TypeError: they are damaged, or of another kind.
        """
        unseen, _, model = weights.partition(b"\n")
        self.component.model.from_bytes(model)
        attributes = self.component.model.attrs
        attributes[_UNSEEN].clear()
        attributes[_UNSEEN].update(json.loads(unseen))

    def documents(self, text: Text) -> Iterator[tuple[int, Doc]]:
        """Yield a text as documents of some sentences each, with the number of the first token."""
        from spacy.tokens import Doc

        starts, ends = text.tokens.starts, text.tokens.ends
        for first, last in _parts(text):
            words = [text.text[starts[at] : ends[at]] for at in range(first, last)]
            spaces = [at + 1 < len(starts) and starts[at + 1] > ends[at] for at in range(first, last)]
            yield first, Doc(self.nlp.vocab, words=words, spaces=spaces)

    def places(self, texts: Sequence[Text]) -> list[frozenset[Place]]:
        """Give what it finds in each text, in the project's labels."""
        found: list[set[Place]] = [set() for _ in texts]
        parts = ((doc, (at, first)) for at, each in enumerate(texts) for first, doc in self.documents(each))
        with self.nlp.memory_zone():
            for doc, (at, first) in _piped(self.component, parts):
                for entity in doc.ents:
                    label = self._meaning.get(entity.label_)
                    if label is not None:
                        found[at].add(Place(first + entity.start, first + entity.end, label))
        return list(map(frozenset, found))


def _piped(component: Any, parts: Iterable[tuple[Doc, Any]]) -> Iterator[tuple[Doc, Any]]:
    docs, own = [], []
    for doc, mine in parts:
        docs.append(doc)
        own.append(mine)
    yield from zip(component.pipe(docs, batch_size=_TOGETHER), own, strict=True)


def _parts(text: Text) -> Iterator[tuple[int, int]]:
    """Cut a text at ends of sentences into parts of some `PART` tokens."""
    begin = 0
    for _, last in pairwise([*(text.tokens.sentences or (0,)), len(text.tokens)]):
        if last - begin >= PART or last == len(text.tokens):
            for first in range(begin, last, 2 * PART):
                yield first, min(first + 2 * PART, last)
            begin = last


def _name_of(pipeline: Pipeline) -> str:
    return next(name for name, kind in pipeline.components if kind == "ner")


def _alone(pipeline: Pipeline) -> Language:
    """Load a pipeline's entity component, with vectors of its own where it shares those of the pipeline."""
    import spacy

    own = _name_of(pipeline)
    shared = [name for name, kind in pipeline.components if kind == "tok2vec"]
    try:
        others = [name for name, _ in pipeline.components if name not in {own, *shared}]
        nlp = spacy.load(pipeline.name, exclude=others)
        for name in shared:
            listens = own in nlp.get_pipe(name).listening_components  # type: ignore[attr-defined]
            if listens:
                nlp.replace_listeners(name, own, ["model.tok2vec"])
            nlp.remove_pipe(name)
    except (OSError, ImportError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PipelineError(
            f"spaCy cannot load the pipeline {pipeline.name}: {reason}",
            "Choose another one, or switch fine-tuning off.",
        ) from error
    return nlp
