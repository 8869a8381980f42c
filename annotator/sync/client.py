"""A doccano server (1.8) as a `Remote`: logs in, and changes things. Asking is in `asking.py`, files in `tasks.py`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotator.sync import session, shapes
from annotator.sync.asking import TYPES
from annotator.sync.connection import Connection
from annotator.sync.remote import (
    Member,
    RefusedError,
    RemoteComment,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    RemoteType,
)
from annotator.sync.tasks import Tasks

_RESOURCES = {
    "SequenceLabeling": "SequenceLabelingProject",
    "DocumentClassification": "TextClassificationProject",
    "IntentDetectionAndSlotFilling": "IntentDetectionAndSlotFillingProject",
    "Seq2seq": "Seq2seqProject",
}


def log_in(address: str, name: str, password: str, *, trust: Path | None = None) -> DoccanoServer:
    """Log in to a server.

    Args:
        address: as a person types it; see `session.whole_address`. trust: a certificate file (PEM) to trust as well.

    Raises:
        LoginError: wrong account or password. UnreachableError, CertificateError, OtherServerError: as they say.
    """
    whole = session.whole_address(address)
    connection = Connection(whole, session.opened(whole, name, password, trust))
    try:
        me = connection.read("me", shapes.Me)
    except BaseException:
        connection.close()
        raise
    return DoccanoServer(connection, Member(user=me.id, name=me.username))


class DoccanoServer(Tasks):
    """Implements `Remote` for doccano 1.8; see there for what each call does."""

    def create_project(self, wanted: RemoteProject) -> RemoteProject:
        """Make a project; `id` of what is wanted is not looked at."""
        body = {
            "resourcetype": _RESOURCES.get(wanted.kind, f"{wanted.kind}Project"),
            "project_type": wanted.kind,
            "name": wanted.name,
            "guideline": wanted.guideline,
            "collaborative_annotation": wanted.is_shared,
        }
        if wanted.description:
            # The server refuses an empty one, and takes none.
            body["description"] = wanted.description
        if wanted.kind == "SequenceLabeling":
            body["allow_overlapping"] = wanted.allows_overlap
            body["use_relation"] = wanted.has_relations
            body["grapheme_mode"] = wanted.counts_graphemes
        return self._connection.write("POST", "projects", shapes.Project, body).here()

    def create_type(self, project: int, wanted: RemoteType) -> RemoteType:
        """Make a label type."""
        path = f"projects/{project}/{TYPES[wanted.kind]}"
        if any(row.text == wanted.name.strip() for row in self._connection.read(path, list[shapes.Type])):
            # The server would fail over it, and not say why.
            raise RefusedError(f"There is a label {wanted.name} on {self.address} already.", status=400)
        made = self._connection.write("POST", path, shapes.Type, _type_body(wanted))
        return made.here(wanted.kind)

    def change_type(self, project: int, wanted: RemoteType) -> RemoteType:
        """Give the label type with this number another name, colour or key."""
        path = f"projects/{project}/{TYPES[wanted.kind]}/{wanted.id}"
        return self._connection.write("PATCH", path, shapes.Type, _type_body(wanted)).here(wanted.kind)

    def delete_type(self, project: int, gone: RemoteType) -> None:
        """Delete a label type, and with it all that has it."""
        self._connection.delete(f"projects/{project}/{TYPES[gone.kind]}/{gone.id}")

    def create_span(self, project: int, document: int, span: RemoteSpan, kind: int) -> RemoteSpan:
        """Make a span; `kind` is the number of its type."""
        body = {"start_offset": span.start, "end_offset": span.end, "label": kind, "prob": 0}
        path = f"projects/{project}/examples/{document}/spans"
        return self._connection.write("POST", path, shapes.Span, body).here(span.label)

    def delete_span(self, project: int, document: int, span: int) -> None:
        """Delete a span, and with it its relations."""
        self._connection.delete(f"projects/{project}/examples/{document}/spans/{span}")

    def create_relation(
        self, project: int, document: int, relation: RemoteRelation, kind: int
    ) -> RemoteRelation:
        """Join two spans; `kind` is the number of the type."""
        body = {"from_id": relation.head, "to_id": relation.child, "type": kind, "prob": 0}
        path = f"projects/{project}/examples/{document}/relations"
        return self._connection.write("POST", path, shapes.Relation, body).here(relation.label)

    def delete_relation(self, project: int, document: int, relation: int) -> None:
        """Delete a relation."""
        self._connection.delete(f"projects/{project}/examples/{document}/relations/{relation}")

    def create_comment(self, project: int, document: int, text: str) -> RemoteComment:
        """Write a comment."""
        path = f"projects/{project}/comments"
        made = self._connection.write("POST", path, shapes.Comment, {"text": text}, example=document)
        return made.here()

    def delete_comment(self, project: int, document: int, comment: int) -> None:
        """Delete a comment."""
        del document
        self._connection.delete(f"projects/{project}/comments/{comment}")

    def confirm(self, project: int, document: int, *, confirmed: bool) -> None:
        """Set the confirmed state; the server only toggles, so it is read before and after.

        Raises:
            RefusedError: somebody else toggled it in the same moment.
        """
        path = f"projects/{project}/examples/{document}/states"
        for _ in range(2):
            if self._is_confirmed(path) == confirmed:
                return
            self._connection.write("POST", path, dict[str, object], {})
        if self._is_confirmed(path) != confirmed:
            raise RefusedError(
                f"Somebody else on {self.address} sets the same document to the contrary.", status=409
            )

    def change_metadata(self, project: int, document: int, metadata: Mapping[str, Any]) -> None:
        """Give a document other metadata."""
        path = f"projects/{project}/examples/{document}"
        self._connection.write("PATCH", path, shapes.Example, {"meta": metadata})

    def change_categories(
        self, project: int, document: int, wanted: Mapping[str, int], *, others: bool
    ) -> None:
        """Give a document these categories; the server would fail over one that it has, so they are read before."""
        path = f"projects/{project}/examples/{document}/categories"
        rows = self._connection.read(path, list[shapes.Category])
        for number in sorted(set(wanted.values()).difference(row.label for row in rows)):
            self._connection.write("POST", path, shapes.Category, {"label": number, "prob": 0})
        for row in rows:
            if row.label not in wanted.values() and (others or row.user == self.account.user):
                self._connection.delete(f"{path}/{row.id}")

    def delete_document(self, project: int, document: int) -> None:
        """Delete a document."""
        self._connection.delete(f"projects/{project}/examples/{document}")

    def _is_confirmed(self, path: str) -> bool:
        return self._connection.read(path, shapes.Page[shapes.State], limit=1).count > 0


def _type_body(wanted: RemoteType) -> dict[str, str | None]:
    body: dict[str, str | None] = {"text": wanted.name}
    # An empty key would count as one, and only once in a project.
    body["suffix_key"] = wanted.key or None
    body["prefix_key"] = (wanted.prefix or None) if wanted.key else None
    if wanted.background:
        body["background_color"] = wanted.background
    return body
