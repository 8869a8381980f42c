"""The file of a fine-tuned pipeline: written whole or not at all, and read again.

It tells what the pipeline was made of, how often it was right on documents that it had not seen, and holds the weights
of the entity component. A file of one that was no better than the start holds none: it tells that it was tried.
`fine_tuning.py` makes it, `advice.py` asks what it holds.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from annotator.suggest.base import Settings
from annotator.suggest.pipelines import entity_digest, find_pipeline

FORMAT = 1
"""Number of this layout, and of the way of training: what was made in another way is made anew."""
_MADE, _WEIGHTS = "made.json", "weights"
_FAULTS = (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a fine-tuned pipeline was made of, and how it did.

    Args:
        pipeline: digest of the entity component that it began with. title: of that pipeline.
        lessons: row key and evidence of each document that it was made of, in their order.
        labels: label of the project to that of the component; empty where it could not be trained.
        tried_on: documents that a training without them was tried on. start, own: F1 there, 0 to 1, of the pipeline as
            it was, and of that training. counts: label of the project to how often it was right there, and how often
            it was said. promises: what came true beside the word of those before it, as in `Advice`.
    """

    pipeline: str
    title: str
    lessons: tuple[tuple[int, str], ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    tried_on: int = 0
    start: float = 0.0
    own: float = 0.0
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    promises: Mapping[str, tuple[int, float, float]] = field(default_factory=dict)

    @property
    def is_better(self) -> bool:
        """Tell whether it did better than the pipeline that it began with, so that it is used."""
        return self.own > self.start

    @property
    def digest(self) -> str:
        """Give what tells it apart from any other, as hexadecimal digits."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


def made(path: str) -> Made | None:
    """Tell what a file was made of; None where there is none that can be used."""
    with contextlib.suppress(*_FAULTS), zipfile.ZipFile(path) as file:
        told = json.loads(file.read(_MADE))
        if told.pop("format") == FORMAT:
            told["lessons"] = tuple((document, evidence) for document, evidence in told["lessons"])
            told["counts"] = {label: (right, said) for label, (right, said) in told["counts"].items()}
            told["promises"] = {kind: tuple(sums) for kind, sums in told["promises"].items()}
            return Made(**told)
    return None


def weights_of(path: str) -> bytes:
    """Give the weights that a file holds; none where it cannot be read."""
    with contextlib.suppress(*_FAULTS), zipfile.ZipFile(path) as file:
        return file.read(_WEIGHTS)
    return b""


def fits(told: Made, settings: Settings) -> bool:
    """Tell whether one was made of the pipeline in use, and speaks of labels that there are."""
    pipeline = find_pipeline(settings.pipeline)
    names = {each.name for each in settings.schema.entities}
    return pipeline is not None and told.pipeline == entity_digest(pipeline) and told.labels.keys() <= names


def keep(told: Made, weights: bytes, path: str) -> None:
    """Write a fine-tuned pipeline in place of the older one.

    Raises:
        OSError: it cannot be written; the older one stays.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(part, "w") as file:
            file.writestr(_MADE, json.dumps({"format": FORMAT, **asdict(told)}))
            file.writestr(_WEIGHTS, weights)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
