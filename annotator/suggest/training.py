"""Trains a spaCy pipeline with spaCy's own loop and configuration, in a process of its own.

What it trains on is a folder as spaCy takes it: `train.spacy`, `dev.spacy` and `config.cfg`. What it gives is a folder
that `spacy.load` opens and that names no place of this machine.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.model.errors import UserError
from annotator.suggest.worker_link import ask_apart

if TYPE_CHECKING:
    from spacy.language import Language

SILENCE = 900.0
"""Seconds after which a silent process is given up; making the tables of labels of a large corpus tells nothing."""
MEMORY = 8_000_000_000
"""Bytes of resident memory that training may have."""
MAKER = "annotator"
"""What stands in a trained pipeline's description as `made_by`."""
_LOGGER = "annotator.progress.v1"
_OFTEN = 0.2
"""Seconds between two words of progress."""
_MODELS = ("model-best", "model-last")

Tell = Callable[[int, int, float], None]
"""`tell(steps, most_steps, best_score)`."""


class TrainingError(UserError):
    """Training could not begin or was not finished."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained pipeline: its folder, the score that spaCy gave it on `dev.spacy` (0 to 1), and its steps."""

    folder: Path
    score: float
    steps: int


def train_apart(
    folder: Path, description: Mapping[str, str], *, most_steps: int, tell: Tell, check: Callable[[], None]
) -> Trained:
    """Train in a process of its own, which ends with this call.

    Args:
        folder: what `train` takes. description: kept in the pipeline's `meta.json`.
        most_steps: after which training ends at the latest; 0 leaves that to the configuration.
        tell: called with the progress. check: called again and again; raises where nobody waits any more.

    Raises:
        TrainingError: spaCy cannot train on the folder, or the process was lost; whatever `check` raises.
    """
    result = ask_apart(
        "train",
        (folder, dict(description), most_steps),
        memory=MEMORY,
        limit=SILENCE,
        told=lambda told: tell(told.done, told.of, told.score),
        check=check,
        error=TrainingError,
        cut_off=("Training was not finished", "Nothing was kept. Try again."),
        failed=(
            "spaCy could not train",
            "Export the training folder and try spaCy's own “debug data” on it.",
        ),
    )
    assert isinstance(result, Trained), "training gives what it trained"
    return result


def train(folder: Path, description: Mapping[str, str], most_steps: int, *, tell: Tell) -> Trained:
    """Train in this process, and clean what was trained of everything that speaks of this machine."""
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as spacy_train
    from spacy.util import load_config, registry

    config = load_config(folder / "config.cfg")
    logger = dict(config["training"]["logger"])
    config["paths"].update(train=str(folder / "train.spacy"), dev=str(folder / "dev.spacy"))
    if most_steps:
        often = max(1, most_steps // 8)  # or a short training would end before it was tried once
        config["training"].update(
            max_steps=most_steps, eval_frequency=min(often, config["training"]["eval_frequency"])
        )
    seen = _Seen(tell, most=config["training"]["max_steps"])
    registry.loggers.register(_LOGGER, func=lambda: seen.logger)
    config["training"]["logger"] = {"@loggers": _LOGGER}
    nlp = init_nlp(config)
    nlp.meta.update(description, made_by=MAKER)
    out = folder / "model"
    out.mkdir()
    spacy_train(nlp, out, stdout=io.StringIO(), stderr=io.StringIO())
    best = next(path for name in _MODELS if (path := out / name).is_dir())
    _clean(best, logger)
    return Trained(best, seen.best, seen.steps)


class _Seen:
    """Follows the loop: counts its steps and keeps the best score; is what spaCy calls a logger."""

    def __init__(self, tell: Tell, *, most: int) -> None:
        self.steps = 0
        self.best = 0.0
        self._most = most
        self._tell = tell
        self._told = 0.0

    def logger(
        self, _nlp: Language, _stdout: Any = None, _stderr: Any = None
    ) -> tuple[Callable[[dict[str, Any] | None], None], Callable[[], None]]:
        """Give what is called after each step, with scores where there are new ones, and at the end."""
        return self._after_step, lambda: None

    def _after_step(self, info: dict[str, Any] | None) -> None:
        self.steps += 1
        if info is not None:
            self.best = max(self.best, float(info["score"] or 0.0))
        if info is not None or time.monotonic() - self._told > _OFTEN:
            self._told = time.monotonic()
            self._tell(min(self.steps, self._most or self.steps), self._most, self.best)


def _clean(model: Path, logger: Mapping[str, Any]) -> None:
    from thinc.api import Config

    path = model / "config.cfg"
    config = Config().from_disk(path, interpolate=False)
    config["paths"].update(train=None, dev=None)
    config["training"]["logger"] = dict(logger)
    config.to_disk(path)
