"""A doccano server in memory that behaves like the real one, and can be made to misbehave.

It toggles states, drops on import what overlaps where that is forbidden, trims what its API is given, takes relations
along with their spans, and numbers everything anew. `Trouble` loses requests or answers, doubles requests, and kills
whoever asks after so many of them.
"""

from __future__ import annotations

import contextlib
import json
import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from annotator.sync.remote import (
    Member,
    Progress,
    RefusedError,
    RemoteComment,
    RemoteDocument,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    RemoteType,
    ServerError,
    TypeKind,
    UnreachableError,
    Uploaded,
)

A = TypeVar("A")
ME = Member(user=1, name="ada", role="project_admin")
OTHER = Member(user=2, name="bob", role="annotator")


class KilledError(BaseException):
    """Stands for the end of the program in the middle of its work."""


@dataclass(slots=True)
class Trouble:
    """What happens to requests that write.

    Args:
        chance: of each of the three kinds of trouble. kills_after: requests after which whoever asks is killed;
            whether the last one was heard is a matter of chance.
    """

    random: random.Random = field(default_factory=lambda: random.Random(0))
    chance: float = 0.0
    kills_after: int | None = None
    asked: int = 0

    def meet(self, act: Callable[[], A], *, writes: bool) -> A:
        """Let a request through, or not, or twice."""
        self.asked += 1
        if self.kills_after is not None and self.asked > self.kills_after:
            if writes and self.asked == self.kills_after + 1 and self.random.random() < 0.5:
                act()
            raise KilledError
        if not writes or self.random.random() >= 3 * self.chance:
            return act()
        kind = self.random.randrange(3)
        if kind == 0:
            raise UnreachableError("The request was lost.")
        found = act()
        if kind == 1:
            raise UnreachableError("The answer was lost.")
        with contextlib.suppress(RefusedError):
            act()
        return found


@dataclass(slots=True)
class _Document:
    id: int
    text: str
    meta: dict[str, Any]
    spans: list[RemoteSpan] = field(default_factory=list)
    relations: list[RemoteRelation] = field(default_factory=list)
    categories: dict[int, list[str]] = field(default_factory=dict)
    comments: list[RemoteComment] = field(default_factory=list)
    confirmed: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Project:
    told: RemoteProject
    types: list[RemoteType] = field(default_factory=list)
    documents: dict[int, _Document] = field(default_factory=dict)


class FakeServer:
    """A server; `as_member` gives it as somebody else sees it."""

    def __init__(self, account: Member = ME) -> None:
        self.address = "http://fake"
        self.account = account
        self.trouble = Trouble()
        self.kept: dict[int, _Project] = {}
        self.tasks: dict[str, Uploaded] = {}
        self.people = [ME, OTHER]
        self._next = [100]
        self._exports: dict[str, list[RemoteDocument]] = {}
        self._lock = threading.RLock()
        self.calls: list[str] = []
        self.written = 0

    def as_member(self, account: Member) -> FakeServer:
        """Give the same server to another account, without any trouble."""
        other = FakeServer(account)
        other.kept, other.tasks, other.people = self.kept, self.tasks, self.people
        other._next, other._lock = self._next, self._lock
        return other

    def _number(self) -> int:
        self._next[0] += 1
        return self._next[0]

    def _ask(self, name: str, act: Callable[[], A], *, writes: bool = False) -> A:
        with self._lock:
            self.calls.append(name)
            self.written += writes
            return self.trouble.meet(act, writes=writes)

    def stopping(self, check: Callable[[], None]) -> contextlib.AbstractContextManager[None]:
        """Wait for nobody."""
        del check
        return contextlib.nullcontext()

    def together(
        self, calls: Sequence[Callable[[], A]], progress: Progress, text: str = ""
    ) -> Iterator[tuple[int, A | ServerError]]:
        """Do calls one after the other."""
        for number, call in enumerate(calls):
            progress(number, len(calls), text)
            try:
                found: A | ServerError = call()
            except RefusedError as error:
                found = error
            except ServerError as error:
                yield number, error
                raise
            yield number, found
        progress(len(calls), len(calls), text)

    def close(self) -> None:
        """Hold nothing."""

    # ------------------------------------------------------------------ projects and types

    def projects(self) -> Sequence[RemoteProject]:
        """List them."""
        return self._ask("projects", lambda: [each.told for each in self.kept.values()])

    def project(self, project: int) -> RemoteProject:
        """Give one."""
        return self._ask("project", lambda: self.kept[project].told)

    def create_project(self, wanted: RemoteProject) -> RemoteProject:
        """Make one."""

        def act() -> RemoteProject:
            made = replace(wanted, id=self._number())
            self.kept[made.id] = _Project(made)
            return made

        return self._ask("create_project", act, writes=True)

    def members(self, project: int) -> Sequence[Member]:
        """List them."""
        del project
        return self._ask("members", lambda: list(self.people))

    def types(self, project: int) -> Sequence[RemoteType]:
        """List them."""
        return self._ask("types", lambda: list(self.kept[project].types))

    def create_type(self, project: int, wanted: RemoteType) -> RemoteType:
        """Make one; names and keys are there once in each kind."""

        def act() -> RemoteType:
            kept = self.kept[project]
            made = replace(wanted, name=wanted.name.strip(), id=self._number())
            alike = [each for each in kept.types if each.kind is made.kind]
            if any(each.name == made.name for each in alike):
                raise RefusedError("text: it is there already", status=400)
            if made.key and any((each.prefix, each.key) == (made.prefix, made.key) for each in alike):
                raise RefusedError("suffix_key: it is taken", status=400)
            kept.types.append(made)
            return made

        return self._ask("create_type", act, writes=True)

    def change_type(self, project: int, wanted: RemoteType) -> RemoteType:
        """Change one; what carries it carries its new name."""

        def act() -> RemoteType:
            kept = self.kept[project]
            index = next(index for index, each in enumerate(kept.types) if each.id == wanted.id)
            before, kept.types[index] = kept.types[index], wanted
            for document in kept.documents.values():
                if wanted.kind is TypeKind.SPAN:
                    document.spans = [
                        replace(each, label=wanted.name) if each.label == before.name else each
                        for each in document.spans
                    ]
                else:
                    document.relations = [
                        replace(each, label=wanted.name) if each.label == before.name else each
                        for each in document.relations
                    ]
            return wanted

        return self._ask("change_type", act, writes=True)

    def delete_type(self, project: int, gone: RemoteType) -> None:
        """Delete one, and all that has it."""

        def act() -> None:
            kept = self.kept[project]
            kept.types = [each for each in kept.types if each.id != gone.id]
            for document in kept.documents.values():
                if gone.kind is TypeKind.SPAN:
                    document.spans = [each for each in document.spans if each.label != gone.name]
                kinds = {each.name for each in kept.types if each.kind is TypeKind.RELATION}
                ids = {each.id for each in document.spans}
                document.relations = [
                    each
                    for each in document.relations
                    if each.label in kinds and {each.head, each.child} <= ids
                ]

        self._ask("delete_type", act, writes=True)

    # ------------------------------------------------------------------ reading

    def count(self, project: int) -> int:
        """Count the documents."""
        return self._ask("count", lambda: len(self.kept[project].documents))

    def export(self, project: int, folder: Path, progress: Progress) -> Path:
        """Remember everything as it is now."""

        def act() -> Path:
            progress(0, 0, "Exporting")
            told = self.kept[project].told
            path = folder / f"{self._number()}.zip"
            path.write_text("", encoding="utf-8")
            owners = [None] if told.is_shared else self.people
            self._exports[path.name] = [
                self._shown(told, document, owner, singly=False)
                for owner in owners
                for document in self.kept[project].documents.values()
            ]
            return path

        return self._ask("export", act)

    def documents(self, project: RemoteProject, exported: Path) -> Iterator[RemoteDocument]:
        """Read what was exported."""
        del project
        yield from self._exports[exported.name]

    def _shown(
        self, told: RemoteProject, document: _Document, owner: Member | None, *, singly: bool
    ) -> RemoteDocument:
        """Give a document: an export tells no makers, and numbers only where there are relations."""
        spans = [each for each in document.spans if owner is None or each.user == owner.user]
        relations = [each for each in document.relations if owner is None or each.user == owner.user]
        if not singly:
            spans = [replace(each, user=0, id=each.id if told.has_relations else 0) for each in spans]
            relations = [replace(each, user=0) for each in relations]
        categories = document.categories.get(0 if owner is None else owner.user, [])
        return RemoteDocument(
            id=document.id,
            text=document.text,
            owner="" if owner is None else owner.name,
            metadata=document.meta,
            spans=tuple(spans),
            relations=tuple(relations),
            categories=tuple(categories),
            comments=tuple(each if singly else RemoteComment(text=each.text) for each in document.comments),
            is_confirmed=singly and self._is_confirmed(told, document),
        )

    def _is_confirmed(self, told: RemoteProject, document: _Document) -> bool:
        return bool(document.confirmed) if told.is_shared else self.account.user in document.confirmed

    def confirmed(self, project: int, progress: Progress, *, member: str = "") -> frozenset[int]:
        """Give the numbers of confirmed documents."""
        del progress, member
        kept = self.kept[project]
        return self._ask(
            "confirmed",
            lambda: frozenset(
                each.id for each in kept.documents.values() if self._is_confirmed(kept.told, each)
            ),
        )

    def comments(self, project: int, progress: Progress) -> Mapping[int, Sequence[RemoteComment]]:
        """Give all comments."""
        del progress
        documents = self.kept[project].documents
        return self._ask(
            "comments",
            lambda: {key: tuple(each.comments) for key, each in documents.items() if each.comments},
        )

    def document(self, project: RemoteProject, document: int) -> RemoteDocument:
        """Give one, with numbers and makers."""

        def act() -> RemoteDocument:
            found = self._of(project.id, document)
            owner = None if project.is_shared else self.account
            return self._shown(project, found, owner, singly=True)

        return self._ask("document", act)

    def spans(self, project: int, document: int) -> Sequence[RemoteSpan]:
        """Give those of one, with numbers and makers."""
        return self._ask("spans", lambda: self._of(project, document).spans)

    def _of(self, project: int, document: int) -> _Document:
        found = self.kept[project].documents.get(document)
        if found is None:
            raise RefusedError("There is no such document.", status=404)
        return found

    # ------------------------------------------------------------------ uploads

    def upload(
        self, project: RemoteProject, file: Path, *, started: Callable[[str], None], progress: Progress
    ) -> Uploaded:
        """Import a file; what cannot be taken of it is dropped without a word."""
        task = f"task-{self._number()}"

        def act() -> Uploaded:
            lines = file.read_text(encoding="utf-8").splitlines()
            for line in lines:
                self._import(project.id, json.loads(line))
            self.tasks[task] = Uploaded()
            return Uploaded()

        done: Uploaded = self._ask("upload", act, writes=True)
        started(task)
        progress(1, 1, "Uploaded")
        self._ask("waited", lambda: None)
        return done

    def wait(self, project: int, task: str, progress: Progress) -> Uploaded:
        """Everything is done at once here."""
        del project
        progress(0, 0, "Waiting")
        return self.tasks.get(task, Uploaded())

    def _import(self, project: int, line: dict[str, Any]) -> None:
        kept = self.kept[project]
        fields = {"text", "label", "entities", "relations", "cats"}
        meta = {name: value for name, value in line.items() if name not in fields}
        document = _Document(self._number(), line["text"], meta)
        given = line.get("entities", line.get("label", []))
        if not kept.told.has_relations:
            given = [
                {"id": index, "start_offset": start, "end_offset": end, "label": label}
                for index, (start, end, label) in enumerate(given)
            ]
        if kept.told.holds_categories:
            document.categories[0 if kept.told.is_shared else self.account.user] = line.get("cats", [])
            for name in line.get("cats", []):
                self._need_type(kept, TypeKind.CATEGORY, name)
        numbers = {}
        for each in given:
            span = RemoteSpan(
                start=each["start_offset"],
                end=each["end_offset"],
                label=each["label"],
                id=self._number(),
                user=self.account.user,
            )
            if span.start >= span.end or (not kept.told.allows_overlap and self._is_taken(document, span)):
                continue
            self._need_type(kept, TypeKind.SPAN, span.label)
            numbers[each["id"]] = span.id
            document.spans.append(span)
        for each in line.get("relations", []):
            if each["from_id"] in numbers and each["to_id"] in numbers:
                self._need_type(kept, TypeKind.RELATION, each["type"])
                document.relations.append(
                    RemoteRelation(
                        head=numbers[each["from_id"]],
                        child=numbers[each["to_id"]],
                        label=each["type"],
                        id=self._number(),
                        user=self.account.user,
                    )
                )
        kept.documents[document.id] = document

    def _need_type(self, kept: _Project, kind: TypeKind, name: str) -> None:
        if all(each.kind is not kind or each.name != name for each in kept.types):
            made = RemoteType(kind=kind, name=name, id=self._number(), background="#123456")
            kept.types.append(made)

    @staticmethod
    def _is_taken(document: _Document, span: RemoteSpan, owner: int | None = None) -> bool:
        return any(
            each.start < span.end and span.start < each.end
            for each in document.spans
            if owner is None or each.user == owner
        )

    # ------------------------------------------------------------------ single calls

    def create_span(self, project: int, document: int, span: RemoteSpan, kind: int) -> RemoteSpan:
        """Make one, wherever it lies."""

        def act() -> RemoteSpan:
            kept, found = self.kept[project], self._of(project, document)
            label = next(each.name for each in kept.types if each.id == kind)
            made = replace(span, id=self._number(), user=self.account.user, label=label)
            owner = None if kept.told.is_shared else self.account.user
            if not kept.told.allows_overlap and self._is_taken(found, made, owner):
                raise RefusedError("This overlapping is not allowed in this project.", status=400)
            found.spans.append(made)
            return made

        return self._ask("create_span", act, writes=True)

    def delete_span(self, project: int, document: int, span: int) -> None:
        """Delete one and its relations."""

        def act() -> None:
            found = self._of(project, document)
            found.spans = [each for each in found.spans if each.id != span]
            found.relations = [each for each in found.relations if span not in (each.head, each.child)]

        self._ask("delete_span", act, writes=True)

    def create_relation(
        self, project: int, document: int, relation: RemoteRelation, kind: int
    ) -> RemoteRelation:
        """Make one."""

        def act() -> RemoteRelation:
            kept, found = self.kept[project], self._of(project, document)
            ids = {each.id for each in found.spans}
            if not {relation.head, relation.child} <= ids:
                raise RefusedError("Invalid pk.", status=400)
            label = next(each.name for each in kept.types if each.id == kind)
            made = replace(relation, id=self._number(), user=self.account.user, label=label)
            found.relations.append(made)
            return made

        return self._ask("create_relation", act, writes=True)

    def delete_relation(self, project: int, document: int, relation: int) -> None:
        """Delete one."""

        def act() -> None:
            found = self._of(project, document)
            found.relations = [each for each in found.relations if each.id != relation]

        self._ask("delete_relation", act, writes=True)

    def create_comment(self, project: int, document: int, text: str) -> RemoteComment:
        """Write one; blanks at its ends go."""

        def act() -> RemoteComment:
            made = RemoteComment(
                text=text.strip(), id=self._number(), user=self.account.user, username=self.account.name
            )
            self._of(project, document).comments.append(made)
            return made

        return self._ask("create_comment", act, writes=True)

    def delete_comment(self, project: int, document: int, comment: int) -> None:
        """Delete one."""

        def act() -> None:
            found = self._of(project, document)
            found.comments = [each for each in found.comments if each.id != comment]

        self._ask("delete_comment", act, writes=True)

    def confirm(self, project: int, document: int, *, confirmed: bool) -> None:
        """Set the state by its toggle, as an adapter does: read, toggle, read."""
        kept, found = self.kept[project], self._of(project, document)

        def toggle() -> None:
            who = self.account.user
            if self._is_confirmed(kept.told, found):
                found.confirmed.clear() if kept.told.is_shared else found.confirmed.discard(who)
            else:
                found.confirmed.add(who)

        for _ in range(3):
            if self._is_confirmed(kept.told, found) is confirmed:
                return
            self._ask("confirm", toggle, writes=True)

    def metadata(self, project: int, document: int) -> Mapping[str, Any]:
        """Give them."""
        return self._ask("metadata", lambda: self._of(project, document).meta)

    def change_metadata(self, project: int, document: int, metadata: Mapping[str, Any]) -> None:
        """Replace them; an annotator may not."""

        def act() -> None:
            if self.account.role != "project_admin":
                raise RefusedError("You do not have permission to perform this action.", status=403)
            self._of(project, document).meta = dict(metadata)

        self._ask("change_metadata", act, writes=True)

    def change_categories(
        self, project: int, document: int, wanted: Mapping[str, int], *, others: bool
    ) -> None:
        """Set them; they are this account's."""
        del others
        kept, found = self.kept[project], self._of(project, document)
        key = 0 if kept.told.is_shared else self.account.user
        names = {each.id: each.name for each in kept.types if each.kind is TypeKind.CATEGORY}
        wanted_names = sorted(names[number] for number in wanted.values())
        self._ask("change_categories", lambda: found.categories.update({key: wanted_names}), writes=True)

    def delete_document(self, project: int, document: int) -> None:
        """Delete one."""
        self._ask(
            "delete_document", lambda: self.kept[project].documents.pop(document, None) and None, writes=True
        )

    # ------------------------------------------------------------------ what tests do without asking

    def put(self, project: int, text: str, *spans: tuple[int, int, str], **more: Any) -> _Document:
        """Lay a document there as its window would, with spans by this account."""
        kept = self.kept[project]
        document = _Document(self._number(), text, dict(more))
        for start, end, label in spans:
            self._need_type(kept, TypeKind.SPAN, label)
            document.spans.append(
                RemoteSpan(start=start, end=end, label=label, id=self._number(), user=self.account.user)
            )
        kept.documents[document.id] = document
        return document
