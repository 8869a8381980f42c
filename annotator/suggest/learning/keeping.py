"""Writes what was learnt as one file, whole or not at all, and reads it again; the last one read stays in memory.

The file holds the lessons in their order, the counts, and the tagger's model. Memory is made anew from the lessons.
Native code reads it, so that only files may be named that this program wrote on this machine: who calls sees to it.
"""

from __future__ import annotations

import contextlib
import json
import os
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.suggest.hints import Hint
from annotator.suggest.learning.advising import Adviser
from annotator.suggest.learning.learner import Learner, Trained
from annotator.suggest.learning.pages import Lesson, Page, Place, Tie
from annotator.suggest.learning.records import Promise, Records, Tally
from annotator.suggest.learning.relating import Classifier
from annotator.suggest.learning.scaling import Scale
from annotator.suggest.learning.tagger import Tagger

FORMAT = 3
"""Number of this layout, and of the way of learning: what was learnt in another way is learnt anew."""
_KNOWN, _STATE, _VECTORS, _MODEL = "known.json", "state.json", "vectors", "model"
_RELATIONS = "relations"
_FAULTS = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a file of learnt things was made of, read without the rest.

    Args:
        settings: a digest of what the suggesters were told. lessons: row key and evidence of each document, in order.
        labels: those that were accepted somewhere. ties: labels of relations that were.
    """

    settings: str
    lessons: tuple[tuple[int, str], ...] = ()
    labels: frozenset[str] = frozenset()
    ties: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Held:
    """The learner that was read or written last, and which file that was."""

    path: str = ""
    stamp: tuple[int, int] = (0, 0)
    learner: Learner | None = None


_held = _Held()


def known(path: str) -> Known | None:
    """Tell what a file of learnt things was made of; None where there is none that can be used."""
    with contextlib.suppress(*_FAULTS), zipfile.ZipFile(path) as file:
        told = json.loads(file.read(_KNOWN))
        if told["format"] == FORMAT:
            lessons = tuple((document, evidence) for document, evidence in told["lessons"])
            return Known(
                settings=told["settings"],
                lessons=lessons,
                labels=frozenset(told["labels"]),
                ties=frozenset(told["ties"]),
            )
    return None


def learner_at(path: str) -> Learner | None:
    """Give what was learnt, to be asked and not to be changed; None where there is no file that can be used."""
    stamp = _stamp(path)
    if stamp is None:
        return None
    if (_held.path, _held.stamp) != (path, stamp):
        _hold(path, stamp, _read(path))
    return _held.learner


def taken(path: str) -> Learner | None:
    """Give what was learnt, to be taught more: whoever asks next reads the file."""
    learner = learner_at(path)
    _hold("", (0, 0), None)
    return learner


def keep(learner: Learner, path: str, *, settings: str) -> None:
    """Write what was learnt in place of the older file; `settings` as in `Known`.

    Raises:
        OSError: it cannot be written; the older file stays.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
            file.writestr(_KNOWN, json.dumps(_known_of(learner, settings)))
            file.writestr(_STATE, json.dumps(_state_of(learner)))
            file.writestr(_VECTORS, b"".join(lesson.page.vectors for lesson in learner.lessons))
            if learner.trained is not None:
                file.writestr(_MODEL, learner.trained.tagger.model)
            if learner.relations.classifier is not None:
                file.writestr(_RELATIONS, learner.relations.classifier.model)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    stamp = _stamp(path)
    if stamp is not None:
        _hold(path, stamp, learner)


def _hold(path: str, stamp: tuple[int, int], learner: Learner | None) -> None:
    _held.path, _held.stamp, _held.learner = path, stamp, learner


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        told = Path(path).stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size


def _known_of(learner: Learner, settings: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "settings": settings,
        "lessons": [[lesson.page.document, lesson.evidence] for lesson in learner.lessons],
        "labels": sorted(learner.labels),
        "ties": sorted({tie.label for lesson in learner.lessons for tie in lesson.relations}),
    }


def _state_of(learner: Learner) -> dict[str, Any]:
    trained = learner.trained
    told = {
        "lessons": [_lesson_told(lesson) for lesson in learner.lessons],
        "records": _records_told(learner.records),
        "related": learner.relations.trained_on,
        "trained": trained and {"documents": trained.documents, "scale": _scale_told(trained.scale)},
    }
    if learner.adviser.made:
        told["adviser"] = [learner.adviser.made, _records_told(learner.adviser.records)]
    return told


def _lesson_told(lesson: Lesson) -> list[Any]:
    page = lesson.page
    hints = [
        [
            *(hint.first, hint.last, hint.label, hint.source, hint.said, hint.score, hint.reason),
            hint.is_measured,
        ]
        for hint in page.hints
    ]
    told = [page.document, page.words, page.sentences, hints, len(page.vectors)]
    return [*told, lesson.gold, lesson.rejected, lesson.relations, lesson.said, lesson.evidence]


def _scale_told(scale: Scale | None) -> list[Any] | None:
    return None if scale is None else [scale.means, scale.deviations]


def _records_told(records: Records) -> dict[str, Any]:
    return {
        "sources": [[name, each.right, each.said] for name, each in records.sources.items()],
        "labels": [[*key, each.right, each.said] for key, each in records.labels.items()],
        "meaning": [[*key, each] for key, each in records.meaning.items()],
        "promises": [
            [name, each.right, each.expected, each.spread] for name, each in records.promises.items()
        ],
        "nested": [[*key, count] for key, count in records.nested.items()],
        "articles": [records.articles.right, records.articles.said],
        "experience": records.experience,
    }


def _read(path: str) -> Learner | None:
    with contextlib.suppress(*_FAULTS), zipfile.ZipFile(path) as file:
        if json.loads(file.read(_KNOWN))["format"] != FORMAT:
            return None
        told = json.loads(file.read(_STATE))
        model = file.read(_MODEL) if told["trained"] else b""
        learner = _learner_of(told, file.read(_VECTORS), model)
        if told["related"]:
            learner.relations.trained_on = told["related"]
            learner.relations.classifier = Classifier(file.read(_RELATIONS))
        return learner
    return None


def _learner_of(told: dict[str, Any], vectors: bytes, model: bytes) -> Learner:
    learner = Learner()
    at = 0
    for each in told["lessons"]:
        learner.remember(_lesson_of(each, vectors[at : at + each[4]]))
        at += each[4]
    learner.records = _records_of(told["records"])
    if "adviser" in told:
        made, records = told["adviser"]
        learner.adviser = Adviser(made, _records_of(records))
    if told["trained"]:
        scale = told["trained"]["scale"]
        learner.trained = Trained(
            Tagger(model),
            None if scale is None else Scale(tuple(scale[0]), tuple(scale[1])),
            told["trained"]["documents"],
        )
    return learner


def _lesson_of(told: Sequence[Any], vectors: bytes) -> Lesson:
    document, words, sentences, hints, _, gold, rejected, relations, said, evidence = told
    page = Page(
        document=document,
        words=tuple(words),
        sentences=tuple((first, last) for first, last in sentences),
        hints=tuple(Hint(*each) for each in hints),
        vectors=vectors,
    )
    return Lesson(
        page=page,
        gold=tuple(Place(*each) for each in gold),
        rejected=tuple(Place(*each) for each in rejected),
        relations=tuple(map(_tie_of, relations)),
        said=tuple((_tie_of(tie), score) for tie, score in said),
        evidence=evidence,
    )


def _tie_of(told: Sequence[Any]) -> Tie:
    head, child, label = told
    return Tie(Place(*head), Place(*child), label)


def _records_of(told: dict[str, Any]) -> Records:
    records = Records(articles=Tally(*told["articles"]), experience=told["experience"])
    for name, *counts in told["sources"]:
        records.sources[name] = Tally(*counts)
    for source, said, *counts in told["labels"]:
        records.labels[source, said] = Tally(*counts)
    for source, said, labels in told["meaning"]:
        records.meaning[source, said] = Counter(labels)
    for name, *sums in told["promises"]:
        records.promises[name] = Promise(*sums)
    for outer, inner, count in told["nested"]:
        records.nested[outer, inner] = count
    return records
