"""Runs the suggesters over a batch of texts and makes one set of proposals for each document.

Order: what finds entities, then roles beside them, then a selection without overlaps, then relations between what is
left and what was accepted before. The same texts and settings always give the same proposals. Which process
this happens in is `worker.py`'s matter.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import TracebackType

from annotator.model.annotation import SpanKey, overlaps
from annotator.model.candidate import Proposal
from annotator.model.errors import UserError
from annotator.suggest.base import PIPELINE, RELATIONS, ROLES, Settings, Suggester, Suggestions, Text
from annotator.suggest.mapping import meanings
from annotator.suggest.relations import RelationSuggester
from annotator.suggest.roles import RoleSuggester
from annotator.suggest.spacy_pipeline import PipelineSuggester

BATCH = 64
"""Texts that are worked on together."""
BATCH_LENGTH = 400_000
"""Code points after which a batch is full."""
SHOWN = 0.25
"""Spans scored below this are not proposed."""

Note = Callable[[str, Sequence[int]], None]
"""Is told which suggester begins on which documents."""


class SuggesterError(UserError):
    """A suggester cannot be made at all."""


class Failure:
    """Catch whatever a suggester raises: it is told to the person, and the other suggesters go on.

    A context manager; `text` is empty where nothing was raised. A `UserError` passes.
    """

    __slots__ = ("text",)

    def __init__(self) -> None:
        self.text = ""

    def __enter__(self) -> Failure:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None or isinstance(error, UserError) or not isinstance(error, Exception):
            return False
        self.text = f"{type(error).__name__}: {error}".strip(": ")
        return True


def propose_all(
    texts: Sequence[Text], settings: Settings, *, note: Note | None = None
) -> list[Suggestions]:
    """Run all suggesters that are switched on; give one answer for each text, in their order.

    A suggester that fails on a text is named in that answer's `skipped`, and the others go on.

    Raises:
        UserError: the pipeline that was asked for is missing or cannot be loaded.
    """
    found: list[Suggestions] = []
    for batch in batches(texts):
        found += _propose(batch, settings, note or _silent)
    return found


def batches(texts: Sequence[Text]) -> list[list[Text]]:
    """Cut texts into batches of `BATCH` or `BATCH_LENGTH`, whichever is reached first."""
    found: list[list[Text]] = []
    length = 0
    for each in texts:
        if not found or len(found[-1]) >= BATCH or length + len(each.text) > BATCH_LENGTH:
            found.append([])
            length = 0
        found[-1].append(each)
        length += len(each.text)
    return found


def _silent(suggester: str, documents: Sequence[int]) -> None:
    """Tell nobody."""


def _propose(texts: Sequence[Text], settings: Settings, note: Note) -> list[Suggestions]:
    answers = [Suggestions(document=each.document) for each in texts]
    for suggester in _entity_suggesters(settings):
        answers = _joined(answers, _run(suggester, texts, note))
    roles = RoleSuggester(settings) if settings.runs(ROLES) else None
    if roles is not None and roles.label:
        note(roles.name, [each.document for each in texts])
        answers = [_with_roles(text, answer, roles) for text, answer in zip(texts, answers, strict=True)]
    answers = [_selected(text, answer, settings) for text, answer in zip(texts, answers, strict=True)]
    if settings.runs(RELATIONS) and settings.schema.relations:
        relations = RelationSuggester(settings)
        note(relations.name, [each.document for each in texts])
        answers = [_with_relations(text, answer, relations) for text, answer in zip(texts, answers, strict=True)]
    return answers


def _entity_suggesters(settings: Settings) -> list[Suggester]:
    """Make those that find entities by themselves.

    Raises:
        UserError: one cannot be made.
    """
    made: list[Suggester] = []
    if settings.runs(PIPELINE):
        made.append(PipelineSuggester(settings))
    for path in settings.others:
        if settings.runs(path):
            made.append(_imported(path, settings))
    return made


def _imported(path: str, settings: Settings) -> Suggester:
    module, _, name = path.partition(":")
    try:
        factory = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise SuggesterError(f"The suggester {path} cannot be found: {error}.", "Install it, or take it out.") from error
    made: Suggester = factory(settings)
    return made


def _run(suggester: Suggester, texts: Sequence[Text], note: Note) -> list[Suggestions]:
    """Run one suggester over a batch; where that fails, over one text after the other, to name the culprit."""
    note(suggester.name, [each.document for each in texts])
    with Failure() as failure:
        answers = suggester.propose(texts)
        if [answer.document for answer in answers] != [each.document for each in texts]:
            raise ValueError("it did not answer for each text")
        return answers
    if len(texts) == 1:
        reason = f"{suggester.name} could not read this document ({failure.text})."
        return [Suggestions(document=texts[0].document, skipped=reason)]
    half = len(texts) // 2
    return [*_run(suggester, texts[:half], note), *_run(suggester, texts[half:], note)]


def _joined(first: Iterable[Suggestions], second: Iterable[Suggestions]) -> list[Suggestions]:
    return [
        replace(
            one,
            proposals=one.proposals + other.proposals,
            skipped=" ".join(filter(None, (one.skipped, other.skipped))),
            misaligned=one.misaligned + other.misaligned,
        )
        for one, other in zip(first, second, strict=True)
    ]


def _with_roles(text: Text, answer: Suggestions, roles: RoleSuggester) -> Suggestions:
    """Add roles, and cut them off the names they were found in."""
    known = {each.what for each in answer.proposals if isinstance(each.what, SpanKey)} | set(text.accepted)
    found = roles.propose_beside(text, sorted(known))
    kept = [_cut(text, each, found.proposals) for each in answer.proposals]
    return replace(answer, proposals=tuple(each for each in kept if each is not None) + found.proposals)


def _cut(text: Text, proposal: Proposal, roles: Sequence[Proposal]) -> Proposal | None:
    """Shorten a name by the role at its beginning or end; drop one that is nothing but a part of a role."""
    what = proposal.what
    if not isinstance(what, SpanKey) or "ROLE" in meanings(what.label):
        return proposal
    start, end = what.fragments[0].start, what.fragments[-1].end
    for role in roles:
        assert isinstance(role.what, SpanKey)
        (role_start, role_end), *_ = role.what.fragments
        if role_end <= start or end <= role_start or role.score < proposal.score - 0.1:
            continue
        if role_start <= start and end <= role_end:
            return None
        if start == role_start:
            start = _after_blanks(text, role_end)
        elif end == role_end:
            end = _before_blanks(text, role_start)
        else:
            continue
        if not text.tokens.on_borders(start, end):
            return None
        fragments = (what.fragments[0]._replace(start=start, end=end),)
        proposal = replace(proposal, what=SpanKey(fragments, what.label))
        what = SpanKey(fragments, what.label)
    return proposal


def _after_blanks(text: Text, offset: int) -> int:
    while offset < len(text.text) and text.text[offset] in " \u00a0,":
        offset += 1
    return offset


def _before_blanks(text: Text, offset: int) -> int:
    while offset > 0 and text.text[offset - 1] in " \u00a0,":
        offset -= 1
    return offset


def _selected(text: Text, answer: Suggestions, settings: Settings) -> Suggestions:
    """Keep the best of what overlaps, and nothing that touches an accepted span or is unknown to the schema."""
    shown = [
        each
        for each in answer.proposals
        if isinstance(each.what, SpanKey) and each.score >= SHOWN and settings.schema.entity(each.what.label) is not None
    ]
    kept: list[Proposal] = []
    readings: list[Proposal] = []
    taken: list[SpanKey] = sorted(text.accepted)
    for each in sorted(shown, key=_rank):
        assert isinstance(each.what, SpanKey)
        if any(each.what == other.what for other in kept):
            kept.append(each)
        elif not _hits(each.what, taken):
            kept.append(each)
            taken.append(each.what)
        elif not _hits(each.what, text.accepted):
            readings.append(each)
    both = kept + readings if settings.readings else kept
    return replace(answer, proposals=tuple(sorted(both, key=_place)))


def _hits(what: SpanKey, taken: Iterable[SpanKey]) -> bool:
    return any(overlaps(what.fragments, other.fragments) for other in taken)


def _rank(proposal: Proposal) -> tuple[float, int, object, str]:
    assert isinstance(proposal.what, SpanKey)
    length = sum(end - start for start, end in proposal.what.fragments)
    return -proposal.score, -length, proposal.what, proposal.suggester


def _place(proposal: Proposal) -> tuple[object, float, str]:
    return proposal.what, -proposal.score, proposal.suggester


def _with_relations(text: Text, answer: Suggestions, relations: RelationSuggester) -> Suggestions:
    spans = [each for each in answer.proposals if isinstance(each.what, SpanKey)]
    found = relations.propose_between(text, spans)
    return replace(answer, proposals=answer.proposals + found.proposals)
