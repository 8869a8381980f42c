"""The answers of doccano 1.8, as far as this program reads them, and what they become here.

A field that is missing here is one that the server's version does not have: reading it then says so.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from annotator.sync.remote import (
    Member,
    RemoteComment,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    RemoteType,
    TypeKind,
)

T = TypeVar("T")


class Me(msgspec.Struct):
    """Who is logged in."""

    id: int
    username: str


class Project(msgspec.Struct):
    """A project; the last three only where spans are labelled."""

    id: int
    name: str
    project_type: str
    collaborative_annotation: bool
    description: str = ""
    guideline: str = ""
    allow_overlapping: bool = False
    grapheme_mode: bool = False
    use_relation: bool = False

    def here(self) -> RemoteProject:
        """Give it as this program has it."""
        return RemoteProject(
            id=self.id,
            name=self.name,
            kind=self.project_type,
            description=self.description,
            guideline=self.guideline,
            is_shared=self.collaborative_annotation,
            allows_overlap=self.allow_overlapping,
            has_relations=self.use_relation,
            counts_graphemes=self.grapheme_mode,
        )


class MemberRow(msgspec.Struct):
    """Somebody's place in a project."""

    user: int
    username: str
    rolename: str

    def here(self) -> Member:
        """Give it as this program has it."""
        return Member(user=self.user, name=self.username, role=self.rolename)


class Type(msgspec.Struct):
    """A label type."""

    id: int
    text: str
    prefix_key: str | None
    suffix_key: str | None
    background_color: str

    def here(self, kind: TypeKind) -> RemoteType:
        """Give it as this program has it."""
        return RemoteType(
            kind=kind,
            name=self.text,
            id=self.id,
            background=self.background_color.lower(),
            key=self.suffix_key or "",
            prefix=self.prefix_key or "",
        )


class Example(msgspec.Struct):
    """A document, without what hangs on it."""

    id: int
    text: str | None
    meta: dict[str, Any]
    is_confirmed: bool
    comment_count: int = 0


class Span(msgspec.Struct):
    """A span; `label` is the number of its type."""

    id: int
    user: int
    label: int
    start_offset: int
    end_offset: int

    def here(self, label: str) -> RemoteSpan:
        """Give it as this program has it, with the name of its type."""
        return RemoteSpan(
            start=self.start_offset, end=self.end_offset, label=label, id=self.id, user=self.user
        )


class Relation(msgspec.Struct):
    """A relation; `type` is the number of its type."""

    id: int
    user: int
    from_id: int
    to_id: int
    type: int

    def here(self, label: str) -> RemoteRelation:
        """Give it as this program has it, with the name of its type."""
        return RemoteRelation(head=self.from_id, child=self.to_id, label=label, id=self.id, user=self.user)


class Category(msgspec.Struct):
    """A category of a document; `label` is the number of its type."""

    id: int
    user: int
    label: int


class Comment(msgspec.Struct):
    """A comment; one that was just made names its document as a text."""

    id: int
    user: int | None
    example: int | str
    text: str
    username: str = ""

    def here(self) -> RemoteComment:
        """Give it as this program has it."""
        return RemoteComment(text=self.text, id=self.id, user=self.user or 0, username=self.username)


class Made(msgspec.Struct):
    """A task that was begun."""

    task_id: str


class Failure(msgspec.Struct):
    """A task that the server gave up."""

    text: str


class Task(msgspec.Struct):
    """How a task stands; its result is a list of errors of an import, or the place of an export."""

    ready: bool
    result: Any
    error: Failure | None


class State(msgspec.Struct):
    """That a document is confirmed, by whom."""

    id: int
    confirmed_by: int


class Page(msgspec.Struct, Generic[T]):
    """Part of a list, and how long the whole of it is."""

    count: int
    results: list[T]
