"""Uploads documents that are new on a server, and finds the numbers that it gave them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from annotator.model.record import Problem
from annotator.sync.deciding import Pair
from annotator.sync.doing import Where
from annotator.sync.mapping import Here, There, own_id, read_there
from annotator.sync.merging import merge
from annotator.sync.remote import Remote, RemoteComment, RemoteDocument, RemoteProject, Uploaded
from annotator.sync.uploading import in_uploads, write_upload
from annotator.workflows.doccano.ledger import Ledger
from annotator.workflows.doccano.links import Upload, keep_upload, next_upload
from annotator.workflows.doccano.room import room
from annotator.workflows.doccano.telling import problem
from annotator.workflows.reporting import Report


@dataclass(slots=True)
class Sent:
    """What came of uploads: documents of both sides, and numbers of those that were made twice."""

    pairs: list[Pair] = field(default_factory=list)
    doubles: list[int] = field(default_factory=list)


class Whole:
    """Completes documents of an export: with their states, and with the writers of their comments."""

    def __init__(self, remote: Remote, project: RemoteProject, member: str, report: Report) -> None:
        self._remote = remote
        self._project = project
        self._report = report
        asked = "" if member in ("", remote.account.name) else member
        self.confirmed = remote.confirmed(project.id, report, member=asked)
        self._comments: dict[int, tuple[RemoteComment, ...]] | None = None

    def document(self, document: RemoteDocument) -> RemoteDocument:
        """Give a document with all that is known of it."""
        if document.comments and self._comments is None:
            found = self._remote.comments(self._project.id, self._report)
            self._comments = {number: tuple(each) for number, each in found.items()}
        if not document.comments and document.id not in self.confirmed:
            return document
        comments = (self._comments or {}).get(document.id, ()) if document.comments else ()
        return replace(document, comments=comments, is_confirmed=document.id in self.confirmed)


class Reading:
    """Reads all documents of a server's project from an export."""

    def __init__(self, remote: Remote, where: Where, member: str, report: Report) -> None:
        self._remote = remote
        self._project = where.project
        self._where = where
        self._member = member
        self._report = report

    def with_values(self, documents: Iterable[There]) -> Iterator[There]:
        """Give documents with the states and comments that they have now; the rest of them is as it was."""
        confirmed = Whole(self._remote, self._project, self._member, self._report).confirmed
        comments = self._remote.comments(self._project.id, self._report)
        for there in documents:
            number = there.document.id
            now = replace(
                there.document,
                is_confirmed=number in confirmed,
                comments=tuple(comments.get(number, ())),
            )
            yield read_there(now, self._where.labels, self._where.unit)

    def documents(self) -> Iterator[There]:
        """Give them as they are now."""
        with room() as folder:
            exported = self._remote.export(self._project.id, folder, self._report)
            whole = Whole(self._remote, self._project, self._member, self._report)
            for number, document in enumerate(self._remote.documents(self._project, exported)):
                if number % 100 == 0:
                    self._report(number, 0, f"Reading back, {number:,}")
                if not self._member or document.owner == self._member:
                    yield read_there(whole.document(document), self._where.labels, self._where.unit)


def upload_new(ledger: Ledger, documents: Sequence[Here]) -> Sent:
    """Upload documents, and give them with what arrived.

    Raises:
        ServerError: the server cannot be reached; what was begun is written down.
    """
    sent, where = Sent(), ledger.where
    rows = list(ledger.facts.links.uploads)
    with room() as folder:
        for some in in_uploads(documents):
            upload = Upload(row=next_upload(rows), documents=tuple(each.document.id for each in some))
            rows.append(upload)
            keep_upload(ledger.session, ledger.facts.system, upload)
            path = folder / "upload.jsonl"
            write_upload(path, some, project=where.project, labels=where.labels, unit=where.unit)
            done = where.remote.upload(
                where.project, path, started=_noting(ledger, upload), progress=ledger.report
            )
            ledger.problems += _told(where.project, done)
    _find(ledger, documents, sent)
    arrived = {pair.identity for pair in sent.pairs}
    ledger.problems += [
        Problem(file=each.document.title, message="It did not arrive on the server; sync again.")
        for each in documents
        if each.document.id not in arrived
    ]
    return sent


def _noting(ledger: Ledger, upload: Upload) -> Callable[[str], None]:
    def started(task: str) -> None:
        keep_upload(ledger.session, ledger.facts.system, replace(upload, task=task))

    return started


def _told(project: RemoteProject, done: Uploaded) -> Iterator[Problem]:
    for error in done.errors:
        yield problem(project.name, 0, f"The server did not take a document: {error}")
    if done.failure:
        yield problem(project.name, 0, f"The server gave an upload up: {done.failure}")


def _find(ledger: Ledger, documents: Sequence[Here], sent: Sent) -> None:
    """Find the numbers of documents by the ids that came back with them."""
    where, facts = ledger.where, ledger.facts
    wanted = {each.document.id: each for each in documents}
    first: dict[str, There] = {}
    for there in Reading(where.remote, where, facts.member, ledger.report).documents():
        here = wanted.get(own_id(there.document))
        if here is None or there.document.id in facts.links.documents or there.document.text != here.text:
            continue
        known = first.get(here.document.id)
        if known is None:
            first[here.document.id] = there
        else:
            # The fuller one stays: where a task was repeated, the server may have stopped in the middle of one.
            fuller, other = sorted(
                (known, there), key=lambda each: (-len(each.content.items), each.document.id)
            )
            first[here.document.id] = fuller
            sent.doubles.append(other.document.id)
    for identity, there in first.items():
        here = wanted[identity]
        found = merge(None, here.content, there.content, allows_overlap=where.project.allows_overlap)
        sent.pairs.append(
            Pair(
                here,
                there,
                None,
                found,
                users=facts.users,
                account=where.remote.account.user,
                is_shared=where.project.is_shared,
                untold=facts.untold,
                disputed=frozenset(facts.disputed),
            )
        )
