"""The suggesters that come with the program, as a person switches them in a project."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotator.model.errors import UserError
from annotator.model.wording import counted
from annotator.suggest.added import installed
from annotator.suggest.base import FINE_TUNED, LEARNT, PIPELINE, RELATIONS, ROLES
from annotator.suggest.fine_tuned import made
from annotator.workflows.fine_tuning import FIRST
from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.suggesting import fine_tuned_file

IMPORTED = "imported"
"""Switches whether documents that came done are learnt from, too."""
_ADDED = "added:"
"""Begins what switches a suggester of another package; its name follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggesterInfo:
    """A suggester: what switches it, what it is called, where it comes from, what it does, and whether it is on.

    Args:
        has_mapping: what its labels become can be chosen.
        option: what else can be switched of it, in words, empty where nothing can; option_kind: what switches that.
    """

    kind: str
    title: str
    detail: str
    about: str
    is_on: bool
    has_mapping: bool = False
    option: str = ""
    option_kind: str = ""


def built_in_suggesters(session: Session) -> list[SuggesterInfo]:
    """List them in the order in which they run; loads no pipeline."""
    settings = session.suggest_settings()
    option = "Learn from documents that came done, too"
    if settings.imported_is_gold:
        option = "Learn from what was decided here alone"
    return [
        SuggesterInfo(
            kind=PIPELINE,
            title="spaCy pipeline",
            detail=_pipeline_words(settings.pipeline),
            about="Finds names with a pipeline of spaCy, mended by rules and mapped to the labels of this project.",
            is_on=settings.uses_pipeline,
            has_mapping=True,
        ),
        SuggesterInfo(
            kind=ROLES,
            title="Roles",
            detail="offices beside names, by rule",
            about="Finds offices, posts and trades, such as “President” beside a name, where a label asks for them.",
            is_on=settings.roles,
        ),
        SuggesterInfo(
            kind=RELATIONS,
            title="Relations",
            detail="between spans, by rule",
            about="Joins spans that the schema lets be joined, by the words between them.",
            is_on=settings.relations,
        ),
        SuggesterInfo(
            kind=LEARNT,
            title="Learning",
            detail="from what you decide",
            about="Remembers what was accepted and rejected in finished documents, trains a tagger on them, and weighs "
            "what all suggesters say by how often each was right here.",
            is_on=settings.learns,
            option=option,
            option_kind=IMPORTED,
        ),
        SuggesterInfo(
            kind=FINE_TUNED,
            title="Fine-tuning",
            detail=_fine_tuned_words(session),
            about="While nobody works, trains a copy of the spaCy pipeline on what you finished, "
            f"from {FIRST} documents on. It begins after half a minute without a key, takes up to a minute and some "
            "300 MB of memory, and a key stops it. The copy proposes only if it finds more than the pipeline in "
            "documents held out.",
            is_on=settings.fine_tunes,
        ),
        *(
            SuggesterInfo(
                kind=each.kind,
                title=each.name,
                detail=f"{each.package} {each.version}".strip(),
                about=f"Comes with the package {each.package}, which was installed beside this program. It works in a "
                "process of its own; where it fails, the documents that it passed over say why.",
                is_on=each.name not in settings.added_off,
            )
            for each in installed().suggesters
        ),
    ]


def switched(settings: SuggestSettings, kind: str, *, is_on: bool) -> SuggestSettings:
    """Give the settings of a project with one of the suggesters switched on or off.

    A pipeline that is switched on while all its labels are ignored gets the mapping by name again.
    """
    if kind == PIPELINE:
        mapping = settings.mapping if not is_on or any(settings.mapping.values()) else {}
        return replace(settings, uses_pipeline=is_on, mapping=mapping)
    if kind == IMPORTED:
        return replace(settings, imported_is_gold=not settings.imported_is_gold)
    if kind.startswith(_ADDED):
        others = [name for name in settings.added_off if f"{_ADDED}{name}" != kind]
        return replace(settings, added_off=others if is_on else [*others, kind.removeprefix(_ADDED)])
    if kind == LEARNT:
        return replace(settings, learns=is_on)
    if kind == FINE_TUNED:
        return replace(settings, fine_tunes=is_on)
    return replace(settings, roles=is_on) if kind == ROLES else replace(settings, relations=is_on)


def unused_suggesters() -> tuple[str, ...]:
    """Say of each suggester that another package adds and that cannot be used why."""
    return installed().skipped


def _fine_tuned_words(session: Session) -> str:
    told = made(str(fine_tuned_file(session)))
    if told is None:
        return "of the pipeline, while nobody works"
    if not told.is_better:
        return f"no gain on {counted(len(told.lessons), 'document')} so far"
    return f"{counted(len(told.lessons), 'document')}, F1 {told.start:.2f} → {told.own:.2f}"


def _pipeline_words(name: str) -> str:
    from annotator.suggest.pipelines import find_pipeline

    try:
        found = find_pipeline(name)
    except UserError as error:
        return error.what
    return "none is installed" if found is None else f"{found.title} {found.version}"
