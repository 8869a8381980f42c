"""What one asks a doccano server: projects, members, label types, documents, comments, states. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, TypeVar

from annotator.sync import shapes
from annotator.sync.connection import Connection
from annotator.sync.remote import (
    Member,
    Progress,
    RefusedError,
    RemoteComment,
    RemoteDocument,
    RemoteProject,
    RemoteSpan,
    RemoteType,
    ServerError,
    TypeKind,
)

T = TypeVar("T")
PAGE = 500
"""How much of a list is asked for at once: without a wish, doccano gives five; of all at once, it may tire."""
TYPES = {
    TypeKind.SPAN: "span-types",
    TypeKind.RELATION: "relation-types",
    TypeKind.CATEGORY: "category-types",
}
LISTING = "Reading lists of the server"


class Asking:
    """Asks the server.

    Args:
        connection: the session. account: who is logged in.
    """

    def __init__(self, connection: Connection, account: Member) -> None:
        self._connection = connection
        self._account = account
        self._named: dict[int, Mapping[tuple[TypeKind, int], str]] = {}

    @property
    def address(self) -> str:
        """The server's address, without a slash at its end."""
        return self._connection.address

    @property
    def account(self) -> Member:
        """Who is logged in."""
        return self._account

    def stopping(self, check: Callable[[], None]) -> AbstractContextManager[None]:
        """Have `check` called while this thread waits."""
        return self._connection.stopping(check)

    def together(
        self, calls: Sequence[Callable[[], T]], progress: Progress, text: str = ""
    ) -> Iterator[tuple[int, T | ServerError]]:
        """Do calls several at a time."""
        return self._connection.together(calls, progress, text)

    def close(self) -> None:
        """Let go of what is held. It does not log out: that would end the account's other programs' access as well."""
        self._connection.close()

    def projects(self) -> Sequence[RemoteProject]:
        """List the projects of this account, the newest first."""
        return [project.here() for project in self._all("projects", shapes.Project, _silent)]

    def project(self, project: int) -> RemoteProject:
        """Give one project."""
        return self._connection.read(f"projects/{project}", shapes.Project).here()

    def members(self, project: int) -> Sequence[Member]:
        """List who works in a project, this account first."""
        try:
            rows = self._connection.read(f"projects/{project}/members", list[shapes.MemberRow])
        except RefusedError as error:
            if error.status != 403:
                raise
            rows = [self._connection.read(f"projects/{project}/my-role", shapes.MemberRow)]
        return sorted((row.here() for row in rows), key=lambda m: (m.user != self._account.user, m.name))

    def types(self, project: int) -> Sequence[RemoteType]:
        """List the label types of a project, of all kinds it has."""
        found = [
            row.here(kind)
            for kind, path in TYPES.items()
            for row in self._connection.read(f"projects/{project}/{path}", list[shapes.Type])
        ]
        self._named[project] = {(type_.kind, type_.id): type_.name for type_ in found}
        return found

    def count(self, project: int) -> int:
        """Give the number of documents."""
        return self._listed(project, 0, 1).count

    def comments(self, project: int, progress: Progress) -> Mapping[int, Sequence[RemoteComment]]:
        """Give all comments by the number of their document, the oldest first."""
        found: dict[int, list[RemoteComment]] = {}
        path = f"projects/{project}/comments"
        for row in self._all(path, shapes.Comment, progress, ordering="created_at"):
            found.setdefault(int(row.example), []).append(row.here())
        return found

    def document(self, project: RemoteProject, document: int) -> RemoteDocument:
        """Ask for one document as it is now."""
        path = f"projects/{project.id}/examples/{document}"
        example = self._connection.read(path, shapes.Example)
        comments = self._comments_of(project.id, document) if example.comment_count else ()
        return self._with_all(project, example, comments)

    def spans(self, project: int, document: int) -> tuple[RemoteSpan, ...]:
        """Ask for the spans of a document."""
        rows = self._connection.read(f"projects/{project}/examples/{document}/spans", list[shapes.Span])
        return tuple(row.here(self._name(project, TypeKind.SPAN, row.label)) for row in rows)

    def metadata(self, project: int, document: int) -> Mapping[str, Any]:
        """Ask for the metadata of a document."""
        return self._connection.read(f"projects/{project}/examples/{document}", shapes.Example).meta

    def _with_all(
        self, project: RemoteProject, example: shapes.Example, comments: Sequence[RemoteComment]
    ) -> RemoteDocument:
        """Ask for all that hangs on a document, but for its comments."""
        read, path = self._connection.read, f"projects/{project.id}/examples/{example.id}"
        relations = read(f"{path}/relations", list[shapes.Relation]) if project.has_relations else []
        categories = read(f"{path}/categories", list[shapes.Category]) if project.holds_categories else []
        name = partial(self._name, project.id)
        return RemoteDocument(
            id=example.id,
            text=example.text or "",
            owner="" if project.is_shared else self._account.name,
            metadata=example.meta,
            spans=self.spans(project.id, example.id) if project.holds_spans else (),
            relations=tuple(row.here(name(TypeKind.RELATION, row.type)) for row in relations),
            categories=tuple(name(TypeKind.CATEGORY, row.label) for row in categories),
            comments=tuple(comments),
            is_confirmed=example.is_confirmed,
        )

    def _name(self, project: int, kind: TypeKind, number: int) -> str:
        """Give the name of a label type, as it was when the types were asked for last."""
        if (kind, number) not in self._named.get(project, {}):
            self.types(project)
        return self._named[project].get((kind, number), "")

    def _comments_of(self, project: int, document: int) -> Sequence[RemoteComment]:
        query = {"example": document, "ordering": "created_at"}
        return [
            row.here() for row in self._all(f"projects/{project}/comments", shapes.Comment, _silent, **query)
        ]

    def _listed(self, project: int, offset: int, limit: int) -> shapes.Page[shapes.Example]:
        """Give part of the server's list of documents, in the order of an export."""
        query = {"ordering": "created_at", "offset": str(offset), "limit": str(limit)}
        return self._connection.read(f"projects/{project}/examples", shapes.Page[shapes.Example], **query)

    def _examples(self, project: int, progress: Progress) -> Sequence[shapes.Example]:
        """Ask for all documents without what hangs on them, in the order of an export; costly."""
        return self._all(f"projects/{project}/examples", shapes.Example, progress, ordering="created_at")

    def _all(self, path: str, shape: type[T], progress: Progress, **query: Any) -> Sequence[T]:
        """Read a whole list, page by page, several at a time; what was added meanwhile may be missing."""

        def page(offset: int) -> shapes.Page[T]:
            # A type made while the program runs, which a checker cannot follow.
            whole: Any = shapes.Page[shape]  # type: ignore[valid-type]
            found: shapes.Page[T] = self._connection.read(path, whole, limit=PAGE, offset=offset, **query)
            return found

        with self.stopping(lambda: progress(0, 0, LISTING)):
            first = page(0)
        offsets = range(len(first.results), first.count, PAGE) if first.results else ()
        pages = {-1: first}
        for number, value in self.together([partial(page, offset) for offset in offsets], progress, LISTING):
            if isinstance(value, ServerError):
                raise value
            pages[number] = value
        return [row for number in sorted(pages) for row in pages[number].results]


def _silent(done: int, total: int, text: str) -> None:
    """Take what nobody wants to know."""
