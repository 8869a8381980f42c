"""Makes candidates: hands texts to the machine and keeps what it proposes; nothing decided is touched."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import __version__
from annotator.editing.commands import Retokenize
from annotator.model.annotation import SpanKey, surface
from annotator.model.change import ChangeSet
from annotator.model.document import State
from annotator.model.errors import StaleError
from annotator.model.record import Problem
from annotator.model.schema import EntityType, Schema, write_schema
from annotator.store import articles, batches
from annotator.store import documents as documents_of
from annotator.suggest import fine_tuned
from annotator.suggest.added import installed
from annotator.suggest.base import PIPELINE, Settings, Suggestions, Text
from annotator.suggest.learning import keeping
from annotator.suggest.mapping import default_mapping
from annotator.workflows import chosen_pipelines
from annotator.workflows.added_pipelines import added_pipelines, is_added
from annotator.workflows.machine import Machine, machine_of
from annotator.workflows.pattern_records import recorded_lists
from annotator.workflows.recent import settings_folder
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.texts_given import text_of

if TYPE_CHECKING:
    from annotator.model.article import Annotations
    from annotator.suggest.crews import Crew
    from annotator.suggest.pipelines import Pipeline

CHUNK = 16
"""Documents handed over at once: small, so that the first are seen soon and cancelling is quick."""
TURN, CALM_TURN = 0.001, 0.02
"""Seconds after which candidates are written in another turn, for which a key waits; the second while nobody acts."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that a suggester passed over, and why."""

    document: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestReport:
    """What a run of the suggesters did; spans and relations count candidates that are left to decide."""

    documents: int
    spans: int
    relations: int
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineInfo:
    """A spaCy pipeline that can be chosen, installed, added or in a folder; named as `find_pipeline` takes it."""

    name: str
    language: str
    version: str
    labels: tuple[str, ...]

    @classmethod
    def of(cls, pipeline: Pipeline) -> PipelineInfo:
        """Tell what is known of a pipeline."""
        return cls(
            name=pipeline.name,
            language=pipeline.language,
            version=pipeline.version,
            labels=tuple(pipeline.labels),
        )

    @property
    def title(self) -> str:
        """Give the name people know it by: a folder's last part."""
        return Path(self.name).name

    @property
    def is_added(self) -> bool:
        """Tell whether the person added it to the program."""
        return is_added(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """What becomes of one label of a pipeline, with its first hits in the texts at hand."""

    label: str
    target: str
    hits: int
    examples: tuple[str, ...]


def settings_of(session: Session, chosen: SuggestSettings | None = None) -> Settings:
    """Give what the suggesters are told for this project."""
    chosen = chosen or session.suggest_settings()
    settings = Settings(
        schema=session.schema,
        pipeline=chosen.pipeline,
        mapping=chosen.mapping,
        patterns=recorded_lists(session, chosen.pipeline),
        roles=chosen.roles,
        relations=chosen.relations,
        others=tuple(each for each in installed().suggesters if each.name not in chosen.added_off),
        learnt=str(learnt_file(session)) if chosen.learns else "",
    )
    if not chosen.uses_pipeline:
        return replace(settings, enabled=tuple(kind for kind in settings.kinds if kind != PIPELINE))
    if chosen.fine_tunes and chosen.learns:
        return replace(settings, fine_tuned=str(fine_tuned_file(session)))
    return settings


def learnt_file(session: Session) -> Path:
    """Give the file in which a project's learnt state is kept, whether it is there or not.

    It lies in the person's own folder, not beside the project: native code reads it, so that it must never come from a
    stranger, and it holds words of documents.
    """
    return _own_file(session, "learnt")


def fine_tuned_file(session: Session) -> Path:
    """Give the file in which a project's fine-tuned pipeline is kept, beside what was learnt; there need not be one."""
    return _own_file(session, "tuned")


def _own_file(session: Session, kind: str) -> Path:
    where = hashlib.sha256(str(session.path.resolve()).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return settings_folder() / "learnt" / f"{where}.{kind}"


def suggest(
    session: Session,
    report: Report = silent,
    *,
    documents: Sequence[int] | None = None,
    again: bool = False,
    crew: Crew | None = None,
) -> SuggestReport:
    """Make candidates for documents, or for all unfinished ones that have none yet; `again` remakes them.

    Done and skipped documents are passed over (nothing in a done one may be undecided), and so are those that went
    meanwhile. What was made before a cancel is kept. A `crew` works on several shards at once; the machine of the
    session otherwise, in small steps.

    Raises:
        UserError: no suggester can run. Cancelled: the person stopped.
    """
    settings = settings_of(session)
    version = _version(settings)
    if documents is None:
        documents = session.document_keys() if again else session.without_candidates()
    spans = relations = done = passed = 0
    skipped: list[Skipped] = []
    report(0, len(documents), "Making candidates")
    for chunk, answers in _proposed(session, documents, settings, crew):
        made = _kept(session, answers, version)
        for found, left in made:
            spans += len(left.undecided)
            relations += len(left.undecided_relations)
            if found.skipped:
                title = documents_of.document(session.project, found.document, hidden=True).title
                skipped.append(Skipped(found.document, title, found.skipped))
        done += len(made)
        passed += len(chunk)
        session.tell(ChangeSet(documents=frozenset(chunk), candidates=True))
        report(passed, len(documents), f"Making candidates, {passed:,} of {len(documents):,}")
    told = [Problem(file=each.title, message=each.reason, refused=False) for each in skipped]
    if session.refused_pipeline:
        message = chosen_pipelines.refusal(session.refused_pipeline)
        told.insert(0, Problem(file=session.path.name, message=message, refused=False))
    problems = tuple(told)
    return SuggestReport(
        documents=done, spans=spans, relations=relations, skipped=tuple(skipped), problems=problems
    )


def _proposed(
    session: Session, documents: Sequence[int], settings: Settings, crew: Crew | None
) -> Iterator[tuple[list[int], list[Suggestions]]]:
    """Give the answers for documents, shard by shard, beside the keys that were asked for."""
    shards = (
        (chunk, [text_of(session, key) for key in chunk if _is_open(session, key)])
        for chunk in batches.chunks(documents, CHUNK if crew is None else crew.shard)
    )
    if crew is not None:
        yield from crew.propose_stream(shards, settings)
        return
    for chunk, texts in shards:
        yield chunk, machine_of(session).propose(texts, settings) if texts else []


def _is_open(session: Session, key: int) -> bool:
    """Tell whether a document is there and not finished."""
    try:
        return session.document(key).state in (State.TODO, State.IN_PROGRESS)
    except StaleError:
        return False


def _kept(
    session: Session, answers: Sequence[Suggestions], version: str
) -> list[tuple[Suggestions, Annotations]]:
    """Keep what was proposed for documents that are still open, in turns that no key has to wait for long.

    Gives each with what stands in its document then.
    """
    made = []
    waiting = deque(answers)
    while waiting:
        end = time.monotonic() + (CALM_TURN if session.project.is_undisturbed() else TURN)
        with session.project.writing(tells=True):
            while waiting and time.monotonic() < end:
                found = waiting.popleft()
                if _is_open(session, found.document):
                    articles.set_candidates(
                        session.project,
                        found.document,
                        found.proposals,
                        version=version,
                        skipped=found.skipped,
                    )
                    made.append((found, articles.refresh_tally(session.project, found.document)))
        session.project.rest()
    return made


def _version(settings: Settings) -> str:
    told = json.dumps(
        [
            *(__version__, settings.pipeline, dict(settings.mapping), settings.roles, settings.relations),
            settings.runs(PIPELINE),
            [(each.name, each.path, each.version) for each in settings.others],
        ],
        sort_keys=True,
    )
    made = hashlib.sha256((told + write_schema(settings.schema)).encode())
    before = keeping.known(settings.learnt) if settings.learnt else None
    made.update(repr(before.lessons if before else ()).encode())
    if settings.fine_tuned and (tuned := fine_tuned.made(settings.fine_tuned)) is not None:
        made.update(tuned.digest.encode())
    for each in settings.patterns:
        for part in (each.id, each.label, str(each.ignore_case), *each.blocks):
            made.update(part.encode("utf-8", "surrogatepass"))
    return made.hexdigest()[:16]


def package_or_folder(name: str) -> str:
    """Give what a person typed as the name of a package, or as a whole path where a folder of this name is there.

    A pipeline that was added to the program goes by its name, too.
    """
    from annotator.suggest.pipelines import is_installed

    if is_installed(name):
        return name
    folder = Path(name)
    added = next((each.name for each in added_pipelines() if each.title == name), name)
    return str(folder.absolute()) if folder.is_dir() else added


def pipelines() -> list[PipelineInfo]:
    """List the spaCy pipelines that are installed, then those that were added, without loading one."""
    from annotator.suggest.spacy_pipeline import installed_pipelines

    return [PipelineInfo.of(each) for each in (*installed_pipelines(), *added_pipelines())]


def try_pipeline(pipeline: Pipeline) -> None:
    """Load a pipeline in this process, to see that it can be loaded.

    Raises:
        UserError: spaCy cannot load it.
    """
    from annotator.suggest.pipelines import load

    load(pipeline)


def mapping_for(
    pipeline: PipelineInfo, schema: Schema, chosen: SuggestSettings | None = None
) -> dict[str, str]:
    """Give what becomes of each label of a pipeline: what was chosen, else what its name says; empty for ignored."""
    mapping = dict(default_mapping(pipeline.labels, schema))
    if chosen is not None:
        mapping.update({label: target for label, target in chosen.mapping.items() if label in mapping})
    return mapping


def mapping_preview(
    machine: Machine,
    texts: Sequence[tuple[str, str]],
    pipeline: PipelineInfo,
    schema: Schema,
    chosen: SuggestSettings | None = None,
) -> list[MappingRow]:
    """Run a pipeline over some texts (text, language) and show what becomes of each of its labels.

    Raises:
        UserError: the pipeline cannot be run.
    """
    mapping = mapping_for(pipeline, schema, chosen)
    own = Schema(tuple(EntityType(name=label) for label in pipeline.labels))
    settings = Settings(
        schema=own,
        pipeline=pipeline.name,
        mapping={label: label for label in pipeline.labels},
        roles=False,
        relations=False,
        enabled=(PIPELINE,),
    )
    tokens = machine.tokenize(texts)
    asked = [
        Text(document=number, text=text, language=language, tokens=made)
        for number, ((text, language), made) in enumerate(zip(texts, tokens, strict=True))
    ]
    hits: dict[str, Counter[str]] = {label: Counter() for label in pipeline.labels}
    for found in machine.propose(asked, settings):
        for proposal in found.proposals:
            if isinstance(proposal.what, SpanKey):
                words = surface(texts[found.document][0], proposal.what.fragments)
                hits[proposal.what.label][words] += 1
    return [
        MappingRow(
            label=label, target=mapping.get(label, ""), hits=count.total(), examples=tuple(list(count)[:3])
        )
        for label, count in hits.items()
    ]


def retokenize(session: Session, document: int, language: str) -> ChangeSet:
    """Give a document another language and the tokens that go with it.

    Raises:
        UserError: it cannot be done.
    """
    tokens = machine_of(session).tokenize([(session.text(document), language)])[0]
    return session.do(
        Retokenize(
            document=document,
            language=language,
            starts=tuple(tokens.starts),
            ends=tuple(tokens.ends),
            sentences=tuple(tokens.sentences),
            tokenizer=tokens.tokenizer,
        )
    )
