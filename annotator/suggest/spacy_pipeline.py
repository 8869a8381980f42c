"""Proposes entities with an installed spaCy pipeline, mended (`fixes.py`) and mapped to the project's labels.

Pipelines are found and loaded by `pipelines.py`. Scores come from the precision that the pipeline's makers measured
for each label, lowered a little for texts of another kind.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.suggest import dates, names, token_vectors
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.fixes import Found, aligned, mended
from annotator.suggest.hints import Heard, Hint, proposals_of
from annotator.suggest.languages import base_language, guess_language, language_name
from annotator.suggest.mapping import complete_mapping
from annotator.suggest.pipelines import Pipeline, find_pipeline, installed_pipelines, load
from annotator.suggest.tokenizing import pieces, readable
from annotator.suggest.words import Words

__all__ = ["PipelineSuggester", "find_pipeline", "installed_pipelines"]

BATCH = 64
"""Texts that a pipeline is given at once."""
BATCH_LENGTH = 60_000
"""Code points that a pipeline is given at once: it takes some 3 kB for each."""
PIECE = 20_000
"""Code points of a long text that go through a pipeline as one."""

_WHEN = frozenset({"date", "dates", "day"})
_PRIOR = 0.72
_SPREAD = 0.6
_CHANGED = 0.62
_OVERRULED = 0.35
_UNHEARD = 0.93
"""How much of its makers' precision a pipeline keeps on texts of another kind."""


class PipelineSuggester:
    """Proposes what a spaCy pipeline finds; documents in another language are skipped, with the reason."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pipeline = find_pipeline(settings.pipeline)
        self._mapping = (
            complete_mapping(self._pipeline.labels, settings.schema, settings.mapping)
            if self._pipeline
            else {}
        )

    @property
    def name(self) -> str:
        """Give the pipeline's name."""
        return self._pipeline.title if self._pipeline else "pipeline"

    @property
    def version(self) -> str:
        """Give the pipeline's version."""
        return self._pipeline.version if self._pipeline else ""

    @property
    def mapping(self) -> Mapping[str, str]:
        """Give the table from pipeline label to project label that is used."""
        return self._mapping

    def reads(self, text: Text) -> bool:
        """Tell whether a text is in a language of the pipeline."""
        return not self._reason_to_skip(text)

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Propose spans for each text, in their order.

        Raises:
            PipelineError: the pipeline cannot be loaded.
        """
        return [proposals_of(each) for each in self.hear(texts, vectors=False)]

    def hear(self, texts: Sequence[Text], *, vectors: bool) -> list[Heard]:
        """Tell all that the pipeline says of each text, in their order.

        Args:
            texts: the texts. vectors: also tell how its entity component sees each token, which takes twice as long.

        Raises:
            PipelineError: the pipeline cannot be loaded.
        """
        reasons = [self._reason_to_skip(each) for each in texts]
        wanted = [each for each, reason in zip(texts, reasons, strict=True) if not reason]
        found: Iterator[_Read] = iter(())
        if self._pipeline is not None and wanted:
            found = _run(self._pipeline, [each.text for each in wanted], vectors=vectors)
        return [
            Heard(text=each, skipped=reason) if reason else self._heard(each, next(found))
            for each, reason in zip(texts, reasons, strict=True)
        ]

    def _reason_to_skip(self, text: Text) -> str:
        if self._pipeline is None:
            return "No spaCy pipeline is installed."
        reads = base_language(self._pipeline.language)
        if reads == "xx":
            return ""
        stated = base_language(text.language)
        language = stated if stated not in {"", "xx", reads} else guess_language(text.text) or reads
        if language == reads:
            return ""
        return f"{self.name} reads {language_name(reads)}; this document is {language_name(language)}."

    def _heard(self, text: Text, read: _Read) -> Heard:
        hints: list[Hint] = []
        misaligned = 0
        for each in self._mended(text, read.found):
            fitting = aligned(text.text, text.tokens, each)
            if fitting is None:
                misaligned += bool(self._mapping.get(each.label))
                continue
            hints += self._hints(text, fitting)
        vectors = token_vectors.joined(read.vectors, starts=text.tokens.starts, ends=text.tokens.ends)
        return Heard(text=text, hints=tuple(hints), vectors=vectors, misaligned=misaligned)

    def _hints(self, text: Text, each: Found) -> Iterator[Hint]:
        """Yield what is said of a span, and the pipeline's own word where a rule changed it, as a reading."""
        first, last = text.tokens.covering(each.start, each.end)
        label = self._mapping.get(each.label, "")
        said = "" if self._is_no_date(each, label, text.text[each.start : each.end]) else label
        if said or self._may_be_learnt(each.label):
            yield Hint(first, last, said, self.name, each.label, self._score(each), self._reason(each))
        was = self._mapping.get(each.was, "")
        if label and was and was != label:
            yield Hint(first, last, was, self.name, each.was, _OVERRULED, f"{self.name} says {each.was}")

    def _may_be_learnt(self, label: str) -> bool:
        """Tell whether decisions may show what a label stands for: nobody said that it is to be ignored."""
        return self._settings.mapping.get(label) != ""

    def _mended(self, text: Text, found: list[Found]) -> list[Found]:
        assert self._pipeline is not None
        correct, weights = self._correction(text), self._pipeline.precision
        return mended(text.text, text.tokens, found, correct=correct, weights=weights)

    def _correction(self, text: Text) -> Callable[[list[Found]], list[Found]] | None:
        assert self._pipeline is not None
        if base_language(self._pipeline.language) != "en":
            return None
        labels = self._pipeline.labels
        return lambda found: names.corrected(Words(text.text, text.tokens), found, labels)

    def _is_no_date(self, each: Found, label: str, surface: str) -> bool:
        """Tell whether a project label that asks when does not mean this: a duration, an age, a time of day."""
        if each.label != "DATE" or label.casefold() not in _WHEN:
            return False
        return dates.is_duration(surface) or dates.is_time_of_day(surface)

    def _score(self, each: Found) -> float:
        assert self._pipeline is not None
        if each.spread:
            return _SPREAD
        if each.score is not None:
            return round(min(0.95, max(0.05, each.score)), 3)
        if each.why:
            return _CHANGED
        precision = self._pipeline.precision.get(each.label)
        return _PRIOR if precision is None else round(min(0.9, max(0.3, precision * _UNHEARD)), 3)

    def _reason(self, each: Found) -> str:
        if each.spread:
            return f"{self.name} says {each.label} of the same words elsewhere in this document"
        if each.why:
            return f"{self.name} says {each.was}, but {each.why}" if each.was else f"a name, as {each.why}"
        return f"{self.name} says {each.label}"


@dataclass(slots=True)
class _Read:
    """What a pipeline says of one text: its entities, and how it sees the tokens, by their borders in code points."""

    found: list[Found] = field(default_factory=list)
    vectors: list[token_vectors.Seen] = field(default_factory=list)


def _run(pipeline: Pipeline, texts: Sequence[str], *, vectors: bool) -> Iterator[_Read]:
    """Yield what the pipeline says of each text; long texts go through it in pieces, to bound its memory."""
    nlp = load(pipeline)
    parts = [
        (index, *part) for index, text in enumerate(texts) for part in pieces(readable(text), limit=PIECE)
    ]
    read = [_Read() for _ in texts]
    for batch in _in_batches(parts):
        with nlp.memory_zone():
            stream = nlp.pipe((piece for _, _, piece in batch), batch_size=BATCH)
            documents = list(stream) if vectors else stream
            seen = iter(token_vectors.seen(nlp, documents) if isinstance(documents, list) else ())
            for (index, offset, _), document in zip(batch, documents, strict=True):
                for start, end, label, score in _entities(document):
                    read[index].found.append(Found(offset + start, offset + end, label, score=score))
                read[index].vectors += [each.moved(offset) for each in itertools.islice(seen, 1)]
    yield from read


def _in_batches(parts: Sequence[tuple[int, int, str]]) -> Iterator[list[tuple[int, int, str]]]:
    batch: list[tuple[int, int, str]] = []
    length = 0
    for part in parts:
        if batch and (len(batch) >= BATCH or length + len(part[2]) > BATCH_LENGTH):
            yield batch
            batch, length = [], 0
        batch.append(part)
        length += len(part[2])
    if batch:
        yield batch


def _entities(document: Any) -> Iterator[tuple[int, int, str, float | None]]:
    for entity in document.ents:
        yield entity.start_char, entity.end_char, entity.label_, None
    for name, group in document.spans.items():
        if name in {"sc", "ruler"}:
            scores = group.attrs.get("scores")
            for index, span in enumerate(group):
                score = float(scores[index]) if scores is not None and len(scores) == len(group) else None
                yield span.start_char, span.end_char, span.label_, score
