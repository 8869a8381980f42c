"""What lies on a doccano server, and what can be asked of it.

Offsets here are as the server has them, in the unit of its project; only `mapping.py` turns them into code points.
Things of a server have numbers (`id`), 0 where nobody asked for it: an export gives spans without, and an upload makes
them. Two things with the same content are therefore the same thing, and plans compare contents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

from annotator.model.errors import UserError

Progress = Callable[[int, int, str], None]
"""`progress(done, total, text)`, called often; it may raise `Cancelled`. A total of 0 means that it is not known."""
IN_FLIGHT = 4
"""How many single calls are on their way at once."""
ADMIN = "project_admin"
"""The role of who may change documents and label types."""
T = TypeVar("T")


class ServerError(UserError):
    """The server cannot be reached, or refuses; the message says which address, why and what to do."""


class LoginError(ServerError):
    """The server does not know this account and password."""


class UnreachableError(ServerError):
    """No answer: the address is wrong, the server is down, the network is, or it took too long."""


class CertificateError(ServerError):
    """The server's certificate is not to be trusted, as things stand."""


class OtherServerError(ServerError):
    """What answers at this address is not doccano, or a version of it that answers otherwise."""


class RefusedError(ServerError):
    """The server refused this one call, or failed over it; `status` is the code of HTTP (400, 403, 404, 500 ...)."""

    def __init__(self, what: str, todo: str = "", *, status: int = 0) -> None:
        super().__init__(what, todo)
        self.status = status


class TypeKind(StrEnum):
    """What a label type of a server is for."""

    SPAN = "span"
    RELATION = "relation"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteProject:
    """A project of a server.

    Args:
        kind: doccano's name of what is labelled: `SequenceLabeling`, `DocumentClassification` ...
        is_shared: all members work on the same annotations; otherwise each has their own.
        allows_overlap: spans may lie over one another.
        has_relations: spans can be joined.
        counts_graphemes: its window counts characters as people see them; otherwise UTF-16 units.
    """

    id: int
    name: str
    kind: str
    description: str = ""
    guideline: str = ""
    is_shared: bool = True
    allows_overlap: bool = False
    has_relations: bool = False
    counts_graphemes: bool = False

    @property
    def holds_spans(self) -> bool:
        """Tell whether spans can be labelled in it at all."""
        return self.kind in {"SequenceLabeling", "IntentDetectionAndSlotFilling"}

    @property
    def holds_categories(self) -> bool:
        """Tell whether documents have categories in it; elsewhere they can be made, and no export has them."""
        return self.kind in {"DocumentClassification", "IntentDetectionAndSlotFilling"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteType:
    """A label type; `background` is `#rrggbb`, `key` the key of doccano's window (one of 0-9, a-z) or empty."""

    kind: TypeKind
    name: str
    id: int = 0
    background: str = ""
    key: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSpan:
    """A span; `start` and `end` in the unit of its project, `user` the number of who made it, 0 if not asked for."""

    start: int
    end: int
    label: str
    id: int = 0
    user: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteRelation:
    """A relation between two spans of a document; `head` and `child` are their numbers (`from_id`, `to_id`)."""

    head: int
    child: int
    label: str
    id: int = 0
    user: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteComment:
    """A comment on a document."""

    text: str
    id: int = 0
    user: int = 0
    username: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteDocument:
    """A document with what one account, or all of a shared project, made of it.

    Args:
        id: number of the example. owner: name of the member whose work this is, empty in a shared project.
        metadata: what it brings beside its text, as it was uploaded (an export fills missing fields with null and may
            turn whole numbers into floats: whoever reads one mends that as far as it can be known).
        spans: with ids where the project has relations or they were asked for one by one.
    """

    id: int
    text: str
    owner: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    spans: tuple[RemoteSpan, ...] = ()
    relations: tuple[RemoteRelation, ...] = ()
    categories: tuple[str, ...] = ()
    comments: tuple[RemoteComment, ...] = ()
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who works in a project; `role` as doccano calls it (`project_admin`, `annotator`, ...)."""

    user: int
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """What became of an upload.

    Args:
        errors: lines that the server did not take, in its own words, with their numbers where it gives them.
        failure: the server gave up on the file as a whole, and this is what it says. It has tried four times by then:
            documents may be there several times over.
        lost: nobody knows what became of the task, and nothing more comes of it: the server was stopped meanwhile.
    """

    errors: tuple[str, ...] = ()
    failure: str = ""
    lost: bool = False


class Remote(Protocol):
    """A doccano server on which somebody is logged in.

    Every call has a time limit. A call that only reads is repeated a few times when the network fails; one that writes
    never is: whoever called it looks what became of it. All raise `ServerError`; while they wait, they raise what the
    check of `stopping` or their own `progress` raises. May be used by several threads.
    """

    @property
    def address(self) -> str:
        """The server's address, without a slash at its end."""
        ...

    @property
    def account(self) -> Member:
        """Who is logged in."""
        ...

    def stopping(self, check: Callable[[], None]) -> AbstractContextManager[None]:
        """Within it, `check` is called several times a second while this thread waits for the server.

        What it raises (`Cancelled`) ends the call at once; whether a call that writes was done is then not known.
        """
        ...

    def together(
        self, calls: Sequence[Callable[[], T]], progress: Progress, text: str = ""
    ) -> Iterator[tuple[int, T | ServerError]]:
        """Do calls of this remote, `IN_FLIGHT` at a time; yield (number of the call, its value or error) as they end.

        Each may ask several things one after the other. An error that concerns more than one call (unreachable, no
        longer logged in) is yielded too; then no further call is begun, and it is raised when those on their way have
        ended. Whoever stops early (an exception of `progress`, the iterator closed) waits for those few seconds.
        """
        ...

    def close(self) -> None:
        """Let go of what is held; nothing can be asked afterwards."""
        ...

    def projects(self) -> Sequence[RemoteProject]:
        """List the projects of this account."""
        ...

    def project(self, project: int) -> RemoteProject:
        """Give one project."""
        ...

    def create_project(self, wanted: RemoteProject) -> RemoteProject:
        """Make a project; `id` of what is wanted is not looked at."""
        ...

    def members(self, project: int) -> Sequence[Member]:
        """List who works in a project, this account first; whoever may not ask for the others gets that one alone."""
        ...

    def types(self, project: int) -> Sequence[RemoteType]:
        """List the label types of a project, of all kinds it has."""
        ...

    def create_type(self, project: int, wanted: RemoteType) -> RemoteType:
        """Make a label type; refused where its name, or its key, is taken, or the name is over 100 characters."""
        ...

    def change_type(self, project: int, wanted: RemoteType) -> RemoteType:
        """Give the label type with this number another name, colour or key."""
        ...

    def delete_type(self, project: int, gone: RemoteType) -> None:
        """Delete a label type, and with it (the server does it) all that has it; one that is gone is no error."""
        ...

    def count(self, project: int) -> int:
        """Give the number of documents."""
        ...

    def export(self, project: int, folder: Path, progress: Progress) -> Path:
        """Have the server write an export of all documents, and fetch it: the path of its zip file in this folder.

        Only administrators of a project may have one. For others the documents are asked for one by one, and a file
        with the same content is made here.
        """
        ...

    def documents(self, project: RemoteProject, exported: Path) -> Iterator[RemoteDocument]:
        """Read an export, without confirmed states; in projects that are not shared, every member's documents.

        The numbers of the documents are compared with the server's list, since metadata can stand in their place.
        Metadata keep an `annotator` of our uploads as it was; elsewhere null is left out and 2.0 becomes 2. Comments
        have no writers here; spans have numbers where the project has relations, and no makers. Relations may name
        spans of other members. Where the documents were asked for one by one, everything is as `document` gives it.
        """
        ...

    def confirmed(self, project: int, progress: Progress, *, member: str = "") -> frozenset[int]:
        """Give the numbers of the documents that are confirmed.

        In a project that is not shared each member confirms for themselves: `member` is the one asked after, empty for
        this account; only administrators may ask after others.
        """
        ...

    def comments(self, project: int, progress: Progress) -> Mapping[int, Sequence[RemoteComment]]:
        """Give all comments by the number of their document, with who wrote them."""
        ...

    def document(self, project: RemoteProject, document: int) -> RemoteDocument:
        """Ask for one document as it is now, with the numbers and makers of all that hangs on it."""
        ...

    def spans(self, project: int, document: int) -> Sequence[RemoteSpan]:
        """Ask for the spans of a document, with their numbers and makers: one call."""
        ...

    def upload(
        self, project: RemoteProject, file: Path, *, started: Callable[[str], None], progress: Progress
    ) -> Uploaded:
        """Have the server import a file of doccano's JSONL, and wait until it has.

        `started` is told the number of the server's task as soon as it is known, so that it can be waited for
        (`wait`) by whoever comes after an interruption.
        """
        ...

    def wait(self, project: int, task: str, progress: Progress) -> Uploaded:
        """Wait for an upload that was begun earlier.

        The server does not tell a task that waits from one it never heard of: it counts as lost when its queue works,
        the number of documents stands still for some time, and the task is still not done.
        """
        ...

    def create_span(self, project: int, document: int, span: RemoteSpan, kind: int) -> RemoteSpan:
        """Make a span; `kind` is the number of its type."""
        ...

    def delete_span(self, project: int, document: int, span: int) -> None:
        """Delete a span, and with it (the server does it) its relations; one that is gone already is no error."""
        ...

    def create_relation(
        self, project: int, document: int, relation: RemoteRelation, kind: int
    ) -> RemoteRelation:
        """Join two spans; `kind` is the number of the type."""
        ...

    def delete_relation(self, project: int, document: int, relation: int) -> None:
        """Delete a relation; one that is gone already is no error."""
        ...

    def create_comment(self, project: int, document: int, text: str) -> RemoteComment:
        """Write a comment; the server trims it at both ends."""
        ...

    def delete_comment(self, project: int, document: int, comment: int) -> None:
        """Delete a comment; one that is gone already is no error."""
        ...

    def confirm(self, project: int, document: int, *, confirmed: bool) -> None:
        """Set the confirmed state; it is read before (the server only toggles) and after."""
        ...

    def metadata(self, project: int, document: int) -> Mapping[str, Any]:
        """Ask for the metadata of a document as they are now, exact."""
        ...

    def change_metadata(self, project: int, document: int, metadata: Mapping[str, Any]) -> None:
        """Give a document other metadata, all of them; only administrators of a project may."""
        ...

    def change_categories(
        self, project: int, document: int, wanted: Mapping[str, int], *, others: bool
    ) -> None:
        """Give a document these categories, names with the numbers of their types.

        What this account gave besides is taken away; what others gave as well only with `others`.
        """
        ...

    def delete_document(self, project: int, document: int) -> None:
        """Delete a document; one that is gone already is no error."""
        ...
