"""An open project as a person sees it: what it holds, what can be done with it, and who hears of it.

The window, the terminal and the tests all talk to a `Session`; it owns the project file and the editor.
Long work runs on a `clone` with a connection of its own; what it did is delivered on the thread of the original.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.editing.commands import Command, Redo, Undo
from annotator.editing.editor import Editor
from annotator.editing.history import UndoRefusedError, along_with
from annotator.model.annotation import Kind
from annotator.model.article import Annotations
from annotator.model.change import ChangeSet, Step
from annotator.model.document import Document, Tokens
from annotator.model.limits import LABEL_LIMIT, LINE_LIMIT
from annotator.model.schema import Schema
from annotator.store import articles, past
from annotator.store import documents as listed
from annotator.store.articles import Touched
from annotator.store.connections import Closed
from annotator.store.documents import Counts, DocumentFilter, DocumentRow
from annotator.store.project import Project
from annotator.workflows import chosen_pipelines

if TYPE_CHECKING:
    from annotator.workflows.machine import Machine

__all__ = [
    "Closed",
    "Counts",
    "DocumentFilter",
    "DocumentRow",
    "Session",
    "SuggestSettings",
    "Touched",
    "UndoRefusedError",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestSettings:
    """What proposes candidates in this project.

    Args:
        pipeline: name or folder of a spaCy pipeline; empty means the first that is installed.
        mapping: pipeline label to project label, empty for ignored; labels not named go by name.
        uses_pipeline: a pipeline is run. roles: offices beside names. relations: pairs that the schema allows.
        added_off: names of suggesters of other packages that are switched off.
        learns: candidates grow with what is decided. imported_is_gold: documents that came done are learnt from, too.
        fine_tunes: while nobody works the pipeline is fine-tuned on what is decided, where it learns.
    """

    pipeline: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    uses_pipeline: bool = True
    roles: bool = True
    relations: bool = True
    added_off: list[str] = field(default_factory=list)
    learns: bool = True
    imported_is_gold: bool = False
    fine_tunes: bool = False


_SUGGEST = tuple(each.name for each in fields(SuggestSettings))


class Session:
    """An open project.

    Args:
        holder: where it could only be opened for reading, who writes in it, as a sentence.
        left_behind: that one is gone, and the project can be taken over.
    """

    def __init__(
        self, project: Project, *, annotator: str, holder: str = "", left_behind: bool = False
    ) -> None:
        self.project = project
        self.annotator = annotator
        self.holder = holder
        self.left_behind = left_behind
        self.editor = Editor(project, annotator=annotator)
        self.on_pending: Callable[[], None] | None = None
        self._pending: queue.SimpleQueue[ChangeSet] = queue.SimpleQueue()
        self._origin: Session | None = None
        self.machine: Machine | None = None

    def call_annotator(self, name: str) -> None:
        """Keep decisions from now on under another name."""
        self.annotator = self.editor.annotator = name

    @property
    def path(self) -> Path:
        """Give the project file."""
        return self.project.path

    @property
    def read_only(self) -> bool:
        """Tell whether nothing can be written."""
        return self.project.read_only

    @property
    def care(self) -> str:
        """Say that the project's disk cannot be trusted with locks, and what follows; empty where it can."""
        return self.project.care()

    @property
    def project_left_by(self) -> str:
        """Name who wrote here before and did not close the project; empty where it was closed."""
        left = self.project.left_by
        return "" if left is None else left.words()

    @property
    def name(self) -> str:
        """Give the name of the project."""
        return self.project.setting_like("name", self.path.stem)[:LINE_LIMIT]

    @property
    def language(self) -> str:
        """Give the language of its texts, as a code such as `en`."""
        return self.project.setting_like("language", "en")[:LABEL_LIMIT]

    @property
    def schema(self) -> Schema:
        """Give its types."""
        schema = self.project.types.schema
        return replace(schema, title=self.name, language=self.language)

    def do(
        self,
        command: Command | Undo | Redo,
        *,
        initiator: object = None,
        along: Callable[[], None] | None = None,
    ) -> ChangeSet:
        """Carry out a command, durably, and tell the listeners; `along` writes what belongs to it in the same turn.

        Raises:
            UserError: it cannot be done; the message says why and what to do.
        """
        return self._passed_on(self.editor.do(command, initiator=initiator, along=along))

    def undo(
        self, document: int | None, *, with_later: bool = False, initiator: object = None
    ) -> ChangeSet | None:
        """Undo the newest act that stands and touches a document (None: any); None if there is none."""
        return self.editor.undo(document, with_later=with_later, initiator=initiator)

    def redo(self, document: int | None, *, initiator: object = None) -> ChangeSet | None:
        """Take back the newest undo that no act followed; None if there is none."""
        return self.editor.redo(document, initiator=initiator)

    def undoable(self, document: int | None) -> Step | None:
        """Give the act that `undo` would undo."""
        return self.editor.undoable(document)

    def brings_documents(self, step: Step) -> bool:
        """Tell whether an act is an import; its undo takes documents away."""
        return past.brings_documents(self.project, step.key)

    def redoable(self, document: int | None) -> Step | None:
        """Give the undo that `redo` would take back."""
        return self.editor.redoable(document)

    def history(
        self, limit: int = 200, *, before: int | None = None, words: str = "", document: int | None = None
    ) -> list[Step]:
        """List entries of the journal, newest first: older than `before`, with these words, of a document."""
        return past.history(self.project, limit=limit, before=before, words=words, document=document)

    def count_steps(self) -> int:
        """Count the entries of the journal."""
        return past.count_steps(self.project)

    def count_standing_since(self, step: int) -> int:
        """Count the acts that stand, from the newest back to one."""
        return past.count_standing_since(self.project, step)

    def standing_since(self, step: int) -> list[int]:
        """List the acts that stand, by key, from the newest back to one."""
        return past.standing_since(self.project, step)

    def goes_along(self, steps: Sequence[int]) -> list[Step]:
        """Name the later acts that undoing some acts would take along, newest first."""
        return along_with(self.project, steps)

    def undo_of(self, act: int) -> Step | None:
        """Give the undo that took an act back and can itself be taken back; None if there is none."""
        return past.undo_of(self.project, act)

    def listen(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Call a function after every commit; gives the function that ends it."""
        return self.editor.listen(listener)

    def tell(self, changes: ChangeSet) -> None:
        """Tell listeners of something that was written without a command (candidates)."""
        self.editor.tell(self._passed_on(changes))

    def _passed_on(self, changes: ChangeSet) -> ChangeSet:
        if self._origin is not None:
            self._origin.hand_over(changes)
        return changes

    def hand_over(self, changes: ChangeSet) -> None:
        """Take word of what a clone did; `deliver` passes it on. Called from the clone's thread."""
        self._pending.put(changes)
        if self.on_pending is not None:
            self.on_pending()

    def deliver(self) -> None:
        """Tell listeners what clones did meanwhile; call it on the thread of this session."""
        while True:
            try:
                changes = self._pending.get_nowait()
            except queue.Empty:
                return
            if changes.schema or changes.everywhere:
                self.project.forget_types()
            self.editor.tell(changes)

    def clone(self) -> Session:
        """Give a session with a connection of its own for long work in another thread; close it there."""
        other = Session(self.project.sibling(), annotator=self.annotator, holder=self.holder)
        other._origin = self
        other.machine = self.machine
        return other

    def close(self) -> Closed:
        """Let the project go; after that the one file is all of it, or the outcome says what belongs to it."""
        if self._origin is None and self.machine is not None:
            self.machine.close()
        return self.project.close()

    def counts(self) -> Counts:
        """Count the documents by state."""
        return listed.counts(self.project)

    def documents(
        self, wanted: DocumentFilter | None = None, *, after: int | None = None, limit: int = 100
    ) -> list[DocumentRow]:
        """Give a page of documents in file order, behind the row key `after`."""
        return listed.list_documents(self.project, wanted or DocumentFilter(), after=after, limit=limit)

    def document_keys(self, wanted: DocumentFilter | None = None) -> list[int]:
        """List row keys of documents in file order."""
        return listed.document_keys(self.project, wanted)

    def keys_between(
        self, wanted: DocumentFilter, *, after: int, before: int | None = None, limit: int = -1
    ) -> list[int]:
        """List row keys of documents between two others, in file order; costs what lies between them at most."""
        return listed.keys_between(self.project, wanted, after=after, before=before, limit=limit)

    def last_key(self) -> int:
        """Give the row key of the last document; 0 where there is none."""
        return listed.last_key(self.project)

    def rows_of(self, keys: Sequence[int]) -> list[DocumentRow]:
        """Give the lines of some documents in file order; those that are gone are left out."""
        return listed.rows_of(self.project, keys)

    def row(self, key: int) -> DocumentRow:
        """Give one line of the list."""
        return listed.document_row(self.project, key)

    def document(self, key: int) -> Document:
        """Give what is known about a document."""
        return listed.document(self.project, key)

    def key_of(self, identity: str) -> int | None:
        """Give the row key of the document with a stable id; None where it is not there."""
        return listed.key_of(self.project, identity)

    def text(self, key: int) -> str:
        """Give the text of a document."""
        return listed.text_of(self.project, key)

    def tokens(self, key: int) -> Tokens:
        """Give the tokens and sentences of a document."""
        return listed.tokens_of(self.project, key)

    def annotations(self, key: int) -> Annotations:
        """Give what is decided and what is left to decide in a document."""
        return articles.annotations_in(self.project, key)

    def neighbour(
        self,
        key: int,
        *,
        forward: bool = True,
        unfinished: bool = False,
        wanted: DocumentFilter | None = None,
    ) -> int | None:
        """Give the next or previous document in file order; `unfinished` passes over done and skipped ones."""
        return listed.neighbour(self.project, key, forward=forward, unfinished=unfinished, wanted=wanted)

    def usage(self) -> dict[tuple[Kind, str], tuple[int, int]]:
        """Give for each used type how many spans or relations have it, and in how many documents."""
        return articles.usage(self.project)

    def touched_by_type(self, kind: Kind, name: str) -> Touched:
        """Count what deleting a type would take along."""
        return articles.touched_by_type(self.project, kind, name)

    def setting(self, name: str, default: Any = None) -> Any:
        """Give a setting kept in the project."""
        return self.project.setting(name, default)

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a setting (anything JSON holds) in the project."""
        self.project.set_setting(name, value)

    def suggest_settings(self) -> SuggestSettings:
        """Give what proposes candidates here; a pipeline's folder only where it was chosen on this machine."""
        kept: dict[str, Any] = self.project.setting_like("suggest", {})
        default = SuggestSettings()
        sound = {
            name: kept[name] for name in _SUGGEST if isinstance(kept.get(name), type(getattr(default, name)))
        }
        if not all(isinstance(label, str) for label in sound.get("mapping", {}).values()):
            del sound["mapping"]
        if not all(isinstance(name, str) for name in sound.get("added_off", [])):
            del sound["added_off"]
        if not chosen_pipelines.may_be_used(sound.get("pipeline", "")):
            del sound["pipeline"]
        return SuggestSettings(**sound)

    @property
    def refused_pipeline(self) -> str:
        """Give the folder of a pipeline that the project names and nobody chose here; empty where there is none."""
        kept: dict[str, Any] = self.project.setting_like("suggest", {})
        pipeline = kept.get("pipeline")
        is_refused = isinstance(pipeline, str) and not chosen_pipelines.may_be_used(pipeline)
        return str(pipeline) if is_refused else ""

    def set_suggest_settings(self, settings: SuggestSettings) -> None:
        """Keep what proposes candidates here: a person chose it, so that its folder is used from now on."""
        chosen_pipelines.remember_choice(settings.pipeline)
        kept = {name: getattr(settings, name) for name in _SUGGEST}
        self.set_setting("suggest", kept)

    def without_candidates(self, *, after: int = 0, limit: int = -1) -> list[int]:
        """List the unfinished documents behind a row key over which no suggester was run yet."""
        return listed.not_suggested(self.project, after=after, limit=limit)

    def count_without_candidates(self) -> int:
        """Count the unfinished documents over which no suggester was run yet; takes a while in large projects."""
        return listed.count_not_suggested(self.project)

    def steps(self, keys: Sequence[int]) -> list[Step]:
        """Give entries of the journal by key."""
        return [step for key in keys if (step := past.step(self.project, key)) is not None]
