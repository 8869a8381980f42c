"""Proposes entities with an installed spaCy pipeline, mended (`fixes.py`) and mapped to the project's labels.

Pipelines are found and loaded by `pipelines.py`. Scores come from the precision that the pipeline's makers measured
for each label, lowered a little for texts of another kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from annotator.model.annotation import SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.suggest import dates, names
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.fixes import Found, aligned, mended
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

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Propose spans for each text, in their order.

        Raises:
            PipelineError: the pipeline cannot be loaded.
        """
        reasons = [self._reason_to_skip(each) for each in texts]
        wanted = [each for each, reason in zip(texts, reasons, strict=True) if not reason]
        found: Iterator[list[Found]] = iter(())
        if self._pipeline is not None and wanted:
            found = _run(self._pipeline, [each.text for each in wanted])
        return [
            Suggestions(document=each.document, skipped=reason)
            if reason
            else self._suggestions(each, next(found))
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

    def _suggestions(self, text: Text, found: list[Found]) -> Suggestions:
        proposals: list[Proposal] = []
        misaligned = 0
        for each in self._mended(text, found):
            fitting = aligned(text.text, text.tokens, each)
            if fitting is None:
                misaligned += bool(self._mapping.get(each.label))
                continue
            surface = text.text[fitting.start : fitting.end]
            proposals += self._proposals(fitting, surface)
        return Suggestions(document=text.document, proposals=_best_of_each(proposals), misaligned=misaligned)

    def _proposals(self, each: Found, surface: str) -> Iterator[Proposal]:
        """Yield the proposal for a span, and the pipeline's own word where a rule changed it, as a reading."""
        fragments = fragments_of((each.start, each.end))
        label = self._mapping.get(each.label, "")
        if label and not self._is_no_date(each, label, surface):
            yield Proposal(
                what=SpanKey(fragments, label),
                suggester=self.name,
                score=self._score(each),
                reason=self._reason(each),
            )
        was = self._mapping.get(each.was, "")
        if label and was and was != label:
            reason = f"{self.name} says {each.was}"
            yield Proposal(what=SpanKey(fragments, was), suggester=self.name, score=_OVERRULED, reason=reason)

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


def _best_of_each(proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """Keep the best proposal of those that two pipeline labels, mapped to one, made of the same words."""
    best: dict[Any, Proposal] = {}
    for each in proposals:
        if each.what not in best or best[each.what].score < each.score:
            best[each.what] = each
    return tuple(best.values())


def _run(pipeline: Pipeline, texts: Sequence[str]) -> Iterator[list[Found]]:
    """Yield what the pipeline finds in each text; long texts go through it in pieces, to bound its memory."""
    nlp = load(pipeline)
    parts = [
        (index, *part) for index, text in enumerate(texts) for part in pieces(readable(text), limit=PIECE)
    ]
    found: list[list[Found]] = [[] for _ in texts]
    for batch in _in_batches(parts):
        with nlp.memory_zone():
            documents = nlp.pipe((piece for _, _, piece in batch), batch_size=BATCH)
            for (index, offset, _), document in zip(batch, documents, strict=True):
                for start, end, label, score in _entities(document):
                    found[index].append(Found(offset + start, offset + end, label, score=score))
    yield from found


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
