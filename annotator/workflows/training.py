"""Trains a spaCy pipeline from a project's decisions, and tells whether it proposes better than the one in use.

Both are tried in the same way on the documents of the dev part, none of whose texts was trained on: what they propose,
with everything that is mended on the way to a candidate, beside what the annotator decided.
"""

from __future__ import annotations

import dataclasses
import json
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.formats.whole_files import discard, put_in_place
from annotator.model.annotation import SpanKey
from annotator.model.document import Document, Part
from annotator.model.errors import FormatError, UserError
from annotator.suggest.base import PIPELINE, Settings, Text
from annotator.suggest.pipelines import find_pipeline
from annotator.suggest.training import MAKER, TrainingError, train_apart
from annotator.workflows.export_choice import ExportOptions, written_documents
from annotator.workflows.exporting import export
from annotator.workflows.machine import machine_of
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMAT = "spacy_folder"
_TOGETHER = 32
"""Documents over which a pipeline is tried between two words of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions:
    """What to train on, and how.

    Args:
        layout: `auto`, `ents` (ner), `spans` (spancat) or `both`.
        documents: `done`, or `decided` for those in progress as well, whose gaps then count as unknown.
        group_by: a field of which no value shall be in two parts; empty for none.
        most_steps: updates after which training ends at the latest; 0 until nothing more is gained.
    """

    layout: str = "auto"
    documents: str = "done"
    group_by: str = ""
    most_steps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainPlan:
    """What training would learn from.

    Args:
        parts: documents of train, dev and test. tried_on: documents of dev whose text is not in train as well.
        spans: in all of them. obstacle: why nothing can be trained; None where it can.
    """

    parts: Mapping[str, int]
    tried_on: int
    spans: int
    obstacle: UserError | None = None

    @property
    def is_little(self) -> bool:
        """Tell whether so little is learnt from that nothing good can be expected."""
        return self.parts.get(Part.TRAIN.value, 0) < _FEW_DOCUMENTS or self.spans < _FEW_SPANS


_FEW_DOCUMENTS, _FEW_SPANS = 25, 100


@dataclass(frozen=True, slots=True)
class Score:
    """How what was proposed agrees with what was decided, label and extent exactly."""

    right: int = 0
    proposed: int = 0
    decided: int = 0

    @property
    def f1(self) -> float:
        """Give the harmonic mean of precision and recall, 0 to 1."""
        total = self.proposed + self.decided
        return 2 * self.right / total if total else 0.0

    def plus(self, right: int, proposed: int, decided: int) -> Score:
        """Give the score with more counted."""
        return Score(self.right + right, self.proposed + proposed, self.decided + decided)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A pipeline tried on the documents of the dev part: its name, and its score in all and by label."""

    name: str
    score: Score
    labels: Mapping[str, Score] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainReport:
    """What training came to.

    Args:
        folder: of the pipeline. parts: documents of train, dev and test. tried_on: documents of dev.
        new: the pipeline. old: the one in use, None where there is none. steps: updates. seconds: all of it took.
    """

    folder: Path
    parts: Mapping[str, int]
    tried_on: int
    new: Tried
    old: Tried | None
    steps: int
    seconds: float

    @property
    def is_better(self) -> bool:
        """Tell whether it proposes better than the pipeline in use."""
        return self.old is None or self.new.score.f1 > self.old.score.f1


def plan_training(
    session: Session, target: Path, options: TrainOptions, report: Report = silent
) -> TrainPlan:
    """Count what training would learn from, and say what stands in its way; nothing is written.

    Raises:
        FormatError: no document has the field by which they are kept together. Cancelled: the person stopped.
    """
    chosen = written_documents(session, _export_of(options))
    report(0, len(chosen), "Counting what can be learnt from")
    rows = session.rows_of([document.key for document in chosen])
    plan = TrainPlan(
        parts=dict(Counter(document.part.value for document in chosen)),
        tried_on=len(_dev_only(chosen)),
        spans=sum(row.spans for row in rows),
    )
    return dataclasses.replace(plan, obstacle=_obstacle(plan, target))


def _obstacle(plan: TrainPlan, target: Path) -> UserError | None:
    if not plan.parts:
        return TrainingError("No document is done yet: there is nothing to learn from.", "Finish some first.")
    if not plan.spans:
        return TrainingError(_NO_SPANS, "Accept some spans first.")
    if not plan.tried_on or not plan.parts.get(Part.TRAIN.value):
        return TrainingError(
            "There is nothing both to learn from and to try the pipeline on: two documents that differ are needed.",
            "Finish more documents, or keep fewer of them together.",
        )
    return _taken(target)


_NO_SPANS = "There is no span to learn from in the documents that are done."


def train(
    session: Session, target: Path, options: TrainOptions | None = None, report: Report = silent
) -> TrainReport:
    """Train a pipeline into a folder that appears only when it is whole; one trained earlier is replaced.

    Raises:
        FormatError: too few documents are done, or the folder cannot be written or holds other things.
        TrainingError: spaCy cannot train on this. Cancelled: the person stopped; nothing is left behind.
    """
    options = options or TrainOptions()
    began = time.perf_counter()
    wanted = _export_of(options)
    with _hidden(target) as hidden:
        data = hidden / "data"
        report(0, 0, "Writing what to train on")
        written = export(session, data, wanted, report)
        if not written.spans:
            raise TrainingError(_NO_SPANS, "Accept some spans first.")

        told = (0, 0, "Training begins")

        def tell(steps: int, _most: int, best: float) -> None:
            # It mostly ends long before the most steps there may be, so that these are no measure of what is left.
            nonlocal told
            told = steps, options.most_steps, f"Training, step {steps:,}, best score {best:.2f}"

        trained = train_apart(
            data,
            {"name": _name_of(target), "description": f"Trained on the project {session.name}."},
            most_steps=options.most_steps,
            tell=tell,
            check=lambda: report(*told),
        )
        put_in_place(trained.folder, target)
    dev = _dev_only(written_documents(session, wanted, written.losses))
    return TrainReport(
        folder=target,
        parts=written.parts,
        tried_on=len(dev),
        new=_tried(session, dev, _as_it_is(session, target), report),
        old=_tried_old(session, dev, report),
        steps=trained.steps,
        seconds=time.perf_counter() - began,
    )


def use(session: Session, folder: Path) -> None:
    """Let a trained pipeline propose candidates in this project from now on, each label as it was learnt."""
    settings = session.suggest_settings()
    session.set_suggest_settings(
        dataclasses.replace(settings, pipeline=str(folder.absolute()), mapping=_own_labels(session))
    )


def score_of(proposed: Iterable[SpanKey], decided: Iterable[SpanKey]) -> dict[str, Score]:
    """Count by label how what is proposed for one document agrees with what is decided there."""
    made, gold = set(proposed), set(decided)
    found: dict[str, Score] = {}
    for what in made | gold:
        score = found.get(what.label, Score())
        found[what.label] = score.plus(what in made and what in gold, what in made, what in gold)
    return found


def _export_of(options: TrainOptions) -> ExportOptions:
    return ExportOptions(
        format=_FORMAT, layout=options.layout, documents=options.documents, group_by=options.group_by
    )


@contextmanager
def _hidden(target: Path) -> Iterator[Path]:
    """Give a folder beside the target that is gone in the end.

    Raises:
        FormatError: it cannot be made, or the target holds what no training of this program wrote.
    """
    taken = _taken(target)
    if taken is not None:
        raise taken
    hidden = target.absolute().with_name(f".{target.name[:60]}.{uuid.uuid4().hex[:12]}.part")
    try:
        hidden.mkdir()
    except OSError as error:
        raise FormatError(
            f"{target} cannot be made: {error.strerror or error}.", "Choose another place."
        ) from error
    try:
        yield hidden
    finally:
        discard(hidden)


def _taken(target: Path) -> FormatError | None:
    """Say that a folder holds what no training of this program wrote."""
    if not target.exists() or _is_ours(target):
        return None
    return FormatError(f"{target} holds something else.", "Choose a new folder for the pipeline.")


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder is empty, or a pipeline that was trained here before."""
    try:
        if not any(folder.iterdir()):
            return True
        told = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("made_by") == MAKER


def _name_of(target: Path) -> str:
    """Give a name as spaCy's packages have them: letters, digits and underscores."""
    name = "".join(each if each.isalnum() and each.isascii() else "_" for each in target.name).strip("_")
    return name or "pipeline"


def _dev_only(documents: Sequence[Document]) -> list[Document]:
    """Give the documents of dev none of whose texts is in train as well."""
    trained_on = {each.hash for each in documents if each.part is Part.TRAIN}
    return [each for each in documents if each.part is Part.DEV and each.hash not in trained_on]


def _own_labels(session: Session) -> dict[str, str]:
    return {entity.name: entity.name for entity in session.schema.entities}


def _as_it_is(session: Session, folder: Path) -> Settings:
    return Settings(
        schema=session.schema,
        pipeline=str(folder.absolute()),
        mapping=_own_labels(session),
        enabled=(PIPELINE,),
        readings=False,
    )


def _tried_old(session: Session, dev: Sequence[Document], report: Report) -> Tried | None:
    chosen = session.suggest_settings()
    settings = Settings(
        schema=session.schema,
        pipeline=chosen.pipeline,
        mapping=chosen.mapping,
        enabled=(PIPELINE,),
        readings=False,
    )
    try:
        return _tried(session, dev, settings, report) if find_pipeline(chosen.pipeline) else None
    except UserError:  # it is gone, or cannot be loaded any more
        return None


def _tried(session: Session, dev: Sequence[Document], settings: Settings, report: Report) -> Tried:
    pipeline = find_pipeline(settings.pipeline)
    name = pipeline.title if pipeline is not None else ""
    labels: dict[str, Score] = {}
    for first in range(0, len(dev), _TOGETHER):
        report(first, len(dev), f"Trying {name} on documents of dev")
        some = dev[first : first + _TOGETHER]
        texts = [_text(session, document) for document in some]
        for found in machine_of(session).propose(texts, settings):
            proposed = [each.what for each in found.proposals if isinstance(each.what, SpanKey)]
            decided = [span.identity for span in session.annotations(found.document).spans]
            for label, score in score_of(proposed, decided).items():
                before = labels.get(label, Score())
                labels[label] = before.plus(score.right, score.proposed, score.decided)
    total = Score()
    for score in labels.values():
        total = total.plus(score.right, score.proposed, score.decided)
    return Tried(name=name, score=total, labels=dict(sorted(labels.items())))


def _text(session: Session, document: Document) -> Text:
    """Give a document as a suggester sees one of which nothing is decided yet."""
    return Text(
        document=document.key,
        text=session.text(document.key),
        language=document.language,
        tokens=session.tokens(document.key),
    )
